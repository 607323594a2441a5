// String: every row of its table.
"use strict";

// Constructor and statics.
assert.sameValue(String(), "");
assert.sameValue(String(undefined), "undefined");
assert.sameValue(String(-0), "0");
assert.sameValue(String(Symbol("x")), "Symbol(x)");
assert.throws(TypeError, () => new String(Symbol("x")));
assert.throws(TypeError, () => `${Symbol("x")}`);
assert.sameValue(typeof new String("ab"), "object");
assert.sameValue(new String("ab").length, 2);
assert.sameValue(new String("ab")[1], "b");
assert.compareArray(Object.keys(new String("ab")), ["0", "1"]);
assert.sameValue(String.prototype.valueOf(), "");
assert.sameValue(String.prototype.length, 0);
assert.sameValue(String.fromCharCode(), "");
assert.sameValue(String.fromCharCode(65), "A");
assert.sameValue(String.fromCharCode(65, 0x20AC, 65536 + 66), "A€B");
assert.sameValue(String.fromCodePoint(), "");
assert.sameValue(String.fromCodePoint(0x1F600, 97), "\u{1F600}a");
assert.sameValue(String.fromCodePoint(0xD83D), "\uD83D");
assert.throws(RangeError, () => String.fromCodePoint(-1));
assert.throws(RangeError, () => String.fromCodePoint(1.5));
assert.throws(RangeError, () => String.fromCodePoint(0x110000));
assert.sameValue(String.raw`a\n${1}b${2}`, "a\\n1b2");
assert.sameValue(String.raw({ raw: "abc" }, 1, 2, 3), "a1b2c");
assert.sameValue(String.raw({ raw: [] }, 1), "");

// Units and code points.
assert.sameValue("abc".at(-1), "c");
assert.sameValue("abc".at(3), undefined);
assert.sameValue("abc".at(-4), undefined);
assert.sameValue("abc".charAt(1), "b");
assert.sameValue("abc".charAt(9), "");
assert.sameValue("abc".charAt("1"), "b");
assert.sameValue("abc".charCodeAt(0), 97);
assert.sameValue("abc".charCodeAt(3), NaN);
assert.sameValue("abc".charCodeAt(1.9), 98);
assert.sameValue("a😀".codePointAt(1), 0x1F600);
assert.sameValue("a😀".codePointAt(2), 0xDE00);
assert.sameValue("a".codePointAt(1), undefined);

// Concatenation, repetition, padding.
assert.sameValue("a".concat(), "a");
assert.sameValue("a".concat("b", 1, null), "ab1null");
assert.sameValue("ab".repeat(3), "ababab");
assert.sameValue("é€".repeat(2), "é€é€");
assert.sameValue("x".repeat(0), "");
assert.sameValue("".repeat(1e9), "");
assert.throws(RangeError, () => "x".repeat(-1));
assert.throws(RangeError, () => "x".repeat(Infinity));
assert.throws(RangeError, () => "x".repeat(2 ** 30));
assert.sameValue("5".padStart(3, "0"), "005");
assert.sameValue("abc".padStart(8, "12"), "12121abc");
assert.sameValue("abc".padEnd(6), "abc   ");
assert.sameValue("abc".padEnd(8, "€-"), "abc€-€-€");
assert.sameValue("abc".padEnd(8, ""), "abc");
assert.sameValue("abc".padEnd(2, "x"), "abc");
assert.sameValue("abc".padStart(5, undefined), "  abc");

// Searching.
for (const [hay, needle] of [["hello world", "o w"], ["héllo wörld", "o w"], ["hello € world", "o €"]]) {
  assert(hay.includes(needle), hay);
  assert.sameValue(hay.indexOf(needle), 4, hay);
  assert.sameValue(hay.lastIndexOf(needle), 4, hay);
  assert(!hay.startsWith(needle), hay);
}
assert.sameValue("abcabc".indexOf("c", 3), 5);
assert.sameValue("abcabc".indexOf("c", -5), 2);
assert.sameValue("abc".indexOf("", 10), 3);
assert.sameValue("abc".indexOf("abcd"), -1);
assert.sameValue("undefined".indexOf(), 0);
assert.sameValue("abcabc".lastIndexOf("c"), 5);
assert.sameValue("abcabc".lastIndexOf("c", 4), 2);
assert.sameValue("abc".lastIndexOf("", 1), 1);
assert.sameValue("abc".lastIndexOf("a", -1), 0);
assert.sameValue("€€a€".lastIndexOf("€", 2), 1);
assert.sameValue("aaaa€".indexOf("aa€"), 2);
assert("abc".startsWith("bc", 1));
assert("abc".startsWith(""));
assert(!"abc".startsWith("abcd"));
assert("abc".endsWith("ab", 2));
assert("abc".endsWith("c"));
assert(!"abc".endsWith("abcd"));
assert.throws(TypeError, () => "a".includes(/a/));
assert.throws(TypeError, () => "a".startsWith(/a/));
assert.throws(TypeError, () => "a".endsWith(/a/));
assert("/a/".includes({ [Symbol.match]: false, toString: () => "/a" }));

