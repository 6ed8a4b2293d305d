//! See `fuzz::card_tlv`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::card_tlv(data));
