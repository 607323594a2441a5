//! `Request` (Fetch standard 5.4): the client's, read when asked, or one a script made.
//!
//! Fields: 0 = flags, 1 = URL string or undefined, 2 = Headers or undefined, 3 = of a script's own request a Words cell
//! of method, body, signal and redirect mode, of the client's the view before it.
use super::body::{self, HasBody};
use super::context;
use super::headers::{self, Guard};
use crate::host::{self, Phase};
use crate::names::{self, Name, ShapeOf};
use crate::object::{self, Class, field, set_field, this_of};
use crate::view;
use lockgate_engine::builtins::spec::{ClassSpec, Row};
use lockgate_engine::call::Args;
use lockgate_engine::heap::layout::Kind;
use lockgate_engine::realm::Intrinsic;
use lockgate_engine::runtime::Rt;
use lockgate_engine::string::{Units, atoms};
use lockgate_engine::value::{JsResult, Ref, Value};

const OWN: i32 = 1;
const USED: i32 = 2;

const LINK: u32 = 3;
/// Words of field 3.
const METHOD: u32 = 0;
const BODY: u32 = 1;
const SIGNAL: u32 = 2;
const REDIRECT: u32 = 3;

/// The class.
pub const CLASS: ClassSpec = ClassSpec::class(
    "Request",
    construct,
    1,
    Intrinsic::Host4,
    Intrinsic::Host5,
    &[],
    &[
        Row::accessor("method", method, set_method).enumerable(),
        Row::accessor("url", url, set_url).enumerable(),
        Row::getter("headers", headers_getter).enumerable(),
        Row::getter("signal", signal).enumerable(),
        Row::getter("redirect", redirect).enumerable(),
        Row::getter("body", body_getter).enumerable(),
        Row::getter("bodyUsed", body_used).enumerable(),
        Row::getter("params", params).enumerable(),
        Row::accessor("upstream", upstream, set_upstream).enumerable(),
        Row::method("clone", 0, clone).enumerable(),
        Row::method("text", 0, body::text_method::<Body>).enumerable(),
        Row::method("json", 0, body::json_method::<Body>).enumerable(),
        Row::method("arrayBuffer", 0, body::array_buffer_method::<Body>).enumerable(),
        Row::method("bytes", 0, body::bytes_method::<Body>).enumerable(),
        Row::tag("Request"),
    ],
);

struct Body;

impl HasBody for Body {
    const CLASS: Class = Class::Request;

    fn take(rt: &mut Rt, this: Ref) -> JsResult {
        let body = read_body(rt, this)?;
        if body::exists(body) {
            set_field(rt, this, 0, Value::int(flags(rt, this) | USED));
        }
        Ok(body)
    }

    fn is_used(rt: &Rt, this: Ref) -> bool {
        flags(rt, this) & USED != 0
    }
}

fn flags(rt: &Rt, this: Ref) -> i32 {
    field(rt, this, 0).as_int()
}

fn own(rt: &Rt, this: Ref, word: u32) -> Option<Value> {
    (flags(rt, this) & OWN != 0).then(|| rt.word(field(rt, this, 3).as_ref(), word))
}

/// The client's request.
pub fn new_view(rt: &Rt) -> Ref {
    let request = new_blank(rt);
    object::link_view(rt, request, LINK);
    request
}

fn new_blank(rt: &Rt) -> Ref {
    let request = object::new_host_of_shape(rt, Class::Request, names::shape(rt, ShapeOf::Request));
    set_field(rt, request, 0, Value::int(0));
    request
}

/// The client's request is over: whoever kept this object or its headers cannot read the next one through them. Returns
/// the view before it.
pub fn end_view(rt: &Rt, request: Ref) -> Value {
    if let Some(headers) = field(rt, request, 2).to_obj() {
        object::end_view(rt, headers);
    }
    object::end_view(rt, request);
    field(rt, request, LINK)
}

fn read_body(rt: &mut Rt, this: Ref) -> JsResult {
    match own(rt, this, BODY) {
        Some(body) => Ok(body),
        None => client_body(rt),
    }
}

/// The client's body as an internal Bytes cell, or null. TypeError in hooks, where it is not read.
pub fn client_body(rt: &mut Rt) -> JsResult {
    if host::phase(rt) != Phase::Handler {
        return Err(rt.throw_type(
            "the request body cannot be read in a filter: it goes to the origin unread; read it in a handler",
        ));
    }
    let rt_ref: &Rt = rt;
    let body = view::try_with(|view| view.body().map(|bytes| body::bytes_cell(rt_ref, bytes)));
    match body {
        Some(body) => Ok(body.map_or(Value::NULL, Value::internal)),
        None => Err(rt.throw_type("the request is over")),
    }
}

