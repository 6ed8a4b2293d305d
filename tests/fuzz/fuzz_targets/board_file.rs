//! See `fuzz::board_file`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::board_file(data));
