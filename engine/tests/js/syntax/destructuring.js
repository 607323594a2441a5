// Destructuring: patterns in declarations, parameters, assignments, loops and catch; order and closing of iterators.
const [a, , b = 5, ...rest] = [1, 2, undefined, 4, 5];
assert.sameValue(a, 1);
assert.sameValue(b, 5);
assert.deepEqual(rest, [4, 5]);
const { x, y: renamed, z = 3, 'quoted key': q, [`com${'puted'}`]: c, 7: seven, ...others } = { x: 1, y: 2, 'quoted key': 4, computed: 5, 7: 6, u: 7, v: 8 };
assert.compareArray([x, renamed, z, q, c, seven], [1, 2, 3, 4, 5, 6]);
assert.deepEqual(others, { u: 7, v: 8 });
const { n: { m: [, { deep = 'd' } = {}] = [] } = {} } = {};
assert.sameValue(deep, 'd');
const [[p, [r]], { s: [t] }] = [[1, [2]], { s: 'xyz' }];
assert.compareArray([p, r, t], [1, 2, 'x']);
const [] = [], {} = {};
const [...[head, ...tail]] = [1, 2, 3];
assert.sameValue(head + tail.length, 3);
const [...{ length }] = 'four';
assert.sameValue(length, 4);

// Defaults only for undefined; evaluated only when needed; they name functions.
const { d1 = 1, d2 = 2, d3 = assert.fail() } = { d1: null, d2: undefined, d3: 0 };
assert.compareArray([d1, d2, d3], [null, 2, 0]);
const { fn = () => {}, kl: kl2 = class {} } = {}, [gn = function () {}, own = function mine() {}] = [];
assert.compareArray([fn.name, kl2.name, gn.name, own.name], ['fn', 'kl2', 'gn', 'mine']);
const { e1 = 1, e2 = e1 + 1, [e2]: e3 = e2 } = { 2: 'two' };
assert.sameValue(e3, 'two');

// Values that can be destructured.
assert.sameValue((({ length }) => length)('abc'), 3);
assert.sameValue((({ toFixed }) => toFixed)(1), Number.prototype.toFixed);
assert.compareArray((([a, b]) => [a, b])('😀x'), ['😀', 'x']);
assert.compareArray((([[k, v]]) => [k, v])(new Map([['k', 'v']])), ['k', 'v']);
assert.compareArray((([a, b]) => [a, b])((function* () { yield 1; yield 2; yield 3; })()), [1, 2]);
for (const wrong of [null, undefined]) {
  assert.throws(TypeError, () => { const {} = wrong; });
  assert.throws(TypeError, () => { const { a } = wrong; });
  assert.throws(TypeError, () => { const [] = wrong; });
  assert.throws(TypeError, () => (({ a }) => a)(wrong));
  assert.throws(TypeError, () => { ({} = wrong); });
}
assert.throws(TypeError, () => { const [z] = {}; });
assert.throws(TypeError, () => { const [z] = 1; });
assert.throws(TypeError, () => { const { a: { b } } = {}; });
assert.throws(TypeError, () => { const { a: [b] } = { a: null }; });
const {} = 1;
assert.throws(TypeError, () => { [] = { [Symbol.iterator]: () => 1 }; });
assert.throws(TypeError, () => { const [z] = { [Symbol.iterator]: () => ({ next: () => 1 }) }; });

// Assignment patterns and their targets.
let v, w, o = {}, list = [];
[v, w] = [1, 2];
[v, w] = [w, v];
assert.compareArray([v, w], [2, 1]);
({ v, w: o.w, z: list[0] = 'z', ...o.rest } = { v: 3, w: 4, extra: 5 });
assert.compareArray([v, o.w, list[0], o.rest.extra], [3, 4, 'z', 5]);
[o.a, list[1], (v), [w]] = [1, 2, 3, [4]];
assert.compareArray([o.a, list[1], v, w], [1, 2, 3, 4]);
[...list] = 'ab';
assert.compareArray(list, ['a', 'b']);
[...o['list']] = [1];
assert.deepEqual(o.list, [1]);
({ v = 10 } = {});
assert.sameValue(v, 10);
({ 'k': v, [`k`]: w } = { k: 'both' });
assert.sameValue(v + w, 'bothboth');
assert.sameValue(({ v } = { v: 1, u: 2 }).u, 2, 'the value is the right side');
assert.sameValue([v] = 'st', 'st');
[v = w = 5] = [];
assert.sameValue(w, 5);
[{ v, list: [w] = [6] }] = [{ v: 1 }];
assert.sameValue(w, 6);
[v, [w]] = [w, [v]];
assert.compareArray([v, w], [6, 1]);
let fname;
[fname = () => {}] = [];
assert.sameValue(fname.name, 'fname');
[(fname) = () => {}] = [];
assert.sameValue(fname.name, '');
o.m = null;
[o.m = () => {}] = [];
assert.sameValue(o.m.name, '');

// Order: target references before values, keys before the target of each property.
{
  const log = [];
  const note = (n) => { log.push(n); return n; };
  const target = () => (note('target'), { set p(v) { note('set ' + v); } });
  const source = { get a() { note('get a'); return undefined; } };
  ({ [note('a')]: target().p = note('default') } = source);
  assert.compareArray(log, ['a', 'target', 'get a', 'default', 'set default']);
  log.length = 0;
  const iterable = { [Symbol.iterator]() { note('iterator'); return { next() { note('next'); return { done: false, value: 1 }; }, return() { note('return'); return {}; } }; } };
  [target().p, target().p] = iterable;
  assert.compareArray(log, ['iterator', 'target', 'next', 'set 1', 'target', 'next', 'set 1', 'return']);
  log.length = 0;
  const {} = (note('right'), {}), { [note('k1')]: k1, [note('k2')]: k2 } = { get k1() { note('get k1'); }, get k2() { note('get k2'); } };
  assert.compareArray(log, ['right', 'k1', 'get k1', 'k2', 'get k2']);
}

