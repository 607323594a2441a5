//! The pool: runtimes of a worker thread, lent to one request at a time.
//!
//! A runtime never leaves its thread. A [`Lease`] is plain numbers and an `Arc`, so that it can live in the gateway's
//! request state; dropped anywhere it finds its way home. One cap holds for the process; who finds it reached waits in
//! line ([`Acquire`]) and is given either a runtime of its own script on its own thread or the right to clone one.
use crate::counters::Retirement;
use crate::fault::{Fault, FaultKind};
use crate::host::{self, Phase, Progress};
use crate::ops::{self, HostOp, OpId, Outcome};
use crate::script::{LogConsole, Script, ScriptKey};
use crate::tally::{Counts, Meter};
use crate::view::{self, HostView};
use crate::web::body;
use bytes::{Bytes, BytesMut};
use lockgate_engine::errors::Position;
use lockgate_engine::heap::space::HeapMode;
use lockgate_engine::image::Runtime;
use lockgate_engine::limits::{self, Isolation};
use lockgate_engine::runtime::Rt;
use lockgate_engine::slice::{self, Sliced, Suspended};
use lockgate_engine::value::JsResult;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What the pool counts, for the whole process. The gateway reads it for its metrics.
#[derive(Debug)]
pub struct Stats {
    /// Most runtimes of the process.
    pub cap: AtomicUsize,
    /// Most requests waiting for a runtime.
    pub queue: AtomicUsize,
    /// Runtimes that exist.
    pub live: AtomicUsize,
    /// Runtimes lent.
    pub in_use: AtomicUsize,
    /// Requests waiting for one.
    pub waiting: AtomicUsize,
    /// Requests waiting for their turn among those of one script (`concurrency`).
    pub held_back: AtomicUsize,
    /// Times a circuit breaker opened.
    pub breaker_trips: AtomicU64,
    /// Requests that an open breaker turned away.
    pub breaker_refused: AtomicU64,
    /// Idle runtimes dropped so that another thread could have one.
    pub reclaimed: AtomicU64,
    /// Requests that found the cap reached.
    pub exhausted: AtomicU64,
    /// Leases given.
    pub leases: AtomicU64,
    /// Microseconds that requests waited.
    pub wait_us: AtomicU64,
    /// Fetches that were one too many of their request.
    pub subrequests_refused: AtomicU64,
    /// Resets done.
    pub resets: AtomicU64,
    /// Clones made.
    pub clones: AtomicU64,
    /// Requests after which the heap was not as it should be (checked in debug builds): an engine error.
    pub broken: AtomicU64,
}

/// The counters of this process.
pub static STATS: Stats = Stats {
    cap: AtomicUsize::new(1000),
    queue: AtomicUsize::new(1024),
    live: AtomicUsize::new(0),
    in_use: AtomicUsize::new(0),
    waiting: AtomicUsize::new(0),
    held_back: AtomicUsize::new(0),
    breaker_trips: AtomicU64::new(0),
    breaker_refused: AtomicU64::new(0),
    reclaimed: AtomicU64::new(0),
    exhausted: AtomicU64::new(0),
    leases: AtomicU64::new(0),
    wait_us: AtomicU64::new(0),
    subrequests_refused: AtomicU64::new(0),
    resets: AtomicU64::new(0),
    clones: AtomicU64::new(0),
    broken: AtomicU64::new(0),
};

/// Sets the cap of the process and the longest queue.
pub fn configure(cap: usize, queue: usize) {
    STATS.cap.store(cap, Relaxed);
    STATS.queue.store(queue, Relaxed);
}

/// What stands in a place.
enum Tenant {
    Nothing,
    /// A runtime between steps. Boxed: it moves to the stack it runs on and back.
    Runtime(Box<Runtime>),
    /// One in the middle of a step.
    Suspended(Suspended<Step>),
}

/// A place for a runtime on its thread.
struct Place {
    tenant: Tenant,
    script: Option<Arc<Script>>,
    /// What this thread counts for the script.
    counts: Arc<Counts>,
    /// Counts the leases of this place: an old one finds it changed.
    turn: u32,
}

/// The runtimes of one thread.
struct Home {
    number: u32,
    inbox: Arc<Inbox>,
    places: Vec<Place>,
    vacant: Vec<u32>,
    /// Idle places by script, last used last.
    idle: Vec<(ScriptKey, Vec<u32>)>,
    /// Where small response bodies are written, one behind the other.
    bodies: BytesMut,
}

