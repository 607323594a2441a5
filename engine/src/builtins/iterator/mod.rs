//! Iterator objects (27.1): the abstract constructor, Iterator.from, and the prototype's consuming methods. The lazy
//! ones are in [`helpers`].
mod helpers;
mod wrap;

use super::iterate::{self, close_quietly, close_with};
use super::object::set_on_receiver;
use super::spec::{ClassSpec, Name, Row, RowKind};
use crate::call::Args;
use crate::object::Key;
use crate::realm::{Intrinsic, WellKnown};
use crate::runtime::{Rt, Slot};
use crate::shape::attr;
use crate::string::atoms;
use crate::value::{JsResult, Value};

/// Tables of this family.
pub const CLASSES: &[&ClassSpec] = &[&ITERATOR, &helpers::HELPER_PROTOTYPE, &wrap::WRAP_PROTOTYPE, &ASYNC_ITERATOR];

const ITERATOR: ClassSpec = ClassSpec::class(
    "Iterator",
    construct,
    0,
    Intrinsic::Iterator,
    Intrinsic::IteratorPrototype,
    &[Row::method("from", 1, wrap::from)],
    &[
        Row::method("drop", 1, helpers::drop),
        Row::method("every", 1, every),
        Row::method("filter", 1, helpers::filter),
        Row::method("find", 1, find),
        Row::method("flatMap", 1, helpers::flat_map),
        Row::method("forEach", 1, for_each),
        Row::method("map", 1, helpers::map),
        Row::method("reduce", 1, reduce),
        Row::method("some", 1, some),
        Row::method("take", 1, helpers::take),
        Row::method("toArray", 0, to_array),
        Row::symbol(WellKnown::Iterator, "[Symbol.iterator]", 0, this_value),
        Row::accessor("constructor", constructor, set_constructor),
        Row {
            name: Name::Sym(WellKnown::ToStringTag, "[Symbol.toStringTag]"),
            kind: RowKind::Accessor(tag, Some(set_tag)),
            attrs: attr::C,
        },
    ],
);

const ASYNC_ITERATOR: ClassSpec = ClassSpec::prototype(
    Intrinsic::AsyncIteratorPrototype,
    Intrinsic::ObjectPrototype,
    &[Row::symbol(WellKnown::AsyncIterator, "[Symbol.asyncIterator]", 0, this_value)],
);

/// 27.1.3.1.1 Iterator ( )
fn construct(rt: &mut Rt, args: Args) -> JsResult {
    let new_target = args.new_target(rt);
    if new_target.is_undefined() || new_target == Value::object(args.callee(rt)) {
        return Err(rt.throw_type("Abstract class Iterator not directly constructable"));
    }
    let proto = rt.proto_from_constructor(new_target, Intrinsic::IteratorPrototype)?;
    Ok(Value::object(rt.new_object_with_proto(proto)))
}

/// 27.1.2.1 %IteratorPrototype% [ @@iterator ] ( ), and of asynchronous ones
fn this_value(rt: &mut Rt, args: Args) -> JsResult {
    Ok(args.this(rt))
}

/// 27.1.4.1.1 get Iterator.prototype.constructor
fn constructor(rt: &mut Rt, _args: Args) -> JsResult {
    Ok(Value::object(rt.intrinsic(Intrinsic::Iterator)))
}

/// 27.1.4.1.2 set Iterator.prototype.constructor
fn set_constructor(rt: &mut Rt, args: Args) -> JsResult {
    set_own(rt, args, Key::Name(atoms::constructor))
}

/// 27.1.4.14.1 get Iterator.prototype [ @@toStringTag ]
fn tag(rt: &mut Rt, _args: Args) -> JsResult {
    Ok(Value::string(rt.intern_str("Iterator")))
}

/// 27.1.4.14.2 set Iterator.prototype [ @@toStringTag ]
fn set_tag(rt: &mut Rt, args: Args) -> JsResult {
    let key = Key::Name(rt.symbol(WellKnown::ToStringTag));
    set_own(rt, args, key)
}

fn set_own(rt: &mut Rt, args: Args, key: Key) -> JsResult {
    let Some(obj) = args.this(rt).to_obj() else {
        return Err(rt.throw_type("Iterator.prototype accessor called on non-object"));
    };
    set_on_receiver(rt, obj, args.get(rt, 0), Intrinsic::IteratorPrototype, key)
}

/// `this` as an object that is taken for an iterator.
fn this_iterator(rt: &mut Rt, args: Args, name: &str) -> JsResult<Value> {
    let this = args.this(rt);
    if this.is_object() {
        return Ok(this);
    }
    let what = rt.describe_callee(this);
    Err(rt.throw_type(&format!("Iterator.prototype.{name} called on non-object: {what}")))
}

