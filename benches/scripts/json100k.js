// The same for about 100 KB.
var expected = 118033;
var result;
const text = JSON.stringify(Array.from({ length: 900 }, (_, i) => ({ id: i, name: 'Name number ' + i, address: { street: i + ' Main Street', city: 'Town', zip: String(10000 + i) }, active: i % 2 === 0, score: i * 1.25 })));
function bench() {
  const o = JSON.parse(text);
  for (const x of o) x.score += 1;
  result = JSON.stringify(o).length;
}
