// Object: every row of its table.
var sym = Symbol("s");

// ---- constructor
assert.sameValue(typeof Object(), "object");
assert.sameValue(Object.getPrototypeOf(new Object()), Object.prototype);
assert.sameValue(Object.length, 1);
var same = {};
assert.sameValue(Object(same), same);
assert.sameValue(new Object(same), same);
assert.sameValue(typeof Object(1), "object");
assert.sameValue(Object(1).valueOf !== undefined, true);
class Sub extends Object { constructor() { super({ ignored: 1 }); } }
assert.sameValue(new Sub().ignored, undefined);
assert(new Sub() instanceof Sub);
assert.sameValue(Object.prototype.constructor, Object);
assert.sameValue(Object.getPrototypeOf(Object.prototype), null);

// ---- assign
var target = { a: 1, b: 2 };
assert.sameValue(Object.assign(target, { b: 3, c: 4 }, null, undefined, 5, true, "xy"), target);
assert.deepEqual(target, { a: 1, b: 3, c: 4, 0: "x", 1: "y" });
assert.deepEqual(Object.assign({}, { x: 1, y: 2, z: 3, u: 4, v: 5, w: 6 }), { x: 1, y: 2, z: 3, u: 4, v: 5, w: 6 });
assert.deepEqual(Object.assign({}, [7, , 9]), { 0: 7, 2: 9 });
var log = "";
var assigned = {};
Object.defineProperty(assigned, "p", { set(v) { log += "set" + v; } });
Object.assign(assigned, { get p() { log += "get;"; return 1; } });
assert.sameValue(log, "get;set1");
assert.throws(TypeError, () => Object.assign(Object.freeze({ q: 1 }), { q: 2 }));
assert.throws(TypeError, () => Object.assign(null, {}));
var withSymbol = Object.assign({}, { [sym]: 1, k: 2 });
assert.sameValue(withSymbol[sym], 1);
assert.deepEqual(Reflect.ownKeys(withSymbol), ["k", sym]);
var hidden = Object.defineProperty({}, "h", { value: 1 });
assert.deepEqual(Object.assign({}, hidden), {});
// A setter inherited by the target is called; nothing is defined.
var inherited = 0;
var heir = Object.create({ set i(v) { inherited = v; } });
Object.assign(heir, { i: 8 });
assert.sameValue(inherited, 8);
assert.sameValue(Object.hasOwn(heir, "i"), false);
// The copy is independent of its source.
var source = { m: 1, n: 2 };
var copy = Object.assign({}, source);
copy.m = 5; copy.o = 6; source.p = 7;
assert.deepEqual(copy, { m: 5, n: 2, o: 6 });
assert.deepEqual(source, { m: 1, n: 2, p: 7 });
// Keys that vanish while copying are skipped.
var vanishing = { get first() { delete this.second; return 1; }, second: 2 };
assert.deepEqual(Object.assign({}, vanishing), { first: 1 });
assert.sameValue(Object.assign.length, 2);

// ---- create
assert.sameValue(Object.getPrototypeOf(Object.create(null)), null);
var proto = { inherited: 1 };
var made = Object.create(proto, { x: { value: 2, enumerable: true }, y: { get() { return 3; } } });
assert.sameValue(made.inherited, 1);
assert.sameValue(made.x, 2);
assert.sameValue(made.y, 3);
assert.deepEqual(Object.keys(made), ["x"]);
assert.throws(TypeError, () => Object.create());
assert.throws(TypeError, () => Object.create(1));
assert.throws(TypeError, () => Object.create({}, null));

// ---- defineProperty
var defined = {};
assert.sameValue(Object.defineProperty(defined, "p", { value: 1 }), defined);
assert.deepEqual(Object.getOwnPropertyDescriptor(defined, "p"), {
  value: 1, writable: false, enumerable: false, configurable: false });
