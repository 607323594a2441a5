//! `DOMException` (Web IDL 2.8): an Error with a `code`.
use lockgate_engine::builtins::spec::{ClassSpec, DataValue, Row};
use lockgate_engine::call::Args;
use lockgate_engine::object::Key;
use lockgate_engine::realm::Intrinsic;
use lockgate_engine::runtime::Rt;
use lockgate_engine::shape::attr;
use lockgate_engine::string::atoms;
use lockgate_engine::value::{JsResult, Ref, Value};

/// The class.
pub const CLASS: ClassSpec = ClassSpec::class(
    "DOMException",
    construct,
    0,
    Intrinsic::Host22,
    Intrinsic::Host23,
    &[
        Row::constant("ABORT_ERR", DataValue::Number(20.0)),
        Row::constant("TIMEOUT_ERR", DataValue::Number(23.0)),
        Row::constant("DATA_CLONE_ERR", DataValue::Number(25.0)),
        Row::constant("INVALID_CHARACTER_ERR", DataValue::Number(5.0)),
        Row::constant("QUOTA_EXCEEDED_ERR", DataValue::Number(22.0)),
    ],
    &[Row::getter("code", code).enumerable(), Row::tag("DOMException")],
)
.extends(Intrinsic::FunctionPrototype, Intrinsic::ErrorPrototype);

/// Names with a legacy code.
const CODES: &[(&str, i32)] = &[
    ("IndexSizeError", 1),
    ("InvalidCharacterError", 5),
    ("NotSupportedError", 9),
    ("InvalidStateError", 11),
    ("SyntaxError", 12),
    ("NetworkError", 19),
    ("AbortError", 20),
    ("QuotaExceededError", 22),
    ("TimeoutError", 23),
    ("DataCloneError", 25),
];

/// A new exception.
pub fn new(rt: &Rt, name: &str, message: &str) -> Ref {
    let error = rt.new_error(rt.intrinsic(Intrinsic::Host23), Some(message));
    rt.add_property(error, atoms::name, rt.str_value(name), attr::METHODS);
    error
}

/// `new DOMException(message, name)`
fn construct(rt: &mut Rt, args: Args) -> JsResult {
    let target = args.new_target(rt);
    if target.is_undefined() {
        return Err(rt.throw_type("Class constructor DOMException cannot be invoked without 'new'"));
    }
    let message = match args.get(rt, 0) {
        v if v.is_undefined() => atoms::empty,
        v => rt.to_str(v)?,
    };
    let message = rt.root(Value::string(message));
    let name = match args.get(rt, 1) {
        v if v.is_undefined() => rt.new_str("Error"),
        v => rt.to_str(v)?,
    };
    let name = rt.root(Value::string(name));
    let target = args.new_target(rt);
    let proto = rt.proto_from_constructor(target, Intrinsic::Host23)?;
    let error = rt.new_error(proto, None);
    rt.add_property(error, atoms::message, message.get(rt), attr::METHODS);
    rt.add_property(error, atoms::name, name.get(rt), attr::METHODS);
    Ok(Value::object(error))
}

/// `code`
fn code(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    let name = match this.to_obj() {
        Some(obj) => rt.get_own_plain(obj, Key::Name(atoms::name)).map_or(Value::UNDEFINED, |p| p.value),
        None => Value::UNDEFINED,
    };
    if !name.is_string() {
        return Ok(Value::int(0));
    }
    let name = rt.to_text(name.as_ref());
    Ok(Value::int(CODES.iter().find(|(known, _)| *known == name).map_or(0, |(_, code)| *code)))
}
