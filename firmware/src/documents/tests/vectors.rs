//! Worked examples, one a format, computed apart from this code; and INE's digits of six cities.
use hal_device::Cents;
use jiff::civil::{Date, date};

use super::super::{Document, Fields, Format, municipality_digit};

const TODAY: Date = date(2026, 11, 25);

fn read(code: &str) -> Document {
    let document = Document::from_barcode(code).unwrap();
    assert_eq!(document.digits(), code, "the canonical code is the one read");
    document
}

#[test]
fn modality_2_of_a_town() {
    let document = read("905210301490000123456651200266324000123450");
    assert_eq!(document.format, Format::Modality2);
    assert_eq!(document.issuer(), "030149");
    assert_eq!(document.reference(), "000012345665");
    assert_eq!(document.amount_on_paper(), Some(Cents(12345)));
    assert_eq!(document.last_day(TODAY), Some(date(2026, 11, 20)));
    let Fields::Modality2(debt) = document.fields else { panic!("not modality 2") };
    assert_eq!((debt.tax, debt.year, debt.period.mark), (200, 26, 1));
}

#[test]
fn modality_2_of_a_body_that_is_no_town() {
    let document = read("905214811660280724001071002188265000000010");
    assert_eq!(document.reference(), "028072400107");
    assert_eq!(document.amount_on_paper(), Some(Cents(1)));
    assert_eq!(document.last_day(date(2018, 9, 1)), Some(date(2018, 9, 22)));
}

#[test]
fn modality_2_on_the_first_of_january() {
    let document = read("905211234561234567890631521188001000012000");
    assert_eq!(document.amount_on_paper(), Some(Cents(1200)));
    assert_eq!(document.last_day(date(2017, 12, 28)), Some(date(2018, 1, 1)));
}

#[test]
fn modality_1_holds_no_day() {
    let document = read("90502030149000012345683200260100012345");
    assert_eq!(document.reference(), "000012345683");
    assert_eq!(document.amount_on_paper(), Some(Cents(12345)));
    assert_eq!(document.last_day(TODAY), None);
}

#[test]
fn modality_2_with_surcharge_has_two_control_digits() {
    // 286018729168 leaves 44 and gives 54; 506018764038 leaves 5 and gives 94.
    let document = read("905220301490000123456549420026632400012345634100012962");
    assert_eq!(document.reference(), "000012345654");
    assert_eq!(document.amount_on_paper(), Some(Cents(12345)), "the voluntary amount");
    assert_eq!(document.last_day(TODAY), Some(date(2026, 11, 20)), "the voluntary day");
    let Fields::Modality2Surcharge(debt) = &document.fields else { panic!("not with surcharge") };
    assert_eq!(debt.control_digits(), (54, 94));
    assert_eq!(debt.surcharge.last_day.resolve(TODAY), Some(date(2026, 12, 7)));
    assert_eq!(debt.surcharge.amount, Cents(12962));
}

#[test]
fn an_old_fine_has_control_digits_over_key_and_amount() {
    let document = read("9050303014610112345678000001234506");
    assert_eq!(document.format, Format::CecaFines);
    assert_eq!(document.issuer(), "03014");
    assert_eq!(document.reference(), "123456780");
    assert_eq!(document.amount_on_paper(), Some(Cents(12345)));
    let Fields::CecaNotice(notice) = document.fields else { panic!("not a notice") };
    assert_eq!((notice.year_digit, notice.batch, notice.tax), (6, 1, 1));
    assert_eq!(notice.control_digits(), (80, 6));
}

#[test]
fn an_old_tax_notice_is_laid_out_as_an_old_fine() {
    assert_eq!(read("9050103014610112345678000001234506").format, Format::CecaTaxes);
}

#[test]
fn a_self_assessment_holds_neither_amount_nor_day() {
    let document = read("905230301491501000001233");
    assert_eq!(document.reference(), "1501000001233");
    assert_eq!((document.amount_on_paper(), document.last_day(TODAY)), (None, None));
    let Fields::Modality3(form) = document.fields else { panic!("not modality 3") };
    assert_eq!((form.form, form.capture, form.sequence, form.control_digit()), (150, 1, 123, 3));
}

#[test]
fn a_self_assessment_is_never_refused_on_its_digit() {
    for digit in 0..=9 {
        let code = format!("90523030149150100000123{digit}");
        assert_eq!(Document::from_barcode(&code).unwrap().digits(), code);
    }
}

#[test]
fn cuaderno_57_has_a_nif_as_its_issuer() {
    let document = read("9050700301490000000001234563920112600000123450");
    assert_eq!(document.issuer(), "00301490");
    assert_eq!(document.reference(), "0000012345639");
    assert_eq!(document.amount_on_paper(), Some(Cents(12345)));
    assert_eq!(read("9058100301490000000001234563920112600000123450").format, Format::Cuaderno57Alias);
}

#[test]
fn cuaderno_57_with_a_day() {
    let document = read("9052800301490000000001234563920112600000123452011260");
    assert_eq!(document.last_day(TODAY), Some(date(2026, 11, 20)));
}

#[test]
fn the_long_form_adds_bank_and_day_to_modality_1() {
    let document = read("905082038201126030149000012345683200260100012345");
    assert_eq!(document.format, Format::LongForm);
    assert_eq!(document.amount_on_paper(), Some(Cents(12345)));
    // In which order the day's digits stand is not known: none is told, and nothing is refused on them.
    assert_eq!(document.last_day(TODAY), None);
    assert_eq!(read("905082038999999030149000012345683200260100012345").last_day(TODAY), None);
}

#[test]
fn every_format_is_as_long_as_the_book_says() {
    let lengths: Vec<_> = Format::ALL.iter().map(|format| (format.number(), format.digits())).collect();
    assert_eq!(
        lengths,
        [
            (501, 34),
            (502, 38),
            (503, 34),
            (507, 46),
            (508, 48),
            (521, 42),
            (522, 54),
            (523, 24),
            (528, 52),
            (581, 46)
        ]
    );
}

#[test]
fn digits_of_six_cities() {
    let digits = [3014, 28079, 8019, 46250, 50297, 29067].map(municipality_digit);
    assert_eq!(digits, [9, 6, 3, 8, 3, 2]);
}
