// try, catch, finally: what completes a statement, what overrides what.
const run = (f) => { try { return ['return', f()]; } catch (e) { return ['throw', e]; } };
assert.deepEqual(run(() => { try { return 1; } finally { } }), ['return', 1]);
assert.deepEqual(run(() => { try { return 1; } finally { return 2; } }), ['return', 2]);
assert.deepEqual(run(() => { try { throw 1; } finally { return 2; } }), ['return', 2]);
assert.deepEqual(run(() => { try { throw 1; } catch { return 2; } finally { } }), ['return', 2]);
assert.deepEqual(run(() => { try { throw 1; } catch (e) { throw e + 1; } finally { } }), ['throw', 2]);
assert.deepEqual(run(() => { try { throw 1; } catch (e) { throw e + 1; } finally { throw 3; } }), ['throw', 3]);
assert.deepEqual(run(() => { try { return 1; } finally { throw 3; } }), ['throw', 3]);
assert.deepEqual(run(() => { try { } finally { } }), ['return', undefined]);
assert.deepEqual(run(() => { for (;;) try { return 1; } finally { break; } return 'after'; }), ['return', 'after']);
assert.deepEqual(run(() => { for (;;) try { throw 1; } finally { break; } return 'after'; }), ['return', 'after']);
assert.deepEqual(run(() => { for (let i = 0; ; i++) try { return 1; } finally { if (i < 3) continue; return i; } }), ['return', 3]);
assert.deepEqual(run(() => { l: try { return 1; } finally { break l; } return 2; }), ['return', 2]);
assert.deepEqual(run(() => { l: { try { return 1; } finally { break l; } } return 2; }), ['return', 2]);
assert.deepEqual(run(() => { try { try { return 1; } finally { throw 2; } } catch (e) { return e + 10; } }), ['return', 12]);
assert.deepEqual(run(() => { try { return (() => { throw 1; })(); } catch (e) { return 'caught ' + e; } }), ['return', 'caught 1']);
// The value of return is settled before finally runs.
assert.deepEqual(run(() => { let x = 1; try { return x; } finally { x = 2; } }), ['return', 1]);
assert.deepEqual(run(() => { const o = { x: 1 }; try { return o; } finally { o.x = 2; } })[1].x, 2);
assert.deepEqual(run(() => { let x = 1; try { throw x; } finally { x = 2; } }), ['throw', 1]);

// Order.
let log = [];
const nested = (how) => {
  log = [];
  try {
    try { log.push('t'); if (how === 'throw') throw 'x'; if (how === 'return') return 'r'; }
    finally { log.push('f1'); }
    log.push('after');
  } catch (e) { log.push('c' + e); }
  finally { log.push('f2'); }
  return 'end';
};
assert.sameValue(nested('throw'), 'end');
assert.compareArray(log, ['t', 'f1', 'cx', 'f2']);
assert.sameValue(nested('return'), 'r');
assert.compareArray(log, ['t', 'f1', 'f2']);
assert.sameValue(nested(), 'end');
assert.compareArray(log, ['t', 'f1', 'after', 'f2']);
log = [];
for (let i = 0; i < 3; i++) { try { if (i === 1) continue; log.push(i); } finally { log.push('f' + i); } }
assert.compareArray(log, [0, 'f0', 'f1', 2, 'f2']);
log = [];
outer: for (const a of [1, 2]) { try { for (const b of [1, 2]) { try { if (b === 2) continue outer; log.push(a * 10 + b); } finally { log.push('in'); } } } finally { log.push('out'); } }
assert.compareArray(log, [11, 'in', 'in', 'out', 21, 'in', 'in', 'out']);

