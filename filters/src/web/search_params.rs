//! `URLSearchParams` (URL standard 6.2).
//!
//! Fields: 0 = flat Array of name, value…, 1 = the URL object it belongs to, or undefined.
use super::{pairs, url};
use crate::object::{self, Class, field, set_field, this_of};
use lockgate_engine::builtins::spec::{ClassSpec, Row};
use lockgate_engine::call::Args;
use lockgate_engine::heap::layout::ARRAY_LENGTH;
use lockgate_engine::realm::{Intrinsic, WellKnown};
use lockgate_engine::runtime::Rt;
use lockgate_engine::value::{JsResult, Ref, Value};

/// The class.
pub const CLASS: ClassSpec = ClassSpec::class(
    "URLSearchParams",
    construct,
    0,
    Intrinsic::Host8,
    Intrinsic::Host9,
    &[],
    &[
        Row::getter("size", size).enumerable(),
        Row::method("append", 2, append).enumerable(),
        Row::method("delete", 1, delete).enumerable(),
        Row::method("get", 1, get).enumerable(),
        Row::method("getAll", 1, get_all).enumerable(),
        Row::method("has", 1, has).enumerable(),
        Row::method("set", 2, set).enumerable(),
        Row::method("sort", 0, sort).enumerable(),
        Row::method("forEach", 1, for_each).enumerable(),
        Row::method("entries", 0, entries).enumerable(),
        Row::method("keys", 0, keys).enumerable(),
        Row::method("values", 0, values).enumerable(),
        Row::method("toString", 0, to_string).enumerable(),
        Row::symbol_alias(WellKnown::Iterator, "entries"),
        Row::tag("URLSearchParams"),
    ],
);

fn list_of(rt: &Rt, params: Ref) -> Ref {
    field(rt, params, 0).as_ref()
}

/// Parameters of a query, tied to their URL object.
pub fn of_url(rt: &Rt, owner: Ref, query: &str) -> Ref {
    let params = object::new_host(rt, Class::SearchParams, rt.intrinsic(Intrinsic::Host9));
    set_field(rt, params, 0, Value::object(rt.new_array(&[])));
    set_field(rt, params, 1, Value::object(owner));
    parse_into(rt, params, query);
    params
}

/// Puts the pairs of a query in place of those there are.
pub fn parse_into(rt: &Rt, params: Ref, query: &str) {
    let list = rt.new_array(&[]);
    for (name, value) in ::url::form_urlencoded::parse(query.as_bytes()) {
        rt.array_push(list, rt.str_value(&name));
        rt.array_push(list, rt.str_value(&value));
    }
    set_field(rt, params, 0, Value::object(list));
}

fn each(rt: &Rt, list: Ref) -> Vec<(String, String)> {
    let elements = rt.elements(list);
    let text = |i: u32| rt.to_text(rt.word(elements, i).as_ref());
    (0..rt.array_len(list) / 2).map(|i| (text(2 * i), text(2 * i + 1))).collect()
}

/// The query these parameters spell.
pub fn text(rt: &Rt, params: Ref) -> String {
    let mut out = ::url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in each(rt, list_of(rt, params)) {
        out.append_pair(&name, &value);
    }
    out.finish()
}

/// The same as a string of the engine.
pub fn serialize(rt: &mut Rt, params: Ref) -> JsResult<Ref> {
    let text = text(rt, params);
    Ok(rt.new_str(&text))
}

fn changed(rt: &Rt, params: Ref) {
    if let Some(owner) = field(rt, params, 1).to_obj() {
        url::query_changed(rt, owner, &text(rt, params));
    }
}