// Iterators are closed when the pattern ends before they do.
function tracked(count, extra = {}) {
  const state = { nexts: 0, returns: 0 };
  state[Symbol.iterator] = () => ({ next: () => ({ done: state.nexts++ >= count, value: state.nexts }), return() { state.returns++; return {}; }, ...extra });
  return state;
}
{
  let it = tracked(5);
  const [f1, f2] = it;
  assert.compareArray([it.nexts, it.returns, f2], [2, 1, 2]);
  it = tracked(1);
  const [g1, g2, g3] = it;
  assert.compareArray([it.nexts, it.returns, g2, g3], [2, 0, undefined, undefined]);
  it = tracked(3);
  const [...all] = it;
  assert.compareArray([it.nexts, it.returns, all.length], [4, 0, 3]);
  it = tracked(3);
  const [] = it;
  assert.compareArray([it.nexts, it.returns], [0, 1]);
  it = tracked(3);
  const [, ,] = it;
  assert.compareArray([it.nexts, it.returns], [2, 1]);
  it = tracked(3);
  assert.throws(RangeError, () => { const [e = (() => { throw new RangeError(); })()] = { [Symbol.iterator]: () => ({ next: () => ({ done: false, value: undefined }), return() { it.returns++; throw new TypeError('lost'); } }) }; });
  assert.sameValue(it.returns, 1, 'an error of return() is dropped if there is one already');
  it = tracked(3, { return() { throw new SyntaxError('close'); } });
  assert.throws(SyntaxError, () => { const [e] = it; });
  it = tracked(3, { return: () => 1 });
  assert.throws(TypeError, () => { const [e] = it; }, undefined);
  it = tracked(3, { next() { throw new RangeError('next'); } });
  assert.throws(RangeError, () => { const [e] = it; });
  assert.sameValue(it.returns, 0, 'a failing next() does not close');
  it = tracked(3);
  assert.throws(RangeError, () => { [({ set p(v) { throw new RangeError('setter'); } }).p] = it; });
  assert.sameValue(it.returns, 1);
  it = tracked(0);
  assert.throws(TypeError, () => { [{ a: v }] = it; });
  assert.sameValue(it.returns, 0);
}

// Object rest: own enumerable properties but those named, symbols too.
{
  const sym = Symbol('s');
  const source = Object.create({ inherited: 1 }, { hidden: { value: 1 }, shown: { value: 2, enumerable: true } });
  source[sym] = 3;
  source[1] = 4;
  const { [1]: one, ...r2 } = source;
  assert.compareArray(Reflect.ownKeys(r2), ['shown', sym]);
  const { [sym]: symValue, ...r3 } = source;
  assert.compareArray([symValue, ...Reflect.ownKeys(r3)], [3, '1', 'shown']);
  const { ...copy } = 'ab';
  assert.deepEqual(copy, { 0: 'a', 1: 'b' });
  const { ...empty } = 5;
  assert.deepEqual(empty, {});
  assert.sameValue(Object.getPrototypeOf(r2), Object.prototype);
  const log = [];
  const proxy = new Proxy({ a: 1, b: 2 }, { ownKeys(t) { log.push('ownKeys'); return Reflect.ownKeys(t); }, getOwnPropertyDescriptor(t, k) { log.push('desc ' + k); return Reflect.getOwnPropertyDescriptor(t, k); }, get(t, k) { log.push('get ' + k); return t[k]; } });
  const { a: pa, ...pr } = proxy;
  assert.compareArray(log, ['get a', 'ownKeys', 'desc b', 'get b']);
}

// Everywhere a binding may stand.
const sum = ({ a = 1, b: { c: d = 2 } = {} } = {}, [e, f = e] = [3], ...[g = 4]) => a + d + e + f + g;
assert.sameValue(sum(), 13);
assert.sameValue(sum({ a: 10, b: { c: 20 } }, [30, 40], 50), 150);
try { throw { code: 1, list: [2] }; } catch ({ code, list: [first] }) { assert.sameValue(code + first, 3); }
const out = [];
for (const { k, v = k } of [{ k: 1 }, { k: 2, v: 3 }]) out.push(k, v);
for (const [i, ch] of Object.entries({ p: 1 })) out.push(i, ch);
for (let [i, j] = [0, 2]; i < j; [i, j] = [i + 1, j]) out.push(i);
for ({ v, w = 'w' } of [{ v: 'v' }]) out.push(v, w);
for ([o.i] of [[1], [2]]) out.push(o.i);
for (const { length } in { key: 1 }) out.push(length);
for (const [c0, c1] in { key: 1 }) out.push(c1);
assert.compareArray(out, [1, 1, 2, 3, 'p', 1, 0, 1, 'v', 'w', 1, 2, 3, 'e']);
class Pairs { constructor({ a, ...r }) { this.a = a; this.r = r; } set pair([a, b]) { this.a = a + b; } static #p; static set([v]) { [this.#p] = [v]; return this.#p; } }
const pairs = new Pairs({ a: 1, b: 2 });
pairs.pair = [3, 4];
assert.sameValue(pairs.a + pairs.r.b, 9);
assert.sameValue(Pairs.set([5]), 5);
function* g() { const [a = yield 'a', { b = yield 'b' } = {}] = []; return a + b; }
const it = g();
it.next(); it.next(1);
assert.sameValue(it.next(2).value, 3);
const { then: awaited = await 5 } = {};
assert.sameValue(awaited, 5);