/// What other threads have for this one.
#[derive(Default)]
struct Inbox {
    any: AtomicBool,
    /// Leases that were dropped there.
    places: Mutex<Vec<(u32, u32)>>,
    /// Idle runtimes of this thread, written by it alone.
    idle: AtomicUsize,
    /// How many of them others could use.
    wanted: AtomicUsize,
    /// Wakes [`attend`].
    bell: Mutex<Option<Waker>>,
}

impl Inbox {
    fn ring(&self) {
        if let Some(waker) = lock(&self.bell).as_ref() {
            waker.wake_by_ref();
        }
    }
}

static INBOXES: Mutex<Vec<Arc<Inbox>>> = Mutex::new(Vec::new());

thread_local! {
    static HOME: RefCell<Home> = RefCell::new(Home::new());
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Bodies up to this size share a buffer; larger ones have one of their own.
const SHARED_BODY: usize = 16 << 10;
/// Bytes of the shared buffer.
const BODY_BUFFER: usize = 64 << 10;

impl Home {
    fn new() -> Home {
        let inbox = Arc::new(Inbox::default());
        let mut all = lock(&INBOXES);
        all.push(Arc::clone(&inbox));
        Home {
            number: all.len() as u32 - 1,
            inbox,
            places: Vec::new(),
            vacant: Vec::new(),
            idle: Vec::new(),
            bodies: BytesMut::new(),
        }
    }

    fn idle_of(&mut self, key: ScriptKey) -> &mut Vec<u32> {
        let at = self.idle.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            self.idle.push((key, Vec::new()));
            self.idle.len() - 1
        });
        &mut self.idle[at].1
    }

    /// Lays a runtime aside for the next request of its script.
    fn rest(&mut self, key: ScriptKey, place: u32) {
        self.idle_of(key).push(place);
        self.inbox.idle.store(self.inbox.idle.load(Relaxed) + 1, Relaxed);
    }

    /// An idle runtime of a script, the last that was used.
    fn rouse(&mut self, key: ScriptKey) -> Option<u32> {
        let place = self.idle_of(key).pop()?;
        self.inbox.idle.store(self.inbox.idle.load(Relaxed) - 1, Relaxed);
        Some(place)
    }

    /// The idle runtime that would be missed least: the longest unused of the script that has most of them.
    fn spare(&mut self) -> Option<u32> {
        let (_, places) = self.idle.iter_mut().max_by_key(|(_, places)| places.len())?;
        let place = (!places.is_empty()).then(|| places.remove(0))?;
        self.inbox.idle.store(self.inbox.idle.load(Relaxed) - 1, Relaxed);
        Some(place)
    }

    /// Drops idle runtimes that others asked for, as many as there are; how many are missing.
    fn give_up(&mut self) -> usize {
        let wanted = self.inbox.wanted.swap(0, Relaxed).min(STATS.waiting.load(Relaxed));
        for given in 0..wanted {
            let Some(place) = self.spare() else { return wanted - given };
            self.vacate(place);
            STATS.reclaimed.fetch_add(1, Relaxed);
            free_right();
        }
        0
    }

    /// Clones a runtime into a place; the cap has been counted.
    fn grow(&mut self, script: &Arc<Script>) -> Result<u32, Fault> {
        let runtime = clone_of(script).inspect_err(|_| {
            STATS.live.fetch_sub(1, Relaxed);
        })?;
        let place = self.vacant.pop().unwrap_or_else(|| {
            self.places.push(Place { tenant: Tenant::Nothing, script: None, counts: Arc::default(), turn: 0 });
            self.places.len() as u32 - 1
        });
        let slot = &mut self.places[place as usize];
        slot.tenant = Tenant::Runtime(runtime);
        slot.script = Some(Arc::clone(script));
        slot.counts = script.tally.of_thread();
        Ok(place)
    }

    fn lend(&mut self, place: u32, script: &Arc<Script>) -> Lease {
        STATS.in_use.fetch_add(1, Relaxed);
        STATS.leases.fetch_add(1, Relaxed);
        let turn = self.places[place as usize].turn;
        Lease {
            home: self.number,
            place,
            turn,
            busy: false,
            meter: Meter::default(),
            script: Arc::clone(script),
            turn_of_script: None,
        }
    }

    /// Drops the runtime of a place; the cap is the caller's to count.
    fn vacate(&mut self, place: u32) {
        let slot = &mut self.places[place as usize];
        slot.tenant = Tenant::Nothing;
        slot.script = None;
        self.vacant.push(place);
    }

    /// Takes a runtime back: reset, then to whoever waits, then to the idle ones.
    fn take_back(&mut self, place: u32, turn: u32) {
        let Some(slot) = self.places.get_mut(place as usize).filter(|slot| slot.turn == turn) else { return };
        slot.turn = slot.turn.wrapping_add(1);
        STATS.in_use.fetch_sub(1, Relaxed);
        slot.tenant = match std::mem::replace(&mut slot.tenant, Tenant::Nothing) {
            // The request ended in the middle of a step: so does the step.
            Tenant::Suspended(suspended) => {
                let ended = suspended.end().map_or(Tenant::Nothing, Tenant::Runtime);
                // Not the next step's.
                limits::take_charged();
                ended
            }
            other => other,
        };
        let usable = match (&mut slot.tenant, &slot.script) {
            (Tenant::Runtime(runtime), Some(script)) => {
                slot.counts.gave_back(runtime.allocated());
                refresh(runtime, script)
            }
            _ => false,
        };
        let key = slot.script.as_ref().map(|script| script.key);
        let retired = slot.script.as_ref().is_none_or(|script| Arc::strong_count(script) == 1);
        if usable
            && !retired
            && let Some(key) = key
        {
            if STATS.waiting.load(Relaxed) == 0 {
                return self.rest(key, place);
            }
            match hand_over(self.number, key, place) {
                Handed::Place => return,
                Handed::Nobody => return self.rest(key, place),
                Handed::Right => return self.vacate(place),
            }
        }
        self.vacate(place);
        free_right();
    }

    fn read_inbox(&mut self) {
        if self.inbox.any.swap(false, Relaxed) {
            let places = std::mem::take(&mut *lock(&self.inbox.places));
            for (place, turn) in places {
                self.take_back(place, turn);
            }
        }
    }

    /// A runtime of a script, without waiting.
    fn try_lend(&mut self, script: &Arc<Script>) -> Result<Option<Lease>, Fault> {
        self.read_inbox();
        if let Some(place) = self.rouse(script.key) {
            return Ok(Some(self.lend(place, script)));
        }
        let cap = STATS.cap.load(Relaxed);
        let counted = STATS.live.fetch_update(Relaxed, Relaxed, |live| (live < cap).then_some(live + 1));
        if counted.is_err() {
            // An idle runtime of another script makes room.
            let Some(other) = self.spare() else { return Ok(None) };
            self.vacate(other);
        }
        let place = self.grow(script)?;
        Ok(Some(self.lend(place, script)))
    }
}

