// async functions: order of jobs, results, errors, await everywhere.
async function one() { return 1; }
assert(one() instanceof Promise);
assert.sameValue(await one(), 1);
assert.sameValue(Object.getPrototypeOf(one), Object.getPrototypeOf(async () => {}));
assert.throws(TypeError, () => new one());
assert.sameValue('prototype' in one, false);
assert.sameValue(Object.prototype.toString.call(one), '[object AsyncFunction]');
// The body runs at once until the first await.
let log = [];
const f = async (n) => { log.push(n + ' start'); await null; log.push(n + ' end'); return n; };
const p = f('a');
log.push('called');
await Promise.all([p, f('b')]);
assert.compareArray(log, ['a start', 'called', 'b start', 'a end', 'b end']);
// Errors, also of parameters, become rejections.
await assert.rejects(RangeError, (async () => { throw new RangeError(); })());
await assert.rejects(TypeError, (async () => { null.x; })());
await assert.rejects(RangeError, (async (a = (() => { throw new RangeError(); })()) => {})());
await assert.rejects(RangeError, (async ({ a }) => {})({ get a() { throw new RangeError(); } }));
await assert.rejects(TypeError, (async () => { await Promise.reject(new TypeError()); assert.fail(); })());
try { await Promise.reject(5); assert.fail(); } catch (e) { assert.sameValue(e, 5); }
// Thenables.
assert.sameValue(await { then(resolve) { resolve('thenable'); } }, 'thenable');
await assert.rejects(RangeError, (async () => { await { then() { throw new RangeError(); } }; })());
assert.sameValue(await { then: 1 }.then, 1);
assert.sameValue((await [1]).length, 1);
const nested = { then(r) { r({ then(q) { q('inner'); } }); } };
assert.sameValue(await nested, 'inner');
assert.sameValue(await (async () => nested)(), 'inner');
// How many jobs each takes: a native promise one, return of a promise three.
log = [];
const tick = (name, n) => { let q = Promise.resolve(); for (let i = 1; i <= n; i++) q = q.then(() => log.push(name + i)); return q; };
await Promise.all([
  tick('t', 4),
  (async () => { await undefined; log.push('await value'); })(),
  (async () => { await Promise.resolve(); log.push('await promise'); })(),
  (async () => Promise.resolve())().then(() => log.push('return promise')),
  (async () => {})().then(() => log.push('plain')),
]);
assert.compareArray(log, ['t1', 'await value', 'await promise', 'plain', 't2', 't3', 'return promise', 't4'].sort((a, b) => log.indexOf(a) - log.indexOf(b)));
assert(log.indexOf('return promise') > log.indexOf('t2'));
assert(log.indexOf('await promise') < log.indexOf('t2'));
// await keeps operands, works in every place.
const v = async (x) => x;
assert.sameValue(1 + await v(2) * await v(3), 7);
assert.deepEqual([await v(1), ...await v([2]), await v(3)], [1, 2, 3]);
assert.deepEqual({ [await v('k')]: await v('v'), ...await v({ s: 1 }) }, { k: 'v', s: 1 });
assert.sameValue(`${await v('a')}${await v('b')}`, 'ab');
assert.sameValue(Math.max(await v(1), await v(5)), 5);
assert.sameValue((await v({ m() { return this.n; }, n: 4 })).m(), 4);
assert.sameValue(await v(0) || await v('or'), 'or');
assert.sameValue(await v(1) ? await v('yes') : assert.fail(), 'yes');
assert.sameValue(await await await v(1), 1);
assert.sameValue(-await v(1), -1);
assert.sameValue(typeof await v(1), 'number');
assert.sameValue((await v(2)) ** 2, 4);
const [d1 = await v('d')] = [];
assert.sameValue(d1, 'd');
const o = { x: 1 };
o.x += await v(5);
assert.sameValue(o.x, 6);
let n = 1;
n += await (async () => { n = 100; return 1; })();
assert.sameValue(n, 2, 'read before the await');
let sum = 0;
for (let i = await v(0); i < await v(3); i += await v(1)) sum += i;
while (await v(sum < 10)) sum += await v(4);
do sum++; while (await v(false));
for (const x of await v([1, 2])) sum += x;
for (const k in await v({ a: 1 })) sum += k;
assert.sameValue(sum, '15a');
switch (await v(1)) { case await v(1): sum = 'switched'; }
assert.sameValue(sum, 'switched');
if (await v(false)) assert.fail(); else sum = 'else';
try { throw await v('thrown'); } catch (e) { sum = e; } finally { sum += await v('!'); }
assert.sameValue(sum, 'thrown!');
const make = (await v(Map));
assert.sameValue(new make([[1, await v(2)]]).get(1), 2);
// this, arguments, super, new.target, methods.
class A { async m() { return 'A'; } static async s() { return this; } }
class B extends A { async m() { return await super.m() + 'B'; } async args() { await null; return arguments.length; } arrow = async () => this; async #p() { return 'private'; } p() { return this.#p(); } }
const b = new B();
assert.sameValue(await b.m(), 'AB');
assert.sameValue(await b.args(1, 2), 2);
assert.sameValue(await b.arrow(), b);
assert.sameValue(await b.p(), 'private');
assert.sameValue(await B.s(), B);
assert.sameValue(await (async function () { 'use strict'; await null; return this; }).call(7), 7);
assert.sameValue(await (async function () { await null; return new.target; })(), undefined);
// Names: async and await as identifiers in sloppy code.
const async = (x) => x;
assert.sameValue(async(5), 5);
assert.sameValue((function () { var await_ = 1; return await_; })(), 1);
assert.sameValue((function () { var await = 2; return await; })(), 2);
assert.sameValue({ async: 1, await: 2 }.await, 2);
// Many pending, deep chains, recursion.
const all = await Promise.all(Array.from({ length: 100 }, async (_, i) => { for (let k = 0; k < i % 5; k++) await null; return i; }));
assert.sameValue(all.reduce((a, c) => a + c), 4950);
const down = async (k) => (k ? await down(k - 1) + 1 : 0);
assert.sameValue(await down(200), 200);
assert.sameValue((await Promise.race([new Promise(() => {}), v('first')])), 'first');
// An awaited thenable is called in a job of its own.
log = [];
const t = (async () => { await { then(r) { log.push('then'); r(); } }; log.push('after'); })();
log.push('sync');
await t;
assert.compareArray(log, ['sync', 'then', 'after']);
// A promise's constructor getter may throw.
const evil = Promise.resolve(1);
Object.defineProperty(evil, 'constructor', { get() { throw new RangeError(); } });
await assert.rejects(RangeError, (async () => { await evil; })());
