// Reflect: every row of its table.
"use strict";
assert.sameValue(typeof Reflect, "object");
assert.sameValue(Reflect[Symbol.toStringTag], "Reflect");
assert.throws(TypeError, () => new Reflect());
var sym = Symbol();

assert.sameValue(Reflect.apply(function (a, b) { return this + a + b; }, 1, [2, 3]), 6);
assert.throws(TypeError, () => Reflect.apply(() => 0, 1));
assert.throws(TypeError, () => Reflect.apply({}, 1, []));

class Base { constructor(...args) { this.args = args; this.target = new.target; } }
class Other {}
var made = Reflect.construct(Base, [1, 2]);
assert.deepEqual(made.args, [1, 2]);
assert.sameValue(made.target, Base);
var crossed = Reflect.construct(Base, [], Other);
assert.sameValue(crossed.target, Other);
assert(crossed instanceof Other);
assert.throws(TypeError, () => Reflect.construct(() => 0, []));
assert.throws(TypeError, () => Reflect.construct(Base, [], () => 0));
assert.throws(TypeError, () => Reflect.construct(Base));
assert.sameValue(Object.getPrototypeOf(Reflect.construct(Error, ["m"], Other)), Other.prototype);

var target = {};
assert.sameValue(Reflect.defineProperty(target, "x", { value: 1 }), true);
assert.sameValue(Reflect.defineProperty(target, "x", { value: 2 }), false);
assert.throws(TypeError, () => Reflect.defineProperty(1, "x", {}));
assert.throws(TypeError, () => Reflect.defineProperty({}, "x", 1));

assert.sameValue(Reflect.deleteProperty({ a: 1 }, "a"), true);
assert.sameValue(Reflect.deleteProperty(target, "x"), false);
assert.sameValue(Reflect.deleteProperty(target, "absent"), true);
assert.throws(TypeError, () => Reflect.deleteProperty(1, "x"));

assert.sameValue(Reflect.get({ a: 1 }, "a"), 1);
assert.sameValue(Reflect.get({ get a() { return this.b; } }, "a", { b: 2 }), 2);
assert.sameValue(Reflect.get([7], 0), 7);
assert.throws(TypeError, () => Reflect.get(1, "a"));

assert.deepEqual(Reflect.getOwnPropertyDescriptor({ a: 1 }, "a"), {
  value: 1, writable: true, enumerable: true, configurable: true });
assert.sameValue(Reflect.getOwnPropertyDescriptor({}, "a"), undefined);
assert.throws(TypeError, () => Reflect.getOwnPropertyDescriptor("a", 0));

assert.sameValue(Reflect.getPrototypeOf([]) === Object.getPrototypeOf([]), true);
assert.throws(TypeError, () => Reflect.getPrototypeOf(1));

assert.sameValue(Reflect.has({}, "toString"), true);
assert.sameValue(Reflect.has({}, "x"), false);
assert.throws(TypeError, () => Reflect.has(1, "x"));

assert.sameValue(Reflect.isExtensible({}), true);
assert.throws(TypeError, () => Reflect.isExtensible(1));

assert.deepEqual(Reflect.ownKeys({ b: 1, [sym]: 2, 1: 3, a: 4 }), ["1", "b", "a", sym]);
assert.throws(TypeError, () => Reflect.ownKeys(1));

var closed = {};
assert.sameValue(Reflect.preventExtensions(closed), true);
assert.sameValue(Reflect.isExtensible(closed), false);
assert.throws(TypeError, () => Reflect.preventExtensions(1));

var receiver = {};
assert.sameValue(Reflect.set({}, "a", 1, receiver), true);
assert.sameValue(receiver.a, 1);
assert.sameValue(Reflect.set(Object.freeze({ a: 1 }), "a", 2), false);
assert.sameValue(Reflect.set({ a: 1 }, "a", 2, 3), false);
assert.sameValue(Reflect.set({ set a(v) { this.seen = v; } }, "a", 9, receiver), true);
assert.sameValue(receiver.seen, 9);
assert.sameValue(Reflect.set({ get a() { return 1; } }, "a", 9), false);
assert.throws(TypeError, () => Reflect.set(1, "a", 1));
var array = [];
Reflect.set(array, "length", 3);
assert.sameValue(array.length, 3);

assert.sameValue(Reflect.setPrototypeOf({}, null), true);
assert.sameValue(Reflect.setPrototypeOf(closed, Base), false);
assert.sameValue(Reflect.setPrototypeOf(closed, Object.prototype), true);
assert.throws(TypeError, () => Reflect.setPrototypeOf({}, 1));
assert.throws(TypeError, () => Reflect.setPrototypeOf(1, {}));