/// A runtime of a script.
fn clone_of(script: &Script) -> Result<Box<Runtime>, Fault> {
    let mut runtime = Runtime::from_image(&script.image, &script.limits)
        .map_err(|error| Fault::plain(FaultKind::Memory, format!("no memory for a runtime: {error}")))?;
    STATS.clones.fetch_add(1, Relaxed);
    *runtime.handle().host().console.borrow_mut() = Box::new(LogConsole::new(&script.name));
    ops::limit_fetches(runtime.handle(), script.subrequests);
    Ok(Box::new(runtime))
}

/// Makes a runtime ready for the next request; false: it must be dropped.
fn refresh(runtime: &mut Box<Runtime>, script: &Script) -> bool {
    if script.limits.isolation == Isolation::Worker {
        return keep(runtime, script);
    }
    if script.limits.heap_mode != HeapMode::Arena {
        script.counters.collected(&runtime.take_collections());
    }
    if runtime.is_poisoned() {
        return false;
    }
    ops::clear(runtime.handle());
    runtime.reset();
    runtime.trim();
    STATS.resets.fetch_add(1, Relaxed);
    is_sound(runtime, Runtime::check_invariant)
}

/// The same under `isolation: worker`. A runtime that kept too much, or whose request did not come to its end, is replaced.
fn keep(runtime: &mut Box<Runtime>, script: &Script) -> bool {
    let unfinished = runtime.is_poisoned() || runtime.was_ended() || host::is_unfinished(runtime.handle());
    let retired = if unfinished {
        Some(Retirement::Unfinished)
    } else {
        let rt = runtime.handle();
        ops::clear(rt);
        host::end_views(rt);
        let kept = runtime.end_request();
        script.caps.passed(&kept)
    };
    script.counters.collected(&runtime.take_collections());
    let Some(why) = retired else {
        runtime.trim();
        return is_sound(runtime, Runtime::verify);
    };
    script.counters.retired[why as usize].fetch_add(1, Relaxed);
    clone_of(script).map(|clone| *runtime = clone).is_ok()
}

