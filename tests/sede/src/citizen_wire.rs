//! The bodies of the contract (`firmware/sede-api.yaml`) on sessions and certificates, and the limits of what a
//! kiosk sends.
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::wire::{Limited, first, is_id, is_operation, is_word};

const DER_MAX: usize = 8 * 1024;

/// `Session` where nothing else is said.
#[derive(Debug, Deserialize)]
pub(crate) struct InSession {
    pub session: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct SessionOpened {
    pub session: String,
    pub challenge: String,
    pub expires_at: Timestamp,
}

/// `Entry` of the contract; bytes as they came, in base64.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "means", rename_all = "kebab-case")]
pub(crate) enum Entry {
    Certificate {
        session: String,
        certificate: String,
        chain: Vec<String>,
        kiosk_nonce: String,
        signature: String,
        #[serde(default)]
        revocation: Option<String>,
    },
    Record {
        session: String,
        profile: String,
        number: String,
    },
}

impl Entry {
    pub fn session(&self) -> &str {
        match self {
            Entry::Certificate { session, .. } | Entry::Record { session, .. } => session,
        }
    }
}

/// How far the sede knows a citizen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// With a certificate.
    Certificate,
    /// By the number of a card.
    Pseudonym,
}

#[derive(Debug, Serialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub(crate) enum EntryAnswer {
    Identified {
        level: Level,
        name: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        number: Option<String>,
    },
    Refused {
        code: String,
    },
}

#[derive(Debug, Deserialize)]
pub(crate) struct RevocationRequest {
    pub request: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct RevocationAnswer {
    pub response: String,
}

/// `LanguageCode` of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// Castilian.
    Es,
    /// Valencian.
    Ca,
    /// English.
    En,
}

/// `Translated` of the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Translated {
    /// Castilian.
    pub es: String,
    /// Valencian.
    pub ca: String,
    /// English.
    pub en: String,
}

impl Translated {
    pub(crate) fn of([es, ca, en]: [&str; 3]) -> Translated {
        Translated { es: es.into(), ca: ca.into(), en: en.into() }
    }
}

/// Why not, and what the citizen can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Stable code.
    pub code: String,
    /// Why.
    pub text: Translated,
    /// What can be done.
    pub next: Translated,
}

#[derive(Debug, Serialize)]
pub(crate) struct CertificateOffers {
    pub offers: Vec<CertificateOffer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nothing: Option<Refusal>,
}

#[derive(Debug, Serialize)]
pub(crate) struct CertificateOffer {
    pub r#type: &'static str,
    pub title: Translated,
    pub legal_value: LegalValue,
    pub scope: Scope,
    pub languages: Vec<Language>,
    pub issue: Issue,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LegalValue {
    Authoritative,
    Informative,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Scope {
    Individual,
    Collective,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "how", rename_all = "kebab-case")]
pub(crate) enum Issue {
    AtOnce,
    ConsentingOnly { shown: usize, registered: usize },
    Queued { working_days: u16 },
    Refused(Refusal),
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct CertificateRequest {
    pub session: String,
    pub request: String,
    pub r#type: String,
    pub language: Language,
}

#[derive(Debug, Serialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub(crate) enum CertificateAnswer {
    Issued { certificate: String, sha256: String, bytes: usize, pages: usize, issued_at: Timestamp },
    Queued { reference: String, working_days: u16 },
    Refused(Refusal),
}

#[derive(Debug, Deserialize)]
pub(crate) struct DocumentRequest {
    pub session: String,
    pub certificate: String,
}

impl Limited for InSession {
    fn outside(&self) -> Option<&'static str> {
        (!is_session(&self.session)).then_some("session")
    }
}

impl Limited for Entry {
    fn outside(&self) -> Option<&'static str> {
        match self {
            Entry::Certificate { session, certificate, chain, kiosk_nonce, signature, revocation } => {
                first(&[
                    ("session", is_session(session)),
                    ("certificate", is_der(certificate)),
                    ("chain", chain.len() <= 4 && chain.iter().all(|it| is_der(it))),
                    ("kiosk_nonce", decoded(kiosk_nonce).is_some_and(|it| it.len() == 32)),
                    ("signature", decoded(signature).is_some_and(|it| (1..=512).contains(&it.len()))),
                    ("revocation", revocation.as_deref().is_none_or(is_der)),
                ])
            }
            Entry::Record { session, profile, number } => first(&[
                ("session", is_session(session)),
                ("profile", is_word(profile)),
                (
                    "number",
                    (4..=40).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_alphanumeric()),
                ),
            ]),
        }
    }
}

impl Limited for RevocationRequest {
    fn outside(&self) -> Option<&'static str> {
        (!is_der(&self.request)).then_some("request")
    }
}

impl Limited for CertificateRequest {
    fn outside(&self) -> Option<&'static str> {
        first(&[
            ("session", is_session(&self.session)),
            ("request", is_operation(&self.request)),
            ("type", is_word(&self.r#type)),
        ])
    }
}

impl Limited for DocumentRequest {
    fn outside(&self) -> Option<&'static str> {
        first(&[("session", is_session(&self.session)), ("certificate", is_id(&self.certificate, 64))])
    }
}

pub(crate) fn is_session(text: &str) -> bool {
    text.len() >= 16 && is_id(text, 64)
}

pub(crate) fn is_der(text: &str) -> bool {
    decoded(text).is_some_and(|it| (1..=DER_MAX).contains(&it.len()))
}

/// The bytes of a base64 text.
pub(crate) fn decoded(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// The base64 text of bytes.
pub(crate) fn encoded(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
