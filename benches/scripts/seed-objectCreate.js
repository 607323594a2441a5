// Seed suite: push {id, name}, a new array beyond 100.
var expected = 5;
var result;
function bench() { let a = []; for (let i = 0; i < 50000; i++) { a.push({ id: i, name: 'item' }); if (a.length > 100) a = []; } result = a.length; }
