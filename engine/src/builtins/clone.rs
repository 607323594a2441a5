//! structuredClone (HTML 2.7): serialization and deserialization in one walk, since nothing leaves the realm.
//!
//! A Map from what was cloned to its clone keeps identity and ends cycles.
use super::buffer::bytes;
use super::collections::table::{self, Position};
use super::collections::{map::new_map, set::new_set};
use super::object::{Listing, enumerable_own_properties};
use super::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::heap::layout::*;
use crate::object::{Desc, Key};
use crate::realm::Intrinsic;
use crate::runtime::{Rt, Slot};
use crate::shape::attr;
use crate::string::atoms;
use crate::value::{JsResult, Ref, Thrown, Value};

/// Tables of this file.
pub const CLASSES: &[&ClassSpec] = &[&GLOBALS];

const GLOBALS: ClassSpec = ClassSpec::globals(&[Row::method("structuredClone", 1, structured_clone).enumerable()]);

/// HTML 2.7.10 structuredClone ( value, options )
fn structured_clone(rt: &mut Rt, args: Args) -> JsResult {
    if args.is_empty() {
        return Err(rt.throw_type("structuredClone needs a value"));
    }
    let memory = rt.root(Value::UNDEFINED);
    let transfers = transfer_list(rt, args)?;
    for i in 0..rt.array_len(transfers.obj(rt)) {
        let buffer = rt.word(rt.elements(transfers.obj(rt)), i).as_ref();
        let moved = rt.new_of_kind_with_proto(Kind::ArrayBuffer, rt.intrinsic(Intrinsic::ArrayBufferPrototype));
        remember(rt, memory, buffer, Value::object(moved));
    }
    let v = args.get(rt, 0);
    let v = clone(rt, v, memory)?;
    let v = rt.root(v);
    for i in 0..rt.array_len(transfers.obj(rt)) {
        let buffer = rt.word(rt.elements(transfers.obj(rt)), i).as_ref();
        if bytes::is_detached(rt, buffer) {
            return Err(throw_clone_error(rt, "An ArrayBuffer is detached and could not be cloned."));
        }
        if let Some(moved) = table::get(rt, memory.obj(rt), Value::object(buffer)) {
            for word in 0..Kind::ArrayBuffer.internal_words() {
                rt.set_internal(moved.as_ref(), word, rt.internal(buffer, word));
            }
            bytes::detach(rt, buffer);
        }
    }
    Ok(v.get(rt))
}

/// The buffers of `options.transfer`, as an Array.
fn transfer_list(rt: &mut Rt, args: Args) -> JsResult<Slot> {
    let list = rt.new_array_with_capacity(0);
    let list = rt.root(Value::object(list));
    let options = args.get(rt, 1);
    if options.is_nullish() {
        return Ok(list);
    }
    if !options.is_object() {
        return Err(rt.throw_type("The options of structuredClone must be an object"));
    }
    let transfer = rt.get(options, Key::Name(rt.intern_str("transfer")))?;
    if transfer.is_undefined() {
        return Ok(list);
    }
    super::iterate::for_each(rt, transfer, &mut |rt, v| {
        if !rt.is_kind(v, Kind::ArrayBuffer) || bytes::is_detached(rt, v.as_ref()) {
            return Err(throw_clone_error(rt, "Value of the transfer list could not be transferred."));
        }
        let known = rt.dense_array(list.get(rt)).is_some_and(|(cell, len)| (0..len).any(|i| rt.word(cell, i) == v));
        if known {
            return Err(throw_clone_error(rt, "Transfer list contains duplicate ArrayBuffer"));
        }
        rt.array_push(list.obj(rt), v);
        Ok(true)
    })?;
    Ok(list)
}

#[cold]
fn throw_clone_error(rt: &mut Rt, message: &str) -> Thrown {
    let error = rt.new_error(rt.intrinsic(Intrinsic::ErrorPrototype), Some(message));
    let name = rt.str_value("DataCloneError");
    rt.add_property(error, atoms::name, name, attr::METHODS);
    rt.add_property(error, rt.intern_str("code"), Value::int(25), attr::METHODS);
    rt.throw(Value::object(error))
}

fn remember(rt: &mut Rt, memory: Slot, from: Ref, to: Value) {
    if memory.get(rt).is_undefined() {
        let map = new_map(rt);
        memory.set(rt, Value::object(map));
    }
    table::put(rt, memory.obj(rt), Value::object(from), to);
}

