//! What each script costs. A thread counts for itself, in words that only it writes; they are summed when somebody asks.
use crate::fault::{Fault, FaultKind};
use crate::host::Phase;
use crate::pool::Step;
use lockgate_engine::limits;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

/// A number that one thread adds to and others read.
#[derive(Debug, Default)]
struct Count(AtomicU64);

impl Count {
    /// No read-modify-write: nobody else writes.
    fn add(&self, by: u64) {
        self.0.store(self.0.load(Relaxed).wrapping_add(by), Relaxed);
    }

    fn raise_to(&self, value: u64) {
        if value > self.0.load(Relaxed) {
            self.0.store(value, Relaxed);
        }
    }
}

/// What one thread did for one script.
#[derive(Debug, Default)]
pub struct Counts {
    calls: [Count; HOOKS.len()],
    faults: [Count; FaultKind::ALL.len()],
    cpu_ns: Count,
    longest_ns: Count,
    wall_ns: Count,
    allocated: Count,
    slices: Count,
    waits: Count,
    wait_ns: Count,
}

impl Counts {
    /// A request gave its runtime back, in whose arena it had taken so many bytes.
    pub(crate) fn gave_back(&self, allocated: u64) {
        self.allocated.add(allocated);
    }

    /// A request waited so long for its runtime.
    pub(crate) fn waited(&self, time: Duration) {
        self.waits.add(1);
        self.wait_ns.add(nanoseconds(time));
    }
}

/// What a script did so far, all threads together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Hooks called, in the order of [`HOOKS`].
    pub calls: [u64; HOOKS.len()],
    /// Faults, in the order of [`FaultKind::ALL`].
    pub faults: [u64; FaultKind::ALL.len()],
    /// Time that it computed: thread time from the first tick in a step on, before that the clock while it ran. A step
    /// shorter than a tick costs no system call for it.
    pub cpu: Duration,
    /// The most of it that one hook of one request took.
    pub longest: Duration,
    /// Time from the calls of its hooks to their ends, waiting for operations included; those that their clients left are not in it.
    pub wall: Duration,
    /// Bytes taken in arenas; what was collected in flight and taken again counts once.
    pub allocated: u64,
    /// Slices that ended before their step did.
    pub slices: u64,
    /// Requests that waited for a runtime and got one.
    pub waits: u64,
    /// The time that they waited.
    pub wait: Duration,
}

impl Totals {
    fn add(&mut self, counts: &Counts) {
        let read = |count: &Count| count.0.load(Relaxed);
        let time = |count: &Count| Duration::from_nanos(read(count));
        self.calls.iter_mut().zip(&counts.calls).for_each(|(total, count)| *total += read(count));
        self.faults.iter_mut().zip(&counts.faults).for_each(|(total, count)| *total += read(count));
        self.cpu += time(&counts.cpu_ns);
        self.longest = self.longest.max(time(&counts.longest_ns));
        self.wall += time(&counts.wall_ns);
        self.allocated += read(&counts.allocated);
        self.slices += read(&counts.slices);
        self.waits += read(&counts.waits);
        self.wait += time(&counts.wait_ns);
    }
}

/// What a script is called for, with the names in metrics and log.
pub const HOOKS: [(Phase, &str); 4] = [
    (Phase::Handler, "handler"),
    (Phase::OnRequest, "onRequest"),
    (Phase::OnResponse, "onResponse"),
    (Phase::OnLog, "onLog"),
];

/// The name of a hook.
pub fn hook_name(phase: Phase) -> &'static str {
    HOOKS.iter().find(|(known, _)| *known == phase).map_or("boot", |(_, name)| name)
}

/// The counts of all scripts of one name: they go on when a reload makes the script anew.
#[derive(Debug)]
pub struct Tally {
    name: String,
    threads: Mutex<Vec<(ThreadId, Arc<Counts>)>>,
}

static ALL: Mutex<Vec<Weak<Tally>>> = Mutex::new(Vec::new());
/// What scripts computed whose tallies are gone.
static GONE_CPU_NS: AtomicU64 = AtomicU64::new(0);

