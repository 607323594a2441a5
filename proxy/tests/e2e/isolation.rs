//! `isolation: request`: each row leaks something and asks for it; no request sees what another left.
use crate::scripts::handler_with;

/// Name, what a request leaves, what the next one looks at: an expression that is `true` when it sees the leak.
const LEAKS: &[(&str, &str, &str)] = &[
    ("global", "globalThis.leak = 1", "'leak' in globalThis"),
    ("global var of sloppy eval style", "globalThis['x' + 1] = 1", "'x1' in globalThis"),
    ("module let", "counter = counter + 1", "counter !== 0"),
    ("module object", "shared.list.push(1)", "shared.list.length !== 0"),
    ("module object property", "shared.added = 1", "'added' in shared"),
    ("deleted property", "delete shared.kept", "!('kept' in shared)"),
    ("array element", "array[0] = 9", "array[0] !== 1"),
    ("array length", "array.length = 0", "array.length !== 3"),
    ("array growth", "array[500] = 1", "array.length !== 3"),
    ("map", "map.set('k', 1)", "map.has('k')"),
    ("map deletion", "map.delete('base')", "!map.has('base')"),
    ("map growth", "for (let i = 0; i < 100; i++) map.set(i, i)", "map.size !== 1"),
    ("set", "set.add('k')", "set.has('k')"),
    ("set cleared", "set.clear()", "set.size !== 1"),
    ("weak map", "weak.set(shared, 1)", "weak.has(shared)"),
    ("weak set", "weakSet.add(shared)", "weakSet.has(shared)"),
    ("buffer byte", "bytes[3] = 7", "bytes[3] !== 0"),
    ("data view", "new DataView(bytes.buffer).setFloat64(0, 1.5)", "new DataView(bytes.buffer).getFloat64(0) !== 0"),
    ("regexp lastIndex", "re.exec('aab')", "re.lastIndex !== 0"),
    ("private field", "box.put(5)", "box.get() !== 0"),
    ("static private field", "Box.bump()", "Box.count() !== 0"),
    ("public field", "box.open = 2", "box.open !== 1"),
    (
        "accessor defined",
        "Object.defineProperty(shared, 'acc', { get: () => 1, configurable: true })",
        "shared.acc === 1",
    ),
    ("accessor's state", "shared.value = 4", "shared.value !== 0"),
    ("prototype method", "Array.prototype.leak = () => 1", "'leak' in []"),
    ("object prototype", "Object.prototype.leak2 = 1", "'leak2' in {}"),
    ("replaced builtin", "Array.prototype.map = () => 'mine'", "[1].map(x => x) === 'mine'"),
    ("deleted builtin", "delete globalThis.Map", "typeof Map === 'undefined'"),
    ("replaced JSON", "JSON.stringify = () => 'x'", "JSON.stringify(1) === 'x'"),
    ("replaced Math.random", "Math.random = () => 2", "Math.random() === 2"),
    ("own prototype", "Object.setPrototypeOf(shared, { inherited: 1 })", "'inherited' in shared"),
    ("class prototype", "Box.prototype.extra = 1", "'extra' in box"),
    ("freeze", "Object.freeze(shared)", "Object.isFrozen(shared)"),
    ("prevent extensions", "Object.preventExtensions(array)", "!Object.isExtensible(array)"),
    ("symbol registry", "shared[Symbol.for('leak')] = 1", "Object.getOwnPropertySymbols(shared).length !== 0"),
    ("symbol property of a builtin", "Array.prototype[Symbol.for('q')] = 1", "Symbol.for('q') in []"),
    ("closure variable", "increment()", "read() !== 0"),
    ("generator position", "steps.next()", "steps.next().value !== 0"),
    ("iterator position", "entries.next()", "entries.next().value !== 1"),
    ("bound function property", "bound.tag = 1", "'tag' in bound"),
    ("function property", "read.tag = 1", "'tag' in read"),
    ("date", "date.setFullYear(1999)", "date.getTime() !== 0"),
    ("error message", "failure.message = 'changed'", "failure.message !== 'as built'"),
    ("pending promise", "settle(1)", "settled"),
    ("promise reactions", "pending.then(() => {})", "settled"),
    ("microtask left behind", "queueMicrotask(() => { globalThis.late = 1; })", "'late' in globalThis"),
    ("timer left behind", "setTimeout(() => { globalThis.timer = 1; }, 0)", "'timer' in globalThis"),
    ("headers template", "template.set('x-leak', '1')", "template.has('x-leak')"),
    ("search params", "params.append('b', '2')", "params.has('b')"),
    ("url", "url.pathname = '/leak'", "url.pathname !== '/'"),
    ("abort signal", "controller.abort()", "controller.signal.aborted"),
    ("response used", "reused.text()", "reused.bodyUsed"),
    ("proxy target", "proxy.x = 1", "target.x === 1"),
    ("arguments of a kept function", "keep(1, 2)", "kept.length !== 0"),
    ("tagged template cache", "tag`a`.seen = 1", "false"),
    (
        "many shapes",
        "for (let i = 0; i < 300; i++) { const o = {}; o['k' + i] = i; shared['s' + i] = o; }",
        "'s1' in shared",
    ),
    ("context state", "ctx.state.leak = 1", "'leak' in ctx.state"),
];

