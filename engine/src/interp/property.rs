//! Property access: the halves behind the inline caches, literals, deletes, globals.
use super::{cache, expect, is_strict};
use crate::heap::layout::*;
use crate::object::{Desc, Key, OBJ_FROZEN_ELEMENTS};
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::shape::{SHAPE_NON_EXTENSIBLE, attr};
use crate::string::atoms;
use crate::value::{JsResult, Ref, Value};

/// A get by constant name whose first cache entry missed.
#[inline(never)]
pub fn get_field(rt: &mut Rt, v: Value, name: Ref, site: u32) -> JsResult {
    if v.is_object() {
        let obj = v.as_ref();
        let shape = rt.shape_of(obj);
        let first = rt.load::<Ref>(Ref(site), 0) == shape;
        let entry = if first { rt.load(Ref(site), 4) } else { rt.find_entry(site, shape.0, name) };
        if entry != 0 {
            if let Some(found) = rt.read_entry(obj, entry) {
                return Ok(found);
            }
            if let Some(getter) = rt.read_getter(entry) {
                return if getter.is_undefined() { Ok(Value::UNDEFINED) } else { rt.call(getter, v, &[]) };
            }
        }
        rt.fill_get(site, shape.0, obj, name);
        return rt.get_with_receiver(obj, Key::Name(name), v);
    }
    if v.is_string() {
        if name == atoms::length {
            return Ok(Value::uint(rt.len(v.as_ref())));
        }
        return get_primitive(rt, v, name, site, cache::STRING_RECEIVER, Intrinsic::StringPrototype);
    }
    if v.is_number() {
        return get_primitive(rt, v, name, site, cache::NUMBER_RECEIVER, Intrinsic::NumberPrototype);
    }
    rt.get(v, Key::Name(name))
}

fn get_primitive(rt: &mut Rt, v: Value, name: Ref, site: u32, receiver: u32, proto: Intrinsic) -> JsResult {
    if rt.load::<u32>(Ref(site), 0) == receiver
        && let Some(found) = rt.read_entry(Ref::NULL, rt.load(Ref(site), 4))
    {
        return Ok(found);
    }
    let entry = rt.find_entry(site, receiver, name);
    if entry != 0
        && let Some(found) = rt.read_entry(Ref::NULL, entry)
    {
        return Ok(found);
    }
    let proto = rt.intrinsic(proto);
    rt.fill_get(site, receiver, proto, name);
    rt.get_with_receiver(proto, Key::Name(name), v)
}

/// A put by constant name whose first cache entry missed.
#[inline(never)]
pub fn put_field(rt: &mut Rt, v: Value, name: Ref, src: Value, site: u32) -> JsResult<()> {
    let Some(obj) = v.to_obj() else {
        let strict = is_strict(rt);
        return rt.put_value(v, Key::Name(name), src, strict);
    };
    let shape = rt.shape_of(obj);
    let mut entry = 0;
    if rt.load::<Ref>(Ref(site), 0) == shape {
        entry = rt.load(Ref(site), 4);
    }
    if entry == 0 {
        entry = rt.find_entry(site, shape.0, name);
    }
    match entry >> 24 {
        cache::OWN_INLINE => {
            rt.put(obj, entry & 0xFF_FFFF, src);
            return Ok(());
        }
        cache::OWN_SLOTS => {
            rt.put(rt.load::<Ref>(obj, OBJ_SLOTS), entry & 0xFF_FFFF, src);
            return Ok(());
        }
        cache::ADD => {
            let side = Ref(rt.ctx().realm.cache_pool.get() + 16 * (entry & 0xFF_FFFF));
            let (new, place, epoch): (Ref, u32, u32) = (rt.load(side, 0), rt.load(side, 4), rt.load(side, 8));
            if epoch == rt.ctx().proto_epoch.get() && !new.is_null() {
                if place >> 24 == cache::OWN_INLINE {
                    rt.put(obj, place & 0xFF_FFFF, src);
                    rt.put(obj, CELL_SHAPE, new);
                    return Ok(());
                }
                let offset = place & 0xFF_FFFF;
                let slots: Ref = rt.load(obj, OBJ_SLOTS);
                if !slots.is_null() && offset < CELL_DATA + 8 * rt.len(slots) {
                    rt.put(slots, offset, src);
                    rt.put(obj, CELL_SHAPE, new);
                    return Ok(());
                }
            }
        }
        _ => {}
    }
    let strict = is_strict(rt);
    let existed = rt.shape_find(shape, name).is_some();
    rt.put_value(v, Key::Name(name), src, strict)?;
    if existed {
        rt.fill_put(site, obj, name);
    } else {
        rt.fill_add(site, obj, shape, name);
    }
    Ok(())
}

