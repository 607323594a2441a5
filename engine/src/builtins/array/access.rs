//! Elements of array-likes as the generic algorithms of 23.1.3 read and write them, each with its dense fast path.
use crate::call::Args;
use crate::heap::layout::*;
use crate::object::{Key, OBJ_FROZEN_ELEMENTS, OBJ_LENGTH_READONLY, OBJ_SEALED_ELEMENTS};
use crate::realm::{Intrinsic, WellKnown};
use crate::runtime::{Rt, Slot};
use crate::shape::SHAPE_NON_EXTENSIBLE;
use crate::string::atoms;
use crate::value::{JsResult, Ref, Thrown, Value};

/// Greatest length of an array-like: 2⁵³ − 1.
pub const MAX_SAFE: u64 = (1 << 53) - 1;
/// Longest array whose elements are reserved when only its length is known.
pub const PREALLOCATED: u32 = 65_536;
/// Iterations of a native loop between two polls, as a mask.
pub const POLL_MASK: u64 = 0x3FF;

/// ToObject(this value), in a scratch slot.
#[inline]
pub fn this_object(rt: &mut Rt, args: Args) -> JsResult<Slot> {
    let v = args.this(rt);
    let o = rt.to_object(v)?;
    Ok(rt.root(Value::object(o)))
}

/// LengthOfArrayLike
#[inline]
pub fn length(rt: &mut Rt, o: Slot) -> JsResult<u64> {
    let obj = o.obj(rt);
    Ok(rt.length_of(obj)? as u64)
}

/// The key of element `k`.
#[inline]
pub fn key(rt: &Rt, k: u64) -> Key {
    if k < u64::from(u32::MAX) { Key::Index(k as u32) } else { rt.key_of_number(k as f64) }
}

/// An index as a value.
#[inline]
pub fn index_value(k: u64) -> Value {
    if k <= i32::MAX as u64 { Value::int(k as i32) } else { Value::number(k as f64) }
}

/// Polls every [`POLL_MASK`] + 1 steps.
#[inline]
pub fn poll_at(rt: &mut Rt, k: u64) -> JsResult<()> {
    if k & POLL_MASK == POLL_MASK { rt.poll() } else { Ok(()) }
}

/// Whether an absent element of `obj` is absent in its prototypes too: none of them has elements or is exotic.
#[inline]
pub fn holes_are_absent(rt: &Rt, obj: Ref) -> bool {
    let mut at = rt.shape_proto(rt.shape_of(obj));
    while !at.is_null() {
        if !rt.elements(at).is_null()
            || matches!(rt.kind(at), Kind::Proxy | Kind::TypedArray | Kind::StringObj | Kind::Namespace | Kind::Host)
        {
            return false;
        }
        at = rt.shape_proto(rt.shape_of(at));
    }
    true
}

/// Dense elements whose holes read as undefined: (elements, length).
#[inline]
pub fn dense_readable(rt: &Rt, v: Value) -> Option<(Ref, u32)> {
    let found = rt.dense_array(v)?;
    holes_are_absent(rt, v.as_ref()).then_some(found)
}

/// Whether elements and length of an Array may be changed at will: ordinary attributes, extensible, dense or no elements,
/// and no prototype that would notice.
#[inline]
pub fn is_freely_writable(rt: &Rt, array: Ref) -> bool {
    let elements = rt.elements(array);
    rt.cell_flags(array) & (OBJ_FROZEN_ELEMENTS | OBJ_SEALED_ELEMENTS | OBJ_LENGTH_READONLY) == 0
        && rt.shape_flags(rt.shape_of(array)) & SHAPE_NON_EXTENSIBLE == 0
        && (elements.is_null() || rt.kind(elements) == Kind::Words)
        && holes_are_absent(rt, array)
}

/// Dense elements that may be changed at will: (elements, length).
#[inline]
pub fn dense_writable(rt: &Rt, v: Value) -> Option<(Ref, u32)> {
    let found = rt.dense_array(v)?;
    is_freely_writable(rt, v.as_ref()).then_some(found)
}

