// Object literals, spread and small prototypes.
var expected = 1010;
var result;
function Point(x, y) { this.x = x; this.y = y; }
Point.prototype.sum = function () { return this.x + this.y; };
function bench() {
  let n = 0;
  for (let i = 0; i < 20; i++) {
    const a = { id: i, name: 'item', ok: true, tags: [i, i + 1] };
    const b = { ...a, extra: i };
    const p = new Point(i, b.extra);
    n += a.id + b.extra + p.sum() + b.tags.length + (a.ok ? 1 : 0) + { x: { y: { z: i } } }.x.y.z;
  }
  result = n;
}
