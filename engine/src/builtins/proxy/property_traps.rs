//! Internal methods of proxies that concern one property (10.5.5 to 10.5.10), with their invariants.
use super::{Trap, broken};
use crate::builtins::object::{from_descriptor, to_property_descriptor};
use crate::builtins::rooted::{RootedDesc, RootedKey, RootedProp};
use crate::object::{Desc, Key, Prop};
use crate::runtime::Rt;
use crate::shape::attr;
use crate::string::atoms;
use crate::value::{JsResult, Ref, Value};

/// 10.5.5 `[[GetOwnProperty]] ( P )`
pub fn get_own_property(rt: &mut Rt, p: Ref, key: Key) -> JsResult<Option<Prop>> {
    const NAME: &str = "getOwnPropertyDescriptor";
    rt.scoped(|rt| {
        let key = RootedKey::new(rt, key);
        let trap = Trap::of(rt, p, atoms::get_own_property_descriptor)?;
        let now = key.get(rt);
        if trap.is_absent() {
            return rt.get_own(trap.target.obj(rt), now);
        }
        let answer = trap.call(rt, &[rt.key_to_value(now)])?;
        if !answer.is_object() && !answer.is_undefined() {
            return broken(rt, NAME, "trap returned neither object nor undefined");
        }
        let answer = rt.root(answer);
        let now = key.get(rt);
        let target_prop = rt.get_own(trap.target.obj(rt), now)?;
        let target_prop = target_prop.map(|prop| RootedProp::new(rt, &prop));
        if answer.get(rt).is_undefined() {
            let Some(target_prop) = target_prop else { return Ok(None) };
            if !target_prop.get(rt).configurable() {
                return broken(rt, NAME, "trap reported a non-configurable property as absent");
            }
            if !rt.is_extensible(trap.target.obj(rt))? {
                return broken(rt, NAME, "trap reported a property of a non-extensible target as absent");
            }
            return Ok(None);
        }
        let extensible = rt.is_extensible(trap.target.obj(rt))?;
        let desc = to_property_descriptor(rt, answer.get(rt))?;
        let prop = complete(&desc);
        let target_prop = target_prop.map(|prop| prop.get(rt));
        if !is_compatible(rt, extensible, &Desc::of(&prop), target_prop.as_ref()) {
            return broken(rt, NAME, "trap returned a descriptor that is incompatible with the target's property");
        }
        if !prop.configurable() {
            let Some(target_prop) = target_prop.filter(|prop| !prop.configurable()) else {
                return broken(
                    rt,
                    NAME,
                    "trap reported non-configurability of a property that is absent or configurable",
                );
            };
            if desc.writable == Some(false) && target_prop.writable() {
                return broken(rt, NAME, "trap reported a writable property as non-configurable and non-writable");
            }
        }
        Ok(Some(prop))
    })
}

/// 6.2.6.6 CompletePropertyDescriptor ( Desc )
fn complete(desc: &Desc) -> Prop {
    let bit = |on: Option<bool>, bit: u32| if on == Some(true) { bit } else { 0 };
    let attrs = bit(desc.writable, attr::W) | bit(desc.enumerable, attr::E) | bit(desc.configurable, attr::C);
    if desc.is_accessor() {
        Prop::accessor(desc.get.unwrap_or(Value::UNDEFINED), desc.set.unwrap_or(Value::UNDEFINED), attrs)
    } else {
        Prop::data(desc.value.unwrap_or(Value::UNDEFINED), attrs)
    }
}

/// 10.1.6.2 IsCompatiblePropertyDescriptor ( Extensible, Desc, Current )
fn is_compatible(rt: &Rt, extensible: bool, desc: &Desc, current: Option<&Prop>) -> bool {
    current.map_or(extensible, |current| rt.compatible(current, desc))
}

/// 10.5.6 `[[DefineOwnProperty]] ( P, Desc )`
pub fn define_own_property(rt: &mut Rt, p: Ref, key: Key, desc: &Desc) -> JsResult<bool> {
    const NAME: &str = "defineProperty";
    rt.scoped(|rt| {
        let key = RootedKey::new(rt, key);
        let desc = RootedDesc::new(rt, desc);
        let trap = Trap::of(rt, p, atoms::define_property)?;
        let now = key.get(rt);
        if trap.is_absent() {
            let desc = desc.get(rt);
            return rt.define_own(trap.target.obj(rt), now, &desc);
        }
        let descriptor = from_descriptor(rt, &desc.get(rt));
        if !trap.call_bool(rt, &[rt.key_to_value(now), descriptor])? {
            return Ok(false);
        }
        let now = key.get(rt);
        let target_prop = rt.get_own(trap.target.obj(rt), now)?;
        let target_prop = target_prop.map(|prop| RootedProp::new(rt, &prop));
        let extensible = rt.is_extensible(trap.target.obj(rt))?;
        let desc = desc.get(rt);
        let fixes = desc.configurable == Some(false);
        let Some(target_prop) = target_prop.map(|prop| prop.get(rt)) else {
            if !extensible {
                return broken(rt, NAME, "trap returned truish for adding a property to a non-extensible target");
            }
            if fixes {
                return broken(rt, NAME, "trap returned truish for a non-configurable property that the target lacks");
            }
            return Ok(true);
        };
        if !rt.compatible(&target_prop, &desc) {
            return broken(rt, NAME, "trap returned truish for a property that is incompatible with the target's");
        }
        if fixes && target_prop.configurable() {
            return broken(rt, NAME, "trap returned truish for a non-configurable property that is configurable");
        }
        if !target_prop.configurable() && target_prop.writable() && desc.writable == Some(false) {
            return broken(rt, NAME, "trap returned truish for a non-writable property that is writable");
        }
        Ok(true)
    })
}

