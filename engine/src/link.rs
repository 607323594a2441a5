//! Linking: from a [`Module`] to templates, feedback vectors, module scopes and namespaces in a cage, and running the
//! bodies of its units in order.
//!
//! The feedback region is one run of cells on pages of its own: a vector per function (constants, then two words a
//! site), the pool of cache entries, the megamorphic table. It is the only memory below the arena that a reset leaves
//! as it is.
use crate::builtins::{bigint, promise, regexp};
use crate::bytecode::module::{Const, ExportTarget, Function, JsStr, Module, StringId, Unit};
use crate::heap::layout::*;
use crate::job;
use crate::object::{Key, OBJ_FROZEN_ELEMENTS, OBJ_LENGTH_READONLY};
use crate::realm::{Intrinsic, WellKnown};
use crate::runtime::Rt;
use crate::shape::attr;
use crate::value::{JsResult, Ref, Value};

/// Fewest and most entries of the cache pool.
const POOL_ENTRIES: (u32, u32) = (256, 16_384);
/// Entries of the megamorphic table.
pub(crate) const MEGAMORPHIC_ENTRIES: u32 = 512;

/// Makes everything a module needs in the cage: templates, feedback, scopes, hoisted functions, namespaces. Runs nothing.
/// The runtime's module must be this one already (`HostState::module`), as template cells refer to it by number.
pub fn link(rt: &mut Rt, module: &Module) -> JsResult<()> {
    let strings = Strings::new(rt, module);
    link_templates(rt, module, &strings)?;
    link_scopes(rt, module);
    link_namespaces(rt, module, &strings);
    link_hoisted(rt, module);
    Ok(())
}

/// Runs the bodies of the units that are not lazy, in link order, then the jobs they left.
pub fn run_bodies(rt: &mut Rt, module: &Module) -> JsResult<()> {
    for (number, unit) in module.units.iter().enumerate() {
        if !unit.lazy {
            run_body(rt, number as u32, unit)?;
        }
    }
    drain_jobs(rt)
}

/// Links a module and runs it.
pub fn boot_module(rt: &mut Rt, module: &Module) -> JsResult<()> {
    link(rt, module)?;
    run_bodies(rt, module)
}

/// Atoms of the module's strings, by id.
struct Strings(Vec<Ref>);

impl Strings {
    fn new(rt: &Rt, module: &Module) -> Strings {
        Strings(module.strings.iter().map(|s| rt.intern(rt.new_js_str(s))).collect())
    }

    fn atom(&self, id: StringId) -> Ref {
        self.0[id as usize]
    }

    fn value(&self, id: StringId) -> Value {
        Value::string(self.atom(id))
    }
}

fn words_of(function: &Function) -> u32 {
    function.constants.len() as u32 + 2 * function.sites
}

fn link_templates(rt: &mut Rt, module: &Module, strings: &Strings) -> JsResult<()> {
    let templates: Vec<Ref> = (0..module.functions.len()).map(|_| rt.alloc(Kind::Template, TPL_BYTES)).collect();
    let table = rt.alloc_words(Kind::Words, templates.len() as u32);
    for (id, template) in templates.iter().enumerate() {
        rt.init_word(table, id as u32, Value::internal(*template));
    }
    rt.ctx().realm.templates.set(table);
    // Constants first: what they allocate must not stand between the vectors.
    let mut constants = Vec::new();
    for function in &module.functions {
        for constant in &function.constants {
            constants.push(link_constant(rt, module, strings, &templates, constant)?);
        }
    }
    let sites: u64 = module.functions.iter().map(|f| u64::from(f.sites)).sum();
    align(rt, PAGE, 0);
    rt.ctx().realm.feedback_start.set(rt.ctx().alloc_ptr.get());
    let mut constants = constants.into_iter();
    for (id, function) in module.functions.iter().enumerate() {
        let words = words_of(function);
        let feedback = rt.alloc(Kind::Feedback, FB_WORDS + 8 * words);
        rt.init::<u64>(feedback, CELL_LEN, u64::from(words));
        let own = function.constants.len() as u32;
        for (i, constant) in constants.by_ref().take(own as usize).enumerate() {
            rt.init(Ref(feedback.0 + 8 * i as u32), FB_WORDS, constant);
        }
        for i in own..words {
            rt.init::<u64>(Ref(feedback.0 + 8 * i), FB_WORDS, 0);
        }
        init_template(rt, templates[id], id as u32, function, feedback, strings);
    }
    let entries = (2 * sites).clamp(u64::from(POOL_ENTRIES.0), u64::from(POOL_ENTRIES.1)) as u32;
    let pool = alloc_records(rt, 1 + entries);
    rt.init::<u32>(Ref(pool), 0, entries);
    rt.ctx().realm.cache_pool.set(pool);
    rt.ctx().realm.megamorphic.set(alloc_records(rt, MEGAMORPHIC_ENTRIES));
    align(rt, PAGE, 0);
    rt.ctx().realm.feedback_end.set(rt.ctx().alloc_ptr.get());
    Ok(())
}

