// Async generators and for await.
async function* count(n) { for (let i = 0; i < n; i++) yield i; return 'end'; }
const collect = async (source) => { const out = []; for await (const x of source) out.push(x); return out; };
assert.compareArray(await collect(count(3)), [0, 1, 2]);
const it = count(1);
assert(it.next() instanceof Promise);
assert.deepEqual(await it.next(), { value: 'end', done: true });
assert.deepEqual(await it.next(), { value: undefined, done: true });
assert.sameValue(it[Symbol.asyncIterator](), it);
assert.sameValue(Object.prototype.toString.call(it), '[object AsyncGenerator]');
assert.throws(TypeError, () => new count());
// Synchronous sources: values are awaited.
assert.compareArray(await collect([1, Promise.resolve(2), (async () => 3)()]), [1, 2, 3]);
assert.compareArray(await collect('ab'), ['a', 'b']);
assert.compareArray(await collect((function* () { yield Promise.resolve('p'); })()), ['p']);
await assert.rejects(RangeError, collect([Promise.reject(new RangeError())]));
await assert.rejects(TypeError, collect(5));
await assert.rejects(TypeError, collect({ [Symbol.asyncIterator]: () => 1 }));
await assert.rejects(TypeError, collect({ [Symbol.asyncIterator]: () => ({ next: () => 1 }) }));
assert.compareArray(await collect({ [Symbol.asyncIterator]: null, [Symbol.iterator]: () => [7].values() }), [7]);
// An async generator awaits what it yields and returns; a rejection is thrown at the yield.
async function* yields() { try { yield Promise.reject('r'); } catch (e) { yield 'caught ' + e; } return Promise.resolve('final'); }
const y = yields();
assert.deepEqual(await y.next(), { value: 'caught r', done: false });
assert.deepEqual(await y.next(), { value: 'final', done: true });
// Requests queue up.
const q = count(2);
assert.deepEqual(await Promise.all([q.next(), q.next(), q.next(), q.next()]), [{ value: 0, done: false }, { value: 1, done: false }, { value: 'end', done: true }, { value: undefined, done: true }]);
const order = [];
const slow = (async function* () { order.push('start'); await null; yield 1; order.push('between'); yield 2; })();
const requests = [slow.next().then(() => order.push('one')), slow.next().then(() => order.push('two')), slow.return('x').then((r) => order.push(r.value))];
await Promise.all(requests);
assert.compareArray(order, ['start', 'one', 'between', 'two', 'x'].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
// throw and return.
let log = [];
async function* guarded() { try { yield 1; yield 2; } catch (e) { yield 'c' + e; } finally { await null; log.push('finally'); } }
let g = guarded();
await g.next();
assert.deepEqual(await g.throw('x'), { value: 'cx', done: false });
assert.deepEqual(await g.next(), { value: undefined, done: true });
g = guarded();
await g.next();
assert.deepEqual(await g.return(Promise.resolve('r')), { value: 'r', done: true });
assert.compareArray(log, ['finally', 'finally']);
g = guarded();
assert.deepEqual(await g.return('early'), { value: 'early', done: true });
await assert.rejects(RangeError, g.throw(new RangeError()));
g = guarded();
await assert.rejects(RangeError, g.throw(new RangeError()));
assert.deepEqual(await g.next(), { value: undefined, done: true });
g = guarded();
await assert.rejects(RangeError, g.return(Promise.reject(new RangeError())));
await assert.rejects(TypeError, count.prototype.next.call({}));
// Closing by for await: break, return, throw; return() is awaited and must give an object.
const source = (extra = {}) => ({ closed: 0, i: 0, [Symbol.asyncIterator]() { return this; }, async next() { return { value: this.i++, done: this.i > 3 }; }, async return() { await null; this.closed++; return {}; }, ...extra });
let s = source();
for await (const x of s) break;
assert.sameValue(s.closed, 1);
s = source();
for await (const x of s) ;
assert.sameValue(s.closed, 0);
s = source();
await (async () => { for await (const x of s) return x; })();
assert.sameValue(s.closed, 1);
s = source();
await assert.rejects(RangeError, (async () => { for await (const x of s) throw new RangeError(); })());
assert.sameValue(s.closed, 1);
s = source({ async return() { throw new SyntaxError(); } });
await assert.rejects(RangeError, (async () => { for await (const x of s) throw new RangeError(); })());
await assert.rejects(SyntaxError, (async () => { for await (const x of s) break; })());
s = source({ return: async () => 1 });
await assert.rejects(TypeError, (async () => { for await (const x of s) break; })());
s = source({ next: async () => { throw new RangeError(); } });
await assert.rejects(RangeError, collect(s));
assert.sameValue(s.closed, 0);
s = source();
out: for (const a of [1]) for await (const x of s) { for await (const z of source()) continue out; }
assert.sameValue(s.closed, 1);
let closed = 0;
const sync = { [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }), return() { closed++; return {}; } }) };
for await (const x of sync) break;
assert.sameValue(closed, 1);
// Heads.
const heads = [];
for await (const { a, b = 'd' } of [{ a: 1 }]) heads.push(a, b);
for await (let [x] of [[5]]) heads.push(x++, x);
for await (var v of [6]) heads.push(v);
const target = {};
for await (target.p of [7]) heads.push(target.p);
for await (async of [8]) heads.push(async);
assert.compareArray(heads, [1, 'd', 5, 6, 6, 7, 8]);
var async;
const fs = [];
for await (const x of [1, 2]) fs.push(() => x);
assert.compareArray(fs.map((f) => f()), [1, 2]);
// Delegation: to async and to sync sources, with values sent through.
async function* outer() { const r = yield* count(2); yield r; yield* [Promise.resolve('s')]; const z = yield* inner(); yield 'z' + z; }
async function* inner() { const got = yield 'ask'; return got; }
const o = outer();
const seen = [];
for (let i = 0, r; !(r = await o.next(i)).done; i++) seen.push(r.value);
assert.compareArray(seen, [0, 1, 'end', 's', 'ask', 'z5']);
log = [];
async function* delegate() { try { yield* guarded(); } finally { log.push('outer'); } }
const d = delegate();
await d.next();
assert.deepEqual(await d.throw('q'), { value: 'cq', done: false });
await d.return();
assert.compareArray(log, ['finally', 'outer']);
const none = (async function* () { yield* { [Symbol.asyncIterator]: () => ({ next: () => ({ done: false, value: 1 }) }) }; })();
await none.next();
assert.deepEqual(await none.return('r'), { value: 'r', done: true });
// await in between, this, arguments, methods, private names.
class K { v = 1; async *m() { yield this.v; yield arguments.length; yield await Promise.resolve('w'); } static async *#p() { yield 'private'; } static p() { return this.#p(); } }
assert.compareArray(await collect(new K().m(1, 2)), [1, 2, 'w']);
assert.compareArray(await collect(K.p()), ['private']);
assert.compareArray(await collect({ async *[Symbol.asyncIterator]() { yield 'own'; } }), ['own']);
const lazy = (async function* () { log.push('ran'); })();
assert.sameValue(log.includes('ran'), false);
await lazy.next();
assert.sameValue(log.includes('ran'), true);
// throw() of a delegate that is synchronous: handed on, or the delegate is closed if it has none.
let handed;
const handing = (async function* () { return yield* { [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }), throw(v) { handed = v; return { value: Promise.resolve('thrown ' + v), done: true }; } }) }; })();
await handing.next();
assert.deepEqual(await handing.throw('t'), { value: 'thrown t', done: true });
assert.sameValue(handed, 't');
closed = 0;
const without = (async function* () { yield* { [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }), return() { closed++; return {}; } }) }; })();
await without.next();
await assert.rejects(TypeError, without.throw('t'));
assert.sameValue(closed, 1);
const failing = (async function* () { yield* { [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }), throw() { throw new RangeError(); } }) }; })();
await failing.next();
await assert.rejects(RangeError, failing.throw('t'));
