// Optional chaining: what is skipped, `this`, delete, private names, templates refused.
const o = { a: { b: { c: 1, f() { return this; } } }, n: null, z: 0, s: '', list: [[5]] };
assert.sameValue(o?.a?.b?.c, 1);
assert.sameValue(o.x?.y, undefined);
assert.sameValue(o.n?.y, undefined);
assert.sameValue(o.x?.y.z.w, undefined, 'the whole chain ends');
assert.sameValue(o.x?.y['z'](1).w, undefined);
assert.throws(TypeError, () => (o.x?.y).z, undefined);
assert.throws(TypeError, () => o.a?.x.y);
assert.sameValue(o.z?.toFixed(1), '0.0', 'only null and undefined');
assert.sameValue(o.s?.length, 0);
assert.sameValue(false?.x, undefined);
assert.sameValue(NaN?.constructor, Number);
assert.sameValue(o?.['a']?.['b']['c'], 1);
assert.sameValue(o.list?.[0]?.[0], 5);
assert.sameValue(o.list[3]?.[0], undefined);
assert.sameValue(null?.[0], undefined);
assert.sameValue(undefined?.x, undefined);
assert.sameValue(o.a.b.f?.(), o.a.b);
assert.sameValue(o.a?.b.f(), o.a.b);
assert.sameValue(o.a?.b?.f?.(), o.a.b);
assert.sameValue(o.a?.b['f'](), o.a.b);
assert.sameValue((o.a?.b.f)(), o.a.b, 'parentheses keep this');
assert.sameValue((o.a?.b.f)?.(), o.a.b);
assert.sameValue(o.missing?.(), undefined);
assert.sameValue(o.missing?.().x.y(), undefined);
assert.throws(TypeError, () => o.z?.());
assert.throws(TypeError, () => o.missing());
assert.throws(TypeError, () => o?.missing());
const f = function () { 'use strict'; return this; };
assert.sameValue(f?.(), undefined);
assert.sameValue((0, o.a?.b.f)() === o.a.b, false);
// Keys and arguments are not evaluated when the chain ends.
let effects = 0;
assert.sameValue(null?.[effects++], undefined);
assert.sameValue(null?.(effects++), undefined);
assert.sameValue(null?.x(effects++)[effects++], undefined);
assert.sameValue(effects, 0);
// The base is evaluated once.
assert.sameValue((effects++, o)?.a?.b.c, 1);
assert.sameValue(effects, 1);
let reads = 0;
const getter = { get p() { reads++; return { q: () => 'q' }; } };
assert.sameValue(getter.p?.q?.(), 'q');
assert.sameValue(reads, 1);
// delete
const d = { x: { y: 1, z: 2 } };
assert.sameValue(delete d?.x?.y, true);
assert.sameValue('y' in d.x, false);
assert.sameValue(delete d.none?.y, true);
assert.sameValue(delete d?.none?.y.z, true);
assert.throws(TypeError, () => { 'use strict'; return delete Object.freeze({ a: 1 })?.a; });
// With other operators.
assert.sameValue(o.x?.y ?? 'default', 'default');
assert.sameValue(o.x?.y === undefined, true);
assert.sameValue(typeof o.x?.y, 'undefined');
assert.sameValue(o.a?.b.c + 1, 2);
assert.sameValue(!o.x?.y, true);
assert.sameValue(true?.5:1, .5, 'a conditional with a number');
assert.sameValue([o.x?.y, ...o.list?.[0]].length, 2);
assert.sameValue(`${o.x?.y}`, 'undefined');
assert.sameValue(new (o.a?.constructor)() instanceof Object, true);
if (o.x?.y) assert.fail();
if (!(o?.a?.b)) assert.fail();
for (const x of o.list?.[0]) assert.sameValue(x, 5);
// Calls with spread, super, private names, await, yield.
assert.sameValue(Math?.max?.(...[1, 2]), 2);
assert.sameValue(o.none?.max(...null), undefined);
class A { m() { return 'super'; } }
class B extends A { #p = { v: 1 }; #f() { return this; } m() { return super.m?.() + (super.none?.() ?? '!'); } p(x) { return x?.#p?.v; } q(x) { return x?.#f?.() === x; } r(x) { return x.inner?.#p.v; } }
assert.sameValue(new B().m(), 'super!');
assert.sameValue(new B().p(new B()), 1);
assert.sameValue(new B().p(null), undefined);
assert.sameValue(new B().q(new B()), true);
assert.sameValue(new B().r({ inner: new B() }), 1);
assert.sameValue(new B().r({}), undefined);
assert.throws(TypeError, () => new B().p({}));
assert.sameValue((await null)?.x, undefined);
assert.sameValue(await o.none?.x, undefined);
assert.sameValue((await (async () => o)())?.a.b.c, 1);
function* g() { return (yield 1)?.x?.[yield 2]; }
const it = g(); it.next(); it.next({ x: { k: 'v' } });
assert.sameValue(it.next('k').value, 'v');
const it2 = g(); it2.next();
assert.deepEqual(it2.next(null), { value: undefined, done: true });
// Proxies see ordinary gets and applies.
const log = [];
const proxy = new Proxy(function () {}, { get: (t, k) => (log.push(k), proxy), apply: (t, that, args) => (log.push('()'), args[0]) });
assert.sameValue(proxy?.a?.['b']?.(3), 3);
assert.compareArray(log, ['a', 'b', '()']);
// Deep chains.
let deep = {};
for (let i = 0, at = deep; i < 20; i++) at = at.n = {};
assert.sameValue(typeof deep?.n?.n?.n?.n?.n?.n?.n?.n?.n?.n?.n, 'object');
assert.sameValue(deep?.n?.n?.x?.n?.n?.n, undefined);
