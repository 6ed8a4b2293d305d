//! What a stream unpacks to, before the library unpacks it: bounded, and whole.
use flate2::{Decompress, FlushDecompress, Status};
use hayro::hayro_syntax::Filter;
use hayro::hayro_syntax::object::Stream;

use super::RasterError;

/// Most bytes that a stream may unpack to.
pub(super) const LARGEST_STREAM: usize = 48 * 1024 * 1024;
/// Encrypted object streams cannot be looked into before they are read; so many bytes unpack to at most 128 MiB.
const SEALED_OBJECTS: usize = 128 * 1024;
const BOMB: RasterError = RasterError::Complex("a stream unpacks to too much");
const BROKEN: RasterError = RasterError::Damaged("a packed stream is broken off");

/// How much longer a byte can become: the worst case of each packing.
fn growth(filter: Filter) -> usize {
    match filter {
        Filter::FlateDecode => 1040,
        Filter::LzwDecode => 2740,
        Filter::RunLengthDecode => 64,
        Filter::Ascii85Decode => 4,
        _ => 1,
    }
}

/// Checks what the filters of a stream make of its data, up to the picture formats; the length of that.
pub(super) fn check(stream: &Stream<'_>) -> Result<usize, RasterError> {
    let filters = stream.filters();
    let raw = stream.raw_data();
    let packed: Vec<Filter> = filters.iter().copied().take_while(|filter| !is_picture(*filter)).collect();
    let (flate, before): (Vec<Filter>, Vec<Filter>) =
        packed.iter().partition(|filter| **filter == Filter::FlateDecode);
    let plain = before
        .iter()
        .all(|filter| matches!(filter, Filter::Ascii85Decode | Filter::AsciiHexDecode | Filter::Crypt));
    if flate.len() == 1 && plain && packed.last() == Some(&Filter::FlateDecode) {
        let mut data = raw.into_owned();
        for filter in before {
            data = match filter {
                Filter::Ascii85Decode => ascii_85(&data),
                Filter::AsciiHexDecode => ascii_hex(&data),
                _ => data,
            };
        }
        return inflated(&data, LARGEST_STREAM);
    }
    let most = packed.iter().fold(raw.len(), |length, filter| length.saturating_mul(growth(*filter)));
    if most > LARGEST_STREAM { Err(BOMB) } else { Ok(most) }
}

fn is_picture(filter: Filter) -> bool {
    matches!(filter, Filter::DctDecode | Filter::JpxDecode | Filter::Jbig2Decode | Filter::CcittFaxDecode)
}

/// The length that zlib data unpacks to. Some writers leave out the check sum at its end; nobody may leave out data.
fn inflated(data: &[u8], most: usize) -> Result<usize, RasterError> {
    let mut inflate = Decompress::new(true);
    let mut out = vec![0; 64 * 1024];
    loop {
        let (taken, given) = (inflate.total_in(), inflate.total_out());
        let rest = data.get(usize::try_from(taken).unwrap_or(usize::MAX)..).unwrap_or_default();
        let status = inflate.decompress(rest, &mut out, FlushDecompress::None);
        let length = usize::try_from(inflate.total_out()).unwrap_or(usize::MAX);
        if length > most {
            return Err(BOMB);
        }
        match status {
            Ok(Status::StreamEnd) => return Ok(length),
            Ok(_) if (inflate.total_in(), inflate.total_out()) == (taken, given) => {
                // All is used up: only the check sum, of four bytes, may be missing.
                return whole_without_check_sum(data).map(|()| length);
            }
            Ok(_) => {}
            Err(_) => return whole_without_check_sum(data).map(|()| length),
        }
    }
}

/// The blocks themselves come to their end.
fn whole_without_check_sum(data: &[u8]) -> Result<(), RasterError> {
    let mut inflate = Decompress::new(false);
    let mut out = vec![0; 64 * 1024];
    let body = data.get(2..).unwrap_or_default();
    loop {
        let (taken, given) = (inflate.total_in(), inflate.total_out());
        let rest = body.get(usize::try_from(taken).unwrap_or(usize::MAX)..).unwrap_or_default();
        match inflate.decompress(rest, &mut out, FlushDecompress::None) {
            Ok(Status::StreamEnd) => return Ok(()),
            Ok(_) if (inflate.total_in(), inflate.total_out()) != (taken, given) => {}
            _ => return Err(BROKEN),
        }
    }
}

fn ascii_hex(data: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = data
        .iter()
        .take_while(|byte| **byte != b'>')
        .filter_map(|byte| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit) << (8 - 4 * pair.len()))
        .collect()
}

fn ascii_85(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut group: Vec<u8> = Vec::new();
    for &byte in data {
        match byte {
            b'~' => break,
            b'z' if group.is_empty() => out.extend([0; 4]),
            b'!'..=b'u' => {
                group.push(byte - b'!');
                if group.len() == 5 {
                    out.extend(word(&group).to_be_bytes());
                    group.clear();
                }
            }
            _ => {}
        }
    }
    if group.len() > 1 {
        let kept = group.len() - 1;
        group.resize(5, 84);
        out.extend(word(&group).to_be_bytes().iter().take(kept));
    }
    out
}

