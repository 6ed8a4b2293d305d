//! The people of the town who have cards, and the authorities behind the cards.
//!
//! Cards and certificates are made for one moment. They outlive the board's power, and a reset of the town hall when
//! [`Citizens::remind`] follows it.
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::{Timestamp, ToSpan};
use reference_sede::{Responder, Revocation, Sede};
use simulators::smartcard::{
    CitizenPki, DRAWER_NAMES, DrawerCard, Hash, REVOKED, from_drawer, terminal_parameters,
};

use crate::image::DataFile;

/// Rows for the cards that this town gives out itself.
const CARD_PROFILES: &str = include_str!("../card-profiles.toml");

/// The people of the town who have cards, and the authorities behind the cards. Clones share the cards.
#[derive(Clone, Debug)]
pub struct Citizens {
    pki: CitizenPki,
    /// Made when they are taken out for the first time.
    cards: Arc<[OnceLock<DrawerCard>; DRAWER_NAMES.len()]>,
    made: Timestamp,
}

impl Citizens {
    /// Makes authorities and cards for this moment, and tells the sede whom to trust. Its revocation service calls
    /// every certificate good but those of the drawer's revoked card.
    ///
    /// # Errors
    /// A moment before 1970, and a certificate that the sede cannot use.
    pub fn of(sede: &Sede, now: Timestamp) -> Result<Citizens> {
        let seconds =
            u64::try_from(now.as_second()).context("no certificate is made for a day before 1970")?;
        let pki = CitizenPki::at(seconds);
        for authority in trusted(&pki) {
            sede.trust(&authority)?;
        }
        let key = pki.ocsp_key();
        sede.add_responder(&Responder {
            issuer: pki.intermediate_certificate(),
            certificate: pki.ocsp_certificate(),
            sign: Arc::new(move |bytes| key.sign(Hash::Sha256, bytes)),
        })?;
        let citizens = Citizens { cards: Arc::default(), pki, made: now };
        citizens.remind(sede);
        Ok(citizens)
    }

    /// Tells the sede again which certificates were revoked: a reset keeps its trust, but not what was said of
    /// certificates.
    pub fn remind(&self, sede: &Sede) {
        let since = self.made.saturating_sub(24.hours()).unwrap_or(self.made);
        for serial in REVOKED {
            sede.set_revocation(Some(&serial.to_be_bytes()), Revocation::Revoked { since });
        }
    }

    /// For the kiosk's data partition: whom it trusts, which cards of the town it knows, how it opens their channel.
    pub fn files(&self) -> Vec<DataFile> {
        let file = |name: &str, content: String| DataFile {
            path: format!("identity/{name}"),
            content: content.into_bytes(),
        };
        vec![
            file("roots.pem", trusted(&self.pki).iter().map(|der| pem(der)).collect()),
            file("card-profiles.toml", CARD_PROFILES.to_owned()),
            file("component-parameters.toml", terminal_parameters()),
        ]
    }

    /// All cards, in the drawer's order.
    pub fn cards(&self) -> impl Iterator<Item = &DrawerCard> {
        DRAWER_NAMES.iter().filter_map(|name| self.card(name))
    }

    /// One by its name.
    pub fn card(&self, name: &str) -> Option<&DrawerCard> {
        let place = DRAWER_NAMES.iter().position(|known| *known == name)?;
        let card = self.cards.get(place)?;
        if card.get().is_none() {
            // Whoever made it first wins: there is one of each.
            let _ = card.set(from_drawer(&self.pki, name)?);
        }
        card.get()
    }

    /// Makes a card new, in every hand that holds it: its tries, its counts, its faults. `None` when no card has this
    /// name.
    pub fn renew(&self, name: &str) -> Option<&DrawerCard> {
        let card = self.card(name)?;
        card.card.become_new(from_drawer(&self.pki, name)?.card);
        Some(card)
    }

    /// The authorities.
    pub fn pki(&self) -> &CitizenPki {
        &self.pki
    }
}

/// Who is trusted: the root, and the authority below it for the cards that do not bring its certificate along.
fn trusted(pki: &CitizenPki) -> [Vec<u8>; 2] {
    [pki.root_certificate(), pki.intermediate_certificate()]
}

/// One certificate in the textual encoding of RFC 7468.
fn pem(der: &[u8]) -> String {
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    let mut rest = BASE64_STANDARD.encode(der);
    while !rest.is_empty() {
        let next = rest.split_off(rest.len().min(64));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{rest}");
        rest = next;
    }
    text.push_str("-----END CERTIFICATE-----\n");
    text
}
