export let count = 0;
const limit = 10;
export function next() {
  return ++count < limit ? count : early();
}
function early() { return later; }
const later = 'x';
export const callbacks = [];
for (let i = 0; i < 3; i++) callbacks.push(() => i + count);
export const self = function me(n) { return n ? () => me(n - 1) : this; };
export const arrow = (a, { b = a, ...rest } = {}, ...more) => [a, b, rest, more];
