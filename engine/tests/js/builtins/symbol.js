// Symbol: every row of its table.
"use strict";
assert.sameValue(typeof Symbol(), "symbol");
assert.sameValue(Symbol.length, 0);
assert.throws(TypeError, () => new Symbol());
assert.sameValue(Symbol("a") === Symbol("a"), false);
assert.sameValue(Symbol("a").toString(), "Symbol(a)");
assert.sameValue(Symbol().toString(), "Symbol()");
assert.sameValue(Symbol("é€").toString(), "Symbol(é€)");
assert.sameValue(Symbol({ toString: () => "obj" }).description, "obj");
assert.throws(TypeError, () => Symbol(Symbol()));
assert.throws(TypeError, () => Symbol() + "");
assert.throws(TypeError, () => `${Symbol()}`);
assert.throws(TypeError, () => +Symbol());
assert.sameValue(!Symbol(), false);

var wellKnown = ["asyncIterator", "hasInstance", "isConcatSpreadable", "iterator", "match", "matchAll", "replace", "search",
  "species", "split", "toPrimitive", "toStringTag", "unscopables", "dispose", "asyncDispose"];
for (var name of wellKnown) {
  assert.sameValue(typeof Symbol[name], "symbol", name);
  assert.sameValue(Symbol[name].description, "Symbol." + name);
  assert.deepEqual(Object.getOwnPropertyDescriptor(Symbol, name), {
    value: Symbol[name], writable: false, enumerable: false, configurable: false });
  assert.sameValue(Symbol.keyFor(Symbol[name]), undefined);
}

assert.sameValue(Symbol.for("key"), Symbol.for("key"));
assert.sameValue(Symbol.for("key") === Symbol("key"), false);
assert.sameValue(Symbol.for("12"), Symbol.for(12));
assert.sameValue(Symbol.for().description, "undefined");
assert.sameValue(Symbol.for("__proto__"), Symbol.for("__proto__"));
assert.sameValue(Symbol.keyFor(Symbol.for("key")), "key");
assert.sameValue(Symbol.keyFor(Symbol.for("12")), "12");
assert.sameValue(Symbol.keyFor(Symbol("key")), undefined);
assert.sameValue(Symbol.keyFor(Symbol()), undefined);
assert.throws(TypeError, () => Symbol.keyFor("key"));
assert.throws(TypeError, () => Symbol.for(Symbol()));
for (var i = 0; i < 500; i++) Symbol.for("many" + i);
assert.sameValue(Symbol.keyFor(Symbol.for("many400")), "many400");

assert.sameValue(Symbol("d").description, "d");
assert.sameValue(Symbol().description, undefined);
assert.sameValue(Symbol("").description, "");
var s = Symbol("s");
var wrapped = Object(s);
assert.sameValue(typeof wrapped, "object");
assert.sameValue(wrapped.valueOf(), s);
assert.sameValue(wrapped.toString(), "Symbol(s)");
assert.sameValue(wrapped.description, "s");
assert.sameValue(wrapped == s, true);
assert.sameValue({ [wrapped]: 1 }[s], 1);
assert.sameValue(s[Symbol.toPrimitive](), s);
assert.sameValue(Symbol.prototype[Symbol.toPrimitive].name, "[Symbol.toPrimitive]");
assert.sameValue(Symbol.prototype[Symbol.toPrimitive].length, 1);
assert.sameValue(Object.getOwnPropertyDescriptor(Symbol.prototype, Symbol.toPrimitive).writable, false);
assert.sameValue(Symbol.prototype[Symbol.toStringTag], "Symbol");
assert.throws(TypeError, () => Symbol.prototype.toString.call("s"));
assert.throws(TypeError, () => Symbol.prototype.valueOf.call({}));
assert.throws(TypeError, () => Object.getOwnPropertyDescriptor(Symbol.prototype, "description").get.call(1));
assert.throws(TypeError, () => Symbol.prototype[Symbol.toPrimitive].call(1));
assert.throws(TypeError, () => Symbol.prototype.toString());
