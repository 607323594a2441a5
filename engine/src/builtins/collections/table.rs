//! The hash table behind Map, Set and their weak kin: entries in insertion order, found through an index.
//!
//! Internal words of the object: 0 entries (undefined while there never were any), 1 index, 2 how many live entries.
//! Entries: a Words cell whose word 0 says what became of it (undefined: in use; an internal reference: the cell that
//! took its place; null: cleared) and whose other words are the entries, `stride` words each; a deleted entry has the hole
//! as its key. How many are used stands beside the cell's length. Index: a Bytes cell of u32 entry numbers plus one, open
//! addressing, twice as many as entries. A deleted entry stays in the index, so probing goes on past it.
//!
//! Whoever iterates keeps the entries cell it was in: replaced cells are left as they were, so [`advance`] can count how
//! many deleted entries before its position were dropped.
use crate::builtins::bigint;
use crate::heap::layout::*;
use crate::runtime::Rt;
use crate::value::{Ref, Value};

const ENTRIES: u32 = 0;
const INDEX: u32 = 1;
const LIVE: u32 = 2;
/// u32 of an entries cell: entries used, deleted ones included.
const USED: u32 = CELL_LEN + 4;
const MIN_ENTRIES: u32 = 4;

/// Words of an entry.
#[inline(always)]
fn stride(rt: &Rt, obj: Ref) -> u32 {
    if matches!(rt.kind(obj), Kind::Map | Kind::WeakMap) { 2 } else { 1 }
}

/// A key in the form that the table keeps: integral doubles as ints, −0 as 0.
#[inline]
pub fn canonical(key: Value) -> Value {
    if key.is_double() { Value::number(key.as_double() + 0.0) } else { key }
}

/// Identity hash of an object: by address, which collections do not change.
#[inline]
pub fn identity_hash(rt: &Rt, obj: Ref) -> u32 {
    mix(rt, obj.0 >> 3)
}

/// Seeded, so that scripts cannot choose keys that collide.
#[inline]
fn mix(rt: &Rt, word: u32) -> u32 {
    let mut h = word ^ rt.ctx().realm.hash_seed.get();
    h = (h ^ (h >> 16)).wrapping_mul(0x85EB_CA6B);
    h = (h ^ (h >> 13)).wrapping_mul(0xC2B2_AE35);
    h ^ (h >> 16)
}

/// Hash of a canonical key: equal for keys that are SameValueZero.
#[inline]
fn hash(rt: &Rt, key: Value) -> u32 {
    if key.is_string() {
        return rt.str_hash(key.as_ref());
    }
    if key.is_object() {
        return identity_hash(rt, key.as_ref());
    }
    if key.is_symbol() {
        // The identity number, not the address.
        return mix(rt, rt.load::<u32>(key.as_ref(), 8));
    }
    if key.is_bigint() {
        // The sign is left out: n and −n share a chain.
        let cell = key.as_ref();
        let half = |i: u32| rt.load::<u32>(Ref(cell.0 + 4 * i), CELL_DATA);
        return (0..2 * rt.len(cell)).fold(0, |h, i| mix(rt, h ^ half(i)));
    }
    mix(rt, (key.0 as u32) ^ ((key.0 >> 32) as u32).rotate_left(7))
}

#[inline]
fn same(rt: &Rt, a: Value, b: Value) -> bool {
    a == b
        || (a.is_string() && b.is_string() && rt.str_eq(a.as_ref(), b.as_ref()))
        || (a.is_bigint() && b.is_bigint() && bigint::equals(rt, a, b))
}

/// How many live entries.
#[inline]
pub fn len(rt: &Rt, obj: Ref) -> u32 {
    let live = rt.internal(obj, LIVE);
    if live.is_int() { live.as_int() as u32 } else { 0 }
}

/// The entry with this canonical key.
#[inline]
pub fn find(rt: &Rt, obj: Ref, key: Value) -> Option<u32> {
    let entries = rt.internal(obj, ENTRIES);
    if entries.is_undefined() {
        return None;
    }
    let (entries, index) = (entries.as_ref(), rt.internal(obj, INDEX).as_ref());
    let stride = stride(rt, obj);
    let mask = rt.len(index) / 4 - 1;
    let mut h = hash(rt, key) & mask;
    loop {
        let n: u32 = rt.load(Ref(index.0 + 4 * h), CELL_DATA);
        if n == 0 {
            return None;
        }
        if same(rt, rt.word(entries, 1 + stride * (n - 1)), key) {
            return Some(n - 1);
        }
        h = (h + 1) & mask;
    }
}

