//! Error objects (20.5). Internal words: captured frames (see `errors`), text of `stack` once read.
use super::iterate;
use super::object::set_on_receiver;
use super::spec::{ClassSpec, DataValue, Row};
use crate::call::Args;
use crate::heap::layout::*;
use crate::object::{Desc, Key};
use crate::realm::Intrinsic;
use crate::runtime::{Rt, Slot};
use crate::shape::attr;
use crate::string::atoms;
use crate::value::{JsResult, Ref, Value};
use std::fmt::Write;

/// Tables of this file.
pub const CLASSES: &[&ClassSpec] =
    &[&ERROR, &TYPE_ERROR, &RANGE_ERROR, &SYNTAX_ERROR, &REFERENCE_ERROR, &EVAL_ERROR, &URI_ERROR, &AGGREGATE_ERROR];

const ERROR: ClassSpec = ClassSpec::class(
    "Error",
    error,
    1,
    Intrinsic::Error,
    Intrinsic::ErrorPrototype,
    &[Row::method("captureStackTrace", 2, capture_stack_trace), Row::method("isError", 1, is_error)],
    &[
        Row::data("message", DataValue::Str("")),
        Row::data("name", DataValue::Str("Error")),
        Row::accessor("stack", stack, set_stack),
        Row::method("toString", 0, to_string),
    ],
);

/// 20.5.1.1 Error ( message [ , options ] )
fn error(rt: &mut Rt, args: Args) -> JsResult {
    construct(rt, args, Intrinsic::ErrorPrototype)
}

/// One NativeError (20.5.6): its class and its constructor, which differ only in name and prototype.
macro_rules! native_error {
    ($class:ident, $construct:ident, $name:literal, $slot:ident, $proto:ident) => {
        const $class: ClassSpec = ClassSpec::class(
            $name,
            $construct,
            1,
            Intrinsic::$slot,
            Intrinsic::$proto,
            &[],
            &[Row::data("message", DataValue::Str("")), Row::data("name", DataValue::Str($name))],
        )
        .extends(Intrinsic::Error, Intrinsic::ErrorPrototype);

        /// 20.5.6.1.1 NativeError ( message [ , options ] )
        fn $construct(rt: &mut Rt, args: Args) -> JsResult {
            construct(rt, args, Intrinsic::$proto)
        }
    };
}

native_error!(TYPE_ERROR, type_error, "TypeError", TypeError, TypeErrorPrototype);
native_error!(RANGE_ERROR, range_error, "RangeError", RangeError, RangeErrorPrototype);
native_error!(SYNTAX_ERROR, syntax_error, "SyntaxError", SyntaxError, SyntaxErrorPrototype);
native_error!(REFERENCE_ERROR, reference_error, "ReferenceError", ReferenceError, ReferenceErrorPrototype);
native_error!(EVAL_ERROR, eval_error, "EvalError", EvalError, EvalErrorPrototype);
native_error!(URI_ERROR, uri_error, "URIError", UriError, UriErrorPrototype);

const AGGREGATE_ERROR: ClassSpec = ClassSpec::class(
    "AggregateError",
    aggregate_error,
    2,
    Intrinsic::AggregateError,
    Intrinsic::AggregateErrorPrototype,
    &[],
    &[Row::data("message", DataValue::Str("")), Row::data("name", DataValue::Str("AggregateError"))],
)
.extends(Intrinsic::Error, Intrinsic::ErrorPrototype);

/// 20.5.7.1.1 AggregateError ( errors, message [ , options ] )
fn aggregate_error(rt: &mut Rt, args: Args) -> JsResult {
    let error = create(rt, args, Intrinsic::AggregateErrorPrototype)?;
    install_message(rt, error, args.get(rt, 1))?;
    install_cause(rt, error, args.get(rt, 2))?;
    let list = rt.new_array_with_capacity(0);
    let list = rt.root(Value::object(list));
    iterate::for_each(rt, args.get(rt, 0), &mut |rt, v| {
        rt.array_push(list.obj(rt), v);
        Ok(true)
    })?;
    rt.write_own(error.obj(rt), Key::Name(atoms::errors), list.get(rt), attr::METHODS);
    Ok(error.get(rt))
}

fn construct(rt: &mut Rt, args: Args, proto: Intrinsic) -> JsResult {
    let error = create(rt, args, proto)?;
    install_message(rt, error, args.get(rt, 0))?;
    install_cause(rt, error, args.get(rt, 1))?;
    Ok(error.get(rt))
}

fn create(rt: &mut Rt, args: Args, default: Intrinsic) -> JsResult<Slot> {
    let proto = rt.proto_from_constructor(args.new_target(rt), default)?;
    let error = rt.alloc_object(rt.root_shape(proto, Kind::Error, 2));
    // The constructors of subclasses are no part of where the error was made.
    let frames = frames_outside(rt, rt.capture_frames(), args.new_target(rt));
    rt.set_internal(error, 0, frames);
    Ok(rt.root(Value::object(error)))
}

fn install_message(rt: &mut Rt, error: Slot, message: Value) -> JsResult<()> {
    if !message.is_undefined() {
        let message = Value::string(rt.to_str(message)?);
        rt.write_own(error.obj(rt), Key::Name(atoms::message), message, attr::METHODS);
    }
    Ok(())
}

/// 20.5.8.1 InstallErrorCause ( O, options )
fn install_cause(rt: &mut Rt, error: Slot, options: Value) -> JsResult<()> {
    let Some(obj) = options.to_obj() else { return Ok(()) };
    let options = rt.root(options);
    if rt.has_property(obj, Key::Name(atoms::cause))? {
        let cause = rt.get_name(options.get(rt), atoms::cause)?;
        rt.write_own(error.obj(rt), Key::Name(atoms::cause), cause, attr::METHODS);
    }
    Ok(())
}

