//! copyWithin, fill, set, slice, subarray, with.
use super::create::{self, check_content_type, copy_elements, species_of_length, throw_content_type};
use super::element::{raw_of_value, store_raw};
use super::view::{BYTE_OFFSET, LENGTH, buffer_of, checked_view, element_type, this_view, throw_out_of_bounds, view};
use super::{get_element, set_element};
use crate::builtins::array::access;
use crate::builtins::array::mutate::range;
use crate::builtins::buffer::bytes;
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::runtime::{Rt, Slot};
use crate::value::{JsResult, Value};

/// 23.2.3.6 %TypedArray%.prototype.copyWithin ( target, start \[ , end \] )
pub fn copy_within(rt: &mut Rt, args: Args) -> JsResult {
    let (o, before) = this_view(rt, args)?;
    let len = f64::from(before.len);
    let to = args.get(rt, 0);
    let to = rt.to_relative_index(to, len, 0.0)? as u32;
    let (from, end) = range(rt, args, 1, u64::from(before.len))?;
    let (from, end) = (from as u32, end as u32);
    let count = end.saturating_sub(from).min(before.len - to);
    if count > 0 {
        let now = checked_view(rt, o.obj(rt))?;
        // It may have shrunk; what lies beyond is left alone.
        let count = count.min(now.len.saturating_sub(from)).min(now.len.saturating_sub(to));
        bytes::copy(rt, now.cell, now.at(from), now.cell, now.at(to), count << now.element.shift());
    }
    Ok(o.get(rt))
}

/// 23.2.3.9 %TypedArray%.prototype.fill ( value \[ , start \[ , end \] \] )
pub fn fill(rt: &mut Rt, args: Args) -> JsResult {
    let (o, before) = this_view(rt, args)?;
    let v = args.get(rt, 0);
    let raw = raw_of_value(rt, before.element, v)?;
    let (start, end) = range(rt, args, 1, u64::from(before.len))?;
    let now = checked_view(rt, o.obj(rt))?;
    let (start, end) = (start as u32, (end as u32).min(now.len));
    if start < end {
        let size = now.element.size() as usize;
        let pattern = raw.to_le_bytes();
        let bytes = (end - start) << now.element.shift();
        rt.with_bytes_mut(now.cell, now.at(start), bytes, |target| {
            if size == 1 {
                target.fill(pattern[0]);
            } else {
                target.chunks_exact_mut(size).for_each(|element| element.copy_from_slice(&pattern[..size]));
            }
        });
    }
    Ok(o.get(rt))
}

/// 23.2.3.26 %TypedArray%.prototype.set ( source \[ , offset \] )
pub fn set(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    if !rt.is_kind(this, Kind::TypedArray) {
        return Err(rt.throw_type("this is not a typed array"));
    }
    let o = rt.root(this);
    let offset = args.get(rt, 1);
    let offset = rt.to_integer(offset)?;
    if offset < 0.0 {
        return Err(rt.throw_range("offset is out of bounds"));
    }
    let source = args.get(rt, 0);
    if rt.is_kind(source, Kind::TypedArray) {
        set_from_typed_array(rt, o, source, offset)?;
    } else {
        set_from_array_like(rt, o, source, offset)?;
    }
    Ok(Value::UNDEFINED)
}

/// 23.2.3.26.1 SetTypedArrayFromTypedArray
fn set_from_typed_array(rt: &mut Rt, o: Slot, source: Value, offset: f64) -> JsResult<()> {
    let target = checked_view(rt, o.obj(rt))?;
    let mut from = checked_view(rt, source.as_ref())?;
    if from.element.is_bigint() != target.element.is_bigint() {
        return Err(throw_content_type(rt));
    }
    if f64::from(from.len) + offset > f64::from(target.len) {
        return Err(rt.throw_range("offset is out of bounds"));
    }
    let mut to = target;
    to.offset = target.at(offset as u32);
    if from.cell == to.cell && from.element != to.element {
        let copy = rt.alloc_bytes(from.byte_len());
        bytes::copy(rt, from.cell, from.offset, copy, 0, from.byte_len());
        (from.cell, from.offset) = (copy, 0);
    }
    copy_elements(rt, from, to, from.len);
    Ok(())
}

/// 23.2.3.26.2 SetTypedArrayFromArrayLike
fn set_from_array_like(rt: &mut Rt, o: Slot, source: Value, offset: f64) -> JsResult<()> {
    let target_len = checked_view(rt, o.obj(rt))?.len;
    let source = rt.to_object(source)?;
    let source = rt.root(Value::object(source));
    let len = access::length(rt, source)?;
    if len as f64 + offset > f64::from(target_len) {
        return Err(rt.throw_range("offset is out of bounds"));
    }
    for k in 0..len {
        let v = access::get(rt, source, k)?;
        set_element(rt, o.obj(rt), (offset as u64 + k) as u32, v)?;
        access::poll_at(rt, k)?;
    }
    Ok(())
}

