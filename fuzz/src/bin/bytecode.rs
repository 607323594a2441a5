//! libFuzzer's driver of the target `bytecode`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| lockgate_fuzz_targets::bytecode::run(data));
