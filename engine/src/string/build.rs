//! Building strings: a host buffer that starts narrow and widens at the first unit that needs it.
use super::Units;
use crate::runtime::Rt;
use crate::value::{JsResult, Ref};

/// A string under construction. Take one with [`Rt::str_buf`] and end it with [`Rt::finish_str`]: buffers are reused.
#[derive(Debug, Default)]
pub struct StrBuf {
    narrow: Vec<u8>,
    wide: Vec<u16>,
    is_wide: bool,
}

impl StrBuf {
    /// Units so far.
    pub fn len(&self) -> usize {
        if self.is_wide { self.wide.len() } else { self.narrow.len() }
    }

    /// Whether nothing was appended.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn widen(&mut self) {
        if !self.is_wide {
            self.is_wide = true;
            self.wide.clear();
            self.wide.extend(self.narrow.iter().map(|&b| b as u16));
        }
    }

    /// The bytes so far, for writers of Latin-1 text, while no unit needed more.
    #[inline]
    pub fn latin1_mut(&mut self) -> Option<&mut Vec<u8>> {
        if self.is_wide { None } else { Some(&mut self.narrow) }
    }

    /// Appends one unit.
    #[inline]
    pub fn push(&mut self, unit: u16) {
        if !self.is_wide {
            if unit < 256 {
                return self.narrow.push(unit as u8);
            }
            self.widen();
        }
        self.wide.push(unit);
    }

    /// Appends a Unicode scalar value.
    pub fn push_char(&mut self, c: char) {
        let mut units = [0; 2];
        for &mut unit in c.encode_utf16(&mut units) {
            self.push(unit);
        }
    }

    /// Appends Latin-1 bytes.
    #[inline]
    pub fn push_latin1(&mut self, bytes: &[u8]) {
        if self.is_wide {
            self.wide.extend(bytes.iter().map(|&b| b as u16))
        } else {
            self.narrow.extend_from_slice(bytes)
        }
    }

    /// Appends ASCII text.
    #[inline]
    pub fn push_ascii(&mut self, text: &str) {
        self.push_latin1(text.as_bytes());
    }

    /// Appends Rust text.
    pub fn push_str(&mut self, text: &str) {
        if text.is_ascii() { self.push_ascii(text) } else { text.chars().for_each(|c| self.push_char(c)) }
    }

    /// Appends units of either width.
    pub fn push_units(&mut self, units: Units<'_>) {
        match units {
            Units::Latin1(bytes) => self.push_latin1(bytes),
            Units::Utf16(units) => units.iter().for_each(|&u| self.push(u)),
        }
    }

    /// Shortens to `len` units.
    pub fn truncate(&mut self, len: usize) {
        if self.is_wide { self.wide.truncate(len) } else { self.narrow.truncate(len) }
    }

    /// What was built.
    pub fn units(&self) -> Units<'_> {
        if self.is_wide { Units::Utf16(&self.wide) } else { Units::Latin1(&self.narrow) }
    }

    /// Empties it, keeping memory up to a bound.
    pub fn clear(&mut self) {
        const KEPT: usize = 1 << 20;
        self.narrow.clear();
        self.narrow.shrink_to(KEPT);
        self.wide.clear();
        self.wide.shrink_to(KEPT);
        self.is_wide = false;
    }
}

impl Rt {
    /// An empty buffer from the runtime's spares.
    pub fn str_buf(&self) -> StrBuf {
        self.host().take_str_buf()
    }

    /// The string of a buffer, which goes back to the spares; RangeError beyond the longest length.
    pub fn finish_str(&mut self, mut buf: StrBuf) -> JsResult<Ref> {
        if buf.len() > super::MAX_LENGTH as usize {
            return Err(self.throw_range("Invalid string length"));
        }
        let s = match buf.units() {
            Units::Latin1(bytes) => self.new_latin1(bytes),
            Units::Utf16(units) => self.new_utf16(units),
        };
        buf.clear();
        self.host().give_str_buf(buf);
        Ok(s)
    }
}
