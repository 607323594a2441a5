//! Messages of JSON syntax errors, as scripts know them from V8.
use super::parse::Problem;
use crate::string::Units;

/// Units shown around an unexpected token.
const CONTEXT: usize = 10;

/// The message for a problem at unit `at` of `text`.
pub fn message(problem: Problem, text: Units<'_>, at: usize) -> String {
    let what = match problem {
        Problem::Token => return unexpected(text, at),
        Problem::Number => "Unexpected number",
        Problem::Unterminated => "Unterminated string",
        Problem::PropertyNameOrBrace => "Expected property name or '}'",
        Problem::PropertyName => "Expected double-quoted property name",
        Problem::Colon => "Expected ':' after property name",
        Problem::CommaOrBracket => "Expected ',' or ']' after array element",
        Problem::CommaOrBrace => "Expected ',' or '}' after property value",
        Problem::Control => "Bad control character in string literal",
        Problem::Escape => "Bad escaped character",
        Problem::UnicodeEscape => "Bad Unicode escape",
        Problem::Minus => "No number after minus sign",
        Problem::Fraction => "Unterminated fractional number",
        Problem::Exponent => "Exponent part is missing a number",
        Problem::Trailing => {
            let (line, column) = line_column(text, at);
            return format!(
                "Unexpected non-whitespace character after JSON at position {at} (line {line} column {column})"
            );
        }
    };
    let (line, column) = line_column(text, at);
    format!("{what} in JSON at position {at} (line {line} column {column})")
}

fn line_column(text: Units<'_>, at: usize) -> (usize, usize) {
    let (mut line, mut start) = (1, 0);
    for i in 0..at.min(text.len()) {
        if text.at(i) == b'\n' as u16 {
            line += 1;
            start = i + 1;
        }
    }
    (line, at - start + 1)
}

fn unexpected(text: Units<'_>, at: usize) -> String {
    if at >= text.len() {
        return "Unexpected end of JSON input".to_string();
    }
    let whole = || excerpt(text, 0, text.len());
    if text.len() <= 16 && matches!(&*whole(), "undefined" | "NaN" | "Infinity" | "[object Object]") {
        return format!("\"{}\" is not valid JSON", whole());
    }
    // A surrogate pair is one token.
    let pair =
        at + 1 < text.len() && (0xD800..0xDC00).contains(&text.at(at)) && (0xDC00..0xE000).contains(&text.at(at + 1));
    let token = excerpt(text, at, at + 1 + usize::from(pair));
    if text.len() <= 2 * CONTEXT {
        return format!("Unexpected token '{token}', \"{}\" is not valid JSON", whole());
    }
    let (from, to) = (at.saturating_sub(CONTEXT), (at + CONTEXT).min(text.len()));
    let before = if from == 0 { "" } else { "..." };
    let after = if to == text.len() { "" } else { "..." };
    format!("Unexpected token '{token}', {before}\"{}\"{after} is not valid JSON", excerpt(text, from, to))
}

fn excerpt(text: Units<'_>, from: usize, to: usize) -> String {
    let units: Vec<u16> = (from..to).map(|i| text.at(i)).collect();
    String::from_utf16_lossy(&units)
}
