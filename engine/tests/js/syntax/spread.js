// Spread in calls, arrays and objects.
assert.deepEqual([...[1, 2], 3, ...'ab', ...new Set([4])], [1, 2, 3, 'a', 'b', 4]);
assert.deepEqual([...[], ...[]], []);
assert.sameValue(1 in [...[, , 1]], true, 'holes become undefined');
assert.sameValue([...[, 1]].length, 2);
assert.deepEqual([0, ...[1], , 2].length, 4);
const sum = (...n) => n.reduce((a, b) => a + b, 0);
assert.sameValue(sum(...[1, 2], 3, ...new Set([4])), 10);
assert.sameValue(sum(...[]), 0);
assert.sameValue(new Date(...[2020, 0]).getFullYear(), 2020);
assert.sameValue(Math.max(...[1, 5, 3], 4), 5);
class P { constructor(...a) { this.a = a; } }
class Q extends P { constructor(...a) { super(0, ...a); } }
assert.deepEqual(new Q(...[1, 2]).a, [0, 1, 2]);
const o = { f(...a) { return [this === o, a.length]; } };
assert.deepEqual(o.f(...[1, 2]), [true, 2]);
assert.deepEqual(o['f'](...'abc'), [true, 3]);
assert.deepEqual(o?.f?.(...[1]), [true, 1]);
for (const wrong of [1, {}, null, undefined, true]) {
  assert.throws(TypeError, () => [...wrong]);
  assert.throws(TypeError, () => sum(...wrong));
  assert.throws(TypeError, () => new P(...wrong));
}
// Order and iterator protocol: spread does not close.
const log = [];
const note = (v) => (log.push(v), v);
const iterable = (name, n) => ({ [Symbol.iterator]() { note(name); let i = 0; return { next: () => ({ done: i++ >= n, value: i }), return() { note('return'); } }; } });
assert.compareArray([note('a'), ...iterable('i', 2), note('b')], ['a', 1, 2, 'b']);
assert.compareArray(log, ['a', 'i', 'b']);
log.length = 0;
(note('callee'), sum)(note(1), ...iterable('j', 1), note(2));
assert.compareArray(log, ['callee', 1, 'j', 2]);
assert.throws(RangeError, () => [...{ [Symbol.iterator]: () => ({ next() { throw new RangeError(); }, return() { assert.fail(); } }) }]);
assert.throws(TypeError, () => [...{ [Symbol.iterator]: () => ({ next: () => 1 }) }]);
// A changed iterator is used.
const patched = [1, 2];
patched[Symbol.iterator] = function* () { yield 'p'; };
assert.deepEqual([...patched], ['p']);
assert.sameValue(sum(...patched), '0p');
const next = Object.getPrototypeOf([][Symbol.iterator]());
const original = next.next;
let steps = 0;
next.next = function () { steps++; return original.call(this); };
const counted = [...[1, 2]];
next.next = original;
assert.sameValue(steps + counted.length, 5);
// The array may change while it is spread.
const growing = [1, 2, 3];
assert.deepEqual([...growing, (growing.push(4), 0), ...growing], [1, 2, 3, 0, 1, 2, 3, 4]);

// Objects.
assert.deepEqual({ a: 1, ...{ b: 2, a: 3 }, c: 4 }, { a: 3, b: 2, c: 4 });
assert.deepEqual({ ...{ a: 1 }, a: 2 }, { a: 2 });
assert.deepEqual({ ...null, ...undefined, ...1, ...true, ...'ab', ...[9] }, { 0: 9, 1: 'b' });
assert.deepEqual({ ...Symbol.iterator }, {});
assert.compareArray(Object.keys({ z: 1, ...{ y: 1, x: 1 }, z: 2 }), ['z', 'y', 'x']);
const sym = Symbol();
const source = Object.create({ inherited: 1 }, { hidden: { value: 1 }, own: { get() { note('getter'); return 2; }, enumerable: true } });
source[sym] = 3;
log.length = 0;
const copy = { ...source };
assert.compareArray(Reflect.ownKeys(copy), ['own', sym]);
assert.deepEqual(Object.getOwnPropertyDescriptor(copy, 'own'), { value: 2, writable: true, enumerable: true, configurable: true });
assert.compareArray(log, ['getter']);
// Copies define: a setter of the object so far is replaced, not called; __proto__ is an ordinary key.
const defined = { set a(v) { throw new Error('ran'); }, ...{ a: 1 } };
assert.sameValue(defined.a, 1);
const withProto = { ...{ ['__proto__']: 1 } };
assert.sameValue(Object.hasOwn(withProto, '__proto__'), true);
assert.sameValue(Object.getPrototypeOf(withProto), Object.prototype);
log.length = 0;
({ [note('k')]: note('v'), ...(note('spread'), {}), [note('k2')]: note('v2') });
assert.compareArray(log, ['k', 'v', 'spread', 'k2', 'v2']);
assert.throws(RangeError, () => ({ ...{ get x() { throw new RangeError(); } } }));
const traps = [];
({ ...new Proxy({ a: 1 }, { ownKeys: (t) => (traps.push('ownKeys'), Reflect.ownKeys(t)), getOwnPropertyDescriptor: (t, k) => (traps.push('desc'), Reflect.getOwnPropertyDescriptor(t, k)), get: (t, k) => (traps.push('get'), t[k]) }) });
assert.compareArray(traps, ['ownKeys', 'desc', 'get']);
assert.deepEqual({ ...{ 2: 'b', 1: 'a' } }, { 1: 'a', 2: 'b' });
const big = Object.fromEntries(Array.from({ length: 300 }, (_, i) => ['k' + i, i]));
assert.deepEqual({ ...big }, big);
assert.notSameValue({ ...big }, big);
// Too many arguments are an error, not a crash.
assert.throws(RangeError, () => sum(...new Array(1e6)));
