//! Making typed arrays (23.2.4, 23.2.5.1).
use super::element::{self, ElementType, raw_of_number};
use super::view::{self, BUFFER, BYTE_OFFSET, ELEMENT, LENGTH, View, checked_view};
use crate::builtins::array::access;
use crate::builtins::array_iterator;
use crate::builtins::buffer::bytes;
use crate::builtins::iterate;
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::object::Key;
use crate::realm::WellKnown;
use crate::runtime::{Rt, Slot};
use crate::value::{JsResult, Ref, Value};

/// A typed array over a buffer; its length is undefined if it follows the buffer.
pub fn over_buffer(rt: &Rt, proto: Ref, element: ElementType, buffer: Ref, offset: u32, len: Option<u32>) -> Ref {
    let obj = rt.new_of_kind_with_proto(Kind::TypedArray, proto);
    rt.set_internal(obj, BUFFER, Value::object(buffer));
    rt.set_internal(obj, BYTE_OFFSET, Value::int(offset as i32));
    rt.set_internal(obj, LENGTH, len.map_or(Value::UNDEFINED, |len| Value::int(len as i32)));
    rt.set_internal(obj, ELEMENT, Value::int(element as i32));
    obj
}

/// 23.2.5.1.6 AllocateTypedArrayBuffer, and the typed array over it.
pub fn allocate(rt: &mut Rt, proto: Ref, element: ElementType, len: f64) -> JsResult<Ref> {
    let buffer = bytes::new_buffer(rt, len * f64::from(element.size()))?;
    Ok(over_buffer(rt, proto, element, buffer, 0, Some(len as u32)))
}

/// A typed array of zeros with the intrinsic prototype.
pub fn plain(rt: &mut Rt, element: ElementType, len: u32) -> JsResult<Ref> {
    let proto = rt.intrinsic(element.prototype());
    allocate(rt, proto, element, f64::from(len))
}

/// 23.2.5.1 TypedArray ( ...args )
pub fn construct<const ELEMENT_TYPE: u8>(rt: &mut Rt, args: Args) -> JsResult {
    let element = ElementType::of(ELEMENT_TYPE);
    let new_target = args.new_target(rt);
    if new_target.is_undefined() {
        return Err(rt.throw_type(&format!("Constructor {} requires 'new'", element.name())));
    }
    let first = args.get(rt, 0);
    if !first.is_object() {
        let len = rt.to_index(first)?;
        let new_target = args.new_target(rt);
        let proto = rt.proto_from_constructor(new_target, element.prototype())?;
        return allocate(rt, proto, element, len).map(Value::object);
    }
    let proto = rt.proto_from_constructor(new_target, element.prototype())?;
    let proto = rt.root(Value::object(proto));
    let first = args.get(rt, 0);
    if rt.is_kind(first, Kind::TypedArray) {
        return from_typed_array(rt, proto, element, first.as_ref());
    }
    if bytes::is_buffer(rt, first) {
        return from_buffer(rt, args, proto, element);
    }
    if let Some((elements, len)) = access::dense_readable(rt, first)
        && array_iterator::is_pristine(rt, first.as_ref())
        && !element.is_bigint()
        && (0..len).all(|i| rt.word(elements, i).is_number())
    {
        let obj = allocate(rt, proto.obj(rt), element, f64::from(len))?;
        let target = checked_view(rt, obj)?;
        for i in 0..len {
            let raw = raw_of_number(element, rt.word(elements, i));
            element::store_raw(rt, target.cell, target.at(i), element.size(), raw);
        }
        return Ok(Value::object(obj));
    }
    let iterator = Key::Name(rt.symbol(WellKnown::Iterator));
    let method = rt.get_method(first, iterator)?;
    let source = if method.is_undefined() {
        let v = args.get(rt, 0);
        rt.root(v)
    } else {
        let v = args.get(rt, 0);
        list_of(rt, v, method)?
    };
    from_array_like(rt, proto, element, source)
}

/// IteratorToList of the iterator that `method` makes: an array of ours in a slot.
pub fn list_of(rt: &mut Rt, v: Value, method: Value) -> JsResult<Slot> {
    let list = rt.new_array_with_capacity(0);
    let list = rt.root(Value::object(list));
    let (iterator, next) = iterate::get_iterator_from_method(rt, v, method)?;
    iterate::for_each_of(rt, iterator, next, &mut |rt, v| {
        rt.array_push(list.obj(rt), v);
        Ok(true)
    })?;
    Ok(list)
}

/// 23.2.5.1.2 InitializeTypedArrayFromTypedArray
fn from_typed_array(rt: &mut Rt, proto: Slot, element: ElementType, source: Ref) -> JsResult {
    let from = checked_view(rt, source)?;
    if from.element.is_bigint() != element.is_bigint() {
        return Err(throw_content_type(rt));
    }
    let obj = allocate(rt, proto.obj(rt), element, f64::from(from.len))?;
    let to = checked_view(rt, obj)?;
    copy_elements(rt, from, to, from.len);
    Ok(Value::object(obj))
}

