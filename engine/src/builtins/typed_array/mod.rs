//! TypedArray objects (23.2, 10.4.5).
mod base64;
mod callback;
mod create;
pub mod element;
mod getters;
mod hex;
mod modify;
mod order;
mod search;
mod statics;
mod text;
mod view;

use super::spec::{ClassSpec, DataValue, Name, Row, RowKind};
use crate::builtins::buffer::bytes;
use crate::object::Desc;
use crate::realm::{Intrinsic, WellKnown};
use crate::runtime::Rt;
use crate::shape::attr;
use crate::value::{JsResult, Ref, Value};

pub use element::ElementType;
pub use view::{View, buffer_of, element_type, view};

/// Tables of this folder.
pub const CLASSES: &[&ClassSpec] = &[
    &TYPED_ARRAY,
    &INT8,
    &UINT8,
    &UINT8_CLAMPED,
    &INT16,
    &UINT16,
    &INT32,
    &UINT32,
    &FLOAT16,
    &FLOAT32,
    &FLOAT64,
    &BIG_INT64,
    &BIG_UINT64,
];

const TYPED_ARRAY: ClassSpec = ClassSpec {
    name: "",
    ..ClassSpec::class(
        "TypedArray",
        statics::construct,
        0,
        Intrinsic::TypedArray,
        Intrinsic::TypedArrayPrototype,
        &[
            Row::symbol_getter(WellKnown::Species, "[Symbol.species]", statics::species),
            // The class has no global name, so its function's name is a row.
            Row { name: Name::Str("name"), kind: RowKind::Data(DataValue::Str("TypedArray")), attrs: attr::C },
            Row::method("from", 1, statics::from),
            Row::method("of", 0, statics::of),
        ],
        &[
            Row::method("values", 0, search::values),
            Row::symbol_alias(WellKnown::Iterator, "values"),
            Row::method("at", 1, search::at),
            Row::getter("buffer", getters::buffer),
            Row::getter("byteLength", getters::byte_length),
            Row::getter("byteOffset", getters::byte_offset),
            Row::method("copyWithin", 2, modify::copy_within),
            Row::method("entries", 0, search::entries),
            Row::method("every", 1, callback::every),
            Row::method("fill", 1, modify::fill),
            Row::method("filter", 1, callback::filter),
            Row::method("find", 1, callback::find),
            Row::method("findIndex", 1, callback::find_index),
            Row::method("findLast", 1, callback::find_last),
            Row::method("findLastIndex", 1, callback::find_last_index),
            Row::method("forEach", 1, callback::for_each),
            Row::method("includes", 1, search::includes),
            Row::method("indexOf", 1, search::index_of),
            Row::method("join", 1, text::join),
            Row::method("keys", 0, search::keys),
            Row::method("lastIndexOf", 1, search::last_index_of),
            Row::getter("length", getters::length),
            Row::method("map", 1, callback::map),
            Row::method("reduce", 1, callback::reduce),
            Row::method("reduceRight", 1, callback::reduce_right),
            Row::method("reverse", 0, order::reverse),
            Row::method("set", 1, modify::set),
            Row::method("slice", 2, modify::slice),
            Row::method("some", 1, callback::some),
            Row::method("sort", 1, order::sort),
            Row::method("subarray", 2, modify::subarray),
            Row::method("toLocaleString", 0, text::to_locale_string),
            Row::method("toReversed", 0, order::to_reversed),
            Row::method("toSorted", 1, order::to_sorted),
            Row::data("toString", DataValue::Property(Intrinsic::ArrayPrototype, "toString")),
            Row::method("with", 2, modify::with),
            Row::symbol_getter(WellKnown::ToStringTag, "[Symbol.toStringTag]", getters::to_string_tag),
        ],
    )
};

const fn bytes_per_element(element: ElementType) -> Row {
    Row::constant("BYTES_PER_ELEMENT", DataValue::Number(element.size() as f64))
}

macro_rules! classes {
    ($($class:ident $element:ident,)*) => {
        $(const $class: ClassSpec = ClassSpec::class(
            ElementType::$element.name(),
            create::construct::<{ ElementType::$element as u8 }>,
            3,
            ElementType::$element.constructor(),
            ElementType::$element.prototype(),
            &[bytes_per_element(ElementType::$element)],
            &[bytes_per_element(ElementType::$element)],
        )
        .extends(Intrinsic::TypedArray, Intrinsic::TypedArrayPrototype);)*
    };
}

classes! {
    INT8 Int8,
    UINT8_CLAMPED Uint8Clamped,
    INT16 Int16,
    UINT16 Uint16,
    INT32 Int32,
    UINT32 Uint32,
    FLOAT16 Float16,
    FLOAT32 Float32,
    FLOAT64 Float64,
    BIG_INT64 BigInt64,
    BIG_UINT64 BigUint64,
}

