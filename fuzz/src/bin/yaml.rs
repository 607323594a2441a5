//! libFuzzer's driver of the target `yaml`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| lockgate_fuzz_targets::yaml::run(data));
