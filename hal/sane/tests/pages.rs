//! Rows as drivers send them become pages: against pictures that were packed by the simulated driver's rules, written
//! down here once more.
use hal_sane::RawPage;
use hal_sane::page::{HIGHEST, LARGEST, PageBuilder, PageError, Shape, WIDEST};
use hal_sane::wire::{ByteOrder, Parameters};
use proptest::prelude::*;

fn parameters(format: u32, width: i32, lines: i32, depth: i32, bytes_per_line: i32) -> Parameters {
    Parameters { format, last_frame: true, bytes_per_line, pixels_per_line: width, lines, depth }
}

fn grey(width: i32, lines: i32) -> Parameters {
    parameters(0, width, lines, 8, width)
}

fn page(parameters: Parameters, order: Option<ByteOrder>, bytes: &[u8]) -> Result<RawPage, PageError> {
    let mut builder = PageBuilder::new(Shape::check(parameters, order)?)?;
    builder.push(bytes)?;
    assert!(builder.end_frame(false)?);
    Ok(builder.finish(200))
}

#[test]
fn grey_of_8_bits_with_padding() {
    let page = page(parameters(0, 3, 2, 8, 5), None, &[1, 2, 3, 99, 99, 4, 5, 6, 99, 99]).unwrap();
    assert_eq!((page.width, page.height, page.channels, page.dpi), (3, 2, 1, 200));
    assert_eq!(page.pixels, [1, 2, 3, 4, 5, 6]);
}

#[test]
fn one_bit_of_grey_is_ink_and_counted_from_the_left() {
    let page = page(parameters(0, 10, 1, 1, 2), None, &[0b1010_0000, 0b0111_1111]).unwrap();
    assert_eq!(page.pixels, [0, 255, 0, 255, 255, 255, 255, 255, 255, 0]);
}

#[test]
fn one_bit_of_a_colour_is_light_and_eight_pixels_are_a_byte_of_each() {
    let page = page(parameters(1, 2, 1, 1, 3), None, &[0b1000_0000, 0b0100_0000, 0b1100_0000]).unwrap();
    assert_eq!((page.channels, page.pixels.as_slice()), (3, [255, 0, 255, 0, 255, 255].as_slice()));
}

#[test]
fn of_16_bits_the_high_ones_are_kept_in_either_order() {
    let bytes = [0x12, 0xAB, 0x34, 0xCD];
    let shape = parameters(0, 2, 1, 16, 4);
    assert_eq!(page(shape, Some(ByteOrder::Little), &bytes).unwrap().pixels, [0xAB, 0xCD]);
    assert_eq!(page(shape, Some(ByteOrder::Big), &bytes).unwrap().pixels, [0x12, 0x34]);
    assert_eq!(page(shape, None, &bytes), Err(PageError::NoOrder));
    let colour = parameters(1, 1, 1, 16, 6);
    assert_eq!(page(colour, Some(ByteOrder::Big), &[1, 0, 2, 0, 3, 0]).unwrap().pixels, [1, 2, 3]);
}

#[test]
fn three_passes_in_any_order_make_one_page() {
    let pass = |format, last_frame| Parameters { last_frame, ..parameters(format, 2, 2, 8, 3) };
    let shape = |format, last| Shape::check(pass(format, last), None).unwrap();
    let mut builder = PageBuilder::new(shape(3, false)).unwrap();
    builder.push(&[21, 22, 0, 23, 24, 0]).unwrap();
    assert!(!builder.end_frame(false).unwrap());
    builder.next_pass(shape(4, false)).unwrap();
    builder.push(&[31, 32, 0, 33, 34, 0]).unwrap();
    assert!(!builder.end_frame(false).unwrap());
    assert_eq!(builder.next_pass(shape(4, true)), Err(PageError::Passes), "blue once more");
    builder.next_pass(shape(2, false)).unwrap();
    builder.push(&[11, 12, 0, 13, 14, 0]).unwrap();
    assert!(builder.end_frame(false).unwrap(), "whole after three, whatever the driver says");
    let page = builder.finish(300);
    assert_eq!((page.width, page.height, page.channels), (2, 2, 3));
    assert_eq!(page.pixels, [11, 21, 31, 12, 22, 32, 13, 23, 33, 14, 24, 34]);
}

