// The Error family: constructors, messages, causes, stacks.
"use strict";
for (var C of [Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError]) {
  var e = new C("m", { cause: 7 });
  assert.sameValue(e.message, "m");
  assert.sameValue(e.cause, 7);
  assert.sameValue(e.name, C.name);
  assert.sameValue(e.toString(), C.name + ": m");
  assert(e instanceof Error);
  assert(e instanceof C);
  assert.sameValue(C("m").constructor, C);
  assert.sameValue(Object.hasOwn(new C(), "message"), false);
  assert.sameValue(Object.hasOwn(new C(undefined, {}), "cause"), false);
  assert.sameValue(Object.hasOwn(new C("", { cause: undefined }), "cause"), true);
  assert.deepEqual(Object.getOwnPropertyDescriptor(e, "message"), {
    value: "m", writable: true, enumerable: false, configurable: true });
  assert.deepEqual(Object.getOwnPropertyDescriptor(e, "cause"), {
    value: 7, writable: true, enumerable: false, configurable: true });
  assert.sameValue(C.length, 1);
  assert.sameValue(C.prototype.message, "");
  assert.sameValue(Object.getPrototypeOf(C), C === Error ? Function.prototype : Error);
  assert.sameValue(Object.getPrototypeOf(C.prototype), C === Error ? Object.prototype : Error.prototype);
  assert.sameValue(Object.prototype.toString.call(C.prototype), "[object Object]");
  assert.deepEqual(Object.keys(e), []);
}
assert.sameValue(new Error({ toString: () => "text" }).message, "text");
assert.throws(TypeError, () => new Error(Symbol()));
assert.sameValue(new Error("m", { get cause() { return 3; } }).cause, 3);
assert.sameValue(Object.hasOwn(new Error("m", 1), "cause"), false);

// ---- AggregateError
var aggregate = new AggregateError([1, 2], "all", { cause: 3 });
assert.deepEqual(aggregate.errors, [1, 2]);
assert.sameValue(aggregate.message, "all");
assert.sameValue(aggregate.cause, 3);
assert.sameValue(AggregateError.length, 2);
assert.sameValue(AggregateError([]).name, "AggregateError");
function* gen() { yield 1; yield 2; }
assert.deepEqual(new AggregateError(gen()).errors, [1, 2]);
assert.sameValue(Object.hasOwn(new AggregateError([]), "message"), false);
assert.throws(TypeError, () => new AggregateError());
assert.throws(TypeError, () => new AggregateError(1));
assert.sameValue(Object.getOwnPropertyDescriptor(aggregate, "errors").enumerable, false);

// ---- toString
var text = Error.prototype.toString;
assert.sameValue(text.call({}), "Error");
assert.sameValue(text.call({ name: "N" }), "N");
assert.sameValue(text.call({ message: "m" }), "Error: m");
assert.sameValue(text.call({ name: "", message: "m" }), "m");
assert.sameValue(text.call({ name: "N", message: "" }), "N");
assert.sameValue(text.call({ name: 1, message: 2 }), "1: 2");
assert.sameValue(text.call({ name: "", message: "" }), "");
assert.throws(TypeError, () => text.call(1));

// ---- isError
assert.sameValue(Error.isError(new TypeError()), true);
assert.sameValue(Error.isError(Object.create(Error.prototype)), false);
assert.sameValue(Error.isError(Error.prototype), false);
assert.sameValue(Error.isError(1), false);
assert.sameValue(Error.isError(), false);
assert.sameValue(Error.isError(Reflect.construct(Error, [], Object)), true);
try { null.x; } catch (thrown) { assert.sameValue(Error.isError(thrown), true); }

// ---- stack
var starts = (stack, text) => { for (var i = 0; i < text.length; i++) if (stack[i] !== text[i]) return false; return true; };
var has = (stack, text) => {
  for (var i = 0; i + text.length <= stack.length; i++) {
    for (var k = 0; k < text.length && stack[i + k] === text[k]; k++);
    if (k === text.length) return true;
  }
  return false;
};
function outer() { return inner(); }
function inner() { return new RangeError("deep"); }
var error = outer();
assert.sameValue(typeof error.stack, "string");
assert(starts(error.stack, "RangeError: deep\n    at inner ("));
assert(has(error.stack, "\n    at outer ("));
assert(has(error.stack, "error.js"));
assert.sameValue(error.stack, error.stack);
assert.sameValue(Object.hasOwn(error, "stack"), false);
var accessor = Object.getOwnPropertyDescriptor(Error.prototype, "stack");
assert.sameValue(accessor.get.name, "get stack");
assert.sameValue(accessor.enumerable, false);
assert.sameValue(accessor.get.call({}), undefined);
assert.throws(TypeError, () => accessor.get.call(1));
assert.throws(TypeError, () => accessor.set.call(1, ""));
assert.throws(TypeError, () => { Error.prototype.stack = ""; });
assert.throws(TypeError, () => { error.stack = 1; });
error.stack = "mine";
assert.sameValue(error.stack, "mine");
assert.deepEqual(Object.keys(error), ["stack"]);
error.stack = "again";
assert.sameValue(error.stack, "again");
assert.sameValue(has(new Error("m").stack, "Error: m"), true);
// Constructors of subclasses are not shown.
class Custom extends Error {
  constructor(message) { super(message); this.name = "Custom"; }
}
function makesCustom() { return new Custom("c"); }
assert(starts(makesCustom().stack, "Custom: c\n    at makesCustom ("));
assert(makesCustom() instanceof Custom);

// ---- captureStackTrace
function helper(object) { Error.captureStackTrace(object, helper); return object; }
function caller() { return helper({ name: "Own", message: "o" }); }
assert(starts(caller().stack, "Own: o\n    at caller ("));
assert.deepEqual(Object.getOwnPropertyDescriptor(caller(), "stack").enumerable, false);
assert(starts(helper({}).stack, "Error\n    at "));
function recaptured() { var e = inner(); Error.captureStackTrace(e); return e; }
assert(starts(recaptured().stack, "RangeError: deep\n    at recaptured ("));
assert.throws(TypeError, () => Error.captureStackTrace(1));
assert.throws(TypeError, () => Error.captureStackTrace(Object.freeze({})));
assert.sameValue(Error.captureStackTrace({}), undefined);

// ---- errors of the engine itself
var own = assert.throws(TypeError, () => undefined.x);
assert.sameValue(Object.getPrototypeOf(own), TypeError.prototype);
assert.throws(ReferenceError, () => absent);
