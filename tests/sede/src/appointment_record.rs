//! What scenarios and the panel see of appointments.
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An appointment that was made at a kiosk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentRecord {
    /// The kiosk's number.
    pub request: String,
    /// The code on the slip.
    pub code: String,
    /// What is called up at the office.
    pub ticket: String,
    /// Service.
    pub service: String,
    /// Office.
    pub office: String,
    /// Beginning, as the contract writes it.
    pub start: String,
    /// For whom: DNI, NIE or NIF.
    pub number: String,
    /// Number of the card, for a pseudonym.
    pub card: Option<String>,
    /// Name and telephone, where they were typed.
    pub typed: Option<(String, String)>,
    /// When it was made.
    pub booked_at: Timestamp,
    /// When it was cancelled.
    pub cancelled_at: Option<Timestamp>,
}
