//! The circuit breaker of a script: once so many requests in a row waited for a runtime in vain, those that would have to wait are
//! told so at once, until one of them, sent ahead after a pause, gets a runtime in time. Requests that find a runtime free are
//! never refused.
use crate::pool::STATS;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// When a breaker opens, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trip {
    /// Requests in a row that waited in vain; 0: it never opens.
    pub after: u32,
    /// How long nobody waits then.
    pub pause: Duration,
}

/// One script's breaker, shared by all workers. Only requests that have to wait ask it.
#[derive(Debug, Default)]
pub struct Breaker {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Waits in vain since the last that was not.
    failures: u32,
    /// Open until then; from then on half open.
    open_until: Option<Instant>,
    /// A request was sent ahead.
    probing: bool,
}

/// A request that may wait. It tells what came of that; dropped without a word (its client left) it was no trial at all.
#[derive(Debug)]
pub struct Trial<'a> {
    breaker: &'a Breaker,
    trip: Trip,
    is_probe: bool,
}

impl Breaker {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leave to wait for a runtime; None: the breaker is open.
    pub fn attempt(&self, trip: Trip, now: Instant) -> Option<Trial<'_>> {
        let mut state = self.state();
        let is_probe = match state.open_until {
            None => false,
            Some(until) if now >= until && !state.probing => {
                state.probing = true;
                true
            }
            Some(_) => {
                STATS.breaker_refused.fetch_add(1, Relaxed);
                return None;
            }
        };
        Some(Trial { breaker: self, trip, is_probe })
    }
}

impl Trial<'_> {
    /// It got a runtime.
    pub fn succeeded(self) {
        let mut state = self.breaker.state();
        state.failures = 0;
        if self.is_probe {
            state.open_until = None;
        }
    }

    /// It waited in vain, or there was no room to wait.
    pub fn failed(self, now: Instant) {
        let trip = self.trip;
        let mut state = self.breaker.state();
        state.failures = state.failures.saturating_add(1);
        let opens = trip.after > 0 && state.failures >= trip.after && state.open_until.is_none();
        if opens {
            STATS.breaker_trips.fetch_add(1, Relaxed);
        }
        if opens || self.is_probe {
            state.open_until = Some(now + trip.pause);
        }
    }
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        if self.is_probe {
            self.breaker.state().probing = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trip(after: u32) -> Trip {
        Trip { after, pause: Duration::from_secs(1) }
    }

    #[test]
    fn opens_after_failures_in_a_row_and_sends_one_ahead() {
        let (breaker, trip) = (Breaker::default(), trip(2));
        let start = Instant::now();
        let later = start + Duration::from_secs(2);
        breaker.attempt(trip, start).unwrap().failed(start);
        breaker.attempt(trip, start).unwrap().succeeded();
        breaker.attempt(trip, start).unwrap().failed(start);
        breaker.attempt(trip, start).unwrap().failed(start);
        assert!(breaker.attempt(trip, start).is_none(), "open");
        let probe = breaker.attempt(trip, later).unwrap();
        assert!(breaker.attempt(trip, later).is_none(), "one at a time");
        probe.failed(later);
        assert!(breaker.attempt(trip, later).is_none(), "open again");
        let much_later = later + Duration::from_secs(1);
        breaker.attempt(trip, much_later).unwrap().succeeded();
        assert!(breaker.attempt(trip, much_later).is_some_and(|trial| !trial.is_probe), "closed");
    }

    #[test]
    fn a_probe_that_left_makes_room_for_the_next() {
        let (breaker, trip) = (Breaker::default(), trip(1));
        let start = Instant::now();
        let later = start + Duration::from_secs(2);
        breaker.attempt(trip, start).unwrap().failed(start);
        drop(breaker.attempt(trip, later).unwrap());
        assert!(breaker.attempt(trip, later).is_some_and(|trial| trial.is_probe));
    }

    #[test]
    fn a_late_failure_of_one_who_waited_before_it_opened_does_not_prolong_the_pause() {
        let (breaker, trip) = (Breaker::default(), trip(1));
        let start = Instant::now();
        let (first, second) = (breaker.attempt(trip, start).unwrap(), breaker.attempt(trip, start).unwrap());
        first.failed(start);
        second.failed(start + Duration::from_millis(900));
        assert!(breaker.attempt(trip, start + Duration::from_secs(1)).is_some());
    }

    #[test]
    fn zero_never_opens() {
        let (breaker, trip) = (Breaker::default(), trip(0));
        let now = Instant::now();
        for _ in 0..100 {
            breaker.attempt(trip, now).unwrap().failed(now);
        }
    }
}
