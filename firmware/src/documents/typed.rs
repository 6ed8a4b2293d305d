//! Typing a document of Cuaderno 60, modality 1 or 2, when its bars cannot be read: the fields in the order in which
//! the paper prints them.
//!
//! Nothing is cut off or guessed: the person types digit by digit, sees which field lacks what, and gets the same
//! [`Document`] as the bars would have given. The control digits cover all fields together, so they are compared
//! only once all are in.
use super::{Document, DocumentError, Format, municipality_digit};

/// A field of the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TypedField {
    /// Emisora, 6 digits.
    Issuer,
    /// Referencia with its two control digits, 12 digits.
    Reference,
    /// Identificación: 7 digits in modality 1, 10 in modality 2.
    Identification,
    /// Importe in cents, 1 to 8 digits.
    Amount,
}

impl TypedField {
    /// All, in the order of the paper.
    pub const ALL: [TypedField; 4] =
        [TypedField::Issuer, TypedField::Reference, TypedField::Identification, TypedField::Amount];

    /// Most digits it takes.
    pub fn longest(self) -> usize {
        match self {
            TypedField::Issuer => 6,
            TypedField::Reference => 12,
            TypedField::Identification => 10,
            TypedField::Amount => 8,
        }
    }

    fn complete(self, length: usize) -> bool {
        match self {
            TypedField::Issuer | TypedField::Reference => length == self.longest(),
            TypedField::Identification => length == MODALITY_1 || length == MODALITY_2,
            TypedField::Amount => (1..=self.longest()).contains(&length),
        }
    }

    fn name(self) -> &'static str {
        match self {
            TypedField::Issuer => "issuer",
            TypedField::Reference => "reference",
            TypedField::Identification => "identification",
            TypedField::Amount => "amount",
        }
    }
}

/// Digits of an identification of modality 1.
const MODALITY_1: usize = 7;
/// Digits of an identification of modality 2.
const MODALITY_2: usize = 10;

/// How far a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldState {
    /// Nothing typed.
    Empty,
    /// Digits are missing.
    Partial,
    /// As many digits as the field wants.
    Complete,
    /// Complete, but worth a second look: the issuer's own control digit does not agree. Not a reason to refuse, as
    /// bodies that are no town have codes of their own.
    Doubtful,
    /// Complete and impossible: the day in the identification does not exist.
    Wrong,
}

/// What was typed so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedEntry {
    issuer: String,
    reference: String,
    identification: String,
    amount: String,
}

impl TypedEntry {
    /// Nothing typed.
    pub fn new() -> TypedEntry {
        TypedEntry::default()
    }

    /// Adds a digit to a field; false when it is no digit, or the field is full.
    pub fn push(&mut self, field: TypedField, digit: char) -> bool {
        let text = self.text_mut(field);
        let fits = digit.is_ascii_digit() && text.len() < field.longest();
        if fits {
            text.push(digit);
        }
        fits
    }

    /// Takes the last digit of a field back; false when there is none.
    pub fn erase(&mut self, field: TypedField) -> bool {
        self.text_mut(field).pop().is_some()
    }

    /// Empties a field.
    pub fn clear(&mut self, field: TypedField) {
        self.text_mut(field).clear();
    }

    /// The digits of a field.
    pub fn text(&self, field: TypedField) -> &str {
        match field {
            TypedField::Issuer => &self.issuer,
            TypedField::Reference => &self.reference,
            TypedField::Identification => &self.identification,
            TypedField::Amount => &self.amount,
        }
    }

    fn text_mut(&mut self, field: TypedField) -> &mut String {
        match field {
            TypedField::Issuer => &mut self.issuer,
            TypedField::Reference => &mut self.reference,
            TypedField::Identification => &mut self.identification,
            TypedField::Amount => &mut self.amount,
        }
    }

    /// How far a field is.
    pub fn state(&self, field: TypedField) -> FieldState {
        let text = self.text(field);
        if text.is_empty() {
            return FieldState::Empty;
        }
        if !field.complete(text.len()) {
            return FieldState::Partial;
        }
        match field {
            TypedField::Issuer if !self.issuer_agrees() => FieldState::Doubtful,
            TypedField::Identification if self.bad_day().is_some() => FieldState::Wrong,
            TypedField::Issuer | TypedField::Reference | TypedField::Identification | TypedField::Amount => {
                FieldState::Complete
            }
        }
    }

    /// The first field that is not complete.
    pub fn next_field(&self) -> Option<TypedField> {
        TypedField::ALL
            .into_iter()
            .find(|&field| !matches!(self.state(field), FieldState::Complete | FieldState::Doubtful))
    }

    /// The document, as its bars would have given it.
    ///
    /// # Errors
    /// [`DocumentError::Incomplete`] for the first field that lacks digits; [`DocumentError::BadDate`]; and
    /// [`DocumentError::ControlDigits`] for a typing error in any of the fields.
    pub fn finish(&self) -> Result<Document, DocumentError> {
        for field in TypedField::ALL {
            let found = self.text(field).len();
            if !field.complete(found) {
                let expected = if field == TypedField::Identification && found < MODALITY_1 {
                    MODALITY_1
                } else {
                    field.longest()
                };
                return Err(DocumentError::Incomplete { field: field.name(), expected, found });
            }
        }
        let TypedEntry { issuer, reference, identification, amount } = self;
        let (format, parity) = if identification.len() == MODALITY_1 {
            (Format::Modality1.number(), "")
        } else {
            (Format::Modality2.number(), "0")
        };
        Document::from_barcode(&format!("90{format}{issuer}{reference}{identification}{amount:0>8}{parity}"))
    }

    fn issuer_agrees(&self) -> bool {
        let Ok(issuer) = self.issuer.parse::<u32>() else { return false };
        u32::from(municipality_digit(issuer / 10)) == issuer % 10
    }

    /// The year digit and day of an identification of modality 2, when no year has that day.
    fn bad_day(&self) -> Option<u32> {
        if self.identification.len() != MODALITY_2 {
            return None;
        }
        let tail = self.identification.get(6..)?.parse::<u32>().ok()?;
        let (digit, day) = (u8::try_from(tail / 1000).ok()?, u16::try_from(tail % 1000).ok()?);
        super::YearDay::new(digit, day).is_err().then_some(tail)
    }
}
