//! Shapes (hidden classes): prototype, kind and the ordered properties of an object; objects made the same way share one.
//!
//! A shape's properties are the first `count` entries of a property table. Shapes of one lineage share a table as long as
//! only the newest one appends. Transitions are found in hash tables of one form: the image's, never written after
//! sealing, the request's own in the arena, and that of what earlier requests left (`isolation: worker`). A *dictionary* shape belongs to one object and changes in place.
//!
//! Property table: `[header | cap u32 | used u32 | cap × {key u32, info u32} | 2·cap u32 hash index, if cap > 8]`.
use crate::heap::layout::*;
use crate::runtime::Rt;
use crate::value::Ref;
use std::cell::Cell;

/// Attribute bits and more in a property's info word; the slot number stands above them.
pub mod attr {
    /// Writable.
    pub const W: u32 = 1;
    /// Enumerable.
    pub const E: u32 = 2;
    /// Configurable.
    pub const C: u32 = 4;
    /// The slot holds an Accessor cell.
    pub const ACCESSOR: u32 = 8;
    /// `length`, `name`, `prototype` of functions: made when first read; never cached.
    pub const LAZY: u32 = 16;
    /// A private method: PutPrivate throws.
    pub const METHOD: u32 = 32;
    /// Default attributes of assignment.
    pub const ALL: u32 = W | E | C;
    /// Attributes of built-in methods.
    pub const METHODS: u32 = W | C;
    /// Where the slot number starts.
    pub const SLOT_SHIFT: u32 = 8;
}

/// The shape belongs to one object and changes in place.
pub const SHAPE_DICT: u8 = 1;
/// No properties may be added.
pub const SHAPE_NON_EXTENSIBLE: u8 = 2;

/// More properties than this turn an object into a dictionary.
pub const MAX_SHAPED: u32 = 128;
const LINEAR: u32 = 8;
const TABLE_ENTRIES: u32 = 16;

/// Kind of edge in the transition table, in the attribute word.
const EDGE_ROOT: u32 = 1 << 30;
const EDGE_PREVENT: u32 = 1 << 29;
const EDGE_PROTO: u32 = 1 << 28;
const EDGE_FREEZE: u32 = 1 << 27;
const EDGE_SEAL: u32 = 1 << 26;
const EDGE_COPY: u32 = 1 << 25;

/// A property found in a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Attributes and slot.
    pub info: u32,
    /// Entry of the table.
    pub entry: u32,
}

impl Found {
    /// Slot number.
    #[inline(always)]
    pub fn slot(self) -> u32 {
        self.info >> attr::SLOT_SHIFT
    }
}

/// Bytes of a property table of this capacity.
pub(crate) fn table_bytes(cap: u32) -> u64 {
    let index = if cap > LINEAR { 4 * (2 * u64::from(cap)).next_power_of_two() } else { 0 };
    u64::from(TABLE_ENTRIES) + 8 * u64::from(cap) + index
}

fn hash_ref(key: u32) -> u32 {
    (key >> 3).wrapping_mul(0x9E37_79B1) >> 7
}

impl Rt {
    /// Shape of an object.
    #[inline(always)]
    pub fn shape_of(&self, obj: Ref) -> Ref {
        self.load(obj, CELL_SHAPE)
    }

    /// Prototype of an object with this shape (null reference for null).
    #[inline(always)]
    pub fn shape_proto(&self, shape: Ref) -> Ref {
        self.load(shape, SHAPE_PROTO)
    }

    /// Number of properties.
    #[inline(always)]
    pub fn shape_count(&self, shape: Ref) -> u32 {
        self.load(shape, SHAPE_COUNT)
    }

    /// Flags.
    #[inline(always)]
    pub fn shape_flags(&self, shape: Ref) -> u8 {
        self.load(shape, SHAPE_FLAGS)
    }

    /// Key and info of entry `i`; a deleted entry has the null key.
    #[inline(always)]
    pub fn shape_entry(&self, shape: Ref, i: u32) -> (Ref, u32) {
        let table: Ref = self.load(shape, SHAPE_TABLE);
        let at = Ref(table.0 + TABLE_ENTRIES + 8 * i);
        (self.load(at, 0), self.load(at, 4))
    }

