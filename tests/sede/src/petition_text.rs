//! The two byte strings of a petition (contract, petitions): the text that is registered, and what a card signs.
use sha2::{Digest, Sha256};

use crate::citizen_wire::Language;
use crate::petition_wire::{Notifications, Petition};

/// SHA-256 of the petition's text.
pub(crate) fn text_sha256(it: &Petition) -> [u8; 32] {
    let absent = String::new();
    let language = match it.language {
        Language::Es => "es",
        Language::Ca => "ca",
        Language::En => "en",
    };
    let (kind, number, name, surnames) = match &it.represented {
        Some(it) => {
            let surnames = it.surnames.as_ref().unwrap_or(&absent);
            (it.document.kind.as_str(), it.document.number.as_str(), it.name.as_str(), surnames.as_str())
        }
        None => ("", "", "", ""),
    };
    let (channel, street, code, town) = match &it.notifications {
        Notifications::Electronic => ("electronic", "", "", ""),
        Notifications::Postal { address: None } => ("postal", "", "", ""),
        Notifications::Postal { address: Some(it) } => {
            ("postal", it.street.as_str(), it.postal_code.as_str(), it.town.as_str())
        }
    };
    let fields = [
        "ciberkiosco petition text 1",
        &it.request,
        language,
        &it.body,
        kind,
        number,
        name,
        surnames,
        channel,
        street,
        code,
        town,
        it.alert.email.as_deref().unwrap_or_default(),
        it.alert.phone.as_deref().unwrap_or_default(),
        &it.facts,
        &it.asks,
    ];
    Sha256::digest(fields.map(|field| format!("{field}\0")).concat().as_bytes()).into()
}

/// The bytes that a card signs. `attachments` are their hashes, in order.
pub(crate) fn statement(draft: &str, text: &[u8; 32], attachments: &[[u8; 32]]) -> Vec<u8> {
    let mut bytes = format!("ciberkiosco petition 1\0{draft}\0").into_bytes();
    bytes.extend_from_slice(text);
    bytes.extend(u8::try_from(attachments.len()));
    bytes.extend(attachments.iter().flatten());
    bytes
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
