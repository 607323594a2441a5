//! Objects of the web classes: a class number and four value words.
use crate::host::{self, slots};
use lockgate_engine::call::Args;
use lockgate_engine::heap::layout::Kind;
use lockgate_engine::object::Key;
use lockgate_engine::realm::Intrinsic;
use lockgate_engine::runtime::Rt;
use lockgate_engine::value::{JsResult, Ref, Thrown, Value};

/// What a host object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
#[allow(missing_docs, reason = "named as the classes are")]
pub enum Class {
    Response = 1,
    Headers,
    Request,
    Url,
    SearchParams,
    TextEncoder,
    TextDecoder,
    AbortController,
    EventTarget,
    AbortSignal,
    Event,
    Context,
    PairIterator,
    /// What an object becomes when the request that it read or spoke for is over.
    Over,
}

impl Class {
    /// As scripts call it.
    pub fn text(self) -> &'static str {
        match self {
            Class::Response => "Response",
            Class::Headers => "Headers",
            Class::Request => "Request",
            Class::Url => "URL",
            Class::SearchParams => "URLSearchParams",
            Class::TextEncoder => "TextEncoder",
            Class::TextDecoder => "TextDecoder",
            Class::AbortController => "AbortController",
            Class::EventTarget => "EventTarget",
            Class::AbortSignal => "AbortSignal",
            Class::Event => "Event",
            Class::Context => "Context",
            Class::PairIterator => "Iterator",
            Class::Over => "object of a request that is over",
        }
    }
}

/// A new object of a class with a prototype.
pub fn new_host(rt: &Rt, class: Class, proto: Ref) -> Ref {
    let obj = rt.new_of_kind_with_proto(Kind::Host, proto);
    rt.set_internal(obj, 0, Value::int(class as i32));
    obj
}

/// A new object of a class over a prepared shape.
#[inline]
pub fn new_host_of_shape(rt: &Rt, class: Class, shape: Ref) -> Ref {
    let obj = rt.alloc_object(shape);
    rt.set_internal(obj, 0, Value::int(class as i32));
    obj
}

/// What `new C()` makes: the prototype comes from `new.target`. TypeError without `new`.
pub fn construct(rt: &mut Rt, args: Args, class: Class, proto: Intrinsic) -> JsResult<Ref> {
    let target = args.new_target(rt);
    if target.is_undefined() {
        return Err(rt.throw_type(&format!("Class constructor {} cannot be invoked without 'new'", class.text())));
    }
    let proto = rt.proto_from_constructor(target, proto)?;
    Ok(new_host(rt, class, proto))
}

/// Whether a value is an object of a class.
#[inline]
pub fn is_class(rt: &Rt, v: Value, class: Class) -> bool {
    rt.is_kind(v, Kind::Host) && rt.internal(v.as_ref(), 0) == Value::int(class as i32)
}

/// `this` as an object of a class.
#[inline]
pub fn this_of(rt: &mut Rt, args: Args, class: Class) -> JsResult<Ref> {
    let this = args.this(rt);
    if is_class(rt, this, class) { Ok(this.as_ref()) } else { Err(illegal(rt, this, class)) }
}

#[cold]
fn illegal(rt: &mut Rt, this: Value, class: Class) -> Thrown {
    if is_class(rt, this, Class::Over) {
        return rt.throw_type(&format!("the request of this {} is over", class.text()));
    }
    rt.throw_type(&format!("Illegal invocation: this is not a {}", class.text()))
}

/// Puts an object into the list of those that read the request; `link` is its field for the one before it.
pub fn link_view(rt: &Rt, view: Ref, link: u32) {
    set_field(rt, view, link, host::slot(rt, slots::VIEWS));
    host::set_slot(rt, slots::VIEWS, Value::object(view));
}

/// Ends an object with the request it stands for: nothing can be asked of it any more.
pub fn end_view(rt: &Rt, view: Ref) {
    rt.set_internal(view, 0, Value::int(Class::Over as i32));
}

/// Field 0 to 3.
#[inline]
pub fn field(rt: &Rt, obj: Ref, i: u32) -> Value {
    rt.internal(obj, 1 + i)
}

/// Sets field 0 to 3.
#[inline]
pub fn set_field(rt: &Rt, obj: Ref, i: u32, v: Value) {
    rt.set_internal(obj, 1 + i, v);
}

/// A property by Rust text, for cold paths.
pub fn get(rt: &mut Rt, v: Value, name: &str) -> JsResult {
    let key = rt.key_of_string(rt.intern_str(name));
    rt.get(v, key)
}

/// A property of a fresh plain object by Rust text.
pub fn put(rt: &Rt, obj: Ref, name: &str, v: Value) {
    match rt.key_of_string(rt.intern_str(name)) {
        Key::Name(name) => rt.put_own(obj, name, v),
        Key::Index(i) => rt.put_element(obj, i, v),
    }
}

/// What a value is, for messages that name what was returned or passed.
pub fn describe(rt: &Rt, v: Value) -> String {
    if v.is_string() {
        "a string".into()
    } else if v.is_number() {
        "a number".into()
    } else if v.is_bool() {
        "a boolean".into()
    } else if v.is_symbol() {
        "a symbol".into()
    } else if v.is_bigint() {
        "a bigint".into()
    } else if rt.is_callable(v) {
        "a function".into()
    } else if rt.is_kind(v, Kind::Array) {
        "an array".into()
    } else if rt.is_kind(v, Kind::Promise) {
        "a promise".into()
    } else if rt.is_kind(v, Kind::Host) {
        let number = rt.internal(v.as_ref(), 0).as_int();
        let classes = [
            Class::Response,
            Class::Headers,
            Class::Request,
            Class::Url,
            Class::SearchParams,
            Class::TextEncoder,
            Class::TextDecoder,
            Class::AbortController,
            Class::EventTarget,
            Class::AbortSignal,
            Class::Event,
            Class::Context,
            Class::PairIterator,
            Class::Over,
        ];
        let name = classes.iter().find(|class| **class as i32 == number).map_or("object", |class| class.text());
        format!("a {name}")
    } else if v.is_object() {
        "an object".into()
    } else {
        format!("{v:?}")
    }
}

/// A string with these UTF-8 bytes; malformed parts become U+FFFD.
pub fn string_of_utf8(rt: &Rt, bytes: &[u8]) -> Ref {
    if bytes.is_ascii() { rt.new_latin1(bytes) } else { rt.new_str(&String::from_utf8_lossy(bytes)) }
}
