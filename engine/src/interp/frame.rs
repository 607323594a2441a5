//! Frames: entering closures, calling everything else, constructing, returning, unwinding.
//!
//! Invariant while a JavaScript frame runs: `ctx.fp` is its offset and `ctx.vm_sp` the end of its registers (for a heap frame:
//! the VM stack's top when it was resumed). A window below a heap frame is copied to `vm_sp` first.
use super::Flow;
use crate::bytecode::module::FnFlags;
use crate::call::{FRAME_BOUNDARY, FRAME_CONSTRUCT, FRAME_HEAP};
use crate::heap::layout::*;
use crate::object::{OBJ_CLASS, OBJ_CONSTRUCTOR};
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Thrown, Value};

/// Runs the closure whose frame header is complete at `fp` (a boundary frame made by native code).
pub fn enter(rt: &mut Rt, fp: u32) -> JsResult {
    let callee = rt.load::<Value>(Ref(fp), FRAME_CALLEE).as_ref();
    let flags: u16 = rt.load(Ref(fp), FRAME_FLAGS);
    if flags & FRAME_CONSTRUCT == 0 && rt.cell_flags(callee) & OBJ_CLASS != 0 {
        return Err(throw_class_call(rt, callee));
    }
    let argc: u16 = rt.load(Ref(fp), FRAME_ARGC);
    if flags & FRAME_CONSTRUCT != 0 {
        let template: Ref = rt.load(callee, FUNC_TEMPLATE);
        let new_target: Value = rt.load(Ref(fp), FRAME_NEW_TARGET);
        // The prototype may come from a getter or a trap, which must not run over the window.
        let sp = rt.ctx().vm_sp.replace(fp + FRAME_ARGS + 8 * u32::from(argc));
        let this = make_this(rt, template, new_target);
        rt.ctx().vm_sp.set(sp);
        rt.init(Ref(fp), FRAME_THIS, this?);
    }
    let saved_sp = rt.ctx().vm_sp.get();
    rt.ctx().vm_sp.set(fp);
    if let Err(thrown) = prepare(rt, fp, callee, u32::from(argc)) {
        rt.ctx().vm_sp.set(saved_sp);
        return Err(thrown);
    }
    super::run(rt)
}

/// Enters a closure from a window of the running frame.
#[inline]
pub fn enter_closure(rt: &mut Rt, window: u32, callee: Ref, argc: u32, back: u32, dst: u16) -> JsResult<()> {
    let caller = rt.ctx().fp.get();
    let sp = rt.ctx().vm_sp.get();
    let fp = if in_stack(rt, window) { window } else { move_window(rt, window, argc) };
    let frame = Ref(fp);
    rt.init::<u64>(frame, FRAME_CALLER, u64::from(caller) | u64::from(sp) << 32);
    rt.init::<u64>(frame, FRAME_RETURN, u64::from(back) | u64::from(dst) << 32);
    rt.init(frame, FRAME_NEW_TARGET, Value::UNDEFINED);
    rt.init::<u64>(frame, FRAME_ARGC, u64::from(argc));
    prepare(rt, fp, callee, argc)
}

/// Whether a window stands on the VM stack (heap frames are above it after sealing, below it while booting).
#[inline(always)]
fn in_stack(rt: &Rt, window: u32) -> bool {
    let ctx = rt.ctx();
    let bottom = ctx.stack_base.get();
    window.wrapping_sub(bottom) < ctx.vm_sp.get().wrapping_sub(bottom)
}

/// A window that stands in a heap frame goes to the top of the VM stack.
#[cold]
#[inline(never)]
fn move_window(rt: &Rt, window: u32, argc: u32) -> u32 {
    let sp = rt.ctx().vm_sp.get();
    for i in 0..FRAME_WORDS + argc {
        rt.init(Ref(sp + 8 * i), 0, rt.load::<Value>(Ref(window + 8 * i), 0));
    }
    sp
}

