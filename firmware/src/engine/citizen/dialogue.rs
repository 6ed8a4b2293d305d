//! The dialogue with the card in the reader, from its recognition to a signature or a number.
//!
//! A card of no known profile is sent nothing. After a wrong PIN the dialogue begins anew while the citizen types, so
//! that the tries are asked each time before a PIN is sent; each typed PIN is sent once.
use hal_smartcard::CardError;
use hal_smartcard::SystemRandom;
use hal_smartcard::dialogue::{
    ChannelRefusal, DialogueError, LastTry, Opened, Pin, Purpose, Signed, SigningCard, begin,
};
use hal_smartcard::profile::{ChannelKind, KeyRule, Profile, Recognition};
use private::PrivateText;
use tokio::sync::{mpsc, oneshot};
use ui::{CardProblem, CardRefusal};

use super::Identity;
use crate::identification::{CardFailure, PinRules, Proof, Recognised};
use crate::identity::CardTrust;

/// A PIN, and what is to be signed with it.
pub(super) struct Typed {
    pub pin: Pin,
    /// The citizen agreed to use the last try.
    pub last_try: bool,
    /// SHA-256 of the statement.
    pub hash: [u8; 32],
    /// Where what came of it is told.
    pub reply: oneshot::Sender<Result<Signed, CardFailure>>,
}

/// How a card is talked to.
struct Dialogue<'a> {
    identity: &'a Identity,
    profile: &'a Profile,
    purpose: Purpose,
}

/// How a round of the dialogue ended.
enum Round {
    /// The PIN was wrong: once more from the beginning.
    Again,
    Over,
}

/// Whether an answer to reset is that of a DNIe: its holder is sent to a police station, others to their issuer.
pub(super) fn is_dnie(trust: &CardTrust, atr: &[u8]) -> bool {
    match trust.profiles.recognise(Some(atr)) {
        Recognition::Known(profile) | Recognition::Dead(profile, _) => of_the_police(profile),
        Recognition::Unknown | Recognition::Mute => false,
    }
}

/// Two keys behind the secure channel: the cards of the police. The FNMT's with the same channel have one for all.
fn of_the_police(profile: &Profile) -> bool {
    profile.channel != ChannelKind::None && profile.keys == KeyRule::Authentication
}

/// Talks to the card in the reader until it has signed, or will not. Dropped, the card is reset.
pub(super) async fn talk(
    identity: Identity,
    atr: Vec<u8>,
    purpose: Purpose,
    mut typed: mpsc::Receiver<Typed>,
    tell: impl Fn(Result<Recognised, CardFailure>) + Send + Sync,
) {
    let refused = |refusal| tell(Err(CardFailure::Refused(refusal)));
    let profile = match identity.trust.profiles.recognise(Some(&atr)) {
        Recognition::Known(profile) => profile,
        Recognition::Dead(profile, life_cycle) => {
            tracing::info!(profile = profile.name, ?life_cycle, "a card that is not in use");
            return refused(CardRefusal::DeadCard);
        }
        Recognition::Unknown | Recognition::Mute => {
            tracing::info!(atr = ?atr, "a card of no known profile");
            return refused(CardRefusal::UnknownCard);
        }
    };
    let dialogue = Dialogue { identity: &identity, profile, purpose };
    let mut known = false;
    while let Round::Again = dialogue.round(&mut typed, &tell, known).await {
        known = true;
    }
}

