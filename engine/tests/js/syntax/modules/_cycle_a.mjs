import { b, readA, trace } from './_cycle_b.mjs';
export let a = 'a';
export function early() { return 'hoisted'; }
trace.push('a');
export const fromB = b + readA();
