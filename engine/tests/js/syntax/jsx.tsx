// JSX: elements become h(tag, props, ...children).
type Node = { tag: unknown; props: any; children: unknown[] };
const Fragment = Symbol('fragment');
const h = (tag: unknown, props: any, ...children: unknown[]): Node => ({ tag, props, children });
assert.deepEqual(<a />, { tag: 'a', props: null, children: [] });
assert.deepEqual(<a></a>, { tag: 'a', props: null, children: [] });
assert.deepEqual((<a b="c" d={1} e f-g='h' i:j="k" />).props, { b: 'c', d: 1, e: true, 'f-g': 'h', 'i:j': 'k' });
const Part = (props: object) => props;
assert.sameValue((<Part />).tag, Part);
const parts = { Part, deep: { Part }, lower: 'x' };
assert.sameValue((<parts.Part />).tag, Part);
assert.sameValue((<parts.deep.Part />).tag, Part);
assert.sameValue((<parts.lower />).tag, 'x');
assert.sameValue((<div-er />).tag, 'div-er');
class Owner { Tag = 'from this'; render() { return <this.Tag />; } }
assert.sameValue(new Owner().render().tag, 'from this');
const _low = 'underscore', $dollar = 'dollar';
assert.sameValue((<_low />).tag, 'underscore');
assert.sameValue((<$dollar />).tag, 'dollar');
// Children: text, expressions, elements, spread; empty expressions vanish.
assert.deepEqual((<p>text</p>).children, ['text']);
assert.deepEqual((<p>{1}{'two'}{null}{undefined}{false}</p>).children, [1, 'two', null, undefined, false]);
assert.deepEqual((<p>{/* nothing */}a{}b</p>).children, ['a', 'b']);
assert.deepEqual((<p><b/><i/></p>).children.map((c: Node) => c.tag), ['b', 'i']);
assert.deepEqual((<p>{...[1, 2]}{3}</p>).children, [1, 2, 3]);
// White space: lines are trimmed and joined by a space, blank lines vanish.
assert.deepEqual((<p>
  first
    second

  third {1} fourth
</p>).children, ['first second third ', 1, ' fourth']);
assert.deepEqual((<p> a  b </p>).children, [' a  b ']);
assert.deepEqual((<p>

</p>).children, []);
assert.deepEqual((<p>a{' '}
  b</p>).children, ['a', ' ', 'b']);
// Entities in text and attributes, none in expressions.
assert.deepEqual((<p>&lt;&amp;&gt;&copy;&nbsp;&#65;&#x42;&unknown; &</p>).children, ['<&>©\u00a0AB&unknown; &']);
assert.sameValue((<p t="&quot;&eacute;\n" />).props.t, '"é\\n');
assert.sameValue((<p t={'&amp;'} />).props.t, '&amp;');
assert.sameValue((<p t="two
lines" />).props.t.includes('\n'), true);
assert.deepEqual((<p t=<b/> />).props.t.tag, 'b');
// Spread attributes: later ones win; evaluated in order.
assert.deepEqual((<p a="1" {...{ a: 2, b: 3 }} b="4" />).props, { a: 2, b: '4' });
assert.deepEqual((<p {...null} />).props, {});
const log: string[] = [];
const note = (s: string) => (log.push(s), s);
<p a={note('a')} {...(note('spread'), {})} b={note('b')}>{note('child')}<b c={note('c')} /></p>;
assert.compareArray(log, ['a', 'spread', 'b', 'child', 'c']);
assert.deepEqual((<p key="k" ref={1} children="c" />).props, { key: 'k', ref: 1, children: 'c' });
// Fragments.
const fragment = <>a<b /></>;
assert.sameValue(fragment.tag, Fragment);
assert.sameValue(fragment.props, null);
assert.sameValue(fragment.children.length, 2);
assert.deepEqual((<></>).children, []);
// In every kind of expression; h is an ordinary name.
const cond = (x: boolean) => (x ? <a /> : <b />);
assert.sameValue(cond(true).tag + cond(false).tag, 'ab');
assert.sameValue((true && <a />).tag, 'a');
assert.deepEqual([1, 2].map((i) => <li key={i}>{i * 2}</li>).map((n) => n.children[0]), [2, 4]);
assert.sameValue((function () { const h = (tag: string) => 'local ' + tag; return <z />; })() as any, 'local z');
assert.sameValue((<a>{(() => <b>{<c />}</b>)()}</a>).children.length, 1);
async function later() { return <p a={await Promise.resolve(1)}>{await Promise.resolve('c')}</p>; }
assert.deepEqual(await later(), { tag: 'p', props: { a: 1 }, children: ['c'] });
function* gen(): any { yield <p>{yield 1}</p>; }
const it = gen(); it.next();
assert.deepEqual(it.next('sent').value.children, ['sent']);
const generic = <T,>(x: T) => <p>{x}</p>;
assert.deepEqual(generic<number>(5).children, [5]);
// Rendering a page.
const render = (n: any): string => n == null || n === false ? '' : Array.isArray(n) ? n.map(render).join('') : typeof n !== 'object' ? String(n) : typeof n.tag === 'function' ? render(n.tag({ ...n.props, children: n.children })) : n.tag === Fragment ? render(n.children) : `<${n.tag}>${render(n.children)}</${n.tag}>`;
const List = ({ items, children }: { items: string[]; children?: unknown }) => <ul>{items.map((i) => <li>{i}</li>)}{children}</ul>;
assert.sameValue(render(<><List items={['a', 'b']}><hr /></List>!</>), '<ul><li>a</li><li>b</li><hr></hr></ul>!');
