//! WeakRef and FinalizationRegistry objects (26.1, 26.2). Where the heap is not collected, `deref` always answers and no
//! cleanup callback ever runs, which the specification allows.
//!
//! Internal words: WeakRef 0 target, 1 number of the last job that saw it. FinalizationRegistry 0 cleanup callback, 1 a
//! WeakSet of the tokens in use, 2 an internal Array of registrations, three elements each (only where the heap is collected).
use super::table;
use super::this_of;
use super::weak::{can_be_held_weakly, throw_not_weak};
use crate::builtins::array::access::callable;
use crate::builtins::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::job::{self, JobKind};
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Value};

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
    keep_during_job(rt, obj);
    Ok(Value::object(obj))
}

/// 26.1.3.2 WeakRef.prototype.deref ( )
fn deref(rt: &mut Rt, args: Args) -> JsResult {
    let obj = this_of(rt, args, Kind::WeakRef)?;
    keep_during_job(rt, obj);
    Ok(rt.internal(obj, 0))
}

/// 9.10.3 AddToKeptObjects ( value )
fn keep_during_job(rt: &Rt, weak_ref: Ref) {
    let job = Value::uint(rt.host().space.job());
    if rt.internal(weak_ref, 1) != job {
        rt.set_internal(weak_ref, 1, job);
    }
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
    // Without a collector nothing but `unregister` can ever ask about the registration.
    if rt.host().space.collects() {
        Registration { target, held, token }.add(rt, registry);
    } else if !token.is_undefined() {
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
    let sealed = table::remove(rt, rt.internal(registry, 1).as_ref(), token);
    let dropped = Registration::retain(rt, registry, |r| r.token != token);
    Ok(Value::bool(sealed || dropped))
}

/// 9.13 CleanupFinalizationRegistry ( finalizationRegistry )
pub fn clean_up(rt: &mut Rt, registry: Ref) -> JsResult<()> {
    rt.scoped(|rt| {
        let registry = rt.root(Value::object(registry));
        let mut below = u32::MAX;
        while let Some((i, held)) = Registration::take_dead(rt, registry.obj(rt), below) {
            below = i;
            let callback = rt.internal(registry.obj(rt), 0);
            if let Err(thrown) = rt.call(callback, Value::UNDEFINED, &[held]) {
                // The others are not this one's fault.
                job::enqueue(rt, JobKind::Cleanup, registry.get(rt), Value::UNDEFINED, Value::UNDEFINED);
                return Err(thrown);
            }
        }
        Ok(())
    })
}

/// What a registry knows of one target.
#[derive(Debug, Clone, Copy)]
pub struct Registration {
    /// Watched, held weakly; undefined: dead, and the callback was not called yet.
    pub target: Value,
    /// What the cleanup callback gets.
    pub held: Value,
    /// Held weakly; undefined: none.
    pub token: Value,
}

impl Registration {
    fn list(rt: &Rt, registry: Ref) -> Option<Ref> {
        rt.internal(registry, 2).to_obj()
    }

    fn add(self, rt: &Rt, registry: Ref) {
        let list = Registration::list(rt, registry).unwrap_or_else(|| {
            let list = rt.new_array_with_capacity(3);
            rt.set_internal(registry, 2, Value::object(list));
            list
        });
        self.words().for_each(|(_, v)| rt.array_push(list, v));
    }

    fn at(rt: &Rt, list: Ref, i: u32) -> Registration {
        let elements = rt.elements(list);
        let [target, held, token] = [0, 1, 2].map(|word| rt.word(elements, 3 * i + word));
        Registration { target, held, token }
    }

    /// All registrations of a registry.
    pub fn all(rt: &Rt, registry: Ref) -> impl Iterator<Item = Registration> {
        let list = Registration::list(rt, registry);
        let count = list.map_or(0, |list| rt.array_len(list) / 3);
        (0..count).filter_map(move |i| list.map(|list| Registration::at(rt, list, i)))
    }

    /// The cells of the list.
    pub fn cells(rt: &Rt, registry: Ref) -> impl Iterator<Item = Ref> {
        Registration::list(rt, registry).into_iter().flat_map(|list| [list, rt.elements(list)])
    }

    fn words(self) -> impl Iterator<Item = (u32, Value)> {
        (0..).zip([self.target, self.held, self.token])
    }

    fn put(self, rt: &Rt, list: Ref, i: u32) {
        let elements = rt.elements(list);
        self.words().for_each(|(word, v)| rt.put_word(elements, 3 * i + word, v));
    }

    /// Replaces targets and tokens that do not pass by undefined. Whether a target was among them.
    pub fn forget(rt: &Rt, registry: Ref, live: impl Fn(Value) -> bool) -> bool {
        let Some(list) = Registration::list(rt, registry) else { return false };
        let mut died = false;
        for i in 0..rt.array_len(list) / 3 {
            let mut registration = Registration::at(rt, list, i);
            let [target, token] = [registration.target, registration.token].map(&live);
            if !target || !token {
                registration.target = if target { registration.target } else { Value::UNDEFINED };
                registration.token = if token { registration.token } else { Value::UNDEFINED };
                registration.put(rt, list, i);
                died |= !target;
            }
        }
        died
    }

    /// Takes the last registration before `below` whose target died: where it was and what was held for it.
    fn take_dead(rt: &Rt, registry: Ref, below: u32) -> Option<(u32, Value)> {
        let list = Registration::list(rt, registry)?;
        let count = rt.array_len(list) / 3;
        let i = (0..count.min(below)).rev().find(|&i| Registration::at(rt, list, i).target.is_undefined())?;
        let held = Registration::at(rt, list, i).held;
        Registration::at(rt, list, count - 1).put(rt, list, i);
        rt.truncate_array(list, 3 * (count - 1));
        Some((i, held))
    }

    /// Drops the registrations that do not pass. Whether there were any.
    pub fn retain(rt: &Rt, registry: Ref, mut keep: impl FnMut(Registration) -> bool) -> bool {
        let Some(list) = Registration::list(rt, registry) else { return false };
        let count = rt.array_len(list) / 3;
        let mut kept = 0;
        for i in 0..count {
            let registration = Registration::at(rt, list, i);
            if keep(registration) {
                registration.put(rt, list, kept);
                kept += 1;
            }
        }
        rt.truncate_array(list, 3 * kept);
        kept < count
    }
}
