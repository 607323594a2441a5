// %TypedArray%, its twelve constructors, and element semantics.
const TypedArray = Object.getPrototypeOf(Int8Array);
const numbers = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float16Array, Float32Array, Float64Array];
const bigs = [BigInt64Array, BigUint64Array];
const sizes = [1, 1, 1, 2, 2, 4, 4, 2, 4, 8, 8, 8];
const list = a => Array.prototype.slice.call(a);

// ---- constructors
[...numbers, ...bigs].forEach((C, i) => {
  assert.sameValue(C.BYTES_PER_ELEMENT, sizes[i], C.name);
  assert.sameValue(C.prototype.BYTES_PER_ELEMENT, sizes[i], C.name);
  assert.sameValue(Object.getPrototypeOf(C), TypedArray, C.name);
  assert.sameValue(Object.getPrototypeOf(C.prototype), TypedArray.prototype, C.name);
  assert.sameValue(C.length, 3, C.name);
  assert.throws(TypeError, () => C(1), undefined, C.name);
  const a = new C(3);
  assert.sameValue(a.length, 3);
  assert.sameValue(a.byteLength, 3 * sizes[i]);
  assert.sameValue(a[Symbol.toStringTag], C.name);
  assert.sameValue(Object.prototype.toString.call(a), `[object ${C.name}]`);
  assert.sameValue(C[Symbol.species], C);
  assert.throws(RangeError, () => new C(-1));
  const b = new ArrayBuffer(24);
  const v = new C(b, 8, 1);
  assert(v.buffer === b && v.byteOffset === 8 && v.length === 1);
  assert.sameValue(new C(b, 8).length, 16 / sizes[i]);
  assert.throws(RangeError, () => new C(b, 25));
  assert.throws(RangeError, () => new C(b, 0, 100));
  if (sizes[i] > 1) {
    assert.throws(RangeError, () => new C(b, 1));
    assert.throws(RangeError, () => new C(new ArrayBuffer(sizes[i] + 1)));
  }
});
assert.throws(TypeError, () => TypedArray());
assert.throws(TypeError, () => new TypedArray());
assert.sameValue(TypedArray.name, 'TypedArray');
assert.sameValue(TypedArray.length, 0);
assert.sameValue(TypedArray.prototype[Symbol.toStringTag], undefined);
for (const C of numbers) {
  assert.deepEqual(list(new C([1, 2, 3])), [1, 2, 3], C.name);
  assert.deepEqual(list(new C(new Set([4, 5]))), [4, 5], C.name);
  assert.deepEqual(list(new C({ length: 2, 0: '7', 1: true })), [7, 1], C.name);
  assert.deepEqual(list(new C(new Uint8Array([8, 9]))), [8, 9], C.name);
  assert.deepEqual(list(C.from([1, 2], x => x * 2)), [2, 4], C.name);
  assert.deepEqual(list(C.of(1, 2)), [1, 2], C.name);
  assert.throws(TypeError, () => new C([1n]), undefined, C.name);
  assert.throws(TypeError, () => new C(new BigInt64Array(1)), undefined, C.name);
  assert.throws(TypeError, () => new C([Symbol()]), undefined, C.name);
}
for (const C of bigs) {
  assert.deepEqual(list(new C([1n, 2n])), [1n, 2n], C.name);
  assert.deepEqual(list(new C(['5', true])), [5n, 1n], C.name);
  assert.throws(TypeError, () => new C([1]), undefined, C.name);
  assert.throws(SyntaxError, () => new C(['x']), undefined, C.name);
  assert.throws(TypeError, () => new C(new Int8Array(1)), undefined, C.name);
}
assert.deepEqual(list(new BigUint64Array([-1n])), [2n ** 64n - 1n]);
assert.deepEqual(list(new BigInt64Array([2n ** 63n, 2n ** 64n + 5n])), [-(2n ** 63n), 5n]);
assert.deepEqual(list(new BigUint64Array(new BigInt64Array([-1n]))), [2n ** 64n - 1n]);

