//! sort and toSorted, and the default order of elements.
use super::access::{self, copy_words, poll_at, this_object};
use super::merge_sort::merge_sort;
use crate::call::Args;
use crate::heap::layout::*;
use crate::runtime::{Rt, Slot};
use crate::value::{JsResult, Ref, Value};
use std::cmp::Ordering;

/// 23.1.3.30 Array.prototype.sort ( comparator )
pub fn sort(rt: &mut Rt, args: Args) -> JsResult {
    if !args.get(rt, 0).is_undefined() {
        comparator(rt, args)?;
    }
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)?;
    let list = rt.new_array_with_capacity(0);
    let list = rt.root(Value::object(list));
    let mut k = 0;
    if let Some((elements, now)) = access::dense_readable(rt, o.get(rt)) {
        // OPTIMIZATION: SortIndexedProperties with skip-holes reads plain elements.
        let copy = access::array_of_words(rt, elements, 0, now);
        let kept = drop_holes(rt, rt.elements(copy), now);
        rt.init::<u32>(copy, ARRAY_LENGTH, kept);
        list.set(rt, Value::object(copy));
        k = len;
    }
    while let Some((at, v)) = access::next_present(rt, o, k, len)? {
        rt.array_push(list.obj(rt), v);
        k = at + 1;
        poll_at(rt, k)?;
    }
    sort_list(rt, args, list)?;
    let sorted = list.obj(rt);
    let count = rt.array_len(sorted);
    if let Some((elements, now)) = access::dense_writable(rt, o.get(rt))
        && u64::from(now) == len
    {
        copy_words(rt, rt.elements(sorted), 0, elements, 0, count);
        for i in count..now {
            rt.put_word(elements, i, Value::HOLE);
        }
        return Ok(o.get(rt));
    }
    for i in 0..count {
        let v = rt.word(rt.elements(list.obj(rt)), i);
        access::set(rt, o, u64::from(i), v)?;
    }
    // As many holes as were skipped come last.
    let end = if rt.is_kind(o.get(rt), Kind::Array) { dense_end(rt, o.obj(rt), len) } else { len };
    for k in u64::from(count)..end {
        access::delete(rt, o, k)?;
        poll_at(rt, k)?;
    }
    Ok(o.get(rt))
}

/// Where the elements of an array surely end: beyond there is nothing to delete.
fn dense_end(rt: &Rt, array: Ref, len: u64) -> u64 {
    let elements = rt.elements(array);
    if elements.is_null() {
        0
    } else if rt.kind(elements) == Kind::Words {
        len.min(u64::from(rt.len(elements)))
    } else {
        len
    }
}

fn drop_holes(rt: &Rt, words: Ref, len: u32) -> u32 {
    let mut kept = 0;
    for i in 0..len {
        let v = rt.word(words, i);
        if !v.is_hole() {
            rt.init_word(words, kept, v);
            kept += 1;
        }
    }
    for i in kept..len {
        rt.init_word(words, i, Value::HOLE);
    }
    kept
}

/// 23.1.3.34 Array.prototype.toSorted ( comparator )
pub fn to_sorted(rt: &mut Rt, args: Args) -> JsResult {
    if !args.get(rt, 0).is_undefined() {
        comparator(rt, args)?;
    }
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)?;
    let list = access::array_create(rt, len)?;
    let list = rt.root(Value::object(list));
    for k in 0..len {
        let v = access::get(rt, o, k)?;
        rt.put_element(list.obj(rt), k as u32, v);
        poll_at(rt, k)?;
    }
    sort_list(rt, args, list)?;
    Ok(list.get(rt))
}

/// Checks that argument 0 can be called.
pub fn comparator(rt: &mut Rt, args: Args) -> JsResult<()> {
    if rt.is_callable(args.get(rt, 0)) {
        return Ok(());
    }
    Err(rt.throw_type("The comparison function must be either a function or undefined"))
}

