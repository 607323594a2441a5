//! Pattern text before parsing: limits, and spelling out what the parser reads differently from
//! ECMA-262.
//!
//! The parser takes UTF-8, compares group names as they are spelled, and has its own idea of some
//! Annex B escapes. So lone surrogates become escapes, escapes in group names become the characters
//! they stand for, and control and octal escapes become `\xHH` here, where the number of groups is
//! known. Everything else passes through.

use super::SyntaxError;
use super::charset::MAX_UNIT;

/// The deepest accepted nesting of groups and of `v` classes.
pub(super) const MAX_NESTING: u32 = 1_000;
/// The longest accepted pattern, in code points.
const MAX_PATTERN_LEN: usize = 1 << 18;
/// The most named groups: the parser compares each name with all others.
const MAX_NAMED_GROUPS: u32 = 2_048;

/// The text of a pattern, without the slashes.
#[derive(Clone, Copy, Debug)]
pub enum PatternText<'a> {
    /// Well-formed text, as in a source file.
    Utf8(&'a str),
    /// One byte per unit.
    Latin1(&'a [u8]),
    /// UTF-16 units; lone surrogates are allowed.
    Utf16(&'a [u16]),
}

impl PatternText<'_> {
    /// Code points; a lone surrogate stands for itself.
    fn code_points(self) -> Vec<u32> {
        match self {
            PatternText::Utf8(text) => text.chars().map(u32::from).collect(),
            PatternText::Latin1(bytes) => bytes.iter().copied().map(u32::from).collect(),
            PatternText::Utf16(units) => char::decode_utf16(units.iter().copied())
                .map(|unit| unit.map_or_else(|lone| u32::from(lone.unpaired_surrogate()), u32::from))
                .collect(),
        }
    }
}

/// Which grammar the pattern follows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grammar {
    /// `u` or `v`.
    pub(super) unicode: bool,
    /// `v`.
    pub(super) sets: bool,
}

/// Checks the limits and rewrites the text for the parser.
///
/// # Errors
/// Text too long or too deeply nested, or an escape that the grammar does not have.
pub(super) fn normalize(text: PatternText<'_>, grammar: Grammar) -> Result<String, SyntaxError> {
    let text = text.code_points();
    if text.len() > MAX_PATTERN_LEN {
        return Err(SyntaxError::new("pattern too long"));
    }
    let groups = Groups::count(&text, grammar)?;
    Rewriter { text: &text, at: 0, grammar, groups, class_depth: 0, out: String::with_capacity(text.len()) }.run()
}

/// What a first scan over the pattern finds.
struct Groups {
    /// Capturing groups.
    captures: u32,
    /// Those with a name; one makes `\k` a reference in every pattern.
    named: u32,
}

impl Groups {
    fn count(text: &[u32], grammar: Grammar) -> Result<Groups, SyntaxError> {
        let mut groups = Groups { captures: 0, named: 0 };
        let (mut depth, mut class_depth) = (0u32, 0u32);
        let mut at = 0;
        while let Some(ch) = char_at(text, at) {
            at += 1;
            match ch {
                '\\' => at += 1,
                '[' if class_depth == 0 || grammar.sets => class_depth += 1,
                ']' => class_depth = class_depth.saturating_sub(1),
                '(' if class_depth == 0 => {
                    depth += 1;
                    let named = is_group_name(text, at);
                    groups.named += u32::from(named);
                    groups.captures += u32::from(named || char_at(text, at) != Some('?'));
                }
                ')' if class_depth == 0 => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth + class_depth > MAX_NESTING {
                return Err(SyntaxError::new("pattern nested too deeply"));
            }
        }
        if groups.named > MAX_NAMED_GROUPS {
            return Err(SyntaxError::new("too many named groups"));
        }
        Ok(groups)
    }
}

fn char_at(text: &[u32], at: usize) -> Option<char> {
    // A lone surrogate is none of the characters the scans look for.
    text.get(at).map(|&cp| char::from_u32(cp).unwrap_or(char::REPLACEMENT_CHARACTER))
}

/// Whether `?<` of a named group is at `at`, just after the parenthesis.
fn is_group_name(text: &[u32], at: usize) -> bool {
    char_at(text, at) == Some('?')
        && char_at(text, at + 1) == Some('<')
        && !matches!(char_at(text, at + 2), Some('=' | '!'))
}

struct Rewriter<'a> {
    text: &'a [u32],
    at: usize,
    grammar: Grammar,
    groups: Groups,
    class_depth: u32,
    out: String,
}

