// JSON.parse
assert.sameValue(JSON.parse('1'), 1);
assert.sameValue(JSON.parse(' \t\n\r-0 '), -0);
assert.sameValue(JSON.parse('-12'), -12);
assert.sameValue(JSON.parse('2147483648'), 2147483648);
assert.sameValue(JSON.parse('-2147483648'), -2147483648);
assert.sameValue(JSON.parse('9007199254740993'), 9007199254740992);
assert.sameValue(JSON.parse('123456789012345678901234567890'), 123456789012345678901234567890);
assert.sameValue(JSON.parse('1.5e3'), 1500);
assert.sameValue(JSON.parse('0.1'), 0.1);
assert.sameValue(JSON.parse('-0.5E-2'), -0.005);
assert.sameValue(JSON.parse('1e400'), Infinity);
assert.sameValue(JSON.parse('5e-324'), 5e-324);
assert.sameValue(JSON.parse('2.2250738585072011e-308'), 2.2250738585072011e-308);
assert.sameValue(JSON.parse('true'), true);
assert.sameValue(JSON.parse('false'), false);
assert.sameValue(JSON.parse('null'), null);
assert.sameValue(JSON.parse('""'), '');
assert.sameValue(JSON.parse('"a\\u0041\\n\\t\\b\\f\\r\\"\\\\\\/"'), 'aA\n\t\b\f\r"\\/');
assert.sameValue(JSON.parse('"\\ud83d\\ude00"'), '😀');
assert.sameValue(JSON.parse('"\\ud800"'), '\ud800');
assert.sameValue(JSON.parse('"grün ☃"'), 'grün ☃');
assert.sameValue(JSON.parse('"' + 'x'.repeat(1000) + '"').length, 1000);
assert.sameValue(JSON.parse({ toString() { return '7'; } }), 7);
assert.deepEqual(JSON.parse('[]'), []);
assert.deepEqual(JSON.parse('{}'), {});
assert.deepEqual(JSON.parse('[1,"2",[3,[4]],{"a":5}]'), [1, '2', [3, [4]], { a: 5 }]);
{
  const o = JSON.parse('{"b":1,"a":2,"1":3,"0":4,"__proto__":5,"a":6}');
  assert.sameValue(Object.keys(o).join(), '0,1,b,a,__proto__');
  assert.sameValue(o.a, 6);
  assert.sameValue(Object.getPrototypeOf(o), Object.prototype);
  assert.sameValue(Object.getOwnPropertyDescriptor(o, '__proto__').value, 5);
}
{
  // Objects of one shape, of nearly one shape, and with escapes in keys.
  const list = JSON.parse('[{"id":1,"name":"a","x":1},{"id":2,"name":"b","x":2},{"id":3,"name":"c"},{"id":4,"nom":"d"},' +
    '{"id":5,"name":"e","x":5,"y":6},{"name":"f","id":6},{},{"id":7,"name":"g","x":7},{"i\\u0064":8,"name":"h","x":9},' +
    '{"id":9,"na\\\\me":1},{"id":10,"na\\\\me":2},{"id":11,"id":12,"name":13},{"id":1,"name":2,"x":3,"id":4}]');
  assert.sameValue(JSON.stringify(list), '[{"id":1,"name":"a","x":1},{"id":2,"name":"b","x":2},{"id":3,"name":"c"},{"id":4,"nom":"d"},' +
    '{"id":5,"name":"e","x":5,"y":6},{"name":"f","id":6},{},{"id":7,"name":"g","x":7},{"id":8,"name":"h","x":9},' +
    '{"id":9,"na\\\\me":1},{"id":10,"na\\\\me":2},{"id":12,"name":13},{"id":4,"name":2,"x":3}]');
  list[2].z = 1; list[7].w = 2; delete list[0].id;
  assert.deepEqual(list[2], { id: 3, name: 'c', z: 1 });
  assert.deepEqual(list[7], { id: 7, name: 'g', x: 7, w: 2 });
  assert.deepEqual(list[0], { name: 'a', x: 1 });
}
{
  // A key whose characters would be escapes in the text.
  const tab = JSON.parse('[{"a\\tb":1},{"a\\tb":2},{"a\\tb":3}]');
  assert.sameValue(tab[2]['a\tb'], 3);
}
{
  for (const n of [3, 8, 9, 17, 33, 40, 128, 129, 300]) {
    const text = '{' + Array.from({ length: n }, (_, i) => `"k${i}":${i}`).join() + '}';
    for (let round = 0; round < 3; round++) {
      const o = JSON.parse(text);
      assert.sameValue(Object.keys(o).length, n);
      assert.sameValue(o['k' + (n - 1)], n - 1);
      assert.sameValue(JSON.stringify(o), text);
      o.extra = 1;
      assert.sameValue(o.extra, 1);
    }
  }
  const wide = JSON.parse('[' + Array.from({ length: 10000 }, (_, i) => i).join() + ']');
  assert.sameValue(wide.length, 10000);
  assert.sameValue(wide[9999], 9999);
  wide.push(1);
  assert.sameValue(wide.length, 10001);
  const nested = JSON.parse('[' + ('[' + Array.from({ length: 3000 }, (_, i) => i).join() + '],').repeat(3) + '{"a":[1]}]');
  assert.sameValue(nested[2][2999], 2999);
  assert.sameValue(nested[3].a[0], 1);
}
{
  // UTF-16 text takes the other parser.
  const o = JSON.parse('{"ключ":"значение","n":[1,2.5,-3e2,true],"k":{"ключ":"\\n"}}');
  assert.sameValue(o['ключ'], 'значение');
  assert.deepEqual(o.n, [1, 2.5, -300, true]);
  assert.sameValue(o.k['ключ'], '\n');
  assert.deepEqual(JSON.parse('["☃",{"id":1,"b":2},{"id":3,"b":4}]')[2], { id: 3, b: 4 });
}
for (const [text, message] of [
  ['', 'Unexpected end of JSON input'],
  ['{', "Expected property name or '}' in JSON at position 1 (line 1 column 2)"],
  ['[1', "Expected ',' or ']' after array element in JSON at position 2 (line 1 column 3)"],
  ['[1,]', 'Unexpected token \']\', "[1,]" is not valid JSON'],
  ['{"a":1,}', 'Expected double-quoted property name in JSON at position 7 (line 1 column 8)'],
  ['{"a" 1}', "Expected ':' after property name in JSON at position 5 (line 1 column 6)"],
  ['{"a":1 "b"}', "Expected ',' or '}' after property value in JSON at position 7 (line 1 column 8)"],
  ["{'a':1}", "Expected property name or '}' in JSON at position 1 (line 1 column 2)"],
  ['01', 'Unexpected number in JSON at position 1 (line 1 column 2)'],
  ['1 2', 'Unexpected non-whitespace character after JSON at position 2 (line 1 column 3)'],
  ['-', 'No number after minus sign in JSON at position 1 (line 1 column 2)'],
  ['1.', 'Unterminated fractional number in JSON at position 2 (line 1 column 3)'],
  ['1e+', 'Exponent part is missing a number in JSON at position 3 (line 1 column 4)'],
  ['"abc', 'Unterminated string in JSON at position 4 (line 1 column 5)'],
  ['"a\nb"', 'Bad control character in string literal in JSON at position 2 (line 1 column 3)'],
  ['"\\x"', 'Bad escaped character in JSON at position 2 (line 1 column 3)'],
  ['"\\u12g4"', 'Bad Unicode escape in JSON at position 5 (line 1 column 6)'],
  ['undefined', '"undefined" is not valid JSON'],
  ['[object Object]', '"[object Object]" is not valid JSON'],
  ['nul', 'Unexpected end of JSON input'],
  ['trux', 'Unexpected token \'x\', "trux" is not valid JSON'],
  ['\n\n  x', 'Unexpected token \'x\', "\n\n  x" is not valid JSON'],
  ['[1,2,3,4,5,6,7,8,9,10,x,11,12,13,14,15]', 'Unexpected token \'x\', ...",7,8,9,10,x,11,12,13"... is not valid JSON'],
  ['.5', 'Unexpected token \'.\', ".5" is not valid JSON'],
  ['+1', 'Unexpected token \'+\', "+1" is not valid JSON'],
]) {
  const e = assert.throws(SyntaxError, () => JSON.parse(text), text);
  if (e) assert.sameValue(e.message, message);
}
assert.throws(RangeError, () => JSON.parse('['.repeat(10_000_000)));
assert.throws(RangeError, () => JSON.parse('{"a":'.repeat(1_000_000)));
// Reviver, and what it sees of the source.
{
  const seen = [];
  const v = JSON.parse('{"a":1.50,"b":[true,"x"],"c":{"d":null}}', function (key, value, context) {
    seen.push(key + '=' + (context.source ?? ''));
    return typeof value === 'number' ? value * 2 : key === 'd' ? undefined : value;
  });
  assert.sameValue(seen.join(' '), 'a=1.50 0=true 1="x" b= d=null c= =');
  assert.sameValue(JSON.stringify(v), '{"a":3,"b":[true,"x"],"c":{}}');
  assert.sameValue(JSON.parse('[1,2,3]', (k, v) => (k === '1' ? undefined : v)).hasOwnProperty(1), false);
  const changed = [];
  JSON.parse('[1,[2,3]]', function (k, v, { source }) { if (k === '0' && this.length === 2 && typeof this[1] === 'object') this[1] = [9, 3]; changed.push(source); return v; });
  assert.sameValue(changed.join(), '1,,3,,');
  assert.sameValue(JSON.parse('"x"', (k, v) => v), 'x');
  assert.sameValue(JSON.parse('12345678901234567890', (k, v, { source }) => BigInt(source)), 12345678901234567890n);
  assert.throws(TypeError, () => JSON.parse('[1]', () => { throw new TypeError('no'); }));
}
// JSON.stringify
assert.sameValue(JSON.stringify(undefined), undefined);
assert.sameValue(JSON.stringify(() => 1), undefined);
assert.sameValue(JSON.stringify(Symbol('x')), undefined);
assert.sameValue(JSON.stringify(null), 'null');
assert.sameValue(JSON.stringify(NaN), 'null');
assert.sameValue(JSON.stringify(-Infinity), 'null');
assert.sameValue(JSON.stringify(-0), '0');
assert.sameValue(JSON.stringify(1e21), '1e+21');
assert.sameValue(JSON.stringify(0.000001), '0.000001');
assert.sameValue(JSON.stringify(1e-7), '1e-7');
for (const i of [0, 9, 10, 99, 100, 12345, 2147483647, -1, -10, -2147483648, 2147483648]) assert.sameValue(JSON.stringify(i), String(i));
assert.sameValue(JSON.stringify('a"b\\c\u0000\u001f\u2028é'), '"a\\"b\\\\c\\u0000\\u001f\u2028é"');
assert.sameValue(JSON.stringify('\b\t\n\f\r'), '"\\b\\t\\n\\f\\r"');
assert.sameValue(JSON.stringify('\ud800x\udc00\ud83d\ude00'), '"\\ud800x\\udc00😀"');
assert.sameValue(JSON.stringify('12345678"'), '"12345678\\""');
assert.sameValue(JSON.stringify('1234567\n12345678901234567\n'), '"1234567\\n12345678901234567\\n"');
for (let n = 0; n < 40; n++) assert.sameValue(JSON.stringify('x'.repeat(n)), '"' + 'x'.repeat(n) + '"');
assert.sameValue(JSON.stringify('abcdefghijklmnopqrstuvwxyz0123456789'.slice(3, 33)), '"defghijklmnopqrstuvwxyz0123456"');
assert.sameValue(JSON.stringify([undefined, () => 1, Symbol(), , null]), '[null,null,null,null,null]');
assert.sameValue(JSON.stringify({ a: undefined, b() {}, c: Symbol(), d: 1, [Symbol()]: 2 }), '{"d":1}');
assert.sameValue(JSON.stringify({ b: 1, a: 2, 1: 3, 0: 4 }), '{"0":4,"1":3,"b":1,"a":2}');
assert.sameValue(JSON.stringify([new Number(1), new String('x'), new Boolean(false), Object(2n === 2n)]), '[1,"x",false,true]');
assert.sameValue(JSON.stringify({ get a() { return 1; }, b: 2 }), '{"a":1,"b":2}');
assert.sameValue(JSON.stringify(Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true }, hidden: { value: 3 } })), '{"own":2}');
assert.sameValue(JSON.stringify(Object.assign(Object.create(null), { a: 1 })), '{"a":1}');
assert.sameValue(JSON.stringify({ a: new Map([[1, 2]]), b: new Set([1]), c: /x/, d: new Error('x') }), '{"a":{},"b":{},"c":{},"d":{}}');
assert.sameValue(JSON.stringify(new Uint8Array([1, 2])), '{"0":1,"1":2}');
assert.sameValue(JSON.stringify(new Proxy([1, 2], {})), '[1,2]');
assert.sameValue(JSON.stringify(new Proxy({ a: 1 }, {})), '{"a":1}');
assert.sameValue(JSON.stringify(new (class Foo { x = 1; #p = 2; y = [3]; })()), '{"x":1,"y":[3]}');
// toJSON
assert.sameValue(JSON.stringify({ toJSON(key) { return 'k' + key; } }), '"k"');
assert.sameValue(JSON.stringify({ a: { toJSON(key) { return key; } }, b: [{ toJSON(key) { return typeof key + key; } }] }), '{"a":"a","b":["string0"]}');
assert.sameValue(JSON.stringify(new Date(0)), '"1970-01-01T00:00:00.000Z"');
assert.sameValue(JSON.stringify({ a: { toJSON: 1 } }), '{"a":{"toJSON":1}}');
{
  class C { toJSON() { return [1]; } }
  assert.sameValue(JSON.stringify({ c: new C(), d: { e: new C() } }), '{"c":[1],"d":{"e":[1]}}');
  Object.prototype.toJSON = function () { return Array.isArray(this) ? 'A' : 'O'; };
  assert.sameValue(JSON.stringify({ a: 1 }), '"O"');
  assert.sameValue(JSON.stringify([1]), '"A"');
  delete Object.prototype.toJSON;
  assert.sameValue(JSON.stringify([{ a: 1 }]), '[{"a":1}]');
  Array.prototype.toJSON = function () { return 'A'; };
  assert.sameValue(JSON.stringify({ a: [1] }), '{"a":"A"}');
  delete Array.prototype.toJSON;
  Number.prototype.toJSON = () => 'never';
  assert.sameValue(JSON.stringify(1), '1');
  delete Number.prototype.toJSON;
}
// Objects that change while they are written.
{
  const o = { a: 1, get b() { delete o.c; o.d = 9; o.e = 5; return 2; }, c: 3, d: 4 };
  assert.sameValue(JSON.stringify(o), '{"a":1,"b":2,"d":9}');
  const list = [1, { toJSON() { list.length = 2; return 'x'; } }, 3];
  assert.sameValue(JSON.stringify(list), '[1,"x",null]');
  const grown = { x: { toJSON() { for (let i = 0; i < 200; i++) grown['k' + i] = i; return 1; } }, y: [1] };
  assert.sameValue(JSON.stringify(grown), '{"x":1,"y":[1]}');
}
// Replacers
assert.sameValue(JSON.stringify({ a: 1, b: { a: 2, c: 3 }, 1: 4 }, ['a', 'b', 1, 'a', new String('c'), {}]), '{"a":1,"b":{"a":2,"c":3},"1":4}');
assert.sameValue(JSON.stringify({ a: 1 }, []), '{}');
assert.sameValue(JSON.stringify([{ a: 1, b: 2 }], ['b']), '[{"b":2}]');
assert.sameValue(JSON.stringify({ a: 1, b: 'x' }, (k, v) => (typeof v === 'number' ? undefined : v)), '{"b":"x"}');
assert.sameValue(JSON.stringify({ a: [1, 2] }, function (k, v) { return Array.isArray(this) ? v + 1 : v; }), '{"a":[2,3]}');
{
  const keys = [];
  JSON.stringify({ a: [1, { b: 2 }] }, function (k, v) { keys.push(k + ':' + (k === '' ? Object.keys(this).length : '')); return v; });
  assert.sameValue(keys.join(), ':1,a:,0:,1:,b:');
  assert.sameValue(JSON.stringify(undefined, () => 1), '1');
}
// Indentation
assert.sameValue(JSON.stringify({ a: [1, { b: [] }], c: {} }, null, 2), '{\n  "a": [\n    1,\n    {\n      "b": []\n    }\n  ],\n  "c": {}\n}');
assert.sameValue(JSON.stringify([1], null, '--'), '[\n--1\n]');
assert.sameValue(JSON.stringify([1], null, 'abcdefghijklmn'), '[\nabcdefghij1\n]');
assert.sameValue(JSON.stringify([1], null, 100), '[\n          1\n]');
assert.sameValue(JSON.stringify([1], null, new Number(1)), '[\n 1\n]');
assert.sameValue(JSON.stringify([1], null, '→'), '[\n→1\n]');
assert.sameValue(JSON.stringify({ a: undefined }, null, 2), '{}');
assert.sameValue(JSON.stringify([1], null, 0), '[1]');
// Cycles, BigInts, depth
{
  const o = { name: 'o' };
  o.self = o;
  const e = assert.throws(TypeError, () => JSON.stringify(o));
  if (e) assert.sameValue(e.message, "Converting circular structure to JSON\n    --> starting at object with constructor 'Object'\n    --- property 'self' closes the circle");
  const a = { list: [{}] };
  a.list[0].back = a;
  const f = assert.throws(TypeError, () => JSON.stringify({ a }));
  if (f) assert.sameValue(f.message, "Converting circular structure to JSON\n    --> starting at object with constructor 'Object'\n    |     property 'list' -> object with constructor 'Array'\n    |     index 0 -> object with constructor 'Object'\n    --- property 'back' closes the circle");
  const shared = {};
  assert.sameValue(JSON.stringify([shared, shared]), '[{},{}]');
  assert.throws(TypeError, () => JSON.stringify(1n));
  assert.throws(TypeError, () => JSON.stringify({ a: [1n] }));
  BigInt.prototype.toJSON = function () { return this.toString(); };
  assert.sameValue(JSON.stringify({ a: 1n }), '{"a":"1"}');
  delete BigInt.prototype.toJSON;
  let deep = [];
  for (let i = 0; i < 1_000_000; i++) deep = [deep];
  assert.throws(RangeError, () => JSON.stringify(deep));
  assert.throws(EvalError, () => JSON.stringify({ get x() { throw new EvalError(); } }));
}
// Raw JSON
{
  const raw = JSON.rawJSON('1234567890123456789012');
  assert(JSON.isRawJSON(raw));
  assert(!JSON.isRawJSON({}));
  assert(!JSON.isRawJSON(1));
  assert.sameValue(raw.rawJSON, '1234567890123456789012');
  assert.sameValue(Object.getPrototypeOf(raw), null);
  assert(Object.isFrozen(raw));
  assert.sameValue(JSON.stringify({ raw, s: JSON.rawJSON('"☃"') }), '{"raw":1234567890123456789012,"s":"☃"}');
  for (const bad of ['', ' 1', '1 ', '{}', '[]', 'x', undefined]) assert.throws(SyntaxError, () => JSON.rawJSON(bad));
}
assert.sameValue(JSON[Symbol.toStringTag], 'JSON');
assert.sameValue(JSON.parse.length, 2);
assert.sameValue(JSON.stringify.length, 3);
assert.sameValue(JSON.stringify.name, 'stringify');
