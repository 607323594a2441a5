// Boolean: every row of its table.
"use strict";
assert.sameValue(Boolean(), false);
assert.sameValue(Boolean(""), false);
assert.sameValue(Boolean("0"), true);
assert.sameValue(Boolean(NaN), false);
assert.sameValue(Boolean([]), true);
assert.sameValue(Boolean.length, 1);
assert.sameValue(typeof new Boolean(0), "object");
assert.sameValue(new Boolean(1).valueOf(), true);
assert.sameValue(new Boolean(0).toString(), "false");
assert.sameValue(new Boolean(1).toString(), "true");
assert.sameValue(true.toString(), "true");
assert.sameValue(false.valueOf(), false);
assert.sameValue(new Boolean(1) == true, true);
assert.sameValue(Boolean.prototype.valueOf(), false);
assert.sameValue(Object.prototype.toString.call(Boolean.prototype), "[object Boolean]");
assert.throws(TypeError, () => Boolean.prototype.valueOf.call(1));
assert.throws(TypeError, () => Boolean.prototype.toString.call({}));
class Flag extends Boolean {}
assert.sameValue(new Flag(true).valueOf(), true);
assert(new Flag(true) instanceof Flag);
