//! %StringIteratorPrototype% (22.1.5).
//!
//! Internal words of an iterator: subkind, string (undefined when done), next position.
use super::this_coercible;
use crate::builtins::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::heap::layout::*;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::value::{JsResult, Value};

/// Subkind of string iterators among objects of [`Kind::Iterator`], in internal word 0.
pub const ITERATOR_SUBKIND: Value = Value::int(0x5354_5249);

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
    let iterator = rt.new_of_kind(Kind::Iterator, Intrinsic::StringIteratorPrototype);
    rt.set_internal(iterator, 0, ITERATOR_SUBKIND);
    rt.set_internal(iterator, 1, Value::string(s));
    rt.set_internal(iterator, 2, Value::int(0));
    Ok(Value::object(iterator))
}

/// 22.1.5.1.1 %StringIteratorPrototype%.next ( )
fn next(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    if !rt.is_kind(this, Kind::Iterator) || rt.internal(this.as_ref(), 0) != ITERATOR_SUBKIND {
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
