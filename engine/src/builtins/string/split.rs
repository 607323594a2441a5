//! split by a string.
use super::{arg_str, kept_arg, kept_this, pattern_method, this_coercible, this_str};
use crate::builtins::regexp;
use crate::call::Args;
use crate::heap::layout::ARRAY_LENGTH;
use crate::realm::WellKnown;
use crate::runtime::Rt;
use crate::string::Units;
use crate::value::{JsResult, Ref, Value};
use memchr::memmem;

/// Pieces between two looks at the interrupt word.
const PIECES: u32 = 1024;

/// 22.1.3.23 String.prototype.split ( separator, limit )
pub fn split(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_coercible(rt, args, "split")?;
    let separator = args.get(rt, 0);
    if separator.is_object() {
        let limit = args.get(rt, 1);
        if this.is_string() && limit.is_undefined() && regexp::is_split_pristine(rt, separator) {
            return regexp::split_pristine(rt, separator.as_ref(), this.as_ref(), u32::MAX);
        }
        let f = pattern_method(rt, separator, WellKnown::Split)?;
        if !f.is_undefined() {
            let (separator, this, limit) = (args.get(rt, 0), args.this(rt), args.get(rt, 1));
            return rt.call(f, separator, &[this, limit]);
        }
    }
    this_str(rt, args, "split")?;
    let limit = args.get(rt, 1);
    let limit = if limit.is_undefined() { u32::MAX } else { rt.to_uint32(limit)? };
    let whole = args.get(rt, 0).is_undefined();
    arg_str(rt, args, 0)?;
    let (s, separator) = (kept_this(rt, args), kept_arg(rt, args, 0));
    if limit == 0 {
        return Ok(Value::object(rt.new_array(&[])));
    }
    if whole || (rt.len(s) == 0 && rt.len(separator) != 0) {
        return Ok(Value::object(rt.new_array(&[Value::string(s)])));
    }
    if rt.len(separator) == 0 {
        return split_units(rt, s, limit);
    }
    split_at(rt, s, separator, limit)
}

/// One string per unit.
fn split_units(rt: &mut Rt, s: Ref, limit: u32) -> JsResult {
    let len = rt.len(s).min(limit);
    let array = rt.new_array_with_capacity(len);
    let elements = rt.elements(array);
    let mut at = 0;
    while at < len {
        let end = len.min(at + 4 * PIECES);
        rt.with_units(s, |u| {
            for i in at..end {
                rt.init_word(elements, i, Value::string(rt.char_string(u.at(i as usize))));
            }
        });
        at = end;
        rt.poll()?;
    }
    rt.init::<u32>(array, ARRAY_LENGTH, len);
    Ok(Value::object(array))
}

fn split_at(rt: &mut Rt, s: Ref, separator: Ref, limit: u32) -> JsResult {
    let array = rt.new_array_with_capacity(capacity(rt, s, separator, limit));
    let (len, width) = (rt.len(s), rt.len(separator));
    let mut from = 0;
    if !rt.is_wide(s) && !rt.is_wide(separator) {
        // OPTIMIZATION: one searcher over the bytes; it pauses only when the interrupt word is set.
        loop {
            let (next, done) = split_narrow(rt, s, separator, limit, array, from);
            from = next;
            if done {
                break;
            }
            rt.poll()?;
        }
    } else {
        while let Some(at) = super::find(rt, s, separator, from)? {
            rt.array_push(array, Value::string(rt.substring(s, from, at)));
            from = at + width;
            if rt.array_len(array) == limit {
                return Ok(Value::object(array));
            }
            if rt.array_len(array).is_multiple_of(PIECES) {
                rt.poll()?;
            }
        }
    }
    if rt.array_len(array) < limit {
        rt.array_push(array, Value::string(rt.substring(s, from, len)));
    }
    Ok(Value::object(array))
}

/// How many pieces there will be, where that is cheap to know.
fn capacity(rt: &Rt, s: Ref, separator: Ref, limit: u32) -> u32 {
    if rt.len(separator) > 1 || rt.is_wide(s) || rt.is_wide(separator) {
        return 4;
    }
    let byte = rt.unit_at(separator, 0) as u8;
    let count = rt.with_units(s, |u| match u {
        Units::Latin1(b) => memchr::memchr_iter(byte, b).count() as u32 + 1,
        Units::Utf16(_) => 4,
    });
    count.min(limit)
}

/// Appends pieces from unit `from` on; returns where the rest starts and whether no separator is left (or the limit is
/// reached).
fn split_narrow(rt: &Rt, s: Ref, separator: Ref, limit: u32, array: Ref, from: u32) -> (u32, bool) {
    rt.with_units(s, |units| {
        rt.with_units(separator, |sep| {
            let (Units::Latin1(units), Units::Latin1(sep)) = (units, sep) else { return (from, true) };
            let mut start = from;
            let mut push = |at: usize| {
                let at = from + at as u32;
                rt.array_push(array, Value::string(rt.substring(s, start, at)));
                start = at + sep.len() as u32;
                let count = rt.array_len(array);
                count == limit || count.is_multiple_of(PIECES) && rt.interrupted()
            };
            let rest = &units[from as usize..];
            let stopped = match sep {
                [byte] => memchr::memchr_iter(*byte, rest).any(&mut push),
                sep => memmem::find_iter(rest, sep).any(&mut push),
            };
            (start, !stopped || rt.array_len(array) == limit)
        })
    })
}
