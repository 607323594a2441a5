//! Gives the binary its build id: the commit it was built from, or the package version outside a repository.
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=../.git/HEAD");
    println!("cargo::rerun-if-env-changed=LOCKGATE_BUILD");
    let named = std::env::var("LOCKGATE_BUILD").ok().filter(|name| !name.is_empty());
    let commit = || {
        let output = Command::new("git").args(["rev-parse", "--short=12", "HEAD"]).output().ok()?;
        let commit = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| commit.trim().to_owned())
    };
    let id = named.or_else(commit).unwrap_or_else(|| "unknown".into());
    println!("cargo::rustc-env=LOCKGATE_BUILD_ID={id}");
}
