// Function declarations and expressions: parameters, `this`, names, properties.
function plain(a, b) { return [a, b]; }
assert.compareArray(plain(1), [1, undefined]);
assert.compareArray(plain(1, 2, 3), [1, 2]);
assert.sameValue(plain.length, 2);
assert.sameValue(plain.name, 'plain');
assert.sameValue((function () {})(), undefined);
assert.sameValue((function () { return; })(), undefined);
assert.sameValue((function f(n) { return n ? n * f(n - 1) : 1; })(5), 120);

// The name of a function expression is a constant in it: silently so in sloppy code.
const self = function me() { me = 1; return typeof me; };
assert.sameValue(self(), 'function');
const strictSelf = function me() { 'use strict'; me = 1; };
assert.throws(TypeError, strictSelf);
assert.sameValue((function me() { var me = 2; return me; })(), 2);
assert.sameValue((function me(me) { return me; })(3), 3);
assert.sameValue((function me() { let me = 4; return me; })(), 4);
assert.sameValue(typeof me, 'undefined');

// Length counts the parameters before the first default or rest.
assert.sameValue((function (a, b = 1, c) {}).length, 1);
assert.sameValue((function (a, ...rest) {}).length, 1);
assert.sameValue((function ({ a }, [b]) {}).length, 2);
assert.sameValue((function (a = 1) {}).length, 0);

// Defaults: only for undefined, evaluated at each call from left to right, seeing those before.
function defaults(a = 1, b = a + 1, c = b * 2) { return [a, b, c]; }
assert.compareArray(defaults(), [1, 2, 4]);
assert.compareArray(defaults(5), [5, 6, 12]);
assert.compareArray(defaults(undefined, null), [1, null, 0]);
let calls = 0;
const counted = (x = ++calls) => x;
assert.sameValue(counted() + counted() + counted(10), 13);
assert.sameValue((function (f = () => this) { return f(); }).call(calls).valueOf(), 2);
assert.sameValue((function (a, b = arguments.length) { return b; })(1), 1);
assert.sameValue((function (a = eval2) { var eval2 = 1; return typeof a; function unused() {} }).length, 0);
assert.throws(ReferenceError, () => (function (a = bodyVar) { var bodyVar = 1; })());
assert.throws(Error, () => (function (a = (() => { throw new Error('default'); })()) {})(), /default/);

// Rest.
function rest(a, ...others) { return others; }
assert.deepEqual(rest(), []);
assert.deepEqual(rest(1, 2, 3), [2, 3]);
assert(Array.isArray(rest(1)));
assert.sameValue((function (...[first, second]) { return first + second; })(1, 2), 3);
assert.sameValue((function (...{ length }) { return length; })(1, 2, 3), 3);
assert.sameValue((function (...r) { r[0] = 9; return arguments[0]; })(1), 1);

// `this`
function sloppyThis() { return this; }
function strictThis() { 'use strict'; return this; }
assert.sameValue(sloppyThis(), globalThis);
assert.sameValue(sloppyThis.call(null), globalThis);
assert.sameValue(typeof sloppyThis.call(1), 'object');
assert.sameValue(typeof sloppyThis.call('s'), 'object');
assert.sameValue(Object.getPrototypeOf(sloppyThis.call(Symbol.iterator)), Symbol.prototype);
assert.sameValue(strictThis(), undefined);
assert.sameValue(strictThis.call(1), 1);
assert.sameValue(strictThis.call(null), null);
const owner = { sloppyThis, strictThis, arrow: () => this };
assert.sameValue(owner.sloppyThis(), owner);
assert.sameValue((owner.strictThis)(), owner, 'parentheses keep the reference');
assert.sameValue((0, owner.strictThis)(), undefined);
assert.sameValue((owner.strictThis || 0)(), undefined);
assert.sameValue((owner.other = owner.strictThis)(), undefined);
assert.sameValue(owner['strictThis'](), owner);
assert.sameValue(owner.strictThis``, owner);
assert.sameValue(owner?.strictThis(), owner);
assert.sameValue((owner?.strictThis)(), owner);
assert.sameValue(strictThis.bind(7)(), 7);
assert.sameValue(strictThis.bind(7).call(8), 7);

