//! See `fuzz::card_dialogue`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::card_dialogue(data));
