//! Accessors of %TypedArray%.prototype.
use super::view::{buffer_of, element_type, view};
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Value};

fn this_array(rt: &mut Rt, args: Args) -> JsResult<Ref> {
    let this = args.this(rt);
    if rt.is_kind(this, Kind::TypedArray) { Ok(this.as_ref()) } else { Err(rt.throw_type("this is not a typed array")) }
}

/// 23.2.3.2 get %TypedArray%.prototype.buffer
pub fn buffer(rt: &mut Rt, args: Args) -> JsResult {
    let obj = this_array(rt, args)?;
    Ok(Value::object(buffer_of(rt, obj)))
}

/// 23.2.3.3 get %TypedArray%.prototype.byteLength
pub fn byte_length(rt: &mut Rt, args: Args) -> JsResult {
    let obj = this_array(rt, args)?;
    Ok(Value::uint(view(rt, obj).map_or(0, |view| view.byte_len())))
}

/// 23.2.3.4 get %TypedArray%.prototype.byteOffset
pub fn byte_offset(rt: &mut Rt, args: Args) -> JsResult {
    let obj = this_array(rt, args)?;
    Ok(Value::uint(view(rt, obj).map_or(0, |view| view.offset)))
}

/// 23.2.3.21 get %TypedArray%.prototype.length
pub fn length(rt: &mut Rt, args: Args) -> JsResult {
    let obj = this_array(rt, args)?;
    Ok(Value::uint(super::length(rt, obj)))
}

/// 23.2.3.38 get %TypedArray%.prototype \[ %Symbol.toStringTag% \]
pub fn to_string_tag(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    if !rt.is_kind(this, Kind::TypedArray) {
        return Ok(Value::UNDEFINED);
    }
    Ok(Value::string(rt.intern_str(element_type(rt, this.as_ref()).name())))
}
