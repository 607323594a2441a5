//! `isolation: worker`: what a request leaves in the script's own state is there for the next one, the rest is not.
use lockgate_engine::builtins::spec::BARE;
use lockgate_engine::compile::{Goal, NoLoader, Options, SourceFile};
use lockgate_engine::engine::Program;
use lockgate_engine::heap::space::HeapMode;
use lockgate_engine::image::{FaultKind, Runtime};
use lockgate_engine::limits::{Isolation, Limits};

fn limits() -> Limits {
    Limits { heap: 64 << 20, heap_mode: HeapMode::Hybrid, isolation: Isolation::Worker, ..Limits::default() }
}

fn runtime(text: &str, limits: &Limits) -> Runtime {
    let entry = SourceFile { name: "test.js".to_string(), text: text.to_string() };
    let program = Program::compile(entry, &Options::new(Goal::Module), &mut NoLoader).expect("the test compiles");
    let image = program.image(&BARE, &Limits::default()).expect("the test boots");
    Runtime::from_image(&image, limits).expect("a cage")
}

fn call(runtime: &mut Runtime, name: &str) -> Result<String, FaultKind> {
    runtime.call_export(name, |_| Vec::new(), |rt, v| rt.describe_value(v)).map_err(|fault| fault.kind)
}

/// Private memory of a runtime's cage, from the kernel's own count (proc(5), smaps).
fn private_bytes(runtime: &mut Runtime) -> u64 {
    let base = runtime.handle().base() as u64;
    let smaps = std::fs::read_to_string("/proc/self/smaps").expect("the kernel tells");
    let (mut inside, mut sum) = (false, 0);
    for line in smaps.lines() {
        let mut words = line.split_ascii_whitespace();
        let first = words.next().unwrap_or_default();
        if let Some((from, _)) = first.split_once('-') {
            let from = u64::from_str_radix(from, 16).expect("an address");
            inside = (base - 4096..base + (4 << 30)).contains(&from);
        } else if inside && first.starts_with("Private_") {
            sum += 1024 * words.next().and_then(|kib| kib.parse::<u64>().ok()).expect("a size");
        }
    }
    sum
}

/// Calls `f` as so many requests, with a check of the whole heap after each; the answers of the first and the last.
fn check(text: &str, requests: u32, first: &str, last: &str) -> Runtime {
    let mut runtimes = Vec::new();
    for (mode, stress) in [(HeapMode::Arena, false), (HeapMode::Hybrid, false), (HeapMode::Hybrid, true)] {
        let mut runtime = runtime(text, &Limits { heap_mode: mode, gc_stress: stress, ..limits() });
        for i in 1..=requests {
            let answer = call(&mut runtime, "f");
            let expected = if i == 1 { first } else { last };
            if i == 1 || i == requests {
                assert_eq!(answer.as_deref(), Ok(expected), "request {i}, {mode:?}, stress {stress}: {text}");
            }
            assert!(answer.is_ok(), "request {i}: {text}");
            runtime.end_request();
            runtime.trim();
            assert_eq!(runtime.verify(), Ok(()), "after request {i}, {mode:?}, stress {stress}: {text}");
        }
        runtimes.push(runtime);
    }
    runtimes.swap_remove(1)
}

