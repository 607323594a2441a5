//! Promise.all, allSettled, any, race (27.2.4.1 to 27.2.4.3, 27.2.4.5).
//!
//! The four share one state, a Words cell: what they are, the array of results, how many are missing, the capability. An
//! element that is a native promise gets the element's number as its handlers and the state as its result, so that no
//! function is made for it; others get closures over the same two.
use super::capability::*;
use super::construct::{derives_native, invoke_then};
use super::*;
use crate::builtins::iterate;
use crate::call::Args;
use crate::shape::attr;

const WORDS: u32 = 4;
const FLAVOR: u32 = 0;
const VALUES: u32 = 1;
const REMAINING: u32 = 2;
const CAPABILITY: u32 = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
enum Flavor {
    All,
    AllSettled,
    Any,
    Race,
}

const FLAVORS: [Flavor; 4] = [Flavor::All, Flavor::AllSettled, Flavor::Any, Flavor::Race];

/// 27.2.4.1 Promise.all ( iterable )
pub fn all(rt: &mut Rt, args: Args) -> JsResult {
    combine(rt, args, Flavor::All)
}

/// 27.2.4.2 Promise.allSettled ( iterable )
pub fn all_settled(rt: &mut Rt, args: Args) -> JsResult {
    combine(rt, args, Flavor::AllSettled)
}

/// 27.2.4.3 Promise.any ( iterable )
pub fn any(rt: &mut Rt, args: Args) -> JsResult {
    combine(rt, args, Flavor::Any)
}

/// 27.2.4.5 Promise.race ( iterable )
pub fn race(rt: &mut Rt, args: Args) -> JsResult {
    combine(rt, args, Flavor::Race)
}

fn combine(rt: &mut Rt, args: Args, flavor: Flavor) -> JsResult {
    let class = args.this(rt);
    let cap = new_capability(rt, class)?;
    let cap = rt.root(cap);
    let result = add_elements(rt, args, flavor, cap);
    promise_or_reject(rt, cap, result)
}

fn add_elements(rt: &mut Rt, args: Args, flavor: Flavor, cap: Slot) -> JsResult<()> {
    let class = args.this(rt);
    let resolve = rt.get_name(class, atoms::resolve)?;
    if !rt.is_callable(resolve) {
        return Err(rt.throw_type("Promise resolve or reject function is not callable"));
    }
    let native = args.this(rt) == Value::object(rt.intrinsic(Intrinsic::Promise)) && is_static_resolve(rt, resolve);
    let resolve = rt.root(resolve);
    let values = rt.new_array_with_capacity(0);
    let state = rt.alloc_words(Kind::Words, WORDS);
    rt.init_word(state, FLAVOR, Value::int(flavor as i32));
    rt.init_word(state, VALUES, Value::object(values));
    // One more than there are elements until all have been added.
    rt.init_word(state, REMAINING, Value::int(1));
    rt.init_word(state, CAPABILITY, cap.get(rt));
    let state = rt.root(Value::internal(state));
    let (on_resolve, on_reject) = (rt.root(Value::UNDEFINED), rt.root(Value::UNDEFINED));
    let mut index = 0;
    iterate::for_each(rt, args.get(rt, 0), &mut |rt, v| {
        let next = if native {
            Value::object(promise_resolve(rt, v)?)
        } else {
            let class = args.this(rt);
            rt.call(resolve.get(rt), class, &[v])?
        };
        add_one(rt, state.get(rt).as_ref());
        if derives_native(rt, next) && then_is_pristine(rt) {
            react(rt, next.as_ref(), (Value::int(index), Value::int(index)), state.get(rt));
        } else {
            if on_resolve.get(rt).is_undefined() {
                let (f, g) = functions(rt, cap.get(rt));
                on_resolve.set(rt, f);
                on_reject.set(rt, g);
            }
            let captured = [state.get(rt), Value::int(index)];
            let fulfilled = match flavor {
                Flavor::Any | Flavor::Race => on_resolve.get(rt),
                _ => Value::object(rt.new_native_closure(element_fulfilled, captured)),
            };
            let rejected = match flavor {
                Flavor::All | Flavor::Race => on_reject.get(rt),
                _ => Value::object(rt.new_native_closure(element_rejected, captured)),
            };
            invoke_then(rt, next, fulfilled, rejected)?;
        }
        index += 1;
        Ok(true)
    })?;
    one_less(rt, state.get(rt).as_ref())
}

