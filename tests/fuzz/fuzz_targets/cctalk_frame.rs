//! See `fuzz::cctalk_frame`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::cctalk_frame(data));
