//! Samples of the card, its PIN, and the documents that are had with it.
use super::Add;
use crate::view::*;

const DAY: Day = Day { year: 2026, month: 9, day: 20 };

pub(super) fn cards(add: Add<'_>) {
    for (name, problem) in [
        ("card", None),
        ("card-mute", Some(CardProblem::Mute)),
        ("card-taken-out", Some(CardProblem::TakenOut)),
        ("card-failed", Some(CardProblem::Failed)),
        ("card-sede", Some(CardProblem::SedeUnreachable)),
    ] {
        add(name, Some((1, 4)), true, Page::Card { problem });
    }
    add("take-card", None, false, Page::TakeCard);
}

pub(super) fn pins(add: Add<'_>) {
    let (wrong, short) = (Some(PinProblem::Wrong), Some(PinProblem::TooShort));
    for (name, characters, complete, tries_left, problem, keys) in [
        ("pin-empty", 0, false, Some(3), None, PinKeys::Digits),
        ("pin-one", 1, false, Some(2), None, PinKeys::Digits),
        ("pin-longest", 16, true, None, None, PinKeys::Small),
        ("pin-capital", 8, true, Some(3), None, PinKeys::Capital),
        ("pin-wrong", 0, false, Some(2), wrong, PinKeys::Digits),
        ("pin-wrong-last", 0, false, Some(1), wrong, PinKeys::Small),
        ("pin-wrong-untold", 3, false, None, wrong, PinKeys::Digits),
        ("pin-short", 4, false, Some(2), short, PinKeys::Digits),
        ("pin-short-last", 4, true, Some(1), short, PinKeys::Digits),
        ("pin-last", 4, true, Some(1), None, PinKeys::Digits),
    ] {
        let page = Page::Pin { characters, longest: 16, complete, tries_left, problem, keys, signs: false };
        add(name, Some((2, 4)), true, page);
    }
    add("last-try", Some((2, 4)), true, Page::LastTry);
    for (name, characters, tries_left, problem) in
        [("pin-sign", 0, Some(3), None), ("pin-sign-wrong", 0, Some(2), wrong)]
    {
        let (longest, complete, keys) = (16, false, PinKeys::Digits);
        let page = Page::Pin { characters, longest, complete, tries_left, problem, keys, signs: true };
        add(name, Some((5, 5)), true, page);
    }
}

pub(super) fn refused_cards(add: Add<'_>) {
    for (name, refusal) in [
        ("unknown", CardRefusal::UnknownCard),
        ("dead", CardRefusal::DeadCard),
        ("blocked-dnie", CardRefusal::PinBlocked { dnie: true }),
        ("blocked", CardRefusal::PinBlocked { dnie: false }),
        ("no-certificates", CardRefusal::NoCertificates),
        ("expired-dnie", CardRefusal::CertificatesExpired { on: DAY, dnie: true }),
        ("expired", CardRefusal::CertificatesExpired { on: DAY, dnie: false }),
        ("not-yet", CardRefusal::NotYetValid),
        ("revoked", CardRefusal::Revoked),
        ("unchecked", CardRefusal::RevocationUnknown),
        ("untrusted", CardRefusal::Untrusted),
        ("not-registered", CardRefusal::NotRegistered),
        ("cancelled", CardRefusal::CardCancelled),
        ("needs-certificate", CardRefusal::NeedsCertificate),
        ("nothing-offered", CardRefusal::NothingOffered { text: WHY.to_owned(), next: NEXT.to_owned() }),
        ("other", CardRefusal::Other),
    ] {
        add(&format!("card-refused-{name}"), Some((2, 4)), false, Page::CardRefused { refusal });
    }
}

const LONG: &str = "Certificado histórico y colectivo de empadronamiento con todos los domicilios anteriores";
const WHY: &str = "Su inscripción está pendiente de renovar desde el 31/12/2025 y no se puede certificar de forma \
                   automática.";
const NEXT: &str =
    "Pida cita previa en el 010 o vaya a la oficina de atención con su pasaporte o su permiso.";

fn kind(title: &str, authoritative: bool, collective: bool, issue: Issue) -> CertificateKind {
    CertificateKind { title: title.to_owned(), authoritative, collective, issue }
}