#[test]
fn the_script_keeps_its_state() {
    let counted = [
        "let n = 0; export function f() { return ++n; }",
        "const state = { n: 0 }; export function f() { state.n++; return state.n; }",
        "const list = []; export function f() { list.push({ at: list.length }); return list[list.length - 1].at + 1; }",
        "const m = new Map(); export function f() { const k = 'key ' + m.size; m.set(k, { k }); for (const [a, b] of m) if (a !== b.k) throw a; return m.size; }",
        "export function f() { globalThis.count = (globalThis.count ?? 0) + 1; return count; }",
        "let last = null, n = 0; export function f() { last = { last, n: ++n }; let i = 0; for (let at = last; at; at = at.last) i++; return i; }",
        "const s = Symbol.for('a'); let o = {}; export function f() { const k = Symbol.for('k' + (Object.getOwnPropertySymbols(o).length)); o[k] = 1; let i = 0; while (o[Symbol.for('k' + i)] === 1) i++; return i; }",
        "class A { static n = 0; #v; constructor() { A.n++; this.#v = A.n; } get v() { return this.#v; } } let a; export function f() { a = new A(); return a.v; }",
        "function* count() { let n = 0; for (;;) yield { n: ++n }; } const g = count(); export function f() { return g.next().value.n; }",
        "let n = 0, later = Promise.resolve(0); export async function f() { later = later.then(v => v + 1); return await later; }",
        "const re = /x/g; let text = ''; export function f() { text += 'x'; let n = 0; re.lastIndex = 0; while (re.exec(text)) n++; return n; }",
        "const bytes = new Uint8Array(8); const views = []; export function f() { views.push(new Uint8Array([views.length])); bytes[0] = views.at(-1)[0] + 1; return bytes[0]; }",
        "let made = []; const tag = s => s; export function f() { made.push(tag`a${1}b`); if (!made.every(s => s === made[0])) throw 'tag'; return made.length; }",
        "const o = {}; export function f() { const n = Object.keys(o).length; o['name' + n] = { ['own' + n]: n }; for (const k in o) if (o[k]['own' + k.slice(4)] === undefined) throw k; return n + 1; }",
        "const parsed = []; export function f() { parsed.push(JSON.parse('{\"k' + parsed.length + '\":[{\"a\":1}]}')); return parsed.every((p, i) => p['k' + i][0].a === 1) ? parsed.length : 0; }",
        "const seen = new WeakSet(), kept = []; let n = 0; export function f() { const o = {}; kept.push(o); seen.add(o).add({}); n = kept.filter(o => seen.has(o)).length; return n; }",
        "const m = new Map(); export function f() { for (let i = 0; i < 500 && m.size < 500; i++) m.set(i, { v: { n: 0 }, list: [0] }); const o = m.get(250); o.v = { n: o.v.n + 1 }; o.list[0] = o.v; o['p' + o.v.n] = [o]; return o.list[0].n; }",
        "let g, n = 0; async function run() { for (;;) { const o = { n: ++n }; await null; await new Promise(done => { g = () => { done(); return o.n; }; }); } } export async function f() { if (!g) { run(); await null; } const v = g(); await null; await null; return v; }",
        "Array.prototype.mine = function () { return this.length; }; let a = []; export function f() { a = a.concat([1]); Array.prototype['mine' + a.mine()] = () => 0; return a.mine(); }",
    ];
    for text in counted {
        check(text, 12, "1", "12");
    }
}

#[test]
fn what_nothing_refers_to_is_gone_at_once() {
    let text = "let n = 0; export function f() { const all = []; for (let i = 0; i < 1000; i++) all.push({ i, text: 'item ' + i, ['k' + n]: i }); n++; return all.length; }";
    let mut runtime = runtime(text, &limits());
    for _ in 0..50 {
        assert_eq!(call(&mut runtime, "f").as_deref(), Ok("1000"));
        let retained = runtime.end_request();
        assert_eq!((retained.bytes, retained.atoms, retained.shapes), (0, 0, 0));
        assert_eq!(runtime.dirty_cards(), 0);
    }
    assert_eq!(runtime.collections().count, 0);
}

#[test]
fn later_requests_that_leave_nothing_need_no_collection() {
    let text = "let config = null, n = 0; export function f() {
        config ??= { list: Array.from({ length: 1000 }, (_, i) => ({ i, text: 'item ' + i })) };
        const garbage = config.list.map(o => ({ ...o })); n++; return garbage.length; }";
    let mut runtime = check(text, 30, "1000", "1000");
    let before = runtime.collections().count;
    assert!(before <= 3, "{before} collections");
    assert_eq!(call(&mut runtime, "f").as_deref(), Ok("1000"));
    let retained = runtime.end_request();
    assert!((20_000..400_000).contains(&retained.bytes), "{retained:?}");
}

