//! `Response` (Fetch standard 5.5), made for the common case: `Response.json(value)` is one cell and one string.
//!
//! Fields: 0 = status and flags, 1 = headers: undefined (none), a string (only a content type) or a Headers object,
//! 2 = body, 3 = undefined, status text, or a Words cell of status text and URL; of the response on its way the view before.
use super::body::{self, HasBody};
use super::headers::{self, Guard};
use super::seed;
use crate::names::{self, Name, ShapeOf};
use crate::object::{self, Class, field, set_field, this_of};
use crate::view;
use lockgate_engine::builtins::spec::{ClassSpec, Row};
use lockgate_engine::call::Args;
use lockgate_engine::heap::layout::Kind;
use lockgate_engine::realm::Intrinsic;
use lockgate_engine::runtime::Rt;
use lockgate_engine::string::atoms;
use lockgate_engine::value::{JsResult, Ref, TAG_INTERNAL, Value};

const STATUS_MASK: i32 = 0xFFFF;
const USED: i32 = 1 << 16;
const REDIRECTED: i32 = 1 << 17;
const IS_ERROR: i32 = 1 << 18;
const FROM_FETCH: i32 = 1 << 19;
/// The response on its way through `onResponse`: status and headers live in the gateway.
const IS_VIEW: i32 = 1 << 20;

const LINK: u32 = 3;

/// The class.
pub const CLASS: ClassSpec = ClassSpec::class(
    "Response",
    construct,
    0,
    Intrinsic::Host0,
    Intrinsic::Host1,
    &[
        Row::method("json", 1, json).enumerable(),
        Row::method("text", 1, text).enumerable(),
        Row::method("html", 1, html).enumerable(),
        Row::method("redirect", 1, redirect).enumerable(),
        Row::method("error", 0, error).enumerable(),
    ],
    &[
        Row::accessor("status", status, set_status).enumerable(),
        Row::getter("ok", ok).enumerable(),
        Row::getter("statusText", status_text).enumerable(),
        Row::getter("headers", headers_getter).enumerable(),
        Row::getter("url", url).enumerable(),
        Row::getter("type", kind).enumerable(),
        Row::getter("redirected", redirected).enumerable(),
        Row::getter("body", body_getter).enumerable(),
        Row::getter("bodyUsed", body_used).enumerable(),
        Row::method("clone", 0, clone).enumerable(),
        Row::method("text", 0, body::text_method::<Body>).enumerable(),
        Row::method("json", 0, body::json_method::<Body>).enumerable(),
        Row::method("arrayBuffer", 0, body::array_buffer_method::<Body>).enumerable(),
        Row::method("bytes", 0, body::bytes_method::<Body>).enumerable(),
        Row::tag("Response"),
    ],
);

struct Body;

impl HasBody for Body {
    const CLASS: Class = Class::Response;

    fn take(rt: &mut Rt, this: Ref) -> JsResult {
        if flags(rt, this) & IS_VIEW != 0 {
            return Err(
                rt.throw_type("the body of the response cannot be read in onResponse: it is streamed to the client")
            );
        }
        let body = field(rt, this, 2);
        if body::exists(body) {
            set_field(rt, this, 0, Value::int(flags(rt, this) | USED));
        }
        Ok(body)
    }

    fn is_used(rt: &Rt, this: Ref) -> bool {
        flags(rt, this) & USED != 0
    }
}

#[inline]
fn flags(rt: &Rt, this: Ref) -> i32 {
    field(rt, this, 0).as_int()
}

/// A response with a body and no headers yet.
#[inline]
fn new(rt: &Rt, status: i32, headers: Value, body: Value) -> Ref {
    let response = object::new_host_of_shape(rt, Class::Response, names::shape(rt, ShapeOf::Response));
    set_field(rt, response, 0, Value::int(status));
    set_field(rt, response, 1, headers);
    set_field(rt, response, 2, body);
    response
}

/// The response on its way to the client.
pub fn new_view(rt: &Rt, guard: Guard) -> Ref {
    let headers = headers::new_view(rt, guard);
    let response = new(rt, IS_VIEW, Value::object(headers), Value::NULL);
    object::link_view(rt, response, LINK);
    response
}

/// The response was sent, its request is over. Returns the view before it.
pub fn end_view(rt: &Rt, response: Ref) -> Value {
    object::end_view(rt, field(rt, response, 1).as_ref());
    object::end_view(rt, response);
    field(rt, response, LINK)
}

