// Loops: for, while, do, for-in, for-of; break, continue, closing.
let out = [];
for (let i = 0; i < 3; i++) out.push(i);
for (var v = 0; v < 2; v++) out.push(v);
for (; v < 4;) out.push(v++);
for (;;) { break; }
for (let i = 0, j = 9; i < j; i += 3, j -= 3) out.push(i + j);
let n = 0;
while (n < 2) n++;
do n++; while (n < 2)
out.push(n);
do { n = 10; continue; } while (n < 10);
assert.compareArray(out, [0, 1, 2, 0, 1, 2, 3, 9, 9, 3]);
for (const c = 1; false;) assert.fail(c);
assert.throws(TypeError, () => { for (const i = 0; i < 1; i++) ; });
let evaluated = 0;
for (evaluated++; false; assert.fail()) assert.fail();
assert.sameValue(evaluated, 1);
do ; while (evaluated++ < 3)
assert.sameValue(evaluated, 4);
// `in` inside the parentheses of a head.
for (let i = ('a' in { a: 1 }) ? 0 : 5; i < 1; i++) evaluated = 'in';
assert.sameValue(evaluated, 'in');

// break and continue.
out = [];
for (let i = 0; i < 10; i++) { if (i % 2) continue; if (i > 6) break; out.push(i); }
let w = 0;
while (true) { if (++w === 3) continue; if (w > 5) break; out.push(w); }
do { if (w-- % 2) continue; out.push('d' + w); } while (w > 2);
assert.compareArray(out, [0, 2, 4, 6, 1, 2, 4, 5, 'd5', 'd3']);

// for-in: own and inherited enumerable string keys, integers first, each once.
const keysOf = (o) => { const keys = []; for (const k in o) keys.push(k); return keys; };
assert.compareArray(keysOf({ b: 1, a: 2, 2: 0, 1: 0, [Symbol()]: 0 }), ['1', '2', 'b', 'a']);
assert.compareArray(keysOf(null), []);
assert.compareArray(keysOf(undefined), []);
assert.compareArray(keysOf(5), []);
assert.compareArray(keysOf('ab'), ['0', '1']);
assert.compareArray(keysOf([7, , 9]), ['0', '2']);
const parent = { p: 1, shared: 1, shadowed: 1 };
const child = Object.create(parent, { c: { value: 1, enumerable: true }, shadowed: { value: 1, enumerable: false }, hidden: { value: 1 } });
child.shared = 2;
assert.compareArray(keysOf(child), ['c', 'shared', 'p']);
assert.compareArray(keysOf(Object.create(Object.create({ far: 1 }))), ['far']);
// Deleted before they are reached: not visited. Added: may be, never twice.
const changing = { a: 1, b: 2, c: 3 };
out = [];
for (const k in changing) { out.push(k); delete changing.b; changing.z = 1; }
assert.compareArray(out.filter((k) => k !== 'z'), ['a', 'c']);
out = [];
for (var k in { x: 1 }) out.push(k);
for (k in { y: 1 }) out.push(k);
const target = {};
for (target.key in { z: 1 }) out.push(target.key);
for (target['k' + 1] in { q: 1 }) out.push(target.k1);
assert.compareArray(out, ['x', 'y', 'z', 'q']);
for (var sloppy = 'initial' in {}) ;
assert.sameValue(sloppy, 'initial');
const trapped = [];
for (const key in new Proxy({ a: 1, b: 2 }, { ownKeys: (t) => (trapped.push('ownKeys'), Reflect.ownKeys(t)), getPrototypeOf: () => null, getOwnPropertyDescriptor: (t, p) => (trapped.push(p), Reflect.getOwnPropertyDescriptor(t, p)) })) trapped.push('=' + key);
assert(trapped.includes('=a') && trapped.includes('=b') && trapped[0] === 'ownKeys');

// for-of: arrays, strings by code point, maps, generators, arguments, typed arrays.
const valuesOf = (o) => { const values = []; for (const x of o) values.push(x); return values; };
assert.compareArray(valuesOf([1, , 3]), [1, undefined, 3]);
assert.compareArray(valuesOf('a😀'), ['a', '😀']);
assert.compareArray(valuesOf(new Set([1, 1, 2])), [1, 2]);
assert.compareArray(valuesOf(new Map([[1, 2]]).values()), [2]);
assert.compareArray(valuesOf(Uint8Array.of(1, 255)), [1, 255]);
assert.compareArray((function () { return valuesOf(arguments); })(1, 2), [1, 2]);
assert.compareArray(valuesOf((function* () { yield* [1, 2]; return 3; })()), [1, 2]);
for (const wrong of [1, {}, null, undefined]) assert.throws(TypeError, () => { for (const x of wrong) ; });
// An array that grows or shrinks while it is walked.
const growing = [1];
for (const x of growing) if (x < 5) growing.push(x + 1);
assert.sameValue(growing.length, 5);
const shrinking = [1, 2, 3, 4];
out = [];
for (const x of shrinking) { out.push(x); shrinking.pop(); }
assert.compareArray(out, [1, 2]);
const swapped = new Map([['a', 1]]);
out = [];
for (const [key] of swapped) { out.push(key); if (key === 'a') { swapped.delete('a'); swapped.set('b', 1); } }
assert.compareArray(out, ['a', 'b']);

