//! The seed's request: a plain object whose `url` is path and query and whose `headers` are a plain lower-case object
//! that also answers `get()`.
use super::{body, context, headers, request};
use crate::names::{self, Name, ShapeOf};
use crate::object;
use crate::view::{self, Head};
use lockgate_engine::builtins::spec::{ClassSpec, Row};
use lockgate_engine::call::Args;
use lockgate_engine::heap::layout::Kind;
use lockgate_engine::object::Key;
use lockgate_engine::realm::Intrinsic;
use lockgate_engine::runtime::Rt;
use lockgate_engine::shape::attr;
use lockgate_engine::string::atoms;
use lockgate_engine::value::{JsResult, Ref, Value};

/// Prototype of the headers object.
pub const HEADERS: ClassSpec = ClassSpec::prototype(
    Intrinsic::Host26,
    Intrinsic::ObjectPrototype,
    &[Row::method("get", 1, get), Row::method("has", 1, has)],
);

/// Shapes of the two objects.
pub fn install(rt: &Rt) {
    let mut shape = rt.root_shape(rt.intrinsic(Intrinsic::ObjectPrototype), Kind::Object, 6);
    for name in [Name::Method, Name::Url, Name::Path, Name::Headers, Name::Body, Name::Params] {
        shape = rt.shape_add(shape, names::atom(rt, name), attr::ALL);
    }
    names::set_shape(rt, ShapeOf::SeedRequest, Value::internal(shape));
    let headers = rt.root_shape(rt.intrinsic(Intrinsic::Host26), Kind::Object, 8);
    names::set_shape(rt, ShapeOf::SeedHeaders, Value::internal(headers));
}

/// The client's request in the seed's form.
pub fn new_request(rt: &mut Rt) -> JsResult {
    let method = request::client_method(rt)?;
    let body = request::client_body(rt)?;
    let body = if body::exists(body) { Value::string(body::text(rt, body)) } else { Value::UNDEFINED };
    let params = context::params_object(rt)?;
    let headers = rt.alloc_object(names::shape(rt, ShapeOf::SeedHeaders));
    let rt_ref: &Rt = rt;
    let parts = view::try_with(|view| {
        view.headers(Head::Request, &mut |name, value| put_header(rt_ref, headers, name, value));
        let target = view.target();
        let path = target.split(|&b| b == b'?').next().unwrap_or(target);
        (rt_ref.new_latin1(target), rt_ref.new_latin1(path))
    });
    let Some((url, path)) = parts else { return Err(rt.throw_type("there is no request here")) };
    let seed = rt.alloc_object(names::shape(rt, ShapeOf::SeedRequest));
    let values = [method, Value::string(url), Value::string(path), Value::object(headers), body, params];
    for (i, v) in values.into_iter().enumerate() {
        rt.set_slot(seed, i as u32, v);
    }
    Ok(Value::object(seed))
}

fn put_header(rt: &Rt, headers: Ref, name: &[u8], value: &[u8]) {
    let name = if name.iter().any(u8::is_ascii_uppercase) {
        rt.new_latin1(&name.to_ascii_lowercase())
    } else {
        rt.new_latin1(name)
    };
    let mut text = rt.new_latin1(value);
    match rt.key_of_string(name) {
        Key::Name(name) => {
            if let Some(known) = rt.get_own_plain(headers, Key::Name(name)) {
                let joined = rt.with_units(known.value.as_ref(), |known| {
                    let mut joined = headers::latin1(known).into_owned();
                    joined.extend_from_slice(b", ");
                    joined.extend_from_slice(value);
                    joined
                });
                text = rt.new_latin1(&joined);
            }
            rt.put_own(headers, name, Value::string(text));
        }
        Key::Index(i) => rt.put_element(headers, i, Value::string(text)),
    }
}

fn lookup(rt: &mut Rt, args: Args) -> JsResult<Option<Value>> {
    let v = args.get(rt, 0);
    let name = headers::to_name(rt, v)?;
    let key = rt.key_of_string(name);
    let Some(this) = args.this(rt).to_obj() else { return Ok(None) };
    Ok(rt.get_own_plain(this, key).map(|p| p.value))
}

/// `headers.get(name)`: in any case; null if absent.
fn get(rt: &mut Rt, args: Args) -> JsResult {
    Ok(lookup(rt, args)?.unwrap_or(Value::NULL))
}

/// `headers.has(name)`
fn has(rt: &mut Rt, args: Args) -> JsResult {
    Ok(Value::bool(lookup(rt, args)?.is_some()))
}

/// Whether an object is plain: made by a literal, so that as a body it means its JSON.
pub fn is_plain_object(rt: &Rt, v: Value) -> bool {
    rt.is_kind(v, Kind::Array)
        || rt.is_kind(v, Kind::Object)
            && rt.shape_proto(rt.shape_of(v.as_ref())) == rt.intrinsic(Intrinsic::ObjectPrototype)
}

/// Whether a handler's result has the form of the seed's plain response: an object with status, body or headers.
pub fn is_plain_response(rt: &mut Rt, v: Value) -> JsResult<bool> {
    if !rt.is_kind(v, Kind::Object) {
        return Ok(false);
    }
    rt.scoped(|rt| {
        let keep = rt.root(v);
        for name in [atoms::status, atoms::body, atoms::headers] {
            if rt.has_property(keep.obj(rt), Key::Name(name))? {
                return Ok(true);
            }
        }
        Ok(false)
    })
}

/// What a value that is no response is called in the error about it.
pub fn describe_result(rt: &Rt, v: Value) -> String {
    object::describe(rt, v)
}
