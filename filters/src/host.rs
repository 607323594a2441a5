//! Running hooks: which functions a script has, how they are called, and what becomes of their results. This is the part
//! that runs inside a runtime; [`crate::pool`] is around it.
use crate::object;
use crate::ops;
use crate::seam::{self, State};
use crate::web::headers::Guard;
use crate::web::{context, request, response, seed, timers};
use lockgate_engine::bytecode::module::{JsStr, Module};
use lockgate_engine::heap::layout::{Kind, SCOPE_SLOTS};
use lockgate_engine::link;
use lockgate_engine::runtime::Rt;
use lockgate_engine::string::atoms;
use lockgate_engine::value::{JsResult, Ref, TAG_INTERNAL, Value};

/// Slots of the context that belong to the embedding; all are rolled back with the request.
pub mod slots {
    /// Pending operations: an Array of id, kind, target, argument.
    pub const OPS: usize = 0;
    /// `ctx`
    pub const CONTEXT: usize = 1;
    /// Promise of the running hook.
    pub const RESULT: usize = 2;
    /// The script's functions, found before sealing: a Words cell, see [`super::Function`].
    pub const FUNCTIONS: usize = 3;
    /// `env`
    pub const ENV: usize = 4;
    /// The running hook's [`super::Phase`].
    pub const PHASE: usize = 5;
    /// Promises given to `waitUntil` that have not settled.
    pub const BACKGROUND: usize = 6;
    /// The newest object that reads the request or response in the gateway's hands; each leads to the one before it.
    pub const VIEWS: usize = 7;
}

/// Value of a slot.
#[inline]
pub fn slot(rt: &Rt, which: usize) -> Value {
    rt.ctx().mutable.embedding[which].get()
}

/// Sets a slot.
#[inline]
pub fn set_slot(rt: &Rt, which: usize, v: Value) {
    rt.ctx().mutable.embedding[which].set(v);
}

/// What a script is being asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum Phase {
    /// Nothing: the image boots.
    Boot,
    /// To answer.
    Handler,
    /// `onRequest`
    OnRequest,
    /// `onResponse`
    OnResponse,
    /// `onLog`
    OnLog,
}

/// The running phase.
pub fn phase(rt: &Rt) -> Phase {
    match slot(rt, slots::PHASE) {
        v if !v.is_int() => Phase::Boot,
        v => match v.as_int() {
            1 => Phase::Handler,
            2 => Phase::OnRequest,
            3 => Phase::OnResponse,
            4 => Phase::OnLog,
            _ => Phase::Boot,
        },
    }
}

/// Changes the number of unsettled `waitUntil` promises.
pub fn add_background(rt: &Rt, by: i32) {
    let known = slot(rt, slots::BACKGROUND);
    let count = if known.is_int() { known.as_int() } else { 0 };
    set_slot(rt, slots::BACKGROUND, Value::int((count + by).max(0)));
}

/// Whether `waitUntil` promises are unsettled.
pub fn has_background(rt: &Rt) -> bool {
    let known = slot(rt, slots::BACKGROUND);
    known.is_int() && known.as_int() > 0
}

/// Words of the functions cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
enum Function {
    /// The handler.
    Handler,
    /// Its `this`: the default export of the Workers form.
    This,
    /// [`Convention`]
    Convention,
    OnRequest,
    OnResponse,
    OnLog,
}

const FUNCTIONS: u32 = 6;

/// How a handler is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum Convention {
    /// The script has no handler.
    None,
    /// `export default { fetch(request, env, ctx) {} }`
    Fetch,
    /// `export default function (request, env, ctx) {}`
    Function,
    /// `function handler(request) {}`, the seed's.
    Seed,
}

/// What a script can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hooks {
    /// The handler's convention.
    pub handler: Convention,
    /// Has `onRequest`.
    pub on_request: bool,
    /// Has `onResponse`.
    pub on_response: bool,
    /// Has `onLog`.
    pub on_log: bool,
}

impl Hooks {
    /// Whether it can be asked anything.
    pub fn any(&self) -> bool {
        self.handler != Convention::None || self.on_request || self.on_response || self.on_log
    }
}

/// Finds the script's functions after its top level ran and keeps them, so that they are sealed with the image.
pub fn discover(rt: &mut Rt, module: &Module) -> JsResult<Hooks> {
    let functions = rt.alloc_words_filled(Kind::Words, FUNCTIONS, Value::UNDEFINED);
    set_slot(rt, slots::FUNCTIONS, Value::internal(functions));
    let (handler, this, convention) = find_handler(rt, module)?;
    let functions = slot(rt, slots::FUNCTIONS).as_ref();
    rt.put_word(functions, Function::Handler as u32, handler);
    rt.put_word(functions, Function::This as u32, this);
    rt.put_word(functions, Function::Convention as u32, Value::int(convention as i32));
    let mut found = [false; 3];
    let hooks = [("onRequest", Function::OnRequest), ("onResponse", Function::OnResponse), ("onLog", Function::OnLog)];
    for (i, (name, word)) in hooks.into_iter().enumerate() {
        let hook = find_hook(rt, module, name)?;
        rt.put_word(slot(rt, slots::FUNCTIONS).as_ref(), word as u32, hook);
        found[i] = !hook.is_undefined();
    }
    Ok(Hooks { handler: convention, on_request: found[0], on_response: found[1], on_log: found[2] })
}

