//! Views of every page and every variant, with the longest data that is likely: for looking at the pages, and for
//! the tests. All people are made up.
mod appointment;
mod identity;
mod outcome;
mod petition;

use crate::view::*;
use appointment::appointments;
use identity::{cards, certificates, pins, printed, refused_cards};
use outcome::{cash, incidents, outcomes, working};
use petition::{attachments, choices, scans, signing, writings};

/// A town hall with a long name.
#[must_use]
pub fn branding() -> Branding {
    Branding {
        name: "Ayuntamiento de Villamar".to_owned(),
        initials: "V".to_owned(),
        shield_png: None,
        action_colour: crate::DEFAULT_ACTION_COLOUR,
        attract_line: [String::new(), String::new(), String::new()],
        help_line: [
            "Oficina de atención, C/ Mayor, 1. Teléfono 010.".to_owned(),
            "Oficina d'atenció, C/ Major, 1. Telèfon 010.".to_owned(),
            "Help office, C/ Mayor, 1. Telephone 010.".to_owned(),
        ],
    }
}

/// Where things are on the reference cabinet.
#[must_use]
pub fn places() -> crate::Places {
    let words = |spanish: &str, valencian: &str, english: &str| {
        [spanish.to_owned(), valencian.to_owned(), english.to_owned()]
    };
    crate::Places {
        reader: words(
            "Debajo de la pantalla, a la derecha.",
            "Davall de la pantalla, a la dreta.",
            "Below the screen, on the right.",
        ),
        notes: words("a la derecha", "a la dreta", "on the right"),
        coins: words("más abajo, a la derecha", "més avall, a la dreta", "further down, on the right"),
        tray: words(
            "En la bandeja, abajo a la derecha.",
            "En la safata, baix a la dreta.",
            "In the tray, at the bottom right.",
        ),
        printer: words(
            "Debajo de la pantalla, en el centro.",
            "Davall de la pantalla, en el centre.",
            "Below the screen, in the middle.",
        ),
        card: words(
            "Debajo de la pantalla, a la izquierda.",
            "Davall de la pantalla, a l'esquerra.",
            "Below the screen, on the left.",
        ),
        document: words(
            "En la salida grande, abajo en el centro.",
            "En l'eixida gran, baix en el centre.",
            "At the large outlet, at the bottom centre.",
        ),
        scanner: words(
            "El escáner está a la derecha, sobre la mesa.",
            "L'escàner està a la dreta, damunt de la taula.",
            "The scanner is on the right, on the table.",
        ),
    }
}

/// A name and a view for every page and variant, in a language.
#[must_use]
pub fn all(language: Language) -> Vec<(String, View)> {
    let mut list = Vec::new();
    let mut add = |name: &str, step: Option<(u8, u8)>, back: bool, page: Page| {
        list.push((name.to_owned(), View { language, step, page, idle_warning: None, back }));
    };
    start(&mut add);
    document(&mut add);
    fine(&mut add);
    refusals(&mut add);
    cash(&mut add);
    working(&mut add);
    outcomes(&mut add);
    incidents(&mut add);
    cards(&mut add);
    pins(&mut add);
    refused_cards(&mut add);
    certificates(&mut add);
    printed(&mut add);
    choices(&mut add);
    writings(&mut add);
    scans(&mut add);
    attachments(&mut add);
    signing(&mut add);
    appointments(&mut add);
    add("help", None, true, Page::Help);
    add("out-of-service", None, false, Page::OutOfService);
    let covered = list.iter().find(|(name, _)| name == "cash-half").map(|(_, view)| view.clone());
    if let Some(mut view) = covered {
        view.idle_warning = Some(30);
        list.push(("idle-warning".to_owned(), view));
    }
    list
}

type Add<'a> = &'a mut dyn FnMut(&str, Option<(u8, u8)>, bool, Page);

fn services(out: &[(Service, Unavailable)]) -> Vec<ServiceEntry> {
    [Service::Padron, Service::Payment, Service::Petition, Service::Appointment]
        .into_iter()
        .map(|service| ServiceEntry {
            service,
            unavailable: out.iter().find(|(known, _)| *known == service).map(|(_, why)| *why),
        })
        .collect()
}

const OUT: [(Service, Unavailable); 2] =
    [(Service::Appointment, Unavailable::NotOffered), (Service::Petition, Unavailable::DeviceOut)];

fn start(add: Add<'_>) {
    add("attract", None, false, Page::Attract { services: services(&[]) });
    add("attract-some-out", None, false, Page::Attract { services: services(&OUT) });
    add("languages", None, true, Page::Languages);
    add("menu", None, true, Page::Menu { services: services(&[]) });
    add("menu-some-out", None, true, Page::Menu { services: services(&OUT) });
    let all_out = [
        (Service::Padron, Unavailable::NoPrinter),
        (Service::Payment, Unavailable::SedeUnreachable),
        (Service::Petition, Unavailable::AboveCashLimit),
        (Service::Appointment, Unavailable::NoChange),
    ];
    add("menu-all-out", None, false, Page::Menu { services: services(&all_out) });
}