// Anything may be thrown.
for (const value of [undefined, null, 0, NaN, '', 'x', 1n, Symbol.iterator, {}, [], () => {}]) {
  let seen = 'nothing';
  try { throw value; } catch (e) { seen = e; }
  assert.sameValue(seen, value);
}
// The parameter: a scope of its own, patterns, none at all.
const e = 'outer';
try { throw 'inner'; } catch (e) { assert.sameValue(e, 'inner'); e = 'changed'; assert.sameValue(e, 'changed'); }
assert.sameValue(e, 'outer');
try { throw { code: 1, list: [2, 3] }; } catch ({ code, list: [, second], missing = 'm' }) { assert.compareArray([code, second, missing], [1, 3, 'm']); }
try { throw [1, 2]; } catch ([a, ...b]) { assert.sameValue(a + b[0], 3); }
try { throw 1; } catch { log = 'no parameter'; }
assert.sameValue(log, 'no parameter');
assert.throws(TypeError, () => { try { throw null; } catch ({ x }) { } });
try { throw 1; } catch (v) { var v = 2; assert.sameValue(v, 2); }
assert.sameValue(v, undefined, 'the var is another binding; its initializer wrote the parameter');
try { throw 1; } catch (p) { { let p = 2; assert.sameValue(p, 2); } assert.sameValue(p, 1); }
try { throw 1; } catch (p) { for (var q of [p]) ; assert.sameValue(q, 1); }
// A throw in a catch is not caught by the same try; in a finally neither.
assert.deepEqual(run(() => { try { throw 1; } catch (e) { throw 2; } }), ['throw', 2]);
assert.deepEqual(run(() => { try { } finally { throw 2; } }), ['throw', 2]);
// Errors of the engine are caught like others.
for (const [f, Kind] of [[() => null.x, TypeError], [() => nope, ReferenceError], [() => new Array(-1), RangeError], [() => decodeURI('%'), URIError], [() => JSON.parse('{'), SyntaxError]]) {
  try { f(); assert.fail(); } catch (error) { assert(error instanceof Kind && error.constructor === Kind && typeof error.message === 'string'); }
}
const deep = (n) => { try { return deep(n + 1); } catch (error) { return error; } };
assert(deep(0) instanceof RangeError, 'stack overflow');
let unwound = 0;
const unwind = (n) => { try { if (n === 0) throw new Error('bottom'); unwind(n - 1); } finally { unwound++; } };
assert.throws(Error, () => unwind(500), /bottom/);
assert.sameValue(unwound, 501);

// In loops with closures, in expressions, many in one function.
const fs = [];
for (let i = 0; i < 3; i++) { try { throw i; } catch (x) { fs.push(() => x * 10 + i); } }
assert.compareArray(fs.map((f) => f()), [0, 11, 22]);
const count = () => { let c = 0; try { c++; try { c++; try { c++; throw 0; } finally { c++; } } catch { c++; } finally { c++; } } finally { c++; } return c; };
assert.sameValue(count(), 7);

// Generators: return() and throw() run finally; it may override.
function* g() { try { yield 1; yield 2; } catch (x) { yield 'caught ' + x; } finally { log.push('finally'); yield 'from finally'; } return 'end'; }
log = [];
let it = g();
it.next();
assert.deepEqual(it.return('r'), { value: 'from finally', done: false });
assert.deepEqual(it.next(), { value: 'r', done: true });
it = g(); it.next();
assert.deepEqual(it.throw('t'), { value: 'caught t', done: false });
assert.deepEqual(it.next(), { value: 'from finally', done: false });
assert.deepEqual(it.next(), { value: 'end', done: true });
it = g();
assert.deepEqual(it.return('early'), { value: 'early', done: true });
assert.compareArray(log, ['finally', 'finally'], 'nothing runs before the first next()');
function* override() { try { yield 1; } finally { return 'mine'; } }
it = override(); it.next();
assert.deepEqual(it.return('yours'), { value: 'mine', done: true });
it = override(); it.next();
assert.deepEqual(it.throw(new Error()), { value: 'mine', done: true });
function* again() { for (;;) try { yield 1; } finally { continue; } }
it = again(); it.next();
assert.deepEqual(it.return('x'), { value: 1, done: false });
function* thrown() { try { yield 1; } finally { throw new RangeError('finally'); } }
it = thrown(); it.next();
assert.throws(RangeError, () => it.return(1), /finally/);
assert.deepEqual(it.next(), { value: undefined, done: true });
function* inner() { try { yield 'i'; } finally { log.push('inner'); } }
function* outerGen() { try { yield* inner(); } finally { log.push('outer'); } }
log = [];
it = outerGen(); it.next(); it.return();
assert.compareArray(log, ['inner', 'outer']);

// Async.
const later = async (how) => { try { await null; if (how) throw how; return 'ok'; } catch (x) { await null; return 'caught ' + x; } finally { await null; log.push('af'); } };
log = [];
assert.sameValue(await later(), 'ok');
assert.sameValue(await later('e'), 'caught e');
assert.compareArray(log, ['af', 'af']);
await assert.rejects(RangeError, (async () => { try { return await Promise.reject(new TypeError()); } finally { throw new RangeError(); } })());
assert.sameValue(await (async () => { try { return Promise.reject(1); } catch { return 'not here'; } })().catch((r) => r), 1, 'return without await is not caught');
assert.sameValue(await (async () => { try { throw 1; } finally { return 'over'; } })(), 'over');
