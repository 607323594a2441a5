//! Request ids: 16 hex digits, unique in the process, not predictable from one another's order of arrival.
use http::HeaderValue;
use std::cell::Cell;
use std::fmt;
use std::hash::{BuildHasher, RandomState};

/// Names one request in responses, towards origins and in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestId([u8; 16]);

impl RequestId {
    /// The next id of this thread.
    pub fn next() -> Self {
        thread_local! {
            static STATE: Cell<u64> = Cell::new(RandomState::new().hash_one(std::thread::current().id()));
        }
        // SplitMix64 (Steele, Lea, Flood 2014): a bijection of a counter, so ids of one thread never repeat.
        let mut word = STATE.with(|state| {
            state.set(state.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
            state.get()
        });
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^= word >> 31;
        let mut digits = [0; 16];
        for (index, digit) in digits.iter_mut().enumerate() {
            *digit = b"0123456789abcdef"[(word >> (60 - 4 * index)) as usize & 15];
        }
        Self(digits)
    }

    /// The id as the value of a header.
    pub fn value(&self) -> HeaderValue {
        // Hex digits are visible characters.
        HeaderValue::from_bytes(&self.0).unwrap_or(HeaderValue::from_static("-"))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_and_are_hex() {
        let ids: std::collections::HashSet<_> = (0..10_000).map(|_| RequestId::next()).collect();
        assert_eq!(ids.len(), 10_000);
        assert!(RequestId::next().as_str().bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
}
