//! Bytes of printers, told apart.
use hal_escpos::PrinterModel::{self, Custom, Epson};
use hal_escpos::classifier::{Classifier, Report};
use hal_escpos::proof::{Counters, JobNumber};
use proptest::prelude::*;

fn read(model: PrinterModel, bytes: &[u8]) -> (Vec<Report>, u64) {
    let mut classifier = Classifier::new(model);
    let reports = bytes.iter().filter_map(|&byte| classifier.push(byte)).collect();
    (reports, classifier.junk())
}

fn clean(model: PrinterModel, bytes: &[u8]) -> Vec<Report> {
    let (reports, junk) = read(model, bytes);
    assert_eq!(junk, 0);
    reports
}

#[test]
fn an_epson_sends_everything_mixed() {
    let bytes = b"\x12\x14\x00\x00\x0f\x72\x00\x5fTM-T88VI\0\x37\x220001\0\x13\x37\x25\0\x11\x1a";
    assert_eq!(
        clean(Epson, bytes),
        [
            Report::RealTime(0x12),
            Report::Automatic([0x14, 0, 0, 0x0F]),
            Report::RealTime(0x72),
            Report::Fence(0),
            Report::Text("TM-T88VI".to_owned()),
            Report::Printed(*b"0001"),
            Report::Hold(true),
            Report::Cleared,
            Report::Hold(false),
            Report::RealTime(0x1A),
        ]
    );
}

#[test]
fn an_automatic_status_that_lost_its_end_does_not_swallow_the_next_answer() {
    let (reports, junk) = read(Epson, &[0x14, 0x00, 0x12, 0x14, 0, 0, 0]);
    assert_eq!(reports, [Report::RealTime(0x12), Report::Automatic([0x14, 0, 0, 0])]);
    assert_eq!(junk, 2);
}

#[test]
fn a_custom_sends_full_status_whole_and_in_part() {
    assert_eq!(
        clean(Custom, &[0x10, 0x0F, 0x24, 0x10, 0x37, 0x12]),
        [Report::Full([Some(0x24), Some(0x10), Some(0x37), Some(0x12)])]
    );
    assert_eq!(clean(Custom, &[0x10, 0x01, 0x20]), [Report::Full([Some(0x20), None, None, None])]);
    assert_eq!(clean(Custom, &[0x10, 0x0A, 1, 2]), [Report::Full([None, Some(1), None, Some(2)])]);
}

#[test]
fn counters_are_read_to_their_unit_whatever_follows() {
    let counter = |value, unit: &str| Report::Counter { value, unit: unit.to_owned() };
    assert_eq!(
        clean(Custom, b"2376 cuts251550cm\x00512ret\r\n77cm"),
        [counter(2376, "cuts"), counter(251_550, "cm"), counter(512, "ret"), counter(77, "cm")]
    );
}

#[test]
fn a_block_without_end_is_dropped() {
    let mut bytes = vec![0x5F; 90];
    bytes.extend_from_slice(b"\0\x5fTM\0");
    let (reports, junk) = read(Epson, &bytes);
    assert_eq!(reports.last(), Some(&Report::Text("TM".to_owned())));
    assert!(junk >= 80);
}

#[test]
fn a_stray_byte_that_begins_a_block_swallows_no_answer_that_no_block_holds() {
    let (reports, junk) = read(Epson, &[0x37, 0x12, 0x5F, 0x41, 0x1A]);
    assert_eq!((reports, junk), (vec![Report::RealTime(0x12), Report::RealTime(0x1A)], 3));
}

#[test]
fn silence_ends_what_is_incomplete() {
    for (model, begun) in [(Epson, &[0x37, 0x22, 0x30][..]), (Epson, &[0x14, 0]), (Custom, &[0x10, 0x0F, 1])]
    {
        let mut classifier = Classifier::new(model);
        assert!(begun.iter().all(|&byte| classifier.push(byte).is_none()));
        classifier.abandon();
        assert_eq!(classifier.junk(), 3.min(begun.len() as u64));
        let last = [0x10, 0x01, 0x72].map(|byte| classifier.push(byte)).into_iter().next_back().unwrap();
        let wanted = if model == Epson {
            Report::RealTime(0x72)
        } else {
            Report::Full([Some(0x72), None, None, None])
        };
        assert_eq!(last, Some(wanted));
    }
}

#[test]
fn a_number_that_does_not_fit_is_no_counter() {
    let (reports, _) = read(Custom, b"99999999999999999999999cm\x10\x01\x00");
    assert_eq!(reports, [Report::Full([Some(0), None, None, None])]);
}

proptest! {
    #[test]
    fn any_bytes_are_survived_and_answers_are_still_read(
        bytes in prop::collection::vec(any::<u8>(), 0..600), custom in any::<bool>(),
    ) {
        let model = if custom { Custom } else { Epson };
        let mut classifier = Classifier::new(model);
        for &byte in &bytes {
            classifier.push(byte);
        }
        prop_assert!(classifier.junk() <= bytes.len() as u64 + 1);
        // Whatever it was in the middle of ends within the longest block.
        for _ in 0..100 {
            classifier.push(0);
        }
        let after: &[u8] = if custom { b"\x10\x0f\x01\x02\x03\x04" } else { b"\x37\x220042\0" };
        let last = after.iter().filter_map(|&byte| classifier.push(byte)).last();
        let wanted = if custom {
            Report::Full([Some(1), Some(2), Some(3), Some(4)])
        } else {
            Report::Printed(*b"0042")
        };
        prop_assert_eq!(last, Some(wanted));
    }
}

#[test]
fn job_numbers_rise_and_begin_again() {
    let mut number = JobNumber::default().next();
    assert_eq!(number.request(), b"\x1d(H\x06\x00000001");
    for _ in 0..9998 {
        let next = number.next();
        assert!(next.digits() > number.digits());
        number = next;
    }
    assert_eq!(number.digits(), *b"9999");
    assert_eq!(number.next().digits(), *b"0001");
}

#[test]
fn both_counters_must_grow() {
    let before = Counters { cuts: 5, printed: 100 };
    assert!(Counters { cuts: 6, printed: 112 }.prove(before));
    assert!(!Counters { cuts: 6, printed: 100 }.prove(before));
    assert!(!Counters { cuts: 5, printed: 112 }.prove(before));
    assert!(!Counters { cuts: 0, printed: 0 }.prove(before));
}