/// Key of an entry of the cell now in use.
#[inline]
pub fn key_at(rt: &Rt, obj: Ref, entry: u32) -> Value {
    rt.word(rt.internal(obj, ENTRIES).as_ref(), 1 + stride(rt, obj) * entry)
}

/// Value of an entry of a map.
#[inline]
pub fn value_at(rt: &Rt, map: Ref, entry: u32) -> Value {
    rt.word(rt.internal(map, ENTRIES).as_ref(), 2 + 2 * entry)
}

/// Value for a canonical key of a map.
#[inline]
pub fn get(rt: &Rt, map: Ref, key: Value) -> Option<Value> {
    find(rt, map, key).map(|entry| value_at(rt, map, entry))
}

/// Adds or overwrites; the value of sets is ignored. The key is canonical.
pub fn put(rt: &Rt, obj: Ref, key: Value, v: Value) {
    let stride = stride(rt, obj);
    if let Some(entry) = find(rt, obj, key) {
        if stride == 2 {
            rt.put_word(rt.internal(obj, ENTRIES).as_ref(), 2 + 2 * entry, v);
        }
        return;
    }
    let mut entries = rt.internal(obj, ENTRIES);
    if entries.is_undefined() || 1 + stride * (used(rt, entries.as_ref()) + 1) > rt.len(entries.as_ref()) {
        rebuild(rt, obj);
        entries = rt.internal(obj, ENTRIES);
    }
    let entries = entries.as_ref();
    append(rt, entries, rt.internal(obj, INDEX).as_ref(), stride, key, v);
    rt.set_internal(obj, LIVE, Value::uint(len(rt, obj) + 1));
}

#[inline]
fn used(rt: &Rt, entries: Ref) -> u32 {
    rt.load(entries, USED)
}

fn append(rt: &Rt, entries: Ref, index: Ref, stride: u32, key: Value, v: Value) {
    let n = used(rt, entries);
    rt.put_word(entries, 1 + stride * n, key);
    if stride == 2 {
        rt.put_word(entries, 2 + 2 * n, v);
    }
    rt.put::<u32>(entries, USED, n + 1);
    let mask = rt.len(index) / 4 - 1;
    let mut h = hash(rt, key) & mask;
    while rt.load::<u32>(Ref(index.0 + 4 * h), CELL_DATA) != 0 {
        h = (h + 1) & mask;
    }
    rt.put::<u32>(Ref(index.0 + 4 * h), CELL_DATA, n + 1);
}

/// Moves the live entries to a cell with room for half as many again.
fn rebuild(rt: &Rt, obj: Ref) {
    let stride = stride(rt, obj);
    let live = len(rt, obj);
    let room = (live + live / 2 + 1).next_power_of_two().max(MIN_ENTRIES);
    let entries = rt.alloc_words_filled(Kind::Words, 1 + stride * room, Value::UNDEFINED);
    rt.init::<u32>(entries, USED, 0);
    let index = rt.alloc_bytes(8 * room);
    let old = rt.internal(obj, ENTRIES);
    if !old.is_undefined() {
        let old = old.as_ref();
        for i in 0..used(rt, old) {
            let key = rt.word(old, 1 + stride * i);
            if !key.is_hole() {
                append(rt, entries, index, stride, key, if stride == 2 { rt.word(old, 2 + 2 * i) } else { key });
            }
        }
        rt.put_word(old, 0, Value::internal(entries));
    }
    rt.set_internal(obj, ENTRIES, Value::internal(entries));
    rt.set_internal(obj, INDEX, Value::internal(index));
}

/// Removes a canonical key; whether it was there.
pub fn remove(rt: &Rt, obj: Ref, key: Value) -> bool {
    let Some(entry) = find(rt, obj, key) else { return false };
    drop_entry(rt, obj, stride(rt, obj), entry);
    rt.set_internal(obj, LIVE, Value::uint(len(rt, obj) - 1));
    true
}

