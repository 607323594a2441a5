// Plain, nested, method and recursive calls.
var expected = 6103;
var result;
function add(a, b) { return a + b; }
function twice(f, x) { return f(f(x, 1), 2); }
const obj = { k: 3, mul(x) { return x * this.k; } };
function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
function bench() {
  let acc = 0;
  for (let i = 0; i < 100; i++) acc = add(acc, twice(add, i)) + obj.mul(i) % 5;
  for (let i = 0; i < 20; i++) acc += Math.max(i, 7) + (0, add)(i, i);
  acc += fib(10);
  result = acc;
}
