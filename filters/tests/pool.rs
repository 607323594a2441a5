//! The pool across threads: one cap for the process, whichever thread's runtimes reach it.
mod common;
use common::*;
use lockgate_filters::pool::{self, STATS};
use lockgate_filters::script::{Script, Settings};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::channel;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a future on this thread until it is ready or `is_over`.
fn block_on<T>(future: impl Future<Output = T>, is_over: impl Fn() -> bool) -> Option<T> {
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(ready) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return Some(ready);
        }
        if is_over() {
            return None;
        }
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// One test: the counters are the process's.
#[test]
fn across_threads() {
    a_script_runs_so_many_requests_at_a_time();
    a_thread_at_the_cap_gets_what_stands_idle_on_another();
}

fn a_thread_at_the_cap_gets_what_stands_idle_on_another() {
    pool::warm(&[], 0);
    pool::configure(3, 8);
    let (hot, cold) =
        (script("hot.js", "export default () => 'hot'"), script("cold.js", "export default () => 'cold'"));
    let (warmed, is_warm) = channel();
    let (done, is_done) = channel::<()>();
    let other = std::thread::spawn({
        let cold = Arc::clone(&cold);
        move || {
            pool::warm(&[cold], 3);
            warmed.send(()).unwrap();
            block_on(pool::attend(), || is_done.try_recv().is_ok());
        }
    });
    is_warm.recv().unwrap();
    assert_eq!((STATS.live.load(Relaxed), pool::try_acquire(&hot).is_none()), (3, true));
    let end = Instant::now() + PATIENCE;
    let leases: Vec<_> = (0..3)
        .map(|_| block_on(pool::acquire(&hot), || Instant::now() > end).expect("in time").expect("a runtime"))
        .collect();
    assert_eq!((STATS.live.load(Relaxed), STATS.reclaimed.load(Relaxed), STATS.waiting.load(Relaxed)), (3, 3, 0));
    // Nothing is idle any more: the next one waits.
    let soon = Instant::now() + Duration::from_millis(60);
    assert!(block_on(pool::acquire(&hot), || Instant::now() > soon).is_none());
    assert_eq!(STATS.waiting.load(Relaxed), 0, "who gives up leaves the line");
    drop(leases);
    let lease = pool::try_acquire(&hot).expect("one came back");
    // Dropped on another thread, it finds its way home.
    std::thread::spawn(move || drop(lease)).join().unwrap();
    assert!(pool::try_acquire(&hot).is_some());
    assert_eq!(STATS.in_use.load(Relaxed), 0);
    done.send(()).unwrap();
    other.join().unwrap();
}

fn a_script_runs_so_many_requests_at_a_time() {
    let settings = Settings { concurrency: Some(1), ..Settings::default() };
    let one = Arc::new(Script::of_text("one.js", "export default () => 'one'", &settings).expect("a script"));
    let lease = pool::try_acquire(&one).expect("the first");
    assert!(pool::try_acquire(&one).is_none(), "the second waits");
    let soon = Instant::now() + Duration::from_millis(40);
    assert!(block_on(pool::acquire(&one), || Instant::now() > soon).is_none());
    drop(lease);
    let end = Instant::now() + PATIENCE;
    assert!(block_on(pool::acquire(&one), || Instant::now() > end).expect("in time").is_ok());
    assert!(pool::try_acquire(&one).is_some(), "its turn came back with it");
    assert_eq!(STATS.held_back.load(Relaxed), 0);
}
