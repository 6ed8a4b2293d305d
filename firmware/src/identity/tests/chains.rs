//! Paths to a root, and the reasons why there is none.
use super::*;
use crate::identity::chain::RootsError;
use crate::identity::roca::tests::power;
use crate::identity::statement;

fn why(result: Result<Verified, ChainError>) -> ChainError {
    result.map(|_| ()).unwrap_err()
}

#[test]
fn a_good_certificate_leads_to_the_root_and_its_card_signs() {
    let world = World::new();
    let verified = world.verify(Wish::default()).unwrap();
    let message = statement::bytes("S-5f1c0b7a94de42c3", &[1; 32], &[2; 32]);
    let good = signature(KEY_2048, &message);
    assert!(verified.has_signed(&message, &good));
    let mut bad = good.clone();
    bad[100] ^= 1;
    assert!(!verified.has_signed(&message, &bad));
    assert!(!verified.has_signed(&message[1..], &good));
    assert!(!verified.has_signed(&message, &[]));
    assert!(!verified.has_signed(&message, &signature(KEY_1920, &message)));
}

#[test]
fn a_key_of_1920_bits_is_a_cards_key() {
    let verified = World::new().verify(Wish { key: public(KEY_1920), ..Wish::default() }).unwrap();
    assert!(verified.has_signed(b"message", &signature(KEY_1920, b"message")));
}

#[test]
fn the_order_of_the_authorities_does_not_matter_and_strangers_among_them_are_passed_over() {
    let world = World::new();
    let below = world.authority.below("AC DE UNA SEDE", Rank::default());
    let certificate = Wish::default().issued_by(&below);
    let stranger = Authority::root("AC CIUDADANOS DE PRUEBA", Rank::default());
    let all = [
        b"no certificate".to_vec(),
        stranger.certificate,
        world.authority.certificate.clone(),
        below.certificate.clone(),
    ];
    assert!(verify(&certificate, &all, &world.roots(), now()).is_ok());
    let five = [&all[0], &all[0], &all[0], &all[0], &all[2], &all[3]];
    let none = verify(&certificate, &five, &world.roots(), now());
    assert_eq!(why(none), ChainError::Untrusted, "the fifth is not looked at");
}

#[test]
fn a_certificate_that_the_root_itself_issued_needs_no_authority() {
    let world = World::new();
    let certificate = Wish::default().issued_by(&world.root);
    assert!(verify::<Vec<u8>>(&certificate, &[], &world.roots(), now()).is_ok());
}

#[test]
fn a_stranger_with_the_same_name_is_a_stranger() {
    let world = World::new();
    let stranger = Authority::root("AC RAIZ DE PRUEBA", Rank::default());
    let below = stranger.below("AC CIUDADANOS DE PRUEBA", Rank::default());
    let certificate = Wish::default().issued_by(&below);
    for chain in [
        vec![],
        vec![below.certificate.clone(), stranger.certificate.clone()],
        vec![world.authority.certificate.clone()],
    ] {
        assert_eq!(why(verify(&certificate, &chain, &world.roots(), now())), ChainError::Untrusted);
    }
    let own = Authority::root("YO MISMO", Rank::default());
    let certificate = Wish::default().issued_by(&own);
    assert_eq!(why(verify(&certificate, &[&own.certificate], &world.roots(), now())), ChainError::Untrusted);
}

#[test]
fn the_dates_of_the_citizen_are_told() {
    let world = World::new();
    let expired = world.verify(Wish { years: [2020, 2025], ..Wish::default() });
    assert_eq!(why(expired), ChainError::Expired { since: "2025-01-01T00:00:00Z".parse().unwrap() });
    let early = world.verify(Wish { years: [2027, 2030], ..Wish::default() });
    assert_eq!(why(early), ChainError::NotYetValid { from: "2027-01-01T00:00:00Z".parse().unwrap() });
    let certificate = Wish::default().issued_by(&world.authority);
    for (at, good) in [
        ("2023-12-31T23:59:59Z", false),
        ("2024-01-01T00:00:00Z", true),
        ("2029-01-01T00:00:00Z", true),
        ("2029-01-01T00:00:01Z", false),
    ] {
        let chain = [&world.authority.certificate];
        assert_eq!(verify(&certificate, &chain, &world.roots(), at.parse().unwrap()).is_ok(), good, "{at}");
    }
}

