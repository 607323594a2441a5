// DataView.
const buffer = new ArrayBuffer(16);
const view = new DataView(buffer, 2, 10);
assert(view.buffer === buffer && view.byteOffset === 2 && view.byteLength === 10);
const cases = [
  ['Int8', -5, 1], ['Uint8', 250, 1], ['Int16', -300, 2], ['Uint16', 65000, 2], ['Int32', -70000, 4], ['Uint32', 4000000000, 4],
  ['Float16', 1.5, 2], ['Float32', 0.5, 4], ['Float64', Math.PI, 8], ['BigInt64', -5n, 8], ['BigUint64', 2n ** 63n + 1n, 8],
];
for (const [type, v, size] of cases) {
  const get = 'get' + type, set = 'set' + type;
  for (const little of [true, false, undefined]) {
    assert.sameValue(view[set](1, v, little), undefined, type);
    assert.sameValue(view[get](1, little), v, type);
  }
  view[set](0, v, true);
  const swapped = view[get](0, false);
  view[set](0, swapped, false);
  if (type !== 'Float16') assert.sameValue(view[get](0, true), v, type + ' swapped');
  assert.throws(RangeError, () => view[get](11 - size), undefined, type);
  assert.throws(RangeError, () => view[set](11 - size, v), undefined, type);
  assert.throws(RangeError, () => view[get](-1), undefined, type);
  view[get](10 - size);
  assert.throws(TypeError, () => view[get].call(new Uint8Array(8), 0), undefined, type);
  assert.sameValue(view[get].length, 1);
  assert.sameValue(view[set].length, 2);
  assert.sameValue(view[get].name, get);
}
view.setUint16(0, 0x1234);
assert.sameValue(view.getUint8(0), 0x12, 'big-endian unless said otherwise');
assert.sameValue(new Uint8Array(buffer)[2], 0x12);
view.setUint8(0, 257.9);
assert.sameValue(view.getUint8(), 1);
assert.throws(TypeError, () => view.setBigInt64(0, 1));
assert.throws(TypeError, () => view.setInt8(0, 1n));
assert.throws(TypeError, () => DataView(buffer));
assert.throws(TypeError, () => new DataView({}));
assert.throws(RangeError, () => new DataView(buffer, 17));
assert.throws(RangeError, () => new DataView(buffer, 8, 9));
assert.throws(RangeError, () => new DataView(buffer, -1));
assert.sameValue(new DataView(buffer, 16).byteLength, 0);
assert.sameValue(new DataView(new SharedArrayBuffer(3)).byteLength, 3);
{
  const b = new ArrayBuffer(8, { maxByteLength: 16 });
  const tracking = new DataView(b, 4), fixed = new DataView(b, 4, 4);
  assert.sameValue(tracking.byteLength, 4);
  b.resize(12);
  assert.sameValue(tracking.byteLength, 8);
  b.resize(6);
  assert.sameValue(tracking.byteLength, 2);
  assert.throws(TypeError, () => fixed.byteLength);
  assert.throws(TypeError, () => fixed.byteOffset);
  assert.throws(TypeError, () => fixed.getInt8(0));
  b.resize(2);
  assert.throws(TypeError, () => tracking.byteLength);
  b.transfer();
  assert.throws(TypeError, () => tracking.getInt8(0));
  assert.sameValue(tracking.buffer, b);
  assert.throws(TypeError, () => new DataView(b));
}
assert.sameValue(DataView.prototype[Symbol.toStringTag], 'DataView');
assert.sameValue(DataView.length, 1);
for (const name of ['buffer', 'byteLength', 'byteOffset']) assert.throws(TypeError, () => DataView.prototype[name], undefined, name);