/// A hole as undefined.
#[inline(always)]
pub fn unhole(v: Value) -> Value {
    if v.is_hole() { Value::UNDEFINED } else { v }
}

/// Get ( O, k )
#[inline]
pub fn get(rt: &mut Rt, o: Slot, k: u64) -> JsResult {
    let v = o.get(rt);
    if let Some((elements, len)) = rt.dense_array(v)
        && k < u64::from(len)
    {
        let found = rt.word(elements, k as u32);
        if !found.is_hole() {
            return Ok(found);
        }
    }
    let key = key(rt, k);
    rt.get(v, key)
}

/// The element if HasProperty ( O, k ).
#[inline]
pub fn present(rt: &mut Rt, o: Slot, k: u64) -> JsResult<Option<Value>> {
    let v = o.get(rt);
    if let Some((elements, len)) = rt.dense_array(v)
        && k < u64::from(len)
    {
        let found = rt.word(elements, k as u32);
        if !found.is_hole() {
            return Ok(Some(found));
        }
    }
    present_slow(rt, o, k)
}

fn present_slow(rt: &mut Rt, o: Slot, k: u64) -> JsResult<Option<Value>> {
    let key = key(rt, k);
    let obj = o.obj(rt);
    if !rt.has_property(obj, key)? {
        return Ok(None);
    }
    rt.get(o.get(rt), key_again(rt, key, k)).map(Some)
}

/// A key that was made before JavaScript ran, made anew if it refers to a cell.
fn key_again(rt: &Rt, old: Key, k: u64) -> Key {
    match old {
        Key::Index(_) => old,
        Key::Name(_) => key(rt, k),
    }
}

/// The first present element at or after `k` and below `len`: its index and value.
#[inline]
pub fn next_present(rt: &mut Rt, o: Slot, k: u64, len: u64) -> JsResult<Option<(u64, Value)>> {
    if k >= len {
        return Ok(None);
    }
    if let Some((elements, dense)) = rt.dense_array(o.get(rt))
        && k < u64::from(dense)
    {
        let found = rt.word(elements, k as u32);
        if !found.is_hole() {
            return Ok(Some((k, found)));
        }
    }
    next_present_slow(rt, o, k, len)
}

#[inline(never)]
fn next_present_slow(rt: &mut Rt, o: Slot, mut k: u64, len: u64) -> JsResult<Option<(u64, Value)>> {
    while k < len {
        if let Some(v) = present(rt, o, k)? {
            return Ok(Some((k, v)));
        }
        let v = o.get(rt);
        if rt.is_kind(v, Kind::Array)
            && let obj = v.as_ref()
            && (rt.elements(obj).is_null() || rt.kind(rt.elements(obj)) == Kind::Words)
            && holes_are_absent(rt, obj)
        {
            // OPTIMIZATION: nothing runs between absent elements, so they are skipped in the cell.
            let elements = rt.elements(obj);
            let end = if elements.is_null() { 0 } else { u64::from(rt.len(elements)).min(len) };
            match (k + 1..end).find(|&i| !rt.word(elements, i as u32).is_hole()) {
                Some(next) => k = next,
                None => return Ok(None),
            }
            continue;
        }
        poll_at(rt, k)?;
        k += 1;
    }
    Ok(None)
}

/// Set ( O, k, v, true )
#[inline]
pub fn set(rt: &mut Rt, o: Slot, k: u64, v: Value) -> JsResult<()> {
    let target = o.get(rt);
    if let Some((elements, len)) = rt.dense_array(target)
        && k < u64::from(len)
        && rt.cell_flags(target.as_ref()) & OBJ_FROZEN_ELEMENTS == 0
        && !rt.word(elements, k as u32).is_hole()
    {
        rt.put_word(elements, k as u32, v);
        return Ok(());
    }
    let key = key(rt, k);
    rt.set_or_throw(target.as_ref(), key, v)
}

/// DeletePropertyOrThrow ( O, k )
pub fn delete(rt: &mut Rt, o: Slot, k: u64) -> JsResult<()> {
    let key = key(rt, k);
    let obj = o.obj(rt);
    if rt.delete(obj, key)? { Ok(()) } else { Err(throw_undeletable(rt, k)) }
}

