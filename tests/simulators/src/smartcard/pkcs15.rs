//! The objects of PKCS#15 v1.1 (ISO 7816-15): what a card has, and where.

use super::der;

/// A key and its certificate.
#[derive(Clone, Debug)]
pub(super) struct KeyPair {
    /// Joins key and certificate.
    pub id: u8,
    pub key_label: &'static str,
    pub certificate_label: &'static str,
    /// Number of the key in the card.
    pub reference: u8,
    pub key_path: Vec<u8>,
    pub certificate_path: Vec<u8>,
    /// Length of the file, as the CDF tells it.
    pub certificate_length: usize,
    /// DER names and serial number of the certificate.
    pub subject: Vec<u8>,
    pub issuer: Vec<u8>,
    /// Content of its INTEGER.
    pub serial: Vec<u8>,
    pub bits: u64,
    /// A key whose signatures bind the citizen.
    pub non_repudiation: bool,
    /// Of the PIN that guards the key.
    pub auth_id: u8,
}

fn path(path: &[u8]) -> Vec<u8> {
    der::sequence(&[der::octets(path)])
}

/// EF.ODF: which file has which kind of objects.
pub(super) fn object_directory(keys: &[u8], certificates: &[u8], pins: Option<&[u8]>) -> Vec<u8> {
    let pins = pins.map(|file| der::nest(0xA8, &[path(file)])).unwrap_or_default();
    [der::nest(0xA0, &[path(keys)]), der::nest(0xA4, &[path(certificates)]), pins].concat()
}

/// EF.TokenInfo.
pub(super) fn token_info(serial: &[u8], manufacturer: &str, label: &str) -> Vec<u8> {
    der::sequence(&[
        der::number(0),
        der::octets(serial),
        der::utf8(manufacturer),
        der::tlv(0x80, label.as_bytes()),
        // loginRequired, prnGeneration
        der::named_bits(&[1, 2]),
    ])
}

/// An entry of the private key directory.
pub(super) fn private_key(pair: &KeyPair) -> Vec<u8> {
    // sign, and nonRepudiation
    let usage: &[u8] = if pair.non_repudiation { &[2, 9] } else { &[2] };
    let common = [
        der::utf8(pair.key_label),
        // private
        der::named_bits(&[0]),
        der::octets(&[pair.auth_id]),
    ];
    let key = [
        der::octets(&[pair.id]),
        der::named_bits(usage),
        // sensitive, alwaysSensitive, neverExtractable, local
        der::named_bits(&[0, 2, 3, 4]),
        der::number(u64::from(pair.reference)),
    ];
    let attributes = der::sequence(&[path(&pair.key_path), der::number(pair.bits)]);
    der::sequence(&[der::sequence(&common), der::sequence(&key), der::nest(0xA1, &[attributes])])
}

/// An entry of the certificate directory.
pub(super) fn certificate(pair: &KeyPair) -> Vec<u8> {
    let place = der::sequence(&[
        der::octets(&pair.certificate_path),
        der::number(0),
        der::tlv(0x80, &(pair.certificate_length as u16).to_be_bytes()),
    ]);
    let attributes = der::sequence(&[
        place,
        pair.subject.clone(),
        der::nest(0xA0, std::slice::from_ref(&pair.issuer)),
        der::tlv(2, &pair.serial),
    ]);
    der::sequence(&[
        der::sequence(&[der::utf8(pair.certificate_label)]),
        der::sequence(&[der::octets(&[pair.id])]),
        der::nest(0xA1, &[attributes]),
    ])
}

/// An entry of the certificate directory for an authority's certificate.
pub(super) fn authority_certificate(id: u8, label: &str, at: &[u8], length: usize) -> Vec<u8> {
    let place =
        der::sequence(&[der::octets(at), der::number(0), der::tlv(0x80, &(length as u16).to_be_bytes())]);
    // authority TRUE
    let common = [der::octets(&[id]), der::tlv(1, &[0xFF])];
    der::sequence(&[
        der::sequence(&[der::utf8(label)]),
        der::sequence(&common),
        der::nest(0xA1, &[der::sequence(&[place])]),
    ])
}

/// An entry of the authentication object directory: a PIN of text.
pub(super) fn pin(auth_id: u8, reference: u8, least: u64, most: u64, folder: &[u8]) -> Vec<u8> {
    let attributes = der::sequence(&[
        // local, initialized
        der::named_bits(&[1, 4]),
        // ascii-numeric
        der::tlv(0x0A, &[1]),
        der::number(least),
        der::number(most),
        der::number(most),
        der::tlv(0x80, &[reference]),
        path(folder),
    ]);
    der::sequence(&[
        der::sequence(&[der::utf8("PIN"), der::named_bits(&[0])]),
        der::sequence(&[der::octets(&[auth_id])]),
        der::nest(0xA1, &[attributes]),
    ])
}
