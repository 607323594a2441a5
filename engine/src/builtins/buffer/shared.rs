//! SharedArrayBuffer objects (25.2). There is one agent, so nothing else ever shares them.
use super::array_buffer::{construct_kind, slice_kind, species, this_buffer};
use super::bytes;
use crate::builtins::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::realm::{Intrinsic, WellKnown};
use crate::runtime::Rt;
use crate::value::{JsResult, Value};

pub(super) const SHARED_ARRAY_BUFFER: ClassSpec = ClassSpec::class(
    "SharedArrayBuffer",
    construct,
    1,
    Intrinsic::SharedArrayBuffer,
    Intrinsic::SharedArrayBufferPrototype,
    &[Row::symbol_getter(WellKnown::Species, "[Symbol.species]", species)],
    &[
        Row::getter("byteLength", byte_length),
        Row::method("grow", 1, grow),
        Row::getter("growable", growable),
        Row::getter("maxByteLength", max_byte_length),
        Row::method("slice", 2, slice),
        Row::tag("SharedArrayBuffer"),
    ],
);

const KIND: Kind = Kind::SharedArrayBuffer;

/// 25.2.3.1 SharedArrayBuffer ( length \[ , options \] )
fn construct(rt: &mut Rt, args: Args) -> JsResult {
    construct_kind(rt, args, KIND, Intrinsic::SharedArrayBufferPrototype)
}

/// 25.2.5.1 get SharedArrayBuffer.prototype.byteLength
fn byte_length(rt: &mut Rt, args: Args) -> JsResult {
    let buffer = this_buffer(rt, args, KIND)?;
    Ok(Value::uint(bytes::byte_length(rt, buffer)))
}

/// 25.2.5.3 SharedArrayBuffer.prototype.grow ( newLength )
fn grow(rt: &mut Rt, args: Args) -> JsResult {
    let buffer = this_buffer(rt, args, KIND)?;
    let Some(max) = bytes::max_byte_length(rt, buffer) else {
        return Err(rt.throw_type("SharedArrayBuffer is not growable"));
    };
    let len = args.get(rt, 0);
    let len = rt.to_index(len)?;
    let buffer = args.this(rt).as_ref();
    if len > f64::from(max) || len < f64::from(bytes::byte_length(rt, buffer)) {
        return Err(rt.throw_range("Invalid length for a growable SharedArrayBuffer"));
    }
    bytes::resize(rt, buffer, len as u32);
    Ok(Value::UNDEFINED)
}

/// 25.2.5.4 get SharedArrayBuffer.prototype.growable
fn growable(rt: &mut Rt, args: Args) -> JsResult {
    let buffer = this_buffer(rt, args, KIND)?;
    Ok(Value::bool(bytes::max_byte_length(rt, buffer).is_some()))
}

/// 25.2.5.5 get SharedArrayBuffer.prototype.maxByteLength
fn max_byte_length(rt: &mut Rt, args: Args) -> JsResult {
    let buffer = this_buffer(rt, args, KIND)?;
    Ok(Value::uint(bytes::max_byte_length(rt, buffer).unwrap_or(bytes::byte_length(rt, buffer))))
}

/// 25.2.5.6 SharedArrayBuffer.prototype.slice ( start, end )
fn slice(rt: &mut Rt, args: Args) -> JsResult {
    slice_kind(rt, args, KIND, Intrinsic::SharedArrayBuffer)
}
