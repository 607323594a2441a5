//! `setTimeout`, `setInterval`, and what happens when an operation ends.
use super::{abort, fetch};
use crate::object;
use crate::ops::{self, Entry, HostOp, HostValue, Outcome, Pending};
use lockgate_engine::builtins::spec::{ClassSpec, Row};
use lockgate_engine::call::Args;
use lockgate_engine::runtime::Rt;
use lockgate_engine::value::{JsResult, Value};
use std::time::Duration;

/// Global functions.
pub const GLOBALS: ClassSpec = ClassSpec::globals(&[
    Row::method("setTimeout", 1, set_timeout).enumerable(),
    Row::method("setInterval", 1, set_interval).enumerable(),
    Row::method("clearTimeout", 1, clear).enumerable(),
    Row::method("clearInterval", 1, clear).enumerable(),
]);

/// The longest delay, in milliseconds: larger ones count as 0 elsewhere, here they are cut.
const MAX_DELAY: f64 = 2_147_483_647.0;
/// The shortest period of an interval.
const MIN_PERIOD: f64 = 1.0;

fn delay_of(rt: &mut Rt, v: Value, least: f64) -> JsResult<Duration> {
    let ms = if v.is_undefined() { 0.0 } else { rt.to_number(v)? };
    let ms = if ms.is_nan() { 0.0 } else { ms.clamp(0.0, MAX_DELAY) };
    Ok(Duration::from_micros((ms.max(least) * 1000.0) as u64))
}

fn start(rt: &mut Rt, args: Args, what: Pending, least: f64) -> JsResult {
    if !rt.is_callable(args.get(rt, 0)) {
        let given = object::describe(rt, args.get(rt, 0));
        return Err(rt.throw_type(&format!("a timer needs a function, not {given}")));
    }
    let v = args.get(rt, 1);
    let delay = delay_of(rt, v, least)?;
    // Arguments of the callback, with the period of an interval first.
    let rest = rt.new_array_with_capacity(args.len().saturating_sub(1));
    rt.array_push(rest, Value::number(delay.as_micros() as f64));
    for i in 2..args.len() {
        rt.array_push(rest, args.get(rt, i));
    }
    let callback = args.get(rt, 0);
    let id = ops::ask(rt, HostOp::Timer(delay), what, callback, Value::object(rest))?;
    Ok(Value::int(id as i32))
}

/// `setTimeout(callback, delay, …arguments)`
fn set_timeout(rt: &mut Rt, args: Args) -> JsResult {
    start(rt, args, Pending::Timeout, 0.0)
}

/// `setInterval(callback, period, …arguments)`
fn set_interval(rt: &mut Rt, args: Args) -> JsResult {
    start(rt, args, Pending::Interval, MIN_PERIOD)
}

/// `clearTimeout(id)`, `clearInterval(id)`
fn clear(rt: &mut Rt, args: Args) -> JsResult {
    let v = args.get(rt, 0);
    if v.is_int() && v.as_int() > 0 {
        ops::cancel(rt, v.as_int() as u32);
    }
    Ok(Value::UNDEFINED)
}

/// Tells a script that its operation ended. What a timer's callback throws ends the step.
pub fn deliver(rt: &mut Rt, id: ops::OpId, outcome: Outcome) -> JsResult<()> {
    let Some(entry) = ops::remove(rt, id) else { return Ok(()) };
    match (entry.what, outcome) {
        (Pending::Fetch, Ok(HostValue::Response(response))) => fetch::fulfill(rt, entry.target, &response),
        (Pending::Fetch, Ok(HostValue::Unit)) => fetch::fail(rt, entry.target, "no answer"),
        (Pending::Fetch, Err(error)) => fetch::fail(rt, entry.target, &error.0),
        (Pending::AbortTimeout, _) => abort::timed_out(rt, entry.target),
        (Pending::Timeout, _) => call(rt, entry),
        (Pending::Interval, _) => {
            let period = rt.word(rt.elements(entry.argument.as_ref()), 0).as_number();
            ops::restore(rt, id, entry, HostOp::Timer(Duration::from_micros(period as u64)));
            call(rt, entry)
        }
    }
}

fn call(rt: &mut Rt, entry: Entry) -> JsResult<()> {
    let given = entry.argument.as_ref();
    let elements = rt.elements(given);
    let arguments: Vec<Value> = (1..rt.array_len(given)).map(|i| rt.word(elements, i)).collect();
    rt.call(entry.target, Value::UNDEFINED, &arguments)?;
    Ok(())
}
