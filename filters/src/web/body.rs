//! Bodies of requests and responses: a string, or bytes in an internal cell.
use super::{headers, search_params};
use crate::names::{self, Name};
use crate::object::{self, Class};
use crate::seam;
use lockgate_engine::call::Args;
use lockgate_engine::runtime::Rt;
use lockgate_engine::string::{Units, atoms};
use lockgate_engine::value::{JsResult, Ref, TAG_INTERNAL, Value};

/// A body that was extracted: what is stored, and the content type it implies.
pub struct Extracted {
    /// A string, an internal Bytes cell, or null.
    pub body: Value,
    /// The content type where the init names none.
    pub content_type: Option<Name>,
}

/// Fetch 6.2 extract a body.
pub fn extract(rt: &mut Rt, v: Value) -> JsResult<Extracted> {
    if v.is_nullish() {
        return Ok(Extracted { body: Value::NULL, content_type: None });
    }
    if v.is_string() {
        return Ok(Extracted { body: v, content_type: Some(Name::BodyText) });
    }
    if let Some((cell, from, len)) = seam::bytes_of(rt, v) {
        return Ok(Extracted { body: Value::internal(copy_bytes(rt, cell, from, len)), content_type: None });
    }
    if object::is_class(rt, v, Class::SearchParams) {
        let text = search_params::serialize(rt, v.as_ref())?;
        return Ok(Extracted { body: Value::string(text), content_type: Some(Name::Form) });
    }
    Ok(Extracted { body: Value::string(rt.to_str(v)?), content_type: Some(Name::BodyText) })
}

/// A Bytes cell with a part of another.
pub fn copy_bytes(rt: &Rt, cell: Ref, from: u32, len: u32) -> Ref {
    let copy = rt.alloc_bytes(len);
    rt.copy_data(cell, from, copy, 0, len);
    copy
}

/// A Bytes cell of host bytes.
pub fn bytes_cell(rt: &Rt, bytes: &[u8]) -> Ref {
    let cell = rt.alloc_bytes(bytes.len() as u32);
    rt.with_bytes_mut(cell, 0, bytes.len() as u32, |to| to.copy_from_slice(bytes));
    cell
}

/// Whether there is a body.
pub fn exists(body: Value) -> bool {
    body.is_string() || body.tag() == TAG_INTERNAL
}

/// The body as a string; bytes are UTF-8, a byte order mark is dropped.
pub fn text(rt: &Rt, body: Value) -> Ref {
    if body.is_string() {
        return body.as_ref();
    }
    if body.tag() != TAG_INTERNAL {
        return atoms::empty;
    }
    let cell = body.as_ref();
    rt.with_bytes(cell, 0, rt.len(cell), |bytes| {
        object::string_of_utf8(rt, bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes))
    })
}

/// The body as a Bytes cell of its own.
pub fn bytes(rt: &Rt, body: Value) -> Ref {
    if body.tag() == TAG_INTERNAL {
        let cell = body.as_ref();
        return copy_bytes(rt, cell, 0, rt.len(cell));
    }
    let cell = rt.alloc_bytes(wire_len(rt, body) as u32);
    let mut at = 0;
    write(rt, body, &mut |part| {
        rt.with_bytes_mut(cell, at, part.len() as u32, |to| to.copy_from_slice(part));
        at += part.len() as u32;
    });
    cell
}

/// Number of bytes a body has on the wire.
pub fn wire_len(rt: &Rt, body: Value) -> usize {
    if body.tag() == TAG_INTERNAL {
        return rt.len(body.as_ref()) as usize;
    }
    if !body.is_string() {
        return 0;
    }
    rt.with_units(body.as_ref(), |units| match units {
        Units::Latin1(bytes) => bytes.len() + bytes.iter().filter(|b| !b.is_ascii()).count(),
        Units::Utf16(units) => char::decode_utf16(units.iter().copied()).map(|c| c.map_or(3, char::len_utf8)).sum(),
    })
}