// Closing: by break, return, throw, continue of an outer loop; not at the end, not if next fails.
function source(limit = 3, extra = {}) {
  const s = { closed: 0, i: 0, [Symbol.iterator]() { return this; }, next() { return { done: s.i >= limit, value: s.i++ }; }, return() { s.closed++; return {}; } };
  return Object.assign(s, extra);
}
let s = source();
for (const x of s) break;
assert.sameValue(s.closed, 1);
s = source();
for (const x of s) ;
assert.sameValue(s.closed, 0);
s = source();
(() => { for (const x of s) return x; })();
assert.sameValue(s.closed, 1);
s = source();
assert.throws(RangeError, () => { for (const x of s) throw new RangeError(); });
assert.sameValue(s.closed, 1);
s = source();
outer: for (const a of [1, 2]) for (const x of s) continue outer;
assert.sameValue(s.closed, 2);
s = source();
label: { for (const x of s) break label; }
assert.sameValue(s.closed, 1);
s = source();
for (const x of s) continue;
assert.sameValue(s.closed, 0);
s = source(3, { next() { throw new RangeError(); } });
assert.throws(RangeError, () => { for (const x of s) ; });
assert.sameValue(s.closed, 0);
s = source(3, { next: () => 1 });
assert.throws(TypeError, () => { for (const x of s) ; });
s = source(3, { next: () => ({ done: false, get value() { throw new RangeError(); } }) });
assert.throws(RangeError, () => { for (const x of s) ; });
assert.sameValue(s.closed, 0);
s = source();
assert.throws(TypeError, () => { for (const { a: { b } } of s) ; });
assert.sameValue(s.closed, 1, 'a pattern that fails closes');
s = source();
assert.throws(RangeError, () => { for ({ set p(v) { throw new RangeError(); } }.p of s) ; });
assert.sameValue(s.closed, 1);
s = source(3, { return() { throw new SyntaxError(); } });
assert.throws(RangeError, () => { for (const x of s) throw new RangeError(); }, 'the body is first');
assert.throws(SyntaxError, () => { for (const x of s) break; });
s = source(3, { return: () => 1 });
assert.throws(TypeError, () => { for (const x of s) break; });
s = source(3, { return: undefined });
for (const x of s) break;
s = source(3, { return: 1 });
assert.throws(TypeError, () => { for (const x of s) break; });
// next is read once.
let reads = 0;
for (const x of { [Symbol.iterator]: () => ({ i: 0, get next() { reads++; return function () { return { done: this.i++ > 2 }; }; } }) }) ;
assert.sameValue(reads, 1);
// The head's expression sees the dead zone of its own names; var heads do not.
assert.throws(ReferenceError, () => { let x = [1]; for (let x of x) ; });
var list = [[1], [2]];
for (var list of list) ;
assert.deepEqual(list, [2]);
// Names allowed in heads.
const of = [1], async = { of: [2] };
for (const of of [3]) assert.sameValue(of, 3);
for (async.x of [4]) assert.sameValue(async.x, 4);
for (let of = 0; of < 1; of++) ;
let let_ = 0;
for (let_ of [5]) ;
assert.sameValue(let_, 5);
// A body that is a single statement; nested loops; deep nesting.
let total = 0;
for (let a = 0; a < 4; a++) for (let b = 0; b < 4; b++) for (let c = 0; c < 4; c++) for (let d = 0; d < 4; d++) total += a * b * c * d;
assert.sameValue(total, 1296);
// Doubles, negative steps, large counts.
let count = 0;
for (let x = 1; x > 0.01; x /= 2) count++;
for (let i = 10; i-- > 0;) count++;
for (let i = 2147483646; i < 2147483650; i++) count++;
for (let i = -2147483647; i > -2147483650; i--) count++;
assert.sameValue(count, 7 + 10 + 4 + 3);
let sum = 0;
for (let i = 0; i < 100000; i++) sum += i;
assert.sameValue(sum, 4999950000);

// The expression looped over makes functions, and the loop's variable is captured.
{
  const seen = [];
  for (const x of ["outer"]) {
    for (const y of [1, () => x]) { seen.push(() => (typeof y === "function" ? y() : y)); }
    for (const z in { a: 1, [(() => x)()]: 2 }) { seen.push(() => z); }
  }
  assert.sameValue(seen.map((f) => f()).join(), "1,outer,a,outer");
}