/// A Bytes cell of zeroed 16-byte records, the first of them 16-aligned: its offset.
fn alloc_records(rt: &Rt, n: u32) -> u32 {
    align(rt, 16, CELL_DATA);
    rt.alloc_bytes(16 * n).0 + CELL_DATA
}

/// Fills up with free words until a cell allocated next has the byte at `offset` aligned.
fn align(rt: &Rt, to: u32, offset: u32) {
    while !(rt.ctx().alloc_ptr.get() + offset).is_multiple_of(to) {
        rt.alloc(Kind::Free, HEADER);
    }
}

fn init_template(rt: &Rt, template: Ref, id: u32, function: &Function, feedback: Ref, strings: &Strings) {
    rt.init::<u32>(template, TPL_FUNCTION, id);
    rt.init(template, TPL_FEEDBACK, feedback);
    rt.init::<u32>(template, TPL_CODE, function.code_start);
    rt.init::<u16>(template, TPL_REGISTERS, function.registers);
    rt.init::<u16>(template, TPL_PARAMS, function.params);
    rt.init::<u32>(template, TPL_FLAGS, function.flags.0);
    rt.init(template, TPL_NAME, strings.atom(function.name));
    rt.init::<u32>(template, TPL_LENGTH, u32::from(function.length));
    rt.init::<u8>(template, TPL_INSTANCE_SLOTS, function.instance_slots);
    rt.init::<u32>(template, TPL_UNIT, function.unit);
}

fn link_constant(
    rt: &mut Rt,
    module: &Module,
    strings: &Strings,
    templates: &[Ref],
    constant: &Const,
) -> JsResult<Value> {
    Ok(match constant {
        Const::Number(d) => Value::number(*d),
        Const::Str(id) => strings.value(*id),
        Const::BigInt(id) => {
            let digits = module.strings[*id as usize].to_text();
            match bigint::from_decimal(rt, &digits) {
                Some(v) => v,
                None => return Err(rt.throw_range("BigInt literal is too large")),
            }
        }
        Const::Function(id) => Value::internal(templates[*id as usize]),
        Const::Shape(keys) => {
            let proto = rt.intrinsic(Intrinsic::ObjectPrototype);
            let mut shape = rt.root_shape(proto, Kind::Object, keys.len() as u16);
            for &key in keys {
                shape = rt.shape_add(shape, strings.atom(key), attr::ALL);
            }
            Value::internal(shape)
        }
        Const::RegExp { source, flags, program } => {
            let (source, flags) = (strings.value(*source).as_ref(), strings.value(*flags).as_ref());
            // The object of the literal's first evaluation, which no script sees; each evaluation makes another like it.
            Value::internal(regexp::new_from_program(rt, source, flags, program))
        }
        Const::Template { cooked, raw } => {
            let cooked: Vec<Value> =
                cooked.iter().map(|id| id.map_or(Value::UNDEFINED, |id| strings.value(id))).collect();
            let raw: Vec<Value> = raw.iter().map(|&id| strings.value(id)).collect();
            Value::object(template_object(rt, &cooked, &raw)?)
        }
    })
}

/// 13.2.8.4 GetTemplateObject: made once, here, not at the first evaluation.
fn template_object(rt: &mut Rt, cooked: &[Value], raw: &[Value]) -> JsResult<Ref> {
    let raw = rt.new_array(raw);
    freeze_array(rt, raw)?;
    let template = rt.new_array(cooked);
    rt.add_property(template, crate::string::atoms::raw, Value::object(raw), 0);
    freeze_array(rt, template)?;
    Ok(template)
}

fn freeze_array(rt: &mut Rt, array: Ref) -> JsResult<()> {
    rt.prevent_extensions(array)?;
    rt.set_cell_flags(array, OBJ_FROZEN_ELEMENTS | OBJ_LENGTH_READONLY);
    Ok(())
}

fn link_scopes(rt: &Rt, module: &Module) {
    // Behind the scopes stands, for each unit, what `import()` gives: undefined until its body ran, then a promise.
    let units = module.units.len() as u32;
    let scopes = rt.alloc_words_filled(Kind::Words, 2 * units, Value::UNDEFINED);
    for (number, unit) in module.units.iter().enumerate() {
        let scope = rt.alloc(Kind::Scope, SCOPE_SLOTS + 8 * unit.scope_slots);
        rt.init::<u32>(scope, CELL_LEN, unit.scope_slots);
        rt.init(scope, SCOPE_PARENT, Ref::NULL);
        for slot in 0..unit.scope_slots {
            rt.init(Ref(scope.0 + 8 * slot), SCOPE_SLOTS, Value::TDZ);
        }
        rt.init_word(scopes, number as u32, Value::internal(scope));
    }
    rt.ctx().realm.unit_scopes.set(scopes);
}

