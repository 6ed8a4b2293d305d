//! The fields of each format, in the order of the paper. Numbers without their leading zeros; lengths are those of
//! the book and are restored when the code is written.
use hal_device::Cents;

use super::YearDay;
use super::control::{ceca_amount, ceca_key, cuaderno57, cuaderno60, self_assessment};

/// What a code says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fields {
    /// 502.
    Modality1(Modality1),
    /// 508.
    LongForm(LongForm),
    /// 521.
    Modality2(Modality2),
    /// 522.
    Modality2Surcharge(Modality2Surcharge),
    /// 523.
    Modality3(Modality3),
    /// 507, 581 and 528.
    Cuaderno57(Cuaderno57),
    /// 501 and 503.
    CecaNotice(CecaNotice),
}

/// 502: a periodic levy. It holds no date; only the sede knows its term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modality1 {
    /// Issuer: province (2), municipality (3), control digit.
    pub issuer: u32,
    /// Reference, 10 digits, without control digits.
    pub reference: u64,
    /// Tax, 3 digits.
    pub tax: u16,
    /// Last two digits of the year of the levy.
    pub year: u8,
    /// Batch, 2 digits.
    pub batch: u8,
    /// Amount on the paper.
    pub amount: Cents,
}

impl Modality1 {
    /// Tax, year and batch as one number of 7 digits.
    pub fn identification(&self) -> u64 {
        u64::from(self.tax) * 10_000 + u64::from(self.year) * 100 + u64::from(self.batch)
    }

    /// The two control digits of the reference.
    pub fn control_digits(&self) -> u8 {
        cuaderno60(self.issuer.into(), self.reference, self.identification(), cents(self.amount))
    }
}

/// 508: a periodic levy with its bank and a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LongForm {
    /// The treasury's bank, 4 digits.
    pub bank: u16,
    /// Last day, 6 digits as printed. The book's copies do not tell their order; see [`super::Document::last_day`].
    pub last_day: u32,
    /// The rest, as in 502.
    pub levy: Modality1,
}

/// One term of a modality 2 document: its mark, its last day and what is to be paid in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// Discriminante: 1 for the only term, 5 for the voluntary one beside a surcharge, 9 for the surcharge.
    pub mark: u8,
    /// Last day.
    pub last_day: YearDay,
    /// Amount on the paper.
    pub amount: Cents,
}

impl Period {
    fn identification(&self, tax: u16, year: u8) -> u64 {
        let head = u64::from(self.mark) * 100_000 + u64::from(tax) * 100 + u64::from(year);
        head * 10_000 + u64::from(self.last_day.year_digit) * 1000 + u64::from(self.last_day.day)
    }
}

/// 521: a debt with one term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modality2 {
    /// Issuer: province (2), municipality (3), control digit.
    pub issuer: u32,
    /// Reference, 10 digits, without control digits.
    pub reference: u64,
    /// Tax, 3 digits.
    pub tax: u16,
    /// Last two digits of the year the debt belongs to.
    pub year: u8,
    /// The term.
    pub period: Period,
}

impl Modality2 {
    /// Mark, tax, year and last day as one number of 10 digits.
    pub fn identification(&self) -> u64 {
        self.period.identification(self.tax, self.year)
    }

    /// The two control digits of the reference.
    pub fn control_digits(&self) -> u8 {
        cuaderno60(self.issuer.into(), self.reference, self.identification(), cents(self.period.amount))
    }
}

/// 522: a debt with a voluntary term and one with surcharge. The marks 5 and 9 are not in the bars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modality2Surcharge {
    /// Issuer: province (2), municipality (3), control digit.
    pub issuer: u32,
    /// Reference, 10 digits, without control digits.
    pub reference: u64,
    /// Tax, 3 digits.
    pub tax: u16,
    /// Last two digits of the year the debt belongs to.
    pub year: u8,
    /// The voluntary term, mark 5.
    pub voluntary: Period,
    /// The term with surcharge, mark 9.
    pub surcharge: Period,
}

impl Modality2Surcharge {
    /// The control digits of the reference without and with surcharge.
    pub fn control_digits(&self) -> (u8, u8) {
        let digits = |period: &Period| {
            let identification = period.identification(self.tax, self.year);
            cuaderno60(self.issuer.into(), self.reference, identification, cents(period.amount))
        };
        (digits(&self.voluntary), digits(&self.surcharge))
    }
}

/// 523: a self-assessment. Neither amount nor day are in the bars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modality3 {
    /// Issuer: province (2), municipality (3), control digit.
    pub issuer: u32,
    /// Form, 3 digits.
    pub form: u16,
    /// Which data the collector captures, 1 digit.
    pub capture: u8,
    /// Running number, 8 digits.
    pub sequence: u32,
    /// The control digit as printed.
    pub digit: u8,
}

impl Modality3 {
    /// Form, capture and running number as one number of 12 digits.
    pub fn number(&self) -> u64 {
        (u64::from(self.form) * 10 + u64::from(self.capture)) * 100_000_000 + u64::from(self.sequence)
    }

    /// The control digit by the rule. It may differ from the printed one without meaning anything: the rule has only
    /// one source, which contradicts itself.
    pub fn control_digit(&self) -> u8 {
        self_assessment(self.number(), self.issuer.into())
    }
}

/// 507, 581 and 528: a document of Cuaderno 57, whose issuer is a NIF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cuaderno57 {
    /// The eight digits of the issuer's NIF.
    pub issuer: u32,
    /// Suffix, 3 digits.
    pub suffix: u16,
    /// Reference, 11 digits, without control digits.
    pub reference: u64,
    /// Identification, 6 digits, of the issuer's own making.
    pub identification: u32,
    /// Amount on the paper.
    pub amount: Cents,
    /// Last day as `DDMMAA`: 528 only.
    pub last_day: Option<u32>,
}

impl Cuaderno57 {
    /// The two control digits of the reference.
    pub fn control_digits(&self) -> u8 {
        cuaderno57(
            self.reference,
            self.issuer.into(),
            self.suffix.into(),
            self.identification.into(),
            cents(self.amount),
        )
    }
}

/// 501 and 503: the old notices of the savings banks. Province and municipality are those of the Treasury, not INE's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CecaNotice {
    /// Province, 2 digits.
    pub province: u8,
    /// Municipality, 3 digits.
    pub municipality: u16,
    /// Last digit of the year.
    pub year_digit: u8,
    /// Batch, 1 digit.
    pub batch: u8,
    /// Tax, 2 digits.
    pub tax: u8,
    /// Number of the notice, 7 digits.
    pub notice: u32,
    /// Amount on the paper.
    pub amount: Cents,
}

impl CecaNotice {
    /// The control digits of the key and of the amount.
    pub fn control_digits(&self) -> (u8, u8) {
        let municipality = u64::from(self.province) * 1000 + u64::from(self.municipality);
        let year_and_batch = u64::from(self.year_digit) * 10 + u64::from(self.batch);
        let key = ceca_key(municipality, year_and_batch * 100 + u64::from(self.tax), self.notice.into());
        (key, ceca_amount(cents(self.amount), key))
    }
}

/// An amount as the rules count it. Amounts of a code have at most ten digits and no sign.
pub(super) fn cents(amount: Cents) -> u64 {
    u64::try_from(amount.0).unwrap_or_default()
}
