//! The other operand of a set method (24.2.1.2 Set Records), used through its `has` and `keys`.
use super::set;
use super::table::{self, Position};
use crate::builtins::array::access::is_native;
use crate::builtins::iterate;
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::object::Key;
use crate::runtime::{Rt, Slot};
use crate::string::atoms;
use crate::value::{JsResult, Value};

/// A set-like object.
#[derive(Clone, Copy)]
pub struct SetRecord {
    object: Slot,
    has: Slot,
    keys: Slot,
    /// Its size as it said: an integer or infinity.
    pub size: f64,
}

impl SetRecord {
    /// 24.2.1.2 GetSetRecord ( obj ), of argument 0.
    pub fn of_argument(rt: &mut Rt, args: Args) -> JsResult<SetRecord> {
        let v = args.get(rt, 0);
        if !v.is_object() {
            let what = rt.describe_callee(v);
            return Err(rt.throw_type(&format!("{what} is not a set-like object")));
        }
        let object = rt.root(v);
        let size = rt.get_name(v, atoms::size)?;
        let size = rt.to_number(size)?;
        if size.is_nan() {
            return Err(rt.throw_type("The 'size' property must be a number"));
        }
        let size = size.trunc();
        if size < 0.0 {
            return Err(rt.throw_range("The 'size' property must not be negative"));
        }
        let has = method(rt, object, atoms::has)?;
        let keys = method(rt, object, atoms::keys)?;
        Ok(SetRecord { object, has, keys, size })
    }

    /// Whether its `has` says so.
    pub fn has(self, rt: &mut Rt, v: Value) -> JsResult<bool> {
        let (object, has) = (self.object.get(rt), self.has.get(rt));
        if rt.is_kind(object, Kind::Set) && is_native(rt, has, set::has) {
            return Ok(table::find(rt, object.as_ref(), table::canonical(v)).is_some());
        }
        let answer = rt.call(has, object, &[v])?;
        Ok(rt.to_boolean(answer))
    }

    /// GetIteratorFromMethod ( obj, keys )
    pub fn keys(self, rt: &mut Rt) -> JsResult<Keys> {
        let (object, keys) = (self.object.get(rt), self.keys.get(rt));
        if rt.is_kind(object, Kind::Set) && is_native(rt, keys, set::values) && set::next_is_pristine(rt) {
            return Ok(Keys::OfSet(self.object));
        }
        let iterator = rt.call(keys, object, &[])?;
        let (iterator, next) = iterate::get_iterator_direct(rt, iterator)?;
        Ok(Keys::OfIterator(rt.root(iterator), rt.root(next)))
    }
}

/// The keys of a set-like object.
pub enum Keys {
    /// A Set whose iterators are as booted: no need for one.
    OfSet(Slot),
    /// An iterator and its `next`.
    OfIterator(Slot, Slot),
}

impl Keys {
    /// Calls `f` with every key until it returns false, which closes the iterator. `f` runs no JavaScript.
    pub fn for_each(self, rt: &mut Rt, f: &mut dyn FnMut(&mut Rt, Value) -> bool) -> JsResult<()> {
        match self {
            Keys::OfSet(set) => {
                let set = set.obj(rt);
                let mut at = Position::start(rt, set);
                while let (next, Some(entry)) = table::advance(rt, set, at) {
                    at = next;
                    let key = table::key_at(rt, set, entry);
                    if !f(rt, key) {
                        break;
                    }
                }
                Ok(())
            }
            Keys::OfIterator(iterator, next) => {
                let (iterator, next) = (iterator.get(rt), next.get(rt));
                iterate::for_each_of(rt, iterator, next, &mut |rt, v| Ok(f(rt, v)))
            }
        }
    }
}

fn method(rt: &mut Rt, object: Slot, name: crate::value::Ref) -> JsResult<Slot> {
    let f = rt.get_name(object.get(rt), name)?;
    if !rt.is_callable(f) {
        let name = rt.key_text(Key::Name(name));
        return Err(rt.throw_type(&format!("The '{name}' property must be a function")));
    }
    Ok(rt.root(f))
}
