//! Clones, leases, resets and the memory of idle runtimes: minima of interleaved rounds, over an image of all builtins and a
//! generated module of 400 functions and 100 classes.
//!
//! `cargo run --release -p lockgate-benches --bin runtime`
#![forbid(unsafe_code)]
use lockgate_engine::builtins::spec::BARE;
use lockgate_engine::compile::{Goal, NoLoader, Options, SourceFile, compile};
use lockgate_engine::image::{Image, Runtime, Stage};
use lockgate_engine::limits::Limits;
use lockgate_engine::link;
use lockgate_engine::runtime::Rt;
use lockgate_engine::value::{JsResult, Value};
use lockgate_filters::pool;
use lockgate_filters::script::{Script, Settings};
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

const ROUNDS: usize = 20;
const IDLE: usize = 500;
/// Doubles of the sealed table whose cards are dirtied: 2 MiB.
const TABLE: usize = 1 << 18;
/// Doubles between two writes: every second card.
const STRIDE: usize = 32;
/// Dirty cards of the two requests whose difference is the cost of a card.
const CARDS: [usize; 2] = [40, 4040];

fn main() {
    let limits = Limits::default();
    let image = Arc::new(boot(&limits));
    println!("image: {} KiB", image.bytes() / 1024);

    let mut clone = Duration::MAX;
    let mut faults = u64::MAX;
    let mut warm = Duration::MAX;
    let mut small_reset = Duration::MAX;
    let mut large_reset = Duration::MAX;
    let mut resident = Runtime::from_image(&image, &limits).expect("a runtime");
    call(&mut resident, "answer", 7);
    for _ in 0..ROUNDS {
        let before = minor_faults();
        let start = Instant::now();
        let mut fresh = Runtime::from_image(&image, &limits).expect("a runtime");
        call(&mut fresh, "answer", 7);
        clone = clone.min(start.elapsed());
        faults = faults.min(minor_faults() - before);
        drop(fresh);

        warm = warm.min(timed(|| {
            resident.reset();
            call(&mut resident, "nothing", 0);
        }));
        call(&mut resident, "allocate", 1 << 10);
        small_reset = small_reset.min(timed(|| resident.reset()));
        call(&mut resident, "allocate", 10 << 20);
        large_reset = large_reset.min(timed(|| resident.reset()));
        resident.trim();
        resident.check_invariant().expect("the image is as sealed");
    }
    println!("clone to first answer: {:.1} us, {faults} minor faults", clone.as_secs_f64() * 1e6);
    println!("warm runtime, reset and an empty call: {:.2} us", warm.as_secs_f64() * 1e6);
    println!("reset after a request of 1 KiB: {:.0} ns; of 10 MiB: {:.0} ns", ns(small_reset), ns(large_reset));

    dirty_cards(&limits);
    let (taken, whole) = leases();
    println!("warm acquire: {:.0} ns; acquire and release: {:.0} ns", ns(taken), ns(whole));

    let before = private_kib();
    let mut idle: Vec<Runtime> = (0..IDLE).map(|_| Runtime::from_image(&image, &limits).expect("a runtime")).collect();
    for runtime in &mut idle {
        call(runtime, "answer", 7);
        runtime.reset();
        runtime.trim();
    }
    let after = private_kib();
    println!("idle runtime after a request, page tables included: {:.1} KiB", (after - before) as f64 / IDLE as f64);
    black_box(idle);
}

/// Over an image with a large table: resets after requests that wrote to few and to many cards, beside a plain copy of as many scattered blocks of a card's size.
fn dirty_cards(limits: &Limits) {
    const CARD: usize = 128;
    let text = format!(
        "const table = new Float64Array({TABLE});
         function dirty(cards) {{ for (let i = 0; i < cards; i++) table[i * {STRIDE}] = 1; }}"
    );
    let mut runtime = Runtime::from_image(&Arc::new(seal(text, limits)), limits).expect("a runtime");
    let source = vec![1_u8; TABLE * 8];
    let mut target = vec![2_u8; TABLE * 8];
    let mut reset = [Duration::MAX; 2];
    let mut copy = [Duration::MAX; 2];
    for _ in 0..ROUNDS {
        for (i, cards) in CARDS.into_iter().enumerate() {
            call(&mut runtime, "dirty", cards as i32);
            reset[i] = reset[i].min(timed(|| runtime.reset()));
            for block in 0..cards {
                target[block * STRIDE * 8] = 3;
            }
            copy[i] = copy[i].min(timed(|| {
                for block in 0..black_box(cards) {
                    let at = block * STRIDE * 8;
                    target[at..at + CARD].copy_from_slice(&source[at..at + CARD]);
                }
                black_box(&mut target);
            }));
        }
    }
    runtime.check_invariant().expect("the image is as sealed");
    let further = |of: [Duration; 2]| ns(of[1].saturating_sub(of[0])) / (CARDS[1] - CARDS[0]) as f64;
    println!(
        "reset after {} dirty cards: {:.0} ns; a further card {:.1} ns, a plain copy of {CARD} scattered bytes {:.1} ns: {:.2} x",
        CARDS[0],
        ns(reset[0]),
        further(reset),
        further(copy),
        further(reset) / further(copy)
    );
}

