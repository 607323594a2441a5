// A test may await.
assert.sameValue(await Promise.resolve(3), 3);
await assert.rejects(RangeError, async () => { throw new RangeError('too far'); }, /far/);
let order = '';
const later = Promise.resolve().then(() => { order += 'b'; });
order += 'a';
await later;
assert.sameValue(order, 'ab');
