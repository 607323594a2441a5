//! `Headers` (Fetch standard 5.1): a list of its own, or a view of a head in the gateway's hands.
//!
//! Fields: 0 = list (an Array of name, value, name, value…) or undefined for a view, 1 = [`Guard`].
use super::pairs;
use crate::names::{self, Name, ShapeOf};
use crate::object::{self, Class, field, set_field, this_of};
use crate::view::{self, Head};
use lockgate_engine::builtins::spec::{ClassSpec, Row};
use lockgate_engine::call::Args;
use lockgate_engine::heap::layout::ARRAY_LENGTH;
use lockgate_engine::realm::{Intrinsic, WellKnown};
use lockgate_engine::runtime::Rt;
use lockgate_engine::string::Units;
use lockgate_engine::value::{JsResult, Ref, Thrown, Value};
use std::borrow::Cow;

/// What a `Headers` object stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum Guard {
    /// A list of its own.
    None,
    /// A list that scripts may not change (of `fetch` responses, `Response.error`).
    Immutable,
    /// The client's request, written through.
    Request,
    /// The client's request, read only (in a handler).
    RequestReadOnly,
    /// The response on its way, written through.
    Response,
    /// The response that was sent (`onLog`).
    ResponseReadOnly,
}

impl Guard {
    fn of(rt: &Rt, headers: Ref) -> Guard {
        match field(rt, headers, 1).as_int() {
            1 => Guard::Immutable,
            2 => Guard::Request,
            3 => Guard::RequestReadOnly,
            4 => Guard::Response,
            5 => Guard::ResponseReadOnly,
            _ => Guard::None,
        }
    }

    fn head(self) -> Option<Head> {
        match self {
            Guard::None | Guard::Immutable => None,
            Guard::Request | Guard::RequestReadOnly => Some(Head::Request),
            Guard::Response | Guard::ResponseReadOnly => Some(Head::Response),
        }
    }
}

/// The class.
pub const CLASS: ClassSpec = ClassSpec::class(
    "Headers",
    construct,
    0,
    Intrinsic::Host2,
    Intrinsic::Host3,
    &[],
    &[
        Row::method("append", 2, append).enumerable(),
        Row::method("delete", 1, delete).enumerable(),
        Row::method("get", 1, get).enumerable(),
        Row::method("getSetCookie", 0, get_set_cookie).enumerable(),
        Row::method("has", 1, has).enumerable(),
        Row::method("set", 2, set).enumerable(),
        Row::method("entries", 0, entries).enumerable(),
        Row::method("forEach", 1, for_each).enumerable(),
        Row::method("keys", 0, keys).enumerable(),
        Row::method("values", 0, values).enumerable(),
        Row::symbol_alias(WellKnown::Iterator, "entries"),
        Row::tag("Headers"),
    ],
);

/// An empty list.
pub fn new_list(rt: &Rt) -> Ref {
    let headers = object::new_host_of_shape(rt, Class::Headers, names::shape(rt, ShapeOf::Headers));
    init_list(rt, headers);
    headers
}

fn init_list(rt: &Rt, headers: Ref) {
    set_field(rt, headers, 0, Value::object(rt.new_array_with_capacity(8)));
    set_field(rt, headers, 1, Value::int(Guard::None as i32));
}

/// A view of a head.
pub fn new_view(rt: &Rt, guard: Guard) -> Ref {
    let headers = object::new_host_of_shape(rt, Class::Headers, names::shape(rt, ShapeOf::Headers));
    set_field(rt, headers, 1, Value::int(guard as i32));
    headers
}

/// Forbids changes.
pub fn freeze(rt: &Rt, headers: Ref) {
    set_field(rt, headers, 1, Value::int(Guard::Immutable as i32));
}

/// Appends to a list without checks: names are lower-case atoms, values valid.
pub fn push(rt: &Rt, headers: Ref, name: Ref, value: Ref) {
    let list = field(rt, headers, 0).as_ref();
    rt.array_push(list, Value::string(name));
    rt.array_push(list, Value::string(value));
}

