//! What the web classes take from the engine's built-ins: promises, jobs, JSON, bytes. One place to look.
use lockgate_engine::builtins::{iterate, json, promise, typed_array};
use lockgate_engine::heap::layout::Kind;
use lockgate_engine::object::Key;
use lockgate_engine::realm::WellKnown;
use lockgate_engine::runtime::Rt;
use lockgate_engine::string::StrBuf;
use lockgate_engine::value::{JsResult, Ref, Value};

pub use lockgate_engine::builtins::promise::{
    State, as_promise, new_promise, reject, resolve, state, take_unhandled, then,
};

/// Runs promise jobs until none is left.
pub fn run_jobs(rt: &mut Rt) -> JsResult<()> {
    lockgate_engine::job::run_all(rt)
}

/// A promise that is fulfilled with `v`.
pub fn resolved(rt: &mut Rt, v: Value) -> JsResult {
    promise::promise_resolve(rt, v).map(Value::object)
}

/// A promise rejected with the pending exception, for functions that promise never to throw. Ends when the request does.
pub fn rejected(rt: &mut Rt) -> JsResult {
    if rt.is_terminating() {
        return Err(lockgate_engine::value::Thrown);
    }
    let reason = rt.take_exception();
    let promise = new_promise(rt);
    reject(rt, promise, reason);
    Ok(Value::object(promise))
}

/// The result of a function that returns a promise.
pub fn promised(rt: &mut Rt, result: JsResult) -> JsResult {
    match result {
        Ok(v) => resolved(rt, v),
        Err(_) => rejected(rt),
    }
}

/// Appends the JSON text of `v`; false: it has none (`undefined`, functions).
pub fn stringify(rt: &mut Rt, v: Value, buf: &mut StrBuf) -> JsResult<bool> {
    json::stringify_to(rt, v, buf)
}

/// Parses JSON text.
pub fn parse_json(rt: &mut Rt, text: Ref) -> JsResult {
    json::parse_text(rt, text)
}

/// Calls `f` with every value of an iterable until it returns false.
pub fn for_each(rt: &mut Rt, iterable: Value, f: &mut dyn FnMut(&mut Rt, Value) -> JsResult<bool>) -> JsResult<()> {
    iterate::for_each(rt, iterable, f)
}

/// The bytes behind an ArrayBuffer, typed array or DataView: Bytes cell, first byte, length.
pub fn bytes_of(rt: &Rt, v: Value) -> Option<(Ref, u32, u32)> {
    typed_array::bytes_of(rt, v)
}

/// A Uint8Array over the bytes of a cell.
pub fn new_uint8_array(rt: &mut Rt, cell: Ref) -> JsResult {
    Ok(Value::object(typed_array::uint8_array_of_cell(rt, cell, rt.len(cell))))
}

/// An ArrayBuffer of the bytes of a cell.
pub fn new_array_buffer(rt: &mut Rt, cell: Ref) -> JsResult {
    let array = new_uint8_array(rt, cell)?;
    crate::object::get(rt, array, "buffer")
}

/// Whether `v` is a typed array of integers, for `getRandomValues`.
pub fn is_integer_array(rt: &mut Rt, v: Value) -> JsResult<bool> {
    if !rt.is_kind(v, Kind::TypedArray) {
        return Ok(false);
    }
    let tag = rt.symbol(WellKnown::ToStringTag);
    let name = rt.get(v, Key::Name(tag))?;
    Ok(name.is_string() && !rt.to_text(name.as_ref()).starts_with("Float"))
}
