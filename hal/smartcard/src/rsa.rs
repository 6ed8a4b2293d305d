//! Raw RSA on whole numbers of fixed size, for the device authentication and the component certificates alone.
//!
//! The time of a power depends on the length of its exponent alone, and of a private one's not even on that. No padding is made or removed in here.
use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{Odd, U1024, U2048, Uint};

/// Bytes of a component key.
pub const COMPONENT_BYTES: usize = 128;
/// Longest key of the chain above it.
pub const LONGEST_BYTES: usize = 256;

/// Whose exponent it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exponent {
    /// Anybody's to know, its length included.
    Public,
    /// Nobody's.
    Private,
}

/// `base` to the power of `exponent`, modulo `modulus`. `None` for a base that is not smaller than the modulus, or an
/// even modulus.
fn power<const LIMBS: usize>(
    base: &Uint<LIMBS>,
    exponent: &Uint<LIMBS>,
    modulus: &Uint<LIMBS>,
    whose: Exponent,
) -> Option<Uint<LIMBS>> {
    if base >= modulus {
        return None;
    }
    let modulus = Option::<Odd<Uint<LIMBS>>>::from(Odd::new(*modulus))?;
    let params = FixedMontyParams::new_vartime(modulus);
    let bits = match whose {
        Exponent::Public => exponent.bit_width_vartime(),
        Exponent::Private => Uint::<LIMBS>::BITS,
    };
    Some(FixedMontyForm::new(base, &params).pow_bounded_exp(exponent, bits).retrieve())
}

/// The same for component keys.
pub(crate) fn power_1024(base: &U1024, exponent: &U1024, modulus: &U1024, whose: Exponent) -> Option<U1024> {
    power(base, exponent, modulus, whose)
}

/// The same with a public exponent for any key up to 2048 bits, on big-endian bytes; the result has the modulus's length.
pub(crate) fn power_bytes(base: &[u8], exponent: &[u8], modulus: &[u8]) -> Option<Vec<u8>> {
    let result =
        power(&number_2048(base)?, &number_2048(exponent)?, &number_2048(modulus)?, Exponent::Public)?;
    let bytes = result.to_be_bytes();
    let bytes: &[u8] = bytes.as_ref();
    bytes.get(LONGEST_BYTES.checked_sub(modulus.len())?..).map(<[u8]>::to_vec)
}

fn number_2048(bytes: &[u8]) -> Option<U2048> {
    let mut padded = [0; LONGEST_BYTES];
    let start = LONGEST_BYTES.checked_sub(bytes.len())?;
    padded.get_mut(start..)?.copy_from_slice(bytes);
    Some(U2048::from_be_slice(&padded))
}
