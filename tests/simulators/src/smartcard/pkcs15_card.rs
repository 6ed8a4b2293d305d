//! Cards without a channel: PKCS#15 after ISO 7816-15, T=1, PIN in the clear to the card (reference 3).

use super::apdu::{Answer, Command, sw};
use super::card::CardSystem;
use super::dnie::{Credential, names};
use super::fault::Spoil;
use super::files::{Access, Files, read_binary};
use super::pkcs15::{self, KeyPair};
use super::snapshot::{CardSnapshot, Counts, SignatureMade};

/// A citizen card with a certificate.
#[derive(Clone, Debug)]
pub struct Pkcs15Config {
    pub credential: Credential,
    pub label: String,
    pub serial: [u8; 8],
    /// 4 to 8 digits.
    pub pin: String,
    pub tries: u8,
}

pub(super) struct Pkcs15Card {
    config: Pkcs15Config,
    files: Files,
    tries: u8,
    logged_in: bool,
    key_chosen: bool,
    counts: Counts,
    signatures: Vec<SignatureMade>,
}

const TRIES: u8 = 3;
/// Reference of the PIN: local to the application.
const PIN_REFERENCE: u8 = 0x81;
const KEY_REFERENCE: u8 = 3;
/// 3B 8A 80 01 and ten historical bytes: T=1.
const ATR_START: [u8; 4] = [0x3B, 0x8A, 0x80, 0x01];
const HISTORICAL: &[u8; 10] = b"MUNICIPAL1";

impl Pkcs15Card {
    pub fn new(config: Pkcs15Config) -> Self {
        let mut files = Files::new(b"");
        files.use_iso_control_information();
        let application = files.add_folder(0, 0x5015, b"\xA0\0\0\0cPKCS-15");
        let entry = super::der::nest(
            0x61,
            &[
                super::der::tlv(0x4F, b"\xA0\0\0\0cPKCS-15"),
                super::der::tlv(0x50, config.label.as_bytes()),
                super::der::tlv(0x51, b"\x3F\0\x50\x15"),
            ],
        );
        files.add(0, 0x2F00, entry, Access::Free);
        let [serial, issuer, subject] = names(&config.credential.certificate);
        let pair = KeyPair {
            id: 0x45,
            key_label: "Clave de autenticacion",
            certificate_label: "Certificado del ciudadano",
            reference: KEY_REFERENCE,
            key_path: b"\x3F\0\x50\x15".to_vec(),
            certificate_path: b"\x3F\0\x50\x15\x43\x01".to_vec(),
            certificate_length: config.credential.certificate.len(),
            subject,
            issuer,
            serial,
            bits: config.credential.key.public().length() as u64 * 8,
            non_repudiation: false,
            auth_id: 1,
        };
        let at = |low: u8| [0x3F, 0, 0x50, 0x15, 0x44, low];
        let directory = pkcs15::object_directory(&at(1), &at(2), Some(&at(3)));
        for (id, content) in [
            (0x5031, directory),
            (0x5032, pkcs15::token_info(&config.serial, "Ayuntamiento de Prueba", &config.label)),
            (0x4401, pkcs15::private_key(&pair)),
            (0x4402, pkcs15::certificate(&pair)),
            (0x4403, pkcs15::pin(1, PIN_REFERENCE, 4, 8, b"\x3F\0\x50\x15")),
            (0x4301, config.credential.certificate.clone()),
        ] {
            files.add(application, id, content, Access::Free);
        }
        let (tries, counts, signatures) = (config.tries, Counts::default(), Vec::new());
        Self { config, files, tries, logged_in: false, key_chosen: false, counts, signatures }
    }

