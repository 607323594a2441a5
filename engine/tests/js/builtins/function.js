// Function, calls, instanceof, eval.
"use strict";
assert.throws(EvalError, () => Function("return 1"));
assert.throws(EvalError, () => new Function("a", "return a"));
assert.sameValue((0, eval)(5), 5);
assert.sameValue(Function.length, 1);
assert.sameValue(Object.getPrototypeOf(Function), Function.prototype);
assert.sameValue(Object.getPrototypeOf(Function.prototype), Object.prototype);
assert.sameValue(typeof Function.prototype, "function");
assert.sameValue(Function.prototype(1, 2), undefined);
assert.throws(TypeError, () => new Function.prototype());
assert.sameValue(Function.prototype.length, 0);
assert.sameValue(Function.prototype.name, "");
assert.sameValue(Object.hasOwn(Function.prototype, "prototype"), false);

// ---- apply
function list(...args) { return { this: this, args }; }
assert.deepEqual(list.apply(1, [2, 3]), { this: 1, args: [2, 3] });
assert.deepEqual(list.apply(1, { length: 2, 0: "a", 1: "b" }).args, ["a", "b"]);
assert.deepEqual(list.apply(1, [1, , 3]).args, [1, undefined, 3]);
assert.deepEqual(list.apply(1), { this: 1, args: [] });
assert.deepEqual(list.apply(1, null).args, []);
assert.throws(TypeError, () => list.apply(1, 2));
assert.throws(TypeError, () => Function.prototype.apply.call({}, 1, []));
assert.throws(RangeError, () => list.apply(1, { length: 1e9 }));
var longList = [];
for (var i = 0; i < 1000; i++) longList[i] = i;
assert.sameValue(list.apply(1, longList).args[999], 999);
assert.deepEqual((function () { return list.apply(0, arguments); })(4, 5).args, [4, 5]);

// ---- call
assert.deepEqual(list.call(), { this: undefined, args: [] });
assert.deepEqual(list.call("t", 1, 2), { this: "t", args: [1, 2] });
assert.sameValue(list.call(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20).args[19], 20);
assert.throws(TypeError, () => Function.prototype.call.call(1));
class Klass {}
assert.throws(TypeError, () => Klass.call({}));

// ---- bind
var bound = list.bind("b", 1);
assert.deepEqual(bound(2), { this: "b", args: [1, 2] });
assert.deepEqual(bound.call("other", 3), { this: "b", args: [1, 3] });
assert.sameValue(bound.name, "bound list");
assert.sameValue(bound.length, 0);
assert.sameValue(((a, b, c) => 0).bind(0, 1).length, 2);
assert.sameValue(((a) => 0).bind(0, 1, 2, 3).length, 0);
assert.sameValue((() => 0).bind().name, "bound ");
assert.sameValue(bound.bind().name, "bound bound list");
assert.deepEqual(Object.getOwnPropertyDescriptor(bound, "length"), {
  value: 0, writable: false, enumerable: false, configurable: true });
assert.sameValue(Object.hasOwn(bound, "prototype"), false);
assert.throws(TypeError, () => Function.prototype.bind.call({}));
class Point { constructor(x, y) { this.x = x; this.y = y; this.target = new.target; } }
var BoundPoint = Point.bind(null, 1);
var point = new BoundPoint(2);
assert.sameValue(point.x + point.y, 3);
assert.sameValue(point.target, Point);
assert(point instanceof BoundPoint);
assert(point instanceof Point);
assert.throws(TypeError, () => class extends BoundPoint {});
BoundPoint.prototype = Point.prototype;
class Derived extends BoundPoint {}
assert.sameValue(new Derived(5).target, Derived);
assert.throws(TypeError, () => BoundPoint());
assert.throws(TypeError, () => new (() => 0).bind()());
assert.throws(TypeError, () => new ((() => 0).bind())());
var manyBound = list.bind(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17);
assert.sameValue(manyBound(18, 19).args.length, 19);
var infinite = Object.defineProperty(() => 0, "length", { value: Infinity });
assert.sameValue(infinite.bind(0, 1).length, Infinity);
var negative = Object.defineProperty(() => 0, "length", { value: -Infinity });
assert.sameValue(negative.bind(0, 1).length, 0);
var textual = Object.defineProperty(() => 0, "length", { value: "3" });
assert.sameValue(textual.bind().length, 0);
var numbered = Object.defineProperty(() => 0, "name", { value: 3 });
assert.sameValue(numbered.bind().name, "bound ");
assert.sameValue(Object.getPrototypeOf(Object.setPrototypeOf(() => 0, Klass).bind !== undefined), Boolean.prototype);
assert.sameValue(Object.getPrototypeOf(Function.prototype.bind.call(Object.setPrototypeOf(() => 0, Klass))), Klass);
var deep = list;
for (var i = 0; i < 100; i++) deep = deep.bind(0, i);
assert.sameValue(deep().args.length, 100);
assert.sameValue(deep().args[0], 0);
var endless = list;
for (var i = 0; i < 100000; i++) endless = Function.prototype.bind.call(endless);
assert.throws(RangeError, endless);
assert.throws(RangeError, () => ({}) instanceof endless);

