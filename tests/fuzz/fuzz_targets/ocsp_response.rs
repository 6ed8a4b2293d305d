//! See `fuzz::ocsp_response`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::ocsp_response(data));