/// `obj[key]` beyond dense elements.
#[inline(never)]
pub fn get_elem(rt: &mut Rt, v: Value, key: Value) -> JsResult {
    if v.is_string() && key.is_int() {
        let (s, i) = (v.as_ref(), key.as_int());
        if i >= 0 && (i as u32) < rt.len(s) {
            return Ok(Value::string(rt.char_string(rt.unit_at(s, i as u32))));
        }
    }
    if v.is_object() && key.is_int() && key.as_int() >= 0 {
        if rt.kind(v.as_ref()) == Kind::TypedArray {
            return Ok(crate::builtins::typed_array::get_element(rt, v.as_ref(), key.as_int() as u32)
                .unwrap_or(Value::UNDEFINED));
        }
        return rt.get(v, Key::Index(key.as_int() as u32));
    }
    if v.is_nullish() {
        // The base is checked before the key is converted.
        let key = if key.is_object() { Key::Name(atoms::object) } else { rt.to_key(key)? };
        return Err(rt.throw_nullish_access(v, key));
    }
    let key = to_key_keeping(rt, v, key)?;
    match key {
        (v, Key::Name(name)) => rt.get_by_name_cached(v, name),
        (v, key) => rt.get(v, key),
    }
}

/// ToPropertyKey that keeps `v` over conversions which run JavaScript.
fn to_key_keeping(rt: &mut Rt, v: Value, key: Value) -> JsResult<(Value, Key)> {
    if !key.is_object() {
        return Ok((v, rt.to_key(key)?));
    }
    rt.scoped(|rt| {
        let slot = rt.root(v);
        let key = rt.to_key(key)?;
        Ok((slot.get(rt), key))
    })
}

/// `obj[key] = src` beyond overwriting a dense element.
#[inline(never)]
pub fn put_elem(rt: &mut Rt, v: Value, key: Value, src: Value) -> JsResult<()> {
    if v.is_object() && key.is_int() && key.as_int() >= 0 {
        let (obj, i) = (v.as_ref(), key.as_int() as u32);
        match rt.kind(obj) {
            // Appending to a plain array whose prototypes have no elements.
            Kind::Array if i == rt.array_len(obj) && can_append(rt, obj) => {
                rt.put_element(obj, i, src);
                rt.put::<u32>(obj, ARRAY_LENGTH, i + 1);
                return Ok(());
            }
            Kind::TypedArray => return crate::builtins::typed_array::set_element(rt, obj, i, src),
            _ => {}
        }
        let strict = is_strict(rt);
        return rt.put_value(v, Key::Index(i), src, strict);
    }
    if v.is_nullish() {
        let strict = is_strict(rt);
        let key = if key.is_object() { Key::Name(atoms::object) } else { rt.to_key(key)? };
        return rt.put_value(v, key, src, strict);
    }
    let (v, key, src) = if key.is_object() {
        rt.scoped(|rt| {
            let (slot, value) = (rt.root(v), rt.root(src));
            let key = rt.to_key(key)?;
            Ok((slot.get(rt), key, value.get(rt)))
        })?
    } else {
        (v, rt.to_key(key)?, src)
    };
    if let (Key::Name(name), Some(obj)) = (key, v.to_obj())
        && rt.kind(obj) == Kind::Object
        && let Some(found) = rt.shape_find(rt.shape_of(obj), name)
        && found.info & (attr::ACCESSOR | attr::LAZY | attr::W) == attr::W
    {
        rt.set_slot(obj, found.slot(), src);
        return Ok(());
    }
    let strict = is_strict(rt);
    rt.put_value(v, key, src, strict)
}

/// Whether an array takes an element at its end without any check of the chain: extensible, writable length, dense, and
/// Array.prototype and Object.prototype without elements.
pub fn can_append(rt: &Rt, array: Ref) -> bool {
    let shape = rt.shape_of(array);
    let elements = rt.elements(array);
    rt.shape_flags(shape) & SHAPE_NON_EXTENSIBLE == 0
        && rt.cell_flags(array)
            & (OBJ_FROZEN_ELEMENTS | crate::object::OBJ_SEALED_ELEMENTS | crate::object::OBJ_LENGTH_READONLY)
            == 0
        && (elements.is_null() || rt.kind(elements) == Kind::Words)
        && rt.shape_proto(shape) == rt.intrinsic(Intrinsic::ArrayPrototype)
        && rt.elements(rt.intrinsic(Intrinsic::ArrayPrototype)).is_null()
        && rt.elements(rt.intrinsic(Intrinsic::ObjectPrototype)).is_null()
}

