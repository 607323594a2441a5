//! Internal methods of proxies that concern the whole object (10.5.1 to 10.5.4, 10.5.11), with their invariants.
use super::{Trap, broken};
use crate::builtins::function::list_from_array_like;
use crate::builtins::rooted::{RootedKey, key_of_value, listed_key};
use crate::heap::layout::CELL_SHAPE;
use crate::object::Key;
use crate::runtime::{Rt, Slot};
use crate::string::atoms;
use crate::value::{JsResult, Ref, Value};

/// 10.5.1 `[[GetPrototypeOf]] ( )`
pub fn get_prototype_of(rt: &mut Rt, p: Ref) -> JsResult<Ref> {
    const NAME: &str = "getPrototypeOf";
    rt.scoped(|rt| {
        let trap = Trap::of(rt, p, atoms::get_prototype_of)?;
        if trap.is_absent() {
            return rt.get_prototype_of(trap.target.obj(rt));
        }
        let proto = trap.call(rt, &[])?;
        if !proto.is_object() && !proto.is_null() {
            return broken(rt, NAME, "trap returned neither object nor null");
        }
        let proto = rt.root(proto);
        if !rt.is_extensible(trap.target.obj(rt))? {
            let target_proto = rt.get_prototype_of(trap.target.obj(rt))?;
            if proto.get(rt) != Value::object_or_null(target_proto) {
                return broken(rt, NAME, "target is non-extensible and its prototype is another");
            }
        }
        Ok(proto.get(rt).to_obj().unwrap_or(Ref::NULL))
    })
}

/// 10.5.2 `[[SetPrototypeOf]] ( V )`
pub fn set_prototype_of(rt: &mut Rt, p: Ref, proto: Ref) -> JsResult<bool> {
    rt.scoped(|rt| {
        let proto = rt.root(Value::object_or_null(proto));
        let trap = Trap::of(rt, p, atoms::set_prototype_of)?;
        let now = proto.get(rt);
        if trap.is_absent() {
            return rt.set_prototype_of(trap.target.obj(rt), now.to_obj().unwrap_or(Ref::NULL));
        }
        if !trap.call_bool(rt, &[now])? {
            return Ok(false);
        }
        if !rt.is_extensible(trap.target.obj(rt))? {
            let target_proto = rt.get_prototype_of(trap.target.obj(rt))?;
            if proto.get(rt) != Value::object_or_null(target_proto) {
                return broken(rt, "setPrototypeOf", "trap returned truish for a non-extensible target");
            }
        }
        Ok(true)
    })
}

/// 10.5.3 `[[IsExtensible]] ( )`
pub fn is_extensible(rt: &mut Rt, p: Ref) -> JsResult<bool> {
    rt.scoped(|rt| {
        let trap = Trap::of(rt, p, atoms::is_extensible)?;
        if trap.is_absent() {
            return rt.is_extensible(trap.target.obj(rt));
        }
        let answer = trap.call_bool(rt, &[])?;
        if rt.is_extensible(trap.target.obj(rt))? != answer {
            return broken(rt, "isExtensible", "trap result does not reflect extensibility of the target");
        }
        Ok(answer)
    })
}

/// 10.5.4 `[[PreventExtensions]] ( )`
pub fn prevent_extensions(rt: &mut Rt, p: Ref) -> JsResult<bool> {
    rt.scoped(|rt| {
        let trap = Trap::of(rt, p, atoms::prevent_extensions)?;
        if trap.is_absent() {
            return rt.prevent_extensions(trap.target.obj(rt));
        }
        let done = trap.call_bool(rt, &[])?;
        if done && rt.is_extensible(trap.target.obj(rt))? {
            return broken(rt, "preventExtensions", "trap returned truish for an extensible target");
        }
        Ok(done)
    })
}

/// Mark of a listed key that the target has too.
const MATCHED: Value = Value::TRUE;

/// 10.5.11 `[[OwnPropertyKeys]] ( )`
pub fn own_keys(rt: &mut Rt, p: Ref) -> JsResult<Ref> {
    rt.scoped(|rt| {
        let trap = Trap::of(rt, p, atoms::own_keys)?;
        if trap.is_absent() {
            return rt.own_keys(trap.target.obj(rt));
        }
        let list = trap.call(rt, &[])?;
        let list = list_from_array_like(rt, list, u32::MAX)?;
        let (keys, seen) = distinct_keys(rt, list)?;
        let (keys, seen) = (rt.root(Value::object(keys)), rt.root(Value::object(seen)));
        check_own_keys(rt, trap.target, keys, seen)?;
        Ok(keys.obj(rt))
    })
}

/// A fresh array of the listed keys, and an object that has each of them as a property.
fn distinct_keys(rt: &mut Rt, list: Ref) -> JsResult<(Ref, Ref)> {
    let len = rt.array_len(list);
    let keys = rt.new_array_with_capacity(len);
    let seen = rt.new_object_with_proto(Ref::NULL);
    // A dictionary from the start: no transitions for key sets that occur once.
    rt.init(seen, CELL_SHAPE, rt.shape_to_dict(rt.shape_of(seen)));
    for i in 0..len {
        let v = rt.word(rt.elements(list), i);
        if !v.is_string() && !v.is_symbol() {
            return broken(rt, "ownKeys", "trap returned a list with something that is no property key");
        }
        let key = key_of_value(rt, v);
        if rt.get_own_plain(seen, key).is_some() {
            return broken(rt, "ownKeys", "trap returned duplicate entries");
        }
        rt.create_data(seen, key, Value::FALSE)?;
        rt.array_push(keys, rt.key_to_value(key));
    }
    Ok((keys, seen))
}

/// The list must have every non-configurable key of the target, and exactly the target's keys if that is not extensible.
fn check_own_keys(rt: &mut Rt, target: Slot, keys: Slot, seen: Slot) -> JsResult<()> {
    let extensible = rt.is_extensible(target.obj(rt))?;
    let target_keys = rt.own_keys(target.obj(rt))?;
    let target_keys = rt.root(Value::object(target_keys));
    let count = rt.array_len(target_keys.obj(rt));
    let mark = rt.roots_mark();
    let mut missing = false;
    for i in 0..count {
        rt.release_roots(mark);
        let key = listed_key(rt, target_keys.obj(rt), i);
        let key = RootedKey::new(rt, key);
        let now: Key = key.get(rt);
        let required = match rt.get_own(target.obj(rt), now)? {
            Some(prop) => !prop.configurable(),
            None => false,
        };
        let now = key.get(rt);
        if rt.get_own_plain(seen.obj(rt), now).is_some() {
            rt.create_data(seen.obj(rt), now, MATCHED)?;
        } else if required {
            let key = rt.key_text(now);
            return broken(rt, "ownKeys", &format!("trap result did not include '{key}'"));
        } else {
            missing = true;
        }
    }
    if !extensible && (missing || rt.array_len(keys.obj(rt)) != count) {
        return broken(rt, "ownKeys", "trap result is not the key list of its non-extensible target");
    }
    Ok(())
}
