//! %StringIteratorPrototype% (22.1.5).
//!
//! Internal words of an iterator after its class: string (undefined when done), next position.
use super::this_coercible;
use crate::builtins::iterate::{IteratorClass, is_iterator, new_iterator};
use crate::builtins::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::value::{JsResult, Value};

/// The prototype of string iterators.
pub const STRING_ITERATOR: ClassSpec = ClassSpec::prototype(
    Intrinsic::StringIteratorPrototype,
    Intrinsic::IteratorPrototype,
    &[Row::method("next", 0, next), Row::tag("String Iterator")],
);

/// 22.1.3.37 String.prototype [ %Symbol.iterator% ] ( )
pub fn iterator(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_coercible(rt, args, "[Symbol.iterator]")?;
    let s = rt.to_str(this)?;
    let iterator = new_iterator(rt, IteratorClass::String, Intrinsic::StringIteratorPrototype);
    rt.set_internal(iterator, 1, Value::string(s));
    rt.set_internal(iterator, 2, Value::int(0));
    Ok(Value::object(iterator))
}

/// 22.1.5.1.1 %StringIteratorPrototype%.next ( )
fn next(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    if !is_iterator(rt, this, IteratorClass::String) {
        return Err(rt.throw_type("String Iterator.prototype.next called on something else"));
    }
    let it = this.as_ref();
    let s = rt.internal(it, 1);
    if !s.is_string() {
        return Ok(rt.new_iter_result(Value::UNDEFINED, true));
    }
    let (s, at) = (s.as_ref(), rt.internal(it, 2).as_int() as u32);
    if at >= rt.len(s) {
        rt.set_internal(it, 1, Value::UNDEFINED);
        return Ok(rt.new_iter_result(Value::UNDEFINED, true));
    }
    let (_, width) = rt.with_units(s, |u| super::code_point_at(u, at as usize));
    let end = at + width as u32;
    rt.set_internal(it, 2, Value::uint(end));
    let part = rt.substring(s, at, end);
    Ok(rt.new_iter_result(Value::string(part), false))
}
