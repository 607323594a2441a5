//! Generators and async functions: frames in the heap, suspended and resumed without copying.
//!
//! A Generator, AsyncGenerator or AsyncFrame object has six internal words: state, promise (async function) or request
//! queue (async generator), resume pc, frame (a Words cell: the frame, then the object itself), destination registers of
//! the resume (value | mode << 16), and whether the value yielded last is a result object passed through by `yield*`.
use super::{Flow, frame, run};
use crate::builtins::promise;
use crate::builtins::spec::{ClassSpec, Row};
use crate::bytecode::module::FnFlags;
use crate::call::{Args, FRAME_BOUNDARY, FRAME_HEAP};
use crate::heap::layout::*;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Thrown, Value};

/// Natives that exist only as closures.
pub const CLASSES: &[&ClassSpec] =
    &[&ClassSpec::globals(&[Row::hidden(return_settled, 1), Row::hidden(return_failed, 1)])];

const STATE: u32 = 0;
const PROMISE: u32 = 1;
const QUEUE: u32 = 1;
const RESUME: u32 = 2;
/// Internal word of the frame cell.
pub const FRAME: u32 = 3;
const REGISTERS: u32 = 4;
const RAW: u32 = 5;

const START: i32 = 0;
const SUSPENDED: i32 = 1;
const RUNNING: i32 = 2;
const DONE: i32 = 3;

/// Resume with a value.
pub const NEXT: u32 = 0;
/// Resume by throwing.
pub const THROW: u32 = 1;
/// Resume by returning.
pub const RETURN: u32 = 2;

fn state(rt: &Rt, generator: Ref) -> i32 {
    rt.internal(generator, STATE).as_int()
}

fn set_state(rt: &Rt, generator: Ref, state: i32) {
    rt.set_internal(generator, STATE, Value::int(state));
}

fn registers_of(rt: &Rt, fp: u32) -> u32 {
    let template: Value = rt.load(Ref(fp), FRAME_TEMPLATE);
    u32::from(rt.load::<u16>(template.as_ref(), TPL_REGISTERS))
}

/// The object a heap frame belongs to.
fn owner(rt: &Rt, fp: u32) -> Ref {
    rt.load::<Value>(Ref(fp + 8 * registers_of(rt, fp)), 0).as_ref()
}

/// Copies a stack frame into a heap frame of `generator`.
fn make_frame(rt: &Rt, fp: u32, generator: Ref) -> Ref {
    let n = registers_of(rt, fp);
    let cell = rt.alloc_words(Kind::Words, n + 1);
    for i in 0..n {
        rt.init_word(cell, i, rt.load(Ref(fp + 8 * i), 0));
    }
    rt.init_word(cell, n, Value::object(generator));
    let flags: u16 = rt.load(cell, CELL_DATA + FRAME_FLAGS);
    rt.init::<u16>(cell, CELL_DATA + FRAME_FLAGS, flags | FRAME_HEAP);
    rt.set_internal(generator, FRAME, Value::internal(cell));
    cell
}

/// CreateGenerator: the frame moves into a new generator object, which the caller gets.
pub fn create(rt: &mut Rt, fp: u32, resume: u32) -> JsResult<Flow> {
    let callee: Value = rt.load(Ref(fp), FRAME_CALLEE);
    let template: Value = rt.load(Ref(fp), FRAME_TEMPLATE);
    let is_async = FnFlags(rt.load(template.as_ref(), TPL_FLAGS)).has(FnFlags::ASYNC);
    let (kind, default) = if is_async {
        (Kind::AsyncGenerator, Intrinsic::AsyncGeneratorPrototype)
    } else {
        (Kind::Generator, Intrinsic::GeneratorPrototype)
    };
    let proto = rt.proto_from_constructor(callee, default)?;
    let generator = rt.new_of_kind_with_proto(kind, proto);
    make_frame(rt, fp, generator);
    set_state(rt, generator, START);
    rt.set_internal(generator, RESUME, Value::uint(resume));
    rt.set_internal(generator, REGISTERS, Value::int(-1));
    rt.set_internal(generator, RAW, Value::FALSE);
    Ok(frame::deliver(rt, fp, Value::object(generator)))
}

