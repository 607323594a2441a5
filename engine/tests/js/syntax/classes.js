// Classes: methods, constructors, inheritance, `super`, static members, evaluation order.
class Point {
  constructor(x, y) { this.x = x; this.y = y; }
  length() { return Math.hypot(this.x, this.y); }
  get sum() { return this.x + this.y; }
  set sum(v) { this.x = v - this.y; }
  static origin() { return new this(0, 0); }
  static get zero() { return 0; }
  ['comp' + 'uted']() { return 'computed'; }
  'a string'() { return 1; }
  42() { return 42; }
  *items() { yield this.x; yield this.y; }
  async later() { return this.x; }
  async *stream() { yield this.y; }
  static async *[Symbol.asyncIterator]() { yield 's'; }
}
const p = new Point(3, 4);
assert.sameValue(p.length(), 5);
assert.sameValue(p.sum, 7);
p.sum = 10;
assert.sameValue(p.x, 6);
assert.sameValue(Point.origin().x, 0);
assert.sameValue(Point.zero, 0);
assert.sameValue(p.computed(), 'computed');
assert.sameValue(p['a string'](), 1);
assert.sameValue(p[42](), 42);
assert.compareArray([...p.items()], [6, 4]);
assert.sameValue(await p.later(), 6);
assert.sameValue((await p.stream().next()).value, 4);
for await (const s of Point) assert.sameValue(s, 's');

// The shape of a class.
assert.sameValue(typeof Point, 'function');
assert.sameValue(Point.name, 'Point');
assert.sameValue(Point.length, 2);
assert.sameValue((class {}).length, 0);
assert.deepEqual(Object.getOwnPropertyDescriptor(Point, 'prototype'), { value: Point.prototype, writable: false, enumerable: false, configurable: false });
assert.sameValue(Object.getOwnPropertyDescriptor(Point.prototype, 'length').enumerable, false);
assert.sameValue(Object.getOwnPropertyDescriptor(Point.prototype, 'sum').enumerable, false);
assert.sameValue(Point.prototype.constructor, Point);
assert.compareArray(Reflect.ownKeys(class { static m() {} static n = 1; m() {} }), ['length', 'name', 'prototype', 'm', 'n']);
assert.compareArray(Reflect.ownKeys(Point.prototype), ['42', 'constructor', 'length', 'sum', 'computed', 'a string', 'items', 'later', 'stream']);
assert.compareArray(Object.keys(p), ['x', 'y']);
assert.throws(TypeError, () => Point(1, 2), /new/);
assert.throws(TypeError, () => Point.call({}, 1, 2));
assert.throws(TypeError, () => Reflect.apply(Point, {}, []));
assert.throws(TypeError, () => new p.length());
assert.sameValue(Object.getOwnPropertyDescriptor(Point.prototype, 'sum').get.name, 'get sum');
assert.sameValue(Object.getOwnPropertyDescriptor(Point, Symbol.asyncIterator).value.name, '[Symbol.asyncIterator]');
assert.sameValue(Point.toString().startsWith('class Point {'), true);
assert.sameValue((class { static name = 'own'; }).name, 'own');
assert.sameValue((class { static name() {} }).name(), undefined);
assert.sameValue((class Inner {}).name, 'Inner');

// Bodies are strict.
assert.throws(ReferenceError, () => new (class { constructor() { undeclaredInClass = 1; } })());
assert.sameValue(new (class { who() { return (function () { return this; })(); } })().who(), undefined);
assert.throws(TypeError, () => { class A { [Object.freeze({ toString() { return 'k'; } })] = 1; static [(() => 'prototype')()]() {} } });

// The inner name is a constant, the outer a let.
class Renamed { static self() { return Renamed; } static set() { Renamed = 1; } }
const Kept = Renamed;
assert.throws(TypeError, () => Kept.set());
Renamed = null;
assert.sameValue(Kept.self(), Kept);
const Expression = class Named { static self() { return Named; } };
assert.sameValue(Expression.self(), Expression);
assert.sameValue(typeof Named, 'undefined');
assert.throws(ReferenceError, () => { class X extends X {} });
assert.throws(ReferenceError, () => { class X { [X]() {} } });

