export let value = 1;
export function add(a, b) { return a + b; }
export function bump() { value++; }
export default function () { return 'default'; }
