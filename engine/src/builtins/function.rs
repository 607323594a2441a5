//! Function objects (20.2), calls with argument lists, `instanceof`.
use super::spec::{ClassSpec, Name, Row, RowKind};
use crate::bytecode::module::FnFlags;
use crate::call::{Args, MAX_ARGS};
use crate::heap::layout::*;
use crate::object::{Key, OBJ_CALLABLE, OBJ_CONSTRUCTOR};
use crate::realm::{Intrinsic, WellKnown};
use crate::runtime::Rt;
use crate::shape::attr;
use crate::string::atoms;
use crate::value::{JsResult, Ref, Value};

/// Tables of this file. They come first of all: native number 0 is the function that %Function.prototype% itself is.
pub const CLASSES: &[&ClassSpec] = &[&FUNCTION_PROTOTYPE, &FUNCTION];

const FUNCTION_PROTOTYPE: ClassSpec = ClassSpec::prototype(
    Intrinsic::FunctionPrototype,
    Intrinsic::ObjectPrototype,
    &[Row::hidden(function_prototype, 0), Row::hidden(throw_type_error, 0)],
);

const FUNCTION: ClassSpec = ClassSpec::class(
    "Function",
    construct,
    1,
    Intrinsic::Function,
    Intrinsic::FunctionPrototype,
    &[],
    &[
        Row::method("apply", 2, apply),
        Row::method("bind", 1, bind),
        Row::method("call", 1, call),
        Row::method("toString", 0, to_string),
        Row {
            name: Name::Sym(WellKnown::HasInstance, "[Symbol.hasInstance]"),
            kind: RowKind::IntrinsicMethod(has_instance, 1, Intrinsic::FunctionProtoHasInstance),
            attrs: 0,
        },
    ],
)
.proto_kind(Kind::Native);

/// Makes %ThrowTypeError% and the `caller` and `arguments` accessors that use it.
pub fn finish(rt: &mut Rt) -> JsResult<()> {
    let thrower = rt.new_native_closure(throw_type_error, [Value::UNDEFINED; 2]);
    rt.ctx().realm.intrinsics[Intrinsic::ThrowTypeError as usize].set(thrower);
    super::object::set_integrity_level(rt, thrower, super::object::Level::Frozen)?;
    let proto = rt.intrinsic(Intrinsic::FunctionPrototype);
    for name in [atoms::caller, atoms::arguments] {
        let pair = rt.new_accessor(Value::object(thrower), Value::object(thrower));
        rt.write_own(proto, Key::Name(name), pair, attr::C | attr::ACCESSOR);
    }
    Ok(())
}

/// 20.2.1.1 Function ( ...parameterArgs, bodyArg )
fn construct(rt: &mut Rt, _args: Args) -> JsResult {
    Err(refuse_code_generation(rt))
}

/// The EvalError of everything that would compile text at run time.
pub fn refuse_code_generation(rt: &mut Rt) -> crate::value::Thrown {
    rt.throw_error(Intrinsic::EvalErrorPrototype, "Code generation from strings is disallowed")
}

/// 20.2.3 The Function prototype object: accepts anything and returns undefined.
fn function_prototype(_rt: &mut Rt, _args: Args) -> JsResult {
    Ok(Value::UNDEFINED)
}

/// 10.2.4.1 %ThrowTypeError% ( )
#[inline(never)]
fn throw_type_error(rt: &mut Rt, _args: Args) -> JsResult {
    let message = "'caller', 'callee', and 'arguments' properties may not be accessed on strict mode functions or the \
                   arguments objects for calls to them";
    Err(rt.throw_type(message))
}

// ---- calls with lists

/// Calls `f` (constructs it, if `new_target` is not undefined) with the arguments from `from` on.
pub fn call_with_args(rt: &mut Rt, f: Value, this: Value, new_target: Value, args: Args, from: u32) -> JsResult {
    rt.call_filled(f, this, new_target, args.len().saturating_sub(from), |rt, i| args.get(rt, from + i))
}

/// A new array of the arguments from `from` on.
pub fn args_array(rt: &Rt, args: Args, from: u32) -> Ref {
    let array = rt.new_array_with_capacity(args.len().saturating_sub(from));
    for i in from..args.len() {
        rt.array_push(array, args.get(rt, i));
    }
    array
}

/// 7.3.19 CreateListFromArrayLike ( obj ): an array without holes, `obj` itself where it is one already. RangeError
/// beyond `max` elements.
pub fn list_from_array_like(rt: &mut Rt, obj: Value, max: u32) -> JsResult<Ref> {
    if !obj.is_object() {
        return Err(rt.throw_type("CreateListFromArrayLike called on non-object"));
    }
    if let Some((elements, len)) = rt.dense_array(obj)
        && (0..len).all(|i| !rt.word(elements, i).is_hole())
    {
        return Ok(obj.as_ref());
    }
    rt.scoped(|rt| {
        let obj = rt.root(obj);
        let len = rt.length_of(obj.obj(rt))?;
        if len > f64::from(max) {
            return Err(rt.throw_range("Too many elements in an argument list"));
        }
        let list = rt.new_array_with_capacity((len as u32).min(MAX_ARGS));
        let list = rt.root(Value::object(list));
        for i in 0..len as u32 {
            let v = rt.get_index(obj.get(rt), i)?;
            rt.array_push(list.obj(rt), v);
            rt.poll()?;
        }
        Ok(list.obj(rt))
    })
}