#[test]
fn an_authority_outside_its_days_vouches_for_nobody() {
    let world = World::new();
    let old = world.root.below("AC VIEJA", Rank { years: [2005, 2020], ..Rank::default() });
    let chain = [&old.certificate];
    let certificate = Wish::default().issued_by(&old);
    assert_eq!(why(verify(&certificate, &chain, &world.roots(), now())), ChainError::AuthorityOutsideDays);
    // The certificate that ended with its authority is what the citizen can renew.
    let both = Wish { years: [2010, 2015], ..Wish::default() }.issued_by(&old);
    assert!(matches!(why(verify(&both, &chain, &world.roots(), now())), ChainError::Expired { .. }));
}

#[test]
fn an_authority_that_may_not_issue_has_issued_nothing() {
    let world = World::new();
    let short = BasicConstraints::Constrained(0);
    for (rank, depth) in [
        (Rank { is_ca: IsCa::ExplicitNoCa, ..Rank::default() }, 1),
        (Rank { is_ca: IsCa::NoCa, ..Rank::default() }, 1),
        (Rank { usages: vec![KeyUsagePurpose::CrlSign], ..Rank::default() }, 1),
        (Rank { is_ca: IsCa::Ca(short), ..Rank::default() }, 2),
    ] {
        let mut chain = vec![world.root.below("AC UNA", rank)];
        for _ in 1..depth {
            chain.push(chain[0].below("AC OTRA", Rank::default()));
        }
        let certificate = Wish::default().issued_by(chain.last().unwrap());
        let chain: Vec<_> = chain.iter().map(|it| &it.certificate).collect();
        assert_eq!(why(verify(&certificate, &chain, &world.roots(), now())), ChainError::Untrusted);
    }
}

#[test]
fn a_citizen_is_no_authority() {
    let world = World::new();
    let key = KeyPair::generate().unwrap();
    let citizen = world.authority.below_with("VECINA", Rank { is_ca: IsCa::NoCa, ..Rank::default() }, key);
    let certificate = Wish::default().issued_by(&citizen);
    let chain = [&citizen.certificate, &world.authority.certificate];
    assert_eq!(why(verify(&certificate, &chain, &world.roots(), now())), ChainError::Untrusted);
}

#[test]
fn a_certificate_for_something_else_identifies_nobody() {
    let world = World::new();
    let mut beyond_us = CustomExtension::from_oid_content(&[2, 5, 29, 99], vec![5, 0]);
    beyond_us.set_criticality(true);
    for wish in [
        Wish { usages: vec![KeyUsagePurpose::ContentCommitment], ..Wish::default() },
        Wish { usages: vec![], ..Wish::default() },
        Wish { purposes: vec![4], ..Wish::default() },
        Wish { is_ca: IsCa::Ca(BasicConstraints::Unconstrained), ..Wish::default() },
        Wish { extension: Some(beyond_us), ..Wish::default() },
    ] {
        assert_eq!(why(world.verify(wish)), ChainError::WrongUsage);
    }
    let harmless = CustomExtension::from_oid_content(&[2, 5, 29, 99], vec![5, 0]);
    assert!(world.verify(Wish { extension: Some(harmless), ..Wish::default() }).is_ok());
    assert!(world.verify(Wish { purposes: vec![], ..Wish::default() }).is_ok());
}

/// A certificate for signatures that bind.
fn for_signatures() -> Wish {
    Wish { usages: vec![KeyUsagePurpose::ContentCommitment], purposes: vec![4], ..Wish::default() }
}

#[test]
fn a_certificate_for_signatures_binds_its_holder_and_identifies_nobody() {
    let world = World::new();
    let verified = world.verify_signer(for_signatures()).unwrap();
    assert!(verified.has_signed(b"a petition", &signature(KEY_2048, b"a petition")));
    assert!(!verified.has_signed(b"another one", &signature(KEY_2048, b"a petition")));
    assert_eq!(verified.person().unwrap().number.as_str(), "12345678Z");
    assert!(world.verify_signer(Wish { purposes: vec![], ..for_signatures() }).is_ok());
    assert_eq!(why(world.verify(for_signatures())), ChainError::WrongUsage);
    assert_eq!(why(world.verify_signer(Wish::default())), ChainError::WrongUsage);
}

