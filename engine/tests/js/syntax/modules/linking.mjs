import { a, fromB, early } from './_cycle_a.mjs';
import { trace, dead, hoisted } from './_cycle_b.mjs';
import Default, * as all from './_reexport.mjs';
import { uno, dos, fallback, ns, 'a string name' as quoted, Named, gen, later } from './_reexport.mjs';
import initial, { count, up, later as assigned, x, second } from './_state.mjs';
import * as state from './_state.mjs';
import './_state.mjs';
import {} from './_state.mjs';
import { default as again } from './_state.mjs';
import * as self from './linking.mjs';
// Cycles: the dependency runs first, functions are there, other bindings in their dead zone.
assert.compareArray(trace, ['b', 'a']);
assert.sameValue(dead, ReferenceError);
assert.sameValue(hoisted, 'hoisted');
assert.sameValue(fromB, 'ba');
assert.sameValue(a + early(), 'ahoisted');
// Re-exports.
assert.compareArray([uno, dos, fallback, quoted, all.two], [1, 2, 'never by star', 1, 2]);
assert.sameValue(new Default().v, 1);
assert.sameValue(Default.name, 'default');
assert.sameValue(ns.Named, Named);
assert.compareArray([...gen()], [1]);
assert.sameValue(await later(), 2);
assert.compareArray(Object.keys(all), ['Named', 'a string name', 'default', 'dos', 'fallback', 'gen', 'later', 'ns', 'one', 'two', 'uno']);
assert.sameValue('shared' in all, false, 'ambiguous names are not exported');
// Live bindings.
assert.sameValue(count, 0);
assert.sameValue(up() + up(), 3);
assert.compareArray([count, state.count, initial, again], [2, 2, 0, 0]);
assert.compareArray([assigned, x, second], ['assigned', 1, 3]);
assert.throws(TypeError, () => { count = 5; });
assert.throws(TypeError, () => { count++; });
assert.throws(TypeError, () => { all = 1; });
assert.sameValue((() => typeof up)(), 'function');
assert.sameValue(((f) => f())(up), 3);
assert.sameValue((function () { return this; }).call(undefined), undefined, 'modules are strict');
assert.sameValue(this, undefined);
// Calls through an import have no this.
assert.sameValue((() => { const f = state.up; return f(); })(), 4);
// Namespace objects.
assert.sameValue(Object.getPrototypeOf(state), null);
assert.sameValue(state[Symbol.toStringTag], 'Module');
assert.sameValue(Object.isExtensible(state), false);
assert.sameValue(Object.isSealed(state), true);
assert.sameValue(Object.isFrozen(state), false);
assert.deepEqual({ ...Object.getOwnPropertyDescriptor(state, 'x') }, { value: 1, writable: true, enumerable: true, configurable: false });
for (const write of [() => { state.x = 1; }, () => { state.fresh = 1; }, () => { delete state.x; }, () => Object.defineProperty(state, 'x', { value: 2 }), () => Object.setPrototypeOf(state, {})]) assert.throws(TypeError, write);
assert.sameValue(delete state.missing, true);
assert.sameValue(Reflect.set(state, 'x', 1), false);
assert.sameValue(Reflect.defineProperty(state, 'x', { value: 1, writable: true, enumerable: true, configurable: false }), true);
assert.sameValue(Object.setPrototypeOf(state, null), state);
assert.sameValue(state.missing, undefined);
assert.compareArray(Object.keys(state), ['count', 'default', 'later', 'second', 'up', 'x']);
assert.compareArray(Object.entries(state).map(([k]) => k), Object.keys(state));
assert.sameValue('count' in state && !('missing' in state), true);
assert.deepEqual({ ...ns }.two, 2);
const { two, ...others } = ns;
assert.compareArray([two, Object.keys(others).length], [2, 4]);
assert.compareArray([...(function* () { for (const k in ns) yield k; })()], ['Named', 'gen', 'later', 'shared', 'two']);
// The module itself.
export const own = 1;
export { own as renamed };
export let unset;
export default function () { return 'default export'; }
assert.compareArray([self.own, self.renamed, self.default(), self.default.name], [1, 1, 'default export', 'default']);
assert.throws(ReferenceError, () => self.dead);
assert.throws(ReferenceError, () => Object.keys(self));
export const later2 = 1;
export { later2 as dead };
assert.sameValue(self.dead, 1);
// import()
const lazy = await import('./_lazy.mjs');
assert.sameValue(lazy.value, 'lazy');
assert.sameValue(lazy.default(), 'lazy');
assert.sameValue(await import('./_lazy.mjs'), lazy);
assert.sameValue(globalThis.lazyRuns, 1);
assert(import('./_lazy.mjs') instanceof Promise);
assert.sameValue(await import('./_state.mjs'), state);
await assert.rejects(RangeError, import('./_failing.mjs'), /module failed/);
await assert.rejects(RangeError, import('./_failing.mjs'));
assert.sameValue(globalThis.failingRuns, 1, 'a failed module is not run again');
assert.sameValue(await import('./_thenable.mjs'), 'thenable namespace');
const both = await Promise.all([import('./_state.mjs'), import('./_lazy.mjs')]);
assert.compareArray(both, [state, lazy]);
// import.meta
assert.sameValue(typeof import.meta, 'object');
assert.sameValue(import.meta, import.meta);
assert.sameValue(Object.getPrototypeOf(import.meta), null);
// Top-level await in every place.
assert.sameValue([await 1, await Promise.resolve(2)][1], 2);
for await (const v of [Promise.resolve(1)]) assert.sameValue(v, 1);
