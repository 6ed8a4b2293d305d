//! Offices and services of the town, and when they are open. None of it exists.
//!
//! | service | where | slots |
//! |---|---|---|
//! | `padron` | `centre`, `north` | free ones every week |
//! | `taxes` | `centre` | free ones every week |
//! | `social` | `centre` | none for three weeks |
use jiff::civil::Weekday;

use crate::appointment_wire::{Office, Service};
use crate::citizen_wire::{Refusal, Translated};

/// When an office is open: days, and its first and last slot in minutes of the day.
pub(crate) struct Hours {
    pub office: &'static str,
    pub days: &'static [Weekday],
    pub first: u16,
    pub last: u16,
    pub every: u16,
}

const WEEK: [Weekday; 5] =
    [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];

/// `centre` in the morning, `north` on two afternoons.
pub(crate) const HOURS: [Hours; 2] = [
    Hours { office: "centre", days: &WEEK, first: 9 * 60, last: 13 * 60 + 45, every: 15 },
    Hours {
        office: "north",
        days: &[Weekday::Tuesday, Weekday::Thursday],
        first: 16 * 60,
        last: 18 * 60 + 40,
        every: 20,
    },
];

/// The service that is full.
pub(crate) const FULL: &str = "social";

pub(crate) fn services() -> Vec<Service> {
    let service = |service, name, offices: &[&'static str]| Service {
        service,
        name: Translated::of(name),
        offices: offices.to_vec(),
    };
    vec![
        service("padron", ["Padrón", "Padró", "Register of inhabitants"], &["centre", "north"]),
        service("taxes", ["Tributos", "Tributs", "Taxes"], &["centre"]),
        service("social", ["Servicios sociales", "Serveis socials", "Social services"], &["centre"]),
    ]
}

pub(crate) fn offices() -> Vec<Office> {
    let office = |office, name, address| Office { office, name: Translated::of(name), address };
    vec![
        office(
            "centre",
            ["Oficina central", "Oficina central", "Central office"],
            "Plaza Mayor, 1, 30149 Villa de Prueba",
        ),
        office(
            "north",
            ["Oficina del distrito Norte", "Oficina del districte Nord", "North district office"],
            "Avenida del Ejemplo, 40, 30149 Villa de Prueba",
        ),
    ]
}

pub(crate) fn bring(service: &str) -> Vec<Translated> {
    let document = Translated::of([
        "Su documento de identidad.",
        "El seu document d'identitat.",
        "Your identity document.",
    ]);
    let lease = Translated::of([
        "El contrato de alquiler o la escritura.",
        "El contracte de lloguer o l'escriptura.",
        "The lease or the title deed.",
    ]);
    if service == "padron" { vec![document, lease] } else { vec![document] }
}

pub(crate) fn channels() -> Vec<Translated> {
    vec![
        Translated::of([
            "Llame al 010, de 8 a 20 h.",
            "Telefone al 010, de 8 a 20 h.",
            "Call 010, from 8 a.m. to 8 p.m.",
        ]),
        Translated::of([
            "Sin cita en la oficina central, los lunes de 9 a 11 h.",
            "Sense cita en l'oficina central, els dilluns de 9 a 11 h.",
            "Without an appointment at the central office, Mondays from 9 to 11 a.m.",
        ]),
    ]
}

/// Why an appointment is not made or cancelled.
pub(crate) fn refusal(code: &str) -> Refusal {
    let text = match code {
        "card-needed" => [
            "Para pedir cita hay que entrar con una tarjeta.",
            "Per a demanar cita cal entrar amb una targeta.",
            "An appointment is made with a card only.",
        ],
        "already-booked" => [
            "Ya tiene una cita para este trámite.",
            "Ja té una cita per a este tràmit.",
            "You already have an appointment for this.",
        ],
        "appointment-unknown" => [
            "No hay ninguna cita con estos datos.",
            "No hi ha cap cita amb estes dades.",
            "There is no appointment with these data.",
        ],
        "too-late" => [
            "La hora de la cita ya ha pasado.",
            "L'hora de la cita ja ha passat.",
            "The time of the appointment has passed.",
        ],
        _ => ["Esta cita no se puede dar.", "Esta cita no es pot donar.", "This appointment cannot be made."],
    };
    let next = [
        "Elija otra opción o llame al 010.",
        "Trie una altra opció o telefone al 010.",
        "Choose something else or call 010.",
    ];
    Refusal { code: code.into(), text: Translated::of(text), next: Translated::of(next) }
}
