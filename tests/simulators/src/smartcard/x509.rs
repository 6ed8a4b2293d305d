//! Certificates of the test authorities (RFC 5280), as DER.

use super::crypto::sha1;
use super::der;
use super::rsa::{Hash, PrivateKey, PublicKey};

/// Attribute types of names.
pub(super) mod attribute {
    pub const COMMON_NAME: u32 = 3;
    pub const SURNAME: u32 = 4;
    pub const SERIAL_NUMBER: u32 = 5;
    pub const COUNTRY: u32 = 6;
    pub const ORGANIZATION: u32 = 10;
    pub const UNIT: u32 = 11;
    pub const GIVEN_NAME: u32 = 42;
}

/// How the texts of a name are encoded: cards differ in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Texts {
    Printable,
    Utf8,
}

/// A distinguished name: one attribute a set. Country and serial number are always printable strings.
pub(super) fn name(texts: Texts, attributes: &[(u32, &str)]) -> Vec<u8> {
    let sets = attributes.iter().map(|(kind, text)| {
        let printable =
            texts == Texts::Printable || matches!(*kind, attribute::COUNTRY | attribute::SERIAL_NUMBER);
        let value = der::tlv(if printable { 0x13 } else { 0x0C }, text.as_bytes());
        der::nest(0x31, &[der::sequence(&[der::oid(&[2, 5, 4, *kind]), value])])
    });
    der::sequence(&sets.collect::<Vec<_>>())
}

/// What an authority says about a key.
pub(super) struct Statement<'a> {
    pub serial: u64,
    /// DER names.
    pub issuer: &'a [u8],
    pub subject: &'a [u8],
    /// Seconds since 1970.
    pub not_before: u64,
    pub not_after: u64,
    pub key: &'a PublicKey,
    /// DER extensions of [`extension`].
    pub extensions: Vec<Vec<u8>>,
}

impl Statement<'_> {
    /// The certificate.
    pub fn sign(&self, issuer: &PrivateKey, hash: Hash) -> Vec<u8> {
        let authority = extension(&[2, 5, 29, 35], false, &{
            let identifier = sha1(&[&issuer.public().pkcs1()]);
            der::nest(0x30, &[der::tlv(0x80, &identifier)])
        });
        let subject = extension(&[2, 5, 29, 14], false, &der::octets(&sha1(&[&self.key.pkcs1()])));
        let extensions = [self.extensions.as_slice(), &[subject, authority]].concat();
        let body = der::sequence(&[
            der::nest(0xA0, &[der::number(2)]),
            der::number(self.serial),
            hash.algorithm(),
            self.issuer.to_vec(),
            der::sequence(&[time(self.not_before), time(self.not_after)]),
            self.subject.to_vec(),
            self.key.spki(),
            der::nest(0xA3, &[der::sequence(&extensions)]),
        ]);
        let signature = issuer.sign(hash, &body);
        der::sequence(&[body, hash.algorithm(), der::bits(&signature)])
    }
}

/// An extension; `value` is its DER.
pub(super) fn extension(arcs: &[u32], critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { der::tlv(1, &[0xFF]) } else { Vec::new() };
    der::sequence(&[der::oid(arcs), critical, der::octets(value)])
}

/// basicConstraints of an authority.
pub(super) fn authority() -> Vec<u8> {
    extension(&[2, 5, 29, 19], true, &der::sequence(&[der::tlv(1, &[0xFF])]))
}

/// keyUsage, by the numbers of its bits.
pub(super) fn key_usage(set: &[u8]) -> Vec<u8> {
    extension(&[2, 5, 29, 15], true, &der::named_bits(set))
}

/// Extended key usage below 1.3.6.1.5.5.7.3.
pub(super) fn extended_key_usage(purposes: &[u32]) -> Vec<u8> {
    let purposes: Vec<Vec<u8>> =
        purposes.iter().map(|last| der::oid(&[1, 3, 6, 1, 5, 5, 7, 3, *last])).collect();
    extension(&[2, 5, 29, 37], false, &der::sequence(&purposes))
}

/// Authority information access with the address of an OCSP responder.
pub(super) fn ocsp_at(address: &str) -> Vec<u8> {
    let place = [der::oid(&[1, 3, 6, 1, 5, 5, 7, 48, 1]), der::tlv(0x86, address.as_bytes())];
    extension(&[1, 3, 6, 1, 5, 5, 7, 1, 1], false, &der::sequence(&[der::sequence(&place)]))
}

/// One certificate policy.
pub(super) fn policy(arcs: &[u32]) -> Vec<u8> {
    extension(&[2, 5, 29, 32], false, &der::sequence(&[der::sequence(&[der::oid(arcs)])]))
}

/// id-pkix-ocsp-nocheck.
pub(super) fn no_revocation_check() -> Vec<u8> {
    extension(&[1, 3, 6, 1, 5, 5, 7, 48, 1, 5], false, &der::tlv(5, &[]))
}

/// UTCTime to 2049, GeneralizedTime later (RFC 5280, 4.1.2.5).
fn time(unix: u64) -> Vec<u8> {
    let text = calendar(unix);
    match text.strip_prefix("20").or(text.strip_prefix("19")) {
        Some(short) if text.as_str() < "2050" => der::tlv(0x17, short.as_bytes()),
        _ => der::tlv(0x18, text.as_bytes()),
    }
}

pub(super) fn generalized_time(unix: u64) -> Vec<u8> {
    der::tlv(0x18, calendar(unix).as_bytes())
}

/// `YYYYMMDDhhmmssZ`.
fn calendar(unix: u64) -> String {
    let (days, second) = (unix / 86_400, unix % 86_400);
    // Days since 0000-03-01, in eras of 400 years.
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * 400 + year + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        assert_eq!(time(0)[2..], *b"700101000000Z");
        assert_eq!(time(951_782_399)[2..], *b"000228235959Z");
        assert_eq!(time(951_782_400)[2..], *b"000229000000Z");
        assert_eq!(time(1_798_761_599)[2..], *b"261231235959Z");
        assert_eq!(time(2_524_608_000)[2..], *b"20500101000000Z");
    }
}
