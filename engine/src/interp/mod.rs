//! The interpreter.
use crate::runtime::Rt;
use crate::value::JsResult;

/// Runs the closure whose frame header is complete at `fp`.
pub fn enter(rt: &mut Rt, _fp: u32) -> JsResult {
    Err(rt.throw_type("no interpreter"))
}