// ---- Function.prototype

/// 20.2.3.1 Function.prototype.apply ( thisArg, argArray )
fn apply(rt: &mut Rt, args: Args) -> JsResult {
    let f = args.this(rt);
    require_callable(rt, f, "Function.prototype.apply")?;
    let (this, list) = (args.get(rt, 0), args.get(rt, 1));
    if list.is_nullish() {
        return rt.call(f, this, &[]);
    }
    let list = list_from_array_like(rt, list, MAX_ARGS)?;
    rt.call_with_array(args.this(rt), args.get(rt, 0), Value::UNDEFINED, list)
}

/// 20.2.3.3 Function.prototype.call ( thisArg, ...args )
fn call(rt: &mut Rt, args: Args) -> JsResult {
    let f = args.this(rt);
    require_callable(rt, f, "Function.prototype.call")?;
    call_with_args(rt, f, args.get(rt, 0), Value::UNDEFINED, args, 1)
}

fn require_callable(rt: &mut Rt, f: Value, what: &str) -> JsResult<()> {
    if rt.is_callable(f) {
        return Ok(());
    }
    let f = rt.describe_callee(f);
    Err(rt.throw_type(&format!("{what} was called on {f}, which is not a function")))
}

/// 20.2.3.2 Function.prototype.bind ( thisArg, ...args )
fn bind(rt: &mut Rt, args: Args) -> JsResult {
    let target = args.this(rt);
    require_callable(rt, target, "Function.prototype.bind")?;
    // 10.4.1.3 BoundFunctionCreate
    let proto = rt.get_prototype_of(target.as_ref())?;
    let target = args.this(rt);
    let bound = rt.new_of_kind_with_proto(Kind::Bound, proto);
    rt.init::<u8>(bound, CELL_FLAGS, rt.cell_flags(target.as_ref()) & (OBJ_CALLABLE | OBJ_CONSTRUCTOR));
    rt.set_internal(bound, 0, target);
    rt.set_internal(bound, 1, args.get(rt, 0));
    rt.set_internal(bound, 2, Value::object(args_array(rt, args, 1)));
    let bound = rt.root(Value::object(bound));
    let length = bound_length(rt, args)?;
    rt.add_property(bound.obj(rt), atoms::length, Value::number(length), attr::C);
    let name = rt.get_name(args.this(rt), atoms::name)?;
    let name = if name.is_string() { name.as_ref() } else { atoms::empty };
    let name = rt.concat(atoms::bound_prefix, name)?;
    rt.add_property(bound.obj(rt), atoms::name, Value::string(name), attr::C);
    Ok(bound.get(rt))
}

fn bound_length(rt: &mut Rt, args: Args) -> JsResult<f64> {
    let target = args.this(rt);
    if !rt.has_own(target.as_ref(), Key::Name(atoms::length))? {
        return Ok(0.0);
    }
    let length = rt.get_name(args.this(rt), atoms::length)?;
    if !length.is_number() {
        return Ok(0.0);
    }
    Ok((rt.to_integer(length)? - f64::from(args.len().saturating_sub(1))).max(0.0))
}

/// 10.4.1.1 `[[Call]]` and 10.4.1.2 `[[Construct]]` of a bound function: internal words target, this, arguments array.
pub fn call_bound(rt: &mut Rt, args: Args) -> JsResult {
    let bound = args.callee(rt);
    let (target, head) = (rt.internal(bound, 0), rt.internal(bound, 2).as_ref());
    let new_target = args.new_target(rt);
    let new_target = if new_target == Value::object(bound) { target } else { new_target };
    let this = if new_target.is_undefined() { rt.internal(bound, 1) } else { Value::TDZ };
    let bound_count = rt.array_len(head);
    rt.call_filled(target, this, new_target, bound_count + args.len(), |rt, i| {
        if i < bound_count { rt.word(rt.elements(head), i) } else { args.get(rt, i - bound_count) }
    })
}

/// 20.2.3.5 Function.prototype.toString ( )
fn to_string(rt: &mut Rt, args: Args) -> JsResult {
    let f = args.this(rt);
    if !rt.is_callable(f) {
        return Err(rt.throw_type("Function.prototype.toString requires that 'this' be a Function"));
    }
    let f = f.as_ref();
    let text = match rt.kind(f) {
        Kind::Function => source_text(rt, f).unwrap_or_else(|| native_text(&template_name(rt, f))),
        Kind::Native => native_text(rt.host().natives.describe(rt.load(f, FUNC_TEMPLATE)).0),
        _ => native_text(""),
    };
    Ok(rt.str_value(&text))
}