impl Dialogue<'_> {
    /// One round: power, channel, tries, and one PIN. `known`: what the card is was told in an earlier one.
    async fn round(
        &self,
        typed: &mut mpsc::Receiver<Typed>,
        tell: &(impl Fn(Result<Recognised, CardFailure>) + Send + Sync),
        known: bool,
    ) -> Round {
        let Dialogue { identity, profile, purpose } = *self;
        let mut random = SystemRandom;
        let mut card;
        let begun = match identity.cards.connect().await {
            Ok(session) => {
                card = session;
                begin(&mut card, profile, identity.trust.parameters.as_ref(), &mut random).await
            }
            Err(error) => Err(DialogueError::Card(error)),
        };
        let waiting = match begun {
            Ok(Opened::Number(number)) => {
                let number = PrivateText::from(number.as_str().to_owned());
                let recognised = Recognised::Record { profile: profile.name.clone(), number };
                tell(Ok(recognised));
                return Round::Over;
            }
            Ok(Opened::Signs(card)) => Ok(card),
            Err(error) => Err(error),
        };
        if !known {
            let recognised = match &waiting {
                Ok(card) => Ok(Recognised::Certificate(rules(profile, card))),
                Err(error) => Err(failure(profile, error)),
            };
            let over = recognised.is_err();
            tell(recognised);
            if over {
                return Round::Over;
            }
        }
        let Some(Typed { pin, last_try, hash, reply }) = typed.recv().await else { return Round::Over };
        let last_try = if last_try { LastTry::Consented } else { LastTry::Refuse };
        let signed = match waiting {
            Ok(card) => card.sign(&pin, last_try, purpose, &hash).await,
            Err(error) => Err(error),
        };
        drop(pin);
        let again = matches!(&signed, Err(DialogueError::WrongPin { .. } | DialogueError::WrongPinUncounted));
        // Who asked may be gone; then nobody needs the answer.
        let _ = reply.send(signed.map_err(|error| failure(profile, &error)));
        if again { Round::Again } else { Round::Over }
    }
}

fn rules<C: hal_smartcard::Card>(profile: &Profile, card: &SigningCard<'_, C>) -> PinRules {
    let rules = card.pin_rules();
    PinRules {
        dnie: of_the_police(profile),
        shortest: rules.minimum,
        longest: rules.maximum,
        tries_left: card.tries_left(),
    }
}

/// What proves to the sede who it is.
pub(super) fn proof(mut signed: Signed, kiosk_nonce: [u8; 32]) -> Proof {
    Proof::Certificate {
        certificate: std::mem::take(&mut *signed.certificate).into(),
        chain: signed.authorities.iter_mut().map(|authority| std::mem::take(&mut **authority)).collect(),
        kiosk_nonce,
        signature: signed.signature.into(),
        own_signature: signed.can_bind,
    }
}

/// What the citizen is told of it.
fn failure(profile: &Profile, error: &DialogueError) -> CardFailure {
    tracing::info!(profile = profile.name, %error, "the dialogue with a card ended");
    match error {
        DialogueError::Card(CardError::Removed) => CardFailure::Problem(CardProblem::TakenOut),
        DialogueError::Card(CardError::Mute) => CardFailure::Problem(CardProblem::Mute),
        DialogueError::WrongPin { tries_left } => CardFailure::WrongPin { tries_left: Some(*tries_left) },
        DialogueError::WrongPinUncounted => CardFailure::WrongPin { tries_left: None },
        DialogueError::LastTry => CardFailure::LastTry,
        DialogueError::PinBlocked => {
            CardFailure::Refused(CardRefusal::PinBlocked { dnie: of_the_police(profile) })
        }
        DialogueError::NoCertificates
        | DialogueError::NoAuthenticationKey
        | DialogueError::NoSignatureKey => CardFailure::Refused(CardRefusal::NoCertificates),
        DialogueError::ChannelRefused(ChannelRefusal::FalseComponent(_)) => {
            CardFailure::Refused(CardRefusal::Untrusted)
        }
        DialogueError::Unsupported(_)
        | DialogueError::ChannelRefused(
            ChannelRefusal::NoParameters | ChannelRefusal::UnknownRoot(_) | ChannelRefusal::NoPinTerminal,
        ) => CardFailure::Refused(CardRefusal::UnknownCard),
        // A bit that went wrong on its way looks like this, too: the card may be inserted again.
        DialogueError::Card(
            CardError::Reset
            | CardError::ReaderGone
            | CardError::Hung(_)
            | CardError::InUse
            | CardError::Interrupted
            | CardError::Reader(_),
        )
        | DialogueError::ChannelRefused(ChannelRefusal::Step { .. } | ChannelRefusal::Authentication(_))
        | DialogueError::ChannelLost { .. }
        | DialogueError::PinLength { .. }
        | DialogueError::Refused { .. }
        | DialogueError::Malformed { .. }
        | DialogueError::Random(_) => CardFailure::Problem(CardProblem::Failed),
    }
}
