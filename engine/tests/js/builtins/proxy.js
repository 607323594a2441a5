// Proxy: every trap, every invariant, revocation, depth.
"use strict";
assert.throws(TypeError, () => Proxy({}, {}));
assert.throws(TypeError, () => new Proxy(1, {}));
assert.throws(TypeError, () => new Proxy({}, 1));
assert.sameValue(Proxy.length, 2);
assert.sameValue(Object.hasOwn(Proxy, "prototype"), false);
var sym = Symbol("s");

// ---- without traps everything goes to the target
var plain = { a: 1, [sym]: 2 };
var through = new Proxy(plain, {});
assert.sameValue(through.a, 1);
through.b = 3;
assert.sameValue(plain.b, 3);
assert.sameValue("a" in through, true);
assert.sameValue(delete through.b, true);
assert.sameValue("b" in plain, false);
assert.deepEqual(Reflect.ownKeys(through), ["a", sym]);
assert.deepEqual(Object.keys(through), ["a"]);
assert.deepEqual(Object.entries(through), [["a", 1]]);
Object.defineProperty(through, "c", { value: 4, configurable: true });
assert.sameValue(plain.c, 4);
assert.sameValue(Object.getPrototypeOf(through), Object.prototype);
Object.setPrototypeOf(through, null);
assert.sameValue(Object.getPrototypeOf(plain), null);
Object.preventExtensions(through);
assert.sameValue(Object.isExtensible(plain), false);
assert.sameValue(typeof new Proxy(function () {}, {}), "function");
assert.sameValue(new Proxy(function (a) { return this + a; }, {}).call(1, 2), 3);
class K { constructor(v) { this.v = v; this.t = new.target; } }
var PK = new Proxy(K, {});
assert.sameValue(new PK(5).v, 5);
assert.sameValue(new PK(5).t, PK);
assert.throws(TypeError, () => PK());
assert.throws(TypeError, () => new (new Proxy(() => 0, {}))());
assert.throws(TypeError, () => new Proxy({}, {})());
var many = new Proxy(function () { return arguments.length; }, {});
assert.sameValue(many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18), 18);

// ---- arguments of the traps
var log = [];
var handler = new Proxy({}, {
  get(_, name) {
    return function (...args) {
      log[log.length] = name;
      assert.sameValue(this, handler);
      assert.sameValue(args[0], spied);
      return Reflect[name](...args);
    };
  },
});
var spied = function () {};
var spy = new Proxy(spied, handler);
spy.x = 1;
assert.deepEqual(log, ["set", "getOwnPropertyDescriptor", "defineProperty"]);
log = [];
spy.x; "x" in spy; delete spy.x; spy(); new spy(); Object.keys(spy); Object.isExtensible(spy);
Object.getPrototypeOf(spy); Object.setPrototypeOf(spy, Function.prototype); Object.preventExtensions(spy);
assert.deepEqual(log, ["get", "has", "deleteProperty", "apply", "construct", "get", "ownKeys",
  "getOwnPropertyDescriptor", "getOwnPropertyDescriptor", "getOwnPropertyDescriptor", "isExtensible",
  "getPrototypeOf", "setPrototypeOf", "preventExtensions"]);
var seen;
var keys = new Proxy({}, { get(t, k, r) { seen = k; assert.sameValue(r, keys); return k; } });
assert.sameValue(keys[5], "5");
assert.sameValue(keys[sym], sym);
assert.sameValue(typeof seen, "symbol");
var heir = Object.create(new Proxy({}, { get(t, k, r) { return r === heir; }, set(t, k, v, r) { return r === heir && v === 1; }, has(t, k) { return k === "yes"; } }));
assert.sameValue(heir.any, true);
heir.any = 1;
assert.throws(TypeError, () => { heir.any = 2; });
assert.sameValue("yes" in heir, true);
assert.sameValue("no" in heir, false);
assert.throws(TypeError, () => new Proxy({}, { get: 1 }).x);
assert.sameValue(new Proxy({ x: 1 }, { get: null }).x, 1);

