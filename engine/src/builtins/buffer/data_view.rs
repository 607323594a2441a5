//! DataView objects (25.3). Internal words: 0 buffer, 1 byte offset, 2 byte length or undefined (follows the buffer).
use super::array_buffer::throw_detached;
use super::bytes;
use crate::builtins::spec::{ClassSpec, Row};
use crate::builtins::typed_array::ElementType;
use crate::builtins::typed_array::element::{load_raw, raw_of_value, store_raw, value_of_raw};
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Thrown, Value};

const BUFFER: u32 = 0;
const BYTE_OFFSET: u32 = 1;
const BYTE_LENGTH: u32 = 2;

macro_rules! accessors {
    ($($getter:literal $setter:literal $element:ident,)*) => {
        &[
            Row::getter("buffer", buffer),
            Row::getter("byteLength", byte_length),
            Row::getter("byteOffset", byte_offset),
            $(
                Row::method($getter, 1, get::<{ ElementType::$element as u8 }>),
                Row::method($setter, 2, set::<{ ElementType::$element as u8 }>),
            )*
            Row::tag("DataView"),
        ]
    };
}

pub(super) const DATA_VIEW: ClassSpec = ClassSpec::class(
    "DataView",
    construct,
    1,
    Intrinsic::DataView,
    Intrinsic::DataViewPrototype,
    &[],
    accessors! {
        "getBigInt64" "setBigInt64" BigInt64,
        "getBigUint64" "setBigUint64" BigUint64,
        "getFloat16" "setFloat16" Float16,
        "getFloat32" "setFloat32" Float32,
        "getFloat64" "setFloat64" Float64,
        "getInt8" "setInt8" Int8,
        "getInt16" "setInt16" Int16,
        "getInt32" "setInt32" Int32,
        "getUint8" "setUint8" Uint8,
        "getUint16" "setUint16" Uint16,
        "getUint32" "setUint32" Uint32,
    },
);

/// 25.3.2.1 DataView ( buffer \[ , byteOffset \[ , byteLength \] \] )
fn construct(rt: &mut Rt, args: Args) -> JsResult {
    if args.new_target(rt).is_undefined() {
        return Err(rt.throw_type("Constructor DataView requires 'new'"));
    }
    if !bytes::is_buffer(rt, args.get(rt, 0)) {
        return Err(rt.throw_type("First argument to DataView constructor must be an ArrayBuffer"));
    }
    let offset = args.get(rt, 1);
    let offset = rt.to_index(offset)?;
    check_offset(rt, args, offset)?;
    let buffer = args.get(rt, 0).as_ref();
    let len = args.get(rt, 2);
    let tracks = len.is_undefined() && bytes::max_byte_length(rt, buffer).is_some();
    let buffer_len = f64::from(bytes::byte_length(rt, buffer));
    let mut view_len = buffer_len - offset;
    if !len.is_undefined() {
        view_len = rt.to_index(len)?;
        if offset + view_len > buffer_len {
            return Err(rt.throw_range("Invalid DataView length"));
        }
    }
    let new_target = args.new_target(rt);
    let proto = rt.proto_from_constructor(new_target, Intrinsic::DataViewPrototype)?;
    // The prototype lookup may have run a getter that detached or shrank the buffer.
    check_offset(rt, args, offset)?;
    let buffer = args.get(rt, 0).as_ref();
    if !tracks && offset + view_len > f64::from(bytes::byte_length(rt, buffer)) {
        return Err(rt.throw_range("Invalid DataView length"));
    }
    let view = rt.new_of_kind_with_proto(Kind::DataView, proto);
    rt.set_internal(view, BUFFER, Value::object(buffer));
    rt.set_internal(view, BYTE_OFFSET, Value::int(offset as i32));
    rt.set_internal(view, BYTE_LENGTH, if tracks { Value::UNDEFINED } else { Value::int(view_len as i32) });
    Ok(Value::object(view))
}

fn check_offset(rt: &mut Rt, args: Args, offset: f64) -> JsResult<()> {
    let buffer = args.get(rt, 0).as_ref();
    if bytes::is_detached(rt, buffer) {
        return Err(throw_detached(rt));
    }
    if offset > f64::from(bytes::byte_length(rt, buffer)) {
        return Err(rt.throw_range("Start offset is outside the bounds of the buffer"));
    }
    Ok(())
}

