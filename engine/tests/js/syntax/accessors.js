// Object literals: getters and setters, methods, computed keys, shorthand, __proto__.
let log = [];
const o = { _v: 1, get v() { log.push('get'); return this._v; }, set v(x) { log.push('set'); this._v = x; } };
assert.sameValue(o.v, 1);
assert.sameValue(o.v = 5, 5);
assert.sameValue(o.v++, 5);
assert.sameValue(o.v += 1, 7);
assert.sameValue(o._v, 7);
assert.compareArray(log, ['get', 'set', 'get', 'set', 'get', 'set']);
assert.deepEqual(Object.keys(o), ['_v', 'v']);
const d = Object.getOwnPropertyDescriptor(o, 'v');
assert.compareArray([d.get.name, d.set.name, d.get.length, d.set.length, d.enumerable, d.configurable], ['get v', 'set v', 0, 1, true, true]);
assert.throws(TypeError, () => new d.get());
assert.sameValue('prototype' in d.get, false);
// Only one half; a getter without a setter refuses silently in sloppy code.
const half = { get only() { return 1; }, set other(x) {} };
half.only = 2;
assert.sameValue(half.only, 1);
assert.sameValue(half.other, undefined);
assert.throws(TypeError, () => { 'use strict'; half.only = 2; }, /only/);
// Redefinition in one literal.
const both = { get a() { return 1; }, a: 2, b: 3, get b() { return 4; }, get c() { return 5; }, set c(x) {}, m() {}, m: 6 };
assert.compareArray([both.a, both.b, both.c, both.m], [2, 4, 5, 6]);
assert.sameValue(typeof Object.getOwnPropertyDescriptor(both, 'c').set, 'function');
// The receiver is the object read from.
const child = Object.create(o, { _v: { value: 'child', writable: true } });
assert.sameValue(child.v, 'child');
child.v = 'new';
assert.sameValue(child._v, 'new');
assert.sameValue(o._v, 7);
assert.sameValue(Object.hasOwn(child, 'v'), false);
// Keys: strings, numbers, computed, keywords, symbols.
const keys = { 'a b': 1, 1.5: 2, 0x10: 3, 1e3: 4, .5: 5, 1n: 6, if: 7, get: 8, set: 9, async: 10, await: 11, static: 12, new: 13, ['c' + 1]: 14, [Symbol.iterator]: 15, get get() { return 16; }, '': 17 };
assert.compareArray([keys['a b'], keys['1.5'], keys[16], keys[1000], keys['0.5'], keys[1], keys.if, keys.set, keys.async, keys.new, keys.c1, keys[Symbol.iterator], keys.get, keys['']], [1, 2, 3, 4, 5, 6, 7, 9, 10, 13, 14, 15, 16, 17]);
const odd = { get 'x y'() { return 1; }, get 5() { return 2; }, get ['z']() { return 3; }, set [Symbol.iterator](v) {}, async *g() {}, async a() {}, *s() {}, async 'q'() {}, async ['w']() {}, *[1]() {}, get() { return 'g'; }, set() { return 's'; }, async() { return 'a'; } };
assert.compareArray([odd['x y'], odd[5], odd.z, odd.get(), odd.set(), odd.async()], [1, 2, 3, 'g', 's', 'a']);
assert.sameValue(odd.w.name + odd.q.name + odd[1].name, 'wq1');
assert.sameValue(Object.getOwnPropertyDescriptor(odd, Symbol.iterator).set.name, 'set [Symbol.iterator]');
const sym = Symbol('desc'), none = Symbol();
const named = { [sym]() {}, [none]: () => {}, ['k']: function () {}, f: () => {}, c: class {}, 1: () => {}, own: function mine() {} };
assert.compareArray([named[sym].name, named[none].name, named.k.name, named.f.name, named.c.name, named[1].name, named.own.name], ['[desc]', '', 'k', 'f', 'c', '1', 'mine']);
// Order: key, its conversion, value; from left to right.
log = [];
const key = (k) => ({ toString() { log.push('text ' + k); return k; } }), value = (v) => (log.push('value ' + v), v);
const ordered = { [key('b')]: value(1), [key('a')]: value(2), [key('b')]: value(3) };
assert.compareArray(log, ['text b', 'value 1', 'text a', 'value 2', 'text b', 'value 3']);
assert.compareArray(Object.keys(ordered), ['b', 'a']);
assert.throws(TypeError, () => ({ [{ toString: () => ({}), valueOf: () => ({}) }]: 1 }));
// Shorthand.
const a = 1, b = 2, async = 3, of = 4;
assert.deepEqual({ a, b, async, of }, { a: 1, b: 2, async: 3, of: 4 });
assert.throws(ReferenceError, () => ({ missing }));
// __proto__: only as `__proto__: value`.
assert.sameValue(Object.getPrototypeOf({ __proto__: o }), o);
assert.sameValue(Object.getPrototypeOf({ '__proto__': null }), null);
assert.sameValue(Object.getPrototypeOf({ __proto__: 1 }), Object.prototype);
assert.sameValue(Object.hasOwn({ ['__proto__']: o }, '__proto__'), true);
{ const __proto__ = 1; assert.sameValue(Object.hasOwn({ __proto__ }, '__proto__'), true); }
assert.sameValue(typeof { __proto__() {} }.__proto__, 'function');
// Integer keys, many keys, nested literals made anew each time.
assert.compareArray(Object.keys({ z: 0, 2: 0, 1: 0, '01': 0, [-1]: 0 }), ['1', '2', 'z', '01', '-1']);
const make = () => ({ list: [], inner: { x: 1 } });
assert.notSameValue(make().inner, make().inner);
const wide = { a0: 0, a1: 1, a2: 2, a3: 3, a4: 4, a5: 5, a6: 6, a7: 7, a8: 8, a9: 9, b0: 0, b1: 1, b2: 2, b3: 3, b4: 4, b5: 5, b6: 6, b7: 7, b8: 8, b9: 9 };
assert.sameValue(Object.keys(wide).length, 20);
// defineProperty and the legacy methods see the same accessors.
Object.defineProperty(o, 'late', { get() { return 'late'; }, configurable: true });
assert.sameValue(o.late, 'late');
assert.sameValue(o.__lookupGetter__('v'), d.get);
assert.sameValue(delete o.late, true);
// Exceptions from accessors come through.
assert.throws(RangeError, () => ({ get x() { throw new RangeError(); } }).x);
assert.throws(RangeError, () => { ({ set x(v) { throw new RangeError(); } }).x = 1; });
// Setter parameters: patterns and defaults.
let got;
const patterns = { set p([x, { y } = { y: 2 }]) { got = [x, y]; }, set q(v = 'd') { got = v; } };
patterns.p = [1];
assert.deepEqual(got, [1, 2]);
patterns.q = undefined;
assert.sameValue(got, 'd');
