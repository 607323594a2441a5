// Iterator: constructor, from, helpers, closing.
"use strict";
assert.throws(TypeError, () => Iterator());
assert.throws(TypeError, () => new Iterator());
class Own extends Iterator { constructor(n) { super(); this.n = n; } next() { return { value: this.n--, done: this.n < -1 }; } }
assert(new Own(1) instanceof Iterator);
function* count() { yield 1; yield 2; yield 3; yield 4; }
assert.sameValue(Object.getPrototypeOf(Object.getPrototypeOf(Object.getPrototypeOf(count()))), Iterator.prototype);
assert.sameValue(Iterator.prototype[Symbol.iterator].call(5), 5);
assert.sameValue(Iterator.prototype[Symbol.iterator].name, "[Symbol.iterator]");

// ---- a spy
function spy(values, log) {
  var i = 0;
  return {
    __proto__: Iterator.prototype,
    get next() {
      log[log.length] = "get next";
      return () => {
        log[log.length] = "next";
        return i < values.length ? { value: values[i++], done: false } : { value: undefined, done: true };
      };
    },
    return() { log[log.length] = "return"; return {}; },
  };
}
var boom = () => { throw new RangeError("boom"); };

// ---- consuming methods
assert.deepEqual(count().toArray(), [1, 2, 3, 4]);
assert.deepEqual(new Own(2).toArray(), [2, 1, 0]);
assert.sameValue(count().reduce((a, b) => a + b), 10);
assert.sameValue(count().reduce((a, b, i) => a + b * i, 100), 120);
assert.sameValue(count().reduce((a, b, i) => { assert.sameValue(i, b - 1); return b; }), 4);
assert.throws(TypeError, () => (function* () {})().reduce((a, b) => a));
assert.sameValue((function* () {})().reduce((a, b) => a, undefined), undefined);
var seen = [];
assert.sameValue(count().forEach((v, i) => { seen[i] = v; }), undefined);
assert.deepEqual(seen, [1, 2, 3, 4]);
assert.sameValue(count().some(v => v === 3), true);
assert.sameValue(count().some(v => v === 9), false);
assert.sameValue(count().every(v => v < 9), true);
assert.sameValue(count().every(v => v < 3), false);
assert.sameValue(count().find(v => v > 2), 3);
assert.sameValue(count().find(v => v > 9), undefined);
for (var [name, stop, call] of [
  ["some", true, it => it.some(v => v === 2)],
  ["every", true, it => it.every(v => v !== 2)],
  ["find", true, it => it.find(v => v === 2)],
  ["forEach", false, it => it.forEach(v => v)],
  ["toArray", false, it => it.toArray()],
]) {
  var log = [];
  call(spy([1, 2, 3], log));
  assert.deepEqual(log, stop ? ["get next", "next", "next", "return"] : ["get next", "next", "next", "next", "next"], name);
  assert.throws(TypeError, () => Iterator.prototype[name].call(1, () => 0));
  if (name === "toArray") continue;
  log = [];
  assert.throws(RangeError, () => spy([1], log)[name](boom));
  assert.deepEqual(log, ["get next", "next", "return"], name);
  log = [];
  assert.throws(TypeError, () => spy([1], log)[name](1));
  assert.deepEqual(log, ["return"], name);
}
log = [];
assert.throws(RangeError, () => spy([1, 2], log).reduce(boom));
assert.deepEqual(log, ["get next", "next", "next", "return"]);
log = [];
assert.throws(TypeError, () => spy([1], log).reduce());
assert.deepEqual(log, ["return"]);

