//! The procedure from the offers to the paper, and against every order of events: nothing of a citizen stays once the
//! card is out, and a paper that is on its way comes out whole and is reported once.
use proptest::prelude::*;
use ui::{CertificateKind, Intent, Page};

use super::*;

const NAME: &str = "VECINA DE PRUEBA";

fn facts() -> Facts<'static> {
    Facts { name: Some(NAME), printer: true, language: Language::Spanish }
}

fn gone() -> Facts<'static> {
    Facts { name: None, ..facts() }
}

fn offer(kind: &str, issue: ui::Issue) -> Offer {
    let shown = |title: &str| CertificateKind {
        title: title.to_owned(),
        authoritative: false,
        collective: false,
        issue: issue.clone(),
    };
    Offer {
        kind: kind.to_owned(),
        shown: [shown("Volante"), shown("Volant"), shown("Note")],
        languages: vec![Language::Spanish, Language::Valencian],
    }
}

fn offered() -> Offered {
    let refused = ui::Issue::Refused { text: "Está pendiente.".to_owned(), next: "Pida cita.".to_owned() };
    Offered::Certificates(vec![
        offer("volante-individual", ui::Issue::AtOnce),
        offer("certificado-colectivo", refused),
    ])
}

fn document() -> IssuedCertificate {
    IssuedCertificate {
        certificate: "C-2026-000001".to_owned(),
        sha256: [7; 32],
        bytes: 4711,
        pages: 2,
        issued_at: jiff::Timestamp::UNIX_EPOCH,
    }
}

/// At the choice.
fn choosing() -> Padron {
    let (mut padron, begun) = Padron::begin();
    assert_eq!(begun, [Action::AskOffers]);
    assert!(padron.answer(&facts(), Answer::Offered(Some(offered()))).is_empty());
    padron
}

/// A document is on its way to paper.
fn printing() -> Padron {
    let mut padron = choosing();
    let _ = padron.wish(&facts(), Intent::Choose(0));
    let _ = padron.wish(&facts(), Intent::Confirm);
    let _ = padron.answer(&facts(), Answer::Issued(Some(Issued::Document(document()))));
    padron
}

#[test]
fn from_the_choice_to_the_paper() {
    let facts = facts();
    let mut padron = choosing();
    let Page::Certificates { name, kinds } = padron.page(&facts) else { panic!("{:?}", padron.state) };
    assert_eq!((name.as_str(), kinds.len()), (NAME, 2));
    assert!(padron.wish(&facts, Intent::Choose(0)).is_empty());
    assert!(padron.wish(&facts, Intent::DocumentLanguage(Language::Valencian)).is_empty());
    assert!(
        padron.wish(&facts, Intent::DocumentLanguage(Language::English)).is_empty(),
        "it is not issued in it"
    );
    let asked = padron.wish(&facts, Intent::Confirm);
    assert_eq!(asked, [Action::Issue { kind: "volante-individual".into(), language: Language::Valencian }]);
    let printed = padron.answer(&facts, Answer::Issued(Some(Issued::Document(document()))));
    assert_eq!(printed, [Action::Print(document())]);
    assert!(padron.answer(&facts, Answer::Print(Print::Page(2))).is_empty());
    assert_eq!(padron.page(&facts), Page::Working { work: ui::Work::PrintingDocument { page: 2, of: 2 } });
    assert!(padron.answer(&facts, Answer::Print(Print::InTheSlot)).is_empty());
    assert!(matches!(padron.page(&facts), Page::TakeDocument { pages: 2, .. }));
    let told = padron.answer(&facts, Answer::Print(Print::Taken));
    let (certificate, outcome) = ("C-2026-000001".to_owned(), PaperOutcome::Printed);
    assert_eq!(told, [Action::Report { certificate, outcome }]);
    assert!(matches!(padron.page(&facts), Page::DocumentTaken { .. }));
    assert!(padron.wish(&facts, Intent::Another).is_empty());
    assert_eq!(padron.state, State::Choosing);
    assert!(padron.wish(&facts, Intent::Back).is_empty());
    assert_eq!(padron.state, State::Over(End::Menu));
}

