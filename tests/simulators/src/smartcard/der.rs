//! BER-TLV, written and read: certificates, PKCS#15 objects, file control information, secure messaging.
//!
//! X.690, definite lengths only; tags of one or two bytes, as ISO 7816-4 has them.

/// A tag, a length and a content. Tags above 0xFF take two bytes.
pub(super) fn tlv(tag: u16, content: &[u8]) -> Vec<u8> {
    let [high, low] = tag.to_be_bytes();
    let mut out = if high == 0 { vec![low] } else { vec![high, low] };
    let length = content.len();
    match length {
        0..=0x7F => out.push(length as u8),
        0x80..=0xFF => out.extend([0x81, length as u8]),
        _ => out.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    out.extend(content);
    out
}

/// A constructed object of these parts.
pub(super) fn nest(tag: u16, parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(tag, &parts.concat())
}

pub(super) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    nest(0x30, parts)
}

/// A number that is not negative, big endian.
pub(super) fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    let digits = bytes.get(start..).unwrap_or_default();
    match digits.first() {
        None => tlv(2, &[0]),
        Some(first) if *first & 0x80 != 0 => tlv(2, &[&[0], digits].concat()),
        Some(_) => tlv(2, digits),
    }
}

pub(super) fn number(value: u64) -> Vec<u8> {
    unsigned(&value.to_be_bytes())
}

pub(super) fn oid(arcs: &[u32]) -> Vec<u8> {
    let [first, second, rest @ ..] = arcs else { return tlv(6, &[]) };
    let mut content = vec![(first * 40 + second) as u8];
    for arc in rest {
        let groups = (1..5).rev().map(|group| (arc >> (7 * group)) as u8 & 0x7F);
        content.extend(groups.skip_while(|group| *group == 0).map(|group| group | 0x80));
        content.push(*arc as u8 & 0x7F);
    }
    tlv(6, &content)
}

pub(super) fn utf8(text: &str) -> Vec<u8> {
    tlv(0x0C, text.as_bytes())
}

pub(super) fn octets(bytes: &[u8]) -> Vec<u8> {
    tlv(4, bytes)
}

pub(super) fn bits(bytes: &[u8]) -> Vec<u8> {
    tlv(3, &[&[0], bytes].concat())
}

/// Named bits, counted from the most significant one; zeros at the end are left out, as DER wants.
pub(super) fn named_bits(set: &[u8]) -> Vec<u8> {
    let Some(last) = set.iter().max() else { return tlv(3, &[0]) };
    let mut content = vec![0; usize::from(last / 8) + 2];
    content[0] = 7 - last % 8;
    for bit in set {
        content[usize::from(bit / 8) + 1] |= 0x80 >> (bit % 8);
    }
    tlv(3, &content)
}

/// Objects one after another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Objects<'a>(pub(super) &'a [u8]);

impl<'a> Objects<'a> {
    /// The next object; `None` at the end or where the bytes are no object.
    pub(super) fn take(&mut self) -> Option<(u16, &'a [u8])> {
        let (first, mut rest) = self.0.split_first()?;
        let mut tag = u16::from(*first);
        if first & 0x1F == 0x1F {
            let (second, behind) = rest.split_first()?;
            tag = tag << 8 | u16::from(*second);
            rest = behind;
        }
        let (length, mut rest) = rest.split_first()?;
        let mut length = usize::from(*length);
        if length >= 0x80 {
            let (digits, behind) = rest.split_at_checked(length & 0x7F)?;
            if digits.len() > 3 {
                return None;
            }
            length = digits.iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit));
            rest = behind;
        }
        let (content, behind) = rest.split_at_checked(length)?;
        self.0 = behind;
        Some((tag, content))
    }

    /// All objects, when the bytes are nothing else.
    pub(super) fn all(mut self) -> Option<Vec<(u16, &'a [u8])>> {
        let mut out = Vec::new();
        while !self.0.is_empty() {
            out.push(self.take()?);
        }
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_tags_of_two_bytes_come_back() {
        for length in [0, 1, 127, 128, 255, 256, 70_000 % 65_536] {
            let object = tlv(0x7F21, &vec![7; length]);
            assert_eq!(Objects(&object).all(), Some(vec![(0x7F21, vec![7; length].as_slice())]));
        }
        assert_eq!(Objects(&[0x30, 5, 1]).all(), None);
    }

    #[test]
    fn known_encodings() {
        assert_eq!(oid(&[1, 2, 840, 113_549, 1, 1, 11]), [6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 13, 1, 1, 11]);
        assert_eq!(named_bits(&[0]), [3, 2, 7, 0x80]);
        assert_eq!(named_bits(&[5, 6]), [3, 2, 1, 6]);
        assert_eq!(number(128), [2, 2, 0, 0x80]);
        assert_eq!(number(0), [2, 1, 0]);
    }
}