#[test]
fn passes_that_do_not_fit_together_are_no_page() {
    let pass = |format, lines, last_frame| Parameters { last_frame, ..parameters(format, 2, lines, 8, 2) };
    let shape = |format, lines, last| Shape::check(pass(format, lines, last), None).unwrap();
    let mut builder = PageBuilder::new(shape(2, 1, false)).unwrap();
    builder.push(&[1, 2]).unwrap();
    builder.end_frame(false).unwrap();
    for other in [shape(3, 2, false), Shape::check(grey(2, 1), None).unwrap(), shape(2, 1, false)] {
        assert_eq!(builder.next_pass(other), Err(PageError::Passes));
    }
    let mut builder = PageBuilder::new(shape(2, 1, true)).unwrap();
    builder.push(&[1, 2]).unwrap();
    assert_eq!(builder.end_frame(false), Err(PageError::Passes), "a last pass that is the first");
    assert_eq!(Shape::check(pass(2, -1, false), None), Err(PageError::PassesWithoutHeight));
}

#[test]
fn parameters_out_of_bounds_are_refused_before_there_is_room_for_them() {
    let check = |parameters| Shape::check(parameters, Some(ByteOrder::Little)).err();
    for format in [5, 11, 0x0B, u32::MAX] {
        assert_eq!(check(parameters(format, 8, 8, 8, 8)), Some(PageError::Format(format)));
    }
    for depth in [0, -1, 2, 12, 24, i32::MAX] {
        assert_eq!(check(parameters(0, 8, 8, depth, 8)), Some(PageError::Depth(depth)));
    }
    for width in [0, -1, WIDEST as i32 + 1, i32::MIN, i32::MAX] {
        assert_eq!(check(grey(width, 8)), Some(PageError::Width(width)));
    }
    for lines in [0, -2, HIGHEST as i32 + 1, i32::MIN, i32::MAX] {
        assert_eq!(check(grey(8, lines)), Some(PageError::Height(lines)));
    }
    for bytes in [-1, 0, 7, 33, i32::MAX] {
        assert_eq!(check(parameters(0, 8, 8, 8, bytes)), Some(PageError::RowBytes { bytes, pixels: 8 }));
    }
    assert_eq!(check(parameters(0, 9, 8, 1, 1)), Some(PageError::RowBytes { bytes: 1, pixels: 9 }));
    assert_eq!(check(parameters(1, 9, 8, 1, 5)), Some(PageError::RowBytes { bytes: 5, pixels: 9 }));
    let widest = WIDEST as i32;
    let rows = (LARGEST / (u64::from(WIDEST) * 3)) as i32;
    assert_eq!(check(parameters(1, widest, rows, 8, widest * 3)), None);
    assert_eq!(check(parameters(1, widest, rows + 1, 8, widest * 3)), Some(PageError::TooLarge));
    // 1 bit as it is sent, 8 as it is given on.
    assert_eq!(check(parameters(0, widest, HIGHEST as i32, 1, widest / 8)), Some(PageError::TooLarge));
}

#[test]
fn ends_where_no_page_can_end() {
    let ends = |bytes: &[u8], shorter| {
        let mut builder = PageBuilder::new(Shape::check(grey(2, 3), None).unwrap()).unwrap();
        builder.push(bytes).unwrap();
        builder.end_frame(shorter)
    };
    assert_eq!(ends(&[], true), Err(PageError::Empty));
    assert_eq!(ends(&[1, 2, 3], true), Err(PageError::HalfRow(1)));
    assert_eq!(ends(&[1, 2, 3, 4], false), Err(PageError::FewerRows { got: 2, announced: 3 }));
    assert_eq!(ends(&[1, 2, 3, 4], true), Ok(true), "a sheet that ends before the area does");
    assert_eq!(ends(&[1, 2, 3, 4, 5, 6], false), Ok(true));
    let mut builder = PageBuilder::new(Shape::check(grey(2, 1), None).unwrap()).unwrap();
    assert_eq!(builder.push(&[1, 2, 3]), Err(PageError::MoreRows(1)));
}

