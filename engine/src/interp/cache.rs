//! Inline caches: what a property site remembers, filled here and nowhere else.
//!
//! A site is two words: `{shape u32, kind u8 | offset u24}` and `{block u32, misses u32}`. Kinds below tell where the value
//! stands. At a second shape the site gets a block of eight such entries from the pool behind the feedback; at the ninth
//! it is megamorphic and only the runtime's table of 512 entries, keyed by (shape, name), is asked. Prototype and
//! transition hits need more than 32 bits: offset is then the index of a 16-byte side entry
//! `{holder or new shape u32, location u32, epoch u32, 0}`. Hits write nothing.
use crate::heap::layout::*;
use crate::object::{Key, OBJ_IS_PROTO};
use crate::runtime::Rt;
use crate::shape::{SHAPE_DICT, SHAPE_NON_EXTENSIBLE, attr};
use crate::string::atoms;
use crate::value::{Ref, Value};

/// Own property in an inline slot: offset is bytes from the object.
pub const OWN_INLINE: u32 = 1;
/// Own property out of line: offset is bytes from the slots cell.
pub const OWN_SLOTS: u32 = 2;
/// `length` of an array.
pub const ARRAY_LEN: u32 = 3;
/// Found on a prototype: side entry.
pub const PROTO: u32 = 4;
/// Absent all along the chain: side entry (epoch only).
pub const ABSENT: u32 = 5;
/// An addition: side entry with the new shape and where the value goes.
pub const ADD: u32 = 6;
/// An accessor on a prototype: side entry as of [`PROTO`], to be called.
pub const GETTER: u32 = 7;

/// Pseudo-shape of string receivers (no shape has this offset).
pub const STRING_RECEIVER: u32 = 1;
/// Pseudo-shape of number receivers.
pub const NUMBER_RECEIVER: u32 = 2;

/// Where a slot is, as kind and byte offset.
#[inline(always)]
pub const fn location(kind: u32, offset: u32) -> u32 {
    kind << 24 | offset
}

/// Entries of a polymorphic block.
pub const BLOCK: u32 = 8;
const MEGA_ENTRIES: u32 = 512;

impl Rt {
    /// Takes `n` 16-byte entries from the pool: their cage offset.
    fn pool_take(&self, n: u32) -> Option<u32> {
        let pool = self.ctx().realm.cache_pool.get();
        if pool == 0 {
            return None;
        }
        let (capacity, next): (u32, u32) = (self.load(Ref(pool), 0), self.load(Ref(pool), 4));
        if next + n > capacity {
            return None;
        }
        self.init::<u32>(Ref(pool), 4, next + n);
        Some(pool + 16 + 16 * next)
    }

    /// Notes that the u32 at `at` in the feedback (or the entry it heads) is an arena reference: a reset zeroes it.
    fn note_arena_cache(&self, at: u32, r: Ref) {
        if r.0 >= self.ctx().arena_floor.get() && self.ctx().arena_floor.get() != 0 {
            self.host().arena_caches.borrow_mut().push(at);
        }
    }

    /// Location of a slot of an object with this shape.
    fn slot_location(&self, shape: Ref, slot: u32) -> u32 {
        match self.inline_offset(shape, slot) {
            Some(offset) => location(OWN_INLINE, offset),
            None => location(OWN_SLOTS, CELL_DATA + 8 * (slot - u32::from(self.load::<u16>(shape, SHAPE_INLINE)))),
        }
    }

    /// Reads a property through its location in `holder`.
    #[inline(always)]
    pub fn read_location(&self, holder: Ref, location: u32) -> Value {
        let offset = location & 0xFF_FFFF;
        if location >> 24 == OWN_INLINE {
            self.load(holder, offset)
        } else {
            self.load(self.load::<Ref>(holder, OBJ_SLOTS), offset)
        }
    }

