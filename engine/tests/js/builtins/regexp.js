// RegExp: every row of its table, with the fast paths and without them.
"use strict";

// Constructor.
assert.sameValue(String(new RegExp("a/b", "gi")), "/a\\/b/gi");
assert.sameValue(RegExp("").source, "(?:)");
assert.sameValue(new RegExp().source, "(?:)");
assert.sameValue(new RegExp(undefined, undefined).flags, "");
assert.sameValue(new RegExp("\n\r\u2028[/]\\/").source, "\\n\\r\\u2028[/]\\/");
const re = /a(b)?/gimsuy;
assert.sameValue(RegExp(re), re);
assert.notSameValue(new RegExp(re), re);
assert.sameValue(new RegExp(re).flags, "gimsuy");
assert.sameValue(new RegExp(re, "d").flags, "d");
assert.sameValue(RegExp(re, "d").source, "a(b)?");
assert.sameValue(new RegExp({ [Symbol.match]: true, source: "x", flags: "g", constructor: null }).toString(), "/x/g");
assert.throws(SyntaxError, () => new RegExp("("));
assert.throws(SyntaxError, () => new RegExp("a", "gg"));
assert.throws(SyntaxError, () => new RegExp("a", "uv"));
assert.throws(SyntaxError, () => new RegExp("a", "x"));
assert.sameValue(RegExp[Symbol.species], RegExp);
assert.sameValue(RegExp.length, 2);
class Pattern extends RegExp {
  exec(s) { this.execs = (this.execs || 0) + 1; return super.exec(s); }
}
assert(new Pattern("a") instanceof Pattern);
assert.sameValue("banana".replace(new Pattern("a", "g"), "o"), "bonono");

// lastIndex is an own property of a certain kind.
assert.deepEqual(Object.getOwnPropertyDescriptor(/a/, "lastIndex"), { value: 0, writable: true, enumerable: false, configurable: false });
assert.compareArray(Reflect.ownKeys(/a/), ["lastIndex"]);

// Flags.
const letters = { d: "hasIndices", g: "global", i: "ignoreCase", m: "multiline", s: "dotAll", u: "unicode", v: "unicodeSets", y: "sticky" };
for (const letter in letters) {
  assert.sameValue(new RegExp("a", letter)[letters[letter]], true);
  assert.sameValue(/a/[letters[letter]], false);
  assert.sameValue(new RegExp("a", letter).flags, letter);
  assert.sameValue(RegExp.prototype[letters[letter]], undefined);
  const get = Object.getOwnPropertyDescriptor(RegExp.prototype, letters[letter]).get;
  assert.sameValue(get.name, "get " + letters[letter]);
  assert.throws(TypeError, () => get.call({}));
}
assert.sameValue(RegExp.prototype.source, "(?:)");
assert.sameValue(RegExp.prototype.flags, "");
assert.sameValue(RegExp.prototype.toString(), "/(?:)/");
assert.sameValue(RegExp.prototype.toString.call({ source: "x", flags: "y" }), "/x/y");
assert.sameValue(Object.getOwnPropertyDescriptor(RegExp.prototype, "flags").get.call({ global: 1, sticky: "y" }), "gy");

// exec and its result.
const m = /(?<year>\d{4})-(?<month>\d\d)(x)?/d.exec("on 2024-05");
assert.compareArray(m, ["2024-05", "2024", "05", undefined]);
assert.sameValue(m.index, 3);
assert.sameValue(m.input, "on 2024-05");
assert.sameValue(Object.getPrototypeOf(m.groups), null);
assert.sameValue(m.groups.year + m.groups.month, "202405");
assert.compareArray(m.indices[0], [3, 10]);
assert.sameValue(m.indices[3], undefined);
assert.compareArray(m.indices.groups.month, [8, 10]);
assert.compareArray(Object.keys(m), ["0", "1", "2", "3", "index", "input", "groups", "indices"]);
assert.sameValue(/a/.exec("b"), null);
assert.compareArray(Object.keys(/a/.exec("a")), ["0", "index", "input", "groups"]);
assert.sameValue(/a/.exec("a").groups, undefined);
assert.sameValue(/undefined/.exec().index, 0);
const same = /(?:(?<x>a)|(?<x>b))(?<y>c)/;
assert.deepEqual({ ...same.exec("bc").groups }, { x: "b", y: "c" });
assert.compareArray(Object.keys(same.exec("ac").groups), ["x", "y"]);

