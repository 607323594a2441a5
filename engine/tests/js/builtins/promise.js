const log = [];
const note = (...words) => log.push(words.join(' '));
const tick = async n => { for (let i = 0; i < n; i++) await null; };

// ---- synchronous parts
assert.throws(TypeError, () => Promise(() => {}));
assert.throws(TypeError, () => new Promise());
assert.throws(TypeError, () => new Promise(1));
assert.throws(TypeError, () => Promise.prototype.then.call({}, () => {}));
assert.throws(TypeError, () => Promise.resolve.call(1, 1));
assert.throws(TypeError, () => Promise.all.call(undefined, []));
assert.sameValue(Promise.length, 1);
assert.sameValue(Promise.name, 'Promise');
assert.sameValue(Promise[Symbol.species], Promise);
assert.sameValue(Promise.prototype[Symbol.toStringTag], 'Promise');
assert.sameValue(Object.prototype.toString.call(Promise.resolve()), '[object Promise]');
assert.sameValue(Promise.prototype.constructor, Promise);
for (const [name, length] of [['all', 1], ['allSettled', 1], ['any', 1], ['race', 1], ['reject', 1], ['resolve', 1], ['try', 1], ['withResolvers', 0]]) {
  assert.sameValue(Promise[name].length, length);
  assert.sameValue(Promise[name].name, name);
}
for (const [name, length] of [['then', 2], ['catch', 1], ['finally', 1]]) assert.sameValue(Promise.prototype[name].length, length);
{
  const p = Promise.resolve(1);
  assert.sameValue(Promise.resolve(p), p);
  class Sub extends Promise {}
  assert(Sub.resolve(1) instanceof Sub);
  assert(Sub.resolve(p) !== p);
  assert(Sub.resolve(1).then() instanceof Sub);
  assert(Sub.all([]) instanceof Sub);
  class Plain extends Promise { static get [Symbol.species]() { return Promise; } }
  assert(!(Plain.resolve(1).then() instanceof Plain));
  let functions;
  new Promise((...args) => { functions = args; });
  assert.sameValue(functions.length, 2);
  assert.sameValue(functions[0].length, 1);
  assert.sameValue(functions[0].name, '');
  assert(!Object.hasOwn(functions[0], 'prototype'));
  assert.throws(TypeError, () => new functions[0]());
  const { promise, resolve, reject } = Promise.withResolvers();
  assert(promise instanceof Promise);
  assert.sameValue(resolve(1), undefined);
  assert.sameValue(reject(1), undefined);
  assert.throws(TypeError, () => Promise.resolve.call(function (executor) { executor(1, 2); }, 1));
  assert.throws(TypeError, () => Promise.resolve.call(function (executor) { executor(() => {}, () => {}); executor(() => {}, () => {}); }, 1));
}

// ---- order of jobs
async function order() {
  log.length = 0;
  Promise.resolve().then(() => note('a1')).then(() => note('a2')).then(() => note('a3')).then(() => note('a4')).then(() => note('a5'));
  (async () => { await null; note('b1'); await null; note('b2'); })();
  Promise.resolve(Promise.resolve('x')).then(v => note('c1', v));
  new Promise(resolve => resolve(Promise.resolve('y'))).then(v => note('d3', v));
  new Promise(resolve => resolve({ then(f) { note('thenable'); f('z'); } })).then(v => note('e2', v));
  (async () => Promise.resolve('w'))().then(v => note('f3', v));
  queueMicrotask(() => note('micro'));
  await tick(8);
  assert.sameValue(log.join(), 'a1,b1,c1 x,thenable,micro,a2,b2,e2 z,a3,d3 y,f3 w,a4,a5');
}

