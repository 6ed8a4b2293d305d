//! What dialogues with cards are tried against: cards whose certificates take longer than a dialogue, made once.
use std::sync::LazyLock;

use hal_smartcard::parameters::ComponentParameters;
use hal_smartcard::profile::{ProfileTable, SHIPPED};
use hal_smartcard::{RandomError, RandomSource};
use simulators::smartcard::{
    CertificateRequest, Citizen, CitizenPki, Credential, DnieConfig, Generation, Issuer, Maker, NumberForm,
    Pkcs15Config, Purpose, Validity, VirtualCard, terminal_parameters,
};

/// Random bytes by seed (splitmix64).
pub struct Seeded(pub u64);

impl RandomSource for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
        for byte in bytes {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            *byte = (mixed >> 40) as u8;
        }
        Ok(())
    }
}

pub struct World {
    pub table: ProfileTable,
    pub parameters: ComponentParameters,
    pub authentication: Credential,
    pub signature: Credential,
    intermediate: Vec<u8>,
}

pub static WORLD: LazyLock<World> = LazyLock::new(|| {
    let pki = CitizenPki::at(1_774_000_000);
    let request = |purpose, serial, key| CertificateRequest {
        citizen: Citizen { number: "12345678Z", given_name: "VECINA", surnames: ["PRUEBA", "INVENTADA"] },
        form: NumberForm::Classic,
        purpose,
        validity: Validity::Good,
        issuer: Issuer::Intermediate,
        serial,
        key,
    };
    let shipped = ProfileTable::parse(SHIPPED).expect("what is shipped");
    World {
        table: ProfileTable::parse(TOWN).expect("a table").followed_by(shipped),
        parameters: ComponentParameters::parse(&terminal_parameters()).expect("parameters"),
        authentication: pki.issue(&request(Purpose::Authentication, 1000, pki.stranger_key())),
        signature: pki.issue(&request(Purpose::Signature, 1001, pki.ocsp_key())),
        intermediate: pki.intermediate_certificate(),
    }
});

/// The rows of a town whose cards the simulators have.
const TOWN: &str = include_str!("../../board/card-profiles.toml");

/// The PIN of the cards for a profile.
pub fn pin_of(profile: &str) -> &'static str {
    if profile.starts_with("town") { "24681357" } else { "Prueba2026" }
}

impl World {
    /// A new card for a profile.
    pub fn card(&self, profile: &str, tries: u8) -> VirtualCard {
        let pin = pin_of(profile).to_owned();
        match profile {
            "town-number" => VirtualCard::municipal("0000012345678"),
            "town-certificate" => VirtualCard::pkcs15(Pkcs15Config {
                credential: self.authentication.clone(),
                label: "Tarjeta ciudadana".to_owned(),
                serial: *b"PRUEBA01",
                pin,
                tries,
            }),
            name => {
                let old = name == "dnie" || name == "tif";
                VirtualCard::dnie(DnieConfig {
                    maker: if name == "fnmt-4.30" { Maker::Fnmt } else { Maker::Dnie },
                    pin,
                    tries,
                    authentication: Some(self.authentication.clone()),
                    signature: Some(self.signature.clone()),
                    intermediate: self.intermediate.clone(),
                    ..DnieConfig::new(if old { Generation::Old } else { Generation::New })
                })
            }
        }
    }
}
