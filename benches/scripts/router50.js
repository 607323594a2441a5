// A table of 50 routes: exact ones in an object, parameters by segments.
var expected = 89;
var result;
const exact = {}; const params = [];
for (let i = 0; i < 40; i++) exact['/api/v1/resource' + i] = i;
for (let i = 0; i < 10; i++) params.push({ parts: ['items' + i, ':id', 'edit'], id: 100 + i });
function match(path) {
  const hit = exact[path];
  if (hit !== undefined) return hit;
  const parts = path.split('/');
  for (let i = 0; i < params.length; i++) {
    const r = params[i].parts;
    if (r.length !== parts.length - 1) continue;
    let ok = true;
    for (let j = 0; j < r.length; j++) if (r[j][0] !== ':' && r[j] !== parts[j + 1]) { ok = false; break; }
    if (ok) return params[i].id + Number(parts[2]);
  }
  return -1;
}
function bench() {
  result = (match('/api/v1/resource7') + match('/api/v1/resource39') + match('/items5/12/edit') + match('/none') + match('/items9/3/edit')) % 185;
}
