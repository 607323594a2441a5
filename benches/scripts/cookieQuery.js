// Parses a Cookie header and a query string into objects and writes them back.
var expected = 186;
var result;
const cookie = 'session=abc123def456; theme=dark; lang=en-GB; _ga=GA1.2.1234567890.1600000000; consent=yes';
const query = '?q=hello%20world&page=3&sort=price&dir=asc&filter=a%2Cb%2Cc&empty=';
function parseCookies(header) {
  const out = {};
  for (const part of header.split(';')) {
    const eq = part.indexOf('=');
    if (eq < 0) continue;
    out[part.slice(0, eq).trim()] = part.slice(eq + 1).trim();
  }
  return out;
}
function parseQuery(q) {
  const out = {};
  for (const pair of q.slice(1).split('&')) {
    const [k, v = ''] = pair.split('=');
    out[decodeURIComponent(k)] = decodeURIComponent(v.replace(/\+/g, ' '));
  }
  return out;
}
function bench() {
  let n = 0;
  for (let i = 0; i < 3; i++) {
    const c = parseCookies(cookie), q = parseQuery(query);
    const back = Object.entries(q).map(([k, v]) => k + '=' + encodeURIComponent(v)).join('&');
    n += Object.keys(c).length + back.length - 13 + c.lang.length;
  }
  result = n;
}