impl Drop for Tally {
    fn drop(&mut self) {
        GONE_CPU_NS.fetch_add(nanoseconds(self.totals().cpu), Relaxed);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tally {
    /// The tally of the scripts called `name`.
    pub fn of(name: &str) -> Arc<Tally> {
        let mut all = lock(&ALL);
        all.retain(|tally| tally.strong_count() > 0);
        if let Some(known) = all.iter().filter_map(Weak::upgrade).find(|tally| tally.name == name) {
            return known;
        }
        let tally = Arc::new(Tally { name: name.to_owned(), threads: Mutex::default() });
        all.push(Arc::downgrade(&tally));
        tally
    }

    /// The scripts' name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the running thread counts in.
    pub(crate) fn of_thread(&self) -> Arc<Counts> {
        let mut threads = lock(&self.threads);
        let own = thread::current().id();
        if let Some((_, counts)) = threads.iter().find(|(thread, _)| *thread == own) {
            return Arc::clone(counts);
        }
        let counts = Arc::<Counts>::default();
        threads.push((own, Arc::clone(&counts)));
        counts
    }

    /// The tallies of all scripts there are: the time that they computed, those that are gone included, and the longest hook.
    pub fn of_all() -> (Duration, Duration) {
        let all: Vec<_> = lock(&ALL).iter().filter_map(Weak::upgrade).collect();
        let gone = (Duration::from_nanos(GONE_CPU_NS.load(Relaxed)), Duration::ZERO);
        all.iter()
            .map(|tally| tally.totals())
            .fold(gone, |(cpu, longest), totals| (cpu + totals.cpu, longest.max(totals.longest)))
    }

    /// The sums.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        lock(&self.threads).iter().for_each(|(_, counts)| totals.add(counts));
        totals
    }
}

/// The time of a lease's running hook.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    /// The hook that has been called since the last step, to be counted with the next.
    called: Option<Phase>,
    /// The beginning of its first step.
    first: Option<Instant>,
    /// What it computed.
    cpu_ns: u64,
}

impl Meter {
    /// Of a hook that is about to be called.
    pub(crate) fn of(phase: Phase) -> Meter {
        Meter { called: Some(phase), ..Meter::default() }
    }

    /// A step, or a slice of one, ran from `started` to `ended` and came to `step`.
    #[inline]
    pub(crate) fn ran(&mut self, counts: &Counts, started: Instant, ended: Instant, step: &Step) {
        if let Some(phase) = self.called.take()
            && let Some(calls) = counts.calls.get((phase as usize).wrapping_sub(Phase::Handler as usize))
        {
            calls.add(1);
        }
        let clock = nanoseconds(ended - started);
        let cpu = limits::take_charged().map_or(clock, |charged| nanoseconds(charged).min(clock));
        let first = *self.first.get_or_insert(started);
        self.cpu_ns += cpu;
        counts.cpu_ns.add(cpu);
        match step {
            Step::Wait => return,
            Step::Yield => return counts.slices.add(1),
            Step::Fault(Fault { kind, .. }) => counts.faults[*kind as usize].add(1),
            Step::Done(_) => {}
        }
        counts.longest_ns.raise_to(self.cpu_ns);
        counts.wall_ns.add(if first == started { clock } else { nanoseconds(ended - first) });
    }

    /// What the hook computed so far.
    pub(crate) fn cpu(&self) -> Duration {
        Duration::from_nanos(self.cpu_ns)
    }

    /// The time since it was called.
    pub(crate) fn wall(&self) -> Duration {
        self.first.map_or(Duration::ZERO, |first| first.elapsed())
    }
}

/// Up to 584 years.
fn nanoseconds(time: Duration) -> u64 {
    time.as_nanos() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::Reply;

    #[test]
    fn the_hooks_stand_in_the_order_of_their_phases() {
        for (at, (phase, name)) in HOOKS.iter().enumerate() {
            assert_eq!(*phase as usize, Phase::Handler as usize + at, "{name}");
            assert_eq!(hook_name(*phase), *name);
        }
    }

    #[test]
    fn threads_count_apart_and_are_summed_under_one_name() {
        fn count(tally: &Tally) {
            let counts = tally.of_thread();
            let started = Instant::now();
            let at = |ms| started + Duration::from_millis(ms);
            let mut meter = Meter::of(Phase::OnLog);
            meter.ran(&counts, started, at(3), &Step::Wait);
            meter.ran(&counts, at(10), at(12), &Step::Done(Reply::Continue));
            counts.gave_back(100);
            counts.waited(Duration::from_millis(7));
        }
        let ms = Duration::from_millis;
        let tally = Tally::of("tally-test.js");
        count(&tally);
        thread::spawn(|| count(&Tally::of("tally-test.js"))).join().unwrap();
        let expected = Totals {
            calls: [0, 0, 0, 2],
            cpu: ms(10),
            longest: ms(5),
            wall: ms(24),
            allocated: 200,
            waits: 2,
            wait: ms(14),
            ..Totals::default()
        };
        assert_eq!(Tally::of("tally-test.js").totals(), expected);
        assert_eq!(Tally::of("another.js").totals(), Totals::default());
        drop(tally);
        // Nobody has a script of this name any more: it begins anew.
        assert_eq!(Tally::of("tally-test.js").totals(), Totals::default());
    }
}
