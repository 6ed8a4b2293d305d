//! Digits of collection documents: Cuaderno 60 (AEB/CECA, November 2015), Cuaderno 57 and the older 501/503, as
//! described in CECA's Cuaderno 64 (June 2016), with their control digits.
//!
//! The town hall prints bills; this is its side. It shares no code with the kiosk, so that a mistake in one of
//! them shows.
use jiff::civil::Date;

/// A document as the town hall issues it. Numbers that do not fit their field are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// 502: Cuaderno 60 modality 1, periodic levies.
    Periodic { issuer: u64, reference: u64, tax: u64, year: u64, batch: u64, amount: u64 },
    /// 508: the long form of modality 1.
    PeriodicLong {
        treasury: u64,
        last_day: Date,
        issuer: u64,
        reference: u64,
        tax: u64,
        year: u64,
        batch: u64,
        amount: u64,
    },
    /// 521: Cuaderno 60 modality 2.
    Dated { issuer: u64, reference: u64, tax: u64, year: u64, last_day: Date, amount: u64 },
    /// 522: modality 2 with a second date and amount.
    DatedWithSurcharge {
        issuer: u64,
        reference: u64,
        tax: u64,
        year: u64,
        last_day: Date,
        amount: u64,
        second_day: Date,
        second_amount: u64,
    },
    /// 523: Cuaderno 60 modality 3, autoliquidación; neither amount nor date.
    SelfAssessed { issuer: u64, form: u64, capture: u64, number: u64 },
    /// 507: Cuaderno 57.
    Utility { issuer: u64, suffix: u64, reference: u64, identification: u64, amount: u64 },
    /// 528: Cuaderno 57 with a last day.
    UtilityDated {
        issuer: u64,
        suffix: u64,
        reference: u64,
        identification: u64,
        amount: u64,
        last_day: Date,
    },
    /// 501 or 503 (fines), of the time before Cuaderno 60.
    Older { format: u64, town: u64, year: u64, batch: u64, tax: u64, number: u64, amount: u64 },
}

/// A number that does not fit its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{number} does not fit {digits} digits of the document")]
pub struct DoesNotFit {
    number: u64,
    digits: usize,
}

