// BigInt: every row of its table, and the operators.
"use strict";
assert.sameValue(typeof 1n, "bigint");
assert.sameValue(BigInt(10), 10n);
assert.sameValue(BigInt("0x1F"), 31n);
assert.sameValue(BigInt("  -12 "), -12n);
assert.sameValue(BigInt(""), 0n);
assert.sameValue(BigInt("0b101") + BigInt("0o7"), 12n);
assert.sameValue(BigInt(true), 1n);
assert.sameValue(BigInt(2 ** 60), 1152921504606846976n);
assert.sameValue(BigInt(1e30), 1000000000000000019884624838656n);
assert.sameValue(BigInt(-1e50), -100000000000000007629769841091887003294964970946560n);
assert.throws(RangeError, () => BigInt(1.5));
assert.throws(RangeError, () => BigInt(NaN));
assert.throws(SyntaxError, () => BigInt("1.5"));
assert.throws(SyntaxError, () => BigInt("-0x1"));
assert.throws(SyntaxError, () => BigInt("1n"));
assert.throws(SyntaxError, () => BigInt("1_0"));
assert.throws(TypeError, () => BigInt(undefined));
assert.throws(TypeError, () => BigInt(null));
assert.throws(TypeError, () => BigInt(Symbol()));
assert.throws(TypeError, () => new BigInt(1));

const big = 2n ** 200n + 12345678901234567890n;
assert.sameValue(big.toString(), "1606938044258990275541962092341162602522215339461694069869266");
assert.sameValue((-big).toString(16), "-10000000000000000000000000000000000ab54a98ceb1f0ad2");
assert.sameValue(BigInt(big.toString()), big);
assert.sameValue(BigInt("0x" + big.toString(16)), big);
assert.sameValue((255n).toString(36), "73");
assert.sameValue((0n).toString(2), "0");
assert.sameValue((-8n).toString(2), "-1000");
assert.throws(RangeError, () => (1n).toString(1));
assert.sameValue((-1234567n).toLocaleString(), "-1,234,567");
assert.sameValue(Object(5n).valueOf(), 5n);
assert.throws(TypeError, () => BigInt.prototype.valueOf.call(5));
assert.sameValue(Object.prototype.toString.call(1n), "[object BigInt]");

// Arithmetic over all sizes against identities.
const values = [0n, 1n, -1n, 7n, -13n, 2n ** 32n, 2n ** 63n, -(2n ** 63n), 2n ** 64n - 1n, 2n ** 64n, -(2n ** 64n), 2n ** 65n + 3n,
  10n ** 40n, -(10n ** 40n) + 1n, 2n ** 127n, 2n ** 128n - 1n, -(2n ** 128n)];