    /// Finds a property of a shape.
    #[inline]
    pub fn shape_find(&self, shape: Ref, key: Ref) -> Option<Found> {
        let count: u32 = self.load(shape, SHAPE_COUNT);
        let table: Ref = self.load(shape, SHAPE_TABLE);
        self.table_find(table, count, key)
    }

    fn table_find(&self, table: Ref, count: u32, key: Ref) -> Option<Found> {
        if count == 0 {
            return None;
        }
        let cap = self.len(table);
        if cap <= LINEAR {
            for entry in 0..count {
                let at = Ref(table.0 + TABLE_ENTRIES + 8 * entry);
                if self.load::<Ref>(at, 0) == key {
                    return Some(Found { info: self.load(at, 4), entry });
                }
            }
            return None;
        }
        let index = table.0 + TABLE_ENTRIES + 8 * cap;
        let mask = self.index_len(cap) - 1;
        let mut h = hash_ref(key.0) & mask;
        loop {
            let n: u32 = self.load(Ref(index + 4 * h), 0);
            if n == 0 {
                return None;
            }
            let at = Ref(table.0 + TABLE_ENTRIES + 8 * (n - 1));
            if self.load::<Ref>(at, 0) == key {
                return (n <= count).then(|| Found { info: self.load(at, 4), entry: n - 1 });
            }
            h = (h + 1) & mask;
        }
    }

    fn index_len(&self, cap: u32) -> u32 {
        (2 * cap).next_power_of_two()
    }

    fn new_table(&self, cap: u32) -> Ref {
        let index = if cap > LINEAR { self.index_len(cap) } else { 0 };
        let table = self.alloc(Kind::PropTable, table_bytes(cap) as u32);
        self.init::<u32>(table, CELL_LEN, cap);
        self.init::<u32>(table, 12, 0);
        for i in 0..index {
            self.init::<u32>(Ref(table.0 + TABLE_ENTRIES + 8 * cap + 4 * i), 0, 0);
        }
        table
    }

    fn table_push(&self, table: Ref, key: Ref, info: u32) {
        let cap = self.len(table);
        let used: u32 = self.load(table, 12);
        debug_assert!(used < cap);
        let at = Ref(table.0 + TABLE_ENTRIES + 8 * used);
        self.put(at, 0, key);
        self.put(at, 4, info);
        self.put::<u32>(table, 12, used + 1);
        if cap > LINEAR {
            let index = table.0 + TABLE_ENTRIES + 8 * cap;
            let mask = self.index_len(cap) - 1;
            let mut h = hash_ref(key.0) & mask;
            while self.load::<u32>(Ref(index + 4 * h), 0) != 0 {
                h = (h + 1) & mask;
            }
            self.put::<u32>(Ref(index + 4 * h), 0, used + 1);
        }
    }

    fn copy_table(&self, table: Ref, count: u32, cap: u32) -> Ref {
        let copy = self.new_table(cap);
        for i in 0..count {
            let at = Ref(table.0 + TABLE_ENTRIES + 8 * i);
            let (key, info): (Ref, u32) = (self.load(at, 0), self.load(at, 4));
            self.table_push(copy, key, info);
        }
        copy
    }

    #[allow(clippy::too_many_arguments, reason = "the fields of a shape")]
    fn new_shape(
        &self,
        proto: Ref,
        count: u32,
        table: Ref,
        inline: u16,
        kind: Kind,
        flags: u8,
        slots_used: u32,
    ) -> Ref {
        let shape = self.alloc(Kind::Shape, SHAPE_BYTES);
        self.init(shape, SHAPE_PROTO, proto);
        self.init(shape, SHAPE_COUNT, count);
        self.init(shape, SHAPE_TABLE, table);
        self.init(shape, SHAPE_INLINE, inline);
        self.init(shape, SHAPE_KIND, kind as u8);
        self.init(shape, SHAPE_FLAGS, flags);
        self.init::<u64>(shape, SHAPE_SLOTS_USED, u64::from(slots_used));
        shape
    }

