// Fields, private names, static blocks.
class Fields {
  a = 1;
  b = this.a + 1;
  c;
  'd e' = 4;
  5 = 'five';
  ['f' + 1] = () => this;
  static s = 'static';
  static t = this.s + '!';
  static u;
  get = 'get'; set = 'set'; static = 'static'; async = 'async';
  static async = 'sa';
}
const f = new Fields();
assert.compareArray([f.a, f.b, f.c, f['d e'], f[5], f.f1()], [1, 2, undefined, 4, 'five', f]);
assert.compareArray([Fields.s, Fields.t, Fields.u, Fields.async], ['static', 'static!', undefined, 'sa']);
assert.compareArray([f.get, f.set, f.static, f.async], ['get', 'set', 'static', 'async']);
assert.sameValue(Object.hasOwn(f, 'c'), true);
assert.compareArray(Object.keys(f), ['5', 'a', 'b', 'c', 'd e', 'f1', 'get', 'set', 'static', 'async']);
assert.deepEqual(Object.getOwnPropertyDescriptor(f, 'a'), { value: 1, writable: true, enumerable: true, configurable: true });

// Each object has its own; the initializer runs each time, before the constructor's body, after super.
let made = 0;
class Each { n = ++made; list = []; constructor() { this.seen = this.n; } }
assert.notSameValue(new Each().list, new Each().list);
assert.sameValue(new Each().seen, 3);
{
  const log = [];
  class A { x = log.push('A field'); constructor() { log.push('A'); } }
  class B extends A { y = log.push('B field'); constructor() { log.push('before'); super(); log.push('B'); } }
  new B();
  assert.compareArray(log, ['before', 'A field', 'A', 'B field', 'B']);
}
// Defined, not assigned: setters of the prototype do not run.
class Setter { set v(x) { throw new Error('ran'); } }
class Definer extends Setter { v = 1; static name = 'N'; }
assert.sameValue(new Definer().v, 1);
assert.sameValue(Definer.name, 'N');
assert.throws(TypeError, () => new (class extends (function () { return Object.freeze({}); }) { x = 1; })());
// Functions take the field's name.
class Named { f = () => {}; static g = function () {}; ['h'] = class {}; #p = () => {}; p() { return this.#p; } 'q r' = () => {}; }
assert.compareArray([new Named().f.name, Named.g.name, new Named().h.name, new Named().p().name, new Named()['q r'].name], ['f', 'g', 'h', '#p', 'q r']);
// `arguments` is no name there, new.target is undefined.
assert.sameValue(new (class { t = new.target; })().t, undefined);
assert.sameValue((class { static t = new.target; }).t, undefined);
// Keys are evaluated once.
let keys = 0;
class Keyed { [++keys] = keys; }
new Keyed(); new Keyed();
assert.sameValue(keys, 1);
assert.throws(Error, () => { class X { [(() => { throw new Error('key'); })()] = 1; } }, /key/);
// super in initializers.
class Parent { v() { return 'parent'; } static w() { return 'static parent'; } }
class Child extends Parent { own = super.v(); arrow = () => super.v(); static own = super.w(); }
assert.compareArray([new Child().own, new Child().arrow(), Child.own], ['parent', 'parent', 'static parent']);
// ASI
class Lines {
  a
  b = 2
  c = 3;
  ['k'] = 4
  static
  d
  get
  e() { return 5; }
}
assert.sameValue(new Lines().e, 5);
assert.sameValue('d' in Lines, true);

// Private names.
class Account {
  #balance = 0;
  static #count = 0;
  #log = [];
  constructor(start = 0) { this.#balance = start; Account.#count++; }
  deposit(n) { this.#balance += n; this.#note('deposit'); return this; }
  #note(what) { this.#log.push(what); }
  get #last() { return this.#log.at(-1); }
  set #last(v) { this.#log.push(v); }
  last() { return this.#last; }
  mark(v) { this.#last = v; return this; }
  get balance() { return this.#balance; }
  static get count() { return Account.#count; }
  static has(o) { return #balance in o; }
  same(other) { return this.#balance === other.#balance; }
  bump() { return [this.#balance++, ++this.#balance, this.#balance--, (this.#balance **= 2)]; }
  static #hidden() { return 'hidden'; }
  static reveal() { return this.#hidden(); }
  logical() { this.#balance &&= 7; this.#balance ||= 8; this.#balance ??= 9; return this.#balance; }
  destructure() { ({ a: this.#balance, ...this.#log } = { a: 1, b: 2 }); [this.#balance] = [this.#balance + 1]; return this.#balance; }
  optional(o) { return o?.#balance; }
  tag(x) { return this.#tagged`a${x}b`; }
  #tagged(s, x) { return s[0] + x + s[1] + (this instanceof Account); }
}
const account = new Account(5);
assert.sameValue(account.deposit(10).balance, 15);
assert.sameValue(account.last(), 'deposit');
assert.sameValue(account.mark('x').last(), 'x');
assert.sameValue(Account.count, 1);
assert.sameValue(account.same(new Account(15)), true);
assert.compareArray(new Account(1).bump(), [1, 3, 3, 4]);
assert.sameValue(Account.reveal(), 'hidden');
assert.sameValue(new Account(1).logical(), 7);
assert.sameValue(new Account(0).logical(), 8);
assert.sameValue(new Account(3).destructure(), 2);
assert.sameValue(account.optional(null), undefined);
assert.sameValue(account.optional(account), 15);
assert.sameValue(account.tag(1), 'a1btrue');
assert.compareArray(Reflect.ownKeys(account), []);
assert.sameValue(account['#balance'], undefined);
assert.sameValue(Account.has(account), true);
assert.sameValue(Account.has({}), false);
assert.throws(TypeError, () => Account.has(1));
assert.throws(TypeError, () => account.same({}));
assert.throws(TypeError, () => account.same(1));
assert.throws(TypeError, () => account.same(undefined));
assert.throws(TypeError, () => Account.prototype.deposit.call({}, 1));
assert.throws(TypeError, () => (class extends Account {}).reveal(), undefined);
assert.throws(TypeError, () => Account.prototype.deposit.call(new Proxy(account, {}), 1));

// Private methods cannot be written, getters without a setter neither.
class Methods {
  #m() {} get #g() { return 1; } set #s(v) { this.v = v; }
  setM() { this.#m = 1; } setG() { this.#g = 1; } getS() { return this.#s; } setS() { this.#s = 1; return this.v; }
  has() { return #m in this && #g in this && #s in this; }
  same(o) { return this.#m === o.#m; }
}
assert.throws(TypeError, () => new Methods().setM());
assert.throws(TypeError, () => new Methods().setG());
assert.throws(TypeError, () => new Methods().getS());
assert.sameValue(new Methods().setS(), 1);
assert.sameValue(new Methods().has(), true);
assert.sameValue(new Methods().same(new Methods()), true, 'one function for all');
// Each evaluation of a class makes names of its own.
const make = () => class { #x = 1; read(o) { return o.#x; } };
const First = make(), Second = make();
assert.sameValue(new First().read(new First()), 1);
assert.throws(TypeError, () => new First().read(new Second()));
// The same name inside another class is another name.
class Outer { #x = 'outer'; inner() { const o = this; return new (class { #x = 'inner'; both() { return this.#x; } })().both() + this.#x; } static Nested = class { peek(o) { return o.#x; } }; }
assert.sameValue(new Outer().inner(), 'innerouter');
assert.sameValue(new Outer.Nested().peek(new Outer()), 'outer');
// Fields may be added to any object by returning it; twice is an error.
class Stamp extends (function (o) { return o; }) { #mark = 1; static is(o) { return #mark in o; } }
const stamped = {};
new Stamp(stamped);
assert.sameValue(Stamp.is(stamped), true);
assert.throws(TypeError, () => new Stamp(stamped));
const frozen = Object.freeze({});
new Stamp(frozen);
assert.sameValue(Stamp.is(frozen), true, 'freezing does not concern private names');
// Before it is initialized a name is missing.
assert.throws(TypeError, () => new (class { a = this.#b; #b = 1; })());
assert.sameValue(new (class { #b = 1; a = this.#b; })().a, 1);
assert.sameValue(new (class { a = this.#m(); #m() { return 'methods first'; } })().a, 'methods first');
class Throwing { #a = 1; b = Throwing.boom(this); static saved; static boom(o) { Throwing.saved = o; throw new Error('boom'); } static read(o) { return o.#a; } }
assert.throws(Error, () => new Throwing());
assert.sameValue(Throwing.read(Throwing.saved), 1);
// Private static, generators, async.
class Kinds { static *#gen() { yield 1; } static async #later() { return 2; } static async *#both() { yield 3; } static async all() { const out = [...Kinds.#gen(), await Kinds.#later()]; for await (const x of Kinds.#both()) out.push(x); return out; } }
assert.compareArray(await Kinds.all(), [1, 2, 3]);

// Static blocks.
class Blocks {
  static #secret = 1;
  static first = 1;
  static { this.second = this.first + Blocks.#secret; var local = 5; let other = 6; this.third = local + other; }
  static { assert.sameValue(typeof local, 'undefined'); this.get = () => Blocks.#secret; }
  static { const { a, b: [c] } = { a: 1, b: [2] }; this.fourth = a + c; }
  static {}
  static { this.target = new.target; }
}
assert.compareArray([Blocks.second, Blocks.third, Blocks.get(), Blocks.fourth, Blocks.target], [2, 11, 1, 3, undefined]);
assert.throws(Error, () => { class X { static { throw new Error('block'); } } }, /block/);
class Super2 extends Parent { static { this.from = super.w(); } }
assert.sameValue(Super2.from, 'static parent');
let reveal;
class Friend { #x = 9; static { reveal = (o) => o.#x; } }
assert.sameValue(reveal(new Friend()), 9);
