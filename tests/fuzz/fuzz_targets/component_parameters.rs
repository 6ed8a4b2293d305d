//! See `fuzz::component_parameters`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::component_parameters(data));
