// What `'use strict'` changes.
const strict = { this: function () { 'use strict'; return this; }, boxed: function () { return typeof this; } };
assert.sameValue(strict.this.call(1), 1);
assert.sameValue(strict.boxed.call(1), 'object');
assert.throws(ReferenceError, function () { 'use strict'; newGlobal = 1; });
assert.sameValue(typeof newGlobal, 'undefined');
const frozen = Object.freeze({ a: 1, list: Object.freeze([1]) });
frozen.a = 2; frozen.b = 3; frozen.list[0] = 9; frozen.list[1] = 9; frozen.list.length = 0;
assert.sameValue(delete frozen.a, false);
assert.deepEqual(frozen, { a: 1, list: [1] });
for (const write of [
  function () { 'use strict'; frozen.a = 2; }, function () { 'use strict'; frozen.b = 3; }, function () { 'use strict'; frozen.list[0] = 9; },
  function () { 'use strict'; frozen.list[1] = 9; }, function () { 'use strict'; frozen.list.length = 0; }, function () { 'use strict'; delete frozen.a; },
  function () { 'use strict'; ({ get x() { return 1; } }).x = 2; }, function () { 'use strict'; 'abc'.length = 1; }, function () { 'use strict'; 'abc'[0] = 'x'; },
  function () { 'use strict'; (5).x = 1; }, function () { 'use strict'; undefined = 1; }, function () { 'use strict'; NaN++; },
  function () { 'use strict'; Object.preventExtensions([]).push(1); }, function () { 'use strict'; frozen.a++; }, function () { 'use strict'; frozen.a ||= 1; frozen.a &&= 2; },
  function () { 'use strict'; Math.PI = 3; }, function () { 'use strict'; Symbol().x = 1; }, function () { 'use strict'; delete Object.prototype; },
]) assert.throws(TypeError, write, String(write));
undefined = 1; NaN = 2; Infinity = 3; 'abc'.length = 9; (5).x = 1; Math.PI = 3; true.x = 1;
assert.sameValue(undefined, void 0);
assert.sameValue(Math.PI > 3.14, true);
// Only a directive at the start counts; it is inherited, not handed out.
assert.sameValue((function () { 'other'; 'use strict'; return this; })(), undefined);
assert.sameValue((function () { ; 'use strict'; return this; })(), globalThis);
assert.sameValue((function () { ('use strict'); return this; })(), globalThis);
assert.sameValue((function () { 'use\u0020strict'; return this; })(), globalThis, 'an escape is another string');
assert.sameValue((function () { 'use strict'; return (function () { return this; })(); })(), undefined);
assert.sameValue((function () { 'use strict'; return (() => this)(); })(), undefined);
assert.sameValue((() => { 'use strict'; return (function () { return this; })(); })(), undefined);
assert.sameValue((function (f) { 'use strict'; return f(); })(function () { return this; }), globalThis);
// Sloppy only.
assert.sameValue(010 + '\010'.length, 9);
var public = 1, interface = 2, static = 3, yield = 4, let = 5, implements = 6, package = 7;
assert.sameValue(public + interface + static + yield + let + implements + package, 28);
assert.sameValue((function (a, a) { return a; })(1, 2), 2);
var arguments = 5, eval2 = 1;
assert.sameValue(arguments, 5);
{ function inBlock() { return 1; } }
assert.sameValue(inBlock(), 1);
assert.sameValue((function () { return delete this.nothing; }).call({}), true);
var x = 1;
assert.sameValue(delete x, false);
// arguments.callee, caller.
assert.sameValue((function () { return typeof arguments.callee; })(), 'function');
assert.throws(TypeError, function () { 'use strict'; return arguments.callee; });
assert.throws(TypeError, function () { 'use strict'; return (function () { 'use strict'; }).arguments; });
