// WeakMap, WeakSet, WeakRef, FinalizationRegistry.
const key = {}, symbol = Symbol('unregistered'), registered = Symbol.for('registered');
{
  const m = new WeakMap([[key, 1]]);
  assert.sameValue(m.get(key), 1);
  assert.sameValue(m.set(symbol, 2), m);
  assert.sameValue(m.get(symbol), 2);
  assert.sameValue(m.has(key), true);
  assert.sameValue(m.has({}), false);
  assert.sameValue(m.get(5), undefined);
  assert.sameValue(m.has(5), false);
  assert.sameValue(m.delete(5), false);
  assert.sameValue(m.delete(key), true);
  assert.sameValue(m.delete(key), false);
  for (const bad of [5, 'x', null, undefined, true, registered]) assert.throws(TypeError, () => m.set(bad, 1));
  assert.throws(TypeError, () => new WeakMap([[1, 2]]));
  assert.throws(TypeError, () => WeakMap());
  assert.sameValue(m.getOrInsert(key, 3), 3);
  assert.sameValue(m.getOrInsert(key, 4), 3);
  assert.sameValue(m.getOrInsertComputed(key, () => 5), 3);
  assert.sameValue(m.getOrInsertComputed(registered.constructor, () => 5), 5);
  assert.throws(TypeError, () => m.getOrInsert(registered, 1));
  assert.throws(TypeError, () => m.getOrInsertComputed(5, () => 1));
  for (let i = 0; i < 1000; i++) m.set({}, i);
  for (const [name, length] of [['delete', 1], ['get', 1], ['has', 1], ['set', 2]]) {
    assert.sameValue(WeakMap.prototype[name].length, length);
    assert.throws(TypeError, () => WeakMap.prototype[name].call(new Map(), {}));
  }
  assert.sameValue(WeakMap.prototype[Symbol.toStringTag], 'WeakMap');
}
{
  const s = new WeakSet([key]);
  assert.sameValue(s.has(key), true);
  assert.sameValue(s.add(symbol), s);
  assert.sameValue(s.has(symbol), true);
  assert.sameValue(s.delete(key), true);
  assert.sameValue(s.has(key), false);
  for (const bad of [5, registered]) assert.throws(TypeError, () => s.add(bad));
  assert.throws(TypeError, () => WeakSet());
  for (const name of ['add', 'delete', 'has']) {
    assert.sameValue(WeakSet.prototype[name].length, 1);
    assert.throws(TypeError, () => WeakSet.prototype[name].call(new Set(), {}));
  }
  assert.sameValue(WeakSet.prototype[Symbol.toStringTag], 'WeakSet');
}
{
  const r = new WeakRef(key);
  assert.sameValue(r.deref(), key);
  assert.sameValue(new WeakRef(symbol).deref(), symbol);
  assert.throws(TypeError, () => new WeakRef(registered));
  assert.throws(TypeError, () => new WeakRef());
  assert.throws(TypeError, () => WeakRef(key));
  assert.throws(TypeError, () => WeakRef.prototype.deref.call({}));
  assert.sameValue(WeakRef.prototype[Symbol.toStringTag], 'WeakRef');
  assert.sameValue(WeakRef.length, 1);
}
{
  const f = new FinalizationRegistry(() => 0);
  const token = {};
  assert.sameValue(f.register(key, 'held', token), undefined);
  assert.sameValue(f.unregister(token), true);
  assert.sameValue(f.unregister(token), false);
  f.register(symbol, 1);
  assert.throws(TypeError, () => f.register(key, key));
  assert.throws(TypeError, () => f.register(5, 1));
  assert.throws(TypeError, () => f.register(key, 1, 5));
  assert.throws(TypeError, () => f.unregister(5));
  assert.throws(TypeError, () => f.unregister());
  assert.throws(TypeError, () => new FinalizationRegistry());
  assert.throws(TypeError, () => FinalizationRegistry(() => 0));
  assert.sameValue(FinalizationRegistry.prototype.register.length, 2);
  assert.sameValue(FinalizationRegistry.prototype.unregister.length, 1);
  assert.sameValue(FinalizationRegistry.prototype[Symbol.toStringTag], 'FinalizationRegistry');
}
