//! The bills that the town begins with: every format of document and every answer the sede can give.
//!
//! Days are set from the day on which the town is made, so that a bill is payable or lapsed at whatever date a
//! scenario plays: a term ends on the 20th of the next month, and a lapsed one ended on the 20th of the month
//! before last.
use jiff::civil::Date;
use jiff::{ToSpan, civil};

use crate::debt::{Citizen, Debt, DebtState, Reduction, Surprise};
use crate::documents::{Document, DoesNotFit};

/// The town's number as an issuer: province, municipality and their control digit.
pub const ISSUER: u64 = 30149;
const TOWN: u64 = 3014;
const UTILITY: u64 = 301_490;
/// Year of the debts.
const YEAR: u64 = 26;
const QUOTE_SECONDS: i64 = 15 * 60;

pub(crate) struct Seeder {
    today: Date,
    pub debts: Vec<Debt>,
}

/// The people of the town; none of them exists.
pub fn citizens() -> Vec<Citizen> {
    let citizen = |nif: &str, name: &str| Citizen { nif: nif.into(), name: name.into() };
    vec![
        citizen("12345678Z", "Vecina de Prueba"),
        citizen("00000014Z", "Vecino Ejemplo Inventado"),
        citizen("X1234567L", "Resident d'Exemple i Prova"),
        citizen("Y1234567X", "Íñigo Ñu Ficticio"),
        citizen("00000000T", "Empadronada Sintética Núñez"),
        citizen("11111111H", "Col·laborador Fictici Muñoz"),
    ]
}

pub(crate) fn debts(today: Date) -> Result<Vec<Debt>, DoesNotFit> {
    let mut town = Seeder { today, debts: Vec::new() };
    let term = civil::date(today.year(), today.month(), 20);
    let ends = term.saturating_add(1.month());
    let ended = term.saturating_sub(2.months());
    let yesterday = today.saturating_sub(1.day());

    town.dated("vehicle-tax", "Impuesto de vehículos 2026", 6540, ends)?;
    town.dated("one-cent", "Resto de la tasa de basura 2026", 1, ends)?;
    town.dated("below-cash-limit", "Ocupación de vía pública", 99999, ends)?;
    town.dated("at-cash-limit", "Licencia de obra menor", 100000, ends)?;
    town.dated("far-above-cash-limit", "Impuesto sobre construcciones", 99999999, ends)?;
    town.dated("one-note", "Tasa de mercadillo, octubre", 2000, ends)?;
    town.dated("coins-only", "Tasa por fotocopias", 85, ends)?;
    town.dated("odd-amount", "Vado permanente, tercer trimestre", 3333, ends)?;
    town.dated("valencian", "Impost sobre béns immobles 2026, 2n termini", 18720, ends)?;
    let long = "Tasa por la utilización privativa o el aprovechamiento especial del dominio público local \
                con mesas y sillas, año 2026";
    town.dated("long-concept", long, 24050, ends)?;
    town.dated("ends-today", "Tasa de cementerio 2026", 1875, today)?;
    town.dated("ended-yesterday", "Tasa de cementerio 2025", 1875, yesterday)?;
    town.dated("lapsed", "Impuesto de vehículos 2025", 6540, ended)?;

    town.periodic("garbage", "Tasa de basura 2026", 12345, Some(ends))?;
    town.periodic("no-last-day", "Canon de parada de taxi", 7500, None)?;
    town.periodic("lapsed-periodic", "Tasa de basura 2025", 11820, Some(ended))?;
    town.add(
        Seed::new("garbage-long", "Tasa de basura industrial 2026", 31005, Some(ends)),
        |reference, amount| Document::PeriodicLong {
            treasury: 9999,
            last_day: ends,
            issuer: ISSUER,
            reference,
            tax: 210,
            year: YEAR,
            batch: 1,
            amount,
        },
    )?;
    town.with_surcharge("surcharge-later", "Impuesto de actividades 2026", 12345, ends)?;
    town.with_surcharge("surcharge-now", "Impuesto de actividades 2025", 12345, ended)?;
    town.self_assessed("self-assessed", "Autoliquidación de plusvalía", 4567)?;
    town.utility("water", "Suministro de agua, quinto bimestre", 3812, Some(ends))?;
    town.utility("water-undated", "Suministro de agua, cuarto bimestre", 4190, None)?;
    town.older(501, "older", "Contribución especial de alumbrado", 5200, Some(ends))?;
    town.older(503, "fine", "Sanción de tráfico, exp. 2026/000123", 8000, Some(ends))?;
    // Half of it within the days that are left of the twenty.
    town.older(503, "fine-reduced", "Sanción de tráfico, exp. 2026/000124", 20000, Some(ends))?.reduction =
        Some(Reduction { amount: 10000, until: today.saturating_add(10.days()) });
    town.older(503, "fine-reduced-today", "Sanción de tráfico, exp. 2026/000125", 20000, Some(ends))?
        .reduction = Some(Reduction { amount: 10000, until: today });
    town.older(503, "fine-no-longer-reduced", "Sanción de tráfico, exp. 2026/000126", 20000, Some(ends))?
        .reduction = Some(Reduction { amount: 10000, until: yesterday });

    town.dated("quote-of-a-minute", "Entrada de vehículos en zona restringida", 1200, ends)?.quote_seconds =
        60;
    town.dated("withdrawn-at-payment", "Tasa de retirada de vehículos", 9510, ends)?.surprise =
        Some(Surprise::Withdrawn);
    town.dated("paid-by-other-at-payment", "Impuesto sobre bienes inmuebles 2026", 21000, ends)?.surprise =
        Some(Surprise::PaidByOther);
    town.dated("cash-used-up", "Liquidación de plusvalía, segundo pago", 90000, ends)?.cash_paid_before =
        60000;
    town.dated("cash-left", "Liquidación de plusvalía, último pago", 20000, ends)?.cash_paid_before = 30000;

    let paid_on = Some(yesterday);
    town.dated("paid", "Tasa de terrazas 2026", 6400, ends)?.state =
        DebtState::Paid { paid_on, operation: None };
    town.periodic("paid-some-day", "Tasa de terrazas 2025", 6100, Some(ended))?.state =
        DebtState::Paid { paid_on: None, operation: None };
    town.dated("elsewhere", "Recargo provincial 2026", 4444, ends)?.state = DebtState::Elsewhere {
        collector: "Diputación de la Provincia de Prueba, servicio de recaudación".into(),
        advice: "Oficina de la calle Mayor, 1, de lunes a viernes de 9 a 14 h".into(),
    };
    town.dated("elsewhere-unsaid", "Canon autonómico 2026", 4445, ends)?.state =
        DebtState::Elsewhere { collector: String::new(), advice: String::new() };
    town.dated("forged", "Recibo que nadie emitió", 5000, ends)?.state = DebtState::Forged;
    town.self_assessed("forged-self-assessed", "Autoliquidación que nadie emitió", 5000)?.state =
        DebtState::Forged;
    Ok(town.debts)
}

