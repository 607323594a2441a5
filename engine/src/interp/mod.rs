//! The interpreter.
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Value};

/// Runs the closure whose frame header is complete at `fp`.
pub fn enter(rt: &mut Rt, _fp: u32) -> JsResult {
    Err(rt.throw_type("no interpreter"))
}

/// Goes on with the function whose heap frame is `frame`. Provided by the interpreter.
pub fn resume_async(rt: &mut Rt, _frame: Ref, _value: Value, _is_throw: bool) -> JsResult<()> {
    Err(rt.throw_type("no interpreter"))
}

/// 27.5.3 next (mode 0), throw (1), return (2) of a generator. Provided by the interpreter.
pub fn generator_resume(rt: &mut Rt, _generator: Value, _mode: u32, _v: Value) -> JsResult {
    Err(rt.throw_type("no interpreter"))
}

/// 27.6.3 the same of an async generator: a promise. Provided by the interpreter.
pub fn async_generator_enqueue(rt: &mut Rt, _generator: Value, _mode: u32, _v: Value) -> JsResult {
    Err(rt.throw_type("no interpreter"))
}
