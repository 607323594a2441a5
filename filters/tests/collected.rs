//! The tests of classes, handlers and hooks again, with a collection at every poll and on both sides of every native, what is
//! freed overwritten: a value that a native holds across JavaScript without a root is found here.
#![allow(clippy::duplicate_mod, reason = "each file brings what it needs, as it is a test by itself, too")]
#[path = "handlers.rs"]
mod handlers;
#[path = "hooks.rs"]
mod hooks;
#[path = "web.rs"]
mod web;