/// What `fetch` gives: status, immutable headers, body bytes, final URL.
pub fn of_fetch(rt: &Rt, status: u16, list: Ref, body: &[u8], url: &str, was_redirected: bool) -> Ref {
    headers::freeze(rt, list);
    let bits = i32::from(status) | FROM_FETCH | if was_redirected { REDIRECTED } else { 0 };
    let body = Value::internal(body::bytes_cell(rt, body));
    let response = new(rt, bits, Value::object(list), body);
    let extra = rt.alloc_words(Kind::Words, 2);
    rt.init_word(extra, 0, Value::string(rt.new_str(reason_phrase(status))));
    rt.init_word(extra, 1, Value::string(rt.new_str(url)));
    set_field(rt, response, 3, Value::internal(extra));
    response
}

/// The Headers object, made when first asked for.
fn headers_of(rt: &Rt, this: Ref) -> Ref {
    let v = field(rt, this, 1);
    if let Some(headers) = v.to_obj() {
        return headers;
    }
    let list = headers::new_list(rt);
    if v.is_string() {
        headers::push(rt, list, names::atom(rt, Name::ContentType), v.as_ref());
    }
    set_field(rt, this, 1, Value::object(list));
    list
}

/// What `init` says: status and status text; headers go to the response.
fn apply_init(rt: &mut Rt, response: Ref, init: Value, default: u16) -> JsResult<()> {
    if init.is_undefined() || init.is_null() {
        set_field(rt, response, 0, Value::int(i32::from(default)));
        return Ok(());
    }
    if !init.is_object() {
        let what = object::describe(rt, init);
        return Err(rt.throw_type(&format!("the options of a Response must be an object, not {what}")));
    }
    rt.scoped(|rt| {
        let response = rt.root(Value::object(response));
        let init = rt.root(init);
        let status = rt.get_name(init.get(rt), atoms::status)?;
        let status = if status.is_undefined() { i32::from(default) } else { checked_status(rt, status, 200)? };
        set_field(rt, response.obj(rt), 0, Value::int(status));
        let name = names::atom(rt, Name::StatusText);
        let text = rt.get_name(init.get(rt), name)?;
        if !text.is_undefined() {
            let text = rt.to_str(text)?;
            let valid = rt.with_units(text, |u| u.iter().all(|u| u == 9 || (32..256).contains(&u) && u != 127));
            if !valid {
                return Err(rt.throw_type("statusText has a character that a reason phrase cannot have"));
            }
            set_field(rt, response.obj(rt), 3, Value::string(text));
        }
        let given = rt.get_name(init.get(rt), atoms::headers)?;
        if let Some(list) = headers::of_init(rt, given)? {
            set_field(rt, response.obj(rt), 1, Value::object(list));
        }
        Ok(())
    })
}

/// A status from a script: an integer from `least` to 599; RangeError otherwise.
pub fn checked_status(rt: &mut Rt, v: Value, least: i32) -> JsResult<i32> {
    let status = rt.to_integer(v)?;
    if !(f64::from(least)..=599.0).contains(&status) {
        return Err(rt.throw_range(&format!("status {status} is outside {least} to 599")));
    }
    Ok(status as i32)
}

/// Gives the response an implied content type, unless its headers name one.
fn imply(rt: &Rt, response: Ref, implied: Option<Name>) {
    let Some(implied) = implied else { return };
    match field(rt, response, 1).to_obj() {
        Some(list) => body::imply_content_type(rt, list, Some(implied)),
        None => set_field(rt, response, 1, names::word(rt, implied)),
    }
}

/// `new Response(body, init)`
fn construct(rt: &mut Rt, args: Args) -> JsResult {
    let response = object::construct(rt, args, Class::Response, Intrinsic::Host1)?;
    set_field(rt, response, 0, Value::int(200));
    let keep = rt.root(Value::object(response));
    let v = args.get(rt, 0);
    let extracted = body::extract(rt, v)?;
    set_field(rt, keep.obj(rt), 2, extracted.body);
    let init = args.get(rt, 1);
    apply_init(rt, keep.obj(rt), init, 200)?;
    let response = keep.obj(rt);
    let status = flags(rt, response) & STATUS_MASK;
    if body::exists(extracted.body) && matches!(status, 204 | 205 | 304) {
        return Err(rt.throw_type(&format!("a response of status {status} has no body")));
    }
    imply(rt, response, extracted.content_type);
    Ok(Value::object(response))
}

