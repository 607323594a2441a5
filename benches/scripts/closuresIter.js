// Closures over loop variables, a counter factory, a generator and iteration over its values.
var expected = 6615;
var result;
function counter(start) { let n = start; return { next: () => ++n, add: (k) => { n += k; return n; } }; }
function* range(a, b) { for (let i = a; i < b; i++) yield i; }
function bench() {
  const fns = [];
  for (let i = 0; i < 50; i++) fns.push(() => i * 2);
  let sum = 0;
  for (const f of fns) sum += f();
  const c = counter(10);
  for (let i = 0; i < 50; i++) sum += c.next() % 7;
  for (const v of range(0, 90)) sum += v;
  sum += [1, 2, 3].map((x) => (y) => x + y).reduce((a, f) => a + f(1), 0);
  result = sum;
}
