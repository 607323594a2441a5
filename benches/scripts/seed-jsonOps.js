// Seed suite: stringify and parse a small object.
var expected = 10000;
var result;
function bench() { let n = 0; for (let i = 0; i < 5000; i++) { const o = JSON.parse(JSON.stringify({ users: [{ id: 1 }, { id: 2 }] })); n += o.users.length; } result = n; }
