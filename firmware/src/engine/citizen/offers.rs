//! From the sede's words about certificates to those of the pages: each text in each language of the kiosk.
use ui::{CertificateKind, LANGUAGES, Language};

use crate::padron;
use crate::sede::{CertificateAnswer, Issue, LanguageCode, LegalValue, Offer, Refusal, Scope, Translated};

/// A language in the sede's words.
pub(super) fn code(language: Language) -> LanguageCode {
    match language {
        Language::Spanish => LanguageCode::Es,
        Language::Valencian => LanguageCode::Ca,
        Language::English => LanguageCode::En,
    }
}

fn language(code: LanguageCode) -> Language {
    match code {
        LanguageCode::Es => Language::Spanish,
        LanguageCode::Ca => Language::Valencian,
        LanguageCode::En => Language::English,
    }
}

fn texts(of: &Translated) -> [String; 3] {
    LANGUAGES.map(|language| of.in_language(code(language)).to_owned())
}

/// What can be had.
pub(super) fn offer(offer: Offer) -> padron::Offer {
    let shown = LANGUAGES.map(|language| CertificateKind {
        title: offer.title.in_language(code(language)).to_owned(),
        authoritative: offer.legal_value == LegalValue::Authoritative,
        collective: offer.scope == Scope::Collective,
        issue: issue(&offer.issue, code(language)),
    });
    padron::Offer { shown, languages: offer.languages.into_iter().map(language).collect(), kind: offer.kind }
}

fn issue(issue: &Issue, language: LanguageCode) -> ui::Issue {
    match issue {
        Issue::AtOnce => ui::Issue::AtOnce,
        Issue::ConsentingOnly { shown, registered } => {
            ui::Issue::ConsentingOnly { shown: *shown, registered: *registered }
        }
        Issue::Queued { working_days } => ui::Issue::Queued { working_days: *working_days },
        Issue::Refused(Refusal { text, next, .. }) => ui::Issue::Refused {
            text: text.in_language(language).to_owned(),
            next: next.in_language(language).to_owned(),
        },
    }
}

/// What came of an order.
pub(super) fn issued(answer: CertificateAnswer) -> padron::Issued {
    match answer {
        CertificateAnswer::Issued(document) => padron::Issued::Document(document),
        CertificateAnswer::Queued { reference, working_days } => {
            padron::Issued::Queued { reference, working_days }
        }
        CertificateAnswer::Refused(Refusal { text, next, .. }) => {
            padron::Issued::Refused { text: texts(&text), next: texts(&next) }
        }
    }
}
