// Arrow functions: bodies, lexical `this`, `arguments`, `super` and `new.target`.
assert.sameValue((() => 1)(), 1);
assert.sameValue((a => a * 2)(4), 8);
assert.sameValue(((a, b) => a + b)(1, 2), 3);
assert.sameValue((() => {})(), undefined);
assert.sameValue((() => { return 5; })(), 5);
assert.deepEqual((() => ({ a: 1 }))(), { a: 1 });
assert.sameValue((({ a }) => a)({ a: 2 }), 2);
assert.sameValue((([a, b]) => b)([1, 2]), 2);
assert.sameValue(((a = 3) => a)(), 3);
assert.sameValue(((...a) => a.length)(1, 2, 3), 3);
assert.sameValue((({ a = 5, ...r } = {}, [b] = [6], ...c) => a + b + c.length)(), 11);
assert.sameValue((a => b => c => a + b + c)(1)(2)(3), 6);
assert.sameValue((async => async + 1)(1), 2);
assert.sameValue((of => of)(3), 3);
assert.sameValue((() => { a: 1; })(), undefined, 'a block with a label');

function outer() {
  assert.sameValue((() => this)(), this);
  assert.sameValue((() => (() => this)())(), this);
  assert.sameValue((() => this).call(1), this);
  assert.sameValue((() => this).bind(1)(), this);
  assert.sameValue((() => arguments[0])(9), arguments[0]);
  assert.sameValue((() => arguments.length)(1, 2, 3), arguments.length);
  assert.sameValue((() => new.target)(), new.target);
  return () => this;
}
outer.call({}, 1);
new outer(1);
const bound = outer.call(outer, 2);
assert.sameValue(bound.call({}), outer);
assert.sameValue([1, 2].map(function () { return (() => this.v)(); }, { v: 3 })[1], 3);

class Base { who() { return 'base'; } static who() { return 'static base'; } }
class Derived extends Base {
  constructor() { const early = () => super(); early(); assert.sameValue((() => this)(), this); }
  who() { return (() => super.who() + '!')(); }
  static who() { return [1].map(() => super.who())[0]; }
  field = () => this;
}
const derived = new Derived();
assert.sameValue(derived.who(), 'base!');
assert.sameValue(Derived.who(), 'static base');
assert.sameValue(derived.field.call(null), derived);
class Late extends Base { constructor() { const get = () => this; assert.throws(ReferenceError, get); super(); assert.sameValue(get(), this); } }
new Late();

assert.throws(TypeError, () => new (() => {})());
const arrow = (a, b) => {};
assert.sameValue(arrow.length, 2);
assert.sameValue(arrow.name, 'arrow');
assert.sameValue('prototype' in arrow, false);
assert.sameValue(Object.hasOwn(arrow, 'arguments'), false);
assert.sameValue((() => {}).name, '');
assert.sameValue(((a, b = 1) => {}).length, 1);
assert.sameValue(typeof arrow, 'function');
assert.sameValue(Object.getPrototypeOf(arrow), Function.prototype);
assert.sameValue(((a) => a + 1).toString(), '(a) => a + 1');

// Precedence: the body is an assignment expression.
let x;
const assign = v => x = v;
assign(5);
assert.sameValue(x, 5);
const choose = v => v ? 'yes' : 'no';
assert.sameValue(choose(0), 'no');
const pair = (a => a, 2);
assert.sameValue(pair, 2);
assert.sameValue((true ? a => a : 0)(4), 4);
assert.deepEqual([1, 2, 3].map(n => ({ n })).filter(({ n }) => n > 1), [{ n: 2 }, { n: 3 }]);
// A line break inside the parameters and after the arrow is allowed.
const broken = (
  a,
  b,
) =>
  a + b;
assert.sameValue(broken(1, 2), 3);
// Async arrows.
assert((async () => 1)() instanceof Promise);
assert.sameValue(await (async () => 1)(), 1);
assert.sameValue(await (async x => x + 1)(1), 2);
assert.sameValue(await (async ({ a }, ...[b]) => a + b)({ a: 1 }, 2), 3);
await assert.rejects(RangeError, (async () => { throw new RangeError(); })());
await assert.rejects(ReferenceError, (async (a = b, b) => {})());
const that = this;
assert.sameValue(await (async () => this)(), that);
