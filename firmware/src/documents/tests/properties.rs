//! Whatever is read or typed: no panic, round trips, and typing errors caught as often as the rule promises.
use hal_device::Cents;
use jiff::civil::date;
use proptest::prelude::*;

use super::super::{
    CecaNotice, Cuaderno57, Document, DocumentError, Fields, Format, LongForm, Modality1, Modality2,
    Modality2Surcharge, Modality3, Period, TypedEntry, TypedField, YearDay,
};

fn amount(digits: u32) -> impl Strategy<Value = Cents> {
    (0..10_i64.pow(digits)).prop_map(Cents)
}

fn period(mark: u8) -> impl Strategy<Value = Period> {
    (0..=9_u8, 1..=365_u16, amount(8)).prop_map(move |(digit, day, amount)| Period {
        mark,
        last_day: YearDay::new(digit, day).unwrap(),
        amount,
    })
}

fn levy() -> impl Strategy<Value = Modality1> {
    (0..1_000_000_u32, 0..10_000_000_000_u64, 0..1000_u16, 0..100_u8, 0..100_u8, amount(8)).prop_map(
        |(issuer, reference, tax, year, batch, amount)| Modality1 {
            issuer,
            reference,
            tax,
            year,
            batch,
            amount,
        },
    )
}

fn modality2() -> impl Strategy<Value = Document> {
    (0..1_000_000_u32, 0..10_000_000_000_u64, 0..1000_u16, 0..100_u8, period(1)).prop_map(
        |(issuer, reference, tax, year, period)| Document {
            format: Format::Modality2,
            fields: Fields::Modality2(Modality2 { issuer, reference, tax, year, period }),
        },
    )
}

fn cuaderno57() -> impl Strategy<Value = Document> {
    let kinds =
        prop::sample::select(vec![Format::Cuaderno57, Format::Cuaderno57Alias, Format::Cuaderno57Dated]);
    let fields =
        (0..100_000_000_u32, 0..1000_u16, 0..100_000_000_000_u64, 0..1_000_000_u32, amount(10), 1..=28_u32);
    (kinds, fields).prop_map(|(format, (issuer, suffix, reference, identification, amount, day))| Document {
        format,
        fields: Fields::Cuaderno57(Cuaderno57 {
            issuer,
            suffix,
            reference,
            identification,
            amount,
            last_day: (format == Format::Cuaderno57Dated).then_some(day * 10_000 + 226),
        }),
    })
}

fn ceca_notice() -> impl Strategy<Value = Document> {
    let kinds = prop::sample::select(vec![Format::CecaTaxes, Format::CecaFines]);
    let fields = (0..100_u8, 0..1000_u16, 0..10_u8, 0..10_u8, 0..100_u8, 0..10_000_000_u32, amount(9));
    (kinds, fields).prop_map(|(format, (province, municipality, year_digit, batch, tax, notice, amount))| {
        Document {
            format,
            fields: Fields::CecaNotice(CecaNotice {
                province,
                municipality,
                year_digit,
                batch,
                tax,
                notice,
                amount,
            }),
        }
    })
}

fn any_document() -> impl Strategy<Value = Document> {
    let surcharge = (0..1_000_000_u32, 0..10_000_000_000_u64, 0..1000_u16, 0..100_u8, period(5), period(9))
        .prop_map(|(issuer, reference, tax, year, voluntary, surcharge)| Document {
            format: Format::Modality2Surcharge,
            fields: Fields::Modality2Surcharge(Modality2Surcharge {
                issuer,
                reference,
                tax,
                year,
                voluntary,
                surcharge,
            }),
        });
    let self_assessment = (0..1_000_000_u32, 0..1000_u16, 0..10_u8, 0..100_000_000_u32, 0..10_u8).prop_map(
        |(issuer, form, capture, sequence, digit)| Document {
            format: Format::Modality3,
            fields: Fields::Modality3(Modality3 { issuer, form, capture, sequence, digit }),
        },
    );
    prop_oneof![
        levy().prop_map(|levy| Document { format: Format::Modality1, fields: Fields::Modality1(levy) }),
        (levy(), 0..10_000_u16, 0..1_000_000_u32).prop_map(|(levy, bank, last_day)| Document {
            format: Format::LongForm,
            fields: Fields::LongForm(LongForm { bank, last_day, levy }),
        }),
        modality2(),
        surcharge,
        self_assessment,
        cuaderno57(),
        ceca_notice(),
    ]
}

/// Types the digits of a code of modality 2.
fn type_modality2(code: &str) -> TypedEntry {
    let mut entry = TypedEntry::new();
    let parts = [&code[5..11], &code[11..23], &code[23..33], &code[33..41]];
    for (field, part) in TypedField::ALL.into_iter().zip(parts) {
        for digit in part.chars() {
            assert!(entry.push(field, digit));
        }
    }
    entry
}

fn change(code: &str, place: usize, by: u8) -> String {
    let mut digits = code.as_bytes().to_vec();
    digits[place] = b'0' + (digits[place] - b'0' + by) % 10;
    String::from_utf8(digits).unwrap()
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(document in any_document()) {
        let code = document.digits();
        prop_assert_eq!(code.len(), document.format.digits());
        let read = Document::from_barcode(&code);
        prop_assert_eq!(read.as_ref(), Ok(&document));
        document.last_day(date(2026, 11, 25));
        document.reference();
    }

    #[test]
    fn arbitrary_text_never_panics(raw in any::<String>()) {
        if let Ok(document) = Document::from_barcode(&raw) {
            document.last_day(date(2026, 11, 25));
        }
    }

    #[test]
    fn arbitrary_digits_after_ninety_never_panic(raw in "90(50[1-8]|52[1-8]|581)[0-9]{0,52}") {
        if let Ok(document) = Document::from_barcode(&raw) {
            prop_assert_eq!(document.digits(), raw);
        }
    }

    #[test]
    fn a_typed_paper_is_the_document_of_its_bars(document in modality2()) {
        prop_assert_eq!(type_modality2(&document.digits()).finish(), Ok(document));
    }

    // The divisor is prime and no weight is a multiple of it: not one single mistyped digit passes.
    #[test]
    fn every_single_mistyped_digit_is_caught(document in modality2(), place in 5..41_usize, by in 1..=9_u8) {
        let wrong = change(&document.digits(), place, by);
        prop_assert!(type_modality2(&wrong).finish().is_err());
        prop_assert!(Document::from_barcode(&wrong).is_err());
    }

    #[test]
    fn every_single_misread_digit_of_cuaderno_57_is_caught(
        document in cuaderno57(), place in 5..40_usize, by in 1..=9_u8,
    ) {
        prop_assert!(Document::from_barcode(&change(&document.digits(), place, by)).is_err());
    }

    #[test]
    fn every_single_misread_digit_of_an_old_notice_is_caught(
        document in ceca_notice(), place in 5..23_usize, by in 1..=9_u8,
    ) {
        let read = Document::from_barcode(&change(&document.digits(), place, by));
        let is_caught = matches!(read, Err(DocumentError::ControlDigits { .. }));
        prop_assert!(is_caught);
    }
}

#[test]
fn another_reference_passes_about_once_in_97() {
    let code = "905210301490000123456651200266324000123450";
    let passed = (0..97_000_u64)
        .map(|n| n * 7919 + 3)
        .filter(|reference| {
            Document::from_barcode(&format!("{}{reference:010}{}", &code[..11], &code[21..])).is_ok()
        })
        .count();
    assert!((950..=1050).contains(&passed), "{passed} of 97000");
}
