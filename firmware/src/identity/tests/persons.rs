//! Names and numbers from subjects as authorities write them.
use rcgen::string::{BmpString, PrintableString, TeletexString};

use super::*;
use crate::identity::person::{Person, PersonError};

fn person(wish: Wish) -> Result<Person, PersonError> {
    World::new().verify(wish).unwrap().person()
}

fn named(common: impl Into<DnValue>) -> Result<String, PersonError> {
    let wish = Wish { common_name: Some(common.into()), ..Wish::default() };
    person(wish).map(|it| it.name.as_str().to_owned())
}

#[test]
fn the_number_stands_bare_or_after_idces() {
    for (text, number) in
        [("12345678Z", "12345678Z"), ("IDCES-12345678Z", "12345678Z"), ("IDCES-X1234567L", "X1234567L")]
    {
        let value = DnValue::PrintableString(PrintableString::try_from(text).unwrap());
        let person = person(Wish { more: vec![(5, value)], ..Wish::default() }).unwrap();
        assert_eq!(person.number.as_str(), number);
    }
}

#[test]
fn what_is_no_persons_number_is_refused() {
    for text in ["", "12345678A", "PASES-XD000000", "VATES-B12345674", "B12345674", "14Z"] {
        let wish = Wish { more: vec![(5, text.into())], ..Wish::default() };
        assert_eq!(person(wish), Err(PersonError::Number), "{text}");
    }
    assert_eq!(person(Wish { more: vec![], ..Wish::default() }), Err(PersonError::Number));
}

#[test]
fn the_name_is_turned_to_how_one_says_it() {
    for (common, name) in [
        ("PRUEBA INVENTADA, VECINA (AUTENTICACIÓN)", "VECINA PRUEBA INVENTADA"),
        ("ÑU FICTICIO, ÍÑIGO (FIRMA)", "ÍÑIGO ÑU FICTICIO"),
        ("PRUEBA INVENTADA VECINA - 12345678Z", "PRUEBA INVENTADA VECINA"),
        ("D'EXEMPLE  I PROVA,  RESIDENT", "RESIDENT D'EXEMPLE I PROVA"),
        ("VECINA - LA DE ENFRENTE", "VECINA - LA DE ENFRENTE"),
    ] {
        assert_eq!(named(common).as_deref(), Ok(name));
    }
}

#[test]
fn names_in_every_string_type_are_read() {
    assert_eq!(
        named(DnValue::BmpString(BmpString::try_from("NÚÑEZ, ANA").unwrap())).as_deref(),
        Ok("ANA NÚÑEZ")
    );
    assert_eq!(
        named(DnValue::TeletexString(TeletexString::try_from("NUNEZ, ANA").unwrap())).as_deref(),
        Ok("ANA NUNEZ")
    );
}

#[test]
fn without_a_common_name_the_pieces_are_put_together() {
    let wish = Wish {
        common_name: None,
        more: vec![(5, "12345678Z".into()), (4, "PRUEBA".into()), (42, "VECINA".into())],
        ..Wish::default()
    };
    assert_eq!(person(wish).unwrap().name.as_str(), "VECINA PRUEBA");
    let wish = Wish { common_name: None, ..Wish::default() };
    assert_eq!(person(wish), Err(PersonError::Name));
}

#[test]
fn a_name_that_would_turn_the_line_or_fill_the_page_is_not_shown() {
    for name in ["PRUEBA\u{202e}ANICEV", "A\u{7}B", "A\nB", &"Ñ".repeat(121), "   "] {
        assert_eq!(named(name), Err(PersonError::Name), "{name:?}");
    }
}