/// TypeError of mixing BigInt and number elements.
#[cold]
pub fn throw_content_type(rt: &mut Rt) -> crate::value::Thrown {
    rt.throw_type("Cannot mix BigInt and number typed arrays")
}

/// Copies the first `n` elements, converting between types; the two may overlap only if they have one type.
pub fn copy_elements(rt: &Rt, from: View, to: View, n: u32) {
    let (a, b) = (from.element, to.element);
    let byte_copy = a == b || (a.is_bigint() && b.is_bigint()) || (a == ElementType::Uint8Clamped && b.size() == 1);
    if byte_copy || (a.size() == b.size() && !a.is_float() && !b.is_float() && b != ElementType::Uint8Clamped) {
        return bytes::copy(rt, from.cell, from.offset, to.cell, to.offset, n << a.shift());
    }
    for i in 0..n {
        let v = element::read(rt, from.cell, from.at(i), a);
        element::store_raw(rt, to.cell, to.at(i), b.size(), raw_of_number(b, v));
    }
}

/// 23.2.5.1.3 InitializeTypedArrayFromArrayBuffer
fn from_buffer(rt: &mut Rt, args: Args, proto: Slot, element: ElementType) -> JsResult {
    let size = f64::from(element.size());
    let offset = args.get(rt, 1);
    let offset = rt.to_index(offset)?;
    if offset % size != 0.0 {
        return Err(rt.throw_range(&format!("start offset of {} should be a multiple of {size}", element.name())));
    }
    let len = args.get(rt, 2);
    let len = if len.is_undefined() { None } else { Some(rt.to_index(len)?) };
    let buffer = args.get(rt, 0).as_ref();
    if bytes::is_detached(rt, buffer) {
        return Err(view::throw_out_of_bounds(rt));
    }
    let available = f64::from(bytes::byte_length(rt, buffer));
    let len = match len {
        Some(len) => {
            if offset + len * size > available {
                return Err(rt.throw_range("Invalid typed array length"));
            }
            Some(len as u32)
        }
        None if bytes::max_byte_length(rt, buffer).is_some() => {
            if offset > available {
                return Err(rt.throw_range("Start offset is outside the bounds of the buffer"));
            }
            None
        }
        None => {
            if available % size != 0.0 {
                return Err(
                    rt.throw_range(&format!("byte length of {} should be a multiple of {size}", element.name()))
                );
            }
            if offset > available {
                return Err(rt.throw_range("Start offset is outside the bounds of the buffer"));
            }
            Some(((available - offset) / size) as u32)
        }
    };
    Ok(Value::object(over_buffer(rt, proto.obj(rt), element, buffer, offset as u32, len)))
}

/// 23.2.5.1.4 and 23.2.5.1.5 InitializeTypedArrayFromList, FromArrayLike
fn from_array_like(rt: &mut Rt, proto: Slot, element: ElementType, source: Slot) -> JsResult {
    let len = access::length(rt, source)?;
    let obj = allocate(rt, proto.obj(rt), element, len as f64)?;
    let obj = rt.root(Value::object(obj));
    for k in 0..len {
        let v = access::get(rt, source, k)?;
        super::set_element(rt, obj.obj(rt), k as u32, v)?;
        access::poll_at(rt, k)?;
    }
    Ok(obj.get(rt))
}

/// 23.2.4.2 TypedArrayCreateFromConstructor with a length: the new typed array is at least that long.
pub fn create_of_length(rt: &mut Rt, c: Value, len: u64) -> JsResult<Slot> {
    let new = rt.construct(c, &[access::index_value(len)], c)?;
    let view = view::validate(rt, new)?;
    if u64::from(view.len) < len {
        return Err(rt.throw_type("Derived TypedArray constructor created an array which was too small"));
    }
    Ok(rt.root(new))
}

/// 23.2.4.1 TypedArraySpeciesCreate ( exemplar, « length » )
pub fn species_of_length(rt: &mut Rt, exemplar: Slot, len: u32) -> JsResult<Slot> {
    let element = view::element_type(rt, exemplar.obj(rt));
    let c = rt.species_constructor(exemplar.obj(rt), element.constructor())?;
    if c == Value::object(rt.intrinsic(element.constructor())) {
        // OPTIMIZATION: constructing the intrinsic does nothing but this.
        let new = plain(rt, element, len)?;
        return Ok(rt.root(Value::object(new)));
    }
    let new = create_of_length(rt, c, u64::from(len))?;
    check_content_type(rt, new, element)?;
    Ok(new)
}

/// TypeError unless a species result has elements of the same kind as its exemplar.
pub fn check_content_type(rt: &mut Rt, new: Slot, element: ElementType) -> JsResult<()> {
    if view::element_type(rt, new.obj(rt)).is_bigint() != element.is_bigint() {
        return Err(throw_content_type(rt));
    }
    Ok(())
}
