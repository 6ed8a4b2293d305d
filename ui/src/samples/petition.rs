//! Samples of a petition: what is written, chosen, scanned, checked, signed, and what became of it.
use std::sync::LazyLock;

use super::Add;
use crate::view::*;

const BODY: &str = "Ayuntamiento de Villamar, Concejalía de Urbanismo, Vivienda y Medio Ambiente";
const FACTS: &str = "El día 3 de noviembre, en la C/ Mayor, delante del número 12, se hundió la acera después de las \
                     lluvias.\nDesde entonces no se puede pasar con un carrito ni con una silla de ruedas, y ya se han \
                     caído dos vecinas.\nAvisé por teléfono al 010 los días 4 y 10, sin respuesta.";
const REQUEST: &str = "Que arreglen la acera cuanto antes, y que mientras tanto pongan una valla y una luz.";
const NAME: &str = "MARIA DE LOS DESAMPARADOS VECINA DE PRUEBA Y FERNANDEZ DE LA CONCEPCION";

/// A text of the greatest length, in lines.
fn long() -> String {
    let mut text = String::new();
    while text.chars().count() < 4000 {
        text.push_str(FACTS);
        text.push_str("\n\n");
    }
    text.chars().take(4000).collect()
}

fn item(title: &str, text: &str, off: bool) -> Item {
    Item { title: title.to_owned(), text: text.to_owned(), off }
}

struct Writing {
    field: WriteField,
    text: String,
    cursor: Option<u16>,
    longest: u16,
    lines: bool,
    optional: bool,
    keys: WriteKeys,
    problem: Option<WriteProblem>,
}

fn writing(field: WriteField, text: &str) -> Writing {
    let (longest, lines, optional) = match field {
        WriteField::Facts | WriteField::Request => (4000, true, false),
        WriteField::PostalAddress => (160, true, false),
        WriteField::Email => (80, false, true),
        WriteField::Telephone => (15, false, true),
        WriteField::RepresentedNumber | WriteField::OwnNumber => (12, false, false),
        WriteField::SlipCode => (10, false, false),
        WriteField::NumberEnd => (4, false, false),
        WriteField::RepresentedName
        | WriteField::RepresentedSurnames
        | WriteField::AttachmentName
        | WriteField::OwnName => (80, false, false),
    };
    let (text, keys) = (text.to_owned(), WriteKeys::Small);
    Writing { field, text, cursor: None, longest, lines, optional, keys, problem: None }
}

fn page(writing: Writing) -> Page {
    let Writing { field, text, cursor, longest, lines, optional, keys, problem } = writing;
    let count = u16::try_from(text.chars().count()).unwrap_or(u16::MAX);
    let complete = count >= 3;
    let undo = count > 0;
    let cursor = cursor.unwrap_or(count);
    Page::Write { field, text, cursor, longest, lines, complete, optional, undo, keys, problem }
}

const CONSENT: &str = "He leído la solicitud y consiento en que el Ayuntamiento de Prueba la registre con mi identidad, \
    sin otra firma. La sede sella mi identidad, la hora, el texto y los documentos como prueba.";

const FIELDS: [(&str, WriteField, &str, &str); 13] = [
    ("represented-name", WriteField::RepresentedName, "Vecino de Prueba", NAME),
    ("represented-surnames", WriteField::RepresentedSurnames, "De Prueba", NAME),
    ("represented-number", WriteField::RepresentedNumber, "12345678Z", "X-1234567-L"),
    ("facts", WriteField::Facts, FACTS, FACTS),
    ("request", WriteField::Request, REQUEST, REQUEST),
    (
        "email",
        WriteField::Email,
        "vecina@correo.es",
        "vecina.de.prueba_y.fernandez+avisos@correo-electronico.villamar.example",
    ),
    ("telephone", WriteField::Telephone, "600000000", "+34600000000000"),
    (
        "address",
        WriteField::PostalAddress,
        "C/ Mayor, 12, 3.º B\n46000 Villamar",
        "Avenida de la Constitución, número 112, escalera izquierda, planta 3.ª, puerta 14\nUrbanización \
         Los Almendros\n46000 Villamar de la Concepción (València)",
    ),
    (
        "attachment-name",
        WriteField::AttachmentName,
        "Recibo de la luz",
        "Informe del médico sobre la caída del día 3",
    ),
    ("own-name", WriteField::OwnName, "Vecina de Prueba", NAME),
    ("own-number", WriteField::OwnNumber, "00000014Z", "X1234567L"),
    ("slip-code", WriteField::SlipCode, "K7M2XR4", "K7M2XR4P9T"),
    ("number-end", WriteField::NumberEnd, "678Z", "567L"),
];

