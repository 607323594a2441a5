//! `URL` (URL standard 6.1): the text is kept, its parts are parsed from it when asked for.
//!
//! Fields: 0 = serialized URL, 1 = its URLSearchParams or undefined.
use super::search_params;
use crate::object::{self, Class, field, set_field, this_of};
use lockgate_engine::builtins::spec::{ClassSpec, Row};
use lockgate_engine::call::Args;
use lockgate_engine::realm::Intrinsic;
use lockgate_engine::runtime::Rt;
use lockgate_engine::value::{JsResult, Ref, Value};
use url::Url;

/// The class.
pub const CLASS: ClassSpec = ClassSpec::class(
    "URL",
    construct,
    1,
    Intrinsic::Host6,
    Intrinsic::Host7,
    &[Row::method("canParse", 1, can_parse).enumerable(), Row::method("parse", 1, parse_static).enumerable()],
    &[
        Row::accessor("href", href, set_href).enumerable(),
        Row::getter("origin", origin).enumerable(),
        Row::accessor("protocol", protocol, set_protocol).enumerable(),
        Row::accessor("username", username, set_username).enumerable(),
        Row::accessor("password", password, set_password).enumerable(),
        Row::accessor("host", host, set_host).enumerable(),
        Row::accessor("hostname", hostname, set_hostname).enumerable(),
        Row::accessor("port", port, set_port).enumerable(),
        Row::accessor("pathname", pathname, set_pathname).enumerable(),
        Row::accessor("search", search, set_search).enumerable(),
        Row::getter("searchParams", search_params_getter).enumerable(),
        Row::accessor("hash", hash, set_hash).enumerable(),
        Row::method("toString", 0, href).enumerable(),
        Row::method("toJSON", 0, href).enumerable(),
        Row::tag("URL"),
    ],
);

fn parse(rt: &mut Rt, args: Args) -> JsResult<Result<Url, String>> {
    let v = args.get(rt, 0);
    let text = rt.to_str(v)?;
    let text = rt.to_text(text);
    let base = args.get(rt, 1);
    if base.is_undefined() {
        return Ok(Url::parse(&text).map_err(|error| format!("'{text}' is not a URL: {error}")));
    }
    let base = rt.to_str(base)?;
    let base = rt.to_text(base);
    Ok(Url::parse(&base)
        .map_err(|error| format!("'{base}' is not a URL: {error}"))
        .and_then(|base| base.join(&text).map_err(|error| format!("'{text}' is not a URL: {error}"))))
}

/// `new URL(url, base)`
fn construct(rt: &mut Rt, args: Args) -> JsResult {
    let parsed = match parse(rt, args)? {
        Ok(parsed) => parsed,
        Err(why) => return Err(rt.throw_type(&why)),
    };
    let this = object::construct(rt, args, Class::Url, Intrinsic::Host7)?;
    set_field(rt, this, 0, rt.str_value(parsed.as_str()));
    Ok(Value::object(this))
}

/// `URL.canParse(url, base)`
fn can_parse(rt: &mut Rt, args: Args) -> JsResult {
    Ok(Value::bool(parse(rt, args)?.is_ok()))
}

/// `URL.parse(url, base)`: null where the constructor throws.
fn parse_static(rt: &mut Rt, args: Args) -> JsResult {
    let Ok(parsed) = parse(rt, args)? else { return Ok(Value::NULL) };
    let this = object::new_host(rt, Class::Url, rt.intrinsic(Intrinsic::Host7));
    set_field(rt, this, 0, rt.str_value(parsed.as_str()));
    Ok(Value::object(this))
}

fn of_this(rt: &mut Rt, args: Args) -> JsResult<(Ref, Url)> {
    let this = this_of(rt, args, Class::Url)?;
    let text = rt.to_text(field(rt, this, 0).as_ref());
    match Url::parse(&text) {
        Ok(url) => Ok((this, url)),
        Err(error) => Err(rt.throw_type(&format!("'{text}' is not a URL: {error}"))),
    }
}

fn part(rt: &mut Rt, args: Args, f: impl FnOnce(&Url) -> String) -> JsResult {
    let (_, url) = of_this(rt, args)?;
    Ok(rt.str_value(&f(&url)))
}

/// Changes a part; values the URL cannot have are ignored, as the standard says.
fn change(rt: &mut Rt, args: Args, f: impl FnOnce(&mut Url, &str)) -> JsResult {
    this_of(rt, args, Class::Url)?;
    let v = args.get(rt, 0);
    let text = rt.to_str(v)?;
    let text = rt.to_text(text);
    let (this, mut url) = of_this(rt, args)?;
    f(&mut url, &text);
    set_field(rt, this, 0, rt.str_value(url.as_str()));
    if let Some(params) = field(rt, this, 1).to_obj() {
        search_params::parse_into(rt, params, url.query().unwrap_or(""));
    }
    Ok(Value::UNDEFINED)
}

/// The parameters of a URL object changed: its query follows.
pub fn query_changed(rt: &Rt, this: Ref, query: &str) {
    if let Ok(mut url) = Url::parse(&rt.to_text(field(rt, this, 0).as_ref())) {
        url.set_query((!query.is_empty()).then_some(query));
        set_field(rt, this, 0, rt.str_value(url.as_str()));
    }
}

