//! The DNIe of both generations, from its power to a signed challenge, and what comes between.
mod card;

use card::{Kiosk, challenge, draw, pulled_at_each_command, table, typed};
use hal_smartcard::apdu::StatusWord;
use hal_smartcard::dialogue::{ChannelRefusal, DialogueError, LastTry, Purpose};
use hal_smartcard::parameters::ComponentParameters;
use hal_smartcard::profile::Recognition;
use hal_smartcard::secure_messaging::SecureMessagingError;
use hal_smartcard::{Card, CardError};
use simulators::smartcard::{CardFault, ComponentSet, Hash, Spoil, terminal_parameters_of};

#[tokio::test(start_paused = true)]
async fn every_generation_signs_with_its_key_for_authentication_and_leaves_no_channel() {
    for (name, bytes, channels, support) in [
        ("ordinary", 256, 2, "BMP200001"),
        ("first-generation", 256, 1, "AGR148953"),
        ("renewed-key", 240, 2, "BAA000001"),
        ("fnmt", 256, 2, "BMP200001"),
    ] {
        let mut kiosk = Kiosk::with(name);
        let card = kiosk.waiting().await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((card.tries_left(), card.support_number()), (Some(3), Some(support)), "{name}");
        let pin = typed("Prueba2026");
        let signed = card.sign(&pin, LastTry::Refuse, Purpose::Authentication, &challenge()).await;
        let signed = signed.unwrap_or_else(|error| panic!("{name}: {error}"));
        let seen = kiosk.drawn.card.snapshot();
        assert_eq!(signed.signature.len(), bytes, "{name}");
        assert_eq!(seen.signatures.len(), 1, "{name}");
        assert_eq!(seen.signatures[0].key, 1, "{name}");
        assert_eq!(seen.signatures[0].digest_info, Hash::Sha256.digest_info(b"a challenge"), "{name}");
        assert_eq!((seen.counts.verifies, seen.counts.verifies_in_the_clear), (1, 0), "{name}");
        assert_eq!((seen.counts.channels_opened, seen.channel), (channels, None), "{name}");
        let number = kiosk.drawn.citizen.unwrap().number.as_bytes();
        assert!(signed.certificate.windows(number.len()).any(|window| window == number), "{name}");
        assert_eq!(signed.authorities.len(), 1, "{name}");
        assert_eq!(format!("{signed:?}"), "Signed with 1 authorities");
        // One key for everything is none of its own for signatures.
        assert_eq!(signed.can_bind, name != "fnmt", "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_dialogue_may_run_on_a_task_of_its_own() {
    let signed = tokio::spawn(async { Kiosk::with("ordinary").sign().await }).await.unwrap();
    assert!(signed.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_wrong_pin_is_told_with_the_tries_left_and_is_sent_once() {
    let mut kiosk = Kiosk::with("ordinary");
    for left in [2, 1] {
        let error = kiosk.sign_with("Equivocada", LastTry::Refuse).await.unwrap_err();
        assert_eq!(error, DialogueError::WrongPin { tries_left: left });
    }
    assert_eq!(kiosk.drawn.card.snapshot().counts.verifies, 2);
    // The last one waits for the citizen's word.
    assert_eq!(kiosk.sign().await.unwrap_err(), DialogueError::LastTry);
    assert_eq!(kiosk.drawn.card.snapshot().counts.verifies, 2);
    kiosk.sign_with("Prueba2026", LastTry::Consented).await.unwrap();
    assert_eq!(kiosk.drawn.card.snapshot().tries_left, Some(3));
}

#[tokio::test(start_paused = true)]
async fn a_last_try_that_is_wrong_blocks_and_a_blocked_card_is_told_before_the_pin() {
    let mut kiosk = Kiosk::with("last-try");
    let blocked = kiosk.sign_with("Equivocada", LastTry::Consented).await.unwrap_err();
    assert_eq!(blocked, DialogueError::PinBlocked);
    assert_eq!(kiosk.waiting().await.err(), Some(DialogueError::PinBlocked));
    assert_eq!(Kiosk::with("blocked").waiting().await.err(), Some(DialogueError::PinBlocked));
    assert_eq!(kiosk.drawn.card.snapshot().counts.verifies, 1);
}

#[tokio::test(start_paused = true)]
async fn a_pin_that_can_be_none_is_not_sent() {
    for pin in ["", "1234567", "12345678901234567"] {
        let mut kiosk = Kiosk::with("ordinary");
        let error = kiosk.sign_with(pin, LastTry::Refuse).await.unwrap_err();
        assert_eq!(error, DialogueError::PinLength { minimum: 8, maximum: 16 });
        assert_eq!(kiosk.drawn.card.snapshot().counts.verifies, 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_card_without_certificates_or_with_a_signature_alone_is_told_after_the_pin() {
    let without = Kiosk::with("no-certificates").sign().await.unwrap_err();
    assert_eq!(without, DialogueError::NoCertificates);
    let mut kiosk = Kiosk::with("signature-only");
    let refused = kiosk.sign().await.unwrap_err();
    assert_eq!(refused, DialogueError::NoAuthenticationKey);
    assert_eq!(kiosk.drawn.card.snapshot().signatures, [], "the signature key is never used");
}

#[tokio::test(start_paused = true)]
async fn a_dead_card_gets_not_one_command() {
    let dead = draw("dead");
    let atr = dead.card.power_on();
    assert!(matches!(table().recognise(atr.as_deref()), Recognition::Dead(_, _)));
    assert_eq!(dead.card.snapshot().commands, 0);
}

#[tokio::test(start_paused = true)]
async fn a_card_of_a_root_without_parameters_is_refused_before_the_pin() {
    for (name, has, wants) in [
        ("ordinary", ComponentSet::First, ComponentSet::Second),
        ("first-generation", ComponentSet::Second, ComponentSet::First),
    ] {
        let mut kiosk = Kiosk::with(name);
        kiosk.parameters = ComponentParameters::parse(&terminal_parameters_of(&[has])).unwrap();
        let error = kiosk.waiting().await.err();
        let Some(DialogueError::ChannelRefused(ChannelRefusal::UnknownRoot(units))) = error else {
            panic!("{name}: {error:?}");
        };
        assert!(units.iter().any(|unit| unit == wants.root_unit()), "{units:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn parameters_that_do_not_fit_their_root_are_refused_and_not_tried_again() {
    let both = terminal_parameters_of(&[ComponentSet::First, ComponentSet::Second]);
    let (first, second) = (ComponentSet::First.root_unit(), ComponentSet::Second.root_unit());
    let swapped = both
        .replace(&format!("\"{second}\""), "\"*\"")
        .replace(&format!("\"{first}\""), &format!("\"{second}\""))
        .replace("\"*\"", &format!("\"{first}\""));
    let mut kiosk = Kiosk::with("ordinary");
    kiosk.parameters = ComponentParameters::parse(&swapped).unwrap();
    let error = kiosk.waiting().await.err();
    let refused = matches!(error, Some(DialogueError::ChannelRefused(ChannelRefusal::FalseComponent(_))));
    assert!(refused, "{error:?}");
    assert_eq!(kiosk.drawn.card.snapshot().counts.channels_opened, 0);
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_another_program_left_open_is_closed_first() {
    let mut kiosk = Kiosk::with("ordinary");
    let left = kiosk.waiting().await.unwrap();
    drop(left);
    assert_eq!(kiosk.drawn.card.snapshot().channel, Some("pin"));
    kiosk.sign().await.unwrap();
    assert_eq!(kiosk.drawn.card.snapshot().channel, None);
}

#[tokio::test(start_paused = true)]
async fn a_dialogue_closed_without_a_pin_leaves_no_channel() {
    let mut kiosk = Kiosk::with("ordinary");
    kiosk.waiting().await.unwrap().close().await;
    let seen = kiosk.drawn.card.snapshot();
    assert_eq!((seen.channel, seen.counts.verifies, seen.tries_left), (None, 0, Some(3)));
}

#[tokio::test(start_paused = true)]
async fn a_spoiled_answer_anywhere_in_the_channel_ends_the_dialogue_without_a_second_pin() {
    let ways =
        [Spoil::Checksum, Spoil::Counter, Spoil::Replay, Spoil::Plain, Spoil::NoStatus, Spoil::Padding];
    for name in ["ordinary", "first-generation"] {
        let mut lost = 0;
        for (answer, how) in (1..=48).zip(ways.into_iter().cycle()) {
            let mut kiosk = Kiosk::with(name);
            kiosk.drawn.card.fault(CardFault::Spoiled { answer, how });
            match kiosk.sign().await {
                Err(DialogueError::ChannelLost { .. }) => lost += 1,
                // The answer had nothing to spoil, or the dialogue has no answer of this number.
                Ok(_) => {}
                Err(other) => panic!("{name}, answer {answer}, {how:?}: {other:?}"),
            }
            let seen = kiosk.drawn.card.snapshot();
            assert!(seen.counts.verifies <= 1, "{name}, answer {answer}, {how:?}");
            assert_eq!(seen.channel, None, "{name}, answer {answer}, {how:?}");
        }
        assert!(lost >= 30, "{name}: only {lost}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_in_plain_is_named_as_such() {
    let mut kiosk = Kiosk::with("ordinary");
    kiosk.drawn.card.fault(CardFault::Spoiled { answer: 1, how: Spoil::Plain });
    assert_eq!(
        kiosk.waiting().await.err(),
        Some(DialogueError::ChannelLost {
            what: "asking for the tries left",
            why: SecureMessagingError::Plain(StatusWord(0x63C3)),
        })
    );
}

#[tokio::test(start_paused = true)]
async fn a_card_pulled_at_any_command_is_told_and_costs_at_most_one_try() {
    pulled_at_each_command(Purpose::Authentication, 1).await;
}

#[tokio::test(start_paused = true)]
async fn a_card_that_lost_its_power_for_a_moment_ends_the_dialogue_and_a_new_one_works() {
    for command in 1..=80 {
        let mut kiosk = Kiosk::with("ordinary");
        kiosk.drawn.card.fault(CardFault::PowerLost { command });
        let first = kiosk.sign().await;
        assert!(kiosk.drawn.card.snapshot().counts.verifies <= 1, "command {command}");
        if first.is_err() {
            kiosk.sign().await.unwrap_or_else(|error| panic!("command {command}: {error}"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn garbage_at_any_answer_is_an_error_and_never_a_second_pin() {
    let mut refused = 0;
    for answer in 1..=80 {
        let mut kiosk = Kiosk::with("first-generation");
        kiosk.drawn.card.fault(CardFault::Garbage { answer });
        refused += u32::from(kiosk.sign().await.is_err());
        assert!(kiosk.drawn.card.snapshot().counts.verifies <= 1, "answer {answer}");
    }
    assert!(refused > 40, "{refused}");
}

#[tokio::test(start_paused = true)]
async fn a_slow_card_is_waited_for_and_a_mute_one_is_not() {
    let mut kiosk = Kiosk::with("ordinary");
    kiosk.drawn.card.fault(CardFault::Slow { millis: 3000 });
    kiosk.sign().await.unwrap();
    let mut kiosk = Kiosk::with("ordinary");
    kiosk.drawn.card.fault(CardFault::Mute { command: 20 });
    assert_eq!(kiosk.sign().await.unwrap_err(), DialogueError::Card(CardError::Hung(20)));
    assert!(kiosk.line.transmit(&[0; 4]).await.is_err());
}
