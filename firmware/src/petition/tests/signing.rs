//! A petition that the citizen's card signs: everything before the signature can be turned back from, and leaves the
//! other way to sign.
use hal_smartcard::dialogue::Pin;
use ui::{CardProblem, CardRefusal, Intent, Page, PetitionTrouble, PinProblem, SignatureProblem, Slip, Work};

use super::*;
use crate::sede::Base64;

fn rules(tries_left: u8) -> PinRules {
    PinRules { dnie: true, shortest: 8, longest: 16, tries_left: Some(tries_left) }
}

fn will() -> Box<Will> {
    Box::new(Will::Signature {
        certificate: Base64::of(&[1]),
        chain: vec![Base64::of(&[2])],
        signature: Base64::of(&[3]),
        revocation: Some(Base64::of(&[4])),
    })
}

/// One of eight answers, for happenings in any order.
pub(super) fn an_answer(number: u8) -> Answer {
    match number {
        0 => Answer::Prepared,
        1 => Answer::Card(Ok(rules(3))),
        2 => Answer::Card(Ok(rules(1))),
        3 => Answer::Card(Err(CardFailure::Problem(CardProblem::Failed))),
        4 => Answer::Signed(Ok(will())),
        5 => Answer::Signed(Err(CardFailure::WrongPin { tries_left: Some(2) })),
        6 => Answer::Signed(Err(CardFailure::LastTry)),
        _ => Answer::Signed(Err(CardFailure::Refused(CardRefusal::Revoked))),
    }
}

fn typed(petition: &mut Petition, characters: u8) -> Pin {
    let mut pin = Pin::new();
    for digit in 0..characters {
        assert_eq!(petition.wish(&facts(), Intent::Digit(digit)), []);
        assert!(pin.push(char::from(b'0' + digit), 16));
    }
    pin
}

/// On the consent.
fn agreeing() -> Petition {
    let mut petition = checked();
    assert_eq!(petition.wish(&facts(), Intent::Confirm), []);
    assert_eq!(petition.state, State::Consent);
    petition
}

/// The PIN is asked for, or what stands in its place.
fn asked(tries_left: u8) -> Petition {
    let mut petition = agreeing();
    let prepared = petition.wish(&facts(), Intent::SignWithCard);
    assert!(matches!(prepared.as_slice(), [Action::Prepare(..)]), "{prepared:?}");
    assert_eq!(petition.answer(&facts(), Answer::Prepared), [Action::ReadCard]);
    let _ = petition.answer(&facts(), Answer::Card(Ok(rules(tries_left))));
    petition
}

/// The card has the PIN.
fn given() -> Petition {
    let mut petition = asked(3);
    let pin = typed(&mut petition, 8);
    assert_eq!(petition.wish(&facts(), Intent::Confirm), [Action::Sign { pin, last_try: false }]);
    petition
}

fn consent(petition: &Petition) -> (bool, Option<SignatureProblem>) {
    let page = petition.page(&facts());
    let Page::Consent { own_signature, problem, .. } = page else { panic!("{page:?}") };
    (own_signature, problem)
}

#[test]
fn from_the_consent_to_the_receipt() {
    let facts = facts();
    let mut petition = agreeing();
    assert_eq!(consent(&petition), (true, None));
    let actions = petition.wish(&facts, Intent::SignWithCard);
    let [Action::Prepare(form, documents)] = actions.as_slice() else { panic!("{actions:?}") };
    assert_eq!((form.body, form.request.as_str(), documents.len()), (1, "Que se repare.", 0));
    assert!(petition.works() && !petition.is_agreed());
    let _ = petition.answer(&facts, Answer::Sent { file: 1, of: 2, percent: 40 });
    let uploading = Work::Uploading { attachment: 1, of: 2, percent: 40 };
    assert_eq!(petition.page(&facts), Page::Working { work: uploading });
    assert_eq!(petition.answer(&facts, Answer::Prepared), [Action::ReadCard]);
    assert_eq!(petition.page(&facts), Page::Working { work: Work::ReadingCard });
    assert_eq!(petition.answer(&facts, Answer::Card(Ok(rules(3)))), []);
    assert!(petition.asks_pin() && !petition.works());
    assert!(matches!(petition.page(&facts), Page::Pin { characters: 0, signs: true, problem: None, .. }));
    let pin = typed(&mut petition, 8);
    assert_eq!(petition.wish(&facts, Intent::Confirm), [Action::Sign { pin, last_try: false }]);
    assert!(petition.works() && !petition.is_agreed());
    assert_eq!(petition.answer(&facts, Answer::Signed(Ok(will()))), [Action::Register(will())]);
    assert!(petition.is_agreed());
    assert_eq!(petition.page(&facts), Page::Working { work: Work::Registering });
    let printed = petition.answer(&facts, Answer::Presented(Presented::Registered(registered())));
    assert_eq!(printed, [Action::PrintReceipt(registered())]);
    let _ = petition.answer(&facts, Answer::Printed(true));
    assert!(matches!(petition.page(&facts), Page::Registered { receipt: Slip::Printed, .. }));
}

#[test]
fn a_card_without_such_a_certificate_is_not_asked() {
    let facts = Facts { own_signature: false, ..facts() };
    let mut petition = agreeing();
    let Page::Consent { own_signature, .. } = petition.page(&facts) else { panic!() };
    assert!(!own_signature);
    assert_eq!(petition.wish(&facts, Intent::SignWithCard), []);
    assert_eq!(petition.state, State::Consent);
}

