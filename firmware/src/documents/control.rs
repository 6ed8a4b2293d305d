//! Control digits of the collection documents: Cuaderno 60 modalities 1 to 3, Cuaderno 57, the CECA notices
//! 501 and 503, and INE's digit of a municipality.
//!
//! The rules come from the CECA book (Cuaderno 64, June 2016) and from three published implementations; no paper of
//! a town hall has confirmed them yet. So a digit that does not agree means "read it again, or type it", never
//! "this document is invalid": only the sede says that. Sums are whole numbers; the books' decimals of a division by
//! 97 are taken with integers.

/// What the rule of Cuaderno 60 subtracts the two decimals from. Cuaderno 57 and the CECA notices take
/// [`HUNDRED`] instead. The one place to change if a town's papers show another rule.
const NINETY_NINE: u64 = 99;
/// What the other books subtract the two decimals from.
const HUNDRED: u64 = 100;
/// The divisor of all of them. It is prime, so every mistyped single digit changes the result.
const DIVISOR: u64 = 97;
/// Weights of the amount's digits in the CECA notices, from the units.
const CECA_WEIGHTS: [u64; 9] = [6, 3, 7, 9, 10, 5, 8, 4, 2];

/// The first two decimals of `sum / 97`, cut off and not rounded.
fn two_decimals(sum: u64) -> u64 {
    100 * (sum % DIVISOR) / DIVISOR
}

/// A value below 100 as the two digits it is printed with; 100 is printed `00`.
fn two_digits(value: u64) -> u8 {
    u8::try_from(value % 100).unwrap_or_default()
}

/// `a - 1` times 55, plus a multiple of 97 so that a zero stays in range without changing the remainder.
fn times_55_less_one(a: u64) -> u64 {
    a * 55 + DIVISOR - 55
}

/// Cuaderno 60, modalities 1 and 2: over issuer (6 digits), reference without control digits (10), identification
/// (7 or 10) and amount in cents (8).
pub(super) fn cuaderno60(issuer: u64, reference: u64, identification: u64, amount: u64) -> u8 {
    let sum = issuer * 76 + reference * 9 + times_55_less_one(identification + amount);
    two_digits(NINETY_NINE - two_decimals(sum))
}

/// Cuaderno 60, modality 3: over the twelve digits of the form number and the issuer. Our reading of the one source
/// is the plain remainder; nothing is refused on this digit alone.
pub(super) fn self_assessment(number: u64, issuer: u64) -> u8 {
    match (number + issuer) % 7 {
        0 => 7,
        remainder => two_digits(remainder),
    }
}

/// Cuaderno 57: over the plain sum of its fields.
pub(super) fn cuaderno57(reference: u64, issuer: u64, suffix: u64, identification: u64, amount: u64) -> u8 {
    two_digits(HUNDRED - two_decimals(reference + issuer + suffix + identification + amount))
}

/// The key of the CECA notices 501 and 503: over province and municipality (5 digits), the four digits of year,
/// batch and tax, and the number of the notice (7).
pub(super) fn ceca_key(municipality: u64, period: u64, notice: u64) -> u8 {
    two_digits(HUNDRED - two_decimals(municipality * 76 + period * 9 + times_55_less_one(notice)))
}

/// The amount of the CECA notices: over the weighted digits of amount plus the control digits of the key.
pub(super) fn ceca_amount(amount: u64, key_digits: u8) -> u8 {
    let mut rest = amount + u64::from(key_digits);
    let mut sum = 0;
    for weight in CECA_WEIGHTS {
        sum += rest % 10 * weight;
        rest /= 10;
    }
    two_digits(HUNDRED - two_decimals(sum))
}

/// INE's control digit of a province (2 digits) and municipality (3 digits).
pub fn municipality_digit(code: u32) -> u8 {
    const T0: [u8; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    const T1: [u8; 10] = [0, 3, 8, 2, 7, 4, 1, 5, 9, 6];
    const T2: [u8; 10] = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
    let mut rest = code;
    let mut sum = 0_u8;
    for table in [T1, T2, T0, T1, T2] {
        let digit = usize::try_from(rest % 10).unwrap_or_default();
        sum += table.get(digit).copied().unwrap_or_default();
        rest /= 10;
    }
    (10 - sum % 10) % 10
}
