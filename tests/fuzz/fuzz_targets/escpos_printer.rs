//! See `fuzz::escpos_printer`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::escpos_printer(data));
