// Seed suite: sum of five properties, one written.
var expected = 174902;
var result;
function bench() { const obj = { a: 1, b: 2, c: 3, d: 4, e: 5 }; let n = 0; for (let i = 0; i < 50000; i++) { n = (n + obj.a + obj.b + obj.c + obj.d + obj.e) % 1000000; obj.a = i % 100; } result = n; }
