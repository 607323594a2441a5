//! Objects: allocation, property slots, and the essential internal methods (10.1 ordinary, 10.4 exotic).
//!
//! Layout: `[shape | kind, flags, inline | slots | elements | internal words… | inline property slots…]`.
mod elements;
mod internal;
mod key;
mod own;

pub use elements::{SPARSE_EMPTY, fits_dense};
pub use key::{Desc, Key, Prop};

use crate::heap::layout::*;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::shape::attr;
use crate::value::{Ref, Value};

/// The object serves as a prototype.
pub const OBJ_IS_PROTO: u8 = 1;
/// Elements are neither writable nor configurable.
pub const OBJ_FROZEN_ELEMENTS: u8 = 2;
/// Elements are not configurable.
pub const OBJ_SEALED_ELEMENTS: u8 = 4;
/// An array's `length` is not writable.
pub const OBJ_LENGTH_READONLY: u8 = 8;
/// Has `[[Construct]]`.
pub const OBJ_CONSTRUCTOR: u8 = 16;
/// Has `[[Call]]`.
pub const OBJ_CALLABLE: u8 = 32;
/// A class constructor made by `extends` or a base class: cannot be called.
pub const OBJ_CLASS: u8 = 64;

/// Inline slots of `{}`.
pub const EMPTY_LITERAL_SLOTS: u16 = 4;

impl Rt {
    /// A new object of a shape: no elements, inline slots undefined, internal words undefined (the caller sets them).
    #[inline]
    pub fn alloc_object(&self, shape: Ref) -> Ref {
        let inline: u16 = self.load(shape, SHAPE_INLINE);
        let kind = Kind::from_byte(self.load(shape, SHAPE_KIND));
        let words = kind.internal_words() + u32::from(inline);
        if self.has_room(OBJ_INTERNAL + 8 * words) {
            self.alloc_object_as(shape, kind, inline, words)
        } else {
            self.alloc_object_cold(shape, kind, inline, words)
        }
    }

    #[cold]
    #[inline(never)]
    fn alloc_object_cold(&self, shape: Ref, kind: Kind, inline: u16, words: u32) -> Ref {
        self.alloc_object_as(shape, kind, inline, words)
    }

    #[inline(always)]
    fn alloc_object_as(&self, shape: Ref, kind: Kind, inline: u16, words: u32) -> Ref {
        let obj = self.alloc(kind, OBJ_INTERNAL + 8 * words);
        self.init(obj, CELL_SHAPE, shape);
        self.init::<u16>(obj, CELL_INLINE, inline);
        self.init::<u64>(obj, OBJ_SLOTS, 0);
        for i in 0..words {
            self.init(Ref(obj.0 + 8 * i), OBJ_INTERNAL, Value::UNDEFINED);
        }
        obj
    }

    /// `{}`
    pub fn new_object(&self) -> Ref {
        self.alloc_object(self.ctx().realm.empty_object_shape.get())
    }

    /// `OrdinaryObjectCreate(proto)`; a null reference for `null`.
    pub fn new_object_with_proto(&self, proto: Ref) -> Ref {
        self.alloc_object(self.root_shape(proto, Kind::Object, EMPTY_LITERAL_SLOTS))
    }

    /// An object of an exotic or internal kind with an intrinsic prototype.
    pub fn new_of_kind(&self, kind: Kind, proto: Intrinsic) -> Ref {
        self.alloc_object(self.root_shape(self.intrinsic(proto), kind, 0))
    }

    /// The same with a given prototype.
    pub fn new_of_kind_with_proto(&self, kind: Kind, proto: Ref) -> Ref {
        self.alloc_object(self.root_shape(proto, kind, 0))
    }

    /// A new array with room for `capacity` elements and length 0.
    #[inline]
    pub fn new_array_with_capacity(&self, capacity: u32) -> Ref {
        let array = self.alloc_object(self.ctx().realm.array_shape.get());
        self.init::<u64>(array, ARRAY_LENGTH, 0);
        if capacity > 0 {
            let elements = self.alloc_words_filled(Kind::Words, capacity, Value::HOLE);
            self.init(array, OBJ_ELEMENTS, elements);
        }
        array
    }

    /// A new array of these values.
    pub fn new_array(&self, values: &[Value]) -> Ref {
        let array = self.new_array_with_capacity(values.len() as u32);
        let elements: Ref = self.load(array, OBJ_ELEMENTS);
        for (i, &v) in values.iter().enumerate() {
            self.init_word(elements, i as u32, v);
        }
        self.init::<u32>(array, ARRAY_LENGTH, values.len() as u32);
        array
    }

    /// Length of an Array object.
    #[inline(always)]
    pub fn array_len(&self, array: Ref) -> u32 {
        self.load(array, ARRAY_LENGTH)
    }

    /// Appends to an array that this code made itself (no user-visible checks).
    #[inline]
    pub fn array_push(&self, array: Ref, v: Value) {
        let len = self.array_len(array);
        let mut elements: Ref = self.load(array, OBJ_ELEMENTS);
        if elements.is_null() || len >= self.len(elements) {
            elements = self.grow_elements(array, len + 1);
        }
        self.put_word(elements, len, v);
        self.put::<u32>(array, ARRAY_LENGTH, len + 1);
    }

