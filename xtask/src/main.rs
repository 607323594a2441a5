//! Developer commands: `cargo xtask <command>`.
#![forbid(unsafe_code)]
mod fuzz;
mod soak;
mod test262;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask test262 --suite DIR [--under PATH] [--jobs N] [--report FILE]
           runs a checkout of the public conformance suite: test files below DIR/test/PATH (default language and built-ins),
           each in a fresh runtime of a child process; prints a table by folder and writes every failure to FILE
       cargo xtask fuzz TARGET [--seconds N] [--jobs N] [--seeds DIR] [--merge]
           fuzzes a target for N seconds (default 600) in N processes, beginning with its corpus and DIR; with --merge it makes
           the committed corpus anew from what was found
       cargo xtask differential [--minutes 30] [--seed N]
           runs random programs in every way that the engine can run them, and in quickjs-ng; prints every difference with the
           smallest program that shows it
       cargo xtask soak [--minutes 10] [--reloads 300]
           reloads the release binary under load, each time with another route, handler, filter and file; fails when a request
           fails, an answer is of a version that was not live, memory grows over the last half, or descriptors are left open";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.first().map(String::as_str) {
        Some("differential") => fuzz::differential(&args[1..]),
        Some("fuzz") => fuzz::main(&args[1..]),
        Some("test262") => test262::main(&args[1..]),
        Some("test262-worker") => test262::worker(&args[1..]),
        Some("soak") => soak::main(&args[1..]),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}
