// Seed suite: a response object with a JSON body.
var expected = 114500;
var result;
function bench() { let n = 0; for (let i = 0; i < 5000; i++) { const r = { status: 200, body: JSON.stringify({ id: i % 100, name: 'User' }) }; n = (n + r.body.length) % 1000000; } result = n; }