/// An object born in its literal shape, slots from registers at cage offset `at`.
#[inline]
pub fn new_literal(rt: &Rt, shape: Ref, at: u32) -> Value {
    let inline: u16 = rt.load(shape, SHAPE_INLINE);
    let n = u32::from(inline);
    let obj = rt.alloc(Kind::Object, OBJ_INTERNAL + 8 * n);
    rt.init(obj, CELL_SHAPE, shape);
    rt.init::<u16>(obj, CELL_INLINE, inline);
    rt.init::<u64>(obj, OBJ_SLOTS, 0);
    for i in 0..n {
        rt.init(Ref(obj.0 + 8 * i), OBJ_INTERNAL, rt.load::<Value>(Ref(at + 8 * i), 0));
    }
    Value::object(obj)
}

/// An array of `n` registers at cage offset `at`.
#[inline]
pub fn new_array_from(rt: &Rt, at: u32, n: u16) -> Value {
    let n = u32::from(n);
    let array = rt.alloc_object(rt.ctx().realm.array_shape.get());
    rt.init::<u64>(array, ARRAY_LENGTH, u64::from(n));
    if n > 0 {
        let elements = rt.alloc_words(Kind::Words, n);
        for i in 0..n {
            rt.init_word(elements, i, rt.load(Ref(at + 8 * i), 0));
        }
        rt.init(array, OBJ_ELEMENTS, elements);
    }
    Value::object(array)
}

/// CreateDataPropertyOrThrow with a constant name (which may be an index).
#[inline(never)]
pub fn define_field(rt: &mut Rt, obj: Value, name: Value, src: Value, site: u32) -> JsResult<()> {
    let target = expect::object(rt, obj)?;
    let shape = rt.shape_of(target);
    if rt.load::<Ref>(Ref(site), 0) == shape {
        let entry: u32 = rt.load(Ref(site), 4);
        if entry >> 24 == cache::ADD {
            let side = Ref(rt.ctx().realm.cache_pool.get() + 16 * (entry & 0xFF_FFFF));
            let (new, place): (Ref, u32) = (rt.load(side, 0), rt.load(side, 4));
            if place >> 24 == cache::OWN_INLINE
                && !new.is_null()
                && rt.load::<u32>(side, 8) == rt.ctx().proto_epoch.get()
            {
                rt.put(target, place & 0xFF_FFFF, src);
                rt.put(target, CELL_SHAPE, new);
                return Ok(());
            }
        }
    }
    let key = rt.key_of_string(name.as_ref());
    rt.create_data_or_throw(target, key, src)?;
    rt.fill_add(site, target, shape, name.as_ref());
    Ok(())
}

/// CreateDataPropertyOrThrow with a computed key.
pub fn define_elem(rt: &mut Rt, obj: Value, key: Value, src: Value) -> JsResult<()> {
    let key = rt.to_key(key)?;
    let target = expect::object(rt, obj)?;
    rt.create_data_or_throw(target, key, src)
}

/// `delete obj[key]`
pub fn delete(rt: &mut Rt, obj: Value, key: Value) -> JsResult<bool> {
    let (obj, key) = if obj.is_nullish() {
        let key = rt.to_key(key)?;
        let name = rt.key_text(key);
        return Err(rt.throw_type(&format!("Cannot convert undefined or null to object (deleting '{name}')")));
    } else {
        to_key_keeping(rt, obj, key)?
    };
    let target = rt.to_object(obj)?;
    let done = rt.delete(target, key)?;
    if !done && is_strict(rt) {
        let name = rt.key_text(key);
        return Err(rt.throw_type(&format!("Cannot delete property '{name}'")));
    }
    Ok(done)
}

/// `key in obj`
pub fn has(rt: &mut Rt, key: Value, obj: Value) -> JsResult<bool> {
    if !obj.is_object() {
        return Err(rt.throw_type("Cannot use 'in' operator to search for a key in a primitive"));
    }
    let (obj, key) = to_key_keeping(rt, obj, key)?;
    rt.has_property(obj.as_ref(), key)
}

/// ToPropertyKey as a value.
pub fn to_key_value(rt: &mut Rt, v: Value) -> JsResult {
    if v.is_int() || v.is_string() || v.is_symbol() {
        return Ok(v);
    }
    match rt.to_key(v)? {
        Key::Index(i) => Ok(Value::uint(i)),
        key => Ok(rt.key_to_value(key)),
    }
}

/// The same for a key of `base`, which must not be null or undefined: that is checked first.
pub fn to_key_value_of(rt: &mut Rt, base: Value, v: Value) -> JsResult {
    if base.is_nullish() {
        let key = if v.is_object() { Key::Name(atoms::object) } else { rt.to_key(v)? };
        return Err(rt.throw_nullish_access(base, key));
    }
    to_key_value(rt, v)
}

/// TypeError of destructuring null or undefined.
#[cold]
pub fn throw_not_object(rt: &mut Rt, v: Value) -> JsResult<()> {
    let what = if v.is_null() { "null" } else { "undefined" };
    Err(rt.throw_type(&format!("Cannot destructure '{what}' as it is {what}.")))
}

