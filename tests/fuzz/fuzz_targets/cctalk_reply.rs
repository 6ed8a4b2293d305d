//! See `fuzz::cctalk_reply`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::cctalk_reply(data));
