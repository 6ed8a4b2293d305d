//! The procedure against every order of events: no PIN goes to the card but one that was typed, and nothing of a
//! citizen stays once the card is out.
use proptest::prelude::*;
use ui::{CertificateKind, Intent, Page};

use super::*;

const SHORTEST: u8 = 8;

fn facts(card: Card) -> Facts {
    Facts {
        now: Duration::from_secs(100),
        card,
        printer: true,
        language: Language::Spanish,
        last_page: Duration::from_secs(30),
    }
}

fn rules(tries_left: Option<u8>) -> PinRules {
    PinRules { dnie: true, shortest: SHORTEST, longest: 16, tries_left }
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

fn entered() -> Entered {
    let refused = ui::Issue::Refused { text: "Está pendiente.".to_owned(), next: "Pida cita.".to_owned() };
    Entered {
        name: "VECINA DE PRUEBA".to_owned().into(),
        offers: vec![offer("volante-individual", ui::Issue::AtOnce), offer("certificado-colectivo", refused)],
    }
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

fn proof() -> Proof {
    Proof::Certificate {
        certificate: vec![1].into(),
        chain: vec![vec![2]],
        kiosk_nonce: [3; 32],
        signature: vec![4].into(),
    }
}

fn typed(characters: &str) -> Pin {
    let mut pin = Pin::new();
    assert!(characters.chars().all(|character| pin.push(character, u8::MAX)));
    pin
}

fn type_digits(padron: &mut Padron, facts: &Facts, count: u8) {
    for digit in 0..count {
        assert!(padron.wish(facts, Intent::Digit(digit % 10)).is_empty());
    }
}

/// Up to the choice of a certificate, with this card.
fn known(facts: &Facts) -> Padron {
    let (mut padron, begun) = Padron::begin(facts);
    assert_eq!(begun, [Action::Recognise]);
    let opened = padron.answer(facts, Answer::Recognised(Ok(Recognised::Certificate(rules(Some(3))))));
    assert_eq!(opened, [Action::OpenSession]);
    assert!(padron.answer(facts, Answer::Opened(true)).is_empty());
    type_digits(&mut padron, facts, SHORTEST);
    let signed = padron.wish(facts, Intent::Confirm);
    assert!(
        matches!(signed.as_slice(), [Action::Sign { pin, last_try: false }] if *pin == typed("01234567"))
    );
    assert_eq!(padron.answer(facts, Answer::Signed(Ok(proof()))), [Action::Enter(proof())]);
    assert!(padron.answer(facts, Answer::Entered(Ok(entered()))).is_empty());
    padron
}

#[test]
fn from_the_card_to_the_paper() {
    let facts = facts(Card::Present(1));
    let mut padron = known(&facts);
    let Page::Certificates { name, kinds } = padron.page(&facts) else { panic!("{:?}", padron.state) };
    assert_eq!((name.as_str(), kinds.len()), ("VECINA DE PRUEBA", 2));
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
    assert_eq!(padron.wish(&facts, Intent::Confirm), [Action::Forget]);
    assert_eq!(padron.page(&facts), Page::TakeCard);
    let out = Facts { card: Card::Absent, ..facts };
    assert_eq!(padron.tick(&out), [Action::Forget]);
    assert_eq!(padron.state, State::Over);
}

#[test]
fn the_last_try_is_asked_for_and_a_blocked_card_gets_no_pin() {
    let facts = facts(Card::Present(1));
    for (tries, page) in
        [(1, Page::LastTry), (0, Page::CardRefused { refusal: CardRefusal::PinBlocked { dnie: true } })]
    {
        let (mut padron, _) = Padron::begin(&facts);
        let _ = padron.answer(&facts, Answer::Recognised(Ok(Recognised::Certificate(rules(Some(tries))))));
        let _ = padron.answer(&facts, Answer::Opened(true));
        assert_eq!(padron.page(&facts), page);
        let _ = padron.wish(&facts, Intent::Confirm);
        assert_eq!(matches!(padron.state, State::Typing(Typing { last_try: true, .. })), tries == 1);
    }
}

#[test]
fn a_wrong_pin_is_said_and_the_next_one_is_typed_anew() {
    let facts = facts(Card::Present(1));
    let (mut padron, _) = Padron::begin(&facts);
    let _ = padron.answer(&facts, Answer::Recognised(Ok(Recognised::Certificate(rules(Some(3))))));
    let _ = padron.answer(&facts, Answer::Opened(true));
    type_digits(&mut padron, &facts, SHORTEST - 1);
    assert!(padron.wish(&facts, Intent::Confirm).is_empty(), "too short for the card");
    type_digits(&mut padron, &facts, 1);
    assert_eq!(padron.wish(&facts, Intent::Confirm).len(), 1);
    let failure = CardFailure::WrongPin { tries_left: Some(2) };
    assert!(padron.answer(&facts, Answer::Signed(Err(failure))).is_empty());
    let page = padron.page(&facts);
    let Page::Pin { characters, tries_left, problem, .. } = page else { panic!("{page:?}") };
    assert_eq!((characters, tries_left, problem), (0, Some(2), Some(PinProblem::Wrong)));
}

#[test]
fn the_paper_comes_out_whole_when_the_card_is_taken_early() {
    let facts = facts(Card::Present(1));
    let mut padron = known(&facts);
    let _ = padron.wish(&facts, Intent::Choose(0));
    let _ = padron.wish(&facts, Intent::Confirm);
    let _ = padron.answer(&facts, Answer::Issued(Some(Issued::Document(document()))));
    let out = Facts { card: Card::Absent, ..facts };
    assert_eq!(padron.tick(&out), [Action::Forget]);
    assert!(!padron.knows_somebody() && padron.prints());
    let _ = padron.answer(&out, Answer::Print(Print::InTheSlot));
    assert!(matches!(padron.page(&out), Page::TakeDocument { .. }));
    let _ = padron.answer(&out, Answer::Print(Print::Taken));
    assert_eq!(padron.state, State::Over);
}

#[test]
fn a_card_that_had_its_turn_is_taken_out_first() {
    let facts = facts(Card::Present(1));
    let (mut padron, _) = Padron::begin(&facts);
    let failure = CardFailure::Problem(CardProblem::Failed);
    assert_eq!(padron.answer(&facts, Answer::Recognised(Err(failure))), [Action::Forget]);
    assert!(padron.tick(&facts).is_empty(), "the same insertion is not tried again by itself");
    assert!(padron.tick(&Facts { card: Card::Absent, ..facts }).is_empty());
    assert_eq!(padron.tick(&Facts { card: Card::Present(2), ..facts }), [Action::Recognise]);
}

#[derive(Clone, Copy, Debug)]
enum Happening {
    Wish(Intent),
    Card(Card),
    Answer(u8),
}

fn happening() -> impl Strategy<Value = Happening> {
    let wish = prop_oneof![
        6 => (0u8..10).prop_map(Intent::Digit),
        4 => Just(Intent::Confirm),
        1 => Just(Intent::Back),
        1 => Just(Intent::Cancel),
        1 => Just(Intent::Erase),
        1 => Just(Intent::Letter('x')),
        1 => Just(Intent::Another),
        1 => Just(Intent::PrintAgain),
        2 => (0u8..3).prop_map(Intent::Choose),
    ];
    prop_oneof![
        10 => wish.prop_map(Happening::Wish),
        1 => prop_oneof![Just(Card::Absent), Just(Card::Mute), (1u64..4).prop_map(Card::Present)]
            .prop_map(Happening::Card),
        8 => (0u8..20).prop_map(Happening::Answer),
    ]
}

fn an_answer(number: u8) -> Answer {
    match number {
        0..=3 => Answer::Recognised(Ok(Recognised::Certificate(rules(Some(number))))),
        4 => Answer::Recognised(Ok(Recognised::Record {
            profile: "tarjeta-ciudadana".to_owned(),
            number: "7700".to_owned().into(),
        })),
        5 => Answer::Recognised(Err(CardFailure::Problem(CardProblem::Failed))),
        6 => Answer::Opened(true),
        7 => Answer::Opened(false),
        8 => Answer::Signed(Ok(proof())),
        9 => Answer::Signed(Err(CardFailure::WrongPin { tries_left: Some(2) })),
        10 => Answer::Signed(Err(CardFailure::LastTry)),
        11 => Answer::Entered(Ok(entered())),
        12 => Answer::Entered(Err(EntryFailure::Unreachable)),
        13 => Answer::Entered(Err(EntryFailure::Refused(CardRefusal::Revoked))),
        14 => Answer::Issued(Some(Issued::Document(document()))),
        15 => Answer::Issued(None),
        16 => Answer::Print(Print::Page(2)),
        17 => Answer::Print(Print::InTheSlot),
        18 => Answer::Print(Print::Taken),
        _ => Answer::Print(Print::Trouble(DocumentTrouble::Torn)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]
    #[test]
    fn whatever_happens_the_pin_and_the_citizen_are_safe(
        happenings in proptest::collection::vec(happening(), 0..120),
    ) {
        let mut facts = facts(Card::Present(1));
        let (mut padron, _) = Padron::begin(&facts);
        let mut confirmed = 0;
        for happening in happenings {
            let typing = match &padron.state {
                State::Typing(typing) => Some(typing.clone()),
                _ => None,
            };
            let actions = match happening {
                Happening::Wish(intent) => padron.wish(&facts, intent),
                Happening::Answer(number) => padron.answer(&facts, an_answer(number)),
                Happening::Card(card) => {
                    facts.card = card;
                    padron.tick(&facts)
                }
            };
            for action in &actions {
                if let Action::Sign { pin, last_try } = action {
                    confirmed += 1;
                    let typing = typing.as_ref().expect("a PIN was being typed");
                    prop_assert!(matches!(happening, Happening::Wish(Intent::Confirm)));
                    prop_assert!(*pin == typing.pin && pin.len() >= SHORTEST);
                    prop_assert!(*last_try || typing.rules.tries_left.is_none_or(|tries| tries > 1));
                }
            }
            if !matches!(facts.card, Card::Present(_)) {
                prop_assert!(!padron.knows_somebody(), "{:?}", padron.state);
                let kept = matches!(padron.state, State::Typing(_) | State::Signing(_) | State::Entering);
                prop_assert!(!kept, "{:?}", padron.state);
            }
            let _ = (padron.page(&facts), padron.progress());
            let said = format!("{padron:?}");
            prop_assert!(!said.contains("PRUEBA"));
        }
        prop_assert!(confirmed <= 20);
    }
}
