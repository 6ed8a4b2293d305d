//! A drawer with cards of people who do not exist: one for each thing that a kiosk meets.

use std::sync::Arc;

use super::card::VirtualCard;
use super::components::ComponentSet;
use super::dnie::{Credential, DnieConfig, Generation, Life, Maker};
use super::fault::CardFault;
use super::keys;
use super::pkcs15_card::Pkcs15Config;
use super::pki::{CertificateRequest, Citizen, CitizenPki, Issuer, NumberForm, Purpose, Validity};
use super::rsa::PrivateKey;

/// A card of the drawer.
#[derive(Clone, Debug)]
pub struct DrawerCard {
    /// Its name in scenarios and on panels.
    pub name: &'static str,
    /// What it is and what a kiosk meets with it, in a few words.
    pub description: &'static str,
    pub citizen: Option<Citizen>,
    pub pin: Option<&'static str>,
    /// The certificate for authentication, DER.
    pub certificate: Option<Vec<u8>>,
    pub card: VirtualCard,
}

/// Serial numbers of the drawer's revoked certificates: `revoked`.
pub const REVOKED: [u64; 2] = [4000, 4001];

const PIN: &str = "Prueba2026";

/// The certificates of one card.
struct Papers {
    citizen: Citizen,
    form: NumberForm,
    validity: Validity,
    issuer: Issuer,
    /// Serial number of the authentication certificate; the signature's is the next one.
    serial: u64,
    keys: [Arc<PrivateKey>; 2],
}

impl Papers {
    fn of(serial: u64, number: &'static str, given_name: &'static str, surnames: [&'static str; 2]) -> Self {
        Self {
            citizen: Citizen { number, given_name, surnames },
            form: NumberForm::Classic,
            validity: Validity::Good,
            issuer: Issuer::Intermediate,
            serial,
            keys: [keys::citizen_1(), keys::citizen_2()],
        }
    }

    fn credential(&self, pki: &CitizenPki, purpose: Purpose) -> Credential {
        let [authentication, signature] = &self.keys;
        let (key, serial) = match purpose {
            Purpose::Authentication => (authentication, self.serial),
            Purpose::Signature => (signature, self.serial + 1),
        };
        pki.issue(&CertificateRequest {
            citizen: self.citizen,
            form: self.form,
            purpose,
            validity: self.validity,
            issuer: self.issuer,
            serial,
            key: Arc::clone(key),
        })
    }

    /// A card with both certificates.
    fn dnie(&self, pki: &CitizenPki, generation: Generation) -> DnieConfig {
        let mut config = DnieConfig::new(generation);
        config.pin = PIN.to_owned();
        config.serial[5..].copy_from_slice(&(self.serial as u16).to_be_bytes());
        config.seed = self.serial;
        config.authentication = Some(self.credential(pki, Purpose::Authentication));
        config.signature = Some(self.credential(pki, Purpose::Signature));
        config.intermediate = pki.intermediate_certificate();
        config
    }

    fn card(&self, name: &'static str, config: DnieConfig) -> DrawerCard {
        let certificate = config.authentication.as_ref().map(|it| it.certificate.clone());
        let card = VirtualCard::dnie(config);
        let (description, citizen, pin) = (description(name), Some(self.citizen), Some(PIN));
        DrawerCard { name, description, citizen, pin, certificate, card }
    }
}

/// Names of the cards in [`drawer`], in its order.
pub const NAMES: [&str; 17] = [
    "ordinary",
    "first-generation",
    "renewed-key",
    "expired",
    "revoked",
    "stranger",
    "weak-key",
    "last-try",
    "blocked",
    "no-certificates",
    "signature-only",
    "dead",
    "fnmt",
    "pkcs15",
    "municipal",
    "unknown",
    "upside-down",
];

fn description(name: &str) -> &'static str {
    match name {
        "ordinary" => "DNIe 3.0, all in order",
        "first-generation" => "DNIe of the first generation",
        "renewed-key" => "DNIe 3.0, re-issued with a key of 1920 bits",
        "expired" => "DNIe whose certificates have expired",
        "revoked" => "DNIe whose certificates were revoked",
        "stranger" => "DNIe of an authority that nobody trusts",
        "weak-key" => "DNIe with a key that can be guessed",
        "last-try" => "DNIe with one try of the PIN left",
        "blocked" => "DNIe whose PIN is blocked",
        "no-certificates" => "DNIe without certificates, as children have",
        "signature-only" => "DNIe without the certificate to identify",
        "dead" => "DNIe at the end of its life",
        "fnmt" => "FNMT card, like a DNIe",
        "pkcs15" => "citizen card of the town, with a certificate",
        "municipal" => "card of the town, with a number only",
        "unknown" => "a card of something else",
        "upside-down" => "a card put in the wrong way",
        _ => "",
    }
}

/// Every card, new, with certificates for the moment of these authorities.
#[must_use]
pub fn drawer(pki: &CitizenPki) -> Vec<DrawerCard> {
    NAMES.iter().filter_map(|name| from_drawer(pki, name)).collect()
}