/// Calls `f` with each name and value of a list in order.
pub fn each_of_list(rt: &Rt, headers: Ref, mut f: impl FnMut(Ref, Ref)) {
    let Some(list) = field(rt, headers, 0).to_obj() else { return };
    let (elements, len) = (rt.elements(list), rt.array_len(list));
    for i in 0..len / 2 {
        f(rt.word(elements, 2 * i).as_ref(), rt.word(elements, 2 * i + 1).as_ref());
    }
}

/// Whether a list has a header.
pub fn list_has(rt: &Rt, headers: Ref, name: Ref) -> bool {
    let mut found = false;
    each_of_list(rt, headers, |n, _| found |= n == name);
    found
}

/// A valid header name in lower case, as an atom; TypeError otherwise.
pub fn to_name(rt: &mut Rt, v: Value) -> JsResult<Ref> {
    let s = rt.to_str(v)?;
    let upper = rt.with_units(s, |units| match units {
        Units::Latin1(bytes) if !bytes.is_empty() => {
            let (mut token, mut upper) = (true, false);
            for &b in bytes {
                token &= is_token(b);
                upper |= b.is_ascii_uppercase();
            }
            token.then_some(upper)
        }
        _ => None,
    });
    match upper {
        Some(false) => Ok(rt.intern(s)),
        Some(true) => {
            let mut buf = rt.str_buf();
            rt.with_units(s, |units| units.iter().for_each(|unit| buf.push((unit as u8).to_ascii_lowercase().into())));
            let lower = rt.finish_str(buf)?;
            Ok(rt.intern(lower))
        }
        None => {
            let text: String = rt.to_text(s).chars().take(40).collect();
            Err(rt.throw_type(&format!("'{}' is not a valid header name", text.escape_debug())))
        }
    }
}

/// RFC 9110 5.6.2 token characters.
pub fn is_token(b: u8) -> bool {
    TOKEN[usize::from(b)]
}

const TOKEN: [bool; 256] = {
    let mut table = [false; 256];
    let punctuation = b"!#$%&'*+-.^_`|~";
    let mut i = 0;
    while i < punctuation.len() {
        table[punctuation[i] as usize] = true;
        i += 1;
    }
    let mut b = 0;
    while b < 128 {
        table[b] |= (b as u8).is_ascii_alphanumeric();
        b += 1;
    }
    table
};

/// A valid header value without surrounding white space; TypeError otherwise.
pub fn to_value(rt: &mut Rt, v: Value) -> JsResult<Ref> {
    let s = rt.to_str(v)?;
    let bounds = rt.with_units(s, |units| match units {
        Units::Latin1(units) => value_bounds(units),
        Units::Utf16(units) => value_bounds(units),
    });
    match bounds {
        Some((start, end)) => Ok(rt.substring(s, start, end)),
        None => {
            let text: String = rt.to_text(s).chars().take(40).collect();
            Err(rt.throw_type(&format!("'{}' is not a valid header value", text.escape_debug())))
        }
    }
}

/// Where a header value begins and ends in its white space; None: it is none.
fn value_bounds<U: Copy + Into<u16>>(units: &[U]) -> Option<(u32, u32)> {
    let is_space = |&unit: &U| matches!(unit.into(), 9 | 10 | 13 | 32);
    let start = units.iter().position(|unit| !is_space(unit)).unwrap_or(units.len());
    let end = units.iter().rposition(|unit| !is_space(unit)).map_or(start, |last| last + 1);
    let valid = units[start..end].iter().all(|&unit| !matches!(unit.into(), 0 | 10 | 13 | 256..));
    valid.then_some((start as u32, end as u32))
}

/// Runs `f` with a name as text; names are ASCII.
fn with_name<R>(rt: &Rt, name: Ref, f: impl FnOnce(&str) -> R) -> R {
    rt.with_units(name, |units| f(std::str::from_utf8(&latin1(units)).unwrap_or("")))
}

