//! Words for the ear (35, 37), and what the loudspeaker may say (34).
use ui::speech::{speakable, spoken_amount, spoken_code};
use ui::{Amount, Language, Role};

use crate::help::*;

const SPANISH: Language = Language::Spanish;
const VALENCIAN: Language = Language::Valencian;
const ENGLISH: Language = Language::English;

#[test]
fn amounts_are_said_in_euros_and_cents() {
    for (cents, spanish, valencian, english) in [
        (1250, "12 euros con 50 céntimos", "12 euros amb 50 cèntims", "12 euros and 50 cents"),
        (100, "1 euro", "1 euro", "1 euro"),
        (101, "1 euro con 1 céntimo", "1 euro amb 1 cèntim", "1 euro and 1 cent"),
        (50, "50 céntimos", "50 cèntims", "50 cents"),
        (1, "1 céntimo", "1 cèntim", "1 cent"),
        (0, "0 euros", "0 euros", "0 euros"),
        (2100, "veintiún euros", "vint-i-un euros", "21 euros"),
        (
            3121,
            "treinta y un euros con veintiún céntimos",
            "trenta-un euros amb vint-i-un cèntims",
            "31 euros and 21 cents",
        ),
        (1100, "11 euros", "11 euros", "11 euros"),
        (10100, "ciento un euros", "cent un euros", "101 euros"),
        (28100, "doscientos ochenta y un euros", "dos-cents huitanta-un euros", "281 euros"),
        (100_000, "mil euros", "mil euros", "1 thousand euros"),
        (102_100, "mil veintiún euros", "mil vint-i-un euros", "1 thousand 21 euros"),
        (
            999_999,
            "9 mil 999 euros con 99 céntimos",
            "9 mil 999 euros amb 99 cèntims",
            "9 thousand 999 euros and 99 cents",
        ),
        (2_100_000, "veintiún mil euros", "vint-i-un mil euros", "21 thousand euros"),
    ] {
        assert_eq!(spoken_amount(SPANISH, Amount(cents)), spanish);
        assert_eq!(spoken_amount(VALENCIAN, Amount(cents)), valencian);
        assert_eq!(spoken_amount(ENGLISH, Amount(cents)), english);
    }
}

#[test]
fn references_are_said_sign_by_sign() {
    for (code, spanish) in [
        ("12345678Z", "1 2 3 4, 5 6 7 8, letra Z"),
        ("000012345678", "0 0 0 0, 1 2 3 4, 5 6 7 8"),
        ("2026-00412-K07", "2 0 2 6, 0 0 4 1, 2, letra K, 0 7"),
        ("7F3K-92", "7, letra F, 3, letra K, 9 2"),
        ("", ""),
        ("---", ""),
    ] {
        assert_eq!(spoken_code(SPANISH, code), spanish, "{code}");
    }
    assert_eq!(spoken_code(ENGLISH, "1Z"), "1, letter Z");
}

#[test]
fn free_text_is_made_speakable() {
    for (language, written, spoken) in [
        (SPANISH, "Debe 12,50 € hoy.", "Debe 12 euros con 50 céntimos hoy."),
        (SPANISH, "Debe 1.234,56 €.", "Debe mil 234 euros con 56 céntimos."),
        (VALENCIAN, "Ha de pagar 21 €", "Ha de pagar vint-i-un euros"),
        (ENGLISH, "Pay €12.50 now", "Pay 12 euros and 50 cents now"),
        (SPANISH, "Hasta el 31/12/2026.", "Hasta el 31 de diciembre de 2026."),
        (VALENCIAN, "Fins al 1/4/2026", "Fins al 1 d'abril de 2026"),
        (ENGLISH, "Until 31/12/2026", "Until 31 December 2026"),
        (
            SPANISH,
            "lunes 30 de noviembre de 2026, 9:05",
            "lunes 30 de noviembre de 2026, 9 horas y 5 minutos",
        ),
        (SPANISH, "de 9:00 a 21:31.", "de 9 horas a veintiuna horas y treinta y un minutos."),
        (VALENCIAN, "a les 01:21", "a les una hora i vint-i-un minuts"),
        (ENGLISH, "at 18:30, desk 4", "at 18 hours and 30 minutes, desk 4"),
        (SPANISH, "24:00 y 9:5", "24:00 y 9:5"),
        (SPANISH, "C/ Mayor, 12", "calle Mayor, 12"),
        (SPANISH, "Avda. del Mar, s/n", "avenida del Mar, sin número"),
        (SPANISH, "NIF 12345678Z", "NIF 1 2 3 4, 5 6 7 8, letra Z"),
        (SPANISH, "Teléfono 010.", "Teléfono 0 1 0."),
        (SPANISH, "Llame al 900 000 000", "Llame al 900 0 0 0 0 0 0"),
        (SPANISH, "Con DNIe", "Con DNI electrónico"),
        (VALENCIAN, "nº 3", "número 3"),
        (SPANISH, "V••••• P•••", "V P"),
        (SPANISH, "agua/basura", "agua, basura"),
        (SPANISH, "99/99/9999", "9 9, 9 9, 9 9 9 9"),
    ] {
        assert_eq!(speakable(language, written), spoken, "{written}");
    }
}

