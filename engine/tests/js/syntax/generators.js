// Generators: resumption, results, delegation, places where yield may stand.
function* count(n) { for (let i = 0; i < n; i++) yield i; return 'done'; }
const it = count(2);
assert.deepEqual(it.next(), { value: 0, done: false });
assert.deepEqual(it.next(), { value: 1, done: false });
assert.deepEqual(it.next(), { value: 'done', done: true });
assert.deepEqual(it.next(), { value: undefined, done: true });
assert.compareArray([...count(3)], [0, 1, 2]);
assert.sameValue(it[Symbol.iterator](), it);
assert.sameValue(Object.prototype.toString.call(it), '[object Generator]');
assert.sameValue(Object.getPrototypeOf(it), count.prototype);
assert(it instanceof count);
assert.sameValue(Object.hasOwn(count.prototype, 'constructor'), false);
assert.throws(TypeError, () => new count());
assert.sameValue(count.length, 1);
// Values sent in; the first is lost.
function* echo() { const got = []; for (;;) { const x = yield got.length; if (x === 'end') return got; got.push(x); } }
let e = echo();
e.next('lost'); e.next('a'); assert.sameValue(e.next('b').value, 2);
assert.deepEqual(e.next('end'), { value: ['a', 'b'], done: true });
// Parameters are evaluated at the call, the body at the first next.
const log = [];
function* lazy(a = log.push('parameter')) { log.push('body'); }
const l = lazy();
assert.compareArray(log, ['parameter']);
l.next();
assert.compareArray(log, ['parameter', 'body']);
assert.throws(RangeError, () => (function* (a = (() => { throw new RangeError(); })()) {})());
// throw and return.
let t = count(3); t.next();
assert.throws(RangeError, () => t.throw(new RangeError()));
assert.deepEqual(t.next(), { value: undefined, done: true });
t = count(3);
assert.throws(RangeError, () => t.throw(new RangeError()), 'before the start');
t = count(3); t.next();
assert.deepEqual(t.return(5), { value: 5, done: true });
assert.deepEqual(t.return(6), { value: 6, done: true });
assert.throws(RangeError, () => t.throw(new RangeError()));
function* catcher() { for (;;) try { yield 'y'; } catch (x) { yield 'c' + x; } }
t = catcher(); t.next();
assert.sameValue(t.throw(1).value, 'c1');
assert.sameValue(t.next().value, 'y');
// Re-entry is refused.
let self = (function* () { self.next(); })();
assert.throws(TypeError, () => self.next());
for (const method of ['next', 'return', 'throw']) assert.throws(TypeError, () => count.prototype[method].call({}));
// yield in every kind of expression; operands before it are kept.
function* places() {
  const a = 1 + (yield 'a') * (yield 'b');
  const o = { [yield 'k']: yield 'v', ...yield 's' };
  const list = [0, yield 'l', ...(yield 'm')];
  const f = ((x, y) => x + y)(yield 'x', yield 'y');
  const tpl = `${yield 't'}!`;
  const cond = (yield 'c') ? yield 'yes' : yield 'no';
  const { d = yield 'd' } = {};
  o.late = yield 'o';
  o[yield 'p'] += yield 'q';
  switch (yield 'w') { case yield 'z': list.push('same'); }
  yield;
  yield yield 'yy';
  if ((yield 'and') && (yield 'never')) list.push('bad');
  return [a, o, list, f, tpl, cond, d];
}
const inputs = [undefined, 2, 3, 'K', 'V', { s: 1 }, 'L', ['M'], 4, 5, 'T', 0, 'N', 'D', 'O', 'n', 1, 'W', 'W', 'u', 'v', 'w', 0];
const p = places(), seen = [];
let r;
for (const input of inputs) { r = p.next(input); seen.push(r.value); }
assert.compareArray(seen.slice(0, -1), ['a', 'b', 'k', 'v', 's', 'l', 'm', 'x', 'y', 't', 'c', 'no', 'd', 'o', 'p', 'q', 'w', 'z', undefined, 'yy', 'v', 'and'].slice(0, seen.length - 1));
assert.sameValue(r.done, true);
assert.deepEqual(r.value, [7, { K: 'V', s: 1, late: 'O', n: NaN }, [0, 'L', 'M', 'same'], 9, 'T!', 'N', 'D']);
// yield binds weaker than everything but the comma.
function* weak() { const x = yield 1 + 1, y = yield x => x; return y; }
const w = weak();
assert.sameValue(w.next().value, 2);
assert.sameValue(w.next().value(9), 9);
function* breaks() { yield
  1; }
