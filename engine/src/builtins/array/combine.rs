//! Methods that make new arrays of elements as they are: concat, slice, toReversed, with.
use super::access::{self, array_of_words, copy_words, poll_at, set_length, species_create, this_object};
use super::mutate::range;
use crate::call::Args;
use crate::heap::layout::*;
use crate::object::Key;
use crate::realm::WellKnown;
use crate::runtime::{Rt, Slot};
use crate::value::{JsResult, Value};

/// 23.1.3.28 Array.prototype.slice ( start, end )
pub fn slice(rt: &mut Rt, args: Args) -> JsResult {
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)?;
    let (start, end) = range(rt, args, 0, len)?;
    let count = end.saturating_sub(start);
    let a = match species_create(rt, o, count)? {
        Some(a) => a,
        None => {
            if let Some((elements, now)) = access::dense_readable(rt, o.get(rt))
                && end <= u64::from(now)
            {
                let array = array_of_words(rt, elements, start as u32, count as u32);
                return Ok(Value::object(array));
            }
            let array = access::array_create(rt, count)?;
            rt.root(Value::object(array))
        }
    };
    let mut k = start;
    while let Some((at, v)) = access::next_present(rt, o, k, end)? {
        access::create(rt, a, at - start, v)?;
        k = at + 1;
        poll_at(rt, k)?;
    }
    set_length(rt, a, count)?;
    Ok(a.get(rt))
}

/// 23.1.3.2.1 IsConcatSpreadable ( O )
fn is_spreadable(rt: &mut Rt, item: Slot) -> JsResult<bool> {
    let v = item.get(rt);
    if !v.is_object() {
        return Ok(false);
    }
    let symbol = Key::Name(rt.symbol(WellKnown::IsConcatSpreadable));
    let answer = rt.get(v, symbol)?;
    if !answer.is_undefined() {
        return Ok(rt.to_boolean(answer));
    }
    let v = item.get(rt);
    access::is_array(rt, v)
}

/// 23.1.3.2 Array.prototype.concat ( ...items )
pub fn concat(rt: &mut Rt, args: Args) -> JsResult {
    let o = this_object(rt, args)?;
    let foreign = species_create(rt, o, 0)?;
    let plain = foreign.is_none();
    let a = match foreign {
        Some(a) => a,
        None => {
            let array = rt.new_array_with_capacity(0);
            rt.root(Value::object(array))
        }
    };
    let item = rt.root(Value::UNDEFINED);
    let mut n = 0;
    for i in 0..=args.len() {
        let v = if i == 0 { o.get(rt) } else { args.get(rt, i - 1) };
        item.set(rt, v);
        if !is_spreadable(rt, item)? {
            if n >= access::MAX_SAFE {
                return Err(access::throw_too_long(rt));
            }
            let v = item.get(rt);
            access::create(rt, a, n, v)?;
            n += 1;
        } else if !(plain && append_dense(rt, a, item, &mut n)) {
            let len = access::length(rt, item)?;
            if n + len > access::MAX_SAFE {
                return Err(access::throw_too_long(rt));
            }
            let mut k = 0;
            while let Some((at, v)) = access::next_present(rt, item, k, len)? {
                access::create(rt, a, n + at, v)?;
                k = at + 1;
                poll_at(rt, k)?;
            }
            n += len;
        }
    }
    set_length(rt, a, n)?;
    Ok(a.get(rt))
}

/// Appends dense elements to the plain result, whose length is set to `n` first (a sparse item may have left it short).
fn append_dense(rt: &Rt, a: Slot, item: Slot, n: &mut u64) -> bool {
    let Some((source, len)) = access::dense_readable(rt, item.get(rt)) else { return false };
    let array = a.obj(rt);
    let end = *n + u64::from(len);
    let reserved = rt.elements(array);
    let cap = if reserved.is_null() { 0 } else { rt.len(reserved) };
    let dense = reserved.is_null() || rt.kind(reserved) == Kind::Words;
    if !dense || end > u64::from(u32::MAX) || u64::from(rt.array_len(array)) != *n || *n > u64::from(cap) {
        return false;
    }
    if len > 0 {
        let target = rt.grow_elements(array, end as u32);
        copy_words(rt, source, 0, target, *n as u32, len);
        rt.put::<u32>(array, ARRAY_LENGTH, end as u32);
    }
    *n = end;
    true
}

/// 23.1.3.33 Array.prototype.toReversed ( )
pub fn to_reversed(rt: &mut Rt, args: Args) -> JsResult {
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)?;
    let a = access::array_create(rt, len)?;
    let a = rt.root(Value::object(a));
    for k in 0..len {
        let v = access::get(rt, o, len - 1 - k)?;
        rt.put_element(a.obj(rt), k as u32, v);
        poll_at(rt, k)?;
    }
    Ok(a.get(rt))
}

/// 23.1.3.39 Array.prototype.with ( index, value )
pub fn with(rt: &mut Rt, args: Args) -> JsResult {
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)?;
    let index = args.get(rt, 0);
    let relative = rt.to_integer(index)?;
    let at = if relative < 0.0 { len as f64 + relative } else { relative };
    if at < 0.0 || at >= len as f64 {
        return Err(rt.throw_range("Invalid index"));
    }
    let at = at as u64;
    if let Some((elements, now)) = access::dense_readable(rt, o.get(rt))
        && u64::from(now) == len
    {
        let array = array_of_words(rt, elements, 0, now);
        access::fill_holes(rt, rt.elements(array), now);
        rt.put_word(rt.elements(array), at as u32, args.get(rt, 1));
        return Ok(Value::object(array));
    }
    let a = access::array_create(rt, len)?;
    let a = rt.root(Value::object(a));
    for k in 0..len {
        let v = if k == at { args.get(rt, 1) } else { access::get(rt, o, k)? };
        rt.put_element(a.obj(rt), k as u32, v);
        poll_at(rt, k)?;
    }
    Ok(a.get(rt))
}