impl Rewriter<'_> {
    fn run(mut self) -> Result<String, SyntaxError> {
        while let Some(&cp) = self.text.get(self.at) {
            self.at += 1;
            let Some(ch) = char::from_u32(cp) else {
                self.push_surrogate(cp);
                continue;
            };
            match ch {
                '\\' => {
                    self.escape()?;
                    continue;
                }
                '[' if self.class_depth == 0 || self.grammar.sets => self.class_depth += 1,
                ']' => self.class_depth = self.class_depth.saturating_sub(1),
                '(' if self.class_depth == 0 && is_group_name(self.text, self.at) => {
                    self.out.push_str("(?<");
                    self.at += 2;
                    self.group_name()?;
                    continue;
                }
                _ => {}
            }
            self.out.push(ch);
        }
        Ok(self.out)
    }

    fn peek(&self) -> Option<char> {
        char_at(self.text, self.at)
    }

    /// The escape after a backslash.
    fn escape(&mut self) -> Result<(), SyntaxError> {
        let Some(&cp) = self.text.get(self.at) else {
            return Err(SyntaxError::new("\\ at end of pattern"));
        };
        self.at += 1;
        let Some(ch) = char::from_u32(cp) else {
            if self.grammar.unicode {
                return Err(SyntaxError::new("invalid escape"));
            }
            self.push_surrogate(cp);
            return Ok(());
        };
        match ch {
            'c' => self.control_escape(),
            '0'..='9' => self.decimal_escape(ch as u32 - 0x30),
            'k' if self.class_depth == 0 && (self.grammar.unicode || self.groups.named > 0) => {
                self.out.push_str("\\k");
                if self.peek() != Some('<') {
                    return Err(SyntaxError::new("invalid named reference"));
                }
                self.at += 1;
                self.out.push('<');
                self.group_name()
            }
            _ => {
                self.out.push('\\');
                self.out.push(ch);
                Ok(())
            }
        }
    }

    fn control_escape(&mut self) -> Result<(), SyntaxError> {
        let in_class = self.class_depth > 0;
        match self.peek() {
            Some(letter) if letter.is_ascii_alphabetic() => self.push_control(letter),
            Some(other) if in_class && !self.grammar.unicode && (other.is_ascii_digit() || other == '_') => {
                self.push_control(other);
            }
            _ if self.grammar.unicode => return Err(SyntaxError::new("invalid unicode escape")),
            // Annex B: the backslash is a character of its own.
            _ => self.out.push_str("\\\\c"),
        }
        Ok(())
    }

    fn push_control(&mut self, ch: char) {
        self.at += 1;
        self.push_hex(ch as u32 & 31);
    }

    fn decimal_escape(&mut self, first: u32) -> Result<(), SyntaxError> {
        let digits = self.text[self.at..].iter().take_while(|&&cp| (0x30..=0x39).contains(&cp)).count();
        if self.grammar.unicode {
            if first == 0 && digits > 0 {
                return Err(SyntaxError::new("invalid decimal escape"));
            }
            self.out.push('\\');
            self.push_digit(first);
            return Ok(());
        }
        let value = self.text[self.at..self.at + digits]
            .iter()
            .fold(first, |value, cp| value.saturating_mul(10).saturating_add(cp - 0x30));
        if first != 0 && self.class_depth == 0 && value <= self.groups.captures {
            self.out.push('\\');
            self.push_digit(first);
            for _ in 0..digits {
                self.push_digit(self.text[self.at] - 0x30);
                self.at += 1;
            }
            return Ok(());
        }
        if first >= 8 {
            self.push_hex(0x30 + first);
            return Ok(());
        }
        // LegacyOctalEscapeSequence: at most three digits, at most 0o377.
        let mut value = first;
        for _ in 0..2 {
            match self.text.get(self.at) {
                Some(&cp @ 0x30..=0x37) if value * 8 + (cp - 0x30) <= 0xFF => {
                    value = value * 8 + (cp - 0x30);
                    self.at += 1;
                }
                _ => break,
            }
        }
        self.push_hex(value);
        Ok(())
    }

    /// The rest of a group name, up to and with its `>`.
    fn group_name(&mut self) -> Result<(), SyntaxError> {
        let invalid = || SyntaxError::new("invalid capture group name");
        loop {
            let cp = *self.text.get(self.at).ok_or_else(invalid)?;
            self.at += 1;
            let ch = match char::from_u32(cp) {
                Some('\\') => {
                    let ch = self.name_escape().ok_or_else(invalid)?;
                    if ch.is_ascii() && !(ch.is_ascii_alphanumeric() || ch == '$' || ch == '_') {
                        return Err(invalid());
                    }
                    ch
                }
                Some(ch) => ch,
                None => return Err(invalid()),
            };
            self.out.push(ch);
            if cp == '>' as u32 {
                return Ok(());
            }
        }
    }

    /// The character of a `\u` escape in a group name, where even patterns without `u` have the
    /// code point forms.
    fn name_escape(&mut self) -> Option<char> {
        if self.peek() != Some('u') {
            return None;
        }
        self.at += 1;
        if self.peek() == Some('{') {
            let len = self.text[self.at + 1..].iter().position(|&cp| cp == '}' as u32)?;
            let value = hex(&self.text[self.at + 1..self.at + 1 + len])?;
            self.at += len + 2;
            return char::from_u32(value);
        }
        let lead = self.hex4()?;
        if (0xD800..0xDC00).contains(&lead) && self.peek() == Some('\\') && char_at(self.text, self.at + 1) == Some('u')
        {
            self.at += 2;
            let trail = self.hex4()?;
            return char::decode_utf16([lead as u16, trail as u16]).next()?.ok();
        }
        char::from_u32(lead)
    }

    fn hex4(&mut self) -> Option<u32> {
        let value = hex(self.text.get(self.at..self.at + 4)?)?;
        self.at += 4;
        Some(value)
    }

    fn push_digit(&mut self, digit: u32) {
        self.out.push(char::from(b'0' + digit as u8));
    }

    fn push_hex(&mut self, value: u32) {
        self.out.push_str(&format!("\\x{value:02x}"));
    }

    fn push_surrogate(&mut self, unit: u32) {
        debug_assert!(unit <= MAX_UNIT);
        // With braces it never pairs up with an escape that follows.
        let escape = if self.grammar.unicode { format!("\\u{{{unit:x}}}") } else { format!("\\u{unit:04x}") };
        self.out.push_str(&escape);
    }
}