/// AsyncEnter: the frame moves into an async frame object and goes on there.
pub fn async_enter(rt: &mut Rt, fp: u32, resume: u32) {
    let promise = promise::new_promise(rt);
    let object = rt.alloc_object(rt.root_shape(Ref::NULL, Kind::AsyncFrame, 0));
    set_state(rt, object, RUNNING);
    rt.set_internal(object, PROMISE, Value::object(promise));
    let cell = make_frame(rt, fp, object);
    let ctx = rt.ctx();
    ctx.fp.set(cell.0 + CELL_DATA);
    ctx.pc.set(resume);
    ctx.vm_sp.set(fp);
}

/// Return from a heap frame.
pub fn finish(rt: &mut Rt, fp: u32, v: Value) -> JsResult<Flow> {
    let object = owner(rt, fp);
    match rt.kind(object) {
        Kind::AsyncFrame => {
            set_state(rt, object, DONE);
            let promise = rt.internal(object, PROMISE);
            promise::resolve(rt, promise.as_ref(), v)?;
            Ok(frame::deliver(rt, fp, promise))
        }
        Kind::AsyncGenerator => {
            set_state(rt, object, DONE);
            let flow = frame::deliver(rt, fp, Value::UNDEFINED);
            settle_head(rt, object, v, true)?;
            drain(rt, object)?;
            Ok(flow)
        }
        _ => {
            set_state(rt, object, DONE);
            Ok(frame::deliver(rt, fp, v))
        }
    }
}

/// An exception leaves a heap frame: async functions turn it into a rejection (Some), generators pass it on (None).
pub fn throw_out(rt: &mut Rt, fp: u32) -> JsResult<Option<Flow>> {
    let object = owner(rt, fp);
    set_state(rt, object, DONE);
    if rt.is_terminating() {
        return Ok(None);
    }
    match rt.kind(object) {
        Kind::AsyncFrame => {
            let reason = rt.take_exception();
            let promise = rt.internal(object, PROMISE);
            promise::reject(rt, promise.as_ref(), reason);
            Ok(Some(frame::deliver(rt, fp, promise)))
        }
        Kind::AsyncGenerator => {
            let reason = rt.take_exception();
            let flow = frame::deliver(rt, fp, Value::UNDEFINED);
            fail_head(rt, object, reason);
            drain(rt, object)?;
            Ok(Some(flow))
        }
        _ => Ok(None),
    }
}

/// Yield and YieldStar.
pub fn yield_value(rt: &mut Rt, fp: u32, resume: u32, dst: u16, mode: u16, v: Value, raw: bool) -> JsResult<Flow> {
    let object = owner(rt, fp);
    rt.set_internal(object, RESUME, Value::uint(resume));
    rt.set_internal(object, REGISTERS, Value::int((u32::from(dst) | u32::from(mode) << 16) as i32));
    rt.set_internal(object, RAW, Value::bool(raw));
    set_state(rt, object, SUSPENDED);
    let flow = frame::deliver(rt, fp, v);
    if rt.kind(object) == Kind::AsyncGenerator {
        settle_head(rt, object, v, false)?;
        drain(rt, object)?;
        if let Flow::Leave(_) = flow {
            return Ok(Flow::Leave(Value::UNDEFINED));
        }
    }
    Ok(flow)
}

/// Await: suspends until the promise settles; whoever called or resumed the frame goes on.
pub fn await_value(rt: &mut Rt, fp: u32, resume: u32, dst: u16, v: Value) -> JsResult<Flow> {
    let object = owner(rt, fp);
    promise::await_value(rt, v, object)?;
    rt.set_internal(object, RESUME, Value::uint(resume));
    rt.set_internal(object, REGISTERS, Value::int(i32::from(dst)));
    let result = if rt.kind(object) == Kind::AsyncFrame { rt.internal(object, PROMISE) } else { Value::UNDEFINED };
    Ok(frame::deliver(rt, fp, result))
}

