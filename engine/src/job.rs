//! The job queue (9.5): promise reactions, thenables, host callbacks, resumed functions.
//!
//! A ring of four words a job in a Words cell of the context: kind and three operands. A queued job allocates nothing but
//! the ring, which doubles when full.
use crate::builtins::{collections, promise};
use crate::heap::layout::Kind;
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Value};

/// What a job does with its operands a, b, c.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum JobKind {
    /// 27.2.2.1 NewPromiseReactionJob, fulfilled: a = handler, b = argument, c = result (see [`promise::run_reaction`]).
    Fulfilled,
    /// The same, rejected.
    Rejected,
    /// 27.2.2.2 NewPromiseResolveThenableJob: a = promise to resolve, b = thenable, c = its `then`.
    ResolveThenable,
    /// Calls function a without arguments (queueMicrotask).
    Callback,
    /// Goes on with frame a of an async function or generator: b = value, c = whether it is thrown.
    ResumeAsync,
    /// 9.13 CleanupFinalizationRegistry of registry a.
    Cleanup,
}

impl JobKind {
    const ALL: [JobKind; 6] = [
        JobKind::Fulfilled,
        JobKind::Rejected,
        JobKind::ResolveThenable,
        JobKind::Callback,
        JobKind::ResumeAsync,
        JobKind::Cleanup,
    ];
}

/// Words of a job.
const JOB_WORDS: u32 = 4;
/// Jobs a first ring holds.
const MIN_JOBS: u32 = 16;

/// Appends a job.
#[inline]
pub fn enqueue(rt: &Rt, kind: JobKind, a: Value, b: Value, c: Value) {
    let mutable = &rt.ctx().mutable;
    let count = mutable.jobs_count.get();
    let mut ring = mutable.jobs.get();
    if ring.is_null() || count * JOB_WORDS >= rt.len(ring) {
        ring = grow(rt);
    }
    let mask = rt.len(ring) / JOB_WORDS - 1;
    let at = ((mutable.jobs_head.get() + count) & mask) * JOB_WORDS;
    rt.put_word(ring, at, Value::int(kind as i32));
    rt.put_word(ring, at + 1, a);
    rt.put_word(ring, at + 2, b);
    rt.put_word(ring, at + 3, c);
    mutable.jobs_count.set(count + 1);
}

/// Whether any job waits.
pub fn pending(rt: &Rt) -> bool {
    rt.ctx().mutable.jobs_count.get() != 0
}

/// Runs jobs until none is left. What a job throws is reported as an unhandled rejection; only the end of the request
/// comes back as an error.
pub fn run_all(rt: &mut Rt) -> JsResult<()> {
    while let Some((kind, a, b, c)) = take(rt) {
        rt.poll()?;
        rt.host().space.next_job();
        let mark = rt.roots_mark();
        let result = run(rt, kind, a, b, c);
        rt.release_roots(mark);
        if result.is_err() {
            if rt.is_terminating() {
                return result;
            }
            let reason = rt.take_exception();
            promise::report(rt, reason);
        }
    }
    Ok(())
}

fn run(rt: &mut Rt, kind: JobKind, a: Value, b: Value, c: Value) -> JsResult<()> {
    match kind {
        JobKind::Fulfilled => promise::run_reaction(rt, a, b, c, false),
        JobKind::Rejected => promise::run_reaction(rt, a, b, c, true),
        JobKind::ResolveThenable => promise::run_thenable(rt, a.as_ref(), b, c),
        JobKind::Callback => rt.call(a, Value::UNDEFINED, &[]).map(|_| ()),
        JobKind::Cleanup => collections::clean_up(rt, a.as_ref()),
        JobKind::ResumeAsync => crate::interp::resume_async(rt, a.as_ref(), b, c == Value::TRUE),
    }
}

fn take(rt: &Rt) -> Option<(JobKind, Value, Value, Value)> {
    let mutable = &rt.ctx().mutable;
    let count = mutable.jobs_count.get();
    if count == 0 {
        return None;
    }
    let ring = mutable.jobs.get();
    let head = mutable.jobs_head.get();
    let at = head * JOB_WORDS;
    let kind = JobKind::ALL[rt.word(ring, at).as_int() as usize];
    let job = (kind, rt.word(ring, at + 1), rt.word(ring, at + 2), rt.word(ring, at + 3));
    for i in 1..JOB_WORDS {
        // What the job held must not outlive it.
        rt.put_word(ring, at + i, Value::UNDEFINED);
    }
    mutable.jobs_head.set((head + 1) & (rt.len(ring) / JOB_WORDS - 1));
    mutable.jobs_count.set(count - 1);
    Some(job)
}

#[cold]
fn grow(rt: &Rt) -> Ref {
    let mutable = &rt.ctx().mutable;
    let old = mutable.jobs.get();
    let old_jobs = if old.is_null() { 0 } else { rt.len(old) / JOB_WORDS };
    let jobs = (2 * old_jobs).max(MIN_JOBS);
    let ring = rt.alloc_words_filled(Kind::Words, jobs * JOB_WORDS, Value::UNDEFINED);
    for i in 0..mutable.jobs_count.get() {
        let from = ((mutable.jobs_head.get() + i) & (old_jobs - 1)) * JOB_WORDS;
        for word in 0..JOB_WORDS {
            rt.init_word(ring, i * JOB_WORDS + word, rt.word(old, from + word));
        }
    }
    mutable.jobs.set(ring);
    mutable.jobs_head.set(0);
    ring
}
