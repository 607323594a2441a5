//! Writing strings and numbers of JSON text.
use super::units::{is_special, special_bytes};
use crate::heap::layout::{CELL_DATA, Kind};
use crate::runtime::Rt;
use crate::string::{StrBuf, Units, format_number_into};
use crate::value::Ref;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// 25.5.2.2 QuoteJSONString ( value ), appended.
#[inline]
pub fn quote(rt: &Rt, s: Ref, buf: &mut StrBuf) {
    if rt.kind(s) == Kind::Str8
        && let Some(out) = buf.latin1_mut()
        && quote_words(rt, s, out)
    {
        return;
    }
    quote_slow(rt, s, buf);
}

/// The common case, a word at a time: the cells of flat strings are padded to words. False (and nothing written) if a
/// unit needs an escape.
#[inline(always)]
fn quote_words(rt: &Rt, s: Ref, out: &mut Vec<u8>) -> bool {
    let len = rt.len(s) as usize;
    let start = out.len();
    out.reserve(len + 10);
    out.push(b'"');
    let mut at = 0;
    while at + 8 <= len {
        let word: u64 = rt.load(Ref(s.0 + at as u32), CELL_DATA);
        if special_bytes(word) != 0 {
            out.truncate(start);
            return false;
        }
        out.extend_from_slice(&word.to_le_bytes());
        at += 8;
    }
    if at < len {
        let word: u64 = rt.load(Ref(s.0 + at as u32), CELL_DATA);
        // Bytes behind the string may be anything: they are shifted out for the check and cut off afterwards.
        let unused = 64 - 8 * (len - at) as u32;
        if special_bytes((word << unused) | ((1 << unused) - 1)) != 0 {
            out.truncate(start);
            return false;
        }
        out.extend_from_slice(&word.to_le_bytes());
        out.truncate(start + 1 + len);
    }
    out.push(b'"');
    true
}

#[inline(never)]
fn quote_slow(rt: &Rt, s: Ref, buf: &mut StrBuf) {
    buf.push(b'"' as u16);
    rt.with_units(s, |units| match units {
        Units::Latin1(bytes) => quote_latin1(bytes, buf),
        Units::Utf16(units) => quote_utf16(units, buf),
    });
    buf.push(b'"' as u16);
}

fn quote_latin1(mut bytes: &[u8], buf: &mut StrBuf) {
    loop {
        let run = <u8 as super::units::Unit>::clean_run(bytes);
        buf.push_latin1(&bytes[..run]);
        let Some(&unit) = bytes.get(run) else { return };
        escape(unit as u16, buf);
        bytes = &bytes[run + 1..];
    }
}

fn quote_utf16(units: &[u16], buf: &mut StrBuf) {
    let mut at = 0;
    while let Some(&unit) = units.get(at) {
        at += 1;
        if is_special(unit as u32) {
            escape(unit, buf);
        } else if !(0xD800..0xE000).contains(&unit) {
            buf.push(unit);
        } else if unit < 0xDC00 && units.get(at).is_some_and(|next| (0xDC00..0xE000).contains(next)) {
            buf.push(unit);
            buf.push(units[at]);
            at += 1;
        } else {
            // A lone surrogate.
            escape(unit, buf);
        }
    }
}

fn escape(unit: u16, buf: &mut StrBuf) {
    let short = match unit {
        8 => b'b',
        9 => b't',
        10 => b'n',
        12 => b'f',
        13 => b'r',
        0x22 => b'"',
        0x5C => b'\\',
        _ => {
            let digit = |shift: u16| HEX[(unit >> shift) as usize & 15];
            return buf.push_latin1(&[b'\\', b'u', digit(12), digit(8), digit(4), digit(0)]);
        }
    };
    buf.push_latin1(&[b'\\', short]);
}

/// The 100 pairs of digits.
const PAIRS: [u8; 200] = {
    let mut pairs = [0; 200];
    let mut i = 0;
    while i < 100 {
        pairs[2 * i] = b'0' + (i / 10) as u8;
        pairs[2 * i + 1] = b'0' + (i % 10) as u8;
        i += 1;
    }
    pairs
};

/// Appends an int32.
#[inline]
pub fn int(i: i32, buf: &mut StrBuf) {
    let mut out = [0u8; 11];
    let mut at = out.len();
    let mut n = i.unsigned_abs();
    while n >= 100 {
        let pair = 2 * (n % 100) as usize;
        n /= 100;
        at -= 2;
        out[at..at + 2].copy_from_slice(&PAIRS[pair..pair + 2]);
    }
    if n >= 10 {
        let pair = 2 * n as usize;
        at -= 2;
        out[at..at + 2].copy_from_slice(&PAIRS[pair..pair + 2]);
    } else {
        at -= 1;
        out[at] = b'0' + n as u8;
    }
    if i < 0 {
        at -= 1;
        out[at] = b'-';
    }
    buf.push_latin1(&out[at..]);
}

/// Appends a double; not finite: `null`.
pub fn double(d: f64, buf: &mut StrBuf) {
    if !d.is_finite() {
        return buf.push_latin1(b"null");
    }
    let mut out = [0; 32];
    let len = format_number_into(d, &mut out);
    buf.push_latin1(&out[..len]);
}
