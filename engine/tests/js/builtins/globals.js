// Value properties of the global object, and eval.
"use strict";
assert.sameValue(typeof globalThis, "object");
assert.sameValue(globalThis.globalThis, globalThis);
assert.deepEqual(Object.getOwnPropertyDescriptor(globalThis, "globalThis"), {
  value: globalThis, writable: true, enumerable: false, configurable: true });
for (var [name, value] of [["NaN", NaN], ["Infinity", 1 / 0], ["undefined", void 0]]) {
  assert.deepEqual(Object.getOwnPropertyDescriptor(globalThis, name), {
    value, writable: false, enumerable: false, configurable: false });
  assert.throws(TypeError, () => { globalThis[name] = 1; });
}
assert.sameValue(eval.length, 1);
assert.sameValue(eval.name, "eval");
var indirect = eval;
assert.sameValue(indirect(), undefined);
assert.sameValue(indirect(globalThis), globalThis);
assert.throws(EvalError, () => indirect("1 + 1"));
assert.throws(EvalError, () => indirect(""));
assert.throws(TypeError, () => new indirect("1"));
assert.sameValue(Object.getOwnPropertyDescriptor(globalThis, "Object").enumerable, false);
