// Atomics, in a single agent.
for (const C of [Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, BigInt64Array, BigUint64Array]) {
  const big = C.name.startsWith('Big');
  const n = x => big ? BigInt(x) : x;
  for (const a of [new C(2), new C(new SharedArrayBuffer(16))]) {
    assert.sameValue(Atomics.store(a, 0, n(5)), n(5));
    assert.sameValue(Atomics.load(a, 0), n(5));
    assert.sameValue(Atomics.add(a, 0, n(3)), n(5));
    assert.sameValue(Atomics.sub(a, 0, n(2)), n(8));
    assert.sameValue(Atomics.or(a, 0, n(9)), n(6));
    assert.sameValue(Atomics.and(a, 0, n(7)), n(15));
    assert.sameValue(Atomics.xor(a, 0, n(2)), n(7));
    assert.sameValue(Atomics.exchange(a, 0, n(1)), n(5));
    assert.sameValue(Atomics.compareExchange(a, 0, n(2), n(9)), n(1));
    assert.sameValue(Atomics.compareExchange(a, 0, n(1), n(9)), n(1));
    assert.sameValue(a[0], n(9));
    assert.throws(RangeError, () => Atomics.load(a, a.length));
    assert.throws(RangeError, () => Atomics.load(a, -1));
  }
}
assert.sameValue(Atomics.add(new Int8Array([127]), 0, 1), 127);
{
  const a = new Int8Array([127]);
  Atomics.add(a, 0, 1);
  assert.sameValue(a[0], -128);
  assert.sameValue(Atomics.compareExchange(a, 0, 128, 3), -128, 'the expected value is converted');
  assert.sameValue(a[0], 3);
  assert.sameValue(Atomics.store(a, 0, 3.7), 3);
  assert.sameValue(Atomics.store(a, 0, 300), 300);
  assert.sameValue(a[0], 44);
  assert.sameValue(Atomics.store(a, 0, -0), 0);
}
for (const bad of [new Float32Array(1), new Float16Array(1), new Uint8ClampedArray(1), [0], {}, undefined]) {
  assert.throws(TypeError, () => Atomics.load(bad, 0));
}
assert.throws(TypeError, () => Atomics.add(new BigInt64Array(1), 0, 1));
assert.sameValue(Atomics.notify(new Int32Array(1), 0), 0);
assert.sameValue(Atomics.notify(new Int32Array(new SharedArrayBuffer(4)), 0, 1), 0);
assert.throws(TypeError, () => Atomics.notify(new Int8Array(1), 0));
assert.throws(TypeError, () => Atomics.wait(new Int32Array(1), 0, 0));
assert.throws(TypeError, () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0));
assert.throws(RangeError, () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 1, 0, 0));
{
  const shared = new Int32Array(new SharedArrayBuffer(8));
  assert.deepEqual(Atomics.waitAsync(shared, 0, 1), { async: false, value: 'not-equal' });
  assert.deepEqual(Atomics.waitAsync(shared, 0, 0, 0), { async: false, value: 'timed-out' });
  const first = Atomics.waitAsync(shared, 0, 0), second = Atomics.waitAsync(shared, 0, 0), other = Atomics.waitAsync(shared, 1, 0);
  assert(first.async && first.value instanceof Promise);
  assert.sameValue(Atomics.notify(shared, 0, 1), 1);
  assert.sameValue(Atomics.notify(shared, 0), 1);
  assert.sameValue(Atomics.notify(shared, 0), 0);
  assert.sameValue(Atomics.notify(shared, 1), 1);
  for (const { value } of [first, second, other]) assert.sameValue(await value, 'ok');
  assert.throws(TypeError, () => Atomics.waitAsync(new Int32Array(1), 0, 0));
}
for (const size of [1, 2, 4, 8]) assert.sameValue(Atomics.isLockFree(size), true);
assert.sameValue(Atomics.isLockFree(3), false);
assert.sameValue(Atomics.pause(), undefined);
assert.throws(TypeError, () => Atomics.pause(1.5));
assert.sameValue(Atomics[Symbol.toStringTag], 'Atomics');
for (const [name, length] of Object.entries({ add: 3, and: 3, compareExchange: 4, exchange: 3, isLockFree: 1, load: 2, notify: 3, or: 3, pause: 0, store: 3, sub: 3, wait: 4, waitAsync: 4, xor: 3 })) {
  assert.sameValue(Atomics[name].length, length, name);
}
