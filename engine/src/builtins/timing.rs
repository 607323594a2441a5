//! `performance` (High Resolution Time) and `queueMicrotask` (HTML 8.7).
use super::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::job::{JobKind, enqueue};
use crate::limits::monotonic_ms;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::shape::attr;
use crate::value::{JsResult, Value};
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

/// Tables of this file.
pub const CLASSES: &[&ClassSpec] = &[&PERFORMANCE, &GLOBALS];

const PERFORMANCE: ClassSpec = ClassSpec::namespace(
    "performance",
    Intrinsic::Performance,
    &[
        Row::method("now", 0, now).enumerable(),
        Row::getter("timeOrigin", time_origin).enumerable(),
        Row::method("toJSON", 0, to_json).enumerable(),
        Row::tag("Performance"),
    ],
);

const GLOBALS: ClassSpec = ClassSpec::globals(&[Row::method("queueMicrotask", 1, queue_microtask).enumerable()]);

/// Milliseconds from the Unix epoch to the origin of [`monotonic_ms`].
fn origin() -> f64 {
    // A process fact: every runtime measures from the same instant.
    static ORIGIN: OnceLock<f64> = OnceLock::new();
    *ORIGIN.get_or_init(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64() * 1000.0);
        now - monotonic_ms()
    })
}

/// Whole microseconds: finer clocks help timing attacks more than scripts.
fn coarse(ms: f64) -> f64 {
    (ms * 1000.0).floor() / 1000.0
}

/// hr-time 7.1 performance.now ( )
fn now(_rt: &mut Rt, _args: Args) -> JsResult {
    Ok(Value::number(coarse(monotonic_ms())))
}

/// hr-time 7.2 get performance.timeOrigin
fn time_origin(_rt: &mut Rt, _args: Args) -> JsResult {
    Ok(Value::number(coarse(origin())))
}

/// hr-time 7.3 performance.toJSON ( )
fn to_json(rt: &mut Rt, _args: Args) -> JsResult {
    let obj = rt.new_object();
    rt.add_property(obj, rt.intern_str("timeOrigin"), Value::number(coarse(origin())), attr::ALL);
    Ok(Value::object(obj))
}

/// HTML 8.7 queueMicrotask ( callback )
fn queue_microtask(rt: &mut Rt, args: Args) -> JsResult {
    let callback = args.get(rt, 0);
    if !rt.is_callable(callback) {
        return Err(rt.throw_type("queueMicrotask needs a function"));
    }
    enqueue(rt, JobKind::Callback, callback, Value::UNDEFINED, Value::UNDEFINED);
    Ok(Value::UNDEFINED)
}
