//! The binaries that are measured: built by cargo in the release profile, found beside the running benchmark.
use std::path::PathBuf;
use std::process::Command;

/// Paths of the measured binaries.
#[derive(Debug, Clone)]
pub struct Binaries {
    /// The gateway.
    pub lockgate: PathBuf,
    /// Pingora without it (`bare.rs`).
    pub bare: PathBuf,
}

/// Builds the gateway and the bare server where the benchmark itself was built.
///
/// # Errors
/// The build fails, or the benchmark is not in a directory of cargo's.
pub fn build() -> Result<Binaries, String> {
    let own = std::env::current_exe().map_err(|error| format!("this benchmark has no path: {error}"))?;
    let target = own.ancestors().nth(2).ok_or("this benchmark is not in cargo's directory")?;
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let built = Command::new(cargo)
        .args(["build", "--release", "--locked", "--quiet", "-p", "lockgate-proxy", "-p", "lockgate-benches"])
        .args(["--bin", "lockgate", "--bin", "bare"])
        .arg("--target-dir")
        .arg(target)
        .status();
    if !built.is_ok_and(|status| status.success()) {
        return Err("the binaries cannot be built".to_owned());
    }
    Ok(Binaries { lockgate: own.with_file_name("lockgate"), bare: own.with_file_name("bare") })
}