// Construction.
function Point(x) { this.x = x; }
const p = new Point(1);
assert.sameValue(p.x, 1);
assert.sameValue(Object.getPrototypeOf(p), Point.prototype);
assert.sameValue(Point.prototype.constructor, Point);
assert.deepEqual(Object.getOwnPropertyDescriptor(Point, 'prototype').writable, true);
assert.sameValue(Object.keys(Point.prototype).length, 0);
assert.deepEqual(new (function () { return { other: 1 }; })(), { other: 1 });
assert.sameValue(typeof new (function () { return 1; })(), 'object');
assert.sameValue(new (function F() { this.is = this instanceof F; })().is, true);
Point.prototype = null;
assert.sameValue(Object.getPrototypeOf(new Point()), Object.prototype);
assert.throws(TypeError, () => new (() => {})());
assert.throws(TypeError, () => new ({ method() {} }).method());
assert.throws(TypeError, () => new (async function () {})());
assert.throws(TypeError, () => new (function* () {})());
assert.throws(TypeError, () => new Math.max());
assert.sameValue('prototype' in (() => {}), false);
assert.sameValue('prototype' in ({ m() {} }).m, false);
assert.sameValue('prototype' in (async () => {}), false);
assert.sameValue('prototype' in function* () {}, true);
assert(new Point instanceof Object, 'new without parentheses');
assert.sameValue(new (class { static Inner = class { v = 1; }; }).Inner().v, 1);

// Calls evaluate the callee, then the arguments, then check that it can be called.
const log = [];
const note = (v) => (log.push(v), v);
assert.throws(TypeError, () => note(1)(note(2), note(3)));
assert.compareArray(log, [1, 2, 3]);
log.length = 0;
const holder = { get f() { note('get'); return () => note('call'); } };
holder.f(note('argument'));
assert.compareArray(log, ['get', 'argument', 'call']);
assert.throws(TypeError, () => undefined(), /not a function/);
assert.throws(TypeError, () => { owner.missing(); }, /missing/);
assert.throws(TypeError, () => null.x());
// The argument is not evaluated if the receiver is null.
log.length = 0;
assert.throws(TypeError, () => null.x(note(1)));
assert.throws(TypeError, () => undefined[note('key')](note(1)));
assert.sameValue(log.includes(1), false);

// Many parameters and arguments.
assert.sameValue(((...all) => all.length)(...new Array(5000)), 5000);
assert.sameValue(Math.max(...Array.from({ length: 1000 }, (_, i) => i)), 999);
function ten(a, b, c, d, e, f, g, h, i, j) { return a + b + c + d + e + f + g + h + i + j; }
assert.sameValue(ten(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 55);
// Trailing commas.
assert.sameValue((function (a, b,) { return a + b; })(1, 2,), 3);
assert.sameValue((function (a, b,) {}).length, 2);

// Text.
assert.sameValue(plain.toString(), 'function plain(a, b) { return [a, b]; }');
assert.sameValue((function /* c */ (a) { /* b */ }).toString(), 'function /* c */ (a) { /* b */ }');
// Properties.
assert.deepEqual(Object.getOwnPropertyDescriptor(plain, 'name'), { value: 'plain', writable: false, enumerable: false, configurable: true });
assert.deepEqual(Object.getOwnPropertyDescriptor(plain, 'length'), { value: 2, writable: false, enumerable: false, configurable: true });
assert.compareArray(Object.getOwnPropertyNames(function () { 'use strict'; }), ['length', 'name', 'prototype']);
assert.throws(TypeError, () => strictThis.caller);
// Mutual recursion, deep enough to need the engine's stack.
function even(n) { return n === 0 ? true : odd(n - 1); }
function odd(n) { return n === 0 ? false : even(n - 1); }
assert.sameValue(even(2000), true);
assert.throws(RangeError, function endless() { endless(); });
// A sloppy function may have two parameters of one name: the last counts.
assert.sameValue((function (a, a) { return a; })(1, 2), 2);
assert.sameValue((function (a, b, a) { return a; })(1, 2), undefined);

// Functions are named by number keys, too: array indices and others, written in any way.
const byNumber = { 7: () => 1, [4294967295]: () => 1, 1e21: () => 1, [0.5]() {}, get 1e-7() { return 1; } };
assert.compareArray(Object.values(byNumber).map((f) => f.name ?? 'getter'), ['7', '4294967295', '1e+21', '0.5', 'getter']);
assert.sameValue(Object.getOwnPropertyDescriptor(byNumber, '1e-7').get.name, 'get 1e-7');
class ByNumber { static 4294967295 = () => 1; static 1e21() {} }
assert.compareArray([ByNumber[4294967295].name, ByNumber['1e+21'].name], ['4294967295', '1e+21']);
