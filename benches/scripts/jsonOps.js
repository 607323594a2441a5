// Many small objects through JSON, as handlers do.
var expected = 1070;
var result;
function bench() {
  let n = 0;
  for (let i = 0; i < 20; i++) {
    const s = JSON.stringify({ users: [{ id: i, n: 'a' }, { id: 2 }], ok: true });
    const o = JSON.parse(s);
    n += o.users.length + s.length + (o.ok ? 1 : 0) + JSON.parse('[1,2,3]')[2];
  }
  result = n;
}