/// 2.7.3 StructuredSerializeInternal and 2.7.6 StructuredDeserialize of one value.
fn clone(rt: &mut Rt, v: Value, memory: Slot) -> JsResult {
    let Some(obj) = v.to_obj() else {
        if v.is_symbol() {
            let text = rt.describe_value(v);
            return Err(throw_clone_error(rt, &format!("{text} could not be cloned.")));
        }
        return Ok(v);
    };
    if memory.get(rt).is_object()
        && let Some(known) = table::get(rt, memory.obj(rt), v)
    {
        return Ok(known);
    }
    rt.check_native_stack()?;
    rt.scoped(|rt| {
        let from = rt.root(v);
        let to = shell(rt, obj, memory)?;
        let to = rt.root(Value::object(to));
        remember(rt, memory, from.obj(rt), to.get(rt));
        match rt.kind(from.obj(rt)) {
            Kind::Map | Kind::Set => clone_entries(rt, from, to, memory)?,
            Kind::Object | Kind::Array | Kind::Arguments => clone_properties(rt, from, to, memory)?,
            Kind::Error => clone_error_fields(rt, from, to, memory)?,
            _ => {}
        }
        Ok(to.get(rt))
    })
}

/// A clone without what it contains.
fn shell(rt: &mut Rt, from: Ref, memory: Slot) -> JsResult<Ref> {
    let kind = rt.kind(from);
    let wrapper = |rt: &Rt, proto: Intrinsic| {
        let to = rt.new_of_kind(kind, proto);
        rt.set_internal(to, 0, rt.internal(from, 0));
        to
    };
    Ok(match kind {
        Kind::Object | Kind::Arguments if !rt.is_callable(Value::object(from)) => rt.new_object(),
        Kind::Array => {
            let to = rt.new_array_with_capacity(0);
            rt.truncate_array(to, rt.array_len(from));
            to
        }
        Kind::BooleanObj => wrapper(rt, Intrinsic::BooleanPrototype),
        Kind::NumberObj => wrapper(rt, Intrinsic::NumberPrototype),
        Kind::StringObj => wrapper(rt, Intrinsic::StringPrototype),
        Kind::BigIntObj => wrapper(rt, Intrinsic::BigIntPrototype),
        Kind::Date => wrapper(rt, Intrinsic::DatePrototype),
        Kind::RegExp => super::regexp::new_like(rt, from),
        Kind::Map => new_map(rt),
        Kind::Set => new_set(rt),
        Kind::Error => error_shell(rt, from)?,
        Kind::ArrayBuffer | Kind::SharedArrayBuffer => buffer_shell(rt, from)?,
        Kind::TypedArray | Kind::DataView => return view_shell(rt, from, memory),
        _ => {
            let what = if rt.is_callable(Value::object(from)) {
                super::console::inspect(rt, Value::object(from), 0)
            } else {
                let tag = rt.plain_lookup(from, atoms::constructor).and_then(Value::to_obj);
                let name = tag.and_then(|class| rt.plain_lookup(class, atoms::name));
                match name {
                    Some(name) if name.is_string() => format!("#<{}>", rt.to_text(name.as_ref())),
                    _ => "#<Object>".to_string(),
                }
            };
            return Err(throw_clone_error(rt, &format!("{what} could not be cloned.")));
        }
    })
}

/// A buffer with the same bytes; shared ones cannot leave their agent here.
fn buffer_shell(rt: &mut Rt, from: Ref) -> JsResult<Ref> {
    if rt.kind(from) == Kind::SharedArrayBuffer {
        return Err(throw_clone_error(rt, "#<SharedArrayBuffer> could not be cloned."));
    }
    if bytes::is_detached(rt, from) {
        return Err(throw_clone_error(rt, "An ArrayBuffer is detached and could not be cloned."));
    }
    let (len, max) = (bytes::byte_length(rt, from), bytes::max_byte_length(rt, from));
    let proto = rt.intrinsic(Intrinsic::ArrayBufferPrototype);
    let to = bytes::allocate(rt, Kind::ArrayBuffer, proto, f64::from(len), max.map(f64::from))?;
    if let (Some(source), Some(target)) = (bytes::cell(rt, from), bytes::cell(rt, to)) {
        bytes::copy(rt, source, 0, target, 0, len);
    }
    Ok(to)
}

