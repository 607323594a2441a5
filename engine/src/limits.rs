//! Limits of a request: CPU, fuel, memory, stack. Each ends in a clean error that `finally` cannot outlive.
#![allow(unsafe_code, reason = "reads the worker's interrupt word through the context")]

use crate::runtime::Rt;
use crate::value::Thrown;
use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};
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

/// The CPU budget of a request, in thread CPU time.
#[derive(Debug, Default)]
pub struct Budget {
    /// Thread CPU time at which the request ends; `None`: unlimited.
    pub deadline: Cell<Option<Duration>>,
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

impl Interrupt {
    /// A word that the process's ticker sets from now on. Words live as long as the process (one per worker thread).
    pub fn register() -> &'static Interrupt {
        use std::sync::{Mutex, Once};
        static WORDS: Mutex<Vec<&'static Interrupt>> = Mutex::new(Vec::new());
        static TICKER: Once = Once::new();
        let word: &'static Interrupt = Box::leak(Box::new(Interrupt { word: AtomicU32::new(0) }));
        WORDS.lock().unwrap_or_else(|e| e.into_inner()).push(word);
        TICKER.call_once(|| {
            let spawned = std::thread::Builder::new().name("ticker".into()).spawn(|| {
                loop {
                    std::thread::sleep(TICK);
                    for word in WORDS.lock().unwrap_or_else(|e| e.into_inner()).iter() {
                        // Only a worker that is running JavaScript clears its word, so an idle process writes nothing.
                        if word.word.load(Ordering::Relaxed) == 0 {
                            word.word.store(1, Ordering::Relaxed);
                        }
                    }
                }
            });
            // Without a ticker CPU limits would not hold: refuse to go on silently.
            spawned.expect("the ticker thread starts");
        });
        word
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

    /// Poll of long native loops, every few thousand units.
    #[inline]
    pub fn poll(&mut self) -> Result<(), Thrown> {
        if self.interrupted() { self.handle_interrupt() } else { Ok(()) }
    }

    /// The slow half of a poll: clears the word and checks the CPU budget.
    #[cold]
    #[inline(never)]
    pub fn handle_interrupt(&mut self) -> Result<(), Thrown> {
        // SAFETY: as in `interrupted`.
        unsafe { (*self.ctx().interrupt.get()).store(0, Ordering::Relaxed) };
        match self.host().budget.deadline.get() {
            Some(deadline) if thread_cpu_time() >= deadline => Err(self.terminate(Termination::Cpu)),
            _ => Ok(()),
        }
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

    /// Starts a CPU budget now.
    pub fn start_budget(&self, limit: Option<Duration>) {
        let deadline = limit.map(|limit| thread_cpu_time() + limit);
        self.host().budget.deadline.set(deadline);
    }
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
