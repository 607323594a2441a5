// Map and its iterators.
{
  const m = new Map([[1, 'a'], ['k', 'b']]);
  assert.sameValue(m.size, 2);
  assert.sameValue(m.get(1), 'a');
  assert.sameValue(m.get('k'), 'b');
  assert.sameValue(m.get('missing'), undefined);
  assert.sameValue(m.set(2, 'c'), m);
  assert.sameValue(m.has(2), true);
  assert.sameValue(m.has(3), false);
  assert.sameValue(m.delete(1), true);
  assert.sameValue(m.delete(1), false);
  assert.deepEqual([...m], [['k', 'b'], [2, 'c']]);
  m.set('k', 'again');
  assert.deepEqual([...m.keys()], ['k', 2], 'overwriting keeps the place');
  assert.deepEqual([...m.values()], ['again', 'c']);
  assert.deepEqual([...m.entries()], [['k', 'again'], [2, 'c']]);
  assert.sameValue(m.clear(), undefined);
  assert.sameValue(m.size, 0);
}

// ---- SameValueZero
{
  const m = new Map();
  m.set(NaN, 'nan').set(-0, 'zero').set(1.5, 'half');
  assert.sameValue(m.get(NaN), 'nan');
  assert.sameValue(m.get(0), 'zero');
  assert.sameValue(1 / [...m.keys()][1], Infinity, '-0 is kept as +0');
  assert.sameValue(m.get(0.5 + 0.5), undefined);
  m.set(1, 'one');
  assert.sameValue(m.get(4 / 4), 'one');
  assert.sameValue(m.get('1'), undefined);
  const o = {}, f = () => 0, s = Symbol('s');
  m.set(o, 1).set(f, 2).set(s, 3).set(undefined, 4).set(null, 5).set(true, 6);
  assert.deepEqual([o, f, s, undefined, null, true, false, {}].map(k => m.get(k)), [1, 2, 3, 4, 5, 6, undefined, undefined]);
  const built = ['ab', 'cd'].join('');
  m.set('abcd', 'text');
  assert.sameValue(m.get(built), 'text');
  assert.sameValue(m.get('xabcd'.slice(1)), 'text');
  const long = 'x'.repeat(100);
  m.set(long + 'y', 'rope');
  assert.sameValue(m.get('x'.repeat(99) + 'xy'), 'rope');
  m.set('\u{1F600}\xe9', 'wide');
  assert.sameValue(m.get('\u{1F600}' + '\xe9'), 'wide');
}

// ---- many entries, deletions, order
{
  const m = new Map();
  for (let i = 0; i < 5000; i++) m.set(i % 3 ? i : 's' + i, i);
  assert.sameValue(m.size, 5000);
  for (let i = 0; i < 5000; i += 2) assert(m.delete(i % 3 ? i : 's' + i), 'delete');
  assert.sameValue(m.size, 2500);
  let last = -1, sum = 0;
  for (const [k, v] of m) {
    assert(v > last, 'in order');
    last = v;
    sum += v;
  }
  assert.sameValue(sum, 2500 * 2500);
  // A queue: constant turnover does not grow without bound, and stays in order.
  const q = new Map();
  for (let i = 0; i < 20000; i++) {
    q.set(i, i);
    if (i >= 10) q.delete(i - 10);
  }
  assert.deepEqual([...q.keys()], Array.from({ length: 10 }, (_, i) => 19990 + i));
  const objects = Array.from({ length: 1000 }, (_, i) => ({ i }));
  const byObject = new Map(objects.map(o => [o, o.i]));
  assert(objects.every(o => byObject.get(o) === o.i), 'objects by identity');
}

// ---- changing while iterating
{
  const m = new Map([[1, 1], [2, 2], [3, 3]]);
  const seen = [];
  m.forEach((v, k, map) => {
    assert.sameValue(map, m);
    seen.push(k);
    if (k === 1) { m.delete(2); m.set(4, 4); }
    if (k === 4) m.set(5, 5);
  });
  assert.deepEqual(seen, [1, 3, 4, 5]);
  // Growth replaces the storage in the middle of an iteration, deleted entries before and behind.
  const g = new Map();
  for (let i = 0; i < 8; i++) g.set(i, i);
  const order = [];
  for (const k of g.keys()) {
    order.push(k);
    if (k < 4) g.delete(k);
    if (k === 4) for (let i = 100; i < 150; i++) g.set(i, i);
    if (k === 120) g.delete(121);
  }
  assert.deepEqual(order.slice(0, 9), [0, 1, 2, 3, 4, 5, 6, 7, 100]);
  assert.sameValue(order.length, 8 + 49);
  // clear() and refill
  const c = new Map([[1, 1], [2, 2]]);
  const after = [];
  for (const k of c.keys()) {
    after.push(k);
    if (after.length === 1) { c.clear(); c.set('x', 0).set('y', 0); }
  }
  assert.deepEqual(after, [1, 'x', 'y']);
  const it = new Map().keys();
  assert.sameValue(it.next().done, true);
  const late = new Map();
  const lateIt = late.keys();
  late.set('late', 1);
  assert.sameValue(lateIt.next().value, 'late');
  assert.sameValue(lateIt.next().done, true);
  late.set('later', 1);
  assert.sameValue(lateIt.next().done, true, 'exhausted for good');
  // Deleting and re-adding the current entry visits it again.
  const again = new Map([['a', 1]]);
  let visits = 0;
  again.forEach((v, k) => { if (visits++ < 3) { again.delete(k); again.set(k, v); } });
  assert.sameValue(visits, 4);
}