fn word(group: &[u8]) -> u32 {
    group.iter().fold(0_u32, |word, digit| word.wrapping_mul(85).wrapping_add(u32::from(*digit)))
}

/// Checks, in the bytes of the file, the streams that are unpacked while it is opened: tables of references and
/// streams of objects.
pub(super) fn check_file(file: &[u8]) -> Result<(), RasterError> {
    let encrypted = find(file, b"/Encrypt").is_some();
    let mut sealed = 0_usize;
    let mut rest = file;
    while let Some(at) = find(rest, b"stream") {
        let (head, tail) = rest.split_at(at);
        let data = tail.get(6..).unwrap_or_default();
        rest = data;
        if head.ends_with(b"end") {
            continue;
        }
        let data = data.strip_prefix(b"\r\n").or_else(|| data.strip_prefix(b"\n")).unwrap_or(data);
        // The bytes of the stream before are no names, whatever they look like.
        let own = find_last(head, b"endobj").map_or(head, |at| head.get(at..).unwrap_or_default());
        let names = plain_names(own);
        let objects = find(&names, b"/First").is_some() || find(&names, b"/ObjStm").is_some();
        let table = find(&names, b"/XRef").is_some()
            || find(&names, b"/W[").is_some()
            || find(&names, b"/W [").is_some();
        if !objects && !table {
            continue;
        }
        let packings: &[&[u8]] =
            &[b"/A85", b"/ASCII85", b"/AHx", b"/ASCIIHex", b"/LZW", b"/RunLength", b"/RL"];
        if packings.iter().any(|name| find(&names, name).is_some()) {
            return Err(RasterError::Unsupported("object streams in an old packing"));
        }
        if find(&names, b"/Fl").is_none() {
            continue;
        }
        if encrypted && objects {
            sealed += find(data, b"endstream").unwrap_or(data.len());
            if sealed > SEALED_OBJECTS {
                return Err(RasterError::Complex("too many encrypted objects"));
            }
        } else if inflated(data, LARGEST_STREAM) == Err(BOMB) {
            return Err(BOMB);
        }
    }
    Ok(())
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut from = 0;
    loop {
        let at = from + bytes.get(from..)?.iter().position(|byte| *byte == first)?;
        if bytes.get(at..)?.starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
}

fn find_last(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).rposition(|part| part == wanted)
}

/// Names with their `#xx` written out.
fn plain_names(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        if *byte == b'#'
            && let [high, low, tail @ ..] = tail
            && let (Some(high), Some(low)) = (char::from(*high).to_digit(16), char::from(*low).to_digit(16))
        {
            out.push(u8::try_from(high * 16 + low).unwrap_or(b'#'));
            rest = tail;
        } else {
            out.push(*byte);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn packed(data: &[u8]) -> Vec<u8> {
        let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        writer.write_all(data).unwrap();
        writer.finish().unwrap()
    }

    #[test]
    fn a_stream_may_lack_its_check_sum_but_no_data() {
        let data: Vec<u8> =
            (0..20_000_u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        let packed = packed(&data);
        assert_eq!(inflated(&packed, LARGEST_STREAM), Ok(80_000));
        assert_eq!(inflated(&packed[..packed.len() - 4], LARGEST_STREAM), Ok(80_000));
        assert_eq!(inflated(&packed[..packed.len() / 2], LARGEST_STREAM), Err(BROKEN));
        assert_eq!(inflated(&[], LARGEST_STREAM), Err(BROKEN));
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused_before_it_is_unpacked() {
        let bomb = packed(&vec![0; LARGEST_STREAM + 1]);
        assert_eq!(inflated(&bomb, LARGEST_STREAM), Err(BOMB));
        let file = |keys: &str| {
            [b"%PDF-1.7\n1 0 obj\n<<", keys.as_bytes(), b">>\nstream\n", &bomb, b"\nendstream"].concat()
        };
        assert_eq!(check_file(&file("/Type/ObjStm/N 9/First 40/Filter/FlateDecode")), Err(BOMB));
        assert_eq!(check_file(&file("/#46irst 40/Filter/Fl#61teDecode")), Err(BOMB));
        assert_eq!(check_file(&file("/W[1 2 1]/Filter/FlateDecode")), Err(BOMB));
        let wrapped = file("/Type/ObjStm/N 9/First 40/Filter[/A85/FlateDecode]");
        assert!(matches!(check_file(&wrapped), Err(RasterError::Unsupported(_))));
    }

    #[test]
    fn the_data_of_a_stream_is_not_taken_for_the_names_of_the_next() {
        let table = b"\nendstream\nendobj\n85 0 obj\n<</Type/XRef/W[1 2 1]/Length 85>>\nstream\n\nendstream";
        let file = [b"1 0 obj\n<</Length 9>>\nstream\n/RL/A85".as_slice(), table].concat();
        assert_eq!(check_file(&file), Ok(()));
    }

    #[test]
    fn ascii_armour_is_taken_off() {
        assert_eq!(ascii_hex(b"48 65 6C6c 6F7>"), b"Hello\x70");
        assert_eq!(ascii_85(b"87cURD]i,\"Ebo80~>"), b"Hello World!");
        assert_eq!(ascii_85(b"z87c~>"), b"\0\0\0\0He");
    }
}