/// The iterator `this` and its `next`, after the check of the callback in argument 0, whose failure closes the iterator.
fn this_with_callback(rt: &mut Rt, args: Args, name: &str) -> JsResult<(Value, Value)> {
    let this = this_iterator(rt, args, name)?;
    let callback = args.get(rt, 0);
    if !rt.is_callable(callback) {
        let what = rt.describe_callee(callback);
        let thrown = rt.throw_type(&format!("{what} is not a function"));
        return close_with(rt, this, thrown);
    }
    iterate::get_iterator_direct(rt, this)
}

/// Calls `f` with every value and its index, and what the callback in argument 0 gave for them, until it returns false.
fn visit(
    rt: &mut Rt,
    args: Args,
    name: &str,
    f: &mut dyn FnMut(&mut Rt, Value, Value) -> JsResult<bool>,
) -> JsResult<()> {
    let (iterator, next) = this_with_callback(rt, args, name)?;
    let mut k = 0.0;
    iterate::for_each_of(rt, iterator, next, &mut |rt, v| {
        let keep = rt.root(v);
        let answer = rt.call(args.get(rt, 0), Value::UNDEFINED, &[v, Value::number(k)])?;
        k += 1.0;
        let v = keep.get(rt);
        f(rt, v, answer)
    })
}

/// 27.1.4.4 Iterator.prototype.every ( predicate )
fn every(rt: &mut Rt, args: Args) -> JsResult {
    let mut all = true;
    visit(rt, args, "every", &mut |rt, _, answer| {
        all = rt.to_boolean(answer);
        Ok(all)
    })?;
    Ok(Value::bool(all))
}

/// 27.1.4.11 Iterator.prototype.some ( predicate )
fn some(rt: &mut Rt, args: Args) -> JsResult {
    let mut any = false;
    visit(rt, args, "some", &mut |rt, _, answer| {
        any = rt.to_boolean(answer);
        Ok(!any)
    })?;
    Ok(Value::bool(any))
}

/// 27.1.4.6 Iterator.prototype.find ( predicate )
fn find(rt: &mut Rt, args: Args) -> JsResult {
    let found = rt.root(Value::UNDEFINED);
    visit(rt, args, "find", &mut |rt, v, answer| {
        let hit = rt.to_boolean(answer);
        if hit {
            found.set(rt, v);
        }
        Ok(!hit)
    })?;
    Ok(found.get(rt))
}

/// 27.1.4.8 Iterator.prototype.forEach ( procedure )
fn for_each(rt: &mut Rt, args: Args) -> JsResult {
    visit(rt, args, "forEach", &mut |_, _, _| Ok(true))?;
    Ok(Value::UNDEFINED)
}

/// 27.1.4.13 Iterator.prototype.toArray ( )
fn to_array(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_iterator(rt, args, "toArray")?;
    let (iterator, next) = iterate::get_iterator_direct(rt, this)?;
    let list = rt.new_array_with_capacity(0);
    let (iterator, next, list) = (rt.root(iterator), rt.root(next), rt.root(Value::object(list)));
    while let Some(v) = iterate::step(rt, iterator.get(rt), next.get(rt))? {
        rt.array_push(list.obj(rt), v);
    }
    Ok(list.get(rt))
}

/// 27.1.4.10 Iterator.prototype.reduce ( reducer [ , initialValue ] )
fn reduce(rt: &mut Rt, args: Args) -> JsResult {
    let (iterator, next) = this_with_callback(rt, args, "reduce")?;
    let (iterator, next): (Slot, Slot) = (rt.root(iterator), rt.root(next));
    let (first, mut k) = if args.len() > 1 {
        (args.get(rt, 1), 0.0)
    } else {
        match iterate::step(rt, iterator.get(rt), next.get(rt))? {
            Some(v) => (v, 1.0),
            None => return Err(rt.throw_type("Reduce of empty iterator with no initial value")),
        }
    };
    let total = rt.root(first);
    while let Some(v) = iterate::step(rt, iterator.get(rt), next.get(rt))? {
        let so_far = total.get(rt);
        match rt.call(args.get(rt, 0), Value::UNDEFINED, &[so_far, v, Value::number(k)]) {
            Ok(v) => total.set(rt, v),
            Err(thrown) => {
                close_quietly(rt, iterator.get(rt));
                return Err(thrown);
            }
        }
        k += 1.0;
    }
    Ok(total.get(rt))
}
