//! Damaged certificates and responses: an answer to each, and never a panic or a verdict that is better than before.
use super::revocation::{Reply, question};
use super::*;
use crate::dice::Dice;
use crate::identity::ocsp::Standing;

impl Dice {
    fn damage_bytes(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(2) {
            let at = self.below(bytes.len());
            match self.below(4) {
                0 => bytes[at] ^= 1 << self.below(8),
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, u8::try_from(self.below(256)).unwrap()),
                _ => bytes.truncate(at.max(1)),
            }
        }
        bytes
    }
}

#[test]
fn a_damaged_certificate_identifies_nobody() {
    let world = World::new();
    let good = Wish::default().issued_by(&world.authority);
    for seed in 0..3000 {
        let bad = Dice(seed).damage_bytes(&good);
        if bad != good {
            assert!(world.verify_der(&bad).is_err(), "seed {seed}");
        }
    }
}

#[test]
fn a_damaged_authority_hides_the_path_or_leaves_it_as_it_was() {
    let world = World::new();
    let certificate = Wish::default().issued_by(&world.authority);
    for seed in 0..2000 {
        let bad = Dice(seed).damage_bytes(&world.authority.certificate);
        if bad != world.authority.certificate {
            assert!(verify(&certificate, &[&bad], &world.roots(), now()).is_err(), "seed {seed}");
        }
    }
}

#[test]
fn a_damaged_response_is_never_good_for_a_revoked_certificate() {
    let world = World::new();
    let verified = world.verify(Wish::default()).unwrap();
    let question = question(&verified);
    let since = "2026-10-01T00:00:00Z".parse().unwrap();
    let good = Reply::new(&world).revoked(since).to(&question);
    assert_eq!(question.answer(&verified, &good, now()), Ok(Standing::Revoked { since }));
    let mut read = 0;
    for seed in 0..3000 {
        match question.answer(&verified, &Dice(seed).damage_bytes(&good), now()) {
            Ok(Standing::Revoked { .. }) => read += 1,
            Ok(other) => panic!("seed {seed}: {other:?}"),
            Err(_) => {}
        }
    }
    // Damage to the certificates beside the signature may leave the rest as it was, and mostly does not.
    assert!(read < 300, "{read}");
}

#[test]
fn what_is_nothing_at_all_is_read_by_nobody() {
    let world = World::new();
    let verified = world.verify(Wish::default()).unwrap();
    let question = question(&verified);
    for bytes in
        [vec![], vec![0x30], vec![0x30, 0x80], vec![0x30; 5000], vec![0xFF; 20_000], b"HTTP/1.1 200".to_vec()]
    {
        assert!(world.verify_der(&bytes).is_err());
        assert!(question.answer(&verified, &bytes, now()).is_err());
    }
}
