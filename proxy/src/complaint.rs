//! Failures on standard error, for gateways without an access log: a script that throws must not fail in silence.
use crate::failure::Failure;
use crate::request_id::RequestId;
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// At most so many lines in each [`INTERVAL`]: failures come as fast as requests.
const MOST: u64 = 10;
const INTERVAL: Duration = Duration::from_secs(1);

/// Lines of the interval that runs.
#[derive(Debug)]
struct Rate {
    since: Option<Instant>,
    count: u64,
}

static RATE: Mutex<Rate> = Mutex::new(Rate { since: None, count: 0 });

/// Writes one line, unless there were too many just now; those are counted in the next.
pub fn say(route: &str, failure: &Failure, id: &RequestId) {
    let omitted = RATE.lock().unwrap_or_else(PoisonError::into_inner).admit(Instant::now());
    let Some(omitted) = omitted else { return };
    let more = if omitted > 0 { format!(" ({omitted} more before it)") } else { String::new() };
    // Standard error may be closed; the failure is counted all the same.
    let _ = writeln!(std::io::stderr(), "lockgate: {route}: {failure} [request {id}]{more}");
}

impl Rate {
    /// Whether a line may be written now, and how many were not since the last interval began.
    fn admit(&mut self, now: Instant) -> Option<u64> {
        let mut omitted = 0;
        if self.since.is_none_or(|since| now.duration_since(since) >= INTERVAL) {
            omitted = self.count.saturating_sub(MOST);
            *self = Self { since: Some(now), count: 0 };
        }
        self.count += 1;
        (self.count <= MOST).then_some(omitted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_a_few_lines_and_a_count() {
        let mut rate = Rate { since: None, count: 0 };
        let start = Instant::now();
        let written = (0..1000).filter(|_| rate.admit(start).is_some()).count();
        assert_eq!(written as u64, MOST);
        assert_eq!(rate.admit(start + INTERVAL), Some(1000 - MOST));
        assert_eq!(rate.admit(start + INTERVAL), Some(0));
    }
}
