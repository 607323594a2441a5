//! ArrayBuffer objects (25.1).
use super::bytes;
use crate::builtins::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::realm::{Intrinsic, WellKnown};
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Thrown, Value};

pub(super) const ARRAY_BUFFER: ClassSpec = ClassSpec::class(
    "ArrayBuffer",
    construct,
    1,
    Intrinsic::ArrayBuffer,
    Intrinsic::ArrayBufferPrototype,
    &[Row::symbol_getter(WellKnown::Species, "[Symbol.species]", species), Row::method("isView", 1, is_view)],
    &[
        Row::getter("byteLength", byte_length),
        Row::getter("detached", detached),
        Row::getter("maxByteLength", max_byte_length),
        Row::getter("resizable", resizable),
        Row::method("resize", 1, resize),
        Row::method("slice", 2, slice),
        Row::method("transfer", 0, transfer),
        Row::method("transferToFixedLength", 0, transfer_to_fixed_length),
        Row::tag("ArrayBuffer"),
    ],
);

/// 25.1.5.3 get ArrayBuffer \[ %Symbol.species% \]
pub(super) fn species(rt: &mut Rt, args: Args) -> JsResult {
    Ok(args.this(rt))
}

/// 25.1.4.1 ArrayBuffer ( length \[ , options \] )
fn construct(rt: &mut Rt, args: Args) -> JsResult {
    construct_kind(rt, args, Kind::ArrayBuffer, Intrinsic::ArrayBufferPrototype)
}

/// The same for both kinds.
pub(super) fn construct_kind(rt: &mut Rt, args: Args, kind: Kind, default: Intrinsic) -> JsResult {
    let new_target = args.new_target(rt);
    if new_target.is_undefined() {
        return Err(rt.throw_type(&format!("Constructor {kind:?} requires 'new'")));
    }
    let len = args.get(rt, 0);
    let len = rt.to_index(len)?;
    let options = args.get(rt, 1);
    let mut max = None;
    if options.is_object() {
        let name = rt.intern_str("maxByteLength");
        let v = rt.get_name(options, name)?;
        if !v.is_undefined() {
            max = Some(rt.to_index(v)?);
        }
    }
    if max.is_some_and(|max| len > max) {
        return Err(rt.throw_range("Invalid array buffer max length"));
    }
    let new_target = args.new_target(rt);
    let proto = rt.proto_from_constructor(new_target, default)?;
    bytes::allocate(rt, kind, proto, len, max).map(Value::object)
}

/// 25.1.5.1 ArrayBuffer.isView ( arg )
fn is_view(rt: &mut Rt, args: Args) -> JsResult {
    let v = args.get(rt, 0);
    Ok(Value::bool(rt.is_kind(v, Kind::TypedArray) || rt.is_kind(v, Kind::DataView)))
}

/// `this` of a method of one kind of buffers.
pub(super) fn this_buffer(rt: &mut Rt, args: Args, kind: Kind) -> JsResult<Ref> {
    let this = args.this(rt);
    if rt.is_kind(this, kind) {
        return Ok(this.as_ref());
    }
    Err(rt.throw_type(&format!("{kind:?} method called on incompatible receiver")))
}

#[cold]
pub(super) fn throw_detached(rt: &mut Rt) -> Thrown {
    rt.throw_type("Cannot perform the operation on a detached ArrayBuffer")
}

/// 25.1.6.1 get ArrayBuffer.prototype.byteLength
fn byte_length(rt: &mut Rt, args: Args) -> JsResult {
    let buffer = this_buffer(rt, args, Kind::ArrayBuffer)?;
    Ok(Value::uint(bytes::byte_length(rt, buffer)))
}

/// 25.1.6.3 get ArrayBuffer.prototype.detached
fn detached(rt: &mut Rt, args: Args) -> JsResult {
    let buffer = this_buffer(rt, args, Kind::ArrayBuffer)?;
    Ok(Value::bool(bytes::is_detached(rt, buffer)))
}

/// 25.1.6.4 get ArrayBuffer.prototype.maxByteLength
fn max_byte_length(rt: &mut Rt, args: Args) -> JsResult {
    let buffer = this_buffer(rt, args, Kind::ArrayBuffer)?;
    if bytes::is_detached(rt, buffer) {
        return Ok(Value::int(0));
    }
    Ok(Value::uint(bytes::max_byte_length(rt, buffer).unwrap_or(bytes::byte_length(rt, buffer))))
}

/// 25.1.6.5 get ArrayBuffer.prototype.resizable
fn resizable(rt: &mut Rt, args: Args) -> JsResult {
    let buffer = this_buffer(rt, args, Kind::ArrayBuffer)?;
    Ok(Value::bool(bytes::max_byte_length(rt, buffer).is_some()))
}

