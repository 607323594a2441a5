//! The two widths of text that the JSON parser reads.
use crate::heap::layout::{CELL_DATA, Kind};
use crate::runtime::Rt;
use crate::string::StrBuf;
use crate::value::Ref;

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// A unit of source text: a Latin-1 byte or a UTF-16 unit.
pub trait Unit: Copy + 'static {
    /// Its number.
    fn unit(self) -> u32;
    /// How many units stand before the first quote, backslash or control character.
    fn clean_run(text: &[Self]) -> usize;
    /// A string of these units.
    fn new_string(rt: &Rt, text: &[Self]) -> Ref;
    /// Appends them to a buffer.
    fn push(buf: &mut StrBuf, text: &[Self]);
    /// Whether `text` begins with the units of this atom and a quote.
    fn starts_with_key(rt: &Rt, atom: Ref, text: &[Self]) -> bool;
    /// Mixes a key for the cache.
    fn key_mix(text: &[Self]) -> u64;
    /// The double that a number literal of ASCII units spells.
    fn parse_double(text: &[Self]) -> f64;
}

/// Bit 7 of the first byte (and perhaps of later ones) that is a quote, a backslash or below 0x20; 0: none is.
#[inline(always)]
pub fn special_bytes(word: u64) -> u64 {
    let quote = word ^ (LOW * b'"' as u64);
    let backslash = word ^ (LOW * b'\\' as u64);
    ((word.wrapping_sub(LOW * 0x20) & !word)
        | (quote.wrapping_sub(LOW) & !quote)
        | (backslash.wrapping_sub(LOW) & !backslash))
        & HIGH
}

/// Whether a unit cannot stand for itself in a JSON string.
#[inline(always)]
pub fn is_special(unit: u32) -> bool {
    unit < 0x20 || unit == '"' as u32 || unit == '\\' as u32
}

#[inline(always)]
fn word_at(text: &[u8], at: usize) -> Option<u64> {
    let bytes = text.get(at..at + 8)?;
    Some(u64::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]]))
}

impl Unit for u8 {
    #[inline(always)]
    fn unit(self) -> u32 {
        self as u32
    }

    #[inline]
    fn clean_run(text: &[u8]) -> usize {
        let mut at = 0;
        while let Some(word) = word_at(text, at) {
            let special = special_bytes(word);
            if special != 0 {
                return at + special.trailing_zeros() as usize / 8;
            }
            at += 8;
        }
        at + text[at..].iter().position(|&b| is_special(b as u32)).unwrap_or(text.len() - at)
    }

    #[inline]
    fn new_string(rt: &Rt, text: &[u8]) -> Ref {
        rt.new_latin1(text)
    }

    fn push(buf: &mut StrBuf, text: &[u8]) {
        buf.push_latin1(text);
    }

    #[inline(always)]
    fn starts_with_key(rt: &Rt, atom: Ref, text: &[u8]) -> bool {
        let len = rt.len(atom) as usize;
        if text.get(len) != Some(&b'"') || rt.kind(atom) != Kind::Str8 {
            return false;
        }
        if len > 16 {
            return rt.with_bytes(atom, 0, len as u32, |key| key == &text[..len]);
        }
        // Words rather than bytes: cells are padded to words, and keys are short.
        let Some(first) = word_at(text, 0) else {
            return rt.with_bytes(atom, 0, len as u32, |key| key == &text[..len]);
        };
        let difference = first ^ rt.load::<u64>(atom, CELL_DATA);
        if len <= 8 {
            return len == 0 || difference << (64 - 8 * len as u32) == 0;
        }
        let tail = word_at(text, len - 8);
        difference == 0 && tail == Some(rt.load::<u64>(atom, CELL_DATA + len as u32 - 8))
    }

    #[inline]
    fn key_mix(text: &[u8]) -> u64 {
        let len = text.len();
        let (first, last) = match word_at(text, 0) {
            Some(first) => (first, word_at(text, len - 8).unwrap_or(0)),
            None => (text.iter().fold(0, |word, &b| word << 8 | b as u64), 0),
        };
        (first ^ last.rotate_left(29)).wrapping_add(len as u64)
    }

    fn parse_double(text: &[u8]) -> f64 {
        // The JSON grammar of numbers is a part of that of Rust's parser.
        std::str::from_utf8(text).ok().and_then(|t| t.parse().ok()).unwrap_or(f64::NAN)
    }
}

impl Unit for u16 {
    #[inline(always)]
    fn unit(self) -> u32 {
        self as u32
    }

    fn clean_run(text: &[u16]) -> usize {
        text.iter().position(|&u| is_special(u as u32)).unwrap_or(text.len())
    }

    fn new_string(rt: &Rt, text: &[u16]) -> Ref {
        rt.new_utf16(text)
    }

    fn push(buf: &mut StrBuf, text: &[u16]) {
        text.iter().for_each(|&u| buf.push(u));
    }

    fn starts_with_key(rt: &Rt, atom: Ref, text: &[u16]) -> bool {
        let len = rt.len(atom) as usize;
        text.get(len) == Some(&(b'"' as u16)) && rt.with_units(atom, |key| key.iter().zip(text).all(|(a, &b)| a == b))
    }

    fn key_mix(text: &[u16]) -> u64 {
        text.iter().fold(text.len() as u64, |word, &u| word.rotate_left(9) ^ u as u64)
    }

    fn parse_double(text: &[u16]) -> f64 {
        let ascii: String = text.iter().map(|&u| u as u8 as char).collect();
        ascii.parse().unwrap_or(f64::NAN)
    }
}
