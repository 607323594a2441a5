// Seed suite: a call inside a call.
var expected = 975000;
var result;
function add(a, b) { return (a + b) % 1000000; }
function compute(a, b) { return add(a, b); }
function bench() { let r = 0; for (let i = 0; i < 50000; i++) r = compute(i % 1000, r); result = r; }
