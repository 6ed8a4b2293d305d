//! The files of a DNIe (reference 1.2).
//!
//! Paths differ between the generations on purpose: only the directories tell where a certificate is.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::super::der::Objects;
use super::super::files::{Access, Files, Kind};
use super::super::pkcs15::{self, KeyPair};
use super::super::x509::Texts;
use super::config::{Credential, DnieConfig, Maker};

/// Number of the authentication key, and of the one that binds the citizen.
pub(super) const AUTHENTICATION_KEY: u8 = 1;
pub(super) const SIGNATURE_KEY: u8 = 2;

const PIN_ID: u8 = 1;

pub(super) fn files(config: &DnieConfig) -> Files {
    let mut files = Files::new(b"Master.File");
    let texts = if config.utf8_names { Texts::Utf8 } else { Texts::Printable };
    let set = config.components;
    files.add(0, 0x0000, Vec::new(), Access::Never);
    files.add(0, 0x0006, config.support_number.clone().into_bytes(), Access::Free);
    if let Some(version) = config.version_text() {
        files.add(0, 0x2F03, version.as_bytes().to_vec(), Access::Free);
    }
    files.add(0, 0x601F, set.card_certificate(texts, config.serial), Access::Free);
    files.add(0, 0x6020, set.authority_certificate(texts), Access::Free);

    let new = config.generation.is_new();
    let guard = if new { Access::Channel } else { Access::Pin };
    // Old cards have authentication first, new ones behind the other two.
    let (folder_id, authentication, signature, authority): (u16, u16, u16, u16) =
        if new { (0x6081, 0x7006, 0x7005, 0x7004) } else { (0x6061, 0x7004, 0x7005, 0x7006) };
    let folder = files.add_folder(0, folder_id, b"");
    let path = |id: u16| [0x3F00, folder_id, id].iter().flat_map(|id| id.to_be_bytes()).collect::<Vec<u8>>();
    let (mut keys, mut certificates) = (Vec::new(), Vec::new());
    let pairs = [
        (&config.authentication, AUTHENTICATION_KEY, authentication),
        (&config.signature, SIGNATURE_KEY, signature),
    ];
    for (credential, reference, id) in pairs {
        let Some(credential) = credential else { continue };
        let length =
            add_certificate(&mut files, folder, id, &credential.certificate, config.compressed, guard);
        let pair = key_pair(credential, reference, path(id), length);
        keys.extend(pkcs15::private_key(&pair));
        certificates.extend(pkcs15::certificate(&pair));
        let key_file = files.add(0, 0x0100 | u16::from(reference), Vec::new(), Access::Never);
        files.get_mut(key_file).kind = Kind::Key;
    }
    if !config.intermediate.is_empty() {
        let length =
            add_certificate(&mut files, folder, authority, &config.intermediate, config.compressed, guard);
        let label = "CertCAIntermediaDGP";
        certificates.extend(pkcs15::authority_certificate(3, label, &path(authority), length));
    }

    let application = files.add_folder(0, 0x5015, b"\xA0\0\0\0cPKCS-15");
    let directory = pkcs15::object_directory(b"\x3F\0\x50\x15\x60\x01", b"\x3F\0\x50\x15\x60\x04", None);
    files.add(application, 0x5031, directory, Access::Free);
    let (manufacturer, label) = match config.maker {
        Maker::Dnie => ("DGP-FNMT", "DNI electronico"),
        Maker::Fnmt => ("FNMT-RCM", "Tarjeta FNMT"),
    };
    let information = pkcs15::token_info(&config.serial, manufacturer, label);
    files.add(application, 0x5032, information, Access::Free);
    for (id, content) in [(0x6001, keys), (0x6004, certificates)] {
        let number = files.add(application, id, content, Access::Free);
        files.get_mut(number).hidden = config.directory_hidden;
    }
    files
}

/// The length of the file.
fn add_certificate(
    files: &mut Files,
    folder: usize,
    id: u16,
    certificate: &[u8],
    compressed: bool,
    guard: Access,
) -> usize {
    let content = if compressed { compress(certificate) } else { certificate.to_vec() };
    let length = content.len();
    let number = files.add(folder, id, content, guard);
    if compressed {
        files.get_mut(number).kind = Kind::Compressed;
    }
    length
}

/// Length, compressed length, both little endian, and a zlib stream.
fn compress(plain: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).expect("a Vec takes everything");
    let body = encoder.finish().expect("a Vec takes everything");
    let length = |bytes: &[u8]| (bytes.len() as u32).to_le_bytes();
    [length(plain).as_slice(), &length(&body), &body].concat()
}

fn key_pair(credential: &Credential, reference: u8, certificate_path: Vec<u8>, length: usize) -> KeyPair {
    let (key_label, certificate_label) = if reference == SIGNATURE_KEY {
        ("KprivFirmaDigital", "CertFirmaDigital")
    } else {
        ("KprivAutenticacion", "CertAutenticacion")
    };
    let [serial, issuer, subject] = names(&credential.certificate);
    KeyPair {
        id: reference,
        key_label,
        certificate_label,
        reference,
        key_path: vec![0x3F, 0, 1, reference],
        certificate_path,
        certificate_length: length,
        subject,
        issuer,
        serial,
        bits: credential.key.public().length() as u64 * 8,
        non_repudiation: reference == SIGNATURE_KEY,
        auth_id: PIN_ID,
    }
}

/// Serial number (content), issuer and subject (DER) of a certificate.
pub(in super::super) fn names(certificate: &[u8]) -> [Vec<u8>; 3] {
    let read = || {
        let (_, whole) = Objects(certificate).take()?;
        let (_, body) = Objects(whole).take()?;
        let mut fields = Objects(body);
        let _version = fields.take()?;
        let (_, serial) = fields.take()?;
        let _algorithm = fields.take()?;
        let before = fields.0;
        fields.take()?;
        let issuer = &before[..before.len() - fields.0.len()];
        let _validity = fields.take()?;
        let before = fields.0;
        fields.take()?;
        let subject = &before[..before.len() - fields.0.len()];
        Some([serial.to_vec(), issuer.to_vec(), subject.to_vec()])
    };
    read().expect("a certificate made here")
}