struct Seed<'a> {
    name: &'a str,
    concept: &'a str,
    amount: u64,
    last_day: Option<Date>,
}

impl<'a> Seed<'a> {
    fn new(name: &'a str, concept: &'a str, amount: u64, last_day: Option<Date>) -> Seed<'a> {
        Seed { name, concept, amount, last_day }
    }
}

impl Seeder {
    pub(crate) fn resume(today: Date, debts: Vec<Debt>) -> Seeder {
        Seeder { today, debts }
    }

    /// A 521, the kind that most bills are.
    pub(crate) fn dated(
        &mut self,
        name: &str,
        concept: &str,
        amount: u64,
        last_day: Date,
    ) -> Result<&mut Debt, DoesNotFit> {
        self.add(Seed::new(name, concept, amount, Some(last_day)), |reference, amount| Document::Dated {
            issuer: ISSUER,
            reference,
            tax: 200,
            year: YEAR,
            last_day,
            amount,
        })
    }

    fn periodic(
        &mut self,
        name: &str,
        concept: &str,
        amount: u64,
        last_day: Option<Date>,
    ) -> Result<&mut Debt, DoesNotFit> {
        self.add(Seed::new(name, concept, amount, last_day), |reference, amount| Document::Periodic {
            issuer: ISSUER,
            reference,
            tax: 210,
            year: YEAR,
            batch: 1,
            amount,
        })
    }

    fn with_surcharge(
        &mut self,
        name: &str,
        concept: &str,
        amount: u64,
        last_day: Date,
    ) -> Result<&mut Debt, DoesNotFit> {
        self.add(Seed::new(name, concept, amount, Some(last_day)), |reference, amount| {
            Document::DatedWithSurcharge {
                issuer: ISSUER,
                reference,
                tax: 220,
                year: YEAR,
                last_day,
                amount,
                second_day: last_day.saturating_add(17.days()),
                second_amount: amount + amount / 20,
            }
        })
    }

    fn self_assessed(&mut self, name: &str, concept: &str, amount: u64) -> Result<&mut Debt, DoesNotFit> {
        let debt = self.add(Seed::new(name, concept, amount, None), |reference, _| {
            Document::SelfAssessed { issuer: ISSUER, form: 150, capture: 1, number: reference }
        })?;
        debt.printed_amount = None;
        Ok(debt)
    }

    fn utility(
        &mut self,
        name: &str,
        concept: &str,
        amount: u64,
        last_day: Option<Date>,
    ) -> Result<&mut Debt, DoesNotFit> {
        let identification = u64::from(self.today.day().unsigned_abs()) * 10_000 + 11 * 100 + YEAR;
        self.add(Seed::new(name, concept, amount, last_day), |reference, amount| match last_day {
            None => Document::Utility { issuer: UTILITY, suffix: 0, reference, identification, amount },
            Some(last_day) => Document::UtilityDated {
                issuer: UTILITY,
                suffix: 0,
                reference,
                identification,
                amount,
                last_day,
            },
        })
    }

    fn older(
        &mut self,
        format: u64,
        name: &str,
        concept: &str,
        amount: u64,
        last_day: Option<Date>,
    ) -> Result<&mut Debt, DoesNotFit> {
        self.add(Seed::new(name, concept, amount, last_day), |reference, amount| Document::Older {
            format,
            town: TOWN,
            year: 6,
            batch: 1,
            tax: 1,
            number: reference,
            amount,
        })
    }

    fn add(
        &mut self,
        seed: Seed<'_>,
        document: impl FnOnce(u64, u64) -> Document,
    ) -> Result<&mut Debt, DoesNotFit> {
        let position = self.debts.len();
        let number = 123_456 + 7 * position as u64;
        let document = document(number, seed.amount);
        let people = citizens();
        let amount = i64::try_from(seed.amount).unwrap_or(i64::MAX);
        self.debts.push(Debt {
            name: seed.name.into(),
            id: format!("D-2026-{:04}", position + 1),
            concept: seed.concept.into(),
            debtor: people[position % people.len()].clone(),
            reference: format!("{number:010}"),
            format: document.format(),
            digits: document.digits()?,
            printed_amount: Some(amount),
            amount,
            reduction: None,
            cash_paid_before: 0,
            last_day: seed.last_day,
            quote_seconds: QUOTE_SECONDS,
            surprise: None,
            state: DebtState::Open,
        });
        Ok(&mut self.debts[position])
    }
}