#[cold]
fn throw_undeletable(rt: &mut Rt, k: u64) -> Thrown {
    rt.throw_type(&format!("Cannot delete property '{k}'"))
}

/// Set ( O, "length", len, true )
pub fn set_length(rt: &mut Rt, o: Slot, len: u64) -> JsResult<()> {
    let obj = o.obj(rt);
    if rt.kind(obj) == Kind::Array
        && len == u64::from(rt.array_len(obj))
        && rt.cell_flags(obj) & OBJ_LENGTH_READONLY == 0
    {
        return Ok(());
    }
    rt.set_or_throw(obj, Key::Name(atoms::length), Value::number(len as f64))
}

/// TypeError of a length beyond 2⁵³ − 1.
#[cold]
pub fn throw_too_long(rt: &mut Rt) -> Thrown {
    rt.throw_type("Pushing elements past the greatest safe length")
}

/// CreateDataPropertyOrThrow ( A, k, v ) on the result of a species constructor.
#[inline]
pub fn create(rt: &mut Rt, a: Slot, k: u64, v: Value) -> JsResult<()> {
    let key = key(rt, k);
    let a = a.obj(rt);
    rt.create_data_or_throw(a, key, v)
}

/// The function argument `i`, checked to be callable.
pub fn callable(rt: &mut Rt, args: Args, i: u32) -> JsResult<()> {
    let f = args.get(rt, i);
    if rt.is_callable(f) {
        return Ok(());
    }
    let what = rt.describe_callee(f);
    Err(rt.throw_type(&format!("{what} is not a function")))
}

/// Calls the callback (argument 0) with (v, k, O) and `this` argument 1.
#[inline]
pub fn call_back(rt: &mut Rt, args: Args, v: Value, k: u64, o: Slot) -> JsResult {
    let (f, this, o) = (args.get(rt, 0), args.get(rt, 1), o.get(rt));
    poll_at(rt, k)?;
    rt.call(f, this, &[v, index_value(k), o])
}

/// 10.4.2.2 ArrayCreate ( length ): elements reserved up to [`PREALLOCATED`].
pub fn array_create(rt: &mut Rt, len: u64) -> JsResult<Ref> {
    if len > u64::from(u32::MAX) {
        return Err(rt.throw_range("Invalid array length"));
    }
    let len = len as u32;
    let array = rt.new_array_with_capacity(if len <= PREALLOCATED { len } else { 0 });
    rt.init::<u32>(array, ARRAY_LENGTH, len);
    Ok(array)
}

/// The array of `len` words copied from `elements` at `from`, holes kept.
pub fn array_of_words(rt: &Rt, elements: Ref, from: u32, len: u32) -> Ref {
    let array = rt.alloc_object(rt.ctx().realm.array_shape.get());
    rt.init::<u64>(array, ARRAY_LENGTH, u64::from(len));
    if len > 0 {
        let words = rt.alloc_words(Kind::Words, len);
        copy_words(rt, elements, from, words, 0, len);
        rt.init(array, OBJ_ELEMENTS, words);
    }
    array
}

/// Copies words between cells (or inside one), marking cards of a target below the arena.
pub fn copy_words(rt: &Rt, from: Ref, i: u32, to: Ref, j: u32, n: u32) {
    if n > 0 {
        let target = to.0 + CELL_DATA + 8 * j;
        rt.mark_range(target, 8 * n);
        crate::heap::cage::copy(rt.base(), from.0 + CELL_DATA + 8 * i, target, 8 * n as usize);
    }
}

/// Replaces holes of the first `n` words of a fresh cell.
pub fn fill_holes(rt: &Rt, words: Ref, n: u32) {
    for i in 0..n {
        if rt.word(words, i).is_hole() {
            rt.init_word(words, i, Value::UNDEFINED);
        }
    }
}

