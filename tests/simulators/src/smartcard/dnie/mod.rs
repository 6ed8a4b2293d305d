//! The chip of a DNIe, and of its sister cards (reference 1).
//!
//! Without power it forgets channel, login and chosen files; tries stay. What comes in another order than the
//! document's is refused; a plain command on an open channel, or a wrong object in it, ends the channel.

mod channel;
mod config;
mod handshake;
mod layout;

pub use config::{Credential, DnieConfig, Generation, Life, Maker};

pub(super) use layout::names;

use self::channel::Channel;
use self::config::TRIES;
use self::handshake::Handshake;
use super::apdu::{Answer, Command, Waiting, sw};
use super::card::CardSystem;
use super::cv::Role;
use super::der::Objects;
use super::fault::Spoil;
use super::files::{Access, Files, read_binary};
use super::snapshot::{CardSnapshot, Counts, SignatureMade};
use crate::rng::Rng;

pub(super) struct Dnie {
    config: DnieConfig,
    files: Files,
    tries: u8,
    handshake: Handshake,
    channel: Option<Channel>,
    logged_in: bool,
    /// Key chosen for a signature.
    key: Option<u8>,
    waiting: Waiting,
    rng: Rng,
    counts: Counts,
    signatures: Vec<SignatureMade>,
    /// Answers until one is spoiled, and how.
    spoil: Option<(u32, Spoil)>,
}

const GET_RESPONSE: u8 = 0xC0;
const VERIFY: u8 = 0x20;
/// Answer of a card whose life is over.
const DEAD: u16 = 0x6581;

impl Dnie {
    pub fn new(config: DnieConfig) -> Self {
        let [a, b, c, d, e, f, g] = config.serial;
        Self {
            files: layout::files(&config),
            tries: config.tries,
            handshake: Handshake::new(config.components, [0, a, b, c, d, e, f, g]),
            channel: None,
            logged_in: false,
            key: None,
            waiting: Waiting::default(),
            rng: Rng::new(config.seed),
            counts: Counts::default(),
            signatures: Vec::new(),
            spoil: None,
            config,
        }
    }

    fn is_new(&self) -> bool {
        self.config.generation.is_new()
    }

    /// Ends the channel because of an error.
    fn break_channel(&mut self, sw: u16) -> Answer {
        self.channel = None;
        self.key = None;
        self.counts.channels_broken += 1;
        // On old cards the login belongs to the channel.
        self.logged_in &= self.is_new();
        sw.into()
    }

    fn dispatch(&mut self, command: &Command) -> Answer {
        let carries_pin = command.ins == VERIFY && !command.data.is_empty();
        match (command.cla, self.channel.is_some()) {
            (0x00 | 0x90, plain_refused) => {
                if carries_pin {
                    self.counts.verifies += 1;
                    self.counts.verifies_in_the_clear += 1;
                }
                if plain_refused { self.break_channel(sw::SM_OBJECTS_MISSING) } else { self.execute(command) }
            }
            (0x0C | 0x9C, true) => self.protected(command),
            (0x0C | 0x9C, false) => {
                self.handshake.forget();
                sw::SM_OBJECTS_WRONG.into()
            }
            _ => {
                self.handshake.forget();
                sw::CLA_UNKNOWN.into()
            }
        }
    }

    fn protected(&mut self, command: &Command) -> Answer {
        let Some(channel) = self.channel.as_mut() else { return sw::CONDITIONS.into() };
        let inner = match channel.open(command) {
            Ok(inner) => inner,
            Err(sw) => return self.break_channel(sw),
        };
        if inner.ins == VERIFY && !inner.data.is_empty() {
            self.counts.verifies += 1;
        }
        let answer = self.execute(&inner);
        // Padding is spoiled where there is some.
        let spoil = self.due_spoil().filter(|how| *how != Spoil::Padding || !answer.data.is_empty());
        self.counts.spoiled += u32::from(spoil.is_some());
        match self.channel.as_mut() {
            Some(channel) => channel.seal(&answer, spoil),
            None => answer,
        }
    }