/// The client's method as an atom.
pub fn client_method(rt: &mut Rt) -> JsResult {
    let rt_ref: &Rt = rt;
    view::try_with(|view| method_word(rt_ref, view.method())).ok_or_else(|| rt.throw_type("the request is over"))
}

fn method_word(rt: &Rt, method: &str) -> Value {
    let name = match method {
        "GET" => Name::Get,
        "HEAD" => Name::Head,
        "POST" => Name::Post,
        "PUT" => Name::Put,
        "DELETE" => Name::Delete,
        "OPTIONS" => Name::Options,
        "PATCH" => Name::Patch,
        other => return rt.str_value(other),
    };
    names::word(rt, name)
}

/// Absolute URL of the client's request.
pub fn client_url(rt: &mut Rt) -> JsResult {
    let mut buf = rt.str_buf();
    let bound = view::try_with(|view| {
        let authority = view.authority();
        let target = view.target();
        buf.push_ascii(view.scheme());
        buf.push_ascii("://");
        buf.push_latin1(if authority.is_empty() { b"localhost" } else { authority });
        if !target.starts_with(b"/") {
            buf.push_ascii("/");
        }
        // A URL has no raw bytes beyond ASCII: they are escaped as the URL standard does.
        for &b in target {
            match b {
                b' ' | b'"' | b'<' | b'>' | b'`' | 0..=0x1F | 0x7F..=0xFF => {
                    const HEX: &[u8; 16] = b"0123456789ABCDEF";
                    buf.push_latin1(&[b'%', HEX[usize::from(b >> 4)], HEX[usize::from(b & 15)]]);
                }
                _ => buf.push_latin1(&[b]),
            }
        }
    });
    let s = rt.finish_str(buf)?;
    match bound {
        Some(()) => Ok(Value::string(s)),
        None => Err(rt.throw_type("the request is over")),
    }
}

/// `method`
fn method(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Request)?;
    match own(rt, this, METHOD) {
        Some(method) => Ok(method),
        None => client_method(rt),
    }
}

/// `url`
fn url(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Request)?;
    let known = field(rt, this, 1);
    if known.is_string() {
        return Ok(known);
    }
    let url = client_url(rt)?;
    let this = this_of(rt, args, Class::Request)?;
    set_field(rt, this, 1, url);
    Ok(url)
}

fn only_on_request(rt: &mut Rt, this: Ref, what: &str) -> JsResult<()> {
    if flags(rt, this) & OWN == 0 && host::phase(rt) == Phase::OnRequest {
        return Ok(());
    }
    Err(rt.throw_type(&format!("{what} of a request can only be changed in onRequest")))
}

/// `method = name`
fn set_method(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Request)?;
    only_on_request(rt, this, "the method")?;
    let v = args.get(rt, 0);
    let method = to_method(rt, v)?;
    let text = rt.to_text(method);
    match view::with(rt, |view| view.set_method(&text))? {
        Ok(()) => Ok(Value::UNDEFINED),
        Err(why) => Err(rt.throw_type(why)),
    }
}

/// `url = path or absolute URL`: only path and query are taken.
fn set_url(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Request)?;
    only_on_request(rt, this, "the url")?;
    let v = args.get(rt, 0);
    let text = rt.to_str(v)?;
    let text = rt.to_text(text);
    let base = ::url::Url::parse("http://localhost/").map_err(|_| rt.throw_type("no base"))?;
    let parsed = match base.join(&text) {
        Ok(parsed) => parsed,
        Err(error) => return Err(rt.throw_type(&format!("'{text}' is not a URL: {error}"))),
    };
    let target = match parsed.query() {
        Some(query) => format!("{}?{query}", parsed.path()),
        None => parsed.path().to_owned(),
    };
    let outcome = view::with(rt, |view| view.set_target(&target))?;
    let this = this_of(rt, args, Class::Request)?;
    set_field(rt, this, 1, Value::UNDEFINED);
    match outcome {
        Ok(()) => Ok(Value::UNDEFINED),
        Err(why) => Err(rt.throw_type(why)),
    }
}