for (const a of values) {
  for (const b of values) {
    const m = `${a}, ${b}`;
    assert.sameValue(a + b - b, a, m);
    assert.sameValue(a - b, -(b - a), m);
    assert.sameValue((a + b) * (a - b), a * a - b * b, m);
    assert.sameValue((a & b) + (a | b), a + b, m);
    assert.sameValue((a ^ b) ^ b, a, m);
    assert.sameValue(~(a & b), ~a | ~b, m);
    assert.sameValue(a < b, b > a, m);
    assert.sameValue(a === b, a - b === 0n, m);
    if (b !== 0n) {
      assert.sameValue(a / b * b + a % b, a, m);
      const r = a % b;
      assert((r < 0n ? -r : r) < (b < 0n ? -b : b), m);
    }
  }
  for (const n of [0n, 1n, 31n, 62n, 63n, 64n, 65n, 200n]) {
    assert.sameValue(a << n, a * 2n ** n, `${a} << ${n}`);
    assert.sameValue(a << n >> n, a);
    assert.sameValue(a >> -n, a << n);
    const floor = (a - ((a % 2n ** n) + 2n ** n) % 2n ** n) / 2n ** n;
    assert.sameValue(a >> n, floor, `${a} >> ${n}`);
  }
  assert.sameValue(~a, -a - 1n);
  assert.sameValue(BigInt(a.toString()), a);
}
assert.sameValue(3n ** 100n % 1000007n, 3n ** 50n % 1000007n * (3n ** 50n % 1000007n) % 1000007n);
assert.sameValue((-2n) ** 3n, -8n);
assert.sameValue((-1n) ** (2n ** 100n), 1n);
assert.sameValue(0n ** 0n, 1n);
assert.sameValue(1n << 1000000n >> 999990n, 1024n);
assert.sameValue(-1n >> 10n ** 30n, -1n);
assert.sameValue(5n >> 10n ** 30n, 0n);
assert.sameValue(-7n / 2n, -3n);
assert.sameValue(-7n % 2n, -1n);
assert.throws(RangeError, () => 1n / 0n);
assert.throws(RangeError, () => 1n % 0n);
assert.throws(RangeError, () => 2n ** -1n);
assert.throws(RangeError, () => 1n << 10n ** 30n);
assert.throws(RangeError, () => 2n ** 100000000n);
assert.throws(TypeError, () => 1n + 1);
assert.throws(TypeError, () => 1n >>> 0n);
assert.throws(TypeError, () => +1n);
let counter = 2n ** 64n - 1n;
counter++;
assert.sameValue(counter, 2n ** 64n);
assert.sameValue(-counter, -(2n ** 64n));
assert.sameValue(1n + "2", "12");

// Comparison with other types.
assert(1n == 1 && 1n == "1" && 1n == true && 1n !== 1 && 0n == "");
assert(1n < 1.5 && 2n > 1.5 && -1n > -1.5 && !(1n < NaN) && !(1n > NaN));
assert(1n < "2" && !(1n < "x") && !(1n > "x"));
assert(2n ** 1030n > Number.MAX_VALUE && 2n ** 1030n < Infinity && -(2n ** 1030n) > -Infinity);
assert(2n ** 53n + 1n > 2 ** 53 && 2n ** 53n + 1n != 2 ** 53 && 10n ** 40n != 1e40);
assert(!0n && !!1n);
assert.compareArray([3n, 1, 2n].sort((a, b) => (a < b ? -1 : 1)), [1, 2n, 3n]);
assert.sameValue(new Map([[10n, "x"]]).get(10n), "x");
assert.sameValue([1n].includes(1n), true);

assert.sameValue(BigInt.asUintN(8, 257n), 1n);
assert.sameValue(BigInt.asUintN(8, -1n), 255n);
assert.sameValue(BigInt.asUintN(64, -1n), 18446744073709551615n);
assert.sameValue(BigInt.asUintN(0, 5n), 0n);
assert.sameValue(BigInt.asUintN(100, -1n), 2n ** 100n - 1n);
assert.sameValue(BigInt.asUintN(200, 2n ** 100n), 2n ** 100n);
assert.sameValue(BigInt.asIntN(8, 128n), -128n);
assert.sameValue(BigInt.asIntN(8, 127n), 127n);
assert.sameValue(BigInt.asIntN(8, -129n), 127n);
assert.sameValue(BigInt.asIntN(64, 2n ** 63n), -(2n ** 63n));
assert.sameValue(BigInt.asIntN(0, 5n), 0n);
assert.sameValue(BigInt.asIntN(1, 1n), -1n);
assert.sameValue(BigInt.asIntN(100, -(2n ** 99n)), -(2n ** 99n));
assert.sameValue(BigInt.asIntN(100, 2n ** 99n), -(2n ** 99n));
assert.throws(RangeError, () => BigInt.asIntN(-1, 0n));
assert.throws(TypeError, () => BigInt.asIntN(8, 1));
assert.sameValue(Number(2n ** 64n), 2 ** 64);
assert.sameValue(Number(-(2n ** 1024n)), -Infinity);
assert.sameValue(parseInt("9007199254740993"), 9007199254740992);
