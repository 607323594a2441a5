// ArrayBuffer, SharedArrayBuffer.
{
  const b = new ArrayBuffer(8);
  assert.sameValue(b.byteLength, 8);
  assert.sameValue(b.maxByteLength, 8);
  assert.sameValue(b.resizable, false);
  assert.sameValue(b.detached, false);
  assert.throws(TypeError, () => b.resize(4));
  assert.deepEqual([...new Uint8Array(b)], [0, 0, 0, 0, 0, 0, 0, 0]);
  assert.sameValue(new ArrayBuffer().byteLength, 0);
  assert.sameValue(new ArrayBuffer('3').byteLength, 3);
  for (const bad of [-1, 2 ** 53, 7 * 1125899906842624, 2 ** 31]) assert.throws(RangeError, () => new ArrayBuffer(bad));
  assert.throws(TypeError, () => ArrayBuffer(1));
  new Uint8Array(b).set([1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual([...new Uint8Array(b.slice(2, -2))], [3, 4, 5, 6]);
  assert.deepEqual([...new Uint8Array(b.slice(-2))], [7, 8]);
  assert.sameValue(b.slice(5, 2).byteLength, 0);
  class Sub extends ArrayBuffer { }
  const sub = new Sub(4);
  assert(sub.slice(0, 2) instanceof Sub, 'slice by species');
  sub.constructor = { [Symbol.species]: () => 0 };
  assert.throws(TypeError, () => sub.slice());
  sub.constructor = { [Symbol.species]: function () { return sub; } };
  assert.throws(TypeError, () => sub.slice());
  sub.constructor = { [Symbol.species]: function () { return new ArrayBuffer(1); } };
  assert.throws(TypeError, () => sub.slice());
}

// ---- resizing
{
  const b = new ArrayBuffer(4, { maxByteLength: 16 });
  assert.sameValue(b.resizable, true);
  assert.sameValue(b.maxByteLength, 16);
  const whole = new Uint8Array(b), fixed = new Uint8Array(b, 1, 2), tail = new Uint16Array(b, 2);
  whole.fill(9);
  assert.sameValue(b.resize(8), undefined);
  assert.deepEqual([...whole], [9, 9, 9, 9, 0, 0, 0, 0]);
  assert.sameValue(tail.length, 3);
  assert.sameValue(tail.byteLength, 6);
  b.resize(7);
  assert.sameValue(tail.length, 2);
  b.resize(2);
  assert.sameValue(fixed.length, 0, 'out of bounds');
  assert.sameValue(fixed.byteOffset, 0);
  assert.sameValue(fixed.byteLength, 0);
  assert.sameValue(fixed[0], undefined);
  assert(!(0 in fixed));
  assert.throws(TypeError, () => fixed.fill(0));
  assert.throws(TypeError, () => [...fixed]);
  b.resize(1);
  assert.sameValue(tail.length, 0);
  assert.throws(TypeError, () => tail.at(0));
  b.resize(16);
  assert.sameValue(fixed.length, 2, 'back in bounds');
  assert.deepEqual([...whole.slice(0, 5)], [9, 0, 0, 0, 0], 'shrinking forgets');
  assert.throws(RangeError, () => b.resize(17));
  assert.throws(RangeError, () => new ArrayBuffer(5, { maxByteLength: 4 }));
  assert.sameValue(new ArrayBuffer(1, { maxByteLength: undefined }).resizable, false);
  // A view that follows the buffer while it is iterated.
  const seen = [];
  for (const v of whole) { seen.push(v); if (seen.length === 2) b.resize(3); }
  assert.sameValue(seen.length, 3);
}

// ---- detaching
{
  const b = new ArrayBuffer(4);
  const view = new Uint8Array(b);
  view.set([1, 2, 3, 4]);
  const t = b.transfer();
  assert.sameValue(b.detached, true);
  assert.sameValue(b.byteLength, 0);
  assert.sameValue(b.maxByteLength, 0);
  assert.deepEqual([...new Uint8Array(t)], [1, 2, 3, 4]);
  assert.sameValue(view.length, 0);
  assert.sameValue(view[0], undefined);
  view[0] = 1;
  assert.throws(TypeError, () => b.slice());
  assert.throws(TypeError, () => b.transfer());
  assert.throws(TypeError, () => new Uint8Array(b));
  assert.throws(TypeError, () => view.values());
  assert.deepEqual([...new Uint8Array(t.transfer(2))], [1, 2]);
  const r = new ArrayBuffer(2, { maxByteLength: 8 });
  const r2 = r.transfer(6);
  assert(r2.resizable && r2.byteLength === 6);
  const fixed = r2.transferToFixedLength();
  assert(!fixed.resizable && fixed.byteLength === 6);
  const longer = fixed.transfer(10);
  assert.sameValue(longer.byteLength, 10);
}

// ---- functions
assert.sameValue(ArrayBuffer.isView(new Uint8Array(1)), true);
assert.sameValue(ArrayBuffer.isView(new DataView(new ArrayBuffer(1))), true);
assert.sameValue(ArrayBuffer.isView(new ArrayBuffer(1)), false);
assert.sameValue(ArrayBuffer.isView(), false);
assert.sameValue(ArrayBuffer[Symbol.species], ArrayBuffer);
assert.sameValue(ArrayBuffer.prototype[Symbol.toStringTag], 'ArrayBuffer');
for (const [name, length] of [['resize', 1], ['slice', 2], ['transfer', 0], ['transferToFixedLength', 0]]) {
  assert.sameValue(ArrayBuffer.prototype[name].length, length, name);
  assert.throws(TypeError, () => ArrayBuffer.prototype[name].call({}), undefined, name);
  assert.throws(TypeError, () => ArrayBuffer.prototype[name].call(new SharedArrayBuffer(1)), undefined, name);
}
for (const name of ['byteLength', 'maxByteLength', 'resizable', 'detached']) {
  assert.throws(TypeError, () => ArrayBuffer.prototype[name], undefined, name);
}

// ---- shared
{
  const s = new SharedArrayBuffer(4, { maxByteLength: 8 });
  assert.sameValue(s.growable, true);
  assert.sameValue(s.byteLength, 4);
  assert.sameValue(s.maxByteLength, 8);
  s.grow(6);
  assert.sameValue(s.byteLength, 6);
  assert.throws(RangeError, () => s.grow(5));
  assert.throws(RangeError, () => s.grow(9));
  assert.throws(TypeError, () => new SharedArrayBuffer(1).grow(1));
  new Uint8Array(s)[1] = 7;
  assert.deepEqual([...new Uint8Array(s.slice(0, 2))], [0, 7]);
  assert(s.slice() instanceof SharedArrayBuffer);
  assert.throws(TypeError, () => SharedArrayBuffer(1));
  assert.throws(TypeError, () => SharedArrayBuffer.prototype.slice.call(new ArrayBuffer(1)));
  assert.sameValue(SharedArrayBuffer[Symbol.species], SharedArrayBuffer);
  assert.sameValue(SharedArrayBuffer.prototype[Symbol.toStringTag], 'SharedArrayBuffer');
}