// ---- a target with fixed properties
function fixed() {
  var t = {};
  Object.defineProperty(t, "ro", { value: 1 });
  Object.defineProperty(t, "wr", { value: 1, writable: true });
  Object.defineProperty(t, "noget", { set() {} });
  Object.defineProperty(t, "noset", { get() { return 1; } });
  t.free = 1;
  return t;
}
function locked() { return Object.preventExtensions(fixed()); }
var answer = v => () => v;

// get
var get = v => new Proxy(fixed(), { get: answer(v) });
assert.throws(TypeError, () => get(2).ro);
assert.sameValue(get(1).ro, 1);
assert.sameValue(get(2).wr, 2);
assert.throws(TypeError, () => get(2).noget);
assert.sameValue(get(undefined).noget, undefined);
assert.sameValue(get(2).free, 2);
// set
var set = v => new Proxy(fixed(), { set: answer(v) });
assert.throws(TypeError, () => { set(true).ro = 2; });
set(true).ro = 1;
set(true).wr = 2;
assert.throws(TypeError, () => { set(true).noset = 2; });
assert.throws(TypeError, () => { set(false).free = 2; });
assert.sameValue(Reflect.set(set(0), "free", 2), false);
// has
assert.throws(TypeError, () => "ro" in new Proxy(fixed(), { has: answer(false) }));
assert.sameValue("free" in new Proxy(fixed(), { has: answer(false) }), false);
assert.throws(TypeError, () => "free" in new Proxy(locked(), { has: answer(false) }));
assert.sameValue("any" in new Proxy(locked(), { has: answer(true) }), true);
// deleteProperty
assert.throws(TypeError, () => delete new Proxy(fixed(), { deleteProperty: answer(true) }).ro);
assert.throws(TypeError, () => delete new Proxy(locked(), { deleteProperty: answer(true) }).free);
assert.sameValue(Reflect.deleteProperty(new Proxy(fixed(), { deleteProperty: answer(false) }), "free"), false);
assert.sameValue(delete new Proxy(fixed(), { deleteProperty: answer(true) }).free, true);
// defineProperty
var define = (t, key, desc) => Reflect.defineProperty(new Proxy(t, { defineProperty: answer(true) }), key, desc);
assert.throws(TypeError, () => define(locked(), "new", {}));
assert.throws(TypeError, () => define(fixed(), "new", { configurable: false }));
assert.throws(TypeError, () => define(fixed(), "ro", { value: 2 }));
assert.throws(TypeError, () => define(fixed(), "free", { configurable: false }));
assert.throws(TypeError, () => define(fixed(), "wr", { configurable: false, writable: false, value: 1 }));
assert.sameValue(define(fixed(), "new", { value: 1, configurable: true }), true);
assert.sameValue(define(fixed(), "ro", { value: 1 }), true);
assert.sameValue(Reflect.defineProperty(new Proxy({}, { defineProperty: answer(false) }), "x", {}), false);
assert.throws(TypeError, () => Object.defineProperty(new Proxy({}, { defineProperty: answer(false) }), "x", {}));
Object.defineProperty(new Proxy({}, { defineProperty(t, k, d) {
  assert.deepEqual(d, { value: 1, enumerable: true });
  return true;
} }), "x", { enumerable: 1, value: 1, other: 2 });
// getOwnPropertyDescriptor
var describe = (t, key, v) => Object.getOwnPropertyDescriptor(new Proxy(t, { getOwnPropertyDescriptor: answer(v) }), key);
assert.throws(TypeError, () => describe({}, "x", 1));
assert.throws(TypeError, () => describe(fixed(), "ro", undefined));
assert.throws(TypeError, () => describe(locked(), "free", undefined));
assert.sameValue(describe(fixed(), "free", undefined), undefined);
assert.sameValue(describe(locked(), "absent", undefined), undefined);
assert.throws(TypeError, () => describe(locked(), "absent", { configurable: true }));
assert.throws(TypeError, () => describe(fixed(), "absent", { configurable: false }));
assert.throws(TypeError, () => describe(fixed(), "free", { value: 1, configurable: false }));
assert.throws(TypeError, () => describe(fixed(), "ro", { value: 2, configurable: false }));
assert.throws(TypeError, () => describe(fixed(), "wr", { value: 1, configurable: false, writable: false }));
assert.deepEqual(describe(fixed(), "absent", { value: 3, configurable: true }), {
  value: 3, writable: false, enumerable: false, configurable: true });