/// In debug builds, whether a check of the heap passes.
fn is_sound(runtime: &Runtime, check: impl FnOnce(&Runtime) -> Result<(), String>) -> bool {
    if cfg!(debug_assertions)
        && let Err(why) = check(runtime)
    {
        STATS.broken.fetch_add(1, Relaxed);
        eprintln!("lockgate: a runtime was not as it should be after its request: {why}");
        return false;
    }
    true
}

/// Keeps at least `warm` runtimes of each script idle on this thread, and drops those of all other scripts.
pub fn warm(scripts: &[Arc<Script>], warm: usize) {
    HOME.with_borrow_mut(|home| {
        home.read_inbox();
        for at in (0..home.idle.len()).rev() {
            if scripts.iter().all(|script| script.key != home.idle[at].0) {
                let places = home.idle.swap_remove(at).1;
                home.inbox.idle.store(home.inbox.idle.load(Relaxed) - places.len(), Relaxed);
                for place in places {
                    home.vacate(place);
                    free_right();
                }
            }
        }
        for script in scripts {
            while home.idle_of(script.key).len() < warm {
                let cap = STATS.cap.load(Relaxed);
                if STATS.live.fetch_update(Relaxed, Relaxed, |live| (live < cap).then_some(live + 1)).is_err() {
                    return;
                }
                match home.grow(script) {
                    Ok(place) => home.rest(script.key, place),
                    Err(_) => return,
                }
            }
        }
    });
}

/// Serves what other threads have for this one: leases dropped there, and their need of its idle runtimes. Never ends; one task of
/// each thread that lends.
pub async fn attend() {
    std::future::poll_fn(|cx| {
        let missing = HOME.with_borrow_mut(|home| {
            *lock(&home.inbox.bell) = Some(cx.waker().clone());
            home.read_inbox();
            home.give_up()
        });
        // They were lent meanwhile. Another thread may have some; else the line is served as they come back.
        (0..missing).for_each(|_| ask_for_idle());
        Poll::<()>::Pending
    })
    .await;
}

/// Asks the thread with most idle runtimes to drop one: the cap is of the process, and who waits may be on another thread.
fn ask_for_idle() {
    let spare = |inbox: &Inbox| inbox.idle.load(Relaxed).saturating_sub(inbox.wanted.load(Relaxed));
    let rich = lock(&INBOXES).iter().max_by_key(|inbox| spare(inbox)).filter(|inbox| spare(inbox) > 0).map(Arc::clone);
    if let Some(inbox) = rich {
        inbox.wanted.fetch_add(1, Relaxed);
        inbox.ring();
    }
}

// ---- waiting

/// Who waits.
struct Waiter {
    ticket: u64,
    home: u32,
    key: ScriptKey,
    grant: Grant,
    waker: Waker,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grant {
    None,
    /// This place of its own thread.
    Place(u32),
    /// The right to clone: counted in `live` already.
    Right,
}

static LINE: Mutex<VecDeque<Waiter>> = Mutex::new(VecDeque::new());

enum Handed {
    Place,
    Right,
    Nobody,
}

/// Gives a runtime that came back to the first who waits: itself, if it fits, else the right to have one.
fn hand_over(home: u32, key: ScriptKey, place: u32) -> Handed {
    let mut line = lock(&LINE);
    let Some(first) = line.iter_mut().find(|waiter| waiter.grant == Grant::None) else { return Handed::Nobody };
    let fits = first.home == home && first.key == key;
    first.grant = if fits { Grant::Place(place) } else { Grant::Right };
    first.waker.wake_by_ref();
    if fits { Handed::Place } else { Handed::Right }
}

/// A runtime is gone: the first who waits may clone one.
fn free_right() {
    if STATS.waiting.load(Relaxed) > 0 {
        let mut line = lock(&LINE);
        if let Some(first) = line.iter_mut().find(|waiter| waiter.grant == Grant::None) {
            first.grant = Grant::Right;
            return first.waker.wake_by_ref();
        }
    }
    STATS.live.fetch_sub(1, Relaxed);
}

/// Why there is no lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoLease {
    /// Too many wait already.
    QueueFull,
    /// No memory.
    Fault(Fault),
}

