assert.sameValue(typeof performance.now(), 'number');
const before = performance.now();
for (let i = 0; i < 1e5; i++);
assert(performance.now() >= before);
assert(Math.abs(performance.timeOrigin + performance.now() - Date.now()) < 5000);
assert.sameValue(performance.toJSON().timeOrigin, performance.timeOrigin);
assert.sameValue(Object.prototype.toString.call(performance), '[object Performance]');
assert.sameValue(queueMicrotask.length, 1);
assert.throws(TypeError, () => queueMicrotask(1));
