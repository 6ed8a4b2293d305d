//! From the sede's words about certificates to those of the pages: each text in each language of the kiosk.
use ui::{CertificateKind, LANGUAGES};

use crate::padron::{self, Offered};
use crate::sede::{CertificateAnswer, Issue, LanguageCode, LegalValue, Offer, Offers, Refusal, Scope};
use crate::words::{code, language, words};

/// What can be had, or why nothing can.
pub(super) fn offered(offers: Offers) -> Offered {
    match offers.nothing {
        Some(Refusal { code, text, next }) if offers.offers.is_empty() => {
            tracing::info!(code, "nothing is offered");
            match code.as_str() {
                "certificate-needed" => Offered::NeedsCertificate,
                _ => Offered::Nothing { text: words(&text), next: words(&next) },
            }
        }
        // An empty list without a word for it has a page of its own.
        _ => Offered::Certificates(offers.offers.into_iter().map(offer).collect()),
    }
}

fn offer(offer: Offer) -> padron::Offer {
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
            padron::Issued::Refused { text: words(&text), next: words(&next) }
        }
    }
}
