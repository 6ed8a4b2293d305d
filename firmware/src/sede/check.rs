//! The limits that `firmware/sede-api.yaml` sets to each field, applied to what comes in and to what goes out.
//!
//! Texts of the sede are shown, spoken and printed: one with a control character could make the printer cut or the
//! line turn around, so a value outside its limits makes the whole answer one outside the contract.
use hal_device::Cents;

use super::{
    Booking, Catalogue, DebtAnswer, KioskEvent, OperationId, PaymentAnswer, PaymentOrder, Quote, Reduction,
    check_petition,
};

/// What is wrong with which field.
pub(super) type Fault = String;

/// Ten digits, as in the longest barcode.
const AMOUNT_MAX: i64 = 9_999_999_999;
/// A quote holds for 24 hours at most.
const QUOTE_SECONDS_MAX: i64 = 24 * 3600;
/// Characters of an event's detail.
const DETAIL_MAX: usize = 500;

/// A character of plain text: no control character, no end of line, none that turns the direction of writing.
pub(super) fn is_plain(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

pub(super) fn catalogue(it: &Catalogue) -> Result<(), Fault> {
    require(it.services.len() <= 32, "services")?;
    require(it.services.iter().all(|one| is_word(one, 32)), "services")?;
    amount("cash_max_per_debt", it.cash_max_per_debt, 0)?;
    require(it.coin_limit <= 10_000, "coin_limit")?;
    check_petition::limits(&it.petitions)
}

pub(super) fn digits(it: &str) -> Result<(), Fault> {
    require((10..=64).contains(&it.len()) && it.bytes().all(|b| b.is_ascii_digit()), "digits")
}

pub(super) fn debt_answer(it: &DebtAnswer) -> Result<(), Fault> {
    match it {
        DebtAnswer::Payable(quote) => payable(quote),
        DebtAnswer::Lapsed { .. } | DebtAnswer::Unknown | DebtAnswer::AlreadyPaid { .. } => Ok(()),
        DebtAnswer::NotPayableHere { collector, advice } => {
            text("collector", collector, 0, 120)?;
            text("advice", advice, 0, 400)
        }
    }
}

fn payable(it: &Quote) -> Result<(), Fault> {
    id("quote", &it.quote)?;
    id("debt", &it.debt)?;
    text("concept", &it.concept, 1, 120)?;
    text("masked_name", &it.masked_name, 0, 80)?;
    text("reference", &it.reference, 1, 40)?;
    text("collecting_body", &it.collecting_body, 1, 120)?;
    amount("amount", it.amount, 1)?;
    amount("cash_paid_before", it.cash_paid_before, 0)?;
    it.reduction.as_ref().map_or(Ok(()), |reduction| reduced(it, reduction))?;
    let holds = it.expires_at.as_second().saturating_sub(it.issued_at.as_second());
    require(it.expires_at > it.issued_at && holds <= QUOTE_SECONDS_MAX, "expires_at")
}

/// A reduction makes the amount less, and ends no later than the term of the full amount.
fn reduced(quote: &Quote, it: &Reduction) -> Result<(), Fault> {
    amount("full_amount", it.full_amount, quote.amount.0.saturating_add(1))?;
    require(quote.last_day.is_none_or(|last_day| it.reduced_until <= last_day), "reduced_until")
}

pub(super) fn operation(it: &OperationId) -> Result<(), Fault> {
    let (kiosk, number) = it.0.split_once('-').ok_or("operation")?;
    let capital = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    require(
        kiosk.bytes().next().is_some_and(|b| b.is_ascii_uppercase())
            && kiosk.len() <= 12
            && kiosk.bytes().all(capital)
            && (1..=20).contains(&number.len())
            && number.bytes().all(capital),
        "operation",
    )
}

pub(super) fn payment_order(it: &PaymentOrder) -> Result<(), Fault> {
    operation(&it.operation)?;
    id("quote", &it.quote)?;
    id("debt", &it.debt)?;
    amount("amount", it.amount, 1)?;
    amount("inserted", it.inserted, 1)?;
    require(it.inserted >= it.amount, "inserted")?;
    require(is_word(&it.means, 48), "means")
}

pub(super) fn payment_answer(it: &PaymentAnswer) -> Result<(), Fault> {
    match it {
        PaymentAnswer::Booked(booking) => booked(booking),
        PaymentAnswer::Refused { code, text: words } => {
            require(is_word(code, 48), "code")?;
            text("text", words, 1, 400)
        }
    }
}

fn booked(it: &Booking) -> Result<(), Fault> {
    id("payment", &it.payment)?;
    proof(&it.csv, &it.verification_url)
}

/// A CSV, and where it is checked.
pub(super) fn proof(csv: &str, verification_url: &str) -> Result<(), Fault> {
    let csv = csv.as_bytes();
    require(
        (8..=64).contains(&csv.len()) && csv.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-'),
        "csv",
    )?;
    let rest = verification_url.strip_prefix("https://").unwrap_or_default();
    require(
        !rest.is_empty() && verification_url.len() <= 200 && rest.bytes().all(|b| b.is_ascii_graphic()),
        "verification_url",
    )
}

/// An event as it is sent: prose that is too long or not plain is mended, since no event is lost for its prose.
pub(super) fn event(it: &KioskEvent) -> Result<KioskEvent, Fault> {
    id("id", &it.id)?;
    require(is_word(&it.kind, 48), "kind")?;
    it.operation.as_ref().map_or(Ok(()), operation)?;
    it.amount.map_or(Ok(()), |sum| amount("amount", sum, 0))?;
    it.claim.as_ref().map_or(Ok(()), |claim| {
        id("claim", claim)?;
        require(claim.len() <= 40, "claim")
    })?;
    let detail = it.detail.chars().take(DETAIL_MAX).map(|c| if is_plain(c) { c } else { ' ' }).collect();
    Ok(KioskEvent { detail, ..it.clone() })
}

pub(super) fn require(holds: bool, field: &str) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(format!("`{field}` is outside its limits")) }
}

fn amount(field: &str, sum: Cents, least: i64) -> Result<(), Fault> {
    require((least..=AMOUNT_MAX).contains(&sum.0), field)
}

pub(super) fn text(field: &str, value: &str, least: usize, most: usize) -> Result<(), Fault> {
    // Bytes first: counting characters of something huge is work for nothing.
    require(value.len() <= most.saturating_mul(4), field)?;
    require((least..=most).contains(&value.chars().count()) && value.chars().all(is_plain), field)
}

pub(super) fn id(field: &str, value: &str) -> Result<(), Fault> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    require((1..=64).contains(&value.len()) && value.bytes().all(fits), field)
}

pub(super) fn is_word(value: &str, most: usize) -> bool {
    value.len() <= most
        && value.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
        && value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