/// Waits in line for a runtime; dropping it leaves the line.
struct Acquire {
    script: Arc<Script>,
    ticket: Option<u64>,
    since: Option<Instant>,
}

/// A runtime of `script`: at once if there is one or there may be one more, else in line. The gateway bounds the wait.
///
/// # Errors
/// Too many wait already, or there is no memory.
pub async fn acquire(script: &Arc<Script>) -> Result<Lease, NoLease> {
    let turn = match &script.turns {
        None => None,
        Some(turns) => Some(wait_for_turn(turns).await?),
    };
    let mut lease = Acquire { script: Arc::clone(script), ticket: None, since: None }.await?;
    lease.turn_of_script = turn;
    Ok(lease)
}

/// One's turn among the requests of a script that may run only so many at a time. They wait apart from the line, so that they hold
/// up nobody else's.
async fn wait_for_turn(turns: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, NoLease> {
    if let Ok(turn) = Arc::clone(turns).try_acquire_owned() {
        return Ok(turn);
    }
    let before = STATS.held_back.fetch_add(1, Relaxed);
    let _held_back = Counted(&STATS.held_back);
    if before >= STATS.queue.load(Relaxed) {
        return Err(NoLease::QueueFull);
    }
    // Fails only once it is closed, which nobody does.
    Arc::clone(turns).acquire_owned().await.map_err(|_| NoLease::QueueFull)
}

/// Counted down when dropped.
struct Counted(&'static AtomicUsize);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

/// A runtime of `script` without waiting: the usual case.
pub fn try_acquire(script: &Arc<Script>) -> Option<Lease> {
    if STATS.waiting.load(Relaxed) > 0 {
        return None;
    }
    let turn = match &script.turns {
        None => None,
        Some(turns) => Some(Arc::clone(turns).try_acquire_owned().ok()?),
    };
    let mut lease = HOME.with_borrow_mut(|home| home.try_lend(script)).ok().flatten()?;
    lease.turn_of_script = turn;
    Some(lease)
}

impl Acquire {
    fn leave(&mut self) -> Grant {
        let Some(ticket) = self.ticket.take() else { return Grant::None };
        let mut line = lock(&LINE);
        let at = line.iter().position(|waiter| waiter.ticket == ticket);
        STATS.waiting.fetch_sub(1, Relaxed);
        at.and_then(|at| line.remove(at)).map_or(Grant::None, |waiter| waiter.grant)
    }

    fn granted(&mut self) -> Result<Lease, NoLease> {
        if let Some(waited) = self.since.take().map(|since| since.elapsed()) {
            STATS.wait_us.fetch_add(waited.as_micros() as u64, Relaxed);
            self.script.tally.of_thread().waited(waited);
        }
        match self.leave() {
            Grant::Place(place) => Ok(HOME.with_borrow_mut(|home| home.lend(place, &self.script))),
            Grant::Right => HOME
                .with_borrow_mut(|home| home.grow(&self.script).map(|place| home.lend(place, &self.script)))
                .map_err(NoLease::Fault),
            Grant::None => Err(NoLease::QueueFull),
        }
    }
}

impl Future for Acquire {
    type Output = Result<Lease, NoLease>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        static TICKETS: AtomicU64 = AtomicU64::new(0);
        let this = &mut *self;
        if let Some(ticket) = this.ticket {
            let mut line = lock(&LINE);
            match line.iter_mut().find(|waiter| waiter.ticket == ticket) {
                Some(waiter) if waiter.grant == Grant::None => {
                    waiter.waker.clone_from(cx.waker());
                    return Poll::Pending;
                }
                _ => {}
            }
            drop(line);
            return Poll::Ready(this.granted());
        }
        if STATS.waiting.load(Relaxed) == 0 {
            match HOME.with_borrow_mut(|home| home.try_lend(&this.script)) {
                Ok(Some(lease)) => return Poll::Ready(Ok(lease)),
                Ok(None) => {}
                Err(fault) => return Poll::Ready(Err(NoLease::Fault(fault))),
            }
        }
        STATS.exhausted.fetch_add(1, Relaxed);
        let home = HOME.with_borrow(|home| home.number);
        let mut line = lock(&LINE);
        if line.len() >= STATS.queue.load(Relaxed) {
            return Poll::Ready(Err(NoLease::QueueFull));
        }
        let ticket = TICKETS.fetch_add(1, Relaxed);
        STATS.waiting.fetch_add(1, Relaxed);
        line.push_back(Waiter { ticket, home, key: this.script.key, grant: Grant::None, waker: cx.waker().clone() });
        drop(line);
        this.ticket = Some(ticket);
        this.since = Some(Instant::now());
        ask_for_idle();
        Poll::Pending
    }
}

impl Drop for Acquire {
    fn drop(&mut self) {
        match self.leave() {
            Grant::None => {}
            Grant::Right => free_right(),
            // Lent and given back at once: the next in line is found there.
            Grant::Place(place) => drop(HOME.with_borrow_mut(|home| home.lend(place, &self.script))),
        }
    }
}

// ---- leases

/// A runtime lent to one request. Plain numbers: it may be kept, moved and dropped anywhere; it works on its own thread.
#[derive(Debug)]
pub struct Lease {
    home: u32,
    place: u32,
    turn: u32,
    /// Whether the last step left `waitUntil` with something to wait for.
    busy: bool,
    /// What the running hook takes.
    meter: Meter,
    script: Arc<Script>,
    /// Given back after the runtime.
    turn_of_script: Option<OwnedSemaphorePermit>,
}

/// What a step came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// The hook is done.
    Done(Reply),
    /// It waits for operations: take them, carry them out, settle them.
    Wait,
    /// Its slice is over: let others run, then resume it.
    Yield,
    /// It failed; the lease is good for nothing but to be dropped.
    Fault(Fault),
}

