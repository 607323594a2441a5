//! Methods that change an array in place: push, pop, shift, unshift, reverse, fill, copyWithin.
use super::access::{self, copy_words, dense_writable, is_freely_writable, poll_at, set_length, this_object, unhole};
use crate::call::Args;
use crate::heap::layout::*;
use crate::object::fits_dense;
use crate::runtime::{Rt, Slot};
use crate::value::{JsResult, Ref, Value};

/// 23.1.3.23 Array.prototype.push ( ...items )
pub fn push(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    if let Some(len) = push_fast(rt, this, args) {
        return Ok(Value::uint(len));
    }
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)?;
    let argc = u64::from(args.len());
    if len + argc > access::MAX_SAFE {
        return Err(access::throw_too_long(rt));
    }
    for i in 0..args.len() {
        let v = args.get(rt, i);
        access::set(rt, o, len + u64::from(i), v)?;
    }
    set_length(rt, o, len + argc)?;
    Ok(access::index_value(len + argc))
}

#[inline]
fn push_fast(rt: &Rt, this: Value, args: Args) -> Option<u32> {
    if !rt.is_kind(this, Kind::Array) || !is_freely_writable(rt, this.as_ref()) {
        return None;
    }
    let array = this.as_ref();
    let len = rt.array_len(array);
    let new_len = len.checked_add(args.len())?;
    let mut elements = rt.elements(array);
    let cap = if elements.is_null() { 0 } else { rt.len(elements) };
    if new_len > cap {
        if !fits_dense(new_len, cap) && new_len > 2 * cap {
            return None;
        }
        elements = rt.grow_elements(array, new_len);
    }
    for i in 0..args.len() {
        rt.put_word(elements, len + i, args.get(rt, i));
    }
    rt.put::<u32>(array, ARRAY_LENGTH, new_len);
    Some(new_len)
}

/// 23.1.3.22 Array.prototype.pop ( )
pub fn pop(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    if let Some((elements, len)) = dense_writable(rt, this)
        && len > 0
    {
        let v = unhole(rt.word(elements, len - 1));
        rt.put_word(elements, len - 1, Value::HOLE);
        rt.put::<u32>(this.as_ref(), ARRAY_LENGTH, len - 1);
        return Ok(v);
    }
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)?;
    if len == 0 {
        set_length(rt, o, 0)?;
        return Ok(Value::UNDEFINED);
    }
    let v = access::get(rt, o, len - 1)?;
    let v = rt.root(v);
    access::delete(rt, o, len - 1)?;
    set_length(rt, o, len - 1)?;
    Ok(v.get(rt))
}

/// 23.1.3.27 Array.prototype.shift ( )
pub fn shift(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    if let Some((elements, len)) = dense_writable(rt, this)
        && len > 0
    {
        let v = unhole(rt.word(elements, 0));
        copy_words(rt, elements, 1, elements, 0, len - 1);
        rt.put_word(elements, len - 1, Value::HOLE);
        rt.put::<u32>(this.as_ref(), ARRAY_LENGTH, len - 1);
        return Ok(v);
    }
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)?;
    if len == 0 {
        set_length(rt, o, 0)?;
        return Ok(Value::UNDEFINED);
    }
    let first = access::get(rt, o, 0)?;
    let first = rt.root(first);
    for k in 1..len {
        move_element(rt, o, k, k - 1)?;
        poll_at(rt, k)?;
    }
    access::delete(rt, o, len - 1)?;
    set_length(rt, o, len - 1)?;
    Ok(first.get(rt))
}

/// Moves element `from` to `to`, or deletes `to` if it is absent.
pub fn move_element(rt: &mut Rt, o: Slot, from: u64, to: u64) -> JsResult<()> {
    match access::present(rt, o, from)? {
        Some(v) => access::set(rt, o, to, v),
        None => access::delete(rt, o, to),
    }
}

/// Makes room for `n` words at `at` of freely writable dense elements of length `len` (or no elements): the elements
/// cell, of which the caller writes the gap at once.
pub fn open_gap(rt: &Rt, array: Ref, at: u32, n: u32, len: u32) -> Ref {
    let elements = rt.grow_elements(array, len + n);
    copy_words(rt, elements, at, elements, at + n, len - at);
    rt.put::<u32>(array, ARRAY_LENGTH, len + n);
    elements
}

