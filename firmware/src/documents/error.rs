//! Why a code is not taken as a collection document.

/// What is wrong with a code, read or typed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Not a collection document: another barcode (a parcel, a web address), or far too long for one.
    #[error("this code does not belong to a collection document; look for the bars that begin with 90")]
    NotADocument,
    /// A collection document of a kind that no town hall collects here. The number is for the log.
    #[error("documents of format {0} cannot be paid here; ask the collection office")]
    UnknownFormat(u16),
    /// Part of the code is missing or too much: read it again.
    #[error("a code of format {format} has {expected} digits, this one has {found}; read it again")]
    Length {
        /// The format's number.
        format: u16,
        /// Digits of that format, `90` included.
        expected: usize,
        /// Digits that came.
        found: usize,
    },
    /// A typed field is not complete.
    #[error("the field {field} wants {expected} digits and has {found}; type the missing ones")]
    Incomplete {
        /// The field, in English, for logs; [`super::TypedEntry::state`] tells which one to the pages.
        field: &'static str,
        /// Digits it wants.
        expected: usize,
        /// Digits it has.
        found: usize,
    },
    /// Something else than digits in the code: read it again.
    #[error("the code holds something else than digits; read it again")]
    NotDigits,
    /// The control digits do not agree: a wrong reading or a typing error. Read again, or type; the document itself
    /// may be good, and only the sede can say otherwise.
    #[error("the control digits are {found:02} and should be {expected:02}; read the code again, or type it")]
    ControlDigits {
        /// By the rule.
        expected: u8,
        /// In the code.
        found: u8,
    },
    /// The code holds a day that no calendar has: read it again.
    #[error("the date {0} in the code does not exist; read the code again, or type it")]
    BadDate(u32),
}

impl DocumentError {
    /// True when reading again or typing may help; false when the paper is of a kind that this kiosk cannot take.
    pub fn read_again(&self) -> bool {
        !matches!(self, DocumentError::NotADocument | DocumentError::UnknownFormat(_))
    }
}
