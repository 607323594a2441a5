//! Limits of a request, warm images, and isolation seen from scripts.
use lockgate_engine::builtins::spec::BARE;
use lockgate_engine::compile::{Goal, NoLoader, Options, SourceFile};
use lockgate_engine::engine::Program;
use lockgate_engine::image::{FaultKind, Image, Runtime};
use lockgate_engine::limits::{Limits, Termination};
use std::sync::Arc;
use std::time::{Duration, Instant};

fn image(text: &str) -> Arc<Image> {
    let entry = SourceFile { name: "test.js".to_string(), text: text.to_string() };
    let program = Program::compile(entry, &Options::new(Goal::Module), &mut NoLoader).expect("the test compiles");
    program.image(&BARE, &Limits::default()).expect("the test boots")
}

fn runtime(image: &Arc<Image>, limits: &Limits) -> Runtime {
    Runtime::from_image(image, limits).expect("a cage")
}

fn answer(runtime: &mut Runtime, name: &str) -> Result<String, FaultKind> {
    runtime.call_export(name, |_| Vec::new(), |rt, v| rt.describe_thrown(v)).map_err(|fault| fault.kind)
}

/// Runs the body of a function that must be ended by `limits`, then checks that a fresh runtime still answers.
fn ends(body: &str, limits: &Limits, why: Termination) {
    let image = image(&format!("export function f() {{ {body} }} export const ok = () => 'ok';"));
    let mut hog = runtime(&image, limits);
    let start = Instant::now();
    assert_eq!(answer(&mut hog, "f"), Err(FaultKind::Terminated(why)), "{body}");
    assert!(start.elapsed() < Duration::from_secs(120), "{body}");
    if !hog.is_poisoned() {
        hog.reset();
        assert_eq!(hog.check_invariant(), Ok(()), "{body}");
        assert_eq!(answer(&mut hog, "ok").as_deref(), Ok("ok"), "{body}");
    }
    assert_eq!(answer(&mut runtime(&image, limits), "ok").as_deref(), Ok("ok"));
}

#[test]
fn cpu_time_ends_whatever_runs() {
    let limits = Limits { cpu: Some(Duration::from_millis(20)), ..Limits::default() };
    for body in [
        "for (;;);",
        "while (true) { try { for (;;); } finally { continue; } }",
        "const o = { get x() { for (;;); } }; return o.x;",
        "return JSON.stringify({ toJSON() { for (;;); } });",
        "return [3, 2, 1].sort(() => { for (;;); });",
        "return new Proxy({}, { get() { for (;;); } }).x;",
        "return /(a*)*b/.test('a'.repeat(50));",
        "const again = () => Promise.resolve().then(again); again();",
        "return (async () => { for (;;) await null; })();",
        "return [...(function* () { for (;;) yield; })()];",
    ] {
        ends(body, &limits, Termination::Cpu);
    }
}

#[test]
fn fuel_ends_loops_and_calls() {
    let limits = Limits { fuel: Some(10_000), ..Limits::default() };
    ends("for (;;);", &limits, Termination::Fuel);
    ends("const f = () => 1; while (f());", &limits, Termination::Fuel);
}

#[test]
fn fuel_is_one_unit_a_call_and_a_back_edge() {
    let image =
        image("export function f() { const one = () => 1; for (let i = 0; i < 1000; i++) one(); return 'done'; }");
    let spent = |fuel: u64| {
        let mut runtime = runtime(&image, &Limits { fuel: Some(fuel), ..Limits::default() });
        // A reset fills it up again.
        let first = answer(&mut runtime, "f");
        runtime.reset();
        assert_eq!(first, answer(&mut runtime, "f"), "{fuel}");
        first == Err(FaultKind::Terminated(Termination::Fuel))
    };
    // f itself, its thousand calls and the 999 times that the loop goes back.
    assert!(spent(0) && spent(1) && spent(1000) && spent(1999));
    assert!(!spent(2000) && !spent(2001) && !spent(100_000) && !spent(u64::MAX));
}

#[test]
fn memory_is_bounded() {
    let limits = Limits { heap: 4 << 20, cpu: Some(Duration::from_secs(60)), ..Limits::default() };
    for body in [
        "const all = []; for (;;) all.push({});",
        "let s = 'x'; for (;;) { s += s; s.charCodeAt(0); }",
        "const m = new Map(); for (let i = 0; ; i++) m.set(i, i);",
        "return new Array(2 ** 27).fill(0);",
    ] {
        ends(body, &limits, Termination::Memory);
    }
}

#[test]
fn endless_recursion_is_a_range_error() {
    let image = image(
        "function f() { return f() + 1; } export function deep() { try { f(); } catch (e) { return e.name; } }
         export function getter() { const o = { get x() { return this.x; } }; try { o.x; } catch (e) { return e.name; } }
         export function native() { const f = () => [1].map(f); try { f(); } catch (e) { return e.name; } }",
    );
    let mut runtime = runtime(&image, &Limits::default());
    for name in ["deep", "getter", "native"] {
        assert_eq!(answer(&mut runtime, name).as_deref(), Ok("RangeError"), "{name}");
        runtime.reset();
    }
}

#[test]
fn a_warmed_image_answers_like_a_cold_one() {
    let image = image(
        "class P { constructor(x) { this.x = x; } get twice() { return this.x * 2; } }
         const shared = new P(21); let count = 0;
         export function f() { count++; Object.prototype.extra = 1; const v = shared.twice + new P(1).x + shared.extra;
           delete Object.prototype.extra; return `${v} ${count}`; }",
    );
    let mut trainer = runtime(&image, &Limits::default());
    for _ in 0..3 {
        assert_eq!(answer(&mut trainer, "f").as_deref(), Ok("44 1"));
        trainer.reset();
        assert_eq!(trainer.check_invariant(), Ok(()));
    }
    let warm = Arc::new(trainer.warmed_image().expect("memory for an image"));
    let mut clone = runtime(&warm, &Limits::default());
    for _ in 0..3 {
        assert_eq!(answer(&mut clone, "f").as_deref(), Ok("44 1"));
        clone.reset();
        assert_eq!(clone.check_invariant(), Ok(()));
    }
}
