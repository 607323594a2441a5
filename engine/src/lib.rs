//! Lockgate's JavaScript engine: modules compiled once, booted once, sealed into an image; runtimes cloned from it
//! copy-on-write; every request an arena on top, gone in O(1). It does no I/O and names no HTTP.

#[macro_use]
pub mod bytecode;
pub mod compile;
