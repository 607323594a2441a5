//! `ctx`: what a script keeps from hook to hook, and what outlives its answer.
//!
//! Fields: 0 = state object, 1 = parameters object. One per request and script.
use crate::host::{self, slots};
use crate::names::{self, ShapeOf};
use crate::object::{self, Class, field, set_field, this_of};
use crate::seam;
use crate::view;
use lockgate_engine::builtins::spec::{ClassSpec, Row};
use lockgate_engine::call::Args;
use lockgate_engine::object::Key;
use lockgate_engine::realm::Intrinsic;
use lockgate_engine::runtime::Rt;
use lockgate_engine::value::{JsResult, Ref, Value};

/// The prototype.
pub const CLASS: ClassSpec = ClassSpec::prototype(
    Intrinsic::Host24,
    Intrinsic::ObjectPrototype,
    &[
        Row::accessor("state", state, set_state).enumerable(),
        Row::getter("params", params).enumerable(),
        Row::getter("client", client).enumerable(),
        Row::getter("env", env).enumerable(),
        Row::method("waitUntil", 1, wait_until).enumerable(),
        Row::tag("Context"),
        Row::hidden(wait_settled, 1),
    ],
);

/// The context of the request, made when first asked for.
pub fn of_request(rt: &Rt) -> Value {
    let known = host::slot(rt, slots::CONTEXT);
    if known.is_object() {
        return known;
    }
    let context = object::new_host_of_shape(rt, Class::Context, names::shape(rt, ShapeOf::Context));
    host::set_slot(rt, slots::CONTEXT, Value::object(context));
    Value::object(context)
}

/// `state`: an object that lives from the first hook to the last.
fn state(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Context)?;
    let known = field(rt, this, 0);
    if !known.is_undefined() {
        return Ok(known);
    }
    let state = Value::object(rt.new_object());
    set_field(rt, this, 0, state);
    Ok(state)
}

/// `state = value`
fn set_state(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::Context)?;
    set_field(rt, this, 0, args.get(rt, 0));
    Ok(Value::UNDEFINED)
}

/// `params`: those of the route, decoded.
fn params(rt: &mut Rt, args: Args) -> JsResult {
    this_of(rt, args, Class::Context)?;
    params_object(rt)
}

/// The parameters of the request's route, decoded; one object a request.
pub fn params_object(rt: &mut Rt) -> JsResult {
    let context = of_request(rt).as_ref();
    let known = field(rt, context, 1);
    if known.is_object() {
        return Ok(known);
    }
    let params = rt.new_object();
    let rt_ref: &Rt = rt;
    let bound = view::try_with(|view| {
        view.params(&mut |name, value| {
            let value = percent_decoded(value);
            let value = Value::string(object::string_of_utf8(rt_ref, &value));
            match rt_ref.key_of_string(rt_ref.intern_str(name)) {
                Key::Name(name) => rt_ref.put_own(params, name, value),
                Key::Index(i) => rt_ref.put_element(params, i, value),
            }
        });
    });
    if bound.is_none() {
        return Err(rt.throw_type("there is no request here"));
    }
    set_field(rt, context, 1, Value::object(params));
    Ok(Value::object(params))
}

/// Percent-decoding (URL standard 1.3); what is no escape stays.
pub fn percent_decoded(bytes: &[u8]) -> Vec<u8> {
    let digit = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let escape = (bytes[i] == b'%' && i + 2 < bytes.len())
            .then(|| Some(digit(bytes[i + 1])? << 4 | digit(bytes[i + 2])?))
            .flatten();
        match escape {
            Some(b) => {
                out.push(b);
                i += 3;
            }
            None => {
                out.push(bytes[i]);
                i += 1;
            }
        }
    }
    out
}

/// `client`: the client's address as text.
fn client(rt: &mut Rt, args: Args) -> JsResult {
    this_of(rt, args, Class::Context)?;
    let client = view::with(rt, |view| view.client())?;
    Ok(client.map_or(Value::NULL, |client| rt.str_value(&client.to_string())))
}

/// `env`: the script's environment, frozen.
fn env(rt: &mut Rt, args: Args) -> JsResult {
    this_of(rt, args, Class::Context)?;
    Ok(host::slot(rt, slots::ENV))
}

/// `waitUntil(promise)`: the runtime lives on until it settles, at most to the wall limit.
fn wait_until(rt: &mut Rt, args: Args) -> JsResult {
    this_of(rt, args, Class::Context)?;
    let v = args.get(rt, 0);
    let promise = seam::resolved(rt, v)?.as_ref();
    let settled = Value::object(rt.new_native_closure(wait_settled, [Value::UNDEFINED; 2]));
    host::add_background(rt, 1);
    seam::then(rt, promise, settled, settled, None);
    Ok(Value::UNDEFINED)
}

/// A promise given to `waitUntil` settled.
#[inline(never)]
fn wait_settled(rt: &mut Rt, _args: Args) -> JsResult {
    host::add_background(rt, -1);
    Ok(Value::UNDEFINED)
}

/// A frozen object of strings.
pub fn frozen_env<'a>(rt: &mut Rt, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> JsResult<Ref> {
    let env = rt.new_object();
    for (name, value) in pairs {
        let v = rt.str_value(value);
        object::put(rt, env, name, v);
    }
    rt.prevent_extensions(env)?;
    let keys = rt.own_keys(env)?;
    for i in 0..rt.array_len(keys) {
        let key = rt.key_of_string(rt.word(rt.elements(keys), i).as_ref());
        let desc =
            lockgate_engine::object::Desc { writable: Some(false), configurable: Some(false), ..Default::default() };
        rt.define_or_throw(env, key, &desc)?;
    }
    Ok(env)
}
