export const two = 2, shared = 'two';
export class Named { static v = 1; }
export function* gen() { yield 1; }
export async function later() { return 2; }
