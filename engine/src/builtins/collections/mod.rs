//! Keyed collections (24) and objects that manage memory (26).
mod iterator;
pub mod map;
pub mod set;
mod set_methods;
mod set_record;
pub mod table;
mod weak;
mod weak_ref;

use super::spec::ClassSpec;
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::realm::Intrinsic;
use crate::runtime::{Rt, Slot};
use crate::value::{JsResult, Ref, Value};

pub use iterator::{create as create_iterator, is_next_of, step as step_iterator};
pub use weak_ref::{Registration, clean_up};

/// Tables of this folder.
pub const CLASSES: &[&ClassSpec] = &[
    &map::MAP,
    &set::SET,
    &iterator::MAP_ITERATOR,
    &iterator::SET_ITERATOR,
    &weak::WEAK_MAP,
    &weak::WEAK_SET,
    &weak_ref::WEAK_REF,
    &weak_ref::FINALIZATION_REGISTRY,
];

/// `this` of a method of collections of one kind.
#[inline]
fn this_of(rt: &mut Rt, args: Args, kind: Kind) -> JsResult<Ref> {
    let this = args.this(rt);
    if rt.is_kind(this, kind) { Ok(this.as_ref()) } else { Err(incompatible(rt, kind)) }
}

#[cold]
fn incompatible(rt: &mut Rt, kind: Kind) -> crate::value::Thrown {
    rt.throw_type(&format!("{kind:?} method called on incompatible receiver"))
}

/// A new collection in a slot, for `new`.
fn construct(rt: &mut Rt, args: Args, kind: Kind, default: Intrinsic) -> JsResult<Slot> {
    let new_target = args.new_target(rt);
    if new_target.is_undefined() {
        return Err(rt.throw_type(&format!("Constructor {kind:?} requires 'new'")));
    }
    let proto = rt.proto_from_constructor(new_target, default)?;
    let obj = rt.new_of_kind_with_proto(kind, proto);
    Ok(rt.root(Value::object(obj)))
}

/// get \[ %Symbol.species% \]
fn species(rt: &mut Rt, args: Args) -> JsResult {
    Ok(args.this(rt))
}
