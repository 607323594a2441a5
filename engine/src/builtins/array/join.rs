//! join, toString, toLocaleString.
use super::access::{self, dense_readable, poll_at, this_object, unhole};
use crate::call::Args;
use crate::heap::cage;
use crate::heap::layout::*;
use crate::object::Key;
use crate::realm::Intrinsic;
use crate::runtime::{Rt, Slot};
use crate::string::{MAX_LENGTH, StrBuf, atoms, format_int};
use crate::value::{JsResult, Ref, Value};

/// 23.1.3.18 Array.prototype.join ( separator )
pub fn join(rt: &mut Rt, args: Args) -> JsResult {
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)?;
    let sep = args.get(rt, 0);
    let sep = if sep.is_undefined() { atoms::comma } else { rt.to_str(sep)? };
    join_with(rt, o, len, sep)
}

/// 23.1.3.36 Array.prototype.toString ( )
pub fn to_string(rt: &mut Rt, args: Args) -> JsResult {
    let o = this_object(rt, args)?;
    let f = rt.get_name(o.get(rt), atoms::join)?;
    let o = o.get(rt);
    let f = if rt.is_callable(f) { f } else { Value::object(rt.intrinsic(Intrinsic::ObjectProtoToString)) };
    rt.call(f, o, &[])
}

fn join_with(rt: &mut Rt, o: Slot, len: u64, sep: Ref) -> JsResult {
    rt.check_native_stack()?;
    if let Some((elements, now)) = dense_readable(rt, o.get(rt))
        && u64::from(now) == len
        && let Some(total) = measure(rt, elements, now, sep)
    {
        if total.units > u64::from(MAX_LENGTH) {
            return Err(rt.throw_range("Invalid string length"));
        }
        return Ok(Value::string(join_dense(rt, elements, now, sep, total)));
    }
    // Separators alone too long: there is no point in asking the elements.
    if len.saturating_sub(1).saturating_mul(u64::from(rt.len(sep))) > u64::from(MAX_LENGTH) {
        return Err(rt.throw_range("Invalid string length"));
    }
    let sep = rt.root(Value::string(sep));
    let mut buf = rt.str_buf();
    for k in 0..len {
        if k > 0 {
            append(rt, &mut buf, sep.get(rt))?;
        }
        let v = access::get(rt, o, k)?;
        if !v.is_nullish() {
            append(rt, &mut buf, v)?;
        }
        poll_at(rt, k)?;
    }
    Ok(Value::string(rt.finish_str(buf)?))
}

/// Units of the result and whether any part is stored wide.
#[derive(Clone, Copy)]
struct Measure {
    units: u64,
    wide: bool,
}

/// What joining takes if every element is a string, an int, a boolean, undefined or null.
fn measure(rt: &Rt, elements: Ref, len: u32, sep: Ref) -> Option<Measure> {
    let mut units = u64::from(rt.len(sep)) * u64::from(len.saturating_sub(1));
    let mut wide = len > 1 && rt.is_wide(sep);
    for i in 0..len {
        let v = rt.word(elements, i);
        if v.is_string() {
            units += u64::from(rt.len(v.as_ref()));
            wide |= rt.is_wide(v.as_ref());
        } else if v.is_int() {
            units += int_len(v.as_int());
        } else if v.is_bool() {
            units += if v == Value::TRUE { 4 } else { 5 };
        } else if !v.is_nullish() && !v.is_hole() {
            return None;
        }
    }
    Some(Measure { units, wide })
}

fn int_len(i: i32) -> u64 {
    u64::from(i < 0) + u64::from(i.unsigned_abs().checked_ilog10().unwrap_or(0)) + 1
}

fn join_dense(rt: &Rt, elements: Ref, len: u32, sep: Ref, total: Measure) -> Ref {
    if total.units == 0 {
        return atoms::empty;
    }
    if len == 1 && rt.word(elements, 0).is_string() {
        return rt.word(elements, 0).as_ref();
    }
    let units = total.units as u32;
    let target = if total.wide { rt.alloc_str16(units) } else { rt.alloc_str8(units) };
    let sep_len = rt.len(sep);
    let mut at = 0;
    for i in 0..len {
        if i > 0 && sep_len > 0 {
            rt.copy_units(sep, 0, sep_len, target, at);
            at += sep_len;
        }
        let v = unhole(rt.word(elements, i));
        let s = if v.is_string() {
            v.as_ref()
        } else if v.is_int() {
            at += write_int(rt, v.as_int(), target, at, total.wide);
            continue;
        } else if v.is_bool() {
            if v == Value::TRUE { atoms::true_ } else { atoms::false_ }
        } else {
            continue;
        };
        let n = rt.len(s);
        rt.copy_units(s, 0, n, target, at);
        at += n;
    }
    target
}

fn write_int(rt: &Rt, i: i32, target: Ref, at: u32, wide: bool) -> u32 {
    let mut digits = [0; 12];
    let digits = {
        let start = format_int(i, &mut digits);
        &digits[start..]
    };
    if wide {
        for (k, &digit) in digits.iter().enumerate() {
            rt.init::<u16>(Ref(target.0 + 2 * (at + k as u32)), CELL_DATA, u16::from(digit));
        }
    } else {
        cage::copy_in(rt.base(), target.0 + CELL_DATA + at, digits);
    }
    digits.len() as u32
}

/// Appends ToString ( v ). The buffer is host memory: it is held to what the request could still allocate.
pub fn append(rt: &mut Rt, buf: &mut StrBuf, v: Value) -> JsResult<()> {
    if v.is_int() {
        let mut digits = [0; 12];
        let start = format_int(v.as_int(), &mut digits);
        buf.push_latin1(&digits[start..]);
        return Ok(());
    }
    let s = rt.to_str(v)?;
    let len = buf.len() as u64 + u64::from(rt.len(s));
    if len > u64::from(MAX_LENGTH) {
        return Err(rt.throw_range("Invalid string length"));
    }
    if len > u64::from(rt.heap_room()) {
        crate::limits::out_of_memory(rt);
    }
    rt.with_units(s, |units| buf.push_units(units));
    Ok(())
}

/// 23.1.3.32 Array.prototype.toLocaleString ( ), with "," as the separator of every locale
pub fn to_locale_string(rt: &mut Rt, args: Args) -> JsResult {
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)?;
    join_locale(rt, o, len)
}

/// The same over any array-like of known length (typed arrays share it).
pub fn join_locale(rt: &mut Rt, o: Slot, len: u64) -> JsResult {
    rt.check_native_stack()?;
    let name = Key::Name(rt.intern_str("toLocaleString"));
    let mut buf = rt.str_buf();
    for k in 0..len {
        if k > 0 {
            buf.push_latin1(b",");
        }
        let v = access::get(rt, o, k)?;
        if !v.is_nullish() {
            // An atom of the boot tables: it does not move.
            let text = rt.invoke(v, name, &[])?;
            append(rt, &mut buf, text)?;
        }
        poll_at(rt, k)?;
    }
    Ok(Value::string(rt.finish_str(buf)?))
}
