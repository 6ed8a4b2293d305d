//! See `fuzz::ledger_file`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::ledger_file(data));