// Inheritance.
class Animal {
  constructor(name) { this.name = name; this.made = new.target.name; }
  speak() { return `${this.name} speaks`; }
  static create(...args) { return new this(...args); }
  get kind() { return 'animal'; }
}
class Dog extends Animal {
  speak() { return super.speak() + ', woof'; }
  get kind() { return 'dog of ' + super.kind; }
  static create(name) { return super.create(name.toUpperCase()); }
}
const rex = Dog.create('rex');
assert.sameValue(rex.speak(), 'REX speaks, woof');
assert.sameValue(rex.kind, 'dog of animal');
assert.sameValue(rex.made, 'Dog');
assert(rex instanceof Dog && rex instanceof Animal);
assert.sameValue(Object.getPrototypeOf(Dog), Animal);
assert.sameValue(Object.getPrototypeOf(Dog.prototype), Animal.prototype);
assert.sameValue(Dog.length, 0);
assert.sameValue(new (class extends Animal {})('a', 'b').name, 'a');

// Derived constructors.
assert.throws(ReferenceError, () => new (class extends Animal { constructor() {} })());
assert.throws(ReferenceError, () => new (class extends Animal { constructor() { this.x = 1; } })());
assert.throws(ReferenceError, () => new (class extends Animal { constructor() { super(); super(); } })());
assert.deepEqual(new (class extends Animal { constructor() { return { other: 1 }; } })(), { other: 1 });
assert.throws(TypeError, () => new (class extends Animal { constructor() { super(); return 1; } })());
assert.sameValue(new (class extends Animal { constructor() { super('n'); return undefined; } })().name, 'n');
assert.sameValue(new (class { constructor() { return 1; } })() instanceof Object, true);
assert.sameValue(new (class extends Animal { constructor() { const me = super('q'); assert.sameValue(me, this); } })().name, 'q');
assert.sameValue(new (class extends Animal { constructor() { try { this; } catch { super('caught'); } } })().name, 'caught');
assert.sameValue(new (class extends Animal { constructor(a = super('default')) {} })().name, 'default');
assert.sameValue(new (class extends Animal { constructor() { (() => (() => super('nested'))())(); } })().name, 'nested');
assert.sameValue(new (class extends Animal { constructor() { for (let i = 0; i < 1; i++) super(...['spread', i]); } })().name, 'spread');

// Super arguments run before the parent is checked; the parent is looked up dynamically.
{
  const log = [];
  class A { constructor() { log.push('A'); } }
  class B { constructor() { log.push('B'); } }
  class C extends A { constructor() { super(log.push('argument')); } }
  new C();
  Object.setPrototypeOf(C, B);
  new C();
  assert.compareArray(log, ['argument', 'A', 'argument', 'B']);
  Object.setPrototypeOf(C, Math.max);
  assert.throws(TypeError, () => new C());
  assert.sameValue(log.length, 5);
}

// extends null, extends a value that is no constructor.
class Nothing extends null { static s() { return 1; } }
assert.sameValue(Object.getPrototypeOf(Nothing.prototype), null);
assert.sameValue(Object.getPrototypeOf(Nothing), Function.prototype);
assert.sameValue(Nothing.s(), 1);
assert.throws(TypeError, () => new Nothing());
for (const wrong of [1, undefined, {}, 'x', () => {}, Math.max]) assert.throws(TypeError, () => { class X extends wrong {} });
assert.throws(TypeError, () => { const f = function () {}; f.prototype = 1; class X extends f {} });
assert.sameValue(new (class extends (0, function () { this.v = 1; }) {})().v, 1);
assert.throws(TypeError, () => { class X extends (function* () {}) {} });

// Builtins.
class Stack extends Array { top() { return this[this.length - 1]; } }
const stack = Stack.from([1, 2, 3]);
assert.sameValue(stack.top(), 3);
assert.sameValue(stack.length, 3);
assert(stack.map((x) => x) instanceof Stack);
stack[5] = 1;
assert.sameValue(stack.length, 6);
class Failure extends Error { constructor(m) { super(m); this.name = 'Failure'; } }
assert.sameValue(String(new Failure('why')), 'Failure: why');
assert(new Failure() instanceof Error);
class Counted extends Map { set(k, v) { return super.set(k, (this.get(k) ?? 0) + v); } }
assert.sameValue(new Counted([['a', 1], ['a', 2]]).get('a'), 3);
class Lazy extends Promise {}
assert(Lazy.resolve(1).then(() => {}) instanceof Lazy);
class Bytes extends Uint8Array { sum() { return this.reduce((a, b) => a + b, 0); } }
assert.sameValue(Bytes.of(1, 2, 3).sum(), 6);
class Wrapped extends String { shout() { return this.toUpperCase() + '!'; } }
assert.sameValue(new Wrapped('a').shout(), 'A!');
class Pattern extends RegExp { test(s) { return !super.test(s); } }
assert.sameValue(new Pattern('a').test('b'), true);