fn link_hoisted(rt: &Rt, module: &Module) {
    for (number, unit) in module.units.iter().enumerate() {
        let scope = unit_scope(rt, number as u32);
        for &(slot, function) in &unit.hoisted {
            let closure = rt.new_closure(template_of(rt, function), Value::internal(scope));
            rt.put(Ref(scope.0 + 8 * slot), SCOPE_SLOTS, Value::object(closure));
        }
    }
}

/// 10.4.6.12 ModuleNamespaceCreate, for every module of the program.
fn link_namespaces(rt: &mut Rt, module: &Module, strings: &Strings) {
    let tag = rt.symbol(WellKnown::ToStringTag);
    let shape = rt.shape_add(rt.root_shape(Ref::NULL, Kind::Namespace, 0), tag, 0);
    let tag = rt.str_value("Module");
    let namespaces = rt.alloc_words_filled(Kind::Words, 2 * module.units.len() as u32, Value::UNDEFINED);
    for number in 0..module.units.len() {
        let namespace = rt.alloc_object(shape);
        rt.set_slot(namespace, 0, tag);
        rt.put(namespace, CELL_SHAPE, rt.shape_prevent_extensions(shape));
        rt.init_word(namespaces, number as u32, Value::object(namespace));
    }
    rt.ctx().realm.unit_namespaces.set(namespaces);
    for (number, unit) in module.units.iter().enumerate() {
        let mut exports: Vec<_> = unit.exports.iter().collect();
        exports.sort_by(|a, b| compare(&module.strings[a.0 as usize], &module.strings[b.0 as usize]));
        let table = rt.alloc_words(Kind::Words, 3 * exports.len() as u32);
        for (i, &&(name, target)) in exports.iter().enumerate() {
            let (holder, slot) = match target {
                ExportTarget::Binding { unit, slot } => {
                    (Value::internal(unit_scope(rt, unit)), Value::int(slot as i32))
                }
                ExportTarget::Namespace(unit) => (rt.word(namespaces, unit), Value::UNDEFINED),
            };
            rt.init_word(table, 3 * i as u32, strings.value(name));
            rt.init_word(table, 3 * i as u32 + 1, holder);
            rt.init_word(table, 3 * i as u32 + 2, slot);
        }
        rt.set_internal(rt.word(namespaces, number as u32).as_ref(), 0, Value::internal(table));
    }
}

/// Order of strings by code units.
fn compare(a: &JsStr, b: &JsStr) -> std::cmp::Ordering {
    fn units(s: &JsStr) -> Vec<u16> {
        match s {
            JsStr::Latin1(bytes) => bytes.iter().map(|&b| u16::from(b)).collect(),
            JsStr::Utf16(units) => units.to_vec(),
        }
    }
    units(a).cmp(&units(b))
}

/// Template cell of a function of the linked module.
pub fn template_of(rt: &Rt, function: u32) -> Ref {
    rt.word(rt.ctx().realm.templates.get(), function).as_ref()
}

/// Scope of a unit of the linked module.
pub fn unit_scope(rt: &Rt, unit: u32) -> Ref {
    rt.word(rt.ctx().realm.unit_scopes.get(), unit).as_ref()
}

/// Namespace object of a unit of the linked module.
pub fn unit_namespace(rt: &Rt, unit: u32) -> Ref {
    rt.word(rt.ctx().realm.unit_namespaces.get(), unit).as_ref()
}

/// `import.meta` of a unit of the linked module; undefined until it is asked for.
pub fn unit_meta(rt: &Rt, unit: u32) -> Value {
    let table = rt.ctx().realm.unit_namespaces.get();
    rt.word(table, rt.len(table) / 2 + unit)
}

/// Makes an object the `import.meta` of its unit.
pub fn keep_unit_meta(rt: &Rt, unit: u32, meta: Value) {
    let table = rt.ctx().realm.unit_namespaces.get();
    rt.put_word(table, rt.len(table) / 2 + unit, meta);
}

/// Calls the body of a unit; a body with top-level await must settle with the jobs that are there.
fn run_body(rt: &mut Rt, number: u32, unit: &Unit) -> JsResult<()> {
    let scope = Value::internal(unit_scope(rt, number));
    let body = rt.new_closure(template_of(rt, unit.body), scope);
    let this = if unit.is_module { Value::UNDEFINED } else { Value::object(rt.intrinsic(Intrinsic::Global)) };
    let result = rt.call(Value::object(body), this, &[])?;
    if !unit.has_tla {
        return Ok(());
    }
    settle(rt, result, &format!("top-level await of '{}'", unit.name)).map(|_| ())
}

