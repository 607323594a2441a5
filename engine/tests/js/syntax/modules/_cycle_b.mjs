import { a, early } from './_cycle_a.mjs';
export const trace = [];
export let dead;
try { a; } catch (e) { dead = e.constructor; }
export const hoisted = early();
export const b = 'b';
export const readA = () => a;
trace.push('b');
