//! What this build is called.

/// Version and build id, for `--version`: the commit it was built from, or the name that the build was given.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (build ", env!("LOCKGATE_BUILD_ID"), ")");
