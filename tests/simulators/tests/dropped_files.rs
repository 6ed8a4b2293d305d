//! Files that become paper: what is printed, and what is refused.

mod office;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use office::sheets;
use simulators::escl::{DROP_BYTES_MAX, DROP_PAGES_MAX, DropError, SheetSize, sheets_of};

/// A PDF with pages of these sizes in points, each with a square of so many points in its lower left corner. Written
/// by hand: a drawing needs no font.
fn pdf(pages: &[(u32, u32, &str)]) -> Vec<u8> {
    let mut objects = vec!["<< /Type /Catalog /Pages 2 0 R >>".to_owned()];
    let kids: String = (0..pages.len()).map(|nth| format!("{} 0 R ", 3 + 2 * nth)).collect();
    objects.push(format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len()));
    for (nth, (width, height, more)) in pages.iter().enumerate() {
        let stream = format!("{} 0 0 rg 0 0 {} 72 re f", nth % 2, 72 * (nth + 1));
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] {more} /Contents {} 0 R >>",
            4 + 2 * nth
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{stream}\nendstream", stream.len()));
    }
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (nth, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", nth + 1).as_bytes());
    }
    let start = out.len();
    out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for place in places {
        out.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
    }
    let trailer =
        format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    out.extend_from_slice(trailer.as_bytes());
    out
}

fn close(size: SheetSize, width_mm: f64, height_mm: f64) -> bool {
    (size.width_mm - width_mm).abs() < 0.3 && (size.height_mm - height_mm).abs() < 0.3
}

#[tokio::test]
async fn a_pdf_is_printed_in_its_own_size() {
    let file = pdf(&[(595, 842, ""), (420, 595, ""), (595, 842, "/Rotate 90")]);
    let printed = sheets_of("memoria.pdf", file.clone(), false).await.unwrap();
    let names: Vec<&str> = printed.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(names, ["memoria.pdf, 1", "memoria.pdf, 2", "memoria.pdf, 3"]);
    assert!(close(printed[0].size, 210.0, 297.0), "{:?}", printed[0].size);
    assert!(close(printed[1].size, 148.2, 209.9), "{:?}", printed[1].size);
    assert!(close(printed[2].size, 297.0, 210.0), "{:?}", printed[2].size);
    assert!(printed.iter().all(|sheet| sheet.back.is_none()));
    let first = printed[0].front.pixels().unwrap();
    assert!(!first.color().has_color(), "black and white is kept as grey");
    let first = first.to_luma8();
    let bottom = first.height() - 1;
    let ink = (0..first.width()).filter(|x| first.get_pixel(*x, bottom - 10).0[0] < 100).count();
    assert!((298..=302).contains(&ink), "an inch at 300 dots: {ink}");
    let second = printed[1].front.pixels().unwrap().to_rgb8();
    assert_eq!(second.get_pixel(10, second.height() - 10).0, [255, 0, 0]);

    let two_sided = sheets_of("memoria.pdf", file, true).await.unwrap();
    assert_eq!(two_sided.len(), 2);
    assert!(two_sided[0].back.is_some() && two_sided[1].back.is_none());
    assert_eq!(two_sided[0].back.as_ref(), Some(&printed[1].front));
}

#[tokio::test]
async fn a_picture_is_printed_as_large_as_a4_allows() {
    let mut photo = RgbImage::from_pixel(400, 300, Rgb([200, 30, 60]));
    photo.put_pixel(0, 0, Rgb([0, 0, 255]));
    for format in [ImageFormat::Png, ImageFormat::Jpeg] {
        let mut file = Vec::new();
        DynamicImage::from(photo.clone()).write_to(&mut std::io::Cursor::new(&mut file), format).unwrap();
        let printed = sheets_of("foto", file, false).await.unwrap();
        assert_eq!((printed.len(), printed[0].name.as_str()), (1, "foto"));
        assert!(close(printed[0].size, 280.0, 210.0), "{:?}", printed[0].size);
        assert_eq!(printed[0].front.dimensions(), (3307, 2480));
        let middle = printed[0].front.pixels().unwrap().to_rgb8().get_pixel(1600, 1200).0;
        assert!(middle[0].abs_diff(200) < 6 && middle[1].abs_diff(30) < 6, "{middle:?}");
    }
    // What the shelf prints is a PNG too.
    let letter = sheets("letter").remove(0);
    let printed = sheets_of("copia.png", letter.front.png().to_vec(), false).await.unwrap();
    assert!(close(printed[0].size, 210.0, 297.0));
}

#[tokio::test]
async fn other_files_are_refused_by_name() {
    let refused = async |file: Vec<u8>| sheets_of("x", file, false).await.unwrap_err();
    assert!(matches!(refused(b"hello".to_vec()).await, DropError::Kind));
    assert!(matches!(refused(Vec::new()).await, DropError::Kind));
    assert!(matches!(refused(vec![b'%'; DROP_BYTES_MAX + 1]).await, DropError::Bytes(_)));
    let long = pdf(&vec![(595, 842, ""); DROP_PAGES_MAX + 1]);
    assert!(matches!(refused(long).await, DropError::Pages(_)));
    for (width, height) in [(10_000, 842), (595, 20), (1_000_000, 1_000_000)] {
        let error = refused(pdf(&[(595, 842, ""), (width, height, "")])).await;
        assert!(matches!(error, DropError::Size { page: 2, .. }), "{error}");
    }
    let damaged = refused(b"%PDF-1.4\nnot at all".to_vec()).await;
    assert!(matches!(&damaged, DropError::Poppler { program: "pdfinfo", .. }), "{damaged}");
    let mut cut = sheets("letter").remove(0).front.png().to_vec();
    cut.truncate(cut.len() / 2);
    assert!(matches!(refused(cut).await, DropError::Picture(_)));
    // Four thousand million pixels are promised, and not believed.
    let mut bomb = Vec::new();
    let mut encoder = png::Encoder::new(&mut bomb, 60_000, 60_000);
    encoder.set_color(png::ColorType::Grayscale);
    drop(encoder.write_header().unwrap());
    assert!(matches!(refused(bomb).await, DropError::Picture(_)));
    // A line of one pixel is no page.
    let mut line = Vec::new();
    DynamicImage::new_luma8(4000, 1)
        .write_to(&mut std::io::Cursor::new(&mut line), ImageFormat::Png)
        .unwrap();
    assert!(matches!(refused(line).await, DropError::Size { .. }));
}

#[tokio::test]
async fn a_name_is_cut_and_has_no_control_characters() {
    let letter = sheets("letter").remove(0);
    let name = format!("{}\n\u{7}.png", "ñ".repeat(200));
    let printed = sheets_of(&name, letter.front.png().to_vec(), false).await.unwrap();
    assert_eq!(printed[0].name, "ñ".repeat(80));
}
