//! libFuzzer's driver of the target `source`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| lockgate_fuzz_targets::source::run(data));
