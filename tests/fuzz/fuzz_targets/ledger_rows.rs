//! See `fuzz::ledger_rows`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::ledger_rows(data));