#[test]
fn nothing_survives_a_request() {
    let mut script = String::from(
        "let counter = 0; let settled = false; let settle; const kept = [];
         const shared = { list: [], kept: 1, get value() { return state; }, set value(v) { state = v; } }; let state = 0;
         const array = [1, 2, 3]; const map = new Map([['base', 1]]); const set = new Set(['base']);
         const weak = new WeakMap(); const weakSet = new WeakSet(); const bytes = new Uint8Array(16); const re = /a/g;
         class Box { #v = 0; static #n = 0; open = 1; put(v) { this.#v = v; } get() { return this.#v; } static bump() { Box.#n++; } static count() { return Box.#n; } }
         const box = new Box(); let hidden = 0; const increment = () => { hidden++; }; const read = () => hidden;
         const bound = read.bind(null); const steps = (function* () { for (let i = 0; ; i++) yield i; })(); const entries = [1, 2, 3].values();
         const date = new Date(0); const failure = new Error('as built'); const pending = new Promise(r => { settle = r; }); pending.then(() => { settled = true; });
         const template = new Headers({ 'x-a': '1' }); const params = new URLSearchParams('a=1'); const url = new URL('http://x/');
         const controller = new AbortController(); const reused = new Response('body'); const target = {}; const proxy = new Proxy(target, {});
         function keep() { kept.push(arguments); } const tag = (s) => ({ s });\n",
    );
    script.push_str("const leak = {\n");
    for (i, (_, leave, _)) in LEAKS.iter().enumerate() {
        script.push_str(&format!("  {i}(ctx) {{ {leave}; }},\n"));
    }
    script.push_str("};\nconst sees = {\n");
    for (i, (_, _, look)) in LEAKS.iter().enumerate() {
        script.push_str(&format!("  {i}(ctx) {{ return {look}; }},\n"));
    }
    script.push_str(
        "};\nexport default { fetch(request, env, ctx) { const [, what, i] = new URL(request.url).pathname.split('/');
           if (what === 'leak') { leak[i](ctx); return new Response('left'); }
           return new Response(String(sees[i](ctx))); } };",
    );
    for heap in ["arena", "hybrid"] {
        nothing_leaks(&script, heap);
    }
    assert!(LEAKS.len() >= 40);
}

fn nothing_leaks(script: &str, heap: &str) {
    let gateway = handler_with(script, &format!(", heap: {heap}"));
    // One worker's runtime is taken last in, first out: a connection meets the runtime it used before.
    let mut client = gateway.client();
    for (i, (name, ..)) in LEAKS.iter().enumerate() {
        let look = client.request("GET", &format!("/see/{i}"), &[], "");
        assert_eq!((look.status, look.text().as_str()), (200, "false"), "{name}, before: {}", gateway.stderr());
        let leak = client.request("GET", &format!("/leak/{i}"), &[], "");
        assert_eq!(leak.status, 200, "{name}: {}", leak.text());
        let look = client.request("GET", &format!("/see/{i}"), &[], "");
        assert_eq!((look.status, look.text().as_str()), (200, "false"), "{name} is visible to the next request");
    }
    assert!(!gateway.stderr().contains("was not as it should be"), "{}", gateway.stderr());
}
