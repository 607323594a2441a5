// Array: constructor, functions, every row of the prototype.
const holey = () => [1, , 3];
const like = (...items) => Object.assign(Object.create(null), { length: items.length }, items);
const generic = (name, object, ...args) => Array.prototype[name].call(object, ...args);
class Mine extends Array {}

// ---- constructor
assert.deepEqual(new Array(), []);
assert.deepEqual(Array(1, 2, 3), [1, 2, 3]);
assert.deepEqual(new Array('3'), ['3']);
assert.sameValue(new Array(3).length, 3);
assert(!(0 in new Array(3)), 'reserved elements are holes');
assert.sameValue(new Array(4294967295).length, 4294967295);
assert.sameValue(new Array(100000).length, 100000);
for (const bad of [-1, 1.5, 4294967296, NaN]) assert.throws(RangeError, () => new Array(bad));
assert.sameValue(Array.length, 1);
assert.sameValue(Array.name, 'Array');
assert(new Mine(2, 3) instanceof Mine, 'subclass');
assert.sameValue(new Mine(5).length, 5);
assert.sameValue(Array[Symbol.species], Array);
assert.sameValue(Object.getOwnPropertyDescriptor(Array, Symbol.species).get.name, 'get [Symbol.species]');
assert(Array.isArray(Array.prototype), 'Array.prototype is an array');

// ---- isArray, of, from
assert.sameValue(Array.isArray([]), true);
assert.sameValue(Array.isArray({ length: 0 }), false);
assert.sameValue(Array.isArray(new Mine()), true);
assert.sameValue(Array.isArray(), false);
assert.sameValue(Array.isArray(new Proxy([], {})), true);
assert.deepEqual(Array.of(7, 8), [7, 8]);
assert(Mine.of(1) instanceof Mine, 'of with a subclass');
assert.deepEqual(Array.of.call(undefined, 1), [1]);
assert.deepEqual(Array.from([1, , 3]), [1, undefined, 3]);
assert(1 in Array.from([1, , 3]), 'from fills holes');
assert.deepEqual(Array.from('a\u{1F600}b'), ['a', '\u{1F600}', 'b']);
assert.deepEqual(Array.from({ length: 3 }, (_, i) => i * i), [0, 1, 4]);
assert.deepEqual(Array.from(new Set([1, 1, 2]), function (x) { return x + this.add; }, { add: 10 }), [11, 12]);
assert.deepEqual(Array.from((function* () { yield 1; yield 2; })()), [1, 2]);
assert(Mine.from([1]) instanceof Mine, 'from with a subclass');
assert.throws(TypeError, () => Array.from([], 5));
assert.throws(TypeError, () => Array.from(null));
let closed = 0;
const closing = { [Symbol.iterator]() { return { next: () => ({ value: 1, done: false }), return() { closed++; return {}; } }; } };
assert.throws(RangeError, () => Array.from(closing, () => { throw new RangeError(); }));
assert.sameValue(closed, 1, 'from closes its iterator');

// ---- fromAsync
assert.deepEqual(await Array.fromAsync([1, Promise.resolve(2), , 4]), [1, 2, undefined, 4]);
assert.deepEqual(await Array.fromAsync((async function* () { yield 1; yield 2; })(), async (x, i) => x * 10 + i), [10, 21]);
assert.deepEqual(await Array.fromAsync({ length: 2, 0: Promise.resolve('a'), 1: 'b' }), ['a', 'b']);
assert((await Mine.fromAsync([1])) instanceof Mine, 'fromAsync with a subclass');
assert.deepEqual(await Array.fromAsync([]), []);
{
  const rejection = p => p.then(() => 'none', e => e);
  assert((await rejection(Array.fromAsync(null))) instanceof TypeError);
  assert((await rejection(Array.fromAsync([], 5))) instanceof TypeError);
  assert.sameValue(await rejection(Array.fromAsync([Promise.reject('no')])), 'no');
  let ended = 0;
  const source = { [Symbol.asyncIterator]: () => ({ next: async () => ({ value: 1, done: false }), return: async () => { ended++; return {}; } }) };
  assert.sameValue(await rejection(Array.fromAsync(source, () => { throw 'mapper'; })), 'mapper');
  assert.sameValue(await rejection(Array.fromAsync(source, () => Promise.reject('later'))), 'later');
  assert.sameValue(ended, 2, 'fromAsync closes its iterator');
}