#[test]
fn a_page_of_unknown_height_grows_until_it_is_too_high() {
    let mut builder = PageBuilder::new(Shape::check(grey(3, -1), None).unwrap()).unwrap();
    let row = [7; 3];
    for _ in 0..HIGHEST {
        builder.push(&row).unwrap();
    }
    assert!(matches!(builder.push(&row), Err(PageError::Height(_))));
    let widest = WIDEST as i32;
    let mut builder =
        PageBuilder::new(Shape::check(parameters(1, widest, -1, 8, widest * 3), None).unwrap()).unwrap();
    let row = vec![7; 3 * WIDEST as usize];
    let rows = LARGEST / row.len() as u64;
    for _ in 0..rows {
        builder.push(&row).unwrap();
    }
    assert_eq!(builder.push(&row), Err(PageError::TooLarge));
}

#[test]
fn a_page_shows_nothing_of_itself_in_a_log() {
    let page = page(grey(2, 1), None, &[77, 78]).unwrap();
    assert_eq!(format!("{page:?}"), "RawPage(2 × 1 × 1, 200 dpi)");
}

/// A picture of 8 bits, packed as a driver sends it.
fn packed(pixels: &[u8], width: usize, channels: usize, depth: i32, padding: usize) -> Vec<u8> {
    let row = |row: &[u8]| -> Vec<u8> {
        let mut bytes = match depth {
            8 => row.to_vec(),
            16 => row.iter().flat_map(|value| [0x11, *value]).collect(),
            _ => {
                let mut bytes = vec![0; width.div_ceil(8) * channels];
                for (at, value) in row.iter().enumerate() {
                    let (x, channel) = (at / channels, at % channels);
                    let set = (*value == 0) == (channels == 1);
                    bytes[x / 8 * channels + channel] |= u8::from(set) << (7 - x % 8);
                }
                bytes
            }
        };
        bytes.resize(bytes.len() + padding, 0xEE);
        bytes
    };
    pixels.chunks(width * channels).flat_map(row).collect()
}

proptest! {
    #[test]
    fn a_page_is_the_same_cut_anywhere(
        width in 1_usize..40,
        height in 1_usize..12,
        rgb in any::<bool>(),
        depth in prop_oneof![Just(1), Just(8), Just(16)],
        padding in 0_usize..6,
        known in any::<bool>(),
        cuts in prop::collection::vec(1_usize..70, 1..5),
        seed in any::<u64>(),
    ) {
        let channels = if rgb { 3 } else { 1 };
        let mut state = seed | 1;
        let mut random = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            if depth == 1 { (state as u8 & 1) * 255 } else { state as u8 }
        };
        let pixels: Vec<u8> = (0..width * height * channels).map(|_| random()).collect();
        let least = width.div_ceil(if depth == 1 { 8 } else { 1 }) * channels * if depth == 16 { 2 } else { 1 };
        let padding = padding.min(least * 3);
        let bytes = packed(&pixels, width, channels, depth, padding);
        let lines = if known { height as i32 } else { -1 };
        let shape = parameters(rgb.into(), width as i32, lines, depth, (least + padding) as i32);
        let mut builder = PageBuilder::new(Shape::check(shape, Some(ByteOrder::Little)).unwrap()).unwrap();
        let mut rest = bytes.as_slice();
        for size in cuts.iter().cycle() {
            let (part, after) = rest.split_at((*size).min(rest.len()));
            builder.push(part).unwrap();
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert!(builder.end_frame(false).unwrap());
        let page = builder.finish(300);
        prop_assert_eq!((page.width as usize, page.height as usize), (width, height));
        prop_assert_eq!(&page.pixels, &pixels);
    }

    #[test]
    fn no_parameters_are_too_odd(
        words in prop::array::uniform5(prop_oneof![Just(-1), 0..40, Just(i32::MAX), any::<i32>()]),
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        order in prop_oneof![Just(None), Just(Some(ByteOrder::Big))],
    ) {
        let [format, width, lines, depth, row] = words;
        let parameters = parameters(format.cast_unsigned(), width, lines, depth, row);
        if let Ok(shape) = Shape::check(parameters, order) {
            let mut builder = PageBuilder::new(shape).unwrap();
            if builder.push(&bytes).is_ok() && matches!(builder.end_frame(true), Ok(true)) {
                let page = builder.finish(1);
                prop_assert_eq!(page.pixels.len() as u64, u64::from(page.width * page.height * u32::from(page.channels)));
            }
        }
    }
}
