//! See `fuzz::sane_wire`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::sane_wire(data));
