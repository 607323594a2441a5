//! Collection in flight, seen from scripts: what is dropped is freed, what is reachable stays, weak things let go.
use lockgate_engine::builtins::spec::{BARE, ClassSpec, Embedding, Row};
use lockgate_engine::call::Args;
use lockgate_engine::compile::{Goal, NoLoader, Options, SourceFile};
use lockgate_engine::engine::Program;
use lockgate_engine::heap::layout::Kind;
use lockgate_engine::heap::space::HeapMode;
use lockgate_engine::image::{FaultKind, Image, Runtime};
use lockgate_engine::limits::{Limits, Termination};
use lockgate_engine::runtime::Rt;
use lockgate_engine::value::{JsResult, Value};
use std::sync::Arc;

fn image(text: &str) -> Arc<Image> {
    image_in(text, &BARE)
}

fn image_in(text: &str, embedding: &'static Embedding) -> Arc<Image> {
    let entry = SourceFile { name: "test.js".to_string(), text: text.to_string() };
    let program = Program::compile(entry, &Options::new(Goal::Module), &mut NoLoader).expect("the test compiles");
    program.image(embedding, &Limits::default()).expect("the test boots")
}

fn limits(heap: u32) -> Limits {
    Limits { heap, heap_mode: HeapMode::Hybrid, ..Limits::default() }
}

fn answer(runtime: &mut Runtime, name: &str) -> Result<String, FaultKind> {
    runtime.call_export(name, |_| Vec::new(), |rt, v| rt.describe_value(v)).map_err(|fault| fault.kind)
}

/// Calls `f` twice in one runtime with a reset between, checks the heap after both; returns the runtime.
fn check(text: &str, limits: &Limits, expected: &str) -> Runtime {
    let mut runtime = Runtime::from_image(&image(text), limits).expect("a cage");
    for _ in 0..2 {
        assert_eq!(answer(&mut runtime, "f").as_deref(), Ok(expected), "{text}");
        assert_eq!(runtime.verify(), Ok(()), "{text}");
        runtime.reset();
        runtime.poison_arena();
        assert_eq!(runtime.check_invariant(), Ok(()), "{text}");
    }
    runtime
}

#[test]
fn a_request_may_allocate_more_than_its_heap() {
    let text = "export function f() { const kept = []; let sum = 0;
        for (let i = 0; i < 300000; i++) {
            const o = { i, text: 'number ' + i, list: [i, i + 1] };
            if (i % 100 === 0) kept.push(o);
            sum += o.list[1] - o.i;
        }
        for (let i = 0; i < kept.length; i++) {
            const o = kept[i];
            if (o.i !== 100 * i || o.text !== 'number ' + 100 * i || o.list[1] !== o.i + 1) throw new Error('lost ' + i);
        }
        return sum + kept.length; }";
    let runtime = check(text, &limits(12 << 20), "303000");
    let did = runtime.collections();
    assert!(did.count >= 6 && did.live < 6 << 20 && did.freed > 40 << 20, "{did:?}");
    let mut arena = Runtime::from_image(&image(text), &Limits { heap: 12 << 20, ..Limits::default() }).expect("a cage");
    assert_eq!(answer(&mut arena, "f"), Err(FaultKind::Terminated(Termination::Memory)));
}

#[test]
fn what_is_kept_still_meets_the_limit() {
    for body in [
        "const all = []; for (;;) all.push({ n: all.length });",
        "const m = new Map(); for (let i = 0; ; i++) m.set({}, i);",
        "let list = null; for (;;) list = { list };",
        "let s = 'x'; for (;;) { s += s; s.charCodeAt(0); }",
    ] {
        let mut runtime = Runtime::from_image(&image(&format!("export function f() {{ {body} }}")), &limits(4 << 20))
            .expect("a cage");
        assert_eq!(answer(&mut runtime, "f"), Err(FaultKind::Terminated(Termination::Memory)), "{body}");
    }
}

#[test]
fn holes_of_every_size_are_used_again() {
    // Buffers of growing and shrinking sizes, a window of them alive.
    let text = "export function f() { const kept = new Array(64); let sum = 0;
        for (let i = 0; i < 60000; i++) {
            const size = (i * 7919) % 3000;
            kept[i % 64] = new Uint8Array(size).fill(i & 255);
            const other = kept[(i * 31) % 64];
            if (other && other.length) sum += other[other.length - 1] - other[0];
        }
        return sum; }";
    let runtime = check(text, &limits(3 << 20), "0");
    assert!(runtime.collections().count > 20, "{:?}", runtime.collections());
}

