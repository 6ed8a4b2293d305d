//! Directories as cards write them, and as they should not.
use proptest::prelude::*;

use super::*;
use crate::hex;

fn bytes(text: &str) -> Vec<u8> {
    hex::decode(text).unwrap()
}

#[test]
fn an_odf_names_the_other_directories_and_ends_at_its_filling() {
    let file = bytes(
        "A0 08 30 06 04 04 50 15 60 01
         A6 06 30 04 04 02 44 07
         A4 0A 30 08 04 06 3F 00 50 15 60 04
         A8 06 30 04 04 02 44 01
         00 00 00 00",
    );
    let directory = object_directory(&file).unwrap();
    assert_eq!(directory.private_keys[0].identifiers(), [[0x50, 0x15], [0x60, 0x01]]);
    assert!(directory.certificates[0].is_absolute());
    assert_eq!(directory.certificates[0].last(), [0x60, 0x04]);
    assert_eq!(directory.certificates[1].last(), [0x44, 0x07]);
    assert_eq!(directory.authentication.len(), 1);
}

#[test]
fn a_certificate_has_a_label_an_id_and_a_path() {
    // 30 { 30 { label } 30 { id } A1 { 30 { 30 { path, index, count } subject } } }
    let file = bytes(
        "30 3A
           30 13 0C 11 43 65 72 74 41 75 74 65 6E 74 69 63 61 63 69 6F 6E
           30 05 04 03 41 30 31
           A1 1C 30 1A 30 0F 04 06 3F 00 60 81 70 04 02 01 00 80 02 03 A2 A0 07 30 05 31 00 31 00 30
         FF FF",
    );
    // The subject above is broken on purpose in its last byte, which nobody reads.
    let list = certificates(&file).unwrap();
    assert_eq!(list.len(), 1);
    assert_eq!((list[0].label.as_str(), &list[0].id[..]), ("CertAutenticacion", &b"A01"[..]));
    assert_eq!(list[0].path.identifiers(), [[0x60, 0x81], [0x70, 0x04]]);
    assert!(!list[0].authority);
}

#[test]
fn the_usage_of_a_key_tells_signatures_from_authentication() {
    let exact = bytes(
        "30 2E
           30 14 0C 12 4B 70 72 69 76 41 75 74 65 6E 74 69 63 61 63 69 6F 6E
           30 0C 04 03 41 30 31 03 02 05 20 02 01 01
           A1 08 30 06 30 04 04 02 01 01",
    );
    let list = private_keys(&exact).unwrap();
    assert!(list[0].signs && !list[0].non_repudiation);
    assert_eq!((list[0].reference, list[0].path.last()), (Some(1), [1, 1]));
    let qualified = bytes(
        "30 1B
           30 00
           30 0D 04 03 46 30 31 03 03 06 00 40 02 01 02
           A1 08 30 06 30 04 04 02 01 02",
    );
    let list = private_keys(&qualified).unwrap();
    assert!(!list[0].signs && list[0].non_repudiation);
}

#[test]
fn a_pin_says_how_it_is_to_be_typed_and_padded() {
    let file = bytes(
        "30 27
           30 05 0C 03 50 49 4E
           30 03 04 01 01
           A1 19 30 17 03 03 02 0C 20 0A 01 01 02 01 04 02 01 08 02 01 08 80 01 81 04 01 00",
    );
    let pin = &pins(&file).unwrap()[0];
    assert_eq!((pin.reference, pin.minimum, pin.maximum, pin.stored), (0x81, 4, 8, 8));
    assert_eq!(pin.padding, Some(0));
}

#[test]
fn a_path_that_is_none_says_where() {
    assert_eq!(
        object_directory(&bytes("A0 07 30 05 04 03 50 15 60")),
        Err(Pkcs15Error::Path { place: 1, length: 3 })
    );
    let many = [0xA7, 0x00].repeat(MOST_OBJECTS + 1);
    assert_eq!(object_directory(&many), Err(Pkcs15Error::TooMany));
}

proptest! {
    #[test]
    fn no_bytes_are_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = (object_directory(&bytes), token_info(&bytes), certificates(&bytes));
        let _ = (private_keys(&bytes), pins(&bytes));
    }

    #[test]
    fn a_broken_directory_is_no_panic(place in 0_usize..46, value: u8) {
        let mut file = bytes(
            "30 2E 30 14 0C 12 4B 70 72 69 76 41 75 74 65 6E 74 69 63 61 63 69 6F 6E
             30 0C 04 03 41 30 31 03 02 05 20 02 01 01 A1 08 30 06 30 04 04 02 01 01",
        );
        file[place] = value;
        let _ = (private_keys(&file), certificates(&file));
    }
}