// ---- constructor
assert.throws(TypeError, () => Map());
assert.throws(TypeError, () => new Map(5));
assert.throws(TypeError, () => new Map([1]));
assert.sameValue(new Map(null).size, 0);
assert.sameValue(new Map(new Map([[1, 2]])).get(1), 2);
{
  class Sub extends Map { set(k, v) { return super.set(k, v + '!'); } }
  const s = new Sub([['a', 'b']]);
  assert.sameValue(s.get('a'), 'b!');
  assert(s instanceof Sub && s instanceof Map);
  let closed = 0;
  const iterable = { [Symbol.iterator]() { return { next: () => ({ value: 1, done: false }), return() { closed++; return {}; } }; } };
  assert.throws(TypeError, () => new Map(iterable));
  assert.sameValue(closed, 1);
  const set = Map.prototype.set;
  Map.prototype.set = 5;
  assert.throws(TypeError, () => new Map([]));
  new Map();
  let calls = 0;
  Map.prototype.set = function (k, v) { calls++; return set.call(this, k, v); };
  assert.sameValue(new Map([[1, 2]]).get(1), 2);
  assert.sameValue(calls, 1);
  Map.prototype.set = set;
}

// ---- groupBy
{
  const g = Map.groupBy([1, 2, 3, 4], (x, i) => (x + i) % 3);
  assert.deepEqual([...g], [[1, [1, 4]], [0, [2]], [2, [3]]]);
  assert.sameValue(1 / [...Map.groupBy([0], () => -0).keys()][0], Infinity);
  assert.throws(TypeError, () => Map.groupBy([], 5));
  assert.throws(TypeError, () => Map.groupBy(null, () => 0));
}

// ---- getOrInsert, getOrInsertComputed
{
  const m = new Map([['a', 1]]);
  assert.sameValue(m.getOrInsert('a', 2), 1);
  assert.sameValue(m.getOrInsert('b', 2), 2);
  assert.sameValue(m.getOrInsertComputed('b', () => { throw new Error(); }), 2);
  assert.sameValue(m.getOrInsertComputed(-0, k => 1 / k), Infinity);
  assert.sameValue(m.getOrInsertComputed('c', k => { m.set(k, 'lost'); return k + '!'; }), 'c!');
  assert.deepEqual([...m], [['a', 1], ['b', 2], [0, Infinity], ['c', 'c!']]);
  assert.throws(TypeError, () => m.getOrInsertComputed('a', 5));
}

// ---- functions and brands
for (const [name, length] of [['get', 1], ['getOrInsert', 2], ['getOrInsertComputed', 2], ['set', 2], ['has', 1], ['delete', 1], ['clear', 0], ['forEach', 1], ['entries', 0], ['keys', 0], ['values', 0]]) {
  assert.sameValue(Map.prototype[name].length, length, name);
  assert.sameValue(Map.prototype[name].name, name);
  assert.throws(TypeError, () => Map.prototype[name].call({}, () => 0), undefined, name);
  assert.throws(TypeError, () => Map.prototype[name].call(new Set(), () => 0), undefined, name);
}
assert.sameValue(Map.length, 0);
assert.sameValue(Map.prototype[Symbol.iterator], Map.prototype.entries);
assert.sameValue(Map.prototype[Symbol.toStringTag], 'Map');
assert.sameValue(Map[Symbol.species], Map);
assert.sameValue(Object.getOwnPropertyDescriptor(Map.prototype, 'size').get.name, 'get size');
assert.throws(TypeError, () => Map.prototype.size);
assert.throws(TypeError, () => new Map().forEach());
{
  const it = new Map([[1, 2]])[Symbol.iterator]();
  assert.sameValue(it[Symbol.toStringTag], 'Map Iterator');
  assert.sameValue(it[Symbol.iterator](), it);
  assert.throws(TypeError, () => it.next.call(new Set().values()));
  assert.throws(TypeError, () => it.next.call([].values()));
}