/// `upstream`: undefined until chosen.
fn upstream(rt: &mut Rt, args: Args) -> JsResult {
    this_of(rt, args, Class::Request)?;
    Ok(Value::UNDEFINED)
}

/// `upstream = name`
fn set_upstream(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Request)?;
    only_on_request(rt, this, "the upstream")?;
    let v = args.get(rt, 0);
    let name = rt.to_str(v)?;
    let name = rt.to_text(name);
    if view::with(rt, |view| view.set_upstream(&name))? {
        return Ok(Value::UNDEFINED);
    }
    Err(rt.throw_type(&format!("there is no upstream '{name}'")))
}

/// `headers`
fn headers_getter(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Request)?;
    let known = field(rt, this, 2);
    if known.is_object() {
        return Ok(known);
    }
    let guard = if host::phase(rt) == Phase::OnRequest { Guard::Request } else { Guard::RequestReadOnly };
    let headers = Value::object(headers::new_view(rt, guard));
    set_field(rt, this, 2, headers);
    Ok(headers)
}

/// `signal`: of a script's own request.
fn signal(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Request)?;
    match own(rt, this, SIGNAL) {
        Some(signal) if signal.is_object() => Ok(signal),
        _ => {
            let signal = super::abort::new_signal(rt);
            Ok(Value::object(signal))
        }
    }
}

/// `redirect`
fn redirect(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Request)?;
    Ok(own(rt, this, REDIRECT).filter(|v| v.is_string()).unwrap_or_else(|| rt.str_value("follow")))
}

/// `body`: the text of the body (there are no streams yet), else null.
fn body_getter(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Request)?;
    if Body::is_used(rt, this) {
        return Ok(Value::NULL);
    }
    let body = read_body(rt, this)?;
    Ok(if body::exists(body) { Value::string(body::text(rt, body)) } else { Value::NULL })
}

/// `bodyUsed`
fn body_used(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Request)?;
    Ok(Value::bool(Body::is_used(rt, this)))
}

/// `params`: those of the route.
fn params(rt: &mut Rt, args: Args) -> JsResult {
    this_of(rt, args, Class::Request)?;
    context::params_object(rt)
}

