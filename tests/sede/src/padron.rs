//! The padrón: who is registered where, and what each may have of it (Ley 7/1985, articles 15 to 18).
//!
//! Pure: what is known goes in, the offer comes out. The seeds are in `padron_seeds`.
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::citizen_wire::{
    CertificateOffer, Issue, Language, Language::Ca, Language::En, Language::Es, LegalValue, Level, Refusal,
    Scope, Translated,
};

/// Somebody registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resident {
    /// DNI or NIE; children may have none.
    pub number: Option<String>,
    /// Name and surnames.
    pub name: String,
    /// Day of the registration at this dwelling.
    pub registered_on: Date,
    /// Has agreed that the others of the dwelling get documents with this name.
    pub consents: bool,
    /// A registration of two years that was not renewed in time.
    pub renewal_pending: bool,
}

/// A dwelling and everybody registered in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dwelling {
    /// What scenarios call it.
    pub name: String,
    /// Street, number, floor, door; postal code and place.
    pub address: String,
    /// Its residents, in the order of the hoja padronal.
    pub residents: Vec<Resident>,
}

/// A municipal card, which holds nothing but its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MunicipalCard {
    /// Its number.
    pub number: String,
    /// Whose it is.
    pub holder: String,
    /// Lost or replaced.
    pub cancelled: bool,
}

/// All of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Padron {
    /// Dwellings.
    pub dwellings: Vec<Dwelling>,
    /// Cards that were given out.
    pub cards: Vec<MunicipalCard>,
}

/// A kind of document.
pub(crate) struct Kind {
    pub word: &'static str,
    pub title: [&'static str; 3],
    pub legal_value: LegalValue,
    pub scope: Scope,
    pub languages: &'static [Language],
    /// A person makes it, in so many working days.
    pub queued: Option<u16>,
}

/// What the town issues.
pub(crate) const KINDS: [Kind; 5] = [
    Kind {
        word: "volante-individual",
        title: ["Volante de empadronamiento", "Volant d'empadronament", "Registration note"],
        legal_value: LegalValue::Informative,
        scope: Scope::Individual,
        languages: &[Es, Ca, En],
        queued: None,
    },
    Kind {
        word: "volante-colectivo",
        title: ["Volante colectivo", "Volant col·lectiu", "Household note"],
        legal_value: LegalValue::Informative,
        scope: Scope::Collective,
        languages: &[Es, Ca, En],
        queued: None,
    },
    Kind {
        word: "certificado-individual",
        title: ["Certificado de empadronamiento", "Certificat d'empadronament", "Registration certificate"],
        legal_value: LegalValue::Authoritative,
        scope: Scope::Individual,
        languages: &[Es, Ca, En],
        queued: None,
    },
    Kind {
        word: "certificado-colectivo",
        title: ["Certificado colectivo", "Certificat col·lectiu", "Household certificate"],
        legal_value: LegalValue::Authoritative,
        scope: Scope::Collective,
        languages: &[Es, Ca, En],
        queued: None,
    },
    Kind {
        word: "certificado-historico",
        title: ["Certificado histórico", "Certificat històric", "Historical certificate"],
        legal_value: LegalValue::Authoritative,
        scope: Scope::Individual,
        languages: &[Es, Ca],
        queued: Some(5),
    },
];

impl Padron {
    /// The dwelling and the resident with a number.
    pub fn resident(&self, number: &str) -> Option<(&Dwelling, &Resident)> {
        self.dwellings.iter().find_map(|dwelling| {
            let found = dwelling.residents.iter().find(|it| it.number.as_deref() == Some(number));
            found.map(|resident| (dwelling, resident))
        })
    }
}

impl Dwelling {
    /// Who may stand on a document of the dwelling that `holder` asks for. Children without a number stand with it.
    pub(crate) fn shown<'a>(&'a self, holder: &'a Resident) -> Vec<&'a Resident> {
        self.residents.iter().filter(|it| *it == holder || it.consents).collect()
    }
}

/// How a kind of document would be issued to a resident.
pub(crate) fn issue(kind: &Kind, dwelling: &Dwelling, resident: &Resident) -> Issue {
    if resident.renewal_pending {
        return Issue::Refused(renewal_pending());
    }
    if let Some(working_days) = kind.queued {
        return Issue::Queued { working_days };
    }
    let (shown, registered) = (dwelling.shown(resident).len(), dwelling.residents.len());
    match kind.scope {
        Scope::Collective if shown < registered => Issue::ConsentingOnly { shown, registered },
        Scope::Collective | Scope::Individual => Issue::AtOnce,
    }
}

/// What a citizen can have.
pub(crate) fn offers(
    padron: &Padron,
    number: &str,
    level: Level,
) -> (Vec<CertificateOffer>, Option<Refusal>) {
    if level == Level::Pseudonym {
        return (Vec::new(), Some(pseudonym()));
    }
    let Some((dwelling, resident)) = padron.resident(number) else {
        return (Vec::new(), Some(not_offered()));
    };
    let offer = |kind: &Kind| CertificateOffer {
        r#type: kind.word,
        title: Translated::of(kind.title),
        legal_value: kind.legal_value,
        scope: kind.scope,
        languages: kind.languages.to_vec(),
        issue: issue(kind, dwelling, resident),
    };
    (KINDS.iter().map(offer).collect(), None)
}

fn renewal_pending() -> Refusal {
    Refusal {
        code: "renewal-pending".into(),
        text: Translated::of([
            "Su inscripción en el padrón está pendiente de renovar.",
            "La seua inscripció en el padró està pendent de renovar.",
            "Your registration has to be renewed first.",
        ]),
        next: next_at_the_office(),
    }
}

fn pseudonym() -> Refusal {
    Refusal {
        code: "certificate-needed".into(),
        text: Translated::of([
            "Con esta tarjeta no se obtienen documentos del padrón.",
            "Amb esta targeta no s'obtenen documents del padró.",
            "This card gives no access to documents of the register.",
        ]),
        next: Translated::of([
            "Entre con su DNIe o con una tarjeta con certificado.",
            "Entre amb el seu DNIe o amb una targeta amb certificat.",
            "Use your DNIe or another card with a certificate.",
        ]),
    }
}

/// A kind that the town does not issue.
pub(crate) fn not_offered() -> Refusal {
    Refusal {
        code: "not-offered".into(),
        text: Translated::of([
            "Este documento no se expide aquí.",
            "Este document no s'expedix ací.",
            "This document is not issued here.",
        ]),
        next: next_at_the_office(),
    }
}

/// A refusal that a scenario wants.
pub(crate) fn ordered(code: &str) -> Refusal {
    Refusal {
        code: code.into(),
        text: Translated::of([
            "Este documento no se puede expedir ahora.",
            "Este document no es pot expedir ara.",
            "This document cannot be issued now.",
        ]),
        next: next_at_the_office(),
    }
}

fn next_at_the_office() -> Translated {
    Translated::of([
        "Pida cita en la oficina de atención a la ciudadanía.",
        "Demane cita en l'oficina d'atenció a la ciutadania.",
        "Make an appointment at the citizens' office.",
    ])
}