/// How many entries of the cell now in use are taken, deleted ones included.
pub fn used_entries(rt: &Rt, obj: Ref) -> u32 {
    let entries = rt.internal(obj, ENTRIES);
    if entries.is_undefined() { 0 } else { used(rt, entries.as_ref()) }
}

/// The cells that a table consists of.
pub fn cells(rt: &Rt, obj: Ref) -> impl Iterator<Item = Ref> {
    [ENTRIES, INDEX].into_iter().map(move |i| rt.internal(obj, i)).filter(|v| v.is_ref()).map(Value::as_ref)
}

/// Deletes the entries whose keys do not pass. Their hashes are not asked for: the keys may be dead.
pub fn retain(rt: &Rt, obj: Ref, keep: impl Fn(Value) -> bool) {
    let stride = stride(rt, obj);
    let mut dropped = 0;
    for entry in 0..used_entries(rt, obj) {
        if !keep(key_at(rt, obj, entry)) {
            drop_entry(rt, obj, stride, entry);
            dropped += 1;
        }
    }
    if dropped > 0 {
        rt.set_internal(obj, LIVE, Value::uint(len(rt, obj) - dropped));
    }
}

fn drop_entry(rt: &Rt, obj: Ref, stride: u32, entry: u32) {
    let entries = rt.internal(obj, ENTRIES).as_ref();
    rt.put_word(entries, 1 + stride * entry, Value::HOLE);
    if stride == 2 {
        rt.put_word(entries, 2 + 2 * entry, Value::UNDEFINED);
    }
}

/// Removes everything.
pub fn clear(rt: &Rt, obj: Ref) {
    let entries = rt.internal(obj, ENTRIES);
    if !entries.is_undefined() {
        rt.put_word(entries.as_ref(), 0, Value::NULL);
        rt.set_internal(obj, ENTRIES, Value::UNDEFINED);
        rt.set_internal(obj, INDEX, Value::UNDEFINED);
        rt.set_internal(obj, LIVE, Value::int(0));
    }
}

/// Where an iteration stands: the entries cell it was in (or undefined) and the next entry to look at.
#[derive(Debug, Clone, Copy)]
pub struct Position {
    /// Entries cell.
    pub entries: Value,
    /// Next entry.
    pub next: u32,
}

impl Position {
    /// Before the first entry.
    pub fn start(rt: &Rt, obj: Ref) -> Position {
        Position { entries: rt.internal(obj, ENTRIES), next: 0 }
    }
}

/// The next live entry, and the position behind it.
#[inline]
pub fn advance(rt: &Rt, obj: Ref, at: Position) -> (Position, Option<u32>) {
    let now = rt.internal(obj, ENTRIES);
    let mut at = at;
    if at.entries != now {
        at = catch_up(rt, obj, at);
    }
    if now.is_undefined() {
        return (at, None);
    }
    let entries = now.as_ref();
    let (stride, used) = (stride(rt, obj), used(rt, entries));
    while at.next < used {
        at.next += 1;
        if !rt.word(entries, 1 + stride * (at.next - 1)).is_hole() {
            return (at, Some(at.next - 1));
        }
    }
    (at, None)
}

/// Follows the cells that took the place of the one this position is in.
#[cold]
fn catch_up(rt: &Rt, obj: Ref, mut at: Position) -> Position {
    let now = rt.internal(obj, ENTRIES);
    let stride = stride(rt, obj);
    while at.entries != now {
        let became = if at.entries.is_undefined() { Value::NULL } else { rt.word(at.entries.as_ref(), 0) };
        if became.is_null() {
            return Position { entries: now, next: 0 };
        }
        let entries = at.entries.as_ref();
        let dropped = (0..at.next).filter(|&i| rt.word(entries, 1 + stride * i).is_hole()).count() as u32;
        at = Position { entries: became, next: at.next - dropped };
    }
    at
}

/// A copy of a table into an object of the same kind that has none, deleted entries dropped.
pub fn copy(rt: &Rt, from: Ref, to: Ref) {
    let mut at = Position::start(rt, from);
    while let (next, Some(entry)) = advance(rt, from, at) {
        at = next;
        let v = if stride(rt, from) == 2 { value_at(rt, from, entry) } else { Value::UNDEFINED };
        put(rt, to, key_at(rt, from, entry), v);
    }
}
