// JSX in JavaScript files: the same, without types.
const Fragment = 'fragment';
const h = (tag, props, ...children) => [tag, props, ...children];
assert.deepEqual(<a b="c">d{1}</a>, ['a', { b: 'c' }, 'd', 1]);
assert.deepEqual(<>x</>, ['fragment', null, 'x']);
assert.deepEqual(<a>{[1].map((n) => <b>{n}</b>)}</a>, ['a', null, [['b', null, 1]]]);
assert.sameValue(1 < 2 && 3 > 2, true);
const a = 3, b = 1;
assert.sameValue(a < b, false);
assert.deepEqual((<a {...{ x: 1 }} y />)[1], { x: 1, y: true });
assert.throws(ReferenceError, () => <Missing />);
assert.throws(TypeError, () => { const h = 1; return <a />; });
