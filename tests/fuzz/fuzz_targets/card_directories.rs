//! See `fuzz::card_directories`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::card_directories(data));