// The one class with rows of its own: base64 and hex (ES2026, 23.2.4 of its draft).
const UINT8: ClassSpec = ClassSpec::class(
    "Uint8Array",
    create::construct::<{ ElementType::Uint8 as u8 }>,
    3,
    Intrinsic::Uint8Array,
    Intrinsic::Uint8ArrayPrototype,
    &[
        bytes_per_element(ElementType::Uint8),
        Row::method("fromBase64", 1, base64::from_base64),
        Row::method("fromHex", 1, hex::from_hex),
    ],
    &[
        bytes_per_element(ElementType::Uint8),
        Row::method("setFromBase64", 1, base64::set_from_base64),
        Row::method("setFromHex", 1, hex::set_from_hex),
        Row::method("toBase64", 0, base64::to_base64),
        Row::method("toHex", 0, hex::to_hex),
    ],
)
.extends(Intrinsic::TypedArray, Intrinsic::TypedArrayPrototype);

/// 10.4.5.16 TypedArrayGetElement: None when out of bounds.
#[inline]
pub fn get_element(rt: &Rt, obj: Ref, i: u32) -> Option<Value> {
    let view = view(rt, obj)?;
    (i < view.len).then(|| element::read(rt, view.cell, view.at(i), view.element))
}

/// 10.4.5.17 TypedArraySetElement: converts, then writes if in bounds.
#[inline]
pub fn set_element(rt: &mut Rt, obj: Ref, i: u32, v: Value) -> JsResult<()> {
    let element = element_type(rt, obj);
    if v.is_number() && !element.is_bigint() {
        store(rt, obj, i, element::raw_of_number(element, v));
        return Ok(());
    }
    set_element_slow(rt, obj, i, v)
}

fn set_element_slow(rt: &mut Rt, obj: Ref, i: u32, v: Value) -> JsResult<()> {
    rt.scoped(|rt| {
        let element = element_type(rt, obj);
        let obj = rt.root(Value::object(obj));
        let raw = element::raw_of_value(rt, element, v)?;
        store(rt, obj.obj(rt), i, raw);
        Ok(())
    })
}

#[inline]
fn store(rt: &Rt, obj: Ref, i: u32, raw: u64) {
    if let Some(view) = view(rt, obj)
        && i < view.len
    {
        element::store_raw(rt, view.cell, view.at(i), view.element.size(), raw);
    }
}

/// 10.4.5.4 `[[DefineOwnProperty]]` of an index.
pub fn define_element(rt: &mut Rt, obj: Ref, i: u32, desc: &Desc) -> JsResult<bool> {
    if i >= length(rt, obj)
        || desc.configurable == Some(false)
        || desc.enumerable == Some(false)
        || desc.is_accessor()
        || desc.writable == Some(false)
    {
        return Ok(false);
    }
    if let Some(v) = desc.value {
        set_element(rt, obj, i, v)?;
    }
    Ok(true)
}

/// 10.4.5.13 TypedArrayLength; 0 when out of bounds.
pub fn length(rt: &Rt, obj: Ref) -> u32 {
    view(rt, obj).map_or(0, |view| view.len)
}

/// 10.4.5.13 TypedArrayLength, TypeError when out of bounds.
pub fn checked_length(rt: &mut Rt, obj: Ref) -> JsResult<u32> {
    view::checked_view(rt, obj).map(|view| view.len)
}

/// 10.4.5.15 IsTypedArrayFixedLength
pub fn is_fixed_length(rt: &Rt, obj: Ref) -> bool {
    use crate::heap::layout::Kind;
    if rt.internal(obj, view::LENGTH).is_undefined() {
        return false;
    }
    let buffer = view::buffer_of(rt, obj);
    rt.kind(buffer) == Kind::SharedArrayBuffer || bytes::max_byte_length(rt, buffer).is_none()
}

/// A new Uint8Array with a copy of these bytes, which are at most [`bytes::MAX_BYTES`].
pub fn new_uint8_array(rt: &Rt, data: &[u8]) -> Ref {
    assert!(data.len() <= bytes::MAX_BYTES as usize, "more bytes than a buffer holds");
    let len = data.len() as u32;
    let cell = rt.alloc_bytes(len);
    rt.with_bytes_mut(cell, 0, len, |to| to.copy_from_slice(data));
    uint8_array_of_cell(rt, cell, len)
}

/// A new Uint8Array over a Bytes cell that nothing else uses, of which the first `len` bytes count.
pub fn uint8_array_of_cell(rt: &Rt, cell: Ref, len: u32) -> Ref {
    let buffer = bytes::new_buffer_of_cell(rt, cell, len);
    let proto = rt.intrinsic(Intrinsic::Uint8ArrayPrototype);
    create::over_buffer(rt, proto, ElementType::Uint8, buffer, 0, Some(len))
}

/// The bytes behind any view or buffer: Bytes cell, first byte, length. None for other values; out of bounds and
/// detached ones have no bytes.
pub fn bytes_of(rt: &Rt, v: Value) -> Option<(Ref, u32, u32)> {
    use crate::heap::layout::Kind;
    let obj = v.to_obj()?;
    let span = match rt.kind(obj) {
        Kind::TypedArray => view(rt, obj).map(|view| (view.cell, view.offset, view.byte_len())),
        Kind::DataView => super::buffer::data_view_span(rt, obj),
        Kind::ArrayBuffer | Kind::SharedArrayBuffer => {
            bytes::cell(rt, obj).map(|c| (c, 0, bytes::byte_length(rt, obj)))
        }
        _ => return None,
    };
    Some(span.unwrap_or_else(|| (rt.alloc_bytes(0), 0, 0)))
}