pub(super) fn writings(add: Add<'_>) {
    let mut add = |name: &str, writing| add(&format!("write-{name}"), Some((3, 6)), true, page(writing));
    for (name, field, usual, longest) in FIELDS {
        add(&format!("{name}-empty"), writing(field, ""));
        add(name, writing(field, usual));
        if longest != usual {
            add(&format!("{name}-longest"), writing(field, longest));
        }
    }
    let facts = || writing(WriteField::Facts, FACTS);
    add("facts-capital", Writing { keys: WriteKeys::Capital, ..writing(WriteField::Facts, "") });
    add("facts-capitals", Writing { keys: WriteKeys::CapitalLock, ..facts() });
    add("facts-symbols", Writing { keys: WriteKeys::Symbols, ..facts() });
    add("name-symbols", Writing { keys: WriteKeys::Symbols, ..writing(WriteField::OwnName, "Vecina ") });
    add("facts-longest", Writing { text: long(), ..facts() });
    add("facts-middle", Writing { text: long(), cursor: Some(2000), ..facts() });
    add("facts-beginning", Writing { text: long(), cursor: Some(0), ..facts() });
    add("facts-lines", writing(WriteField::Facts, "\n\n\n\n\n\n\n"));
    let problem = |problem, field, text: &str| Writing { problem: Some(problem), ..writing(field, text) };
    for (name, wrong, field, text) in [
        ("too-short", WriteProblem::TooShort, WriteField::Request, "Sí"),
        ("not-an-email", WriteProblem::NotAnEmail, WriteField::Email, "vecina.correo.es"),
        ("not-a-telephone", WriteProblem::NotATelephone, WriteField::Telephone, "60000"),
        ("not-an-address", WriteProblem::NotAnAddress, WriteField::PostalAddress, "C/ Mayor, 12"),
        ("form", WriteProblem::NumberForm, WriteField::OwnNumber, "AB12"),
        ("letter-missing", WriteProblem::NumberLetterMissing, WriteField::OwnNumber, "12345678"),
        ("letter", WriteProblem::NumberLetter, WriteField::RepresentedNumber, "12345678A"),
        (
            "company",
            WriteProblem::NumberKind(NumberKind::Company),
            WriteField::RepresentedNumber,
            "B00000000",
        ),
        ("not-nie", WriteProblem::NumberKind(NumberKind::NotNie), WriteField::OwnNumber, "12345678Z"),
        ("own", WriteProblem::NumberKind(NumberKind::Own), WriteField::RepresentedNumber, "12345678Z"),
        ("slip", WriteProblem::SlipCode, WriteField::SlipCode, "K7M2XR5"),
        ("not-found", WriteProblem::NotFound, WriteField::NumberEnd, "678Z"),
        ("tries", WriteProblem::TooManyTries, WriteField::NumberEnd, "678Z"),
        ("sede", WriteProblem::SedeUnreachable, WriteField::NumberEnd, "678Z"),
        ("facts", WriteProblem::TooShort, WriteField::Facts, FACTS),
        ("facts-longest", WriteProblem::TooShort, WriteField::Facts, &long()),
    ] {
        add(&format!("problem-{name}"), problem(wrong, field, text));
    }
}

