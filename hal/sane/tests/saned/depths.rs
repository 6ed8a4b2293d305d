//! Every depth, mode, picture and number of passes, pixel by pixel. The client itself asks for 8 bits only.
use hal_sane::wire::{Fixed, SaneStatus, Value};

use crate::by_hand::ByHand;
use crate::daemon::Daemon;
use crate::pictures::{Drawn, drawn, first_difference, pixels_of};

#[test]
fn every_depth_mode_picture_and_number_of_passes() {
    let daemon = Daemon::start("");
    let mut hand = ByHand::open(daemon.address);
    let good = |reply: hal_sane::wire::ControlReply| assert_eq!(reply.status, SaneStatus::Good);
    let dpi = 120;
    good(hand.set("resolution", &Value::word(Fixed::whole(dpi).0)));
    for (name, mm) in [("tl-x", 0), ("tl-y", 0), ("br-x", 130), ("br-y", 70)] {
        good(hand.set(name, &Value::word(Fixed::whole(mm).0)));
    }
    let size = (pixels_of(130, dpi), pixels_of(70, dpi));
    let mut count = 0;
    for (mode, colour) in [("Gray", false), ("Color", true)] {
        good(hand.set("mode", &Value::Text(mode.into())));
        for depth in [1, 8, 16] {
            good(hand.set("depth", &Value::word(depth)));
            for passes in if colour { ["one", "RGB", "BRG"].as_slice() } else { &["one"] } {
                if colour {
                    good(hand.set("three-pass", &Value::word((*passes != "one").into())));
                }
                if *passes != "one" {
                    good(hand.set("three-pass-order", &Value::Text((*passes).into())));
                }
                for picture in Drawn::ALL {
                    good(hand.set("test-picture", &Value::Text(picture.name().into())));
                    let page = hand.scan(dpi);
                    let mut expected = drawn(picture, size, dpi, colour, depth);
                    // In passes of 1 bit this driver sets bits for black squares, as in grey: the negative.
                    if *passes != "one" && depth == 1 && picture == Drawn::Grid {
                        expected.iter_mut().for_each(|value| *value = !*value);
                    }
                    let row = size.0 as usize * if colour { 3 } else { 1 };
                    assert_eq!((page.width, page.height), size);
                    let difference = first_difference(&page.pixels, &expected, row);
                    assert_eq!(
                        difference, None,
                        "{mode} {depth} {passes} {picture:?} (at, row, got, expected)"
                    );
                    count += 1;
                }
            }
        }
    }
    assert_eq!(count, 48);
}
