//! See `fuzz::escpos_status`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::escpos_status(data));
