//! Proxy objects (10.5, 28.2).
use super::spec::ClassSpec;
use crate::call::Args;
use crate::object::{Desc, Key, Prop};
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Value};

/// Tables of this file.
pub const CLASSES: &[&ClassSpec] = &[];

fn unavailable<T>(rt: &mut Rt) -> JsResult<T> {
    Err(rt.throw_type("Proxy is not available"))
}

/// `[[GetOwnProperty]]`
pub fn get_own_property(rt: &mut Rt, _p: Ref, _key: Key) -> JsResult<Option<Prop>> {
    unavailable(rt)
}
/// `[[DefineOwnProperty]]`
pub fn define_own_property(rt: &mut Rt, _p: Ref, _key: Key, _desc: &Desc) -> JsResult<bool> {
    unavailable(rt)
}
/// `[[HasProperty]]`
pub fn has(rt: &mut Rt, _p: Ref, _key: Key) -> JsResult<bool> {
    unavailable(rt)
}
/// `[[Get]]`
pub fn get(rt: &mut Rt, _p: Ref, _key: Key, _receiver: Value) -> JsResult {
    unavailable(rt)
}
/// `[[Set]]`
pub fn set(rt: &mut Rt, _p: Ref, _key: Key, _v: Value, _receiver: Value) -> JsResult<bool> {
    unavailable(rt)
}
/// `[[Delete]]`
pub fn delete(rt: &mut Rt, _p: Ref, _key: Key) -> JsResult<bool> {
    unavailable(rt)
}
/// `[[OwnPropertyKeys]]`
pub fn own_keys(rt: &mut Rt, _p: Ref) -> JsResult<Ref> {
    unavailable(rt)
}
/// `[[GetPrototypeOf]]`
pub fn get_prototype_of(rt: &mut Rt, _p: Ref) -> JsResult<Ref> {
    unavailable(rt)
}
/// `[[SetPrototypeOf]]`
pub fn set_prototype_of(rt: &mut Rt, _p: Ref, _proto: Ref) -> JsResult<bool> {
    unavailable(rt)
}
/// `[[IsExtensible]]`
pub fn is_extensible(rt: &mut Rt, _p: Ref) -> JsResult<bool> {
    unavailable(rt)
}
/// `[[PreventExtensions]]`
pub fn prevent_extensions(rt: &mut Rt, _p: Ref) -> JsResult<bool> {
    unavailable(rt)
}
/// `[[Call]]` and `[[Construct]]`
pub fn call(rt: &mut Rt, _args: Args) -> JsResult {
    unavailable(rt)
}
