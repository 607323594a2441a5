// Reads and writes at sites that see one and four shapes.
var expected = 40;
var result;
const shapes = [{ a: 1, v: 1 }, { b: 2, v: 2 }, { c: 3, d: 4, v: 3 }, { e: 5, f: 6, g: 7, v: 4 }];
function bench() {
  const o = { a: 1, b: 2, c: 3, d: 4, e: 5 };
  let acc = 0;
  for (let i = 0; i < 50; i++) { acc = (acc + o.a + o.b + o.c + o.d + o.e) % 1000; o.a = i % 10; acc += shapes[i & 3].v; }
  result = acc;
}
