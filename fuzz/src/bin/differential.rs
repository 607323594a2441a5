//! Random programs in every way that the engine can run them, and in quickjs-ng: `differential SECONDS [FIRST_SEED]`.
//!
//! Prints each difference with the smallest program that shows it, and fails if there was one.
#![forbid(unsafe_code)]
use lockgate_fuzz_targets::program::Program;
use lockgate_fuzz_targets::ways::{self, difference};
use std::process::ExitCode;
use std::time::{Duration, Instant};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Most differences of a run.
const MOST: u32 = 20;

fn main() -> ExitCode {
    let numbers: Option<Vec<u64>> = std::env::args().skip(1).map(|argument| argument.parse().ok()).collect();
    let Some(([seconds], first)) = numbers.as_deref().and_then(|numbers| numbers.split_first_chunk()) else {
        eprintln!("usage: differential SECONDS [FIRST_SEED]");
        return ExitCode::from(2);
    };
    let first = first.first().copied().unwrap_or(0);
    let end = Instant::now() + Duration::from_secs(*seconds);
    let (mut programs, mut lines, mut found) = (0, 0, 0);
    for seed in first.. {
        if Instant::now() > end || found == MOST {
            break;
        }
        programs += 1;
        match compare(&Program::random(seed)) {
            Ok(log) => lines += log.lines().count(),
            Err(why) => {
                found += 1;
                report(seed, &why);
            }
        }
    }
    println!("{programs} programs from seed {first}, {lines} lines of logs, {found} differences");
    if found == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The log on which all agree.
fn compare(program: &Program) -> Result<String, String> {
    let ours = ways::run(program)?;
    let theirs = quickjs(program)?;
    if ours == theirs { Ok(ours) } else { Err(format!("ours, then quickjs-ng's:\n{}", difference(&ours, &theirs))) }
}

/// The log of the program in quickjs-ng.
fn quickjs(program: &Program) -> Result<String, String> {
    let runtime = rquickjs::Runtime::new().map_err(|error| error.to_string())?;
    let context = rquickjs::Context::full(&runtime).map_err(|error| error.to_string())?;
    let run = |text: String| {
        context.with(|ctx| {
            ctx.eval::<Option<String>, _>(text).map_err(|error| format!("quickjs-ng: {error}: {:?}", ctx.catch()))
        })
    };
    run(program.text() + "main().catch(out); null;")?;
    while runtime.is_job_pending() {
        runtime.execute_pending_job().map_err(|_| "quickjs-ng: a job threw".to_string())?;
    }
    Ok(run("log.join('\\n')".to_string())?.unwrap_or_default())
}

fn report(seed: u64, why: &str) {
    let kind = |why: &str| why.lines().next().unwrap_or_default().to_string();
    let smallest =
        Program::random(seed).shrink(|smaller| compare(smaller).is_err_and(|other| kind(&other) == kind(why)));
    let why = compare(&smallest).err().unwrap_or_else(|| why.to_string());
    println!("--- seed {seed}: {why}");
    for piece in smallest.declarations.iter().chain(&smallest.steps) {
        println!("{piece}");
    }
}
