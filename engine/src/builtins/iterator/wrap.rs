//! Iterator.from and %WrapForValidIteratorPrototype% (27.1.3.2.1). Internal words: class, iterator, next.
use crate::builtins::function::ordinary_has_instance;
use crate::builtins::iterate::{IteratorClass, get_iterator_direct, is_iterator, new_iterator};
use crate::builtins::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::object::Key;
use crate::realm::{Intrinsic, WellKnown};
use crate::runtime::Rt;
use crate::string::atoms;
use crate::value::{JsResult, Value};

/// %WrapForValidIteratorPrototype%
pub(super) const WRAP_PROTOTYPE: ClassSpec = ClassSpec::prototype(
    Intrinsic::WrapForValidIteratorPrototype,
    Intrinsic::IteratorPrototype,
    &[Row::method("next", 0, next), Row::method("return", 0, return_)],
);

/// 27.1.3.2.1 Iterator.from ( O )
pub(super) fn from(rt: &mut Rt, args: Args) -> JsResult {
    let (iterator, next) = get_iterator_flattenable(rt, args.get(rt, 0), true)?;
    let (iterator, next) = (rt.root(iterator), rt.root(next));
    let class = Value::object(rt.intrinsic(Intrinsic::Iterator));
    if ordinary_has_instance(rt, class, iterator.get(rt))? {
        return Ok(iterator.get(rt));
    }
    let wrapper = new_iterator(rt, IteratorClass::WrapForValid, Intrinsic::WrapForValidIteratorPrototype);
    rt.set_internal(wrapper, 1, iterator.get(rt));
    rt.set_internal(wrapper, 2, next.get(rt));
    Ok(Value::object(wrapper))
}

/// 7.4.5 GetIteratorFlattenable ( obj, primitiveHandling ): of primitives only strings, if `strings`.
pub(super) fn get_iterator_flattenable(rt: &mut Rt, v: Value, strings: bool) -> JsResult<(Value, Value)> {
    if !(v.is_object() || strings && v.is_string()) {
        let what = rt.describe_callee(v);
        return Err(rt.throw_type(&format!("{what} is not an object")));
    }
    rt.scoped(|rt| {
        let v = rt.root(v);
        let key = Key::Name(rt.symbol(WellKnown::Iterator));
        let method = rt.get_method(v.get(rt), key)?;
        let iterator = if method.is_undefined() { v.get(rt) } else { rt.call(method, v.get(rt), &[])? };
        get_iterator_direct(rt, iterator)
    })
}

fn this_wrapper(rt: &mut Rt, args: Args) -> JsResult<(Value, Value)> {
    let this = args.this(rt);
    if !is_iterator(rt, this, IteratorClass::WrapForValid) {
        return Err(rt.throw_type("Wrap for valid iterator method called on incompatible receiver"));
    }
    Ok((rt.internal(this.as_ref(), 1), rt.internal(this.as_ref(), 2)))
}

/// 27.1.3.2.1.1.1 %WrapForValidIteratorPrototype%.next ( )
fn next(rt: &mut Rt, args: Args) -> JsResult {
    let (iterator, next) = this_wrapper(rt, args)?;
    rt.call(next, iterator, &[])
}

/// 27.1.3.2.1.1.2 %WrapForValidIteratorPrototype%.return ( )
fn return_(rt: &mut Rt, args: Args) -> JsResult {
    let (iterator, _) = this_wrapper(rt, args)?;
    let method = rt.get_method(iterator, Key::Name(atoms::return_))?;
    if method.is_undefined() {
        return Ok(rt.new_iter_result(Value::UNDEFINED, true));
    }
    let (iterator, _) = this_wrapper(rt, args)?;
    rt.call(method, iterator, &[])
}
