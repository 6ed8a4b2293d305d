//! The formats: the three digits after `90`, and how long each code is.

/// A kind of collection document, named after its book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// 501, CECA: local taxes, the old notice.
    CecaTaxes,
    /// 502, Cuaderno 60 modality 1: periodic levies that the banks are told of.
    Modality1,
    /// 503, CECA: town fines, the old notice.
    CecaFines,
    /// 507, Cuaderno 57.
    Cuaderno57,
    /// 508, Cuaderno 60 modality 1, long form.
    LongForm,
    /// 521, Cuaderno 60 modality 2: self-contained, one term.
    Modality2,
    /// 522, Cuaderno 60 modality 2 with a second term with surcharge.
    Modality2Surcharge,
    /// 523, Cuaderno 60 modality 3: self-assessments.
    Modality3,
    /// 528, Cuaderno 57 with the last day.
    Cuaderno57Dated,
    /// 581, laid out as 507.
    Cuaderno57Alias,
}

impl Format {
    /// All of them, by number.
    pub const ALL: [Format; 10] = [
        Format::CecaTaxes,
        Format::Modality1,
        Format::CecaFines,
        Format::Cuaderno57,
        Format::LongForm,
        Format::Modality2,
        Format::Modality2Surcharge,
        Format::Modality3,
        Format::Cuaderno57Dated,
        Format::Cuaderno57Alias,
    ];

    /// The three digits after `90`.
    pub fn number(self) -> u16 {
        match self {
            Format::CecaTaxes => 501,
            Format::Modality1 => 502,
            Format::CecaFines => 503,
            Format::Cuaderno57 => 507,
            Format::LongForm => 508,
            Format::Modality2 => 521,
            Format::Modality2Surcharge => 522,
            Format::Modality3 => 523,
            Format::Cuaderno57Dated => 528,
            Format::Cuaderno57Alias => 581,
        }
    }

    /// The format with this number.
    pub fn from_number(number: u16) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.number() == number)
    }

    /// Digits of the whole code, `90` included.
    pub fn digits(self) -> usize {
        match self {
            Format::Modality3 => 24,
            Format::CecaTaxes | Format::CecaFines => 34,
            Format::Modality1 => 38,
            Format::Modality2 => 42,
            Format::Cuaderno57 | Format::Cuaderno57Alias => 46,
            Format::LongForm => 48,
            Format::Cuaderno57Dated => 52,
            Format::Modality2Surcharge => 54,
        }
    }
}
