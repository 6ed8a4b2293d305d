//! Views of every page and every variant, with the longest data that is likely: for looking at the pages, and for
//! the tests. All people are made up.
use crate::view::*;

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
    refusals(&mut add);
    cash(&mut add);
    working(&mut add);
    outcomes(&mut add);
    incidents(&mut add);
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
            cash: Some(Unavailable::NoPrinter),
            card: Some(Unavailable::SedeUnreachable),
        },
    );
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

fn money(refused: &[i64]) -> Vec<Denomination> {
    let notes = [500, 1000, 2000, 5000].map(|value| (value, false));
    let coins = [10, 20, 50, 100, 200].map(|value| (value, true));
    notes
        .into_iter()
        .chain(coins)
        .map(|(value, coin)| Denomination { value: Amount(value), coin, accepted: !refused.contains(&value) })
        .collect()
}

fn cash(add: Add<'_>) {
    let amount = Amount(6540);
    let terms = |refused: &[i64], exact_only| Page::CashTerms {
        amount,
        denominations: money(refused),
        coin_limit: 50,
        exact_only,
    };
    add("terms", Some((3, 4)), true, terms(&[5000], false));
    add("terms-exact", Some((3, 4)), true, terms(&[500, 1000, 2000, 5000], true));
    let page = |inserted, refused: &[i64], checking, rejected, returnable| Page::Cash {
        amount: Amount(if refused.is_empty() { 999_999 } else { 6540 }),
        inserted: Amount(inserted),
        denominations: money(refused),
        checking,
        rejected,
        returnable: Amount(returnable),
    };
    add("cash-empty", Some((3, 4)), true, page(0, &[], false, false, 0));
    add("cash-half", Some((3, 4)), false, page(5000, &[5000], false, false, 5000));
    add("cash-checking", Some((3, 4)), false, page(5000, &[2000, 5000], true, false, 3000));
    add("cash-rejected", Some((3, 4)), false, page(5000, &[2000, 5000, 10, 20], false, true, 3000));
    add("cash-slip-only", Some((3, 4)), false, page(5000, &[1000, 2000, 5000], false, false, 0));
    let none = [500, 1000, 2000, 5000, 10, 20, 50, 100, 200];
    add("cash-full", Some((3, 4)), false, page(7000, &none, false, false, 7000));
}

fn working(add: Add<'_>) {
    for (name, work) in [
        ("asking", Work::AskingSede),
        ("preparing", Work::PreparingCash),
        ("booking", Work::Booking),
        ("change", Work::GivingChange { given: Amount(200), of: Amount(460) }),
        ("giving-back", Work::GivingBack { given: Amount(0), of: Amount(5000) }),
        ("printing", Work::Printing),
        ("recovering", Work::Recovering),
    ] {
        add(&format!("working-{name}"), Some((4, 4)), false, Page::Working { work });
    }
}

fn outcomes(add: Add<'_>) {
    for (name, change, receipt) in [
        ("paid", 460, Slip::Printed),
        ("paid-printing", 460, Slip::Printing),
        ("paid-no-receipt", 460, Slip::Impossible),
        ("paid-exact", 0, Slip::Printed),
    ] {
        let page = Page::Paid {
            concept: "Impuesto sobre vehículos de tracción mecánica 2026".to_owned(),
            amount: Amount(6540),
            inserted: Amount(6540 + change),
            change: Amount(change),
            operation: "2026-00412-K07".to_owned(),
            receipt,
        };
        add(name, Some((4, 4)), false, page);
    }
    add("cancelled", None, false, Page::Cancelled { returned: Amount(5000) });
    add("cancelled-nothing", None, false, Page::Cancelled { returned: Amount(0) });
}

fn incidents(add: Add<'_>) {
    for (name, kind, paid, owed, in_question, slip) in [
        ("change-owed", IncidentKind::ChangeOwed, true, 260, 0, Slip::Printing),
        ("refund-owed", IncidentKind::RefundOwed, false, 5000, 0, Slip::Printed),
        ("to-confirm", IncidentKind::PaymentToConfirm, false, 0, 0, Slip::Printed),
        ("refused", IncidentKind::PaymentRefused, false, 7000, 0, Slip::Impossible),
        ("note-unknown", IncidentKind::NoteUnknown, false, 2000, 5000, Slip::Impossible),
        ("payout-unknown", IncidentKind::PayoutUnknown, true, 0, 460, Slip::Printed),
        ("money-uncounted", IncidentKind::MoneyUncounted, true, 0, 0, Slip::Printed),
        ("interrupted", IncidentKind::Interrupted, true, 0, 0, Slip::Printed),
        ("interrupted-open", IncidentKind::Interrupted, false, 0, 0, Slip::Impossible),
    ] {
        let incident = Incident {
            kind,
            paid,
            owed: Amount(owed),
            in_question: Amount(in_question),
            claim: "7F3K-92".to_owned(),
            slip,
        };
        add(&format!("incident-{name}"), None, false, Page::Incident(incident));
    }
}
