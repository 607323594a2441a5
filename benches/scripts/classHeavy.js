// Three levels of classes with fields, getters and super calls.
var expected = 1340;
var result;
class Shape { constructor(name) { this.name = name; this.tags = 0; } area() { return 0; } describe() { return this.name.length + this.area(); } get tagged() { return this.tags > 0; } }
class Rect extends Shape { constructor(w, h) { super('rect'); this.w = w; this.h = h; } area() { return this.w * this.h; } }
class Square extends Rect { #side; constructor(s) { super(s, s); this.#side = s; } area() { return super.area() + 0; } get side() { return this.#side; } }
function bench() {
  let sum = 0;
  for (let i = 0; i < 40; i++) {
    const s = i % 2 ? new Square(i % 9) : new Rect(i % 7, i % 5);
    sum += s.describe() + s.area();
    if (!s.tagged) s.tags = 1;
    sum += s.tags + (s instanceof Square ? s.side : 0);
  }
  result = sum;
}