pub(super) fn choices(add: Add<'_>) {
    let mut list = |part: &str, question, name: &str, items: Vec<Item>| {
        add(
            &format!("choose-{part}"),
            Some((1, 6)),
            true,
            Page::Choose { question, name: name.to_owned(), items },
        );
    };
    let bodies = || {
        vec![
            item("Ayuntamiento de Villamar", "Si no sabe a quién escribir.", false),
            item(BODY, "Obras, calles, licencias y ruido.", false),
            item(
                "Servicios Sociales",
                "Ahora no admite instancias. Vaya a la oficina de la C/ Mayor, 1.",
                true,
            ),
        ]
    };
    list("body", Question::Body, "VECINA DE PRUEBA", bodies());
    list("body-one", Question::Body, "", bodies().into_iter().take(1).collect());
    list("body-many", Question::Body, NAME, (0..90).flat_map(|_| bodies()).collect());
    list("body-none", Question::Body, "", Vec::new());
    let kinds = ["DNI o NIE", "Factura o recibo", "Informe médico", "Otro documento"];
    list("kind", Question::AttachmentKind, "", kinds.map(|kind| item(kind, "", false)).to_vec());
    let kinds = crate::attachment_kinds(Language::Spanish).into_iter();
    let kinds = kinds.chain([crate::attachment_other(Language::Spanish)]);
    list("kind-all", Question::AttachmentKind, "", kinds.map(|kind| item(kind, "", false)).collect());
    let services = [
        ("Padrón y censo", "Altas, cambios de casa y bajas."),
        ("Servicios Sociales: primera entrevista", "Dura media hora."),
        ("Impuestos y multas", ""),
    ];
    let services = || services.map(|(title, text)| item(title, text, false)).to_vec();
    list("service", Question::AppointmentService, "", services());
    list("service-none", Question::AppointmentService, "", Vec::new());
    let offices = vec![
        item("Oficina central", "C/ Mayor, 1. Primera cita: mañana a las 9:30.", false),
        item("Centro cívico del Puerto", "Avda. del Mar, s/n. No hay citas hasta el 31/12/2026.", true),
    ];
    list("office", Question::AppointmentOffice, "", offices);
    let days: Vec<Item> = (1..=22)
        .map(|day| {
            item(
                &format!("miércoles {day} de diciembre de 2026"),
                if day % 5 == 0 { "Completo" } else { "12 horas libres" },
                day % 5 == 0,
            )
        })
        .collect();
    list("day", Question::AppointmentDay, "", days);
    let long_days = (1..=22).map(|day| item(&format!("miércoles {day} de septiembre de 2026"), "", false));
    list("day-plain", Question::AppointmentDay, "", long_days.collect());
    let hours = |count: u32| -> Vec<Item> {
        (0..count).map(|at| item(&format!("{}:{:02}", 9 + at / 4, at % 4 * 15), "", at % 7 == 6)).collect()
    };
    list("hour", Question::AppointmentHour, "", hours(7));
    list("hour-one", Question::AppointmentHour, "", hours(1));
    list("hour-many", Question::AppointmentHour, "", hours(40));
    list(
        "hour-words",
        Question::AppointmentHour,
        "",
        vec![item("a las nueve y cuarto", "Mostrador 3", false)],
    );
    let own = vec![
        item("miércoles 2 de diciembre de 2026, 9:30", "Padrón y censo", false),
        item("miércoles 30 de septiembre de 2026, 12:15", "Servicios Sociales: primera entrevista", false),
    ];
    list("own", Question::OwnAppointments, NAME, own);
    list("own-none", Question::OwnAppointments, NAME, Vec::new());
}

static UPRIGHT: LazyLock<Picture> = LazyLock::new(|| sheet(496, 702, false));
static SIDEWAYS: LazyLock<Picture> = LazyLock::new(|| sheet(702, 496, false));
static BLANK: LazyLock<Picture> = LazyLock::new(|| sheet(496, 702, true));
static CARD: LazyLock<Picture> = LazyLock::new(|| sheet(425, 270, false));
static STRIP: LazyLock<Picture> = LazyLock::new(|| sheet(84, 702, false));