#[test]
fn small_heaps_go_on_in_the_gaps_between_survivors() {
    // A window of objects, each followed by a little garbage: the gaps are smaller than most cells are large.
    let window = |kept: u32, step: u32, garbage: &str| {
        format!(
            "export function f() {{ const kept = new Array({kept}).fill(null); let sum = 0;
            for (let i = 0; i < 400000; i++) {{
                const o = {{ i, text: 'n' + i }}; {garbage}
                if (i % {step} === 0) {{ const at = (i / {step}) % {kept}, old = kept[at];
                    if (old && old.text !== 'n' + old.i) throw new Error('lost ' + at);
                    kept[at] = o; sum++; }}
            }}
            return sum; }}"
        )
    };
    for (kept, step, garbage) in [
        (10_000, 5, ""),
        (12_000, 2, ""),
        (8_000, 3, "[i, i];"),
        (3_000, 4, "new Uint8Array(i % 700);"),
        (400, 9, "'x'.repeat(i % 3000).split('y');"),
    ] {
        for heap in [3 << 20, 4 << 20] {
            let expected = 400_000_u32.div_ceil(step).to_string();
            check(&window(kept, step, garbage), &limits(heap), &expected);
        }
    }
}

#[test]
fn what_the_image_refers_to_survives() {
    let text = "const cache = new Map(), list = []; let last = null; const root = { deep: { er: null } };
        export function f() {
            for (let i = 0; i < 200000; i++) {
                last = { i };
                if (i % 1000 === 0) { cache.set('key ' + i, { i }); list.push([i]); root.deep.er = { list: [i] }; }
            }
            let sum = last.i + root.deep.er.list[0];
            for (const [key, { i }] of cache) if (key === 'key ' + i) sum++;
            for (const [i] of list) sum += i % 1000;
            return sum; }";
    assert!(check(text, &limits(6 << 20), "399199").collections().count > 0);
}

#[test]
fn generators_and_async_functions_run_across_collections() {
    let text = "function* numbers() { for (let i = 0; ; i++) { const o = { i }; for (let k = 0; k < 50; k++) [k]; yield o; } }
        const later = v => new Promise(done => done(v));
        async function work(n) { let sum = 0;
            for (let i = 0; i < n; i++) { const o = { i, text: `${i}` }; await later(o); for (let k = 0; k < 20; k++) ({ k }); sum += o.text.length; }
            return sum; }
        export async function f() { let sum = 0;
            for (const { i } of numbers()) { sum += i; if (i === 20000) break; }
            const all = await Promise.all([work(5000), work(5000)]);
            return sum + all[0] + all[1]; }";
    for stress in [false, true] {
        let limits = Limits { gc_stress: stress, ..limits(8 << 20) };
        assert!(check(text, &limits, "200047780").collections().count > 0);
    }
}

#[test]
fn weak_collections_and_references_let_go() {
    let text = "export async function f() {
        const map = new WeakMap(), set = new WeakSet(), kept = {}, log = [];
        const registry = new FinalizationRegistry(held => log.push(held)), token = {};
        let chain = kept;
        for (let i = 0; i < 100; i++) { const next = {}; map.set(chain, next); chain = next; }
        const refs = (() => { const o = { big: new Uint8Array(1000) }, p = {}; map.set(o, 1); set.add(o);
            registry.register(o, 'gone'); registry.register({}, 'never', token); registry.register(kept, 'kept');
            return [new WeakRef(o), new WeakRef(kept), new WeakRef(Symbol('x'))]; })();
        if (registry.unregister(token) !== true || registry.unregister(token) !== false) throw new Error('unregister');
        if (!refs[0].deref()) throw new Error('a target must outlive the job that saw it');
        chain = null;
        await null;
        for (let i = 0; i < 60000; i++) ({ i, list: [i] });
        await null;
        let n = 0; chain = kept;
        while (map.has(chain)) { chain = map.get(chain); n++; }
        return [n, refs[0].deref() === undefined, refs[1].deref() === kept, refs[2].deref() === undefined, log].join(); }";
    for stress in [false, true] {
        let limits = Limits { gc_stress: stress, ..limits(4 << 20) };
        check(text, &limits, "100,true,true,true,gone");
    }
}

/// `careless(f)`: makes two objects, keeps one in a scratch slot and one in a local, calls `f`, says which are left.
fn careless(rt: &mut Rt, args: Args) -> JsResult {
    let (lost, kept) = (rt.new_object(), rt.new_object());
    let slot = rt.root(Value::object(kept));
    rt.call(args.get(rt, 0), Value::UNDEFINED, &[])?;
    let left = [lost, slot.obj(rt)].map(|object| i32::from(rt.kind(object) == Kind::Object));
    Ok(Value::int(10 * left[0] + left[1]))
}

static CARELESS: Embedding = Embedding {
    name: "careless",
    classes: &[&ClassSpec::globals(&[Row::method("careless", 1, careless)])],
    install: |_| Ok(()),
    before_seal: |_| Ok(()),
};

#[test]
fn stress_frees_what_only_a_local_of_a_native_holds() {
    let image = image_in("export const f = () => careless(() => 0);", &CARELESS);
    for (stress, left) in [(false, "11"), (true, "1")] {
        let limits = Limits { gc_stress: stress, ..limits(4 << 20) };
        let mut runtime = Runtime::from_image(&image, &limits).expect("a cage");
        assert_eq!(answer(&mut runtime, "f").as_deref(), Ok(left));
    }
}
