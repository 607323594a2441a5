// Functions of the global object: numbers and URIs.
"use strict";
assert(isFinite("1") && !isFinite("x") && !isFinite(Infinity) && isFinite(null));
assert(isNaN("x") && !isNaN("1") && isNaN(undefined));
assert.throws(TypeError, () => isNaN(1n));

for (const [text, expected] of [["3.14abc", 3.14], ["  -.5", -0.5], ["1e3x", 1000], ["1e", 1], ["1e+", 1], [".", NaN], ["", NaN], ["-Infinityx", -Infinity],
  ["+5", 5], ["0x10", 0], ["1_000", 1], ["5.", 5], ["-0", -0], ["1e1000", Infinity], ["\u00A07", 7], ["8\u20AC", 8], ["infinity", NaN]]) {
  assert.sameValue(parseFloat(text), expected, text);
}
assert.sameValue(parseFloat(5), 5);
assert.sameValue(parseFloat(-0), 0);
for (const [text, radix, expected] of [["42px", undefined, 42], ["0x1F", undefined, 31], ["0x1F", 16, 31], ["-0xF", 0, -15], ["101", 2, 5], ["z", 36, 35], ["9", 8, NaN],
  ["", 10, NaN], ["1", 1, NaN], ["1", 37, NaN], ["10", "16", 16], ["1e3", 10, 1], ["  12", 10, 12], ["-0", 10, -0], ["0b1", undefined, 0],
  ["9007199254740993", 10, 9007199254740992], ["123456789012345678901234567890", 10, 1.2345678901234568e29], ["7\u20AC", 10, 7]]) {
  assert.sameValue(parseInt(text, radix), expected, `${text} in ${radix}`);
}
assert.sameValue(parseInt(15.99), 15);
assert.sameValue(parseInt(1e21), 1);
assert.sameValue(parseInt(0.0000005), 5);
assert.sameValue(parseInt(null, 36), 1112745);
assert.sameValue(parseInt("1".repeat(400)), Infinity);
assert.sameValue(parseInt("f".repeat(2000), 16), Infinity);

const reserved = ";/?:@&=+$,#", kept = "azAZ09-_.!~*'()";
assert.sameValue(encodeURIComponent(kept), kept);
assert.sameValue(encodeURI(kept + reserved), kept + reserved);
assert.sameValue(encodeURIComponent(reserved), "%3B%2F%3F%3A%40%26%3D%2B%24%2C%23");
assert.sameValue(encodeURIComponent("a b\u00e9\u20AC\u{1F600}"), "a%20b%C3%A9%E2%82%AC%F0%9F%98%80");
assert.sameValue(encodeURI("http://x/\u00e9?q=a b"), "http://x/%C3%A9?q=a%20b");
assert.throws(URIError, () => encodeURI("\uD83D"));
assert.throws(URIError, () => encodeURIComponent("a\uDE00"));
assert.sameValue(decodeURIComponent("a%20b%C3%A9%E2%82%AC%F0%9F%98%80"), "a b\u00e9\u20AC\u{1F600}");
assert.sameValue(decodeURI("%3B%2f%41%20"), "%3B%2fA ");
assert.sameValue(decodeURIComponent("%3B%2f"), ";/");
assert.sameValue(decodeURIComponent("\u20AC%41"), "\u20ACA");
assert.sameValue(decodeURIComponent("plain"), "plain");
for (const bad of ["%", "%4", "%zz", "%C3", "%C3%", "%C3A9", "%C0%80", "%ED%A0%80", "%F8%80%80%80%80", "%80", "%F5%80%80%80", "%E2%82"]) {
  assert.throws(URIError, () => decodeURIComponent(bad), undefined, bad);
}
assert.sameValue(encodeURIComponent("\u20AC".repeat(20000)).length, 180000);
assert.sameValue(decodeURIComponent(encodeURIComponent("\u{1F600}a".repeat(20000))), "\u{1F600}a".repeat(20000));

assert.sameValue(escape("a b\u00e9\u20AC@*_+-./"), "a%20b%E9%u20AC@*_+-./");
assert.sameValue(unescape("a%20b%E9%u20AC%u20%zz%"), "a b\u00e9\u20AC%u20%zz%");