/// What a sealed script can be asked.
pub fn hooks(rt: &Rt) -> Hooks {
    let functions = slot(rt, slots::FUNCTIONS);
    let has =
        |which: Function| functions.tag() == TAG_INTERNAL && rt.is_callable(rt.word(functions.as_ref(), which as u32));
    let handler = if functions.tag() != TAG_INTERNAL {
        Convention::None
    } else {
        match rt.word(functions.as_ref(), Function::Convention as u32).as_int() {
            1 => Convention::Fetch,
            2 => Convention::Function,
            3 => Convention::Seed,
            _ => Convention::None,
        }
    };
    Hooks {
        handler,
        on_request: has(Function::OnRequest),
        on_response: has(Function::OnResponse),
        on_log: has(Function::OnLog),
    }
}

fn entry_export(rt: &Rt, module: &Module, name: &str) -> Option<Value> {
    link::export_value(rt, module, module.units.len().checked_sub(1)? as u32, name)
}

/// A top-level function declaration of the entry.
fn top_level_function(rt: &Rt, module: &Module, name: &str) -> Option<Value> {
    let number = module.units.len().checked_sub(1)?;
    let unit = module.units.get(number)?;
    let wanted = JsStr::from(name);
    let is_named = |id: u32| {
        let function = module.functions.get(id as usize);
        function.and_then(|f| module.strings.get(f.name as usize)).is_some_and(|text| *text == wanted)
    };
    let declared = unit.hoisted.iter().find(|(_, id)| is_named(*id)).map(|(slot, _)| {
        let scope = link::unit_scope(rt, number as u32);
        rt.load(Ref(scope.0 + 8 * slot), SCOPE_SLOTS)
    });
    declared.or_else(|| if unit.is_module { None } else { link::global_value(rt, name) })
}

fn find_handler(rt: &mut Rt, module: &Module) -> JsResult<(Value, Value, Convention)> {
    if let Some(default) = entry_export(rt, module, "default") {
        if rt.is_callable(default) {
            return Ok((default, Value::UNDEFINED, Convention::Function));
        }
        if default.is_object() {
            let keep = rt.root(default);
            let fetch = rt.get_name(default, atoms::fetch)?;
            if rt.is_callable(fetch) {
                return Ok((fetch, keep.get(rt), Convention::Fetch));
            }
        }
    }
    for found in [entry_export(rt, module, "handler"), top_level_function(rt, module, "handler")] {
        if let Some(handler) = found.filter(|&v| rt.is_callable(v)) {
            return Ok((handler, Value::UNDEFINED, Convention::Seed));
        }
    }
    Ok((Value::UNDEFINED, Value::UNDEFINED, Convention::None))
}

/// A hook: exported by name, or a method of the default export.
fn find_hook(rt: &mut Rt, module: &Module, name: &str) -> JsResult {
    if let Some(hook) = entry_export(rt, module, name).filter(|&v| rt.is_callable(v)) {
        return Ok(hook);
    }
    if let Some(default) = entry_export(rt, module, "default").filter(|v| v.is_object()) {
        let hook = object::get(rt, default, name)?;
        if rt.is_callable(hook) {
            return Ok(hook);
        }
    }
    Ok(Value::UNDEFINED)
}

/// What a step came to, inside the runtime.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Progress {
    /// An answer: status and headers are with the view, this is the body.
    Answer(Value),
    /// The hook has nothing to say: go on.
    Continue,
    /// It waits for operations.
    Wait,
    /// It waits, and nothing is under way that could wake it.
    NeverSettles,
}

/// Calls a hook.
pub fn start(rt: &mut Rt, phase: Phase) -> JsResult<Progress> {
    set_slot(rt, slots::PHASE, Value::int(phase as i32));
    set_slot(rt, slots::RESULT, Value::UNDEFINED);
    let functions = slot(rt, slots::FUNCTIONS);
    if functions.tag() != TAG_INTERNAL {
        return Err(rt.throw_type("the script was sealed without its hooks"));
    }
    let function = |rt: &Rt, which: Function| rt.word(slot(rt, slots::FUNCTIONS).as_ref(), which as u32);
    let v = match phase {
        Phase::Boot => return Ok(Progress::Continue),
        Phase::Handler => {
            let (handler, this) = (function(rt, Function::Handler), function(rt, Function::This));
            if function(rt, Function::Convention) == Value::int(Convention::Seed as i32) {
                let seed = seed::new_request(rt)?;
                let handler = function(rt, Function::Handler);
                rt.call(handler, this, &[seed])?
            } else {
                let request = Value::object(request::new_view(rt));
                let arguments = [request, slot(rt, slots::ENV), context::of_request(rt)];
                rt.call(handler, this, &arguments)?
            }
        }
        Phase::OnRequest => {
            let arguments = [Value::object(request::new_view(rt)), context::of_request(rt)];
            rt.call(function(rt, Function::OnRequest), Value::UNDEFINED, &arguments)?
        }
        Phase::OnResponse => {
            let response = response::new_view(rt, Guard::Response);
            let arguments = [Value::object(response), context::of_request(rt)];
            rt.call(function(rt, Function::OnResponse), Value::UNDEFINED, &arguments)?
        }
        Phase::OnLog => {
            let arguments = [context::of_request(rt)];
            rt.call(function(rt, Function::OnLog), Value::UNDEFINED, &arguments)?
        }
    };
    let Some(promise) = seam::as_promise(rt, v) else {
        if !lockgate_engine::job::pending(rt) {
            return finish(rt, v);
        }
        let v = rt.root(v);
        seam::run_jobs(rt)?;
        let v = v.get(rt);
        return finish(rt, v);
    };
    set_slot(rt, slots::RESULT, Value::object(promise));
    seam::run_jobs(rt)?;
    poll(rt)
}

