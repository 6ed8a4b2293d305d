//! Which key signs: for a challenge the one made for authentication, never the one whose signature binds its holder; for
//! what the holder wants to be bound by, that one and no other.
//!
//! Labels, the usage in the key directory, the file of the key and the usage in the certificate must all agree. No key is
//! a candidate for both purposes.
use crate::pkcs15::{CertificateObject, KeyObject};
use crate::profile::{ChannelKind, KeyRule, Profile};
use crate::x509::Certificate;

/// The key of qualified signatures on cards of the DNIe's family.
const SIGNATURE_KEY_FILE: [u8; 2] = [0x01, 0x02];

/// What a signature is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It says who is there, and binds to nothing.
    Authentication,
    /// It binds its holder like one on paper: only cards of the DNIe's family with a key of its own for that.
    Signature,
}

/// A key with its certificate.
type Pair<'o> = (&'o KeyObject, &'o CertificateObject);

/// Keys with a certificate that may be for this purpose, the likeliest first.
pub(crate) fn candidates<'o>(
    profile: &Profile,
    purpose: Purpose,
    keys: &'o [KeyObject],
    certificates: &'o [CertificateObject],
) -> Vec<Pair<'o>> {
    let pairs = keys.iter().filter_map(|key| {
        let certificate = certificates.iter().find(|certificate| certificate.id == key.id)?;
        Some((key, certificate))
    });
    let two_keys = profile.channel != ChannelKind::None && profile.keys == KeyRule::Authentication;
    let (pure, binding): (Vec<_>, Vec<_>) = pairs.partition(|(key, certificate)| {
        let signature_file = two_keys && key.path.last() == SIGNATURE_KEY_FILE;
        let binds = key.non_repudiation || is_signature(&key.label) || is_signature(&certificate.label);
        !(binds || signature_file)
    });
    match (purpose, profile.keys) {
        (Purpose::Authentication, KeyRule::Authentication) => pure,
        (Purpose::Authentication, KeyRule::Mixed) => pure.into_iter().chain(binding).collect(),
        (Purpose::Signature, _) if two_keys => {
            let contradicts = |(key, certificate): &Pair<'_>| {
                !key.non_repudiation || is_authentication(&key.label) || is_authentication(&certificate.label)
            };
            binding.into_iter().filter(|pair| !contradicts(pair)).collect()
        }
        (Purpose::Signature, _) => Vec::new(),
    }
}

/// Whether a certificate's own usage lets its key sign for this purpose.
pub(crate) fn may_sign(rule: KeyRule, purpose: Purpose, certificate: &Certificate<'_>) -> bool {
    let Ok(Some(usage)) = certificate.key_usage() else { return false };
    match purpose {
        Purpose::Authentication => {
            usage.digital_signature && (rule == KeyRule::Mixed || !usage.non_repudiation)
        }
        Purpose::Signature => usage.non_repudiation,
    }
}

/// Certificates of authorities: without a private key.
pub(crate) fn authorities<'o>(
    keys: &'o [KeyObject],
    certificates: &'o [CertificateObject],
) -> impl Iterator<Item = &'o CertificateObject> {
    certificates.iter().filter(|certificate| keys.iter().all(|key| key.id != certificate.id))
}

fn is_signature(label: &str) -> bool {
    says(label, ["firma", "signatur", "sinatura"]) && !is_authentication(label)
}

fn is_authentication(label: &str) -> bool {
    says(label, ["autentica", "authentica", "auténtica"])
}

