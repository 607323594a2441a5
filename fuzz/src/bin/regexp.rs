//! libFuzzer's driver of the target `regexp`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| lockgate_fuzz_targets::regexp::run(data));