#[test]
fn who_turns_back_from_the_pin_throws_the_draft_away_and_is_on_the_consent() {
    for tries in [3, 1] {
        for intent in [Intent::Back, Intent::Cancel] {
            let mut petition = asked(tries);
            if tries == 3 {
                typed(&mut petition, 5);
            }
            assert_eq!(petition.wish(&facts(), intent), [Action::Discard]);
            assert_eq!(consent(&petition), (true, None));
            // Both ways are still there.
            let mut other = petition.clone();
            assert!(matches!(
                petition.wish(&facts(), Intent::SignWithCard).as_slice(),
                [Action::Prepare(..)]
            ));
            assert!(matches!(other.wish(&facts(), Intent::Confirm).as_slice(), [Action::Present(..)]));
        }
    }
}

#[test]
fn what_is_too_short_goes_to_no_card() {
    let mut petition = asked(3);
    typed(&mut petition, 7);
    assert_eq!(petition.wish(&facts(), Intent::Confirm), []);
    let page = petition.page(&facts());
    assert!(matches!(page, Page::Pin { problem: Some(PinProblem::TooShort), characters: 7, .. }), "{page:?}");
}

#[test]
fn a_wrong_pin_is_typed_anew_and_the_draft_stays() {
    let mut petition = given();
    let wrong = Answer::Signed(Err(CardFailure::WrongPin { tries_left: Some(2) }));
    assert_eq!(petition.answer(&facts(), wrong), []);
    let page = petition.page(&facts());
    let Page::Pin { characters, tries_left, problem, .. } = page else { panic!("{page:?}") };
    assert_eq!((characters, tries_left, problem), (0, Some(2), Some(PinProblem::Wrong)));
    typed(&mut petition, 8);
    assert!(matches!(
        petition.wish(&facts(), Intent::Confirm).as_slice(),
        [Action::Sign { last_try: false, .. }]
    ));
    let last = Answer::Signed(Err(CardFailure::WrongPin { tries_left: Some(1) }));
    assert_eq!(petition.answer(&facts(), last), []);
    assert_eq!(petition.page(&facts()), Page::LastTry);
    assert_eq!(petition.wish(&facts(), Intent::Digit(1)), []);
    assert_eq!(petition.wish(&facts(), Intent::Confirm), []);
    typed(&mut petition, 8);
    assert!(matches!(
        petition.wish(&facts(), Intent::Confirm).as_slice(),
        [Action::Sign { last_try: true, .. }]
    ));
}

#[test]
fn a_blocked_pin_is_said_and_the_other_way_is_still_there() {
    let blocked = CardFailure::Refused(CardRefusal::PinBlocked { dnie: true });
    let mut before = agreeing();
    let _ = before.wish(&facts(), Intent::SignWithCard);
    let _ = before.answer(&facts(), Answer::Prepared);
    assert_eq!(before.answer(&facts(), Answer::Card(Err(blocked.clone()))), [Action::Discard]);
    let mut after = given();
    assert_eq!(after.answer(&facts(), Answer::Signed(Err(blocked))), [Action::Discard]);
    for mut petition in [before, after] {
        assert_eq!(consent(&petition), (false, Some(SignatureProblem::PinBlocked)));
        assert_eq!(petition.wish(&facts(), Intent::SignWithCard), []);
        assert!(matches!(petition.wish(&facts(), Intent::Confirm).as_slice(), [Action::Present(..)]));
    }
}

#[test]
fn what_the_card_or_its_certificate_lacks_is_said_where_both_ways_are() {
    for (failure, problem, again) in [
        (CardFailure::Problem(CardProblem::Failed), SignatureProblem::Failed, true),
        (CardFailure::Problem(CardProblem::Mute), SignatureProblem::Failed, true),
        (CardFailure::Refused(CardRefusal::RevocationUnknown), SignatureProblem::Failed, true),
        (CardFailure::Refused(CardRefusal::Revoked), SignatureProblem::Unusable, false),
        (CardFailure::Refused(CardRefusal::NoCertificates), SignatureProblem::Unusable, false),
        (CardFailure::Refused(CardRefusal::Untrusted), SignatureProblem::Unusable, false),
    ] {
        let mut petition = given();
        assert_eq!(petition.answer(&facts(), Answer::Signed(Err(failure))), [Action::Discard]);
        assert_eq!(consent(&petition), (again, Some(problem)));
        let _ = petition.wish(&facts(), Intent::SignWithCard);
        assert_eq!(matches!(petition.state, State::Signing(_)), again);
    }
}

#[test]
fn without_the_sede_nothing_is_sent_and_that_is_said() {
    let mut petition = given();
    let away = CardFailure::Problem(CardProblem::SedeUnreachable);
    assert_eq!(petition.answer(&facts(), Answer::Signed(Err(away))), [Action::Discard]);
    assert_eq!(petition.state, State::Trouble(PetitionTrouble::NotSent));
    let mut petition = agreeing();
    let _ = petition.wish(&facts(), Intent::SignWithCard);
    assert_eq!(petition.answer(&facts(), Answer::Presented(Presented::NotSent)), []);
    assert_eq!(petition.state, State::Trouble(PetitionTrouble::NotSent));
    assert_eq!(petition.wish(&facts(), Intent::Confirm), []);
    assert_eq!(consent(&petition), (true, None));
}

#[test]
fn while_the_kiosk_works_nothing_can_be_turned_back() {
    let mut petition = agreeing();
    let _ = petition.wish(&facts(), Intent::SignWithCard);
    let mut reading = petition.clone();
    let _ = reading.answer(&facts(), Answer::Prepared);
    for mut petition in [petition, reading, given()] {
        let before = petition.clone();
        for intent in [Intent::Back, Intent::Cancel, Intent::Confirm, Intent::SignWithCard, Intent::Digit(1)]
        {
            assert_eq!(petition.wish(&facts(), intent), []);
            assert_eq!(petition, before);
        }
    }
}
