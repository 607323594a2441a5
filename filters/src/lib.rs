//! The script host: what a gateway needs to run JavaScript in the request path.
//!
//! [`web`] holds the web platform, one static [`embedding::EMBEDDING`] table over the engine. [`host`] runs hooks of a
//! script in steps against a [`view::HostView`], which the gateway implements over its own request; [`pool`] keeps
//! runtimes per worker thread. Nothing here does I/O: what a script asks of the world comes out as
//! [`ops::HostOp`]s and goes back in by [`pool::Lease::settle`].
#![forbid(unsafe_code)]

pub mod breaker;
pub mod counters;
pub mod embedding;
pub mod fault;
pub mod host;
pub mod kept;
mod names;
mod object;
pub mod ops;
pub mod pool;
pub mod script;
mod seam;
pub mod sources;
pub mod tally;
pub mod view;
pub mod web;
