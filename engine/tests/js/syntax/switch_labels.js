// `switch` and labels.
const pick = (v) => { switch (v) { case 1: return 'one'; case '1': return 'text'; case NaN: return 'nan'; case 0: return 'zero'; default: return 'default'; case null: return 'null'; } };
assert.compareArray([1, '1', NaN, 0, -0, null, undefined, 2].map(pick), ['one', 'text', 'default', 'zero', 'zero', 'null', 'default', 'default']);
const fall = (v) => { const out = []; switch (v) { case 1: out.push(1); case 2: out.push(2); break; default: out.push('d'); case 3: out.push(3); } return out.join(); };
assert.compareArray([1, 2, 3, 4].map(fall), ['1,2', '2', '3', 'd,3']);
switch (1) {}
switch (1) { default: }
switch (1) { case 2: assert.fail(); }
// Cases are compared in order, with ===, each evaluated at most once, none after a match.
const log = [];
const note = (v) => (log.push(v), v);
switch (note(2)) { case note(1): case note(2): case note(3): }
assert.compareArray(log, [2, 1, 2]);
log.length = 0;
switch (note(9)) { case note(1): default: note('d'); case note(3): note('three'); break; case note(4): note('never'); }
assert.compareArray(log, [9, 1, 3, 4, 'd', 'three'], 'default after all cases');
switch (Symbol.iterator) { case Symbol.iterator: log.length = 0; }
assert.sameValue(log.length, 0);
switch (1n) { case 1: assert.fail(); case 1n: log.push('big'); }
assert.compareArray(log, ['big']);
assert.throws(RangeError, () => { switch (1) { case (() => { throw new RangeError(); })(): } });
switch (true) { case 5 > 3: log.push('ladder'); break; default: assert.fail(); }
assert.sameValue(log.at(-1), 'ladder');
// One scope for all cases.
switch (0) { case 0: let x = 1; const f = () => x; case 1: x++; assert.sameValue(f(), 2); }
switch (0) { case 0: assert.sameValue(hoisted(), 1); break; case 1: function hoisted() { return 1; } }
switch (0) { case 0: class K {} assert.sameValue(typeof K, 'function'); }
assert.throws(ReferenceError, () => { switch (y) { default: let y; } });
// break leaves the switch, continue the loop around it; return and throw.
const trail = [];
for (let i = 0; i < 4; i++) { switch (i) { case 0: continue; case 1: break; case 2: trail.push('two'); continue; default: trail.push('d'); } trail.push(i); }
assert.compareArray(trail, [1, 'two', 'd', 3]);
const nested = (a, b) => { switch (a) { case 1: switch (b) { case 1: return 'in'; case 2: break; } return 'after'; } return 'out'; };
assert.compareArray([nested(1, 1), nested(1, 2), nested(2, 2)], ['in', 'after', 'out']);
const dense = (n) => { switch (n) { case 0: return 'a'; case 1: return 'b'; case 2: return 'c'; case 3: return 'd'; case 4: return 'e'; case 5: return 'f'; case 6: return 'g'; case -1: return 'm'; case 1.5: return 'h'; } };
assert.compareArray([0, 3, 6, -1, 1.5, 7, '0'].map(dense), ['a', 'd', 'g', 'm', 'h', undefined, undefined]);
const words = (w) => { switch (w) { case 'get': case 'head': return 1; case 'post': return 2; case 'p' + 'ut': return 3; } return 0; };
assert.compareArray(['get', 'head', 'pos' + 't', 'put', 'GET'].map(words), [1, 1, 2, 3, 0]);
function* gen() { switch (yield 'a') { case yield 'b': return 'same'; default: return 'other'; } }
let it = gen(); it.next(); it.next(1); assert.sameValue(it.next(1).value, 'same');
it = gen(); it.next(); it.next(1); assert.sameValue(it.next(2).value, 'other');
switch (await 1) { case await 1: trail.push('awaited'); }
assert.sameValue(trail.at(-1), 'awaited');

// Labels.
const steps = [];
outer: for (let i = 0; i < 3; i++) { inner: for (let j = 0; j < 3; j++) { if (j === 1) continue outer; if (i === 2) break outer; steps.push(i * 10 + j); } }
assert.compareArray(steps, [0, 10]);
block: { steps.push('b'); if (steps.length) break block; assert.fail(); }
a: b: c: for (;;) { break a; }
a: { b: { break a; } assert.fail(); }
a: ; a: ; // The same label again, one after the other.
lbl: if (true) { break lbl; assert.fail(); }
lbl: switch (1) { case 1: for (;;) break lbl; }
lbl: try { break lbl; } finally { steps.push('f'); }
assert.sameValue(steps.at(-1), 'f');
n: for (const x of [1, 2]) { for (const y in { a: 1 }) { continue n; } assert.fail(); }
w: while (true) { do { break w; } while (true); }
d: do { continue d; } while (false);
d: e: do { continue e; } while (false);
d: e: for (let i = 0; i < 2; i++) { for (;;) continue d; }
fn: function labelled() { return 'labelled'; }
assert.sameValue(labelled(), 'labelled');
yield: for (;;) { break yield; }
async: { break async; }
const twice = () => { lab: { return (() => { lab: { break lab; } return 1; })(); } };
assert.sameValue(twice(), 1);
var lab = 1; lab: { lab++; break lab; }
assert.sameValue(lab, 2);
// Leaving through finally and iterators.
const order = [];
l1: for (const x of (function* () { try { yield 1; yield 2; } finally { order.push('closed'); } })()) { try { try { continue l1; } finally { order.push('inner'); } } finally { order.push('outer'); break l1; } }
assert.compareArray(order, ['inner', 'outer', 'closed']);
l2: { try { break l2; } finally { order.push('f2'); } }
l3: for (let i = 0; i < 2; i++) { try { continue l3; } finally { l4: { break l4; } order.push(i); } }
assert.compareArray(order.slice(3), ['f2', 0, 1]);
