//! Proxy objects (10.5, 28.2). Internal words: target, handler; both null once revoked.
mod object_traps;
mod property_traps;

pub use object_traps::{get_prototype_of, is_extensible, own_keys, prevent_extensions, set_prototype_of};
pub use property_traps::{define_own_property, delete, get, get_own_property, has, set};

use super::function::{args_array, call_with_args};
use super::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::heap::layout::*;
use crate::object::{Key, OBJ_CALLABLE, OBJ_CONSTRUCTOR};
use crate::realm::Intrinsic;
use crate::runtime::{Rt, Slot};
use crate::shape::attr;
use crate::string::atoms;
use crate::value::{JsResult, Ref, Value};

/// Tables of this file.
pub const CLASSES: &[&ClassSpec] = &[&PROXY];

const PROXY: ClassSpec = ClassSpec::class(
    "Proxy",
    construct,
    2,
    Intrinsic::Proxy,
    Intrinsic::None,
    &[Row::method("revocable", 2, revocable), Row::hidden(revoke, 0)],
    &[],
);

/// 28.2.1.1 Proxy ( target, handler )
fn construct(rt: &mut Rt, args: Args) -> JsResult {
    if !args.is_construct(rt) {
        return Err(rt.throw_type("Constructor Proxy requires 'new'"));
    }
    create(rt, args.get(rt, 0), args.get(rt, 1)).map(Value::object)
}

/// 28.2.2.1 Proxy.revocable ( target, handler )
fn revocable(rt: &mut Rt, args: Args) -> JsResult {
    let proxy = Value::object(create(rt, args.get(rt, 0), args.get(rt, 1))?);
    let revoke = Value::object(rt.new_native_closure(revoke, [proxy, Value::UNDEFINED]));
    let result = rt.new_object();
    rt.add_property(result, atoms::proxy, proxy, attr::ALL);
    rt.add_property(result, atoms::revoke, revoke, attr::ALL);
    Ok(Value::object(result))
}

/// 28.2.2.1.1 Proxy Revocation Functions
#[inline(never)]
fn revoke(rt: &mut Rt, args: Args) -> JsResult {
    let callee = args.callee(rt);
    if let Some(proxy) = rt.captured(callee, 0).to_obj() {
        rt.set_captured(callee, 0, Value::NULL);
        rt.set_internal(proxy, 0, Value::NULL);
        rt.set_internal(proxy, 1, Value::NULL);
    }
    Ok(Value::UNDEFINED)
}

/// 10.5.15 ProxyCreate ( target, handler )
fn create(rt: &mut Rt, target: Value, handler: Value) -> JsResult<Ref> {
    if !target.is_object() || !handler.is_object() {
        return Err(rt.throw_type("Cannot create proxy with a non-object as target or handler"));
    }
    let proxy = rt.new_of_kind_with_proto(Kind::Proxy, Ref::NULL);
    let callable = rt.cell_flags(target.as_ref()) & (OBJ_CALLABLE | OBJ_CONSTRUCTOR);
    rt.init::<u8>(proxy, CELL_FLAGS, callable);
    rt.set_internal(proxy, 0, target);
    rt.set_internal(proxy, 1, handler);
    Ok(proxy)
}

/// 7.2.2 IsArray ( argument ): looks through proxies; TypeError for a revoked one.
pub fn is_array(rt: &mut Rt, v: Value) -> JsResult<bool> {
    let mut v = v;
    while rt.is_kind(v, Kind::Proxy) {
        v = rt.internal(v.as_ref(), 0);
        if v.is_null() {
            return Err(rt.throw_type("Cannot perform 'IsArray' on a proxy that has been revoked"));
        }
    }
    Ok(rt.is_kind(v, Kind::Array))
}

/// Target, handler and trap of one operation on a proxy.
struct Trap {
    target: Slot,
    handler: Slot,
    /// Undefined: the operation goes to the target.
    f: Value,
}

impl Trap {
    /// Steps common to all internal methods of proxies. Proxies of proxies recurse, so the native stack is checked.
    fn of(rt: &mut Rt, proxy: Ref, name: Ref) -> JsResult<Trap> {
        rt.check_native_stack()?;
        let handler = rt.internal(proxy, 1);
        if handler.is_null() {
            let name = rt.to_text(name);
            return Err(rt.throw_type(&format!("Cannot perform '{name}' on a proxy that has been revoked")));
        }
        let target = rt.internal(proxy, 0);
        let (target, handler) = (rt.root(target), rt.root(handler));
        let f = rt.get_method(handler.get(rt), Key::Name(name))?;
        Ok(Trap { target, handler, f })
    }

    fn is_absent(&self) -> bool {
        self.f.is_undefined()
    }

    /// Calls the trap with the target and what follows it.
    fn call(&self, rt: &mut Rt, rest: &[Value]) -> JsResult {
        let mut args = [Value::UNDEFINED; 4];
        args[0] = self.target.get(rt);
        args[1..=rest.len()].copy_from_slice(rest);
        rt.call(self.f, self.handler.get(rt), &args[..=rest.len()])
    }

    fn call_bool(&self, rt: &mut Rt, rest: &[Value]) -> JsResult<bool> {
        let result = self.call(rt, rest)?;
        Ok(rt.to_boolean(result))
    }
}

/// TypeError of a trap whose answer breaks an invariant.
#[cold]
fn broken<T>(rt: &mut Rt, trap: &str, why: &str) -> JsResult<T> {
    Err(rt.throw_type(&format!("'{trap}' on proxy: {why}")))
}

/// 10.5.12 `[[Call]]` and 10.5.13 `[[Construct]]`
pub fn call(rt: &mut Rt, args: Args) -> JsResult {
    if args.is_construct(rt) { construct_proxy(rt, args) } else { call_proxy(rt, args) }
}

fn call_proxy(rt: &mut Rt, args: Args) -> JsResult {
    let trap = Trap::of(rt, args.callee(rt), atoms::apply)?;
    let this = args.this(rt);
    if trap.is_absent() {
        return call_with_args(rt, trap.target.get(rt), this, Value::UNDEFINED, args, 0);
    }
    let list = Value::object(args_array(rt, args, 0));
    trap.call(rt, &[this, list])
}

fn construct_proxy(rt: &mut Rt, args: Args) -> JsResult {
    let trap = Trap::of(rt, args.callee(rt), atoms::construct)?;
    let new_target = args.new_target(rt);
    if trap.is_absent() {
        return call_with_args(rt, trap.target.get(rt), Value::TDZ, new_target, args, 0);
    }
    let list = Value::object(args_array(rt, args, 0));
    let result = trap.call(rt, &[list, new_target])?;
    if !result.is_object() {
        return broken(rt, "construct", "trap returned a non-object");
    }
    Ok(result)
}
