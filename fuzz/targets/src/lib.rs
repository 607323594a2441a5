//! The fuzz targets: what each does with an input, and what it holds against the answer. A target panics on a finding and
//! returns on everything else, so that libFuzzer (`fuzz/src/bin`) and an ordinary test (`tests/replay.rs`) can both run it.
//!
//! | target | input | finding |
//! |---|---|---|
//! | [`source`] | text of a program | a crash; a runtime that answers differently once reset, or whose image a reset does not restore |
//! | [`bytecode`] | edits of a compiled module | a module that the verifier accepts and that crashes |
//! | [`mod@image`] | bytes of an image, or edits of one | a crash while reading; damage that is not noticed |
//! | [`regexp`] | flags, pattern, subject; or words of a program | a crash; an answer that depends on the subject's representation; a match that no poll ends |
//! | [`yaml`] | bytes of a configuration file | a crash; a mistake without a place |
//!
//! Beside them: [`mod@program`] writes random programs, [`ways`] runs one in every way that the engine can.
#![forbid(unsafe_code)]

pub mod bytecode;
mod edits;
pub mod image;
pub mod program;
pub mod regexp;
mod run;
pub mod source;
pub mod ways;
pub mod yaml;

/// A target: its name, which is also the name of its corpus, and what it does with an input.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 5] = [
    ("source", source::run),
    ("bytecode", bytecode::run),
    ("image", image::run),
    ("regexp", regexp::run),
    ("yaml", yaml::run),
];
