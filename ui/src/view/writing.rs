//! What a citizen writes letter by letter: which field, with which keys, and what is wrong with it.
use serde::{Deserialize, Serialize};

/// What is being written. Each has a question, keys and a help of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum WriteField {
    /// Name and surnames of the person for whom the citizen acts.
    RepresentedName,
    /// Surnames of that person.
    RepresentedSurnames,
    /// That person's NIF or NIE.
    RepresentedNumber,
    /// Facts and reasons of a petition (Ley 39/2015, article 66.1).
    Facts,
    /// What is asked for.
    Request,
    /// Electronic mail, where the citizen is told that there is a notification.
    Email,
    /// Telephone, for the same.
    Telephone,
    /// Postal address for notifications on paper.
    PostalAddress,
    /// What a scanned document is called.
    AttachmentName,
    /// The citizen's own name, where there is no card.
    OwnName,
    /// The citizen's own NIF or NIE, where there is no card.
    OwnNumber,
    /// The code on the slip of an appointment.
    SlipCode,
    /// The last characters of the NIF or NIE, beside the code of a slip.
    NumberEnd,
}

/// The keys of the keyboard on the screen. Digits are always there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum WriteKeys {
    /// Small letters, those of Spanish and Valencian with their accents.
    #[default]
    Small,
    /// Capital letters for one letter: after it they are small again.
    Capital,
    /// Capital letters until they are changed back.
    CapitalLock,
    /// Signs: stops, brackets, @ and the like.
    Symbols,
}

/// What is wrong with what was written, said on its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WriteProblem {
    /// There is too little of it.
    TooShort,
    /// Not an address of electronic mail.
    NotAnEmail,
    /// Not a telephone number.
    NotATelephone,
    /// Street, postal code or town is missing.
    NotAnAddress,
    /// Neither a NIF nor a NIE: other digits and letters, or another number of them.
    NumberForm,
    /// The digits are there, the letter at the end is not.
    NumberLetterMissing,
    /// The letter does not belong to the digits.
    NumberLetter,
    /// A good number, but of another kind.
    NumberKind(NumberKind),
    /// Not a code of a slip: its check character does not fit.
    SlipCode,
    /// There is no appointment with this code and this number.
    NotFound,
    /// Tried too often; the sede does not answer any more for a while.
    TooManyTries,
    /// The sede could not be asked.
    SedeUnreachable,
}

/// Why a good number is not the one that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NumberKind {
    /// Of a company or a body, where a person's is wanted.
    Company,
    /// Not a NIE, where one is wanted.
    NotNie,
    /// The citizen's own, where that of the person represented is wanted.
    Own,
}
