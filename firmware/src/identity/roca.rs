//! The fingerprint of keys that a faulty library made (ROCA, CVE-2017-15361; Nemec and others, "The Return of
//! Coppersmith's Attack", 2017). Chips of the DNIe 3.0 had it until the end of 2017.
//!
//! The library chose primes that are a power of 65537 modulo a product of small primes, so the modulus is one too.
//! A modulus of another making looks like that by chance once in some hundred millions.

/// The primes of the product for keys of 512 bits and more; larger keys have these and others.
const PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103,
    107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];
const GENERATOR: u32 = 65537;

/// Whether a modulus (unsigned, the highest byte first) has the fingerprint.
#[must_use]
pub fn has_fingerprint(modulus: &[u8]) -> bool {
    !modulus.is_empty() && PRIMES.iter().all(|prime| is_power(remainder(modulus, *prime), *prime))
}

fn remainder(modulus: &[u8], prime: u32) -> u32 {
    modulus.iter().fold(0, |rest, byte| ((rest << 8) | u32::from(*byte)) % prime)
}

/// Whether `value` is a power of the generator modulo `prime`.
fn is_power(value: u32, prime: u32) -> bool {
    let mut power = 1;
    // The powers repeat after `prime - 1` at the latest.
    for _ in 1..prime {
        if power == value {
            return true;
        }
        power = power * (GENERATOR % prime) % prime;
    }
    false
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// 65537 to a power: the plainest number with the fingerprint.
    pub fn power(exponent: usize) -> Vec<u8> {
        let mut value = vec![1_u8];
        for _ in 0..exponent {
            let mut product = vec![0_u16; value.len() + 2];
            for (at, byte) in value.iter().enumerate() {
                product[at] += u16::from(*byte);
                product[at + 2] += u16::from(*byte);
            }
            let mut carry = 0;
            value = product
                .iter()
                .map(|sum| {
                    let whole = sum + carry;
                    carry = whole >> 8;
                    u8::try_from(whole & 0xFF).unwrap()
                })
                .collect();
            assert_eq!(carry, 0);
            while value.last() == Some(&0) {
                value.pop();
            }
        }
        value.reverse();
        value
    }

    #[test]
    fn a_power_of_the_generator_has_the_fingerprint_and_its_neighbours_do_not() {
        for exponent in [1, 2, 17, 64, 127] {
            let mut modulus = power(exponent);
            assert!(has_fingerprint(&modulus), "65537^{exponent}");
            *modulus.last_mut().unwrap() ^= 2;
            assert!(!has_fingerprint(&modulus), "65537^{exponent} with another bit");
        }
    }

    #[test]
    fn the_powers_modulo_a_prime_are_those_of_the_published_test() {
        // From the masks of the authors' detector: 3 -> 6, 11 -> 1026, 13 -> 5658, 17 -> 107286, 37 -> 67109890.
        for (prime, mask) in
            [(3, 6_u64), (5, 30), (7, 126), (11, 1026), (13, 5658), (17, 107_286), (37, 67_109_890)]
        {
            let found = (0..prime).filter(|v| is_power(*v, prime)).fold(0_u64, |sum, v| sum | 1 << v);
            assert_eq!(found, mask, "{prime}");
        }
    }

    #[test]
    fn ordinary_numbers_do_not_have_it() {
        assert!(!has_fingerprint(&[]));
        assert!(!has_fingerprint(&[0]));
        for seed in 0..2000_u32 {
            let modulus: Vec<u8> = (0..240_u32)
                .map(|at| (seed.wrapping_mul(2_654_435_761) ^ at.wrapping_mul(40_503)).to_be_bytes()[1])
                .collect();
            assert!(!has_fingerprint(&modulus), "seed {seed}");
        }
    }
}