#[test]
fn a_signers_certificate_is_judged_like_any_other() {
    let world = World::new();
    let modulus = power(127);
    for (wish, error) in [
        (
            Wish { usages: vec![KeyUsagePurpose::DigitalSignature], ..for_signatures() },
            ChainError::WrongUsage,
        ),
        (Wish { usages: vec![], ..for_signatures() }, ChainError::WrongUsage),
        (Wish { purposes: vec![2], ..for_signatures() }, ChainError::WrongUsage),
        (
            Wish { is_ca: IsCa::Ca(BasicConstraints::Unconstrained), ..for_signatures() },
            ChainError::WrongUsage,
        ),
        (Wish { key: rsa_key(&modulus), ..for_signatures() }, ChainError::Roca),
        (Wish { key: rsa_key(&[0xC1; 127]), ..for_signatures() }, ChainError::Key),
        (
            Wish { years: [2020, 2025], ..for_signatures() },
            ChainError::Expired { since: "2025-01-01T00:00:00Z".parse().unwrap() },
        ),
    ] {
        assert_eq!(why(world.verify_signer(wish)), error);
    }
    let stranger = Authority::root("AC CIUDADANOS DE PRUEBA", Rank::default());
    let certificate = for_signatures().issued_by(&stranger);
    let chain = [&world.authority.certificate];
    let judged = verify_for(Purpose::Signature, &certificate, &chain, &world.roots(), now());
    assert_eq!(why(judged), ChainError::Untrusted);
}

/// RSAPublicKey with a modulus and 65537.
fn rsa_key(modulus: &[u8]) -> Vec<u8> {
    let tlv = |tag: u8, content: &[u8]| {
        let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
        let length = match (high, low) {
            (0, 0..0x80) => vec![low],
            (0, _) => vec![0x81, low],
            _ => vec![0x82, high, low],
        };
        [&[tag], &length[..], content].concat()
    };
    let sign: &[u8] = if modulus[0] < 0x80 { &[] } else { &[0] };
    tlv(0x30, &[tlv(0x02, &[sign, modulus].concat()), tlv(0x02, &[1, 0, 1])].concat())
}

#[test]
fn a_key_that_anybody_can_compute_or_guess_is_refused() {
    let world = World::new();
    let modulus = power(127);
    assert_eq!(why(world.verify(Wish { key: rsa_key(&modulus), ..Wish::default() })), ChainError::Roca);
    assert!(world.verify(Wish { key: rsa_key(&[0xC1; 128]), ..Wish::default() }).is_ok());
    for key in [rsa_key(&[0xC1; 127]), rsa_key(&[0xC1; 513]), vec![0x30, 0x00], vec![4; 65]] {
        assert_eq!(why(world.verify(Wish { key, ..Wish::default() })), ChainError::Key);
    }
}

#[test]
fn a_changed_byte_of_the_signed_part_breaks_the_signature() {
    let world = World::new();
    let good = Wish::default().issued_by(&world.authority);
    let at = good.windows(9).position(|it| it == b"12345678Z").unwrap();
    let mut bad = good;
    bad[at] = b'2';
    assert_eq!(why(world.verify_der(&bad)), ChainError::Untrusted);
}

#[test]
fn roots_that_cannot_be_used_are_named() {
    let world = World::new();
    let root = world.root.certificate.clone();
    let leaf = Wish::default().issued_by(&world.authority);
    let why = |roots: &[Vec<u8>]| Roots::from_der(roots).map(|_| ()).unwrap_err();
    assert_eq!(why(&[]), RootsError::Empty);
    assert_eq!(why(&[root.clone(), vec![1, 2, 3]]), RootsError::Unreadable { number: 2 });
    assert_eq!(why(&[root.clone(), leaf]), RootsError::NoAuthority { number: 2 });
    assert_eq!(why(&vec![root.clone(); 65]), RootsError::TooMany);
    assert_eq!(Roots::from_pem(b"nothing").map(|_| ()).unwrap_err(), RootsError::Empty);
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(&root);
    let pem = format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n");
    let roots = Roots::from_pem(pem.as_bytes()).unwrap();
    let certificate = Wish::default().issued_by(&world.authority);
    assert!(verify(&certificate, &[&world.authority.certificate], &roots, now()).is_ok());
}

#[test]
fn neither_an_error_nor_debug_shows_whose_certificate_it_is() {
    let world = World::new();
    let verified = world.verify(Wish::default()).unwrap();
    let expired = why(world.verify(Wish { years: [2020, 2025], ..Wish::default() }));
    let shown = format!("{verified:?} {expired:?} {expired} {:?}", verified.person().unwrap());
    assert!(!shown.contains("12345678") && !shown.to_uppercase().contains("INVENTADA"), "{shown}");
}
