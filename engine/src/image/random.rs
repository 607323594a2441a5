//! Seeds for `Math.random` and string hashes: a keyed hash of a counter, so that no seed tells another.
use std::cell::{Cell, OnceCell};
use std::hash::{BuildHasher, RandomState};

/// The next seed of this thread.
pub(super) fn seed() -> u64 {
    thread_local! {
        static KEYS: OnceCell<RandomState> = const { OnceCell::new() };
        static COUNTER: Cell<u64> = const { Cell::new(0) };
    }
    let count = COUNTER.get().wrapping_add(1);
    COUNTER.set(count);
    KEYS.with(|keys| keys.get_or_init(RandomState::new).hash_one(count))
}