#[test]
fn the_loudspeaker_says_nothing_personal() {
    every(|kiosk, name, _| {
        let script = kiosk.script();
        let open = script.page(false).join(" ");
        for secret in [
            "Impuesto",
            "Servicio Provincial",
            "9 mil 999",
            "0 0 4 1",
            "letra K",
            "70 euros",
            "4 euros",
            "VECINA",
            "Certificado histórico",
            "pendiente de renovar",
            "acera",
            "VECINO",
            "Vecina",
            "letra K, 7",
            "Recibo de la luz",
            "0 0 0 1, 2 3 4 5",
            "primera entrevista",
        ] {
            assert!(!open.contains(secret), "{name}: {secret} is said aloud: {open}");
        }
        let private = script.page(true);
        assert!(private.len() >= script.page(false).len());
        assert!(!private.is_empty(), "{name}");
    });
}

#[test]
fn both_amounts_with_their_days_and_what_is_given_up_are_heard_before_the_buttons() {
    let mut kiosk = kiosk();
    kiosk.show(sample(SPANISH, "waiver"));
    let heard = kiosk.script().page(true);
    let expected = [
        "Paso 3 de 4",
        "¿Pagar con reducción?",
        "Si paga así, renuncia a recurrir la multa.",
        "Reducido, hasta el 20 de septiembre de 2026: 100 euros",
        "Completo, hasta el 30 de noviembre de 2026: 200 euros",
    ];
    assert_eq!(heard[..5], expected);
    assert!(heard[5].starts_with("A qué renuncia. "), "{heard:?}");
    kiosk.show(sample(SPANISH, "waiver-undated"));
    assert!(kiosk.script().page(true).contains(&"Importe completo: 200 euros".to_owned()));
}

#[test]
fn digits_of_a_field_are_private_and_the_problem_is_said_first() {
    let mut kiosk = kiosk();
    kiosk.show(sample(SPANISH, "type-reference"));
    let script = kiosk.script();
    assert_eq!(
        script.page(true).first().map(String::as_str),
        Some("Hay un problema. Los números no coinciden. Compárelos con los del papel.")
    );
    let field = script.entries.iter().find(|entry| entry.role == Role::Field).expect("a field");
    assert_eq!((field.label.as_str(), field.value.as_str()), ("Referencia", "0000 1234 5678"));
    assert_eq!(
        script.focused(true).as_deref(),
        Some("Referencia, casilla, 0 0 0 0, 1 2 3 4, 5 6 7 8, 1 de 16")
    );
    assert_eq!(script.focused(false).as_deref(), Some("Referencia, casilla, 1 de 16"));
}

#[test]
fn hostile_words_of_the_sede_stay_inside_of_their_box() {
    let mut kiosk = kiosk();
    let mut view = sample(SPANISH, "bill");
    if let ui::Page::Bill { concept, masked_name, reference, .. } = &mut view.page {
        *concept = "IMPUESTO\u{0}\u{202e}SOBREVEHICULOSDETRACCIONMECANICAYOTROS\n".repeat(200);
        *masked_name = "ŀ 漢字 😀".to_owned();
        *reference = "9".repeat(5000);
    }
    kiosk.show(view);
    let labels: Vec<String> = kiosk.script().entries.into_iter().map(|entry| entry.label).collect();
    assert!(labels.iter().all(|label| label.chars().count() < 260), "{labels:?}");
    assert!(labels.iter().any(|label| label.contains("l· ?? ?")), "{labels:?}");
    for element in elements(&kiosk).iter().filter(|element| !element.label.is_empty()) {
        assert!(element.right() <= WIDTH as f32, "{element:?}");
    }
}
