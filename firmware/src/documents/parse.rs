//! From the bars to a document and back.
use hal_device::Cents;
use jiff::civil::Date;

use super::dates::day_month_year;
use super::{
    CecaNotice, Cuaderno57, DocumentError, Fields, Format, LongForm, Modality1, Modality2,
    Modality2Surcharge, Modality3, Period, YearDay,
};

/// What a reader may send in front of the code: the AIM identifier of a Code 128 with and without FNC1.
const AIM_PREFIXES: [&str; 2] = ["]C1", "]C0"];
/// FNC1, as readers send it.
const GROUP_SEPARATOR: char = '\u{1d}';
/// No document is longer than 54 digits; with prefix and line end nothing good is longer than this.
const LONGEST_RAW: usize = 64;

/// A collection document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its kind.
    pub format: Format,
    /// What it says.
    pub fields: Fields,
}

impl Document {
    /// A raw Code 128 as a reader sends it: an optional AIM identifier, an optional FNC1 as GS, the digits, and any
    /// line end. Read as plain digits, since these codes are longer than the 30 that GS1 allows after `90`.
    ///
    /// # Errors
    /// See [`DocumentError`]; [`DocumentError::read_again`] says whether reading again may help.
    pub fn from_barcode(raw: &str) -> Result<Document, DocumentError> {
        if raw.len() > LONGEST_RAW {
            return Err(DocumentError::NotADocument);
        }
        let code = raw.trim_end_matches(['\r', '\n']);
        let code = AIM_PREFIXES.iter().find_map(|prefix| code.strip_prefix(prefix)).unwrap_or(code);
        let code = code.strip_prefix(GROUP_SEPARATOR).unwrap_or(code);
        let rest = code.strip_prefix("90").ok_or(DocumentError::NotADocument)?;
        if !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(DocumentError::NotDigits);
        }
        let mut digits = Digits { rest };
        let number = digits.number::<u16>(3)?;
        let format = Format::from_number(number).ok_or(DocumentError::UnknownFormat(number))?;
        if code.len() != format.digits() {
            return Err(DocumentError::Length {
                format: number,
                expected: format.digits(),
                found: code.len(),
            });
        }
        let fields = match format {
            Format::Modality1 => Fields::Modality1(modality1(&mut digits)?),
            Format::LongForm => Fields::LongForm(LongForm {
                bank: digits.number(4)?,
                last_day: digits.number(6)?,
                levy: modality1(&mut digits)?,
            }),
            Format::Modality2 => Fields::Modality2(modality2(&mut digits)?),
            Format::Modality2Surcharge => Fields::Modality2Surcharge(modality2_surcharge(&mut digits)?),
            Format::Modality3 => Fields::Modality3(Modality3 {
                issuer: digits.number(6)?,
                form: digits.number(3)?,
                capture: digits.number(1)?,
                sequence: digits.number(8)?,
                digit: digits.number(1)?,
            }),
            Format::Cuaderno57 | Format::Cuaderno57Alias => {
                Fields::Cuaderno57(cuaderno57(&mut digits, false)?)
            }
            Format::Cuaderno57Dated => Fields::Cuaderno57(cuaderno57(&mut digits, true)?),
            Format::CecaTaxes | Format::CecaFines => Fields::CecaNotice(ceca_notice(&mut digits)?),
        };
        Ok(Document { format, fields })
    }

    /// The whole code, `90` included and without any prefix: the key that the sede gets.
    pub fn digits(&self) -> String {
        let number = self.format.number();
        match &self.fields {
            Fields::Modality1(levy) => format!("90{number}{}", modality1_digits(levy)),
            Fields::LongForm(LongForm { bank, last_day, levy }) => {
                format!("90{number}{bank:04}{last_day:06}{}", modality1_digits(levy))
            }
            Fields::Modality2(debt) => format!(
                "90{number}{:06}{:010}{:02}{:010}{:08}0",
                debt.issuer,
                debt.reference,
                debt.control_digits(),
                debt.identification(),
                debt.period.amount.0
            ),
            Fields::Modality2Surcharge(debt) => {
                let (without, with) = debt.control_digits();
                format!(
                    "90{number}{:06}{:010}{without:02}{with:02}{:03}{:02}{}{}",
                    debt.issuer,
                    debt.reference,
                    debt.tax,
                    debt.year,
                    period_digits(&debt.voluntary),
                    period_digits(&debt.surcharge)
                )
            }
            Fields::Modality3(form) => {
                format!("90{number}{:06}{:012}{}", form.issuer, form.number(), form.digit)
            }
            Fields::Cuaderno57(debt) => format!(
                "90{number}{:08}{:03}{:011}{:02}{:06}{:010}{}0",
                debt.issuer,
                debt.suffix,
                debt.reference,
                debt.control_digits(),
                debt.identification,
                debt.amount.0,
                debt.last_day.map(|day| format!("{day:06}")).unwrap_or_default()
            ),
            Fields::CecaNotice(notice) => {
                let (key, amount) = notice.control_digits();
                format!(
                    "90{number}{:02}{:03}{}{}{:02}{:07}{key:02}{:09}{amount:02}",
                    notice.province,
                    notice.municipality,
                    notice.year_digit,
                    notice.batch,
                    notice.tax,
                    notice.notice,
                    notice.amount.0
                )
            }
        }
    }

    /// The reference as the paper prints it, control digits included.
    pub fn reference(&self) -> String {
        match &self.fields {
            Fields::Modality1(levy) | Fields::LongForm(LongForm { levy, .. }) => {
                format!("{:010}{:02}", levy.reference, levy.control_digits())
            }
            Fields::Modality2(debt) => format!("{:010}{:02}", debt.reference, debt.control_digits()),
            Fields::Modality2Surcharge(debt) => {
                format!("{:010}{:02}", debt.reference, debt.control_digits().0)
            }
            Fields::Modality3(form) => format!("{:012}{}", form.number(), form.digit),
            Fields::Cuaderno57(debt) => format!("{:011}{:02}", debt.reference, debt.control_digits()),
            Fields::CecaNotice(notice) => format!("{:07}{:02}", notice.notice, notice.control_digits().0),
        }
    }

    /// The issuer as the paper prints it.
    pub fn issuer(&self) -> String {
        match &self.fields {
            Fields::Modality1(levy) | Fields::LongForm(LongForm { levy, .. }) => {
                format!("{:06}", levy.issuer)
            }
            Fields::Modality2(debt) => format!("{:06}", debt.issuer),
            Fields::Modality2Surcharge(debt) => format!("{:06}", debt.issuer),
            Fields::Modality3(form) => format!("{:06}", form.issuer),
            Fields::Cuaderno57(debt) => format!("{:08}", debt.issuer),
            Fields::CecaNotice(notice) => format!("{:02}{:03}", notice.province, notice.municipality),
        }
    }

    /// The amount in the bars, that of the voluntary term where there are two; none for self-assessments. Only to
    /// compare: what is charged comes from the sede.
    pub fn amount_on_paper(&self) -> Option<Cents> {
        match &self.fields {
            Fields::Modality1(levy) | Fields::LongForm(LongForm { levy, .. }) => Some(levy.amount),
            Fields::Modality2(debt) => Some(debt.period.amount),
            Fields::Modality2Surcharge(debt) => Some(debt.voluntary.amount),
            Fields::Modality3(_) => None,
            Fields::Cuaderno57(debt) => Some(debt.amount),
            Fields::CecaNotice(notice) => Some(notice.amount),
        }
    }

    /// The last day in the bars, that of the voluntary term where there are two. Only a digit of the year is printed
    /// in modality 2, so the year nearest to `today` is taken. `None` where the bars hold no day, or one that its
    /// year does not have, and for the long form: in which order its six digits stand is not known, and `261120`
    /// is a day either way.
    pub fn last_day(&self, today: Date) -> Option<Date> {
        match &self.fields {
            Fields::Modality2(debt) => debt.period.last_day.resolve(today),
            Fields::Modality2Surcharge(debt) => debt.voluntary.last_day.resolve(today),
            Fields::Cuaderno57(debt) => debt.last_day.and_then(day_month_year),
            Fields::Modality1(_) | Fields::LongForm(_) | Fields::Modality3(_) | Fields::CecaNotice(_) => None,
        }
    }
}

