//! To whom petitions go, what is known for notifications, and the words of the registry. None of it exists.
//!
//! | number | what is known |
//! |---|---|
//! | `12345678Z` | an electronic address, an e-mail, a telephone |
//! | `X1234567L` | a telephone |
//! | others | the address of the padrón alone |
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::citizen_wire::{Language, Refusal, Translated};
use crate::petition_wire::PublicBody;

/// Version of the consent that is in force.
pub(crate) const CONSENT_VERSION: &str = "2026-1";

/// What the sede knows for notifications, whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// An electronic address at the sede.
    pub electronic: bool,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
}

pub(crate) fn contacts() -> BTreeMap<String, Contact> {
    let contact = |electronic, email: Option<&str>, phone: &str| Contact {
        electronic,
        email: email.map(str::to_owned),
        phone: Some(phone.into()),
    };
    BTreeMap::from([
        ("12345678Z".into(), contact(true, Some("vecina@correo.example"), "600000012")),
        ("X1234567L".into(), contact(false, None, "600000034")),
    ])
}

pub(crate) fn bodies() -> Vec<PublicBody> {
    let body = |dir3: &str, name| PublicBody { dir3: dir3.into(), name: Translated::of(name) };
    vec![
        body("L01030149", ["Ayuntamiento de Prueba", "Ajuntament de Prova", "Town hall of Prueba"]),
        body("LA0030149", ["Concejalía de Movilidad", "Regidoria de Mobilitat", "Department of Mobility"]),
        body("LA0030150", ["Gestión Tributaria", "Gestió Tributària", "Tax Office"]),
    ]
}

pub(crate) fn consent() -> Translated {
    Translated::of([
        "He leído la solicitud y consiento en que el Ayuntamiento de Prueba la registre con mi identidad, sin otra \
         firma. La sede sella mi identidad, la hora, el texto y los documentos como prueba.",
        "He llegit la sol·licitud i consent que l'Ajuntament de Prova la registre amb la meua identitat, sense cap \
         altra firma. La seu sella la meua identitat, l'hora, el text i els documents com a prova.",
        "I have read the petition and agree that the town hall of Prueba registers it as mine, without another \
         signature. The office seals my identity, the time, the text and the documents as evidence.",
    ])
}

/// Nature of the entry.
pub(crate) fn heading(language: Language) -> &'static str {
    match language {
        Language::Es => "Instancia general",
        Language::Ca => "Instància general",
        Language::En => "General petition",
    }
}

/// Why a petition is not accepted or registered.
pub(crate) fn refusal(code: &str) -> Refusal {
    let (text, next) = match code {
        "certificate-needed" => (
            [
                "Con esta tarjeta no se presentan solicitudes.",
                "Amb esta targeta no es presenten sol·licituds.",
                "This card cannot present petitions.",
            ],
            [
                "Entre con su DNIe o con una tarjeta con certificado.",
                "Entre amb el seu DNIe o amb una targeta amb certificat.",
                "Use your DNIe or another card with a certificate.",
            ],
        ),
        "electronic-required" => (
            [
                "A una entidad se le notifica en la sede electrónica.",
                "A una entitat se li notifica en la seu electrònica.",
                "Organisations are notified electronically.",
            ],
            [
                "Elija la notificación electrónica.",
                "Trie la notificació electrònica.",
                "Choose electronic notification.",
            ],
        ),
        "consent-outdated" => (
            [
                "El texto del consentimiento ha cambiado.",
                "El text del consentiment ha canviat.",
                "The words of the consent have changed.",
            ],
            ["Empiece de nuevo y léalo.", "Comence de nou i llija'l.", "Begin again and read them."],
        ),
        _ => (
            [
                "La solicitud no se puede registrar así.",
                "La sol·licitud no es pot registrar així.",
                "The petition cannot be registered like this.",
            ],
            [
                "Empiece de nuevo, o vaya a la oficina de registro.",
                "Comence de nou, o vaja a l'oficina de registre.",
                "Begin again, or go to the registry's office.",
            ],
        ),
    };
    Refusal { code: code.into(), text: Translated::of(text), next: Translated::of(next) }
}