/// Sorts the dense, hole-free elements of an array of ours by 23.1.3.30.2 CompareArrayElements.
fn sort_list(rt: &mut Rt, args: Args, list: Slot) -> JsResult<()> {
    let array = list.obj(rt);
    let len = rt.array_len(array);
    if len < 2 {
        return Ok(());
    }
    let elements = rt.elements(array);
    let defined = undefined_last(rt, elements, len);
    let words = rt.root(Value::internal(elements));
    if !args.get(rt, 0).is_undefined() {
        return merge_sort(rt, words, defined, |rt, a, b| call_comparator(rt, args, a, b));
    }
    if (0..defined).all(|i| rt.word(elements, i).is_int()) {
        return merge_sort(rt, words, defined, |_, a, b| Ok(cmp_decimal(a.as_int(), b.as_int()).is_gt()));
    }
    if (0..defined).all(|i| rt.word(elements, i).is_string()) {
        return merge_sort(rt, words, defined, |rt, a, b| Ok(rt.str_cmp(a.as_ref(), b.as_ref()).is_gt()));
    }
    sort_by_text(rt, words, defined)
}

/// Moves undefined to the end, keeping the order of the rest; returns how many are defined.
fn undefined_last(rt: &Rt, words: Ref, len: u32) -> u32 {
    let mut kept = 0;
    for i in 0..len {
        let v = rt.word(words, i);
        if !v.is_undefined() {
            if kept != i {
                rt.put_word(words, kept, v);
            }
            kept += 1;
        }
    }
    for i in kept..len {
        rt.put_word(words, i, Value::UNDEFINED);
    }
    kept
}

/// Whether the comparator puts a behind b.
#[inline]
pub fn call_comparator(rt: &mut Rt, args: Args, a: Value, b: Value) -> JsResult<bool> {
    let f = args.get(rt, 0);
    let answer = rt.call(f, Value::UNDEFINED, &[a, b])?;
    if answer.is_int() {
        return Ok(answer.as_int() > 0);
    }
    Ok(rt.to_number(answer)? > 0.0)
}

/// Order of two ints by their decimal digits.
fn cmp_decimal(a: i32, b: i32) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    match (a < 0, b < 0) {
        (true, false) => return Ordering::Less,
        (false, true) => return Ordering::Greater,
        _ => {}
    }
    let (x, y) = (u64::from(a.unsigned_abs()), u64::from(b.unsigned_abs()));
    let (m, n) = (x.checked_ilog10().unwrap_or(0), y.checked_ilog10().unwrap_or(0));
    // Both to the same number of digits; equal then means that the shorter is a prefix of the longer.
    let (scaled_x, scaled_y) = (x * 10u64.pow(n.saturating_sub(m)), y * 10u64.pow(m.saturating_sub(n)));
    scaled_x.cmp(&scaled_y).then(m.cmp(&n))
}

/// Default order of mixed values: every ToString once, then an order of indices by text.
fn sort_by_text(rt: &mut Rt, words: Slot, len: u32) -> JsResult<()> {
    let texts = rt.alloc_words_filled(Kind::Words, len, Value::UNDEFINED);
    let texts = rt.root(Value::internal(texts));
    for i in 0..len {
        let v = rt.word(words.obj(rt), i);
        let s = rt.to_str(v)?;
        rt.put_word(texts.obj(rt), i, Value::string(s));
        poll_at(rt, u64::from(i))?;
    }
    let order = rt.alloc_words(Kind::Words, len);
    for i in 0..len {
        rt.init_word(order, i, Value::int(i as i32));
    }
    let order = rt.root(Value::internal(order));
    merge_sort(rt, order, len, |rt, a, b| {
        let texts = texts.obj(rt);
        let (a, b) = (rt.word(texts, a.as_int() as u32), rt.word(texts, b.as_int() as u32));
        Ok(rt.str_cmp(a.as_ref(), b.as_ref()).is_gt())
    })?;
    let (words, texts, order) = (words.obj(rt), texts.obj(rt), order.obj(rt));
    for i in 0..len {
        rt.put_word(texts, i, rt.word(words, rt.word(order, i).as_int() as u32));
    }
    copy_words(rt, texts, 0, words, 0, len);
    Ok(())
}
