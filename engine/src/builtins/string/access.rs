//! Units and substrings by position.
use super::{kept_this, this_str};
use crate::call::Args;
use crate::runtime::Rt;
use crate::string::atoms;
use crate::value::{JsResult, Ref, Value};

/// Position argument `i` of a method on the string `this`: an integer as f64, and the string afterwards.
#[inline]
fn position(rt: &mut Rt, args: Args, method: &str) -> JsResult<(Ref, f64)> {
    this_str(rt, args, method)?;
    let pos = args.get(rt, 0);
    let pos = rt.to_integer(pos)?;
    Ok((kept_this(rt, args), pos))
}

/// `this` and an argument that need no conversion and lie inside: the common case.
#[inline(always)]
fn fast_position(rt: &Rt, args: Args) -> Option<(Ref, u32)> {
    let (this, pos) = (args.this(rt), args.get(rt, 0));
    if !this.is_string() || !pos.is_int() {
        return None;
    }
    let i = pos.as_int() as u32;
    (i < rt.len(this.as_ref())).then_some((this.as_ref(), i))
}

/// 22.1.3.1 String.prototype.at ( index )
pub fn at(rt: &mut Rt, args: Args) -> JsResult {
    let (s, pos) = position(rt, args, "at")?;
    let len = f64::from(rt.len(s));
    let pos = if pos < 0.0 { pos + len } else { pos };
    if !(0.0..len).contains(&pos) {
        return Ok(Value::UNDEFINED);
    }
    Ok(Value::string(rt.char_string(rt.unit_at(s, pos as u32))))
}

/// 22.1.3.2 String.prototype.charAt ( pos )
pub fn char_at(rt: &mut Rt, args: Args) -> JsResult {
    if let Some((s, i)) = fast_position(rt, args) {
        return Ok(Value::string(rt.char_string(rt.unit_at(s, i))));
    }
    let (s, pos) = position(rt, args, "charAt")?;
    if !(0.0..f64::from(rt.len(s))).contains(&pos) {
        return Ok(Value::string(atoms::empty));
    }
    Ok(Value::string(rt.char_string(rt.unit_at(s, pos as u32))))
}

/// 22.1.3.3 String.prototype.charCodeAt ( pos )
pub fn char_code_at(rt: &mut Rt, args: Args) -> JsResult {
    if let Some((s, i)) = fast_position(rt, args) {
        return Ok(Value::int(i32::from(rt.unit_at(s, i))));
    }
    let (s, pos) = position(rt, args, "charCodeAt")?;
    if !(0.0..f64::from(rt.len(s))).contains(&pos) {
        return Ok(Value::NAN);
    }
    Ok(Value::int(i32::from(rt.unit_at(s, pos as u32))))
}

/// 22.1.3.4 String.prototype.codePointAt ( pos )
pub fn code_point_at(rt: &mut Rt, args: Args) -> JsResult {
    let (s, pos) = position(rt, args, "codePointAt")?;
    if !(0.0..f64::from(rt.len(s))).contains(&pos) {
        return Ok(Value::UNDEFINED);
    }
    let (cp, _) = rt.with_units(s, |u| super::code_point_at(u, pos as usize));
    Ok(Value::int(cp as i32))
}

/// 22.1.3.22 String.prototype.slice ( start, end )
pub fn slice(rt: &mut Rt, args: Args) -> JsResult {
    let s = this_str(rt, args, "slice")?;
    let len = f64::from(rt.len(s));
    let start = args.get(rt, 0);
    let from = rt.to_relative_index(start, len, 0.0)?;
    let end = args.get(rt, 1);
    let to = rt.to_relative_index(end, len, len)?;
    Ok(Value::string(rt.substring(kept_this(rt, args), from as u32, to as u32)))
}

/// 22.1.3.25 String.prototype.substring ( start, end )
pub fn substring(rt: &mut Rt, args: Args) -> JsResult {
    let s = this_str(rt, args, "substring")?;
    let len = f64::from(rt.len(s));
    let start = args.get(rt, 0);
    let start = rt.to_integer(start)?.clamp(0.0, len);
    let end = args.get(rt, 1);
    let end = if end.is_undefined() { len } else { rt.to_integer(end)?.clamp(0.0, len) };
    let (from, to) = (start.min(end), start.max(end));
    Ok(Value::string(rt.substring(kept_this(rt, args), from as u32, to as u32)))
}

/// B.2.2.1 String.prototype.substr ( start, length )
pub fn substr(rt: &mut Rt, args: Args) -> JsResult {
    let s = this_str(rt, args, "substr")?;
    let size = f64::from(rt.len(s));
    let start = args.get(rt, 0);
    let start = rt.to_integer(start)?;
    let from = if start < 0.0 { (size + start).max(0.0) } else { start.min(size) };
    let length = args.get(rt, 1);
    let length = if length.is_undefined() { size } else { rt.to_integer(length)?.clamp(0.0, size) };
    let to = (from + length).min(size);
    Ok(Value::string(rt.substring(kept_this(rt, args), from as u32, to as u32)))
}
