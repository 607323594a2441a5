//! `Event` and `EventTarget` (DOM standard 2): no tree, so no capture and no bubbling.
//!
//! Fields of a target: 0 = flat Array of type, callback, once. Of an event: 0 = type, 1 = target, 2 = flags.
use crate::names::{self, Name};
use crate::object::{self, Class, field, set_field};
use lockgate_engine::builtins::spec::{ClassSpec, Row};
use lockgate_engine::call::Args;
use lockgate_engine::heap::layout::{ARRAY_LENGTH, Kind};
use lockgate_engine::realm::Intrinsic;
use lockgate_engine::runtime::Rt;
use lockgate_engine::value::{JsResult, Ref, Value};

/// `EventTarget`
pub const TARGET: ClassSpec = ClassSpec::class(
    "EventTarget",
    construct_target,
    0,
    Intrinsic::Host20,
    Intrinsic::Host21,
    &[],
    &[
        Row::method("addEventListener", 2, add_listener).enumerable(),
        Row::method("removeEventListener", 2, remove_listener).enumerable(),
        Row::method("dispatchEvent", 1, dispatch_method).enumerable(),
        Row::tag("EventTarget"),
    ],
);

/// `Event`
pub const EVENT: ClassSpec = ClassSpec::class(
    "Event",
    construct_event,
    1,
    Intrinsic::Host18,
    Intrinsic::Host19,
    &[],
    &[
        Row::getter("type", event_type).enumerable(),
        Row::getter("target", event_target).enumerable(),
        Row::getter("currentTarget", event_target).enumerable(),
        Row::getter("cancelable", cancelable).enumerable(),
        Row::getter("defaultPrevented", default_prevented).enumerable(),
        Row::method("preventDefault", 0, prevent_default).enumerable(),
        Row::method("stopImmediatePropagation", 0, stop).enumerable(),
        Row::method("stopPropagation", 0, stop).enumerable(),
        Row::tag("Event"),
    ],
);

const CANCELABLE: i32 = 1;
const PREVENTED: i32 = 2;
const STOPPED: i32 = 4;
/// Words of a listener.
const LISTENER: u32 = 3;

fn target_of(rt: &mut Rt, args: Args) -> JsResult<Ref> {
    let this = args.this(rt);
    if object::is_class(rt, this, Class::AbortSignal) || object::is_class(rt, this, Class::EventTarget) {
        return Ok(this.as_ref());
    }
    Err(rt.throw_type("Illegal invocation: this is not an EventTarget"))
}

/// `new EventTarget()`
fn construct_target(rt: &mut Rt, args: Args) -> JsResult {
    object::construct(rt, args, Class::EventTarget, Intrinsic::Host21).map(Value::object)
}

/// `new Event(type, init)`
fn construct_event(rt: &mut Rt, args: Args) -> JsResult {
    let event = object::construct(rt, args, Class::Event, Intrinsic::Host19)?;
    set_field(rt, event, 1, Value::NULL);
    set_field(rt, event, 2, Value::int(0));
    let keep = rt.root(Value::object(event));
    let v = args.get(rt, 0);
    let name = rt.to_str(v)?;
    set_field(rt, keep.obj(rt), 0, Value::string(name));
    let init = args.get(rt, 1);
    if init.is_object() {
        let v = rt.get_name(init, names::atom(rt, Name::Cancelable))?;
        if rt.to_boolean(v) {
            set_field(rt, keep.obj(rt), 2, Value::int(CANCELABLE));
        }
    }
    Ok(keep.get(rt))
}

/// `addEventListener(type, callback, options)`
fn add_listener(rt: &mut Rt, args: Args) -> JsResult {
    target_of(rt, args)?;
    let v = args.get(rt, 0);
    let name = rt.to_str(v)?;
    let name = rt.root(Value::string(rt.intern(name)));
    if args.get(rt, 1).is_nullish() {
        return Ok(Value::UNDEFINED);
    }
    let mut once = Value::FALSE;
    let options = args.get(rt, 2);
    if options.is_object() {
        let v = rt.get_name(options, names::atom(rt, Name::Once))?;
        once = Value::bool(rt.to_boolean(v));
    }
    let target = target_of(rt, args)?;
    let list = match field(rt, target, 0).to_obj() {
        Some(list) => list,
        None => {
            let list = rt.new_array_with_capacity(2 * LISTENER);
            set_field(rt, target, 0, Value::object(list));
            list
        }
    };
    if find(rt, list, name.get(rt), args.get(rt, 1)).is_none() {
        for v in [name.get(rt), args.get(rt, 1), once] {
            rt.array_push(list, v);
        }
    }
    Ok(Value::UNDEFINED)
}

fn find(rt: &Rt, list: Ref, name: Value, callback: Value) -> Option<u32> {
    let elements = rt.elements(list);
    (0..rt.array_len(list) / LISTENER)
        .map(|i| LISTENER * i)
        .find(|&at| rt.word(elements, at) == name && rt.word(elements, at + 1) == callback)
}

fn remove(rt: &Rt, list: Ref, at: u32) {
    let (elements, len) = (rt.elements(list), rt.array_len(list));
    for i in at..len - LISTENER {
        rt.put_word(elements, i, rt.word(elements, i + LISTENER));
    }
    for i in len - LISTENER..len {
        rt.put_word(elements, i, Value::HOLE);
    }
    rt.put::<u32>(list, ARRAY_LENGTH, len - LISTENER);
}

