//! Case mapping: Latin-1 by byte, everything else by code point with the full mappings of SpecialCasing.
use super::{check_growth, this_str};
use crate::call::Args;
use crate::heap::cage;
use crate::heap::layout::CELL_DATA;
use crate::runtime::Rt;
use crate::string::{StrBuf, Units};
use crate::value::{JsResult, Ref, Value};
use icu_properties::CodePointSetData;
use icu_properties::props::{CaseIgnorable, Cased};

/// Units mapped between two polls.
const CHUNK: usize = 1 << 16;

/// 22.1.3.26 String.prototype.toLocaleLowerCase ( [ reserved1 [ , reserved2 ] ] )
pub fn to_locale_lower_case(rt: &mut Rt, args: Args) -> JsResult {
    let s = this_str(rt, args, "toLocaleLowerCase")?;
    lower(rt, s)
}

/// 22.1.3.27 String.prototype.toLocaleUpperCase ( [ reserved1 [ , reserved2 ] ] )
pub fn to_locale_upper_case(rt: &mut Rt, args: Args) -> JsResult {
    let s = this_str(rt, args, "toLocaleUpperCase")?;
    upper(rt, s)
}

/// 22.1.3.28 String.prototype.toLowerCase ( )
pub fn to_lower_case(rt: &mut Rt, args: Args) -> JsResult {
    let s = this_str(rt, args, "toLowerCase")?;
    lower(rt, s)
}

/// 22.1.3.30 String.prototype.toUpperCase ( )
pub fn to_upper_case(rt: &mut Rt, args: Args) -> JsResult {
    let s = this_str(rt, args, "toUpperCase")?;
    upper(rt, s)
}

fn lower(rt: &mut Rt, s: Ref) -> JsResult {
    if !rt.is_wide(s) {
        return Ok(Value::string(map_latin1(rt, s, lower_latin1)));
    }
    map_wide(rt, s, |units, i, cp, buf| {
        if cp == 0x3A3 {
            return buf.push(if is_final_sigma(units, i) { 0x3C2 } else { 0x3C3 });
        }
        match char::from_u32(cp) {
            Some(c) => c.to_lowercase().for_each(|c| buf.push_char(c)),
            None => buf.push(cp as u16),
        }
    })
}

fn upper(rt: &mut Rt, s: Ref) -> JsResult {
    // ß, µ and ÿ leave Latin-1 or grow.
    let by_byte = !rt.is_wide(s)
        && rt.with_units(s, |u| matches!(u, Units::Latin1(b) if !b.iter().any(|b| matches!(b, 0xB5 | 0xDF | 0xFF))));
    if by_byte {
        return Ok(Value::string(map_latin1(rt, s, upper_latin1)));
    }
    map_wide(rt, s, |_, _, cp, buf| match char::from_u32(cp) {
        Some(c) => c.to_uppercase().for_each(|c| buf.push_char(c)),
        None => buf.push(cp as u16),
    })
}

#[inline(always)]
fn lower_latin1(b: u8) -> u8 {
    let cased = b.is_ascii_uppercase() | ((0xC0..=0xDE).contains(&b) & (b != 0xD7));
    b | (u8::from(cased) << 5)
}

#[inline(always)]
fn upper_latin1(b: u8) -> u8 {
    let cased = b.is_ascii_lowercase() | ((0xE0..=0xFE).contains(&b) & (b != 0xF7));
    b & !(u8::from(cased) << 5)
}

/// Maps a narrow string byte by byte; the string itself if nothing changes.
#[inline]
fn map_latin1(rt: &Rt, s: Ref, map: impl Fn(u8) -> u8) -> Ref {
    let len = rt.len(s);
    let same = rt.with_units(s, |u| match u {
        Units::Latin1(bytes) => bytes.chunks(64).all(|block| !block.iter().fold(false, |any, &b| any | (map(b) != b))),
        Units::Utf16(_) => true,
    });
    if same {
        return s;
    }
    if len == 1 {
        return rt.char_string(u16::from(map(rt.unit_at(s, 0) as u8)));
    }
    let cell = rt.alloc_str8(len);
    rt.with_units(s, |u| {
        if let Units::Latin1(from) = u {
            cage::with_bytes_mut(rt.base(), cell.0 + CELL_DATA, len as usize, |to| {
                to.iter_mut().zip(from).for_each(|(to, &b)| *to = map(b));
            });
        }
    });
    cell
}

/// Maps code point by code point. `map` gets the whole string, the position and the code point there.
fn map_wide(rt: &mut Rt, s: Ref, map: impl Fn(Units<'_>, usize, u32, &mut StrBuf)) -> JsResult {
    let mut buf = rt.str_buf();
    let mut at = 0;
    let len = rt.len(s) as usize;
    while at < len {
        check_growth(rt, buf.len() + 3 * CHUNK.min(len - at))?;
        at = rt.with_units(s, |u| {
            let mut i = at;
            while i < len && i < at + CHUNK {
                let (cp, width) = super::code_point_at(u, i);
                map(u, i, cp, &mut buf);
                i += width;
            }
            i
        });
        rt.poll()?;
    }
    Ok(Value::string(rt.finish_str(buf)?))
}

/// The Final_Sigma condition of SpecialCasing for the sigma at unit `at`.
fn is_final_sigma(units: Units<'_>, at: usize) -> bool {
    let ignorable = CodePointSetData::new::<CaseIgnorable>();
    let cased = CodePointSetData::new::<Cased>();
    let mut before = at;
    let preceded = loop {
        if before == 0 {
            break false;
        }
        before -= 1;
        if before > 0 && units.at(before) & 0xFC00 == 0xDC00 && units.at(before - 1) & 0xFC00 == 0xD800 {
            before -= 1;
        }
        let (cp, _) = super::code_point_at(units, before);
        if !ignorable.contains32(cp) {
            break cased.contains32(cp);
        }
    };
    if !preceded {
        return false;
    }
    let mut after = at + 1;
    while after < units.len() {
        let (cp, width) = super::code_point_at(units, after);
        if !ignorable.contains32(cp) {
            return !cased.contains32(cp);
        }
        after += width;
    }
    true
}
