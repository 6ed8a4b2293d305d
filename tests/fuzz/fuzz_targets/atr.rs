//! See `fuzz::atr`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::atr(data));
