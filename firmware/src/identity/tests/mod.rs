//! Authorities and citizens who do not exist, with certificates for the tests' instant.
//!
//! Certificates and OCSP answers are made by crates that the kiosk does not read them with. The keys in `keys` are
//! for tests and protect nothing: the making of an RSA key takes longer than all of these tests.
mod chains;
mod hostile;
mod persons;
mod revocation;

use jiff::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, DnValue, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, PublicKeyData, SerialNumber,
};
use rsa::pkcs1::EncodeRsaPublicKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::{Pkcs1v15Sign, PrivateKey};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use sha2::{Digest, Sha256};

use super::chain::{ChainError, Purpose, Roots, Verified, verify, verify_for};

const KEY_2048: &str = include_str!("keys/rsa-2048.pem");
const KEY_1920: &str = include_str!("keys/rsa-1920.pem");
const SERIAL: u64 = 0x00F1_23AB;

fn now() -> Timestamp {
    "2026-11-25T10:15:00Z".parse().unwrap()
}

/// An authority.
struct Authority {
    certificate: Vec<u8>,
    issuer: Issuer<'static, KeyPair>,
}

/// How an authority differs from a good one.
struct Rank {
    years: [i32; 2],
    is_ca: IsCa,
    usages: Vec<KeyUsagePurpose>,
}

impl Default for Rank {
    fn default() -> Rank {
        Rank {
            years: [2015, 2040],
            is_ca: IsCa::Ca(BasicConstraints::Unconstrained),
            usages: vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign],
        }
    }
}

impl Rank {
    fn params(&self, name: &str) -> CertificateParams {
        let mut params = params(name, self.years);
        params.is_ca = self.is_ca;
        params.key_usages.clone_from(&self.usages);
        params
    }
}

fn params(name: &str, years: [i32; 2]) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.distinguished_name.push(DnType::CountryName, "ES");
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = rcgen::date_time_ymd(years[0], 1, 1);
    params.not_after = rcgen::date_time_ymd(years[1], 1, 1);
    params
}

impl Authority {
    fn root(name: &str, rank: Rank) -> Authority {
        let (params, key) = (rank.params(name), KeyPair::generate().unwrap());
        let certificate = params.self_signed(&key).unwrap().der().to_vec();
        Authority { certificate, issuer: Issuer::new(params, key) }
    }

    fn below(&self, name: &str, rank: Rank) -> Authority {
        self.below_with(name, rank, KeyPair::generate().unwrap())
    }

    fn below_with(&self, name: &str, rank: Rank, key: KeyPair) -> Authority {
        let params = rank.params(name);
        let certificate = params.signed_by(&key, &self.issuer).unwrap().der().to_vec();
        Authority { certificate, issuer: Issuer::new(params, key) }
    }
}

struct PublicKey(Vec<u8>);

impl PublicKeyData for PublicKey {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        &PKCS_RSA_SHA256
    }
}

fn private(pem: &str) -> PrivateKey {
    let der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).unwrap();
    PrivateKey::from_pkcs8_der(der.secret_der()).unwrap()
}

fn public(pem: &str) -> Vec<u8> {
    private(pem).to_public_key().to_pkcs1_der().unwrap().as_bytes().to_vec()
}

fn signature(pem: &str, message: &[u8]) -> Vec<u8> {
    private(pem).sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message)).unwrap()
}

/// How a citizen's certificate differs from a good one.
struct Wish {
    years: [i32; 2],
    common_name: Option<DnValue>,
    more: Vec<(u64, DnValue)>,
    usages: Vec<KeyUsagePurpose>,
    purposes: Vec<u64>,
    key: Vec<u8>,
    extension: Option<CustomExtension>,
    is_ca: IsCa,
}

impl Default for Wish {
    fn default() -> Wish {
        Wish {
            years: [2024, 2029],
            common_name: Some("PRUEBA INVENTADA, VECINA (AUTENTICACIÓN)".into()),
            more: vec![(5, "12345678Z".into())],
            usages: vec![KeyUsagePurpose::DigitalSignature],
            purposes: vec![2],
            key: public(KEY_2048),
            extension: None,
            is_ca: IsCa::NoCa,
        }
    }
}

impl Wish {
    fn issued_by(self, authority: &Authority) -> Vec<u8> {
        let mut params = params("", self.years);
        params.distinguished_name.remove(DnType::CommonName);
        if let Some(name) = self.common_name {
            params.distinguished_name.push(DnType::CommonName, name);
        }
        for (attribute, value) in self.more {
            params.distinguished_name.push(DnType::CustomDnType(vec![2, 5, 4, attribute]), value);
        }
        params.serial_number = Some(SerialNumber::from(SERIAL));
        params.key_usages = self.usages;
        let purpose = |it: &u64| ExtendedKeyUsagePurpose::Other(vec![1, 3, 6, 1, 5, 5, 7, 3, *it]);
        params.extended_key_usages = self.purposes.iter().map(purpose).collect();
        params.custom_extensions = self.extension.into_iter().collect();
        params.is_ca = self.is_ca;
        params.signed_by(&PublicKey(self.key), &authority.issuer).unwrap().der().to_vec()
    }
}

/// A root that is trusted and an authority below it.
struct World {
    root: Authority,
    authority: Authority,
}

impl World {
    fn new() -> World {
        let root = Authority::root("AC RAIZ DE PRUEBA", Rank::default());
        let authority = root.below("AC CIUDADANOS DE PRUEBA", Rank::default());
        World { root, authority }
    }

    fn roots(&self) -> Roots {
        Roots::from_der(&[&self.root.certificate]).unwrap()
    }

    fn verify(&self, wish: Wish) -> Result<Verified, ChainError> {
        self.verify_der(&wish.issued_by(&self.authority))
    }

    fn verify_signer(&self, wish: Wish) -> Result<Verified, ChainError> {
        let certificate = wish.issued_by(&self.authority);
        verify_for(Purpose::Signature, &certificate, &[&self.authority.certificate], &self.roots(), now())
    }

    fn verify_der(&self, certificate: &[u8]) -> Result<Verified, ChainError> {
        verify(certificate, &[&self.authority.certificate], &self.roots(), now())
    }
}
