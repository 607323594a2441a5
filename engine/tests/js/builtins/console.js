for (const [name, length] of Object.entries({ log: 0, error: 0, warn: 0, info: 0, debug: 0, trace: 0, assert: 0, dir: 0, dirxml: 0, table: 1, count: 0,
  countReset: 0, group: 0, groupCollapsed: 0, groupEnd: 0, time: 0, timeLog: 0, timeEnd: 0 })) {
  assert.sameValue(typeof console[name], 'function', name);
  assert.sameValue(console[name].length, length, name);
}
assert.sameValue(Object.prototype.toString.call(console), '[object console]');
// Whatever is printed, nothing is thrown, and no getter or proxy trap runs.
const hostile = new Proxy({}, { get() { throw 'trap'; }, ownKeys() { throw 'trap'; }, getPrototypeOf() { throw 'trap'; } });
const deep = [];
let at = deep;
for (let i = 0; i < 10_000; i++) at = at[0] = [];
const values = [undefined, null, true, -0, 1.5, 10n, 'text\n', Symbol('s'), [1, , [2, [3, [4]]]], { get x() { throw 'getter'; }, a: { b: { c: {} } } },
  () => 1, class A extends Array {}, new Error('e', { cause: 1 }), new AggregateError([1], 'm'), new Date(NaN), /x/g, new Map([[1, 2]]), new Set([1]),
  new WeakMap(), Promise.resolve(1), new Uint8Array(200), new ArrayBuffer(100), new DataView(new ArrayBuffer(1)), hostile, Object.create(null),
  Object.create(hostile), Object(Symbol()), Object(1n), (function () { return arguments; })(1), (function* () {})(), deep, 'x'.repeat(100_000),
  Array.from({ length: 1000 }, (_, i) => ({ i })), Object.fromEntries(Array.from({ length: 1000 }, (_, i) => ['k' + i, i])), globalThis];
for (const v of values) {
  assert.sameValue(console.debug(v), undefined);
  console.debug('%o %O', v, v);
  console.dir(v, { depth: null });
  console.table(v);
  console.table([v, { a: v }], ['a']);
}
console.debug(values);
console.debug('%s %d %i %f %j %% %x %c', 'a', 1, 2.5, '3.5', { a: 1 }, 'css');
console.debug('%s %d', Symbol('q'), Symbol('q'), 10n);
assert.throws(EvalError, () => console.debug('%j', { toJSON() { throw new EvalError(); } }));
console.assert(true, 'not shown');
console.group('outer');
console.groupEnd();
console.groupEnd();
console.count('label');
console.countReset('label');
console.time('label');
console.timeEnd('label');
for (const method of ['log', 'error', 'warn', 'info', 'trace', 'dirxml']) {
  assert.sameValue(console[method]('%s of a test', method, { a: 1 }), undefined, method);
  assert.sameValue(console[method](), undefined, method);
  assert.throws(RangeError, () => console[method]('%j', { toJSON() { throw new RangeError(); } }), method);
}
assert.sameValue(console.groupCollapsed('inner'), undefined);
console.groupEnd();
console.time('running');
assert.sameValue(console.timeLog('running', 'more'), undefined);
assert.sameValue(console.timeLog('never started'), undefined);
console.timeEnd('running');
