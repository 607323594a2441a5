// A header collection on a Map: case folding, append, get, iterate in order.
var expected = 808;
var result;
const raw = ['Host: example.com', 'Accept: text/html', 'Accept-Language: en', 'User-Agent: bench/1.0 (test)', 'X-Forwarded-For: 10.0.0.1', 'Accept-Encoding: gzip', 'Accept-Encoding: br', 'Cache-Control: no-cache', 'Content-Type: application/json', 'Content-Length: 123'];
class HeaderMap {
  constructor() { this.map = new Map(); }
  append(name, value) { const k = name.toLowerCase(); const old = this.map.get(k); this.map.set(k, old === undefined ? value : old + ', ' + value); }
  get(name) { return this.map.get(name.toLowerCase()) ?? null; }
  has(name) { return this.map.has(name.toLowerCase()); }
}
function bench() {
  let n = 0;
  for (let r = 0; r < 4; r++) {
    const h = new HeaderMap();
    for (const line of raw) { const i = line.indexOf(':'); h.append(line.slice(0, i), line.slice(i + 1).trim()); }
    for (const [k, v] of h.map) n += k.length + v.length;
    n += h.get('accept-encoding').length + (h.has('COOKIE') ? 1 : 0) + h.map.size;
  }
  result = n;
}
