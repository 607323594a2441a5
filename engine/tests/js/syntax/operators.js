// Operators: arithmetic, exponent, comparison, bits, comma, void, typeof, delete, in, instanceof, assignment; order of evaluation.
assert.compareArray([2 ** 3 ** 2, (-2) ** 2, 2 ** -1, 2 ** 0.5, NaN ** 0, 1 ** Infinity], [512, 4, 0.5, Math.SQRT2, 1, NaN]);
let e = 2; e **= 10;
assert.sameValue(e, 1024);
assert.sameValue(2n ** 64n, 18446744073709551616n);
assert.throws(RangeError, () => 2n ** -1n);
assert.compareArray([7 % 3, -7 % 3, 7 % -3, 5.5 % 2, -0 % 1, 1 % 0, Infinity % 1, 1 % Infinity], [1, -1, 1, 1.5, -0, NaN, NaN, 1]);
assert.compareArray([1 / 0, -1 / 0, 0 / 0, 0 * -1, 1 / 3 * 3], [Infinity, -Infinity, NaN, -0, 1]);
assert.compareArray([0.1 + 0.2, 2147483647 + 1, -2147483648 - 1, 65536 * 65536, 9007199254740992 + 1], [0.30000000000000004, 2147483648, -2147483649, 4294967296, 9007199254740992]);
assert.compareArray(['1' + 2, 1 + '2', 1 + 2 + '3', '3' - 1, '3' * '4', +'', +' 12 ', +'0x1f', +'1e3', +'x', -'5', +true, +null, +undefined, +[], +[7], +{}], ['12', '12', '33', 2, 12, 0, 12, 31, 1000, NaN, -5, 1, 0, NaN, 0, 7, NaN]);
assert.compareArray([[] + [], [] + {}, [1, 2] + [3], null + 1, undefined + 1, true + true, 'a' + null, 'a' + undefined, 1n + '1'], ['', '[object Object]', '1,23', 1, NaN, 2, 'anull', 'aundefined', '11']);
assert.throws(TypeError, () => 1n + 1);
assert.throws(TypeError, () => +1n);
assert.throws(TypeError, () => Symbol() + '');
assert.throws(TypeError, () => 1n >>> 0n);
assert.compareArray([-5n / 2n, -5n % 2n, 5n & 3n, 5n | 8n, 5n ^ 1n, ~5n, 1n << 70n, -1n >> 3n, -(-3n)], [-2n, -1n, 1n, 13n, 4n, -6n, 1180591620717411303424n, -1n, 3n]);
assert.compareArray([5 & 3, 5 | 8, 5 ^ 1, ~5, 1 << 31, 1 << 32, -1 >> 1, -1 >>> 0, -1 >>> 31, 2 ** 32 | 0, 2 ** 53 | 0, 1.9 | 0, -1.9 | 0, NaN | 0, '7' & 3, 1 << -1, 5 >> 33], [1, 13, 4, -6, -2147483648, 1, -1, 4294967295, 1, 0, 0, 1, -1, 0, 3, -2147483648, 2]);
// Comparison.
assert.compareArray([1 < 2, '10' < '9', '10' < 9, 'a' < 'b', null >= 0, undefined >= 0, NaN <= NaN, 1n < 1.5, 2n > '1', 'x' < 1, [2] > 1], [true, true, false, true, true, false, false, true, true, false, true]);
assert.compareArray([1 == '1', 0 == '', null == undefined, null == 0, NaN == NaN, [1] == 1, '1,2' == [1, 2], true == 1, true == 'true', 1n == 1, 1n == '1', Symbol.iterator == Symbol.iterator, {} == '[object Object]'], [true, true, true, false, false, true, true, true, false, true, true, true, true]);
assert.compareArray([1 === 1.0, '1' === 1, NaN !== NaN, 0 === -0, 1n === 1n, null === undefined, 'ab' === 'a' + 'b'], [true, false, true, true, true, false, true]);
// Increment and decrement give the number before.
let s = '5';
assert.sameValue(s++, 5);
assert.sameValue(s, 6);
let u; u++;
assert(Number.isNaN(u));
let big = 1n;
assert.compareArray([big++, ++big, big--, --big], [1n, 3n, 3n, 1n]);
const member = { n: 2147483647, s: '1' };
assert.compareArray([member.n++, member.n, ++member['s'], member.s--, -member.s], [2147483647, 2147483648, 2, 2, -1]);
// Objects are converted by hint; left before right; both operands before conversion.
let log = [];
const val = (name, v) => ({ valueOf() { log.push(name); return v; }, toString() { log.push('text ' + name); return String(v); } });
const use = (name, v) => (log.push('use ' + name), val(name, v));
assert.sameValue(use('a', 1) + use('b', 2), 3);
assert.compareArray(log, ['use a', 'use b', 'a', 'b']);
for (const f of [() => val('a', 3) - val('b', 2), () => val('a', 1) < val('b', 2), () => val('a', 3) ** val('b', 2), () => val('a', 3) > val('b', 2), () => val('a', 3) <= val('b', 2), () => val('a', 3) & val('b', 1)]) { log = []; f(); assert.compareArray(log, ['a', 'b']); }
assert.sameValue(`${val('x', 1)}` + { [Symbol.toPrimitive]: (hint) => hint }, '1default');
assert.sameValue(+{ [Symbol.toPrimitive]: (hint) => hint.length }, 6);
assert.throws(TypeError, () => +{ [Symbol.toPrimitive]: () => ({}) });
assert.throws(TypeError, () => 1 + { valueOf: () => ({}), toString: () => ({}) });
// Comma, void, conditional.
assert.sameValue((1, 2, 3), 3);
assert.sameValue(void (log = 'ran'), undefined);
assert.sameValue(log, 'ran');
assert.compareArray([true ? 1 : 2, 0 ? 1 : '' ? 2 : 3, (true, false) ? 1 : 2], [1, 3, 2]);
// typeof
assert.compareArray([typeof 1, typeof 1n, typeof '', typeof true, typeof undefined, typeof null, typeof {}, typeof [], typeof (() => 1), typeof class {}, typeof Symbol(), typeof notDeclared, typeof typeof 1, typeof /a/, typeof new Proxy(function () {}, {})], ['number', 'bigint', 'string', 'boolean', 'undefined', 'object', 'object', 'object', 'function', 'function', 'symbol', 'undefined', 'string', 'object', 'function']);
// delete
const o = { a: 1, b: 2, get c() { return 3; } };
assert.sameValue(delete o.a, true);
assert.sameValue(delete o['b'], true);
assert.sameValue(delete o.nothing, true);
assert.sameValue(delete o.c, true);
assert.deepEqual(Object.keys(o), []);
assert.sameValue(delete [].length, false);
assert.sameValue(delete 1, true);
assert.sameValue(delete (() => {})(), true);
assert.throws(TypeError, () => { 'use strict'; delete [].length; });
assert.throws(TypeError, () => { 'use strict'; delete Object.freeze({ x: 1 }).x; });
assert.throws(TypeError, () => delete null.x);
const list = [1, 2, 3];
assert.sameValue(delete list[1] && !(1 in list) && list.length, 3);
globalThis.gone = 1;
assert.sameValue(delete gone, true);
assert.sameValue(typeof gone, 'undefined');
{ let local = 1; assert.sameValue(delete local, false); }
// in, instanceof
assert.compareArray(['a' in { a: undefined }, 1 in [1], 'length' in [], 'x' in {}, 'toString' in {}, Symbol.iterator in []], [true, false, true, false, true, true]);
assert.throws(TypeError, () => 'a' in 'abc');
assert.throws(TypeError, () => 'a' in null);
function F() {}
assert.compareArray([new F() instanceof F, {} instanceof F, 1 instanceof Number, [] instanceof Object, Object.create(null) instanceof Object, F.bind() instanceof Function, new F() instanceof F.bind()], [true, false, false, true, false, true, true]);
assert.throws(TypeError, () => ({}) instanceof {});
assert.throws(TypeError, () => ({}) instanceof (() => {}));
assert.throws(TypeError, () => ({}) instanceof 1);
assert.sameValue(5 instanceof { [Symbol.hasInstance]: (v) => v === 5 }, true);
F.prototype = 1;
assert.throws(TypeError, () => ({}) instanceof F);
assert.sameValue(1 instanceof F, false);
// Assignment: reference first, then the value, then the store; the value is the result.
log = [];
const target = () => (log.push('target'), { set p(v) { log.push('store ' + v); } });
target()[(log.push('key'), 'p')] = (log.push('value'), 1);
assert.compareArray(log, ['target', 'key', 'value', 'store 1']);
let x = 1;
assert.sameValue(x + (x = 5) + x, 11);
x = 1; x += (x = 10, 5);
assert.sameValue(x, 6, 'the left side was read first');
let i = 0; const arr = [];
arr[i++] = i++; arr[i] = i = 7;
assert.deepEqual(arr, [1, , 7]);
assert.throws(TypeError, () => { null.x = (log = 'evaluated'); });
let y; let z = y = 3;
assert.sameValue(y + z, 6);
let ops = 5; ops += 2; ops -= 1; ops *= 4; ops /= 3; ops %= 5; ops <<= 4; ops >>= 1; ops >>>= 1; ops |= 3; ops &= 14; ops ^= 5;
assert.sameValue(ops, 11);
// Literals.
assert.compareArray([1_000_000, 0xff_ff, 0b1010_0001, 0o7_7, 1_0.0_1, 1e1_0, .5_5, 0XfF, 0B1, 0O7, 010, 09, 1., .1e1, 5..toString()], [1000000, 65535, 161, 63, 10.01, 1e10, 0.55, 255, 1, 7, 8, 9, 1, 1, '5']);
assert.compareArray([1_000n, 0xffn, 0b11n, 0o17n, 123456789012345678901234567890n % 97n, 0n === -0n], [1000n, 255n, 3n, 15n, 123456789012345678901234567890n - 97n * (123456789012345678901234567890n / 97n), true]);
assert.compareArray(['\x41\u{1F600}\u0042\b\t\v\f\'\"\
', '\101\7\0', "\u2028".length, '\q'], ['A😀B\b\t\v\f\'"', 'A\x07\0', 1, 'q']);
