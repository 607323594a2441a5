// Seed suite: append a character 50,000 times, starting over beyond 1,000.
var expected = 951;
var result;
function bench() { let r = ''; for (let i = 0; i < 50000; i++) { r = r + 'x'; if (r.length > 1000) r = ''; } result = r.length; }
