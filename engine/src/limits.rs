//! Limits of a request: CPU, fuel, memory, stack. Each ends in a clean error that `finally` cannot outlive.
#![allow(unsafe_code, reason = "reads the worker's interrupt word through the context")]

use crate::bytecode::module::FunctionId;
use crate::heap::space::HeapMode;
use crate::native::SAMPLE;
use crate::runtime::Rt;
use crate::value::Thrown;
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, Once, OnceLock, PoisonError};
use std::thread::Thread;
use std::time::{Duration, Instant};

/// Why a request was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Termination {
    /// CPU time.
    Cpu,
    /// Fuel (`--fuel`).
    Fuel,
    /// Heap bytes.
    Memory,
    /// Ended from outside: client gone, wall limit, shutdown.
    Cancelled,
}

impl Termination {
    /// As said in reports.
    pub fn text(self) -> &'static str {
        match self {
            Termination::Cpu => "CPU time limit exceeded",
            Termination::Fuel => "fuel exhausted",
            Termination::Memory => "heap limit exceeded",
            Termination::Cancelled => "cancelled",
        }
    }
}

/// What survives a request in its runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Isolation {
    /// Nothing that was born in it: the runtime is as it was sealed.
    #[default]
    Request,
    /// What the script's own state refers to.
    Worker,
}

/// What one runtime may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the arena (the image is not counted).
    pub heap: u32,
    /// Bytes of the VM stack: frames and scratch slots.
    pub stack: u32,
    /// CPU time of a request.
    pub cpu: Option<Duration>,
    /// Back-edges and calls of a request.
    pub fuel: Option<u64>,
    /// Whether the arena is collected in flight. A runtime that is not a clone of an image never is.
    pub heap_mode: HeapMode,
    /// What survives a request.
    pub isolation: Isolation,
    /// Collect at every poll and overwrite what was freed (tests).
    pub gc_stress: bool,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            heap: 64 << 20,
            stack: 2 << 20,
            cpu: None,
            fuel: None,
            heap_mode: HeapMode::Arena,
            isolation: Isolation::Request,
            gc_stress: false,
        }
    }
}

/// The CPU budget of a request, in thread CPU time. It is charged only from the first tick in a step on: a step shorter
/// than a tick costs no system call.
#[derive(Debug, Default)]
pub struct Budget {
    /// What the request may still use; `None`: unlimited.
    pub remaining: Cell<Option<Duration>>,
    /// Thread CPU time at which the running step ends, once a tick has fallen into it.
    pub deadline: Cell<Option<Duration>>,
}

thread_local!(static CHARGED: Cell<Option<Duration>> = const { Cell::new(None) });

/// The thread time that the last step or slice on this thread was charged, once; `None` when it ended before its first tick or
/// has no budget.
#[inline]
pub fn take_charged() -> Option<Duration> {
    CHARGED.take()
}

/// CPU time this thread has used.
pub fn thread_cpu_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: writes one timespec that lives here.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// An interrupt word, and the thread that sets it every [`TICK`].
#[derive(Debug)]
pub struct Interrupt {
    word: AtomicU32,
}

/// How often the ticker sets interrupt words.
pub const TICK: Duration = Duration::from_millis(1);

/// Ticks without any JavaScript after which the ticker rests until there is some.
const TICKS_AWAKE: u32 = 100;

/// The ticker's thread, to wake it; `IS_RESTING` says whether it needs to be.
static RESTING: OnceLock<Thread> = OnceLock::new();
static IS_RESTING: AtomicBool = AtomicBool::new(false);

/// Every registered word.
static WORDS: Mutex<Vec<&'static Interrupt>> = Mutex::new(Vec::new());

impl Interrupt {
    /// Starts the ticker thread, once per process.
    pub fn start_ticker() {
        static TICKER: Once = Once::new();
        TICKER.call_once(|| {
            let spawned = std::thread::Builder::new().name("ticker".into()).spawn(tick_forever);
            // Without a ticker CPU limits would not hold: refuse to go on silently.
            let _ = RESTING.set(spawned.expect("the ticker thread starts").thread().clone());
        });
    }

    /// A word that the process's ticker, once it runs, sets. Words live as long as the process (one per worker thread).
    pub fn register() -> &'static Interrupt {
        // Set, as all words are while the ticker rests: the first step of this thread must wake it.
        let word: &'static Interrupt = Box::leak(Box::new(Interrupt { word: AtomicU32::new(1) }));
        WORDS.lock().unwrap_or_else(PoisonError::into_inner).push(word);
        word
    }

    /// Clears the word: JavaScript begins or goes on, on this word's thread.
    fn arm(&self) {
        if self.word.load(Ordering::Relaxed) != 0 {
            // Paired with the ticker, which says that it rests and then looks at the words: one of both sees the other.
            self.word.store(0, Ordering::SeqCst);
            if IS_RESTING.load(Ordering::SeqCst) {
                IS_RESTING.store(false, Ordering::SeqCst);
                if let Some(ticker) = RESTING.get() {
                    ticker.unpark();
                }
            }
        }
    }

    /// This thread's word.
    pub fn of_thread() -> &'static Interrupt {
        thread_local!(static WORD: &'static Interrupt = Interrupt::register());
        WORD.with(|w| *w)
    }

    /// The word itself, for the context.
    pub fn word(&self) -> *const AtomicU32 {
        &self.word
    }
}