// lastIndex.
const g = /a./g;
assert.sameValue(g.exec("abac").index, 0);
assert.sameValue(g.lastIndex, 2);
assert.sameValue(g.exec("abac").index, 2);
assert.sameValue(g.exec("abac"), null);
assert.sameValue(g.lastIndex, 0);
g.lastIndex = 100;
assert.sameValue(g.test("ab"), false);
assert.sameValue(g.lastIndex, 0);
const y = /b/y;
assert.sameValue(y.test("ab"), false);
y.lastIndex = 1;
assert.sameValue(y.test("ab"), true);
assert.sameValue(y.lastIndex, 2);
const plain = /b/;
plain.lastIndex = 7;
assert(plain.test("ab"));
assert.sameValue(plain.lastIndex, 7);
let converted = 0;
plain.lastIndex = { valueOf() { converted++; return 0; } };
assert(plain.test("ab"));
assert.sameValue(converted, 1);
const frozen = Object.freeze(/a/g);
assert.throws(TypeError, () => frozen.test("b"));
assert.sameValue(Object.freeze(/a/).test("a"), true);
assert(!/a/y.test("ba"));
const pair = /^|\udf06/g;
assert.sameValue(/\udf06/u.exec("\ud834\udf06"), null);
const u = /./gu;
u.lastIndex = 1;
assert.sameValue(u.exec("😀")[0], "😀");

// Symbol.match.
assert.compareArray("a1b22".match(/\d+/g), ["1", "22"]);
assert.sameValue("abc".match(/\d/g), null);
assert.compareArray("abc".match(/x*/g), ["", "", "", ""]);
assert.compareArray("😀a".match(/x*/gu), ["", "", ""]);
assert.compareArray("aab".match(/a/gy), ["a", "a"]);
assert.compareArray("baa".match(/a/gy) || ["none"], ["none"]);
const used = /a/g;
used.lastIndex = 5;
"aa".match(used);
assert.sameValue(used.lastIndex, 0);

// Symbol.matchAll.
const all = "a1b2".matchAll(/([a-z])(\d)/g);
assert.sameValue(Object.prototype.toString.call(all), "[object RegExp String Iterator]");
assert.compareArray([...all].map(m => m[1] + m.index), ["a0", "b2"]);
assert.compareArray([..."abc".matchAll(/x*/g)].map(m => m.index), [0, 1, 2, 3]);
assert.sameValue([.../a/[Symbol.matchAll]("aa")].length, 1);
assert.throws(TypeError, () => all.next.call({}));

// Symbol.search.
const searched = /b/g;
searched.lastIndex = 2;
assert.sameValue("abab".search(searched), 1);
assert.sameValue(searched.lastIndex, 2);
assert.sameValue("aaa".search(/b/), -1);
assert.sameValue("ab".search(/b/y), -1);

// Symbol.replace.
assert.sameValue("abcabc".replace(/b/, "[$&]"), "a[b]cabc");
assert.sameValue("abcabc".replace(/b/g, "[$&]"), "a[b]ca[b]c");
assert.sameValue("abcabc".replaceAll(/b/g, "-"), "a-ca-c");
assert.sameValue("John Smith".replace(/(\w+)\s(\w+)/, "$2, $1"), "Smith, John");
assert.sameValue("2024-05".replace(/(?<y>\d+)-(?<m>\d+)/, "$<m>/$<y>$<z>"), "05/2024");
assert.sameValue("abc".replace(/(a)(z)?/, "[$1$2$3$01$02$10$$]"), "[a$3aa0$]bc");
assert.sameValue("abc".replace(/b/, "$`|$'"), "aa|cc");
assert.sameValue("abc".replace(/b/, "$<x>"), "a$<x>c");
assert.sameValue("abc".replace(/x*/g, "-"), "-a-b-c-");
assert.sameValue("😀".replace(/x*/gu, "-"), "-😀-");
assert.sameValue("😀".replace(/x*/g, "-"), "-\ud83d-\ude00-");
assert.sameValue("aBc".replace(/[a-z]/g, c => c.toUpperCase()), "ABC");
const seen = [];
"ab".replace(/(?<x>a)(z)?/, (...args) => { seen.push(args); return ""; });
assert.deepEqual(seen[0].slice(0, 5), ["a", "a", undefined, 0, "ab"]);
assert.sameValue(seen[0][5].x, "a");
assert.sameValue("abab".replace(/a/g, (m, at, s) => at + s.length), "4b6b");
assert.sameValue("a.b.c".replace(/\./g, () => "$&"), "a$&b$&c");
assert.sameValue("x-y_z".replace(/[-_](\w)/g, (_, c) => c.toUpperCase()), "xYZ");
const many = "0123456789abcdefg".replace(/(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)/, (...a) => a.length + a[14]);
assert.sameValue(many, "17defg");
assert.sameValue("0123456789ab".replace(/(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)/, "$11$10$1"), "a90b");
const sticky = /a/y;
assert.sameValue("aab".replace(sticky, "x"), "xab");
assert.sameValue(sticky.lastIndex, 1);
assert.sameValue("aab".replace(sticky, "x"), "axb");
assert.sameValue("aab".replace(sticky, "x"), "aab");
assert.sameValue(sticky.lastIndex, 0);
assert.sameValue("a\u20AC".repeat(3).replace(/a/g, "\u00e9"), "\u00e9\u20AC".repeat(3));
assert.sameValue("aa".replace(/a/g, () => "aa".replace(/a/g, "b")), "bbbb");
const recompiled = /a/g;
assert.sameValue("aaa".replace(recompiled, () => { recompiled.compile("b"); return "x"; }), "xxx");
assert.throws(RangeError, () => "a".replace(/a/, () => { throw new RangeError(); }));

