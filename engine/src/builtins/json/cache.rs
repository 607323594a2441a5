//! What `JSON.parse` remembers between objects and calls: atoms of keys it has met, and the last shape of the objects
//! found under a key. Both are guesses that are checked against the text, so entries may be overwritten at any time.
//!
//! A Words cell of the context: [`KEYS`] atoms (or undefined), then [`SHAPES`] shapes (internal, or undefined). It is part
//! of what a reset rolls back.
use crate::heap::layout::Kind;
use crate::runtime::Rt;
use crate::value::{Ref, Value};

const KEY_BITS: u32 = 7;
const KEYS: u32 = 1 << KEY_BITS;
const SHAPE_BITS: u32 = 5;
const SHAPES: u32 = 1 << SHAPE_BITS;

/// The cache cell of this runtime.
pub fn cell(rt: &Rt) -> Ref {
    let known = rt.ctx().mutable.json_cache.get();
    if !known.is_null() {
        return known;
    }
    let cell = rt.alloc_words_filled(Kind::Words, KEYS + SHAPES, Value::UNDEFINED);
    rt.ctx().mutable.json_cache.set(cell);
    cell
}

/// Entry of a key: the mixed word of its first and last units (see [`super::units::Unit::key_mix`]).
#[inline(always)]
pub fn key_entry(mix: u64) -> u32 {
    (mix.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - KEY_BITS)) as u32
}

/// Entry of the shape expected under a key (null: the outermost object).
#[inline(always)]
pub fn shape_entry(under: Ref) -> u32 {
    KEYS + ((under.0 >> 3).wrapping_mul(0x9E37_79B1) >> (32 - SHAPE_BITS))
}
