// Parses, changes and writes about 1 KB of JSON.
var expected = 1044;
var result;
const text = JSON.stringify({ id: 17, user: { name: 'Ada Lovelace', email: 'ada@example.com', roles: ['admin', 'dev'] }, items: Array.from({ length: 12 }, (_, i) => ({ sku: 'SKU-' + (1000 + i), qty: i + 1, price: 9.99 + i, tags: ['a', 'b'], note: null })), total: 123.45, ok: true });
function bench() {
  const o = JSON.parse(text);
  o.items[0].qty++;
  o.seen = true;
  result = JSON.stringify(o).length;
}
