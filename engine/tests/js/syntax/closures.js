// Closures: what they capture, and a binding for every round of a loop.
const counter = () => { let n = 0; return { up: () => ++n, down: () => --n, get value() { return n; } }; };
const one = counter(), two = counter();
one.up(); one.up(); two.down();
assert.sameValue(one.value, 2);
assert.sameValue(two.value, -1);

const run = (fs) => fs.map((f) => f());
let fs = [];
for (let i = 0; i < 3; i++) fs.push(() => i);
assert.compareArray(run(fs), [0, 1, 2]);
fs = [];
for (var v = 0; v < 3; v++) fs.push(() => v);
assert.compareArray(run(fs), [3, 3, 3]);
fs = [];
for (let i = 0; i < 3; i++) { fs.push(() => i); i++; }
assert.compareArray(run(fs), [1, 3], 'the body changes its own round');
fs = [];
for (let i = 0; i < 3; fs.push(() => i), i++) ;
assert.compareArray(run(fs), [1, 2, 3], 'the update belongs to the next round');
fs = [];
for (let i = 0, get = () => i; i < 2; i++) fs.push(get);
assert.compareArray(run(fs), [0, 0], 'the head has a binding before the first round');
fs = [];
for (let i = 0; fs.push(() => i), i < 2; i++) ;
assert.compareArray(run(fs), [0, 1, 2]);
fs = [];
for (let i = 0, j = 10; i < 3; i++, j--) { if (i === 1) continue; fs.push(() => [i, j].join()); }
assert.compareArray(run(fs), ['0,10', '2,8']);
fs = [];
for (const k in { a: 1, b: 2 }) fs.push(() => k);
assert.compareArray(run(fs), ['a', 'b']);
fs = [];
for (const k of 'xyz') fs.push(() => k);
assert.compareArray(run(fs), ['x', 'y', 'z']);
fs = [];
for (const [k, { n = k }] of [['a', {}], ['b', { n: 'c' }]]) fs.push(() => k + n);
assert.compareArray(run(fs), ['aa', 'bc']);
fs = [];
for (let k of [1, 2]) { fs.push(() => k, () => { k *= 10; }); }
fs[1]();
assert.compareArray([fs[0](), fs[2]()], [10, 2]);
fs = [];
let w = 0;
while (w < 3) { const n = w++; fs.push(() => n); }
assert.compareArray(run(fs), [0, 1, 2]);
fs = [];
do { let n = w--; fs.push(() => n); } while (w);
assert.compareArray(run(fs), [3, 2, 1]);
fs = [];
outer: for (let i = 0; i < 3; i++) { for (let j = 0; j < 3; j++) { fs.push(() => i * 10 + j); if (j === i) continue outer; } }
assert.compareArray(run(fs), [0, 10, 11, 20, 21, 22]);
fs = [];
for (let i = 0; i < 2; i++) { try { fs.push(() => i); if (i) break; } finally { fs.push(() => -i); } }
assert.compareArray(run(fs), [0, -0, 1, -1]);

// Blocks, switch, catch.
fs = [];
for (const n of [0, 1]) switch (n) { default: let s = 'a' + n; fs.push(() => s); }
assert.compareArray(run(fs), ['a0', 'a1']);
let caught;
try { throw 5; } catch (e) { caught = () => e++; }
assert.sameValue(caught() + caught(), 11);
{ let a = 1; fs = [() => a++, () => a]; }
fs[0](); fs[0]();
assert.sameValue(fs[1](), 3);

// Parameters are captured like variables.
const adder = (a) => (b) => (c) => (a += b + c);
const plus = adder(1)(2);
assert.sameValue(plus(3), 6);
assert.sameValue(plus(3), 11, 'the same binding');
function both(a) { const get = () => a; a = 2; return get; }
assert.sameValue(both(1)(), 2);
function defaultClosure(a, f = () => a, g = (v) => { a = v; }) { g(5); return f() + a; }
assert.sameValue(defaultClosure(1), 10);
function declared() { return inner(); function inner() { return captured; } var captured = 1; }
assert.sameValue(declared(), undefined);

// Recursion makes bindings anew.
const trail = [];
(function down(n) { const here = n; trail.push(() => here); if (n) down(n - 1); })(3);
assert.compareArray(run(trail), [3, 2, 1, 0]);
// Depth: through many functions.
const deep = (a) => () => { let b = a + 1; return () => { let c = b + 1; return () => { let d = c + 1; return () => [a, b, c, d, (a++, b++, c++, d++)]; }; }; };
const bottom = deep(1)()()();
assert.compareArray(bottom(), [1, 2, 3, 4, 4]);
assert.compareArray(bottom(), [2, 3, 4, 5, 5]);
// this, arguments through closures.
function args() { return () => () => arguments[1] + this.v; }
assert.sameValue(args.call({ v: 1 }, 5, 6)()(), 7);
// Module-like pattern, immediately invoked.
const lib = (function () { let secret = 0; function bump() { return ++secret; } return { bump, peek: () => secret }; })();
lib.bump();
assert.sameValue(lib.peek(), 1);
// Classes in loops.
const classes = [];
for (let i = 0; i < 2; i++) classes.push(class { static id = i; get() { return i; } });
assert.compareArray(classes.map((C) => C.id + new C().get()), [0, 2]);
// Generators and async functions capture too.
function* gen() { for (let i = 0; i < 3; i++) { yield () => i; } }
assert.compareArray(run([...gen()]), [0, 1, 2]);
const pending = [];
for (let i = 0; i < 3; i++) { pending.push((async () => { await null; return i; })()); }
assert.compareArray(await Promise.all(pending), [0, 1, 2]);
// Several hundred captured variables and closures.
const many = [];
for (let i = 0; i < 500; i++) { const a = i, b = i * 2; many.push(() => a + b); }
assert.sameValue(many.reduce((sum, f) => sum + f(), 0), 374250);
// A name is looked up when it is used: later assignments show.
let late = 1;
const reads = () => late;
late = 2;
assert.sameValue(reads(), 2);
var hoistedFn = () => typeof undefinedLater;
assert.sameValue(hoistedFn(), 'undefined');
globalThis.undefinedLater = 1;
assert.sameValue(hoistedFn(), 'number');
delete globalThis.undefinedLater;