fn made(rt: &mut Rt, args: Args, body: Ref, content_type: Name) -> JsResult {
    let response = new(rt, 200, Value::UNDEFINED, Value::string(body));
    let init = args.get(rt, 1);
    if init.is_undefined() {
        set_field(rt, response, 1, names::word(rt, content_type));
        return Ok(Value::object(response));
    }
    let keep = rt.root(Value::object(response));
    apply_init(rt, response, init, 200)?;
    imply(rt, keep.obj(rt), Some(content_type));
    Ok(keep.get(rt))
}

/// `Response.json(data, init)`
fn json(rt: &mut Rt, args: Args) -> JsResult {
    let v = args.get(rt, 0);
    let text = body::json_text(rt, v)?;
    made(rt, args, text, Name::Json)
}

/// `Response.text(text, init)`
fn text(rt: &mut Rt, args: Args) -> JsResult {
    let body = string_or_empty(rt, args)?;
    made(rt, args, body, Name::PlainText)
}

/// `Response.html(text, init)`
fn html(rt: &mut Rt, args: Args) -> JsResult {
    let body = string_or_empty(rt, args)?;
    made(rt, args, body, Name::Html)
}

fn string_or_empty(rt: &mut Rt, args: Args) -> JsResult<Ref> {
    match args.get(rt, 0) {
        v if v.is_undefined() => Ok(atoms::empty),
        v => rt.to_str(v),
    }
}

/// `Response.redirect(url, status = 302)`
fn redirect(rt: &mut Rt, args: Args) -> JsResult {
    let v = args.get(rt, 0);
    let location = headers::to_value(rt, v)?;
    let location = rt.root(Value::string(location));
    let status = match args.get(rt, 1) {
        v if v.is_undefined() => 302,
        v => checked_status(rt, v, 100)?,
    };
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return Err(rt.throw_range(&format!("{status} is no redirect status: 301, 302, 303, 307, 308")));
    }
    let list = headers::new_list(rt);
    headers::push(rt, list, names::atom(rt, Name::Location), location.obj(rt));
    Ok(Value::object(new(rt, status, Value::object(list), Value::NULL)))
}

/// `Response.error()`
fn error(rt: &mut Rt, _args: Args) -> JsResult {
    let list = headers::new_list(rt);
    headers::freeze(rt, list);
    Ok(Value::object(new(rt, IS_ERROR, Value::object(list), Value::NULL)))
}

fn current_status(rt: &mut Rt, this: Ref) -> JsResult<i32> {
    if flags(rt, this) & IS_VIEW != 0 {
        return view::with(rt, |view| i32::from(view.status()));
    }
    Ok(flags(rt, this) & STATUS_MASK)
}

/// `status`
fn status(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Response)?;
    current_status(rt, this).map(Value::int)
}

/// `status = n`: only of the response in `onResponse`.
fn set_status(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Response)?;
    let writable =
        field(rt, this, 1).to_obj().is_some_and(|list| field(rt, list, 1) == Value::int(Guard::Response as i32));
    if flags(rt, this) & IS_VIEW == 0 || !writable {
        return Err(rt.throw_type("the status of a Response can only be changed in onResponse"));
    }
    let v = args.get(rt, 0);
    let status = checked_status(rt, v, 200)?;
    view::with(rt, |view| view.set_status(status as u16))?;
    Ok(Value::UNDEFINED)
}

/// `ok`
fn ok(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Response)?;
    let status = current_status(rt, this)?;
    Ok(Value::bool((200..300).contains(&status)))
}

/// `statusText`: what the script said, else the usual words.
fn status_text(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Response)?;
    let extra = field(rt, this, 3);
    if extra.is_string() {
        return Ok(extra);
    }
    if extra.tag() == TAG_INTERNAL {
        return Ok(rt.word(extra.as_ref(), 0));
    }
    let status = current_status(rt, this)?;
    if status == 200 {
        return Ok(names::word(rt, Name::Ok200));
    }
    Ok(rt.str_value(reason_phrase(status as u16)))
}

/// The usual words for a status (RFC 9110 15).
pub fn reason_phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        206 => "Partial Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        410 => "Gone",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        418 => "I'm a teapot",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}

/// `headers`
fn headers_getter(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Response)?;
    Ok(Value::object(headers_of(rt, this)))
}