/// Makes a heap frame the running one, as called from native code. Its whole cell counts as written.
fn make_current(rt: &mut Rt, object: Ref) -> JsResult<u32> {
    rt.check_native_stack()?;
    let cell = rt.internal(object, FRAME).as_ref();
    rt.mark_range(cell.0, CELL_DATA + 8 * rt.len(cell));
    let fp = cell.0 + CELL_DATA;
    let ctx = rt.ctx();
    rt.init::<u64>(Ref(fp), FRAME_CALLER, u64::from(ctx.fp.get()) | u64::from(ctx.vm_sp.get()) << 32);
    rt.init::<u64>(Ref(fp), FRAME_RETURN, u64::from(ctx.pc.get() + 1));
    rt.init::<u16>(Ref(fp), FRAME_FLAGS, FRAME_BOUNDARY | FRAME_HEAP);
    ctx.fp.set(fp);
    ctx.pc.set(rt.internal(object, RESUME).as_number() as u32);
    Ok(fp)
}

/// Runs a heap frame made current, restoring the native caller's position.
fn run_current(rt: &mut Rt, thrown: Option<Value>) -> JsResult {
    let ctx = rt.ctx();
    let fp = ctx.fp.get();
    let linkage: u64 = rt.load(Ref(fp), FRAME_CALLER);
    let back: u64 = rt.load(Ref(fp), FRAME_RETURN);
    let result = match thrown {
        None => run(rt),
        Some(reason) => {
            rt.throw(reason);
            // The throw happens at the suspended instruction, whose last byte lies before the resume address.
            let ctx = rt.ctx();
            ctx.pc.set(ctx.pc.get() - 1);
            match frame::unwind(rt) {
                Ok(Flow::Reload) => run(rt),
                Ok(Flow::Leave(v)) => Ok(v),
                Err(Thrown) => Err(Thrown),
            }
        }
    };
    let ctx = rt.ctx();
    ctx.fp.set(linkage as u32);
    ctx.vm_sp.set((linkage >> 32) as u32);
    ctx.pc.set((back as u32).saturating_sub(1));
    result
}

/// Resumes an async function or generator whose awaited promise settled.
pub fn resume_async(rt: &mut Rt, object: Ref, value: Value, is_throw: bool) -> JsResult<()> {
    let fp = make_current(rt, object)?;
    if is_throw {
        return run_current(rt, Some(value)).map(drop);
    }
    let dst = rt.internal(object, REGISTERS).as_int() as u32 & 0xFFFF;
    rt.init(Ref(fp + 8 * dst), 0, value);
    run_current(rt, None).map(drop)
}

/// What a resumed generator came to.
enum Outcome {
    Yielded(Value),
    Raw(Value),
    Returned(Value),
}

fn resume(rt: &mut Rt, generator: Ref, mode: u32, v: Value) -> JsResult<Outcome> {
    match state(rt, generator) {
        RUNNING => return Err(rt.throw_type("Generator is already running")),
        DONE => return finished(rt, mode, v),
        START if mode != NEXT => {
            set_state(rt, generator, DONE);
            return finished(rt, mode, v);
        }
        _ => {}
    }
    rt.scoped(|rt| {
        let keep = rt.root(Value::object(generator));
        let v = run_generator(rt, generator, mode, v)?;
        let generator = keep.obj(rt);
        Ok(if state(rt, generator) == DONE {
            Outcome::Returned(v)
        } else if rt.internal(generator, RAW) == Value::TRUE {
            Outcome::Raw(v)
        } else {
            Outcome::Yielded(v)
        })
    })
}