/// 23.1.3.37 Array.prototype.unshift ( ...items )
pub fn unshift(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    let argc = args.len();
    if let Some((_, len)) = dense_writable(rt, this)
        && len.checked_add(argc).is_some()
    {
        if argc > 0 {
            let elements = open_gap(rt, this.as_ref(), 0, argc, len);
            for i in 0..argc {
                rt.put_word(elements, i, args.get(rt, i));
            }
        }
        return Ok(Value::uint(len + argc));
    }
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)?;
    let n = u64::from(argc);
    if n > 0 {
        if len + n > access::MAX_SAFE {
            return Err(access::throw_too_long(rt));
        }
        for k in (0..len).rev() {
            move_element(rt, o, k, k + n)?;
            poll_at(rt, k)?;
        }
        for i in 0..argc {
            let v = args.get(rt, i);
            access::set(rt, o, u64::from(i), v)?;
        }
    }
    set_length(rt, o, len + n)?;
    Ok(access::index_value(len + n))
}

/// 23.1.3.26 Array.prototype.reverse ( )
pub fn reverse(rt: &mut Rt, args: Args) -> JsResult {
    let o = this_object(rt, args)?;
    if let Some((elements, len)) = dense_writable(rt, o.get(rt)) {
        for low in 0..len / 2 {
            let high = len - 1 - low;
            let (a, b) = (rt.word(elements, low), rt.word(elements, high));
            rt.put_word(elements, low, b);
            rt.put_word(elements, high, a);
        }
        return Ok(o.get(rt));
    }
    let len = access::length(rt, o)?;
    let held = rt.root(Value::UNDEFINED);
    for low in 0..len / 2 {
        let high = len - 1 - low;
        let a = access::present(rt, o, low)?;
        held.set(rt, a.unwrap_or(Value::HOLE));
        let b = access::present(rt, o, high)?;
        match (a.is_some(), b) {
            (true, Some(b)) => {
                access::set(rt, o, low, b)?;
                let a = held.get(rt);
                access::set(rt, o, high, a)?;
            }
            (false, Some(b)) => {
                access::set(rt, o, low, b)?;
                access::delete(rt, o, high)?;
            }
            (true, None) => {
                access::delete(rt, o, low)?;
                let a = held.get(rt);
                access::set(rt, o, high, a)?;
            }
            (false, None) => {}
        }
        poll_at(rt, low)?;
    }
    Ok(o.get(rt))
}

/// 23.1.3.7 Array.prototype.fill ( value \[ , start \[ , end \] \] )
pub fn fill(rt: &mut Rt, args: Args) -> JsResult {
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)?;
    let (start, end) = range(rt, args, 1, len)?;
    let target = o.get(rt);
    if let Some(elements) = fillable(rt, target, end) {
        let v = args.get(rt, 0);
        for k in start as u32..end as u32 {
            rt.put_word(elements, k, v);
        }
        return Ok(target);
    }
    for k in start..end {
        let v = args.get(rt, 0);
        access::set(rt, o, k, v)?;
        poll_at(rt, k)?;
    }
    Ok(o.get(rt))
}

/// Dense elements that reach `end`, grown if the array has that length but not the elements (`new Array(n).fill(0)`).
fn fillable(rt: &Rt, v: Value, end: u64) -> Option<Ref> {
    if !rt.is_kind(v, Kind::Array) || !is_freely_writable(rt, v.as_ref()) {
        return None;
    }
    let array = v.as_ref();
    let end = u32::try_from(end).ok().filter(|&end| end <= rt.array_len(array))?;
    Some(rt.grow_elements(array, end))
}

/// Relative start and end arguments `i` and `i + 1`.
pub fn range(rt: &mut Rt, args: Args, i: u32, len: u64) -> JsResult<(u64, u64)> {
    let start = args.get(rt, i);
    let start = rt.to_relative_index(start, len as f64, 0.0)?;
    let end = args.get(rt, i + 1);
    let end = rt.to_relative_index(end, len as f64, len as f64)?;
    Ok((start as u64, end as u64))
}

/// 23.1.3.4 Array.prototype.copyWithin ( target, start \[ , end \] )
pub fn copy_within(rt: &mut Rt, args: Args) -> JsResult {
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)?;
    let to = args.get(rt, 0);
    let to = rt.to_relative_index(to, len as f64, 0.0)? as u64;
    let (from, end) = range(rt, args, 1, len)?;
    let count = end.saturating_sub(from).min(len - to);
    if count == 0 {
        return Ok(o.get(rt));
    }
    if let Some((elements, now)) = dense_writable(rt, o.get(rt))
        && u64::from(now) == len
    {
        copy_words(rt, elements, from as u32, elements, to as u32, count as u32);
        return Ok(o.get(rt));
    }
    let backwards = from < to && to < from + count;
    for i in 0..count {
        let i = if backwards { count - 1 - i } else { i };
        move_element(rt, o, from + i, to + i)?;
        poll_at(rt, i)?;
    }
    Ok(o.get(rt))
}
