//! Ways in which a sede fails, and rules of when it does.
use serde::{Deserialize, Serialize};

/// A way to fail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "kebab-case")]
pub enum Fault {
    /// Away: connections are closed at once; a request on an open one is not acted upon.
    Refuse,
    /// Away in the worse way: connections stand, and nobody answers or acts.
    Hang,
    /// Acts at once, answers late.
    Slow {
        /// How late.
        millis: u64,
    },
    /// Acts, then the connection breaks without an answer.
    LoseAnswer,
    /// Acts, then the connection breaks in the middle of the answer.
    CutAnswer,
    /// Acts, then answers half a JSON text.
    MalformedJson,
    /// Acts, then answers JSON that is not of the contract.
    WrongSchema,
    /// Acts, then answers eight mebibytes.
    GiantBody,
    /// Acts, then answers with the key of another operation.
    WrongKey,
    /// Does not act, answers this status without a body.
    WrongStatus {
        /// From 200 on.
        status: u16,
    },
    /// Does not act: 503, and to be asked again in 30 seconds.
    Unavailable,
    /// Does not book: every new payment is refused with this.
    RefusePayment {
        /// Stable code.
        code: String,
        /// For the citizen.
        text: String,
    },
    /// Lets nobody in: every new entry is refused with this.
    RefuseEntry {
        /// Stable code.
        code: String,
    },
    /// Issues nothing: every new request is refused with this, or nothing is offered.
    RefuseCertificate {
        /// Stable code.
        code: String,
    },
    /// Accepts no petition: every new one is refused with this.
    RefusePetition {
        /// Stable code.
        code: String,
    },
    /// Registers nothing: every new registration is refused with this.
    RefuseRegistration {
        /// Stable code.
        code: String,
    },
    /// Makes no appointment: every new request is refused with this.
    RefuseAppointment {
        /// Stable code.
        code: String,
    },
    /// Somebody else takes the slot just before.
    SlotTaken,
    /// Acts, then says that the upload goes on at byte 1.
    WrongOffset,
    /// Acts, then says a SHA-256 that is not the document's, or not that of the petition's text.
    WrongHash,
    /// Acts, then sends the first half of the body as if it were all.
    Truncated,
    /// Acts, then sends a PDF of a byte more than eight mebibytes.
    HugeDocument,
    /// Acts, then sends the body in sixteen pieces.
    Trickle {
        /// Before each piece.
        millis: u64,
    },
    /// Shows a certificate that has expired. TLS only.
    ExpiredCertificate,
    /// Shows a certificate that is not valid yet. TLS only.
    FutureCertificate,
}

/// A request of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Endpoint {
    /// `GET /catalogue`
    Catalogue,
    /// `POST /debts/lookup`
    Debts,
    /// `POST /payments`
    Pay,
    /// `GET /payments/{operation}`
    Payment,
    /// `POST /events`
    Events,
    /// `POST /sessions`
    Sessions,
    /// `POST /sessions/enter`
    Enter,
    /// `POST /sessions/end`
    End,
    /// `POST /revocation`
    Revocation,
    /// `POST /certificates/offers`
    Offers,
    /// `POST /certificates`
    Certificates,
    /// `POST /certificates/document`
    Document,
    /// `POST /petitions/options`
    PetitionOptions,
    /// `POST /petitions`
    OpenPetition,
    /// `HEAD /petitions/{draft}/attachments/{number}`
    UploadOffset,
    /// `PATCH /petitions/{draft}/attachments/{number}`
    UploadPart,
    /// `POST /petitions/discard`
    DiscardPetition,
    /// `POST /petitions/register`
    RegisterPetition,
    /// `GET /petitions/{request}`
    Petition,
    /// `GET /appointments/services`
    AppointmentServices,
    /// `POST /appointments/slots`
    Slots,
    /// `POST /appointments`
    BookAppointment,
    /// `POST /appointments/find`
    FindAppointments,
    /// `POST /appointments/cancel`
    CancelAppointment,
}

impl Endpoint {
    /// Which request this is, if it is one of the contract.
    pub fn of(method: &str, path: &str) -> Option<Endpoint> {
        match (method, path.strip_prefix("/kiosk/v1/")?) {
            ("GET", "catalogue") => Some(Endpoint::Catalogue),
            ("POST", "debts/lookup") => Some(Endpoint::Debts),
            ("POST", "payments") => Some(Endpoint::Pay),
            ("POST", "events") => Some(Endpoint::Events),
            ("POST", "sessions") => Some(Endpoint::Sessions),
            ("POST", "sessions/enter") => Some(Endpoint::Enter),
            ("POST", "sessions/end") => Some(Endpoint::End),
            ("POST", "revocation") => Some(Endpoint::Revocation),
            ("POST", "certificates/offers") => Some(Endpoint::Offers),
            ("POST", "certificates") => Some(Endpoint::Certificates),
            ("POST", "certificates/document") => Some(Endpoint::Document),
            ("POST", "petitions/options") => Some(Endpoint::PetitionOptions),
            ("POST", "petitions") => Some(Endpoint::OpenPetition),
            ("POST", "petitions/discard") => Some(Endpoint::DiscardPetition),
            ("POST", "petitions/register") => Some(Endpoint::RegisterPetition),
            ("GET", "appointments/services") => Some(Endpoint::AppointmentServices),
            ("POST", "appointments/slots") => Some(Endpoint::Slots),
            ("POST", "appointments") => Some(Endpoint::BookAppointment),
            ("POST", "appointments/find") => Some(Endpoint::FindAppointments),
            ("POST", "appointments/cancel") => Some(Endpoint::CancelAppointment),
            ("GET", other) if other.starts_with("payments/") => Some(Endpoint::Payment),
            ("GET", other) if other.starts_with("petitions/") => Some(Endpoint::Petition),
            ("HEAD", other) if is_attachment(other) => Some(Endpoint::UploadOffset),
            ("PATCH", other) if is_attachment(other) => Some(Endpoint::UploadPart),
            _ => None,
        }
    }
}

fn is_attachment(path: &str) -> bool {
    path.starts_with("petitions/") && path.contains("/attachments/")
}

/// When to fail, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Which requests; `None` means all of them, and new connections.
    pub endpoint: Option<Endpoint>,
    /// For the n-th such request from now, once; `None` means for every one until it is cleared.
    pub nth: Option<u64>,
    /// How.
    pub fault: Fault,
}

#[derive(Default)]
pub(crate) struct Faults(pub Vec<Rule>);

impl Faults {
    /// The fault of the request that comes now. The rule that was set last wins.
    pub fn next(&mut self, endpoint: Option<Endpoint>) -> Option<Fault> {
        let mut fault = None;
        self.0.retain_mut(|rule| {
            if rule.endpoint.is_some() && rule.endpoint != endpoint {
                return true;
            }
            match &mut rule.nth {
                None => fault = Some(rule.fault.clone()),
                Some(0 | 1) => {
                    fault = Some(rule.fault.clone());
                    return false;
                }
                Some(left) => *left -= 1,
            }
            true
        });
        fault
    }

    /// The fault of a connection that comes now.
    pub fn of_connection(&self) -> Option<&Fault> {
        self.0.iter().rev().find(|rule| rule.endpoint.is_none() && rule.nth.is_none()).map(|rule| &rule.fault)
    }
}
