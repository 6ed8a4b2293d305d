//! The authorities of the citizens' certificates, made by us after the real ones (reference 1.7).
//!
//! Root, intermediate authority and OCSP signer; certificates for authentication and for signature. They are issued
//! for a moment that the caller names, so that a scenario of any date has certificates that are good, expired or
//! revoked on it.

use std::sync::Arc;

use super::dnie::Credential;
use super::keys;
use super::rsa::{Hash, PrivateKey};
use super::x509::{self, Statement, Texts, attribute as at};

const DAY: u64 = 86_400;
const YEAR: u64 = 365 * DAY;

/// How the subject's serial number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberForm {
    /// `00000000T`.
    Classic,
    /// `IDCES-00000000T` (ETSI EN 319 412-1).
    Etsi,
}

/// A person who does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Citizen {
    /// DNI or NIE with its letter.
    pub number: &'static str,
    pub given_name: &'static str,
    pub surnames: [&'static str; 2],
}

/// What a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Authentication,
    /// Qualified signature.
    Signature,
}

/// When a certificate holds, seen from the moment of the authorities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// Four more years.
    Good,
    /// Ended twenty days ago.
    Expired,
    /// Begins tomorrow.
    NotYet,
}

/// Which authority signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issuer {
    /// The intermediate authority below the root.
    Intermediate,
    /// One with the same name and another key.
    Stranger,
}

/// What to certify.
#[derive(Clone, Debug)]
pub struct CertificateRequest {
    pub citizen: Citizen,
    pub form: NumberForm,
    pub purpose: Purpose,
    pub validity: Validity,
    pub issuer: Issuer,
    pub serial: u64,
    pub key: Arc<PrivateKey>,
}

/// The authorities at one moment.
#[derive(Clone, Debug)]
pub struct CitizenPki {
    now: u64,
    ocsp: String,
}

impl CitizenPki {
    /// `now`: seconds since 1970.
    #[must_use]
    pub fn at(now: u64) -> Self {
        Self { now, ocsp: "http://ocsp.dnie.es".to_owned() }
    }

    /// Another address in the certificates than DGP's.
    #[must_use]
    pub fn with_ocsp(self, address: &str) -> Self {
        Self { ocsp: address.to_owned(), ..self }
    }

    fn name(common: &str) -> Vec<u8> {
        let organization = "DIRECCION GENERAL DE LA POLICIA DE PRUEBA";
        let attributes = [
            (at::COUNTRY, "ES"),
            (at::ORGANIZATION, organization),
            (at::UNIT, "DNIE"),
            (at::COMMON_NAME, common),
        ];
        x509::name(Texts::Utf8, &attributes)
    }

    fn root_name() -> Vec<u8> {
        Self::name("AC RAIZ DNIE DE PRUEBA")
    }

    fn intermediate_name() -> Vec<u8> {
        Self::name("AC DNIE 004 DE PRUEBA")
    }

    fn years_ago(&self, years: u64) -> u64 {
        self.now.saturating_sub(years * YEAR)
    }

    /// DER.
    #[must_use]
    pub fn root_certificate(&self) -> Vec<u8> {
        let key = keys::pki_root();
        Statement {
            serial: 1,
            issuer: &Self::root_name(),
            subject: &Self::root_name(),
            not_before: self.years_ago(15),
            not_after: self.now + 15 * YEAR,
            key: key.public(),
            extensions: vec![x509::authority(), x509::key_usage(&[5, 6])],
        }
        .sign(&key, Hash::Sha256)
    }

    /// DER.
    #[must_use]
    pub fn intermediate_certificate(&self) -> Vec<u8> {
        Statement {
            serial: 2,
            issuer: &Self::root_name(),
            subject: &Self::intermediate_name(),
            not_before: self.years_ago(10),
            not_after: self.now + 10 * YEAR,
            key: keys::pki_intermediate().public(),
            extensions: vec![x509::authority(), x509::key_usage(&[5, 6])],
        }
        .sign(&keys::pki_root(), Hash::Sha256)
    }

    /// DER: of the validation authority's signer, issued by the intermediate authority.
    #[must_use]
    pub fn ocsp_certificate(&self) -> Vec<u8> {
        Statement {
            serial: 3,
            issuer: &Self::intermediate_name(),
            subject: &Self::ocsp_name(),
            not_before: self.years_ago(1),
            not_after: self.now + YEAR,
            key: keys::pki_ocsp().public(),
            extensions: vec![
                x509::key_usage(&[0]),
                x509::extended_key_usage(&[9]),
                x509::no_revocation_check(),
            ],
        }
        .sign(&keys::pki_intermediate(), Hash::Sha256)
    }

    pub(super) fn ocsp_name() -> Vec<u8> {
        Self::name("AV DNIE FNMT DE PRUEBA")
    }

    /// Signs OCSP answers.
    #[must_use]
    pub fn ocsp_key(&self) -> Arc<PrivateKey> {
        keys::pki_ocsp()
    }

    /// The key of an authority that nobody trusts.
    #[must_use]
    pub fn stranger_key(&self) -> Arc<PrivateKey> {
        keys::pki_stranger()
    }

    /// A certificate as the intermediate authority issues it.
    #[must_use]
    pub fn issue(&self, request: &CertificateRequest) -> Credential {
        let CertificateRequest { citizen, form, purpose, validity, issuer, serial, key } = request;
        let number = match form {
            NumberForm::Classic => citizen.number.to_owned(),
            NumberForm::Etsi => format!("IDCES-{}", citizen.number),
        };
        let [first, second] = citizen.surnames;
        let (bracket, usage, purposes, last): (_, u8, &[u32], _) = match purpose {
            Purpose::Authentication => ("AUTENTICACIÓN", 0, &[2], 4),
            Purpose::Signature => ("FIRMA", 1, &[4], 3),
        };
        let common = format!("{first} {second}, {} ({bracket})", citizen.given_name);
        let subject = [
            (at::COUNTRY, "ES"),
            (at::SERIAL_NUMBER, number.as_str()),
            (at::SURNAME, first),
            (at::GIVEN_NAME, citizen.given_name),
            (at::COMMON_NAME, &common),
        ];
        let (not_before, not_after) = match validity {
            Validity::Good => (self.years_ago(1), self.now + 4 * YEAR),
            Validity::Expired => (self.years_ago(5), self.now.saturating_sub(20 * DAY)),
            Validity::NotYet => (self.now + DAY, self.now + 5 * YEAR),
        };
        let certificate = Statement {
            serial: *serial,
            issuer: &Self::intermediate_name(),
            subject: &x509::name(Texts::Utf8, &subject),
            not_before,
            not_after,
            key: key.public(),
            extensions: vec![
                x509::key_usage(&[usage]),
                x509::extended_key_usage(purposes),
                x509::policy(&[2, 16, 724, 1, 2, 2, 2, last]),
                x509::ocsp_at(&self.ocsp),
            ],
        }
        .sign(
            match issuer {
                Issuer::Intermediate => keys::pki_intermediate(),
                Issuer::Stranger => keys::pki_stranger(),
            }
            .as_ref(),
            Hash::Sha256,
        );
        Credential { certificate, key: Arc::clone(key) }
    }
}
