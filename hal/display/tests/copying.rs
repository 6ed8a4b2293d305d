//! Copying damage, checked against the plain definition: a buffer equals the frame wherever the damage was, and
//! nothing else of it changed.
use hal_display::{BitField, PixelLayout, Rect, Region, Surface};
use proptest::prelude::*;

const WIDTH: u32 = 23;
const HEIGHT: u32 = 17;

fn rect() -> impl Strategy<Value = Rect> {
    // Also outside of the screen, and with edges that overflow.
    let number = prop_oneof![0..40u32, Just(u32::MAX), Just(u32::MAX - 3)];
    (number.clone(), number.clone(), number.clone(), number).prop_map(|(x, y, w, h)| Rect::new(x, y, w, h))
}

fn inside(rect: Rect, x: u32, y: u32) -> bool {
    let within = |at: u32, start: u32, length: u32| {
        at >= start && u64::from(at) < u64::from(start) + u64::from(length)
    };
    within(x, rect.x, rect.width) && within(y, rect.y, rect.height)
}

proptest! {
    #[test]
    fn a_copy_changes_the_damage_and_nothing_else(rect in rect(), padding in 0..9usize, offset in 0..13usize) {
        let stride = WIDTH as usize * 4 + padding;
        let surface = Surface { size: (WIDTH, HEIGHT), stride, offset, layout: PixelLayout::XRGB8888 };
        let mut buffer = vec![0xEE; surface.needed().unwrap()];
        let frame: Vec<u32> = (0..WIDTH * HEIGHT).map(|i| i + 1).collect();
        surface.copy(&frame, &mut buffer, rect);
        let mut expected = vec![0xEE; buffer.len()];
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                if inside(rect, x, y) {
                    let at = offset + y as usize * stride + x as usize * 4;
                    expected[at..at + 4].copy_from_slice(&frame[(y * WIDTH + x) as usize].to_le_bytes());
                }
            }
        }
        prop_assert_eq!(buffer, expected);
    }

    #[test]
    fn a_short_frame_or_buffer_never_panics(rect in rect(), frame in 0..400usize, buffer in 0..2000usize) {
        let surface = Surface { size: (WIDTH, HEIGHT), stride: 92, offset: 5, layout: PixelLayout::XRGB8888 };
        surface.copy(&vec![7; frame], &mut vec![0; buffer], rect);
    }

    #[test]
    fn two_buffers_in_turn_always_show_the_last_frame(steps in prop::collection::vec((rect(), any::<u32>()), 1..60)) {
        let surface = Surface { size: (WIDTH, HEIGHT), stride: 96, offset: 0, layout: PixelLayout::XRGB8888 };
        let screen = Rect::new(0, 0, WIDTH, HEIGHT);
        let mut buffers = [(vec![0u8; 96 * 17], Region::of(screen)), (vec![0u8; 96 * 17], Region::of(screen))];
        let mut frame = vec![0u32; (WIDTH * HEIGHT) as usize];
        for (number, (damage, colour)) in steps.into_iter().enumerate() {
            for y in 0..HEIGHT {
                for x in 0..WIDTH {
                    if inside(damage, x, y) {
                        frame[(y * WIDTH + x) as usize] = colour;
                    }
                }
            }
            for (_, stale) in &mut buffers {
                stale.add(damage.clipped((WIDTH, HEIGHT)));
                prop_assert!(stale.rects().len() <= Region::LIMIT);
            }
            let (shown, stale) = &mut buffers[number % 2];
            for rect in stale.rects() {
                surface.copy(&frame, shown, *rect);
            }
            stale.clear();
            for (y, row) in frame.chunks_exact(WIDTH as usize).enumerate() {
                let bytes: Vec<u8> = row.iter().flat_map(|pixel| pixel.to_le_bytes()).collect();
                prop_assert_eq!(&shown[y * 96..y * 96 + bytes.len()], &bytes[..]);
            }
        }
    }
}

#[test]
fn sixteen_bits_keep_the_high_bits_of_each_colour() {
    let field = |offset, length| BitField { offset, length };
    let layout = PixelLayout::new(16, field(11, 5), field(5, 6), field(0, 5)).unwrap();
    assert_eq!(layout.pack(0x00ff_ffff), 0xffff);
    assert_eq!(layout.pack(0x00ff_0000), 0xf800);
    assert_eq!(layout.pack(0x0000_ff00), 0x07e0);
    assert_eq!(layout.pack(0x0000_00ff), 0x001f);
    let surface = Surface { size: (2, 1), stride: 4, offset: 0, layout };
    let mut buffer = [0; 4];
    surface.copy(&[0x00ff_0000, 0x0000_00ff], &mut buffer, Rect::new(0, 0, 2, 1));
    assert_eq!(buffer, [0x00, 0xf8, 0x1f, 0x00]);
}

#[test]
fn red_and_blue_may_be_exchanged() {
    let field = |offset| BitField { offset, length: 8 };
    let layout = PixelLayout::new(32, field(0), field(8), field(16)).unwrap();
    assert_eq!(layout.pack(0x0012_3456), 0x0056_3412);
}

#[test]
fn layouts_that_do_not_fit_are_refused() {
    let field = |offset, length| BitField { offset, length };
    let good = field(0, 5);
    for (bits, bad) in
        [(24, field(0, 8)), (8, good), (16, field(12, 5)), (32, field(0, 0)), (32, field(u32::MAX, 8))]
    {
        assert!(PixelLayout::new(bits, bad, good, good).is_err(), "{bits} {bad:?}");
    }
}

#[test]
fn a_stride_shorter_than_a_row_is_nonsense() {
    let surface = Surface { size: (100, 10), stride: 399, offset: 0, layout: PixelLayout::XRGB8888 };
    assert_eq!(surface.needed(), None);
}