fn modality1_digits(levy: &Modality1) -> String {
    format!(
        "{:06}{:010}{:02}{:07}{:08}",
        levy.issuer,
        levy.reference,
        levy.control_digits(),
        levy.identification(),
        levy.amount.0
    )
}

fn period_digits(period: &Period) -> String {
    format!("{}{:03}{:08}", period.last_day.year_digit, period.last_day.day, period.amount.0)
}

fn modality1(digits: &mut Digits<'_>) -> Result<Modality1, DocumentError> {
    let (issuer, reference, found) = (digits.number(6)?, digits.number(10)?, digits.number(2)?);
    let levy = Modality1 {
        issuer,
        reference,
        tax: digits.number(3)?,
        year: digits.number(2)?,
        batch: digits.number(2)?,
        amount: digits.amount(8)?,
    };
    agree(levy.control_digits(), found)?;
    Ok(levy)
}

fn modality2(digits: &mut Digits<'_>) -> Result<Modality2, DocumentError> {
    let (issuer, reference, found) = (digits.number(6)?, digits.number(10)?, digits.number(2)?);
    let mark = digits.number(1)?;
    let debt = Modality2 {
        issuer,
        reference,
        tax: digits.number(3)?,
        year: digits.number(2)?,
        period: digits.period(mark)?,
    };
    agree(debt.control_digits(), found)?;
    agree(0, digits.number(1)?)?;
    Ok(debt)
}

