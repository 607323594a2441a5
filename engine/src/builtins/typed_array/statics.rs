//! %TypedArray% and its functions (23.2.1, 23.2.2).
use super::create::{create_of_length, list_of};
use crate::builtins::array::access;
use crate::call::Args;
use crate::object::Key;
use crate::realm::WellKnown;
use crate::runtime::{Rt, Slot};
use crate::value::{JsResult, Value};

/// 23.2.1.1 %TypedArray% ( )
pub fn construct(rt: &mut Rt, _args: Args) -> JsResult {
    Err(rt.throw_type("Abstract class TypedArray not directly constructable"))
}

/// 23.2.2.4 get %TypedArray% \[ %Symbol.species% \]
pub fn species(rt: &mut Rt, args: Args) -> JsResult {
    Ok(args.this(rt))
}

fn this_constructor(rt: &mut Rt, args: Args) -> JsResult<()> {
    if rt.is_constructor(args.this(rt)) { Ok(()) } else { Err(rt.throw_type("this is not a constructor")) }
}

/// Set ( A, k, v, true ) on a typed array of ours or of a species constructor.
pub fn set_at(rt: &mut Rt, a: Slot, k: u64, v: Value) -> JsResult<()> {
    super::set_element(rt, a.obj(rt), k as u32, v)
}

/// 23.2.2.1 %TypedArray%.from ( source \[ , mapper \[ , thisArg \] \] )
pub fn from(rt: &mut Rt, args: Args) -> JsResult {
    this_constructor(rt, args)?;
    let maps = !args.get(rt, 1).is_undefined();
    if maps {
        access::callable(rt, args, 1)?;
    }
    let source = args.get(rt, 0);
    let iterator = Key::Name(rt.symbol(WellKnown::Iterator));
    let method = rt.get_method(source, iterator)?;
    let source = args.get(rt, 0);
    let source = if method.is_undefined() {
        let obj = rt.to_object(source)?;
        rt.root(Value::object(obj))
    } else {
        list_of(rt, source, method)?
    };
    let len = access::length(rt, source)?;
    let c = args.this(rt);
    let a = create_of_length(rt, c, len)?;
    for k in 0..len {
        let mut v = access::get(rt, source, k)?;
        if maps {
            let (f, this) = (args.get(rt, 1), args.get(rt, 2));
            v = rt.call(f, this, &[v, access::index_value(k)])?;
        }
        set_at(rt, a, k, v)?;
        access::poll_at(rt, k)?;
    }
    Ok(a.get(rt))
}

/// 23.2.2.2 %TypedArray%.of ( ...items )
pub fn of(rt: &mut Rt, args: Args) -> JsResult {
    this_constructor(rt, args)?;
    let c = args.this(rt);
    let a = create_of_length(rt, c, u64::from(args.len()))?;
    for k in 0..args.len() {
        let v = args.get(rt, k);
        set_at(rt, a, u64::from(k), v)?;
    }
    Ok(a.get(rt))
}