assert.sameValue(breaks().next().value, undefined, 'no value on the next line');
// Delegation.
function* inner() { const x = yield 'i1'; log.push('got ' + x); try { yield 'i2'; } catch (y) { yield 'caught ' + y; } return 'result'; }
function* outer() { const v = yield* inner(); yield 'v ' + v; yield* [1, 2]; return yield* 'z'; }
let d = outer();
assert.sameValue(d.next().value, 'i1');
assert.sameValue(d.next('sent').value, 'i2');
assert.sameValue(log.at(-1), 'got sent');
assert.sameValue(d.throw('T').value, 'caught T');
assert.sameValue(d.next().value, 'v result');
assert.compareArray([...d], [1, 2, 'z']);
function source(extra) { return { [Symbol.iterator]() { return this; }, next(v) { log.push(['next', v].join(':')); return { value: 1, done: false }; }, ...extra }; }
log.length = 0;
d = (function* () { yield* source({ return(v) { log.push('return:' + v); return { value: 'R', done: true }; }, throw(v) { log.push('throw:' + v); return { value: 'T', done: true }; } }); return 'after'; })();
d.next('a'); d.next('b');
assert.deepEqual(d.throw('x'), { value: 'after', done: true });
assert.compareArray(log, ['next:', 'next:b', 'throw:x']);
d = (function* () { yield* source({ return(v) { return { value: v + '!', done: true }; } }); })();
d.next();
assert.deepEqual(d.return('r'), { value: 'r!', done: true });
d = (function* () { yield* source({ return: () => ({ value: 'still', done: false }) }); })();
d.next();
assert.deepEqual(d.return('r'), { value: 'still', done: false });
d = (function* () { yield* source({ return() { log.push('closed'); return {}; } }); })();
d.next();
assert.throws(TypeError, () => d.throw('x'), 'no throw method: closes');
assert.sameValue(log.at(-1), 'closed');
d = (function* () { yield* source({}); })();
d.next();
assert.deepEqual(d.return('r'), { value: 'r', done: true });
assert.throws(TypeError, () => (function* () { yield* 5; })().next());
assert.throws(TypeError, () => (function* () { yield* source({ next: () => 1 }); })().next());
// Result objects of a delegate go through as they are.
const odd = { value: 'v', done: false, extra: 1 };
assert.sameValue((function* () { yield* source({ next: () => odd }); })().next(), odd);
// Infinite ones, taken apart; two at once; recursion.
function* naturals() { let n = 0; for (;;) yield n++; }
const [a, b, c] = naturals();
assert.sameValue(a + b + c, 3);
function* tree(n) { if (n) { yield* tree(n - 1); yield n; yield* tree(n - 1); } }
assert.compareArray([...tree(3)], [1, 2, 1, 3, 1, 2, 1]);
const g1 = count(3), g2 = count(3);
assert.compareArray([g1.next().value, g2.next().value, g1.next().value, g2.next().value], [0, 0, 1, 1]);
// this, arguments, methods, closures; prototypes.
const o = { v: 1, *m() { yield this.v; yield arguments.length; }, *[Symbol.iterator]() { yield* this.m(1, 2, 3); } };
assert.compareArray([...o], [1, 0 + 3]);
class K { static *s() { yield 's'; } *['c']() { yield super.toString === Object.prototype.toString; } }
assert.compareArray([...K.s(), ...new K().c()], ['s', true]);
// Many alive at once, resumed from different depths.
const alive = Array.from({ length: 200 }, (_, i) => (function* () { let sum = i; for (;;) sum += yield sum; })());
for (const g of alive) g.next();
const deep = (n, f) => (n ? deep(n - 1, f) : f());
assert.sameValue(deep(100, () => alive[50].next(5).value), 55);
assert.sameValue(alive[50].next(5).value, 60);
