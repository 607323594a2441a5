export function swap(o) {
  let { a, b: { c = 1 } = {}, ['d' + a]: d, ...rest } = o;
  let [first, , third = a, ...others] = o.list;
  [a, o.x, o[first]] = [1, 2, 3];
  ({ a, c = 4 } = o);
  a ??= c; o.n ||= 1; o['k-1'] += 2; o[a]++;
  return `${a}:${first} ${rest.x}` + 'tail' + third + others.length + d;
}
export const chain = (o) => o?.a?.[0]?.(1).b ?? delete o?.c;