/// One card by its name, new.
#[must_use]
pub fn from_drawer(pki: &CitizenPki, name: &str) -> Option<DrawerCard> {
    let name = *NAMES.iter().find(|known| **known == name)?;
    let description = description(name);
    let nameless = |card| DrawerCard { name, description, citizen: None, pin: None, certificate: None, card };
    Some(match name {
        "first-generation" => first_generation(pki, name),
        "renewed-key" => renewed_key(pki, name),
        "fnmt" => {
            let mut papers = Papers::of(11_000, "Y1234567X", "ÍÑIGO", ["ÑU", "FICTICIO"]);
            papers.form = NumberForm::Etsi;
            papers.card(name, DnieConfig { maker: Maker::Fnmt, ..papers.dnie(pki, Generation::New) })
        }
        "pkcs15" => citizen_card(pki, name),
        "municipal" => nameless(VirtualCard::municipal("0000012345678")),
        "unknown" => nameless(VirtualCard::unknown()),
        "upside-down" => {
            let card = VirtualCard::unknown();
            card.fault(CardFault::NoAtr);
            nameless(card)
        }
        _ => third_generation(pki, name),
    })
}

/// The first generation, its own component root, certificates as they are, the newer form of the number.
fn first_generation(pki: &CitizenPki, name: &'static str) -> DrawerCard {
    let mut papers = Papers::of(2000, "00000000T", "EMPADRONADA", ["SINTÉTICA", "NÚÑEZ"]);
    papers.form = NumberForm::Etsi;
    papers.keys = [keys::citizen_3(), keys::citizen_4()];
    papers.card(name, DnieConfig { compressed: false, ..papers.dnie(pki, Generation::Old) })
}

/// A 3.0 of before the second component root, with a key of 1920 bits after the re-issue, directory hidden.
fn renewed_key(pki: &CitizenPki, name: &'static str) -> DrawerCard {
    let mut papers = Papers::of(1920, "X1234567L", "RESIDENT", ["D'EXEMPLE", "I PROVA"]);
    papers.keys = [keys::citizen_1920(), keys::citizen_2()];
    let config = DnieConfig {
        components: ComponentSet::First,
        support_number: "BAA000001".to_owned(),
        directory_hidden: true,
        ..papers.dnie(pki, Generation::New)
    };
    papers.card(name, config)
}

fn citizen_card(pki: &CitizenPki, name: &'static str) -> DrawerCard {
    let mut papers = Papers::of(12_000, "12345678Z", "VECINA", ["DE", "PRUEBA"]);
    papers.form = NumberForm::Etsi;
    papers.keys = [keys::citizen_5(), keys::citizen_6()];
    let pin = "2468";
    let credential = papers.credential(pki, Purpose::Authentication);
    let certificate = Some(credential.certificate.clone());
    let card = VirtualCard::pkcs15(Pkcs15Config {
        credential,
        label: "Tarjeta ciudadana".to_owned(),
        serial: *b"PRUEBA01",
        pin: pin.to_owned(),
        tries: 3,
    });
    let (description, citizen) = (description(name), Some(papers.citizen));
    DrawerCard { name, description, citizen, pin: Some(pin), certificate, card }
}

/// Cards of 3.0 and later: the ordinary one, and what differs from it in one thing.
fn third_generation(pki: &CitizenPki, name: &'static str) -> DrawerCard {
    let of = Papers::of;
    let mut papers = match name {
        "expired" => of(3000, "11111111H", "COL·LABORADOR", ["FICTICI", "MUÑOZ"]),
        "revoked" => of(REVOKED[0], "22222222J", "REVOCADO", ["VECINO", "DE PRUEBA"]),
        "stranger" => of(5000, "33333333P", "AJENA", ["VECINA", "DE PRUEBA"]),
        "weak-key" => of(5500, "44444444A", "DÉBIL", ["VECINO", "DE PRUEBA"]),
        "last-try" => of(6000, "00000014Z", "VECINO", ["EJEMPLO", "INVENTADO"]),
        "blocked" => of(7000, "55555555K", "BLOQUEADA", ["VECINA", "DE PRUEBA"]),
        "no-certificates" => of(8000, "66666666Q", "MENOR", ["VECINO", "DE PRUEBA"]),
        "signature-only" => of(9000, "77777777B", "FIRMANTE", ["VECINA", "DE PRUEBA"]),
        "dead" => of(10_000, "88888888Y", "RETIRADO", ["VECINO", "DE PRUEBA"]),
        _ => of(1000, "12345678Z", "VECINA", ["DE", "PRUEBA"]),
    };
    match name {
        "expired" => papers.validity = Validity::Expired,
        "stranger" => papers.issuer = Issuer::Stranger,
        // Of a library that made guessable keys (CVE-2017-15361), certified all the same.
        "weak-key" => papers.keys[0] = keys::citizen_roca(),
        _ => {}
    }
    let mut config = papers.dnie(pki, Generation::New);
    match name {
        "last-try" => config.tries = 1,
        "blocked" => config.tries = 0,
        "no-certificates" => (config.authentication, config.signature) = (None, None),
        "signature-only" => config.authentication = None,
        "dead" => config.life = Life::Dead,
        _ => {}
    }
    papers.card(name, config)
}