fn document(add: Add<'_>) {
    let problems = [
        ("", None),
        ("-unreadable", Some(DocumentProblem::Unreadable)),
        ("-not-a-document", Some(DocumentProblem::NotADocument)),
        ("-control-digits", Some(DocumentProblem::ControlDigits)),
        ("-sede", Some(DocumentProblem::SedeUnreachable)),
    ];
    for (name, problem) in &problems {
        add(
            &format!("scan{name}"),
            Some((1, 4)),
            true,
            Page::Scan { reader: true, problem: problem.clone() },
        );
    }
    add("scan-no-reader", Some((1, 4)), true, Page::Scan { reader: false, problem: None });
    for (name, field, digits, longest, complete, problem) in [
        ("type-issuer-empty", TypedField::Issuer, "", 6, false, None),
        ("type-issuer", TypedField::Issuer, "460123", 6, true, None),
        (
            "type-reference",
            TypedField::Reference,
            "000012345678",
            12,
            true,
            Some(DocumentProblem::ControlDigits),
        ),
        ("type-identification", TypedField::Identification, "1004261", 10, true, None),
        ("type-amount", TypedField::Amount, "99999999", 8, true, Some(DocumentProblem::SedeUnreachable)),
        ("type-amount-empty", TypedField::Amount, "", 8, false, None),
    ] {
        let digits = digits.to_owned();
        add(name, Some((1, 4)), true, Page::Type { field, digits, longest, complete, problem });
    }
    let bill = |cash, card| Page::Bill {
        concept: "Impuesto sobre vehículos de tracción mecánica 2026".to_owned(),
        masked_name: "V••••• D• P•••••".to_owned(),
        reference: "000012345678".to_owned(),
        last_day: Some(Day { year: 2026, month: 9, day: 20 }),
        amount: Amount(999_999),
        reduction: None,
        cash,
        card,
    };
    add("bill", Some((2, 4)), true, bill(None, None));
    add("bill-no-cash", Some((2, 4)), true, bill(Some(Unavailable::AboveCashLimit), None));
    add("bill-no-card", Some((2, 4)), true, bill(None, Some(Unavailable::NotOffered)));
    add("bill-nothing", Some((2, 4)), true, bill(Some(Unavailable::NoChange), Some(Unavailable::DeviceOut)));
    add(
        "bill-short",
        Some((2, 4)),
        true,
        Page::Bill {
            concept: "Multa de tráfico".to_owned(),
            masked_name: String::new(),
            reference: "2026-00412-K07".to_owned(),
            last_day: None,
            amount: Amount(6540),
            reduction: None,
            cash: Some(Unavailable::NoPrinter),
            card: Some(Unavailable::SedeUnreachable),
        },
    );
}

fn fine(add: Add<'_>) {
    let (soon, later) = (Day { year: 2026, month: 9, day: 20 }, Some(Day { year: 2026, month: 11, day: 30 }));
    for (name, amount, last_day) in
        [("", 10_000, later), ("-undated", 10_000, None), ("-large", 499_999, later)]
    {
        let reduction = Reduction { full_amount: Amount(amount * 2 + amount % 2), until: soon };
        let amount = Amount(amount);
        let bill = Page::Bill {
            concept: "Sanción de tráfico por exceso de velocidad, expediente 2026/000124".to_owned(),
            masked_name: "V••••• D• P•••••".to_owned(),
            reference: "000012345678".to_owned(),
            last_day,
            amount,
            reduction: Some(reduction),
            cash: None,
            card: Some(Unavailable::NotOffered),
        };
        add(&format!("bill-reduced{name}"), Some((2, 4)), true, bill);
        add(&format!("waiver{name}"), Some((3, 4)), true, Page::Waiver { amount, reduction, last_day });
    }
}

fn refusals(add: Add<'_>) {
    let day = Day { year: 2026, month: 9, day: 20 };
    for (name, refusal) in [
        ("refused-lapsed", Refusal::Lapsed { last_day: Some(day) }),
        ("refused-lapsed-undated", Refusal::Lapsed { last_day: None }),
        ("refused-unknown", Refusal::Unknown),
        ("refused-paid", Refusal::AlreadyPaid { paid_on: Some(day) }),
        ("refused-paid-undated", Refusal::AlreadyPaid { paid_on: None }),
        (
            "refused-elsewhere",
            Refusal::NotPayableHere {
                collector: "Servicio Provincial de Gestión Tributaria y Recaudación".to_owned(),
                advice:
                    "Llame al 900 000 000 o vaya a su oficina, Avda. de la Constitución, 12, de 9 a 14 h."
                        .to_owned(),
            },
        ),
        (
            "refused-elsewhere-bare",
            Refusal::NotPayableHere { collector: String::new(), advice: String::new() },
        ),
        ("refused-settling", Refusal::BeingSettled),
    ] {
        add(name, Some((2, 4)), true, Page::Refused { refusal });
    }
}