/// A sheet as a scanner sees it: grey lines of writing on paper, or paper alone.
fn sheet(width: u32, height: u32, blank: bool) -> Picture {
    let ink = move |x: u32, y: u32| {
        let (column, row) = (x * 100 / width, y * 140 / height);
        let inside = (10..90).contains(&column) && (12..128).contains(&row);
        !blank && inside && row % 5 < 2 && (column * 7 + row * 13) % 11 < 8
    };
    let pixel = move |x, y| if ink(x, y) { [58, 62, 70] } else { [246, 243, 235] };
    let pixels = (0..height).flat_map(move |y| (0..width).flat_map(move |x| pixel(x, y))).collect();
    Picture { width, height, pixels }
}

pub(super) fn scans(add: Add<'_>) {
    let mut from = |name: &str, feeder, flatbed, pages, problem| {
        let page = Page::ScanFrom { feeder, flatbed, pages, problem };
        add(&format!("scan-from{name}"), Some((4, 6)), true, page);
    };
    from("", true, true, 0, None);
    from("-no-feeder", false, true, 0, None);
    from("-no-glass", true, false, 1, None);
    from("-nothing", false, false, 12, None);
    for (name, problem) in [
        ("empty", ScanProblem::FeederEmpty),
        ("jam", ScanProblem::Jam),
        ("double", ScanProblem::DoubleFeed),
        ("cover", ScanProblem::CoverOpen),
        ("busy", ScanProblem::Busy),
        ("warming-up", ScanProblem::WarmingUp),
        ("failed", ScanProblem::Failed),
        ("too-large", ScanProblem::TooLarge),
        ("too-many", ScanProblem::TooManyPages),
    ] {
        from(&format!("-{name}"), true, true, 0, Some(problem));
        from(&format!("-{name}-later"), true, true, 17, Some(problem));
    }
    let mut scanned = |name: &str, picture: &Picture, page, pages, blank, more| {
        let page = Page::ScannedPage { picture: picture.clone(), page, pages, blank, more };
        add(&format!("scanned{name}"), Some((4, 6)), true, page);
    };
    scanned("", &UPRIGHT, 1, 1, false, true);
    scanned("-many", &UPRIGHT, 2, 5, false, true);
    scanned("-last", &UPRIGHT, 198, 198, false, false);
    scanned("-sideways", &SIDEWAYS, 1, 3, false, false);
    scanned("-blank", &BLANK, 4, 5, true, true);
    scanned("-card", &CARD, 1, 1, false, true);
    scanned("-strip", &STRIP, 1, 2, true, true);
    scanned("-unseen", &Picture::default(), 1, 1, false, false);
    add("more-sheets", Some((4, 6)), true, Page::MoreSheets { pages: 12, blanks: 0 });
    add("more-sheets-blank", Some((4, 6)), true, Page::MoreSheets { pages: 12, blanks: 6 });
    add("more-sheets-one", Some((4, 6)), true, Page::MoreSheets { pages: 1, blanks: 0 });
}

fn documents(count: usize) -> Vec<Attachment> {
    let names = [
        ("Recibo de la luz", 1),
        ("Informe del médico sobre la caída del día 3", 12),
        ("Fotos", 4),
        ("DNI", 2),
        ("Declaración jurada de los vecinos del edificio y de la comunidad", 198),
    ];
    let document = |(name, pages): &(&str, u16)| Attachment {
        name: (*name).to_owned(),
        pages: *pages,
        bytes: u32::from(*pages) * 310_000,
    };
    names.iter().cycle().take(count).map(document).collect()
}

pub(super) fn attachments(add: Add<'_>) {
    for (name, count, most, bytes_left) in [
        ("none", 0, 5, 15_000_000),
        ("one", 1, 5, 14_000_000),
        ("four", 4, 5, 820_000),
        ("full", 5, 5, 4_000_000),
        ("no-room", 3, 5, 0),
        ("many", 23, 30, 4_000_000),
    ] {
        let page = Page::Attachments { items: documents(count), most, bytes_left };
        add(&format!("attachments-{name}"), Some((4, 6)), true, page);
    }
    for (name, count, parts) in [("", 1, 1), ("-long", 2, 1), ("-parts", 5, 7)] {
        if let Some(Attachment { name: called, pages, bytes }) = documents(count).pop() {
            let page = Page::Attachment { name: called, pages, bytes, parts };
            add(&format!("attachment{name}"), Some((4, 6)), true, page);
        }
    }
}