    fn execute(&mut self, command: &Command) -> Answer {
        if command.cla != 0 {
            return sw::CLA_UNKNOWN.into();
        }
        match command.ins_p1_p2() {
            (0xA4, _, _) => self.files.select(command, true),
            (0xB0, _, _) => match self.files.chosen() {
                Ok(file) if file.read == Access::Free => {
                    // Le 00 asks for what there is (ISO 7816-4, 11.2.3).
                    read_binary(&file.content, command, command.le.is_some_and(|le| le >= 256))
                }
                Ok(_) => sw::SECURITY_STATUS.into(),
                Err(sw) => sw.into(),
            },
            (0x20, 0, PIN_REFERENCE) => self.verify(&command.data).into(),
            (0x20, _, _) => {
                self.counts.verifies += u32::from(!command.data.is_empty());
                sw::REFERENCE_NOT_FOUND.into()
            }
            (0x22, 0x41, 0xB6) => {
                let objects = super::der::Objects(&command.data).all().unwrap_or_default();
                self.key_chosen =
                    objects.iter().any(|(tag, content)| (*tag, *content) == (0x84, &[KEY_REFERENCE]));
                if self.key_chosen { sw::OK.into() } else { sw::REFERENCE_NOT_FOUND.into() }
            }
            (0x2A, 0x9E, 0x9A) => self.sign(&command.data),
            (0x84, 0, 0) => Answer::data((0..command.le.unwrap_or(8).min(32) as u8).collect()),
            _ => sw::INS_UNKNOWN.into(),
        }
    }

    fn verify(&mut self, pin: &[u8]) -> u16 {
        if pin.is_empty() {
            self.counts.tries_queries += 1;
            return match self.tries {
                _ if self.logged_in => sw::OK,
                0 => sw::BLOCKED,
                tries => sw::TRIES | u16::from(tries),
            };
        }
        self.counts.verifies += 1;
        if self.tries == 0 {
            return sw::BLOCKED;
        }
        self.logged_in = pin == self.config.pin.as_bytes();
        if self.logged_in {
            self.counts.right_pins += 1;
            self.tries = TRIES;
            sw::OK
        } else {
            self.counts.wrong_pins += 1;
            self.tries -= 1;
            sw::TRIES | u16::from(self.tries)
        }
    }

    fn sign(&mut self, digest_info: &[u8]) -> Answer {
        if !self.logged_in {
            return sw::SECURITY_STATUS.into();
        }
        if !self.key_chosen {
            return sw::CONDITIONS.into();
        }
        let Some(signature) = self.config.credential.key.sign_digest_info(digest_info) else {
            return sw::DATA_WRONG.into();
        };
        self.signatures.push(SignatureMade { key: KEY_REFERENCE, digest_info: digest_info.to_vec() });
        Answer::data(signature)
    }
}

/// An ATR of this interface, with the check byte that T=1 wants.
pub(super) fn atr(start: [u8; 4], historical: &[u8]) -> Vec<u8> {
    let mut out = [&start, historical].concat();
    out.push(out.iter().skip(1).fold(0, |check, byte| check ^ byte));
    out
}

impl CardSystem for Pkcs15Card {
    fn atr(&self) -> Vec<u8> {
        atr(ATR_START, HISTORICAL)
    }

    fn reset(&mut self) {
        self.files.reset();
        (self.logged_in, self.key_chosen) = (false, false);
    }

    fn command(&mut self, bytes: &[u8]) -> Vec<u8> {
        match Command::parse(bytes) {
            Some(command) => self.execute(&command).bytes(),
            None => sw::LENGTH_WRONG.to_be_bytes().to_vec(),
        }
    }

    fn set_tries(&mut self, tries: u8) {
        self.tries = tries.min(TRIES);
    }

    fn spoil(&mut self, _: Option<(u32, Spoil)>) {}

    fn describe(&self, snapshot: &mut CardSnapshot) {
        snapshot.profile = "pkcs15";
        snapshot.counts = Counts { power_ons: snapshot.counts.power_ons, ..self.counts };
        snapshot.tries_left = Some(self.tries);
        snapshot.logged_in = self.logged_in;
        snapshot.signatures = self.signatures.clone();
    }
}
