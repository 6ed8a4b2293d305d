//! From the citizen's certificate up to a pinned root (RFC 5280, section 6, with what cards need of it).
//!
//! The card brings its certificate and perhaps the authorities above it; the roots come from the image. Of several
//! faults the one is told that the citizen can do something about: an unknown authority before a date, a date before
//! a usage. "Expired" is the most common refusal: the card is good for ten years, its certificates for less.
use jiff::Timestamp;
use ring::signature::{RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, UnparsedPublicKey};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use super::certificate::X509;
use super::person::{Person, PersonError};
use super::roca;
use super::signature::Unverified;

/// Authorities between citizen and root that are looked at.
pub const AUTHORITIES_MAX: usize = 4;
/// Roots that a town may pin.
const ROOTS_MAX: usize = 64;
/// RSA keys of cards begin here: 1024 bits on the oldest ones, and 1920 after the renewal of 2017.
const KEY_BYTES_MIN: usize = 128;
const KEY_BYTES_MAX: usize = 512;

/// What a certificate is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Saying who is there: `digitalSignature`, and `clientAuth` where there is an extended usage.
    Identification,
    /// A signature that binds: `contentCommitment` (nonRepudiation), and `emailProtection` where there is an extended
    /// usage, which authorities put into certificates for signatures if they put anything.
    Signature,
}

/// The authorities that are trusted.
#[derive(Clone, Debug, Default)]
pub struct Roots(Vec<X509>);

/// Roots that cannot be used: a fault of the image or the settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RootsError {
    /// No certificate is among them.
    #[error("there is no root certificate for citizens' cards; install the town hall's file of roots")]
    Empty,
    /// One of them cannot be read.
    #[error("root certificate number {number} for citizens' cards cannot be read; install a good file")]
    Unreadable {
        /// Counted from 1.
        number: usize,
    },
    /// One of them is no authority.
    #[error("root certificate number {number} for citizens' cards is not that of an authority")]
    NoAuthority {
        /// Counted from 1.
        number: usize,
    },
    /// More than anybody needs.
    #[error("more than {ROOTS_MAX} root certificates for citizens' cards")]
    TooMany,
}

/// Why a certificate identifies nobody. None of these holds anything of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// No certificate, or larger than any card's.
    #[error("the card's certificate cannot be read")]
    Unreadable,
    /// No path to a pinned root.
    #[error("the card's certificate is not from an authority that the town hall trusts")]
    Untrusted,
    /// The only path is signed in a way that is not accepted.
    #[error("the card's certificate is signed with an algorithm that is not accepted")]
    Algorithm,
    /// The citizen's certificate begins later.
    #[error("the card's certificate is not valid before {from}")]
    NotYetValid {
        /// Its first instant.
        from: Timestamp,
    },
    /// The citizen's certificate has ended; the card itself may be good for years.
    #[error("the card's certificate expired on {since}; it is renewed at a police update point")]
    Expired {
        /// Its last instant.
        since: Timestamp,
    },
    /// An authority above it is outside its days.
    #[error("the authority of the card's certificate is outside its days")]
    AuthorityOutsideDays,
    /// Made for something else than it is used for here.
    #[error("the card's certificate is made for something else")]
    WrongUsage,
    /// The key is not RSA, or too short.
    #[error("the card's key is of a kind that is not accepted")]
    Key,
    /// The key can be computed by anybody (CVE-2017-15361).
    #[error("the card's key is of the faulty series of 2017; it is renewed at a police update point")]
    Roca,
}

impl Roots {
    /// Roots in DER.
    pub fn from_der<B: AsRef<[u8]>>(roots: &[B]) -> Result<Roots, RootsError> {
        match roots.len() {
            0 => return Err(RootsError::Empty),
            1..=ROOTS_MAX => {}
            _ => return Err(RootsError::TooMany),
        }
        let read = |(at, bytes): (usize, &B)| {
            let number = at.saturating_add(1);
            let root = X509::read(bytes.as_ref()).ok_or(RootsError::Unreadable { number })?;
            // The bottom of any path: whether it may stand so high is asked of each path.
            if root.is_authority(0) { Ok(root) } else { Err(RootsError::NoAuthority { number }) }
        };
        roots.iter().enumerate().map(read).collect::<Result<_, _>>().map(Roots)
    }

    /// Roots as a PEM text; what is no certificate in it is passed over.
    pub fn from_pem(text: &[u8]) -> Result<Roots, RootsError> {
        let mut roots = Vec::new();
        for (at, section) in CertificateDer::pem_slice_iter(text).enumerate() {
            let number = at.saturating_add(1);
            roots.push(section.map_err(|_| RootsError::Unreadable { number })?);
        }
        Roots::from_der(&roots)
    }
}

/// A certificate that is good for its purpose, and the authority that issued it.
#[derive(Clone, Debug)]
pub struct Verified {
    pub(super) citizen: X509,
    pub(super) issuer: X509,
}

impl Verified {
    /// Whose it is.
    pub fn person(&self) -> Result<Person, PersonError> {
        Person::of(self.citizen.subject())
    }

