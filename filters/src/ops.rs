//! Operations: what a script asks of the world. They leave the runtime as plain data and come back as plain data.
use crate::host::{self, slots};
use crate::pool::STATS;
use bytes::Bytes;
use lockgate_engine::heap::layout::ARRAY_LENGTH;
use lockgate_engine::runtime::Rt;
use lockgate_engine::value::{JsResult, Ref, Value};
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// Most operations (timers, fetches) a request may have under way.
pub const MAX_PENDING: u32 = 1000;

/// Names an operation of a lease.
pub type OpId = u32;

/// What a script asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostOp {
    /// A request to somewhere.
    Fetch(Box<FetchRequest>),
    /// To be woken.
    Timer(Duration),
}

/// A `fetch`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchRequest {
    /// Method.
    pub method: String,
    /// Absolute URL, `http` or `https`.
    pub url: url::Url,
    /// Names in lower case and values.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Body.
    pub body: Option<Bytes>,
    /// What to do with a redirect.
    pub redirect: Redirect,
}

/// `init.redirect`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redirect {
    /// Go there.
    Follow,
    /// It is the answer.
    Manual,
    /// It is an error.
    Error,
}

/// What came of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostValue {
    /// Time is up.
    Unit,
    /// The answer to a fetch.
    Response(Box<FetchResponse>),
}

/// The answer to a fetch, read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchResponse {
    /// Status.
    pub status: u16,
    /// Headers in order.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Body.
    pub body: Bytes,
    /// Where it came from in the end.
    pub url: String,
    /// Whether redirects were followed.
    pub redirected: bool,
}

/// Why an operation failed; scripts see it as a TypeError.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostError(pub String);

/// What came of an operation, or why it failed.
pub type Outcome = Result<HostValue, HostError>;

/// What a pending operation is to the script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum Pending {
    /// A promise of `fetch`.
    Fetch,
    /// A callback, once.
    Timeout,
    /// A callback, again and again.
    Interval,
    /// A signal that aborts.
    AbortTimeout,
}

/// The host side of a runtime's operations.
#[derive(Debug, Default)]
pub struct Queue {
    next: OpId,
    /// Fetches of this request, and the most it may have.
    fetches: u32,
    most_fetches: u32,
    /// Asked since the gateway last looked.
    asked: Vec<(OpId, HostOp)>,
    /// Given up since the gateway last looked.
    cancelled: Vec<OpId>,
}

impl Queue {
    fn with<R>(rt: &Rt, f: impl FnOnce(&mut Queue) -> R) -> R {
        let mut state = rt.host().embedding.borrow_mut();
        let state = state.get_or_insert_with(|| Box::new(Queue::default()));
        match state.downcast_mut::<Queue>() {
            Some(queue) => f(queue),
            // The engine's slot for the embedding is ours alone.
            None => f(&mut Queue::default()),
        }
    }
}

/// Sets how many fetches a request of this runtime may have.
pub fn limit_fetches(rt: &Rt, most: u32) {
    Queue::with(rt, |queue| queue.most_fetches = most);
}

/// Forgets everything: the request is over.
pub fn clear(rt: &Rt) {
    Queue::with(rt, |queue| {
        queue.asked.clear();
        queue.cancelled.clear();
        queue.fetches = 0;
    });
}

/// Takes what was asked and what was given up since the last time.
pub fn take(rt: &Rt, asked: &mut Vec<(OpId, HostOp)>, cancelled: &mut Vec<OpId>) {
    Queue::with(rt, |queue| {
        asked.append(&mut queue.asked);
        cancelled.append(&mut queue.cancelled);
    });
}

/// Words of an entry in the pending list.
const ENTRY: u32 = 4;

fn list(rt: &Rt) -> Option<Ref> {
    host::slot(rt, slots::OPS).to_obj()
}

/// How many operations are under way.
pub fn pending(rt: &Rt) -> u32 {
    list(rt).map_or(0, |list| rt.array_len(list) / ENTRY)
}