impl Document {
    /// All digits of the barcode, from `90` on.
    pub fn digits(&self) -> Result<String, DoesNotFit> {
        let mut out = Digits::new();
        match *self {
            Document::Periodic { issuer, reference, tax, year, batch, amount } => {
                let identification = (tax * 100 + year) * 100 + batch;
                let check = municipal(issuer, reference, identification, amount);
                out.add(502, 3)?.add(issuer, 6)?.add(reference, 10)?.add(check, 2)?;
                out.add(tax, 3)?.add(year, 2)?.add(batch, 2)?.add(amount, 8)?;
            }
            Document::PeriodicLong { treasury, last_day, issuer, reference, tax, year, batch, amount } => {
                let identification = (tax * 100 + year) * 100 + batch;
                let check = municipal(issuer, reference, identification, amount);
                out.add(508, 3)?.add(treasury, 4)?.add(day_month_year(last_day), 6)?;
                out.add(issuer, 6)?.add(reference, 10)?.add(check, 2)?;
                out.add(tax, 3)?.add(year, 2)?.add(batch, 2)?.add(amount, 8)?;
            }
            Document::Dated { issuer, reference, tax, year, last_day, amount } => {
                let identification = self_contained(1, tax, year, last_day);
                let check = municipal(issuer, reference, identification, amount);
                out.add(521, 3)?.add(issuer, 6)?.add(reference, 10)?.add(check, 2)?;
                out.add(identification, 10)?.add(amount, 8)?.add(0, 1)?;
            }
            Document::DatedWithSurcharge {
                issuer,
                reference,
                tax,
                year,
                last_day,
                amount,
                second_day,
                second_amount,
            } => {
                let first = municipal(issuer, reference, self_contained(5, tax, year, last_day), amount);
                let second =
                    municipal(issuer, reference, self_contained(9, tax, year, second_day), second_amount);
                out.add(522, 3)?.add(issuer, 6)?.add(reference, 10)?.add(first, 2)?.add(second, 2)?;
                out.add(tax, 3)?.add(year, 2)?.add(year_and_day(last_day), 4)?.add(amount, 8)?;
                out.add(year_and_day(second_day), 4)?.add(second_amount, 8)?;
            }
            Document::SelfAssessed { issuer, form, capture, number } => {
                let all = form * 1_000_000_000 + capture * 100_000_000 + number;
                let check = match (all + issuer) % 7 {
                    0 => 7,
                    rest => rest,
                };
                out.add(523, 3)?
                    .add(issuer, 6)?
                    .add(form, 3)?
                    .add(capture, 1)?
                    .add(number, 8)?
                    .add(check, 1)?;
            }
            Document::Utility { issuer, suffix, reference, identification, amount } => {
                out.add(507, 3)?.utility(issuer, suffix, reference, identification, amount)?.add(0, 1)?;
            }
            Document::UtilityDated { issuer, suffix, reference, identification, amount, last_day } => {
                out.add(528, 3)?.utility(issuer, suffix, reference, identification, amount)?;
                out.add(day_month_year(last_day), 6)?.add(0, 1)?;
            }
            Document::Older { format, town, year, batch, tax, number, amount } => {
                let group = year * 1000 + batch * 100 + tax;
                let first = match two_decimals_of_97(town * 76 + group * 9 + number.saturating_sub(1) * 55) {
                    0 => 0,
                    decimals => 100 - decimals,
                };
                let second = match two_decimals_of_97(weighted(amount + first)) {
                    0 => 0,
                    decimals => 100 - decimals,
                };
                out.add(format, 3)?.add(town, 5)?.add(year, 1)?.add(batch, 1)?.add(tax, 2)?;
                out.add(number, 7)?.add(first, 2)?.add(amount, 9)?.add(second, 2)?;
            }
        }
        Ok(out.0)
    }

    /// The format number after `90`.
    pub fn format(&self) -> u64 {
        match self {
            Document::Periodic { .. } => 502,
            Document::PeriodicLong { .. } => 508,
            Document::Dated { .. } => 521,
            Document::DatedWithSurcharge { .. } => 522,
            Document::SelfAssessed { .. } => 523,
            Document::Utility { .. } => 507,
            Document::UtilityDated { .. } => 528,
            Document::Older { format, .. } => *format,
        }
    }
}

struct Digits(String);

impl Digits {
    fn new() -> Digits {
        Digits("90".into())
    }

    fn add(&mut self, number: u64, digits: usize) -> Result<&mut Digits, DoesNotFit> {
        let text = format!("{number:0digits$}");
        if text.len() > digits {
            return Err(DoesNotFit { number, digits });
        }
        self.0.push_str(&text);
        Ok(self)
    }

    fn utility(
        &mut self,
        issuer: u64,
        suffix: u64,
        reference: u64,
        identification: u64,
        amount: u64,
    ) -> Result<&mut Digits, DoesNotFit> {
        let sum = reference + issuer + suffix + identification + amount;
        let check = match 100 - two_decimals_of_97(sum) {
            100 => 0,
            check => check,
        };
        self.add(issuer, 8)?.add(suffix, 3)?.add(reference, 11)?.add(check, 2)?;
        self.add(identification, 6)?.add(amount, 10)
    }
}

/// Control digits of modalities 1 and 2.
fn municipal(issuer: u64, reference: u64, identification: u64, amount: u64) -> u64 {
    99 - two_decimals_of_97(issuer * 76 + reference * 9 + (identification + amount - 1) * 55)
}

/// The first two decimals, truncated, of `sum / 97`.
fn two_decimals_of_97(sum: u64) -> u64 {
    sum % 97 * 100 / 97
}

