//! Strings: Latin-1 or UTF-16 cells, ropes, slices; hashing, interning, comparison.
//!
//! Cell layouts: Str8/Str16 `[hash | kind, flags | length | atom | units…]`, Rope `[… | length | left | right | depth]`,
//! Slice `[… | length | parent (flat) | offset in units]`. A string that fits in Latin-1 may still be stored as UTF-16
//! (after slicing); equality and hashes go by units, not by width.
pub mod atoms;
mod build;
mod intern;
mod number;

pub use build::StrBuf;
pub use intern::hash_units;
pub use number::{big_to_f64, format_int, format_number, format_number_into, is_space, parse_number, parse_radix};

use crate::bytecode::module::JsStr;
use crate::heap::cage;
use crate::heap::layout::*;
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Value};

/// Flag of a string cell: it is interned, so reference equality is equality.
pub const STR_ATOM: u8 = 1;
/// Flag of an atom: its text is a canonical array index.
pub const STR_INDEX: u8 = 2;
/// u32: the atom equal to this string, once known.
pub const STR_ATOM_REF: u32 = 12;
const ROPE_LEFT: u32 = 12;
const ROPE_RIGHT: u32 = 16;
const ROPE_DEPTH: u32 = 20;
const SLICE_PARENT: u32 = 12;
const SLICE_OFFSET: u32 = 16;

/// Longest string, in units (as in V8 on 64-bit machines).
pub const MAX_LENGTH: u32 = (1 << 29) - 24;
/// Concatenations shorter than this are copied rather than roped.
const MIN_ROPE: u32 = 24;
/// Substrings shorter than this are copied rather than sliced.
const MIN_SLICE: u32 = 24;