// ---- conversions
const stored = (C, v) => { const a = new C(1); a[0] = v; return a[0]; };
for (const [C, table] of [
  [Int8Array, [[127, 127], [128, -128], [255, -1], [-129, 127], [1.9, 1], [-1.9, -1], [NaN, 0], [Infinity, 0], ['12', 12], [undefined, 0], [null, 0], [2 ** 53, 0], [4294967295, -1]]],
  [Uint8Array, [[256, 0], [-1, 255], [1e20, 0], [300.7, 44]]],
  [Uint8ClampedArray, [[256, 255], [-1, 0], [0.5, 0], [1.5, 2], [2.5, 2], [254.5, 254], [NaN, 0], [Infinity, 255], [-Infinity, 0], ['9.5', 10]]],
  [Int16Array, [[32768, -32768], [65535, -1]]],
  [Uint16Array, [[65536, 0], [-1, 65535]]],
  [Int32Array, [[2147483648, -2147483648], [4294967295, -1], [-2147483649, 2147483647]]],
  [Uint32Array, [[4294967296, 0], [-1, 4294967295], [2 ** 52 + 7, 7]]],
  [Float16Array, [[1 / 3, 0.333251953125], [65504, 65504], [65519.99, 65504], [65520, Infinity], [-65520, -Infinity], [2 ** -24, 2 ** -24], [2 ** -25, 0], [2 ** -25 * 1.01, 2 ** -24], [2 ** -14, 2 ** -14], [1.00048828125, 1], [1.0014648437500002, 1.001953125], [NaN, NaN], [-0, -0], [2048.999, 2048], [2049, 2048], [2051, 2052]]],
  [Float32Array, [[1.1, Math.fround(1.1)], [1e40, Infinity], [-0, -0], [NaN, NaN]]],
  [Float64Array, [[1.1, 1.1], [-0, -0], [NaN, NaN], ['1e3', 1000], [5, 5]]],
]) {
  for (const [v, wanted] of table) assert.sameValue(stored(C, v), wanted, `${C.name} of ${String(v)}`);
}

// ---- elements as properties
{
  const a = new Uint8Array([1, 2]);
  assert.sameValue(a[2], undefined);
  assert.sameValue(a[-1], undefined);
  assert.sameValue(a['1'], 2);
  assert.sameValue(a['-0'], undefined);
  assert.sameValue(a['1.5'], undefined);
  a[5] = 1;
  a['-0'] = 1;
  a[1.5] = 1;
  assert.deepEqual(Object.keys(a), ['0', '1']);
  assert(1 in a && !(2 in a) && !('-0' in a) && !('1.5' in a));
  assert.deepEqual(Object.getOwnPropertyDescriptor(a, 0), { value: 1, writable: true, enumerable: true, configurable: true });
  assert.sameValue(Object.getOwnPropertyDescriptor(a, 2), undefined);
  assert.sameValue(Reflect.defineProperty(a, 0, { value: 7 }), true);
  assert.sameValue(a[0], 7);
  assert.sameValue(Reflect.defineProperty(a, 0, { value: 7, configurable: false }), false);
  assert.sameValue(Reflect.defineProperty(a, 0, { value: 7, enumerable: false }), false);
  assert.sameValue(Reflect.defineProperty(a, 0, { value: 7, writable: false }), false);
  assert.sameValue(Reflect.defineProperty(a, 0, { get() { } }), false);
  assert.sameValue(Reflect.defineProperty(a, 2, { value: 7 }), false);
  assert.sameValue(Reflect.defineProperty(a, '-0', { value: 7 }), false);
  assert.sameValue(Reflect.defineProperty(a, '1.5', { value: 7 }), false);
  assert.sameValue(Reflect.deleteProperty(a, 0), false);
  assert.sameValue(Reflect.deleteProperty(a, 2), true);
  assert.sameValue(Reflect.deleteProperty(a, '-0'), true);
  assert.sameValue(Reflect.set(a, 5, 1), true);
  a.name = 'plain';
  assert.sameValue(a.name, 'plain');
  assert.throws(TypeError, () => Object.freeze(a));
  assert(Object.isFrozen(Object.freeze(new Uint8Array(0))));
  Object.seal(new Uint8Array(0));
  const child = Object.create(a);
  child[9] = 1;
  assert(!Object.hasOwn(child, '9'), 'out of bounds writes stop at the typed array');
  assert.sameValue(child[0], 7);
  Uint8Array.prototype[3] = 'no';
  assert.sameValue(a[3], undefined, 'indices are not inherited');
  delete Uint8Array.prototype[3];
  let converted = 0;
  a[9] = { valueOf() { converted++; return 1; } };
  assert.sameValue(converted, 1);
  assert.throws(TypeError, () => { a[0] = 1n; });
  assert.throws(TypeError, () => { new BigInt64Array(1)[0] = 1; });
}