fn template_name(rt: &Rt, f: Ref) -> String {
    let template: Ref = rt.load(f, FUNC_TEMPLATE);
    rt.to_text(rt.load(template, TPL_NAME))
}

fn native_text(name: &str) -> String {
    format!("function {name}() {{ [native code] }}")
}

/// The source text a closure was compiled from; None if the program was built without sources.
fn source_text(rt: &Rt, f: Ref) -> Option<String> {
    let template: Ref = rt.load(f, FUNC_TEMPLATE);
    if !FnFlags(rt.load(template, TPL_FLAGS)).has(FnFlags::HAS_SOURCE) {
        return None;
    }
    let module = rt.host().module.borrow();
    let function = module.functions.get(rt.load::<u32>(template, TPL_FUNCTION) as usize)?;
    let source = &module.units.get(function.unit as usize)?.source;
    source.get(function.span.0 as usize..function.span.1 as usize).map(str::to_string)
}

// ---- instanceof

/// 20.2.3.6 Function.prototype [ @@hasInstance ] ( V )
fn has_instance(rt: &mut Rt, args: Args) -> JsResult {
    ordinary_has_instance(rt, args.this(rt), args.get(rt, 0)).map(Value::bool)
}

/// 13.10.2 InstanceofOperator ( V, target )
pub fn instance_of(rt: &mut Rt, v: Value, target: Value) -> JsResult<bool> {
    if !target.is_object() {
        return Err(rt.throw_type("Right-hand side of 'instanceof' is not an object"));
    }
    if let Some(answer) = instance_of_plain(rt, v, target) {
        return Ok(answer);
    }
    rt.scoped(|rt| {
        let (v, target) = (rt.root(v), rt.root(target));
        let key = Key::Name(rt.symbol(WellKnown::HasInstance));
        let method = rt.get_method(target.get(rt), key)?;
        if method == Value::object(rt.intrinsic(Intrinsic::FunctionProtoHasInstance)) {
            return ordinary_has_instance(rt, target.get(rt), v.get(rt));
        }
        if !method.is_undefined() {
            let result = rt.call(method, target.get(rt), &[v.get(rt)])?;
            return Ok(rt.to_boolean(result));
        }
        if !rt.is_callable(target.get(rt)) {
            return Err(rt.throw_type("Right-hand side of 'instanceof' is not callable"));
        }
        ordinary_has_instance(rt, target.get(rt), v.get(rt))
    })
}

/// The answer for closures and natives with the usual `Symbol.hasInstance`, if neither a getter nor a proxy is met.
fn instance_of_plain(rt: &Rt, v: Value, target: Value) -> Option<bool> {
    let is_function = |at: Ref| !at.is_null() && matches!(rt.kind(at), Kind::Function | Kind::Native);
    let f = target.as_ref();
    if !is_function(f) {
        return None;
    }
    let symbol = rt.symbol(WellKnown::HasInstance);
    let mut at = f;
    let found = loop {
        let shape = rt.shape_of(at);
        if let Some(found) = rt.shape_find(shape, symbol) {
            break found;
        }
        at = rt.shape_proto(shape);
        if !is_function(at) {
            return None;
        }
    };
    if rt.slot(at, found.slot()) != Value::object(rt.intrinsic(Intrinsic::FunctionProtoHasInstance)) {
        return None;
    }
    let Some(mut at) = v.to_obj() else { return Some(false) };
    let found = rt.shape_find(rt.shape_of(f), atoms::prototype)?;
    let proto = rt.slot(f, found.slot());
    if found.info & attr::ACCESSOR != 0 || !proto.is_object() {
        return None;
    }
    loop {
        if rt.kind(at) == Kind::Proxy {
            return None;
        }
        at = rt.shape_proto(rt.shape_of(at));
        if at.is_null() || at == proto.as_ref() {
            return Some(!at.is_null());
        }
    }
}

/// 7.3.21 OrdinaryHasInstance ( C, O )
pub fn ordinary_has_instance(rt: &mut Rt, c: Value, v: Value) -> JsResult<bool> {
    if !rt.is_callable(c) {
        return Ok(false);
    }
    if rt.kind(c.as_ref()) == Kind::Bound {
        rt.check_native_stack()?;
        return instance_of(rt, v, rt.internal(c.as_ref(), 0));
    }
    if !v.is_object() {
        return Ok(false);
    }
    rt.scoped(|rt| {
        let at = rt.root(v);
        let proto = rt.get_name(c, atoms::prototype)?;
        if !proto.is_object() {
            let what = rt.describe_value(proto);
            return Err(rt.throw_type(&format!("Function has non-object prototype '{what}' in instanceof check")));
        }
        let proto = rt.root(proto);
        loop {
            let next = rt.get_prototype_of(at.obj(rt))?;
            if next.is_null() {
                return Ok(false);
            }
            if next == proto.obj(rt) {
                return Ok(true);
            }
            at.set(rt, Value::object(next));
            rt.poll()?;
        }
    })
}