    /// What a get of `name` from a receiver with this shape finds, as a cacheable entry. `start` is the object itself or the
    /// prototype of a primitive.
    fn describe_get(
        &self,
        receiver_shape: Ref,
        start: Ref,
        primitive: bool,
        name: Ref,
    ) -> Option<(u32, Option<[u32; 3]>)> {
        let mut at = start;
        let mut first = !primitive;
        loop {
            match self.kind(at) {
                Kind::Proxy | Kind::Namespace | Kind::TypedArray => return None,
                Kind::StringObj if name == atoms::length => return None,
                Kind::Array if name == atoms::length => return first.then_some((location(ARRAY_LEN, 0), None)),
                _ => {}
            }
            let shape = self.shape_of(at);
            if let Some(found) = self.shape_find(shape, name) {
                if found.info & attr::LAZY != 0 || (first && found.info & attr::ACCESSOR != 0) {
                    return None;
                }
                let place = self.slot_location(shape, found.slot());
                if first {
                    return Some((place, None));
                }
                let kind = if found.info & attr::ACCESSOR != 0 { GETTER } else { PROTO };
                return Some((kind << 24, Some([at.0, place, self.ctx().proto_epoch.get()])));
            }
            if first && self.shape_flags(receiver_shape) & SHAPE_DICT != 0 {
                // A dictionary changes in place: only its own properties can be remembered.
                return None;
            }
            first = false;
            at = self.shape_proto(shape);
            if at.is_null() {
                return Some((ABSENT << 24, Some([0, 0, self.ctx().proto_epoch.get()])));
            }
            if self.cell_flags(at) & OBJ_IS_PROTO == 0 {
                return None;
            }
        }
    }

    /// Remembers what a get found. `shape_id` is the receiver's shape or a pseudo-shape.
    #[cold]
    #[inline(never)]
    pub fn fill_get(&self, site: u32, shape_id: u32, start: Ref, name: Ref) {
        let primitive = shape_id < NULL_PAGE;
        let shape = if primitive { Ref::NULL } else { Ref(shape_id) };
        if let Some((entry, side)) = self.describe_get(shape, start, primitive, name) {
            self.fill(site, shape_id, entry, side, name);
        }
    }

    /// Remembers an overwrite of an own property.
    #[cold]
    #[inline(never)]
    pub fn fill_put(&self, site: u32, obj: Ref, name: Ref) {
        let shape = self.shape_of(obj);
        if matches!(self.kind(obj), Kind::Proxy | Kind::Namespace | Kind::TypedArray | Kind::Function | Kind::Native) {
            return;
        }
        let Some(found) = self.shape_find(shape, name) else { return };
        if found.info & (attr::ACCESSOR | attr::LAZY | attr::W) == attr::W && self.cell_flags(obj) & OBJ_IS_PROTO == 0 {
            self.fill(site, shape.0, self.slot_location(shape, found.slot()), None, name);
        }
    }

    /// Remembers an addition that turned `old` into the object's present shape.
    #[cold]
    #[inline(never)]
    pub fn fill_add(&self, site: u32, obj: Ref, old: Ref, name: Ref) {
        let new = self.shape_of(obj);
        let flags = self.shape_flags(new);
        if old == new
            || flags & (SHAPE_DICT | SHAPE_NON_EXTENSIBLE) != 0
            || self.cell_flags(obj) & OBJ_IS_PROTO != 0
            || !matches!(self.kind(obj), Kind::Object | Kind::Error | Kind::Array)
            || self.shape_count(new) != self.shape_count(old) + 1
        {
            return;
        }
        let Some(found) = self.shape_find(new, name) else { return };
        if found.info & 0xFF != attr::ALL {
            return;
        }
        // A setter or read-only property that appears on the chain later bumps the epoch.
        let mut at = self.shape_proto(old);
        while !at.is_null() {
            if self.kind(at) == Kind::Proxy
                || self.cell_flags(at) & OBJ_IS_PROTO == 0
                || self.shape_find(self.shape_of(at), name).is_some()
            {
                return;
            }
            at = self.shape_proto(self.shape_of(at));
        }
        let place = self.slot_location(new, found.slot());
        self.fill(site, old.0, ADD << 24, Some([new.0, place, self.ctx().proto_epoch.get()]), name);
    }