// Substrings.
const long = "0123456789abcdefghijklmnopqrstuvwxyz";
assert.sameValue("abcdef".slice(1, -1), "bcde");
assert.sameValue("abcdef".slice(-2), "ef");
assert.sameValue("abcdef".slice(4, 2), "");
assert.sameValue(long.slice(2, 34).slice(1, -1), long.slice(3, 33));
assert.sameValue("abcdef".substring(4, 1), "bcd");
assert.sameValue("abcdef".substring(NaN, 2), "ab");
assert.sameValue("abcdef".substring(2), "cdef");
assert.sameValue("abcdef".substr(-3, 2), "de");
assert.sameValue("abcdef".substr(1), "bcdef");
assert.sameValue("abcdef".substr(1, -1), "");
assert.sameValue("abc".substr(0, Infinity), "abc");

// Splitting.
assert.compareArray("a,b,c".split(","), ["a", "b", "c"]);
assert.compareArray("a,b,c".split(",", 2), ["a", "b"]);
assert.compareArray("a,b,c".split(), ["a,b,c"]);
assert.compareArray("abc".split(""), ["a", "b", "c"]);
assert.compareArray("".split(""), []);
assert.compareArray("".split(","), [""]);
assert.compareArray(",a,".split(","), ["", "a", ""]);
assert.compareArray("a--b--".split("--"), ["a", "b", ""]);
assert.compareArray("a€b€".split("€"), ["a", "b", ""]);
assert.compareArray("abc".split(",", 0), []);
assert.compareArray("a,b".split({ [Symbol.split]: (s, l) => [s, l] }, 7), ["a,b", 7]);
assert.sameValue("x,".repeat(5000).split(",").length, 5001);

// Replacing.
assert.sameValue("abcabc".replace("b", "X"), "aXcabc");
assert.sameValue("abcabc".replaceAll("b", "X"), "aXcaXc");
assert.sameValue("abc".replace("z", "X"), "abc");
assert.sameValue("abc".replace("b", "[$&$`$'$$$0$1]"), "a[bac$$0$1]c");
assert.sameValue("abc".replace("b", "$<x>"), "a$<x>c");
assert.sameValue("abc".replace("b", (m, at, s) => m + at + s), "ab1abcc");
assert.sameValue("abab".replaceAll("a", (m, at) => at), "0b2b");
assert.sameValue("abc".replaceAll("", "-"), "-a-b-c-");
assert.sameValue("aaa".replaceAll("aa", "b"), "ba");
assert.sameValue("a€c".replaceAll("€", "$$"), "a$c");
assert.sameValue("abc".replace("b"), "aundefinedc");
assert.sameValue("aéc".replace("é", "€"), "a€c");
assert.throws(TypeError, () => "a".replaceAll(/a/, "b"));
assert.sameValue("x".replace({ [Symbol.replace]: (s, r) => s + r }, "y"), "xy");

// Case.
assert.sameValue("Hello WÖRLD×÷".toLowerCase(), "hello wörld×÷");
assert.sameValue("hello wörld×÷".toUpperCase(), "HELLO WÖRLD×÷");
assert.sameValue("straße µ ÿ".toUpperCase(), "STRASSE \u039C \u0178");
assert.sameValue("ΑΣ ΑΣΑ Σ".toLowerCase(), "ας ασα σ");
assert.sameValue("Α\u00ADΣ\u00AD.".toLowerCase(), "α\u00ADς\u00AD.");
assert.sameValue("\u0130".toLowerCase(), "i\u0307");
assert.sameValue("ﬁ\u0149".toUpperCase(), "FI\u02BCN");
assert.sameValue("\u{10400}".toLowerCase(), "\u{10428}");
assert.sameValue("\uD801A".toLowerCase(), "\uD801a");
assert.sameValue("I".toLocaleLowerCase("tr"), "i");
assert.sameValue("i".toLocaleUpperCase(), "I");
assert.sameValue("abc".toLowerCase(), "abc");
assert.sameValue("A".toLowerCase(), "a");

