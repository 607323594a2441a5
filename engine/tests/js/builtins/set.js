// Set, its iterators and the methods that combine sets.
const list = set => [...set];
{
  const s = new Set([1, 2, 2, '2', NaN, NaN, 0, -0]);
  assert.sameValue(s.size, 5);
  assert.deepEqual(list(s), [1, 2, '2', NaN, 0]);
  assert.sameValue(s.add(3), s);
  assert.sameValue(s.has(NaN), true);
  assert.sameValue(s.has('1'), false);
  assert.sameValue(s.delete(2), true);
  assert.sameValue(s.delete(2), false);
  assert.deepEqual(list(s.entries())[0], [1, 1]);
  assert.sameValue(s.clear(), undefined);
  assert.sameValue(s.size, 0);
  assert.deepEqual(list(new Set('aba')), ['a', 'b']);
}
{
  const s = new Set([1, 2, 3]);
  const seen = [];
  s.forEach(function (v, k, set) {
    assert(v === k && set === s && this.t === 1);
    seen.push(v);
    if (v === 1) { s.delete(2); s.add(4); }
  }, { t: 1 });
  assert.deepEqual(seen, [1, 3, 4]);
  const big = new Set();
  for (let i = 0; i < 3000; i++) big.add(i * 1.5);
  for (let i = 0; i < 3000; i += 3) big.delete(i * 1.5);
  assert.sameValue(big.size, 2000);
  assert.sameValue(list(big)[1], 3);
  const order = [];
  const growing = new Set([0]);
  for (const v of growing) {
    order.push(v);
    if (v < 50) growing.add(v + 1);
    growing.delete(v - 1);
  }
  assert.sameValue(order.length, 51);
}
assert.throws(TypeError, () => Set());
assert.throws(TypeError, () => new Set(5));
assert.sameValue(new Set(undefined).size, 0);
{
  class Sub extends Set { add(v) { return super.add(v * 2); } }
  assert.deepEqual(list(new Sub([1, 2])), [2, 4]);
  assert.deepEqual(list(new Set(new Set([1, 2]))), [1, 2]);
}

// ---- combining
const s123 = new Set([1, 2, 3]);
const s34 = new Set([3, 4]);
const like = (items, log = []) => ({
  size: items.length,
  has(v) { log.push('has ' + v); return items.includes(v); },
  keys() { log.push('keys'); return items[Symbol.iterator](); },
});
for (const other of [s34, like([3, 4])]) {
  assert.deepEqual(list(s123.union(other)), [1, 2, 3, 4]);
  assert.deepEqual(list(s123.intersection(other)), [3]);
  assert.deepEqual(list(s123.difference(other)), [1, 2]);
  assert.deepEqual(list(s123.symmetricDifference(other)), [1, 2, 4]);
  assert.sameValue(s123.isSubsetOf(other), false);
  assert.sameValue(s123.isSupersetOf(other), false);
  assert.sameValue(s123.isDisjointFrom(other), false);
}
for (const [a, b, subset, superset, disjoint] of [
  [[], [], true, true, true],
  [[1], [1, 2], true, false, false],
  [[1, 2], [2], false, true, false],
  [[1], [2], false, false, true],
  [[1, 2], [1, 2], true, true, false],
]) {
  for (const other of [new Set(b), like(b)]) {
    const set = new Set(a);
    assert.sameValue(set.isSubsetOf(other), subset, `${a} ⊆ ${b}`);
    assert.sameValue(set.isSupersetOf(other), superset, `${a} ⊇ ${b}`);
    assert.sameValue(set.isDisjointFrom(other), disjoint, `${a} ∩ ${b}`);
  }
}
assert.deepEqual(list(new Set([1, 2, 3, 4]).intersection(new Set([4, 2]))), [4, 2], 'order of the smaller operand');
assert.deepEqual(list(s123.union(new Map([[9, 0]]))), [1, 2, 3, 9], 'a Map is set-like');
{
  const log = [];
  s123.intersection(like([1, 2, 3, 4], log));
  assert.deepEqual(log, ['has 1', 'has 2', 'has 3']);
  log.length = 0;
  s123.difference(like([1], log));
  assert.deepEqual(log, ['keys']);
  // `this` changes while `has` runs.
  const mutating = new Set([1, 2, 3]);
  const got = mutating.intersection({ size: 3, has(v) { if (v === 1) mutating.delete(2); return true; }, keys() { } });
  assert.deepEqual(list(got), [1, 3]);
  let closed = 0;
  const endless = { size: 1, has: () => true, keys: () => ({ next: () => ({ value: 1, done: false }), return() { closed++; return {}; } }) };
  assert.sameValue(s123.isDisjointFrom(endless), false);
  assert.sameValue(closed, 1);
  assert.sameValue(1 / list(new Set().union(like([-0])))[0], Infinity);
}
for (const name of ['union', 'intersection', 'difference', 'symmetricDifference', 'isSubsetOf', 'isSupersetOf', 'isDisjointFrom']) {
  const f = Set.prototype[name];
  assert.sameValue(f.length, 1, name);
  assert.sameValue(f.name, name);
  assert.throws(TypeError, () => f.call({}, s34), undefined, name);
  assert.throws(TypeError, () => s123[name]([1]), undefined, name);
  assert.throws(TypeError, () => s123[name](5), undefined, name);
  assert.throws(TypeError, () => s123[name]({ size: NaN, has() { }, keys() { } }), undefined, name);
  assert.throws(RangeError, () => s123[name]({ size: -1, has() { }, keys() { } }), undefined, name);
  assert.throws(TypeError, () => s123[name]({ size: 1, has: 1, keys() { } }), undefined, name);
  assert.throws(TypeError, () => s123[name]({ size: 1, has() { }, keys: 1 }), undefined, name);
}
assert(s123.union(s34).constructor === Set, 'no species');

// ---- functions and brands
for (const [name, length] of [['has', 1], ['add', 1], ['delete', 1], ['clear', 0], ['entries', 0], ['forEach', 1], ['values', 0]]) {
  assert.sameValue(Set.prototype[name].length, length, name);
  assert.throws(TypeError, () => Set.prototype[name].call(new Map(), () => 0), undefined, name);
}
assert.sameValue(Set.prototype.keys, Set.prototype.values);
assert.sameValue(Set.prototype[Symbol.iterator], Set.prototype.values);
assert.sameValue(Set.prototype[Symbol.toStringTag], 'Set');
assert.sameValue(Set[Symbol.species], Set);
assert.throws(TypeError, () => Set.prototype.size);
{
  const it = new Set([1]).values();
  assert.sameValue(it[Symbol.toStringTag], 'Set Iterator');
  assert.throws(TypeError, () => it.next.call(new Map().keys()));
}
