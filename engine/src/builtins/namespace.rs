//! Module namespace exotic objects (10.4.6).
use crate::object::{Desc, Key, Prop};
use crate::runtime::Rt;
use crate::shape::attr;
use crate::value::{JsResult, Ref, Value};

/// Value of an export: internal word 0 is a Words cell of (name string, scope internal, slot int) triples in name order.
fn find(rt: &Rt, obj: Ref, name: Ref) -> Option<Value> {
    let table = rt.internal(obj, 0).as_ref();
    (0..rt.len(table) / 3).find(|&i| rt.word(table, 3 * i).as_ref() == name).map(|i| {
        let scope = rt.word(table, 3 * i + 1);
        let slot = rt.word(table, 3 * i + 2);
        // A namespace re-exported by `export * as` has no slot.
        if slot.is_undefined() { scope } else { rt.word(scope.as_ref(), slot.as_int() as u32) }
    })
}

/// `[[GetOwnProperty]]`
pub fn get_own_property(rt: &mut Rt, obj: Ref, key: Key) -> JsResult<Option<Prop>> {
    let Key::Name(name) = key else { return Ok(None) };
    match find(rt, obj, name) {
        Some(v) if v.is_tdz() => {
            let name = rt.key_text(key);
            Err(rt.throw_reference(&format!("Cannot access '{name}' before initialization")))
        }
        Some(v) => Ok(Some(Prop::data(v, attr::W | attr::E))),
        None => Ok(rt.shape_find(rt.shape_of(obj), name).map(|f| Prop::data(rt.slot(obj, f.slot()), f.info))),
    }
}

/// `[[Get]]`
pub fn get(rt: &mut Rt, obj: Ref, key: Key) -> JsResult {
    Ok(get_own_property(rt, obj, key)?.map_or(Value::UNDEFINED, |p| p.value))
}

/// `[[DefineOwnProperty]]`
pub fn define_own_property(rt: &mut Rt, obj: Ref, key: Key, desc: &Desc) -> JsResult<bool> {
    let Some(current) = get_own_property(rt, obj, key)? else { return Ok(false) };
    Ok(desc.configurable != Some(true)
        && desc.enumerable.is_none_or(|e| e == current.enumerable())
        && !desc.is_accessor()
        && desc.writable.is_none_or(|w| w == current.writable())
        && desc.value.is_none_or(|v| rt.same_value(v, current.value)))
}

/// `[[Delete]]`
pub fn delete(rt: &mut Rt, obj: Ref, key: Key) -> JsResult<bool> {
    let Key::Name(name) = key else { return Ok(true) };
    Ok(find(rt, obj, name).is_none() && rt.shape_find(rt.shape_of(obj), name).is_none())
}

/// `[[OwnPropertyKeys]]`
pub fn own_keys(rt: &mut Rt, obj: Ref) -> JsResult<Ref> {
    let table = rt.internal(obj, 0).as_ref();
    let n = rt.len(table) / 3;
    let keys = rt.new_array_with_capacity(n + 1);
    for i in 0..n {
        rt.array_push(keys, rt.word(table, 3 * i));
    }
    rt.array_push(keys, Value::symbol(rt.symbol(crate::realm::WellKnown::ToStringTag)));
    Ok(keys)
}