// White space.
const space = "\t\n\v\f\r \u00A0\u1680\u2000\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF";
assert.sameValue((space + "a b" + space).trim(), "a b");
assert.sameValue((space + "a").trimStart(), "a");
assert.sameValue(("a" + space).trimEnd(), "a");
assert.sameValue(space.trim(), "");
assert.sameValue("\u200Ba".trim(), "\u200Ba");
assert.sameValue(String.prototype.trimLeft, String.prototype.trimStart);
assert.sameValue(String.prototype.trimRight.name, "trimEnd");

// Unicode.
assert("ab".isWellFormed() && "a😀".isWellFormed());
assert(!"a\uD83D".isWellFormed() && !"\uDE00b".isWellFormed());
assert.sameValue("a\uD83Db\uDE00".toWellFormed(), "a\uFFFDb\uFFFD");
assert.sameValue("a😀".toWellFormed(), "a😀");
assert.sameValue("e\u0301".normalize(), "é");
assert.sameValue("é".normalize("NFD"), "e\u0301");
assert.sameValue("ﬁ²".normalize("NFKC"), "fi2");
assert.sameValue("ﬁé".normalize("NFKD"), "fie\u0301");
assert.sameValue("\uD83De\u0301".normalize(), "\uD83Dé");
assert.sameValue("가".normalize("NFD"), "\u1100\u1161");
assert.throws(RangeError, () => "a".normalize("nfc"));
assert.sameValue("a".localeCompare("b"), -1);
assert.sameValue("b".localeCompare("a"), 1);
assert.sameValue("a".localeCompare("a"), 0);
assert.sameValue("a".localeCompare("B"), -1);
assert.sameValue("a".localeCompare("A"), -1);
assert.sameValue("é".localeCompare("e\u0301"), 0);
assert.compareArray(["z", "é", "e", "a", "Z", "f"].sort((a, b) => a.localeCompare(b)), ["a", "e", "é", "f", "z", "Z"]);

// Regular expressions by way of their symbols.
assert.compareArray("a1b2".match(/\d/g), ["1", "2"]);
assert.sameValue("abc".match("b").index, 1);
assert.sameValue("abc".match().index, 0);
assert.sameValue("abc".match(/z/), null);
assert.sameValue("abc".search("c"), 2);
assert.sameValue("a.c".search("."), 0);
assert.compareArray([..."a1b2".matchAll(/[a-z](\d)/g)].map(m => m[1] + m.index), ["10", "22"]);
assert.compareArray([..."a.b.".matchAll(".")].map(m => m.index), [0, 1, 2, 3]);
assert.throws(TypeError, () => "a".matchAll(/a/));

// Iteration.
assert.compareArray([..."a😀\uD83D"], ["a", "😀", "\uD83D"]);
const it = "ab"[Symbol.iterator]();
assert.sameValue(Object.prototype.toString.call(it), "[object String Iterator]");
assert.deepEqual(it.next(), { value: "a", done: false });
it.next();
assert.deepEqual(it.next(), { value: undefined, done: true });
assert.throws(TypeError, () => it.next.call({}));

// HTML.
assert.sameValue("a".anchor('"x"'), '<a name="&quot;x&quot;">a</a>');
assert.sameValue("a".big() + "a".blink() + "a".bold(), "<big>a</big><blink>a</blink><b>a</b>");
assert.sameValue("a".fixed() + "a".italics() + "a".small(), "<tt>a</tt><i>a</i><small>a</small>");
assert.sameValue("a".strike() + "a".sub() + "a".sup(), "<strike>a</strike><sub>a</sub><sup>a</sup>");
assert.sameValue("a".fontcolor("red"), '<font color="red">a</font>');
assert.sameValue("a".fontsize(7), '<font size="7">a</font>');
assert.sameValue("a".link("u"), '<a href="u">a</a>');

// this.
assert.sameValue(String.prototype.trim.call(12), "12");
assert.sameValue(String.prototype.at.call({ toString: () => "xy" }, 1), "y");
assert.throws(TypeError, () => String.prototype.trim.call(null));
assert.throws(TypeError, () => String.prototype.toString.call({}));
assert.sameValue(new String("x").toString() + new String("y").valueOf(), "xy");
class Name extends String {}
assert.sameValue(new Name("ab").length, 2);
assert(new Name("ab") instanceof Name);
