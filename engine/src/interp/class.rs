//! Classes: definition, methods, super, private names, instanceof.
use super::expect;
use crate::bytecode::module::FnFlags;
use crate::heap::layout::*;
use crate::object::{Key, OBJ_CALLABLE, OBJ_CLASS, OBJ_CONSTRUCTOR};
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::shape::attr;
use crate::string::atoms;
use crate::value::{JsResult, Ref, Thrown, Value};

/// 15.7.14 ClassDefinitionEvaluation, steps up to the constructor: (F, proto).
pub fn define_class(rt: &mut Rt, template: Ref, heritage: Value, scope: Value) -> JsResult<(Value, Value)> {
    let (proto_parent, ctor_parent) = if heritage.is_tdz() {
        (rt.intrinsic(Intrinsic::ObjectPrototype), rt.intrinsic(Intrinsic::FunctionPrototype))
    } else if heritage.is_null() {
        (Ref::NULL, rt.intrinsic(Intrinsic::FunctionPrototype))
    } else {
        if !rt.is_constructor(heritage) {
            let what = rt.describe_callee(heritage);
            return Err(rt.throw_type(&format!("Class extends value {what} is not a constructor or null")));
        }
        let parent = rt.get_name(heritage, atoms::prototype)?;
        if !parent.is_object() && !parent.is_null() {
            return Err(rt.throw_type("Class extends value does not have valid prototype property"));
        }
        (parent.to_obj().unwrap_or(Ref::NULL), heritage.as_ref())
    };
    let proto = rt.new_object_with_proto(proto_parent);
    let f = rt.new_closure(template, scope);
    rt.init::<u8>(f, CELL_FLAGS, OBJ_CALLABLE | OBJ_CONSTRUCTOR | OBJ_CLASS);
    if ctor_parent != rt.intrinsic(Intrinsic::FunctionPrototype) {
        let shape = rt.shape_with_proto(rt.shape_of(f), ctor_parent);
        rt.init(f, CELL_SHAPE, shape);
    }
    rt.init(f, FUNC_HOME, proto);
    // Class constructors have a `prototype` that is not writable: the same lazy shape, with the attribute changed.
    rt.write_own(f, Key::Name(atoms::prototype), Value::object(proto), 0);
    rt.add_property(proto, atoms::constructor, Value::object(f), attr::METHODS);
    Ok((Value::object(f), Value::object(proto)))
}

/// A method, getter or setter of a class or literal.
pub fn define_method(rt: &mut Rt, obj: Value, key: Value, func: Value, flags: u8) -> JsResult<()> {
    let key_value = key;
    let key = rt.to_key(key)?;
    let (target, f) = (expect::object(rt, obj)?, expect::closure(rt, func)?);
    rt.put(f, FUNC_HOME, target);
    set_function_name(rt, func, key_value, flags & 3)?;
    let enumerable = if flags & 4 != 0 { attr::E } else { 0 };
    if flags & 3 == 0 {
        return match rt.get_own_plain(target, key) {
            None => {
                rt.write_own(target, key, func, attr::METHODS | enumerable);
                Ok(())
            }
            Some(_) => rt.define_or_throw(target, key, &crate::object::Desc::data(func, attr::METHODS | enumerable)),
        };
    }
    let mut desc =
        crate::object::Desc { enumerable: Some(enumerable != 0), configurable: Some(true), ..Default::default() };
    if flags & 3 == 1 {
        desc.get = Some(func);
    } else {
        desc.set = Some(func);
    }
    rt.define_or_throw(target, key, &desc)
}

/// `__proto__: v` in a literal.
pub fn set_proto_literal(rt: &mut Rt, obj: Value, v: Value) -> JsResult<()> {
    if v.is_object() || v.is_null() {
        let obj = expect::object(rt, obj)?;
        rt.set_prototype_of(obj, v.to_obj().unwrap_or(Ref::NULL))?;
    }
    Ok(())
}