/// The digits of a sum, from the units on, by their weights.
fn weighted(mut sum: u64) -> u64 {
    let mut total = 0;
    for weight in [6, 3, 7, 9, 10, 5, 8, 4, 2] {
        total += sum % 10 * weight;
        sum /= 10;
    }
    total
}

fn self_contained(discriminant: u64, tax: u64, year: u64, last_day: Date) -> u64 {
    ((discriminant * 1000 + tax) * 100 + year) * 10_000 + year_and_day(last_day)
}

/// Last digit of the year, and the day of the year.
fn year_and_day(day: Date) -> u64 {
    part(day.year()) % 10 * 1000 + part(day.day_of_year())
}

fn day_month_year(day: Date) -> u64 {
    part(day.day()) * 10_000 + part(day.month()) * 100 + part(day.year()) % 100
}

fn part(number: impl Into<i64>) -> u64 {
    number.into().unsigned_abs()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn dated(issuer: u64, reference: u64, tax: u64, year: u64, last_day: Date, amount: u64) -> String {
        Document::Dated { issuer, reference, tax, year, last_day, amount }.digits().unwrap()
    }

    #[test]
    fn a_521_has_the_worked_digits() {
        assert_eq!(
            dated(30149, 123456, 200, 26, date(2026, 11, 20), 12345),
            "905210301490000123456651200266324000123450"
        );
        assert_eq!(
            dated(123456, 1234567890, 521, 18, date(2018, 1, 1), 1200),
            "905211234561234567890631521188001000012000"
        );
    }

    #[test]
    fn a_521_published_by_others_has_its_control_digits() {
        // Identification 1002188265: tax 002, year 18, day 265 of a year that ends in 8.
        let day = date(2018, 9, 22);
        assert_eq!(day.day_of_year(), 265);
        assert_eq!(dated(481166, 280724001, 2, 18, day, 1), "905214811660280724001071002188265000000010");
    }

    #[test]
    fn a_502_has_the_worked_digits() {
        let bill = Document::Periodic {
            issuer: 30149,
            reference: 123456,
            tax: 200,
            year: 26,
            batch: 1,
            amount: 12345,
        };
        assert_eq!(bill.digits().unwrap(), "90502030149000012345683200260100012345");
    }

    #[test]
    fn a_522_has_the_worked_digits() {
        let bill = Document::DatedWithSurcharge {
            issuer: 30149,
            reference: 123456,
            tax: 200,
            year: 26,
            last_day: date(2026, 11, 20),
            amount: 12345,
            second_day: date(2026, 12, 7),
            second_amount: 12962,
        };
        assert_eq!(bill.digits().unwrap(), "905220301490000123456549420026632400012345634100012962");
    }

    #[test]
    fn a_503_has_the_worked_digits() {
        let fine = Document::Older {
            format: 503,
            town: 3014,
            year: 6,
            batch: 1,
            tax: 1,
            number: 1234567,
            amount: 12345,
        };
        assert_eq!(fine.digits().unwrap(), "9050303014610112345678000001234506");
    }

    #[test]
    fn a_523_has_the_worked_digits() {
        let form = Document::SelfAssessed { issuer: 30149, form: 150, capture: 1, number: 123 };
        assert_eq!(form.digits().unwrap(), "905230301491501000001233");
    }

    #[test]
    fn a_507_has_the_worked_digits() {
        let bill = Document::Utility {
            issuer: 301490,
            suffix: 0,
            reference: 123456,
            identification: 201126,
            amount: 12345,
        };
        assert_eq!(bill.digits().unwrap(), "9050700301490000000001234563920112600000123450");
    }

    #[test]
    fn a_number_that_does_not_fit_is_refused() {
        let form = Document::SelfAssessed { issuer: 30149, form: 150, capture: 1, number: 123_456_789 };
        assert_eq!(form.digits(), Err(DoesNotFit { number: 123_456_789, digits: 8 }));
    }
}