/// Sets every word each tick; rests while all stay set, so that an idle process is left alone by the kernel's timers.
fn tick_forever() {
    let mut quiet = 0;
    loop {
        std::thread::sleep(TICK);
        quiet = if set_all() { 0 } else { quiet + 1 };
        if quiet < TICKS_AWAKE {
            continue;
        }
        IS_RESTING.store(true, Ordering::SeqCst);
        if !set_all() {
            while IS_RESTING.load(Ordering::SeqCst) {
                std::thread::park();
            }
        }
        IS_RESTING.store(false, Ordering::SeqCst);
        quiet = 0;
    }
}

/// Sets every word; whether any was clear, which it is only on a thread that ran JavaScript since.
fn set_all() -> bool {
    let mut any = false;
    for word in WORDS.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        if word.word.load(Ordering::SeqCst) == 0 {
            word.word.store(1, Ordering::Relaxed);
            any = true;
        }
    }
    any
}

/// Ends the request because the heap limit is reached: unwinds to the entry of the runtime, which is then dropped.
#[cold]
#[inline(never)]
pub fn out_of_memory(rt: &Rt) -> ! {
    rt.host().termination.set(Some(Termination::Memory));
    rt.ctx().terminating.set(true);
    std::panic::resume_unwind(Box::new(Termination::Memory))
}

impl Rt {
    /// Whether the interrupt word is set.
    #[inline(always)]
    pub fn interrupted(&self) -> bool {
        // SAFETY: bound at lease to a word that lives as long as the process (`Interrupt::register` leaks it).
        unsafe { (*self.ctx().interrupt.get()).load(Ordering::Relaxed) != 0 }
    }

    /// Poll of long native loops, every few thousand units. Nothing is collected: references in locals stay good.
    #[inline]
    pub fn poll(&mut self) -> Result<(), Thrown> {
        if self.interrupted() { self.check_interrupt() } else { Ok(()) }
    }

    /// The slow half of a poll: ends the request if it must.
    #[cold]
    #[inline(never)]
    fn check_interrupt(&mut self) -> Result<(), Thrown> {
        self.tick().map_err(|why| self.terminate(why))
    }

    /// The slow half of a poll of running JavaScript (calls and back-edges): the only place where the heap is collected.
    #[cold]
    #[inline(never)]
    pub fn handle_interrupt(&mut self) -> Result<(), Thrown> {
        if self.host().space.wants_collection() && self.collection_is_due() {
            self.collect();
        }
        self.check_interrupt()
    }

    /// Sets the interrupt word, if the runtime has been entered before: the next poll takes the slow path.
    pub fn raise_interrupt(&self) {
        // SAFETY: null until the first step binds it, from then on as in `interrupted`.
        if let Some(word) = unsafe { self.ctx().interrupt.get().as_ref() } {
            word.store(1, Ordering::Relaxed);
        }
    }

    /// Clears the interrupt word, unless it asks for a collection too, checks the CPU budget and ends the slice; the reason if
    /// the request must end. Runs no JavaScript and collects nothing: what a native holds of this runtime is as it was.
    #[cold]
    pub fn tick(&self) -> Result<(), Termination> {
        if !self.host().space.wants_collection() {
            Interrupt::of_thread().arm();
        }
        if let Some(why) = self.host().termination.get() {
            return Err(why);
        }
        if self.budget_is_spent() { Err(Termination::Cpu) } else { self.end_slice() }
    }

    /// Whether the CPU budget of the step is used up. Costs a system call: asked only when interrupted.
    #[cold]
    fn budget_is_spent(&self) -> bool {
        let budget = &self.host().budget;
        let Some(remaining) = budget.remaining.get() else { return false };
        let now = thread_cpu_time();
        let deadline = budget.deadline.get().unwrap_or_else(|| {
            // The step has run for up to a tick already.
            let deadline = now + remaining.saturating_sub(TICK);
            budget.deadline.set(Some(deadline));
            deadline
        });
        now >= deadline
    }

