// Seed suite: indexOf and length of a constant string, 50,000 times.
var expected = 950000;
var result;
function bench() { const text = 'The quick brown fox jumps over the lazy dog'; let n = 0; for (let i = 0; i < 50000; i++) { n = (n + text.indexOf('fox')) % 1000000; n = (n + text.length) % 1000000; } result = n; }