assert.throws(TypeError, () => Object.defineProperty(defined, "p", { value: 2 }));
Object.defineProperty(defined, "p", { value: 1 });
assert.throws(TypeError, () => Object.defineProperty(defined, "p", { get() {} }));
assert.throws(TypeError, () => Object.defineProperty(1, "p", {}));
assert.throws(TypeError, () => Object.defineProperty({}, "p", 1));
assert.throws(TypeError, () => Object.defineProperty({}, "p", { get: 1 }));
assert.throws(TypeError, () => Object.defineProperty({}, "p", { set: {} }));
assert.throws(TypeError, () => Object.defineProperty({}, "p", { get() {}, value: 1 }));
assert.throws(TypeError, () => Object.defineProperty({}, "p", { set() {}, writable: true }));
Object.defineProperty({}, "p", { get: undefined, set: undefined });
Object.defineProperty(defined, sym, { value: 2, configurable: true });
assert.sameValue(defined[sym], 2);
Object.defineProperty(defined, 5, { value: "five", enumerable: true });
assert.sameValue(defined[5], "five");
var order = "";
Object.defineProperty({}, "p", new Proxy({}, { has(t, k) { order += k + ","; return false; } }));
assert.sameValue(order, "enumerable,configurable,value,writable,get,set,");
// A descriptor may inherit its fields, and have them as getters.
Object.defineProperty(defined, "q", Object.create({ value: 4, get enumerable() { return 1; } }));
assert.deepEqual(Object.getOwnPropertyDescriptor(defined, "q"), {
  value: 4, writable: false, enumerable: true, configurable: false });
// Accessor to data and back.
var flip = {};
Object.defineProperty(flip, "f", { get() { return 1; }, configurable: true });
Object.defineProperty(flip, "f", { value: 2 });
assert.deepEqual(Object.getOwnPropertyDescriptor(flip, "f"), {
  value: 2, writable: false, enumerable: false, configurable: true });
Object.defineProperty(flip, "f", { set(v) {} });
assert.sameValue(Object.getOwnPropertyDescriptor(flip, "f").get, undefined);
// Arrays.
var array = [1, 2, 3];
Object.defineProperty(array, "length", { value: 2 });
assert.deepEqual(array, [1, 2]);
assert.throws(RangeError, () => Object.defineProperty(array, "length", { value: -1 }));
Object.defineProperty(array, "length", { writable: false });
assert.throws(TypeError, () => Object.defineProperty(array, 2, { value: 1 }));

// ---- defineProperties
var both = Object.defineProperties({}, { a: { value: 1, enumerable: true }, b: { value: 2 }, [sym]: { value: 3 } });
assert.deepEqual(Object.keys(both), ["a"]);
assert.sameValue(both.b + both[sym], 5);
var untouched = {};
assert.throws(TypeError, () => Object.defineProperties(untouched, { a: { value: 1 }, b: 1 }));
assert.sameValue(Object.hasOwn(untouched, "a"), false, "all descriptors are read first");
assert.throws(TypeError, () => Object.defineProperties(1, {}));
assert.throws(TypeError, () => Object.defineProperties({}, undefined));
assert.deepEqual(Object.defineProperties({}, Object.defineProperty({}, "no", { value: 1 })), {});

// ---- entries, values, keys
assert.deepEqual(Object.entries({ b: 1, a: 2, 1: "x", 0: "y", [sym]: 3 }), [["0", "y"], ["1", "x"], ["b", 1], ["a", 2]]);
assert.deepEqual(Object.values({ b: 1, a: 2, 1: "x", 0: "y" }), ["y", "x", 1, 2]);
assert.deepEqual(Object.keys({ b: 1, a: 2, 1: "x", 0: "y" }), ["0", "1", "b", "a"]);
assert.deepEqual(Object.keys("ab"), ["0", "1"]);
assert.deepEqual(Object.values("ab"), ["a", "b"]);
assert.deepEqual(Object.entries("a"), [["0", "a"]]);
assert.deepEqual(Object.keys([5, , 6]), ["0", "2"]);
assert.deepEqual(Object.values([5, , 6]), [5, 6]);
assert.deepEqual(Object.keys(1), []);
assert.throws(TypeError, () => Object.keys(null));
assert.throws(TypeError, () => Object.values(undefined));
assert.throws(TypeError, () => Object.entries(undefined));
var many = {};
for (var i = 0; i < 300; i++) many["k" + i] = i;
delete many.k7;
assert.sameValue(Object.keys(many).length, 299);
assert.sameValue(Object.values(many)[7], 8);
assert.sameValue(Object.entries(many)[298][0], "k299");
// A getter that removes and hides later properties.
var shrinking = { get a() { delete this.b; Object.defineProperty(this, "c", { enumerable: false }); return 1; }, b: 2, c: 3, d: 4 };
assert.deepEqual(Object.entries(shrinking), [["a", 1], ["d", 4]]);
assert.deepEqual(Object.values({ get g() { return 9; } }), [9]);
assert.deepEqual(Object.keys(function f() {}), []);
var sparse = [];
sparse[1000000000] = 1;
assert.deepEqual(Object.entries(sparse), [["1000000000", 1]]);

