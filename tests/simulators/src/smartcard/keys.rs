//! The keys of `data/smartcard`, parsed once.

use std::sync::{Arc, LazyLock};

use super::rsa::PrivateKey;

macro_rules! keys {
    ($($name:ident = $file:literal)*) => {
        $(pub(super) fn $name() -> Arc<PrivateKey> {
            static KEY: LazyLock<Arc<PrivateKey>> = LazyLock::new(|| {
                let bytes = include_bytes!(concat!("../../data/smartcard/", $file, ".der"));
                Arc::new(PrivateKey::from_pkcs1(bytes).expect("a PKCS#1 key in data/smartcard"))
            });
            Arc::clone(&KEY)
        })*
    };
}

keys! {
    component_1_root = "component-1-root"
    component_1_ca = "component-1-ca"
    component_1_card = "component-1-card"
    component_1_user = "component-1-user"
    component_1_pin = "component-1-pin"
    component_2_root = "component-2-root"
    component_2_ca = "component-2-ca"
    component_2_card = "component-2-card"
    component_2_user = "component-2-user"
    component_2_pin = "component-2-pin"
    pki_root = "pki-root"
    pki_intermediate = "pki-intermediate"
    pki_ocsp = "pki-ocsp"
    pki_stranger = "pki-stranger"
    citizen_1 = "citizen-1"
    citizen_2 = "citizen-2"
    citizen_3 = "citizen-3"
    citizen_4 = "citizen-4"
    citizen_5 = "citizen-5"
    citizen_6 = "citizen-6"
    citizen_1920 = "citizen-1920"
    citizen_roca = "citizen-roca"
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;

    use super::*;

    /// The published test: modulo each small prime the modulus is a power of 65537.
    fn has_the_fingerprint(key: &PrivateKey) -> bool {
        [11_u32, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157].iter().all(|prime| {
            let rest = u32::try_from(key.public().n() % BigUint::from(*prime)).unwrap();
            std::iter::successors(Some(1), |power| Some(power * 65_537 % prime))
                .take(*prime as usize)
                .any(|power| power == rest)
        })
    }

    #[test]
    fn only_the_weak_key_has_the_fingerprint_of_cve_2017_15361() {
        assert!(has_the_fingerprint(&citizen_roca()));
        for key in [citizen_1(), citizen_2(), citizen_1920(), pki_root()] {
            assert!(!has_the_fingerprint(&key));
        }
    }
}