async function awaits() {
  // await of a native promise takes one tick, of a thenable three less the promise it makes.
  log.length = 0;
  (async () => { await Promise.resolve(); note('native'); })();
  (async () => { await { then(f) { f(); } }; note('thenable'); })();
  Promise.resolve().then(() => note(1)).then(() => note(2)).then(() => note(3));
  await tick(5);
  assert.sameValue(log.join(), 'native,1,thenable,2,3');
  // Several functions awaiting one promise, then() among them.
  log.length = 0;
  let resolve;
  const p = new Promise(f => { resolve = f; });
  const wait = async name => { note(name, await p); };
  wait('x');
  p.then(v => note('then', v));
  wait('y');
  wait('z');
  resolve(7);
  await tick(3);
  assert.sameValue(log.join(), 'x 7,then 7,y 7,z 7');
  log.length = 0;
  const fails = async () => { try { await Promise.reject('r'); } catch (e) { note('caught', e); throw 'again'; } finally { note('finally'); } };
  await fails().catch(e => note('outer', e));
  assert.sameValue(log.join(), 'caught r,finally,outer again');
  const broken = Promise.resolve(1);
  Object.defineProperty(broken, 'constructor', { get() { throw 'constructor'; } });
  try { await broken; note('no'); } catch (e) { note(e); }
  assert.sameValue(log.at(-1), 'constructor');
}

async function resolving() {
  let self;
  self = new Promise(f => queueMicrotask(() => f(self)));
  const e = await self.then(() => 0, e => e);
  assert(e instanceof TypeError);
  assert.sameValue(e.message, 'Chaining cycle detected for promise');
  assert.sameValue(await new Promise((f, r) => { f(1); f(2); r(3); throw 4; }), 1);
  assert.sameValue(await new Promise((f, r) => { r(3); f(1); }).catch(e => e), 3);
  assert.sameValue(await new Promise(() => { throw 4; }).catch(e => e), 4);
  // Resolved with a pending promise: nothing else counts any more.
  assert.sameValue(await new Promise((f, r) => { f(Promise.resolve(5)); r(6); f(7); }), 5);
  assert.sameValue(await new Promise(f => f({ then(g, h) { g(1); h(2); g(3); throw 4; } })), 1);
  assert.sameValue(await new Promise(f => f({ then() { throw 'thrown'; } })).catch(e => e), 'thrown');
  assert.sameValue(await new Promise(f => f({ get then() { throw 'getter'; } })).catch(e => e), 'getter');
  assert.sameValue((await new Promise(f => f({ then: 1 }))).then, 1);
  assert.sameValue(await new Promise(f => f({ then(g) { g({ then(h) { h('deep'); } }); } })), 'deep');
  const { promise, resolve } = Promise.withResolvers();
  resolve('w');
  assert.sameValue(await promise, 'w');
  assert.sameValue(await Promise.resolve(1).then(2, 3), 1);
  assert.sameValue(await Promise.reject(1).then(2).catch(e => e + 1), 2);
  assert.sameValue(await Promise.try((a, b) => a + b, 1, 2), 3);
  assert.sameValue(await Promise.try(() => { throw 'try'; }).catch(e => e), 'try');
  assert.sameValue(await Promise.try(async () => 'async'), 'async');
}

async function finallies() {
  assert.sameValue(await Promise.resolve(1).finally(() => 2), 1);
  assert.sameValue(await Promise.reject(1).finally(() => 2).catch(e => e), 1);
  assert.sameValue(await Promise.resolve(1).finally(() => { throw 3; }).catch(e => e), 3);
  assert.sameValue(await Promise.resolve(1).finally(() => Promise.reject(4)).catch(e => e), 4);
  assert.sameValue(await Promise.resolve(1).finally(function () { assert.sameValue(arguments.length, 0); }), 1);
  assert.sameValue(await Promise.resolve(1).finally(5), 1);
  let order = [];
  await Promise.resolve().finally(() => tick(3).then(() => order.push('inside'))).then(() => order.push('after'));
  assert.sameValue(order.join(), 'inside,after');
  assert.throws(TypeError, () => Promise.prototype.finally.call(1));
}