#[test]
fn what_is_not_offered_is_told_and_ends_the_procedure() {
    let words = ["No hay nada.", "No hi ha res.", "There is nothing."].map(str::to_owned);
    let nothing = Offered::Nothing { text: words.clone(), next: words };
    for offered in [Offered::NeedsCertificate, nothing] {
        let (mut padron, _) = Padron::begin();
        let _ = padron.answer(&facts(), Answer::Offered(Some(offered)));
        assert!(matches!(padron.page(&facts()), Page::CardRefused { .. }));
        let _ = padron.wish(&facts(), Intent::Confirm);
        assert_eq!(padron.state, State::Over(End::Done));
    }
    let (mut padron, _) = Padron::begin();
    let _ = padron.answer(&facts(), Answer::Offered(None));
    assert_eq!(padron.state, State::Over(End::Unreachable));
}

#[test]
fn the_paper_comes_out_whole_when_the_card_is_taken_early() {
    let mut padron = printing();
    padron.card_out();
    assert!(padron.prints());
    let _ = padron.answer(&gone(), Answer::Print(Print::InTheSlot));
    assert!(matches!(padron.page(&gone()), Page::TakeDocument { .. }));
    let told = padron.answer(&gone(), Answer::Print(Print::Taken));
    assert_eq!((told.len(), padron.state), (1, State::Over(End::Done)));
}

#[test]
fn trouble_with_the_paper_is_told_also_when_the_card_is_gone_and_nothing_is_printed_again() {
    let mut padron = printing();
    padron.card_out();
    let _ = padron.answer(&gone(), Answer::Print(Print::Trouble(DocumentTrouble::Torn)));
    assert!(matches!(padron.page(&gone()), Page::DocumentTrouble { again: false, .. }));
    assert!(padron.wish(&gone(), Intent::PrintAgain).is_empty());
    let _ = padron.wish(&gone(), Intent::Confirm);
    assert_eq!(padron.state, State::Over(End::Done));
}

#[derive(Clone, Copy, Debug)]
enum Happening {
    Wish(Intent),
    CardOut,
    Answer(u8),
}

fn happening() -> impl Strategy<Value = Happening> {
    let wish = prop_oneof![
        4 => Just(Intent::Confirm),
        1 => Just(Intent::Back),
        1 => Just(Intent::Cancel),
        1 => Just(Intent::Another),
        1 => Just(Intent::PrintAgain),
        2 => (0u8..3).prop_map(Intent::Choose),
    ];
    prop_oneof![
        10 => wish.prop_map(Happening::Wish),
        1 => Just(Happening::CardOut),
        8 => (0u8..8).prop_map(Happening::Answer),
    ]
}

fn an_answer(number: u8) -> Answer {
    match number {
        0 | 1 => Answer::Offered(Some(offered())),
        2 => Answer::Issued(Some(Issued::Document(document()))),
        3 => Answer::Issued(None),
        4 => Answer::Print(Print::Page(2)),
        5 => Answer::Print(Print::InTheSlot),
        6 => Answer::Print(Print::Taken),
        _ => Answer::Print(Print::Trouble(DocumentTrouble::Torn)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]
    #[test]
    fn whatever_happens_each_print_is_reported_once_and_nothing_stays(
        happenings in proptest::collection::vec(happening(), 0..120),
    ) {
        let mut facts = facts();
        let (mut padron, _) = Padron::begin();
        let (mut printed, mut reported) = (0, 0);
        for happening in happenings {
            let actions = match happening {
                Happening::Wish(intent) => padron.wish(&facts, intent),
                Happening::Answer(number) => padron.answer(&facts, an_answer(number)),
                Happening::CardOut => {
                    facts.name = None;
                    padron.card_out();
                    Vec::new()
                }
            };
            for action in &actions {
                match action {
                    Action::Print(_) => printed += 1,
                    Action::Report { .. } => reported += 1,
                    Action::AskOffers | Action::Issue { .. } => {
                        prop_assert!(facts.name.is_some(), "{:?}", padron.state);
                    }
                }
            }
            prop_assert_eq!(printed - reported, i32::from(padron.prints()));
            if facts.name.is_none() {
                prop_assert!(padron.offers.is_empty());
            }
            let _ = (padron.page(&facts), padron.progress());
        }
    }
}
