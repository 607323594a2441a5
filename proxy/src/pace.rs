//! Timers that cost no system call.
//!
//! A timer that is due before all others of a reactor wakes the reactor, even its own thread's: a write to an event
//! descriptor and a round of the reactor for nothing. A proxied request sets three timers. While a thread keeps a timer
//! of its own that is due within a second, every longer one falls behind it and is set without waking anybody.
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Notify;

/// The thread's own timer: shorter than timeouts usually are, and seldom enough to cost nothing.
const STRIDE: Duration = Duration::from_secs(1);

/// The pace of one thread, kept while anybody holds it: an idle thread sleeps.
#[derive(Debug, Default)]
pub struct Pace {
    holders: AtomicUsize,
    first: Notify,
}

/// Keeps a pace going.
#[derive(Debug)]
pub struct Hold(Arc<Pace>);

impl Pace {
    /// Keeps it going until dropped.
    pub fn hold(self: &Arc<Self>) -> Hold {
        if self.holders.fetch_add(1, Ordering::Relaxed) == 0 {
            self.first.notify_one();
        }
        Hold(Arc::clone(self))
    }

    /// Runs for the life of the thread.
    pub async fn run(&self) {
        loop {
            while self.is_held() {
                tokio::time::sleep(STRIDE).await;
            }
            self.first.notified().await;
        }
    }

    fn is_held(&self) -> bool {
        self.holders.load(Ordering::Relaxed) > 0
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.holders.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn is_kept_while_held() {
        let pace = Arc::new(Pace::default());
        let runs = tokio::spawn({
            let pace = Arc::clone(&pace);
            async move { pace.run().await }
        });
        for _ in 0..2 {
            let holds = [pace.hold(), pace.hold()];
            tokio::task::yield_now().await;
            assert!(pace.is_held() && !runs.is_finished());
            drop(holds);
            assert!(!pace.is_held());
        }
        runs.abort();
    }
}