    fn due_spoil(&mut self) -> Option<Spoil> {
        let (answers, how) = self.spoil?;
        self.spoil = (answers > 1).then_some((answers - 1, how));
        (answers <= 1).then_some(how)
    }

    fn execute(&mut self, command: &Command) -> Answer {
        let in_channel = self.channel.is_some();
        let step = command.ins_p1_p2();
        let of_handshake = matches!(
            step,
            (0x22, 0x81, 0xB6) | (0x22, 0xC1, 0xA4) | (0x2A, 0, 0xAE) | (0x82 | 0x84 | 0x88, 0, 0)
        );
        if !of_handshake {
            self.handshake.forget();
        }
        match step {
            (0x84, 0, 0) => self.challenge(command.le),
            _ if of_handshake && in_channel => sw::CONDITIONS.into(),
            (0x22, 0x81, 0xB6) => self.handshake.choose_verifier(command).into(),
            (0x2A, 0, 0xAE) => self.handshake.verify_certificate(command).into(),
            (0x22, 0xC1, 0xA4) => self.handshake.choose_keys(command).into(),
            (0x88, 0, 0) => self.handshake.internal_authenticate(command, &mut self.rng),
            (0x82, 0, 0) => self.external_authenticate(command),
            (0xA4, _, _) => self.files.select(command, false),
            (0xB0, _, _) => self.read(command, in_channel),
            (0xB8, 0, 0) if command.cla == 0x90 => match command.le {
                Some(7) => Answer::data(self.config.serial.to_vec()),
                _ => (sw::REPEAT_WITH + 7).into(),
            },
            (VERIFY, 0, 0) => self.verify(&command.data).into(),
            (0x22, 0x41, 0xB6) => self.choose_key(&command.data).into(),
            (0x2A, 0x9E, 0x9A) => self.sign(&command.data),
            (0x20 | 0x22 | 0x2A | 0x82 | 0x88 | 0xB8, _, _) => sw::PARAMETERS_WRONG.into(),
            _ => sw::INS_UNKNOWN.into(),
        }
    }

    fn challenge(&mut self, le: Option<usize>) -> Answer {
        let random: Vec<u8> = match le {
            Some(length @ (8 | 0x14)) => (0..length).map(|_| self.rng.byte()).collect(),
            _ => return sw::LENGTH_WRONG.into(),
        };
        if let Ok(random) = <[u8; 8]>::try_from(random.as_slice()) {
            self.handshake.challenged(random);
        }
        Answer::data(random)
    }

    fn external_authenticate(&mut self, command: &Command) -> Answer {
        match self.handshake.external_authenticate(command) {
            Ok(agreed) => {
                let generation = self.config.generation;
                self.channel = Some(Channel::new(agreed.role, generation, &agreed.secret, agreed.counter));
                self.counts.channels_opened += 1;
                sw::OK.into()
            }
            Err(sw) => sw.into(),
        }
    }

    fn has_role(&self, role: Role) -> bool {
        // Old cards have one channel for everything, whichever terminal opens it.
        self.channel.as_ref().is_some_and(|channel| channel.role == role || !self.is_new())
    }

    fn read(&self, command: &Command, in_channel: bool) -> Answer {
        let file = match self.files.chosen() {
            Ok(file) => file,
            Err(sw) => return sw.into(),
        };
        let allowed = match file.read {
            Access::Free => true,
            Access::Channel => self.has_role(Role::User),
            Access::Pin => self.has_role(Role::User) && self.logged_in,
            Access::Never => false,
        };
        if !allowed {
            return sw::SECURITY_STATUS.into();
        }
        let empty = file.hidden && !(self.has_role(Role::User) && self.logged_in);
        read_binary(if empty { &[] } else { &file.content }, command, in_channel)
    }

