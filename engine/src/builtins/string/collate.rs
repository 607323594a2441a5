//! localeCompare: a small collation of the root locale's kind, without tailoring.
//!
//! Strings are compared in canonical decomposition, so canonically equivalent strings are equal. First by base
//! characters (white space, punctuation, symbols, digits, letters; case and accents ignored), then by accents, then by
//! case (lower case first), last by code points.
use super::{arg_str, kept_arg, kept_this, this_str};
use crate::call::Args;
use crate::runtime::Rt;
use crate::string::Units;
use crate::value::{JsResult, Value};
use icu_normalizer::DecomposingNormalizerBorrowed;
use std::cmp::Ordering;

/// ASCII in the order of the Unicode collation's root table; what is not listed (controls) comes first.
const ASCII_ORDER: &[u8] = b" _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz";

/// Rank of each ASCII character, upper case as lower case.
const ASCII_RANK: [u8; 128] = {
    let mut table = [0; 128];
    let mut i = 0;
    while i < ASCII_ORDER.len() {
        table[ASCII_ORDER[i] as usize] = i as u8 + 1;
        table[ASCII_ORDER[i].to_ascii_uppercase() as usize] = i as u8 + 1;
        i += 1;
    }
    table
};

/// 22.1.3.12 String.prototype.localeCompare ( that [ , reserved1 [ , reserved2 ] ] )
pub fn locale_compare(rt: &mut Rt, args: Args) -> JsResult {
    this_str(rt, args, "localeCompare")?;
    arg_str(rt, args, 0)?;
    let (a, b) = (kept_this(rt, args), kept_arg(rt, args, 0));
    let order = if a == b { Ordering::Equal } else { rt.with_units(a, |a| rt.with_units(b, |b| compare(a, b))) };
    Ok(Value::int(order as i32))
}

fn compare(a: Units<'_>, b: Units<'_>) -> Ordering {
    if let (Units::Latin1(a), Units::Latin1(b)) = (a, b)
        && a.is_ascii()
        && b.is_ascii()
    {
        let rank = |&b: &u8| ASCII_RANK[usize::from(b & 127)];
        // Lower case before upper case: the reverse of ASCII.
        return a.iter().map(rank).cmp(b.iter().map(rank)).then_with(|| b.cmp(a));
    }
    let bases = |units| chars(units).filter(|&c| !is_mark(c)).map(base_rank);
    let marks = |units| chars(units).filter(|&c| is_mark(c));
    let cases = |units| chars(units).map(char::is_uppercase);
    bases(a)
        .cmp(bases(b))
        .then_with(|| marks(a).cmp(marks(b)))
        .then_with(|| cases(a).cmp(cases(b)))
        .then_with(|| chars(a).cmp(chars(b)))
}

/// Code points of the canonical decomposition; lone surrogates as U+FFFD.
fn chars<'a>(units: Units<'a>) -> impl Iterator<Item = char> + 'a {
    let mut at = 0;
    let decoded = std::iter::from_fn(move || {
        (at < units.len()).then(|| {
            let (cp, width) = super::code_point_at(units, at);
            at += width;
            char::from_u32(cp).unwrap_or(char::REPLACEMENT_CHARACTER)
        })
    });
    DecomposingNormalizerBorrowed::new_nfd().normalize_iter(decoded)
}

fn is_mark(c: char) -> bool {
    use icu_properties::props::{EnumeratedProperty, GeneralCategory};
    c as u32 >= 0x300 && GeneralCategory::for_char(c) == GeneralCategory::NonspacingMark
}

/// Class, then place in the class.
fn base_rank(c: char) -> (u8, u32) {
    if c.is_ascii() {
        let rank = ASCII_RANK[c as usize];
        let class = if c.is_ascii_alphabetic() { 3 } else { 2 * u8::from(c.is_ascii_digit()) };
        return (class, u32::from(rank));
    }
    let class = if c.is_alphabetic() { 3 } else { 1 + u8::from(c.is_numeric()) };
    (class, c.to_lowercase().next().unwrap_or(c) as u32)
}