    /// Whether `signature` is the card's over `message` (RSASSA-PKCS1-v1_5, SHA-256).
    #[must_use]
    pub fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        // The name of the constant is about keys below 2048 bits, which cards have and nobody can change here.
        UnparsedPublicKey::new(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, self.citizen.key_bytes())
            .verify(message, signature)
            .is_ok()
    }
}

/// Verifies the certificate of a card that identifies its holder.
///
/// # Errors
/// As [`verify_for`].
pub fn verify<B: AsRef<[u8]>>(
    certificate: &[u8],
    authorities: &[B],
    roots: &Roots,
    now: Timestamp,
) -> Result<Verified, ChainError> {
    verify_for(Purpose::Identification, certificate, authorities, roots, now)
}

/// Verifies the certificate of a card at `now`, for one purpose. `authorities` are those that the card holds, in any order; more than
/// [`AUTHORITIES_MAX`] are not looked at, and what cannot be read among them is passed over.
///
/// # Errors
/// See [`ChainError`].
pub fn verify_for<B: AsRef<[u8]>>(
    purpose: Purpose,
    certificate: &[u8],
    authorities: &[B],
    roots: &Roots,
    now: Timestamp,
) -> Result<Verified, ChainError> {
    let citizen = X509::read(certificate).ok_or(ChainError::Unreadable)?;
    let authorities: Vec<X509> =
        authorities.iter().take(AUTHORITIES_MAX).filter_map(|it| X509::read(it.as_ref())).collect();
    let issuer = Search { authorities: &authorities, roots, now }.above(&citizen);
    let (from, until) = citizen.days().ok_or(ChainError::Unreadable)?;
    match issuer {
        // An old certificate's authority may have ended with it: what the citizen can renew is the certificate.
        Ok(_) | Err(ChainError::AuthorityOutsideDays) if now > until => {
            return Err(ChainError::Expired { since: until });
        }
        Ok(_) | Err(ChainError::AuthorityOutsideDays) if now < from => {
            return Err(ChainError::NotYetValid { from });
        }
        _ => {}
    }
    let issuer = issuer?.clone();
    let fits = match purpose {
        Purpose::Identification => citizen.may_sign() && citizen.may_authenticate(),
        Purpose::Signature => citizen.may_bind(),
    };
    if !citizen.is_understood() || citizen.claims_authority() || !fits {
        return Err(ChainError::WrongUsage);
    }
    let modulus = citizen.rsa_modulus().ok_or(ChainError::Key)?;
    // 1024 bits and more, counted in whole bytes; the first byte of a modulus is not zero.
    if !(KEY_BYTES_MIN..=KEY_BYTES_MAX).contains(&modulus.len()) {
        return Err(ChainError::Key);
    }
    if roca::has_fingerprint(modulus) {
        return Err(ChainError::Roca);
    }
    Ok(Verified { citizen, issuer })
}

struct Search<'a> {
    authorities: &'a [X509],
    roots: &'a Roots,
    now: Timestamp,
}

impl<'a> Search<'a> {
    /// The issuer of `citizen`, if a path goes on from it to a root.
    fn above(&self, citizen: &X509) -> Result<&'a X509, ChainError> {
        let mut used = Vec::new();
        self.issuer(citizen, 0, &mut used)
    }

    /// Depth first; each authority stands once in a path, so there are few paths and none is endless.
    fn issuer(&self, below: &X509, depth: usize, used: &mut Vec<usize>) -> Result<&'a X509, ChainError> {
        let mut why = ChainError::Untrusted;
        for root in &self.roots.0 {
            match self.step(below, root, depth) {
                Ok(()) => return Ok(root),
                Err(error) => why = nearer(why, error),
            }
        }
        for (at, authority) in self.authorities.iter().enumerate() {
            if used.contains(&at) {
                continue;
            }
            if let Err(error) = self.step(below, authority, depth) {
                why = nearer(why, error);
                continue;
            }
            used.push(at);
            let above = self.issuer(authority, depth.saturating_add(1), used);
            used.pop();
            match above {
                Ok(_) => return Ok(authority),
                Err(error) => why = nearer(why, error),
            }
        }
        Err(why)
    }

    /// One step of a path: `above` has signed `below`, and may.
    fn step(&self, below: &X509, above: &X509, depth: usize) -> Result<(), ChainError> {
        match below.is_signed_by(above) {
            Ok(()) => {}
            Err(Unverified::Wrong) => return Err(ChainError::Untrusted),
            Err(Unverified::Unsupported) => return Err(ChainError::Algorithm),
        }
        if !above.is_authority(depth) || !above.is_understood() {
            return Err(ChainError::Untrusted);
        }
        if above.holds_at(self.now) { Ok(()) } else { Err(ChainError::AuthorityOutsideDays) }
    }
}

/// Of two reasons the one of the path that came nearer to a root.
fn nearer(one: ChainError, other: ChainError) -> ChainError {
    if one == ChainError::Untrusted { other } else { one }
}