    fn derive_shape(&self, from: Ref, count: u32, table: Ref, flags: u8, slots_used: u32) -> Ref {
        self.new_shape(
            self.shape_proto(from),
            count,
            table,
            self.load(from, SHAPE_INLINE),
            Kind::from_byte(self.load(from, SHAPE_KIND)),
            flags,
            slots_used,
        )
    }

    // ---- transitions

    fn edge_find(&self, table: Ref, parent: Ref, key: u32, attrs: u32) -> Option<Ref> {
        if table.is_null() {
            return None;
        }
        let mask = self.len(table) - 1;
        let mut h = hash_edge(parent.0, key, attrs) & mask;
        loop {
            let at = Ref(table.0 + 16 + 16 * h);
            let child: Ref = self.load(at, 12);
            if child.is_null() {
                return None;
            }
            if self.load::<Ref>(at, 0) == parent && self.load::<u32>(at, 4) == key && self.load::<u32>(at, 8) == attrs {
                return Some(child);
            }
            h = (h + 1) & mask;
        }
    }

    fn find_transition(&self, parent: Ref, key: u32, attrs: u32) -> Option<Ref> {
        let ctx = self.ctx();
        let tables = [ctx.realm.transitions.get(), ctx.mutable.local_transitions.get(), ctx.retained_transitions.get()];
        tables.into_iter().find_map(|table| self.edge_find(table, parent, key, attrs))
    }

    fn add_transition(&self, parent: Ref, key: u32, attrs: u32, child: Ref) {
        self.add_edge(&self.ctx().mutable.local_transitions, [parent.0, key, attrs, child.0]);
    }

    fn add_edge(&self, slot: &Cell<Ref>, edge: [u32; 4]) {
        let mut table = slot.get();
        let used: u32 = if table.is_null() { 0 } else { self.load(table, 12) };
        if table.is_null() || 2 * (used + 1) > self.len(table) {
            let cap = if table.is_null() { 32 } else { 2 * self.len(table) };
            let grown = self.alloc(Kind::Table, 16 + 16 * cap);
            self.init::<u32>(grown, CELL_LEN, cap);
            self.init::<u32>(grown, 12, used);
            for i in 0..2 * cap {
                self.init::<u64>(Ref(grown.0 + 16 + 8 * i), 0, 0);
            }
            self.edges_of(table).for_each(|edge| self.place_edge(grown, edge));
            slot.set(grown);
            table = grown;
        }
        self.place_edge(table, edge);
        self.put::<u32>(table, 12, used + 1);
    }