// ---- lazy helpers
assert.deepEqual(count().map((v, i) => v * 10 + i).toArray(), [10, 21, 32, 43]);
assert.deepEqual(count().filter((v, i) => v % 2 && i < 9).toArray(), [1, 3]);
assert.deepEqual(count().take(2).toArray(), [1, 2]);
assert.deepEqual(count().take(0).toArray(), []);
assert.deepEqual(count().take(Infinity).toArray(), [1, 2, 3, 4]);
assert.deepEqual(count().take(2.9).toArray(), [1, 2]);
assert.deepEqual(count().take(-0.5).toArray(), []);
assert.deepEqual(count().drop(2).toArray(), [3, 4]);
assert.deepEqual(count().drop(0).toArray(), [1, 2, 3, 4]);
assert.deepEqual(count().drop(9).toArray(), []);
assert.deepEqual(count().drop(Infinity).toArray(), []);
assert.deepEqual(count().flatMap((v, i) => [v, i]).toArray(), [1, 0, 2, 1, 3, 2, 4, 3]);
assert.deepEqual(count().flatMap(v => v % 2 ? [] : count().take(v)).toArray(), [1, 2, 1, 2, 3, 4]);
assert.throws(TypeError, () => count().flatMap(v => v).toArray());
assert.throws(TypeError, () => count().flatMap(v => "string").toArray());
assert.deepEqual(count().map(v => v + 1).filter(v => v > 2).drop(1).take(1).toArray(), [4]);
for (var n of [-1, NaN, undefined, {}, "x", 2 ** 53]) {
  assert.throws(RangeError, () => count().take(n));
  log = [];
  assert.throws(RangeError, () => spy([1], log).drop(n));
  assert.deepEqual(log, ["return"]);
}
assert.throws(RangeError, () => count().take({ valueOf: boom }));
assert.throws(TypeError, () => count().take(Symbol()));
for (var name of ["map", "filter", "flatMap"]) {
  assert.throws(TypeError, () => Iterator.prototype[name].call(1, () => 0));
  log = [];
  assert.throws(TypeError, () => spy([1], log)[name]({}));
  assert.deepEqual(log, ["return"], name);
  log = [];
  var helper = spy([1], log)[name](boom);
  assert.deepEqual(log, ["get next"], name);
  assert.throws(RangeError, () => helper.next());
  assert.deepEqual(log, ["get next", "next", "return"], name);
  assert.deepEqual(helper.next(), { value: undefined, done: true });
  assert.sameValue(Iterator.prototype[name].length, 1);
}
// closing
log = [];
var taking = spy([1, 2, 3], log).take(1);
assert.deepEqual(taking.next(), { value: 1, done: false });
assert.deepEqual(taking.next(), { value: undefined, done: true });
assert.deepEqual(log, ["get next", "next", "return"]);
log = [];
var unstarted = spy([1], log).map(v => v);
assert.deepEqual(unstarted.return(), { value: undefined, done: true });
assert.deepEqual(unstarted.return(), { value: undefined, done: true });
assert.deepEqual(unstarted.next(), { value: undefined, done: true });
assert.deepEqual(log, ["get next", "return"]);
log = [];
var started = spy([1, 2], log).map(v => v);
started.next();
started.return();
started.return();
assert.deepEqual(log, ["get next", "next", "return"]);
log = [];
var innerLog = [];
var flat = spy([1], log).flatMap(() => spy([5, 6], innerLog));
assert.sameValue(flat.next().value, 5);
flat.return();
assert.deepEqual(innerLog, ["get next", "next", "return"]);
assert.deepEqual(log, ["get next", "next", "return"]);
var failing = [];
var inner = { __proto__: Iterator.prototype, next: () => ({ value: 1 }), return: boom };
flat = spy([1], failing).flatMap(() => inner);
flat.next();
assert.throws(RangeError, () => flat.return());
assert.deepEqual(failing, ["get next", "next", "return"]);
failing = [];
flat = spy([1], failing).flatMap(() => ({ __proto__: Iterator.prototype, next: boom }));
assert.throws(RangeError, () => flat.next());
assert.deepEqual(failing, ["get next", "next", "return"]);
// re-entry
var again = { __proto__: Iterator.prototype, next() { return reentrant.next(); } };
var reentrant = again.map(v => v);
assert.throws(TypeError, () => reentrant.next());
// helper objects
var Helper = Object.getPrototypeOf(count().map(v => v));
assert.sameValue(Helper[Symbol.toStringTag], "Iterator Helper");
assert.sameValue(Object.getPrototypeOf(Helper), Iterator.prototype);
assert.throws(TypeError, () => Helper.next.call(count()));
assert.throws(TypeError, () => Helper.return.call({}));
var total = 0;
for (var v of count().map(v => v * 2)) total += v;
assert.sameValue(total, 20);
for (var v of count().map(v => v * 2)) { if (v > 3) break; }

// ---- from
var own = count();
assert.sameValue(Iterator.from(own), own);
var i = 0;
var foreign = { next() { return { value: i++, done: i > 3 }; }, return() { return { value: "closed", done: true }; } };
var wrapped = Iterator.from(foreign);
assert(wrapped instanceof Iterator);
assert.deepEqual(wrapped.next(), { value: 0, done: false });
assert.deepEqual(wrapped.toArray(), [1, 2]);
assert.deepEqual(wrapped.return(), { value: "closed", done: true });
assert.deepEqual(Iterator.from({ next() {} }).return(), { value: undefined, done: true });
assert.deepEqual(Iterator.from({ [Symbol.iterator]: count }).toArray(), [1, 2, 3, 4]);
assert.deepEqual(Iterator.from("a€").toArray(), ["a", "€"]);
assert.throws(TypeError, () => Iterator.from(5));
assert.throws(TypeError, () => Iterator.from({ [Symbol.iterator]: () => 1 }));
var Wrap = Object.getPrototypeOf(wrapped);
assert.sameValue(Object.getPrototypeOf(Wrap), Iterator.prototype);
assert.throws(TypeError, () => Wrap.next.call({}));
assert.throws(TypeError, () => Wrap.return.call(count()));

// ---- accessors of the prototype
assert.sameValue(Iterator.prototype[Symbol.toStringTag], "Iterator");
assert.sameValue(Iterator.prototype.constructor, Iterator);
for (var key of [Symbol.toStringTag, "constructor"]) {
  var accessor = Object.getOwnPropertyDescriptor(Iterator.prototype, key);
  assert.sameValue(typeof accessor.get, "function");
  assert.sameValue(accessor.enumerable, false);
  assert.throws(TypeError, () => { Iterator.prototype[key] = 1; });
  assert.throws(TypeError, () => accessor.set.call(1, 1));
  var receiver = new Own(1);
  receiver[key] = "mine";
  assert.sameValue(receiver[key], "mine");
  assert.deepEqual(Object.getOwnPropertyDescriptor(receiver, key), {
    value: "mine", writable: true, enumerable: true, configurable: true });
  receiver[key] = "again";
  assert.sameValue(receiver[key], "again");
}

// ---- %AsyncIteratorPrototype%
var AsyncIterator = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}.prototype));
assert.sameValue(AsyncIterator[Symbol.asyncIterator].call(3), 3);
assert.sameValue(AsyncIterator[Symbol.asyncIterator].name, "[Symbol.asyncIterator]");
