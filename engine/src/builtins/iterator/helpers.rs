//! Iterator helper objects (27.1.2.1): what map, filter, take, drop and flatMap return.
//!
//! The specification makes them generators; here each is a small state machine. Internal words: class, underlying
//! iterator, its `next`, operand, kind and state, count. The operand is the callback, or for flatMap a Words cell with
//! callback, inner iterator (undefined between two) and its `next`; the count is the index passed to the callback, or
//! what is left of the limit.
use super::wrap::get_iterator_flattenable;
use super::{this_iterator, this_with_callback};
use crate::builtins::iterate::{
    IteratorClass, close, close_with, get_iterator_direct, is_iterator, new_iterator, step,
};
use crate::builtins::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::realm::Intrinsic;
use crate::runtime::{Rt, Slot};
use crate::value::{JsResult, Ref, Value};

/// %IteratorHelperPrototype%
pub(super) const HELPER_PROTOTYPE: ClassSpec = ClassSpec::prototype(
    Intrinsic::IteratorHelperPrototype,
    Intrinsic::IteratorPrototype,
    &[Row::method("next", 0, next), Row::method("return", 0, return_), Row::tag("Iterator Helper")],
);

const ITERATOR: u32 = 1;
const NEXT: u32 = 2;
const OPERAND: u32 = 3;
const STATE: u32 = 4;
const COUNT: u32 = 5;

const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// What a helper does with the values of its underlying iterator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Map,
    Filter,
    Take,
    Drop,
    FlatMap,
}

const STEPS: [Step; 5] = [Step::Map, Step::Filter, Step::Take, Step::Drop, Step::FlatMap];

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Yielded,
    Executing,
    Completed,
}

const STATES: [State; 4] = [State::Start, State::Yielded, State::Executing, State::Completed];

fn create(rt: &Rt, kind: Step, (iterator, next): (Value, Value), operand: Value, count: Value) -> Value {
    let helper = new_iterator(rt, IteratorClass::Helper, Intrinsic::IteratorHelperPrototype);
    rt.set_internal(helper, ITERATOR, iterator);
    rt.set_internal(helper, NEXT, next);
    rt.set_internal(helper, OPERAND, operand);
    rt.set_internal(helper, COUNT, count);
    set_state(rt, helper, kind, State::Start);
    Value::object(helper)
}

fn set_state(rt: &Rt, helper: Ref, kind: Step, state: State) {
    rt.set_internal(helper, STATE, Value::int((kind as i32) << 2 | state as i32));
}

/// 27.1.4.9 Iterator.prototype.map ( mapper )
pub(super) fn map(rt: &mut Rt, args: Args) -> JsResult {
    let record = this_with_callback(rt, args, "map")?;
    Ok(create(rt, Step::Map, record, args.get(rt, 0), Value::int(0)))
}

/// 27.1.4.5 Iterator.prototype.filter ( predicate )
pub(super) fn filter(rt: &mut Rt, args: Args) -> JsResult {
    let record = this_with_callback(rt, args, "filter")?;
    Ok(create(rt, Step::Filter, record, args.get(rt, 0), Value::int(0)))
}

/// 27.1.4.7 Iterator.prototype.flatMap ( mapper )
pub(super) fn flat_map(rt: &mut Rt, args: Args) -> JsResult {
    let record = this_with_callback(rt, args, "flatMap")?;
    let operand = rt.alloc_words_filled(Kind::Words, 3, Value::UNDEFINED);
    rt.init_word(operand, 0, args.get(rt, 0));
    Ok(create(rt, Step::FlatMap, record, Value::internal(operand), Value::int(0)))
}

/// 27.1.4.12 Iterator.prototype.take ( limit )
pub(super) fn take(rt: &mut Rt, args: Args) -> JsResult {
    limited(rt, args, Step::Take, "take")
}

/// 27.1.4.3 Iterator.prototype.drop ( limit )
pub(super) fn drop(rt: &mut Rt, args: Args) -> JsResult {
    limited(rt, args, Step::Drop, "drop")
}

fn limited(rt: &mut Rt, args: Args, kind: Step, name: &str) -> JsResult {
    this_iterator(rt, args, name)?;
    let limit = match rt.to_number(args.get(rt, 0)) {
        Ok(limit) => limit,
        Err(thrown) => return close_with(rt, args.this(rt), thrown),
    };
    // −0.5 is 0 as an integer.
    if limit.is_nan() || limit.trunc() < 0.0 || (limit > MAX_SAFE_INTEGER && limit.is_finite()) {
        let what = crate::string::format_number(limit);
        let thrown = rt.throw_range(&format!("{what} is no valid limit"));
        return close_with(rt, args.this(rt), thrown);
    }
    let record = get_iterator_direct(rt, args.this(rt))?;
    Ok(create(rt, kind, record, Value::UNDEFINED, Value::number(limit.trunc())))
}

/// The receiver with what it does and its state; TypeError for another object, and for a helper that is running.
fn this_helper(rt: &mut Rt, args: Args) -> JsResult<(Slot, Step, State)> {
    let this = args.this(rt);
    if !is_iterator(rt, this, IteratorClass::Helper) {
        return Err(rt.throw_type("Iterator helper method called on incompatible receiver"));
    }
    let word = rt.internal(this.as_ref(), STATE).as_int();
    let (kind, state) = (STEPS[(word >> 2) as usize], STATES[(word & 3) as usize]);
    if state == State::Executing {
        return Err(rt.throw_type("Generator is already running"));
    }
    Ok((rt.root(this), kind, state))
}