fn says(label: &str, words: [&str; 3]) -> bool {
    let label = label.to_lowercase();
    words.iter().any(|word| label.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pkcs15::Path;
    use crate::profile::{ProfileTable, SHIPPED};

    fn pair(id: &str, label: &str, file: u8, non_repudiation: bool) -> (KeyObject, CertificateObject) {
        let id = id.as_bytes().to_vec();
        let path = Path::new(&[0x01, file]).unwrap();
        (
            KeyObject {
                label: format!("Kpriv{label}"),
                id: id.clone(),
                signs: !non_repudiation,
                non_repudiation,
                reference: None,
                path: path.clone(),
            },
            CertificateObject { label: format!("Cert{label}"), id, authority: false, path },
        )
    }

    fn chosen(profile: &str, pairs: Vec<(KeyObject, CertificateObject)>) -> Vec<u8> {
        chosen_for(Purpose::Authentication, profile, pairs)
    }

    fn chosen_for(purpose: Purpose, profile: &str, pairs: Vec<(KeyObject, CertificateObject)>) -> Vec<u8> {
        let table = ProfileTable::parse(SHIPPED).unwrap();
        let profile = table.profiles().iter().find(|row| row.name == profile).unwrap();
        let (keys, certificates): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        let chosen = candidates(profile, purpose, &keys, &certificates);
        chosen.iter().map(|(key, _)| key.path.last()[1]).collect()
    }

    #[test]
    fn the_signature_key_is_never_a_candidate_on_a_dnie() {
        let both = || vec![pair("F", "FirmaDigital", 3, true), pair("A", "Autenticacion", 1, false)];
        assert_eq!(chosen("dnie-3", both()), [1]);
        assert_eq!(chosen("dnie-3", vec![pair("F", "FirmaDigital", 3, false)]), [], "by its label");
        assert_eq!(chosen("dnie-3", vec![pair("X", "", 3, true)]), [], "by its usage");
        assert_eq!(chosen("dnie-3", vec![pair("X", "", 2, false)]), [], "by its file");
    }

    #[test]
    fn a_key_without_its_certificate_is_no_candidate() {
        let (key, _) = pair("A", "Autenticacion", 1, false);
        let (_, certificate) = pair("B", "Autenticacion", 1, false);
        assert_eq!(chosen("dnie-3", vec![(key, certificate)]), []);
        let (key, _) = pair("F", "FirmaDigital", 2, true);
        let (_, certificate) = pair("G", "FirmaDigital", 2, true);
        assert_eq!(chosen_for(Purpose::Signature, "dnie-3", vec![(key, certificate)]), []);
    }

    #[test]
    fn what_binds_its_holder_is_signed_with_the_key_that_everything_says_is_for_that() {
        let signs = |profile, pairs| chosen_for(Purpose::Signature, profile, pairs);
        let both = || vec![pair("A", "Autenticacion", 1, false), pair("F", "FirmaDigital", 2, true)];
        for profile in ["dnie-3", "dnie", "tif"] {
            assert_eq!(signs(profile, both()), [2], "{profile}");
        }
        assert_eq!(signs("dnie-3", vec![pair("X", "", 3, true)]), [3], "the file may be another one");
        assert_eq!(signs("dnie-3", vec![pair("A", "Autenticacion", 1, false)]), []);
        assert_eq!(signs("dnie-3", vec![pair("F", "FirmaDigital", 2, false)]), [], "by its usage");
        assert_eq!(signs("dnie-3", vec![pair("A", "Autenticacion", 2, true)]), [], "by its label");
        assert_eq!(signs("fnmt-4.30", both()), [], "one key for all binds nobody here");
    }

    #[test]
    fn no_key_is_for_both() {
        for (label, file, binds) in [("Autenticacion", 1, false), ("FirmaDigital", 2, true), ("", 3, true)]
            .into_iter()
            .chain([("", 2, false), ("Autenticacion", 2, true), ("FirmaDigital", 1, false)])
        {
            let [one, other] = [Purpose::Authentication, Purpose::Signature]
                .map(|purpose| chosen_for(purpose, "dnie-3", vec![pair("X", label, file, binds)]));
            assert!(one.is_empty() || other.is_empty(), "{label} {file} {binds}");
        }
    }

    #[test]
    fn a_card_with_one_key_for_all_may_use_it_where_its_profile_says_so() {
        let one = || vec![pair("M", "", 2, true)];
        assert_eq!(chosen("fnmt-4.30", one()), [2]);
        assert_eq!(chosen("dnie-3", one()), []);
    }
}
