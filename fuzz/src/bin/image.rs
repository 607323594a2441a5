//! libFuzzer's driver of the target `image`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| lockgate_fuzz_targets::image::run(data));