/// CopyDataProperties with `n` excluded keys in registers at cage offset `at`.
pub fn copy_props(rt: &mut Rt, obj: Value, src: Value, at: u32, n: u16) -> JsResult<()> {
    if src.is_nullish() {
        return Ok(());
    }
    let from = rt.to_object(src)?;
    let target = expect::object(rt, obj)?;
    let excluded = |rt: &Rt, key: Key| {
        (0..u32::from(n)).any(|i| {
            let v: Value = rt.load(Ref(at + 8 * i), 0);
            match key {
                Key::Index(k) => v == Value::uint(k) || (v.is_string() && rt.key_of_string(v.as_ref()) == key),
                Key::Name(name) => {
                    v.is_ref() && (v.as_ref() == name || (v.is_string() && rt.key_of_string(v.as_ref()) == key))
                }
            }
        })
    };
    if n == 0 && crate::builtins::object::clone_plain(rt, target, from) {
        return Ok(());
    }
    if matches!(rt.kind(from), Kind::Object | Kind::Array) && rt.elements(from).is_null() {
        let shape = rt.shape_of(from);
        let count = rt.shape_count(shape);
        let plain = (0..count).all(|i| rt.shape_entry(shape, i).1 & (attr::ACCESSOR | attr::LAZY) == 0);
        if plain {
            for i in 0..count {
                let (key, info) = rt.shape_entry(shape, i);
                if key.is_null() || info & attr::E == 0 || (n > 0 && excluded(rt, Key::Name(key))) {
                    continue;
                }
                let v = rt.slot(from, info >> attr::SLOT_SHIFT);
                rt.create_data(target, Key::Name(key), v)?;
            }
            return Ok(());
        }
    }
    rt.scoped(|rt| {
        let (target, from) = (rt.root(obj), rt.root(Value::object(from)));
        let keys = rt.own_keys(from.obj(rt))?;
        let keys = rt.root(Value::object(keys));
        for i in 0..rt.array_len(keys.obj(rt)) {
            let key = rt.word(rt.elements(keys.obj(rt)), i);
            let key = rt.to_key(key)?;
            if excluded(rt, key) {
                continue;
            }
            if rt.get_own(from.obj(rt), key)?.is_some_and(|p| p.enumerable()) {
                let v = rt.get(from.get(rt), key)?;
                rt.create_data(target.obj(rt), key, v)?;
            }
        }
        Ok(())
    })
}

// ---- globals

/// Value of a global name.
#[inline(never)]
pub fn get_global(rt: &mut Rt, name: Ref, site: u32, must: bool) -> JsResult {
    let global = rt.intrinsic(Intrinsic::Global);
    let shape = rt.shape_of(global);
    if let Some(found) = rt.shape_find(shape, name) {
        if found.info & (attr::ACCESSOR | attr::LAZY) == 0 {
            rt.fill_get(site, shape.0, global, name);
        }
    } else if !rt.has_property(global, Key::Name(name))? {
        if !must {
            return Ok(Value::UNDEFINED);
        }
        let name = rt.to_text(name);
        return Err(rt.throw_reference(&format!("{name} is not defined")));
    }
    rt.get(Value::object(global), Key::Name(name))
}

/// Assignment to a global name.
pub fn put_global(rt: &mut Rt, name: Ref, v: Value) -> JsResult<()> {
    let global = rt.intrinsic(Intrinsic::Global);
    let strict = is_strict(rt);
    if strict && !rt.has_property(global, Key::Name(name))? {
        let name = rt.to_text(name);
        return Err(rt.throw_reference(&format!("{name} is not defined")));
    }
    rt.put_value(Value::object(global), Key::Name(name), v, strict)
}

/// `var` and function declarations of scripts (9.1.1.4.17, 18).
pub fn declare_global(rt: &mut Rt, name: Ref, v: Value, is_function: bool) -> JsResult<()> {
    let global = rt.intrinsic(Intrinsic::Global);
    let key = Key::Name(name);
    let current = rt.get_own_plain(global, key);
    if is_function {
        let fresh = current.is_none_or(|p| p.configurable());
        if !fresh && current.is_some_and(|p| p.is_accessor() || !(p.writable() && p.enumerable())) {
            let name = rt.to_text(name);
            return Err(rt.throw_type(&format!("Cannot redeclare global function '{name}'")));
        }
        let desc = if fresh { Desc::data(v, attr::W | attr::E) } else { Desc { value: Some(v), ..Desc::default() } };
        return rt.define_or_throw(global, key, &desc);
    }
    if current.is_none() {
        rt.define_or_throw(global, key, &Desc::data(Value::UNDEFINED, attr::W | attr::E))?;
    }
    Ok(())
}