// ---- toString
function source(a, /* kept */ b) { return a; }
assert.sameValue(source.toString(), "function source(a, /* kept */ b) { return a; }");
assert.sameValue((x => x + 1).toString(), "x => x + 1");
assert.sameValue((async  () =>  { }).toString(), "async  () =>  { }");
assert.sameValue((class  A { m() { } }).toString(), "class  A { m() { } }");
assert.sameValue({ m ( ) { } }.m.toString(), "m ( ) { }");
assert.sameValue({ get  g() { return 1; } }.__lookupGetter__("g").toString(), "get  g() { return 1; }");
assert.sameValue((class { static  async *[ "s" ]() { } }).s.toString(), "async *[ \"s\" ]() { }");
assert.sameValue((function* g() { "é"; }).toString(), "function* g() { \"é\"; }");
assert.sameValue(Object.keys.toString(), "function keys() { [native code] }");
assert.sameValue(bound.toString(), "function () { [native code] }");
assert.sameValue(new Proxy(source, {}).toString === source.toString, true);
assert.sameValue(Function.prototype.toString.call(new Proxy(source, {})), "function () { [native code] }");
assert.throws(TypeError, () => Function.prototype.toString.call({}));

// ---- instanceof
assert.sameValue(Function.prototype[Symbol.hasInstance].call(Point, point), true);
assert.sameValue(Function.prototype[Symbol.hasInstance].call({}, point), false);
assert.sameValue(Function.prototype[Symbol.hasInstance].name, "[Symbol.hasInstance]");
assert.deepEqual(Object.getOwnPropertyDescriptor(Function.prototype, Symbol.hasInstance).writable, false);
assert.sameValue(1 instanceof Point, false);
assert.sameValue(Object.create(null) instanceof Object, false);
assert.throws(TypeError, () => ({}) instanceof {});
assert.throws(TypeError, () => ({}) instanceof 1);
assert.throws(TypeError, () => ({}) instanceof (() => 0));
assert.sameValue(1 instanceof (() => 0), false);
assert.sameValue(1 instanceof { [Symbol.hasInstance](v) { return v === 1; } }, true);
assert.throws(TypeError, () => 1 instanceof { [Symbol.hasInstance]: 1 });
class Even { static [Symbol.hasInstance](n) { return n % 2 === 0; } }
assert.sameValue(2 instanceof Even, true);
assert.sameValue(1 instanceof Even, false);
var traps = "";
new Proxy({}, { getPrototypeOf() { traps += "p"; return null; } }) instanceof Object;
assert.sameValue(traps, "p");

// ---- poison
var thrower = Object.getOwnPropertyDescriptor(Function.prototype, "caller").get;
var other = Object.getOwnPropertyDescriptor(Function.prototype, "arguments");
assert.sameValue(other.get, thrower);
assert.sameValue(other.set, thrower);
assert.sameValue(other.configurable, true);
assert.throws(TypeError, thrower);
assert.throws(TypeError, () => source.caller);
assert.throws(TypeError, () => { source.arguments = 1; });
assert(Object.isFrozen(thrower));
assert.sameValue(thrower.name, "");
assert.sameValue(thrower.length, 0);
(function () {
  assert.sameValue(Object.getOwnPropertyDescriptor(arguments, "callee").get, thrower);
})();
