//! Reloads under load for a long time: no request may fail, every answer must be of a version that was live during its
//! request, and neither memory nor descriptors may grow.
mod gateway;
mod load;
mod origin;

use gateway::Gateway;
use load::{Load, Tally};
use origin::Origin;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Reloads before anything is measured: caches, pools and the allocator reach their level.
const WARM_UP: u64 = 10;
/// Resident memory may grow by so much over the last half.
const MAX_GROWTH: u64 = 8 << 20;

/// What is asked of the soak.
struct Plan {
    time: Duration,
    reloads: u64,
}

/// What is live and what may be: written by the thread that reloads, read by those that check answers.
#[derive(Debug, Default)]
pub struct Versions {
    /// The newest version whose files were begun to be written.
    written: AtomicU64,
    /// The newest version whose reload was reported done.
    live: AtomicU64,
}

/// Runs the soak.
pub fn main(args: &[String]) -> ExitCode {
    let Some(plan) = plan(args) else {
        eprintln!("usage: cargo xtask soak [--minutes M] [--reloads N]");
        return ExitCode::from(2);
    };
    match run(&plan) {
        Ok(violations) if violations.is_empty() => ExitCode::SUCCESS,
        Ok(violations) => {
            violations.iter().for_each(|violation| eprintln!("soak: {violation}"));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("soak: {error}");
            ExitCode::FAILURE
        }
    }
}

fn plan(args: &[String]) -> Option<Plan> {
    let mut plan = Plan { time: Duration::from_secs(600), reloads: 300 };
    for pair in args.chunks(2) {
        match pair {
            [flag, value] if flag == "--minutes" => {
                plan.time = Duration::try_from_secs_f64(value.parse::<f64>().ok()? * 60.0).ok()?;
            }
            [flag, value] if flag == "--reloads" => plan.reloads = value.parse().ok().filter(|reloads| *reloads > 0)?,
            _ => return None,
        }
    }
    Some(plan)
}

/// Memory and descriptors of the gateway over the measured time.
struct Figures {
    half_rss: u64,
    end_rss: u64,
    /// Highest in the last half.
    peak_rss: u64,
    start_fds: usize,
    end_fds: usize,
    took: Duration,
}

fn run(plan: &Plan) -> Result<Vec<String>, String> {
    let origin = Origin::start().map_err(|error| format!("the origin: {error}"))?;
    let versions = Versions::default();
    let mut gateway = Gateway::start(origin.address)?;
    let mut version = 0;
    // The warm-up is under the same load, then all connections are closed: what is open then is the gateway's own.
    let warm_up = Load::start(gateway.address, &versions, |_| {
        (0..WARM_UP).try_for_each(|_| reload(&mut gateway, &versions, &mut version))
    })?;
    origin.close_connections();
    let start_fds = gateway.settled_descriptors(None)?;
    let mut figures = Figures { half_rss: 0, end_rss: 0, peak_rss: 0, start_fds, end_fds: 0, took: Duration::ZERO };
    let started = Instant::now();
    let tally = Load::start(gateway.address, &versions, |load| {
        for number in 1..=plan.reloads {
            let due = plan.time.mul_f64(number as f64 / plan.reloads as f64);
            while started.elapsed() < due && !load.has_violations() {
                std::thread::sleep(Duration::from_millis(20).min(due.saturating_sub(started.elapsed())));
            }
            reload(&mut gateway, &versions, &mut version)?;
            let rss = gateway.resident_bytes()?;
            if number <= plan.reloads.div_ceil(2) {
                figures.half_rss = rss;
            }
            figures.peak_rss = figures.peak_rss.max(if number >= plan.reloads.div_ceil(2) { rss } else { 0 });
            figures.end_rss = rss;
            if load.has_violations() {
                break;
            }
        }
        Ok(())
    })?;
    figures.took = started.elapsed();
    origin.close_connections();
    figures.end_fds = gateway.settled_descriptors(Some(start_fds))?;
    print(plan, &tally, &figures, version - WARM_UP);
    Ok(violations(&[warm_up, tally], &figures, version - WARM_UP, plan))
}

/// Writes the next version, has it loaded, and checks that its own route came and that of the one before went.
fn reload(gateway: &mut Gateway, versions: &Versions, version: &mut u64) -> Result<(), String> {
    *version += 1;
    versions.written.store(*version, Ordering::SeqCst);
    gateway.reload(*version)?;
    versions.live.store(*version, Ordering::SeqCst);
    load::check_routes(gateway.address, *version)
}

fn print(plan: &Plan, tally: &Tally, figures: &Figures, reloads: u64) {
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    println!("| what | figure |\n|---|---|");
    println!("| time | {:.1} s (asked: {:.1} s) |", figures.took.as_secs_f64(), plan.time.as_secs_f64());
    println!("| reloads, each with another route, handler, filter and file | {reloads} |");
    for (path, count) in &tally.answers {
        println!("| answers of {path}, each of a live version | {count} |");
    }
    println!("| failed requests and wrong versions | {} |", tally.violations.len());
    println!(
        "| resident memory: half time, highest after it, end | {:.1} MiB, {:.1} MiB, {:.1} MiB |",
        mib(figures.half_rss),
        mib(figures.peak_rss),
        mib(figures.end_rss)
    );
    println!("| descriptors after warm-up, at the end | {}, {} |", figures.start_fds, figures.end_fds);
}

fn violations(tallies: &[Tally], figures: &Figures, reloads: u64, plan: &Plan) -> Vec<String> {
    let mut violations: Vec<String> = tallies.iter().flat_map(|tally| tally.violations.iter().cloned()).collect();
    if reloads < plan.reloads {
        violations.push(format!("{reloads} reloads of {}", plan.reloads));
    }
    if figures.end_rss > figures.half_rss + MAX_GROWTH {
        violations.push(format!("resident memory grew by {} bytes", figures.end_rss - figures.half_rss));
    }
    if figures.end_fds != figures.start_fds {
        violations.push(format!("{} descriptors at the start, {} at the end", figures.start_fds, figures.end_fds));
    }
    violations
}
