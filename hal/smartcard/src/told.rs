//! Text out of a data file, fit for a line of a log: an error quotes what stands where a name should, and in a broken
//! file that may be a key, or a line's end.

/// Longest text; what a parser says of a name and its alternatives takes half of it.
const LONGEST: usize = 400;
/// Digits of a key that may be seen. References and serials of cards are longer.
const FEW: usize = 8;

/// The text in one line, cut to its beginning, with dots for long runs of hexadecimal digits.
pub(crate) fn told(text: &str) -> String {
    let (mut line, mut digits) = (String::new(), String::new());
    for character in text.chars().chain([' ']) {
        if character.is_ascii_hexdigit() {
            digits.push(character);
            continue;
        }
        line.push_str(if digits.len() < FEW { &digits } else { "…" });
        digits.clear();
        line.push(if character.is_control() { ' ' } else { character });
    }
    line.pop();
    line.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_as_it_is_but_for_keys_line_ends_and_length() {
        let plain = "unknown field `ca`, expected `ca_certificate` or `ca_reference`";
        assert_eq!(told(plain), plain);
        assert_eq!(told("`id\ntifies\u{1B}`"), "`id tifies `");
        assert_eq!(told("invalid type: integer `123456789`"), "invalid type: integer `…`");
        assert_eq!(told("x = 3B7f0011"), "x = …");
        assert_eq!(told(&"ñ".repeat(5000)).chars().count(), LONGEST);
    }
}