/// The value of hexadecimal digits; `None` if there are none, other characters, or too many.
fn hex(digits: &[u32]) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0u32, |value, &cp| {
        let digit = char::from_u32(cp)?.to_digit(16)?;
        value.checked_mul(16)?.checked_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, unicode: bool, want: Result<&str, &str>) {
        let got = normalize(PatternText::Utf8(text), Grammar { unicode, sets: false });
        assert_eq!(got.as_deref().map_err(SyntaxError::message), want, "{text}");
    }

    #[test]
    fn rewrites() {
        check(r"a\d[b\]]", false, Ok(r"a\d[b\]]"));
        check(r"\cA[\cA\c1\c_\c]\c", false, Ok(r"\x01[\x01\x11\x1f\\c]\\c"));
        check(r"\0\1\12\400\8[\1](a)", false, Ok(r"\x00\1\x0a\x200\x38[\x01](a)"));
        check(r"(a)(?i:b)\2", false, Ok(r"(a)(?i:b)\x02"));
        check(r"(?<\u0061b\u{63}>.)\k<abc>", false, Ok(r"(?<abc>.)\k<abc>"));
        check(r"\k<a>", false, Ok(r"\k<a>"));
        check(r"\01", true, Err("invalid decimal escape"));
        check(r"\c", true, Err("invalid unicode escape"));
        check("a\\", false, Err("\\ at end of pattern"));
        check(r"(?<a\u003e>.)", false, Err("invalid capture group name"));
    }

    #[test]
    fn lone_surrogates_become_escapes() {
        let text = PatternText::Utf16(&[0x61, 0xD800, 0xD83D, 0xDE00]);
        let grammar = |unicode| Grammar { unicode, sets: false };
        assert_eq!(normalize(text, grammar(false)).as_deref(), Ok("a\\ud800😀"));
        assert_eq!(normalize(text, grammar(true)).as_deref(), Ok("a\\u{d800}😀"));
    }

    #[test]
    fn limits() {
        let deep = |n: usize| format!("{}{}", "(".repeat(n), ")".repeat(n));
        check(&deep(1_000), false, Ok(&deep(1_000)));
        check(&deep(1_001), false, Err("pattern nested too deeply"));
        check(&"(".repeat(200_000), false, Err("pattern nested too deeply"));
        check(&"(?<a>)|".repeat(2_049), false, Err("too many named groups"));
        check(&"a".repeat(MAX_PATTERN_LEN + 1), false, Err("pattern too long"));
    }
}
