//! The identification against every order of events: no PIN goes to the card but one that was typed, and nobody is
//! known once the card is out.
use proptest::prelude::*;
use ui::{Intent, Page, PinProblem};

use super::*;

const SHORTEST: u8 = 8;
const CARD: Card = Card::Present(1);

fn rules(tries_left: Option<u8>) -> PinRules {
    PinRules { dnie: true, shortest: SHORTEST, longest: 16, tries_left }
}

fn holder() -> Holder {
    Holder { name: "VECINA DE PRUEBA".to_owned().into(), level: Level::Certificate, own_signature: true }
}

fn proof() -> Proof {
    Proof::Certificate {
        certificate: vec![1].into(),
        chain: vec![vec![2]],
        kiosk_nonce: [3; 32],
        signature: vec![4].into(),
        own_signature: true,
    }
}

fn typed(characters: &str) -> Pin {
    let mut pin = Pin::new();
    assert!(characters.chars().all(|character| pin.push(character, u8::MAX)));
    pin
}

fn type_digits(it: &mut Identification, count: u8) {
    for digit in 0..count {
        assert!(it.wish(Intent::Digit(digit % 10)).is_empty());
    }
}

/// With this card in the reader, up to the page of the PIN or what stands in its place.
fn opened(tries_left: Option<u8>) -> Identification {
    let (mut it, begun) = Identification::begin(CARD);
    assert_eq!(begun, [Action::Recognise]);
    let recognised = Recognised::Certificate(rules(tries_left));
    assert_eq!(it.answer(Answer::Recognised(Ok(recognised))), [Action::OpenSession]);
    let _ = it.answer(Answer::Opened(true));
    it
}

#[test]
fn from_the_card_to_the_name() {
    let mut it = opened(Some(3));
    type_digits(&mut it, SHORTEST);
    let signed = it.wish(Intent::Confirm);
    assert!(
        matches!(signed.as_slice(), [Action::Sign { pin, last_try: false }] if *pin == typed("01234567"))
    );
    assert_eq!(it.answer(Answer::Signed(Ok(proof()))), [Action::Enter(proof())]);
    assert!(it.holder().is_none());
    assert!(it.answer(Answer::Entered(Ok(holder()))).is_empty());
    assert_eq!(it.holder(), Some(&holder()));
    assert_eq!(it.look(Card::Absent), [Action::Forget]);
    assert_eq!(it.state, State::Over);
}

#[test]
fn the_last_try_is_asked_for_and_a_blocked_card_gets_no_pin() {
    for (tries, page) in
        [(1, Page::LastTry), (0, Page::CardRefused { refusal: CardRefusal::PinBlocked { dnie: true } })]
    {
        let mut it = opened(Some(tries));
        assert_eq!(it.page(), page);
        let _ = it.wish(Intent::Confirm);
        let typing = matches!(it.state, State::Pin(PinEntry::Typing(Typing { last_try: true, .. })));
        assert_eq!(typing, tries == 1);
    }
}

#[test]
fn a_wrong_pin_is_said_and_the_next_one_is_typed_anew() {
    let mut it = opened(Some(3));
    type_digits(&mut it, SHORTEST - 1);
    assert!(it.wish(Intent::Confirm).is_empty(), "too short for the card");
    type_digits(&mut it, 1);
    assert_eq!(it.wish(Intent::Confirm).len(), 1);
    let failure = CardFailure::WrongPin { tries_left: Some(2) };
    assert!(it.answer(Answer::Signed(Err(failure))).is_empty());
    let page = it.page();
    let Page::Pin { characters, tries_left, problem, .. } = page else { panic!("{page:?}") };
    assert_eq!((characters, tries_left, problem), (0, Some(2), Some(PinProblem::Wrong)));
}

#[test]
fn a_card_that_had_its_turn_is_taken_out_first() {
    let (mut it, _) = Identification::begin(CARD);
    let failure = CardFailure::Problem(CardProblem::Failed);
    assert_eq!(it.answer(Answer::Recognised(Err(failure))), [Action::Forget]);
    assert!(it.look(CARD).is_empty(), "the same insertion is not tried again by itself");
    assert!(it.look(Card::Absent).is_empty());
    assert_eq!(it.look(Card::Present(2)), [Action::Recognise]);
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
    ];
    prop_oneof![
        10 => wish.prop_map(Happening::Wish),
        1 => prop_oneof![Just(Card::Absent), Just(Card::Mute), (1u64..4).prop_map(Card::Present)]
            .prop_map(Happening::Card),
        8 => (0u8..14).prop_map(Happening::Answer),
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
        11 => Answer::Entered(Ok(holder())),
        12 => Answer::Entered(Err(EntryFailure::Unreachable)),
        _ => Answer::Entered(Err(EntryFailure::Refused(CardRefusal::Revoked))),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]
    #[test]
    fn whatever_happens_the_pin_and_the_citizen_are_safe(
        happenings in proptest::collection::vec(happening(), 0..120),
    ) {
        let mut card = CARD;
        let (mut it, _) = Identification::begin(card);
        let mut confirmed = 0;
        for happening in happenings {
            let typing = match &it.state {
                State::Pin(PinEntry::Typing(typing)) => Some(typing.clone()),
                _ => None,
            };
            let actions = match happening {
                Happening::Wish(intent) => it.wish(intent),
                Happening::Answer(number) => it.answer(an_answer(number)),
                Happening::Card(now) => {
                    card = now;
                    it.look(card)
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
            if !matches!(card, Card::Present(_)) {
                prop_assert!(it.holder().is_none(), "{:?}", it.state);
                let kept = matches!(it.state, State::Pin(_) | State::Signing(_) | State::Entering);
                prop_assert!(!kept, "{:?}", it.state);
            }
            let _ = (it.page(), it.progress());
            let said = format!("{it:?}");
            prop_assert!(!said.contains("PRUEBA"));
        }
        prop_assert!(confirmed <= 20);
    }
}
