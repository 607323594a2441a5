//! What patterns match, as tables, and what the matcher does with hostile patterns, inputs and programs.

use super::*;

/// Pattern, flags, input, start, and the outcome: the groups as `start,end`, `-` for one that took
/// no part; `none` without a match; `error` if the pattern is refused.
type Row = (&'static str, &'static str, &'static str, usize, &'static str);

const MATCHES: &[Row] = &[
    // Characters, classes, dot.
    ("abc", "", "xabcx", 0, "1,4"),
    ("abc", "", "xabcx", 2, "none"),
    ("a.c", "", "a\nc a-c", 0, "4,7"),
    ("a.c", "s", "a\nc", 0, "0,3"),
    ("[^]", "", "\n", 0, "0,1"),
    ("[]", "", "a", 0, "none"),
    ("[^a]", "", "", 0, "none"),
    ("[a-c]+", "", "xxabcabcd", 0, "2,8"),
    ("[^a-c]+", "", "abxyzc", 0, "2,5"),
    ("[-a]+", "", "b-a-", 0, "1,4"),
    ("[a-]+", "", "b-a-", 0, "1,4"),
    (r"[\]]", "", "a]", 0, "1,2"),
    (r"\d+\D\d+", "", "a12-34", 0, "1,6"),
    (r"\w+\W\w+", "", "foo bar", 0, "0,7"),
    (r"\s+\S+", "", " \t\u{a0}x", 0, "0,4"),
    (r"\S\s", "", "x\u{feff}", 0, "0,2"),
    (r"[\d-x]+", "", "1-x2", 0, "0,4"),
    (r"[\w-]+", "", "a-b_c d", 0, "0,5"),
    (r"[\b]", "", "a\u{8}", 0, "1,2"),
    (r"\x41\u0042\t\n\v\f\r\0", "", "AB\t\n\u{b}\u{c}\r\0", 0, "0,8"),
    (r"\cJ", "", "\n", 0, "0,1"),
    (r"[\cJ]", "", "\n", 0, "0,1"),
    (r"[\c]", "", "\\", 0, "0,1"),
    (r"\c", "", "\\c", 0, "0,2"),
    (r"\/\-\.", "", "/-.", 0, "0,3"),
    (r"[\x00-\xff]+", "", "aéĀ", 0, "0,2"),
    (r"[^\x00-\x7f]", "", "abcé", 0, "3,4"),
    (r"[\u0100-\uffff]+", "", "aé漢字b", 0, "2,4"),
    (".", "", "\u{2028}x", 0, "1,2"),
    (r"[a\-z]+", "", "b-z-a", 0, "1,5"),
    // Quantifiers.
    ("a*", "", "aaa", 0, "0,3"),
    ("a*", "", "baaa", 0, "0,0"),
    ("a*?", "", "aaa", 0, "0,0"),
    ("a+?", "", "aaa", 0, "0,1"),
    ("a??b", "", "ab", 0, "0,2"),
    ("a{2}", "", "aaa", 0, "0,2"),
    ("a{2,}", "", "baaaa", 0, "1,5"),
    ("a{1,2}?", "", "aaa", 0, "0,1"),
    ("a{0}b", "", "ab", 0, "1,2"),
    ("a{,2}", "", "a{,2}", 0, "0,5"),
    ("a{", "", "a{", 0, "0,2"),
    ("x{2|}", "", "x{2", 0, "0,3"),
    ("(?:ab){2,3}", "", "abababab", 0, "0,6"),
    ("(?:ab){2,3}?", "", "abababab", 0, "0,4"),
    ("(?:a|ab){2}c", "", "aabc", 0, "0,4"),
    ("(?:a?)*?b", "", "aab", 0, "0,3"),
    ("(?:a*)*", "", "b", 0, "0,0"),
    ("(?:a*)+", "", "b", 0, "0,0"),
    ("(a*)*", "", "b", 0, "0,0 -"),
    ("(a*)+", "", "b", 0, "0,0 0,0"),
    ("(?:|a){3}b", "", "aab", 0, "0,3"),
    ("(?:a{0,2}){2}", "", "aaaaa", 0, "0,4"),
    ("[ab]*b", "", "aabab", 0, "0,5"),
    ("[ab]*?b", "", "aabab", 0, "0,3"),
    ("[ab]{1,2}b", "", "aab", 0, "0,3"),
    ("a{9007199254740991}", "", "aaaa", 0, "none"),
    ("a{0,9007199254740991}", "", "aaaa", 0, "0,4"),
    (r"\w*\d", "", "abc123x", 0, "0,6"),
    (r"\w*?\d+", "", "abc123x", 0, "0,6"),
    (".*foo", "", "xxfooyyfoo", 0, "0,10"),
    (".*?foo", "", "xxfooyyfoo", 0, "0,5"),
    ("(?:.)*c", "", "abcabc", 0, "0,6"),
    ("(x*)*y", "", "xxxy", 0, "0,4 0,3"),
    ("(?:x+x+)+y", "", "xxxxy", 0, "0,5"),
    // Alternatives.
    ("foo|bar", "", "a bar", 0, "2,5"),
    ("a|ab", "", "ab", 0, "0,1"),
    ("ab|a", "", "ab", 0, "0,2"),
    ("(?:a|ab)(?:c|bcd)(?:d*)", "", "abcd", 0, "0,4"),
    ("(a|ab)(c|bcd)(d*)", "", "abcd", 0, "0,4 0,1 1,4 4,4"),
    ("|a", "", "a", 0, "0,0"),
    ("a|", "", "b", 0, "0,0"),
    ("(?:foo|bar|baz)+x", "", "foobarbazx", 0, "0,10"),
    ("(?:x|xy|xyz)$", "", "xyz", 0, "0,3"),
    ("one|two|three|four", "", "_four", 0, "1,5"),
    // Groups and captures.
    ("(a)(b)?(c)", "", "ac", 0, "0,2 0,1 - 1,2"),
    ("((a)|(b))+", "", "ab", 0, "0,2 1,2 - 1,2"),
    ("(?:(a)|(b))*", "", "ab", 0, "0,2 - 1,2"),
    ("(z)((a+)?(b+)?(c))*", "", "zaacbbbcac", 0, "0,10 0,1 8,10 8,9 - 9,10"),
    ("(?:(a)|b)*", "", "ab", 0, "0,2 -"),
    ("(?:(a)|b){2}", "", "ab", 0, "0,2 -"),
    ("(a(b)?)+", "", "aba", 0, "0,3 2,3 -"),
    ("(?=(a))?b", "", "b", 0, "0,1 -"),
    ("(?:(?=(a)))?b", "", "ab", 0, "1,2 -"),
    ("(?:(?=(a)))a", "", "a", 0, "0,1 0,1"),
    (r"((((((((((a))))))))))\10", "", "aa", 0, "0,2 0,1 0,1 0,1 0,1 0,1 0,1 0,1 0,1 0,1 0,1"),
    (r"(?<year>\d{4})-(?<month>\d\d)", "", "on 2026-11-20", 0, "3,10 3,7 8,10"),
    (r"(?<a>.)(?<b>.)\k<b>\k<a>", "", "xyyx", 0, "0,4 0,1 1,2"),
    (r"(?<\u0061b>x)\k<ab>", "", "xx", 0, "0,2 0,1"),
    (r"(?<𝒜>.)\k<𝒜>", "", "aa", 0, "0,2 0,1"),
    ("(?<$>a)(?<_>b)", "", "ab", 0, "0,2 0,1 1,2"),
    (r"\k<a>", "", "k<a>", 0, "0,4"),
    // Back references.
    (r"(a)\1", "", "aa", 0, "0,2 0,1"),
    (r"(a*)\1", "", "aaaaa", 0, "0,4 0,2"),
    (r"(a|b)\1+", "", "abb", 0, "1,3 1,2"),
    (r"\1(a)", "", "aa", 0, "0,1 0,1"),
    (r"(?:\1(a))+", "", "aa", 0, "0,2 1,2"),
    (r"(a\1)", "", "aa", 0, "0,1 0,1"),
    (r"(\2a)(\1)", "", "aa", 0, "0,2 0,1 1,2"),
    (r"(a)|\1b", "", "b", 0, "0,1 -"),
    (r"(a)\2", "", "a\u{2}", 0, "0,2 0,1"),
    (r"\1", "", "\u{1}", 0, "0,1"),
    (r"\07\7", "", "\u{7}\u{7}", 0, "0,2"),
    (r"\08", "", "\08", 0, "0,2"),
    (r"[\1]", "", "\u{1}", 0, "0,1"),
    (r"\400", "", " 0", 0, "0,2"),
    (r"(?:(a)|b)\1", "", "b", 0, "0,1 -"),
    (r"(\w)\1", "i", "aA", 0, "0,2 0,1"),
    (r"(é)\1", "i", "éÉ", 0, "0,2 0,1"),
    (r"(ß)\1", "i", "ßẞ", 0, "none"),
    (r"(ß)\1", "iu", "ßẞ", 0, "0,2 0,1"),
    (r"(𐐀)\1", "iu", "𐐀𐐨", 0, "0,4 0,2"),
    (r"(a)\1", "i", "aA", 0, "0,2 0,1"),
    (r"(.*)\d+\1", "", "abc12bc", 0, "1,7 1,3"),
    // Anchors and word boundaries.
    ("^abc$", "", "abc", 0, "0,3"),
    ("^abc$", "", "abc\n", 0, "none"),
    ("^b", "", "a\nb", 0, "none"),
    ("^b", "m", "a\nb", 0, "2,3"),
    ("a$", "m", "a\nb", 0, "0,1"),
    ("a$", "m", "a\rb", 0, "0,1"),
    ("^$", "m", "a\n\nb", 0, "2,2"),
    ("$", "", "abc", 0, "3,3"),
    ("^", "", "abc", 1, "none"),
    ("^", "m", "a\nbc", 1, "2,2"),
    ("(?:^|,)x", "", "a,x", 0, "1,3"),
    (r"\bfoo\b", "", "a foo b", 0, "2,5"),
    (r"\Bo\B", "", "foo ooo", 0, "1,2"),
    (r"\b", "", "  a", 0, "2,2"),
    (r"\B", "", "", 0, "0,0"),
    (r"\b", "", "", 0, "none"),
    (r"\bé", "", "é", 0, "none"),
    ("^a|^b", "", "b", 0, "0,1"),
    ("(?:^a|b)", "", "cb", 0, "1,2"),
    ("^*a", "", "ba", 0, "error"),
    // Lookahead.
    ("a(?=b)", "", "acab", 0, "2,3"),
    ("a(?!b)", "", "abac", 0, "2,3"),
    ("(?=a)", "", "ba", 0, "1,1"),
    (r"(?=(a+))a*b\1", "", "baaabac", 0, "3,6 3,4"),
    ("(?=(a+))", "", "baaabac", 0, "1,1 1,4"),
    (r"(.*?)a(?!(a+)b\2c)\2(.*)", "", "baaabaac", 0, "0,8 0,2 - 3,8"),
    ("(?!(a))b", "", "b", 0, "0,1 -"),
    ("(?=(?:(a)|b))b", "", "b", 0, "0,1 -"),
    (r"^(?=.*\d)(?=.*[a-z]).{4,}$", "", "ab1cd", 0, "0,5"),
    (r"^(?=.*\d)(?=.*[a-z]).{4,}$", "", "abcd", 0, "none"),
    ("(?!)", "", "a", 0, "none"),
    ("(?=)", "", "a", 0, "0,0"),
    ("a(?=.*(b))", "", "acb", 0, "0,1 2,3"),
    (r"(?:(?=(\w))x)*y", "", "xy", 0, "0,2 0,1"),
    ("foo(?!bar|baz)", "", "foobarfoobaz foox", 0, "13,16"),
    ("(?=a){2}a", "", "a", 0, "0,1"),
    ("(?=a)*a", "", "a", 0, "0,1"),
    // Lookbehind.
    ("(?<=a)b", "", "cbab", 0, "3,4"),
    ("(?<!a)b", "", "abcb", 0, "3,4"),
    (r"(?<=\$)\d+(?:\.\d*)?", "", "cost $10.50", 0, "6,11"),
    (r"(?<!\$)\b\d+", "", "$10 20", 0, "4,6"),
    (r"(?<=(\d+)(\d+))$", "", "1053", 0, "4,4 0,1 1,4"),
    (r"(?<=\1(.))a", "", "xxa", 0, "2,3 1,2"),
    (r"(?<=(.)\1)a", "", "xxa", 0, "2,3 1,2"),
    ("(?<=a|bc)d", "", "bcd", 0, "2,3"),
    ("(?<=^|,)x", "", "a,x", 0, "2,3"),
    (r"(?<=(?<a>\w){3})f", "", "abcdef", 0, "5,6 2,3"),
    ("(?<=(?:ab)+)c", "", "ababc", 0, "4,5"),
    ("(?<=a{2,3})b", "", "aaab", 0, "3,4"),
    ("(?<=[^a]*?)b", "", "ccb", 0, "2,3"),
    ("(?<!^)a", "", "aa", 0, "1,2"),
    ("(?<=(?=a)a)b", "", "ab", 0, "1,2"),
    ("(?<=a(?=b))b", "", "ab", 0, "1,2"),
    ("(?<!(a)b)c", "", "cabc", 0, "0,1 -"),
    (r"(?<=\bfoo)bar", "", "foobar", 0, "3,6"),
    ("(?<=^[a-c]{3})def$", "", "abcdef", 0, "3,6"),
    ("(?<=([abc]+)([abc]+)).", "", "abcabcx", 0, "2,3 0,1 1,2"),
    ("(?<=😀)a", "u", "😀a", 0, "2,3"),
    ("(?<=.)a", "u", "😀a", 0, "2,3"),
    (r"(?<=\ude00)a", "u", "😀a", 0, "none"),
    ("(?<=[😀😁]+)a", "u", "😀😁a", 0, "4,5"),
    // Ignore case.
    ("abc", "i", "xABCx", 0, "1,4"),
    ("[a-c]+", "i", "xABCx", 0, "1,4"),
    ("[^a-c]+", "i", "ABCxyz", 0, "3,6"),
    ("é", "i", "É", 0, "0,1"),
    ("[é-ÿ]", "i", "É", 0, "0,1"),
    ("k", "i", "K", 0, "none"),
    ("k", "iu", "K", 0, "0,1"),
    (r"\w", "iu", "ſ", 0, "0,1"),
    (r"\w", "i", "ſ", 0, "none"),
    (r"\W", "iu", "ſ", 0, "none"),
    (r"[^\W]", "iu", "ſ", 0, "0,1"),
    (r"\u017f", "i", "s", 0, "none"),
    (r"\u017f", "iu", "s", 0, "0,1"),
    ("ß", "i", "ẞ", 0, "none"),
    ("ß", "iu", "ẞ", 0, "0,1"),
    ("Σ+", "i", "σςΣ", 0, "0,3"),
    ("µ", "i", "μ", 0, "0,1"),
    (r"[\u0130]", "iu", "i", 0, "none"),
    ("[^x]", "i", "X", 0, "none"),
    (r"\bſ", "iu", " ſ", 0, "1,2"),
    ("[_-a]", "i", "A", 0, "0,1"),
    ("[Z-a]+", "i", "z_A", 0, "0,3"),
    (r"content-type: (\w+)", "i", "Content-Type: Text", 0, "0,18 14,18"),
    (r"\p{Lu}", "iu", "a", 0, "0,1"),
    (r"\P{Lu}", "iu", "A", 0, "0,1"),
    (r"[^\P{Lu}]", "iu", "a", 0, "none"),
    ("𐐀", "iu", "𐐨", 0, "0,2"),
    // Unicode.
    (".", "u", "😀", 0, "0,2"),
    ("^.$", "", "😀", 0, "none"),
    ("^.$", "u", "😀", 0, "0,2"),
    ("^..$", "", "😀", 0, "0,2"),
    (r"\u{1F600}", "u", "a😀", 0, "1,3"),
    (r"\u{61}", "", "u{61}", 0, "none"),
    (r"\ud83d\ude00", "u", "😀", 0, "0,2"),
    (r"\ud83d", "u", "😀", 0, "none"),
    (r"\ud83d", "", "😀", 0, "0,1"),
    (r"\ude00", "u", "😀", 0, "none"),
    ("[😀-😂]", "u", "x😁", 0, "1,3"),
    ("[^a]", "u", "😀", 0, "0,2"),
    ("[^x]*y", "u", "😀😀y", 0, "0,5"),
    ("😀*", "u", "😀😀", 0, "0,4"),
    ("😀{2}", "u", "😀😀", 0, "0,4"),
    (r"\S+?\s", "u", "😀 x", 0, "0,3"),
    (r"(.)\1", "u", "😀😀", 0, "0,4 0,2"),
    (r"\p{L}+", "u", "123абв", 0, "3,6"),
    (r"\p{Script=Greek}+", "u", "abcαβγ", 0, "3,6"),
    (r"\p{sc=Grek}", "u", "α", 0, "0,1"),
    (r"\p{scx=Hira}+", "u", "xー", 0, "1,2"),
    (r"\P{L}+", "u", "ab12", 0, "2,4"),
    (r"\p{Emoji_Presentation}", "u", "a😀", 0, "1,3"),
    (r"[\p{Lu}\d]+", "u", "aB1c", 0, "1,3"),
    (r"\p{ASCII}+", "u", "éabc", 0, "1,4"),
    (r"\p{Any}", "u", "😀", 0, "0,2"),
    (r"\p{Nd}+", "u", "a١٢", 0, "1,3"),
    (r"\p{General_Category=Decimal_Number}", "u", "5", 0, "0,1"),
    (r"\p{White_Space}", "u", "a b", 0, "1,2"),
    (r"[^\p{L}]", "u", "aé1", 0, "2,3"),
    (r"\-", "u", "-", 0, "error"),
    (r"\w\b", "u", "é a", 0, "2,3"),
    // Unicode sets.
    (r"[\p{L}--[a-z]]+", "v", "abcDEF", 0, "3,6"),
    (r"[\w&&\d]+", "v", "abc123", 0, "3,6"),
    ("[[a-z]&&[aeiou]]+", "v", "xyzaeb", 0, "3,5"),
    (r"[\q{abc|d|}x]", "v", "abc", 0, "0,3"),
    (r"[\q{abc|d|}]", "v", "zzz", 0, "0,0"),
    (r"[\q{a|ab|abc}]", "v", "abcd", 0, "0,3"),
    (r"[a-z\q{ch}]+", "v", "xchy", 0, "0,4"),
    (r"^\p{Emoji_Keycap_Sequence}$", "v", "1\u{fe0f}\u{20e3}", 0, "0,3"),
    (r"[\p{Emoji_Keycap_Sequence}--\q{1\ufe0f\u20e3}]", "v", "1\u{fe0f}\u{20e3}2\u{fe0f}\u{20e3}", 0, "3,6"),
    (r"[^\d]", "v", "1a", 0, "1,2"),
    ("[[^a]&&[^b]]+", "v", "abcd", 0, "2,4"),
    (r"\p{RGI_Emoji_Tag_Sequence}", "v", "x🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}", 0, "1,15"),
    (r"\p{Basic_Emoji}", "v", "a©\u{fe0f}", 0, "1,3"),
    (r"[_--\w]", "v", "_", 0, "none"),
    (r"[\q{KM|x}]", "iv", "km", 0, "0,2"),
    // Sticky and start.
    ("foo", "y", "foofoo", 3, "3,6"),
    ("foo", "y", "xfoo", 0, "none"),
    ("^foo", "y", "xfoo", 1, "none"),
    ("^foo", "my", "\nfoo", 1, "1,4"),
    ("a", "g", "aaa", 2, "2,3"),
    ("a", "", "aaa", 3, "none"),
    ("(?:)", "", "abc", 3, "3,3"),
    ("(?:)", "", "abc", 4, "none"),
    ("", "y", "abc", 2, "2,2"),
    // Shapes of scripts.
    (r"^/api/v(\d+)/users/([^/]+)$", "", "/api/v2/users/12345", 0, "0,19 6,7 14,19"),
    (r"^/api/v(\d+)/users/([^/]+)$", "", "/api/v2/users/1/2", 0, "none"),
    (r"\s+", "g", "a  b", 0, "1,3"),
    (r#"[&<>"]"#, "g", "a < b", 0, "2,3"),
    (r"([^=;\s]+)=([^;]*)", "g", "a=1; b=2", 0, "0,3 0,1 2,3"),
    (r"(?:^|;\s*)b=([^;]*)", "", "a=1; b=2", 0, "3,8 7,8"),
    ("([^&=]+)=?([^&]*)", "g", "k=v&x", 0, "0,3 0,1 2,3"),
    (r"^\s+|\s+$", "g", "  x  ", 2, "3,5"),
    (r"^(?:GET|POST) (\S+) HTTP/(\d)\.(\d)$", "", "POST /x HTTP/1.1", 0, "0,16 5,7 13,14 15,16"),
    (r"(\d{1,3})\.(\d{1,3})", "", "10.20", 0, "0,5 0,2 3,5"),
    (r#""(?:[^"\\]|\\.)*""#, "", "say \"a\\\"b\" c", 0, "4,10"),
    (r"<(\w+)[^>]*>(.*?)</\1>", "", "<b x=\"1\">hi</b>", 0, "0,15 1,2 9,11"),
    (r"\$\{([^}]+)\}", "", "a ${b} c", 0, "2,6 4,5"),
    (r"^[\w.+-]+@[\w-]+\.[\w.-]+$", "", "john@mail.example.co", 0, "0,20"),
    (r"(?:(\d+)-)?(\d+)", "", "12-34", 0, "0,5 0,2 3,5"),
    (r"(\d+)(?:px|em|%)", "", "10em", 0, "0,4 0,2"),
    (r"^(?:\/(?=$))?$|^\/(?:users|posts)\/(\d+)(?:\/edit)?$", "", "/posts/7/edit", 0, "0,13 7,8"),
    (r"[A-Za-z]:\\(?:[^\\]+\\)*([^\\]+)", "", "C:\\a\\b.txt", 0, "0,10 5,10"),
    // Modifiers.
    ("(?i:a)b", "", "Ab", 0, "0,2"),
    ("(?i:a)b", "", "AB", 0, "none"),
    ("(?-i:a)b", "i", "aB", 0, "0,2"),
    ("(?-i:a)b", "i", "Ab", 0, "none"),
    ("(?i:a(?-i:b)c)", "", "AbC", 0, "0,3"),
    ("(?i:a(?-i:b)c)", "", "ABC", 0, "none"),
    ("(?m:^b$)", "", "a\nb\nc", 0, "2,3"),
    ("(?-m:^)b", "m", "a\nb", 0, "none"),
    ("(?s:.)x", "", "\nx", 0, "0,2"),
    ("(?-s:.)", "s", "\na", 0, "1,2"),
    ("(?im-s:^A.)", "s", "x\nab", 0, "2,4"),
    (r"(?i:(a))\1", "", "Aa", 0, "none"),
    (r"(a)(?i:\1)", "", "aA", 0, "0,2 0,1"),
    ("(?i:[a-c])+", "", "aBCd", 0, "0,3"),
    (r"(a)(?i:b)\2", "", "aB\u{2}", 0, "0,3 0,1"),
    // Names that occur twice.
    ("(?<x>a)|(?<x>b)", "", "b", 0, "0,1 - 0,1"),
    (r"(?:(?<x>a)|(?<x>b))\k<x>", "", "aabb", 1, "2,4 - 2,3"),
    (r"(?:(?:(?<x>a)|(?<x>b))\k<x>)*", "", "aabb", 0, "0,4 - 2,3"),
    ("(?<x>a)(?<x>b)", "", "", 0, "error"),
    ("(?<x>a)(?:(?<x>b)|c)", "", "", 0, "error"),
    ("(?:(?<x>a)|b)(?:c|(?<x>d))", "", "", 0, "error"),
    // Refused.
    ("(", "", "", 0, "error"),
    (")", "", "", 0, "error"),
    ("[", "", "", 0, "error"),
    ("*", "", "", 0, "error"),
    ("a**", "", "", 0, "error"),
    ("a{2,1}", "", "", 0, "error"),
    ("[b-a]", "", "", 0, "error"),
    ("(?<a", "", "", 0, "error"),
    ("(?<1a>x)", "", "", 0, "error"),
    (r"(?<a>x)\k<b>", "", "", 0, "error"),
    (r"(?<a>x)\k", "", "", 0, "error"),
    (r"\k<a>", "u", "", 0, "error"),
    ("a{", "u", "", 0, "error"),
    ("]", "u", "", 0, "error"),
    (r"\c", "u", "", 0, "error"),
    (r"[\c]", "u", "", 0, "error"),
    (r"\01", "u", "", 0, "error"),
    (r"(a)\2", "u", "", 0, "error"),
    (r"(a)(?i:b)\2", "u", "", 0, "error"),
    (r"\u{110000}", "u", "", 0, "error"),
    (r"\p{No_Such}", "u", "", 0, "error"),
    (r"\p{Basic_Emoji}", "u", "", 0, "error"),
    (r"\p{RGI_Emoji}", "v", "", 0, "error"),
    (r"[^\q{ab}]", "v", "", 0, "error"),
    ("[a&&&b]", "v", "", 0, "error"),
    ("[(]", "v", "", 0, "error"),
    (r"(?<=a)*", "", "", 0, "error"),
    ("(?=a)*", "u", "", 0, "error"),
    ("(?ii:a)", "", "", 0, "error"),
    ("(?-:a)", "", "", 0, "error"),
    ("\\", "", "", 0, "error"),
];

/// The groups as text, see [`Row`].
fn outcome(outcome: Outcome, scratch: &Scratch) -> String {
    match outcome {
        Outcome::Match => {
            let group = |pair: &[u32]| match *pair {
                [UNSET, UNSET] => "-".to_owned(),
                [start, end] => format!("{start},{end}"),
                _ => "odd".to_owned(),
            };
            scratch.captures().chunks(2).map(group).collect::<Vec<_>>().join(" ")
        }
        Outcome::NoMatch => "none".to_owned(),
        Outcome::Interrupted => "interrupted".to_owned(),
        Outcome::TooDeep => "too deep".to_owned(),
    }
}

fn program(pattern: &str, flags: &str) -> Result<Program, SyntaxError> {
    let program = compile(&PatternText::Utf8(pattern), parse_flags(flags)?)?;
    assert_eq!(verify(program.words()), Ok(()), "/{pattern}/{flags}\n{program:?}");
    Ok(program)
}

fn run(program: &Program, input: Input<'_>, start: usize) -> String {
    let mut scratch = Scratch::default();
    let result = exec(program.words(), input, start, &mut scratch, &mut || false);
    outcome(result, &scratch)
}

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

/// The bytes of a text that fits Latin-1.
fn latin1(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|c| u8::try_from(c as u32).ok()).collect()
}

#[test]
fn matches() {
    let mut wrong = Vec::new();
    for &(pattern, flags, input, start, want) in MATCHES {
        let mut check = |representation: &str, got: String| {
            if got != want {
                wrong.push(format!("/{pattern}/{flags} on {input:?} ({representation}) at {start}: {got}, not {want}"));
            }
        };
        match program(pattern, flags) {
            Ok(program) => {
                check("UTF-16", run(&program, Input::Utf16(&units(input)), start));
                if let Some(bytes) = latin1(input) {
                    check("Latin-1", run(&program, Input::Latin1(&bytes), start));
                }
            }
            Err(_) => check("compile", "error".to_owned()),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pattern_representations_agree() {
    for &(pattern, flags, ..) in MATCHES {
        let flags = parse_flags(flags).unwrap();
        let from_text = compile(&PatternText::Utf8(pattern), flags);
        assert_eq!(compile(&PatternText::Utf16(&units(pattern)), flags), from_text);
        if let Some(bytes) = latin1(pattern) {
            assert_eq!(compile(&PatternText::Latin1(&bytes), flags), from_text);
        }
    }
}

#[test]
fn lone_surrogates() {
    type Row<'a> = (&'a [u16], &'a str, &'a [u16], usize, &'a str);
    let rows: &[Row<'_>] = &[
        // A surrogate of a pair is no character with `u`.
        (&[0xD83D], "u", &[0xD83D, 0xDE00], 0, "none"),
        (&[0xD83D], "u", &[0xD83D, 0x61], 0, "0,1"),
        (&[0xD83D], "", &[0xD83D, 0xDE00], 0, "0,1"),
        (&[0xDE00], "", &[0xD83D, 0xDE00], 0, "1,2"),
        (&[0x5B, 0xDE00, 0x5D], "u", &[0xD83D, 0xDE00, 0xDE00], 0, "2,3"),
        // Between the halves is at the pair.
        (&[0xD83D, 0xDE00], "u", &[0xD83D, 0xDE00], 1, "0,2"),
        (&[0x2E], "uy", &[0xD83D, 0xDE00], 1, "0,2"),
        (&[0x2E], "u", &[0x61, 0xD83D], 1, "1,2"),
        // An escaped surrogate in the pattern.
        (&[0x5C, 0xD83D], "", &[0xD83D], 0, "0,1"),
        (&[0x5C, 0xD83D], "u", &[], 0, "error"),
        // A quantifier binds to the second half without `u`.
        (&[0xD83D, 0xDE00, 0x2B], "", &[0xD83D, 0xDE00, 0xDE00], 0, "0,3"),
        // Half a pair is not what a reference has matched.
        (&[0x28, 0x2E, 0x29, 0x5C, 0x31], "u", &[0xD83D, 0x62, 0xD83D, 0xD83D, 0xDE00], 0, "none"),
        (&[0x28, 0x2E, 0x29, 0x5C, 0x31], "u", &[0xDE00, 0xDE00], 0, "0,2 0,1"),
        (&[0x28, 0x2E, 0x29, 0x5C, 0x31], "iu", &[0xD83D, 0x62, 0xD83D, 0xD83D, 0xDE00], 0, "none"),
    ];
    for &(pattern, flags, input, start, want) in rows {
        let got = match compile(&PatternText::Utf16(pattern), parse_flags(flags).unwrap()) {
            Ok(program) => run(&program, Input::Utf16(input), start),
            Err(_) => "error".to_owned(),
        };
        assert_eq!(got, want, "/{}/{flags} on {input:x?}", String::from_utf16_lossy(pattern));
    }
}

#[test]
fn flags_and_errors() {
    assert_eq!(parse_flags("yvsmigd").unwrap().to_string(), "dgimsvy");
    let message = |flags| parse_flags(flags).unwrap_err().to_string();
    assert_eq!(message("gg"), "invalid flags 'gg': flag 'g' is repeated");
    assert_eq!(message("x"), "invalid flags 'x': unknown flag 'x'");
    assert_eq!(message("uv"), "invalid flags 'uv': 'u' and 'v' exclude each other");

    let message = |pattern, flags| program(pattern, flags).unwrap_err().to_string();
    assert_eq!(message("(", ""), "unterminated capturing group");
    assert_eq!(message("(?<x>a)(?<x>b)", ""), "duplicated capturing group names");
    assert_eq!(message("(?:(?<x>a)|b)(?:c|(?<x>d))", ""), "duplicate capture group name 'x'");
    assert_eq!(message(r"\p{RGI_Emoji}", "v"), "unsupported property of strings 'RGI_Emoji'");
    assert_eq!(message("a{2,1}", ""), "numbers out of order in braced quantifier");
}

#[test]
fn what_a_program_tells() {
    let program = program(r"(?<year>\d+)-(\d+)-(?<größe>.)|(?<year>x)", "gi").unwrap();
    assert_eq!(flags(program.words()).to_string(), "gi");
    assert_eq!(capture_count(program.words()), 5);
    let names: Vec<(u32, String)> = group_names(program.words())
        .map(|name| (name.group, String::from_utf16_lossy(&name.units().collect::<Vec<_>>())))
        .collect();
    assert_eq!(names, [(1, "year".to_owned()), (3, "größe".to_owned()), (4, "year".to_owned())]);
    assert_eq!(group_names(&[]).count(), 0);
    assert_eq!(capture_count(&[1, 2, 3]), 0);
}

/// The instructions of a program, without the header line.
fn code(pattern: &str, flags: &str) -> String {
    let text = disassemble(program(pattern, flags).unwrap().words());
    text.lines().skip(1).map(|line| line.trim_start().to_owned() + "\n").collect()
}

#[test]
fn hot_patterns_leave_no_choices() {
    assert_eq!(
        code(r"^/api/v(\d+)/users/([^/]+)$", ""),
        "13 Start\n\
         14 Literal '/' 'a' 'p' 'i' '/' 'v'\n\
         21 Save r2\n\
         22 Run Set [0-9] 1 inf\n\
         26 Save r3\n\
         27 Literal '/' 'u' 's' 'e' 'r' 's' '/'\n\
         35 Save r4\n\
         36 Run NotChar '/' 1 inf\n\
         40 Save r5\n\
         41 End\n\
         42 Match\n"
    );
    assert_eq!(
        code(r"\s+", "g"),
        "13 Run Set [\\9-\\d\\20\\a0\\1680\\2000-\\200a\\2028-\\2029\\202f\\205f\\3000\\feff] 1 inf\n17 Match\n"
    );
    assert_eq!(
        code("ab|cd", "i"),
        "13 PeekSet [Aa] ->19\n15 LiteralMasked 'a'|0x20 'b'|0x20\n18 Jump ->22\n19 LiteralMasked 'c'|0x20 'd'|0x20\n22 Match\n"
    );
    assert_eq!(
        code("(?:a=b;)*c", ""),
        "13 PeekChar 'a' ->21\n\
         15 Literal 'a' '=' 'b' ';'\n\
         20 Jump ->13\n\
         21 Char 'c'\n\
         22 Match\n"
    );
}

#[test]
fn catastrophic_patterns_end_by_poll() {
    let rows = [("(a+)+b", "a"), ("(?:a|a)*b", "a"), ("(a*)*b", "a"), ("(?:.*.*)*x", "a"), (r"^(\w+\s?)*$", "a!")];
    for (pattern, unit) in rows {
        let input = unit.repeat(64);
        let program = program(pattern, "").unwrap();
        let mut polls = 0;
        let mut poll = || {
            polls += 1;
            polls == 50
        };
        let mut scratch = Scratch::default();
        let result = exec(program.words(), Input::Latin1(input.as_bytes()), 0, &mut scratch, &mut poll);
        assert!(
            result == Outcome::Interrupted && polls == 50 || result == Outcome::NoMatch,
            "/{pattern}/: {result:?} after {polls} polls"
        );
        assert!(scratch.captures().is_empty());
    }
}

#[test]
fn scanning_polls() {
    let long = vec![b'a'; 8 << 20];
    for pattern in ["xyz", "[^a]", "[x-z]|[é-ÿ]q", "^.*b", "(?:a)*?b", "(?=a*b)a", r"^(a{4096,})\1$"] {
        let program = program(pattern, "").unwrap();
        let mut polls = 0;
        let mut poll = || {
            polls += 1;
            polls == 3
        };
        let result = exec(program.words(), Input::Latin1(&long), 0, &mut Scratch::default(), &mut poll);
        assert_eq!((result, polls), (Outcome::Interrupted, 3), "/{pattern}/");
    }
}

#[test]
fn backtrack_stack_is_bounded() {
    let program = program("(?:a|ab)*c", "").unwrap();
    let input = vec![b'a'; 4 << 20];
    let mut scratch = Scratch::default();
    assert_eq!(exec(program.words(), Input::Latin1(&input), 0, &mut scratch, &mut || false), Outcome::TooDeep);
    // It can be used again.
    assert_eq!(exec(program.words(), Input::Latin1(b"aabc"), 0, &mut scratch, &mut || false), Outcome::Match);
    assert_eq!(scratch.captures(), [0, 4]);
}

/// On the stack that the engine gives to compiling; the 2 MiB of a test thread are not enough.
fn on_large_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(16 << 20).spawn(work).unwrap();
    assert!(thread.join().is_ok());
}

#[test]
fn nesting_is_capped() {
    on_large_stack(|| {
        for (open, close, flags) in
            [("(", ")", ""), ("(?:", ")*", ""), ("(?=", ")", ""), ("(?<!", ")", ""), ("[", "]", "v")]
        {
            let nested = |depth: usize| format!("{}a{}", open.repeat(depth), close.repeat(depth));
            assert!(program(&nested(1_000), flags).is_ok(), "{open}");
            let refused = program(&nested(1_001), flags).unwrap_err();
            assert_eq!(refused.message(), "pattern nested too deeply", "{open}");
            assert!(program(&nested(100_000), flags).is_err());
        }
    });
}

#[test]
fn large_patterns_compile_or_are_refused() {
    // Many parts, many groups, many choices, many ranges, many names.
    let rows = [
        ("a?", "", 100_000, Ok(())),
        ("(x)", "", 65_000, Ok(())),
        ("(x)", "", 66_000, Err("too many capturing groups")),
        ("a|bc|", "", 50_000, Ok(())),
        ("(?:a*b)*", "", 30_000, Ok(())),
        ("é", "i", 100_000, Ok(())),
        (r"\p{Lu}?", "u", 100, Ok(())),
        (r"\p{Lu}?", "u", 30_000, Err("pattern too large")),
        ("(?<a>x)|", "", 2_000, Ok(())),
    ];
    for (part, flags, count, want) in rows {
        let got = program(&part.repeat(count), flags).map(|_| ());
        assert_eq!(got.as_ref().map_err(SyntaxError::message).copied(), want, "{part} × {count}");
    }
}

#[test]
fn warm_scratch_does_not_allocate() {
    let program = program(r"(?:(\w+)|(\d+) )*$", "").unwrap();
    let mut scratch = Scratch::default();
    let input = Input::Latin1(b"12 34 56 78 abc !");
    let mut run = || {
        exec(program.words(), input, 0, &mut scratch, &mut || false);
        scratch.capacities()
    };
    let warm = run();
    assert_eq!(run(), warm);
}

/// Numbers for tests: the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % below
    }
}

#[test]
fn damaged_programs_are_harmless() {
    let mut random = Random(0x10C6_A7E5);
    let patterns = [
        (r"^/api/v(\d+)/users/([^/]+)$", ""),
        (r"(?<a>x|y(?=z))*?\k<a>{2,3}(?<!\w{2})", "i"),
        (r"(?:(a+)|[^b😀])*(?!c)\b.{1,4}?d$", "um"),
        (r"[\p{L}--[a-z]]+?é(?:(\d)\1){2,}", "iv"),
        (r"needle (?<=(x+?))", "s"),
    ];
    let inputs = ["/api/v1/users/x", "xyzxxab12é😀dcd needle xx", ""];
    let mut scratch = Scratch::default();
    let mut refused = 0;
    for (pattern, flags) in patterns {
        let good = program(pattern, flags).unwrap().into_words();
        for _ in 0..4_000 {
            let mut words = good.clone();
            for _ in 0..=random.next(3) {
                let at = random.next(words.len());
                words[at] = match random.next(6) {
                    0 => u32::MAX,
                    1 => words[random.next(words.len())],
                    2 => random.next(64) as u32,
                    3 => words[at] ^ 1 << random.next(32),
                    4 => words[at].wrapping_add(random.next(16) as u32 + 1),
                    _ => (random.next(1 << 16) << 16 | random.next(1 << 16)) as u32,
                };
            }
            if random.next(8) == 0 {
                words.truncate(random.next(words.len()));
            }
            refused += usize::from(verify(&words).is_err());
            let _ = disassemble(&words);
            let _ = group_names(&words).map(|name| name.units().count()).sum::<usize>();
            for input in inputs {
                let mut polls = 0;
                let mut poll = || {
                    polls += 1;
                    polls > 3
                };
                let start = random.next(input.len() + 2);
                exec(&words, Input::Latin1(input.as_bytes()), start, &mut scratch, &mut poll);
                exec(&words, Input::Utf16(&units(input)), start, &mut scratch, &mut poll);
            }
        }
    }
    assert!(refused > 10_000, "the verifier refused only {refused} of 20,000");
}