    /// A side entry for a fill: the one of the entry that will be overwritten, else a new one.
    fn side_entry(&self, site: u32, shape: u32) -> Option<u32> {
        let reuse = |at: u32| {
            let (known, entry): (u32, u32) = (self.load(Ref(at), 0), self.load(Ref(at), 4));
            let has_side = matches!(entry >> 24, PROTO | ABSENT | ADD | GETTER);
            ((known == 0 || known == shape) && has_side)
                .then(|| self.ctx().realm.cache_pool.get() + 16 * (entry & 0xFF_FFFF))
        };
        let block: u32 = self.load(Ref(site), 8);
        let known: u32 = self.load(Ref(site), 0);
        if known == 0 || known == shape {
            return reuse(site).or_else(|| self.pool_take(1));
        }
        if block != 0 && block != u32::MAX {
            for i in 0..BLOCK {
                let known: u32 = self.load(Ref(block + 8 * i), 0);
                if known == 0 || known == shape {
                    return reuse(block + 8 * i).or_else(|| self.pool_take(1));
                }
            }
        }
        self.pool_take(1)
    }

    fn fill(&self, site: u32, shape: u32, entry: u32, side: Option<[u32; 3]>, name: Ref) {
        let mut entry = entry;
        if self.host().arena_caches.borrow().len() > 1 << 16 {
            return;
        }
        if let Some(words) = side {
            let Some(at) = self.side_entry(site, shape) else { return };
            for (i, word) in words.iter().enumerate() {
                self.init(Ref(at), 4 * i as u32, *word);
            }
            self.init::<u32>(Ref(at), 12, 0);
            self.note_arena_cache(at, Ref(words[0]));
            let pool = self.ctx().realm.cache_pool.get();
            entry |= (at - pool) / 16;
        }
        let current: u32 = self.load(Ref(site), 0);
        if current == 0 || current == shape {
            self.init(Ref(site), 4, entry);
            self.init(Ref(site), 0, shape);
            self.note_arena_cache(site, Ref(shape));
            return;
        }
        let block: u32 = self.load(Ref(site), 8);
        if block == u32::MAX {
            return self.fill_mega(shape, name, entry);
        }
        let block = if block != 0 {
            block
        } else {
            let Some(block) = self.pool_take(BLOCK / 2) else {
                self.init(Ref(site), 8, u32::MAX);
                return self.fill_mega(shape, name, entry);
            };
            for i in 0..BLOCK {
                self.init::<u64>(Ref(block + 8 * i), 0, 0);
            }
            self.init(Ref(site), 8, block);
            block
        };
        for i in 0..BLOCK {
            let at = block + 8 * i;
            let known: u32 = self.load(Ref(at), 0);
            if known == 0 || known == shape {
                self.init(Ref(at), 4, entry);
                self.init(Ref(at), 0, shape);
                self.note_arena_cache(at, Ref(shape));
                return;
            }
        }
        self.init(Ref(site), 8, u32::MAX);
        self.fill_mega(shape, name, entry);
    }

    fn mega_slot(&self, shape: u32, name: Ref) -> Option<u32> {
        let table = self.ctx().realm.megamorphic.get();
        if table == 0 {
            return None;
        }
        let hash = (shape >> 3).wrapping_mul(0x9E37_79B1) ^ (name.0 >> 3).wrapping_mul(0x85EB_CA6B);
        Some(table + 16 * ((hash >> 16) % MEGA_ENTRIES))
    }

