//! The component certificates of the simulated cards, true and false.
use hal_smartcard::component_chain::{ComponentChainError, issuer_units, verify};
use proptest::prelude::*;
use simulators::smartcard::{CitizenPki, ComponentSet, VirtualCard, from_drawer, terminal_parameters_of};

fn read(card: &VirtualCard, file: [u8; 2]) -> Vec<u8> {
    let answer = |command: &[u8]| card.transmit(command).bytes().unwrap();
    answer(&[&[0, 0xA4, 4, 0, 11][..], b"Master.File"].concat());
    answer(&[0, 0xA4, 0, 0, 2, file[0], file[1]]);
    let mut content = Vec::new();
    loop {
        let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
        let mut part = answer(&[0, 0xB0, high, low, 0xE0]);
        if let [0x6C, length] = part[..] {
            part = answer(&[0, 0xB0, high, low, length]);
        }
        let data = &part[..part.len() - 2];
        content.extend_from_slice(data);
        if data.len() < 0xE0 {
            return content;
        }
    }
}

struct Chain {
    root: Vec<u8>,
    intermediate: Vec<u8>,
    card: Vec<u8>,
}

impl Chain {
    fn of(name: &str, set: ComponentSet) -> Chain {
        let card = from_drawer(&CitizenPki::at(1_774_000_000), name).unwrap().card;
        card.power_on();
        let table: toml::Table = terminal_parameters_of(&[set]).parse().unwrap();
        let text = table["set"][0]["root_modulus"].as_str().unwrap();
        let root = (0..256).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect();
        Chain { root, intermediate: read(&card, [0x60, 0x20]), card: read(&card, [0x60, 0x1F]) }
    }

    fn verify(&self) -> Result<(), ComponentChainError> {
        verify(&self.root, &[1, 0, 1], &self.intermediate, &self.card).map(drop)
    }
}

#[test]
fn both_generations_are_verified_by_their_root_and_by_no_other() {
    let old = Chain::of("first-generation", ComponentSet::First);
    let new = Chain::of("ordinary", ComponentSet::Second);
    old.verify().unwrap();
    new.verify().unwrap();
    assert!(issuer_units(&old.intermediate).unwrap().contains(&ComponentSet::First.root_unit().to_owned()));
    assert!(issuer_units(&new.intermediate).unwrap().contains(&ComponentSet::Second.root_unit().to_owned()));
    let crossed = Chain { root: old.root.clone(), ..Chain::of("ordinary", ComponentSet::Second) };
    assert_eq!(crossed.verify(), Err(ComponentChainError::False("6020")));
    let mixed = Chain { card: old.card, ..new };
    let refused = mixed.verify();
    assert!(matches!(refused, Err(ComponentChainError::Issuer | ComponentChainError::False("601F"))));
}

#[test]
fn any_flipped_bit_in_a_component_certificate_is_refused() {
    let chain = Chain::of("ordinary", ComponentSet::Second);
    let mut tried = 0;
    for (file, length) in [(0, chain.intermediate.len()), (1, chain.card.len())] {
        for bit in 0..length * 8 {
            let Chain { root, mut intermediate, mut card } = Chain {
                root: chain.root.clone(),
                intermediate: chain.intermediate.clone(),
                card: chain.card.clone(),
            };
            let changed = if file == 0 { &mut intermediate } else { &mut card };
            changed[bit / 8] ^= 1 << (bit % 8);
            let flipped = Chain { root, intermediate, card };
            assert!(flipped.verify().is_err(), "bit {bit} of file {file}");
            tried += 1;
        }
    }
    assert!(tried > 8000, "{tried}");
}

#[test]
fn a_certificate_signed_by_itself_or_too_long_is_refused() {
    let chain = Chain::of("ordinary", ComponentSet::Second);
    let own = Chain { intermediate: chain.card.clone(), ..Chain::of("ordinary", ComponentSet::Second) };
    assert!(own.verify().is_err());
    let long = Chain { card: vec![0x30; 5000], ..chain };
    assert_eq!(long.verify(), Err(ComponentChainError::TooLong("601F")));
}

proptest! {
    #[test]
    fn no_bytes_are_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = issuer_units(&bytes);
        let _ = verify(&[0xFF; 128], &[1, 0, 1], &bytes, &bytes);
    }
}