fn modality2_surcharge(digits: &mut Digits<'_>) -> Result<Modality2Surcharge, DocumentError> {
    let (issuer, reference) = (digits.number(6)?, digits.number(10)?);
    let (without, with) = (digits.number(2)?, digits.number(2)?);
    let debt = Modality2Surcharge {
        issuer,
        reference,
        tax: digits.number(3)?,
        year: digits.number(2)?,
        voluntary: digits.period(5)?,
        surcharge: digits.period(9)?,
    };
    let (expected_without, expected_with) = debt.control_digits();
    agree(expected_without, without)?;
    agree(expected_with, with)?;
    Ok(debt)
}

fn cuaderno57(digits: &mut Digits<'_>, dated: bool) -> Result<Cuaderno57, DocumentError> {
    let (issuer, suffix) = (digits.number(8)?, digits.number(3)?);
    let (reference, found) = (digits.number(11)?, digits.number(2)?);
    let debt = Cuaderno57 {
        issuer,
        suffix,
        reference,
        identification: digits.number(6)?,
        amount: digits.amount(10)?,
        last_day: if dated { Some(digits.number(6)?) } else { None },
    };
    agree(debt.control_digits(), found)?;
    agree(0, digits.number(1)?)?;
    match debt.last_day {
        Some(day) if day_month_year(day).is_none() => Err(DocumentError::BadDate(day)),
        _ => Ok(debt),
    }
}

fn ceca_notice(digits: &mut Digits<'_>) -> Result<CecaNotice, DocumentError> {
    let (province, municipality) = (digits.number(2)?, digits.number(3)?);
    let (year_digit, batch, tax) = (digits.number(1)?, digits.number(1)?, digits.number(2)?);
    let (notice, key) = (digits.number(7)?, digits.number(2)?);
    let notice =
        CecaNotice { province, municipality, year_digit, batch, tax, notice, amount: digits.amount(9)? };
    let found = digits.number(2)?;
    let (expected_key, expected_amount) = notice.control_digits();
    agree(expected_key, key)?;
    agree(expected_amount, found)?;
    Ok(notice)
}

/// Control digits, and the parity digit that is always 0: one that differs means a wrong reading.
fn agree(expected: u8, found: u8) -> Result<(), DocumentError> {
    if expected == found { Ok(()) } else { Err(DocumentError::ControlDigits { expected, found }) }
}

/// The digits that are still to be taken.
struct Digits<'a> {
    rest: &'a str,
}

impl Digits<'_> {
    /// The next `length` digits as a number. Lengths were checked before; running short is still an error.
    fn number<T: TryFrom<u64>>(&mut self, length: usize) -> Result<T, DocumentError> {
        let (head, rest) = self.rest.split_at_checked(length).ok_or(DocumentError::NotADocument)?;
        self.rest = rest;
        let value: u64 = head.parse().map_err(|_| DocumentError::NotDigits)?;
        T::try_from(value).map_err(|_| DocumentError::NotDigits)
    }

    fn amount(&mut self, length: usize) -> Result<Cents, DocumentError> {
        self.number(length).map(Cents)
    }

    fn period(&mut self, mark: u8) -> Result<Period, DocumentError> {
        let last_day = YearDay::new(self.number(1)?, self.number(3)?)?;
        Ok(Period { mark, last_day, amount: self.amount(8)? })
    }
}