/// Units of a flat string.
#[derive(Clone, Copy, Debug)]
pub enum Units<'a> {
    /// One byte a unit.
    Latin1(&'a [u8]),
    /// Two bytes a unit.
    Utf16(&'a [u16]),
}

impl Units<'_> {
    /// Number of units.
    pub fn len(&self) -> usize {
        match self {
            Units::Latin1(s) => s.len(),
            Units::Utf16(s) => s.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Unit `i`.
    #[inline(always)]
    pub fn at(&self, i: usize) -> u16 {
        match self {
            Units::Latin1(s) => s[i] as u16,
            Units::Utf16(s) => s[i],
        }
    }

    /// All units.
    pub fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        (0..self.len()).map(|i| self.at(i))
    }
}

impl Rt {
    /// A new string of Latin-1 bytes.
    pub fn new_latin1(&self, bytes: &[u8]) -> Ref {
        match bytes {
            [] => return atoms::empty,
            [b] => return self.char_string(*b as u16),
            _ => {}
        }
        let cell = self.alloc_str8(bytes.len() as u32);
        cage::copy_in(self.base(), cell.0 + CELL_DATA, bytes);
        cell
    }

    /// A new string of UTF-16 units, narrowed to Latin-1 where possible.
    pub fn new_utf16(&self, units: &[u16]) -> Ref {
        if units.len() <= 1 {
            return units.first().map_or(atoms::empty, |&u| self.char_string(u));
        }
        if units.iter().all(|&u| u < 256) {
            let cell = self.alloc_str8(units.len() as u32);
            cage::with_bytes_mut(self.base(), cell.0 + CELL_DATA, units.len(), |to| {
                to.iter_mut().zip(units).for_each(|(to, &u)| *to = u as u8)
            });
            return cell;
        }
        let cell = self.alloc_str16(units.len() as u32);
        cage::with_units_mut(self.base(), cell.0 + CELL_DATA, units.len(), |to| to.copy_from_slice(units));
        cell
    }

    /// A new string from Rust text.
    pub fn new_str(&self, text: &str) -> Ref {
        if text.is_ascii() {
            return self.new_latin1(text.as_bytes());
        }
        match JsStr::from(text) {
            JsStr::Latin1(bytes) => self.new_latin1(&bytes),
            JsStr::Utf16(units) => self.new_utf16(&units),
        }
    }

    /// A string value from Rust text.
    pub fn str_value(&self, text: &str) -> Value {
        Value::string(self.new_str(text))
    }

    /// A string from a module constant.
    pub fn new_js_str(&self, s: &JsStr) -> Ref {
        match s {
            JsStr::Latin1(bytes) => self.new_latin1(bytes),
            JsStr::Utf16(units) => self.new_utf16(units),
        }
    }

    /// An uninitialised Latin-1 cell; the caller writes all units.
    pub fn alloc_str8(&self, len: u32) -> Ref {
        let cell = self.alloc(Kind::Str8, CELL_DATA + len);
        self.init::<u64>(cell, CELL_LEN, u64::from(len));
        cell
    }

    /// An uninitialised UTF-16 cell; the caller writes all units.
    pub fn alloc_str16(&self, len: u32) -> Ref {
        let cell = self.alloc(Kind::Str16, CELL_DATA + 2 * len);
        self.init::<u64>(cell, CELL_LEN, u64::from(len));
        cell
    }

    /// The string of one unit; Latin-1 ones exist once in the image.
    #[inline]
    pub fn char_string(&self, unit: u16) -> Ref {
        if unit < 256 {
            let table = self.ctx().realm.char_strings.get();
            if !table.is_null() {
                return self.word(table, unit as u32).as_ref();
            }
            let cell = self.alloc_str8(1);
            self.init::<u8>(cell, CELL_DATA, unit as u8);
            return cell;
        }
        let cell = self.alloc_str16(1);
        self.init::<u16>(cell, CELL_DATA, unit);
        cell
    }

    /// Makes a rope flat, in place; returns the flat string (the cell itself or the parent of the slice it became).
    pub fn flatten(&self, s: Ref) -> Ref {
        if self.kind(s) == Kind::Rope { self.flatten_rope(s) } else { s }
    }

    #[cold]
    #[inline(never)]
    fn flatten_rope(&self, rope: Ref) -> Ref {
        let len = self.len(rope);
        let wide = self.is_wide(rope);
        let flat = if wide { self.alloc_str16(len) } else { self.alloc_str8(len) };
        // Right to left with an explicit stack: left-deep ropes (loops of `s += x`) need constant stack.
        let mut end = len;
        let mut stack = self.host().take_ref_stack();
        stack.push(rope);
        while let Some(part) = stack.pop() {
            if self.kind(part) == Kind::Rope {
                stack.push(Ref(self.load(part, ROPE_LEFT)));
                stack.push(Ref(self.load(part, ROPE_RIGHT)));
                continue;
            }
            let part_len = self.len(part);
            end -= part_len;
            self.copy_units(part, 0, part_len, flat, end);
        }
        self.host().give_ref_stack(stack);
        // From now on the rope is a slice of all of it.
        self.put::<u8>(rope, CELL_KIND, Kind::Slice as u8);
        self.put::<u32>(rope, SLICE_PARENT, flat.0);
        self.put::<u32>(rope, SLICE_OFFSET, 0);
        flat
    }

    /// Copies units `[from, from+len)` of flat `source` into the fresh flat cell `target` at unit `at` (target at least as wide).
    pub fn copy_units(&self, source: Ref, from: u32, len: u32, target: Ref, at: u32) {
        let wide_target = self.kind(target) == Kind::Str16;
        let base = self.base();
        let (start, wide) = self.flat_data(source);
        match (wide, wide_target) {
            (false, false) => cage::copy(base, start + from, target.0 + CELL_DATA + at, len as usize),
            (true, true) => cage::copy(base, start + 2 * from, target.0 + CELL_DATA + 2 * at, 2 * len as usize),
            (false, true) => {
                for i in 0..len {
                    let unit: u8 = cage::load(base, start + from + i, 0);
                    cage::store::<u16>(base, target.0 + CELL_DATA + 2 * (at + i), 0, unit as u16);
                }
            }
            (true, false) => {
                for i in 0..len {
                    let unit: u16 = cage::load(base, start + 2 * (from + i), 0);
                    cage::store::<u8>(base, target.0 + CELL_DATA + at + i, 0, unit as u8);
                }
            }
        }
    }

    /// Cage offset of the first unit of a flat string and whether units are wide.
    #[inline]
    pub fn flat_data(&self, s: Ref) -> (u32, bool) {
        match self.kind(s) {
            Kind::Str8 => (s.0 + CELL_DATA, false),
            Kind::Str16 => (s.0 + CELL_DATA, true),
            Kind::Slice => {
                let parent = Ref(self.load(s, SLICE_PARENT));
                let offset: u32 = self.load(s, SLICE_OFFSET);
                let wide = self.kind(parent) == Kind::Str16;
                (parent.0 + CELL_DATA + if wide { 2 * offset } else { offset }, wide)
            }
            _ => {
                let flat = self.flatten(s);
                debug_assert!(matches!(self.kind(flat), Kind::Str8 | Kind::Str16));
                self.flat_data(flat)
            }
        }
    }

    /// Whether the representation is UTF-16 (ropes: whether any part is).
    pub fn is_wide(&self, s: Ref) -> bool {
        match self.kind(s) {
            Kind::Str16 => true,
            Kind::Slice => self.kind(Ref(self.load(s, SLICE_PARENT))) == Kind::Str16,
            // The flag was computed when the rope was made.
            Kind::Rope => self.cell_flags(s) & 4 != 0,
            _ => false,
        }
    }

    /// Runs `f` over the units of a string (flattened first).
    #[inline]
    pub fn with_units<R>(&self, s: Ref, f: impl FnOnce(Units<'_>) -> R) -> R {
        let len = self.len(s) as usize;
        let (start, wide) = self.flat_data(s);
        if wide {
            cage::with_units(self.base(), start, len, |u| f(Units::Utf16(u)))
        } else {
            cage::with_bytes(self.base(), start, len, |b| f(Units::Latin1(b)))
        }
    }

    /// Unit `i` of a string; `i` must be below its length.
    #[inline]
    pub fn unit_at(&self, s: Ref, i: u32) -> u16 {
        let (start, wide) = self.flat_data(s);
        if wide {
            cage::load(self.base(), start + 2 * i, 0)
        } else {
            cage::load::<u8>(self.base(), start + i, 0) as u16
        }
    }

    /// As Rust text; lone surrogates become U+FFFD.
    pub fn to_text(&self, s: Ref) -> String {
        self.with_units(s, |units| match units {
            Units::Latin1(b) => b.iter().map(|&b| b as char).collect(),
            Units::Utf16(u) => String::from_utf16_lossy(u),
        })
    }

    /// a + b; RangeError beyond [`MAX_LENGTH`].
    #[inline]
    pub fn concat(&mut self, a: Ref, b: Ref) -> JsResult<Ref> {
        let (la, lb) = (self.len(a), self.len(b));
        if lb == 0 {
            return Ok(a);
        }
        if la == 0 {
            return Ok(b);
        }
        let len = la + lb;
        if len > MAX_LENGTH {
            return Err(self.throw_range("Invalid string length"));
        }
        let wide = self.is_wide(a) || self.is_wide(b);
        if len < MIN_ROPE {
            let cell = if wide { self.alloc_str16(len) } else { self.alloc_str8(len) };
            self.copy_units(a, 0, la, cell, 0);
            self.copy_units(b, 0, lb, cell, la);
            return Ok(cell);
        }
        let cell = self.alloc(Kind::Rope, 24);
        self.init::<u8>(cell, CELL_FLAGS, if wide { 4 } else { 0 });
        self.init::<u32>(cell, CELL_LEN, len);
        self.init(cell, ROPE_LEFT, a);
        self.init(cell, ROPE_RIGHT, b);
        self.init::<u32>(cell, ROPE_DEPTH, 0);
        Ok(cell)
    }

    /// Units `[from, to)` of a string.
    pub fn substring(&self, s: Ref, from: u32, to: u32) -> Ref {
        let len = to.saturating_sub(from);
        if len == 0 {
            return atoms::empty;
        }
        if len == self.len(s) {
            return s;
        }
        let (start, wide) = self.flat_data(s);
        if len == 1 {
            return self.char_string(self.unit_at(s, from));
        }
        if len < MIN_SLICE {
            if wide {
                let narrow =
                    cage::with_units(self.base(), start + 2 * from, len as usize, |u| u.iter().all(|&u| u < 256));
                let cell = if narrow { self.alloc_str8(len) } else { self.alloc_str16(len) };
                self.copy_units(s, from, len, cell, 0);
                return cell;
            }
            let cell = self.alloc_str8(len);
            cage::copy(self.base(), start + from, cell.0 + CELL_DATA, len as usize);
            return cell;
        }
        let (parent, offset) = match self.kind(s) {
            Kind::Slice => (Ref(self.load(s, SLICE_PARENT)), self.load::<u32>(s, SLICE_OFFSET)),
            _ => (self.flatten(s), 0),
        };
        let cell = self.alloc(Kind::Slice, 24);
        self.init::<u32>(cell, CELL_LEN, len);
        self.init(cell, SLICE_PARENT, parent);
        self.init::<u64>(cell, SLICE_OFFSET, u64::from(offset + from));
        cell
    }

    /// Whether two strings have the same units.
    #[inline]
    pub fn str_eq(&self, a: Ref, b: Ref) -> bool {
        if a == b {
            return true;
        }
        if self.len(a) != self.len(b) || self.cell_flags(a) & self.cell_flags(b) & STR_ATOM != 0 {
            return false;
        }
        self.str_eq_slow(a, b)
    }

    fn str_eq_slow(&self, a: Ref, b: Ref) -> bool {
        self.with_units(a, |a| {
            self.with_units(b, |b| match (a, b) {
                (Units::Latin1(a), Units::Latin1(b)) => a == b,
                (Units::Utf16(a), Units::Utf16(b)) => a == b,
                (Units::Latin1(l), Units::Utf16(u)) | (Units::Utf16(u), Units::Latin1(l)) => {
                    l.iter().zip(u).all(|(&l, &u)| l as u16 == u)
                }
            })
        })
    }

    /// Whether a string has exactly this ASCII text.
    pub fn str_is(&self, s: Ref, text: &str) -> bool {
        self.len(s) as usize == text.len()
            && self.with_units(s, |u| match u {
                Units::Latin1(b) => b == text.as_bytes(),
                Units::Utf16(u) => u.iter().zip(text.as_bytes()).all(|(&u, &t)| u == t as u16),
            })
    }

    /// Order by code units.
    pub fn str_cmp(&self, a: Ref, b: Ref) -> std::cmp::Ordering {
        if a == b {
            return std::cmp::Ordering::Equal;
        }
        self.with_units(a, |a| {
            self.with_units(b, |b| match (a, b) {
                (Units::Latin1(a), Units::Latin1(b)) => a.cmp(b),
                (Units::Utf16(a), Units::Utf16(b)) => a.cmp(b),
                (a, b) => a.iter().cmp(b.iter()),
            })
        })
    }

    /// First index ≥ `from` where `needle` stands in `s`.
    pub fn str_find(&self, s: Ref, needle: Ref, from: u32) -> Option<u32> {
        self.with_units(s, |s| {
            self.with_units(needle, |n| {
                let from = from as usize;
                if n.is_empty() {
                    return (from <= s.len()).then_some(from as u32);
                }
                if s.len() < n.len() || from > s.len() - n.len() {
                    return None;
                }
                let found = match (s, n) {
                    (Units::Latin1(s), Units::Latin1(n)) => find_bytes(&s[from..], n),
                    (Units::Utf16(s), Units::Utf16(n)) => s[from..].windows(n.len()).position(|w| w == n),
                    (Units::Utf16(s), Units::Latin1(n)) => {
                        s[from..].windows(n.len()).position(|w| w.iter().zip(n).all(|(&a, &b)| a == b as u16))
                    }
                    // A wide needle may still have only narrow units.
                    (Units::Latin1(s), Units::Utf16(n)) => {
                        s[from..].windows(n.len()).position(|w| w.iter().zip(n).all(|(&a, &b)| a as u16 == b))
                    }
                };
                found.map(|i| (from + i) as u32)
            })
        })
    }
}

/// First position of a non-empty needle: memchr on its first byte, then compare.
pub fn find_bytes(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let (&first, rest) = needle.split_first()?;
    let mut at = 0;
    while let Some(i) = find_byte(haystack.get(at..)?, first) {
        let start = at + i + 1;
        match haystack.get(start..start + rest.len()) {
            Some(window) if window == rest => return Some(at + i),
            Some(_) => at = start,
            None => return None,
        }
    }
    None
}

/// First position of a byte, eight at a time.
pub fn find_byte(haystack: &[u8], byte: u8) -> Option<usize> {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let pattern = LOW * byte as u64;
    let mut chunks = haystack.chunks_exact(8);
    let mut at = 0;
    for chunk in chunks.by_ref() {
        let word = u64::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3], chunk[4], chunk[5], chunk[6], chunk[7]])
            ^ pattern;
        let hit = word.wrapping_sub(LOW) & !word & HIGH;
        if hit != 0 {
            return Some(at + hit.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    chunks.remainder().iter().position(|&b| b == byte).map(|i| at + i)
}
