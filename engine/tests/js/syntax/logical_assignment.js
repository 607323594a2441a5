// ??, ??=, ||=, &&=: values, what is evaluated, which references are read and written once.
assert.compareArray([null ?? 1, undefined ?? 1, 0 ?? 1, '' ?? 1, false ?? 1], [1, 1, 0, '', false]);
assert(Number.isNaN(NaN ?? 1));
assert.sameValue(null ?? undefined ?? 2, 2);
assert.sameValue((null || undefined) ?? 'z', 'z');
assert.sameValue(null ?? (0 || 'or'), 'or');
let effects = 0;
const touch = (v) => (effects++, v);
assert.sameValue(1 ?? touch(2), 1);
assert.sameValue(1 || touch(2), 1);
assert.sameValue(0 && touch(2), 0);
assert.sameValue(effects, 0);
assert.sameValue(0 || touch('x'), 'x');
assert.sameValue('a' && touch('b'), 'b');
assert.sameValue(effects, 2);
assert.sameValue(1 && 2 || 3, 2);
assert.sameValue(0 || 1 && 2, 2);
assert.sameValue(null ?? 1 + 1, 2);

let a = null, b = 0, c = 'x';
assert.sameValue(a ??= 1, 1);
assert.sameValue(a ??= 2, 1);
assert.sameValue(b ||= 3, 3);
assert.sameValue(b &&= 4, 4);
assert.sameValue(c &&= '', '');
assert.sameValue(c ??= 'never', '');
assert.sameValue(c ||= a ??= 5, 1);
assert.compareArray([a, b, c], [1, 4, 1]);

// Members: object and key once, getter once, setter only when assigning.
const log = [];
const object = { get p() { log.push('get'); return this.v; }, set p(x) { log.push('set ' + x); this.v = x; }, v: undefined };
const of = () => (log.push('object'), object), key = () => (log.push('key'), { toString() { log.push('text'); return 'p'; } });
of()[key()] ??= (log.push('value'), 7);
assert.compareArray(log.filter((x) => x !== 'text'), ['object', 'key', 'get', 'value', 'set 7']);
log.length = 0;
assert.sameValue(of()[key()] ??= (log.push('value'), 8), 7);
assert.compareArray(log.filter((x) => x !== 'text'), ['object', 'key', 'get']);
log.length = 0;
object.p &&= 9;
object.p ||= 10;
assert.compareArray(log, ['get', 'set 9', 'get']);
const frozen = Object.freeze({ yes: 1, no: 0 });
(function () {
  'use strict';
  assert.sameValue(frozen.yes ||= 2, 1, 'nothing is written');
  assert.sameValue(frozen.no &&= 2, 0);
  assert.sameValue(frozen.yes ??= 2, 1);
  assert.throws(TypeError, () => frozen.no ||= 2);
  assert.throws(TypeError, () => frozen.yes &&= 2);
  assert.throws(TypeError, () => frozen.missing ??= 2);
  assert.throws(ReferenceError, () => nowhere ??= 1);
  assert.throws(ReferenceError, () => nowhere ||= 1);
})();
assert.throws(ReferenceError, () => { nowhere &&= 1; }, 'read first, also in sloppy code');
assert.throws(TypeError, () => { null.x ??= 1; });
globalThis.viaGlobal = null;
viaGlobal ??= 'set';
assert.sameValue(viaGlobal, 'set');
delete globalThis.viaGlobal;

// Names of functions.
let f, g = 0, h = 1;
f ??= () => {};
g ||= function () {};
h &&= class {};
assert.compareArray([f.name, g.name, h.name], ['f', 'g', 'h']);
object.q ??= () => {};
assert.sameValue(object.q.name, '');
// Private names, super, array elements, closures.
class A { #x; static s; set(v) { return this.#x ??= v; } and(v) { return this.#x &&= v; } }
const x = new A();
assert.compareArray([x.set(1), x.set(2), x.and(3), x.and(0), x.and(4)], [1, 1, 3, 0, 0]);
class P { get v() { return null; } }
class Q extends P { m() { super.v ??= 5; return Object.hasOwn(this, 'v') ? this.v : 'none'; } }
assert.throws(TypeError, () => new Q().m(), undefined);
const list = [, 0];
list[0] ??= 'a'; list[1] ||= 'b'; list[2] ??= 'c';
assert.deepEqual(list, ['a', 'b', 'c']);
let captured = null;
const set = (v) => captured ??= v;
assert.compareArray([set(1), set(2), captured], [1, 1, 1]);
assert.sameValue((() => { let n = null; return (n ??= 5) + n; })(), 10);
// A value that changes while the right side runs: the left side was read before.
let moving = null;
assert.sameValue(moving ??= (moving = 5, 6), 6);
assert.sameValue(moving, 6);
// Short circuits control flow.
if (null ?? false) assert.fail();
if (!(0 ?? 1)) effects = 'zero';
assert.sameValue(effects, 'zero');
while (a &&= a > 3 ? 0 : a + 1) ;
assert.sameValue(a, 0);
let w = null;
assert.sameValue(await (async () => w ??= await 5)(), 5);
assert.sameValue(w, 5);
function* gen() { let y; y ??= yield 1; y ||= yield 2; return y; }
const it = gen();
it.next();
assert.deepEqual(it.next(0), { value: 2, done: false });
assert.deepEqual(it.next('end'), { value: 'end', done: true });