// ---- at, with, fill, copyWithin
assert.sameValue([1, 2, 3].at(-1), 3);
assert.sameValue([1, 2, 3].at(3), undefined);
assert.sameValue(generic('at', like('x'), 0), 'x');
assert.deepEqual([1, 2, 3].with(-1, 9), [1, 2, 9]);
assert.deepEqual(holey().with(0, 9), [9, undefined, 3]);
assert.throws(RangeError, () => [1].with(1, 0));
assert.throws(RangeError, () => [1].with(-2, 0));
assert.deepEqual([1, 2, 3, 4].fill(0, 1, -1), [1, 0, 0, 4]);
assert.deepEqual(new Array(3).fill('x'), ['x', 'x', 'x']);
assert.deepEqual(generic('fill', like(1, 2), 5), Object.assign(like(5, 5)));
assert.deepEqual([1, 2, 3, 4, 5].copyWithin(0, 3), [4, 5, 3, 4, 5]);
assert.deepEqual([1, 2, 3, 4, 5].copyWithin(1, 0, 4), [1, 1, 2, 3, 4]);
assert.deepEqual([1, , 3, 4].copyWithin(2, 0, 2).length, 4);
assert(!(3 in [1, , 3, 4].copyWithin(2, 0, 2)), 'copyWithin copies holes');

// ---- push, pop, shift, unshift
{
  const a = [];
  assert.sameValue(a.push(), 0);
  assert.sameValue(a.push(1, 2), 2);
  assert.sameValue(a.pop(), 2);
  assert.sameValue(a.shift(), 1);
  assert.sameValue(a.shift(), undefined);
  assert.sameValue(a.pop(), undefined);
  assert.sameValue(a.unshift(3, 4), 2);
  assert.sameValue(a.unshift(), 2);
  assert.deepEqual(a, [3, 4]);
  assert.deepEqual([1, 2, 3].shift(), 1);
  const h = [, 2, , 4];
  assert.sameValue(h.shift(), undefined);
  assert.deepEqual(h, [2, , 4]);
  assert(!(1 in h), 'shift moves holes');
  h.unshift('a');
  assert.deepEqual(h, ['a', 2, , 4]);
  const o = like('p');
  assert.sameValue(generic('push', o, 'q'), 2);
  assert.sameValue(o[1], 'q');
  assert.sameValue(generic('pop', o), 'q');
  assert.sameValue(o.length, 1);
  assert.sameValue(generic('unshift', o, 'n', 'm'), 3);
  assert.sameValue(o[2], 'p');
  assert.sameValue(generic('shift', o), 'n');
  assert.sameValue(o.length, 2);
  const far = { length: 2 ** 53 - 1 };
  assert.throws(TypeError, () => generic('push', far, 1));
  assert.sameValue(generic('push', far), 2 ** 53 - 1);
  assert.throws(TypeError, () => generic('unshift', far, 1));
  const big = [];
  big.length = 4294967295;
  assert.throws(RangeError, () => big.push('x'));
  assert.sameValue(big[4294967295], 'x', 'push sets the element before the length fails');
  for (const f of ['push', 'unshift']) assert.throws(TypeError, () => Object.freeze([1])[f](1));
  for (const f of ['pop', 'shift']) assert.throws(TypeError, () => Object.freeze([1])[f]());
  assert.throws(TypeError, () => Object.preventExtensions([1]).push(2));
  assert.throws(TypeError, () => Object.defineProperty([1], 'length', { writable: false }).push(2));
  const q = [];
  for (let i = 0; i < 3000; i++) q.push(i);
  let sum = 0;
  while (q.length) sum += q.shift() + (q.pop() ?? 0);
  assert.sameValue(sum, 3000 * 2999 / 2);
}

// ---- an inherited element is seen by all of them
Array.prototype[1] = 'inherited';
assert.sameValue(holey().pop.call([1, ,]), 'inherited');
assert.deepEqual(holey().map(x => x), [1, 'inherited', 3]);
assert.sameValue(holey().indexOf('inherited'), 1);
assert.sameValue(holey().join(), '1,inherited,3');
assert.deepEqual(holey().slice(), [1, 'inherited', 3]);
assert.deepEqual([0].concat(holey()), [0, 1, 'inherited', 3]);
delete Array.prototype[1];