/// What a hook said.
#[derive(Debug, PartialEq, Eq)]
pub enum Reply {
    /// A response: status and headers are with the view; its body, `None` for one that has none.
    Answer(Option<Bytes>),
    /// Nothing: go on.
    Continue,
}

impl Lease {
    /// The script.
    pub fn script(&self) -> &Arc<Script> {
        &self.script
    }

    /// Calls a hook.
    pub fn start(&mut self, phase: Phase, view: &mut dyn HostView) -> Step {
        self.meter = Meter::of(phase);
        self.step(Some(view), move |rt| host::start(rt, phase))
    }

    /// Tells the script that an operation ended.
    pub fn settle(&mut self, id: OpId, outcome: Outcome, view: &mut dyn HostView) -> Step {
        self.step(Some(view), move |rt| host::settle(rt, id, outcome))
    }

    /// The same after the answer, when the request is gone and only `waitUntil` goes on.
    pub fn settle_alone(&mut self, id: OpId, outcome: Outcome) -> Step {
        self.step(None, move |rt| host::settle(rt, id, outcome))
    }

    /// Takes the operations that the script asked for and those it gave up.
    pub fn take_ops(&mut self, asked: &mut Vec<(OpId, HostOp)>, cancelled: &mut Vec<OpId>) {
        self.with(|runtime| ops::take(runtime.handle(), asked, cancelled));
    }

    /// Time that the running hook, or the last one, computed and the time from its call to the end of its last step.
    pub fn took(&self) -> (Duration, Duration) {
        (self.meter.cpu(), self.meter.wall())
    }

    /// Whether `waitUntil` keeps it after the answer.
    pub fn is_busy(&self) -> bool {
        self.busy
    }

    /// Where the script stands after [`Step::Yield`]: its frames, innermost first.
    pub fn stack(&mut self) -> Vec<Position> {
        let Some(mut tenant) = self.vacate() else { return Vec::new() };
        let stack = match &mut tenant {
            Tenant::Suspended(suspended) => suspended.stack(),
            Tenant::Nothing | Tenant::Runtime(_) => Vec::new(),
        };
        self.occupy(tenant);
        stack
    }

    /// Goes on after [`Step::Yield`].
    pub fn resume(&mut self, view: &mut dyn HostView) -> Step {
        self.run(Some(view), |tenant| match tenant {
            Tenant::Suspended(suspended) => Ok(suspended.resume()),
            other => Err(other),
        })
    }

    /// The same after the answer.
    pub fn resume_alone(&mut self) -> Step {
        self.run(None, |tenant| match tenant {
            Tenant::Suspended(suspended) => Ok(suspended.resume()),
            other => Err(other),
        })
    }

