//! See `fuzz::card_profiles`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::card_profiles(data));