// ---- slice, concat, splice, toSpliced
assert.deepEqual([1, 2, 3, 4].slice(1, -1), [2, 3]);
assert.deepEqual(holey().slice(), [1, , 3]);
assert(!(1 in holey().slice()), 'slice keeps holes');
assert.deepEqual(generic('slice', like(1, 2, 3), 1), [2, 3]);
assert(new Mine(1, 2).slice() instanceof Mine, 'slice by species');
assert.deepEqual([1].concat(2, [3, [4]], like(5)).slice(0, 4), [1, 2, 3, [4]]);
assert.sameValue([1].concat([, 2]).length, 3);
assert(!(1 in [1].concat([, 2])), 'concat keeps holes');
assert.deepEqual([].concat({ length: 2, 0: 'a', 1: 'b', [Symbol.isConcatSpreadable]: true }), ['a', 'b']);
{
  const kept = [1, 2];
  kept[Symbol.isConcatSpreadable] = false;
  assert.sameValue([0].concat(kept).length, 2);
}
assert.sameValue([].concat(new Array(5)).length, 5);
assert.sameValue(typeof generic('concat', 5)[0], 'object');
{
  const a = [1, 2, 3, 4, 5];
  assert.deepEqual(a.splice(1, 2, 'x', 'y', 'z'), [2, 3]);
  assert.deepEqual(a, [1, 'x', 'y', 'z', 4, 5]);
  assert.deepEqual(a.splice(-2), [4, 5]);
  assert.deepEqual(a.splice(1, 2), ['x', 'y']);
  assert.deepEqual(a, [1, 'z']);
  assert.deepEqual(a.splice(), []);
  assert.deepEqual(a.splice(0, 0, 0), []);
  assert.deepEqual(a, [0, 1, 'z']);
  const o = like(1, 2, 3);
  assert.deepEqual(generic('splice', o, 0, 1), [1]);
  assert.sameValue(o.length, 2);
  assert.sameValue(o[0], 2);
  assert(!(2 in o), 'splice deletes the rest');
  generic('splice', o, 1, 0, 'a', 'b');
  assert.sameValue(o.length, 4);
  assert.sameValue(o[3], 3);
  assert.throws(TypeError, () => generic('splice', { length: 2 ** 53 - 1 }, 0, 0, 1));
  assert(new Mine(1, 2, 3).splice(0, 2) instanceof Mine, 'splice by species');
  assert.deepEqual([1, 2, 3].toSpliced(1, 1, 'a', 'b'), [1, 'a', 'b', 3]);
  assert.deepEqual([1, , 3].toSpliced(0, 1), [undefined, 3]);
  assert.deepEqual([1, 2].toSpliced(), [1, 2]);
  assert.deepEqual([1, 2, 3].toSpliced(1), [1]);
}

// ---- species
{
  const a = [1, 2, 3];
  a.constructor = { [Symbol.species]: function (n) { this.made = n; } };
  const mapped = a.map(x => x * 2);
  assert.sameValue(mapped.made, 3);
  assert.sameValue(mapped[2], 6);
  a.constructor = undefined;
  assert(Array.isArray(a.filter(() => true)), 'undefined constructor');
  a.constructor = { [Symbol.species]: null };
  assert(Array.isArray(a.slice()), 'null species');
  a.constructor = 5;
  assert.throws(TypeError, () => a.slice());
}