async function combinators() {
  const later = (v, n) => tick(n).then(() => v);
  const fail = (v, n) => tick(n).then(() => { throw v; });
  assert.deepEqual(await Promise.all([]), []);
  assert.deepEqual(await Promise.all([1, later(2, 3), later(3, 1), { then(f) { f(4); } }]), [1, 2, 3, 4]);
  assert.deepEqual(await Promise.all(new Set([1, 2])), [1, 2]);
  assert.sameValue(await Promise.all([later(1, 5), fail('x', 1), fail('y', 2)]).catch(e => e), 'x');
  assert.deepEqual(await Promise.allSettled([1, fail('x', 1), { then(f, g) { g('t'); } }]),
    [{ status: 'fulfilled', value: 1 }, { status: 'rejected', reason: 'x' }, { status: 'rejected', reason: 't' }]);
  assert.sameValue(await Promise.any([fail('x', 1), later('v', 3), later('w', 2)]), 'w');
  const e = await Promise.any([fail('x', 2), Promise.reject('y'), { then(f, g) { g('z'); } }]).catch(e => e);
  assert(e instanceof AggregateError);
  assert.sameValue(e.message, 'All promises were rejected');
  assert.deepEqual(e.errors, ['x', 'y', 'z']);
  assert.deepEqual((await Promise.any([]).catch(e => e)).errors, []);
  assert.sameValue(await Promise.race([later(1, 3), later(2, 1)]), 2);
  assert.sameValue(await Promise.race([later(1, 3), fail(2, 1)]).catch(e => e), 2);
  let raced = false;
  Promise.race([]).then(() => { raced = true; });
  await tick(5);
  assert(!raced);
  for (const method of ['all', 'allSettled', 'any', 'race']) {
    assert((await Promise[method](1).catch(e => e)) instanceof TypeError);
    assert.sameValue(await Promise[method]({ [Symbol.iterator]() { throw 'iter'; } }).catch(e => e), 'iter');
    // An error in between closes the iterator.
    let closed = 0;
    const iterable = { [Symbol.iterator]: () => ({ next: () => ({ done: false, value: 1 }), return() { closed++; return {}; } }) };
    const resolve = Promise.resolve;
    Promise.resolve = () => { throw 'resolve'; };
    const failed = Promise[method](iterable);
    Promise.resolve = resolve;
    assert.sameValue(await failed.catch(e => e), 'resolve');
    assert.sameValue(closed, 1);
    Promise.resolve = 1;
    const notCallable = Promise[method]([]);
    Promise.resolve = resolve;
    assert((await notCallable.catch(e => e)) instanceof TypeError);
  }
  // Elements that call back more than once, and a patched then.
  const twice = { then(f, g) { f(1); f(2); g(3); } };
  assert.deepEqual(await Promise.all([twice, later(5, 3)]), [1, 5]);
  assert.deepEqual((await Promise.allSettled([twice, later(5, 3)])).map(r => r.value), [1, 5]);
  const p = Promise.resolve(1);
  let patched = 0;
  p.then = function (...args) { patched++; return Promise.prototype.then.apply(this, args); };
  assert.deepEqual(await Promise.all([p]), [1]);
  assert.sameValue(patched, 1);
  class Sub extends Promise {}
  assert.deepEqual(await Sub.all([1, Sub.resolve(2), Promise.resolve(3)]), [1, 2, 3]);
  assert.sameValue(await Sub.race([later(1, 2), 9]), 9);
  assert.deepEqual(await Promise.all(Array.from({ length: 500 }, (_, i) => later(i, i % 7))), Array.from({ length: 500 }, (_, i) => i));
}

async function generators() {
  async function* count(n) { for (let i = 0; i < n; i++) yield i; }
  const seen = [];
  for await (const v of count(3)) seen.push(v);
  for await (const v of [Promise.resolve('a'), 'b']) seen.push(v);
  assert.sameValue(seen.join(), '0,1,2,a,b');
  let closed = 0;
  const rejecting = { [Symbol.iterator]: () => ({ next: () => ({ done: false, value: Promise.reject('r') }), return() { closed++; return {}; } }) };
  try { for await (const v of rejecting) note(v); } catch (e) { seen.push(e); }
  assert.sameValue(seen.at(-1), 'r');
  assert.sameValue(closed, 1);
  async function* outer() { return yield* [1, Promise.resolve(2)]; }
  const inner = [];
  for await (const v of outer()) inner.push(v);
  assert.sameValue(inner.join(), '1,2');
  const it = outer();
  assert.deepEqual(await it.next(), { value: 1, done: false });
  assert.deepEqual(await it.return(Promise.resolve(5)), { value: 5, done: true });
}

