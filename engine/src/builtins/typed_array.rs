//! TypedArray objects (23.2, 10.4.5).
use super::spec::ClassSpec;
use crate::object::Desc;
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Value};

/// Tables of this file.
pub const CLASSES: &[&ClassSpec] = &[];

/// TypedArrayGetElement: None when out of bounds.
pub fn get_element(_rt: &Rt, _obj: Ref, _i: u32) -> Option<Value> {
    None
}
/// TypedArraySetElement: converts, then writes if in bounds.
pub fn set_element(_rt: &mut Rt, _obj: Ref, _i: u32, _v: Value) -> JsResult<()> {
    Ok(())
}
/// `[[DefineOwnProperty]]` of an index.
pub fn define_element(_rt: &mut Rt, _obj: Ref, _i: u32, _desc: &Desc) -> JsResult<bool> {
    Ok(false)
}
/// TypedArrayLength; 0 when out of bounds.
pub fn length(_rt: &Rt, _obj: Ref) -> u32 {
    0
}
/// IsTypedArrayFixedLength
pub fn is_fixed_length(_rt: &Rt, _obj: Ref) -> bool {
    true
}

/// TypedArrayLength, TypeError if out of bounds or detached.
pub fn checked_length(_rt: &mut Rt, _obj: Ref) -> JsResult<u32> {
    Ok(0)
}