/// `new URLSearchParams(init)`
fn construct(rt: &mut Rt, args: Args) -> JsResult {
    let params = object::construct(rt, args, Class::SearchParams, Intrinsic::Host9)?;
    set_field(rt, params, 0, Value::object(rt.new_array(&[])));
    let keep = rt.root(Value::object(params));
    let init = args.get(rt, 0);
    if init.is_object() {
        pairs::each_pair(rt, init, &mut |rt, name, value| {
            rt.scoped(|rt| {
                let value = rt.root(value);
                let name = rt.to_str(name)?;
                let name = rt.root(Value::string(name));
                let v = value.get(rt);
                let v = rt.to_str(v)?;
                let list = list_of(rt, keep.obj(rt));
                rt.array_push(list, name.get(rt));
                rt.array_push(list, Value::string(v));
                Ok(())
            })
        })?;
    } else if !init.is_undefined() {
        let query = rt.to_str(init)?;
        let query = rt.to_text(query);
        parse_into(rt, keep.obj(rt), query.strip_prefix('?').unwrap_or(&query));
    }
    Ok(keep.get(rt))
}

/// Two arguments as strings.
fn pair(rt: &mut Rt, args: Args) -> JsResult<(Ref, Ref)> {
    let name = rt.to_str(args.get(rt, 0))?;
    let name = rt.root(Value::string(name));
    let value = rt.to_str(args.get(rt, 1))?;
    Ok((name.obj(rt), value))
}

/// Keeps the pairs that `keep` wants.
fn retain(rt: &Rt, params: Ref, mut keep: impl FnMut(Ref, Ref) -> bool) {
    let list = list_of(rt, params);
    let (elements, len) = (rt.elements(list), rt.array_len(list));
    let mut kept = 0;
    for i in 0..len / 2 {
        let (name, value) = (rt.word(elements, 2 * i), rt.word(elements, 2 * i + 1));
        if keep(name.as_ref(), value.as_ref()) {
            rt.put_word(elements, kept, name);
            rt.put_word(elements, kept + 1, value);
            kept += 2;
        }
    }
    for i in kept..len {
        rt.put_word(elements, i, Value::HOLE);
    }
    rt.put::<u32>(list, ARRAY_LENGTH, kept);
}

/// `size`
fn size(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::SearchParams)?;
    Ok(Value::uint(rt.array_len(list_of(rt, this)) / 2))
}

/// `append(name, value)`
fn append(rt: &mut Rt, args: Args) -> JsResult {
    this_of(rt, args, Class::SearchParams)?;
    let (name, value) = pair(rt, args)?;
    let this = this_of(rt, args, Class::SearchParams)?;
    let list = list_of(rt, this);
    rt.array_push(list, Value::string(name));
    rt.array_push(list, Value::string(value));
    changed(rt, this);
    Ok(Value::UNDEFINED)
}

/// `delete(name, value)`
fn delete(rt: &mut Rt, args: Args) -> JsResult {
    this_of(rt, args, Class::SearchParams)?;
    let any = args.get(rt, 1).is_undefined();
    let (name, value) = pair(rt, args)?;
    let this = this_of(rt, args, Class::SearchParams)?;
    retain(rt, this, |n, v| !(rt.str_eq(n, name) && (any || rt.str_eq(v, value))));
    changed(rt, this);
    Ok(Value::UNDEFINED)
}

fn found(rt: &mut Rt, args: Args) -> JsResult<Vec<Value>> {
    this_of(rt, args, Class::SearchParams)?;
    let v = args.get(rt, 0);
    let name = rt.to_str(v)?;
    let this = this_of(rt, args, Class::SearchParams)?;
    let list = list_of(rt, this);
    let elements = rt.elements(list);
    let pairs = (0..rt.array_len(list) / 2).filter(|i| rt.str_eq(rt.word(elements, 2 * i).as_ref(), name));
    Ok(pairs.map(|i| rt.word(elements, 2 * i + 1)).collect())
}

/// `get(name)`
fn get(rt: &mut Rt, args: Args) -> JsResult {
    Ok(found(rt, args)?.first().copied().unwrap_or(Value::NULL))
}

