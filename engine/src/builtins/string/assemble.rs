//! Longer strings from shorter ones: concat, repeat, padStart, padEnd.
use super::{arg_str, kept_this, this_str};
use crate::call::Args;
use crate::heap::cage;
use crate::heap::layout::*;
use crate::runtime::Rt;
use crate::string::{MAX_LENGTH, atoms};
use crate::value::{JsResult, Ref, Value};

/// 22.1.3.5 String.prototype.concat ( ...args )
pub fn concat(rt: &mut Rt, args: Args) -> JsResult {
    this_str(rt, args, "concat")?;
    for i in 0..args.len() {
        let next = args.get(rt, i);
        let next = rt.to_str(next)?;
        let joined = rt.concat(kept_this(rt, args), next)?;
        rt.init(Ref(args.fp), FRAME_THIS, Value::string(joined));
    }
    Ok(Value::string(kept_this(rt, args)))
}

/// 22.1.3.18 String.prototype.repeat ( count )
pub fn repeat(rt: &mut Rt, args: Args) -> JsResult {
    this_str(rt, args, "repeat")?;
    let count = args.get(rt, 0);
    let count = rt.to_integer(count)?;
    if count < 0.0 || count.is_infinite() {
        let text = crate::string::format_number(count);
        return Err(rt.throw_range(&format!("Invalid count value: {text}")));
    }
    let s = kept_this(rt, args);
    let len = rt.len(s);
    if len == 0 || count == 0.0 {
        return Ok(Value::string(atoms::empty));
    }
    let total = f64::from(len) * count;
    if total > f64::from(MAX_LENGTH) {
        return Err(rt.throw_range("Invalid string length"));
    }
    let total = total as u32;
    if total == len {
        return Ok(Value::string(s));
    }
    let cell = alloc_units(rt, total, rt.is_wide(s));
    fill_with(rt, cell, 0, total, s);
    Ok(Value::string(cell))
}

/// 22.1.3.16 String.prototype.padEnd ( maxLength, fillString )
pub fn pad_end(rt: &mut Rt, args: Args) -> JsResult {
    pad(rt, args, "padEnd", false)
}

/// 22.1.3.17 String.prototype.padStart ( maxLength, fillString )
pub fn pad_start(rt: &mut Rt, args: Args) -> JsResult {
    pad(rt, args, "padStart", true)
}

/// 22.1.3.17.1 StringPaddingBuiltinsImpl ( O, maxLength, fillString, placement )
fn pad(rt: &mut Rt, args: Args, method: &str, at_start: bool) -> JsResult {
    this_str(rt, args, method)?;
    let max_len = args.get(rt, 0);
    let max_len = rt.to_length(max_len)?;
    let len = rt.len(kept_this(rt, args));
    if max_len <= f64::from(len) {
        return Ok(Value::string(kept_this(rt, args)));
    }
    let filler = if args.get(rt, 1).is_undefined() { atoms::space } else { arg_str(rt, args, 1)? };
    let s = kept_this(rt, args);
    if rt.len(filler) == 0 {
        return Ok(Value::string(s));
    }
    if max_len > f64::from(MAX_LENGTH) {
        return Err(rt.throw_range("Invalid string length"));
    }
    let total = max_len as u32;
    let cell = alloc_units(rt, total, rt.is_wide(s) || rt.is_wide(filler));
    let (fill_at, text_at) = if at_start { (0, total - len) } else { (len, 0) };
    fill_with(rt, cell, fill_at, total - len, filler);
    rt.copy_units(s, 0, len, cell, text_at);
    Ok(Value::string(cell))
}

fn alloc_units(rt: &Rt, len: u32, wide: bool) -> Ref {
    if wide { rt.alloc_str16(len) } else { rt.alloc_str8(len) }
}

/// Fills `count` units of a fresh cell from unit `at` with repetitions of `pattern` (not empty), by doubling.
fn fill_with(rt: &Rt, cell: Ref, at: u32, count: u32, pattern: Ref) {
    let shift = u32::from(rt.kind(cell) == Kind::Str16);
    let mut done = rt.len(pattern).min(count);
    rt.copy_units(pattern, 0, done, cell, at);
    let start = cell.0 + CELL_DATA + (at << shift);
    while done < count {
        let next = done.min(count - done);
        cage::copy(rt.base(), start, start + (done << shift), (next << shift) as usize);
        done += next;
    }
}
