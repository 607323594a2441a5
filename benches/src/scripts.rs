//! The interpreter against quickjs-ng (rquickjs) on benches/scripts, side by side in one process.
//!
//! A sample is a request: our runtime is a clone of a sealed image and is reset after every sample; quickjs-ng calls the same
//! function in a context that lives on. Both must give the script's `expected`. The figure is the best of the rounds, each
//! round timing a batch of samples of both engines one after the other.
//!
//! `cargo run --release -p lockgate-benches --bin scripts [-- [--rounds N] [NAME…]]`
#![forbid(unsafe_code)]
use lockgate_engine::builtins::spec::BARE;
use lockgate_engine::compile::{Goal, NoLoader, Options, SourceFile, compile};
use lockgate_engine::image::{Image, Runtime, Stage};
use lockgate_engine::limits::Limits;
use lockgate_engine::{job, link};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Wall time of one batch.
const BATCH: Duration = Duration::from_millis(30);

fn main() {
    let mut rounds = 7;
    let mut names = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--rounds" => rounds = args.next().and_then(|n| n.parse().ok()).unwrap_or(rounds),
            name => names.push(name.to_string()),
        }
    }
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(&dir).expect("benches/scripts").filter_map(|e| Some(e.ok()?.path())).collect();
    files.sort();
    println!("{:<22} {:>12} {:>12} {:>7}", "script", "ours/s", "quickjs/s", "ratio");
    let mut ratios = Vec::new();
    for file in files {
        let name = file.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        if !names.is_empty() && !names.contains(&name) {
            continue;
        }
        let source = std::fs::read_to_string(&file).expect("a readable script");
        match measure(&name, &source, rounds) {
            Ok((ours, theirs)) => {
                let ratio = theirs / ours;
                ratios.push((name.clone(), ratio));
                println!("{name:<22} {:>12.0} {:>12.0} {ratio:>7.2}", 1.0 / ours, 1.0 / theirs);
            }
            Err(e) => println!("{name:<22} failed: {e}"),
        }
    }
    let geomean = |set: &[f64]| (set.iter().map(|r| r.ln()).sum::<f64>() / set.len().max(1) as f64).exp();
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
fn measure(name: &str, source: &str, rounds: usize) -> Result<(f64, f64), String> {
    let mut ours = Ours::new(name, source)?;
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

struct Ours {
    runtime: Runtime,
}

impl Ours {
    fn new(name: &str, source: &str) -> Result<Ours, String> {
        let file = SourceFile { name: format!("{name}.js"), text: source.to_string() };
        let module = compile(file, &Options::new(Goal::Script), &mut NoLoader).map_err(|e| e.to_string())?;
        let limits = Limits::default();
        let image =
            Image::boot(Arc::new(module), &BARE, &limits, Stage::Evaluated, |_| {}).map_err(|e| e.to_string())?;
        let runtime = Runtime::from_image(&Arc::new(image), &limits).map_err(|e| e.to_string())?;
        Ok(Ours { runtime })
    }

    fn sample(&mut self, check: bool) -> Result<(), String> {
        let result = self.runtime.enter(|rt| {
            let Some(bench) = link::global_value(rt, "bench") else { return Err(rt.throw_type("no function bench")) };
            rt.call(bench, lockgate_engine::value::Value::UNDEFINED, &[])?;
            job::run_all(rt)?;
            if check {
                let (got, want) = (link::global_value(rt, "result"), link::global_value(rt, "expected"));
                let same = matches!((got, want), (Some(a), Some(b)) if rt.strict_equals(a, b));
                if !same {
                    let text = |rt: &lockgate_engine::runtime::Rt, v: Option<_>| {
                        v.map(|v| rt.describe_thrown(v)).unwrap_or_default()
                    };
                    let message = format!("result {} is not {}", text(rt, got), text(rt, want));
                    return Err(rt.throw_type(&message));
                }
            }
            Ok(())
        });
        self.runtime.reset();
        result.map_err(|e| e.to_string())
    }
}

struct Theirs {
    runtime: rquickjs::Runtime,
    context: rquickjs::Context,
}

impl Theirs {
    fn new(source: &str) -> Result<Theirs, String> {
        let runtime = rquickjs::Runtime::new().map_err(|e| e.to_string())?;
        let context = rquickjs::Context::full(&runtime).map_err(|e| e.to_string())?;
        let mut options = rquickjs::context::EvalOptions::default();
        options.strict = false;
        context.with(|ctx| ctx.eval_with_options::<(), _>(source, options)).map_err(|e| e.to_string())?;
        Ok(Theirs { runtime, context })
    }

    fn sample(&self) -> Result<(), String> {
        self.context.with(|ctx| {
            let bench: rquickjs::Function = ctx.globals().get("bench").map_err(|e| e.to_string())?;
            bench.call::<_, ()>(()).map_err(|e| e.to_string())
        })?;
        while self.runtime.is_job_pending() {
            self.runtime.execute_pending_job().map_err(|_| "a job threw".to_string())?;
        }
        Ok(())
    }

    fn check(&self) -> Result<(), String> {
        self.sample()?;
        let same: bool = self.context.with(|ctx| ctx.eval("result === expected")).map_err(|e| e.to_string())?;
        if same { Ok(()) } else { Err("quickjs-ng gives another result".to_string()) }
    }
}