/// A method from a script: a token, the usual ones in upper case; TypeError for the forbidden ones.
fn to_method(rt: &mut Rt, v: Value) -> JsResult<Ref> {
    let s = rt.to_str(v)?;
    let valid = rt.with_units(s, |units| match units {
        Units::Latin1(bytes) => !bytes.is_empty() && bytes.iter().all(|&b| headers::is_token(b)),
        Units::Utf16(_) => false,
    });
    let text = rt.to_text(s);
    let upper = text.to_ascii_uppercase();
    if !valid || matches!(upper.as_str(), "CONNECT" | "TRACE" | "TRACK") {
        return Err(rt.throw_type(&format!("'{}' is not a method that can be used", text.escape_debug())));
    }
    let usual = matches!(upper.as_str(), "GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "OPTIONS");
    Ok(if usual { method_word(rt, &upper).as_ref() } else { s })
}

/// `new Request(input, init)`
fn construct(rt: &mut Rt, args: Args) -> JsResult {
    let request = object::construct(rt, args, Class::Request, Intrinsic::Host5)?;
    let (input, init) = (args.get(rt, 0), args.get(rt, 1));
    rt.scoped(|rt| {
        let keep = rt.root(Value::object(request));
        fill(rt, request, input, init)?;
        Ok(keep.get(rt))
    })
}

/// A request of the intrinsic class from `fetch`'s arguments.
pub fn of_input(rt: &mut Rt, input: Value, init: Value) -> JsResult<Ref> {
    rt.scoped(|rt| {
        let request = new_blank(rt);
        let keep = rt.root(Value::object(request));
        fill(rt, request, input, init)?;
        Ok(keep.obj(rt))
    })
}

/// Fetch 5.4, the constructor's steps.
fn fill(rt: &mut Rt, request: Ref, input: Value, init: Value) -> JsResult<()> {
    let request = rt.root(Value::object(request));
    let init = rt.root(init);
    let words = rt.alloc_words_filled(Kind::Words, 4, Value::UNDEFINED);
    rt.init_word(words, METHOD, names::word(rt, Name::Get));
    rt.init_word(words, BODY, Value::NULL);
    let words = rt.root(Value::internal(words));
    let mut list = None;
    if object::is_class(rt, input, Class::Request) {
        let source = rt.root(input);
        let url = object::get(rt, input, "url")?;
        set_field(rt, request.obj(rt), 1, url);
        let method = object::get(rt, source.get(rt), "method")?;
        rt.put_word(words.get(rt).as_ref(), METHOD, method);
        let given = object::get(rt, source.get(rt), "headers")?;
        list = headers::of_init(rt, given)?;
        let from = source.obj(rt);
        if flags(rt, from) & OWN != 0 || host::phase(rt) == Phase::Handler {
            let body = if Body::is_used(rt, from) { Value::NULL } else { read_body(rt, from)? };
            rt.put_word(words.get(rt).as_ref(), BODY, body);
        }
        if let Some(signal) = own(rt, from, SIGNAL) {
            rt.put_word(words.get(rt).as_ref(), SIGNAL, signal);
        }
    } else {
        let text = rt.to_str(input)?;
        let text = rt.to_text(text);
        match ::url::Url::parse(&text) {
            Ok(parsed) if parsed.username().is_empty() && parsed.password().is_none() => {
                let url = rt.str_value(parsed.as_str());
                set_field(rt, request.obj(rt), 1, url);
            }
            Ok(_) => return Err(rt.throw_type("a request URL must not contain a user name or password")),
            Err(error) => return Err(rt.throw_type(&format!("'{text}' is not an absolute URL: {error}"))),
        }
    }
    // Made last: nothing but a local holds it while the script is asked for the rest.
    let list = list.unwrap_or_else(|| headers::new_list(rt));
    set_field(rt, request.obj(rt), 0, Value::int(OWN));
    set_field(rt, request.obj(rt), 2, Value::object(list));
    set_field(rt, request.obj(rt), 3, words.get(rt));
    if init.get(rt).is_nullish() {
        return Ok(());
    }
    if !init.get(rt).is_object() {
        return Err(rt.throw_type("the options of a Request must be an object"));
    }
    let method = rt.get_name(init.get(rt), atoms::method)?;
    if !method.is_undefined() {
        let method = to_method(rt, method)?;
        rt.put_word(words.get(rt).as_ref(), METHOD, Value::string(method));
    }
    let given = rt.get_name(init.get(rt), atoms::headers)?;
    if let Some(list) = headers::of_init(rt, given)? {
        set_field(rt, request.obj(rt), 2, Value::object(list));
    }
    for (word, name) in [(SIGNAL, Name::Signal), (REDIRECT, Name::Redirect)] {
        let name = names::atom(rt, name);
        let v = rt.get_name(init.get(rt), name)?;
        if !v.is_nullish() {
            rt.put_word(words.get(rt).as_ref(), word, v);
        }
    }
    let given = rt.get_name(init.get(rt), atoms::body)?;
    if !given.is_nullish() {
        let method = rt.word(words.get(rt).as_ref(), METHOD).as_ref();
        if rt.str_is(method, "GET") || rt.str_is(method, "HEAD") {
            return Err(rt.throw_type("a GET or HEAD request has no body"));
        }
        let extracted = body::extract(rt, given)?;
        rt.put_word(words.get(rt).as_ref(), BODY, extracted.body);
        let list = field(rt, request.obj(rt), 2).as_ref();
        body::imply_content_type(rt, list, extracted.content_type);
    }
    Ok(())
}

/// `clone()`
fn clone(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Request)?;
    if Body::is_used(rt, this) {
        return Err(rt.throw_type("a Request whose body was read cannot be cloned"));
    }
    of_input(rt, Value::object(this), Value::UNDEFINED).map(Value::object)
}

/// What `fetch` sends: URL, method, headers, body, redirect mode and signal of a script's own request.
pub struct Outgoing {
    /// Absolute URL.
    pub url: Ref,
    /// Method.
    pub method: Ref,
    /// Headers.
    pub headers: Ref,
    /// Body: null, a string, or bytes.
    pub body: Value,
    /// `follow`, `manual`, `error` or undefined.
    pub redirect: Value,
    /// AbortSignal or undefined.
    pub signal: Value,
}

/// Parts of a request that [`of_input`] made.
pub fn outgoing(rt: &Rt, request: Ref) -> Outgoing {
    let word = |i| own(rt, request, i).unwrap_or(Value::UNDEFINED);
    Outgoing {
        url: field(rt, request, 1).as_ref(),
        method: word(METHOD).as_ref(),
        headers: field(rt, request, 2).as_ref(),
        body: word(BODY),
        redirect: word(REDIRECT),
        signal: word(SIGNAL),
    }
}
