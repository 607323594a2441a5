//! Object.assign and the copying of plain objects (20.1.2.1, 7.3.25).
use crate::builtins::rooted::{RootedKey, listed_key};
use crate::call::Args;
use crate::heap::layout::*;
use crate::object::{OBJ_FROZEN_ELEMENTS, OBJ_SEALED_ELEMENTS};
use crate::runtime::Rt;
use crate::shape::{SHAPE_NON_EXTENSIBLE, attr};
use crate::value::{JsResult, Ref, Value};

/// 20.1.2.1 Object.assign ( target, ...sources )
pub fn assign(rt: &mut Rt, args: Args) -> JsResult {
    let target = rt.to_object(args.get(rt, 0))?;
    let target = rt.root(Value::object(target));
    let mark = rt.roots_mark();
    for i in 1..args.len() {
        let source = args.get(rt, i);
        if source.is_nullish() {
            continue;
        }
        let source = rt.to_object(source)?;
        if !assign_plain(rt, target.obj(rt), source) {
            assign_generic(rt, target.get(rt), source)?;
        }
        rt.release_roots(mark);
    }
    Ok(target.get(rt))
}

fn assign_generic(rt: &mut Rt, target: Value, source: Ref) -> JsResult<()> {
    let target = rt.root(target);
    let source = rt.root(Value::object(source));
    let keys = rt.own_keys(source.obj(rt))?;
    let keys = rt.root(Value::object(keys));
    let mark = rt.roots_mark();
    for i in 0..rt.array_len(keys.obj(rt)) {
        let key = listed_key(rt, keys.obj(rt), i);
        let key = RootedKey::new(rt, key);
        let now = key.get(rt);
        if rt.get_own(source.obj(rt), now)?.is_some_and(|prop| prop.enumerable()) {
            let now = key.get(rt);
            let v = rt.get(source.get(rt), now)?;
            let now = key.get(rt);
            rt.set_or_throw(target.obj(rt), now, v)?;
        }
        rt.release_roots(mark);
        rt.poll()?;
    }
    Ok(())
}

/// Assigns from an ordinary object to an ordinary one where no getter, setter or proxy can be involved; false, having
/// done nothing, where one might.
fn assign_plain(rt: &Rt, target: Ref, source: Ref) -> bool {
    if !is_plain_source(rt, source) || rt.kind(target) != Kind::Object {
        return false;
    }
    let target_shape = rt.shape_of(target);
    let locked = rt.cell_flags(target) & (OBJ_FROZEN_ELEMENTS | OBJ_SEALED_ELEMENTS) != 0;
    if locked || rt.shape_flags(target_shape) & SHAPE_NON_EXTENSIBLE != 0 {
        return false;
    }
    let has_elements = !rt.elements(source).is_null();
    if has_elements && !elements_are_dense(rt, target) {
        return false;
    }
    let mut proto = rt.shape_proto(target_shape);
    while !proto.is_null() {
        let exotic = matches!(rt.kind(proto), Kind::Proxy | Kind::Namespace | Kind::StringObj | Kind::TypedArray);
        if exotic || (has_elements && !rt.elements(proto).is_null()) {
            return false;
        }
        proto = rt.shape_proto(rt.shape_of(proto));
    }
    let shape = rt.shape_of(source);
    let count = rt.shape_count(shape);
    if !(0..count).all(|i| is_assignable(rt, target_shape, rt.shape_entry(shape, i))) {
        return false;
    }
    if clone_plain(rt, target, source) {
        return true;
    }
    copy_elements(rt, target, source);
    for symbols in [false, true] {
        for i in 0..count {
            let (key, info) = rt.shape_entry(shape, i);
            if info & attr::E == 0 || key.is_null() || (rt.kind(key) == Kind::Symbol) != symbols {
                continue;
            }
            if !symbols || !rt.is_private_name(key) {
                let v = rt.slot(source, info >> attr::SLOT_SHIFT);
                rt.put_own(target, key, v);
            }
        }
    }
    true
}

/// An object whose enumerable own properties are dense elements and shape entries.
fn is_plain_source(rt: &Rt, source: Ref) -> bool {
    matches!(rt.kind(source), Kind::Object | Kind::Array) && elements_are_dense(rt, source)
}

fn elements_are_dense(rt: &Rt, obj: Ref) -> bool {
    let elements = rt.elements(obj);
    elements.is_null() || rt.kind(elements) == Kind::Words
}

/// Whether a source property is a data property that plain assignment would write to the target itself.
fn is_assignable(rt: &Rt, target_shape: Ref, (key, info): (Ref, u32)) -> bool {
    if info & attr::E == 0 || key.is_null() {
        return true;
    }
    if info & (attr::ACCESSOR | attr::LAZY) != 0 {
        return false;
    }
    let writable = |info: u32| info & (attr::W | attr::ACCESSOR | attr::LAZY) == attr::W;
    if let Some(found) = rt.shape_find(target_shape, key) {
        return writable(found.info);
    }
    let mut proto = rt.shape_proto(target_shape);
    while !proto.is_null() {
        let shape = rt.shape_of(proto);
        if let Some(found) = rt.shape_find(shape, key) {
            return writable(found.info);
        }
        proto = rt.shape_proto(shape);
    }
    // An array in the chain may have a read-only length, which is no entry of its shape.
    key != crate::string::atoms::length
}

fn copy_elements(rt: &Rt, target: Ref, source: Ref) {
    let elements = rt.elements(source);
    if elements.is_null() {
        return;
    }
    for i in 0..rt.len(elements) {
        let v = rt.word(elements, i);
        if !v.is_hole() {
            rt.put_element(target, i, v);
        }
    }
}

/// Gives the fresh, empty ordinary object `target` all own properties of `source` (CopyDataProperties without exclusions)
/// by going to the final shape at once; false, having done nothing, unless they are plain data properties and dense
/// elements.
pub fn clone_plain(rt: &Rt, target: Ref, source: Ref) -> bool {
    if rt.kind(target) != Kind::Object || !rt.elements(target).is_null() || !is_plain_source(rt, source) {
        return false;
    }
    let shape = rt.shape_of(source);
    let Some(copy) = rt.shape_of_copy(rt.shape_of(target), shape) else { return false };
    let count = rt.shape_count(shape);
    let inline = u32::from(rt.load::<u16>(copy, SHAPE_INLINE));
    for i in 0..count.min(inline) {
        rt.put(Ref(target.0 + 8 * i), OBJ_INTERNAL, rt.slot(source, i));
    }
    if count > inline {
        let slots = rt.alloc_words(Kind::Words, count - inline);
        for i in inline..count {
            rt.init_word(slots, i - inline, rt.slot(source, i));
        }
        rt.put(target, OBJ_SLOTS, slots);
    }
    let elements = rt.elements(source);
    if !elements.is_null() {
        rt.put(target, OBJ_ELEMENTS, copy_words(rt, elements));
    }
    rt.put(target, CELL_SHAPE, copy);
    rt.proto_changed(target);
    true
}

fn copy_words(rt: &Rt, from: Ref) -> Ref {
    let len = rt.len(from);
    let copy = rt.alloc_words(Kind::Words, len);
    crate::heap::cage::copy(rt.base(), from.0 + CELL_DATA, copy.0 + CELL_DATA, 8 * len as usize);
    copy
}
