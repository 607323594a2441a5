//! Lockgate's gateway: Pingora in front of scripts, origins and files.
//!
//! The way of a request: [`worker`] accepts it and hands it to Pingora over a [`stream`]; [`gate`] finds its [`route`],
//! runs the filters and answers from a script ([`script`]), an origin ([`upstream`]) or a file ([`static_files`]); what
//! went wrong is a [`failure`]; [`access_log`] and [`metrics`] remember it. [`server`] starts and ends all of it,
//! [`reload`] swaps the [`snapshot`] it works with. Only this crate names Pingora; only [`cli`] prints and exits.
#![deny(unsafe_code)]

pub mod access_log;
pub mod admin;
mod alarm;
pub mod build;
mod builtin;
pub mod cli;
mod complaint;
mod embedded;
pub mod failure;
pub mod fields;
pub mod gate;
pub mod head;
pub mod header_edits;
pub mod metrics;
mod pace;
pub mod path;
mod proxies;
mod refuse;
pub mod reload;
mod replacement;
pub mod request;
pub mod request_id;
pub mod respond;
pub mod route;
pub mod script;
pub mod server;
pub mod snapshot;
pub mod static_files;
#[expect(unsafe_code, reason = "reads into the uninitialised part of Pingora's buffer")]
pub mod stream;
mod trust;
pub mod upstream;
mod whole_file;
pub mod worker;
