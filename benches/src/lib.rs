//! What the benchmarks of whole processes share: servers that are started, asked and ended.
#![forbid(unsafe_code)]

pub mod binaries;
pub mod client;
pub mod generated;
pub mod server;
