//! What the scanner sees is the sheet: dot for dot where it sees perfectly, and recognisably where it does not.

mod office;

use image::{DynamicImage, GrayImage};
use office::{Office, sheets};
use simulators::escl::{Eye, Format, Picture, ScannerConfig, Sheet};

/// The glass's part that an A4 sheet covers, in 1/300 inch.
const A4: &str = "<pwg:ScanRegions><pwg:ScanRegion><pwg:Width>2480</pwg:Width><pwg:Height>3508</pwg:Height>\
     </pwg:ScanRegion></pwg:ScanRegions>";

async fn scan(config: ScannerConfig, sheet: &Sheet, mode: &str, dpi: u16, region: &str) -> DynamicImage {
    let office = Office::with(config).await;
    office.scanner.put_on_glass(sheet.clone()).unwrap();
    let job = office
        .started(&format!(
            "{region}<pwg:InputSource>Platen</pwg:InputSource><scan:ColorMode>{mode}</scan:ColorMode>\
             <scan:XResolution>{dpi}</scan:XResolution><scan:YResolution>{dpi}</scan:YResolution>"
        ))
        .await;
    let answer = office.next(&job).await;
    let delivery = &office.scanner.deliveries()[0];
    assert_eq!(office.scanner.image(delivery.number).unwrap(), answer.body, "what is shown is what was sent");
    let picture = image::load_from_memory(&answer.body).unwrap();
    assert_eq!((picture.width(), picture.height()), (delivery.width, delivery.height));
    picture
}

/// How far apart two pictures are, a pixel: the mean, and the share of pixels more than 40 levels off.
fn apart(one: &GrayImage, other: &GrayImage) -> (f64, f64) {
    assert_eq!(one.dimensions(), other.dimensions());
    let differences: Vec<u8> = one.iter().zip(other.iter()).map(|(a, b)| a.abs_diff(*b)).collect();
    let all = differences.len() as f64;
    let sum: u64 = differences.iter().map(|it| u64::from(*it)).sum();
    let far = differences.iter().filter(|it| **it > 40).count();
    (sum as f64 / all, far as f64 / all)
}

#[tokio::test(start_paused = true)]
async fn every_dot_of_a_grey_page_arrives() {
    let sheet = sheets("letter").remove(0);
    let seen = scan(ScannerConfig::perfect(), &sheet, "Grayscale8", 300, A4).await;
    assert!(matches!(seen, DynamicImage::ImageLuma8(_)), "as it was asked for");
    assert_eq!(seen.to_luma8(), sheet.front.pixels().unwrap().to_luma8());
}

#[tokio::test(start_paused = true)]
async fn every_dot_of_a_coloured_page_arrives() {
    let sheet = sheets("form").remove(0);
    let seen = scan(ScannerConfig::perfect(), &sheet, "RGB24", 300, A4).await;
    assert_eq!(seen.to_rgb8(), sheet.front.pixels().unwrap().to_rgb8());
    // A grey sheet asked for in colour comes with three channels.
    let letter = sheets("letter").remove(0);
    let seen = scan(ScannerConfig::perfect(), &letter, "RGB24", 100, A4).await;
    assert!(matches!(seen, DynamicImage::ImageRgb8(_)));
}

#[tokio::test(start_paused = true)]
async fn jpeg_is_the_same_page() {
    let sheet = sheets("form").remove(0);
    let config = ScannerConfig { formats: vec![Format::Jpeg], ..ScannerConfig::perfect() };
    let seen = scan(config, &sheet, "RGB24", 300, A4).await.to_luma8();
    let (mean, far) = apart(&seen, &sheet.front.pixels().unwrap().to_luma8());
    assert!(mean < 2.0 && far < 0.0005, "{mean} {far}");
}

