//! Object.freeze, Object.seal, Object.preventExtensions and their tests (20.1.2, 7.3.15, 7.3.16).
use crate::builtins::rooted::{RootedKey, listed_key};
use crate::call::Args;
use crate::heap::layout::{CELL_SHAPE, Kind};
use crate::object::{Desc, Key, OBJ_FROZEN_ELEMENTS, OBJ_LENGTH_READONLY, OBJ_SEALED_ELEMENTS, Prop};
use crate::runtime::Rt;
use crate::shape::{SHAPE_NON_EXTENSIBLE, attr};
use crate::value::{JsResult, Ref, Value};

/// Integrity levels of 7.3.15.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// No property can be added, removed or reconfigured.
    Sealed,
    /// Nor can a data property be written.
    Frozen,
}

/// 20.1.2.6 Object.freeze ( O )
pub fn freeze(rt: &mut Rt, args: Args) -> JsResult {
    set_level(rt, args, Level::Frozen, "Cannot freeze")
}

/// 20.1.2.22 Object.seal ( O )
pub fn seal(rt: &mut Rt, args: Args) -> JsResult {
    set_level(rt, args, Level::Sealed, "Cannot seal")
}

fn set_level(rt: &mut Rt, args: Args, level: Level, refusal: &str) -> JsResult {
    if let Some(obj) = args.get(rt, 0).to_obj()
        && !set_integrity_level(rt, obj, level)?
    {
        return Err(rt.throw_type(refusal));
    }
    Ok(args.get(rt, 0))
}

/// 20.1.2.20 Object.preventExtensions ( O )
pub fn prevent_extensions(rt: &mut Rt, args: Args) -> JsResult {
    if let Some(obj) = args.get(rt, 0).to_obj()
        && !rt.prevent_extensions(obj)?
    {
        return Err(rt.throw_type("Cannot prevent extensions"));
    }
    Ok(args.get(rt, 0))
}

/// 20.1.2.16 Object.isExtensible ( O )
pub fn is_extensible(rt: &mut Rt, args: Args) -> JsResult {
    let extensible = match args.get(rt, 0).to_obj() {
        Some(obj) => rt.is_extensible(obj)?,
        None => false,
    };
    Ok(Value::bool(extensible))
}

/// 20.1.2.17 Object.isFrozen ( O )
pub fn is_frozen(rt: &mut Rt, args: Args) -> JsResult {
    let frozen = match args.get(rt, 0).to_obj() {
        Some(obj) => test_integrity_level(rt, obj, Level::Frozen)?,
        None => true,
    };
    Ok(Value::bool(frozen))
}

/// 20.1.2.18 Object.isSealed ( O )
pub fn is_sealed(rt: &mut Rt, args: Args) -> JsResult {
    let sealed = match args.get(rt, 0).to_obj() {
        Some(obj) => test_integrity_level(rt, obj, Level::Sealed)?,
        None => true,
    };
    Ok(Value::bool(sealed))
}

/// Whether properties are the elements and the shape's entries, without an internal method that says otherwise.
fn is_ordinary(rt: &Rt, obj: Ref) -> bool {
    !matches!(rt.kind(obj), Kind::Proxy | Kind::Namespace | Kind::TypedArray)
}

/// 7.3.15 SetIntegrityLevel ( O, level )
pub fn set_integrity_level(rt: &mut Rt, obj: Ref, level: Level) -> JsResult<bool> {
    if !is_ordinary(rt, obj) {
        return rt.scoped(|rt| set_level_generic(rt, obj, level));
    }
    let shape = rt.shape_with_integrity(rt.shape_of(obj), level == Level::Frozen);
    rt.put(obj, CELL_SHAPE, shape);
    let elements = if level == Level::Frozen { OBJ_FROZEN_ELEMENTS } else { OBJ_SEALED_ELEMENTS };
    let length = if level == Level::Frozen && rt.kind(obj) == Kind::Array { OBJ_LENGTH_READONLY } else { 0 };
    rt.set_cell_flags(obj, elements | length);
    rt.proto_changed(obj);
    Ok(true)
}

fn set_level_generic(rt: &mut Rt, obj: Ref, level: Level) -> JsResult<bool> {
    let obj = rt.root(Value::object(obj));
    if !rt.prevent_extensions(obj.obj(rt))? {
        return Ok(false);
    }
    let keys = rt.own_keys(obj.obj(rt))?;
    let keys = rt.root(Value::object(keys));
    let mark = rt.roots_mark();
    for i in 0..rt.array_len(keys.obj(rt)) {
        rt.release_roots(mark);
        let key = listed_key(rt, keys.obj(rt), i);
        let key = RootedKey::new(rt, key);
        let mut desc = Desc { configurable: Some(false), ..Desc::default() };
        let now = key.get(rt);
        let prop = if level == Level::Frozen { rt.get_own(obj.obj(rt), now)? } else { None };
        match prop {
            Some(prop) if !prop.is_accessor() => desc.writable = Some(false),
            Some(_) => {}
            None if level == Level::Frozen => continue,
            None => {}
        }
        let now = key.get(rt);
        rt.define_or_throw(obj.obj(rt), now, &desc)?;
    }
    Ok(true)
}

/// 7.3.16 TestIntegrityLevel ( O, level )
pub fn test_integrity_level(rt: &mut Rt, obj: Ref, level: Level) -> JsResult<bool> {
    if !is_ordinary(rt, obj) {
        return rt.scoped(|rt| test_level_generic(rt, obj, level));
    }
    let shape = rt.shape_of(obj);
    if rt.shape_flags(shape) & SHAPE_NON_EXTENSIBLE == 0 {
        return Ok(false);
    }
    let named = (0..rt.shape_count(shape)).all(|i| {
        let (key, info) = rt.shape_entry(shape, i);
        key.is_null() || (rt.kind(key) == Kind::Symbol && rt.is_private_name(key)) || is_fixed(info, level)
    });
    Ok(named && elements_are_fixed(rt, obj, level))
}

fn is_fixed(attrs: u32, level: Level) -> bool {
    attrs & attr::C == 0 && (level == Level::Sealed || attrs & attr::ACCESSOR != 0 || attrs & attr::W == 0)
}

fn elements_are_fixed(rt: &Rt, obj: Ref, level: Level) -> bool {
    let flags = rt.cell_flags(obj);
    if level == Level::Frozen && rt.kind(obj) == Kind::Array && flags & OBJ_LENGTH_READONLY == 0 {
        return false;
    }
    if flags & OBJ_FROZEN_ELEMENTS != 0 || rt.elements(obj).is_null() {
        return true;
    }
    let fixed = |prop: Prop| is_fixed(prop.attrs, level);
    rt.element_indices(obj).into_iter().all(|i| rt.element_own(obj, i).is_none_or(fixed))
}

fn test_level_generic(rt: &mut Rt, obj: Ref, level: Level) -> JsResult<bool> {
    let obj = rt.root(Value::object(obj));
    if rt.is_extensible(obj.obj(rt))? {
        return Ok(false);
    }
    let keys = rt.own_keys(obj.obj(rt))?;
    let keys = rt.root(Value::object(keys));
    for i in 0..rt.array_len(keys.obj(rt)) {
        let key: Key = listed_key(rt, keys.obj(rt), i);
        if rt.get_own(obj.obj(rt), key)?.is_some_and(|prop| !is_fixed(prop.attrs, level)) {
            return Ok(false);
        }
    }
    Ok(true)
}