fn add_one(rt: &Rt, state: Ref) {
    rt.array_push(rt.word(state, VALUES).as_ref(), Value::HOLE);
    rt.put_word(state, REMAINING, Value::int(rt.word(state, REMAINING).as_int() + 1));
}

/// 27.2.4.1.3 Promise.all Resolve Element Functions, 27.2.4.2.2 Promise.allSettled Resolve Element Functions
#[inline(never)]
pub fn element_fulfilled(rt: &mut Rt, args: Args) -> JsResult {
    element_function(rt, args, false)
}

/// 27.2.4.2.3 Promise.allSettled Reject Element Functions, 27.2.4.3.2 Promise.any Reject Element Functions
#[inline(never)]
pub fn element_rejected(rt: &mut Rt, args: Args) -> JsResult {
    element_function(rt, args, true)
}

fn element_function(rt: &mut Rt, args: Args, rejected: bool) -> JsResult {
    let f = args.callee(rt);
    let (state, index) = (rt.captured(f, 0).as_ref(), rt.captured(f, 1).as_int() as u32);
    element_settled(rt, state, index, args.get(rt, 0), rejected)?;
    Ok(Value::UNDEFINED)
}

/// Takes the outcome of element `index`; a second one is ignored.
pub fn element_settled(rt: &mut Rt, state: Ref, index: u32, v: Value, rejected: bool) -> JsResult<()> {
    let flavor = FLAVORS[rt.word(state, FLAVOR).as_int() as usize];
    let decides = match flavor {
        Flavor::All => rejected,
        Flavor::AllSettled => false,
        Flavor::Any => !rejected,
        Flavor::Race => true,
    };
    if decides {
        return settle_cap(rt, rt.word(state, CAPABILITY), v, rejected);
    }
    // Nothing missing: the array belongs to the script, which may have made holes again.
    if rt.word(state, REMAINING) == Value::int(0) {
        return Ok(());
    }
    let elements = rt.elements(rt.word(state, VALUES).as_ref());
    if !rt.word(elements, index).is_hole() {
        return Ok(());
    }
    let v = if flavor == Flavor::AllSettled { outcome(rt, v, rejected) } else { v };
    rt.put_word(elements, index, v);
    one_less(rt, state)
}

/// `{ status, value }` or `{ status, reason }`
fn outcome(rt: &Rt, v: Value, rejected: bool) -> Value {
    let obj = rt.new_object();
    let (status, name) = if rejected { (atoms::rejected, atoms::reason) } else { (atoms::fulfilled, atoms::value) };
    rt.add_property(obj, atoms::status, Value::string(status), attr::ALL);
    rt.add_property(obj, name, v, attr::ALL);
    Value::object(obj)
}

fn one_less(rt: &mut Rt, state: Ref) -> JsResult<()> {
    let remaining = rt.word(state, REMAINING).as_int() - 1;
    rt.put_word(state, REMAINING, Value::int(remaining));
    if remaining != 0 {
        return Ok(());
    }
    let (cap, values) = (rt.word(state, CAPABILITY), rt.word(state, VALUES));
    match FLAVORS[rt.word(state, FLAVOR).as_int() as usize] {
        Flavor::Any => {
            let proto = rt.intrinsic(Intrinsic::AggregateErrorPrototype);
            let error = rt.new_error(proto, Some("All promises were rejected"));
            rt.add_property(error, atoms::errors, values, attr::METHODS);
            settle_cap(rt, cap, Value::object(error), true)
        }
        Flavor::Race => Ok(()),
        _ => settle_cap(rt, cap, values, false),
    }
}
