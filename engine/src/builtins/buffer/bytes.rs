//! The storage of ArrayBuffers and SharedArrayBuffers.
//!
//! Internal words: 0 the Bytes cell (undefined once detached), 1 byte length, 2 greatest byte length or undefined (fixed
//! length), 3 undefined or, of a shared one, the array of those who wait for it ([`super::waiters`]). The cell may be longer than the byte length; what lies behind it is zero.
use crate::heap::layout::*;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Value};

const CELL: u32 = 0;
const BYTE_LENGTH: u32 = 1;
const MAX_BYTE_LENGTH: u32 = 2;
/// Internal word of the waiters.
pub const WAITERS: u32 = 3;

/// Longest buffer: lengths and offsets stay int32.
pub const MAX_BYTES: u32 = (1 << 31) - 4096;

/// Whether a value is an ArrayBuffer or a SharedArrayBuffer.
#[inline]
pub fn is_buffer(rt: &Rt, v: Value) -> bool {
    rt.is_kind(v, Kind::ArrayBuffer) || rt.is_kind(v, Kind::SharedArrayBuffer)
}

/// The Bytes cell, `None` once detached.
#[inline(always)]
pub fn cell(rt: &Rt, buffer: Ref) -> Option<Ref> {
    let cell = rt.internal(buffer, CELL);
    if cell.is_undefined() { None } else { Some(cell.as_ref()) }
}

/// Whether a buffer is detached.
#[inline]
pub fn is_detached(rt: &Rt, buffer: Ref) -> bool {
    rt.internal(buffer, CELL).is_undefined()
}

/// Byte length; 0 once detached.
#[inline(always)]
pub fn byte_length(rt: &Rt, buffer: Ref) -> u32 {
    rt.internal(buffer, BYTE_LENGTH).as_int() as u32
}

/// Greatest byte length of a resizable or growable buffer.
#[inline]
pub fn max_byte_length(rt: &Rt, buffer: Ref) -> Option<u32> {
    let max = rt.internal(buffer, MAX_BYTE_LENGTH);
    max.is_int().then(|| max.as_int() as u32)
}

/// 25.1.3.1 AllocateArrayBuffer and 25.2.2.1 AllocateSharedArrayBuffer, the prototype found and `len` at most `max`.
pub fn allocate(rt: &mut Rt, kind: Kind, proto: Ref, len: f64, max: Option<f64>) -> JsResult<Ref> {
    if max.unwrap_or(len) > f64::from(MAX_BYTES) {
        return Err(rt.throw_range("Array buffer allocation failed"));
    }
    let buffer = rt.new_of_kind_with_proto(kind, proto);
    let bytes = rt.alloc_bytes(len as u32);
    rt.set_internal(buffer, CELL, Value::internal(bytes));
    rt.set_internal(buffer, BYTE_LENGTH, Value::int(len as i32));
    rt.set_internal(buffer, MAX_BYTE_LENGTH, max.map_or(Value::UNDEFINED, |max| Value::int(max as i32)));
    Ok(buffer)
}

/// A new ArrayBuffer of `len` zero bytes; RangeError beyond [`MAX_BYTES`].
pub fn new_buffer(rt: &mut Rt, len: f64) -> JsResult<Ref> {
    let proto = rt.intrinsic(Intrinsic::ArrayBufferPrototype);
    allocate(rt, Kind::ArrayBuffer, proto, len, None)
}

/// A new ArrayBuffer over a Bytes cell that nothing else uses, of which the first `len` bytes count.
pub fn new_buffer_of_cell(rt: &Rt, bytes: Ref, len: u32) -> Ref {
    let buffer = rt.new_of_kind(Kind::ArrayBuffer, Intrinsic::ArrayBufferPrototype);
    rt.set_internal(buffer, CELL, Value::internal(bytes));
    rt.set_internal(buffer, BYTE_LENGTH, Value::int(len as i32));
    buffer
}

/// Changes the length of a resizable buffer to at most its greatest, moving to a longer cell if need be.
pub fn resize(rt: &Rt, buffer: Ref, len: u32) {
    let Some(old) = cell(rt, buffer) else { return };
    let old_len = byte_length(rt, buffer);
    if len < old_len {
        rt.with_bytes_mut(old, len, old_len - len, |dropped| dropped.fill(0));
    } else if len > rt.len(old) {
        // Half as much again, so that growing in steps copies each byte a bounded number of times.
        let room = (len + len / 2).min(max_byte_length(rt, buffer).unwrap_or(len)).max(len);
        let grown = rt.alloc_bytes(room);
        copy(rt, old, 0, grown, 0, old_len);
        rt.set_internal(buffer, CELL, Value::internal(grown));
    }
    rt.set_internal(buffer, BYTE_LENGTH, Value::int(len as i32));
}

/// 25.1.3.5 DetachArrayBuffer
pub fn detach(rt: &Rt, buffer: Ref) {
    rt.set_internal(buffer, CELL, Value::UNDEFINED);
    rt.set_internal(buffer, BYTE_LENGTH, Value::int(0));
}

/// Copies bytes between cells (or inside one).
pub fn copy(rt: &Rt, from: Ref, i: u32, to: Ref, j: u32, n: u32) {
    if n > 0 {
        let target = to.0 + CELL_DATA + j;
        rt.mark_range(target, n);
        crate::heap::cage::copy(rt.base(), from.0 + CELL_DATA + i, target, n as usize);
    }
}
