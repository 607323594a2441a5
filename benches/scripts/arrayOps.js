// map, filter, reduce, push, indexOf, slice and a counted loop over arrays of 200 numbers.
var expected = 17596;
var result;
function bench() {
  const xs = [];
  for (let i = 0; i < 200; i++) xs.push((i * 7) % 101);
  let sum = 0;
  const doubled = xs.map((x) => x * 2).filter((x) => x % 3 === 0);
  sum += doubled.reduce((a, b) => a + b, 0);
  for (let i = 0; i < xs.length; i++) sum += xs[i];
  sum += xs.indexOf(100) + xs.slice(20, 120).length + [...xs, ...doubled].length + (xs.includes(50) ? 1 : 0);
  for (const x of xs) sum += x & 7;
  result = sum;
}
