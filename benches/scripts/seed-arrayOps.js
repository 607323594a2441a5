// Seed suite: push, and a for-of sum beyond 100.
var expected = 970015;
var result;
function bench() { let a = [], n = 0; for (let i = 0; i < 50000; i++) { a.push(i % 1000); if (a.length > 100) { for (const x of a) n = (n + x) % 1000000; a = []; } } result = n; }