/// 20.5.2.1 Error.isError ( arg )
fn is_error(rt: &mut Rt, args: Args) -> JsResult {
    Ok(Value::bool(rt.is_kind(args.get(rt, 0), Kind::Error)))
}

/// 20.5.3.4 Error.prototype.toString ( )
fn to_string(rt: &mut Rt, args: Args) -> JsResult {
    if !args.this(rt).is_object() {
        return Err(rt.throw_type("Error.prototype.toString requires that 'this' be an object"));
    }
    let name = rt.get_name(args.this(rt), atoms::name)?;
    let name = if name.is_undefined() { rt.intern_str("Error") } else { rt.to_str(name)? };
    let name = rt.root(Value::string(name));
    let message = rt.get_name(args.this(rt), atoms::message)?;
    let message = if message.is_undefined() { atoms::empty } else { rt.to_str(message)? };
    let name = name.get(rt).as_ref();
    if rt.len(name) == 0 {
        return Ok(Value::string(message));
    }
    if rt.len(message) == 0 {
        return Ok(Value::string(name));
    }
    let mut buf = rt.str_buf();
    rt.with_units(name, |units| buf.push_units(units));
    buf.push_ascii(": ");
    rt.with_units(message, |units| buf.push_units(units));
    rt.finish_str(buf).map(Value::string)
}

// ---- stacks

/// get Error.prototype.stack: undefined for what is no error; the text is made at the first reading.
fn stack(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    let Some(obj) = this.to_obj() else {
        return Err(rt.throw_type("Error.prototype.stack requires that 'this' be an object"));
    };
    if rt.kind(obj) != Kind::Error {
        return Ok(Value::UNDEFINED);
    }
    let known = rt.internal(obj, 1);
    if known.is_string() {
        return Ok(known);
    }
    let text = stack_text(rt, this, this);
    let text = rt.str_value(&text);
    rt.set_internal(obj, 1, text);
    Ok(text)
}

/// `Name: message` of `subject`, then a line per frame of the Error object `frames`. Runs no JavaScript.
pub fn stack_text(rt: &Rt, subject: Value, frames: Value) -> String {
    let field = |name: Ref| rt.plain_lookup(subject.as_ref(), name).filter(|v| v.is_string());
    let name = field(atoms::name).map_or_else(|| "Error".to_string(), |v| rt.to_text(v.as_ref()));
    let message = field(atoms::message).map(|v| rt.to_text(v.as_ref())).unwrap_or_default();
    let mut text = match (name.is_empty(), message.is_empty()) {
        (true, _) => message,
        (false, true) => name,
        (false, false) => format!("{name}: {message}"),
    };
    for at in rt.error_positions(frames) {
        // Writing to a String does not fail.
        let _ = match at.function.as_str() {
            "" => write!(text, "\n    at {}:{}:{}", at.file, at.line, at.column),
            function => write!(text, "\n    at {function} ({}:{}:{})", at.file, at.line, at.column),
        };
    }
    text
}

/// set Error.prototype.stack: gives the receiver a property of its own.
fn set_stack(rt: &mut Rt, args: Args) -> JsResult {
    let Some(obj) = args.this(rt).to_obj() else {
        return Err(rt.throw_type("Error.prototype.stack requires that 'this' be an object"));
    };
    if !args.get(rt, 0).is_string() {
        return Err(rt.throw_type("Error.prototype.stack can only be set to a string"));
    }
    set_on_receiver(rt, obj, args.get(rt, 0), Intrinsic::ErrorPrototype, Key::Name(atoms::stack))
}

/// Error.captureStackTrace ( object [ , constructor ] ): the running frames, those up to `constructor` left out, become
/// the object's `stack`.
fn capture_stack_trace(rt: &mut Rt, args: Args) -> JsResult {
    let Some(obj) = args.get(rt, 0).to_obj() else {
        return Err(rt.throw_type("Error.captureStackTrace requires an object"));
    };
    let frames = frames_outside(rt, rt.capture_frames(), args.get(rt, 1));
    if rt.kind(obj) == Kind::Error {
        rt.set_internal(obj, 0, frames);
        rt.set_internal(obj, 1, Value::UNDEFINED);
        return Ok(Value::UNDEFINED);
    }
    let carrier = rt.new_of_kind(Kind::Error, Intrinsic::ErrorPrototype);
    rt.set_internal(carrier, 0, frames);
    let text = stack_text(rt, Value::object(obj), Value::object(carrier));
    let text = rt.str_value(&text);
    rt.define_or_throw(obj, Key::Name(atoms::stack), &Desc::data(text, attr::METHODS))?;
    Ok(Value::UNDEFINED)
}

/// Captured frames less those up to and including the innermost one of `function`; all, if it is not among them.
fn frames_outside(rt: &Rt, frames: Value, function: Value) -> Value {
    if !rt.is_kind(function, Kind::Function) {
        return frames;
    }
    let template: Ref = rt.load(function.as_ref(), FUNC_TEMPLATE);
    let id: u32 = rt.load(template, TPL_FUNCTION);
    let cell = frames.as_ref();
    let count = rt.len(cell) / 8;
    let frame = |i: u32| rt.load::<u64>(Ref(cell.0 + 8 * i), CELL_DATA);
    let Some(at) = (0..count).find(|&i| frame(i) as u32 == id) else { return frames };
    let rest = count - at - 1;
    let copy = rt.alloc_bytes(8 * rest);
    for i in 0..rest {
        rt.init(Ref(copy.0 + 8 * i), CELL_DATA, frame(at + 1 + i));
    }
    Value::internal(copy)
}
