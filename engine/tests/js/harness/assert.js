// The harness itself.
assert(true);
assert.throws(assert.Failure, () => assert(false, 'why'), /why/);
assert.sameValue(NaN, NaN);
assert.throws(assert.Failure, () => assert.sameValue(0, -0), /expected -0, got 0/);
assert.notSameValue(0, -0);
assert.throws(TypeError, () => null.x);
assert.throws(assert.Failure, () => assert.throws(TypeError, () => 1), /got the result 1/);
assert.compareArray([1, 2, 'x'], [1, 2, 'x']);
assert.throws(assert.Failure, () => assert.compareArray([1], [1, 2]), /expected \[1, 2\], got \[1\]/);
assert.deepEqual({ a: [1, { b: null }], c: 'x' }, { a: [1, { b: null }], c: 'x' });
assert.throws(assert.Failure, () => assert.deepEqual({ a: [1, 2] }, { a: [1, 3] }), /value.a.1: expected 3, got 2/);
assert.throws(assert.Failure, () => assert.deepEqual({ a: 1 }, { a: 1, b: 2 }), /lacks b/);
