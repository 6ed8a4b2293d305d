//! Cards of citizens and the authorities above them, for a town at the tests' fixed instant.
//!
//! The keys in `tests/keys` are for tests and protect nothing. They are kept since the making of an RSA key takes
//! longer than all of these tests.
use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_RSA_SHA256, PublicKeyData, SerialNumber, SigningKey,
};
use reference_sede::{Responder, Sede};
use rsa::pkcs1::EncodeRsaPublicKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::traits::PublicKeyParts;
use rsa::{Pkcs1v15Sign, PrivateKey};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const AUTHORITY: &str = include_str!("../keys/rsa-2048-authority.pem");
const RESPONDER: &str = include_str!("../keys/rsa-2048-responder.pem");
pub const KEY_2048: &str = include_str!("../keys/rsa-2048.pem");
pub const KEY_1920: &str = include_str!("../keys/rsa-1920.pem");
pub const KEY_1024: &str = include_str!("../keys/rsa-1024.pem");

/// Years of the tests' instant, 2026.
pub const GOOD: [i32; 2] = [2024, 2029];

/// Root, authority, revocation service.
#[derive(Clone)]
pub struct Pki {
    pub root: Vec<u8>,
    pub authority: Vec<u8>,
    pub responder: Vec<u8>,
    issuer: Arc<Issuer<'static, KeyPair>>,
}

/// What a card holds.
#[derive(Clone)]
pub struct Card {
    pub certificate: Vec<u8>,
    pub chain: Vec<Vec<u8>>,
    pub key: &'static str,
}

/// How a certificate differs from a good one.
#[derive(Clone, Copy)]
pub struct Wish {
    pub serial: u64,
    pub years: [i32; 2],
    pub usage: KeyUsagePurpose,
    pub purpose: Option<u64>,
    pub key: &'static str,
}

impl Default for Wish {
    fn default() -> Wish {
        Wish {
            serial: 1000,
            years: GOOD,
            usage: KeyUsagePurpose::DigitalSignature,
            purpose: Some(2),
            key: KEY_2048,
        }
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

fn params(name: &str, years: [i32; 2]) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.distinguished_name.push(DnType::CountryName, "ES");
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = rcgen::date_time_ymd(years[0], 1, 1);
    params.not_after = rcgen::date_time_ymd(years[1], 1, 1);
    params
}

fn authority(name: &str, below: u8) -> CertificateParams {
    let mut params = params(name, [2015, 2040]);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(below));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// The one that sedes are told to trust.
static TRUSTED: LazyLock<Pki> = LazyLock::new(Pki::new);

impl Pki {
    pub fn new() -> Pki {
        let root = authority("AC RAIZ DE PRUEBA", 1);
        let root_key = KeyPair::generate().unwrap();
        let root_der = root.self_signed(&root_key).unwrap().der().to_vec();
        let root = Issuer::new(root, root_key);
        let key = KeyPair::from_pem(AUTHORITY).unwrap();
        let below = authority("AC CIUDADANOS DE PRUEBA", 0);
        let authority_der = below.signed_by(&key, &root).unwrap().der().to_vec();
        let issuer = Issuer::new(below, key);
        let mut signer = params("AV DE PRUEBA", [2025, 2028]);
        signer.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        signer.extended_key_usages = vec![ExtendedKeyUsagePurpose::OcspSigning];
        let signer_key = KeyPair::from_pem(RESPONDER).unwrap();
        let responder = signer.signed_by(&signer_key, &issuer).unwrap().der().to_vec();
        Pki { root: root_der, authority: authority_der, responder, issuer: Arc::new(issuer) }
    }

    /// The authorities that this sede trusts, and their revocation service on its list.
    pub fn of(sede: &Sede) -> Pki {
        let pki = TRUSTED.clone();
        sede.trust(&pki.root).unwrap();
        sede.add_responder(&pki.service()).unwrap();
        pki
    }

    pub fn service(&self) -> Responder {
        let key = Arc::new(KeyPair::from_pem(RESPONDER).unwrap());
        Responder {
            issuer: self.authority.clone(),
            certificate: self.responder.clone(),
            sign: Arc::new(move |bytes| key.sign(bytes).unwrap()),
        }
    }

    /// A good card.
    pub fn card(&self, number: &str) -> Card {
        self.issue(number, Wish::default())
    }

    pub fn issue(&self, number: &str, wish: Wish) -> Card {
        let mut params = params("PRUEBA INVENTADA, VECINA (AUTENTICACIÓN)", wish.years);
        params.serial_number = Some(SerialNumber::from(wish.serial));
        params.distinguished_name.push(DnType::CustomDnType(vec![2, 5, 4, 5]), number);
        params.key_usages = vec![wish.usage];
        if let Some(purpose) = wish.purpose {
            params.extended_key_usages =
                vec![ExtendedKeyUsagePurpose::Other(vec![1, 3, 6, 1, 5, 5, 7, 3, purpose])];
        }
        let public = PublicKey(private(wish.key).to_public_key().to_pkcs1_der().unwrap().as_bytes().to_vec());
        let certificate = params.signed_by(&public, &self.issuer).unwrap().der().to_vec();
        Card { certificate, chain: vec![self.authority.clone()], key: wish.key }
    }
}

impl Card {
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let key = private(self.key);
        let signature = key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message)).unwrap();
        assert_eq!(signature.len(), key.size());
        signature
    }

    /// The entry into a session that was opened.
    pub fn entry(&self, opened: &Value) -> Value {
        let session = opened["session"].as_str().unwrap();
        let challenge = STANDARD.decode(opened["challenge"].as_str().unwrap()).unwrap();
        let nonce = [7; 32];
        let statement =
            [b"ciberkiosco identification 1\0".as_slice(), session.as_bytes(), &[0], &challenge, &nonce]
                .concat();
        json!({
            "session": session,
            "means": "certificate",
            "certificate": STANDARD.encode(&self.certificate),
            "chain": self.chain.iter().map(|it| STANDARD.encode(it)).collect::<Vec<_>>(),
            "kiosk_nonce": STANDARD.encode(nonce),
            "signature": STANDARD.encode(self.sign(&statement)),
        })
    }
}
