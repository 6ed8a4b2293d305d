//! See `fuzz::sede_answer`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::sede_answer(data));
