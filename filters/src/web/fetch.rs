//! `fetch`: the request leaves as an operation, the promise waits for its end.
use super::{abort, body, headers, request, response};
use crate::ops::{self, FetchRequest, FetchResponse, HostOp, Pending, Redirect};
use crate::seam;
use bytes::Bytes;
use lockgate_engine::builtins::spec::{ClassSpec, Row};
use lockgate_engine::call::Args;
use lockgate_engine::runtime::Rt;
use lockgate_engine::value::{JsResult, Value};

/// Global functions.
pub const GLOBALS: ClassSpec = ClassSpec::globals(&[Row::method("fetch", 1, fetch).enumerable()]);

/// `fetch(input, init)`
fn fetch(rt: &mut Rt, args: Args) -> JsResult {
    match ask(rt, args) {
        Ok(promise) => Ok(promise),
        Err(_) => seam::rejected(rt),
    }
}

fn ask(rt: &mut Rt, args: Args) -> JsResult {
    let (input, init) = (args.get(rt, 0), args.get(rt, 1));
    let request = request::of_input(rt, input, init)?;
    let keep = rt.root(Value::object(request));
    let parts = request::outgoing(rt, request);
    let redirect = match parts.redirect {
        v if v.is_undefined() => Redirect::Follow,
        v => {
            let word = rt.to_str(v)?;
            match rt.to_text(word).as_str() {
                "follow" => Redirect::Follow,
                "manual" => Redirect::Manual,
                "error" => Redirect::Error,
                other => return Err(rt.throw_type(&format!("redirect is follow, manual or error, not '{other}'"))),
            }
        }
    };
    let parts = request::outgoing(rt, keep.obj(rt));
    let url = rt.to_text(parts.url);
    let url = match url::Url::parse(&url) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => url,
        Ok(url) => {
            let scheme = url.scheme().to_owned();
            return Err(rt.throw_type(&format!("fetch knows http and https, not {scheme}")));
        }
        Err(error) => return Err(rt.throw_type(&format!("'{url}' is not a URL: {error}"))),
    };
    if parts.signal.is_object() && abort::is_aborted(rt, parts.signal) {
        let reason = abort::reason(rt, parts.signal);
        return Err(rt.throw(reason));
    }
    let mut list = Vec::new();
    headers::each_of_list(rt, parts.headers, |name, value| {
        let value = rt.with_units(value, |units| headers::latin1(units).into_owned());
        list.push((rt.to_text(name), value));
    });
    let body = body::exists(parts.body).then(|| {
        let mut bytes = Vec::with_capacity(body::wire_len(rt, parts.body));
        body::write(rt, parts.body, &mut |part| bytes.extend_from_slice(part));
        Bytes::from(bytes)
    });
    let request = FetchRequest { method: rt.to_text(parts.method), url, headers: list, body, redirect };
    let promise = Value::object(seam::new_promise(rt));
    ops::ask(rt, HostOp::Fetch(Box::new(request)), Pending::Fetch, promise, parts.signal)?;
    Ok(promise)
}

/// The answer came.
pub fn fulfill(rt: &mut Rt, promise: Value, answer: &FetchResponse) -> JsResult<()> {
    let list = headers::new_list(rt);
    for (name, value) in &answer.headers {
        let name = rt.intern(rt.new_latin1(name.to_ascii_lowercase().as_bytes()));
        headers::push(rt, list, name, rt.new_latin1(value));
    }
    let response = response::of_fetch(rt, answer.status, list, &answer.body, &answer.url, answer.redirected);
    seam::resolve(rt, promise.as_ref(), Value::object(response))
}

/// No answer came.
pub fn fail(rt: &mut Rt, promise: Value, why: &str) -> JsResult<()> {
    // The error is a value here: nothing is thrown past this function.
    rt.throw_type(&format!("fetch failed: {why}"));
    let reason = rt.take_exception();
    seam::reject(rt, promise.as_ref(), reason);
    Ok(())
}
