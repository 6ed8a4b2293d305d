//! Authorities that the fuzz targets of identity trust: that of the simulated cards, and one whose key the targets
//! hold, so that what an authority would never sign is met behind a good signature too.
use std::sync::LazyLock;

use ciberkiosco::identity::chain::{Roots, Verified, verify};
use hal_smartcard::tlv::{Reader, write};
use jiff::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
    PKCS_RSA_SHA256, PublicKeyData, SigningKey,
};
use simulators::smartcard::{
    CertificateRequest, Citizen, CitizenPki, Issuer, NumberForm, Purpose, REVOKED, Validity,
};

/// The moment of the certificates, in seconds since 1970.
pub const NOW: i64 = 1_774_000_000;
pub const SEQUENCE: u8 = 0x30;
const BIT_STRING: u8 = 0x03;
/// Protects nothing.
const KEY: &str = "-----BEGIN PRIVATE KEY-----\n\
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgeHVEBkGZY7xY/uyk\n\
    ekB9pDt9ywMcN+M8UWlHdzPuUHyhRANCAATPFtCuaWKijX2Z+2uOgkpM+4B7TDyT\n\
    pYwl3SHVDXf43zw1t8sYtE9dTjyMyLmr3NG3G5al13esxKm7RHbNyccc\n\
    -----END PRIVATE KEY-----";

pub struct World {
    pub pki: CitizenPki,
    /// Of citizens, as the simulated authority issues them: the first one is good, the second one revoked.
    pub citizens: Vec<Vec<u8>>,
    pub intermediate: Vec<u8>,
    /// The root of these targets and that of the simulated cards.
    pub roots: Roots,
    params: CertificateParams,
    key: KeyPair,
}

struct CitizenKey(Vec<u8>);

impl PublicKeyData for CitizenKey {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        &PKCS_RSA_SHA256
    }
}

pub static WORLD: LazyLock<World> = LazyLock::new(|| {
    let pki = CitizenPki::at(NOW.unsigned_abs());
    let request = |purpose, validity, issuer, serial| CertificateRequest {
        citizen: Citizen { number: "12345678Z", given_name: "VECINA", surnames: ["PRUEBA", "INVENTADA"] },
        form: if serial % 2 == 0 { NumberForm::Classic } else { NumberForm::Etsi },
        purpose,
        validity,
        issuer,
        serial,
        key: pki.stranger_key(),
    };
    let citizens = [
        request(Purpose::Authentication, Validity::Good, Issuer::Intermediate, 1000),
        request(Purpose::Authentication, Validity::Good, Issuer::Intermediate, REVOKED[0]),
        request(Purpose::Authentication, Validity::Good, Issuer::Intermediate, 1001),
        request(Purpose::Authentication, Validity::Expired, Issuer::Intermediate, 1002),
        request(Purpose::Authentication, Validity::NotYet, Issuer::Intermediate, 1003),
        request(Purpose::Authentication, Validity::Good, Issuer::Stranger, 1004),
        request(Purpose::Signature, Validity::Good, Issuer::Intermediate, 1005),
    ];
    let citizens = citizens.map(|request| pki.issue(&request).certificate).to_vec();
    let key = KeyPair::from_pem(KEY).expect("a key");
    let params = root();
    let authority = params.self_signed(&key).expect("a root").der().to_vec();
    let roots = Roots::from_der(&[&pki.root_certificate(), &authority]).expect("roots");
    World { intermediate: pki.intermediate_certificate(), pki, citizens, roots, params, key }
});

fn root() -> CertificateParams {
    let mut params = CertificateParams::new(Vec::<String>::new()).expect("no names");
    params.distinguished_name.push(DnType::CountryName, "ES");
    params.distinguished_name.push(DnType::CommonName, "AC RAIZ DE PRUEBA");
    params.not_before = rcgen::date_time_ymd(2000, 1, 1);
    params.not_after = rcgen::date_time_ymd(2049, 1, 1);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params
}

impl World {
    /// A citizen of this authority.
    pub fn citizen(&self) -> Vec<u8> {
        let mut params = CertificateParams::new(Vec::<String>::new()).expect("no names");
        params.distinguished_name.push(DnType::CommonName, "PRUEBA INVENTADA, VECINA (AUTENTICACIÓN)");
        params.distinguished_name.push(DnType::CustomDnType(vec![2, 5, 4, 5]), "12345678Z");
        params.not_before = rcgen::date_time_ymd(2025, 1, 1);
        params.not_after = rcgen::date_time_ymd(2029, 1, 1);
        params.serial_number = Some(0x00F1_23AB_u64.into());
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let spki = self.pki.stranger_key().public().spki();
        let bits = Reader::new(&spki).expect(SEQUENCE.into()).and_then(|key| key.inside()?.find(0x03));
        let key = CitizenKey(bits.expect("a key").value.get(1..).unwrap_or_default().to_vec());
        let issuer = rcgen::Issuer::from_params(&self.params, &self.key);
        params.signed_by(&key, &issuer).expect("a certificate").der().to_vec()
    }

    /// Content, algorithm and this authority's signature over the content.
    pub fn signed(&self, content: &[u8], algorithm: &[u8]) -> Vec<u8> {
        let signature = self.key.sign(content).expect("a signature");
        let mut bits = Vec::new();
        write(&mut bits, BIT_STRING, &[&[0], &signature[..]].concat());
        let mut whole = Vec::new();
        write(&mut whole, SEQUENCE, &[content, algorithm, &bits].concat());
        whole
    }

    /// The same certificate with a good signature of this authority; what is no certificate stays as it is.
    pub fn signed_again(&self, certificate: &[u8]) -> Vec<u8> {
        let mut outer = Reader::new(certificate);
        let parts = outer.expect(SEQUENCE.into()).and_then(|outer| {
            let mut parts = outer.inside()?;
            Ok((parts.expect(SEQUENCE.into())?, parts.expect(SEQUENCE.into())?))
        });
        match parts {
            Ok((content, algorithm)) if content.value.len() <= 0xF000 => {
                self.signed(content.whole, algorithm.whole)
            }
            _ => certificate.to_vec(),
        }
    }

    /// One of the citizens that the simulated authority vouches for.
    pub fn verified(&self, citizen: usize) -> Verified {
        verify(&self.citizens[citizen], &[&self.intermediate], &self.roots, at(0)).expect("a good citizen")
    }
}

/// The moment of the certificates, and so many hours.
pub fn at(hours: i64) -> Timestamp {
    Timestamp::from_second(NOW + hours * 3600).expect("an instant")
}