/// `url`
fn url(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Response)?;
    let extra = field(rt, this, 3);
    Ok(if extra.tag() == TAG_INTERNAL { rt.word(extra.as_ref(), 1) } else { Value::string(atoms::empty) })
}

/// `type`
fn kind(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Response)?;
    let bits = flags(rt, this);
    let name = match bits {
        _ if bits & IS_ERROR != 0 => Name::Error,
        _ if bits & FROM_FETCH != 0 => Name::Basic,
        _ => Name::DefaultType,
    };
    Ok(names::word(rt, name))
}

/// `redirected`
fn redirected(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Response)?;
    Ok(Value::bool(flags(rt, this) & REDIRECTED != 0))
}

/// `body`: the text of a string body (there are no streams yet), else null.
fn body_getter(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Response)?;
    let body = field(rt, this, 2);
    if !body::exists(body) || Body::is_used(rt, this) {
        return Ok(Value::NULL);
    }
    Ok(Value::string(body::text(rt, body)))
}

/// `bodyUsed`
fn body_used(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Response)?;
    Ok(Value::bool(Body::is_used(rt, this)))
}

/// `clone()`
fn clone(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Response)?;
    if Body::is_used(rt, this) {
        return Err(rt.throw_type("a Response whose body was read cannot be cloned"));
    }
    let status = current_status(rt, this)?;
    let bits = flags(rt, this) & !(IS_VIEW | STATUS_MASK) | status;
    let mut headers = field(rt, this, 1);
    if let Some(list) = headers.to_obj() {
        headers = Value::object(headers::copy(rt, list)?);
    }
    let this = this_of(rt, args, Class::Response)?;
    let copy = new(rt, bits, headers, field(rt, this, 2));
    if flags(rt, this) & IS_VIEW == 0 {
        set_field(rt, copy, 3, field(rt, this, 3));
    }
    Ok(Value::object(copy))
}

/// Whether the value is a Response that came out of `onResponse`'s own argument.
pub fn is_view(rt: &Rt, v: Value) -> bool {
    object::is_class(rt, v, Class::Response) && flags(rt, v.as_ref()) & IS_VIEW != 0
}

/// Hands a Response to the gateway: status and headers to the view; the body is the result, taken.
pub fn hand_over(rt: &mut Rt, this: Ref) -> JsResult {
    let bits = flags(rt, this);
    if bits & USED != 0 {
        return Err(rt.throw_type("the Response that was returned has a body that was already read"));
    }
    if bits & IS_ERROR != 0 {
        return Err(rt.throw_type("the handler returned Response.error()"));
    }
    let headers = field(rt, this, 1);
    let rt_ref: &Rt = rt;
    let handed = view::try_with(|view| {
        view.begin_reply((bits & STATUS_MASK) as u16);
        let mut put = |name: Ref, value: Ref| {
            rt_ref.with_units(name, |name| {
                rt_ref.with_units(value, |value| view.reply_header(&headers::latin1(name), &headers::latin1(value)));
            });
        };
        if headers.is_string() {
            put(names::atom(rt_ref, Name::ContentType), headers.as_ref());
        } else if let Some(list) = headers.to_obj() {
            headers::each_of_list(rt_ref, list, put);
        }
    });
    if handed.is_none() {
        return Err(rt.throw_type("there is no request to answer"));
    }
    let body = field(rt, this, 2);
    set_field(rt, this, 0, Value::int(bits | USED));
    Ok(body)
}

/// A bare string or a plain `{ status, headers, body }` as a Response (the seed's conventions).
pub fn of_plain(rt: &mut Rt, v: Value) -> JsResult<Ref> {
    if v.is_string() {
        return Ok(new(rt, 200, names::word(rt, Name::PlainText), v));
    }
    rt.scoped(|rt| {
        let source = rt.root(v);
        let body = rt.get_name(source.get(rt), atoms::body)?;
        let (body, implied) = if body.is_object() && seed::is_plain_object(rt, body) {
            (Value::string(body::json_text(rt, body)?), Some(Name::Json))
        } else {
            let extracted = body::extract(rt, body)?;
            (extracted.body, extracted.content_type.map(|_| Name::PlainText))
        };
        let response = rt.root(Value::object(new(rt, 200, Value::UNDEFINED, body)));
        let init = source.get(rt);
        apply_init(rt, response.obj(rt), init, 200)?;
        imply(rt, response.obj(rt), implied);
        Ok(response.obj(rt))
    })
}