// ---- at, with, fill, copyWithin, set, subarray, slice
{
  const a = Int16Array.of(1, 2, 3, 4, 5);
  assert.sameValue(a.at(-1), 5);
  assert.sameValue(a.at(5), undefined);
  assert.deepEqual(list(a.with(-1, 9.7)), [1, 2, 3, 4, 9]);
  assert.throws(RangeError, () => a.with(5, 0));
  assert.deepEqual(list(new Int16Array(a).fill(7, 1, 3)), [1, 7, 7, 4, 5]);
  assert.deepEqual(list(new Float64Array(3).fill(1.5)), [1.5, 1.5, 1.5]);
  assert.throws(TypeError, () => a.fill(1n));
  assert.deepEqual(list(new Int16Array(a).copyWithin(1, 0, 3)), [1, 1, 2, 3, 5]);
  assert.deepEqual(list(new Int16Array(a).copyWithin(0, -2)), [4, 5, 3, 4, 5]);
  const s = a.subarray(1, -1);
  assert(s.buffer === a.buffer && s.byteOffset === 2);
  assert.deepEqual(list(s), [2, 3, 4]);
  assert.deepEqual(list(a.subarray(3, 1)), []);
  assert.deepEqual(list(a.slice(1, 3)), [2, 3]);
  assert(a.slice().buffer !== a.buffer);
  const t = new Int16Array(5);
  assert.sameValue(t.set([9, '8'], 1), undefined);
  assert.deepEqual(list(t), [0, 9, 8, 0, 0]);
  t.set(a);
  assert.deepEqual(list(t), [1, 2, 3, 4, 5]);
  t.set(t.subarray(0, 3), 2);
  assert.deepEqual(list(t), [1, 2, 1, 2, 3], 'overlapping');
  const bytes = new Uint8Array(t.buffer);
  bytes.set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  new Int16Array(bytes.buffer).set(bytes.subarray(0, 5));
  assert.deepEqual(list(t), [1, 2, 3, 4, 5], 'overlapping with conversion');
  assert.throws(RangeError, () => t.set([1], 5));
  assert.throws(RangeError, () => t.set([], -1));
  assert.throws(RangeError, () => t.set([], Infinity));
  assert.throws(TypeError, () => t.set(new BigInt64Array(1)));
  t.set(5);
  t.set('12');
  assert.deepEqual(list(t), [1, 2, 3, 4, 5]);
  class Sub extends Int16Array { }
  const sub = new Sub([3, 1, 2]);
  assert(sub.map(x => x) instanceof Sub && sub.filter(() => true) instanceof Sub && sub.slice() instanceof Sub && sub.subarray() instanceof Sub);
  assert(!(sub.toSorted() instanceof Sub) && !(sub.toReversed() instanceof Sub) && !(sub.with(0, 1) instanceof Sub));
  sub.constructor = { [Symbol.species]: Float32Array };
  assert.deepEqual(list(sub.map(x => x / 2)), [1.5, 0.5, 1]);
  assert.deepEqual(list(sub.slice(1)), [1, 2]);
  sub.constructor = { [Symbol.species]: BigInt64Array };
  assert.throws(TypeError, () => sub.slice());
  sub.constructor = { [Symbol.species]: function () { return new Int16Array(1); } };
  assert.throws(TypeError, () => sub.map(x => x));
  sub.constructor = { [Symbol.species]: Array };
  assert.throws(TypeError, () => sub.filter(() => true));
}

// ---- callbacks, searching, text
for (const C of [...numbers, ...bigs]) {
  const big = bigs.includes(C);
  const n = x => big ? BigInt(x) : x;
  const a = C.of(n(1), n(2), n(3));
  assert.deepEqual(list(a.map(x => x + n(1))), [n(2), n(3), n(4)], C.name);
  assert.deepEqual(list(a.filter(x => x !== n(2))), [n(1), n(3)], C.name);
  assert.sameValue(a.every(x => x > 0), true);
  assert.sameValue(a.some(x => x > 2), true);
  assert.sameValue(a.find(x => x > 1), n(2));
  assert.sameValue(a.findIndex(x => x > 1), 1);
  assert.sameValue(a.findLast(x => x > 1), n(3));
  assert.sameValue(a.findLastIndex(x => x > 9), -1);
  assert.sameValue(a.reduce((x, y) => x + y), n(6));
  assert.sameValue(a.reduceRight((x, y) => `${x}${y}`, ''), '321');
  assert.sameValue(a.indexOf(n(2)), 1);
  assert.sameValue(a.indexOf(n(2), 2), -1);
  assert.sameValue(a.indexOf(big ? 2 : 2n), -1);
  assert.sameValue(a.lastIndexOf(n(1), -3), 0);
  assert.sameValue(a.includes(n(3)), true);
  assert.sameValue(a.includes(undefined), false);
  assert.sameValue(a.join('-'), '1-2-3');
  assert.sameValue(a.toString(), '1,2,3');
  assert.deepEqual(list(a.toReversed()), [n(3), n(2), n(1)]);
  assert.deepEqual(list(new C(a).reverse()), [n(3), n(2), n(1)]);
  assert.deepEqual([...a.entries()], [[0, n(1)], [1, n(2)], [2, n(3)]]);
  assert.deepEqual([...a.keys()], [0, 1, 2]);
  assert.deepEqual([...a], [n(1), n(2), n(3)]);
  const seen = [];
  a.forEach(function (v, i, whole) { seen.push(v, i, whole === a, this.t); }, { t: 1 });
  assert.deepEqual(seen.slice(0, 4), [n(1), 0, true, 1]);
  assert.deepEqual(list(C.of(n(3), n(1), n(2)).sort()), [n(1), n(2), n(3)], C.name);
  assert.deepEqual(list(C.of(n(3), n(1), n(2)).sort((x, y) => x < y ? 1 : -1)), [n(3), n(2), n(1)], C.name);
  assert.deepEqual(list(C.of(n(3), n(1)).toSorted()), [n(1), n(3)], C.name);
}
assert.sameValue(new Float32Array([NaN]).includes(NaN), true);
assert.sameValue(new Float32Array([NaN]).indexOf(NaN), -1);
assert.sameValue(new Float64Array([1.5, 2]).toLocaleString().length > 2, true);
assert.throws(TypeError, () => new Int8Array().reduce(() => 0));
assert.deepEqual(list(new Int8Array([5, -5, 0]).sort()), [-5, 0, 5]);
{
  const f = list(new Float64Array([NaN, 1, -0, 0, -Infinity, Infinity, -1]).sort());
  assert.deepEqual(f, [-Infinity, -1, -0, 0, 1, Infinity, NaN]);
  const h = list(new Float16Array([3, -1.5, NaN, 0, -0]).sort());
  assert.deepEqual(h, [-1.5, -0, 0, 3, NaN]);
  const big = new Uint32Array(5000).map((_, i) => (i * 2654435761) % 4294967296);
  const sorted = big.toSorted();
  for (let i = 1; i < 5000; i++) assert(sorted[i - 1] <= sorted[i]);
  const byFunction = big.toSorted((a, b) => b - a);
  for (let i = 1; i < 5000; i++) assert(byFunction[i - 1] >= byFunction[i]);
  assert.throws(TypeError, () => big.sort(null));
}