// ownKeys
var list = (t, v) => Reflect.ownKeys(new Proxy(t, { ownKeys: answer(v) }));
assert.deepEqual(list({}, ["a", sym, "1"]), ["a", sym, "1"]);
assert.deepEqual(list({}, { length: 1, 0: "x" }), ["x"]);
assert.throws(TypeError, () => list({}, 1));
assert.throws(TypeError, () => list({}, [1]));
assert.throws(TypeError, () => list({}, ["a", "a"]));
assert.throws(TypeError, () => list({}, [sym, sym]));
assert.throws(TypeError, () => list({}, ["1", "1"]));
assert.throws(TypeError, () => list(fixed(), ["ro", "wr", "noget"]));
assert.deepEqual(list(fixed(), ["noset", "ro", "wr", "noget"]), ["noset", "ro", "wr", "noget"]);
assert.throws(TypeError, () => list(locked(), ["ro", "wr", "noget", "noset"]));
assert.throws(TypeError, () => list(locked(), ["ro", "wr", "noget", "noset", "free", "more"]));
assert.deepEqual(list(locked(), ["ro", "wr", "noget", "noset", "free"]).length, 5);
assert.deepEqual(Object.keys(new Proxy({}, {
  ownKeys: () => ["a", "b", sym],
  getOwnPropertyDescriptor: (t, k) => ({ value: 1, configurable: true, enumerable: k === "b" }),
})), ["b"]);
// getPrototypeOf, setPrototypeOf, isExtensible, preventExtensions
var proto = {};
assert.sameValue(Object.getPrototypeOf(new Proxy({}, { getPrototypeOf: answer(proto) })), proto);
assert.sameValue(Object.getPrototypeOf(new Proxy({}, { getPrototypeOf: answer(null) })), null);
assert.throws(TypeError, () => Object.getPrototypeOf(new Proxy({}, { getPrototypeOf: answer(1) })));
assert.throws(TypeError, () => Object.getPrototypeOf(new Proxy(locked(), { getPrototypeOf: answer(proto) })));
assert.sameValue(Object.getPrototypeOf(new Proxy(locked(), { getPrototypeOf: answer(Object.prototype) })), Object.prototype);
assert.throws(TypeError, () => Object.setPrototypeOf(new Proxy({}, { setPrototypeOf: answer(false) }), proto));
assert.sameValue(Reflect.setPrototypeOf(new Proxy({}, { setPrototypeOf: answer(true) }), proto), true);
assert.throws(TypeError, () => Reflect.setPrototypeOf(new Proxy(locked(), { setPrototypeOf: answer(true) }), proto));
assert.throws(TypeError, () => Object.isExtensible(new Proxy({}, { isExtensible: answer(false) })));
assert.throws(TypeError, () => Object.isExtensible(new Proxy(locked(), { isExtensible: answer(true) })));
assert.throws(TypeError, () => Object.preventExtensions(new Proxy({}, { preventExtensions: answer(true) })));
assert.throws(TypeError, () => Object.preventExtensions(new Proxy({}, { preventExtensions: answer(false) })));
assert.sameValue(Reflect.preventExtensions(new Proxy({}, { preventExtensions: answer(false) })), false);
// apply, construct
assert.deepEqual(new Proxy(() => 0, { apply: (t, self, args) => [self, args] }).call(1, 2, 3), [1, [2, 3]]);
assert.throws(TypeError, () => new (new Proxy(K, { construct: answer(1) }))());
assert.sameValue(new (new Proxy(K, { construct: (t, args, target) => args }))(8)[0], 8);