    /// Takes what stands in the place out of it while it runs, so that the thread's other leases stay reachable.
    fn vacate(&self) -> Option<Tenant> {
        HOME.with_borrow_mut(|home| {
            let ours = home.number == self.home;
            let slot = home.places.get_mut(self.place as usize).filter(|slot| ours && slot.turn == self.turn)?;
            Some(std::mem::replace(&mut slot.tenant, Tenant::Nothing))
        })
    }

    fn occupy(&self, tenant: Tenant) {
        HOME.with_borrow_mut(|home| home.places[self.place as usize].tenant = tenant);
    }

    fn with<R>(&mut self, f: impl FnOnce(&mut Runtime) -> R) -> Option<R> {
        let mut tenant = self.vacate()?;
        let result = match &mut tenant {
            Tenant::Runtime(runtime) => Some(f(runtime)),
            Tenant::Nothing | Tenant::Suspended(_) => None,
        };
        self.occupy(tenant);
        result
    }

    fn step(
        &mut self,
        view: Option<&mut dyn HostView>,
        f: impl FnOnce(&mut Rt) -> JsResult<Progress> + 'static,
    ) -> Step {
        self.run(view, |tenant| match tenant {
            Tenant::Runtime(runtime) => Ok(slice::run(runtime, move |rt| f(rt).map(|progress| told(rt, progress)))),
            other => Err(other),
        })
    }

    /// Runs the tenant to the end of a slice with `view` bound; `Err` gives back one that cannot run.
    fn run(&mut self, view: Option<&mut dyn HostView>, f: impl FnOnce(Tenant) -> Result<Sliced<Step>, Tenant>) -> Step {
        let started = Instant::now();
        let sliced = self.vacate().map(|tenant| match view {
            Some(view) => view::bind(view, || f(tenant)),
            None => f(tenant),
        });
        let ended = Instant::now();
        self.busy = false;
        let (tenant, step) = match sliced {
            Some(Ok(Sliced::Ended(mut runtime, result))) => {
                let rt = runtime.handle();
                self.busy = host::has_background(rt) && ops::pending(rt) > 0;
                (Tenant::Runtime(runtime), result.unwrap_or_else(|fault| Step::Fault(fault.into())))
            }
            Some(Ok(Sliced::Suspended(suspended))) => (Tenant::Suspended(suspended), Step::Yield),
            Some(Err(tenant)) => (tenant, lease_is_over()),
            None => return lease_is_over(),
        };
        HOME.with_borrow_mut(|home| {
            let slot = &mut home.places[self.place as usize];
            slot.tenant = tenant;
            self.meter.ran(&slot.counts, started, ended, &step);
        });
        step
    }
}

fn lease_is_over() -> Step {
    Step::Fault(Fault::plain(FaultKind::Cancelled, "the lease is over"))
}

fn told(rt: &Rt, progress: Progress) -> Step {
    match progress {
        Progress::Answer(v) => Step::Done(Reply::Answer(body::exists(v).then(|| take_body(rt, v)))),
        Progress::Continue => Step::Done(Reply::Continue),
        Progress::Wait => Step::Wait,
        Progress::NeverSettles => Step::Fault(Fault::plain(
            FaultKind::NeverSettles,
            "the promise never settles: nothing is under way that could settle it",
        )),
    }
}

/// A response body as host bytes: the only copy.
fn take_body(rt: &Rt, v: lockgate_engine::value::Value) -> Bytes {
    let len = body::wire_len(rt, v);
    if len > SHARED_BODY {
        let mut bytes = Vec::with_capacity(len);
        body::write(rt, v, &mut |part| bytes.extend_from_slice(part));
        return Bytes::from(bytes);
    }
    HOME.with_borrow_mut(|home| {
        if home.bodies.capacity() < len {
            // Takes the whole buffer back when its earlier pieces were sent.
            home.bodies.reserve(BODY_BUFFER);
        }
        body::write(rt, v, &mut |part| home.bodies.extend_from_slice(part));
        home.bodies.split().freeze()
    })
}

impl Drop for Lease {
    fn drop(&mut self) {
        let home = HOME.try_with(|home| {
            let mut home = home.try_borrow_mut().ok()?;
            (home.number == self.home).then(|| home.take_back(self.place, self.turn))
        });
        if !matches!(home, Ok(Some(()))) {
            let inboxes = lock(&INBOXES);
            if let Some(inbox) = inboxes.get(self.home as usize) {
                lock(&inbox.places).push((self.place, self.turn));
                inbox.any.store(true, Relaxed);
                inbox.ring();
            }
        }
    }
}