/// 10.2.9 SetFunctionName, unless the function has a name of its own (a static `name` member) already.
pub fn set_function_name(rt: &mut Rt, func: Value, key: Value, prefix: u8) -> JsResult<()> {
    if !rt.is_kind(func, Kind::Function) {
        return Ok(());
    }
    let f = func.as_ref();
    let Some(found) = rt.shape_find(rt.shape_of(f), atoms::name) else { return Ok(()) };
    if found.info & attr::LAZY == 0 {
        return Ok(());
    }
    let template: Ref = rt.load(f, FUNC_TEMPLATE);
    let given: Ref = rt.load(template, TPL_NAME);
    let key_is_name = key.is_string() && rt.str_eq(given, key.as_ref());
    if key_is_name && prefix == 0 {
        return Ok(());
    }
    let text = if key.is_symbol() {
        let description = rt.symbol_text(key.as_ref());
        if rt.is_private_name(key.as_ref())
            || (description.is_empty() && rt.load::<Value>(key.as_ref(), 16).is_undefined())
        {
            rt.new_str(&description)
        } else {
            rt.new_str(&format!("[{description}]"))
        }
    } else {
        rt.to_str(key)?
    };
    let name = match prefix {
        1 => rt.concat(rt.new_str("get "), text)?,
        2 => rt.concat(rt.new_str("set "), text)?,
        _ => text,
    };
    // Written into the lazy slot: the attributes stay as they are.
    rt.set_slot(f, found.slot(), Value::string(name));
    Ok(())
}

/// `super.key`
pub fn get_super(rt: &mut Rt, func: Value, this: Value, key: Value) -> JsResult {
    let home = expect::home(rt, func)?;
    let proto = rt.get_prototype_of(home)?;
    if proto.is_null() {
        let key = rt.to_key(key)?;
        return Err(rt.throw_nullish_access(Value::NULL, key));
    }
    let key = rt.to_key(key)?;
    rt.get_with_receiver(proto, key, this)
}

/// `super.key = v`
pub fn put_super(rt: &mut Rt, func: Value, this: Value, key: Value, v: Value) -> JsResult<()> {
    let home = expect::home(rt, func)?;
    let proto = rt.get_prototype_of(home)?;
    let key = rt.to_key(key)?;
    if proto.is_null() {
        return rt.put_value(Value::NULL, key, v, true);
    }
    if !rt.set_with_receiver(proto, key, v, this)? && super::is_strict(rt) {
        return Err(rt.throw_readonly(proto, key));
    }
    Ok(())
}

/// The constructor that `super()` calls.
pub fn super_constructor(rt: &mut Rt, func: Value) -> JsResult {
    let func = expect::closure(rt, func)?;
    let parent = rt.get_prototype_of(func)?;
    let parent = Value::object_or_null(parent);
    if !rt.is_constructor(parent) {
        return Err(rt.throw_type("Super constructor is not a constructor"));
    }
    Ok(parent)
}

/// ReferenceError of a second `super()`.
#[cold]
pub fn throw_super_twice(rt: &mut Rt) -> JsResult<()> {
    Err(rt.throw_reference("Super constructor may only be called once"))
}

/// 10.2.2 steps 10 to 13: what a derived constructor returns.
pub fn constructor_result(rt: &mut Rt, v: Value, this: Value) -> JsResult {
    if v.is_object() {
        return Ok(v);
    }
    let template: Value = rt.load(Ref(rt.ctx().fp.get()), FRAME_TEMPLATE);
    let derived = FnFlags(rt.load(template.as_ref(), TPL_FLAGS)).has(FnFlags::DERIVED);
    if derived && !v.is_undefined() {
        return Err(rt.throw_type("Derived constructors may only return object or undefined"));
    }
    if this.is_tdz() {
        super::scope::throw_no_this(rt)?;
    }
    Ok(this)
}

// ---- private names

#[cold]
fn throw_private(rt: &mut Rt, verb: &str, name: Value) -> Thrown {
    let text = rt.symbol_text(name.as_ref());
    let text = text.strip_prefix('#').unwrap_or(&text).to_string();
    rt.throw_type(&format!(
        "Cannot {verb} private member #{text} {} an object whose class did not declare it",
        if verb == "read" { "from" } else { "to" }
    ))
}