/// Bytes cell, byte offset and byte length of a view, `None` if it is out of bounds or its buffer is detached.
pub fn span(rt: &Rt, view: Ref) -> Option<(Ref, u32, u32)> {
    let buffer = rt.internal(view, BUFFER).as_ref();
    let cell = bytes::cell(rt, buffer)?;
    let (offset, available) = (rt.internal(view, BYTE_OFFSET).as_int() as u32, bytes::byte_length(rt, buffer));
    let len = rt.internal(view, BYTE_LENGTH);
    if len.is_undefined() {
        return Some((cell, offset, available.checked_sub(offset)?));
    }
    let len = len.as_int() as u32;
    (u64::from(offset) + u64::from(len) <= u64::from(available)).then_some((cell, offset, len))
}

fn this_view(rt: &mut Rt, args: Args) -> JsResult<Ref> {
    let this = args.this(rt);
    if rt.is_kind(this, Kind::DataView) {
        return Ok(this.as_ref());
    }
    Err(rt.throw_type("DataView method called on incompatible receiver"))
}

fn in_bounds(rt: &mut Rt, view: Ref) -> JsResult<(Ref, u32, u32)> {
    match span(rt, view) {
        Some(span) => Ok(span),
        None if bytes::is_detached(rt, rt.internal(view, BUFFER).as_ref()) => Err(throw_detached(rt)),
        None => Err(rt.throw_type("DataView is out of bounds")),
    }
}

/// 25.3.4.1 get DataView.prototype.buffer
fn buffer(rt: &mut Rt, args: Args) -> JsResult {
    let view = this_view(rt, args)?;
    Ok(rt.internal(view, BUFFER))
}

/// 25.3.4.2 get DataView.prototype.byteLength
fn byte_length(rt: &mut Rt, args: Args) -> JsResult {
    let view = this_view(rt, args)?;
    Ok(Value::uint(in_bounds(rt, view)?.2))
}

/// 25.3.4.3 get DataView.prototype.byteOffset
fn byte_offset(rt: &mut Rt, args: Args) -> JsResult {
    let view = this_view(rt, args)?;
    Ok(Value::uint(in_bounds(rt, view)?.1))
}

#[cold]
fn throw_outside(rt: &mut Rt) -> Thrown {
    rt.throw_range("Offset is outside the bounds of the DataView")
}

/// 25.3.1.5 GetViewValue ( view, requestIndex, isLittleEndian, type )
fn get<const ELEMENT: u8>(rt: &mut Rt, args: Args) -> JsResult {
    let element = ElementType::of(ELEMENT);
    this_view(rt, args)?;
    let index = args.get(rt, 0);
    let index = rt.to_index(index)?;
    let little = args.get(rt, 1);
    let little = rt.to_boolean(little);
    let view = args.this(rt).as_ref();
    let (cell, offset, len) = in_bounds(rt, view)?;
    let size = element.size();
    if index + f64::from(size) > f64::from(len) {
        return Err(throw_outside(rt));
    }
    let raw = load_raw(rt, cell, offset + index as u32, size);
    Ok(value_of_raw(rt, element, if little { raw } else { swap(raw, size) }))
}

/// 25.3.1.6 SetViewValue ( view, requestIndex, isLittleEndian, type, value )
fn set<const ELEMENT: u8>(rt: &mut Rt, args: Args) -> JsResult {
    let element = ElementType::of(ELEMENT);
    this_view(rt, args)?;
    let index = args.get(rt, 0);
    let index = rt.to_index(index)?;
    let v = args.get(rt, 1);
    let raw = raw_of_value(rt, element, v)?;
    let little = args.get(rt, 2);
    let little = rt.to_boolean(little);
    let view = args.this(rt).as_ref();
    let (cell, offset, len) = in_bounds(rt, view)?;
    let size = element.size();
    if index + f64::from(size) > f64::from(len) {
        return Err(throw_outside(rt));
    }
    store_raw(rt, cell, offset + index as u32, size, if little { raw } else { swap(raw, size) });
    Ok(Value::UNDEFINED)
}

/// The low `size` bytes in opposite order.
fn swap(raw: u64, size: u32) -> u64 {
    raw.swap_bytes() >> (64 - 8 * size)
}