    fn verify(&mut self, pin: &[u8]) -> u16 {
        if !self.has_role(Role::Pin) {
            return sw::SECURITY_STATUS;
        }
        if pin.is_empty() {
            self.counts.tries_queries += 1;
            return if self.tries == 0 { sw::BLOCKED } else { sw::TRIES | u16::from(self.tries) };
        }
        if self.tries == 0 {
            return sw::BLOCKED;
        }
        if pin == self.config.pin.as_bytes() {
            self.counts.right_pins += 1;
            (self.tries, self.logged_in) = (TRIES, true);
            return sw::OK;
        }
        self.counts.wrong_pins += 1;
        (self.tries, self.logged_in) = (self.tries - 1, false);
        sw::TRIES | u16::from(self.tries)
    }

    fn credential(&self, reference: u8) -> Option<&Credential> {
        match reference {
            layout::AUTHENTICATION_KEY => self.config.authentication.as_ref(),
            layout::SIGNATURE_KEY => self.config.signature.as_ref(),
            _ => None,
        }
    }

    fn choose_key(&mut self, data: &[u8]) -> u16 {
        self.key = None;
        if !self.has_role(Role::User) {
            return sw::SECURITY_STATUS;
        }
        let Some(objects) = Objects(data).all() else { return sw::DATA_WRONG };
        let [algorithm @ .., (0x84, [1, reference])] = objects.as_slice() else { return sw::DATA_WRONG };
        if !matches!(algorithm, [] | [(0x80, [_])]) {
            return sw::DATA_WRONG;
        }
        if self.credential(*reference).is_none() {
            return sw::REFERENCE_NOT_FOUND;
        }
        self.key = Some(*reference);
        sw::OK
    }

    fn sign(&mut self, digest_info: &[u8]) -> Answer {
        if !self.has_role(Role::User) || !self.logged_in {
            return sw::SECURITY_STATUS.into();
        }
        let Some(reference) = self.key else { return sw::CONDITIONS.into() };
        let Some(credential) = self.credential(reference) else { return sw::CONDITIONS.into() };
        let digest_known = Objects(digest_info).all().is_some_and(|objects| matches!(*objects, [(0x30, _)]));
        let signature = if digest_known { credential.key.sign_digest_info(digest_info) } else { None };
        let Some(signature) = signature else { return sw::DATA_WRONG.into() };
        // One login, one signature.
        self.logged_in &= !self.is_new();
        self.signatures.push(SignatureMade { key: reference, digest_info: digest_info.to_vec() });
        Answer::data(signature)
    }
}

impl CardSystem for Dnie {
    fn atr(&self) -> Vec<u8> {
        self.config.atr()
    }

    fn reset(&mut self) {
        self.files.reset();
        self.handshake.forget();
        self.waiting.clear();
        (self.channel, self.logged_in, self.key) = (None, false, None);
    }

    fn command(&mut self, bytes: &[u8]) -> Vec<u8> {
        if self.config.life == Life::Dead {
            return DEAD.to_be_bytes().to_vec();
        }
        let Some(command) = Command::parse(bytes) else { return sw::LENGTH_WRONG.to_be_bytes().to_vec() };
        if command.ins == GET_RESPONSE && command.cla == 0 {
            return self.waiting.fetch(&command);
        }
        let answer = self.dispatch(&command);
        self.waiting.deliver(answer, command.le)
    }

    fn set_tries(&mut self, tries: u8) {
        self.tries = tries.min(TRIES);
    }

    fn spoil(&mut self, spoil: Option<(u32, Spoil)>) {
        self.spoil = spoil;
    }

    fn describe(&self, snapshot: &mut CardSnapshot) {
        snapshot.profile = match (self.config.maker, self.is_new()) {
            (Maker::Fnmt, _) => "fnmt",
            (Maker::Dnie, true) => "dnie-new",
            (Maker::Dnie, false) => "dnie-old",
        };
        snapshot.counts = Counts { power_ons: snapshot.counts.power_ons, ..self.counts };
        snapshot.tries_left = Some(self.tries);
        snapshot.logged_in = self.logged_in;
        snapshot.channel = self.channel.as_ref().map(|channel| match channel.role {
            Role::Pin => "pin",
            Role::User | Role::Authority => "user",
        });
        snapshot.signatures = self.signatures.clone();
    }
}
