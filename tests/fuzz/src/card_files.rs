//! Cards: what they say of themselves on power, and what is in their files.
use std::sync::LazyLock;

use hal_smartcard::atr::{Atr, LONGEST};
use hal_smartcard::fci::Fci;
use hal_smartcard::parameters::ComponentParameters;
use hal_smartcard::pkcs15::{self, MOST_OBJECTS, Path};
use hal_smartcard::profile::{ProfileTable, Recognition, SHIPPED};
use hal_smartcard::tlv::{DEEPEST, Reader, write};
use hal_smartcard::{certificate_file, component_chain};
use simulators::smartcard::terminal_parameters;

static TABLE: LazyLock<ProfileTable> =
    LazyLock::new(|| ProfileTable::parse(SHIPPED).expect("what is shipped"));

/// Any bytes as an answer to reset, and as a card of the shipped table.
pub fn atr(data: &[u8]) {
    let parsed = Atr::parse(data);
    if let Ok(atr) = &parsed {
        assert!((2..=LONGEST).contains(&data.len()) && atr.bytes() == data);
        assert!(!atr.protocols().is_empty() && atr.protocols().iter().all(|&protocol| protocol < 16));
        assert_eq!(atr.historical().len(), usize::from(data[1] & 0x0F));
        let check = data[1..].iter().fold(0, |sum, byte| sum ^ byte);
        assert!(atr.protocols().iter().all(|&protocol| protocol == 0) || check == 0, "the check byte fits");
    }
    match TABLE.recognise(Some(data)) {
        Recognition::Known(profile) | Recognition::Dead(profile, _) => {
            assert!(parsed.is_ok() && profile.fits(data), "{}", profile.name);
        }
        Recognition::Unknown => {
            assert!(parsed.is_err() || TABLE.profiles().iter().all(|row| !row.fits(data)))
        }
        Recognition::Mute => assert!(data.is_empty()),
    }
}

/// Any bytes as objects, and as what a SELECT tells.
pub fn card_tlv(data: &[u8]) {
    walk(Reader::new(data), 0);
    if let Ok(fci) = Fci::parse(data) {
        assert!(data.len() >= 4 || fci == Fci::default(), "nothing is told from nothing");
    }
}

fn walk(mut reader: Reader<'_>, depth: u8) {
    assert!(depth <= DEEPEST);
    loop {
        let before = reader;
        let object = match reader.next_object() {
            Ok(Some(object)) => object,
            Ok(None) => return assert!(before.rest().is_empty() && reader.end().is_ok()),
            Err(_) => return assert_eq!(reader.rest(), before.rest(), "what is no object is not taken"),
        };
        assert_eq!([object.whole, reader.rest()].concat(), before.rest(), "every byte is in one object");
        assert!(object.whole.ends_with(object.value) && object.whole.len() > object.value.len());
        assert_eq!(before.find(object.tag), Ok(object));
        let mut other = before;
        assert!(other.optional(object.tag ^ 1).is_ok_and(|found| found.is_none()));
        assert!(other.expect(object.tag ^ 1).is_err());
        if let Ok(tag) = u8::try_from(object.tag)
            && object.value.len() <= usize::from(u16::MAX)
        {
            let mut again = Vec::new();
            write(&mut again, tag, object.value);
            let read = Reader::new(&again).expect(object.tag).map(|object| object.value);
            assert!(read == Ok(object.value) && again.len() <= object.whole.len());
        }
        if let Ok(inside) = object.inside()
            && object.is_constructed()
        {
            walk(inside, depth + 1);
        }
    }
}

/// Any bytes as each of the directories, as a certificate file, and as component certificates.
pub fn card_directories(data: &[u8]) {
    if let Ok(directory) = pkcs15::object_directory(data) {
        let lists = [&directory.private_keys, &directory.certificates, &directory.authentication];
        assert!(lists.iter().map(|list| list.len()).sum::<usize>() <= MOST_OBJECTS);
        lists.into_iter().flatten().for_each(check);
    }
    if let Ok(certificates) = pkcs15::certificates(data) {
        assert!(certificates.len() <= MOST_OBJECTS);
        certificates.iter().for_each(|certificate| check(&certificate.path));
    }
    if let Ok(keys) = pkcs15::private_keys(data) {
        assert!(keys.len() <= MOST_OBJECTS);
        keys.iter().for_each(|key| check(&key.path));
    }
    if let Ok(pins) = pkcs15::pins(data) {
        assert!(pins.len() <= MOST_OBJECTS);
    }
    let _ = pkcs15::token_info(data);
    let decoded = certificate_file::decode(data);
    if let Ok(der) = &decoded {
        assert!((2..=certificate_file::LONGEST).contains(&der.len()) && der[0] == 0x30);
        let mut reader = Reader::new(der);
        assert!(reader.expect(0x30).is_ok() && reader.end().is_ok(), "one object and no more");
    }
    let der = decoded.as_ref().map_or(data, |der| der.as_slice());
    if let Ok(units) = component_chain::issuer_units(der) {
        assert!(units.len() <= der.len());
    }
    let set = PARAMETERS.for_units(&["AC RAIZ COMPONENTES".to_owned()]).expect("a set");
    // The first half is one certificate, the second the other; or the same twice.
    for (intermediate, card) in [der.split_at(der.len() / 2), (der, der)] {
        let _ = component_chain::verify(&set.root_modulus, &set.root_exponent, intermediate, card);
    }
}

static PARAMETERS: LazyLock<ComponentParameters> =
    LazyLock::new(|| ComponentParameters::parse(&terminal_parameters()).expect("parameters"));

fn check(path: &Path) {
    let identifiers = path.identifiers();
    assert!(identifiers.len() <= 8);
    assert!(identifiers.last().is_none_or(|last| *last == path.last()));
}