// ---- buffers that change below a method
{
  const b = new ArrayBuffer(8, { maxByteLength: 16 });
  const a = new Uint8Array(b);
  a.set([1, 2, 3, 4, 5, 6, 7, 8]);
  assert.throws(RangeError, () => a.with(7, { valueOf() { b.resize(4); return 9; } }));
  b.resize(8);
  a.fill({ valueOf() { b.resize(2); return 9; } });
  b.resize(8);
  assert.deepEqual(list(a), [9, 9, 0, 0, 0, 0, 0, 0]);
  assert.sameValue(a.includes(undefined, { valueOf() { b.resize(4); return 0; } }), true);
  assert.throws(TypeError, () => new Uint8Array(b, 0, 4).copyWithin(0, { valueOf() { b.resize(1); return 1; } }));
  b.resize(4);
  a.set([4, 3, 2, 1]);
  a.sort((x, y) => { b.resize(2); return x - y; });
  assert.deepEqual(list(a), [1, 2]);
  const seen = [];
  b.resize(3);
  a.forEach(v => { seen.push(v); b.resize(1); });
  assert.deepEqual(seen, [1, undefined, undefined]);
  const tracking = new Uint8Array(b).subarray(1);
  b.resize(5);
  assert.sameValue(tracking.length, 4, 'a subarray of a tracking array tracks');
}

// ---- functions and brands
const lengths = { at: 1, copyWithin: 2, entries: 0, every: 1, fill: 1, filter: 1, find: 1, findIndex: 1, findLast: 1, findLastIndex: 1, forEach: 1, includes: 1, indexOf: 1, join: 1, keys: 0, lastIndexOf: 1, map: 1, reduce: 1, reduceRight: 1, reverse: 0, set: 1, slice: 2, some: 1, sort: 1, subarray: 2, toLocaleString: 0, toReversed: 0, toSorted: 1, values: 0, with: 2 };
for (const name in lengths) {
  assert.sameValue(TypedArray.prototype[name].length, lengths[name], name);
  assert.sameValue(TypedArray.prototype[name].name, name);
  assert.throws(TypeError, () => TypedArray.prototype[name].call([], () => 0), undefined, name);
}
for (const name of ['buffer', 'byteLength', 'byteOffset', 'length']) {
  assert.throws(TypeError, () => TypedArray.prototype[name], undefined, name);
  assert.sameValue(Object.getOwnPropertyDescriptor(TypedArray.prototype, name).get.name, 'get ' + name);
}
assert.sameValue(TypedArray.prototype.toString, Array.prototype.toString);
assert.sameValue(TypedArray.prototype[Symbol.iterator], TypedArray.prototype.values);
assert.sameValue(TypedArray.from.length, 1);
assert.sameValue(TypedArray.of.length, 0);
assert.throws(TypeError, () => TypedArray.from([]));
assert.throws(TypeError, () => TypedArray.of.call({}, 1));
assert.throws(TypeError, () => TypedArray.from.call(Array, []));