/// `removeEventListener(type, callback)`
fn remove_listener(rt: &mut Rt, args: Args) -> JsResult {
    target_of(rt, args)?;
    let v = args.get(rt, 0);
    let name = rt.to_str(v)?;
    let name = rt.intern(name);
    let target = target_of(rt, args)?;
    if let Some(list) = field(rt, target, 0).to_obj()
        && let Some(at) = find(rt, list, Value::string(name), args.get(rt, 1))
    {
        remove(rt, list, at);
    }
    Ok(Value::UNDEFINED)
}

/// `dispatchEvent(event)`
fn dispatch_method(rt: &mut Rt, args: Args) -> JsResult {
    let target = target_of(rt, args)?;
    let event = args.get(rt, 0);
    if !object::is_class(rt, event, Class::Event) {
        return Err(rt.throw_type("dispatchEvent needs an Event"));
    }
    dispatch(rt, target, event.as_ref())
}

/// Fires a fresh event of this type.
pub fn fire(rt: &mut Rt, target: Ref, name: &str) -> JsResult {
    let event = object::new_host(rt, Class::Event, rt.intrinsic(Intrinsic::Host19));
    set_field(rt, event, 0, Value::string(rt.intern_str(name)));
    set_field(rt, event, 1, Value::NULL);
    set_field(rt, event, 2, Value::int(0));
    dispatch(rt, target, event)
}

/// DOM 2.9 dispatch: listeners in order; what they throw goes to the console.
fn dispatch(rt: &mut Rt, target: Ref, event: Ref) -> JsResult {
    rt.scoped(|rt| {
        let (target, event) = (rt.root(Value::object(target)), rt.root(Value::object(event)));
        set_field(rt, event.obj(rt), 1, target.get(rt));
        let name = rt.intern(field(rt, event.obj(rt), 0).as_ref());
        let listeners = rt.root(Value::object(rt.new_array(&[])));
        if let Some(list) = field(rt, target.obj(rt), 0).to_obj() {
            let elements = rt.elements(list);
            let mut at = 0;
            while at < rt.array_len(list) {
                if rt.word(elements, at) == Value::string(name) {
                    rt.array_push(listeners.obj(rt), rt.word(elements, at + 1));
                    if rt.word(elements, at + 2) == Value::TRUE {
                        remove(rt, list, at);
                        continue;
                    }
                }
                at += LISTENER;
            }
        }
        if name == rt.intern_str("abort") {
            let handler = object::get(rt, target.get(rt), "onabort")?;
            if rt.is_callable(handler) {
                rt.array_push(listeners.obj(rt), handler);
            }
        }
        let mut i = 0;
        while i < rt.array_len(listeners.obj(rt)) {
            if field(rt, event.obj(rt), 2).as_int() & STOPPED != 0 {
                break;
            }
            let listener = rt.word(rt.elements(listeners.obj(rt)), i);
            i += 1;
            let result = call_listener(rt, listener, target.get(rt), event.get(rt));
            if result.is_err() {
                if rt.is_terminating() {
                    return result;
                }
                let reason = rt.take_exception();
                let text = format!("in an event listener: {}", rt.describe_thrown(reason));
                rt.host().console.borrow_mut().line("error", &text);
            }
        }
        Ok(Value::bool(field(rt, event.obj(rt), 2).as_int() & PREVENTED == 0))
    })
}

fn call_listener(rt: &mut Rt, listener: Value, target: Value, event: Value) -> JsResult {
    if rt.is_callable(listener) {
        return rt.call(listener, target, &[event]);
    }
    if rt.is_kind(listener, Kind::Object) {
        let keep = rt.root(listener);
        let method = rt.get_name(listener, names::atom(rt, Name::HandleEvent))?;
        let listener = keep.get(rt);
        return rt.call(method, listener, &[event]);
    }
    Ok(Value::UNDEFINED)
}

/// `type`
fn event_type(rt: &mut Rt, args: Args) -> JsResult {
    let this = object::this_of(rt, args, Class::Event)?;
    Ok(field(rt, this, 0))
}

/// `target`, `currentTarget`
fn event_target(rt: &mut Rt, args: Args) -> JsResult {
    let this = object::this_of(rt, args, Class::Event)?;
    Ok(field(rt, this, 1))
}

fn flag(rt: &mut Rt, args: Args, bit: i32) -> JsResult {
    let this = object::this_of(rt, args, Class::Event)?;
    Ok(Value::bool(field(rt, this, 2).as_int() & bit != 0))
}

fn raise(rt: &mut Rt, args: Args, bit: i32) -> JsResult {
    let this = object::this_of(rt, args, Class::Event)?;
    set_field(rt, this, 2, Value::int(field(rt, this, 2).as_int() | bit));
    Ok(Value::UNDEFINED)
}

/// `cancelable`
fn cancelable(rt: &mut Rt, args: Args) -> JsResult {
    flag(rt, args, CANCELABLE)
}

/// `defaultPrevented`
fn default_prevented(rt: &mut Rt, args: Args) -> JsResult {
    flag(rt, args, PREVENTED)
}

/// `preventDefault()`
fn prevent_default(rt: &mut Rt, args: Args) -> JsResult {
    let this = object::this_of(rt, args, Class::Event)?;
    if field(rt, this, 2).as_int() & CANCELABLE != 0 {
        return raise(rt, args, PREVENTED);
    }
    Ok(Value::UNDEFINED)
}

/// `stopImmediatePropagation()`, `stopPropagation()`
fn stop(rt: &mut Rt, args: Args) -> JsResult {
    raise(rt, args, STOPPED)
}
