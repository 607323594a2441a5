//! Gives the binary its build id: `LOCKGATE_BUILD`, else the commit it was built from, else `unknown`.
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=LOCKGATE_BUILD");
    // The log of HEAD is written at every commit and checkout; it lies elsewhere in a linked work tree.
    if let Some(log) = git(&["rev-parse", "--git-path", "logs/HEAD"]).filter(|log| std::path::Path::new(log).exists()) {
        println!("cargo::rerun-if-changed={log}");
    }
    let named = std::env::var("LOCKGATE_BUILD").ok().filter(|name| !name.is_empty());
    let id = named.or_else(|| git(&["rev-parse", "--short=12", "HEAD"])).unwrap_or_else(|| "unknown".into());
    println!("cargo::rustc-env=LOCKGATE_BUILD_ID={id}");
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