// Symbol.split.
assert.compareArray("a1b2c".split(/\d/), ["a", "b", "c"]);
assert.compareArray("a1b2c".split(/(\d)/), ["a", "1", "b", "2", "c"]);
assert.compareArray("abc".split(/(?:)/), ["a", "b", "c"]);
assert.compareArray("😀b".split(/(?:)/u), ["😀", "b"]);
assert.compareArray("".split(/a/), [""]);
assert.compareArray("".split(/(?:)/), []);
assert.compareArray("a,b,c".split(/,/, 2), ["a", "b"]);
assert.compareArray("a,b".split(/(,)/, 2), ["a", ","]);
assert.compareArray("aXbxc".split(/x/i), ["a", "b", "c"]);
assert.compareArray("A<B>bold</B>".split(/<(\/)?([^<>]+)>/), ["A", undefined, "B", "bold", "/", "B", ""]);
assert.compareArray(" a  b ".split(/\s+/), ["", "a", "b", ""]);
assert.compareArray("test".split(/(?:)/, -1), ["t", "e", "s", "t"]);
assert.compareArray("abc".split(/$/), ["abc"]);
assert.compareArray("abc".split(/^/), ["abc"]);
assert.compareArray("a,b".split(/,/y), ["a", "b"]);
assert.compareArray("abc".split(/b/, 0), []);

// escape.
assert.sameValue(RegExp.escape("a.b"), "\\x61\\.b");
assert.sameValue(RegExp.escape("_(x)*\n \u2028\ud800😀é"), "_\\(x\\)\\*\\n\\x20\\u2028\\ud8" + "00😀é");
assert.sameValue(RegExp.escape("-=,"), "\\x2d\\x3d\\x2c");
assert.throws(TypeError, () => RegExp.escape(1));
assert(new RegExp("^" + RegExp.escape("1+1=2 [a]\t{}") + "$", "u").test("1+1=2 [a]\t{}"));

// compile.
const c = /a/g;
c.lastIndex = 3;
assert.sameValue(c.compile("b", "i"), c);
assert.sameValue(String(c) + c.lastIndex, "/b/i0");
assert.sameValue(String(c.compile(/z/m)), "/z/m");
assert.throws(TypeError, () => c.compile(/z/, "g"));

// Without the fast paths: properties of the object, then of the prototype.
for (const slow of [/(b)(?<n>c)?/g, new Pattern("(b)(?<n>c)?", "g"), Object.assign(/(b)(?<n>c)?/g, { extra: 1 })]) {
  assert.sameValue("abcab".replace(slow, "[$1|$2|$<n>|$&|$`|$']"), "a[b|c|c|bc|a|ab]a[b|||b|abca|]");
  assert.sameValue("abcab".replace(slow, (m, b, c, at) => `${m}${c}${at}`), "abcc1abundefined4");
  assert.compareArray("abcab".match(slow), ["bc", "b"]);
  assert.compareArray("abcab".split(slow), ["a", "b", "c", "a", "b", undefined, ""]);
  assert.sameValue("abcab".search(slow), 1);
  assert.compareArray([..."abcab".matchAll(slow)].map(m => m.index), [1, 4]);
  assert(slow.test("b"));
  slow.lastIndex = 0;
}
const exec = RegExp.prototype.exec;
let calls = 0;
RegExp.prototype.exec = function (s) { calls++; return exec.call(this, s); };
assert.sameValue("aXbX".replace(/X/g, "-"), "a-b-");
assert(/a/.test("a"));
assert.sameValue("ab".search(/b/), 1);
assert.compareArray("a,b".split(/,/), ["a", "b"]);
assert.sameValue("aa".match(/a/g).length, 2);
assert(calls >= 9, `exec was called ${calls} times`);
RegExp.prototype.exec = exec;
assert.sameValue("aXbX".replace(/X/g, "-"), "a-b-");
assert.throws(TypeError, () => RegExp.prototype.test.call({ exec: () => 1 }, ""));
assert.sameValue(RegExp.prototype.test.call({ exec: () => null }, ""), false);
assert.throws(TypeError, () => exec.call({}, ""));
const odd = { exec: (() => { let n = 0; return () => (n++ ? null : { length: 2, index: 1, 0: "b", 1: 7, groups: { k: "v" } }); })(), flags: "g" };
assert.sameValue(RegExp.prototype[Symbol.replace].call(odd, "abc", "[$1$<k>]"), "a[7v]c");

// Long subjects.
const long = "ab".repeat(20000);
assert.sameValue(long.match(/b/g).length, 20000);
assert.sameValue(long.split(/b/).length, 20001);
assert.sameValue(long.replace(/a/g, "").length, 20000);
assert.sameValue(long.replace(/b$/, "c").slice(-2), "ac");
