//! Symbol.matchAll and %RegExpStringIteratorPrototype% (22.2.9).
//!
//! Internal words of an iterator after its class: regexp (undefined when done), string, int of bits (1 global, 2 by code point).
use super::exec::regexp_exec;
use super::match_::{set_last_index_of, step_over_empty, stepping_flags};
use super::*;
use crate::builtins::iterate::{IteratorClass, is_iterator, new_iterator};

/// The prototype of the iterators of matchAll.
pub const REGEXP_STRING_ITERATOR: ClassSpec = ClassSpec::prototype(
    Intrinsic::RegExpStringIteratorPrototype,
    Intrinsic::IteratorPrototype,
    &[Row::method("next", 0, next), Row::tag("RegExp String Iterator")],
);

/// 22.2.6.9 RegExp.prototype [ %Symbol.matchAll% ] ( string )
pub fn symbol_match_all(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    if !this.is_object() {
        return Err(rt.throw_type("RegExp.prototype[Symbol.matchAll] called on a value that is not an object"));
    }
    let s = args.get(rt, 0);
    let s = rt.to_str(s)?;
    let s = rt.root(Value::string(s));
    let constructor = rt.species_constructor(args.this(rt).as_ref(), Intrinsic::RegExp)?;
    let constructor = rt.root(constructor);
    let flags = rt.get_name(args.this(rt), atoms::flags)?;
    let flags = rt.to_str(flags)?;
    let flags = rt.root(Value::string(flags));
    let (c, this) = (constructor.get(rt), args.this(rt));
    let matcher = rt.construct(c, &[this, flags.get(rt)], c)?;
    let matcher = rt.root(matcher);
    let last = rt.get_name(args.this(rt), atoms::last_index)?;
    let last = rt.to_length(last)?;
    set_last_index_of(rt, matcher.get(rt), Value::number(last))?;
    let (global, by_code_point) = stepping_flags(rt, flags.obj(rt));
    let iterator = new_iterator(rt, IteratorClass::RegExpString, Intrinsic::RegExpStringIteratorPrototype);
    rt.set_internal(iterator, 1, matcher.get(rt));
    rt.set_internal(iterator, 2, s.get(rt));
    rt.set_internal(iterator, 3, Value::int(i32::from(global) | i32::from(by_code_point) << 1));
    Ok(Value::object(iterator))
}

/// 22.2.9.2.1 %RegExpStringIteratorPrototype%.next ( )
fn next(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    if !is_iterator(rt, this, IteratorClass::RegExpString) {
        return Err(rt.throw_type("RegExp String Iterator.prototype.next called on something else"));
    }
    let it = this.as_ref();
    let re = rt.internal(it, 1);
    if re.is_undefined() {
        return Ok(rt.new_iter_result(Value::UNDEFINED, true));
    }
    let s = rt.internal(it, 2).as_ref();
    let result = regexp_exec(rt, re, s)?;
    let it = args.this(rt).as_ref();
    let bits = rt.internal(it, 3).as_int();
    if result.is_null() {
        rt.set_internal(it, 1, Value::UNDEFINED);
        return Ok(rt.new_iter_result(Value::UNDEFINED, true));
    }
    if bits & 1 == 0 {
        rt.set_internal(it, 1, Value::UNDEFINED);
        return Ok(rt.new_iter_result(result, false));
    }
    let result = rt.root(result);
    let matched = rt.get_index(result.get(rt), 0)?;
    let matched = rt.to_str(matched)?;
    if rt.len(matched) == 0 {
        let it = args.this(rt).as_ref();
        let (re, s) = (rt.internal(it, 1), rt.internal(it, 2).as_ref());
        if re.is_object() {
            step_over_empty(rt, re, s, bits & 2 != 0)?;
        }
    }
    Ok(rt.new_iter_result(result.get(rt), false))
}