/// Completes a frame whose header is written but for the template: registers, `this`, then makes it the running one.
#[inline]
fn prepare(rt: &mut Rt, fp: u32, callee: Ref, argc: u32) -> JsResult<()> {
    let frame = Ref(fp);
    let template: Ref = rt.load(callee, FUNC_TEMPLATE);
    let registers = u32::from(rt.load::<u16>(template, TPL_REGISTERS));
    let params = u32::from(rt.load::<u16>(template, TPL_PARAMS));
    let flags = FnFlags(rt.load(template, TPL_FLAGS));
    let end = u64::from(fp) + 8 * u64::from(registers.max(FRAME_WORDS + argc));
    if end > u64::from(rt.ctx().vm_limit.get()) {
        return Err(rt.throw_stack_overflow());
    }
    let fuel = &rt.ctx().fuel;
    fuel.set(fuel.get() - 1);
    if rt.interrupted() || fuel.get() < 0 {
        poll_call(rt, fp, argc, template)?;
    }
    rt.init(frame, FRAME_TEMPLATE, Value::internal(template));
    if flags.0 & (FnFlags::KEEPS_ARGS.0 | FnFlags::SLOPPY_THIS.0) != 0 {
        if flags.has(FnFlags::KEEPS_ARGS) {
            keep_arguments(rt, fp, argc);
        }
        if flags.has(FnFlags::SLOPPY_THIS) {
            sloppy_this(rt, fp)?;
        }
    }
    let given = argc.min(params);
    for i in (FRAME_WORDS + given)..registers {
        rt.init(Ref(fp + 8 * i), 0, Value::UNDEFINED);
    }
    let ctx = rt.ctx();
    ctx.fp.set(fp);
    ctx.vm_sp.set(fp + 8 * registers);
    ctx.pc.set(rt.load(template, TPL_CODE));
    Ok(())
}

#[cold]
#[inline(never)]
fn poll_call(rt: &mut Rt, fp: u32, argc: u32, template: Ref) -> JsResult<()> {
    if rt.ctx().fuel.get() < 0 {
        rt.refuel(rt.load(template, TPL_FUNCTION))?;
    }
    if !rt.interrupted() {
        return Ok(());
    }
    // A window at the top of the stack is a root as well.
    let sp = rt.ctx().vm_sp.get();
    rt.ctx().vm_sp.set(sp.max(fp + 8 * (FRAME_WORDS + argc)));
    let polled = rt.handle_interrupt();
    rt.ctx().vm_sp.set(sp);
    polled
}

/// The running frame's back-edge spent the last unit of fuel it was given.
#[cold]
#[inline(never)]
pub fn refuel(rt: &mut Rt) -> JsResult<()> {
    let template: Value = rt.load(Ref(rt.ctx().fp.get()), FRAME_TEMPLATE);
    rt.refuel(rt.load(template.as_ref(), TPL_FUNCTION))
}

#[cold]
#[inline(never)]
fn keep_arguments(rt: &Rt, fp: u32, argc: u32) {
    let array = rt.new_array_with_capacity(argc);
    for i in 0..argc {
        rt.array_push(array, rt.load(Ref(fp + 8 * i), FRAME_ARGS));
    }
    rt.init(Ref(fp), FRAME_ALL_ARGS, array);
}

/// 10.2.1.2 OrdinaryCallBindThis of sloppy code
#[cold]
#[inline(never)]
fn sloppy_this(rt: &mut Rt, fp: u32) -> JsResult<()> {
    let this: Value = rt.load(Ref(fp), FRAME_THIS);
    if this.is_object() || this.is_tdz() {
        return Ok(());
    }
    let bound = if this.is_nullish() { rt.intrinsic(Intrinsic::Global) } else { rt.to_object(this)? };
    rt.init(Ref(fp), FRAME_THIS, Value::object(bound));
    Ok(())
}

/// Calls what is no plain closure from a window: natives in place, bound functions, proxies, errors.
#[inline]
pub fn call_other(rt: &mut Rt, window: u32, argc: u32) -> JsResult {
    let callee: Value = rt.load(Ref(window), FRAME_CALLEE);
    if callee.is_object() && rt.kind(callee.as_ref()) == Kind::Native {
        return call_native(rt, window, callee.as_ref(), argc, Value::UNDEFINED);
    }
    call_rare(rt, window, callee, argc)
}

