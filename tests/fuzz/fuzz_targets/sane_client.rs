//! See `fuzz::sane_client`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::sane_client(data));