// ---- freeze, isFrozen
var frozen = Object.freeze({ a: 1, get b() { return 2; } });
assert.sameValue(Object.isFrozen(frozen), true);
assert.sameValue(Object.isSealed(frozen), true);
assert.sameValue(Object.isExtensible(frozen), false);
assert.throws(TypeError, () => { "use strict"; frozen.a = 2; });
assert.throws(TypeError, () => { "use strict"; frozen.c = 2; });
assert.throws(TypeError, () => { "use strict"; delete frozen.a; });
assert.deepEqual(Object.getOwnPropertyDescriptor(frozen, "a"), {
  value: 1, writable: false, enumerable: true, configurable: false });
assert.sameValue(Object.freeze(1), 1);
assert.sameValue(Object.isFrozen(1), true);
var frozenArray = Object.freeze([1, [2], , 4]);
assert.sameValue(Object.isFrozen(frozenArray), true);
assert.throws(TypeError, () => { "use strict"; frozenArray[0] = 2; });
assert.throws(TypeError, () => { "use strict"; frozenArray[2] = 2; });
assert.throws(TypeError, () => { "use strict"; frozenArray[9] = 2; });
assert.throws(TypeError, () => { "use strict"; frozenArray.length = 0; });
assert.throws(TypeError, () => { "use strict"; delete frozenArray[0]; });
assert.sameValue(frozenArray[0], 1);
assert.sameValue(frozenArray.length, 4);
assert.deepEqual(Object.getOwnPropertyDescriptor(frozenArray, 0), {
  value: 1, writable: false, enumerable: true, configurable: false });
