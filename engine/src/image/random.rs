//! Seeds for `Math.random` and string hashes: a keyed hash of a counter, so that no seed tells another.
use std::cell::{Cell, OnceCell};
use std::hash::{BuildHasher, RandomState};

/// The state of a generator that was not asked yet; no seeds are like that.
pub(crate) const UNSEEDED: [u64; 2] = [0; 2];

/// The next seeds of this thread, the second one odd.
pub(crate) fn seeds() -> [u64; 2] {
    let first = keyed();
    // The finalizer of SplitMix64: a bijection, so the pairs are as many as the hashes.
    let mut second = first.wrapping_add(0x9E37_79B9_7F4A_7C15);
    second = (second ^ second >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    second = (second ^ second >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    [first, (second ^ second >> 31) | 1]
}

fn keyed() -> u64 {
    thread_local! {
        static KEYS: OnceCell<RandomState> = const { OnceCell::new() };
        static COUNTER: Cell<u64> = const { Cell::new(0) };
    }
    let count = COUNTER.get().wrapping_add(1);
    COUNTER.set(count);
    KEYS.with(|keys| keys.get_or_init(RandomState::new).hash_one(count))
}
