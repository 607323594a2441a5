// Every round of a test starts from the same state.
assert.sameValue(globalThis.leak, undefined);
assert.sameValue([].polluted, undefined);
assert.sameValue(Object.keys(assert).includes('extra'), false);
globalThis.leak = { text: 'x'.repeat(100) };
leaked = 1;
Array.prototype.polluted = [1];
assert.extra = () => leak;
Object.defineProperty(Object.prototype, 'get', { get() { return leak; }, configurable: true });
assert.sameValue({}.get, leak);
function Point(x, y) { this.x = x; this.y = y; }
const points = [];
for (let i = 0; i < 100; i++) points.push(new Point(i, -i));
assert.sameValue(points[99].y, -99);
const wide = {};
for (let i = 0; i < 300; i++) wide['key' + i] = i;
assert.sameValue(wide.key299, 299);
delete Array.prototype.map;
assert.sameValue([].map, undefined);