// ---- callbacks
{
  const seen = [];
  assert.sameValue(holey().forEach((v, i, a) => seen.push(v, i, a.length)), undefined);
  assert.deepEqual(seen, [1, 0, 3, 3, 2, 3]);
  [1].forEach(function () { seen.push(this.me); }, { me: 'this' });
  assert.sameValue(seen.pop(), 'this');
  assert.deepEqual(holey().map(x => x + 1), [2, , 4]);
  assert(!(1 in holey().map(x => x)), 'map keeps holes');
  assert.deepEqual([1, 2, 3, 4].filter(x => x % 2), [1, 3]);
  assert.sameValue([1, 2].every(x => x > 0), true);
  assert.sameValue([1, 2].some(x => x > 1), true);
  assert.sameValue([].every(() => false), true);
  assert.sameValue([].some(() => true), false);
  assert.sameValue([1, 2, 3].reduce((a, b) => a + b), 6);
  assert.sameValue([1, 2, 3].reduce((a, b, i, arr) => a + b * i + arr.length, 10), 27);
  assert.sameValue(['a', 'b', 'c'].reduceRight((a, b) => a + b), 'cba');
  assert.sameValue([, 1, ,].reduce(() => 'never'), 1);
  assert.sameValue([].reduce(() => 1, 'init'), 'init');
  assert.throws(TypeError, () => [].reduce(() => 1));
  assert.throws(TypeError, () => [,].reduceRight(() => 1));
  assert.sameValue([1, 2, 3].find(x => x > 1), 2);
  assert.sameValue([1, 2, 3].findIndex(x => x > 1), 1);
  assert.sameValue([1, 2, 3].findLast(x => x < 3), 2);
  assert.sameValue([1, 2, 3].findLastIndex(x => x > 5), -1);
  assert.sameValue([,].findIndex(x => x === undefined), 0, 'find visits holes');
  for (const f of ['forEach', 'map', 'filter', 'every', 'some', 'reduce', 'reduceRight', 'find', 'findIndex', 'findLast', 'findLastIndex', 'flatMap']) {
    assert.throws(TypeError, () => [][f](5), undefined, f);
    assert.throws(TypeError, () => generic(f, null, () => 0), undefined, f);
  }
  // The array changes while it is visited.
  const a = [1, 2, 3, 4];
  const visited = [];
  a.forEach(v => { visited.push(v); if (v === 2) { a.pop(); a.push(9, 10); } });
  assert.deepEqual(visited, [1, 2, 3, 9]);
  const b = [1, 2, 3];
  assert.deepEqual(b.map((v, i) => { if (i === 0) b.length = 1; return v; }), [1, , ,]);
  assert.sameValue(generic('map', like(1, 2), x => x * 2).length, 2);
  assert.sameValue(generic('forEach', 'ab', function () { }), undefined);
  const long = Array.from({ length: 70000 }, (_, i) => i);
  assert.sameValue(long.map(x => x + 1)[69999], 70000);
  assert.sameValue(long.filter(x => x & 1).length, 35000);
  const sparse = [];
  sparse[5000000] = 'far';
  let n = 0;
  sparse.forEach(() => n++);
  assert.sameValue(n, 1);
}

// ---- flat, flatMap
assert.deepEqual([1, [2, [3, [4]]]].flat(), [1, 2, [3, [4]]]);
assert.deepEqual([1, [2, [3, [4]]]].flat(Infinity), [1, 2, 3, 4]);
assert.deepEqual([1, , [2, , 3]].flat(), [1, 2, 3]);
assert.deepEqual([[1]].flat(0), [[1]]);
assert.deepEqual([1, 2].flatMap(x => [x, [x]]), [1, [1], 2, [2]]);
assert.deepEqual([1].flatMap(function () { return this.v; }, { v: 3 }), [3]);
assert.throws(RangeError, () => { let deep = []; for (let i = 0; i < 1e5; i++) deep = [deep]; deep.flat(Infinity); });

// ---- indexOf, lastIndexOf, includes
assert.sameValue([1, 2, 1].indexOf(1, 1), 2);
assert.sameValue([1, 2, 1].indexOf(1, -1), 2);
assert.sameValue([NaN].indexOf(NaN), -1);
assert.sameValue([0].indexOf(-0), 0);
assert.sameValue([1.5, 'x'].indexOf('x'), 1);
assert.sameValue(['ab'.concat('c')].indexOf('abc'), 0);
assert.sameValue([,].indexOf(undefined), -1);
assert.sameValue([1, 2, 1].lastIndexOf(1), 2);
assert.sameValue([1, 2, 1].lastIndexOf(1, 1), 0);
assert.sameValue([1, 2, 1].lastIndexOf(1, -2), 0);
assert.sameValue([1].lastIndexOf(1, undefined), 0);
assert.sameValue([1, 2].lastIndexOf(2, undefined), -1);
assert.sameValue([NaN].includes(NaN), true);
assert.sameValue([,].includes(undefined), true);
assert.sameValue([1, 2, 3].includes(1, 1), false);
assert.sameValue([1, 2, 3].includes(3, -1), true);
assert.sameValue([null].includes(undefined), false);
assert.sameValue(generic('includes', like('a'), 'a'), true);
assert.sameValue(generic('indexOf', { length: 2 ** 53 - 1, [2 ** 53 - 2]: 'z' }, 'z', 2 ** 53 - 3), 2 ** 53 - 2);
{
  const shrinking = [1, 2, 3];
  assert.sameValue(shrinking.includes(undefined, { valueOf() { shrinking.length = 1; return 0; } }), true);
}
const object = {};
assert.sameValue([{}, object].indexOf(object), 1);

