//! Steps that run in slices: several on one thread, interleaved, ended in the middle.
mod common;
use common::*;
use lockgate_filters::fault::FaultKind;
use lockgate_filters::host::Phase;
use lockgate_filters::pool::{Lease, Reply, STATS, Step};
use lockgate_filters::script::{Script, Settings};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// Works until a few ticks fell into it, by whatever `body` does again and again.
fn busy(name: &str, body: &str) -> Arc<Script> {
    script(
        name,
        &format!(
            "export default {{ fetch(request) {{
                const start = performance.now(); let rounds = 0; let sum = 0;
                while (performance.now() - start < 40) {{ {body}; rounds++; }}
                return new Response(request.method + ' ' + new URL(request.url).pathname);
            }} }}"
        ),
    )
}

fn finish(lease: &mut Lease, mut step: Step, view: &mut Exchange) -> (Step, u32) {
    let mut slices = 0;
    while step == Step::Yield {
        slices += 1;
        step = lease.resume(view);
    }
    (step, slices)
}

#[test]
fn a_suspended_script_says_where_it_stands_and_goes_on() {
    let text = "function inner(end) {
        while (performance.now() < end);
        return 'done';
      }
      export default { fetch() { return new Response(inner(performance.now() + 40)); } }";
    let mut lease = lease(&script("stands.js", text));
    let mut view = Exchange::new("GET", "/");
    let first = lease.start(Phase::Handler, &mut view);
    assert_eq!(first, Step::Yield);
    let stack = lease.stack();
    let functions: Vec<_> = stack.iter().map(|at| (&*at.function, at.line)).collect();
    assert_eq!(functions, [("inner", 2), ("fetch", 5)]);
    assert_eq!(lease.stack(), stack);
    let (step, _) = finish(&mut lease, first, &mut view);
    assert!(matches!(&step, Step::Done(Reply::Answer(Some(body))) if body == "done"), "{step:?}");
    // Nothing stands where nothing is suspended.
    assert!(lease.stack().is_empty());
    let (cpu, wall) = lease.took();
    assert!(cpu > Duration::ZERO && wall >= Duration::from_millis(40), "{cpu:?} of {wall:?}");
}

#[test]
fn a_long_step_stops_in_the_middle_and_goes_on() {
    let loops = [
        ("loop.js", "for (let i = 0; i < 100; i++) sum += i"),
        ("call.js", "sum += (function f(n) { return n ? f(n - 1) : 0; })(20)"),
        ("getter.js", "sum += ({ get x() { for (let i = 0; i < 50; i++) sum++; return 1; } }).x"),
        ("sort.js", "[5, 3, 1, 4].sort((a, b) => { for (let i = 0; i < 20; i++) sum++; return a - b; })"),
        ("regexp.js", "/(a+)+b/.test('aaaaaaaaaaaaaa')"),
        ("throws.js", "try { for (let i = 0; i < 50; i++) sum++; throw i; } catch { sum++ } finally { sum++ }"),
        ("generator.js", "for (const v of (function* () { for (let i = 0; i < 50; i++) yield i; })()) sum += v"),
    ];
    for (name, body) in loops {
        let script = busy(name, body);
        let mut view = Exchange::new("GET", "/whole");
        let mut lease = lease(&script);
        let first = lease.start(Phase::Handler, &mut view);
        let (step, slices) = finish(&mut lease, first, &mut view);
        match step {
            Step::Done(Reply::Answer(Some(body))) => assert_eq!(body, "GET /whole", "{name}"),
            other => panic!("{name}: {other:?}"),
        }
        // About forty on a quiet machine; on a loaded one the ticker may come late.
        assert!(slices >= 1, "{name}: no slice ended in 40 ms");
    }
}

