// Automatic semicolons, comments, white space, escapes in names.
let a = 1
let b = 2
const c = a
+ b
assert.sameValue(c, 3)
let d = a
++b
assert.sameValue(d + b, 4)
function ret() {
  return
  1
}
assert.sameValue(ret(), undefined)
const f = function () { return 'f' }
;[1, 2].forEach((x) => { a += x })
assert.sameValue(a, 4)
;(function () { a = 5 })()
assert.sameValue(a, 5)
var e
= 6
assert.sameValue(e, 6)
do a++; while (a < 7) assert.sameValue(a, 7)
if (a) b = 1
else b = 2
for (;;) { break
}
var g = 1; { g = 2 } g = 3
assert.sameValue(g, 3)
const o = { get
x() { return 1 }, async: 1, get: 2 }
assert.sameValue(o.x + o.get, 3)
let async = 5
async
function plain() { return 1 }
assert.sameValue(plain(), 1, 'async on a line of its own is a name')
const throwing = () => { throw new Error(
  'same statement') }
assert.throws(Error, throwing, /same/)
const chain = [3, 1, 2]
  .map((x) => x * 2)
  // a comment between
  .sort()
assert.compareArray(chain, [2, 4, 6])
const t = `a`
assert.sameValue(t /* c */ + /* d */ 'b', 'ab')
var i = 0, j = 0
i
++
j
assert.compareArray([i, j], [0, 1])
let y = 1, z
z = y /* a comment with a
line break */ ++j
assert.compareArray([z, j], [1, 2])
while (false) assert.fail()
;;;
{ ; }
// Line terminators and white space: all of them.
assert.sameValue(1 + 2, 3);
assert.sameValue(/* */1/**/+/***/2, 3); // end
<!-- an old comment in a script
assert.sameValue(1, 1);
--> and its end at the start of a line
// Names: letters of every script, escapes, words that are reserved elsewhere.
var \u0061bc = 1, x\u{79}z = 2, π = 3, 変数 = 4, $ = 5, _ = 6, ℮ = 7, a\u200c = 8, 𠮷 = 9;
assert.sameValue(abc + xyz + π + 変数 + $ + _ + ℮ + a\u200c + 𠮷, 45);
assert.sameValue({ \u0061: 1 }.a, 1);
assert.sameValue({ \u{69}f: 2 }.if, 2, 'escaped keywords are property names');
assert.sameValue({ if: 3 }.\u0069f, 3);
class K { \u0061() { return 4; } #\u0062 = 5; b() { return this.#b; } st\u0061tic() { return 6; } }
assert.compareArray([new K().a(), new K().b(), new K().static()], [4, 5, 6]);
var l\u0065t = 7;
assert.sameValue(let, 7);
label\u0031: for (;;) { break label1; }
assert.sameValue(((\u0070) => p)(8), 8);
assert.sameValue(\u0061ssert === assert, true);
// Words with a meaning only in places.
const of = 1, get = 2, set = 3, from = 4, as = 5, target = 6, meta = 7;
assert.sameValue(of + get + set + from + as + target + meta, 28);
assert.sameValue({ new: { target: 1 } }.new.target, 1);
// Strings: continuation, separators, lone halves.
assert.sameValue('a\
b', 'ab');
assert.sameValue('\ud83d\ude00', '😀');
assert.sameValue('\ud83d'.length + '\ud83d'.charCodeAt(0), 1 + 0xd83d);
assert.sameValue('  '.length, 2);
assert.sameValue('\x00\0\v'.length, 3);
assert.sameValue("it's" + 'say "x"', 'it\'s' + "say \"x\"");
