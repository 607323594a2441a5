//! Scopes: heap cells of captured variables, module bindings, and the errors of uninitialised ones.
use super::name_text;
use crate::heap::layout::*;
use crate::runtime::Rt;
use crate::string::atoms;
use crate::value::{JsResult, Ref, Value};

/// A scope of `n` slots, all TDZ.
#[inline]
pub fn new_scope(rt: &Rt, parent: Value, n: u16) -> Value {
    let scope = rt.alloc(Kind::Scope, SCOPE_SLOTS + 8 * u32::from(n));
    rt.init::<u32>(scope, CELL_LEN, u32::from(n));
    rt.init(scope, SCOPE_PARENT, if parent.is_undefined() { Ref::NULL } else { parent.as_ref() });
    for i in 0..u32::from(n) {
        rt.init(Ref(scope.0 + 8 * i), SCOPE_SLOTS, Value::TDZ);
    }
    Value::internal(scope)
}

/// A scope with the same parent and values.
pub fn copy_scope(rt: &Rt, scope: Ref) -> Value {
    let n = rt.len(scope);
    let copy = rt.alloc(Kind::Scope, SCOPE_SLOTS + 8 * n);
    rt.init::<u32>(copy, CELL_LEN, n);
    rt.init(copy, SCOPE_PARENT, rt.load::<Ref>(scope, SCOPE_PARENT));
    for i in 0..n {
        rt.init(Ref(copy.0 + 8 * i), SCOPE_SLOTS, rt.load::<Value>(Ref(scope.0 + 8 * i), SCOPE_SLOTS));
    }
    Value::internal(copy)
}

/// The scope `depth` parents above.
#[inline(always)]
pub fn up(rt: &Rt, mut scope: Ref, depth: u16) -> Ref {
    for _ in 0..depth {
        scope = rt.load(scope, SCOPE_PARENT);
    }
    scope
}

/// Binding of a linked unit.
pub fn module_binding(rt: &Rt, module: u16, slot: u16) -> Value {
    let scope = rt.word(rt.ctx().realm.unit_scopes.get(), u32::from(module)).as_ref();
    rt.load(Ref(scope.0 + 8 * u32::from(slot)), SCOPE_SLOTS)
}

/// `import.meta`: an object with the unit's name as `url`.
pub fn import_meta(rt: &mut Rt, module: u16) -> Value {
    let known = crate::link::unit_meta(rt, u32::from(module));
    if known.is_object() {
        return known;
    }
    let name = rt.host().module.borrow().units.get(usize::from(module)).map(|u| u.name.clone()).unwrap_or_default();
    let meta = rt.new_object_with_proto(Ref::NULL);
    let url = rt.str_value(&name);
    rt.put_own(meta, atoms::url, url);
    crate::link::keep_unit_meta(rt, u32::from(module), Value::object(meta));
    Value::object(meta)
}

/// `import()`: of a linked unit by its number, otherwise a rejected promise.
pub fn dynamic_import(rt: &mut Rt, spec: Value, module: u16) -> JsResult {
    if usize::from(module) < rt.host().module.borrow().units.len() {
        return crate::link::import(rt, u32::from(module));
    }
    let promise = crate::builtins::promise::new_promise(rt);
    let text = rt.describe_value(spec);
    let message = format!("Cannot import '{text}': only modules named by a literal are linked");
    let error = rt.new_error(rt.intrinsic(crate::realm::Intrinsic::TypeErrorPrototype), Some(&message));
    crate::builtins::promise::reject(rt, promise, Value::object(error));
    Ok(Value::object(promise))
}

/// ReferenceError of a binding in its dead zone.
#[cold]
pub fn throw_tdz(rt: &mut Rt, name: Value) -> JsResult<()> {
    let name = name_text(rt, name);
    Err(rt.throw_reference(&format!("Cannot access '{name}' before initialization")))
}

/// ReferenceError of `this` before `super()`.
#[cold]
pub fn throw_no_this(rt: &mut Rt) -> JsResult<()> {
    Err(rt.throw_reference(
        "Must call super constructor in derived class before accessing 'this' or returning from derived constructor",
    ))
}

/// TypeError of an assignment to a constant.
#[cold]
pub fn throw_const(rt: &mut Rt, name: Value) -> JsResult<()> {
    let name = name_text(rt, name);
    Err(rt.throw_type(&format!("Assignment to constant variable '{name}'.")))
}

/// An error of a numbered kind with a constant message.
#[cold]
pub fn throw_kind(rt: &mut Rt, kind: u8, message: Value) -> JsResult<()> {
    use crate::realm::Intrinsic::*;
    let proto = match kind {
        1 => TypeErrorPrototype,
        2 => ReferenceErrorPrototype,
        3 => SyntaxErrorPrototype,
        4 => RangeErrorPrototype,
        _ => ErrorPrototype,
    };
    let message = name_text(rt, message);
    Err(rt.throw_error(proto, &message))
}