#[test]
fn a_map_that_is_filled_and_dropped_keeps_memory_flat() {
    for fill in ["map = new Map(); ", "map.clear(); "] {
        let text = format!(
            "let map = new Map(), n = 0; export function f() {{ {fill} for (let i = 0; i < 300; i++) map.set('key ' + n + '/' + i, {{ i, n }}); n++; return map.size; }}"
        );
        let mut runtime = runtime(&text, &limits());
        let mut most = 0;
        for i in 0..3000 {
            assert_eq!(call(&mut runtime, "f").as_deref(), Ok("300"));
            let retained = runtime.end_request();
            runtime.trim();
            most = most.max(retained.bytes);
            assert!(retained.bytes < 200_000 && retained.atoms < 2_000, "request {i}: {retained:?}");
        }
        assert!(most > 10_000, "{most}");
        assert_eq!(runtime.verify(), Ok(()));
    }
}

#[test]
fn small_heaps_are_used_to_the_last_hole() {
    // Each request leaves something behind a good deal of garbage; all that is left is an eighth of the heap.
    let text = "const kept = []; let n = 0; export function f() {
        const garbage = []; for (let i = 0; i < 6000; i++) garbage.push({ i, text: 'item ' + i });
        kept[n % 40] = { n, bytes: new Uint8Array(8000).fill(n), from: garbage[n % 6000].text }; n++;
        for (const o of kept) if (o.bytes[7999] !== (o.n & 255) || o.from !== 'item ' + o.n) throw 'lost ' + o.n;
        return kept.length; }";
    for mode in [HeapMode::Arena, HeapMode::Hybrid] {
        let mut runtime = runtime(text, &Limits { heap: 3 << 20, heap_mode: mode, ..limits() });
        for i in 1..=400 {
            assert_eq!(call(&mut runtime, "f").as_deref(), Ok(i.min(40).to_string().as_str()), "{mode:?}, request {i}");
            runtime.end_request();
            runtime.trim();
            assert_eq!(runtime.verify(), Ok(()), "{mode:?}, request {i}");
        }
    }
}

#[test]
fn a_large_request_gives_its_memory_back() {
    let text = "const kept = []; export function f() { const all = []; for (let i = 0; i < 400000; i++) all.push({ i, list: [i] }); kept.push(all[all.length - 1]); return all.length; }
        export function g() { kept.push({}); return kept.length; }";
    for mode in [HeapMode::Arena, HeapMode::Hybrid] {
        let mut runtime = runtime(text, &Limits { heap: 96 << 20, heap_mode: mode, ..limits() });
        assert_eq!(call(&mut runtime, "f").as_deref(), Ok("400000"));
        let allocated = runtime.allocated();
        assert!(allocated > 40 << 20, "{allocated}");
        let retained = runtime.end_request();
        runtime.trim();
        assert!(retained.bytes < 64 << 10, "{mode:?}: {retained:?}");
        let private = private_bytes(&mut runtime);
        assert!(private < 1 << 20, "{mode:?}: {private} private bytes");
        for n in 2..20 {
            assert_eq!(call(&mut runtime, "g").as_deref(), Ok(n.to_string().as_str()));
            runtime.end_request();
            runtime.trim();
            assert_eq!(runtime.verify(), Ok(()));
        }
        assert!(private_bytes(&mut runtime) < 1 << 20);
    }
}

#[test]
fn jobs_end_with_their_request() {
    let text = "let ran = 0; export function f() { Promise.resolve().then(() => { ran++; }); return ran; }
        export function g() { return ran; }";
    let mut runtime = runtime(text, &limits());
    // Called without draining: the job is still queued when the request ends.
    let f = runtime.export("f").expect("exported");
    runtime.enter(|rt| rt.call(f, lockgate_engine::value::Value::UNDEFINED, &[])).expect("it runs");
    runtime.end_request();
    assert_eq!(call(&mut runtime, "g").as_deref(), Ok("0"));
}

#[test]
fn objects_of_later_requests_have_the_shapes_of_earlier_ones() {
    let text = "const kept = []; export function f() { for (let i = 0; i < 30; i++) { const o = {}; o['a' + i] = 1; o.b = 2; kept.push(o); } return kept.length; }";
    let mut runtime = runtime(text, &limits());
    let shapes = [1, 2, 3].map(|n| {
        assert_eq!(call(&mut runtime, "f").as_deref(), Ok((30 * n).to_string().as_str()));
        runtime.end_request().shapes
    });
    assert_eq!(shapes, [60; 3], "two for each first name");
}
