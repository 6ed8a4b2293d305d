//! From the typed PIN to the signature: VERIFY once, read by the card's directories, sign once.
//!
//! On cards from operating system 4 on, the PIN goes through a channel of its own, and a new one is opened behind it.
//! That a card holds no certificates is decided after the PIN: some show them to nobody before.
use std::fmt;

use zeroize::Zeroizing;

use crate::apdu::{Command, StatusWord};
use crate::card::Card;
use crate::certificate_file;
use crate::component_chain::SHA256_PREFIX;
use crate::pkcs15::{self, CertificateObject, KeyObject, Path, Pkcs15Error};
use crate::profile::{Profile, Select};
use crate::random::RandomSource;
use crate::secure_messaging::MacLength;
use crate::x509::Certificate;

use super::link::Link;
use super::pin::{LastTry, Pin, PinRules};
use super::{DialogueError, Prepared, Purpose, close, keys, mac_length};

/// Most certificates of authorities that are read.
const MOST_AUTHORITIES: usize = 4;
/// Bytes of the moduli that citizens' cards have: 1024 to 4096 bits.
const MODULUS: std::ops::RangeInclusive<usize> = 128..=512;
const SIGNATURE: &str = "the signature";

/// What the citizen's card has signed. Nothing of it is shown by `Debug`.
pub struct Signed {
    /// The citizen's certificate for the purpose, DER.
    pub certificate: Zeroizing<Vec<u8>>,
    /// Certificates of authorities on the card, DER; the issuer's first, where it is among them.
    pub authorities: Vec<Zeroizing<Vec<u8>>>,
    /// RSASSA-PKCS1-v1_5 with SHA-256; not verified here.
    pub signature: Vec<u8>,
    /// The card's directories name a key with a certificate for [`Purpose::Signature`]; that certificate was not read,
    /// unless it is this one.
    pub can_bind: bool,
}

impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signed with {} authorities", self.authorities.len())
    }
}

/// A card that waits for its PIN.
pub struct SigningCard<'c, C> {
    pub(crate) link: Link<'c, C>,
    pub(crate) profile: &'c Profile,
    pub(crate) select: &'c Select,
    pub(crate) random: &'c mut (dyn RandomSource + 'c),
    pub(crate) prepared: Prepared<'c>,
}