/// Runs a suspended or fresh generator until it yields, returns or throws.
fn run_generator(rt: &mut Rt, generator: Ref, mode: u32, v: Value) -> JsResult {
    let fp = make_current(rt, generator)?;
    let registers = rt.internal(generator, REGISTERS).as_int();
    let raw = rt.internal(generator, RAW) == Value::TRUE;
    set_state(rt, generator, RUNNING);
    if mode == THROW && !raw {
        return run_current(rt, Some(v));
    }
    if registers != -1 {
        let (dst, mode_register) = (registers as u32 & 0xFFFF, registers as u32 >> 16);
        rt.init(Ref(fp + 8 * dst), 0, v);
        rt.init(Ref(fp + 8 * mode_register), 0, Value::int(mode as i32));
    }
    run_current(rt, None)
}

fn finished(rt: &mut Rt, mode: u32, v: Value) -> JsResult<Outcome> {
    match mode {
        THROW => Err(rt.throw(v)),
        RETURN => Ok(Outcome::Returned(v)),
        _ => Ok(Outcome::Returned(Value::UNDEFINED)),
    }
}

/// 27.5.3.3 and 27.5.3.4: next, throw, return of a generator object.
pub fn generator_resume(rt: &mut Rt, this: Value, mode: u32, v: Value) -> JsResult {
    if !rt.is_kind(this, Kind::Generator) {
        return Err(rt.throw_type("next method called on incompatible receiver"));
    }
    Ok(match resume(rt, this.as_ref(), mode, v)? {
        Outcome::Yielded(v) => rt.new_iter_result(v, false),
        Outcome::Returned(v) => rt.new_iter_result(v, true),
        Outcome::Raw(result) => result,
    })
}

/// The next value of a generator whose `next` nobody replaced, without a result object; None: ask `next` properly.
#[inline]
pub fn next_unboxed(rt: &mut Rt, iterator: Value, method: Value) -> Option<JsResult<Option<Value>>> {
    if !rt.is_kind(iterator, Kind::Generator) || !rt.is_kind(method, Kind::Native) {
        return None;
    }
    let id: u32 = rt.load(method.as_ref(), FUNC_TEMPLATE);
    if rt.host().natives.function(id) as usize != crate::builtins::generator::next as *const () as usize {
        return None;
    }
    Some(match resume(rt, iterator.as_ref(), NEXT, Value::UNDEFINED) {
        Ok(Outcome::Yielded(v)) => Ok(Some(v)),
        Ok(Outcome::Returned(_)) => Ok(None),
        Ok(Outcome::Raw(result)) => super::iter::unwrap(rt, result).map(|(v, done)| (!done).then_some(v)),
        Err(thrown) => Err(thrown),
    })
}

// ---- async generators (27.6.3)

/// Queues a request and returns its promise.
pub fn async_generator_enqueue(rt: &mut Rt, this: Value, mode: u32, v: Value) -> JsResult {
    let promise = promise::new_promise(rt);
    if !rt.is_kind(this, Kind::AsyncGenerator) {
        let error = rt.new_error(
            rt.intrinsic(Intrinsic::TypeErrorPrototype),
            Some("next method called on incompatible receiver"),
        );
        promise::reject(rt, promise, Value::object(error));
        return Ok(Value::object(promise));
    }
    let generator = this.as_ref();
    let mut queue = rt.internal(generator, QUEUE);
    if !queue.is_object() {
        queue = Value::object(rt.new_array_with_capacity(3));
        rt.set_internal(generator, QUEUE, queue);
    }
    rt.array_push(queue.as_ref(), Value::int(mode as i32));
    rt.array_push(queue.as_ref(), v);
    rt.array_push(queue.as_ref(), Value::object(promise));
    rt.scoped(|rt| {
        let keep = rt.root(Value::object(promise));
        if state(rt, generator) != RUNNING {
            drain(rt, generator)?;
        }
        Ok(keep.get(rt))
    })
}