    fn fill_mega(&self, shape: u32, name: Ref, entry: u32) {
        let Some(at) = self.mega_slot(shape, name) else { return };
        self.init(Ref(at), 0, shape);
        self.init(Ref(at), 4, name.0);
        self.init(Ref(at), 8, entry);
        self.init::<u32>(Ref(at), 12, 0);
        self.note_arena_cache(at, Ref(shape));
        self.note_arena_cache(at, name);
    }

    /// Entry of the megamorphic table for (shape, name); 0 if none.
    #[inline]
    pub fn mega_find(&self, shape: u32, name: Ref) -> u32 {
        match self.mega_slot(shape, name) {
            Some(at) if self.load::<u32>(Ref(at), 0) == shape && self.load::<u32>(Ref(at), 4) == name.0 => {
                self.load(Ref(at), 8)
            }
            _ => 0,
        }
    }

    /// Reads through an entry: Some if it applies.
    #[inline(always)]
    pub fn read_entry(&self, receiver: Ref, entry: u32) -> Option<Value> {
        match entry >> 24 {
            OWN_INLINE => Some(self.load(receiver, entry & 0xFF_FFFF)),
            OWN_SLOTS => Some(self.load(self.load::<Ref>(receiver, OBJ_SLOTS), entry & 0xFF_FFFF)),
            ARRAY_LEN => Some(Value::uint(self.load(receiver, ARRAY_LENGTH))),
            PROTO => {
                let side = Ref(self.ctx().realm.cache_pool.get() + 16 * (entry & 0xFF_FFFF));
                if self.load::<u32>(side, 8) != self.ctx().proto_epoch.get() {
                    return None;
                }
                let holder: Ref = self.load(side, 0);
                (!holder.is_null()).then(|| self.read_location(holder, self.load(side, 4)))
            }
            ABSENT => {
                let side = Ref(self.ctx().realm.cache_pool.get() + 16 * (entry & 0xFF_FFFF));
                (self.load::<u32>(side, 8) == self.ctx().proto_epoch.get()).then_some(Value::UNDEFINED)
            }
            _ => None,
        }
    }

    /// The getter that an entry of kind [`GETTER`] leads to: Some if it applies; undefined, if the accessor has none.
    pub fn read_getter(&self, entry: u32) -> Option<Value> {
        if entry >> 24 != GETTER {
            return None;
        }
        let side = Ref(self.ctx().realm.cache_pool.get() + 16 * (entry & 0xFF_FFFF));
        let holder: Ref = self.load(side, 0);
        if self.load::<u32>(side, 8) != self.ctx().proto_epoch.get() || holder.is_null() {
            return None;
        }
        let pair = self.read_location(holder, self.load(side, 4)).as_ref();
        Some(self.load(pair, 8))
    }

    /// The entry a site has for a shape, in its block or the megamorphic table; 0 if none.
    #[inline]
    pub fn find_entry(&self, site: u32, shape: u32, name: Ref) -> u32 {
        let block: u32 = self.load(Ref(site), 8);
        if block == 0 {
            return 0;
        }
        if block != u32::MAX {
            for i in 0..BLOCK {
                if self.load::<u32>(Ref(block + 8 * i), 0) == shape {
                    return self.load(Ref(block + 8 * i), 4);
                }
            }
            return 0;
        }
        self.mega_find(shape, name)
    }

    /// A get that found nothing cached: looks up by name without a site (computed keys), through the megamorphic table.
    #[inline]
    pub fn get_by_name_cached(&mut self, receiver: Value, name: Ref) -> crate::value::JsResult {
        if receiver.is_object() {
            let obj = receiver.as_ref();
            let shape = self.shape_of(obj);
            let entry = self.mega_find(shape.0, name);
            if entry != 0
                && let Some(v) = self.read_entry(obj, entry)
            {
                return Ok(v);
            }
            if let Some((entry, side)) = self.describe_get(shape, obj, false, name)
                && side.is_none()
            {
                self.fill_mega(shape.0, name, entry);
            }
        }
        self.get(receiver, Key::Name(name))
    }
}
