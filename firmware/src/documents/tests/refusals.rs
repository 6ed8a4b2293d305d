//! Codes that are refused, and what the refusal lets the citizen do.
use super::super::{Document, DocumentError};

const GOOD: &str = "905210301490000123456651200266324000123450";

#[test]
fn prefixes_and_line_ends_of_readers_are_taken_off() {
    let plain = Document::from_barcode(GOOD).unwrap();
    for raw in [
        format!("]C1{GOOD}"),
        format!("]C0{GOOD}"),
        format!("\u{1d}{GOOD}"),
        format!("]C1\u{1d}{GOOD}\r\n"),
        format!("{GOOD}\r"),
        format!("{GOOD}\n"),
    ] {
        assert_eq!(Document::from_barcode(&raw).unwrap(), plain, "{raw:?}");
    }
}

#[test]
fn other_barcodes_are_no_documents() {
    for raw in
        ["", "]C1", "8412345678905", "https://sede.example/verify?csv=ABC", "]E08412345678905", " 90521"]
    {
        assert_eq!(Document::from_barcode(raw), Err(DocumentError::NotADocument), "{raw:?}");
    }
    assert_eq!(Document::from_barcode(&"90".repeat(500)), Err(DocumentError::NotADocument));
    assert!(!DocumentError::NotADocument.read_again());
}

#[test]
fn an_unknown_format_keeps_its_number_for_the_log() {
    assert_eq!(Document::from_barcode("90999123"), Err(DocumentError::UnknownFormat(999)));
    assert_eq!(
        Document::from_barcode(&GOOD.replacen("521", "579", 1)),
        Err(DocumentError::UnknownFormat(579))
    );
}

#[test]
fn a_digit_too_few_or_too_many_is_a_wrong_length() {
    let short = &GOOD[..41];
    assert_eq!(
        Document::from_barcode(short),
        Err(DocumentError::Length { format: 521, expected: 42, found: 41 })
    );
    assert_eq!(
        Document::from_barcode(&format!("{GOOD}0")),
        Err(DocumentError::Length { format: 521, expected: 42, found: 43 })
    );
    assert!(matches!(Document::from_barcode("90"), Err(error) if error == DocumentError::NotADocument));
}

#[test]
fn letters_and_separators_inside_are_not_digits() {
    for raw in
        [GOOD.replace('6', "#"), GOOD.replace("0301", "03\u{1d}1"), format!("{GOOD} "), "90é".to_owned()]
    {
        assert_eq!(Document::from_barcode(&raw), Err(DocumentError::NotDigits), "{raw:?}");
    }
    assert!(DocumentError::NotDigits.read_again());
}

#[test]
fn a_wrong_control_digit_asks_to_read_again_and_calls_nothing_invalid() {
    let error = Document::from_barcode(&GOOD.replacen("345665", "345666", 1)).unwrap_err();
    assert_eq!(error, DocumentError::ControlDigits { expected: 65, found: 66 });
    assert!(error.read_again());
    assert!(!error.to_string().contains("invalid"));
    assert!(error.to_string().contains("read the code again, or type it"));
}

#[test]
fn the_remainder_in_place_of_the_control_digits_does_not_agree() {
    let error = Document::from_barcode("905220301490000123456449420026632400012345634100012962").unwrap_err();
    assert_eq!(error, DocumentError::ControlDigits { expected: 54, found: 44 });
}

#[test]
fn a_parity_digit_that_is_not_zero_is_a_wrong_reading() {
    let code = format!("{}7", &GOOD[..41]);
    assert_eq!(Document::from_barcode(&code), Err(DocumentError::ControlDigits { expected: 0, found: 7 }));
}

#[test]
fn an_impossible_day_is_refused_where_the_book_fixes_its_form() {
    let code = "9052800301490000000001234563920112600000123453102260";
    assert_eq!(Document::from_barcode(code), Err(DocumentError::BadDate(310_226)));
    assert_eq!(
        Document::from_barcode("905210301490000123456651200266400000123450"),
        Err(DocumentError::BadDate(6400))
    );
}