impl<C: Card> SigningCard<'_, C> {
    /// How the card wants its PIN.
    pub fn pin_rules(&self) -> PinRules {
        self.prepared.rules
    }

    /// The tries left; `None` when this kind of card does not tell.
    pub fn tries_left(&self) -> Option<u8> {
        self.prepared.tries
    }

    /// The number printed on a DNIe (IDESP), for the technician; it names the plastic.
    pub fn support_number(&self) -> Option<&str> {
        self.prepared.support_number.as_deref()
    }

    /// Ends without a PIN.
    pub async fn close(mut self) {
        close(&mut self.link, self.profile, self.select, None).await;
    }

    /// Sends the PIN, once, and signs a SHA-256 hash, once, with the card's key for this purpose. For
    /// [`Purpose::Signature`] the citizen must have agreed to be bound by what the hash is of.
    ///
    /// # Errors
    /// See [`DialogueError`]. A PIN that cannot be one, and a last try without consent, send nothing.
    pub async fn sign(
        mut self,
        pin: &Pin,
        last_try: LastTry,
        purpose: Purpose,
        hash: &[u8; 32],
    ) -> Result<Signed, DialogueError> {
        let result = self.verified_and_signed(pin, last_try, purpose, hash).await;
        close(&mut self.link, self.profile, self.select, result.as_ref().err()).await;
        result
    }

    async fn verified_and_signed(
        &mut self,
        pin: &Pin,
        last_try: LastTry,
        purpose: Purpose,
        hash: &[u8; 32],
    ) -> Result<Signed, DialogueError> {
        let Prepared { component, rules, tries, .. } = &self.prepared;
        self.link.verify(rules, pin, *tries, last_try).await?;
        if let (Some(component), Some(mac @ MacLength::Eight)) = (component, mac_length(self.profile)) {
            let name = self.select.name();
            self.link.open_channel(name, component, &component.set.user, mac, self.random).await?;
        }
        let directory = self.link.object_directory(self.profile).await?;
        let keys =
            self.directory("the directory of keys", &directory.private_keys, pkcs15::private_keys).await?;
        let certificates = self
            .directory("the directory of certificates", &directory.certificates, pkcs15::certificates)
            .await?;
        if keys.is_empty() || certificates.is_empty() {
            return Err(DialogueError::NoCertificates);
        }
        let (key, certificate) = self.key_for(purpose, &keys, &certificates).await?;
        let mut authorities = Vec::new();
        for object in keys::authorities(&keys, &certificates).take(MOST_AUTHORITIES) {
            authorities.push(self.certificate("an authority's certificate", &object.path).await?);
        }
        sort_issuer_first(&certificate, &mut authorities);
        let signature = self.signature(key, &certificate, hash).await?;
        let can_bind = !keys::candidates(self.profile, Purpose::Signature, &keys, &certificates).is_empty();
        Ok(Signed { certificate, authorities, signature, can_bind })
    }

    async fn directory<T>(
        &mut self,
        what: &'static str,
        paths: &[Path],
        parse: fn(&[u8]) -> Result<Vec<T>, Pkcs15Error>,
    ) -> Result<Vec<T>, DialogueError> {
        let mut all = Vec::new();
        for path in paths.iter().take(pkcs15::MOST_OBJECTS) {
            match self.link.select_path(what, self.profile, path).await {
                Ok(()) => {}
                // A directory that was promised and never made is an empty one.
                Err(DialogueError::Refused { status: StatusWord::NOT_FOUND, .. }) => continue,
                Err(error) => return Err(error),
            }
            let file = self.link.read_file(what).await?;
            all.extend(parse(&file).map_err(|why| DialogueError::malformed(what, why))?);
        }
        Ok(all)
    }

    async fn certificate(
        &mut self,
        what: &'static str,
        path: &Path,
    ) -> Result<Zeroizing<Vec<u8>>, DialogueError> {
        self.link.select_path(what, self.profile, path).await?;
        let file = self.link.read_file(what).await?;
        certificate_file::decode(&file).map_err(|why| DialogueError::malformed(what, why))
    }

    async fn key_for<'o>(
        &mut self,
        purpose: Purpose,
        keys: &'o [KeyObject],
        certificates: &'o [CertificateObject],
    ) -> Result<(&'o KeyObject, Zeroizing<Vec<u8>>), DialogueError> {
        let (what, none) = match purpose {
            Purpose::Authentication => {
                ("the certificate for authentication", DialogueError::NoAuthenticationKey)
            }
            Purpose::Signature => ("the certificate for signatures", DialogueError::NoSignatureKey),
        };
        for (key, object) in keys::candidates(self.profile, purpose, keys, certificates) {
            let der = self.certificate(what, &object.path).await?;
            let parsed = Certificate::parse(&der).map_err(|why| DialogueError::malformed(what, why))?;
            if keys::may_sign(self.profile.keys, purpose, &parsed) {
                return Ok((key, der));
            }
        }
        Err(none)
    }

    async fn signature(
        &mut self,
        key: &KeyObject,
        certificate: &[u8],
        hash: &[u8; 32],
    ) -> Result<Vec<u8>, DialogueError> {
        let modulus = Certificate::parse(certificate)
            .and_then(|parsed| parsed.rsa_key())
            .map_err(|why| DialogueError::malformed("the citizen's key", why))?
            .map(|(modulus, _)| modulus.len())
            .filter(|length| MODULUS.contains(length))
            .ok_or_else(|| {
                DialogueError::Unsupported("its key is no RSA key of 1024 to 4096 bits".to_owned())
            })?;
        let sign = self.profile.sign;
        let mut names = sign.algorithm.map(|algorithm| vec![0x80, 0x01, algorithm]).unwrap_or_default();
        match (sign.by_reference, key.reference) {
            (true, Some(reference)) => names.extend([0x84, 0x01, reference]),
            (true, None) => {
                return Err(DialogueError::malformed("the directory of keys", "no key reference"));
            }
            (false, _) => names.extend([[0x84, 0x02], key.path.last()].concat()),
        }
        self.link
            .require("choosing the key", &Command::new(0x00, 0x22, 0x41, 0xB6).with_data(&names))
            .await?;
        let digest_info = [SHA256_PREFIX, hash].concat();
        let command = Command::new(0x00, 0x2A, 0x9E, 0x9A).with_data(&digest_info).expecting(256);
        let response = self.link.require(SIGNATURE, &command).await?;
        if response.data.len() != modulus {
            return Err(DialogueError::malformed(
                SIGNATURE,
                "its length is not that of the certificate's key",
            ));
        }
        Ok(response.data.to_vec())
    }
}

fn sort_issuer_first(certificate: &[u8], authorities: &mut [Zeroizing<Vec<u8>>]) {
    let Ok(certificate) = Certificate::parse(certificate) else { return };
    authorities.sort_by_key(|der| {
        Certificate::parse(der).map_or(2, |authority| u8::from(authority.subject() != certificate.issuer()))
    });
}