/// 27.1.2.1.1 %IteratorHelperPrototype%.next ( )
fn next(rt: &mut Rt, args: Args) -> JsResult {
    let (helper, kind, state) = this_helper(rt, args)?;
    if state == State::Completed {
        return Ok(rt.new_iter_result(Value::UNDEFINED, true));
    }
    set_state(rt, helper.obj(rt), kind, State::Executing);
    let result = Helper(helper).advance(rt, kind);
    let after = if matches!(result, Ok(Some(_))) { State::Yielded } else { State::Completed };
    set_state(rt, helper.obj(rt), kind, after);
    Ok(match result? {
        Some(v) => rt.new_iter_result(v, false),
        None => rt.new_iter_result(Value::UNDEFINED, true),
    })
}

/// 27.1.2.1.2 %IteratorHelperPrototype%.return ( )
fn return_(rt: &mut Rt, args: Args) -> JsResult {
    let (slot, kind, state) = this_helper(rt, args)?;
    let helper = Helper(slot);
    let closed = match state {
        State::Completed => Ok(()),
        State::Start => {
            set_state(rt, slot.obj(rt), kind, State::Completed);
            close(rt, helper.word(rt, ITERATOR))
        }
        _ => {
            set_state(rt, slot.obj(rt), kind, State::Executing);
            let closed = helper.close_both(rt, kind);
            set_state(rt, slot.obj(rt), kind, State::Completed);
            closed
        }
    };
    closed?;
    Ok(rt.new_iter_result(Value::UNDEFINED, true))
}

/// A helper in a scratch slot.
#[derive(Clone, Copy)]
struct Helper(Slot);

impl Helper {
    fn word(self, rt: &Rt, i: u32) -> Value {
        rt.internal(self.0.obj(rt), i)
    }

    /// The next value to yield.
    fn advance(self, rt: &mut Rt, kind: Step) -> JsResult<Option<Value>> {
        match kind {
            Step::Map => match self.step(rt)? {
                Some(v) => self.callback(rt, self.word(rt, OPERAND), v).map(Some),
                None => Ok(None),
            },
            Step::Filter => self.advance_filter(rt),
            Step::Take => {
                let left = self.word(rt, COUNT).as_number();
                if left == 0.0 {
                    close(rt, self.word(rt, ITERATOR))?;
                    return Ok(None);
                }
                rt.set_internal(self.0.obj(rt), COUNT, Value::number(left - 1.0));
                self.step(rt)
            }
            Step::Drop => {
                loop {
                    let left = self.word(rt, COUNT).as_number();
                    if left == 0.0 {
                        break;
                    }
                    rt.set_internal(self.0.obj(rt), COUNT, Value::number(left - 1.0));
                    if self.step(rt)?.is_none() {
                        return Ok(None);
                    }
                    rt.poll()?;
                }
                self.step(rt)
            }
            Step::FlatMap => self.advance_flat_map(rt),
        }
    }

    fn advance_filter(self, rt: &mut Rt) -> JsResult<Option<Value>> {
        let keep = rt.root(Value::UNDEFINED);
        while let Some(v) = self.step(rt)? {
            keep.set(rt, v);
            let answer = self.callback(rt, self.word(rt, OPERAND), v)?;
            if rt.to_boolean(answer) {
                return Ok(Some(keep.get(rt)));
            }
            rt.poll()?;
        }
        Ok(None)
    }

    fn advance_flat_map(self, rt: &mut Rt) -> JsResult<Option<Value>> {
        loop {
            let operand = self.word(rt, OPERAND).as_ref();
            let (inner, inner_next) = (rt.word(operand, 1), rt.word(operand, 2));
            if inner.is_undefined() {
                let Some(v) = self.step(rt)? else { return Ok(None) };
                let mapped = self.callback(rt, rt.word(self.word(rt, OPERAND).as_ref(), 0), v)?;
                match get_iterator_flattenable(rt, mapped, false) {
                    Ok((inner, inner_next)) => self.set_inner(rt, inner, inner_next),
                    Err(thrown) => return close_with(rt, self.word(rt, ITERATOR), thrown),
                }
                continue;
            }
            match step(rt, inner, inner_next) {
                Ok(Some(v)) => return Ok(Some(v)),
                Ok(None) => self.set_inner(rt, Value::UNDEFINED, Value::UNDEFINED),
                Err(thrown) => return close_with(rt, self.word(rt, ITERATOR), thrown),
            }
            rt.poll()?;
        }
    }

    fn set_inner(self, rt: &Rt, inner: Value, inner_next: Value) {
        let operand = self.word(rt, OPERAND).as_ref();
        rt.put_word(operand, 1, inner);
        rt.put_word(operand, 2, inner_next);
    }

    fn step(self, rt: &mut Rt) -> JsResult<Option<Value>> {
        step(rt, self.word(rt, ITERATOR), self.word(rt, NEXT))
    }

    /// Calls the callback with a value and its index; closes the underlying iterator if it throws.
    fn callback(self, rt: &mut Rt, f: Value, v: Value) -> JsResult {
        let k = self.word(rt, COUNT);
        match rt.call(f, Value::UNDEFINED, &[v, k]) {
            Ok(v) => {
                rt.set_internal(self.0.obj(rt), COUNT, Value::number(k.as_number() + 1.0));
                Ok(v)
            }
            Err(thrown) => close_with(rt, self.word(rt, ITERATOR), thrown),
        }
    }

    /// Closes the inner iterator of a flatMap, if there is one, then the underlying one.
    fn close_both(self, rt: &mut Rt, kind: Step) -> JsResult<()> {
        if kind == Step::FlatMap {
            let inner = rt.word(self.word(rt, OPERAND).as_ref(), 1);
            if !inner.is_undefined()
                && let Err(thrown) = close(rt, inner)
            {
                return close_with(rt, self.word(rt, ITERATOR), thrown);
            }
        }
        close(rt, self.word(rt, ITERATOR))
    }
}
