//! trim, trimStart, trimEnd.
use super::this_str;
use crate::call::Args;
use crate::runtime::Rt;
use crate::string::{Units, is_space};
use crate::value::{JsResult, Value};

/// 22.1.3.32 String.prototype.trim ( )
pub fn trim(rt: &mut Rt, args: Args) -> JsResult {
    trim_string(rt, args, "trim", true, true)
}

/// 22.1.3.33 String.prototype.trimEnd ( )
pub fn trim_end(rt: &mut Rt, args: Args) -> JsResult {
    trim_string(rt, args, "trimEnd", false, true)
}

/// 22.1.3.34 String.prototype.trimStart ( )
pub fn trim_start(rt: &mut Rt, args: Args) -> JsResult {
    trim_string(rt, args, "trimStart", true, false)
}

/// 22.1.3.32.1 TrimString ( string, where )
fn trim_string(rt: &mut Rt, args: Args, method: &str, start: bool, end: bool) -> JsResult {
    let s = this_str(rt, args, method)?;
    let (from, to) = rt.with_units(s, |u| match u {
        Units::Latin1(b) => bounds(b, |&b| is_space(u16::from(b)), start, end),
        Units::Utf16(u) => bounds(u, |&u| is_space(u), start, end),
    });
    Ok(Value::string(rt.substring(s, from as u32, to as u32)))
}

#[inline]
fn bounds<T>(units: &[T], space: impl Fn(&T) -> bool, start: bool, end: bool) -> (usize, usize) {
    let from = if start { units.iter().position(|u| !space(u)).unwrap_or(units.len()) } else { 0 };
    let to = if end { units.iter().rposition(|u| !space(u)).map_or(from, |i| i + 1) } else { units.len() };
    (from, to.max(from))
}
