// Number: every row of its table.
"use strict";
assert.sameValue(Number(), 0);
assert.sameValue(Number("12.5e1"), 125);
assert.sameValue(Number(" \n0x1F "), 31);
assert.sameValue(Number("0b101") + Number("0o17"), 20);
assert.sameValue(Number(""), 0);
assert.sameValue(Number("1_000"), NaN);
assert.sameValue(Number(null), 0);
assert.sameValue(Number(undefined), NaN);
assert.sameValue(Number(true), 1);
assert.sameValue(Number(10n ** 20n), 1e20);
assert.sameValue(Number(2n ** 53n + 1n), 2 ** 53);
assert.sameValue(typeof new Number(5), "object");
assert.sameValue(new Number(5) + 1, 6);
assert.throws(TypeError, () => Number(Symbol()));

assert.sameValue(Number.EPSILON, 2 ** -52);
assert.sameValue(Number.MAX_SAFE_INTEGER, 9007199254740991);
assert.sameValue(Number.MIN_SAFE_INTEGER, -9007199254740991);
assert.sameValue(Number.MAX_VALUE, 1.7976931348623157e308);
assert.sameValue(Number.MIN_VALUE, 5e-324);
assert.sameValue(Number.NaN, NaN);
assert.sameValue(Number.POSITIVE_INFINITY, Infinity);
assert.sameValue(Number.NEGATIVE_INFINITY, -Infinity);
assert.throws(TypeError, () => { Number.EPSILON = 1; });

assert(Number.isFinite(1) && !Number.isFinite("1") && !Number.isFinite(Infinity));
assert(Number.isInteger(5.0) && !Number.isInteger(5.5) && !Number.isInteger("5") && !Number.isInteger(Infinity));
assert(Number.isNaN(NaN) && !Number.isNaN("NaN"));
assert(Number.isSafeInteger(2 ** 53 - 1) && !Number.isSafeInteger(2 ** 53));
assert.sameValue(Number.parseFloat, parseFloat);
assert.sameValue(Number.parseInt, parseInt);

assert.sameValue((25).toString(36), "p");
assert.sameValue((-255).toString(16), "-ff");
assert.sameValue((0.5).toString(2), "0.1");
assert.sameValue((0.1).toString(2), "0.0001100110011001100110011001100110011001100110011001101");
assert.sameValue((1e21).toString(16), "3635c9adc5dea00000");
assert.sameValue((NaN).toString(16), "NaN");
assert.sameValue((-Infinity).toString(2), "-Infinity");
assert.sameValue((1e21).toString(), "1e+21");
assert.sameValue((123.456).toString(), "123.456");
assert.sameValue((1e-7).toString(), "1e-7");
assert.throws(RangeError, () => (1).toString(1));
assert.throws(RangeError, () => (1).toString(37));
assert.sameValue((7).toString(undefined), "7");
for (const x of [Math.PI, 1 / 3, 12345.678, 2 ** 40 + 0.5]) {
  for (const radix of [2, 3, 7, 16, 36]) {
    let [whole, part] = x.toString(radix).split(".");
    let value = 0;
    for (const c of [...part].reverse()) value = (value + parseInt(c, radix)) / radix;
    assert(Math.abs(parseInt(whole, radix) + value - x) < 1e-12 * x, `${x} in ${radix}`);
  }
}

assert.sameValue((1.005).toFixed(2), "1.00");
assert.sameValue((1.45).toFixed(1), "1.4");
assert.sameValue((2.5).toFixed(0), "3");
assert.sameValue((-2.5).toFixed(0), "-3");
assert.sameValue((-0.0000001).toFixed(2), "-0.00");
assert.sameValue((0).toFixed(2), "0.00");
assert.sameValue((1e21).toFixed(2), "1e+21");
assert.sameValue((123.456).toFixed(10), "123.4560000000");
assert.sameValue((0.1).toFixed(25), "0.1000000000000000055511151");
assert.sameValue((1000000000000000128).toFixed(1), "1000000000000000128.0");
assert.sameValue(NaN.toFixed(2), "NaN");
assert.throws(RangeError, () => (1).toFixed(101));
assert.throws(RangeError, () => (1).toFixed(-1));

assert.sameValue((123456).toExponential(2), "1.23e+5");
assert.sameValue((123456).toExponential(), "1.23456e+5");
assert.sameValue((0).toExponential(), "0e+0");
assert.sameValue((0.00015).toExponential(1), "1.5e-4");
assert.sameValue((25).toExponential(0), "3e+1");
assert.sameValue((-1.5e-9).toExponential(2), "-1.50e-9");
assert.sameValue(Infinity.toExponential(1000), "Infinity");
assert.throws(RangeError, () => (1).toExponential(101));

assert.sameValue((123.456).toPrecision(4), "123.5");
assert.sameValue((0.000123).toPrecision(2), "0.00012");
assert.sameValue((1e21).toPrecision(3), "1.00e+21");
assert.sameValue((1.25).toPrecision(2), "1.3");
assert.sameValue((99.99).toPrecision(3), "100");
assert.sameValue((0).toPrecision(3), "0.00");
assert.sameValue((1e-7).toPrecision(2), "1.0e-7");
assert.sameValue((123).toPrecision(), "123");
assert.sameValue((123456).toPrecision(2), "1.2e+5");
assert.throws(RangeError, () => (1).toPrecision(0));
assert.throws(RangeError, () => (1).toPrecision(101));

assert.sameValue((1234567.8915).toLocaleString(), "1,234,567.892");
assert.sameValue((-1234.5).toLocaleString(), "-1,234.5");
assert.sameValue((999).toLocaleString(), "999");
assert.sameValue(NaN.toLocaleString(), "NaN");

assert.sameValue(new Number(7).valueOf(), 7);
assert.throws(TypeError, () => Number.prototype.valueOf.call("7"));
assert.throws(TypeError, () => Number.prototype.toString.call({}));
assert.sameValue(Number.prototype.valueOf(), 0);
class Count extends Number {}
assert.sameValue(new Count("5") * 2, 10);