// ---- join, toString, toLocaleString
assert.sameValue([1, 'a', null, undefined, true, , -5].join(), '1,a,,,true,,-5');
assert.sameValue([1, 2].join(''), '12');
assert.sameValue([1, 2].join('--'), '1--2');
assert.sameValue([1.5, -0, NaN].join(), '1.5,0,NaN');
assert.sameValue(['\u{1F600}', 7, 'x'].join('\u1234'), '\u{1F600}\u12347\u1234x');
assert.sameValue([[1, [2]], { toString: () => 'o' }].join(), '1,2,o');
assert.sameValue([].join(), '');
assert.sameValue([null].join(), '');
assert.sameValue([2147483647, -2147483648, 0, 10, 99, 100].join(' '), '2147483647 -2147483648 0 10 99 100');
assert.sameValue(generic('join', like('a', 'b'), '+'), 'a+b');
assert.throws(TypeError, () => [Symbol()].join());
assert.sameValue([1, [2, 3]].toString(), '1,2,3');
assert.sameValue(generic('toString', { join: () => 'joined' }), 'joined');
assert.sameValue(generic('toString', {}), '[object Object]');
assert.sameValue(['x', null, { toLocaleString: () => 'loc' }].toLocaleString(), 'x,,loc');
assert.throws(RangeError, () => new Array(2 ** 31).join('xx'));

// ---- reverse, toReversed
assert.deepEqual([1, 2, 3].reverse(), [3, 2, 1]);
assert.deepEqual([1, , 3, 4].reverse(), [4, 3, , 1]);
{
  const r = generic('reverse', { length: 3, 0: 'a' });
  assert(!(0 in r) && r[2] === 'a', 'reverse moves absence');
}
assert.deepEqual([1, , 3].toReversed(), [3, undefined, 1]);
assert(1 in [1, , 3].toReversed(), 'toReversed fills holes');
assert.throws(RangeError, () => generic('toReversed', { length: 2 ** 32 }));

// ---- sort, toSorted
assert.deepEqual([3, 1, 2].sort(), [1, 2, 3]);
assert.deepEqual([10, 9, 1, -1, -10, 100, 0].sort(), [-1, -10, 0, 1, 10, 100, 9]);
assert.deepEqual(['b', 'a', 'ab', ''].sort(), ['', 'a', 'ab', 'b']);
assert.deepEqual([true, 'b', 1, null, 1.5].sort(), [1, 1.5, 'b', null, true]);
assert.deepEqual([3, undefined, 1, , 2].sort(), [1, 2, 3, undefined, ,]);
assert(!(4 in [3, undefined, 1, , 2].sort()), 'sort puts holes last');
assert.deepEqual([3, 1, 2].sort((a, b) => b - a), [3, 2, 1]);
assert.deepEqual([1, 2].sort(undefined), [1, 2]);
assert.throws(TypeError, () => [1].sort(null));
assert.throws(TypeError, () => [Symbol(), 1].sort());
{
  const items = [];
  for (let i = 0; i < 1000; i++) items.push({ key: (i * 7919) % 10, i });
  items.sort((a, b) => a.key - b.key);
  for (let i = 1; i < 1000; i++) {
    assert(items[i - 1].key < items[i].key || (items[i - 1].key === items[i].key && items[i - 1].i < items[i].i), 'stable');
  }
  const numbers = Array.from({ length: 2000 }, (_, i) => (i * 48271) % 2147483647);
  const sorted = numbers.toSorted((a, b) => a - b);
  for (let i = 1; i < 2000; i++) assert(sorted[i - 1] <= sorted[i], 'ordered');
  const texts = numbers.toSorted();
  for (let i = 1; i < 2000; i++) assert(String(texts[i - 1]) <= String(texts[i]), 'ordered by digits');
  // Inconsistent comparators end, whatever the order.
  assert.sameValue(numbers.slice().sort(() => 1).length, 2000);
  assert.sameValue(numbers.slice().sort(() => NaN)[5], numbers[5]);
  assert.throws(RangeError, () => [2, 1].sort(() => { throw new RangeError(); }));
}
{
  const o = { length: 3, 0: 'c', 2: 'a' };
  generic('sort', o);
  assert(o[0] === 'a' && o[1] === 'c' && !(2 in o), 'generic sort');
  const log = [];
  const proxy = new Proxy([2, 1], { deleteProperty(t, k) { log.push(k); return delete t[k]; }, set(t, k, v) { t[k] = v; return true; } });
  proxy.sort();
  assert.sameValue(proxy[0], 1);
}
assert.deepEqual([3, , 1].toSorted(), [1, 3, undefined]);
assert(2 in [3, , 1].toSorted(), 'toSorted fills holes');
assert.throws(TypeError, () => [1].toSorted({}));
assert.throws(TypeError, () => Object.freeze([2, 1]).sort());