fn refused() -> Issue {
    Issue::Refused { text: WHY.to_owned(), next: NEXT.to_owned() }
}

fn kinds() -> Vec<CertificateKind> {
    let some = Issue::ConsentingOnly { shown: 2, registered: 3 };
    vec![
        kind("Volante de empadronamiento", false, false, Issue::AtOnce),
        kind("Certificado de empadronamiento", true, false, Issue::AtOnce),
        kind("Certificado colectivo", true, true, some),
        kind("Certificado histórico", true, false, Issue::Queued { working_days: 5 }),
        kind(LONG, true, true, refused()),
    ]
}

pub(super) fn certificates(add: Add<'_>) {
    let name = "VECINA DE PRUEBA".to_owned();
    let long = "MARIA DE LOS DESAMPARADOS VECINA DE PRUEBA Y FERNANDEZ DE LA CONCEPCION".to_owned();
    let mut list = |part: &str, name: &str, kinds: Vec<CertificateKind>| {
        add(part, Some((3, 4)), true, Page::Certificates { name: name.to_owned(), kinds });
    };
    list("certificates", &name, kinds().into_iter().take(3).collect());
    list("certificates-many", &long, (0..4).flat_map(|_| kinds()).collect());
    list("certificates-refused", &name, kinds().into_iter().skip(3).collect());
    let soon = kind("Certificado de convivencia", true, true, Issue::Queued { working_days: 0 });
    let next = kind("Certificado negativo", true, false, Issue::Queued { working_days: 1 });
    list("certificates-queued", &name, vec![soon.clone(), next.clone()]);
    list("certificates-none", &name, Vec::new());
    let mut one = |part: &str, kind: CertificateKind, languages: &[Language], chosen| {
        let page = Page::Certificate { kind, languages: languages.to_vec(), chosen };
        add(part, Some((4, 4)), true, page);
    };
    let (two, three) = ([Language::Spanish, Language::Valencian], crate::LANGUAGES);
    let mut all = kinds().into_iter();
    for (part, languages, chosen) in [
        ("certificate-note", &two[..], Language::Valencian),
        ("certificate-at-once", &two[..1], Language::Spanish),
        ("certificate-consenting", &three[..], Language::English),
        ("certificate-queued", &two[..], Language::Spanish),
        ("certificate-refused-kind", &two[..], Language::Spanish),
    ] {
        if let Some(kind) = all.next() {
            one(part, kind, languages, chosen);
        }
    }
    one("certificate-long", kind(LONG, true, true, Issue::AtOnce), &three, Language::Spanish);
    one("certificate-soon", soon, &two, Language::Spanish);
    one("certificate-tomorrow", next, &two[..1], Language::Spanish);
    for (part, text, next) in [("certificate-refused", WHY, NEXT), ("certificate-refused-bare", "", "")] {
        let (title, text, next) = (LONG.to_owned(), text.to_owned(), next.to_owned());
        add(part, None, true, Page::CertificateRefused { title, text, next });
    }
    for (part, working_days) in [("queued", 5), ("queued-one-day", 1), ("queued-undated", 0)] {
        let (title, reference) = (LONG.to_owned(), "2026/00412-PAD-000017".to_owned());
        add(part, None, false, Page::CertificateQueued { title, reference, working_days });
    }
}

pub(super) fn printed(add: Add<'_>) {
    let title = || LONG.to_owned();
    add("take-document", Some((4, 4)), false, Page::TakeDocument { title: title(), pages: 1 });
    add("take-documents", Some((4, 4)), false, Page::TakeDocument { title: title(), pages: 3 });
    add("document-taken", Some((4, 4)), false, Page::DocumentTaken { title: title() });
    for (part, trouble) in [
        ("torn", DocumentTrouble::Torn),
        ("unknown", DocumentTrouble::Unknown),
        ("retracted", DocumentTrouble::Retracted),
        ("no-printer", DocumentTrouble::NoPrinter),
        ("not-received", DocumentTrouble::NotReceived),
    ] {
        for (suffix, again) in [("", false), ("-again", true)] {
            let page = Page::DocumentTrouble { title: title(), trouble, again };
            add(&format!("document-{part}{suffix}"), None, false, page);
        }
    }
}
