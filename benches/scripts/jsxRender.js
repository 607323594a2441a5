// Elements as JSX makes them, rendered to a string.
var expected = 2646;
var result;
const h = (tag, props, ...children) => ({ tag, props: props || {}, children });
const esc = (s) => { let out = ''; for (let i = 0; i < s.length; i++) { const c = s[i]; out += c === '<' ? '&lt;' : c === '&' ? '&amp;' : c; } return out; };
function render(node) {
  if (node === null || node === undefined || node === false) return '';
  if (typeof node === 'string') return esc(node);
  if (typeof node === 'number') return String(node);
  if (Array.isArray(node)) { let s = ''; for (const c of node) s += render(c); return s; }
  if (typeof node.tag === 'function') return render(node.tag({ ...node.props, children: node.children }));
  let attrs = '';
  for (const k in node.props) attrs += ' ' + k + '="' + esc(String(node.props[k])) + '"';
  return '<' + node.tag + attrs + '>' + render(node.children) + '</' + node.tag + '>';
}
const Item = ({ id, label }) => h('li', { class: 'item', 'data-id': id }, h('span', null, label), ' & ', id);
const List = ({ items, children }) => h('ul', { id: 'list' }, items.map((i) => h(Item, i)), children);
function bench() {
  const items = [];
  for (let i = 0; i < 40; i++) items.push({ id: i, label: 'Label ' + i });
  result = render(h('div', { class: 'root' }, h('h1', null, 'Title <1>'), h(List, { items }, h('li', null, 'end')))).length;
}
