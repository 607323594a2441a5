//! Where a typed array's elements are (10.4.5.8 and following).
//!
//! Internal words: 0 buffer, 1 byte offset, 2 length or undefined (follows the buffer), 3 element type.
use super::element::ElementType;
use crate::builtins::buffer::bytes;
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::runtime::{Rt, Slot};
use crate::value::{JsResult, Ref, Thrown, Value};

pub(super) const BUFFER: u32 = 0;
pub(super) const BYTE_OFFSET: u32 = 1;
pub(super) const LENGTH: u32 = 2;
pub(super) const ELEMENT: u32 = 3;

/// The elements of a typed array that is in bounds, as of now.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// Bytes cell.
    pub cell: Ref,
    /// First byte.
    pub offset: u32,
    /// Elements.
    pub len: u32,
    /// Their type.
    pub element: ElementType,
}

impl View {
    /// Bytes of all elements.
    pub fn byte_len(self) -> u32 {
        self.len << self.element.shift()
    }

    /// Byte of element `i`.
    #[inline(always)]
    pub fn at(self, i: u32) -> u32 {
        self.offset + (i << self.element.shift())
    }
}

/// Element type.
#[inline(always)]
pub fn element_type(rt: &Rt, obj: Ref) -> ElementType {
    ElementType::of(rt.internal(obj, ELEMENT).as_int() as u8)
}

/// The buffer.
#[inline]
pub fn buffer_of(rt: &Rt, obj: Ref) -> Ref {
    rt.internal(obj, BUFFER).as_ref()
}

/// The elements; `None` if out of bounds or detached.
#[inline(always)]
pub fn view(rt: &Rt, obj: Ref) -> Option<View> {
    let buffer = rt.internal(obj, BUFFER).as_ref();
    let cell = bytes::cell(rt, buffer)?;
    let available = bytes::byte_length(rt, buffer);
    let offset = rt.internal(obj, BYTE_OFFSET).as_int() as u32;
    let element = element_type(rt, obj);
    let len = rt.internal(obj, LENGTH);
    let len = if len.is_undefined() {
        available.checked_sub(offset)? >> element.shift()
    } else {
        let len = len.as_int() as u32;
        if u64::from(offset) + (u64::from(len) << element.shift()) > u64::from(available) {
            return None;
        }
        len
    };
    Some(View { cell, offset, len, element })
}

/// TypeError of a typed array that is out of bounds.
#[cold]
pub fn throw_out_of_bounds(rt: &mut Rt) -> Thrown {
    rt.throw_type("TypedArray is out of bounds or its buffer is detached")
}

/// The elements, TypeError if out of bounds.
#[inline]
pub fn checked_view(rt: &mut Rt, obj: Ref) -> JsResult<View> {
    match view(rt, obj) {
        Some(view) => Ok(view),
        None => Err(throw_out_of_bounds(rt)),
    }
}

/// 23.2.4.4 ValidateTypedArray ( O ), of `this`: a slot with it, and its elements.
#[inline]
pub fn this_view(rt: &mut Rt, args: Args) -> JsResult<(Slot, View)> {
    let this = args.this(rt);
    let view = validate(rt, this)?;
    Ok((rt.root(this), view))
}

/// 23.2.4.4 ValidateTypedArray ( O )
pub fn validate(rt: &mut Rt, v: Value) -> JsResult<View> {
    if !rt.is_kind(v, Kind::TypedArray) {
        return Err(rt.throw_type("this is not a typed array"));
    }
    checked_view(rt, v.as_ref())
}