/// `href`, `toString()`, `toJSON()`
fn href(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Url)?;
    Ok(field(rt, this, 0))
}

/// `href = url`
fn set_href(rt: &mut Rt, args: Args) -> JsResult {
    let v = args.get(rt, 0);
    let text = rt.to_str(v)?;
    let text = rt.to_text(text);
    let url = match Url::parse(&text) {
        Ok(url) => url,
        Err(error) => return Err(rt.throw_type(&format!("'{text}' is not a URL: {error}"))),
    };
    let this = this_of(rt, args, Class::Url)?;
    set_field(rt, this, 0, rt.str_value(url.as_str()));
    if let Some(params) = field(rt, this, 1).to_obj() {
        search_params::parse_into(rt, params, url.query().unwrap_or(""));
    }
    Ok(Value::UNDEFINED)
}

/// `origin`
fn origin(rt: &mut Rt, args: Args) -> JsResult {
    part(rt, args, |url| url.origin().ascii_serialization())
}

/// `protocol`
fn protocol(rt: &mut Rt, args: Args) -> JsResult {
    part(rt, args, |url| format!("{}:", url.scheme()))
}

/// `protocol = text`
fn set_protocol(rt: &mut Rt, args: Args) -> JsResult {
    change(rt, args, |url, text| {
        let _ = url.set_scheme(text.split(':').next().unwrap_or(text));
    })
}

/// `username`
fn username(rt: &mut Rt, args: Args) -> JsResult {
    part(rt, args, |url| url.username().to_owned())
}

/// `username = text`
fn set_username(rt: &mut Rt, args: Args) -> JsResult {
    change(rt, args, |url, text| {
        let _ = url.set_username(text);
    })
}

/// `password`
fn password(rt: &mut Rt, args: Args) -> JsResult {
    part(rt, args, |url| url.password().unwrap_or("").to_owned())
}

/// `password = text`
fn set_password(rt: &mut Rt, args: Args) -> JsResult {
    change(rt, args, |url, text| {
        let _ = url.set_password((!text.is_empty()).then_some(text));
    })
}

fn host_text(url: &Url) -> String {
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => String::new(),
    }
}

/// `host`
fn host(rt: &mut Rt, args: Args) -> JsResult {
    part(rt, args, host_text)
}

/// `host = text`
fn set_host(rt: &mut Rt, args: Args) -> JsResult {
    change(rt, args, |url, text| {
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => (host, Some(port)),
            _ => (text, None),
        };
        if url.set_host(Some(host)).is_ok()
            && let Some(port) = port.and_then(|port| port.parse().ok())
        {
            let _ = url.set_port(Some(port));
        }
    })
}

/// `hostname`
fn hostname(rt: &mut Rt, args: Args) -> JsResult {
    part(rt, args, |url| url.host_str().unwrap_or("").to_owned())
}

/// `hostname = text`
fn set_hostname(rt: &mut Rt, args: Args) -> JsResult {
    change(rt, args, |url, text| {
        let _ = url.set_host(Some(text));
    })
}

/// `port`
fn port(rt: &mut Rt, args: Args) -> JsResult {
    part(rt, args, |url| url.port().map_or(String::new(), |port| port.to_string()))
}

/// `port = text`
fn set_port(rt: &mut Rt, args: Args) -> JsResult {
    change(rt, args, |url, text| {
        if text.is_empty() {
            let _ = url.set_port(None);
        } else if let Ok(port) = text.parse() {
            let _ = url.set_port(Some(port));
        }
    })
}

/// `pathname`
fn pathname(rt: &mut Rt, args: Args) -> JsResult {
    part(rt, args, |url| url.path().to_owned())
}

/// `pathname = text`
fn set_pathname(rt: &mut Rt, args: Args) -> JsResult {
    change(rt, args, |url, text| url.set_path(text))
}

fn prefixed(mark: char, part: Option<&str>) -> String {
    match part {
        Some(part) if !part.is_empty() => format!("{mark}{part}"),
        _ => String::new(),
    }
}

/// `search`
fn search(rt: &mut Rt, args: Args) -> JsResult {
    part(rt, args, |url| prefixed('?', url.query()))
}

/// `search = text`
fn set_search(rt: &mut Rt, args: Args) -> JsResult {
    change(rt, args, |url, text| {
        let query = text.strip_prefix('?').unwrap_or(text);
        url.set_query((!query.is_empty()).then_some(query));
    })
}

/// `searchParams`
fn search_params_getter(rt: &mut Rt, args: Args) -> JsResult {
    let (this, url) = of_this(rt, args)?;
    let known = field(rt, this, 1);
    if known.is_object() {
        return Ok(known);
    }
    let params = Value::object(search_params::of_url(rt, this, url.query().unwrap_or("")));
    set_field(rt, this, 1, params);
    Ok(params)
}

/// `hash`
fn hash(rt: &mut Rt, args: Args) -> JsResult {
    part(rt, args, |url| prefixed('#', url.fragment()))
}

/// `hash = text`
fn set_hash(rt: &mut Rt, args: Args) -> JsResult {
    change(rt, args, |url, text| {
        let fragment = text.strip_prefix('#').unwrap_or(text);
        url.set_fragment((!fragment.is_empty()).then_some(fragment));
    })
}
