//! splice and toSpliced.
use super::access::{self, copy_words, dense_writable, poll_at, set_length, species_create, this_object};
use super::mutate::move_element;
use crate::call::Args;
use crate::heap::layout::*;
use crate::runtime::{Rt, Slot};
use crate::value::{JsResult, Value};

/// Start and the number of elements to drop, from arguments 0 and 1.
fn cut(rt: &mut Rt, args: Args, len: u64) -> JsResult<(u64, u64)> {
    let start = args.get(rt, 0);
    let start = rt.to_relative_index(start, len as f64, 0.0)? as u64;
    let skip = match args.len() {
        0 => 0,
        1 => len - start,
        _ => {
            let count = args.get(rt, 1);
            rt.to_integer(count)?.clamp(0.0, (len - start) as f64) as u64
        }
    };
    Ok((start, skip))
}

/// 23.1.3.31 Array.prototype.splice ( start, deleteCount, ...items )
pub fn splice(rt: &mut Rt, args: Args) -> JsResult {
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)?;
    let (start, removed) = cut(rt, args, len)?;
    let added = u64::from(args.len().saturating_sub(2));
    if len + added - removed > access::MAX_SAFE {
        return Err(access::throw_too_long(rt));
    }
    let foreign = species_create(rt, o, removed)?;
    if foreign.is_none()
        && let Some((_, now)) = dense_writable(rt, o.get(rt))
        && u64::from(now) == len
        && len + added <= u64::from(u32::MAX)
    {
        return Ok(splice_dense(rt, args, o, start as u32, removed as u32));
    }
    let a = match foreign {
        Some(a) => a,
        None => {
            let array = access::array_create(rt, removed)?;
            rt.root(Value::object(array))
        }
    };
    for k in 0..removed {
        if let Some(v) = access::present(rt, o, start + k)? {
            access::create(rt, a, k, v)?;
        }
        poll_at(rt, k)?;
    }
    set_length(rt, a, removed)?;
    if added < removed {
        for k in start..len - removed {
            move_element(rt, o, k + removed, k + added)?;
            poll_at(rt, k)?;
        }
        for k in (len - removed + added..len).rev() {
            access::delete(rt, o, k)?;
            poll_at(rt, k)?;
        }
    } else if added > removed {
        for k in (start..len - removed).rev() {
            move_element(rt, o, k + removed, k + added)?;
            poll_at(rt, k)?;
        }
    }
    for i in 0..added {
        let v = args.get(rt, i as u32 + 2);
        access::set(rt, o, start + i, v)?;
    }
    set_length(rt, o, len - removed + added)?;
    Ok(a.get(rt))
}

fn splice_dense(rt: &mut Rt, args: Args, o: Slot, start: u32, removed: u32) -> Value {
    let array = o.obj(rt);
    let len = rt.array_len(array);
    let added = args.len().saturating_sub(2);
    let a = access::array_of_words(rt, rt.elements(array), start, removed);
    let mut elements = rt.elements(array);
    let new_len = len - removed + added;
    if new_len > len {
        elements = rt.grow_elements(array, new_len);
    }
    if added != removed {
        copy_words(rt, elements, start + removed, elements, start + added, len - start - removed);
    }
    for i in 0..added {
        rt.put_word(elements, start + i, args.get(rt, i + 2));
    }
    for k in new_len..len {
        rt.put_word(elements, k, Value::HOLE);
    }
    rt.put::<u32>(array, ARRAY_LENGTH, new_len);
    Value::object(a)
}

/// 23.1.3.35 Array.prototype.toSpliced ( start, skipCount, ...items )
pub fn to_spliced(rt: &mut Rt, args: Args) -> JsResult {
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)?;
    let (start, skipped) = cut(rt, args, len)?;
    let added = u64::from(args.len().saturating_sub(2));
    let new_len = len + added - skipped;
    if new_len > access::MAX_SAFE {
        return Err(access::throw_too_long(rt));
    }
    let a = access::array_create(rt, new_len)?;
    let a = rt.root(Value::object(a));
    for k in 0..new_len {
        let v = if k < start {
            access::get(rt, o, k)?
        } else if k < start + added {
            args.get(rt, (k - start) as u32 + 2)
        } else {
            access::get(rt, o, k - added + skipped)?
        };
        // `array_create` has bounded the length.
        let array = a.obj(rt);
        rt.put_element(array, k as u32, v);
        poll_at(rt, k)?;
    }
    Ok(a.get(rt))
}
