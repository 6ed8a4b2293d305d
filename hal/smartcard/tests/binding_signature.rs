//! The DNIe's second key, whose signature binds its holder: chosen by the card's own words, behind a PIN of its own.
mod card;

use card::{Kiosk, challenge, draw, pulled_at_each_command, typed};
use hal_smartcard::dialogue::{DialogueError, LastTry, Purpose};
use simulators::smartcard::{CardFault, Hash};

const PIN: &str = "Prueba2026";

#[tokio::test(start_paused = true)]
async fn every_generation_signs_with_its_key_for_signatures_and_gives_its_certificate() {
    for (name, channels) in [("ordinary", 2), ("first-generation", 1), ("renewed-key", 2)] {
        let mut kiosk = Kiosk::with(name);
        let signed = kiosk.sign_for(Purpose::Signature, PIN, LastTry::Refuse).await;
        let signed = signed.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(signed.can_bind, "{name}");
        let seen = kiosk.drawn.card.snapshot();
        assert_eq!(seen.signatures.len(), 1, "{name}");
        assert_eq!(seen.signatures[0].key, 2, "{name}");
        assert_eq!(seen.signatures[0].digest_info, Hash::Sha256.digest_info(b"a challenge"), "{name}");
        assert_eq!((seen.counts.verifies, seen.counts.verifies_in_the_clear), (1, 0), "{name}");
        assert_eq!((seen.counts.channels_opened, seen.channel), (channels, None), "{name}");
        // The certificate is the other one, of the same holder.
        assert_ne!(Some(&*signed.certificate), kiosk.drawn.certificate.as_ref(), "{name}");
        let holds = |text: &[u8]| signed.certificate.windows(text.len()).any(|window| window == text);
        assert!(holds(kiosk.drawn.citizen.unwrap().number.as_bytes()) && holds(b"(FIRMA)"), "{name}");
        assert_eq!(signed.authorities.len(), 1, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_after_the_other_each_has_its_own_pin_and_its_own_channels() {
    let mut kiosk = Kiosk::with("ordinary");
    let purposes = [Purpose::Authentication, Purpose::Signature, Purpose::Signature, Purpose::Authentication];
    for purpose in purposes {
        kiosk.sign_for(purpose, PIN, LastTry::Refuse).await.unwrap();
    }
    let seen = kiosk.drawn.card.snapshot();
    let keys: Vec<u8> = seen.signatures.iter().map(|signature| signature.key).collect();
    assert_eq!(keys, [1, 2, 2, 1]);
    assert_eq!((seen.counts.verifies, seen.counts.channels_opened, seen.channel), (4, 8, None));
}

#[tokio::test(start_paused = true)]
async fn a_card_without_such_a_certificate_signs_nothing() {
    for (name, error) in [
        ("fnmt", DialogueError::NoSignatureKey),
        ("pkcs15", DialogueError::NoSignatureKey),
        ("no-certificates", DialogueError::NoCertificates),
    ] {
        let pin = draw(name).pin.unwrap();
        let mut kiosk = Kiosk::with(name);
        let refused = kiosk.sign_for(Purpose::Signature, pin, LastTry::Refuse).await.unwrap_err();
        assert_eq!(refused, error, "{name}");
        assert_eq!(kiosk.drawn.card.snapshot().signatures, [], "{name}");
    }
    // One that has nothing else can still sign.
    let mut kiosk = Kiosk::with("signature-only");
    kiosk.sign_for(Purpose::Signature, PIN, LastTry::Refuse).await.unwrap();
    assert_eq!(kiosk.drawn.card.snapshot().signatures[0].key, 2);
}

#[tokio::test(start_paused = true)]
async fn its_pin_is_counted_like_any_other_and_the_last_try_waits_for_the_citizens_word() {
    let mut kiosk = Kiosk::with("ordinary");
    for left in [2, 1] {
        let error = kiosk.sign_for(Purpose::Signature, "Equivocada", LastTry::Refuse).await.unwrap_err();
        assert_eq!(error, DialogueError::WrongPin { tries_left: left });
    }
    let last = kiosk.sign_for(Purpose::Signature, PIN, LastTry::Refuse).await.unwrap_err();
    assert_eq!(last, DialogueError::LastTry);
    assert_eq!(kiosk.drawn.card.snapshot().counts.verifies, 2);
    let blocked = kiosk.sign_for(Purpose::Signature, "Equivocada", LastTry::Consented).await.unwrap_err();
    assert_eq!(blocked, DialogueError::PinBlocked);
    assert_eq!(kiosk.drawn.card.snapshot().signatures, []);
}

#[tokio::test(start_paused = true)]
async fn a_card_pulled_at_any_command_has_signed_once_at_most_and_costs_at_most_one_try() {
    pulled_at_each_command(Purpose::Signature, 2).await;
}

#[tokio::test(start_paused = true)]
async fn garbage_at_any_answer_never_makes_the_other_key_sign() {
    for answer in 1..=80 {
        let mut kiosk = Kiosk::with("first-generation");
        kiosk.drawn.card.fault(CardFault::Garbage { answer });
        let card = kiosk.waiting().await;
        if let Ok(card) = card {
            let _ = card.sign(&typed(PIN), LastTry::Refuse, Purpose::Signature, &challenge()).await;
        }
        let seen = kiosk.drawn.card.snapshot();
        assert!(seen.counts.verifies <= 1, "answer {answer}");
        assert!(seen.signatures.iter().all(|signature| signature.key == 2), "answer {answer}");
    }
}
