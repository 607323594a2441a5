//! The head of a request on its way in.
//!
//! Pingora bounds the silence between two reads, not the time of a whole head, and what it does not understand it refuses
//! itself, before any hook. The watch stands between: from the first byte of a head until the gate has the request, reads end
//! at the deadline and what Pingora writes is kept from the client, so that the accept loop can answer, count and log as
//! for any other request.
use crate::failure::FailureKind;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU16, AtomicU64, Ordering};
use std::time::Duration;

/// No byte of a head yet.
const AWAITED: u8 = 0;
/// Some bytes.
const BEGUN: u8 = 1;
/// The gate has the request; its body may still come.
const WHOLE: u8 = 2;

/// How far a head is. One worker's thread uses it; atomics only make it shareable.
#[derive(Debug)]
pub struct HeadWatch {
    limit: Duration,
    /// Milliseconds without a byte before a head, or between two pieces of it.
    longest_silence: AtomicU64,
    state: AtomicU8,
    late: AtomicBool,
    /// The client closed its side before the head was whole.
    gone: AtomicBool,
    /// Status of Pingora's own refusal, 0 for none.
    refused: AtomicU16,
}

impl HeadWatch {
    /// Watches for heads that take longer than `limit`, and for silences longer than `longest_silence` before and in them.
    pub fn new(limit: Duration, longest_silence: Duration) -> Self {
        let watch = Self {
            limit,
            longest_silence: AtomicU64::new(0),
            state: AtomicU8::new(AWAITED),
            late: false.into(),
            gone: false.into(),
            refused: AtomicU16::new(0),
        };
        watch.set_longest_silence(longest_silence);
        watch
    }

    /// Watches nothing.
    pub fn off() -> Self {
        let watch = Self::new(Duration::MAX, Duration::MAX);
        watch.whole();
        watch
    }

    /// The time that a head has.
    pub fn limit(&self) -> Duration {
        self.limit
    }

    /// How long nothing may come; `None` while no head is waited for.
    pub fn longest_silence(&self) -> Option<Duration> {
        let waits = self.state.load(Ordering::Relaxed) != WHOLE;
        waits.then(|| Duration::from_millis(self.longest_silence.load(Ordering::Relaxed)))
    }

    /// Changes that time for the silences to come.
    pub fn set_longest_silence(&self, silence: Duration) {
        self.longest_silence.store(u64::try_from(silence.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Another request may come.
    pub fn awaited(&self) {
        self.state.store(AWAITED, Ordering::Relaxed);
    }

    /// The gate has the request.
    pub fn whole(&self) {
        self.state.store(WHOLE, Ordering::Relaxed);
    }

    /// Whether a part of a head is there.
    pub fn has_begun(&self) -> bool {
        self.state.load(Ordering::Relaxed) == BEGUN
    }

    /// Notes so many bytes read, none for the end. Whether a head begins with them.
    pub fn received(&self, count: usize) -> bool {
        let state = self.state.load(Ordering::Relaxed);
        if count == 0 {
            self.gone.store(true, Ordering::Relaxed);
        }
        let begins = state == AWAITED && count > 0;
        if begins {
            self.state.store(BEGUN, Ordering::Relaxed);
        }
        begins
    }

    /// Notes that the head did not come in time.
    pub fn note_late(&self) {
        self.late.store(true, Ordering::Relaxed);
    }

    /// Whether `response` is written before there is a request: Pingora's own refusal, whose status is noted.
    pub fn is_refusal(&self, response: &[u8]) -> bool {
        if self.state.load(Ordering::Relaxed) == WHOLE {
            return false;
        }
        // The head may have come whole behind the request before.
        self.state.store(BEGUN, Ordering::Relaxed);
        let status = response.strip_prefix(b"HTTP/1.1 ").and_then(|rest| std::str::from_utf8(rest.get(..3)?).ok());
        if let Some(status) = status.and_then(|status| status.parse().ok()) {
            self.refused.store(status, Ordering::Relaxed);
        }
        true
    }

    /// Why a connection ended amid a head; `None` when it did not, or when the client itself left.
    pub fn failure(&self) -> Option<FailureKind> {
        if !self.has_begun() {
            return None;
        }
        match self.refused.load(Ordering::Relaxed) {
            0 if self.late.load(Ordering::Relaxed) => Some(FailureKind::ClientTimeout),
            0 if self.gone.load(Ordering::Relaxed) => None,
            // Pingora gave it up without a word.
            0 => Some(FailureKind::ClientTimeout),
            405 => Some(FailureKind::MethodNotAllowed),
            _ => Some(FailureKind::BadRequest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_answered_once_it_began_and_until_the_gate_has_it() {
        let watch = HeadWatch::new(Duration::from_secs(1), Duration::from_secs(1));
        assert_eq!(watch.failure(), None);
        assert!(watch.received(3) && !watch.received(3));
        assert!(watch.is_refusal(b"HTTP/1.1 400 Bad Request\r\n") && watch.is_refusal(b"\r\n"));
        assert_eq!(watch.failure(), Some(FailureKind::BadRequest));
        watch.whole();
        assert_eq!((watch.is_refusal(b"HTTP/1.1 200 OK"), watch.failure()), (false, None));
    }

    #[test]
    fn a_client_that_leaves_is_no_failure_and_a_late_one_is() {
        let (gone, late) = (
            HeadWatch::new(Duration::from_secs(1), Duration::from_secs(1)),
            HeadWatch::new(Duration::from_secs(1), Duration::from_secs(1)),
        );
        gone.received(1);
        gone.received(0);
        late.received(1);
        late.note_late();
        assert_eq!((gone.failure(), late.failure()), (None, Some(FailureKind::ClientTimeout)));
        assert!(!HeadWatch::off().received(1));
    }
}