    /// Gives the request this much fuel. Without a limit the countdown to the next sample goes on, so that short requests are
    /// sampled too.
    pub(crate) fn start_fuel(&self, limit: Option<u64>) {
        let countdown = &self.ctx().fuel;
        match limit {
            None if (0..SAMPLE).contains(&countdown.get()) => {}
            None => countdown.set(SAMPLE - 1),
            Some(limit) => {
                let first = limit.min(SAMPLE as u64);
                self.host().fuel.set(Some(limit - first));
                return countdown.set(first as i64);
            }
        }
        self.host().fuel.set(None);
    }

    /// A call of `function` or a back-edge in it spent a unit that the countdown did not have: the function is sampled, and the
    /// request goes on with the next units of its fuel, if it has any.
    #[cold]
    #[inline(never)]
    pub(crate) fn refuel(&mut self, function: FunctionId) -> Result<(), Thrown> {
        let host = self.host();
        host.code.sample(function);
        let units = match host.fuel.get() {
            None => SAMPLE,
            Some(0) => return Err(self.terminate(Termination::Fuel)),
            Some(left) => {
                let units = left.min(SAMPLE as u64);
                host.fuel.set(Some(left - units));
                units as i64
            }
        };
        // One of them is the unit that was spent already.
        self.ctx().fuel.set(units - 1);
        Ok(())
    }

    /// Ends the request: nothing can catch it.
    #[cold]
    pub fn terminate(&mut self, why: Termination) -> Thrown {
        self.host().termination.set(Some(why));
        self.ctx().terminating.set(true);
        Thrown
    }

    /// Whether the request is being ended (native code that swallows exceptions must not swallow this).
    pub fn is_terminating(&self) -> bool {
        self.ctx().terminating.get()
    }

    /// Gives the request this much CPU time from now on.
    pub fn start_budget(&self, limit: Option<Duration>) {
        if limit.is_some() {
            Interrupt::start_ticker();
        }
        let budget = &self.host().budget;
        budget.remaining.set(limit);
        budget.deadline.set(None);
    }

    /// Binds the running thread: its interrupt word and its native stack. Called on every entry.
    pub fn begin_step(&self) {
        let word = Interrupt::of_thread();
        word.arm();
        self.ctx().interrupt.set(word.word());
        if self.host().space.wants_collection() {
            self.raise_interrupt();
        }
        self.ctx().native_limit.set(thread_native_limit());
    }

    /// Charges the step that ends to the budget.
    pub fn end_step(&self) {
        let budget = &self.host().budget;
        if let Some(deadline) = budget.deadline.take() {
            let now = thread_cpu_time();
            let remaining = budget.remaining.get().unwrap_or_default();
            CHARGED.set(Some((now + remaining).saturating_sub(deadline)));
            budget.remaining.set(Some(deadline.saturating_sub(now)));
        }
    }
}

/// Native stack kept free below the deepest recursion, for what does not check.
pub(crate) const NATIVE_RESERVE: usize = 192 * 1024;
/// Native stack used where the thread's own size is unknown or unlimited.
const NATIVE_ASSUMED: usize = 4 << 20;

/// The address below which no native recursion may start on this thread; found once.
fn thread_native_limit() -> usize {
    thread_local!(static LIMIT: usize = find_native_limit());
    LIMIT.with(|limit| *limit)
}

fn find_native_limit() -> usize {
    let here = native_stack_limit(0);
    let mut low: *mut libc::c_void = std::ptr::null_mut();
    let mut size = 0;
    // SAFETY: `attr` is initialised by pthread_getattr_np before it is read and destroyed afterwards.
    let known = unsafe {
        let mut attr = std::mem::MaybeUninit::<libc::pthread_attr_t>::uninit();
        libc::pthread_getattr_np(libc::pthread_self(), attr.as_mut_ptr()) == 0 && {
            let got = libc::pthread_attr_getstack(attr.as_ptr(), &mut low, &mut size) == 0;
            libc::pthread_attr_destroy(attr.as_mut_ptr());
            got
        }
    };
    let low = low as usize;
    let assumed = here.saturating_sub(NATIVE_ASSUMED);
    if known && low < here && here - low <= 4 * NATIVE_ASSUMED { low + NATIVE_RESERVE } else { assumed }
}

/// Bytes of native stack that recursion may still take on this thread.
#[cfg(feature = "compiler")]
pub(crate) fn native_stack_left() -> usize {
    native_stack_limit(0).saturating_sub(thread_native_limit())
}

/// Address of the lowest byte of native stack that recursion may use on this thread.
pub fn native_stack_limit(reserve: usize) -> usize {
    let mark = 0u8;
    let here = std::ptr::addr_of!(mark) as usize;
    here.saturating_sub(reserve)
}

/// Milliseconds since the process first asked.
pub fn monotonic_ms() -> f64 {
    use std::sync::OnceLock;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64() * 1000.0
}