#[tokio::test(start_paused = true)]
async fn a_coarser_scan_is_the_page_made_smaller() {
    let sheet = sheets("plan").remove(0);
    for dpi in [100, 200] {
        let seen = scan(ScannerConfig::perfect(), &sheet, "Grayscale8", dpi, A4).await.to_luma8();
        assert_eq!(seen.width(), (2480 * u32::from(dpi) + 150) / 300);
        let whole = sheet.front.pixels().unwrap();
        let filter = image::imageops::FilterType::Triangle;
        let smaller = whole.resize_exact(seen.width(), seen.height(), filter).to_luma8();
        let (mean, _) = apart(&seen, &smaller);
        assert!(mean < 4.0, "{dpi}: {mean}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_region_is_that_part_of_the_bed() {
    let sheet = sheets("letter").remove(0);
    let region = "<pwg:ScanRegions><pwg:ScanRegion><pwg:XOffset>300</pwg:XOffset><pwg:YOffset>600</pwg:YOffset>\
         <pwg:Width>900</pwg:Width><pwg:Height>700</pwg:Height></pwg:ScanRegion></pwg:ScanRegions>";
    let seen = scan(ScannerConfig::perfect(), &sheet, "Grayscale8", 300, region).await.to_luma8();
    let whole = sheet.front.pixels().unwrap();
    assert_eq!(seen, whole.crop_imm(300, 600, 900, 700).to_luma8());
}

#[tokio::test(start_paused = true)]
async fn an_ordinary_scan_is_askew_yellowed_and_noisy_and_the_same_for_the_same_seed() {
    let config = || ScannerConfig { formats: vec![Format::Png], seed: 7, ..ScannerConfig::kiosk() };
    let sheet = sheets("letter").remove(0);
    let seen = scan(config(), &sheet, "RGB24", 100, A4).await.to_rgb8();
    assert_eq!(seen, scan(config(), &sheet, "RGB24", 100, A4).await.to_rgb8());
    let other = scan(ScannerConfig { seed: 8, ..config() }, &sheet, "RGB24", 100, A4).await.to_rgb8();
    assert_ne!(seen, other);
    // A bare part of the paper.
    let paper: Vec<[u8; 3]> = seen
        .enumerate_pixels()
        .filter(|(x, y, _)| (300..700).contains(x) && (1000..1100).contains(y))
        .map(|it| it.2.0)
        .collect();
    let mean =
        |channel: usize| paper.iter().map(|it| f64::from(it[channel])).sum::<f64>() / paper.len() as f64;
    assert!(mean(0) > mean(2) + 4.0 && mean(0) > 235.0, "yellow: {} {}", mean(0), mean(2));
    let spread = (paper.iter().map(|it| (f64::from(it[0]) - mean(0)).powi(2)).sum::<f64>()
        / paper.len() as f64)
        .sqrt();
    assert!((1.0..5.0).contains(&spread), "noise: {spread}");
}

#[tokio::test(start_paused = true)]
async fn a_blank_sheet_is_blank_but_for_what_shines_through() {
    let eye = Eye { noise: 0.0, skew_degrees: 0.0, shift_mm: 0.0, ..Eye::ORDINARY };
    let config = || ScannerConfig { eye, formats: vec![Format::Png], ..ScannerConfig::kiosk() };
    let blank = sheets("blank").remove(0);
    let seen = scan(config(), &blank, "Grayscale8", 100, A4).await.to_luma8();
    let darkest = |picture: &GrayImage| *picture.iter().min().unwrap();
    assert!(darkest(&seen) > 200);
    // The back of a printed sheet.
    let letter = sheets("letter").remove(0);
    let back = Sheet { front: blank.front.clone(), back: Some(letter.front), ..blank };
    let seen = scan(config(), &back, "Grayscale8", 100, A4).await.to_luma8();
    assert!((200..240).contains(&darkest(&seen)), "{}", darkest(&seen));
}

#[tokio::test(start_paused = true)]
async fn a_small_sheet_has_the_lid_and_a_shadow_beside_it() {
    let strip = sheets("receipt").remove(0);
    let eye = Eye { noise: 0.0, ..Eye::ORDINARY };
    let config = ScannerConfig { eye, formats: vec![Format::Png], ..ScannerConfig::kiosk() };
    let seen = scan(config, &strip, "Grayscale8", 100, "").await.to_luma8();
    // 80 mm are 315 dots; far to the right is the lid, at its edge the shadow.
    assert_eq!(seen.get_pixel(700, 300).0, [236]);
    let row: Vec<u8> = (300..345).map(|x| seen.get_pixel(x, 400).0[0]).collect();
    assert!(row.iter().min().unwrap() < &190, "{row:?}");
}

#[test]
fn what_is_printed_twice_is_kept_once() {
    let sheet = sheets("letter").remove(0);
    let again = Picture::of(&sheet.front.pixels().unwrap()).unwrap();
    assert_eq!(again, sheet.front);
    assert!(sheet.front.png().len() < 1_000_000, "{}", sheet.front.png().len());
}