    /// Internal word `i` of an exotic object as a value.
    #[inline(always)]
    pub fn internal(&self, obj: Ref, i: u32) -> Value {
        self.load(Ref(obj.0 + 8 * i), OBJ_INTERNAL)
    }

    /// Sets internal word `i`.
    #[inline(always)]
    pub fn set_internal(&self, obj: Ref, i: u32, v: Value) {
        self.put(Ref(obj.0 + 8 * i), OBJ_INTERNAL, v);
    }

    /// Byte offset of an inline slot, or `None` if the slot is out of line.
    #[inline(always)]
    pub fn inline_offset(&self, shape: Ref, slot: u32) -> Option<u32> {
        let inline: u16 = self.load(shape, SHAPE_INLINE);
        let kind = Kind::from_byte(self.load(shape, SHAPE_KIND));
        (slot < u32::from(inline)).then(|| OBJ_INTERNAL + 8 * (kind.internal_words() + slot))
    }

    /// Value of a property slot.
    #[inline]
    pub fn slot(&self, obj: Ref, slot: u32) -> Value {
        let shape = self.shape_of(obj);
        match self.inline_offset(shape, slot) {
            Some(off) => self.load(obj, off),
            None => {
                let slots: Ref = self.load(obj, OBJ_SLOTS);
                let i = slot - u32::from(self.load::<u16>(shape, SHAPE_INLINE));
                if slots.is_null() || i >= self.len(slots) { Value::HOLE } else { self.word(slots, i) }
            }
        }
    }

    /// Writes a property slot, making room.
    pub fn set_slot(&self, obj: Ref, slot: u32, v: Value) {
        let shape = self.shape_of(obj);
        if let Some(off) = self.inline_offset(shape, slot) {
            return self.put(obj, off, v);
        }
        if self.kind(obj) == Kind::Function {
            // `prototype` may be what changes: instances made from now on need another shape.
            self.put::<u32>(obj, FUNC_INSTANCE_SHAPE, 0);
        }
        let i = slot - u32::from(self.load::<u16>(shape, SHAPE_INLINE));
        let mut slots: Ref = self.load(obj, OBJ_SLOTS);
        if slots.is_null() || i >= self.len(slots) {
            let old_len = if slots.is_null() { 0 } else { self.len(slots) };
            let grown = self.alloc_words(Kind::Words, (i + 1).max(2 * old_len).max(4));
            for k in 0..old_len {
                self.init_word(grown, k, self.word(slots, k));
            }
            for k in old_len..self.len(grown) {
                self.init_word(grown, k, Value::HOLE);
            }
            self.put(obj, OBJ_SLOTS, grown);
            slots = grown;
        }
        self.put_word(slots, i, v);
    }

    /// Adds a named property that is known to be absent, without checks (boot, literals, fresh objects).
    pub fn add_property(&self, obj: Ref, key: Ref, v: Value, attrs: u32) {
        let shape = self.shape_of(obj);
        let slot: u32 = self.load(shape, SHAPE_SLOTS_USED);
        let next = if self.shape_count(shape) >= crate::shape::MAX_SHAPED
            && self.shape_flags(shape) & crate::shape::SHAPE_DICT == 0
        {
            let dict = self.shape_to_dict(shape);
            self.put(obj, CELL_SHAPE, dict);
            self.shape_add(dict, key, attrs)
        } else {
            self.shape_add(shape, key, attrs)
        };
        // The slot is written before the shape names it; both shapes agree on inline slots and kind.
        self.set_slot(obj, slot, v);
        if next != self.shape_of(obj) {
            self.put(obj, CELL_SHAPE, next);
        }
        self.proto_changed(obj);
    }

    /// Adds or overwrites a plain data property of an ordinary object this code made itself.
    pub fn put_own(&self, obj: Ref, key: Ref, v: Value) {
        match self.shape_find(self.shape_of(obj), key) {
            Some(found) => self.set_slot(obj, found.slot(), v),
            None => self.add_property(obj, key, v, attr::ALL),
        }
    }

    /// `{ value, done }`
    pub fn new_iter_result(&self, value: Value, done: bool) -> Value {
        let obj = self.alloc_object(self.ctx().realm.iter_result_shape.get());
        self.init(obj, OBJ_INTERNAL, value);
        self.init(obj, OBJ_INTERNAL + 8, Value::bool(done));
        Value::object(obj)
    }

    /// Whether a value can be called.
    #[inline(always)]
    pub fn is_callable(&self, v: Value) -> bool {
        v.is_object() && self.cell_flags(v.as_ref()) & OBJ_CALLABLE != 0
    }

    /// Whether a value can be constructed.
    #[inline(always)]
    pub fn is_constructor(&self, v: Value) -> bool {
        v.is_object() && self.cell_flags(v.as_ref()) & OBJ_CONSTRUCTOR != 0
    }

    /// Whether a value is an object of a kind.
    #[inline(always)]
    pub fn is_kind(&self, v: Value, kind: Kind) -> bool {
        v.is_object() && self.kind(v.as_ref()) == kind
    }

    /// An intrinsic object.
    #[inline(always)]
    pub fn intrinsic(&self, which: Intrinsic) -> Ref {
        self.ctx().intrinsic(which)
    }
}