/// `import()` of a linked unit: a promise of its namespace. The body of a lazy unit runs at the first import, after those it
/// imports itself.
pub fn import(rt: &mut Rt, number: u32) -> JsResult {
    let module = std::sync::Arc::clone(&rt.host().module.borrow());
    let units = module.units.len() as u32;
    let known = rt.word(rt.ctx().realm.unit_scopes.get(), units + number);
    if known.is_object() {
        return Ok(known);
    }
    let promise = promise::new_promise(rt);
    let slot = rt.root(Value::object(promise));
    rt.put_word(rt.ctx().realm.unit_scopes.get(), units + number, Value::object(promise));
    let outcome = evaluate_lazy(rt, &module, number);
    let promise = slot.obj(rt);
    match outcome {
        Ok(()) => {
            let namespace = Value::object(unit_namespace(rt, number));
            promise::resolve(rt, promise, namespace)?;
        }
        Err(thrown) if rt.is_terminating() => return Err(thrown),
        Err(_) => {
            let reason = rt.take_exception();
            promise::reject(rt, promise, reason);
        }
    }
    let promise = slot.get(rt);
    rt.release_roots(slot.offset());
    Ok(promise)
}

/// Runs the body of a lazy unit that has not run, its own imports first. One with top-level await must settle at once.
fn evaluate_lazy(rt: &mut Rt, module: &Module, number: u32) -> JsResult<()> {
    let unit = &module.units[number as usize];
    if !unit.lazy {
        return Ok(());
    }
    rt.check_native_stack()?;
    let units = module.units.len() as u32;
    for &request in &unit.requests {
        let state = rt.word(rt.ctx().realm.unit_scopes.get(), units + request);
        if module.units[request as usize].lazy && state.is_undefined() {
            rt.put_word(rt.ctx().realm.unit_scopes.get(), units + request, Value::TRUE);
            evaluate_lazy(rt, module, request)?;
        }
    }
    run_body(rt, number, unit)
}

/// The value a promise is fulfilled with once the jobs have run, or `v` itself if it is no promise. A rejection is thrown, and
/// so is an Error that says `what` did not settle.
pub fn settle(rt: &mut Rt, v: Value, what: &str) -> JsResult {
    let slot = rt.root(v);
    drain_jobs(rt)?;
    let Some(promise) = promise::as_promise(rt, slot.get(rt)) else { return Ok(slot.get(rt)) };
    match promise::state(rt, promise) {
        promise::State::Fulfilled(v) => Ok(v),
        promise::State::Rejected(reason) => Err(rt.throw(reason)),
        promise::State::Pending => {
            let why = format!("{what} did not settle: nothing is left to run that could settle it");
            Err(rt.throw_error(Intrinsic::ErrorPrototype, &why))
        }
    }
}

/// Runs jobs until none is left; a rejection that nothing handled by then is thrown.
pub fn drain_jobs(rt: &mut Rt) -> JsResult<()> {
    job::run_all(rt)?;
    match promise::take_unhandled(rt) {
        Some(reason) => Err(rt.throw(reason)),
        None => Ok(()),
    }
}

/// The current value of an export of a unit; None if it exports no such name or the binding is not initialised.
pub fn export_value(rt: &Rt, module: &Module, unit: u32, name: &str) -> Option<Value> {
    let wanted = JsStr::from(name);
    let unit = module.units.get(unit as usize)?;
    let &(_, target) = unit.exports.iter().find(|(id, _)| module.strings[*id as usize] == wanted)?;
    match target {
        ExportTarget::Binding { unit, slot } => {
            let v: Value = rt.load(Ref(unit_scope(rt, unit).0 + 8 * slot), SCOPE_SLOTS);
            (!v.is_tdz()).then_some(v)
        }
        ExportTarget::Namespace(unit) => Some(Value::object(unit_namespace(rt, unit))),
    }
}

/// A global binding by name, found without running getters: top-level `var` and functions of scripts.
pub fn global_value(rt: &Rt, name: &str) -> Option<Value> {
    let global = rt.intrinsic(Intrinsic::Global);
    let prop = rt.get_own_plain(global, Key::Name(rt.intern_str(name)))?;
    (!prop.is_accessor()).then_some(prop.value)
}

/// Zeroes the word of a cache entry that holds an arena reference: the entry matches nothing from now on, and what it
/// owns of the pool can be used again.
pub(crate) fn clear_record(rt: &Rt, at: u32) {
    rt.init::<u32>(Ref(at), 0, 0);
}
