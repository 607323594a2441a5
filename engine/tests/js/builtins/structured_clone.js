assert.sameValue(structuredClone.length, 1);
assert.throws(TypeError, () => structuredClone());
for (const v of [1, -0, NaN, 'x', true, null, undefined, 10n]) assert.sameValue(structuredClone(v), v);
{
  const from = { a: 1, b: [1, , { c: 'x' }], get d() { return 4; }, [Symbol()]: 5, 7: 8 };
  Object.defineProperty(from, 'hidden', { value: 1 });
  from.self = from;
  from.b.extra = from.b;
  const to = structuredClone(from);
  assert(to !== from);
  assert.sameValue(to.self, to);
  assert.sameValue(to.b.extra, to.b);
  assert.sameValue(Object.keys(to).join(), '7,a,b,d,self');
  assert.sameValue(Object.getOwnPropertyDescriptor(to, 'd').value, 4);
  assert.sameValue(to.b.length, 3);
  assert(!(1 in to.b));
  assert.sameValue(to.b[2].c, 'x');
  assert.sameValue(Object.getOwnPropertySymbols(to).length, 0);
}
assert.sameValue(structuredClone([, ,]).length, 2);
{
  const to = structuredClone(new Map([[{ k: 1 }, new Set(['a', 'b'])], ['x', -0]]));
  assert(to instanceof Map);
  const [[key, set]] = to;
  assert.sameValue(key.k, 1);
  assert(set instanceof Set && set.has('b'));
  assert.sameValue(to.get('x'), -0);
  const loop = new Map();
  loop.set(loop, new Set([loop]));
  const copy = structuredClone(loop);
  assert(copy.get(copy).has(copy));
}
assert.sameValue(structuredClone(new Date(5)).getTime(), 5);
assert(structuredClone(new Date(NaN)) instanceof Date);
{
  const re = /a(?<n>b)/giu;
  re.lastIndex = 3;
  const to = structuredClone(re);
  assert.sameValue(String(to), '/a(?<n>b)/giu');
  assert.sameValue(to.lastIndex, 0);
  assert.sameValue(to.exec('xab').groups.n, 'b');
}
for (const v of [new Number(1), new String('s'), new Boolean(false), Object(1n)]) {
  const to = structuredClone(v);
  assert.sameValue(typeof to, 'object');
  assert.sameValue(to.valueOf(), v.valueOf());
  assert.sameValue(Object.getPrototypeOf(to), Object.getPrototypeOf(v));
}
{
  class Point { constructor() { this.x = 1; } }
  const to = structuredClone(new Point());
  assert.sameValue(Object.getPrototypeOf(to), Object.prototype);
  assert.sameValue(to.x, 1);
}
{
  const from = new RangeError('m', { cause: { deep: [1] } });
  from.extra = 1;
  const to = structuredClone(from);
  assert(to instanceof RangeError);
  assert.sameValue(to.message, 'm');
  assert.sameValue(to.cause.deep[0], 1);
  assert(!('extra' in to));
  assert.sameValue(to.stack, from.stack);
  const named = new Error('x');
  named.name = 'Custom';
  assert.sameValue(Object.getPrototypeOf(structuredClone(named)), Error.prototype);
}
{
  const buffer = new ArrayBuffer(8);
  const bytes = new Uint8Array(buffer, 2, 4);
  bytes.set([1, 2, 3, 4]);
  const to = structuredClone({ bytes, view: new DataView(buffer, 1), floats: new Float64Array([1.5]), buffer });
  assert.sameValue([...to.bytes].join(), '1,2,3,4');
  assert.sameValue(to.bytes.byteOffset, 2);
  assert.sameValue(to.bytes.buffer, to.buffer);
  assert.sameValue(to.view.buffer, to.buffer);
  assert.sameValue(to.view.getUint8(1), 1);
  assert.sameValue(to.floats[0], 1.5);
  bytes[0] = 9;
  assert.sameValue(to.bytes[0], 1);
  const moved = structuredClone({ bytes }, { transfer: [buffer] });
  assert.sameValue([...moved.bytes].join(), '9,2,3,4');
  assert.sameValue(buffer.byteLength, 0);
  assert(buffer.detached);
  const resizable = structuredClone(new ArrayBuffer(2, { maxByteLength: 10 }));
  assert.sameValue(resizable.maxByteLength, 10);
}
const refused = (v, options) => {
  const e = assert.throws(Error, () => structuredClone(v, options));
  if (e) assert.sameValue(e.name, 'DataCloneError');
};
refused(() => 1);
refused(class A {});
refused(Symbol('s'));
refused({ a: { b: Symbol() } });
refused(Promise.resolve());
refused(new WeakMap());
refused(new Proxy({}, {}));
refused((function* () {})());
refused(1, { transfer: [{}] });
refused(1, { transfer: [new ArrayBuffer(1)].flatMap(b => [b, b]) });
assert.throws(EvalError, () => structuredClone({ get x() { throw new EvalError(); } }));
{
  let deep = [];
  for (let i = 0; i < 1_000_000; i++) deep = [deep];
  assert.throws(RangeError, () => structuredClone(deep));
}