#[inline]
fn call_native(rt: &mut Rt, window: u32, callee: Ref, argc: u32, new_target: Value) -> JsResult {
    let ctx = rt.ctx();
    let (caller, pc, sp) = (ctx.fp.get(), ctx.pc.get(), ctx.vm_sp.get());
    let fp = if in_stack(rt, window) { window } else { move_window(rt, window, argc) };
    let end = u64::from(fp) + u64::from(FRAME_ARGS) + 8 * u64::from(argc);
    if end > u64::from(ctx.vm_limit.get()) {
        return Err(rt.throw_stack_overflow());
    }
    let frame = Ref(fp);
    rt.init::<u64>(frame, FRAME_CALLER, u64::from(caller) | u64::from(sp) << 32);
    rt.init::<u64>(frame, FRAME_RETURN, u64::from(pc + 1));
    rt.init(frame, FRAME_TEMPLATE, Value::UNDEFINED);
    rt.init::<u64>(frame, FRAME_ARGC, u64::from(argc));
    rt.init(frame, FRAME_NEW_TARGET, new_target);
    let result = rt.run_native(fp, callee, argc);
    let ctx = rt.ctx();
    ctx.fp.set(caller);
    ctx.pc.set(pc);
    ctx.vm_sp.set(sp);
    result
}

#[cold]
#[inline(never)]
fn call_rare(rt: &mut Rt, window: u32, callee: Value, argc: u32) -> JsResult {
    if !rt.is_callable(callee) {
        let what = describe_call(rt, callee);
        return Err(rt.throw_type(&format!("{what} is not a function")));
    }
    if rt.kind(callee.as_ref()) == Kind::Function {
        return Err(throw_class_call(rt, callee.as_ref()));
    }
    let array = window_array(rt, window, argc);
    let this: Value = rt.load(Ref(window), FRAME_THIS);
    rt.call_with_array(callee, this, Value::UNDEFINED, array)
}

fn window_array(rt: &Rt, window: u32, argc: u32) -> Ref {
    let array = rt.new_array_with_capacity(argc);
    for i in 0..argc {
        rt.array_push(array, rt.load(Ref(window + 8 * i), FRAME_ARGS));
    }
    array
}

/// The text of the called expression, from its position, for "x is not a function".
fn describe_call(rt: &Rt, callee: Value) -> String {
    let pc = rt.ctx().pc.get();
    let template: Value = rt.load(Ref(rt.ctx().fp.get()), FRAME_TEMPLATE);
    let module = rt.host().module.borrow();
    let function: u32 = rt.load(template.as_ref(), TPL_FUNCTION);
    let text = module.functions.get(function as usize).and_then(|f| {
        let offset = pc.checked_sub(f.code_start)?;
        let at = f.positions.partition_point(|&(code, _)| code <= offset).checked_sub(1)?;
        let source = &module.units.get(f.unit as usize)?.source;
        let rest = source.get(f.positions[at].1 as usize..)?;
        let end =
            rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '#'))).unwrap_or(rest.len());
        (end > 0).then(|| rest[..end].trim_end_matches('.').to_string())
    });
    text.filter(|t| !t.is_empty()).unwrap_or_else(|| rt.describe_callee(callee))
}

#[cold]
fn throw_class_call(rt: &mut Rt, callee: Ref) -> Thrown {
    let template: Ref = rt.load(callee, FUNC_TEMPLATE);
    let name = rt.to_text(rt.load(template, TPL_NAME));
    rt.throw_type(&format!("Class constructor {name} cannot be invoked without 'new'"))
}

/// `this` of a construction: TDZ in derived classes, otherwise a new object of the new.target's instance shape.
#[inline]
fn make_this(rt: &mut Rt, template: Ref, new_target: Value) -> JsResult {
    let flags = FnFlags(rt.load(template, TPL_FLAGS));
    if flags.has(FnFlags::DERIVED) {
        return Ok(Value::TDZ);
    }
    let target = new_target.as_ref();
    let mut shape = Ref::NULL;
    if rt.kind(target) == Kind::Function {
        shape = rt.load(target, FUNC_INSTANCE_SHAPE);
    }
    if shape.is_null() {
        let slots = rt.load::<u8>(template, TPL_INSTANCE_SLOTS);
        shape = rt.instance_shape(target, u16::from(slots).max(2))?;
    }
    Ok(Value::object(rt.alloc_object(shape)))
}