pub(super) fn signing(add: Add<'_>) {
    add("on-behalf", Some((2, 6)), true, Page::OnBehalf);
    add("notification", Some((3, 6)), true, Page::Notification { postal: true });
    add("notification-sede-only", Some((3, 6)), true, Page::Notification { postal: false });
    let check = |represented: Option<&str>, facts: &str, contact: &str, count| Page::PetitionCheck {
        to: BODY.to_owned(),
        person: format!("{NAME}, 12345678Z"),
        represented: represented.map(str::to_owned),
        facts: facts.to_owned(),
        request: REQUEST.to_owned(),
        notification: "Por internet, en la sede electrónica".to_owned(),
        contact: contact.to_owned(),
        attachments: documents(count),
    };
    add("check", Some((5, 6)), true, check(None, "La farola de mi calle no se enciende.", "", 0));
    add(
        "check-usual",
        Some((5, 6)),
        true,
        check(Some("VECINO DE PRUEBA, X1234567L"), FACTS, "vecina@correo.es", 3),
    );
    add("check-longest", Some((5, 6)), true, check(None, &long(), "vecina@correo.es, 600000000", 5));
    let wide = "W".repeat(600);
    add("check-wide", Some((5, 6)), true, check(None, &wide, "", 0));
    let (blocked, unusable) = (Some(SignatureProblem::PinBlocked), Some(SignatureProblem::Unusable));
    for (name, attachments, own_signature, problem) in [
        ("", 0, false, None),
        ("-card", 1, true, None),
        ("-many", 5, true, None),
        ("-blocked", 1, false, blocked),
        ("-unusable", 0, false, unusable),
        ("-failed", 5, true, Some(SignatureProblem::Failed)),
    ] {
        let text = if attachments > 1 { "He leído la solicitud. ".repeat(26) } else { CONSENT.to_owned() };
        let page = Page::Consent { to: BODY.to_owned(), attachments, text, own_signature, problem };
        add(&format!("consent{name}"), Some((6, 6)), true, page);
    }
    add("give-up", Some((2, 6)), true, Page::GiveUp);
    let day = Day { year: 2026, month: 12, day: 1 };
    for (name, effective, receipt) in [
        ("", None, Slip::Printed),
        ("-printing", None, Slip::Printing),
        ("-sunday", Some(day), Slip::Printed),
        ("-no-receipt", Some(day), Slip::Impossible),
    ] {
        let page = Page::Registered {
            number: "REGAGE26e00012345678".to_owned(),
            at: "domingo 29 de noviembre de 2026, 23:59".to_owned(),
            effective,
            receipt,
        };
        add(&format!("registered{name}"), None, false, page);
    }
    let words = |words: &str| words.to_owned();
    let why = "El plazo de esta convocatoria terminó el 20/11/2026 y la sede ya no admite solicitudes.";
    let next = "Puede presentar un recurso en la oficina de atención, con cita previa, en un mes.";
    for (name, trouble) in [
        ("not-sent", PetitionTrouble::NotSent),
        ("unknown", PetitionTrouble::RegisteredUnknown { reference: words("2026-00412-K07") }),
        ("unknown-bare", PetitionTrouble::RegisteredUnknown { reference: String::new() }),
        ("refused", PetitionTrouble::Refused { text: words(why), next: words(next) }),
        ("refused-bare", PetitionTrouble::Refused { text: String::new(), next: String::new() }),
        ("too-large", PetitionTrouble::TooLarge),
    ] {
        add(&format!("petition-{name}"), None, true, Page::PetitionTrouble { trouble });
    }
}
