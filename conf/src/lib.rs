//! Lockgate's configuration: one YAML file, read into spanned nodes, checked row by row, turned into a [`model::Config`].
//!
//! Shape of the public API: text in, either a checked [`model::Config`] or *all* mistakes of the file at once, each with
//! `file:line:col`, what is allowed there and a hint. No I/O but reading the files that the YAML names.
#![forbid(unsafe_code)]

pub mod model;
