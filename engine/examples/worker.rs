//! What `isolation: worker` costs and keeps: `worker [REQUESTS]` (100,000 by default). Ends with status 1 if memory grew.
//!
//! `cargo run --release -p lockgate-engine --example worker`
use lockgate_engine::builtins::spec::BARE;
use lockgate_engine::compile::{Goal, NoLoader, Options, SourceFile};
use lockgate_engine::engine::Program;
use lockgate_engine::heap::space::HeapMode;
use lockgate_engine::image::Runtime;
use lockgate_engine::limits::{Isolation, Limits};
use std::process::ExitCode;
use std::time::Instant;

/// Bytes that the process may grow by between the first hundredth of the requests and the last.
const FLAT: u64 = 1 << 20;

const WORKLOADS: [(&str, &str); 4] = [
    ("counts", "let n = 0; export function f() { return ++n; }"),
    (
        "fills and drops a Map",
        "let map = new Map(), n = 0; export function f() { n++; if (n % 2) map = new Map(); else map.clear();
         for (let i = 0; i < 100; i++) map.set('key ' + n + '/' + i, { i, n }); return map.size; }",
    ),
    (
        "reads a cache of 1,000",
        "const cache = new Map(); export function f() { for (let i = 0; i < 1000 && cache.size < 1000; i++) cache.set(i, { i, text: 'item ' + i });
         let sum = 0; for (let i = 0; i < 20; i++) sum += cache.get(i).i; return [sum].length; }",
    ),
    (
        "reads a cache of 50,000",
        "const cache = new Map(); export function f() { for (let i = 0; i < 50000 && cache.size < 50000; i++) cache.set(i, { i, text: 'item ' + i });
         let sum = 0; for (let i = 0; i < 20; i++) sum += cache.get(i).i; return [sum].length; }",
    ),
];

fn main() -> ExitCode {
    let requests = std::env::args().nth(1).map_or(100_000, |n| n.parse().expect("a number of requests"));
    let mut flat = true;
    println!(
        "{:<26} {:>10} {:>12} {:>12} {:>12} {:>10}",
        "requests that", "us each", "collections", "kept", "resident", "grown"
    );
    for (name, text) in WORKLOADS {
        flat &= run(name, text, requests);
    }
    if flat { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run(name: &str, text: &str, requests: u32) -> bool {
    let entry = SourceFile { name: "worker.js".into(), text: text.into() };
    let program = Program::compile(entry, &Options::new(Goal::Module), &mut NoLoader).expect("it compiles");
    let image = program.image(&BARE, &Limits::default()).expect("it boots");
    let limits = Limits { heap_mode: HeapMode::Hybrid, isolation: Isolation::Worker, ..Limits::default() };
    let mut runtime = Runtime::from_image(&image, &limits).expect("a cage");
    let mut request = || {
        runtime.call_export("f", |_| Vec::new(), |_, _| ()).expect("it runs");
        let kept = runtime.end_request();
        runtime.trim();
        (kept, runtime.collections())
    };
    for _ in 0..requests / 100 {
        request();
    }
    let (before, begun) = (resident(), Instant::now());
    for _ in requests / 100..requests {
        request();
    }
    let (each, after) = (begun.elapsed() / (requests - requests / 100), resident());
    let (kept, did) = request();
    let grown = after.saturating_sub(before);
    println!(
        "{name:<26} {:>10.2} {:>12} {:>12} {:>12} {:>10}",
        each.as_secs_f64() * 1e6,
        did.count,
        kept.bytes,
        after,
        grown
    );
    grown <= FLAT
}

/// Resident bytes of this process (proc(5), statm).
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split_ascii_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4096
}
