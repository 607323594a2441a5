//! Lockgate's JavaScript engine: modules compiled once, booted once, sealed into an image; runtimes cloned from it
//! copy-on-write; every request an arena on top, gone in O(1). It does no I/O and names no HTTP.
#![deny(unsafe_code)]

#[cfg(all(feature = "compiler", feature = "no-compiler"))]
compile_error!("`--features no-compiler` needs `--no-default-features` beside it");

pub mod builtins;
#[macro_use]
pub mod bytecode;
pub mod call;
#[cfg(feature = "compiler")]
pub mod compile;
#[cfg(not(feature = "compiler"))]
#[path = "compile/absent.rs"]
pub mod compile;
pub mod convert;
pub mod engine;
pub mod errors;
pub mod heap;
pub mod image;
pub mod interp;
pub mod job;
pub mod limits;
pub mod link;
pub mod native;
pub mod object;
pub mod realm;
pub mod regexp;
pub mod runtime;
pub mod shape;
pub mod slice;
pub mod source_map;
pub mod string;
pub mod value;
