//! Lines on standard error that requests give rise to, and which come no faster than an operator reads: failures of a gateway
//! without an access log, as a script that throws must not fail in silence; slow scripts.
use crate::failure::Failure;
use crate::request_id::RequestId;
use std::fmt;
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// At most so many lines of a kind in each [`INTERVAL`]: they may come as fast as requests.
const MOST: u64 = 10;
const INTERVAL: Duration = Duration::from_secs(1);

/// Lines of one kind in the interval that runs.
#[derive(Debug)]
pub struct Rate(Mutex<Interval>);

#[derive(Debug)]
struct Interval {
    since: Option<Instant>,
    count: u64,
}

static FAILURES: Rate = Rate::new();

/// Writes one line about a failed request, unless there were too many just now.
pub fn say(route: &str, failure: &Failure, id: &RequestId) {
    write(&FAILURES, format_args!("lockgate: {route}: {failure} [request {id}]"));
}

/// Writes one line, unless there were too many of its kind just now; those are counted in the next.
pub fn write(rate: &Rate, line: fmt::Arguments<'_>) {
    let Some(omitted) = rate.admit(Instant::now()) else { return };
    let more = if omitted > 0 { format!(" ({omitted} more before it)") } else { String::new() };
    // Standard error may be closed; what the line says is counted all the same.
    let _ = writeln!(std::io::stderr(), "{line}{more}");
}

impl Rate {
    /// No line yet.
    pub const fn new() -> Self {
        Self(Mutex::new(Interval { since: None, count: 0 }))
    }

    /// Whether a line may be written now, and how many were not since the last interval began.
    fn admit(&self, now: Instant) -> Option<u64> {
        let mut interval = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut omitted = 0;
        if interval.since.is_none_or(|since| now.duration_since(since) >= INTERVAL) {
            omitted = interval.count.saturating_sub(MOST);
            *interval = Interval { since: Some(now), count: 0 };
        }
        interval.count += 1;
        (interval.count <= MOST).then_some(omitted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_a_few_lines_and_a_count() {
        let rate = Rate::new();
        let start = Instant::now();
        let written = (0..1000).filter(|_| rate.admit(start).is_some()).count();
        assert_eq!(written as u64, MOST);
        assert_eq!(rate.admit(start + INTERVAL), Some(1000 - MOST));
        assert_eq!(rate.admit(start + INTERVAL), Some(0));
    }
}
