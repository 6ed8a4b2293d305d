//! Which key signs the challenge: the one made for authentication, never the one whose signature binds its holder.
//!
//! Labels, the usage in the key directory, the file of the key and the usage in the certificate must all agree.
use crate::pkcs15::{CertificateObject, KeyObject};
use crate::profile::{ChannelKind, KeyRule, Profile};
use crate::x509::Certificate;

/// The key of qualified signatures on cards of the DNIe's family.
const SIGNATURE_KEY_FILE: [u8; 2] = [0x01, 0x02];

/// Keys with a certificate that may be for authentication, the likeliest first.
pub(crate) fn candidates<'o>(
    profile: &Profile,
    keys: &'o [KeyObject],
    certificates: &'o [CertificateObject],
) -> Vec<(&'o KeyObject, &'o CertificateObject)> {
    let pairs = keys.iter().filter_map(|key| {
        let certificate = certificates.iter().find(|certificate| certificate.id == key.id)?;
        Some((key, certificate))
    });
    let (pure, binding): (Vec<_>, Vec<_>) = pairs.partition(|(key, certificate)| {
        let signature_file = profile.channel != ChannelKind::None
            && profile.keys == KeyRule::Authentication
            && key.path.last() == SIGNATURE_KEY_FILE;
        let binds = key.non_repudiation || is_signature(&key.label) || is_signature(&certificate.label);
        !(binds || signature_file)
    });
    match profile.keys {
        KeyRule::Authentication => pure,
        KeyRule::Mixed => pure.into_iter().chain(binding).collect(),
    }
}

/// Whether a certificate's own usage lets its key sign a challenge.
pub(crate) fn may_authenticate(rule: KeyRule, certificate: &Certificate<'_>) -> bool {
    let Ok(Some(usage)) = certificate.key_usage() else { return false };
    usage.digital_signature && (rule == KeyRule::Mixed || !usage.non_repudiation)
}

/// Certificates of authorities: without a private key.
pub(crate) fn authorities<'o>(
    keys: &'o [KeyObject],
    certificates: &'o [CertificateObject],
) -> impl Iterator<Item = &'o CertificateObject> {
    certificates.iter().filter(|certificate| keys.iter().all(|key| key.id != certificate.id))
}

fn is_signature(label: &str) -> bool {
    let label = label.to_lowercase();
    let says = |words: [&str; 3]| words.iter().any(|word| label.contains(word));
    says(["firma", "signatur", "sinatura"]) && !says(["autentica", "authentica", "auténtica"])
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
        let table = ProfileTable::parse(SHIPPED).unwrap();
        let profile = table.profiles().iter().find(|row| row.name == profile).unwrap();
        let (keys, certificates): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        candidates(profile, &keys, &certificates).iter().map(|(key, _)| key.path.last()[1]).collect()
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
    }

    #[test]
    fn a_card_with_one_key_for_all_may_use_it_where_its_profile_says_so() {
        let one = || vec![pair("M", "", 2, true)];
        assert_eq!(chosen("fnmt-4.30", one()), [2]);
        assert_eq!(chosen("dnie-3", one()), []);
    }
}
