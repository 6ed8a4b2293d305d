//! Documents that want to harm: each ends in a typed refusal, in bounded time and memory.
use ciberkiosco::raster::{LARGEST_DOCUMENT, RasterError};
use proptest::prelude::*;

use super::pdf::{Page, document, page, text};
use super::tools::printed;

fn complex(pdf: &[u8]) {
    let outcome = printed(pdf).map(|pages| pages.len());
    assert!(matches!(outcome, Err(RasterError::Complex(_))), "{outcome:?}");
}

#[test]
fn what_is_no_document_or_too_large_is_refused() {
    assert_eq!(printed(b"").err(), Some(RasterError::Damaged("it is no PDF")));
    assert_eq!(
        printed(&vec![b' '; LARGEST_DOCUMENT + 1]).err(),
        Some(RasterError::Large { bytes: LARGEST_DOCUMENT + 1 })
    );
    let many = document("", |_| (0..41).map(|_| Page::default()).collect());
    assert_eq!(printed(&many).err(), Some(RasterError::Pages { pages: 41 }));
}

#[test]
fn a_bomb_in_a_content_is_refused() {
    complex(&page(vec![b' '; 60_000_000]));
}

#[test]
fn forms_that_draw_forms_that_draw_forms_end() {
    let pdf = document("", |file| {
        let mut inner = file.packed("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", b"");
        for _ in 0..8 {
            let keys =
                format!("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A {inner} 0 R>>>>");
            inner = file.packed(&keys, &b"/A Do ".repeat(100));
        }
        let resources = format!("/XObject<</A {inner} 0 R>>");
        vec![Page { content: b"/A Do".to_vec(), resources, ..Page::default() }]
    });
    complex(&pdf);
}

/// A page that draws a part which unpacks to so much, so often.
fn often(keys: &str, data: &[u8], times: usize) -> Vec<u8> {
    document("", |file| {
        let part = file.packed(keys, data);
        let resources = format!("/XObject<</A {part} 0 R>>");
        vec![Page { content: b"q 9 0 0 9 90 90 cm /A Do Q ".repeat(times), resources, ..Page::default() }]
    })
}

const FORM: &str = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<<>>";
const DOT: &str = "/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8";

#[test]
fn a_small_part_that_unpacks_to_much_is_not_unpacked_for_hours() {
    let million = vec![b' '; 1_000_000];
    complex(&often(FORM, &million, 100_000));
    complex(&often(DOT, &million, 100_000));
    complex(&document("", |file| {
        let letter = file.packed("", &[b"500 0 0 0 500 500 d1 ", &million[..]].concat());
        let resources = format!(
            "/Font<</T<</Type/Font/Subtype/Type3/FontBBox[0 0 500 500]/FontMatrix[0.001 0 0 0.001 0 0]\
             /CharProcs<</a {letter} 0 R>>/Encoding<</Type/Encoding/Differences[97/a]>>\
             /FirstChar 97/LastChar 97/Widths[500]>>>>"
        );
        let content = [b"BT /T 1 Tf 20 100 Td (", &b"a".repeat(20_000)[..], b") Tj ET"].concat();
        vec![Page { content, resources, ..Page::default() }]
    }));
    complex(&document("", |file| {
        let keys = "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 9/YStep 9/Resources<<>>";
        let tile = file.packed(keys, &[b"0 0 5 5 re f ", &million[..]].concat());
        let resources = format!("/Pattern<</P {tile} 0 R>>");
        let content = [b"/Pattern cs /P scn ", &b"20 20 1 1 re f ".repeat(20_000)[..]].concat();
        vec![Page { content, resources, ..Page::default() }]
    }));
}

#[test]
fn a_form_that_draws_itself_ends() {
    complex(&often("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", &b"/A Do ".repeat(5), 1));
}

#[test]
fn an_ornament_may_be_drawn_a_thousand_times() {
    assert_eq!(printed(&often(FORM, b"0 0 1 1 re f", 1000)).map(|pages| pages.len()), Ok(1));
    assert_eq!(printed(&often(DOT, &[7], 1000)).map(|pages| pages.len()), Ok(1));
}

#[test]
fn a_page_painted_a_thousand_times_is_refused() {
    complex(&page("0 0 600 900 re f ".repeat(1000)));
}

#[test]
fn a_picture_larger_than_any_scan_is_refused() {
    let pdf = document("", |file| {
        let keys =
            "/Type/XObject/Subtype/Image/Width 16000/Height 16000/ColorSpace/DeviceGray/BitsPerComponent 8";
        let image = file.packed(keys, b"");
        let resources = format!("/XObject<</I {image} 0 R>>");
        vec![Page { content: b"100 0 0 100 0 0 cm /I Do".to_vec(), resources, ..Page::default() }]
    });
    complex(&pdf);
    complex(&page("BI /W 16000 /H 16000 /CS /G /BPC 8 ID x EI"));
}

#[test]
fn parts_that_are_missing_or_broken_off_refuse_the_document() {
    let missing = page("/Nothing Do");
    assert_eq!(printed(&missing).err(), Some(RasterError::Damaged("a part of a page is missing")));
    let content = format!("BT /F1 10 Tf 50 700 Td {} Tj ET ", text("texto")).repeat(300);
    let mut broken = page(content);
    let at = broken.windows(6).position(|it| it == b"stream").unwrap() + 40;
    broken[at..at + 20].fill(0x5A);
    assert!(matches!(printed(&broken), Err(RasterError::Damaged(_))));
}

#[test]
fn brackets_without_end_do_not_break_the_stack() {
    // An outcome of any kind is an outcome; the process is still here.
    let _ = printed(&page(b"[".repeat(1_000_000)));
    let _ = printed(&document(&format!("/X {}", "[".repeat(1_000_000)), |_| vec![Page::default()]));
    let _ = printed(&document(&format!("/X {}", "<</A".repeat(500_000)), |_| vec![Page::default()]));
}

fn sample() -> Vec<u8> {
    document("/AcroForm<</NeedAppearances true/Fields[3 0 R]>>", |file| {
        file.object("<</Type/Annot/Subtype/Widget/FT/Tx/V(Vecina)/Rect[60 600 200 620]/F 4>>");
        let image = file.packed(
            "/Type/XObject/Subtype/Image/Width 8/Height 8/ColorSpace/DeviceGray/BitsPerComponent 8",
            &[7; 64],
        );
        let content = format!(
            "BT /F1 10 Tf 50 700 Td {} Tj ET q 90 0 0 90 60 400 cm /I Do Q",
            text("Vecina de Prueba")
        );
        let resources = format!("/XObject<</I {image} 0 R>>");
        vec![Page {
            content: content.into_bytes(),
            resources,
            keys: "/Annots[3 0 R]".to_owned(),
            ..Page::default()
        }]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn a_document_with_changed_bytes_ends_one_way_or_the_other(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut pdf = sample();
        for (at, byte) in changes {
            let at = at.index(pdf.len());
            pdf[at] = byte;
        }
        // Neither a panic nor an abort; what it became is the document's own matter.
        let _ = printed(&pdf);
    }
}
