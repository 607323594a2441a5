//! The interpreter against quickjs-ng (rquickjs) on benches/scripts, side by side in one process.
//!
//! A sample is a request: our runtime is a clone of a sealed image and is reset after every sample; quickjs-ng calls the same
//! function in a context that lives on. Both must give the script's `expected`. The figure is the best of the rounds, each
//! round timing a batch of samples of both engines one after the other.
//!
//! `cargo run --release -p lockgate-benches --bin scripts [-- [--rounds N] [--heap MODE] [NAME…]]`
#![forbid(unsafe_code)]
use lockgate_benches::contenders::{Ours, Theirs};
use lockgate_benches::{arguments, geomean, scripts};
use lockgate_engine::heap::space::HeapMode;
use std::time::{Duration, Instant};

/// Wall time of one batch.
const BATCH: Duration = Duration::from_millis(30);

fn main() {
    let (rounds, heap, names) = arguments(7);
    println!("{:<22} {:>12} {:>12} {:>7}", "script", "ours/s", "quickjs/s", "ratio");
    let mut ratios = Vec::new();
    for (name, source) in scripts(&names) {
        match measure(&name, &source, rounds, heap) {
            Ok((ours, theirs)) => {
                let ratio = theirs / ours;
                ratios.push((name.clone(), ratio));
                println!("{name:<22} {:>12.0} {:>12.0} {ratio:>7.2}", 1.0 / ours, 1.0 / theirs);
            }
            Err(e) => println!("{name:<22} failed: {e}"),
        }
    }
    let all: Vec<f64> = ratios.iter().map(|(_, r)| *r).collect();
    let builtin = ["json1k", "json100k", "jsonOps", "stringOps", "stringConcat", "htmlTemplate"];
    let six: Vec<f64> = ratios.iter().filter(|(n, _)| builtin.contains(&n.as_str())).map(|(_, r)| *r).collect();
    let worst = ratios.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    println!(
        "geomean of {}: {:.2}; json and strings: {:.2}; worst: {:?}",
        all.len(),
        geomean(&all),
        geomean(&six),
        worst
    );
}

/// Best seconds per sample of both.
fn measure(name: &str, source: &str, rounds: usize, heap: HeapMode) -> Result<(f64, f64), String> {
    let mut ours = Ours::new(name, source, heap)?;
    let theirs = Theirs::new(source)?;
    ours.sample(true)?;
    theirs.check()?;
    let n_ours = batch_size(|| ours.sample(false).map(drop))?;
    let n_theirs = batch_size(|| theirs.sample())?;
    let (mut best_ours, mut best_theirs) = (f64::MAX, f64::MAX);
    for _ in 0..rounds {
        best_ours = best_ours.min(time(n_ours, || ours.sample(false))?);
        best_theirs = best_theirs.min(time(n_theirs, || theirs.sample())?);
    }
    Ok((best_ours, best_theirs))
}

fn batch_size(mut f: impl FnMut() -> Result<(), String>) -> Result<u32, String> {
    let start = Instant::now();
    let mut n = 0;
    while start.elapsed() < BATCH {
        f()?;
        n += 1;
    }
    Ok(n)
}

fn time(n: u32, mut f: impl FnMut() -> Result<(), String>) -> Result<f64, String> {
    let start = Instant::now();
    for _ in 0..n {
        f()?;
    }
    Ok(start.elapsed().as_secs_f64() / f64::from(n))
}
