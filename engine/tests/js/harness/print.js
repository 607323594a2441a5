// What the tests' host adds.
assert.sameValue(print('printed', 1, Symbol('s')), undefined);
assert.sameValue(typeof globalThis.print, 'function');