// super in methods, accessors, objects; its `this`; assignments.
const proto = { get v() { return this.w; }, set v(x) { this.w = x; }, m() { return this.w; } };
const object = {
  __proto__: proto, w: 1,
  get v() { return super.v + 1; }, set v(x) { super.v = x * 2; },
  m() { return super['m']() + 10; },
  write() { super.fresh = 5; return Object.hasOwn(this, 'fresh') && !('fresh' in proto); },
  bump() { super.v++; return this.w; },
  add() { super.v += 5; return this.w; },
  has() { return super.nothing?.x; },
};
assert.sameValue(object.v, 2);
object.v = 4;
assert.sameValue(object.w, 8);
assert.sameValue(object.m(), 18);
assert.sameValue(object.write(), true);
assert.sameValue(object.bump(), 9);
assert.sameValue(object.add(), 14);
assert.sameValue(object.has(), undefined);
assert.throws(ReferenceError, () => ({ m() { delete super.x; } }).m());
assert.throws(TypeError, () => ({ __proto__: null, m() { super.x(); } }).m());
const borrowed = { __proto__: { m() { return 'other'; } } };
borrowed.m = object.m;
borrowed.w = 100;
assert.sameValue(borrowed.m(), 110, 'the home object stays');
class Frozen { static m() { super.prop = 1; } }
Object.freeze(Frozen);
assert.throws(TypeError, () => Frozen.m());
// super[key]: this, then the key expression, then the prototype.
{
  class K extends Animal { constructor() { super[(super('k'), 'speak')]; } }
  assert.throws(ReferenceError, () => new K());
}

// Evaluation order: heritage, keys from top to bottom, then static fields.
{
  const log = [];
  const note = (v) => (log.push(v), v);
  class Ordered extends (note('heritage'), Object) {
    [note('a')]() {}
    static [note('b')] = note('static b');
    [note('c')] = note('never');
    static { note('block'); }
    static [note('d')]() {}
  }
  assert.compareArray(log, ['heritage', 'a', 'b', 'c', 'd', 'static b', 'block']);
  new Ordered();
  assert.sameValue(log.at(-1), 'never');
}
// Later definitions replace earlier ones.
class Twice { m() { return 1; } m() { return 2; } get g() { return 1; } g() { return 3; } static s() {} static get s() { return 4; } }
assert.sameValue(new Twice().m(), 2);
assert.sameValue(new Twice().g(), 3);
assert.sameValue(Twice.s, 4);
// Method names that look like keywords.
class Words { get() { return 'get'; } set() { return 'set'; } static() { return 'static'; } async() { return 'async'; } static static() { return 'ss'; } static get() { return 'sg'; } await() { return 'await'; } delete() { return 'd'; } get get() { return 1; } static async async() { return 2; } }
assert.sameValue(new Words().static() + new Words().set() + new Words().async() + Words.static() + Words.get() + new Words().delete(), 'staticsetasyncsssgd');
assert.sameValue(new Words().get, 1);
// new.target through Reflect.construct.
const made = Reflect.construct(Animal, ['r'], Dog);
assert.sameValue(Object.getPrototypeOf(made), Dog.prototype);
assert.sameValue(made.made, 'Dog');
// instanceof and Symbol.hasInstance.
class Even { static [Symbol.hasInstance](n) { return n % 2 === 0; } }
assert.sameValue(2 instanceof Even, true);
assert.sameValue(1 instanceof Even, false);
// Mixins.
const Loud = (B) => class extends B { speak() { return super.speak().toUpperCase(); } };
assert.sameValue(new (Loud(Loud(Dog)))('x').speak(), 'X SPEAKS, WOOF');
// A hundred methods, a deep chain.
let Deep = class { depth() { return 0; } };
for (let i = 0; i < 50; i++) Deep = class extends Deep { depth() { return super.depth() + 1; } };
assert.sameValue(new Deep().depth(), 50);