    /// Parent, key, attributes and child of each transition of a table, which may be null.
    pub(crate) fn edges_of(&self, table: Ref) -> impl Iterator<Item = [u32; 4]> + '_ {
        let len = if table.is_null() { 0 } else { self.len(table) };
        let edge = move |i: u32| [0, 4, 8, 12].map(|column| self.load::<u32>(Ref(table.0 + 16 + 16 * i), column));
        (0..len).map(edge).filter(|edge| edge[3] != 0)
    }

    fn place_edge(&self, table: Ref, [parent, key, attrs, child]: [u32; 4]) {
        let mask = self.len(table) - 1;
        let mut h = hash_edge(parent, key, attrs) & mask;
        while !self.load::<Ref>(Ref(table.0 + 16 + 16 * h), 12).is_null() {
            h = (h + 1) & mask;
        }
        let at = Ref(table.0 + 16 + 16 * h);
        [parent, key, attrs, child]
            .into_iter()
            .zip([0, 4, 8, 12])
            .for_each(|(word, column)| self.put(at, column, word));
    }

    /// Takes the transitions with a part that does not pass out of the tables of the request and of earlier ones.
    pub(crate) fn drop_dead_transitions(&self, live: impl Fn(Ref) -> bool) {
        for table in [self.ctx().mutable.local_transitions.get(), self.ctx().retained_transitions.get()] {
            if table.is_null() {
                continue;
            }
            // The key is a reference (name, prototype or shape) or null.
            let is_live = |edge: &[u32; 4]| [edge[0], edge[1], edge[3]].iter().all(|&part| live(Ref(part)));
            let kept: Vec<[u32; 4]> = self.edges_of(table).filter(is_live).collect();
            if kept.len() as u32 == self.load::<u32>(table, 12) {
                continue;
            }
            (0..2 * self.len(table)).for_each(|i| self.init::<u64>(Ref(table.0 + 16 + 8 * i), 0, 0));
            kept.iter().for_each(|&edge| self.place_edge(table, edge));
            self.init::<u32>(table, 12, kept.len() as u32);
        }
    }

    /// Moves the request's transitions to those of earlier requests: how many there are now.
    pub(crate) fn retain_transitions(&self) -> u32 {
        let ctx = self.ctx();
        let local = ctx.mutable.local_transitions.replace(Ref::NULL);
        self.edges_of(local).for_each(|edge| self.add_edge(&ctx.retained_transitions, edge));
        let retained = ctx.retained_transitions.get();
        if retained.is_null() { 0 } else { self.load(retained, 12) }
    }

    // ---- making shapes

    /// The empty shape of objects of `kind` with this prototype and number of inline slots.
    pub fn root_shape(&self, proto: Ref, kind: Kind, inline: u16) -> Ref {
        let attrs = EDGE_ROOT | kind as u32 | (inline as u32) << 8;
        if let Some(shape) = self.find_transition(Ref::NULL, proto.0, attrs) {
            return shape;
        }
        if !proto.is_null() {
            self.mark_as_proto(proto);
        }
        let shape = self.new_shape(proto, 0, Ref::NULL, inline, kind, 0, 0);
        self.add_transition(Ref::NULL, proto.0, attrs, shape);
        shape
    }

    /// The shape after adding property `key` (not present) with attributes. Dictionary shapes change in place.
    pub fn shape_add(&self, shape: Ref, key: Ref, attrs: u32) -> Ref {
        let flags = self.shape_flags(shape);
        if flags & SHAPE_DICT != 0 {
            // A dictionary of the image is copied first: what caches learn about the addition must not outlive it.
            let shape = if self.in_arena(shape) { shape } else { self.shape_to_dict(shape) };
            self.dict_push(shape, key, attrs);
            return shape;
        }
        if let Some(child) = self.find_transition(shape, key.0, attrs) {
            return child;
        }
        let count = self.shape_count(shape);
        let table: Ref = self.load(shape, SHAPE_TABLE);
        let slots: u32 = self.load(shape, SHAPE_SLOTS_USED);
        let shared =
            !table.is_null() && self.in_arena(table) && self.load::<u32>(table, 12) == count && count < self.len(table);
        let table = if shared { table } else { self.copy_table(table, count, if count < 4 { 4 } else { 2 * count }) };
        self.table_push(table, key, attrs | slots << attr::SLOT_SHIFT);
        let child = self.derive_shape(shape, count + 1, table, flags, slots + 1);
        self.add_transition(shape, key.0, attrs, child);
        child
    }

    /// A shape of `count` plain properties on top of an empty one, outside the transitions: for who sees a whole object
    /// before making it. `None` if a key comes twice.
    pub fn shape_of_keys(&self, root: Ref, count: u32, key: impl Fn(u32) -> Ref) -> Option<Ref> {
        let table = self.new_table(count);
        for i in 0..count {
            if self.table_find(table, i, key(i)).is_some() {
                return None;
            }
            self.table_push(table, key(i), attr::ALL | i << attr::SLOT_SHIFT);
        }
        Some(self.derive_shape(root, count, table, 0, count))
    }

    fn dict_push(&self, shape: Ref, key: Ref, attrs: u32) {
        let count = self.shape_count(shape);
        let slots: u32 = self.load(shape, SHAPE_SLOTS_USED);
        let mut table: Ref = self.load(shape, SHAPE_TABLE);
        if table.is_null() || count == self.len(table) {
            // Deleted entries are dropped when the table grows; their slots stay unused.
            let live = (0..count).filter(|&i| !self.shape_entry(shape, i).0.is_null()).count() as u32;
            let grown = self.new_table((2 * live).max(16));
            for i in 0..count {
                let (key, info) = self.shape_entry(shape, i);
                if !key.is_null() {
                    self.table_push(grown, key, info);
                }
            }
            self.put(shape, SHAPE_TABLE, grown);
            self.put(shape, SHAPE_COUNT, live);
            table = grown;
        }
        self.table_push(table, key, attrs | slots << attr::SLOT_SHIFT);
        let used: u32 = self.load(table, 12);
        self.put(shape, SHAPE_COUNT, used);
        self.put(shape, SHAPE_SLOTS_USED, slots + 1);
    }

    /// A dictionary shape with the same properties, for one object alone. Also made from a dictionary shape when cached
    /// knowledge of it must be invalidated.
    pub fn shape_to_dict(&self, shape: Ref) -> Ref {
        let count = self.shape_count(shape);
        let table = self.copy_table_live(shape, count);
        let used: u32 = self.load(table, 12);
        self.derive_shape(shape, used, table, self.shape_flags(shape) | SHAPE_DICT, self.load(shape, SHAPE_SLOTS_USED))
    }

    fn copy_table_live(&self, shape: Ref, count: u32) -> Ref {
        let copy = self.new_table((count + count / 2).max(16));
        for i in 0..count {
            let (key, info) = self.shape_entry(shape, i);
            if !key.is_null() {
                self.table_push(copy, key, info);
            }
        }
        copy
    }

    /// Changes the info of an entry of a dictionary shape.
    pub fn dict_set_info(&self, shape: Ref, entry: u32, info: u32) {
        debug_assert!(self.shape_flags(shape) & SHAPE_DICT != 0);
        let table: Ref = self.load(shape, SHAPE_TABLE);
        self.put(Ref(table.0 + TABLE_ENTRIES + 8 * entry), 4, info);
    }

    /// Takes an entry out of a dictionary shape. The key word keeps a tombstone that no key equals.
    pub fn dict_remove(&self, shape: Ref, entry: u32) {
        debug_assert!(self.shape_flags(shape) & SHAPE_DICT != 0);
        let table: Ref = self.load(shape, SHAPE_TABLE);
        self.put(Ref(table.0 + TABLE_ENTRIES + 8 * entry), 0, Ref::NULL);
    }

    /// The same properties with another prototype.
    pub fn shape_with_proto(&self, shape: Ref, proto: Ref) -> Ref {
        if !proto.is_null() {
            self.mark_as_proto(proto);
        }
        let flags = self.shape_flags(shape);
        if flags & SHAPE_DICT != 0 {
            let copy = self.shape_to_dict(shape);
            self.put(copy, SHAPE_PROTO, proto);
            return copy;
        }
        if let Some(child) = self.find_transition(shape, proto.0, EDGE_PROTO) {
            return child;
        }
        let count = self.shape_count(shape);
        // The table may be appended to by the other lineage, so this one gets its own on its first addition: `shared`
        // in `shape_add` holds for at most one of them, as the first append makes `used` differ from the other's count.
        let child =
            self.derive_shape(shape, count, self.load(shape, SHAPE_TABLE), flags, self.load(shape, SHAPE_SLOTS_USED));
        self.init(child, SHAPE_PROTO, proto);
        self.add_transition(shape, proto.0, EDGE_PROTO, child);
        child
    }

    /// The same properties, not extensible.
    pub fn shape_prevent_extensions(&self, shape: Ref) -> Ref {
        let flags = self.shape_flags(shape) | SHAPE_NON_EXTENSIBLE;
        if flags & SHAPE_DICT != 0 {
            self.put(shape, SHAPE_FLAGS, flags);
            return shape;
        }
        if let Some(child) = self.find_transition(shape, 0, EDGE_PREVENT) {
            return child;
        }
        let (count, slots) = (self.shape_count(shape), self.load(shape, SHAPE_SLOTS_USED));
        let child = self.derive_shape(shape, count, self.load(shape, SHAPE_TABLE), flags, slots);
        self.add_transition(shape, 0, EDGE_PREVENT, child);
        child
    }

    /// The same properties, not extensible, none configurable and, if `frozen`, no data property writable. Private names
    /// stay as they are. A dictionary shape gives a new dictionary shape.
    pub fn shape_with_integrity(&self, shape: Ref, frozen: bool) -> Ref {
        let flags = self.shape_flags(shape) | SHAPE_NON_EXTENSIBLE;
        let dict = flags & SHAPE_DICT != 0;
        let edge = if frozen { EDGE_FREEZE } else { EDGE_SEAL };
        if !dict && let Some(child) = self.find_transition(shape, 0, edge) {
            return child;
        }
        let count = self.shape_count(shape);
        let table = if dict {
            self.copy_table_live(shape, count)
        } else {
            self.copy_table(self.load(shape, SHAPE_TABLE), count, count)
        };
        let used: u32 = self.load(table, 12);
        for entry in 0..used {
            let at = Ref(table.0 + TABLE_ENTRIES + 8 * entry);
            let (key, info): (Ref, u32) = (self.load(at, 0), self.load(at, 4));
            if self.kind(key) == Kind::Symbol && self.is_private_name(key) {
                continue;
            }
            let lost = if frozen && info & attr::ACCESSOR == 0 { attr::C | attr::W } else { attr::C };
            self.init(at, 4, info & !lost);
        }
        let child = self.derive_shape(shape, used, table, flags, self.load(shape, SHAPE_SLOTS_USED));
        if !dict {
            self.add_transition(shape, 0, edge, child);
        }
        child
    }

    /// The shape of an object that was born with shape `empty` and then got the properties of `source` in order, all as by
    /// assignment; slot i is entry i of both. None if `source` has anything but enumerable data properties.
    pub fn shape_of_copy(&self, empty: Ref, source: Ref) -> Option<Ref> {
        if let Some(known) = self.find_transition(empty, source.0, EDGE_COPY) {
            return Some(known);
        }
        let count = self.shape_count(source);
        let fresh = self.shape_flags(empty) == 0 && self.load::<u32>(empty, SHAPE_SLOTS_USED) == 0;
        let ordered = self.shape_flags(source) & SHAPE_DICT == 0 && self.load::<u32>(source, SHAPE_SLOTS_USED) == count;
        if !fresh || !ordered || count > MAX_SHAPED || count == 0 {
            return (fresh && count == 0).then_some(empty);
        }
        let mut shape = empty;
        for i in 0..count {
            let (key, info) = self.shape_entry(source, i);
            let private = self.kind(key) == Kind::Symbol && self.is_private_name(key);
            if private || info & (attr::E | attr::ACCESSOR | attr::LAZY) != attr::E {
                return None;
            }
            shape = self.shape_add(shape, key, attr::ALL);
        }
        self.add_transition(empty, source.0, EDGE_COPY, shape);
        Some(shape)
    }

    /// Notes that an object serves as a prototype: from now on its structural changes bump the epoch.
    pub fn mark_as_proto(&self, obj: Ref) {
        if self.cell_flags(obj) & crate::object::OBJ_IS_PROTO == 0 {
            self.set_cell_flags(obj, crate::object::OBJ_IS_PROTO);
        }
    }

    /// Invalidates everything cached about prototypes if `obj` is one.
    #[inline]
    pub fn proto_changed(&self, obj: Ref) {
        if self.cell_flags(obj) & crate::object::OBJ_IS_PROTO != 0 {
            let epoch = &self.ctx().proto_epoch;
            epoch.set(epoch.get().wrapping_add(1));
        }
    }
}

fn hash_edge(parent: u32, key: u32, attrs: u32) -> u32 {
    let h = (parent >> 3).wrapping_mul(0x9E37_79B1)
        ^ (key >> 3).wrapping_mul(0x85EB_CA6B)
        ^ attrs.wrapping_mul(0xC2B2_AE35);
    h ^ h >> 15
}
