//! escape and unescape of annex B (B.2.1).
use super::string::check_growth;
use crate::call::Args;
use crate::runtime::Rt;
use crate::string::{StrBuf, Units};
use crate::value::{JsResult, Value};

const CHUNK: usize = 1 << 14;

fn is_kept(unit: u16) -> bool {
    u8::try_from(unit).is_ok_and(|b| b.is_ascii_alphanumeric() || b"@*_+-./".contains(&b))
}

/// B.2.1.1 escape ( string )
pub fn escape(rt: &mut Rt, args: Args) -> JsResult {
    let v = args.get(rt, 0);
    let s = rt.to_str(v)?;
    if rt.with_units(s, |u| u.iter().all(is_kept)) {
        return Ok(Value::string(s));
    }
    let len = rt.len(s) as usize;
    let mut buf = rt.str_buf();
    let mut at = 0;
    while at < len {
        let end = (at + CHUNK).min(len);
        check_growth(rt, buf.len() + 6 * (end - at))?;
        rt.with_units(s, |u| {
            for i in at..end {
                let unit = u.at(i);
                if is_kept(unit) {
                    buf.push(unit);
                } else if unit < 256 {
                    buf.push_ascii("%");
                    push_hex(&mut buf, unit, 2);
                } else {
                    buf.push_ascii("%u");
                    push_hex(&mut buf, unit, 4);
                }
            }
        });
        at = end;
        rt.poll()?;
    }
    Ok(Value::string(rt.finish_str(buf)?))
}

fn push_hex(buf: &mut StrBuf, unit: u16, digits: u32) {
    for i in (0..digits).rev() {
        let digit = char::from_digit(u32::from(unit) >> (4 * i) & 15, 16).unwrap_or('0');
        buf.push(digit.to_ascii_uppercase() as u16);
    }
}

/// B.2.1.2 unescape ( string )
pub fn unescape(rt: &mut Rt, args: Args) -> JsResult {
    let v = args.get(rt, 0);
    let s = rt.to_str(v)?;
    let len = rt.len(s) as usize;
    check_growth(rt, len)?;
    let mut buf = rt.str_buf();
    let mut at = 0;
    while at < len {
        at = rt.with_units(s, |u| {
            let mut i = at;
            while i < len && i < at + CHUNK {
                let (unit, width) = unescaped(u, i);
                buf.push(unit);
                i += width;
            }
            i
        });
        rt.poll()?;
    }
    Ok(Value::string(rt.finish_str(buf)?))
}

/// The unit written at `at`, and how many units it takes.
fn unescaped(units: Units<'_>, at: usize) -> (u16, usize) {
    let unit = units.at(at);
    if unit != u16::from(b'%') {
        return (unit, 1);
    }
    let hex = |from: usize, count: usize| {
        (from + count <= units.len()).then(|| {
            (from..from + count).try_fold(0u16, |n, i| {
                let digit = u8::try_from(units.at(i)).ok().and_then(|b| (b as char).to_digit(16))?;
                Some(n << 4 | digit as u16)
            })
        })?
    };
    if at + 1 < units.len() && units.at(at + 1) == u16::from(b'u') {
        return hex(at + 2, 4).map_or((unit, 1), |n| (n, 6));
    }
    hex(at + 1, 2).map_or((unit, 1), |n| (n, 3))
}
