//! Whatever comes, cut wherever: the same reading, or "more", or an error with a name.
use hal_sane::wire::{
    Ack, ControlReply, Decoded, Descriptors, DevicesReply, InitReply, OpenReply, ParametersReply, Piece,
    Records, Reply, SaneStatus, StartReply, decode,
};
use proptest::prelude::*;

/// As the protocol's description has them, made by hand.
fn word(word: u32) -> Vec<u8> {
    word.to_be_bytes().to_vec()
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(word(0)),
        "[a-zñ ]{0,20}".prop_map(|text| [word(text.len() as u32 + 1), text.into_bytes(), vec![0]].concat()),
    ]
}

fn list(element: impl Strategy<Value = Vec<u8>>, most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(element, 0..most).prop_map(|list| [word(list.len() as u32), list.concat()].concat())
}

fn pointed(value: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![Just(word(1)), value.prop_map(|value| [word(0), value].concat())]
}

fn constraint() -> impl Strategy<Value = Vec<u8>> {
    let words = prop::collection::vec(any::<i32>(), 0..9).prop_map(|words| {
        let count = words.len() as u32;
        let words = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        [word(2), word(count + 1), word(count), words].concat()
    });
    prop_oneof![
        Just(word(0)),
        pointed(any::<[u8; 12]>().prop_map(Vec::from)).prop_map(|range| [word(1), range].concat()),
        words,
        list(text(), 6).prop_map(|texts| [word(3), texts].concat()),
    ]
}

fn descriptor() -> impl Strategy<Value = Vec<u8>> {
    (text(), text(), text(), 0_u32..6, any::<[u32; 3]>(), constraint()).prop_map(
        |(name, title, description, kind, rest, constraint)| {
            let rest = rest.map(word).concat();
            [name, title, description, word(kind), rest, constraint].concat()
        },
    )
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        (0_u32..3, prop::collection::vec(any::<u32>(), 0..9)).prop_map(|(kind, words)| {
            let count = words.len() as u32;
            [word(kind), word(count * 4), word(count), words.into_iter().flat_map(word).collect()].concat()
        }),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(|characters| {
            let count = characters.len() as u32;
            [word(3), word(count), word(count), characters].concat()
        }),
        (4_u32..6).prop_map(|kind| [word(kind), word(0), word(0)].concat()),
    ]
}

/// A reply is read whole, with nothing left; any beginning of it wants more, and never more than there is to come.
fn whole_or_more<R: Reply>(bytes: &[u8]) {
    match decode::<R>(bytes) {
        Ok(Decoded::Whole(_, used)) => assert_eq!(used, bytes.len()),
        Ok(Decoded::More(count)) => panic!("{count} of {}", bytes.len()),
        Err(error) => panic!("{error}"),
    }
    for cut in 0..bytes.len() {
        match decode::<R>(&bytes[..cut]) {
            Ok(Decoded::More(count)) => assert!(cut < count && count <= bytes.len(), "{cut} {count}"),
            Ok(Decoded::Whole(..)) => panic!("whole after {cut} of {}", bytes.len()),
            Err(error) => panic!("{error} after {cut} of {}", bytes.len()),
        }
    }
}

fn no_panic<R: Reply>(bytes: &[u8]) {
    match decode::<R>(bytes) {
        Ok(Decoded::Whole(_, used)) => assert!(used <= bytes.len()),
        Ok(Decoded::More(count)) => assert!(count > bytes.len()),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// All that comes out of a data connection, cut in pieces as the list says.
fn read(bytes: &[u8], cuts: &[usize]) -> (Vec<u8>, Option<SaneStatus>, bool) {
    let (mut records, mut image, mut end) = (Records::new(), Vec::new(), None);
    let mut at = 0;
    for size in cuts.iter().copied().cycle().map(|size| size.max(1)) {
        let until = (at + size).min(bytes.len());
        let mut input = &bytes[at..until];
        loop {
            match records.next(&mut input) {
                Ok(Some(Piece::Image(bytes))) => {
                    assert!(!bytes.is_empty());
                    image.extend_from_slice(bytes);
                }
                Ok(Some(Piece::End(status))) => end = Some(status),
                Ok(None) => break,
                Err(_) => return (image, end, true),
            }
        }
        at = until;
        if at == bytes.len() || end.is_some() {
            return (image, end, false);
        }
    }
    (image, end, false)
}

proptest! {
    #[test]
    fn a_list_of_options_is_read_cut_anywhere(bytes in list(pointed(descriptor()), 5)) {
        whole_or_more::<Descriptors>(&bytes);
    }

    #[test]
    fn a_list_of_devices_is_read_cut_anywhere(
        status in any::<u32>(),
        devices in list(pointed([text(), text(), text(), text()].prop_map(|texts| texts.concat())), 6),
    ) {
        whole_or_more::<DevicesReply>(&[word(status), devices].concat());
    }

    #[test]
    fn the_other_replies_are_read_cut_anywhere(
        words in any::<[u32; 7]>(),
        value in value(),
        resource in text(),
    ) {
        let words: Vec<u8> = words.into_iter().flat_map(word).collect();
        whole_or_more::<InitReply>(&words[..8]);
        whole_or_more::<Ack>(&words[..4]);
        whole_or_more::<ParametersReply>(&words);
        whole_or_more::<OpenReply>(&[&words[..8], &resource].concat());
        whole_or_more::<StartReply>(&[&words[..12], &resource].concat());
        whole_or_more::<ControlReply>(&[&words[..8], &value, &resource].concat());
    }

    #[test]
    fn no_bytes_are_too_odd(bytes in prop::collection::vec(prop_oneof![Just(0), Just(1), Just(0xFF), any::<u8>()], 0..600)) {
        no_panic::<InitReply>(&bytes);
        no_panic::<DevicesReply>(&bytes);
        no_panic::<OpenReply>(&bytes);
        no_panic::<Ack>(&bytes);
        no_panic::<Descriptors>(&bytes);
        no_panic::<ControlReply>(&bytes);
        no_panic::<ParametersReply>(&bytes);
        no_panic::<StartReply>(&bytes);
    }

    #[test]
    fn records_are_the_same_cut_anywhere(
        parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..50), 0..12),
        status in any::<u8>(),
        rubbish in prop::collection::vec(any::<u8>(), 0..9),
        cuts in prop::collection::vec(1_usize..40, 1..6),
    ) {
        let mut bytes: Vec<u8> =
            parts.iter().flat_map(|part| [word(part.len() as u32), part.clone()].concat()).collect();
        bytes.extend([word(u32::MAX), vec![status], rubbish].concat());
        let expected = (parts.concat(), Some(u32::from(status).into()), false);
        prop_assert_eq!(&read(&bytes, &cuts), &expected);
        prop_assert_eq!(&read(&bytes, &[usize::MAX >> 1]), &expected);
        prop_assert_eq!(&read(&bytes, &[1]), &expected);
    }

    #[test]
    fn any_bytes_are_the_same_records_cut_anywhere(
        bytes in prop::collection::vec(prop_oneof![Just(0), Just(0xFF), any::<u8>()], 1..200),
        cuts in prop::collection::vec(1_usize..20, 1..6),
    ) {
        prop_assert_eq!(read(&bytes, &cuts), read(&bytes, &[1]));
    }
}