/// A view of the same kind on the clone of its buffer.
fn view_shell(rt: &mut Rt, from: Ref, memory: Slot) -> JsResult<Ref> {
    let kind = rt.kind(from);
    let in_bounds = match kind {
        Kind::TypedArray => super::typed_array::view(rt, from).is_some(),
        _ => super::buffer::data_view_span(rt, from).is_some(),
    };
    if !in_bounds {
        return Err(throw_clone_error(rt, "A view is out of bounds and could not be cloned."));
    }
    rt.scoped(|rt| {
        let from = rt.root(Value::object(from));
        let buffer = clone(rt, rt.internal(from.obj(rt), 0), memory)?;
        let proto = match kind {
            Kind::TypedArray => super::typed_array::element_type(rt, from.obj(rt)).prototype(),
            _ => Intrinsic::DataViewPrototype,
        };
        let to = rt.new_of_kind(kind, proto);
        rt.set_internal(to, 0, buffer);
        for word in 1..kind.internal_words() {
            rt.set_internal(to, word, rt.internal(from.obj(rt), word));
        }
        Ok(to)
    })
}

fn clone_entries(rt: &mut Rt, from: Slot, to: Slot, memory: Slot) -> JsResult<()> {
    let is_map = rt.kind(from.obj(rt)) == Kind::Map;
    // The entries as they are now: getters run by the walk may change them.
    let list = rt.new_array_with_capacity(0);
    let list = rt.root(Value::object(list));
    let mut at = Position::start(rt, from.obj(rt));
    while let (next, Some(entry)) = table::advance(rt, from.obj(rt), at) {
        at = next;
        rt.array_push(list.obj(rt), table::key_at(rt, from.obj(rt), entry));
        if is_map {
            rt.array_push(list.obj(rt), table::value_at(rt, from.obj(rt), entry));
        }
    }
    let stride = if is_map { 2 } else { 1 };
    let mut i = 0;
    while i < rt.array_len(list.obj(rt)) {
        let item = |rt: &Rt, i: u32| rt.word(rt.elements(list.obj(rt)), i);
        let key = clone(rt, item(rt, i), memory)?;
        let mark = rt.roots_mark();
        let key = rt.root(key);
        let v = if is_map { clone(rt, item(rt, i + 1), memory)? } else { Value::UNDEFINED };
        table::put(rt, to.obj(rt), table::canonical(key.get(rt)), v);
        rt.release_roots(mark);
        rt.poll()?;
        i += stride;
    }
    Ok(())
}

fn clone_properties(rt: &mut Rt, from: Slot, to: Slot, memory: Slot) -> JsResult<()> {
    let keys = enumerable_own_properties(rt, from.obj(rt), Listing::Keys)?;
    let keys = rt.root(Value::object(keys));
    let name = |rt: &Rt, i: u32| rt.key_of_string(rt.word(rt.elements(keys.obj(rt)), i).as_ref());
    for i in 0..rt.array_len(keys.obj(rt)) {
        let key = name(rt, i);
        if !rt.has_own(from.obj(rt), key)? {
            continue;
        }
        let v = rt.get(from.get(rt), name(rt, i))?;
        let v = clone(rt, v, memory)?;
        rt.create_data(to.obj(rt), name(rt, i), v)?;
        rt.poll()?;
    }
    Ok(())
}

/// An error of the native class that its `name` says.
fn error_shell(rt: &mut Rt, from: Ref) -> JsResult<Ref> {
    rt.scoped(|rt| {
        let from = rt.root(Value::object(from));
        let name = rt.get_name(from.get(rt), atoms::name)?;
        let name = if name.is_undefined() {
            "Error".to_string()
        } else {
            let name = rt.to_str(name)?;
            rt.to_text(name)
        };
        let proto = match name.as_str() {
            "EvalError" => Intrinsic::EvalErrorPrototype,
            "RangeError" => Intrinsic::RangeErrorPrototype,
            "ReferenceError" => Intrinsic::ReferenceErrorPrototype,
            "SyntaxError" => Intrinsic::SyntaxErrorPrototype,
            "TypeError" => Intrinsic::TypeErrorPrototype,
            "URIError" => Intrinsic::UriErrorPrototype,
            _ => Intrinsic::ErrorPrototype,
        };
        let to = rt.new_error(rt.intrinsic(proto), None);
        // The clone tells where the original was made.
        for word in 0..Kind::Error.internal_words() {
            rt.set_internal(to, word, rt.internal(from.obj(rt), word));
        }
        Ok(to)
    })
}

fn clone_error_fields(rt: &mut Rt, from: Slot, to: Slot, memory: Slot) -> JsResult<()> {
    for name in [atoms::message, atoms::cause] {
        let own = rt.get_own(from.obj(rt), Key::Name(name))?;
        let Some(prop) = own.filter(|prop| !prop.is_accessor()) else { continue };
        let v =
            if name == atoms::message { Value::string(rt.to_str(prop.value)?) } else { clone(rt, prop.value, memory)? };
        rt.define_own(to.obj(rt), Key::Name(name), &Desc::data(v, attr::METHODS))?;
    }
    Ok(())
}
