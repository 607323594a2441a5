//! The real binary over real sockets.
mod cli;
mod connections;
mod harness;
mod observability;
mod proxying;
mod reload;
mod routing;
mod shutdown;
mod static_files;
