//! See `fuzz::recorder`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::recorder(data));
