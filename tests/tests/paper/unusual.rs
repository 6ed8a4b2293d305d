//! What the library draws otherwise than it is meant, or not at all: drawn right, or refused by name.
use ciberkiosco::raster::RasterError;

use super::pdf::{Page, document, page, text};
use super::tools::{EDGE, poppler, printed, printed_page};

#[test]
fn a_colour_key_mask_lets_the_ground_through() {
    let pdf = document("", |file| {
        let dots: Vec<u8> = (0..400).map(|at| if at % 20 < 10 { 0 } else { 100 }).collect();
        let keys = "/Type/XObject/Subtype/Image/Width 20/Height 20/ColorSpace/DeviceGray/BitsPerComponent 8/Mask[0 10]";
        let image = file.packed(keys, &dots);
        let content = b"0.7 g 100 600 200 200 re f q 100 0 0 100 150 650 cm /I Do Q".to_vec();
        vec![Page { content, resources: format!("/XObject<</I {image} 0 R>>"), ..Page::default() }]
    });
    let (printed, wanted) = (printed_page(&pdf), poppler(&pdf));
    for place in [[155.0, 655.0, 40.0, 90.0], [205.0, 655.0, 40.0, 90.0]] {
        assert!((printed.mean(place, EDGE) - wanted.mean(place, 0)).abs() < 12.0, "{place:?}");
    }
}

fn group(keys: &str, state: &str) -> Vec<u8> {
    document("", |file| {
        let form = file.packed(
            &format!("/Type/XObject/Subtype/Form/BBox[0 0 596 842]/Group<</S/Transparency{keys}>>/Resources<</ExtGState<</B<<{state}>>>>>>"),
            b"/B gs 0.5 g 100 600 100 100 re f",
        );
        let content = b"0.8 g 80 580 200 200 re f /X Do".to_vec();
        vec![Page { content, resources: format!("/XObject<</X {form} 0 R>>"), ..Page::default() }]
    })
}

#[test]
fn groups_are_drawn_as_poppler_does_or_refused() {
    assert_eq!(printed(&group("/K true", "")).err(), Some(RasterError::Unsupported("knockout groups")));
    let refused = printed(&group("", "/BM/Multiply")).err();
    assert_eq!(refused, Some(RasterError::Unsupported("blending in groups that are not isolated")));
    for pdf in [group("/I true", "/BM/Multiply"), group("", "/ca 0.5")] {
        let place = [105.0, 605.0, 90.0, 90.0];
        let (ours, theirs) = (printed_page(&pdf).mean(place, EDGE), poppler(&pdf).mean(place, 0));
        assert!((ours - theirs).abs() < 12.0, "{ours} and not {theirs}");
    }
}

#[test]
fn a_page_that_is_printed_to_its_edges_is_made_smaller_and_nothing_is_cut() {
    let printed = printed_page(&page("1 w 1 1 593 840 re S"));
    let column = |x: usize| (0..printed.height()).filter(|y| printed.at(x, *y) == 0).count();
    let left = (0..1600).find(|x| column(*x) > 1000).unwrap();
    let right = (0..1600).rev().find(|x| column(*x) > 1000).unwrap();
    assert!(left < 12 && right > 1586, "the frame's sides at {left} and {right}");
    assert!((2240..2300).contains(&printed.height()), "{}", printed.height());
}

#[test]
fn a_page_on_its_side_is_turned_and_a3_is_refused() {
    let content = format!("BT /F1 20 Tf 40 40 Td {} Tj ET", text("apaisado"));
    let lying = |size| {
        document("", |_| {
            vec![Page { content: content.clone().into_bytes(), size: Some(size), ..Page::default() }]
        })
    };
    let printed_lying = printed_page(&lying((841.89, 595.276)));
    assert_eq!(printed_lying.height(), 2385);
    // The lower left corner of the sheet becomes the upper left one.
    assert!(printed_lying.mean([30.0, 600.0, 60.0, 200.0], EDGE) < 253.0);
    assert!(matches!(printed(&lying((841.89, 1190.55))), Err(RasterError::Oversize { page: 1, .. })));
}

#[test]
fn a_blank_page_among_others_stays_blank_and_white_on_white_is_no_reason_to_refuse() {
    let pages = |_: &mut super::pdf::File| {
        vec![
            Page { content: b"0 g 100 600 50 50 re f".to_vec(), ..Page::default() },
            Page::default(),
            Page { content: b"1 g 100 600 50 50 re f".to_vec(), ..Page::default() },
        ]
    };
    let black: Vec<usize> = printed(&document("", pages)).unwrap().iter().map(|page| page.black()).collect();
    assert!(black[0] > 10_000 && black[1] == 0 && black[2] == 0, "{black:?}");
}
