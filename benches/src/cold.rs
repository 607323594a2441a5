//! The first call and the first 100 calls of a function that was never called, against quickjs-ng (rquickjs).
//!
//! Each round makes a new runtime of ours (a clone of the sealed image) and a new context of quickjs-ng with the script
//! evaluated; neither is timed. Then `bench()` is called: once, and 99 times more, ours reset after each. Page faults, empty
//! inline caches and lazy work of the first call are in the figure. Medians of interleaved rounds; the ratio is theirs / ours.
//!
//! `cargo run --release -p lockgate-benches --bin cold [-- [--rounds N] [NAME…]]`
#![forbid(unsafe_code)]
use lockgate_benches::contenders::{Ours, Theirs};
use lockgate_benches::{arguments, geomean, median, scripts};
use lockgate_engine::heap::space::HeapMode;
use std::time::Instant;

/// Seconds of the first call, and of the first 100.
type Cold = (f64, f64);

fn main() -> Result<(), String> {
    let (rounds, heap, names) = arguments(15);
    println!(
        "{:<22} {:>9} {:>9} {:>7} {:>9} {:>9} {:>7}",
        "script", "first us", "quickjs", "ratio", "100, us", "quickjs", "ratio"
    );
    let (mut first, mut hundred) = (Vec::new(), Vec::new());
    for (name, source) in scripts(&names) {
        let (ours, theirs) = measure(&name, &source, rounds, heap)?;
        first.push(theirs.0 / ours.0);
        hundred.push(theirs.1 / ours.1);
        println!(
            "{name:<22} {:>9.1} {:>9.1} {:>7.2} {:>9.0} {:>9.0} {:>7.2}",
            ours.0 * 1e6,
            theirs.0 * 1e6,
            theirs.0 / ours.0,
            ours.1 * 1e6,
            theirs.1 * 1e6,
            theirs.1 / ours.1
        );
    }
    let least = |set: &[f64]| set.iter().copied().fold(f64::INFINITY, f64::min);
    println!("first call: geomean {:.2}, least {:.2}", geomean(&first), least(&first));
    println!("first 100 calls: geomean {:.2}, least {:.2}", geomean(&hundred), least(&hundred));
    Ok(())
}

fn measure(name: &str, source: &str, rounds: usize, heap: HeapMode) -> Result<(Cold, Cold), String> {
    let sealed = Ours::new(name, source, heap)?;
    let (mut ours, mut theirs): (Vec<Cold>, Vec<Cold>) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let mut cold = sealed.fresh()?;
        ours.push(calls(|| cold.sample(false))?);
        drop(cold);
        let cold = Theirs::new(source)?;
        theirs.push(calls(|| cold.sample())?);
    }
    let middle = |set: &[Cold]| (median(set.iter().map(|c| c.0).collect()), median(set.iter().map(|c| c.1).collect()));
    Ok((middle(&ours), middle(&theirs)))
}

fn calls(mut sample: impl FnMut() -> Result<(), String>) -> Result<Cold, String> {
    let start = Instant::now();
    sample()?;
    let first = start.elapsed().as_secs_f64();
    for _ in 1..100 {
        sample()?;
    }
    Ok((first, start.elapsed().as_secs_f64()))
}
