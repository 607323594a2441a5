//! What an opcode takes for granted of a value. The compiler never emits code that gives it anything else, but the verifier,
//! which knows only that a register holds some value, accepts such code; it ends in an exception.
use crate::heap::layout::*;
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Thrown, Value};

#[cold]
#[inline(never)]
fn malformed(rt: &mut Rt, what: &str) -> Thrown {
    rt.throw_type(&format!("Malformed code: {what} expected"))
}

/// An object.
#[inline]
pub fn object(rt: &mut Rt, v: Value) -> JsResult<Ref> {
    if v.is_object() { Ok(v.as_ref()) } else { Err(malformed(rt, "an object")) }
}

/// A closure.
#[inline]
pub fn closure(rt: &mut Rt, v: Value) -> JsResult<Ref> {
    if rt.is_kind(v, Kind::Function) { Ok(v.as_ref()) } else { Err(malformed(rt, "a closure")) }
}

/// The home object of a method.
#[inline]
pub fn home(rt: &mut Rt, method: Value) -> JsResult<Ref> {
    let method = closure(rt, method)?;
    let home: Ref = rt.load(method, FUNC_HOME);
    if home.is_null() { Err(malformed(rt, "a method with a home object")) } else { Ok(home) }
}

/// A private name.
#[inline]
pub fn private_name(rt: &mut Rt, v: Value) -> JsResult<Ref> {
    if v.is_symbol() && rt.is_private_name(v.as_ref()) { Ok(v.as_ref()) } else { Err(malformed(rt, "a private name")) }
}

/// An enumerator of `for in`.
#[inline]
pub fn enumerator(rt: &mut Rt, v: Value) -> JsResult<Ref> {
    if rt.is_kind(v, Kind::ForIn) { Ok(v.as_ref()) } else { Err(malformed(rt, "an enumerator")) }
}

/// An array that is iterated by position.
#[inline]
pub fn array(rt: &mut Rt, v: Value) -> JsResult<Ref> {
    if rt.is_kind(v, Kind::Array) { Ok(v.as_ref()) } else { Err(malformed(rt, "an array")) }
}
