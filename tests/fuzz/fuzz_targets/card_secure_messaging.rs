//! See `fuzz::card_secure_messaging`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::card_secure_messaging(data));