/// Whether a hook, or what it gave to `waitUntil`, has not come to its end.
pub fn is_unfinished(rt: &Rt) -> bool {
    !slot(rt, slots::RESULT).is_undefined() || has_background(rt)
}

/// The request is over and its runtime goes on: objects that read it, or speak for it, are ended.
pub fn end_views(rt: &Rt) {
    if let Some(context) = slot(rt, slots::CONTEXT).to_obj() {
        object::end_view(rt, context);
    }
    let mut next = slot(rt, slots::VIEWS);
    while let Some(view) = next.to_obj() {
        let is_request = object::is_class(rt, next, object::Class::Request);
        next = if is_request { request::end_view(rt, view) } else { response::end_view(rt, view) };
    }
}

/// What has become of the running hook's promise.
fn poll(rt: &mut Rt) -> JsResult<Progress> {
    let Some(promise) = seam::as_promise(rt, slot(rt, slots::RESULT)) else { return Ok(idle(rt)) };
    match seam::state(rt, promise) {
        State::Pending if ops::pending(rt) == 0 => Ok(Progress::NeverSettles),
        State::Pending => Ok(Progress::Wait),
        State::Fulfilled(v) => {
            set_slot(rt, slots::RESULT, Value::UNDEFINED);
            finish(rt, v)
        }
        State::Rejected(reason) => {
            set_slot(rt, slots::RESULT, Value::UNDEFINED);
            Err(rt.throw(reason))
        }
    }
}

/// After the answer: whether `waitUntil` still waits for something.
fn idle(rt: &Rt) -> Progress {
    if has_background(rt) && ops::pending(rt) > 0 { Progress::Wait } else { Progress::Continue }
}

/// Goes on after an operation ended: its callbacks, the jobs they queued, and what that makes of the hook.
pub fn settle(rt: &mut Rt, id: u32, outcome: ops::Outcome) -> JsResult<Progress> {
    timers::deliver(rt, id, outcome)?;
    seam::run_jobs(rt)?;
    poll(rt)
}

/// Turns a hook's result into what the gateway is told.
fn finish(rt: &mut Rt, v: Value) -> JsResult<Progress> {
    let phase = phase(rt);
    let progress = match phase {
        Phase::Boot | Phase::OnLog => Progress::Continue,
        Phase::OnRequest | Phase::OnResponse if v.is_undefined() => Progress::Continue,
        Phase::OnResponse if response::is_view(rt, v) => Progress::Continue,
        Phase::OnRequest if object::is_class(rt, v, object::Class::Request) => Progress::Continue,
        _ if object::is_class(rt, v, object::Class::Response) => Progress::Answer(response::hand_over(rt, v.as_ref())?),
        Phase::Handler if is_seed(rt) && (v.is_string() || seed::is_plain_response(rt, v)?) => {
            let response = response::of_plain(rt, v)?;
            Progress::Answer(response::hand_over(rt, response)?)
        }
        Phase::Handler => {
            let what = object::describe(rt, v);
            let accepted = if is_seed(rt) { "a Response, a string or { status, headers, body }" } else { "a Response" };
            return Err(rt.throw_type(&format!("the handler returned {what}; it must return {accepted}")));
        }
        Phase::OnRequest | Phase::OnResponse => {
            let what = object::describe(rt, v);
            let hook = if phase == Phase::OnRequest { "onRequest" } else { "onResponse" };
            return Err(rt.throw_type(&format!("{hook} returned {what}; it must return nothing or a Response")));
        }
    };
    report_rejections(rt);
    Ok(progress)
}

fn is_seed(rt: &Rt) -> bool {
    let functions = slot(rt, slots::FUNCTIONS).as_ref();
    rt.word(functions, Function::Convention as u32) == Value::int(Convention::Seed as i32)
}

/// Rejections that nobody handled are written where `console.error` writes; they do not change the answer.
fn report_rejections(rt: &Rt) {
    while let Some(reason) = seam::take_unhandled(rt) {
        let text = format!("unhandled rejection: {}", rt.describe_thrown(reason));
        rt.host().console.borrow_mut().line("error", &text);
    }
}
