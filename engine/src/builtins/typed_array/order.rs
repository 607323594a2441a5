//! reverse, sort, toReversed, toSorted.
use super::create;
use super::element::{self, ElementType};
use super::set_element;
use super::view::{View, checked_view, this_view, view};
use crate::builtins::array::merge_sort::merge_sort;
use crate::builtins::array::sort::{call_comparator, comparator};
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::runtime::{Rt, Slot};
use crate::value::{JsResult, Value};

/// 23.2.3.25 %TypedArray%.prototype.reverse ( )
pub fn reverse(rt: &mut Rt, args: Args) -> JsResult {
    let (o, view) = this_view(rt, args)?;
    reverse_view(rt, view);
    Ok(o.get(rt))
}

fn reverse_view(rt: &Rt, view: View) {
    rt.with_bytes_mut(view.cell, view.offset, view.byte_len(), |bytes| match view.element.size() {
        1 => bytes.reverse(),
        2 => bytes.as_chunks_mut::<2>().0.reverse(),
        4 => bytes.as_chunks_mut::<4>().0.reverse(),
        _ => bytes.as_chunks_mut::<8>().0.reverse(),
    });
}

/// A copy of `this` with the intrinsic constructor (TypedArrayCreateSameType).
fn copy_of_this(rt: &mut Rt, args: Args) -> JsResult<(Slot, View)> {
    let (_, from) = this_view(rt, args)?;
    let a = create::plain(rt, from.element, from.len)?;
    let to = checked_view(rt, a)?;
    create::copy_elements(rt, from, to, from.len);
    Ok((rt.root(Value::object(a)), to))
}

/// 23.2.3.32 %TypedArray%.prototype.toReversed ( )
pub fn to_reversed(rt: &mut Rt, args: Args) -> JsResult {
    let (a, view) = copy_of_this(rt, args)?;
    reverse_view(rt, view);
    Ok(a.get(rt))
}

/// 23.2.3.29 %TypedArray%.prototype.sort ( comparator )
pub fn sort(rt: &mut Rt, args: Args) -> JsResult {
    if !args.get(rt, 0).is_undefined() {
        comparator(rt, args)?;
    }
    let (o, view) = this_view(rt, args)?;
    sort_view(rt, args, o, view)?;
    Ok(o.get(rt))
}

/// 23.2.3.33 %TypedArray%.prototype.toSorted ( comparator )
pub fn to_sorted(rt: &mut Rt, args: Args) -> JsResult {
    if !args.get(rt, 0).is_undefined() {
        comparator(rt, args)?;
    }
    let (a, view) = copy_of_this(rt, args)?;
    sort_view(rt, args, a, view)?;
    Ok(a.get(rt))
}

fn sort_view(rt: &mut Rt, args: Args, o: Slot, now: View) -> JsResult<()> {
    if now.len < 2 {
        return Ok(());
    }
    if args.get(rt, 0).is_undefined() {
        rt.with_bytes_mut(now.cell, now.offset, now.byte_len(), |bytes| sort_bytes(now.element, bytes));
        return Ok(());
    }
    let words = rt.alloc_words(Kind::Words, now.len);
    for k in 0..now.len {
        rt.init_word(words, k, element::read(rt, now.cell, now.at(k), now.element));
    }
    let words = rt.root(Value::internal(words));
    merge_sort(rt, words, now.len, |rt, a, b| call_comparator(rt, args, a, b))?;
    // The comparator may have shrunk it: what is out of bounds is not written.
    let left = view(rt, o.obj(rt)).map_or(0, |view| view.len);
    for k in 0..now.len.min(left) {
        let v = rt.word(words.obj(rt), k);
        set_element(rt, o.obj(rt), k, v)?;
    }
    Ok(())
}

/// 23.2.4.7 CompareTypedArrayElements as an order of keys: numbers ascending, −0 before +0, NaN last. Equal elements
/// cannot be told apart, so the sort need not be stable.
fn sort_bytes(element: ElementType, bytes: &mut [u8]) {
    match element {
        ElementType::Int8 => bytes.sort_unstable_by_key(|&b| b as i8),
        ElementType::Uint8 | ElementType::Uint8Clamped => bytes.sort_unstable(),
        ElementType::Int16 => bytes.as_chunks_mut().0.sort_unstable_by_key(|&b| i16::from_le_bytes(b)),
        ElementType::Uint16 => bytes.as_chunks_mut().0.sort_unstable_by_key(|&b| u16::from_le_bytes(b)),
        ElementType::Int32 => bytes.as_chunks_mut().0.sort_unstable_by_key(|&b| i32::from_le_bytes(b)),
        ElementType::Uint32 => bytes.as_chunks_mut().0.sort_unstable_by_key(|&b| u32::from_le_bytes(b)),
        ElementType::Float16 => {
            bytes.as_chunks_mut().0.sort_unstable_by_key(|&b| float_key(element::half_to_double(u16::from_le_bytes(b))))
        }
        ElementType::Float32 => {
            bytes.as_chunks_mut().0.sort_unstable_by_key(|&b| float_key(f64::from(f32::from_le_bytes(b))))
        }
        ElementType::Float64 => bytes.as_chunks_mut().0.sort_unstable_by_key(|&b| float_key(f64::from_le_bytes(b))),
        ElementType::BigInt64 => bytes.as_chunks_mut().0.sort_unstable_by_key(|&b| i64::from_le_bytes(b)),
        ElementType::BigUint64 => bytes.as_chunks_mut().0.sort_unstable_by_key(|&b| u64::from_le_bytes(b)),
    }
}

/// Integer whose order is that of the numbers.
fn float_key(d: f64) -> i64 {
    if d.is_nan() {
        return i64::MAX;
    }
    let bits = d.to_bits() as i64;
    // Negative numbers order by descending magnitude: all bits but the sign flip.
    bits ^ ((bits >> 63) as u64 >> 1) as i64
}
