//! Codes of slips (contract, appointments): eight characters and one that checks.
use sha2::{Digest, Sha256};

/// Each counts as its place. A prime number of them, none of which looks or sounds like another.
const CHARACTERS: &[u8; 23] = b"34679ACDEFGHJKMNPRTVWXY";

/// Whether the weighted values add up to a multiple of 23.
pub(crate) fn is_code(text: &str) -> bool {
    text.len() == 9 && remainder(text.as_bytes()) == Some(0)
}

/// The code of a request, the same for the same seed. `attempt` counts those that were given to somebody else already.
pub(crate) fn code(seed: u64, request: &str, attempt: u32) -> String {
    let hash = Sha256::digest(format!("{seed} slip {request} {attempt}").as_bytes());
    let mut number = hash.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let mut text = Vec::new();
    for _ in 0..8 {
        text.push(CHARACTERS[usize::try_from(number % 23).unwrap_or_default()]);
        number /= 23;
    }
    let missing = (23 - remainder(&text).unwrap_or_default()) % 23;
    text.push(CHARACTERS[missing]);
    text.into_iter().map(char::from).collect()
}

/// Of eight characters or nine; the ninth has the weight 1.
fn remainder(text: &[u8]) -> Option<usize> {
    let value = |byte: &u8| CHARACTERS.iter().position(|it| it == byte);
    let weighted = text.iter().zip((1..=9).rev()).map(|(byte, weight)| Some(value(byte)? * weight));
    weighted.sum::<Option<usize>>().map(|sum| sum % 23)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_contract_is_a_code_and_its_neighbours_are_none() {
        assert!(is_code("ACDEFGHJK"));
        for text in ["", "ACDEFGHJ", "ACDEFGHKJ", "ACDEFGHJA", "acdefghjk", "ACDEFGHJ0", "ACD-EFG-H"] {
            assert!(!is_code(text), "{text}");
        }
    }

    #[test]
    fn codes_that_are_given_out_check() {
        let codes: std::collections::BTreeSet<String> =
            (0..500).map(|number| code(7, &format!("K07-A{number}"), 0)).collect();
        assert_eq!(codes.len(), 500);
        assert!(codes.iter().all(|code| is_code(code)));
        assert_ne!(code(7, "K07-A1", 0), code(7, "K07-A1", 1));
    }
}