/// 10.5.7 `[[HasProperty]] ( P )`
pub fn has(rt: &mut Rt, p: Ref, key: Key) -> JsResult<bool> {
    rt.scoped(|rt| {
        let key = RootedKey::new(rt, key);
        let trap = Trap::of(rt, p, atoms::has)?;
        let now = key.get(rt);
        if trap.is_absent() {
            return rt.has_property(trap.target.obj(rt), now);
        }
        if trap.call_bool(rt, &[rt.key_to_value(now)])? {
            return Ok(true);
        }
        let now = key.get(rt);
        if let Some(prop) = rt.get_own(trap.target.obj(rt), now)? {
            if !prop.configurable() {
                return broken(rt, "has", "trap returned falsish for a non-configurable property");
            }
            if !rt.is_extensible(trap.target.obj(rt))? {
                return broken(rt, "has", "trap returned falsish for a property of a non-extensible target");
            }
        }
        Ok(false)
    })
}

/// 10.5.8 `[[Get]] ( P, Receiver )`
pub fn get(rt: &mut Rt, p: Ref, key: Key, receiver: Value) -> JsResult {
    rt.scoped(|rt| {
        let key = RootedKey::new(rt, key);
        let receiver = rt.root(receiver);
        let trap = Trap::of(rt, p, atoms::get)?;
        let (now, to) = (key.get(rt), receiver.get(rt));
        if trap.is_absent() {
            return rt.get_with_receiver(trap.target.obj(rt), now, to);
        }
        let v = trap.call(rt, &[rt.key_to_value(now), to])?;
        let v = rt.root(v);
        let now = key.get(rt);
        if let Some(prop) = rt.get_own(trap.target.obj(rt), now)?
            && !prop.configurable()
        {
            let v = v.get(rt);
            if !prop.is_accessor() && !prop.writable() && !rt.same_value(v, prop.value) {
                return broken(rt, "get", "trap gave another value for a read-only, non-configurable property");
            }
            if prop.is_accessor() && prop.get.is_undefined() && !v.is_undefined() {
                return broken(rt, "get", "trap gave a value for a non-configurable accessor without getter");
            }
        }
        Ok(v.get(rt))
    })
}

/// 10.5.9 `[[Set]] ( P, V, Receiver )`
pub fn set(rt: &mut Rt, p: Ref, key: Key, v: Value, receiver: Value) -> JsResult<bool> {
    rt.scoped(|rt| {
        let key = RootedKey::new(rt, key);
        let (v, receiver) = (rt.root(v), rt.root(receiver));
        let trap = Trap::of(rt, p, atoms::set)?;
        let (now, new, to) = (key.get(rt), v.get(rt), receiver.get(rt));
        if trap.is_absent() {
            return rt.set_with_receiver(trap.target.obj(rt), now, new, to);
        }
        if !trap.call_bool(rt, &[rt.key_to_value(now), new, to])? {
            return Ok(false);
        }
        let now = key.get(rt);
        if let Some(prop) = rt.get_own(trap.target.obj(rt), now)?
            && !prop.configurable()
        {
            if !prop.is_accessor() && !prop.writable() && !rt.same_value(v.get(rt), prop.value) {
                return broken(rt, "set", "trap returned truish for a read-only, non-configurable property");
            }
            if prop.is_accessor() && prop.set.is_undefined() {
                return broken(rt, "set", "trap returned truish for a non-configurable accessor without setter");
            }
        }
        Ok(true)
    })
}

/// 10.5.10 `[[Delete]] ( P )`
pub fn delete(rt: &mut Rt, p: Ref, key: Key) -> JsResult<bool> {
    const NAME: &str = "deleteProperty";
    rt.scoped(|rt| {
        let key = RootedKey::new(rt, key);
        let trap = Trap::of(rt, p, atoms::delete_property)?;
        let now = key.get(rt);
        if trap.is_absent() {
            return rt.delete(trap.target.obj(rt), now);
        }
        if !trap.call_bool(rt, &[rt.key_to_value(now)])? {
            return Ok(false);
        }
        let now = key.get(rt);
        if let Some(prop) = rt.get_own(trap.target.obj(rt), now)? {
            if !prop.configurable() {
                return broken(rt, NAME, "trap returned truish for a non-configurable property");
            }
            if !rt.is_extensible(trap.target.obj(rt))? {
                return broken(rt, NAME, "trap returned truish for a property of a non-extensible target");
            }
        }
        Ok(true)
    })
}
