//! The input of a match: units in either representation, and tests of them.

use super::program::CLASS_HEADER;
use super::unicode;

/// The string to match, in either representation of the heap.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// One byte per unit, U+0000 to U+00FF.
    Latin1(&'a [u8]),
    /// UTF-16 units; lone surrogates are allowed.
    Utf16(&'a [u16]),
}

/// A unit of the input.
pub(super) trait Unit: Copy + PartialEq {
    /// Whether surrogates can occur.
    const WIDE: bool;

    fn code(self) -> u32;

    /// The first position of `unit`.
    fn find(units: &[Self], unit: u32) -> Option<usize>;

    /// The first position of one of three bytes, for Latin-1.
    fn find_any(units: &[Self], bytes: [u8; 3]) -> Option<Option<usize>>;

    /// The first position of a line terminator.
    fn find_line_end(units: &[Self]) -> Option<usize>;
}

impl Unit for u8 {
    const WIDE: bool = false;

    #[inline(always)]
    fn code(self) -> u32 {
        u32::from(self)
    }

    #[inline]
    fn find(units: &[u8], unit: u32) -> Option<usize> {
        memchr::memchr(u8::try_from(unit).ok()?, units)
    }

    #[inline]
    fn find_any(units: &[u8], [a, b, c]: [u8; 3]) -> Option<Option<usize>> {
        Some(if b == c { memchr::memchr2(a, b, units) } else { memchr::memchr3(a, b, c, units) })
    }

    #[inline]
    fn find_line_end(units: &[u8]) -> Option<usize> {
        memchr::memchr2(b'\n', b'\r', units)
    }
}

impl Unit for u16 {
    const WIDE: bool = true;

    #[inline(always)]
    fn code(self) -> u32 {
        u32::from(self)
    }

    #[inline]
    fn find(units: &[u16], unit: u32) -> Option<usize> {
        let unit = u16::try_from(unit).ok()?;
        // Whole blocks first: the compiler compares a block at once.
        let (blocks, _) = units.as_chunks::<16>();
        let block = blocks.iter().position(|block| block.iter().fold(false, |any, &u| any | (u == unit)));
        let from = block.unwrap_or(blocks.len()) * 16;
        units[from..].iter().position(|&u| u == unit).map(|at| from + at)
    }

    #[inline]
    fn find_any(_: &[u16], _: [u8; 3]) -> Option<Option<usize>> {
        None
    }

    #[inline]
    fn find_line_end(units: &[u16]) -> Option<usize> {
        units.iter().position(|&u| unicode::is_line_terminator(u32::from(u)))
    }
}

#[inline(always)]
pub(super) fn pair(lead: u32, trail: u32) -> u32 {
    ((lead & 0x3FF) << 10 | trail & 0x3FF) + 0x1_0000
}

/// Whether `unit` is the unit in the low half of `arg` after setting the bit in the high half.
#[inline(always)]
pub(super) fn is_masked(unit: u32, arg: u32) -> bool {
    unit | arg >> 16 == arg & 0xFFFF
}

/// A class of a program.
#[derive(Clone, Copy)]
pub(super) struct Class<'a> {
    /// A bit per unit below 256.
    latin1: &'a [u32; 8],
    /// Ascending pairs of first and last, from 256 on.
    ranges: &'a [[u32; 2]],
}

impl<'a> Class<'a> {
    #[inline(always)]
    pub(super) fn at(code: &'a [u32], at: usize) -> Option<Class<'a>> {
        let (head, rest) = code.get(at..)?.split_first_chunk::<CLASS_HEADER>()?;
        let (latin1, count) = head.split_first_chunk::<8>()?;
        let ranges = rest.as_chunks::<2>().0.get(..*count.first()? as usize)?;
        Some(Class { latin1, ranges })
    }

    #[inline(always)]
    pub(super) fn has(self, ch: u32) -> bool {
        if ch < 256 {
            return self.latin1[(ch >> 5) as usize] >> (ch & 31) & 1 != 0;
        }
        self.has_wide(ch)
    }

    fn has_wide(self, ch: u32) -> bool {
        let at = self.ranges.partition_point(|&[_, last]| last < ch);
        self.ranges.get(at).is_some_and(|&[first, _]| first <= ch)
    }
}
