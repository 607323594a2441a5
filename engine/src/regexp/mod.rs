//! Regular expressions: pattern text to a flat program, and the backtracking matcher that runs it.
//!
//! ```text
//! pattern.rs   text and flags → text the parser reads the way ECMA-262 does (nesting capped here)
//! compile.rs   parsed pattern → ir.rs; the only file that names the parser
//! ir.rs        pattern tree, minimum lengths, first-character sets
//! codegen.rs   tree → program.rs
//! program.rs   layout, the opcode table, verifier, disassembler
//! matcher.rs   program × input → captures: candidates, polls
//! backtrack.rs, characters.rs   the interpreter loop; characters, runs and references in it
//! input.rs     units of both representations
//! charset.rs, unicode.rs   code point sets, case rules, `\p{…}` data
//! ```
//!
//! A program is a plain `[u32]` without pointers: it can live in a heap or an image and move. The
//! matcher is total: for any words whatever it neither panics nor reads out of bounds, and it polls
//! its caller so that it always ends.
#![forbid(unsafe_code)]

mod backtrack;
mod characters;
mod charset;
mod codegen;
mod compile;
mod input;
mod ir;
mod matcher;
mod pattern;
mod program;
#[cfg(test)]
mod tests;
mod unicode;

use std::fmt;

pub use compile::compile;
pub use input::Input;
pub use matcher::{Outcome, Scratch, UNSET, exec};
pub use pattern::PatternText;
pub use program::{GroupName, GroupNames, Program, capture_count, disassemble, flags, group_names, verify};

/// The flags of a regular expression, one bit per letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags(u8);

impl Flags {
    /// `d`: match results carry indices. Does not change matching.
    pub const HAS_INDICES: Flags = Flags(1);
    /// `g`: the caller steps `lastIndex`. Does not change matching.
    pub const GLOBAL: Flags = Flags(1 << 1);
    /// `i`: letters match their case variants.
    pub const IGNORE_CASE: Flags = Flags(1 << 2);
    /// `m`: `^` and `$` match at line ends.
    pub const MULTILINE: Flags = Flags(1 << 3);
    /// `s`: `.` matches line terminators.
    pub const DOT_ALL: Flags = Flags(1 << 4);
    /// `u`: code points instead of units.
    pub const UNICODE: Flags = Flags(1 << 5);
    /// `v`: as `u`, with set notation.
    pub const UNICODE_SETS: Flags = Flags(1 << 6);
    /// `y`: matches only at the start position.
    pub const STICKY: Flags = Flags(1 << 7);

    /// Flags from their bits, the inverse of [`Flags::bits`].
    pub const fn from_bits(bits: u8) -> Flags {
        Flags(bits)
    }

    /// One bit per flag, in the order of the constants.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether all of `other` are set.
    pub const fn contains(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }

    /// The flags of both.
    #[must_use]
    pub const fn union(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }

    /// Whether matching is by code point: `u` or `v`.
    pub const fn by_code_point(self) -> bool {
        self.0 & (Flags::UNICODE.0 | Flags::UNICODE_SETS.0) != 0
    }
}

/// Letter and flag, in the order of `RegExp.prototype.flags`.
const FLAG_LETTERS: [(char, Flags); 8] = [
    ('d', Flags::HAS_INDICES),
    ('g', Flags::GLOBAL),
    ('i', Flags::IGNORE_CASE),
    ('m', Flags::MULTILINE),
    ('s', Flags::DOT_ALL),
    ('u', Flags::UNICODE),
    ('v', Flags::UNICODE_SETS),
    ('y', Flags::STICKY),
];

impl fmt::Display for Flags {
    /// The letters in the order of `RegExp.prototype.flags`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FLAG_LETTERS.iter().filter(|(_, flag)| self.contains(*flag)).try_for_each(|(letter, _)| write!(f, "{letter}"))
    }
}

/// Flags from their letters, in any order.
///
/// # Errors
/// An unknown or repeated letter, or `u` together with `v`.
pub fn parse_flags(text: &str) -> Result<Flags, SyntaxError> {
    let mut flags = Flags::default();
    for letter in text.chars() {
        let Some(&(_, flag)) = FLAG_LETTERS.iter().find(|(known, _)| *known == letter) else {
            return Err(SyntaxError::new(format!("invalid flags '{text}': unknown flag '{letter}'")));
        };
        if flags.contains(flag) {
            return Err(SyntaxError::new(format!("invalid flags '{text}': flag '{letter}' is repeated")));
        }
        flags = flags.union(flag);
    }
    if flags.contains(Flags::UNICODE.union(Flags::UNICODE_SETS)) {
        return Err(SyntaxError::new(format!("invalid flags '{text}': 'u' and 'v' exclude each other")));
    }
    Ok(flags)
}

/// Why a pattern or its flags were refused. The message is a phrase without the pattern's text:
/// callers put `Invalid regular expression: /…/: ` before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    message: String,
}

impl SyntaxError {
    fn new(message: impl Into<String>) -> SyntaxError {
        SyntaxError { message: message.into() }
    }

    /// The reason, as a phrase.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SyntaxError {}