/// `new` from a window: Some(result) when done, None when a frame was entered.
#[inline]
pub fn construct(
    rt: &mut Rt,
    window: u32,
    callee: Value,
    new_target: Value,
    argc: u32,
    back: u32,
    dst: u16,
) -> JsResult<Option<Value>> {
    if !rt.is_constructor(callee) {
        rt.init(Ref(window), FRAME_CALLEE, callee);
        let what = describe_call(rt, callee);
        return Err(rt.throw_type(&format!("{what} is not a constructor")));
    }
    let f = callee.as_ref();
    match rt.kind(f) {
        Kind::Function => {
            let template: Ref = rt.load(f, FUNC_TEMPLATE);
            let this = make_this(rt, template, new_target)?;
            rt.init(Ref(window), FRAME_CALLEE, callee);
            rt.init(Ref(window), FRAME_THIS, this);
            let caller = rt.ctx().fp.get();
            let sp = rt.ctx().vm_sp.get();
            let fp = if in_stack(rt, window) { window } else { move_window(rt, window, argc) };
            let frame = Ref(fp);
            rt.init::<u64>(frame, FRAME_CALLER, u64::from(caller) | u64::from(sp) << 32);
            rt.init::<u64>(frame, FRAME_RETURN, u64::from(back) | u64::from(dst) << 32);
            rt.init(frame, FRAME_NEW_TARGET, new_target);
            rt.init::<u64>(frame, FRAME_ARGC, u64::from(argc) | u64::from(FRAME_CONSTRUCT) << 16);
            prepare(rt, fp, f, argc)?;
            Ok(None)
        }
        Kind::Native => {
            rt.init(Ref(window), FRAME_CALLEE, callee);
            rt.init(Ref(window), FRAME_THIS, Value::TDZ);
            call_native(rt, window, f, argc, new_target).map(Some)
        }
        _ => {
            let array = window_array(rt, window, argc);
            rt.call_with_array(callee, Value::TDZ, new_target, array).map(Some)
        }
    }
}

/// `new f(...array)`
pub fn construct_spread(rt: &mut Rt, callee: Value, new_target: Value, array: Ref) -> JsResult {
    if !rt.is_object_with(callee, OBJ_CONSTRUCTOR) {
        let what = describe_call(rt, callee);
        return Err(rt.throw_type(&format!("{what} is not a constructor")));
    }
    rt.call_with_array(callee, Value::TDZ, new_target, array)
}

/// Returns `v` from a plain frame to the JavaScript frame that called it.
#[inline(always)]
pub fn pop(rt: &Rt, fp: u32, v: Value) {
    let linkage: u64 = rt.load(Ref(fp), FRAME_CALLER);
    let back: u64 = rt.load(Ref(fp), FRAME_RETURN);
    let caller = linkage as u32;
    let ctx = rt.ctx();
    ctx.fp.set(caller);
    ctx.vm_sp.set((linkage >> 32) as u32);
    ctx.pc.set(back as u32);
    rt.init(Ref(caller + 8 * (back >> 32) as u32), 0, v);
}

/// Delivers `v` to whoever waits for this frame: the calling frame's register, or native code.
pub fn deliver(rt: &Rt, fp: u32, v: Value) -> Flow {
    let flags: u16 = rt.load(Ref(fp), FRAME_FLAGS);
    if flags & FRAME_BOUNDARY != 0 {
        let linkage: u64 = rt.load(Ref(fp), FRAME_CALLER);
        rt.ctx().fp.set(linkage as u32);
        return Flow::Leave(v);
    }
    pop(rt, fp, v);
    Flow::Reload
}

/// Returns from a frame with flags: boundaries, constructors, generators, async functions.
#[inline(never)]
pub fn return_special(rt: &mut Rt, fp: u32, v: Value) -> JsResult<Flow> {
    let flags: u16 = rt.load(Ref(fp), FRAME_FLAGS);
    if flags & FRAME_HEAP != 0 {
        return super::generator::finish(rt, fp, v);
    }
    let v = if flags & FRAME_CONSTRUCT != 0 && !v.is_object() { rt.load(Ref(fp), FRAME_THIS) } else { v };
    Ok(deliver(rt, fp, v))
}

