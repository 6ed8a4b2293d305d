//! Typing a paper whose bars cannot be read.
use super::super::{Document, DocumentError, FieldState, TypedEntry, TypedField};

fn typed(fields: [&str; 4]) -> TypedEntry {
    let mut entry = TypedEntry::new();
    for (field, text) in TypedField::ALL.into_iter().zip(fields) {
        for digit in text.chars() {
            assert!(entry.push(field, digit), "{field:?} takes {digit}");
        }
    }
    entry
}

#[test]
fn a_typed_paper_of_modality_2_is_the_document_of_its_bars() {
    let entry = typed(["030149", "000012345665", "1200266324", "12345"]);
    assert_eq!(entry.next_field(), None);
    let barcode = Document::from_barcode("905210301490000123456651200266324000123450").unwrap();
    assert_eq!(entry.finish().unwrap(), barcode);
}

#[test]
fn a_typed_paper_of_modality_1_is_the_document_of_its_bars() {
    let entry = typed(["030149", "000012345683", "2002601", "00012345"]);
    let barcode = Document::from_barcode("90502030149000012345683200260100012345").unwrap();
    assert_eq!(entry.finish().unwrap(), barcode);
}

#[test]
fn fields_tell_how_far_they_are() {
    let mut entry = TypedEntry::new();
    assert_eq!(entry.state(TypedField::Issuer), FieldState::Empty);
    assert_eq!(entry.next_field(), Some(TypedField::Issuer));
    assert!(entry.push(TypedField::Issuer, '0'));
    assert_eq!(entry.state(TypedField::Issuer), FieldState::Partial);
    for digit in "30149".chars() {
        assert!(entry.push(TypedField::Issuer, digit));
    }
    assert_eq!(entry.state(TypedField::Issuer), FieldState::Complete);
    assert_eq!(entry.next_field(), Some(TypedField::Reference));
    assert!(!entry.push(TypedField::Issuer, '1'), "full");
    assert!(!entry.push(TypedField::Reference, 'x'), "no digit");
    assert!(!entry.push(TypedField::Reference, '٣'), "no digit of the paper");
    assert_eq!(entry.text(TypedField::Issuer), "030149");
}

#[test]
fn digits_are_erased_one_by_one_and_all_at_once() {
    let mut entry = typed(["030149", "", "", ""]);
    assert!(entry.erase(TypedField::Issuer));
    assert_eq!(entry.text(TypedField::Issuer), "03014");
    entry.clear(TypedField::Issuer);
    assert!(!entry.erase(TypedField::Issuer), "nothing left");
}

#[test]
fn an_issuer_without_ine_digit_is_doubtful_and_still_taken() {
    let entry = typed(["481166", "028072400107", "1002188265", "1"]);
    assert_eq!(entry.state(TypedField::Issuer), FieldState::Doubtful);
    assert_eq!(entry.next_field(), None);
    assert_eq!(entry.finish().unwrap().digits(), "905214811660280724001071002188265000000010");
}

#[test]
fn an_impossible_day_shows_at_its_field() {
    let entry = typed(["030149", "000012345665", "1200266400", "12345"]);
    assert_eq!(entry.state(TypedField::Identification), FieldState::Wrong);
    assert_eq!(entry.next_field(), Some(TypedField::Identification));
    assert_eq!(entry.finish(), Err(DocumentError::BadDate(6400)));
}

#[test]
fn missing_digits_are_named_field_by_field() {
    let incomplete = |fields| typed(fields).finish().unwrap_err();
    assert_eq!(
        incomplete(["03014", "", "", ""]),
        DocumentError::Incomplete { field: "issuer", expected: 6, found: 5 }
    );
    assert_eq!(
        incomplete(["030149", "000012345665", "20026", "1"]),
        DocumentError::Incomplete { field: "identification", expected: 7, found: 5 }
    );
    assert_eq!(
        incomplete(["030149", "000012345665", "20026012", "1"]),
        DocumentError::Incomplete { field: "identification", expected: 10, found: 8 }
    );
    assert_eq!(
        incomplete(["030149", "000012345665", "1200266324", ""]),
        DocumentError::Incomplete { field: "amount", expected: 8, found: 0 }
    );
}

#[test]
fn a_typing_error_shows_once_all_fields_are_in() {
    let entry = typed(["030149", "000012345665", "1200266324", "12346"]);
    assert!(matches!(entry.finish(), Err(DocumentError::ControlDigits { found: 65, .. })));
}