// ---- iterators
assert.deepEqual([...['a', 'b'].entries()], [[0, 'a'], [1, 'b']]);
assert.deepEqual([...['a', , 'b'].keys()], [0, 1, 2]);
assert.deepEqual([...['a', , 'b'].values()], ['a', undefined, 'b']);
assert.sameValue(Array.prototype[Symbol.iterator], Array.prototype.values);
{
  const it = [1][Symbol.iterator]();
  const proto = Object.getPrototypeOf(it);
  assert.sameValue(Object.prototype.toString.call(it), '[object Array Iterator]');
  assert.sameValue(it[Symbol.iterator](), it);
  assert.deepEqual(it.next(), { value: 1, done: false });
  assert.deepEqual(it.next(), { value: undefined, done: true });
  assert.throws(TypeError, () => proto.next.call({}));
  assert.throws(TypeError, () => proto.next.call(new Map().values()));
  const a = [1];
  const growing = a.values();
  growing.next();
  a.push(2);
  assert.sameValue(growing.next().value, 2);
  assert.sameValue(growing.next().done, true);
  a.push(3);
  assert.sameValue(growing.next().done, true, 'exhausted for good');
  assert.deepEqual([...generic('values', like('x', 'y'))], ['x', 'y']);
}
{
  // Changing the protocol is noticed, restoring it too.
  const next = Object.getPrototypeOf([].values()).next;
  const proto = Object.getPrototypeOf([].values());
  let calls = 0;
  proto.next = function () { calls++; return next.call(this); };
  const [x, y] = [1, 2];
  assert.sameValue(x + y, 3);
  assert(calls > 0, 'a patched next is called');
  proto.next = next;
  const values = Array.prototype[Symbol.iterator];
  Array.prototype[Symbol.iterator] = function () { return ['patched'].values(); };
  assert.sameValue([...[1, 2]][0], 'patched');
  assert.sameValue(Array.from([1, 2])[0], 'patched');
  Array.prototype[Symbol.iterator] = values;
  assert.deepEqual([...[1, 2]], [1, 2]);
  const own = [1];
  own[Symbol.iterator] = function* () { yield 'own'; };
  assert.sameValue([...own][0], 'own');
  assert.sameValue(Array.from(own)[0], 'own');
}

// ---- unscopables, shapes of the functions
{
  const u = Array.prototype[Symbol.unscopables];
  assert.sameValue(Object.getPrototypeOf(u), null);
  assert.deepEqual(Object.keys(u), ['at', 'copyWithin', 'entries', 'fill', 'find', 'findIndex', 'findLast', 'findLastIndex', 'flat', 'flatMap', 'includes', 'keys', 'toReversed', 'toSorted', 'toSpliced', 'values']);
  const lengths = { at: 1, concat: 1, copyWithin: 2, entries: 0, every: 1, fill: 1, filter: 1, find: 1, findIndex: 1, findLast: 1, findLastIndex: 1, flat: 0, flatMap: 1, forEach: 1, includes: 1, indexOf: 1, join: 1, keys: 0, lastIndexOf: 1, map: 1, pop: 0, push: 1, reduce: 1, reduceRight: 1, reverse: 0, shift: 0, slice: 2, some: 1, sort: 1, splice: 2, toLocaleString: 0, toReversed: 0, toSorted: 1, toSpliced: 2, toString: 0, unshift: 1, values: 0, with: 2 };
  for (const name in lengths) {
    assert.sameValue(Array.prototype[name].length, lengths[name], name);
    assert.sameValue(Array.prototype[name].name, name);
    const d = Object.getOwnPropertyDescriptor(Array.prototype, name);
    assert(d.writable && d.configurable && !d.enumerable, name);
    assert.throws(TypeError, () => new Array.prototype[name](), undefined, name);
  }
  for (const [name, length] of [['from', 1], ['fromAsync', 1], ['isArray', 1], ['of', 0]]) assert.sameValue(Array[name].length, length, name);
}
