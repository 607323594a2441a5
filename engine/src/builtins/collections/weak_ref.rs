//! WeakRef and FinalizationRegistry objects (26.1, 26.2). Targets are held strongly, so `deref` always answers and no
//! cleanup callback ever runs, which the specification allows.
//!
//! Internal words: WeakRef 0 target. FinalizationRegistry 0 cleanup callback, 1 a WeakSet of the tokens in use.
use super::table;
use super::this_of;
use super::weak::{can_be_held_weakly, throw_not_weak};
use crate::builtins::array::access::callable;
use crate::builtins::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::value::{JsResult, Value};

pub(super) const WEAK_REF: ClassSpec = ClassSpec::class(
    "WeakRef",
    new_ref,
    1,
    Intrinsic::WeakRef,
    Intrinsic::WeakRefPrototype,
    &[],
    &[Row::method("deref", 0, deref), Row::tag("WeakRef")],
);

pub(super) const FINALIZATION_REGISTRY: ClassSpec = ClassSpec::class(
    "FinalizationRegistry",
    new_registry,
    1,
    Intrinsic::FinalizationRegistry,
    Intrinsic::FinalizationRegistryPrototype,
    &[],
    &[Row::method("register", 2, register), Row::method("unregister", 1, unregister), Row::tag("FinalizationRegistry")],
);

/// 26.1.1.1 WeakRef ( target )
fn new_ref(rt: &mut Rt, args: Args) -> JsResult {
    let new_target = args.new_target(rt);
    if new_target.is_undefined() {
        return Err(rt.throw_type("Constructor WeakRef requires 'new'"));
    }
    let target = args.get(rt, 0);
    if !can_be_held_weakly(rt, target) {
        return Err(throw_not_weak(rt, target));
    }
    let proto = rt.proto_from_constructor(new_target, Intrinsic::WeakRefPrototype)?;
    let obj = rt.new_of_kind_with_proto(Kind::WeakRef, proto);
    rt.set_internal(obj, 0, args.get(rt, 0));
    Ok(Value::object(obj))
}

/// 26.1.3.2 WeakRef.prototype.deref ( )
fn deref(rt: &mut Rt, args: Args) -> JsResult {
    let obj = this_of(rt, args, Kind::WeakRef)?;
    Ok(rt.internal(obj, 0))
}

/// 26.2.1.1 FinalizationRegistry ( cleanupCallback )
fn new_registry(rt: &mut Rt, args: Args) -> JsResult {
    let new_target = args.new_target(rt);
    if new_target.is_undefined() {
        return Err(rt.throw_type("Constructor FinalizationRegistry requires 'new'"));
    }
    callable(rt, args, 0)?;
    let proto = rt.proto_from_constructor(new_target, Intrinsic::FinalizationRegistryPrototype)?;
    let obj = rt.new_of_kind_with_proto(Kind::FinalizationRegistry, proto);
    rt.set_internal(obj, 0, args.get(rt, 0));
    let tokens = rt.new_of_kind(Kind::WeakSet, Intrinsic::WeakSetPrototype);
    rt.set_internal(obj, 1, Value::object(tokens));
    Ok(Value::object(obj))
}

/// 26.2.3.2 FinalizationRegistry.prototype.register ( target, heldValue \[ , unregisterToken \] )
fn register(rt: &mut Rt, args: Args) -> JsResult {
    let registry = this_of(rt, args, Kind::FinalizationRegistry)?;
    let (target, held, token) = (args.get(rt, 0), args.get(rt, 1), args.get(rt, 2));
    if !can_be_held_weakly(rt, target) {
        return Err(throw_not_weak(rt, target));
    }
    if rt.same_value(target, held) {
        return Err(rt.throw_type("target and held value must not be the same"));
    }
    if !token.is_undefined() && !can_be_held_weakly(rt, token) {
        return Err(throw_not_weak(rt, token));
    }
    // Targets and held values matter to cleanup alone; without a token nothing could ever ask about the registration.
    if !token.is_undefined() {
        table::put(rt, rt.internal(registry, 1).as_ref(), token, Value::UNDEFINED);
    }
    Ok(Value::UNDEFINED)
}

/// 26.2.3.3 FinalizationRegistry.prototype.unregister ( unregisterToken )
fn unregister(rt: &mut Rt, args: Args) -> JsResult {
    let registry = this_of(rt, args, Kind::FinalizationRegistry)?;
    let token = args.get(rt, 0);
    if !can_be_held_weakly(rt, token) {
        return Err(throw_not_weak(rt, token));
    }
    Ok(Value::bool(table::remove(rt, rt.internal(registry, 1).as_ref(), token)))
}