/// A warm runtime taken from the pool; the same with its return, which is a reset.
fn leases() -> (Duration, Duration) {
    let text = "export default { fetch() { return new Response('ok'); } }";
    let script = Script::of_text("lease.js", text, &Settings::default()).unwrap_or_else(|e| panic!("{e}"));
    let script = Arc::new(script);
    drop(pool::try_acquire(&script));
    let (mut taken, mut whole) = (Duration::MAX, Duration::MAX);
    for _ in 0..50 * ROUNDS {
        let start = Instant::now();
        let lease = pool::try_acquire(&script).expect("a warm runtime");
        taken = taken.min(start.elapsed());
        drop(lease);
        whole = whole.min(start.elapsed());
    }
    (taken, whole)
}

fn ns(d: Duration) -> f64 {
    d.as_secs_f64() * 1e9
}

fn timed(f: impl FnOnce()) -> Duration {
    let start = Instant::now();
    f();
    start.elapsed()
}

fn boot(limits: &Limits) -> Image {
    let mut text = String::from("'use strict';\n");
    for i in 0..400 {
        text.push_str(&format!(
            "function f{i}(a, b) {{ const o = {{ id: a, k{i}: b }}; return o.id + o.k{i} + {i}; }}\n"
        ));
    }
    for i in 0..100 {
        text.push_str(&format!("class C{i} {{ constructor(x) {{ this.x = x; }} get twice() {{ return this.x * 2; }} m(y) {{ return this.x + y + {i}; }} }}\n"));
    }
    text.push_str("function answer(n) { const c = new C3(n); return JSON.stringify({ ok: true, n: f1(n, 2) + c.m(1) + c.twice }); }\n");
    text.push_str("function nothing() {}\n");
    text.push_str("function allocate(bytes) { let keep = null; for (let i = 0; i < bytes; i += 64) keep = { next: null, a: i, b: i, c: i }; return keep; }\n");
    seal(text, limits)
}

fn seal(text: String, limits: &Limits) -> Image {
    let file = SourceFile { name: "generated.js".into(), text };
    let module = compile(file, &Options::new(Goal::Script), &mut NoLoader).unwrap_or_else(|e| panic!("{e}"));
    Image::boot(Arc::new(module), &BARE, limits, Stage::Evaluated, |_| {}).unwrap_or_else(|e| panic!("{e}"))
}

fn call(runtime: &mut Runtime, name: &str, argument: i32) {
    let run = |rt: &mut Rt| -> JsResult<()> {
        let Some(f) = link::global_value(rt, name) else { return Err(rt.throw_type("no such function")) };
        rt.call(f, Value::UNDEFINED, &[Value::int(argument)]).map(drop)
    };
    runtime.enter(run).unwrap_or_else(|e| panic!("{e}"));
}

/// Minor faults of this process so far (proc_pid_stat(5), field 10).
fn minor_faults() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit(')').next().unwrap_or_default();
    behind_name.split_whitespace().nth(7).and_then(|f| f.parse().ok()).unwrap_or(0)
}

/// Private memory and page tables, KiB.
fn private_kib() -> u64 {
    let sum = |text: &str, keys: &[&str]| -> u64 {
        text.lines()
            .filter(|l| keys.iter().any(|k| l.starts_with(k)))
            .filter_map(|l| l.split_whitespace().nth(1)?.parse::<u64>().ok())
            .sum()
    };
    let smaps = std::fs::read_to_string("/proc/self/smaps_rollup").unwrap_or_default();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    sum(&smaps, &["Private_Dirty", "Private_Clean"]) + sum(&status, &["VmPTE"])
}