/// 25.1.6.6 ArrayBuffer.prototype.resize ( newLength )
fn resize(rt: &mut Rt, args: Args) -> JsResult {
    let buffer = this_buffer(rt, args, Kind::ArrayBuffer)?;
    let Some(max) = bytes::max_byte_length(rt, buffer) else {
        return Err(rt.throw_type("ArrayBuffer is not resizable"));
    };
    let len = args.get(rt, 0);
    let len = rt.to_index(len)?;
    let buffer = args.this(rt).as_ref();
    if bytes::is_detached(rt, buffer) {
        return Err(throw_detached(rt));
    }
    if len > f64::from(max) {
        return Err(rt.throw_range("Invalid length for a resizable ArrayBuffer"));
    }
    bytes::resize(rt, buffer, len as u32);
    Ok(Value::UNDEFINED)
}

/// 25.1.6.7 ArrayBuffer.prototype.slice ( start, end )
fn slice(rt: &mut Rt, args: Args) -> JsResult {
    slice_kind(rt, args, Kind::ArrayBuffer, Intrinsic::ArrayBuffer)
}

/// The same for both kinds.
pub(super) fn slice_kind(rt: &mut Rt, args: Args, kind: Kind, constructor: Intrinsic) -> JsResult {
    let buffer = this_buffer(rt, args, kind)?;
    if bytes::is_detached(rt, buffer) {
        return Err(throw_detached(rt));
    }
    let len = f64::from(bytes::byte_length(rt, buffer));
    let start = args.get(rt, 0);
    let start = rt.to_relative_index(start, len, 0.0)?;
    let end = args.get(rt, 1);
    let end = rt.to_relative_index(end, len, len)?;
    let count = (end - start).max(0.0);
    let buffer = args.this(rt).as_ref();
    let c = rt.species_constructor(buffer, constructor)?;
    let copy = rt.construct(c, &[Value::number(count)], c)?;
    if !rt.is_kind(copy, kind) {
        return Err(rt.throw_type("Species constructor did not return a buffer of the same kind"));
    }
    let (copy, buffer) = (copy.as_ref(), args.this(rt).as_ref());
    let Some(to) = bytes::cell(rt, copy) else { return Err(throw_detached(rt)) };
    if copy == buffer {
        return Err(rt.throw_type("Species constructor returned the same buffer"));
    }
    if f64::from(bytes::byte_length(rt, copy)) < count {
        return Err(rt.throw_type("Species constructor returned a buffer that is too short"));
    }
    let Some(from) = bytes::cell(rt, buffer) else { return Err(throw_detached(rt)) };
    let (start, now) = (start as u32, bytes::byte_length(rt, buffer));
    if start < now {
        bytes::copy(rt, from, start, to, 0, (count as u32).min(now - start));
    }
    Ok(Value::object(copy))
}

/// 25.1.6.8 ArrayBuffer.prototype.transfer ( \[ newLength \] )
fn transfer(rt: &mut Rt, args: Args) -> JsResult {
    copy_and_detach(rt, args, true)
}

/// 25.1.6.9 ArrayBuffer.prototype.transferToFixedLength ( \[ newLength \] )
fn transfer_to_fixed_length(rt: &mut Rt, args: Args) -> JsResult {
    copy_and_detach(rt, args, false)
}

/// 25.1.3.14 ArrayBufferCopyAndDetach
fn copy_and_detach(rt: &mut Rt, args: Args, keep_resizable: bool) -> JsResult {
    let buffer = this_buffer(rt, args, Kind::ArrayBuffer)?;
    let len = args.get(rt, 0);
    let len = if len.is_undefined() { f64::from(bytes::byte_length(rt, buffer)) } else { rt.to_index(len)? };
    let buffer = args.this(rt).as_ref();
    let Some(from) = bytes::cell(rt, buffer) else { return Err(throw_detached(rt)) };
    let max = bytes::max_byte_length(rt, buffer).filter(|_| keep_resizable).map(f64::from);
    let old_len = bytes::byte_length(rt, buffer);
    if max.is_some_and(|max| len > max) {
        return Err(rt.throw_range("Invalid array buffer max length"));
    }
    let new = if max.is_none() && len == f64::from(old_len) {
        // OPTIMIZATION: the cell itself changes hands.
        bytes::new_buffer_of_cell(rt, from, old_len)
    } else {
        let proto = rt.intrinsic(Intrinsic::ArrayBufferPrototype);
        let new = bytes::allocate(rt, Kind::ArrayBuffer, proto, len, max)?;
        if let Some(to) = bytes::cell(rt, new) {
            bytes::copy(rt, from, 0, to, 0, old_len.min(len as u32));
        }
        new
    };
    bytes::detach(rt, buffer);
    Ok(Value::object(new))
}
