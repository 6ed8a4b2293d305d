//! See `fuzz::cctalk_bus`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::cctalk_bus(data));