/// Asks for an operation; what it is to the script is kept until it ends.
pub fn ask(rt: &mut Rt, op: HostOp, what: Pending, target: Value, argument: Value) -> JsResult<OpId> {
    if pending(rt) >= MAX_PENDING {
        return Err(rt.throw_range(&format!("more than {MAX_PENDING} timers and fetches at a time")));
    }
    let is_fetch = matches!(op, HostOp::Fetch(_));
    let (fetches, most) = Queue::with(rt, |queue| (queue.fetches, queue.most_fetches));
    if is_fetch && fetches >= most {
        STATS.subrequests_refused.fetch_add(1, Relaxed);
        return Err(rt.throw_type(&format!("more than {most} subrequests of one request (limits.subrequests)")));
    }
    let id = Queue::with(rt, |queue| {
        queue.next = queue.next.wrapping_add(1) & 0x3FFF_FFFF;
        queue.fetches += u32::from(is_fetch);
        queue.asked.push((queue.next, op));
        queue.next
    });
    let list = list(rt).unwrap_or_else(|| {
        let list = rt.new_array_with_capacity(4 * ENTRY);
        host::set_slot(rt, slots::OPS, Value::object(list));
        list
    });
    for v in [Value::int(id as i32), Value::int(what as i32), target, argument] {
        rt.array_push(list, v);
    }
    Ok(id)
}

/// An entry of the pending list.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// What it is.
    pub what: Pending,
    /// Promise, callback or signal.
    pub target: Value,
    /// Arguments of a callback: an Array, or undefined.
    pub argument: Value,
}

/// Takes an operation off the list; None: it was given up.
pub fn remove(rt: &Rt, id: OpId) -> Option<Entry> {
    let list = list(rt)?;
    let (elements, len) = (rt.elements(list), rt.array_len(list));
    let at = (0..len / ENTRY).map(|i| i * ENTRY).find(|&at| rt.word(elements, at) == Value::int(id as i32))?;
    let entry = Entry {
        what: match rt.word(elements, at + 1).as_int() {
            0 => Pending::Fetch,
            1 => Pending::Timeout,
            2 => Pending::Interval,
            _ => Pending::AbortTimeout,
        },
        target: rt.word(elements, at + 2),
        argument: rt.word(elements, at + 3),
    };
    for i in 0..ENTRY {
        rt.put_word(elements, at + i, rt.word(elements, len - ENTRY + i));
        rt.put_word(elements, len - ENTRY + i, Value::HOLE);
    }
    rt.put::<u32>(list, ARRAY_LENGTH, len - ENTRY);
    Some(entry)
}

/// Puts an entry back under the id of a new operation (intervals keep the id scripts know).
pub fn restore(rt: &Rt, id: OpId, entry: Entry, op: HostOp) {
    let Some(list) = list(rt) else { return };
    for v in [Value::int(id as i32), Value::int(entry.what as i32), entry.target, entry.argument] {
        rt.array_push(list, v);
    }
    Queue::with(rt, |queue| queue.asked.push((id, op)));
}

/// Gives a fetch up; its promise.
pub fn take_fetch(rt: &Rt, id: OpId) -> Option<Value> {
    cancel(rt, id).map(|entry| entry.target)
}

/// Gives an operation up; what it was, if it was under way.
pub fn cancel(rt: &Rt, id: OpId) -> Option<Entry> {
    let known = remove(rt, id);
    if known.is_some() {
        Queue::with(rt, |queue| {
            // An operation that the gateway has not seen yet never reaches it.
            match queue.asked.iter().position(|(asked, _)| *asked == id) {
                Some(at) => drop(queue.asked.swap_remove(at)),
                None => queue.cancelled.push(id),
            }
        });
    }
    known
}

/// The ids of fetches whose signal is this object.
pub fn fetches_of_signal(rt: &Rt, signal: Value) -> Vec<OpId> {
    let Some(list) = list(rt) else { return Vec::new() };
    let elements = rt.elements(list);
    (0..rt.array_len(list) / ENTRY)
        .map(|i| i * ENTRY)
        .filter(|&at| rt.word(elements, at + 1) == Value::int(Pending::Fetch as i32))
        .filter(|&at| rt.word(elements, at + 3) == signal)
        .map(|at| rt.word(elements, at).as_int() as OpId)
        .collect()
}
