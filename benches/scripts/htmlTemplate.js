// A page of 40 rows from template literals with escaping.
var expected = 3765;
var result;
const esc = (s) => String(s).replace(/[&<>"]/g, (c) => (c === '&' ? '&amp;' : c === '<' ? '&lt;' : c === '>' ? '&gt;' : '&quot;'));
const items = Array.from({ length: 40 }, (_, i) => ({ id: i, name: 'Item <' + i + '> & "co"', price: i * 1.5 }));
function bench() {
  const rows = items.map((it) => `<tr class="${it.id % 2 ? 'odd' : 'even'}"><td>${it.id}</td><td>${esc(it.name)}</td><td>${it.price.toFixed(2)}</td></tr>`);
  const html = `<!doctype html><html><head><title>${esc('A & B')}</title></head><body><table>${rows.join('\n')}</table></body></html>`;
  result = html.length;
}
