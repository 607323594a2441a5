// Builds strings piece by piece, reads them back at the end.
var expected = 2580;
var result;
function bench() {
  let s = '';
  for (let i = 0; i < 300; i++) s += 'x' + i;
  let t = '';
  for (let i = 0; i < 200; i++) t = t + String.fromCharCode(97 + (i % 26)) + ',';
  const parts = [];
  for (let i = 0; i < 200; i++) parts.push('p', i);
  const u = parts.join('-');
  result = s.length + t.length + u.length + (s[500] === undefined ? 0 : 1);
}
