//! The real binary over real sockets.
mod bad_scripts;
mod cli;
mod connections;
mod demo;
mod examples;
mod harness;
mod heads;
mod isolation;
mod observability;
mod proxying;
mod reload;
mod replacing;
mod routing;
mod scripts;
mod shutdown;
mod static_files;
