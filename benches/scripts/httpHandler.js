// A handler: method and path dispatch, a JSON body, a response object.
var expected = 877;
var result;
function handler(request) {
  if (request.method === 'GET' && request.url.startsWith('/api/users/')) {
    const id = Number(request.url.slice(11));
    if (id % 10 === 9) return { status: 404, headers: { 'content-type': 'application/json' }, body: '{"error":"not found"}' };
    return { status: 200, headers: { 'content-type': 'application/json', 'x-id': String(id) }, body: JSON.stringify({ id, name: 'User ' + id, ok: true }) };
  }
  return { status: 405, headers: {}, body: '' };
}
function bench() {
  let n = 0;
  for (let i = 0; i < 30; i++) {
    const r = handler({ method: i % 6 === 5 ? 'POST' : 'GET', url: '/api/users/' + i, headers: { accept: '*/*' } });
    n += r.body.length + (r.status === 200 ? 1 : 0);
  }
  result = n;
}