// ---- integrity levels
var sealLog = "";
Object.freeze(new Proxy({ a: 1, get b() { return 1; } }, {
  preventExtensions(t) { sealLog += "p,"; return Reflect.preventExtensions(t); },
  ownKeys(t) { sealLog += "k,"; return Reflect.ownKeys(t); },
  getOwnPropertyDescriptor(t, k) { sealLog += "g" + k + ","; return Reflect.getOwnPropertyDescriptor(t, k); },
  defineProperty(t, k, d) { sealLog += "d" + k + Reflect.ownKeys(d).length + ","; return Reflect.defineProperty(t, k, d); },
}));
assert.sameValue(sealLog, "p,k,ga,da2,gb,db1,");
assert.sameValue(Object.isFrozen(new Proxy(Object.freeze({ a: 1 }), {})), true);
assert.sameValue(Object.isSealed(new Proxy({}, {})), false);

// ---- set through a receiver that is a proxy
var recorded = "";
var receiver = new Proxy({}, {
  getOwnPropertyDescriptor(t, k) { recorded += "g"; return Reflect.getOwnPropertyDescriptor(t, k); },
  defineProperty(t, k, d) { recorded += "d"; return Reflect.defineProperty(t, k, d); },
});
assert.sameValue(Reflect.set({}, "p", 1, receiver), true);
assert.sameValue(recorded, "gd");

// ---- revocation
var r = Proxy.revocable(function () {}, {});
assert.deepEqual(Object.keys(r), ["proxy", "revoke"]);
assert.sameValue(r.revoke.length, 0);
assert.sameValue(r.revoke.name, "");
assert.sameValue(r.revoke(), undefined);
assert.sameValue(r.revoke(), undefined);
assert.sameValue(typeof r.proxy, "function");
assert.throws(TypeError, () => r.proxy.x);
assert.throws(TypeError, () => { r.proxy.x = 1; });
assert.throws(TypeError, () => r.proxy());
assert.throws(TypeError, () => new r.proxy());
assert.throws(TypeError, () => "x" in r.proxy);
assert.throws(TypeError, () => Object.keys(r.proxy));
assert.throws(TypeError, () => Object.getPrototypeOf(r.proxy));
assert.throws(TypeError, () => Object.prototype.toString.call(r.proxy));
var self = Proxy.revocable({}, { get() { self.revoke(); return 1; } });
assert.sameValue(self.proxy.x, 1);

// ---- depth
var deep = {};
for (var i = 0; i < 200000; i++) deep = new Proxy(deep, {});
assert.throws(RangeError, () => deep.x);
assert.throws(RangeError, () => { deep.x = 1; });
assert.throws(RangeError, () => "x" in deep);
assert.throws(RangeError, () => delete deep.x);
assert.throws(RangeError, () => Reflect.ownKeys(deep));
assert.throws(RangeError, () => Object.getPrototypeOf(deep));
assert.throws(RangeError, () => Object.setPrototypeOf(deep, null));
assert.throws(RangeError, () => Object.isExtensible(deep));
assert.throws(RangeError, () => Object.preventExtensions(deep));
assert.throws(RangeError, () => Object.defineProperty(deep, "x", {}));
assert.throws(RangeError, () => Object.getOwnPropertyDescriptor(deep, "x"));
var callable = function () {};
for (var i = 0; i < 200000; i++) callable = new Proxy(callable, {});
assert.throws(RangeError, callable);
assert.throws(RangeError, () => new callable());
var circle = new Proxy({}, { get: (t, k, r) => r[k] });
assert.throws(RangeError, () => circle.x);
var loop = {};
Object.setPrototypeOf(loop, new Proxy(loop, {}));
assert.throws(RangeError, () => loop.x);
