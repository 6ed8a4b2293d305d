//! Mutual authentication of card and terminal (reference 1.3, steps 2 to 10), the card's side.
//!
//! One step after another: any other command in between, and the references are gone.

use num_bigint::BigUint;

use super::super::apdu::{Answer, Command, sw};
use super::super::components::ComponentSet;
use super::super::crypto::sha1;
use super::super::cv::{self, Role, Verified};
use super::super::der::Objects;
use super::super::rsa::PublicKey;
use crate::rng::Rng;

/// The card's reference to the root's key, and to its own.
const ROOT_KEY: [u8; 2] = [2, 0x0F];
const CARD_KEY: [u8; 2] = [2, 0x1F];
/// Random filling of a signature.
const FILLING: usize = 74;

/// How far the terminal has come.
#[derive(Clone, Debug, Default)]
pub(super) enum Step {
    #[default]
    Nothing,
    RootChosen,
    AuthorityVerified(Verified),
    AuthorityChosen(PublicKey),
    TerminalVerified(Verified),
    KeysChosen(Verified),
    /// The card has proved itself: with its part of the secret and the terminal's random number.
    CardProved(Verified, [u8; 32], [u8; 8]),
}

/// What a channel is made of.
pub(super) struct Agreed {
    pub role: Role,
    pub secret: [u8; 32],
    pub counter: [u8; 8],
}

#[derive(Clone, Debug)]
pub(super) struct Handshake {
    set: ComponentSet,
    serial: [u8; 8],
    step: Step,
    challenge: Option<[u8; 8]>,
}

impl Handshake {
    pub fn new(set: ComponentSet, serial: [u8; 8]) -> Self {
        Self { set, serial, step: Step::Nothing, challenge: None }
    }

    /// Another command came, or the card was reset.
    pub fn forget(&mut self) {
        (self.step, self.challenge) = (Step::Nothing, None);
    }

    pub fn challenged(&mut self, random: [u8; 8]) {
        self.challenge = Some(random);
    }

    /// MSE 81 B6: the key for the next certificate.
    pub fn choose_verifier(&mut self, command: &Command) -> u16 {
        let Some(objects) = Objects(&command.data).all() else { return sw::DATA_WRONG };
        let [(0x83, reference)] = objects.as_slice() else { return sw::DATA_WRONG };
        let step = match std::mem::take(&mut self.step) {
            _ if *reference == ROOT_KEY => Step::RootChosen,
            Step::AuthorityVerified(authority)
                if authority.holder.ends_with(reference) && reference.len() == 8 =>
            {
                Step::AuthorityChosen(authority.key)
            }
            _ => return sw::REFERENCE_NOT_FOUND,
        };
        self.step = step;
        sw::OK
    }

    /// PSO 00 AE: verify a certificate.
    pub fn verify_certificate(&mut self, command: &Command) -> u16 {
        let mut objects = Objects(&command.data);
        let (Some((0x7F21, certificate)), []) = (objects.take(), objects.0) else { return sw::DATA_WRONG };
        let (key, of_authority) = match std::mem::take(&mut self.step) {
            Step::RootChosen => (self.set.root_public(), true),
            Step::AuthorityChosen(key) => (key, false),
            _ => return sw::CONDITIONS,
        };
        match cv::verify(certificate, &key) {
            Some(verified) if (verified.role == Role::Authority) == of_authority => {
                let next = if of_authority { Step::AuthorityVerified } else { Step::TerminalVerified };
                self.step = next(verified);
                sw::OK
            }
            _ => sw::CHECKSUM_WRONG,
        }
    }

    /// MSE C1 A4: the terminal's key and the card's.
    pub fn choose_keys(&mut self, command: &Command) -> u16 {
        let Some(objects) = Objects(&command.data).all() else { return sw::DATA_WRONG };
        let [(0x83, terminal), (0x84, card)] = objects.as_slice() else { return sw::DATA_WRONG };
        match std::mem::take(&mut self.step) {
            Step::TerminalVerified(verified) if *terminal == verified.holder && *card == CARD_KEY => {
                self.step = Step::KeysChosen(verified);
                sw::OK
            }
            _ => sw::REFERENCE_NOT_FOUND,
        }
    }

    /// INTERNAL AUTHENTICATE: RND.IFD and SN.IFD come in, the card's signature for this terminal goes out.
    pub fn internal_authenticate(&mut self, command: &Command, rng: &mut Rng) -> Answer {
        let Step::KeysChosen(terminal) = std::mem::take(&mut self.step) else { return sw::CONDITIONS.into() };
        let (Some((random, named)), 16) = (command.data.split_first_chunk::<8>(), command.data.len()) else {
            return sw::LENGTH_WRONG.into();
        };
        if !terminal.holder.ends_with(named) {
            return sw::DATA_WRONG.into();
        }
        let key = self.set.card_key();
        loop {
            let filling: [u8; FILLING] = std::array::from_fn(|_| rng.byte());
            let part: [u8; 32] = std::array::from_fn(|_| rng.byte());
            let hash = sha1(&[&filling, &part, random, named]);
            let block = [&[0x6A], filling.as_slice(), &part, &hash, &[0xBC]].concat();
            let Some(signature) = key.raw(&BigUint::from_bytes_be(&block)) else { continue };
            let smaller = (key.public().n() - &signature).min(signature);
            // Above the terminal's modulus it would not come back: another random number.
            let Some(sealed) = terminal.key.raw(&smaller) else { continue };
            let out = terminal.key.padded(&sealed);
            self.step = Step::CardProved(terminal, part, *random);
            return Answer::data(out);
        }
    }

    /// EXTERNAL AUTHENTICATE: the terminal proves itself, with its part of the secret.
    pub fn external_authenticate(&mut self, command: &Command) -> Result<Agreed, u16> {
        let step = std::mem::take(&mut self.step);
        let challenge = self.challenge.take();
        let (Step::CardProved(terminal, own_part, random), Some(challenge)) = (step, challenge) else {
            return Err(sw::CONDITIONS);
        };
        if command.data.len() != 128 {
            return Err(sw::LENGTH_WRONG);
        }
        let part =
            self.terminal_part(&command.data, &terminal.key, challenge).ok_or(sw::AUTHENTICATION_FAILED)?;
        let mut counter = [0; 8];
        counter[..4].copy_from_slice(&challenge[4..]);
        counter[4..].copy_from_slice(&random[4..]);
        let secret = std::array::from_fn(|at| own_part[at] ^ part[at]);
        Ok(Agreed { role: terminal.role, secret, counter })
    }

    fn terminal_part(&self, sealed: &[u8], terminal: &PublicKey, challenge: [u8; 8]) -> Option<[u8; 32]> {
        let smaller = self.set.card_key().raw(&BigUint::from_bytes_be(sealed))?;
        let recovered = terminal.raw(&smaller)?;
        let block =
            [terminal.n() - &recovered, recovered].iter().map(|number| terminal.padded(number)).find(
                |block| block.first() == Some(&0x6A) && block.last() == Some(&0xBC) && block.len() == 128,
            )?;
        let (filling, rest) = block[1..127].split_at(FILLING);
        let (part, hash) = rest.split_first_chunk::<32>()?;
        (sha1(&[filling, part, &challenge, &self.serial]) == hash).then_some(*part)
    }
}
