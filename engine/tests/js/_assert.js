// What tests may call. Uses little of the library, so that a broken builtin fails its own test first.
function assert(condition, message) {
  if (!condition) throw new assert.Failure(message === undefined ? 'assertion failed' : String(message));
}

assert.Failure = class AssertionError extends Error {
  get name() { return 'AssertionError'; }
};

assert.fail = function (message, detail) {
  throw new assert.Failure(message === undefined ? detail : `${message}: ${detail}`);
};

// How a value is shown in a failure.
assert.show = function (value, depth = 3) {
  if (typeof value === 'string') return '"' + value + '"';
  if (typeof value === 'bigint') return String(value) + 'n';
  if (typeof value === 'symbol') return value.toString();
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'function') return 'function ' + value.name;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Error) return value.name + ': ' + value.message;
  if (depth === 0) return '…';
  let parts = '';
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length && i < 50; i++) {
      parts += (i ? ', ' : '') + (i in value ? assert.show(value[i], depth - 1) : '<hole>');
    }
    return '[' + parts + ']';
  }
  for (const key in value) parts += (parts ? ', ' : '') + key + ': ' + assert.show(value[key], depth - 1);
  return '{' + parts + '}';
};

assert.sameValue = function (actual, expected, message) {
  if (!Object.is(actual, expected)) {
    assert.fail(message, `expected ${assert.show(expected)}, got ${assert.show(actual)}`);
  }
};

assert.notSameValue = function (actual, unexpected, message) {
  if (Object.is(actual, unexpected)) assert.fail(message, `did not expect ${assert.show(actual)}`);
};

// `error` if it was made by exactly `Expected`. `message` says what was tested, or is a RegExp that must match its message.
assert.isError = function (error, Expected, message) {
  if (typeof error !== 'object' || error === null || error.constructor !== Expected) {
    assert.fail(message, `expected ${Expected.name} to be thrown, got ${assert.show(error)}`);
  }
  if (typeof message === 'object' && !message.test(error.message)) {
    assert.fail(undefined, `expected a message like ${message}, got "${error.message}"`);
  }
  return error;
};

// Calls `f`, which must throw such an error; returns it.
assert.throws = function (Expected, f, message) {
  let result;
  try {
    result = f();
  } catch (error) {
    return assert.isError(error, Expected, message);
  }
  assert.fail(message, `expected ${Expected.name} to be thrown, got the result ${assert.show(result)}`);
};

// The same of a promise, or of a function that returns one.
assert.rejects = async function (Expected, promise, message) {
  let result;
  try {
    result = await (typeof promise === 'function' ? promise() : promise);
  } catch (error) {
    return assert.isError(error, Expected, message);
  }
  assert.fail(message, `expected a rejection with ${Expected.name}, got ${assert.show(result)}`);
};

assert.compareArray = function (actual, expected, message) {
  let same = actual.length === expected.length;
  for (let i = 0; same && i < expected.length; i++) same = Object.is(actual[i], expected[i]);
  if (!same) assert.fail(message, `expected ${assert.show([...expected])}, got ${assert.show([...actual])}`);
};

// Where two values differ, as a path; undefined if they are equal.
assert.difference = function (a, b, path, seen) {
  if (Object.is(a, b)) return undefined;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return `${path}: expected ${assert.show(b)}, got ${assert.show(a)}`;
  }
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return `${path}: other prototypes`;
  for (const [x, y] of seen) if (x === a && y === b) return undefined;
  seen = [...seen, [a, b]];
  const tag = Object.prototype.toString.call(a).slice(8, -1);
  if (tag === 'Date' || tag === 'Number' || tag === 'String' || tag === 'Boolean') {
    if (!Object.is(a.valueOf(), b.valueOf())) {
      return `${path}: expected ${assert.show(b.valueOf())}, got ${assert.show(a.valueOf())}`;
    }
  }
  if (tag === 'RegExp' && String(a) !== String(b)) return `${path}: expected ${b}, got ${a}`;
  if (tag === 'Map' || tag === 'Set') return assert.difference([...a], [...b], path + '.entries', seen);
  if (Array.isArray(a) && a.length !== b.length) return `${path}.length: expected ${b.length}, got ${a.length}`;
  const keys = Reflect.ownKeys(a);
  for (const key of Reflect.ownKeys(b)) {
    if (!keys.includes(key)) return `${path}: lacks ${String(key)}`;
  }
  for (const key of keys) {
    if (!Object.prototype.hasOwnProperty.call(b, key)) return `${path}: has ${String(key)} too many`;
    const found = assert.difference(a[key], b[key], `${path}.${String(key)}`, seen);
    if (found) return found;
  }
  return undefined;
};

assert.deepEqual = function (actual, expected, message) {
  const difference = assert.difference(actual, expected, 'value', []);
  if (difference) assert.fail(message, difference);
};