/// `obj.#name`
pub fn get_private(rt: &mut Rt, obj: Value, name: Value) -> JsResult {
    let key = expect::private_name(rt, name)?;
    let Some(o) = obj.to_obj() else { return Err(throw_private(rt, "read", name)) };
    let Some(found) = rt.shape_find(rt.shape_of(o), key) else { return Err(throw_private(rt, "read", name)) };
    let v = rt.slot(o, found.slot());
    if found.info & attr::ACCESSOR == 0 {
        return Ok(v);
    }
    let getter: Value = rt.load(v.as_ref(), 8);
    if getter.is_undefined() {
        let text = rt.symbol_text(key);
        return Err(rt.throw_type(&format!("'{text}' was defined without a getter")));
    }
    rt.call(getter, obj, &[])
}

/// `obj.#name = v`
pub fn put_private(rt: &mut Rt, obj: Value, name: Value, v: Value) -> JsResult<()> {
    let key = expect::private_name(rt, name)?;
    let Some(o) = obj.to_obj() else { return Err(throw_private(rt, "write", name)) };
    let Some(found) = rt.shape_find(rt.shape_of(o), key) else { return Err(throw_private(rt, "write", name)) };
    if found.info & attr::ACCESSOR != 0 {
        let pair = rt.slot(o, found.slot()).as_ref();
        let setter: Value = rt.load(pair, 16);
        if setter.is_undefined() {
            let text = rt.symbol_text(key);
            return Err(rt.throw_type(&format!("'{text}' was defined without a setter")));
        }
        rt.call(setter, obj, &[v])?;
        return Ok(());
    }
    if found.info & attr::METHOD != 0 {
        let text = rt.symbol_text(key);
        return Err(rt.throw_type(&format!("Private method '{text}' is not writable")));
    }
    rt.set_slot(o, found.slot(), v);
    Ok(())
}

/// PrivateFieldAdd, PrivateMethodOrAccessorAdd
pub fn add_private(rt: &mut Rt, obj: Value, name: Value, v: Value, flags: u8) -> JsResult<()> {
    let (o, key) = (expect::object(rt, obj)?, expect::private_name(rt, name)?);
    let present = rt.shape_find(rt.shape_of(o), key);
    match (flags, present) {
        (1 | 2, Some(found)) if found.info & attr::ACCESSOR != 0 => {
            // The other half of a pair; a second half of the same kind is a double initialisation.
            let pair = rt.slot(o, found.slot()).as_ref();
            let (get, set): (Value, Value) = (rt.load(pair, 8), rt.load(pair, 16));
            let (get, set, taken) =
                if flags == 1 { (v, set, !get.is_undefined()) } else { (get, v, !set.is_undefined()) };
            if taken {
                return Err(twice(rt, key));
            }
            let pair = rt.new_accessor(get, set);
            rt.set_slot(o, found.slot(), pair);
        }
        (_, Some(_)) => return Err(twice(rt, key)),
        (1, None) => {
            let pair = rt.new_accessor(v, Value::UNDEFINED);
            rt.add_property(o, key, pair, attr::ACCESSOR);
        }
        (2, None) => {
            let pair = rt.new_accessor(Value::UNDEFINED, v);
            rt.add_property(o, key, pair, attr::ACCESSOR);
        }
        (3, None) => rt.add_property(o, key, v, attr::METHOD),
        (_, None) => rt.add_property(o, key, v, attr::W),
    }
    Ok(())
}

#[cold]
fn twice(rt: &mut Rt, key: Ref) -> Thrown {
    let text = rt.symbol_text(key);
    rt.throw_type(&format!("Cannot initialize {text} twice on the same object"))
}

/// `#name in obj`
pub fn has_private(rt: &mut Rt, obj: Value, name: Value) -> JsResult<bool> {
    let key = expect::private_name(rt, name)?;
    match obj.to_obj() {
        Some(o) => Ok(rt.shape_find(rt.shape_of(o), key).is_some()),
        None => Err(rt.throw_type("Cannot use 'in' operator to search for a private name in a primitive")),
    }
}

/// 13.10.2 InstanceofOperator
pub fn instance_of(rt: &mut Rt, v: Value, target: Value) -> JsResult<bool> {
    rt.scoped(|rt| crate::builtins::function::instance_of(rt, v, target))
}
