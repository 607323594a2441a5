// Uint8Array: base64 and hex.
const bytes = text => Uint8Array.from(text, c => c.charCodeAt(0));
const text = array => String.fromCharCode(...array);
const pairs = [['', ''], ['f', 'Zg=='], ['fo', 'Zm8='], ['foo', 'Zm9v'], ['foob', 'Zm9vYg=='], ['fooba', 'Zm9vYmE='], ['foobar', 'Zm9vYmFy']];
for (const [plain, code] of pairs) {
  assert.sameValue(bytes(plain).toBase64(), code);
  assert.sameValue(bytes(plain).toBase64({ omitPadding: true }), code.replaceAll('=', ''));
  assert.sameValue(text(Uint8Array.fromBase64(code)), plain);
  assert.sameValue(text(Uint8Array.fromBase64(code.replaceAll('=', ''))), plain);
  assert.sameValue(text(Uint8Array.fromBase64(' ' + code.split('').join('\n\t ') + '\r\f')), plain);
}
assert.sameValue(new Uint8Array([251, 255, 254]).toBase64(), '+//+');
assert.sameValue(new Uint8Array([251, 255, 254]).toBase64({ alphabet: 'base64url' }), '-__-');
assert.deepEqual([...Uint8Array.fromBase64('-__-', { alphabet: 'base64url' })], [251, 255, 254]);
assert.throws(SyntaxError, () => Uint8Array.fromBase64('-__-'));
assert.throws(SyntaxError, () => Uint8Array.fromBase64('+//+', { alphabet: 'base64url' }));
for (const bad of ['Z', 'Zg=', 'Zg===', '=', 'Zm9v=', 'Zm9vYg==x', 'Z g = x', 'Zm\u1234v', 'Zm9vY']) {
  assert.throws(SyntaxError, () => Uint8Array.fromBase64(bad), undefined, bad);
}
assert.throws(SyntaxError, () => Uint8Array.fromBase64('Zg', { lastChunkHandling: 'strict' }));
assert.throws(SyntaxError, () => Uint8Array.fromBase64('Zh==', { lastChunkHandling: 'strict' }));
assert.sameValue(text(Uint8Array.fromBase64('Zh==')), 'f');
assert.sameValue(text(Uint8Array.fromBase64('Zm9vYg', { lastChunkHandling: 'stop-before-partial' })), 'foo');
assert.sameValue(text(Uint8Array.fromBase64('Zm9vYg=', { lastChunkHandling: 'stop-before-partial' })), 'foo');
assert.throws(TypeError, () => Uint8Array.fromBase64(5));
assert.throws(TypeError, () => Uint8Array.fromBase64('', 5));
assert.throws(TypeError, () => Uint8Array.fromBase64('', { alphabet: 'x' }));
assert.throws(TypeError, () => Uint8Array.fromBase64('', { alphabet: Object('base64') }));
assert.throws(TypeError, () => Uint8Array.fromBase64('', { lastChunkHandling: 'x' }));
{
  const a = new Uint8Array(8);
  assert.deepEqual(a.setFromBase64('Zm9vYmFy'), { read: 8, written: 6 });
  assert.sameValue(text(a), 'foobar\0\0');
  const small = new Uint8Array(4);
  assert.deepEqual(small.setFromBase64('Zm9vYmFy'), { read: 4, written: 3 });
  assert.deepEqual(new Uint8Array(5).setFromBase64('Zm9vYmE='), { read: 8, written: 5 });
  assert.deepEqual(new Uint8Array(0).setFromBase64('####'), { read: 0, written: 0 });
  const partly = new Uint8Array(6);
  assert.throws(SyntaxError, () => partly.setFromBase64('Zm9v!'));
  assert.sameValue(text(partly), 'foo\0\0\0', 'what came before the error is written');
  const sub = new Uint8Array(6).subarray(2, 5);
  sub.setFromBase64('Zm9v');
  assert.sameValue(text(new Uint8Array(sub.buffer)), '\0\0foo\0');
}
assert.sameValue(bytes('\x00\x7f\xff').toHex(), '007fff');
assert.sameValue(new Uint8Array().toHex(), '');
assert.deepEqual([...Uint8Array.fromHex('007FfF')], [0, 127, 255]);
assert.throws(SyntaxError, () => Uint8Array.fromHex('0'));
assert.throws(SyntaxError, () => Uint8Array.fromHex('0g'));
assert.throws(SyntaxError, () => Uint8Array.fromHex('0\u0661'));
assert.throws(TypeError, () => Uint8Array.fromHex(1));
{
  const a = new Uint8Array(3);
  assert.deepEqual(a.setFromHex('0102'), { read: 4, written: 2 });
  assert.deepEqual(a.setFromHex('0102030405'), { read: 6, written: 3 });
  assert.throws(SyntaxError, () => a.setFromHex('09zz'));
  assert.deepEqual([...a], [9, 2, 3]);
}
for (const [name, length] of [['setFromBase64', 1], ['setFromHex', 1], ['toBase64', 0], ['toHex', 0]]) {
  assert.sameValue(Uint8Array.prototype[name].length, length, name);
  assert.throws(TypeError, () => Uint8Array.prototype[name].call(new Uint8ClampedArray(1), ''), undefined, name);
  assert.sameValue(Int8Array.prototype[name], undefined);
}
for (const name of ['fromBase64', 'fromHex']) assert.sameValue(Uint8Array[name].length, 1);
{
  const big = new Uint8Array(100000).map((_, i) => i * 31);
  assert.deepEqual(Uint8Array.fromBase64(big.toBase64()).toHex(), big.toHex());
  assert.deepEqual(Uint8Array.fromHex(big.toHex()).toBase64(), big.toBase64());
}