Object.defineProperty(frozenArray, 0, { value: 1 });
assert.throws(TypeError, () => Object.defineProperty(frozenArray, 0, { value: 2 }));
assert.sameValue(frozenArray[3], 4);
// Objects of one shape: only the frozen one is.
var one = { s: 1, t: 2 }, two = { s: 1, t: 2 }, three = { s: 1, t: 2 };
Object.freeze(one);
two.s = 5;
Object.freeze(three);
assert.sameValue(two.s, 5);
assert.throws(TypeError, () => { "use strict"; three.s = 1; });
function frozenFunction() {}
Object.freeze(frozenFunction);
assert.sameValue(frozenFunction.name, "frozenFunction");
assert.throws(TypeError, () => { "use strict"; frozenFunction.prototype = 1; });
class Private { #x = 1; constructor() { Object.freeze(this); } up() { return ++this.#x; } }
assert.sameValue(new Private().up(), 2, "private fields stay writable");

// ---- seal, isSealed, preventExtensions, isExtensible
var sealed = Object.seal({ a: 1 });
assert.sameValue(Object.isSealed(sealed), true);
assert.sameValue(Object.isFrozen(sealed), false);
sealed.a = 2;
assert.sameValue(sealed.a, 2);
assert.throws(TypeError, () => { "use strict"; delete sealed.a; });
var sealedArray = Object.seal([1, 2]);
sealedArray[0] = 9;
assert.sameValue(sealedArray[0], 9);
assert.throws(TypeError, () => { "use strict"; sealedArray.length = 0; });
assert.sameValue(sealedArray.length, 2);
var closed = Object.preventExtensions({ a: 1 });
assert.sameValue(Object.isExtensible(closed), false);
assert.sameValue(Object.isSealed(closed), false);
assert.throws(TypeError, () => { "use strict"; closed.b = 1; });
delete closed.a;
assert.sameValue(Object.isFrozen(closed), true, "empty and not extensible");
assert.sameValue(Object.isExtensible(1), false);
assert.sameValue(Object.isSealed("x"), true);
assert.sameValue(Object.seal("x"), "x");
assert.sameValue(Object.preventExtensions(null), null);
assert.sameValue(Object.isFrozen(Object.preventExtensions([])), false, "length is writable");

// ---- fromEntries
assert.deepEqual(Object.fromEntries([["a", 1], ["b", 2], ["a", 3]]), { a: 3, b: 2 });
function* pairs() { yield ["x", 1]; yield { 0: "y", 1: 2 }; }
assert.deepEqual(Object.fromEntries(pairs()), { x: 1, y: 2 });
assert.sameValue(Object.fromEntries([[sym, 4]])[sym], 4);
assert.throws(TypeError, () => Object.fromEntries());
assert.throws(TypeError, () => Object.fromEntries([1]));
assert.throws(TypeError, () => Object.fromEntries({}));
var closedOnError = false;
assert.throws(TypeError, () => Object.fromEntries({
  [Symbol.iterator]() {
    return { next() { return { value: 1, done: false }; }, return() { closedOnError = true; return {}; } };
  } }));
assert(closedOnError);
assert.deepEqual(Object.fromEntries(Object.entries({ p: 1, q: 2 })), { p: 1, q: 2 });

// ---- getOwnPropertyDescriptor(s)
assert.sameValue(Object.getOwnPropertyDescriptor({}, "x"), undefined);
var getter = function () {};
var descriptors = Object.getOwnPropertyDescriptors({ a: 1, [sym]: 2 });
assert.deepEqual(descriptors.a, { value: 1, writable: true, enumerable: true, configurable: true });
assert.sameValue(descriptors[sym].value, 2);
var accessor = Object.getOwnPropertyDescriptor({ get z() { return 1; } }, "z");
assert.deepEqual(Reflect.ownKeys(accessor), ["get", "set", "enumerable", "configurable"]);
assert.sameValue(accessor.get.name, "get z");
assert.deepEqual(Object.getOwnPropertyDescriptor("ab", 1), {
  value: "b", writable: false, enumerable: true, configurable: false });
assert.deepEqual(Object.getOwnPropertyDescriptor([1], "length"), {
  value: 1, writable: true, enumerable: false, configurable: false });
assert.throws(TypeError, () => Object.getOwnPropertyDescriptor(null, "x"));
assert.throws(TypeError, () => Object.getOwnPropertyDescriptors(null));

// ---- getOwnPropertyNames, getOwnPropertySymbols
assert.deepEqual(Object.getOwnPropertyNames([1, 2]), ["0", "1", "length"]);
assert.deepEqual(Object.getOwnPropertyNames("ab"), ["0", "1", "length"]);
assert.deepEqual(Object.getOwnPropertyNames({ b: 1, a: 1, [sym]: 1, 3: 1 }), ["3", "b", "a"]);
assert.deepEqual(Object.getOwnPropertySymbols({ b: 1, [sym]: 1, [Symbol.iterator]: 2 }), [sym, Symbol.iterator]);
assert.deepEqual(Object.getOwnPropertySymbols(1), []);
class WithPrivate { #p = 1; q = 2; }
assert.deepEqual(Reflect.ownKeys(new WithPrivate()), ["q"]);
assert.throws(TypeError, () => Object.getOwnPropertyNames(null));
assert.throws(TypeError, () => Object.getOwnPropertySymbols(null));

// ---- getPrototypeOf, setPrototypeOf
assert.sameValue(Object.getPrototypeOf({}), Object.prototype);
assert.sameValue(Object.getPrototypeOf(1) !== Object.prototype, true);
assert.throws(TypeError, () => Object.getPrototypeOf(null));
var child = {}, parent = { fromParent: 1 };
assert.sameValue(Object.setPrototypeOf(child, parent), child);
assert.sameValue(child.fromParent, 1);
assert.throws(TypeError, () => Object.setPrototypeOf(parent, child), "cycle");
assert.throws(TypeError, () => Object.setPrototypeOf({}, 1));
assert.throws(TypeError, () => Object.setPrototypeOf({}));
assert.throws(TypeError, () => Object.setPrototypeOf(null, {}));
assert.throws(TypeError, () => Object.setPrototypeOf(Object.preventExtensions({}), {}));
assert.throws(TypeError, () => Object.setPrototypeOf(Object.prototype, {}));
assert.sameValue(Object.setPrototypeOf(1, null), 1);
assert.sameValue(Object.setPrototypeOf(Object.prototype, null), Object.prototype);

// ---- groupBy
var grouped = Object.groupBy([1, 2, 3, 4, 5], (n, i) => { assert.sameValue(n, i + 1); return n % 2 ? "odd" : "even"; });
assert.sameValue(Object.getPrototypeOf(grouped), null);
assert.deepEqual(grouped.odd, [1, 3, 5]);
assert.deepEqual(grouped.even, [2, 4]);
assert.deepEqual(Object.keys(grouped), ["odd", "even"]);
assert.deepEqual(Object.groupBy("abA", c => c === "a")["true"], ["a"]);
assert.throws(TypeError, () => Object.groupBy(null, x => x));
assert.throws(TypeError, () => Object.groupBy([], 1));
var index = Object.groupBy([1, 2, 3], n => n > 1 ? 7 : 4294967295);
assert.deepEqual(index[7], [2, 3]);

// ---- hasOwn, is
assert.sameValue(Object.hasOwn({ a: 1 }, "a"), true);
assert.sameValue(Object.hasOwn({ a: 1 }, "toString"), false);
assert.sameValue(Object.hasOwn([1], 0), true);
assert.sameValue(Object.hasOwn("abc", "length"), true);
assert.sameValue(Object.hasOwn({ [sym]: 1 }, sym), true);
assert.throws(TypeError, () => Object.hasOwn(null, "a"));
assert.sameValue(Object.is(NaN, NaN), true);
assert.sameValue(Object.is(0, -0), false);
assert.sameValue(Object.is(-0, -0), true);
assert.sameValue(Object.is("a", "a"), true);
assert.sameValue(Object.is({}, {}), false);
assert.sameValue(Object.is(), true);

// ---- prototype
assert.sameValue({ a: 1 }.hasOwnProperty("a"), true);
assert.sameValue({ a: 1 }.hasOwnProperty("b"), false);
assert.throws(TypeError, () => Object.prototype.hasOwnProperty.call(null, "a"));
assert.sameValue(proto.isPrototypeOf(made), true);
assert.sameValue(made.isPrototypeOf(proto), false);
assert.sameValue(Object.prototype.isPrototypeOf(1), false);
assert.throws(TypeError, () => Object.prototype.isPrototypeOf.call(null, {}));
assert.sameValue({ a: 1 }.propertyIsEnumerable("a"), true);
assert.sameValue([].propertyIsEnumerable("length"), false);
assert.sameValue({ toString() { return "own"; } }.toLocaleString(), "own");
assert.throws(TypeError, () => Object.prototype.toLocaleString.call(undefined));
var toString = Object.prototype.toString;
assert.sameValue(toString.call(undefined), "[object Undefined]");
assert.sameValue(toString.call(null), "[object Null]");
assert.sameValue(toString.call({}), "[object Object]");
assert.sameValue(toString.call([]), "[object Array]");
assert.sameValue(toString.call(function () {}), "[object Function]");
assert.sameValue(toString.call(new Error()), "[object Error]");
assert.sameValue(toString.call(true), "[object Boolean]");
assert.sameValue(toString.call(1), "[object Number]");
assert.sameValue(toString.call(""), "[object String]");
assert.sameValue(toString.call(sym), "[object Symbol]");
assert.sameValue(toString.call((function () { return arguments; })()), "[object Arguments]");
assert.sameValue(toString.call({ [Symbol.toStringTag]: "é" }), "[object é]");
assert.sameValue(toString.call({ [Symbol.toStringTag]: 1 }), "[object Object]");
assert.sameValue(toString.call(new Proxy([], {})), "[object Array]");
assert.sameValue(toString.call(new Proxy(function () {}, {})), "[object Function]");
assert.sameValue(same.valueOf(), same);
assert.throws(TypeError, () => Object.prototype.valueOf.call(null));
assert.sameValue({}.__proto__, Object.prototype);
var chained = {};
chained.__proto__ = parent;
assert.sameValue(Object.getPrototypeOf(chained), parent);
chained.__proto__ = 1;
assert.sameValue(Object.getPrototypeOf(chained), parent);
assert.throws(TypeError, () => { parent.__proto__ = chained; });
var protoAccessor = Object.getOwnPropertyDescriptor(Object.prototype, "__proto__");
assert.sameValue(protoAccessor.get.name, "get __proto__");
assert.throws(TypeError, () => protoAccessor.set.call(null, {}));
assert.sameValue(protoAccessor.set.call(1, {}), undefined);
var legacy = {};
legacy.__defineGetter__("g", () => 1);
legacy.__defineSetter__("g", v => v);
assert.sameValue(legacy.g, 1);
assert.sameValue(typeof legacy.__lookupGetter__("g"), "function");
assert.sameValue(typeof Object.create(legacy).__lookupSetter__("g"), "function");
assert.sameValue({ a: 1 }.__lookupGetter__("a"), undefined);
assert.sameValue({}.__lookupGetter__("nothing"), undefined);
assert.deepEqual(Object.keys(legacy), ["g"]);
assert.throws(TypeError, () => legacy.__defineGetter__("h", 1));
assert.throws(TypeError, () => Object.freeze({}).__defineSetter__("h", () => 1));

// ---- attributes of the table itself
for (var name of Object.getOwnPropertyNames(Object)) {
  var d = Object.getOwnPropertyDescriptor(Object, name);
  assert.sameValue(d.enumerable, false, name);
  if (name !== "prototype" && name !== "length" && name !== "name") {
    assert.sameValue(d.value.name, name);
    assert.throws(TypeError, () => new d.value());
  }
}
assert.deepEqual(Object.getOwnPropertyDescriptor(Object, "prototype"), {
  value: Object.prototype, writable: false, enumerable: false, configurable: false });

// ---- copies by spread and assign keep order, take accessors as values, and leave private names behind
class Secret { #s = 1; open = 2; static has(v) { return #s in v; } }
var spread = { ...new Secret() };
assert.deepEqual(spread, { open: 2 });
assert.sameValue(Secret.has(spread), false);
assert.sameValue(Secret.has(Object.assign({}, new Secret())), false);
var ten = { k0: 0, k1: 1, k2: 2, k3: 3, k4: 4, k5: 5, k6: 6, k7: 7, k8: 8, k9: 9, 4: "four" };
for (var i = 0; i < 3; i++) {
  var twin = { ...ten };
  assert.deepEqual(Reflect.ownKeys(twin), Reflect.ownKeys(ten));
  assert.sameValue(twin.k9, 9);
  assert.sameValue(twin[4], "four");
  twin.k0 = "changed"; twin.more = 1; twin[4] = 5;
  assert.sameValue(ten.k0, 0);
  assert.sameValue(ten[4], "four");
}
assert.deepEqual({ ...Object.freeze({ r: 1 }) }, { r: 1 });
var thawed = { ...Object.freeze({ r: 1, 0: 2 }) };
thawed.r = 3; thawed[0] = 4; thawed.s = 5;
assert.deepEqual(thawed, { r: 3, 0: 4, s: 5 });
assert.sameValue(Object.getOwnPropertyDescriptor({ ...{ get g() { return 6; } } }, "g").value, 6);
assert.deepEqual({ before: 1, ...{ before: 2, after: 3 } }, { before: 2, after: 3 });
