//! Cards of town halls: one with a certificate after PKCS#15, one with a number, and strangers.
mod card;

use card::{Kiosk, draw, table};
use hal_smartcard::dialogue::{DialogueError, LastTry, Opened, Purpose};
use hal_smartcard::profile::{Level, Recognition};

#[tokio::test(start_paused = true)]
async fn a_citizen_card_tells_how_its_pin_is_and_signs() {
    let mut kiosk = Kiosk::with("pkcs15");
    let card = kiosk.waiting().await.unwrap();
    let rules = card.pin_rules();
    assert_eq!((rules.reference, rules.minimum, rules.maximum), (0x81, 4, 8));
    assert_eq!(card.tries_left(), Some(3));
    card.close().await;
    let signed = kiosk.sign().await.unwrap();
    let seen = kiosk.drawn.card.snapshot();
    assert_eq!((seen.signatures.len(), seen.counts.verifies), (1, 1));
    assert_eq!(signed.signature.len(), 256);
    assert_eq!(signed.authorities.len(), 0);
    assert!(!signed.can_bind);
    let refused = kiosk.sign_for(Purpose::Signature, "2468", LastTry::Refuse).await.unwrap_err();
    assert_eq!(refused, DialogueError::NoSignatureKey);
    assert_eq!(kiosk.drawn.card.snapshot().signatures.len(), 1, "its key binds nobody");
}

#[tokio::test(start_paused = true)]
async fn its_pin_is_counted_like_any_other() {
    let mut kiosk = Kiosk::with("pkcs15");
    for left in [2, 1] {
        let error = kiosk.sign_with("9999", LastTry::Refuse).await.unwrap_err();
        assert_eq!(error, DialogueError::WrongPin { tries_left: left });
    }
    assert_eq!(kiosk.sign_with("9999", LastTry::Refuse).await.unwrap_err(), DialogueError::LastTry);
    let blocked = kiosk.sign_with("9999", LastTry::Consented).await.unwrap_err();
    assert_eq!(blocked, DialogueError::PinBlocked);
    assert_eq!(kiosk.waiting().await.err(), Some(DialogueError::PinBlocked));
}

#[tokio::test(start_paused = true)]
async fn a_number_on_a_card_is_a_pseudonym() {
    let mut kiosk = Kiosk::with("municipal");
    assert_eq!(kiosk.profile.level, Level::Pseudonym);
    let Opened::Number(number) = kiosk.begin().await.unwrap() else { panic!("it signs") };
    assert_eq!(number.as_str(), "0000012345678");
}

#[tokio::test(start_paused = true)]
async fn a_stranger_s_card_gets_not_one_command() {
    let unknown = draw("unknown");
    let atr = unknown.card.power_on();
    assert_eq!(table().recognise(atr.as_deref()), Recognition::Unknown);
    let mute = draw("upside-down");
    assert_eq!(table().recognise(mute.card.power_on().as_deref()), Recognition::Mute);
    assert_eq!(unknown.card.snapshot().commands + mute.card.snapshot().commands, 0);
}
