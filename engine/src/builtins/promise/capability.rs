//! Resolving functions (27.2.1.3) and capabilities (27.2.1.1).
//!
//! A capability of %Promise% is the promise itself: its resolving functions are made only when a script needs to see them.
//! One of another class is a Words cell (promise, resolve, reject), as an internal reference.
use super::*;
use crate::call::Args;

/// Words of a capability cell.
const CAP_WORDS: u32 = 3;
const CAP_PROMISE: u32 = 0;
const CAP_RESOLVE: u32 = 1;
const CAP_REJECT: u32 = 2;

/// Native ids next to that of %Promise%, as its table lists them: looked up by place, since closures of these functions
/// are made all the time.
const RESOLVE_FUNCTION: u32 = 1;
const REJECT_FUNCTION: u32 = 2;
const SPECIES_GETTER: u32 = 3;
const STATIC_RESOLVE: u32 = 4;

fn id_of(rt: &Rt, place: u32) -> u32 {
    rt.load::<u32>(rt.intrinsic(Intrinsic::Promise), FUNC_TEMPLATE) + place
}

fn is_native(rt: &Rt, f: Value, place: u32) -> bool {
    rt.is_kind(f, Kind::Native) && rt.load::<u32>(f.as_ref(), FUNC_TEMPLATE) == id_of(rt, place)
}

/// Whether %Promise%[@@species] is as booted.
pub fn species_is_pristine(rt: &Rt) -> bool {
    let class = rt.intrinsic(Intrinsic::Promise);
    let Some(found) = rt.shape_find(rt.shape_of(class), rt.symbol(WellKnown::Species)) else { return false };
    let pair = rt.slot(class, found.slot());
    pair.tag() == TAG_INTERNAL && is_native(rt, rt.load(pair.as_ref(), 8), SPECIES_GETTER)
}

/// Whether `f` is the booted Promise.resolve.
pub fn is_static_resolve(rt: &Rt, f: Value) -> bool {
    is_native(rt, f, STATIC_RESOLVE)
}

/// 27.2.1.3 CreateResolvingFunctions ( promise )
pub fn resolving_functions(rt: &Rt, promise: Ref) -> (Value, Value) {
    let pair = Value::int(bits(rt, promise) & !(PAIR_STEP - 1));
    let make = |place: u32| {
        let f = rt.new_native_by_id(id_of(rt, place), false);
        rt.init(f, FUNC_FIELDS, Value::object(promise));
        rt.init(f, FUNC_FIELDS + 8, pair);
        Value::object(f)
    };
    (make(RESOLVE_FUNCTION), make(REJECT_FUNCTION))
}

/// Whether resolving functions of number `pair` still work; they no longer do afterwards.
fn claim(rt: &Rt, promise: Ref, pair: i32) -> bool {
    let bits = bits(rt, promise);
    let live = bits & !(PAIR_STEP - 1) == pair;
    if live {
        set_bits(rt, promise, bits.wrapping_add(PAIR_STEP));
    }
    live
}

/// 27.2.1.3.2 Promise Resolve Functions
#[inline(never)]
pub fn resolve_function(rt: &mut Rt, args: Args) -> JsResult {
    let f = args.callee(rt);
    let promise = rt.captured(f, 0).as_ref();
    if claim(rt, promise, rt.captured(f, 1).as_int()) {
        resolve(rt, promise, args.get(rt, 0))?;
    }
    Ok(Value::UNDEFINED)
}

/// 27.2.1.3.1 Promise Reject Functions
#[inline(never)]
pub fn reject_function(rt: &mut Rt, args: Args) -> JsResult {
    let f = args.callee(rt);
    let promise = rt.captured(f, 0).as_ref();
    if claim(rt, promise, rt.captured(f, 1).as_int()) {
        reject(rt, promise, args.get(rt, 0));
    }
    Ok(Value::UNDEFINED)
}

/// 27.2.1.5 NewPromiseCapability ( C )
pub fn new_capability(rt: &mut Rt, class: Value) -> JsResult {
    if class == Value::object(rt.intrinsic(Intrinsic::Promise)) {
        return Ok(Value::object(new_promise(rt)));
    }
    if !rt.is_constructor(class) {
        return Err(rt.throw_type("Promise capability needs a constructor"));
    }
    rt.scoped(|rt| {
        let cell = Value::internal(rt.alloc_words_filled(Kind::Words, CAP_WORDS, Value::UNDEFINED));
        let keep = rt.root(cell);
        let executor = rt.new_native_closure(capability_executor, [cell, Value::UNDEFINED]);
        let promise = rt.construct(class, &[Value::object(executor)], class)?;
        let cell = keep.get(rt);
        for word in [CAP_RESOLVE, CAP_REJECT] {
            if !rt.is_callable(rt.word(cell.as_ref(), word)) {
                return Err(rt.throw_type("Promise resolve or reject function is not callable"));
            }
        }
        rt.put_word(cell.as_ref(), CAP_PROMISE, promise);
        Ok(cell)
    })
}

/// 27.2.1.5.1 GetCapabilitiesExecutor Functions
#[inline(never)]
pub fn capability_executor(rt: &mut Rt, args: Args) -> JsResult {
    let cell = rt.captured(args.callee(rt), 0).as_ref();
    for word in [CAP_RESOLVE, CAP_REJECT] {
        if !rt.word(cell, word).is_undefined() {
            return Err(rt.throw_type("Promise executor has already been invoked with non-undefined arguments"));
        }
    }
    rt.put_word(cell, CAP_RESOLVE, args.get(rt, 0));
    rt.put_word(cell, CAP_REJECT, args.get(rt, 1));
    Ok(Value::UNDEFINED)
}

/// The promise of a capability.
pub fn promise_of(rt: &Rt, cap: Value) -> Value {
    if cap.is_object() { cap } else { rt.word(cap.as_ref(), CAP_PROMISE) }
}

/// The resolve or reject function of a capability cell.
pub fn function(rt: &Rt, cell: Ref, rejects: bool) -> Value {
    rt.word(cell, if rejects { CAP_REJECT } else { CAP_RESOLVE })
}

/// Both functions of a capability; of a native one each call makes new ones, which share its only use.
pub fn functions(rt: &Rt, cap: Value) -> (Value, Value) {
    if cap.is_object() {
        return resolving_functions(rt, cap.as_ref());
    }
    (function(rt, cap.as_ref(), false), function(rt, cap.as_ref(), true))
}

/// Resolves or rejects a capability; only the first time counts.
pub fn settle_cap(rt: &mut Rt, cap: Value, v: Value, rejected: bool) -> JsResult<()> {
    if cap.is_object() && !claim(rt, cap.as_ref(), 0) {
        return Ok(());
    }
    settle_result(rt, cap, v, rejected)
}

/// 27.2.1.1.1 IfAbruptRejectPromise: the promise of `cap`, rejected if `result` is an error.
pub fn promise_or_reject(rt: &mut Rt, cap: Slot, result: JsResult<()>) -> JsResult {
    if let Err(thrown) = result {
        if rt.is_terminating() {
            return Err(thrown);
        }
        let reason = rt.take_exception();
        settle_cap(rt, cap.get(rt), reason, true)?;
    }
    Ok(promise_of(rt, cap.get(rt)))
}