/// Takes the first request: (mode, value, promise).
fn pop_request(rt: &Rt, generator: Ref) -> Option<(u32, Value, Ref)> {
    let request = head(rt, generator)?;
    let queue = rt.internal(generator, QUEUE).as_ref();
    let elements = rt.elements(queue);
    let n = rt.array_len(queue);
    for i in 3..n {
        rt.put_word(elements, i - 3, rt.word(elements, i));
    }
    rt.truncate_array(queue, n - 3);
    Some(request)
}

fn head(rt: &Rt, generator: Ref) -> Option<(u32, Value, Ref)> {
    let queue = rt.internal(generator, QUEUE);
    if !queue.is_object() || rt.array_len(queue.as_ref()) < 3 {
        return None;
    }
    let elements = rt.elements(queue.as_ref());
    Some((rt.word(elements, 0).as_int() as u32, rt.word(elements, 1), rt.word(elements, 2).as_ref()))
}

fn settle_head(rt: &mut Rt, generator: Ref, v: Value, done: bool) -> JsResult<()> {
    if let Some((_, _, promise)) = pop_request(rt, generator) {
        let result = rt.new_iter_result(v, done);
        promise::resolve(rt, promise, result)?;
    }
    Ok(())
}

fn fail_head(rt: &mut Rt, generator: Ref, reason: Value) {
    if let Some((_, _, promise)) = pop_request(rt, generator) {
        promise::reject(rt, promise, reason);
    }
}

/// Serves requests until the generator runs (awaits) or none is left.
fn drain(rt: &mut Rt, generator: Ref) -> JsResult<()> {
    rt.scoped(|rt| {
        let keep = rt.root(Value::object(generator));
        loop {
            let generator = keep.obj(rt);
            let Some((mode, v, _)) = head(rt, generator) else { return Ok(()) };
            match state(rt, generator) {
                RUNNING => return Ok(()),
                START if mode != NEXT => set_state(rt, generator, DONE),
                DONE => match mode {
                    NEXT => settle_head(rt, generator, Value::UNDEFINED, true)?,
                    THROW => fail_head(rt, generator, v),
                    _ => {
                        // AsyncGeneratorAwaitReturn
                        set_state(rt, generator, RUNNING);
                        match promise::promise_resolve(rt, v) {
                            Ok(promise) => {
                                let captured = [Value::object(keep.obj(rt)), Value::UNDEFINED];
                                let settled = Value::object(rt.new_native_closure(return_settled, captured));
                                let failed = Value::object(rt.new_native_closure(return_failed, captured));
                                promise::then(rt, promise, settled, failed, None);
                                return Ok(());
                            }
                            Err(Thrown) if !rt.is_terminating() => {
                                let reason = rt.take_exception();
                                let generator = keep.obj(rt);
                                set_state(rt, generator, DONE);
                                fail_head(rt, generator, reason);
                            }
                            Err(Thrown) => return Err(Thrown),
                        }
                    }
                },
                _ => {
                    run_generator(rt, generator, mode, v)?;
                    // Its own yields and returns have served the queue further.
                    return Ok(());
                }
            }
        }
    })
}

#[inline(never)]
fn return_settled(rt: &mut Rt, args: Args) -> JsResult {
    let generator = rt.captured(args.callee(rt), 0).as_ref();
    set_state(rt, generator, DONE);
    let v = args.get(rt, 0);
    settle_head(rt, generator, v, true)?;
    let generator = rt.captured(args.callee(rt), 0).as_ref();
    drain(rt, generator)?;
    Ok(Value::UNDEFINED)
}

#[inline(never)]
fn return_failed(rt: &mut Rt, args: Args) -> JsResult {
    let generator = rt.captured(args.callee(rt), 0).as_ref();
    set_state(rt, generator, DONE);
    let reason = args.get(rt, 0);
    fail_head(rt, generator, reason);
    drain(rt, generator)?;
    Ok(Value::UNDEFINED)
}
