//! See `fuzz::x509_chain`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::x509_chain(data));
