//! The chain of the component certificates and the terminal's side of the channel, made by us (reference 1.3).
//!
//! Two sets, as two generations of cards have them. The values are nobody's but the tests'.

use std::fmt::Write as _;
use std::sync::Arc;

use super::cv::{self, Role};
use super::keys;
use super::rsa::{Hash, PrivateKey, PublicKey};
use super::x509::{self, Statement, Texts, attribute as at};

/// Which root a card of components was made under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComponentSet {
    /// `AC RAIZ COMPONENTES`.
    First,
    /// `AC RAIZ COMPONENTES 2`, from the support number BMP100001 on.
    Second,
}

/// 2020-01-01 and 2049-01-01: component certificates outlive the cards.
const VALID: (u64, u64) = (1_577_836_800, 2_493_072_000);

impl ComponentSet {
    pub const ALL: [ComponentSet; 2] = [ComponentSet::First, ComponentSet::Second];

    /// The organisational unit by which the set is told.
    #[must_use]
    pub fn root_unit(self) -> &'static str {
        match self {
            ComponentSet::First => "AC RAIZ COMPONENTES",
            ComponentSet::Second => "AC RAIZ COMPONENTES 2",
        }
    }

    fn root(self) -> Arc<PrivateKey> {
        match self {
            ComponentSet::First => keys::component_1_root(),
            ComponentSet::Second => keys::component_2_root(),
        }
    }

    fn authority(self) -> Arc<PrivateKey> {
        match self {
            ComponentSet::First => keys::component_1_ca(),
            ComponentSet::Second => keys::component_2_ca(),
        }
    }

    fn terminal(self, role: Role) -> Arc<PrivateKey> {
        match (self, role) {
            (ComponentSet::First, Role::Pin) => keys::component_1_pin(),
            (ComponentSet::First, _) => keys::component_1_user(),
            (ComponentSet::Second, Role::Pin) => keys::component_2_pin(),
            (ComponentSet::Second, _) => keys::component_2_user(),
        }
    }

    /// The key in the card whose certificate is in 601F.
    pub(super) fn card_key(self) -> Arc<PrivateKey> {
        match self {
            ComponentSet::First => keys::component_1_card(),
            ComponentSet::Second => keys::component_2_card(),
        }
    }

    /// Verifies certificates of terminals; the card has it.
    pub(super) fn root_public(self) -> PublicKey {
        self.root().public().clone()
    }

    fn root_reference(self) -> [u8; 8] {
        match self {
            ComponentSet::First => *b"esRDI\x60\x00\x06",
            ComponentSet::Second => *b"esRDI\x62\x00\x18",
        }
    }

    fn authority_reference(self) -> [u8; 8] {
        match self {
            ComponentSet::First => *b"esSDI\x60\x00\x06",
            ComponentSet::Second => *b"esSDI\x62\x00\x18",
        }
    }

    fn terminal_serial(self, role: Role) -> [u8; 8] {
        match (self, role) {
            (ComponentSet::First, Role::Pin) => [0x40, 0, 0, 0, 0, 0, 0, 1],
            (ComponentSet::First, _) => [0x20, 0, 0, 0, 0, 0, 0, 1],
            (ComponentSet::Second, Role::Pin) => [0xD0, 2, 0xE0, 0, 0, 0, 0, 4],
            (ComponentSet::Second, _) => [0xD0, 2, 0xE0, 0, 0, 0, 0, 2],
        }
    }

    fn name(self, texts: Texts, reference: [u8; 8]) -> Vec<u8> {
        let common = format!("00000000{}", hex(&reference));
        let unit = self.root_unit();
        let organization = "DIRECCION GENERAL DE LA POLICIA";
        let attributes = [
            (at::COUNTRY, "ES"),
            (at::ORGANIZATION, organization),
            (at::UNIT, "DNIE"),
            (at::UNIT, unit),
            (at::COMMON_NAME, &common),
        ];
        x509::name(texts, &attributes)
    }

    /// Content of 6020: the authority of the components under the root.
    pub(super) fn authority_certificate(self, texts: Texts) -> Vec<u8> {
        Statement {
            serial: 0x6020,
            issuer: &self.name(texts, self.root_reference()),
            subject: &self.name(texts, self.authority_reference()),
            not_before: VALID.0,
            not_after: VALID.1,
            key: self.authority().public(),
            extensions: vec![x509::authority(), x509::key_usage(&[5, 6])],
        }
        .sign(&self.root(), Hash::Sha1)
    }

    /// Content of 601F.
    pub(super) fn card_certificate(self, texts: Texts, serial: [u8; 7]) -> Vec<u8> {
        let common = format!("00000000{}", hex(&serial));
        let attributes =
            [(at::COUNTRY, "ES"), (at::ORGANIZATION, "DGP-FNMT DE PRUEBA"), (at::COMMON_NAME, &common)];
        Statement {
            serial: serial.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
            issuer: &self.name(texts, self.authority_reference()),
            subject: &x509::name(texts, &attributes),
            not_before: VALID.0,
            not_after: VALID.1,
            key: self.card_key().public(),
            extensions: vec![x509::key_usage(&[0, 2])],
        }
        .sign(&self.authority(), Hash::Sha1)
    }

    fn cv_authority(self) -> Vec<u8> {
        let mut holder = [0; 12];
        holder[4..].copy_from_slice(&self.authority_reference());
        let key = self.authority();
        cv::issue(&self.root(), self.root_reference(), holder, Role::Authority, key.public())
    }

    fn cv_terminal(self, role: Role) -> Vec<u8> {
        let mut holder = [0; 12];
        holder[4..].copy_from_slice(&self.terminal_serial(role));
        let key = self.terminal(role);
        cv::issue(&self.authority(), self.authority_reference(), holder, role, key.public())
    }

    fn parameters(self, out: &mut String) -> std::fmt::Result {
        let root = self.root_public();
        writeln!(out, "[[set]]\nroot_unit = \"{}\"", self.root_unit())?;
        writeln!(out, "root_modulus = \"{}\"", hex(&root.modulus()))?;
        writeln!(out, "root_exponent = \"{}\"", hex(&root.exponent()))?;
        writeln!(out, "ca_certificate = \"{}\"", hex(&self.cv_authority()))?;
        writeln!(out, "ca_reference = \"{}\"", hex(&self.authority_reference()))?;
        for (table, role) in [("user", Role::User), ("pin", Role::Pin)] {
            let key = self.terminal(role);
            writeln!(out, "[set.{table}]\ncertificate = \"{}\"", hex(&self.cv_terminal(role)))?;
            writeln!(out, "serial = \"{}\"", hex(&self.terminal_serial(role)))?;
            writeln!(out, "modulus = \"{}\"", hex(&key.public().modulus()))?;
            writeln!(out, "private_exponent = \"{}\"", hex(&key.private_exponent()))?;
        }
        Ok(())
    }
}

/// What a terminal must know to open a channel with the test cards, as provisioning writes it
/// (`component-parameters.toml`). Both sets, or those given.
#[must_use]
pub fn terminal_parameters_of(sets: &[ComponentSet]) -> String {
    let mut out = String::from("# Test cards only: these keys open no real card.\n");
    for set in sets {
        set.parameters(&mut out).expect("a String takes everything");
    }
    out
}

/// [`terminal_parameters_of`] both sets.
#[must_use]
pub fn terminal_parameters() -> String {
    terminal_parameters_of(&ComponentSet::ALL)
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
