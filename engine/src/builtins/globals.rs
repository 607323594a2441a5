//! Value properties of the global object (19.1), and `eval`.
use super::function::refuse_code_generation;
use super::spec::{ClassSpec, DataValue, Row};
use crate::call::Args;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::value::JsResult;

/// Tables of this file.
pub const CLASSES: &[&ClassSpec] = &[&GLOBALS];

const GLOBALS: ClassSpec = ClassSpec::globals(&[
    Row::data("globalThis", DataValue::Intrinsic(Intrinsic::Global)),
    Row::constant("Infinity", DataValue::Number(f64::INFINITY)),
    Row::constant("NaN", DataValue::Number(f64::NAN)),
    Row::constant("undefined", DataValue::Undefined),
    Row::intrinsic("eval", 1, eval, Intrinsic::Eval),
]);

/// 19.2.1 eval ( x ): returns what is no string, and compiles nothing.
fn eval(rt: &mut Rt, args: Args) -> JsResult {
    let x = args.get(rt, 0);
    if x.is_string() { Err(refuse_code_generation(rt)) } else { Ok(x) }
}