function classes() {
  const GeneratorFunction = Object.getPrototypeOf(function* () {}).constructor;
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
  const AsyncGeneratorFunction = Object.getPrototypeOf(async function* () {}).constructor;
  for (const [C, name] of [[GeneratorFunction, 'GeneratorFunction'], [AsyncFunction, 'AsyncFunction'], [AsyncGeneratorFunction, 'AsyncGeneratorFunction']]) {
    assert.sameValue(C.name, name);
    assert.sameValue(C.length, 1);
    assert.sameValue(Object.getPrototypeOf(C), Function);
    assert.sameValue(C.prototype[Symbol.toStringTag], name);
    assert.sameValue(Object.getPrototypeOf(C.prototype), Function.prototype);
    assert.throws(EvalError, () => C('return 1'));
    assert.throws(EvalError, () => new C('return 1'));
    const d = Object.getOwnPropertyDescriptor(C.prototype, 'constructor');
    assert(!d.writable && !d.enumerable && d.configurable);
  }
  const Generator = GeneratorFunction.prototype.prototype;
  assert.sameValue(Generator[Symbol.toStringTag], 'Generator');
  assert.sameValue(Generator.constructor, GeneratorFunction.prototype);
  assert.sameValue(Object.getPrototypeOf(Generator), Iterator.prototype);
  assert.throws(TypeError, () => Generator.next.call({}));
  const AsyncGenerator = AsyncGeneratorFunction.prototype.prototype;
  assert.sameValue(AsyncGenerator[Symbol.toStringTag], 'AsyncGenerator');
  assert.sameValue(typeof Object.getPrototypeOf(AsyncGenerator)[Symbol.asyncIterator], 'function');
  const refused = AsyncGenerator.next.call({});
  assert(refused instanceof Promise);
  refused.catch(() => {});
}

async function micro() {
  assert.throws(TypeError, () => queueMicrotask());
  let ran = 0;
  queueMicrotask(function () { ran = arguments.length + 1; });
  await null;
  assert.sameValue(ran, 1);
  // More jobs than the first ring holds.
  let n = 0;
  for (let i = 0; i < 1000; i++) queueMicrotask(() => { n++; });
  await tick(2);
  assert.sameValue(n, 1000);
  const order = [];
  for (let i = 0; i < 100; i++) Promise.resolve(i).then(v => { order.push(v); if (v < 50) queueMicrotask(() => order.push(v + 1000)); });
  await tick(4);
  assert.sameValue(order.length, 150);
  assert.sameValue(order[99], 99);
  assert.sameValue(order[100], 1000);
}

await (async () => {
  await order();
  await awaits();
  await resolving();
  await finallies();
  await combinators();
  await generators();
  classes();
  await micro();
})();
// finally of a subclass and of a foreign thenable goes through closures that hand on value or reason.
class Sub extends Promise {}
assert.sameValue(await Sub.resolve(1).finally(() => 2), 1);
await assert.rejects(RangeError, Sub.reject(new RangeError()).finally(() => 2));
await assert.rejects(TypeError, Sub.reject(new RangeError()).finally(() => { throw new TypeError(); }));
const handlers = [];
Promise.prototype.finally.call({ constructor: Promise, then(...both) { handlers.push(...both); return 'then'; } }, () => 'ignored');
assert.sameValue(await handlers[0]('value'), 'value');
await assert.rejects(RangeError, handlers[1](new RangeError()));
// Members of a class with a then() of its own are followed through element functions.
class Calls extends Promise { then(...handlers) { return super.then(...handlers); } }
assert.deepEqual(await Calls.allSettled([Calls.resolve(1), Calls.reject(2)]), [{ status: 'fulfilled', value: 1 }, { status: 'rejected', reason: 2 }]);
assert.deepEqual((await Calls.any([Calls.reject(1), Calls.reject(2)]).catch((e) => e)).errors, [1, 2]);
let element;
const once = Promise.allSettled.call(class extends Promise { static resolve() { return { then(fulfil, reject) { element = reject; reject('r'); } }; } }, [0]);
assert.sameValue(element.length, 1);
assert.sameValue(element('again'), undefined, 'works once');
assert.deepEqual(await once, [{ status: 'rejected', reason: 'r' }]);