/// 23.2.3.27 %TypedArray%.prototype.slice ( start, end )
pub fn slice(rt: &mut Rt, args: Args) -> JsResult {
    let (o, before) = this_view(rt, args)?;
    let (start, end) = range(rt, args, 0, u64::from(before.len))?;
    let (start, end) = (start as u32, end as u32);
    let count = end.saturating_sub(start);
    let a = species_of_length(rt, o, count)?;
    if count == 0 {
        return Ok(a.get(rt));
    }
    let now = checked_view(rt, o.obj(rt))?;
    let count = count.min(now.len.saturating_sub(start));
    let Some(to) = view(rt, a.obj(rt)) else { return Ok(a.get(rt)) };
    if now.element == to.element {
        // Byte by byte, lowest first, as a species result over the same buffer could tell.
        let n = (count << now.element.shift()).min(to.byte_len());
        let (from, into) = (now.at(start), to.offset);
        if now.cell == to.cell && from < into && into < from + n {
            for i in 0..n {
                bytes::copy(rt, now.cell, from + i, to.cell, into + i, 1);
            }
        } else {
            bytes::copy(rt, now.cell, from, to.cell, into, n);
        }
        return Ok(a.get(rt));
    }
    for k in 0..count {
        let v = get_element(rt, o.obj(rt), start + k).unwrap_or(Value::UNDEFINED);
        set_element(rt, a.obj(rt), k, v)?;
    }
    Ok(a.get(rt))
}

/// 23.2.3.30 %TypedArray%.prototype.subarray ( start, end )
pub fn subarray(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    if !rt.is_kind(this, Kind::TypedArray) {
        return Err(rt.throw_type("this is not a typed array"));
    }
    let o = rt.root(this);
    let len = f64::from(super::length(rt, this.as_ref()));
    let start = args.get(rt, 0);
    let start = rt.to_relative_index(start, len, 0.0)?;
    let end = args.get(rt, 1);
    let tracks = rt.internal(o.obj(rt), LENGTH).is_undefined() && end.is_undefined();
    let end = rt.to_relative_index(end, len, len)?;
    let count = (end - start).max(0.0);
    let element = element_type(rt, o.obj(rt));
    let offset = f64::from(rt.internal(o.obj(rt), BYTE_OFFSET).as_int()) + start * f64::from(element.size());
    let c = rt.species_constructor(o.obj(rt), element.constructor())?;
    let buffer = Value::object(buffer_of(rt, o.obj(rt)));
    let (offset, count) = (Value::number(offset), Value::number(count));
    let new =
        if tracks { rt.construct(c, &[buffer, offset], c)? } else { rt.construct(c, &[buffer, offset, count], c)? };
    super::view::validate(rt, new)?;
    let new = rt.root(new);
    check_content_type(rt, new, element)?;
    Ok(new.get(rt))
}

/// 23.2.3.36 %TypedArray%.prototype.with ( index, value )
pub fn with(rt: &mut Rt, args: Args) -> JsResult {
    let (o, before) = this_view(rt, args)?;
    let len = f64::from(before.len);
    let index = args.get(rt, 0);
    let relative = rt.to_integer(index)?;
    let at = if relative < 0.0 { len + relative } else { relative };
    let v = args.get(rt, 1);
    let raw = raw_of_value(rt, before.element, v)?;
    if !(at >= 0.0 && at < f64::from(super::length(rt, o.obj(rt)))) {
        return Err(rt.throw_range("Invalid typed array index"));
    }
    let a = create::plain(rt, before.element, before.len)?;
    let Some(now) = view(rt, o.obj(rt)) else { return Err(throw_out_of_bounds(rt)) };
    let to = checked_view(rt, a)?;
    let at = at as u32;
    copy_elements(rt, now, to, before.len.min(now.len));
    for k in now.len..before.len {
        // Elements that are gone read as undefined, which ToNumber takes and ToBigInt does not.
        if k != at {
            let raw = raw_of_value(rt, to.element, Value::UNDEFINED)?;
            store_raw(rt, to.cell, to.at(k), to.element.size(), raw);
        }
    }
    // The array may have grown to make the index valid, its copy has not.
    if at < to.len {
        store_raw(rt, to.cell, to.at(at), to.element.size(), raw);
    }
    Ok(Value::object(a))
}