/// `getAll(name)`
fn get_all(rt: &mut Rt, args: Args) -> JsResult {
    let all = found(rt, args)?;
    Ok(Value::object(rt.new_array(&all)))
}

/// `has(name, value)`
fn has(rt: &mut Rt, args: Args) -> JsResult {
    let any = args.get(rt, 1).is_undefined();
    let all = found(rt, args)?;
    if any || all.is_empty() {
        return Ok(Value::bool(!all.is_empty()));
    }
    let all = rt.new_array(&all);
    let all = rt.root(Value::object(all));
    let value = rt.to_str(args.get(rt, 1))?;
    let all = all.obj(rt);
    let elements = rt.elements(all);
    Ok(Value::bool((0..rt.array_len(all)).any(|i| rt.str_eq(rt.word(elements, i).as_ref(), value))))
}

/// `set(name, value)`
fn set(rt: &mut Rt, args: Args) -> JsResult {
    this_of(rt, args, Class::SearchParams)?;
    let (name, value) = pair(rt, args)?;
    let this = this_of(rt, args, Class::SearchParams)?;
    let list = list_of(rt, this);
    let elements = rt.elements(list);
    let first = (0..rt.array_len(list) / 2).find(|i| rt.str_eq(rt.word(elements, 2 * i).as_ref(), name));
    match first {
        Some(i) => {
            rt.put_word(elements, 2 * i + 1, Value::string(value));
            let mut seen = false;
            retain(rt, this, |n, _| {
                let same = rt.str_eq(n, name);
                let kept = !same || !seen;
                seen |= same;
                kept
            });
        }
        None => {
            rt.array_push(list, Value::string(name));
            rt.array_push(list, Value::string(value));
        }
    }
    changed(rt, this);
    Ok(Value::UNDEFINED)
}

/// `sort()`: by name in code units, stable.
fn sort(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::SearchParams)?;
    let list = list_of(rt, this);
    let elements = rt.elements(list);
    let mut all: Vec<(Value, Value)> =
        (0..rt.array_len(list) / 2).map(|i| (rt.word(elements, 2 * i), rt.word(elements, 2 * i + 1))).collect();
    all.sort_by(|a, b| rt.str_cmp(a.0.as_ref(), b.0.as_ref()));
    for (i, (name, value)) in all.into_iter().enumerate() {
        rt.put_word(elements, 2 * i as u32, name);
        rt.put_word(elements, 2 * i as u32 + 1, value);
    }
    changed(rt, this);
    Ok(Value::UNDEFINED)
}

fn snapshot(rt: &mut Rt, args: Args) -> JsResult<Ref> {
    let this = this_of(rt, args, Class::SearchParams)?;
    let list = list_of(rt, this);
    let copy = rt.new_array_with_capacity(rt.array_len(list));
    let elements = rt.elements(list);
    for i in 0..rt.array_len(list) {
        rt.array_push(copy, rt.word(elements, i));
    }
    Ok(copy)
}

/// `forEach(callback, thisArg)`
fn for_each(rt: &mut Rt, args: Args) -> JsResult {
    let flat = snapshot(rt, args)?;
    pairs::for_each(rt, args, flat)
}

/// `entries()`
fn entries(rt: &mut Rt, args: Args) -> JsResult {
    let flat = snapshot(rt, args)?;
    Ok(pairs::new_iterator(rt, flat, pairs::What::Entries))
}

/// `keys()`
fn keys(rt: &mut Rt, args: Args) -> JsResult {
    let flat = snapshot(rt, args)?;
    Ok(pairs::new_iterator(rt, flat, pairs::What::Keys))
}

/// `values()`
fn values(rt: &mut Rt, args: Args) -> JsResult {
    let flat = snapshot(rt, args)?;
    Ok(pairs::new_iterator(rt, flat, pairs::What::Values))
}

/// `toString()`
fn to_string(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::SearchParams)?;
    serialize(rt, this).map(Value::string)
}
