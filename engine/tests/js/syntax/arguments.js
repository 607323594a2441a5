// The arguments object, and new.target.
function args() { return arguments; }
const a = args(1, 'two', 3);
assert.sameValue(a.length, 3);
assert.sameValue(a[1], 'two');
assert.sameValue(a[3], undefined);
assert.sameValue(Object.prototype.toString.call(a), '[object Arguments]');
assert.sameValue(Array.isArray(a), false);
assert.sameValue(Object.getPrototypeOf(a), Object.prototype);
assert.compareArray(Reflect.ownKeys(a), ['0', '1', '2', 'length', 'callee', Symbol.iterator]);
assert.sameValue(a[Symbol.iterator], Array.prototype.values);
assert.sameValue(Object.getOwnPropertyDescriptor(a, 'length').enumerable, false);
assert.compareArray([...a], [1, 'two', 3]);
assert.compareArray(Array.prototype.slice.call(a, 1), ['two', 3]);
assert.sameValue(Math.max(...args(4, 9, 2)), 9);
assert.sameValue(args().length, 0);
a[1] = 'changed'; a.extra = 1; a.length = 1;
assert.compareArray([...a], [1]);
delete a[0];
assert.sameValue(0 in a, false);
assert.sameValue(a.callee, args);
const strict = (function () { 'use strict'; return arguments; })(1);
assert.compareArray(Reflect.ownKeys(strict), ['0', 'length', 'callee', Symbol.iterator]);
assert.throws(TypeError, () => strict.callee);
// Strict functions, and those with defaults, rest or patterns, do not tie parameters to it.
assert.compareArray((function (p) { 'use strict'; p = 2; return [p, arguments[0]]; })(1), [2, 1]);
assert.compareArray((function (p) { 'use strict'; arguments[0] = 2; return [p, arguments[0]]; })(1), [1, 2]);
assert.compareArray((function (p, q = 0) { p = 2; return [p, arguments[0]]; })(1), [2, 1]);
assert.compareArray((function (p, ...q) { arguments[0] = 2; return [p, arguments[0]]; })(1), [1, 2]);
assert.compareArray((function ({ p }, q) { q = 5; return [p, arguments[1]]; })({ p: 1 }, 2), [1, 2]);
// One object for a call; arrows use that of the function around them.
assert.sameValue((function () { return arguments === (() => arguments)(); })(), true);
assert.sameValue((function () { return (() => () => arguments[0])()(); })(7), 7);
assert.notSameValue(args(), args());
// Names.
assert.sameValue((function (arguments) { return arguments; })(5), 5);
assert.sameValue((function () { var arguments; return arguments.length; })(1), 1);
assert.sameValue((function () { var arguments = 6; return arguments; })(1), 6);
assert.sameValue((function () { let arguments = 7; return arguments; })(1), 7);
assert.sameValue((function () { return arguments(); function arguments() { return 8; } })(1), 8);
assert.sameValue((function () { { let arguments = 9; } return arguments.length; })(1), 1);
assert.sameValue((function (p = arguments.length) { return p; })(undefined, 1), 2);
// In methods, accessors, constructors, generators, async functions.
assert.sameValue({ m() { return arguments.length; } }.m(1, 2), 2);
let seen;
({ set v(x) { seen = arguments.length; } }).v = 1;
assert.sameValue(seen, 1);
class C { constructor() { this.n = arguments.length; } static s() { return arguments[0]; } }
assert.sameValue(new C(1, 2, 3).n, 3);
assert.sameValue(C.s('s'), 's');
assert.sameValue((function* () { yield arguments[0]; })(4).next().value, 4);
assert.sameValue(await (async function () { await null; return arguments[0]; })(3), 3);
assert.sameValue(args.apply(null, { length: 2, 0: 'x' }).length, 2);
assert.sameValue(args.bind(null, 1)(2)[1], 2);
assert.sameValue(args(...new Array(1000).fill(1)).length, 1000);
// It outlives its call.
const kept = (function (p) { const r = arguments; return () => r[0]; })('kept');
args(1, 2, 3);
assert.sameValue(kept(), 'kept');

// new.target
function F() { return { t: new.target }; }
assert.sameValue(F().t, undefined);
assert.sameValue(new F().t, F);
assert.sameValue(F.call({}).t, undefined);
assert.sameValue(Reflect.construct(F, [], C).t, C);
assert.sameValue(new (F.bind())().t, F);
function G() { return { t: (() => (() => new.target)())() }; }
assert.sameValue(new G().t, G);
class B { constructor() { this.t = new.target; } m() { return new.target; } }
class D extends B {}
assert.sameValue(new D().t, D);
assert.sameValue(new D().m(), undefined);
class Abstract { constructor() { if (new.target === Abstract) throw new TypeError('abstract'); } }
assert.throws(TypeError, () => new Abstract());
assert(new (class extends Abstract {})() instanceof Abstract);
assert.sameValue((function () { return typeof new.target; })(), 'undefined');
assert.sameValue(new (function () { this.p = (p = new.target) => p; })().p() !== undefined, true);
assert.sameValue({ m() { return new.target; } }.m(), undefined);
