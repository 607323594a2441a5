//! Coverage-guided fuzzing on stable Rust: builds a target with LLVM's coverage instrumentation, in a target directory of
//! its own, and runs it under libFuzzer.
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const TARGETS: [&str; 5] = ["source", "bytecode", "image", "regexp", "yaml"];

/// What libFuzzer asks of the compiler: a counter an edge, where each stands, and the operands of comparisons.
const INSTRUMENTATION: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Most seconds of one input, and most MiB of the process.
const BOUNDS: [&str; 2] = ["-timeout=30", "-rss_limit_mb=4096"];

/// What to do with a target.
struct Job {
    target: String,
    seconds: u32,
    jobs: u32,
    merge: bool,
    seeds: Vec<PathBuf>,
}

/// Fuzzes a target, or minimises its corpus.
pub fn main(args: &[String]) -> ExitCode {
    let Some(job) = parse(args) else { return usage() };
    match run(&job) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(why) => {
            eprintln!("xtask fuzz: {why}");
            ExitCode::from(1)
        }
    }
}

/// Random programs in our engine and another: see `fuzz/src/bin/differential.rs`.
pub fn differential(args: &[String]) -> ExitCode {
    let (mut minutes, mut seed) = (30_u64, 0_u64);
    for pair in args.chunks(2) {
        let slot = match pair[0].as_str() {
            "--minutes" => &mut minutes,
            "--seed" => &mut seed,
            _ => return usage(),
        };
        match pair.get(1).and_then(|value| value.parse().ok()) {
            Some(value) => *slot = value,
            None => return usage(),
        }
    }
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["run", "--locked", "--profile", "fuzz", "--package", "lockgate-fuzz", "--bin", "differential", "--"]);
    cargo.args([(minutes * 60).to_string(), seed.to_string()]);
    match succeeds(&mut cargo) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("xtask differential: {why}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("{}\ntargets: {}", crate::USAGE, TARGETS.join(", "));
    ExitCode::from(2)
}

fn parse(args: &[String]) -> Option<Job> {
    let (target, mut rest) = args.split_first()?;
    let mut job = Job { target: target.clone(), seconds: 600, jobs: 1, merge: false, seeds: Vec::new() };
    while let Some((arg, after)) = rest.split_first() {
        rest = after;
        if arg == "--merge" {
            job.merge = true;
            continue;
        }
        let (value, after) = rest.split_first()?;
        rest = after;
        match arg.as_str() {
            "--seconds" => job.seconds = value.parse().ok()?,
            "--jobs" => job.jobs = value.parse().ok().filter(|&jobs| jobs > 0)?,
            "--seeds" => job.seeds.push(PathBuf::from(value)),
            _ => return None,
        }
    }
    TARGETS.contains(&job.target.as_str()).then_some(job)
}

/// Whether the target ended without a finding.
fn run(job: &Job) -> Result<bool, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("xtask stands in a workspace")?;
    let target_dir =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from).join("fuzz");
    let binary = build(root, &target_dir, &job.target)?;
    let corpus = root.join("fuzz/corpus").join(&job.target);
    // What a run finds stays out of the repository until it is merged.
    let found = target_dir.join("found").join(&job.target);
    let artifacts = root.join("fuzz/artifacts").join(&job.target);
    for dir in [&corpus, &found, &artifacts] {
        std::fs::create_dir_all(dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    }
    if job.merge {
        return merge(&binary, &corpus, &found);
    }
    let mut fuzzer = Command::new(&binary);
    fuzzer.args(BOUNDS).arg(format!("-max_total_time={}", job.seconds)).arg("-print_final_stats=1");
    fuzzer.arg(format!("-artifact_prefix={}/", artifacts.display()));
    if job.jobs > 1 {
        // Processes that share the directory of what they find; libFuzzer writes a log for each to the current directory.
        fuzzer.args([format!("-jobs={}", job.jobs), format!("-workers={}", job.jobs)]).current_dir(&target_dir);
    }
    let dictionary = root.join("fuzz/dictionaries").join(&job.target).with_extension("dict");
    if dictionary.exists() {
        fuzzer.arg(format!("-dict={}", dictionary.display()));
    }
    fuzzer.arg(&found).arg(&corpus).args(&job.seeds);
    if succeeds(&mut fuzzer)? {
        return Ok(true);
    }
    report(&artifacts, &binary);
    Ok(false)
}

/// Builds a target's binary. The target triple is named so that build scripts and macros are not instrumented.
fn build(root: &Path, target_dir: &Path, target: &str) -> Result<PathBuf, String> {
    let triple = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).env("RUSTFLAGS", INSTRUMENTATION);
    cargo.args(["build", "--locked", "--profile", "fuzz", "--package", "lockgate-fuzz", "--bin", target]);
    cargo.args(["--target", &triple]).arg("--target-dir").arg(target_dir);
    if !succeeds(&mut cargo)? {
        return Err(format!("target '{target}' does not build"));
    }
    Ok(target_dir.join(triple).join("fuzz").join(target))
}

/// Replaces the committed corpus by a smallest set of inputs, old and found, that reaches as many edges.
fn merge(binary: &Path, corpus: &Path, found: &Path) -> Result<bool, String> {
    let smaller = found.with_extension("merged");
    let fail = |e: std::io::Error| format!("{}: {e}", smaller.display());
    if smaller.exists() {
        std::fs::remove_dir_all(&smaller).map_err(fail)?;
    }
    std::fs::create_dir_all(&smaller).map_err(fail)?;
    let mut fuzzer = Command::new(binary);
    fuzzer.args(BOUNDS).args(["-set_cover_merge=1", "-use_counters=0"]).arg(&smaller).arg(corpus).arg(found);
    if !succeeds(&mut fuzzer)? {
        return Ok(false);
    }
    std::fs::remove_dir_all(corpus).map_err(fail)?;
    std::fs::create_dir_all(corpus).map_err(fail)?;
    for entry in std::fs::read_dir(&smaller).map_err(fail)?.flatten() {
        std::fs::copy(entry.path(), corpus.join(entry.file_name())).map_err(fail)?;
    }
    Ok(true)
}

/// The inputs that were findings, and how to see them again.
fn report(artifacts: &Path, binary: &Path) {
    let mut inputs: Vec<PathBuf> =
        std::fs::read_dir(artifacts).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    inputs.sort();
    for input in inputs {
        eprintln!("finding: {}\n  again: {} {}", input.display(), binary.display(), input.display());
    }
}

fn succeeds(command: &mut Command) -> Result<bool, String> {
    let status = command.status().map_err(|e| format!("{}: {e}", command.get_program().display()))?;
    Ok(status.success())
}
