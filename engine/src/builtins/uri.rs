//! URI handling functions (19.2.6).
use super::string::{check_growth, code_point_at};
use crate::call::Args;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::string::{StrBuf, Units};
use crate::value::{JsResult, Thrown, Value};

/// Units handled between two polls.
const CHUNK: usize = 1 << 14;
const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// One bit per ASCII character.
#[derive(Clone, Copy)]
struct AsciiSet(u128);

impl AsciiSet {
    const fn of(chars: &[u8]) -> AsciiSet {
        let (mut set, mut i) = (0, 0);
        while i < chars.len() {
            set |= 1 << chars[i];
            i += 1;
        }
        AsciiSet(set)
    }

    const fn with(self, other: AsciiSet) -> AsciiSet {
        AsciiSet(self.0 | other.0)
    }

    #[inline(always)]
    const fn has(self, unit: u16) -> bool {
        unit < 128 && self.0 >> unit & 1 == 1
    }
}

const UNESCAPED: AsciiSet = AsciiSet::of(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()");
const RESERVED_AND_HASH: AsciiSet = AsciiSet::of(b";/?:@&=+$,#");
const NOTHING: AsciiSet = AsciiSet::of(b"");

#[cold]
fn throw_malformed(rt: &mut Rt) -> Thrown {
    rt.throw_error(Intrinsic::UriErrorPrototype, "URI malformed")
}

/// 19.2.6.1 decodeURI ( encodedURI )
pub fn decode_uri(rt: &mut Rt, args: Args) -> JsResult {
    decode(rt, args, RESERVED_AND_HASH)
}

/// 19.2.6.2 decodeURIComponent ( encodedURIComponent )
pub fn decode_uri_component(rt: &mut Rt, args: Args) -> JsResult {
    decode(rt, args, NOTHING)
}

/// 19.2.6.3 encodeURI ( uri )
pub fn encode_uri(rt: &mut Rt, args: Args) -> JsResult {
    encode(rt, args, UNESCAPED.with(RESERVED_AND_HASH))
}

/// 19.2.6.4 encodeURIComponent ( uriComponent )
pub fn encode_uri_component(rt: &mut Rt, args: Args) -> JsResult {
    encode(rt, args, UNESCAPED)
}

/// 19.2.6.5 Encode ( string, extraUnescaped )
fn encode(rt: &mut Rt, args: Args, kept: AsciiSet) -> JsResult {
    let v = args.get(rt, 0);
    let s = rt.to_str(v)?;
    let len = rt.len(s) as usize;
    let clean = rt.with_units(s, |u| match u {
        Units::Latin1(b) => b.iter().all(|&b| kept.has(u16::from(b))),
        Units::Utf16(u) => u.iter().all(|&u| kept.has(u)),
    });
    if clean {
        return Ok(Value::string(s));
    }
    let mut buf = rt.str_buf();
    let mut at = 0;
    while at < len {
        check_growth(rt, buf.len() + 9 * CHUNK.min(len - at))?;
        let next = rt.with_units(s, |u| encode_part(u, at, (at + CHUNK).min(len), kept, &mut buf));
        let Some(next) = next else { return Err(throw_malformed(rt)) };
        at = next;
        rt.poll()?;
    }
    Ok(Value::string(rt.finish_str(buf)?))
}

/// Encodes units from `at` to `end` or one beyond; None at a lone surrogate.
fn encode_part(units: Units<'_>, at: usize, end: usize, kept: AsciiSet, buf: &mut StrBuf) -> Option<usize> {
    let mut i = at;
    while i < end {
        if let Units::Latin1(bytes) = units {
            let run = bytes[i..end].iter().take_while(|&&b| kept.has(u16::from(b))).count();
            buf.push_latin1(&bytes[i..i + run]);
            i += run;
            if i == end {
                break;
            }
        } else if kept.has(units.at(i)) {
            buf.push(units.at(i));
            i += 1;
            continue;
        }
        let (cp, width) = code_point_at(units, i);
        let mut utf8 = [0; 4];
        for &byte in char::from_u32(cp)?.encode_utf8(&mut utf8).as_bytes() {
            buf.push_latin1(&[b'%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
        }
        i += width;
    }
    Some(i)
}

/// 19.2.6.6 Decode ( string, preserveEscapeSet )
fn decode(rt: &mut Rt, args: Args, preserved: AsciiSet) -> JsResult {
    let v = args.get(rt, 0);
    let s = rt.to_str(v)?;
    let len = rt.len(s) as usize;
    let clean = rt.with_units(s, |u| match u {
        Units::Latin1(b) => memchr::memchr(b'%', b).is_none(),
        Units::Utf16(u) => !u.contains(&u16::from(b'%')),
    });
    if clean {
        return Ok(Value::string(s));
    }
    check_growth(rt, len)?;
    let mut buf = rt.str_buf();
    let mut at = 0;
    while at < len {
        let next = rt.with_units(s, |u| decode_part(u, at, (at + CHUNK).min(len), preserved, &mut buf));
        let Some(next) = next else { return Err(throw_malformed(rt)) };
        at = next;
        rt.poll()?;
    }
    Ok(Value::string(rt.finish_str(buf)?))
}

/// Decodes units from `at` to `end` or some beyond; None where the text is malformed.
fn decode_part(units: Units<'_>, at: usize, end: usize, preserved: AsciiSet, buf: &mut StrBuf) -> Option<usize> {
    let mut i = at;
    while i < end {
        if let Units::Latin1(bytes) = units {
            let run = memchr::memchr(b'%', &bytes[i..end]).unwrap_or(end - i);
            buf.push_latin1(&bytes[i..i + run]);
            i += run;
            if i == end {
                break;
            }
        } else if units.at(i) != u16::from(b'%') {
            buf.push(units.at(i));
            i += 1;
            continue;
        }
        let start = i;
        let first = escaped_byte(units, i)?;
        i += 3;
        if first < 0x80 {
            if preserved.has(u16::from(first)) {
                (start..i).for_each(|i| buf.push(units.at(i)));
            } else {
                buf.push(u16::from(first));
            }
            continue;
        }
        let count = first.leading_ones() as usize;
        if !(2..=4).contains(&count) {
            return None;
        }
        let mut utf8 = [first, 0, 0, 0];
        for byte in &mut utf8[1..count] {
            *byte = escaped_byte(units, i)?;
            i += 3;
        }
        buf.push_char(std::str::from_utf8(&utf8[..count]).ok()?.chars().next()?);
    }
    Some(i)
}

/// The byte of `%XX` at unit `at`.
fn escaped_byte(units: Units<'_>, at: usize) -> Option<u8> {
    if at + 2 >= units.len() || units.at(at) != u16::from(b'%') {
        return None;
    }
    let digit = |i| u8::try_from(units.at(i)).ok().and_then(|b| (b as char).to_digit(16));
    Some((digit(at + 1)? << 4 | digit(at + 2)?) as u8)
}
