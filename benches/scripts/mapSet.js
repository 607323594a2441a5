// Maps and sets with number, string and object keys.
var expected = 58278;
var result;
function bench() {
  const m = new Map(), s = new Set(), o = new Map();
  const keys = [];
  for (let i = 0; i < 200; i++) { m.set(i * 3, i); m.set('k' + (i % 50), i); s.add(i % 77); const k = { i }; keys.push(k); o.set(k, i); }
  let n = m.size + s.size;
  for (let i = 0; i < 200; i++) { n += m.get(i * 3) + (m.has('k' + i) ? 1 : 0) + o.get(keys[i]); if (i % 4 === 0) m.delete(i * 3); }
  for (const [k, v] of m) n += typeof k === 'string' ? 1 : v;
  s.forEach((v) => { n += v; });
  m.forEach((v) => { n += v & 1; });
  result = n;
}
