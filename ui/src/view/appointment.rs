//! What is shown of appointments.
use serde::{Deserialize, Serialize};

/// Why an appointment was not booked, found or cancelled, or not surely.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppointmentTrouble {
    /// The sede could not be reached; nothing was booked. Confirm tries again.
    NotBooked,
    /// The sede did not answer whether it is booked.
    BookedUnknown,
    /// The sede did not answer whether it is cancelled.
    CancelledUnknown,
    /// The citizen has none.
    None,
    /// The sede does not give one; the words are the sede's, in the citizen's language.
    Refused {
        /// Why.
        text: String,
        /// What to do.
        next: String,
    },
}
