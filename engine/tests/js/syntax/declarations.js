// `let`, `const` and `var`: scopes, hoisting, the temporal dead zone.
assert.sameValue(hoisted, undefined);
var hoisted = 1;
assert.sameValue(hoisted, 1);
var hoisted;
assert.sameValue(hoisted, 1, 'a second var without a value changes nothing');
{ var inner = 2; }
assert.sameValue(inner, 2);
for (var i = 0; i < 3; i++) var last = i;
assert.sameValue(i + last, 5);
if (false) { var never = 1; }
assert.sameValue(never, undefined);

let a = 1;
{ let a = 2; { let a = 3; assert.sameValue(a, 3); } assert.sameValue(a, 2); }
assert.sameValue(a, 1);
let noValue;
assert.sameValue(noValue, undefined);
for (let round = 0; round < 2; round++) {
  let fresh;
  assert.sameValue(fresh, undefined, 'let without a value starts each round as undefined');
  fresh = round + 1;
}

// Temporal dead zone.
assert.throws(ReferenceError, () => { x; let x = 1; }, /x/);
assert.throws(ReferenceError, () => { x = 1; let x; });
assert.throws(ReferenceError, () => { typeof x; let x; });
assert.sameValue(typeof nowhereDeclared, 'undefined');
assert.throws(ReferenceError, () => { const x = x + 1; });
assert.throws(ReferenceError, () => { x++; const x = 1; });
assert.throws(ReferenceError, () => { x ??= 1; let x; });
assert.throws(ReferenceError, () => { const f = () => y; f(); let y = 1; });
assert.throws(ReferenceError, () => { new C(); class C {} });
assert.throws(ReferenceError, () => { let [p = q, q] = []; });
assert.throws(ReferenceError, () => { ({ z } = { z: 1 }); let z; });
assert.throws(ReferenceError, () => { for (const item of item) ; });
assert.throws(ReferenceError, () => { for (let k in k) ; });
{
  const later = () => bound;
  let bound = 5;
  assert.sameValue(later(), 5);
}
{
  let shadow = 'outer';
  assert.throws(ReferenceError, () => { shadow; let shadow; });
  assert.sameValue(shadow, 'outer');
}
// Assigning in the dead zone evaluates the right side first.
{
  let seen = 0;
  assert.throws(ReferenceError, () => { dead = (seen = 1); let dead; });
  assert.sameValue(seen, 1);
}
assert.throws(ReferenceError, () => { switch (1) { case 0: let s; case 1: s; } });
assert.throws(ReferenceError, () => { switch (1) { case 0: let s; case 1: s = 1; } });

// Constants.
const c = 1;
assert.throws(TypeError, () => { c = 2; }, /c/);
assert.throws(TypeError, () => { c += 2; });
assert.throws(TypeError, () => { c++; });
assert.throws(TypeError, () => { --c; });
assert.throws(TypeError, () => { [c] = [2]; });
assert.throws(TypeError, () => { ({ c } = { c: 2 }); });
assert.throws(TypeError, () => { for (c of [2]) ; });
assert.throws(TypeError, () => { for (c in { a: 1 }) ; });
assert.sameValue(c, 1);
assert.sameValue(c || (c = 2), 1, 'not assigned, not thrown');
c ||= 2;
c ?? (c = 3);
assert.sameValue(c, 1);
assert.throws(TypeError, () => { c &&= 2; });
const frozenBinding = { n: 1 };
frozenBinding.n = 2;
assert.sameValue(frozenBinding.n, 2);
// The right side of an assignment to a constant runs first.
{
  let ran = 0;
  assert.throws(TypeError, () => { c = ran++; });
  assert.sameValue(ran, 1);
  assert.throws(Error, () => { c = (() => { throw new Error('first'); })(); }, /first/);
}

// Function declarations.
assert.sameValue(early(), 'early');
function early() { return 'early'; }
assert.sameValue(twice(), 2);
function twice() { return 1; }
function twice() { return 2; }
var overridden;
function overridden() {}
assert.sameValue(typeof overridden, 'function', 'a var of the same name leaves the function');
var replaced = 1;
function replaced() {}
assert.sameValue(replaced, 1);
// In blocks they are hoisted to the start of the block; sloppy code also gets a var.
assert.sameValue(typeof blockFunction, 'undefined');
{
  assert.sameValue(blockFunction(), 'block');
  function blockFunction() { return 'block'; }
}
assert.sameValue(blockFunction(), 'block');
(function () {
  'use strict';
  { function strictBlock() {} }
  assert.sameValue(typeof strictBlock, 'undefined');
})();
// Not if a let of that name stands in between.
(function () {
  let guarded = 1;
  { function guarded() {} }
  assert.sameValue(guarded, 1);
})();
// The assignment happens where the declaration is evaluated.
(function () {
  { assert.sameValue(typeof f, 'function'); f = 1; function f() {} f = 2; }
  assert.sameValue(f, 1);
})();
if (true) function inIf() { return 'if'; }
assert.sameValue(inIf(), 'if');

// Parameters, vars and functions of one name.
assert.sameValue((function (p) { var p; return p; })(1), 1);
assert.sameValue((function (p) { var p = 2; return p; })(1), 2);
assert.sameValue(typeof (function (p) { return p; function p() {} })(1), 'function');
assert.sameValue((function () { return typeof arguments; var arguments; })(), 'object');
assert.sameValue((function (arguments) { return arguments; })(7), 7);
// With default values the body has a scope of its own.
assert.sameValue((function (p, get = () => p) { var p = 2; return get(); })(1), 1);
assert.sameValue((function (p, get = () => p) { p = 2; return get(); })(1), 2);
assert.sameValue((function (p, set = () => { p = 3; }) { var p; set(); return p; })(1), 1);
assert.throws(ReferenceError, () => ((p = q, q) => p)());
assert.throws(ReferenceError, () => ((p = p) => p)());
assert.sameValue(((p, q = p) => q)(4), 4);

// Names.
let $ = 1, _ = 2, ünïcode = 3, \u{61}\u0062 = 4;
assert.sameValue($ + _ + ünïcode + ab, 10);
var let_ = 1, of = 2, get = 3, set = 4, async = 5, static_ = 6;
assert.sameValue(of + get + set + async, 14);
var yield_ = 1;
(function () { var yield = 1, let = 2, static = 3, await_ = 4; assert.sameValue(yield + let + static, 6); })();
{ let undefined = 1; assert.sameValue(undefined, 1); }

// Many declarators are evaluated from left to right.
{
  const log = [];
  const note = (n) => (log.push(n), n);
  let p = note(1), q = p + note(2), r = q + note(3);
  assert.sameValue(r, 6);
  assert.compareArray(log, [1, 2, 3]);
}
// Anonymous functions take the name of their binding.
let named = () => {}, anonymous = class {}, kept = function own() {}, wrapped = (function () {}), comma = (0, () => {});
assert.sameValue(named.name, 'named');
assert.sameValue(anonymous.name, 'anonymous');
assert.sameValue(kept.name, 'own');
assert.sameValue(wrapped.name, 'wrapped');
assert.sameValue(comma.name, '');
// Globals: var of a function is not one, an assignment to an undeclared name is.
assert.sameValue(Object.hasOwn(globalThis, 'hoisted'), false);
undeclared = 3;
assert.sameValue(globalThis.undeclared, 3);
assert.sameValue(delete globalThis.undeclared, true);
assert.throws(ReferenceError, () => undeclared);
assert.throws(ReferenceError, () => { 'use strict'; undeclaredStrict = 1; });
