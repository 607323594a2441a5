//! Function objects (20.2).
use super::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::value::{JsResult, Value};

/// Tables of this file.
pub const CLASSES: &[&ClassSpec] = &[&FUNCTION];

const FUNCTION: ClassSpec = ClassSpec::class(
    "Function",
    construct,
    1,
    Intrinsic::Function,
    Intrinsic::FunctionPrototype,
    &[],
    &[Row::method("call", 1, call)],
)
.proto_kind(Kind::Native);

fn construct(rt: &mut Rt, _args: Args) -> JsResult {
    Err(rt.throw_error(Intrinsic::EvalErrorPrototype, "Code generation from strings is disallowed"))
}

/// 20.2.3.3 Function.prototype.call ( thisArg, ...args )
fn call(rt: &mut Rt, args: Args) -> JsResult {
    let f = args.this(rt);
    let this = args.get(rt, 0);
    let rest: Vec<Value> = (1..args.len()).map(|i| args.get(rt, i)).collect();
    rt.call(f, this, &rest)
}

/// `[[Call]]` and `[[Construct]]` of a bound function: internal words target, this, arguments array.
pub fn call_bound(rt: &mut Rt, args: Args) -> JsResult {
    let bound = args.callee(rt);
    let target = rt.internal(bound, 0);
    let this = rt.internal(bound, 1);
    let head = rt.internal(bound, 2).as_ref();
    let all = rt.new_array_with_capacity(rt.array_len(head) + args.len());
    for i in 0..rt.array_len(head) {
        rt.array_push(all, rt.word(rt.elements(head), i));
    }
    for i in 0..args.len() {
        rt.array_push(all, args.get(rt, i));
    }
    let new_target = args.new_target(rt);
    let new_target = if new_target == Value::object(bound) { target } else { new_target };
    let this = if new_target.is_undefined() { this } else { Value::TDZ };
    rt.call_with_array(target, this, new_target, all)
}

/// 13.10.2 InstanceofOperator
pub fn instance_of(rt: &mut Rt, v: Value, target: Value) -> JsResult<bool> {
    let proto = rt.get_name(target, crate::string::atoms::prototype)?;
    let Some(mut at) = v.to_obj() else { return Ok(false) };
    loop {
        at = rt.get_prototype_of(at)?;
        if at.is_null() {
            return Ok(false);
        }
        if Value::object(at) == proto {
            return Ok(true);
        }
    }
}
