//! hennedo/escpos#9, python-escpos/python-escpos#424, lukevp/ESC-POS-.NET#156: header and data of a raster differed in
//! length, or it was too tall, and the rest came out as garbage text.
use hal_escpos::{Block, Document, PrintError, PrinterConfig, PrinterModel, render};

/// The bands of a job: bytes of a row, rows, dots.
fn bands(bytes: &[u8]) -> Vec<(usize, usize, Vec<u8>)> {
    let mut rest = bytes;
    let mut bands = Vec::new();
    while let Some(at) = rest.windows(4).position(|bytes| bytes == b"\x1dv0\0") {
        let x = usize::from(rest[at + 4]) | usize::from(rest[at + 5]) << 8;
        let y = usize::from(rest[at + 6]) | usize::from(rest[at + 7]) << 8;
        bands.push((x, y, rest[at + 8..at + 8 + x * y].to_vec()));
        rest = &rest[at + 8 + x * y..];
        assert!(rest.starts_with(b"\x1dv0\0") || bands.iter().map(|band| band.1).sum::<usize>() > 100);
    }
    assert!(rest.starts_with(b"\x1dVA\0"), "after the last dot comes the cut and no stray dot: {rest:?}");
    bands
}

fn drawn(text: &str, width_dots: u16) -> Result<Vec<u8>, PrintError> {
    let config = PrinterConfig::new(PrinterModel::Epson, width_dots);
    let document = Document { blocks: vec![Block::Qr(text.to_owned())] };
    Ok(render(&config, &document)?.pieces.concat())
}

#[test]
fn each_band_is_as_long_as_its_header_says_and_is_read_back_as_the_text() {
    for width in [384, 512, 576, 640, 1600] {
        let text = "https://sede.example/verificar?csv=K07A-9F3C-PRUEBA-000412";
        let bands = bands(&drawn(text, width).unwrap());
        assert!(bands.iter().all(|&(x, y, _)| x * 8 <= usize::from(width) + 7 && y <= 128));
        let row_bytes = bands[0].0;
        let dots: Vec<u8> = bands.into_iter().flat_map(|(_, _, dots)| dots).collect();
        // The code is centred: as much white at its right as at its left.
        let dark = |x: usize, y: usize| dots[y * row_bytes + x / 8] & (0x80 >> (x % 8)) != 0;
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(
            usize::from(width),
            dots.len() / row_bytes,
            |x, y| if x < row_bytes * 8 && dark(x, y) { 0 } else { 255 },
        );
        let grids = image.detect_grids();
        let (meta, content) = grids[0].decode().unwrap();
        assert_eq!(content, text);
        assert_eq!(meta.ecc_level, 0, "M is coded 00");
        let left = (0..row_bytes * 8).find(|&x| (0..dots.len() / row_bytes).any(|y| dark(x, y))).unwrap();
        let right = (0..row_bytes * 8).rfind(|&x| (0..dots.len() / row_bytes).any(|y| dark(x, y))).unwrap();
        let margin = usize::from(width) - 1 - right;
        assert!(left.abs_diff(margin) <= 1, "{left} dots at the left, {margin} at the right");
    }
}

#[test]
fn the_longest_text_still_has_readable_modules_on_the_narrowest_head() {
    let bands = bands(&drawn(&"c".repeat(448), 360).unwrap());
    // Version 16 has 81 modules of 4 dots (0.5 mm).
    assert_eq!(bands.iter().map(|band| band.1).sum::<usize>(), (81 + 8) * 4);
}

#[test]
fn codes_with_nothing_too_much_or_commands_inside_are_refused() {
    for text in [String::new(), "x".repeat(449), "a\u{10}\u{4}b".to_owned()] {
        assert!(matches!(drawn(&text, 576), Err(PrintError::Unprintable(_))));
    }
}