/// 10.4.2.3 ArraySpeciesCreate ( originalArray, length ); `None` where it would make a plain Array, so that the caller
/// may build that in one go.
pub fn species_create(rt: &mut Rt, o: Slot, len: u64) -> JsResult<Option<Slot>> {
    if has_plain_species(rt, o.obj(rt)) {
        return Ok(None);
    }
    let v = o.get(rt);
    if !is_array(rt, v)? {
        return Ok(None);
    }
    let mut c = rt.get_name(o.get(rt), atoms::constructor)?;
    if c.is_object() {
        let species = Key::Name(rt.symbol(WellKnown::Species));
        c = rt.get(c, species)?;
        if c.is_null() {
            c = Value::UNDEFINED;
        }
    }
    if c.is_undefined() {
        return Ok(None);
    }
    if !rt.is_constructor(c) {
        return Err(rt.throw_type("object.constructor[Symbol.species] is not a constructor"));
    }
    let a = rt.construct(c, &[Value::number(len as f64)], c)?;
    Ok(Some(rt.root(a)))
}

/// ArraySpeciesCreate into a slot; a plain array is made by ArrayCreate.
pub fn species_or_array(rt: &mut Rt, o: Slot, len: u64) -> JsResult<Slot> {
    match species_create(rt, o, len)? {
        Some(a) => Ok(a),
        None => {
            let a = array_create(rt, len)?;
            Ok(rt.root(Value::object(a)))
        }
    }
}

/// Whether ArraySpeciesCreate of this Array ends in a plain Array without anything a script could notice.
pub fn has_plain_species(rt: &Rt, array: Ref) -> bool {
    let array_proto = rt.intrinsic(Intrinsic::ArrayPrototype);
    let shape = rt.shape_of(array);
    if rt.kind(array) != Kind::Array
        || rt.shape_proto(shape) != array_proto
        || rt.shape_find(shape, atoms::constructor).is_some()
    {
        return false;
    }
    let array_function = rt.intrinsic(Intrinsic::Array);
    if booted_slot(rt, array_proto, 0, atoms::constructor) != Value::object(array_function) {
        return false;
    }
    // `length`, `name` and `prototype` come before the static rows, of which the species getter is the first.
    let pair = booted_slot(rt, array_function, 3, rt.symbol(WellKnown::Species));
    if pair.tag() != crate::value::TAG_INTERNAL {
        return false;
    }
    // Native ids are positions in the tables: the species getter, the first static row, follows the constructor. (Its
    // address would not do: such small functions are copied and merged freely.)
    let getter: Value = rt.load(pair.as_ref(), 8);
    let constructor_id: u32 = rt.load(array_function, FUNC_TEMPLATE);
    rt.is_kind(getter, Kind::Native) && rt.load::<u32>(getter.as_ref(), FUNC_TEMPLATE) == constructor_id + 1
}

/// Whether a value is the native function of a row. By address: `f` must be more than a few instructions without calls, or
/// the compiler may copy it or merge it with another, and this answers false.
#[inline]
pub fn is_native(rt: &Rt, v: Value, f: crate::call::Native) -> bool {
    rt.is_kind(v, Kind::Native) && rt.host().natives.function(rt.load(v.as_ref(), FUNC_TEMPLATE)) as usize == f as usize
}

/// Contents of the slot of own property `key`, expected to be entry `guess` as at boot; the hole if it is gone.
pub fn booted_slot(rt: &Rt, obj: Ref, guess: u32, key: Ref) -> Value {
    let shape = rt.shape_of(obj);
    if guess < rt.shape_count(shape) {
        let (found, info) = rt.shape_entry(shape, guess);
        if found == key {
            return rt.slot(obj, info >> crate::shape::attr::SLOT_SHIFT);
        }
    }
    rt.shape_find(shape, key).map_or(Value::HOLE, |found| rt.slot(obj, found.slot()))
}

/// 7.2.2 IsArray ( argument )
pub fn is_array(rt: &mut Rt, v: Value) -> JsResult<bool> {
    let Some(mut obj) = v.to_obj() else { return Ok(false) };
    while rt.kind(obj) == Kind::Proxy {
        let target = rt.internal(obj, 0);
        match target.to_obj() {
            Some(target) => obj = target,
            None => return Err(rt.throw_type("Cannot perform 'IsArray' on a proxy that has been revoked")),
        }
    }
    Ok(rt.kind(obj) == Kind::Array)
}