/// Finds the handler of the pending exception, popping frames; Err when the boundary frame has none.
#[cold]
#[inline(never)]
pub fn unwind(rt: &mut Rt) -> JsResult<Flow> {
    loop {
        let fp = rt.ctx().fp.get();
        let template: Ref = rt.load::<Value>(Ref(fp), FRAME_TEMPLATE).as_ref();
        if !rt.is_terminating()
            && let Some((target, register)) = find_handler(rt, template)
        {
            let v = rt.take_exception();
            rt.init(Ref(fp + 8 * u32::from(register)), 0, v);
            rt.ctx().pc.set(target);
            let flags: u16 = rt.load(Ref(fp), FRAME_FLAGS);
            if flags & FRAME_HEAP == 0 {
                let registers = u32::from(rt.load::<u16>(template, TPL_REGISTERS));
                rt.ctx().vm_sp.set(fp + 8 * registers);
            }
            return Ok(Flow::Reload);
        }
        let flags: u16 = rt.load(Ref(fp), FRAME_FLAGS);
        if flags & FRAME_HEAP != 0
            && let Some(flow) = super::generator::throw_out(rt, fp)?
        {
            return Ok(flow);
        }
        let linkage: u64 = rt.load(Ref(fp), FRAME_CALLER);
        let back: u64 = rt.load(Ref(fp), FRAME_RETURN);
        let ctx = rt.ctx();
        ctx.fp.set(linkage as u32);
        ctx.vm_sp.set((linkage >> 32) as u32);
        // The call instruction, whose handlers apply, ends where execution would have gone on.
        ctx.pc.set((back as u32).saturating_sub(1));
        if flags & FRAME_BOUNDARY != 0 {
            return Err(Thrown);
        }
    }
}

fn find_handler(rt: &Rt, template: Ref) -> Option<(u32, u16)> {
    let function: u32 = rt.load(template, TPL_FUNCTION);
    let module = rt.host().module.borrow();
    let function = module.functions.get(function as usize)?;
    let offset = rt.ctx().pc.get().checked_sub(function.code_start)?;
    let handler = function.handlers.iter().find(|h| h.start <= offset && offset < h.end)?;
    Some((function.code_start + handler.target, handler.register))
}

/// The unmapped arguments object of a frame that keeps its arguments (10.4.4.6).
pub fn create_arguments(rt: &mut Rt, fp: u32) -> JsResult {
    use crate::object::Key;
    use crate::shape::attr;
    let all: Ref = rt.load(Ref(fp), FRAME_ALL_ARGS);
    let obj = rt.new_of_kind(Kind::Arguments, Intrinsic::ObjectPrototype);
    let n = rt.array_len(all);
    for i in 0..n {
        rt.put_element(obj, i, rt.word(rt.elements(all), i));
    }
    rt.add_property(obj, crate::string::atoms::length, Value::uint(n), attr::METHODS);
    let values = Value::object(rt.intrinsic(Intrinsic::ArrayProtoValues));
    let symbol = rt.symbol(crate::realm::WellKnown::Iterator);
    rt.add_property(obj, symbol, values, attr::METHODS);
    if super::is_strict(rt) {
        let thrower = Value::object(rt.intrinsic(Intrinsic::ThrowTypeError));
        let pair = rt.new_accessor(thrower, thrower);
        rt.write_own(obj, Key::Name(crate::string::atoms::callee), pair, attr::ACCESSOR);
    } else {
        let callee: Value = rt.load(Ref(fp), FRAME_CALLEE);
        rt.add_property(obj, crate::string::atoms::callee, callee, attr::METHODS);
    }
    Ok(Value::object(obj))
}

/// Array of the arguments from index `n`.
pub fn create_rest(rt: &Rt, fp: u32, n: u16) -> Value {
    let all: Ref = rt.load(Ref(fp), FRAME_ALL_ARGS);
    let len = rt.array_len(all);
    let rest = rt.new_array_with_capacity(len.saturating_sub(u32::from(n)));
    for i in u32::from(n)..len {
        rt.array_push(rest, rt.word(rt.elements(all), i));
    }
    Value::object(rest)
}

impl Rt {
    /// Whether a value is an object with these flag bits.
    #[inline]
    pub fn is_object_with(&self, v: Value, flags: u8) -> bool {
        v.is_object() && self.cell_flags(v.as_ref()) & flags == flags
    }
}