#[test]
fn requests_interleave_and_keep_their_own_view() {
    let script = busy("interleaved.js", "for (let i = 0; i < 100; i++) sum += i");
    let mut running: Vec<_> = (0..6)
        .map(|i| {
            let mut view = Exchange::new("GET", &format!("/{i}"));
            let mut lease = lease(&script);
            let step = lease.start(Phase::Handler, &mut view);
            (lease, view, step)
        })
        .collect();
    let mut turns = 0;
    while running.iter().any(|(_, _, step)| *step == Step::Yield) {
        for (lease, view, step) in &mut running {
            if *step == Step::Yield {
                turns += 1;
                *step = lease.resume(view);
            }
        }
    }
    assert!(turns >= 1, "nobody was suspended");
    for (i, (_, _, step)) in running.iter().enumerate() {
        match step {
            Step::Done(Reply::Answer(Some(body))) => assert_eq!(body, format!("GET /{i}").as_bytes()),
            other => panic!("{i}: {other:?}"),
        }
    }
}

#[test]
fn a_lease_dropped_in_the_middle_ends_its_step_and_frees_the_runtime() {
    let script = script(
        "endless.js",
        "let kept = 0;
         export default { fetch() {
             if (kept) return new Response('leaked');
             try { for (;;) kept++; } catch { kept = -1; } finally { for (;;) kept++; }
         } }",
    );
    for _ in 0..20 {
        let mut view = Exchange::new("GET", "/");
        let mut lease = lease(&script);
        assert_eq!(lease.start(Phase::Handler, &mut view), Step::Yield);
        assert_eq!(lease.resume(&mut view), Step::Yield);
        let resets = STATS.resets.load(Relaxed);
        drop(lease);
        assert!(STATS.resets.load(Relaxed) > resets, "the runtime came back and was reset");
    }
    assert_eq!(STATS.broken.load(Relaxed), 0);
}

#[test]
fn a_lease_dropped_on_another_thread_ends_its_step_at_home() {
    let script = script("elsewhere.js", "export default { fetch() { for (;;); } }");
    let mut view = Exchange::new("GET", "/");
    let mut lease = lease(&script);
    assert_eq!(lease.start(Phase::Handler, &mut view), Step::Yield);
    std::thread::spawn(move || drop(lease)).join().expect("the other thread ends");
    // The next lease reads what came home.
    let mut next = common::lease(&script);
    assert_eq!(next.start(Phase::Handler, &mut view), Step::Yield);
}

#[test]
fn the_cpu_limit_counts_the_slices_of_a_step_together() {
    let mut settings = Settings::default();
    settings.limits.cpu = Some(Duration::from_millis(20));
    let text = "export default { fetch() { for (;;); } }";
    let script = Arc::new(Script::of_text("limited.js", text, &settings).unwrap_or_else(|e| panic!("{e}")));
    let mut view = Exchange::new("GET", "/");
    let mut lease = lease(&script);
    let before = lockgate_engine::limits::thread_cpu_time();
    let first = lease.start(Phase::Handler, &mut view);
    let (step, slices) = finish(&mut lease, first, &mut view);
    let used = lockgate_engine::limits::thread_cpu_time() - before;
    match step {
        Step::Fault(fault) => assert_eq!(fault.kind, FaultKind::Deadline),
        other => panic!("{other:?}"),
    }
    assert!(slices >= 1, "it was never suspended");
    // A tick may come late on a loaded machine, never early.
    assert!(used >= Duration::from_millis(15), "{used:?}");
}

#[test]
fn deep_recursion_is_a_range_error_on_these_stacks_too() {
    let script = script(
        "deep.js",
        "export default { fetch() {
             const nested = { toString() { return `${nested}`; } };
             let name = ''; try { String(nested); } catch (e) { name = e.name; }
             const json = '['.repeat(100000); let other = '';
             try { JSON.parse(json); } catch (e) { other = e.name; }
             return new Response(name + ' ' + other);
         } }",
    );
    let mut view = Exchange::new("GET", "/");
    let mut lease = lease(&script);
    let first = lease.start(Phase::Handler, &mut view);
    match finish(&mut lease, first, &mut view).0 {
        Step::Done(Reply::Answer(Some(body))) => {
            assert!(body == "RangeError RangeError" || body == "RangeError SyntaxError", "{body:?}");
        }
        other => panic!("{other:?}"),
    }
}