/// Hands a body's bytes to `sink` in pieces: strings become UTF-8.
pub fn write(rt: &Rt, body: Value, sink: &mut dyn FnMut(&[u8])) {
    if body.tag() == TAG_INTERNAL {
        let cell = body.as_ref();
        return rt.with_bytes(cell, 0, rt.len(cell), |bytes| sink(bytes));
    }
    if body.is_string() {
        rt.with_units(body.as_ref(), |units| write_units(units, sink));
    }
}

fn write_units(units: Units<'_>, sink: &mut dyn FnMut(&[u8])) {
    match units {
        Units::Latin1(mut bytes) => {
            while let Some(at) = bytes.iter().position(|b| !b.is_ascii()) {
                sink(&bytes[..at]);
                let b = bytes[at];
                sink(&[0xC0 | b >> 6, 0x80 | b & 0x3F]);
                bytes = &bytes[at + 1..];
            }
            sink(bytes);
        }
        Units::Utf16(units) => {
            let mut piece = [0; 4];
            for c in char::decode_utf16(units.iter().copied()) {
                sink(c.unwrap_or(char::REPLACEMENT_CHARACTER).encode_utf8(&mut piece).as_bytes());
            }
        }
    }
}

/// What has a body: where it and the "used" mark are kept.
pub trait HasBody {
    /// The class.
    const CLASS: Class;
    /// Takes the body and marks it used.
    ///
    /// # Errors
    /// It cannot be read here.
    fn take(rt: &mut Rt, this: Ref) -> JsResult;
    /// Whether it was taken.
    fn is_used(rt: &Rt, this: Ref) -> bool;
}

fn take<T: HasBody>(rt: &mut Rt, args: Args) -> JsResult {
    let this = object::this_of(rt, args, T::CLASS)?;
    if T::is_used(rt, this) {
        return Err(rt.throw_type(&format!("the body of this {} was already read", T::CLASS.text())));
    }
    T::take(rt, this)
}

/// `text()`
pub fn text_method<T: HasBody>(rt: &mut Rt, args: Args) -> JsResult {
    let result = take::<T>(rt, args).map(|body| Value::string(text(rt, body)));
    seam::promised(rt, result)
}

/// `json()`
pub fn json_method<T: HasBody>(rt: &mut Rt, args: Args) -> JsResult {
    let result = take::<T>(rt, args).and_then(|body| {
        let text = text(rt, body);
        seam::parse_json(rt, text)
    });
    seam::promised(rt, result)
}

/// `arrayBuffer()`
pub fn array_buffer_method<T: HasBody>(rt: &mut Rt, args: Args) -> JsResult {
    let result = take::<T>(rt, args).and_then(|body| {
        let cell = bytes(rt, body);
        seam::new_array_buffer(rt, cell)
    });
    seam::promised(rt, result)
}

/// `bytes()`
pub fn bytes_method<T: HasBody>(rt: &mut Rt, args: Args) -> JsResult {
    let result = take::<T>(rt, args).and_then(|body| {
        let cell = bytes(rt, body);
        seam::new_uint8_array(rt, cell)
    });
    seam::promised(rt, result)
}

/// Adds the implied content type unless the list has one.
pub fn imply_content_type(rt: &Rt, list: Ref, implied: Option<Name>) {
    let name = names::atom(rt, Name::ContentType);
    if let Some(implied) = implied
        && !headers::list_has(rt, list, name)
    {
        headers::push(rt, list, name, names::atom(rt, implied));
    }
}

/// The JSON text of a value as a string; TypeError if it has none.
pub fn json_text(rt: &mut Rt, v: Value) -> JsResult<Ref> {
    let what = rt.root(v);
    let mut buf = rt.str_buf();
    match seam::stringify(rt, v, &mut buf) {
        Ok(true) => rt.finish_str(buf),
        Ok(false) => {
            let what = object::describe(rt, what.get(rt));
            Err(rt.throw_type(&format!("{what} has no JSON form")))
        }
        Err(thrown) => {
            buf.clear();
            rt.host().give_str_buf(buf);
            Err(thrown)
        }
    }
}