/// Units that are all below 256 as bytes.
pub fn latin1(units: Units<'_>) -> Cow<'_, [u8]> {
    match units {
        Units::Latin1(bytes) => bytes.into(),
        Units::Utf16(units) => units.iter().map(|&u| u as u8).collect::<Vec<_>>().into(),
    }
}

#[cold]
fn over(rt: &mut Rt) -> Thrown {
    rt.throw_type("the request of these headers is over")
}

/// All values of a header joined by `, `; None if absent.
pub fn read(rt: &mut Rt, headers: Ref, name: Ref) -> JsResult<Option<Ref>> {
    let mut found: Option<Ref> = None;
    let mut more = Vec::new();
    let mut note = |value: Ref| match found {
        None => found = Some(value),
        Some(_) => more.push(value),
    };
    match Guard::of(rt, headers).head() {
        None => each_of_list(rt, headers, |n, value| {
            if n == name {
                note(value);
            }
        }),
        Some(head) => {
            let rt_ref: &Rt = rt;
            let bound = with_name(rt_ref, name, |text| {
                view::try_with(|view| view.header(head, text, &mut |value| note(rt_ref.new_latin1(value))))
            });
            if bound.is_none() {
                return Err(over(rt));
            }
        }
    }
    let Some(mut joined) = found else { return Ok(None) };
    if !more.is_empty() {
        let comma = rt.new_latin1(b", ");
        for value in more {
            joined = rt.concat(joined, comma)?;
            joined = rt.concat(joined, value)?;
        }
    }
    Ok(Some(joined))
}

/// Puts a checked value in place of all, or adds one.
pub fn write(rt: &mut Rt, headers: Ref, name: Ref, value: Ref, append: bool) -> JsResult<()> {
    let Some(head) = writable(rt, headers)?.head() else {
        if append {
            push(rt, headers, name, value)
        } else {
            replace(rt, headers, name, value)
        }
        return Ok(());
    };
    let rt_ref: &Rt = rt;
    let outcome = with_name(rt_ref, name, |text| {
        rt_ref.with_units(value, |units| {
            let bytes = latin1(units);
            view::try_with(|view| match append {
                true => view.append_header(head, text, &bytes),
                false => view.set_header(head, text, &bytes),
            })
        })
    });
    match outcome {
        Some(Ok(())) => Ok(()),
        Some(Err(why)) => {
            let text = rt.to_text(name);
            Err(rt.throw_type(&format!("header '{text}': {why}")))
        }
        None => Err(over(rt)),
    }
}

fn replace(rt: &Rt, headers: Ref, name: Ref, value: Ref) {
    let list = field(rt, headers, 0).as_ref();
    let (elements, len) = (rt.elements(list), rt.array_len(list));
    let (mut kept, mut placed) = (0, false);
    for i in 0..len / 2 {
        let (n, mut v) = (rt.word(elements, 2 * i), rt.word(elements, 2 * i + 1));
        if n.as_ref() == name {
            if placed {
                continue;
            }
            v = Value::string(value);
            placed = true;
        }
        rt.put_word(elements, kept, n);
        rt.put_word(elements, kept + 1, v);
        kept += 2;
    }
    truncate(rt, list, kept, len);
    if !placed {
        push(rt, headers, name, value);
    }
}

fn remove(rt: &Rt, headers: Ref, name: Ref) {
    let list = field(rt, headers, 0).as_ref();
    let (elements, len) = (rt.elements(list), rt.array_len(list));
    let mut kept = 0;
    for i in 0..len / 2 {
        let (n, v) = (rt.word(elements, 2 * i), rt.word(elements, 2 * i + 1));
        if n.as_ref() != name {
            rt.put_word(elements, kept, n);
            rt.put_word(elements, kept + 1, v);
            kept += 2;
        }
    }
    truncate(rt, list, kept, len);
}

fn truncate(rt: &Rt, list: Ref, kept: u32, len: u32) {
    let elements = rt.elements(list);
    for i in kept..len {
        rt.put_word(elements, i, Value::HOLE);
    }
    rt.put::<u32>(list, ARRAY_LENGTH, kept);
}

fn writable(rt: &mut Rt, headers: Ref) -> JsResult<Guard> {
    let guard = Guard::of(rt, headers);
    let why = match guard {
        Guard::RequestReadOnly => "the headers of a request can only be changed in onRequest",
        Guard::ResponseReadOnly => "the response was sent: its headers cannot be changed any more",
        Guard::Immutable => "these headers are immutable",
        Guard::None | Guard::Request | Guard::Response => return Ok(guard),
    };
    Err(rt.throw_type(why))
}

/// Headers of its own with the same content as `headers`.
pub fn copy(rt: &mut Rt, headers: Ref) -> JsResult<Ref> {
    let list = new_list(rt);
    match Guard::of(rt, headers).head() {
        None => each_of_list(rt, headers, |name, value| push(rt, list, name, value)),
        Some(head) => {
            let rt_ref: &Rt = rt;
            let bound = view::try_with(|view| {
                view.headers(head, &mut |name, value| {
                    let name = rt_ref.intern(rt_ref.new_latin1(&name.to_ascii_lowercase()));
                    push(rt_ref, list, name, rt_ref.new_latin1(value));
                });
            });
            if bound.is_none() {
                return Err(over(rt));
            }
        }
    }
    Ok(list)
}

/// Fetch 5.1 fill: from Headers, a sequence of pairs, or a record.
pub fn fill(rt: &mut Rt, headers: Ref, init: Value) -> JsResult<()> {
    rt.scoped(|rt| {
        let target = rt.root(Value::object(headers));
        if object::is_class(rt, init, Class::Headers) {
            let source = copy(rt, init.as_ref())?;
            let mut pairs = Vec::new();
            each_of_list(rt, source, |name, value| pairs.push((name, value)));
            for (name, value) in pairs {
                write(rt, target.obj(rt), name, value, true)?;
            }
            return Ok(());
        }
        if !init.is_object() {
            return Err(rt.throw_type("headers must be an object, an array of pairs or Headers"));
        }
        pairs::each_pair(rt, init, &mut |rt, name, value| {
            rt.scoped(|rt| {
                let value = rt.root(value);
                let name = to_name(rt, name)?;
                let name = rt.root(Value::string(name));
                let v = value.get(rt);
                let v = to_value(rt, v)?;
                write(rt, target.obj(rt), name.obj(rt), v, true)
            })
        })
    })
}

/// The Headers of an `init.headers`; undefined and null give none.
pub fn of_init(rt: &mut Rt, init: Value) -> JsResult<Option<Ref>> {
    if init.is_nullish() {
        return Ok(None);
    }
    rt.scoped(|rt| {
        let headers = new_list(rt);
        let keep = rt.root(Value::object(headers));
        fill(rt, headers, init)?;
        Ok(Some(keep.obj(rt)))
    })
}

/// `new Headers(init)`
fn construct(rt: &mut Rt, args: Args) -> JsResult {
    let headers = object::construct(rt, args, Class::Headers, Intrinsic::Host3)?;
    init_list(rt, headers);
    let keep = rt.root(Value::object(headers));
    let init = args.get(rt, 0);
    if !init.is_undefined() {
        fill(rt, headers, init)?;
    }
    Ok(keep.get(rt))
}

/// `append(name, value)`
fn append(rt: &mut Rt, args: Args) -> JsResult {
    write_method(rt, args, true)
}

/// `set(name, value)`
fn set(rt: &mut Rt, args: Args) -> JsResult {
    write_method(rt, args, false)
}

fn write_method(rt: &mut Rt, args: Args, append: bool) -> JsResult {
    this_of(rt, args, Class::Headers)?;
    let name = to_name(rt, args.get(rt, 0))?;
    let name = rt.root(Value::string(name));
    let value = to_value(rt, args.get(rt, 1))?;
    let headers = this_of(rt, args, Class::Headers)?;
    write(rt, headers, name.obj(rt), value, append)?;
    Ok(Value::UNDEFINED)
}

/// `delete(name)`
fn delete(rt: &mut Rt, args: Args) -> JsResult {
    this_of(rt, args, Class::Headers)?;
    let name = to_name(rt, args.get(rt, 0))?;
    let headers = this_of(rt, args, Class::Headers)?;
    match writable(rt, headers)?.head() {
        None => remove(rt, headers, name),
        Some(head) => {
            let rt_ref: &Rt = rt;
            let bound = with_name(rt_ref, name, |text| view::try_with(|view| view.remove_header(head, text)));
            if bound.is_none() {
                return Err(over(rt));
            }
        }
    }
    Ok(Value::UNDEFINED)
}

/// `get(name)`: all values joined, or null.
fn get(rt: &mut Rt, args: Args) -> JsResult {
    this_of(rt, args, Class::Headers)?;
    let name = to_name(rt, args.get(rt, 0))?;
    let headers = this_of(rt, args, Class::Headers)?;
    Ok(read(rt, headers, name)?.map_or(Value::NULL, Value::string))
}

/// `has(name)`
fn has(rt: &mut Rt, args: Args) -> JsResult {
    Ok(Value::bool(!get(rt, args)?.is_null()))
}

/// `getSetCookie()`: every `set-cookie` on its own.
fn get_set_cookie(rt: &mut Rt, args: Args) -> JsResult {
    let headers = this_of(rt, args, Class::Headers)?;
    let list = copy(rt, headers)?;
    let cookies = rt.new_array_with_capacity(0);
    let wanted = names::atom(rt, Name::SetCookie);
    each_of_list(rt, list, |name, value| {
        if name == wanted {
            rt.array_push(cookies, Value::string(value));
        }
    });
    Ok(Value::object(cookies))
}

/// Fetch 5.1 sort and combine: an Array of name, value, …; names ascending, `set-cookie` uncombined.
pub fn sorted(rt: &mut Rt, headers: Ref) -> JsResult<Ref> {
    let list = copy(rt, headers)?;
    let mut pairs: Vec<(Ref, Ref)> = Vec::new();
    each_of_list(rt, list, |name, value| pairs.push((name, value)));
    pairs.sort_by(|a, b| rt.str_cmp(a.0, b.0));
    let cookie = names::atom(rt, Name::SetCookie);
    let comma = rt.new_latin1(b", ");
    let flat = rt.new_array_with_capacity(2 * pairs.len() as u32);
    let mut last = Ref::NULL;
    for (name, value) in pairs {
        if name == last && name != cookie {
            let at = rt.array_len(flat) - 1;
            let joined = rt.word(rt.elements(flat), at).as_ref();
            let joined = rt.concat(joined, comma)?;
            let joined = rt.concat(joined, value)?;
            rt.put_word(rt.elements(flat), at, Value::string(joined));
        } else {
            rt.array_push(flat, Value::string(name));
            rt.array_push(flat, Value::string(value));
        }
        last = name;
    }
    Ok(flat)
}

/// `entries()`
fn entries(rt: &mut Rt, args: Args) -> JsResult {
    iterate(rt, args, pairs::What::Entries)
}

/// `keys()`
fn keys(rt: &mut Rt, args: Args) -> JsResult {
    iterate(rt, args, pairs::What::Keys)
}

/// `values()`
fn values(rt: &mut Rt, args: Args) -> JsResult {
    iterate(rt, args, pairs::What::Values)
}

fn iterate(rt: &mut Rt, args: Args, what: pairs::What) -> JsResult {
    let headers = this_of(rt, args, Class::Headers)?;
    let flat = sorted(rt, headers)?;
    Ok(pairs::new_iterator(rt, flat, what))
}

/// `forEach(callback, thisArg)`
fn for_each(rt: &mut Rt, args: Args) -> JsResult {
    let headers = this_of(rt, args, Class::Headers)?;
    let flat = sorted(rt, headers)?;
    pairs::for_each(rt, args, flat)
}
