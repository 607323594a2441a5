//! Indexed properties: dense words with holes, or a hash from index to value and attributes.
//!
//! Sparse cell: `[header | capacity u32 | used u32 | capacity × {index u32, attrs u32, value}]`, open addressing;
//! an empty entry has index [`SPARSE_EMPTY`], a deleted one keeps its index and has the hole as value.
use super::{OBJ_FROZEN_ELEMENTS, OBJ_SEALED_ELEMENTS, Prop};
use crate::heap::layout::*;
use crate::runtime::Rt;
use crate::shape::attr;
use crate::value::{Ref, Value};

/// Index of an entry never used.
pub const SPARSE_EMPTY: u32 = u32::MAX;

/// Whether writing `index` should extend dense elements of capacity `cap` rather than turn them sparse.
pub fn fits_dense(index: u32, cap: u32) -> bool {
    index < cap.saturating_add(cap / 2).saturating_add(1024)
}

impl Rt {
    /// Elements cell of an object (null if none).
    #[inline(always)]
    pub fn elements(&self, obj: Ref) -> Ref {
        self.load(obj, OBJ_ELEMENTS)
    }

    /// Own element `index` of ordinary elements.
    pub fn element_own(&self, obj: Ref, index: u32) -> Option<Prop> {
        let elements = self.elements(obj);
        if elements.is_null() {
            return None;
        }
        if self.kind(elements) == Kind::Words {
            if index >= self.len(elements) {
                return None;
            }
            let v = self.word(elements, index);
            if v.is_hole() {
                return None;
            }
            let flags = self.cell_flags(obj);
            let attrs = if flags & OBJ_FROZEN_ELEMENTS != 0 {
                attr::E
            } else if flags & OBJ_SEALED_ELEMENTS != 0 {
                attr::E | attr::W
            } else {
                attr::ALL
            };
            return Some(Prop::data(v, attrs));
        }
        let at = self.sparse_find(elements, index)?;
        let v: Value = self.load(at, 8);
        if v.is_hole() {
            return None;
        }
        let mut attrs: u32 = self.load(at, 4);
        let flags = self.cell_flags(obj);
        if flags & OBJ_FROZEN_ELEMENTS != 0 {
            attrs &= !(attr::C | attr::W);
        } else if flags & OBJ_SEALED_ELEMENTS != 0 {
            attrs &= !attr::C;
        }
        Some(if attrs & attr::ACCESSOR != 0 {
            let pair = v.as_ref();
            Prop::accessor(self.load(pair, 8), self.load(pair, 16), attrs)
        } else {
            Prop::data(v, attrs)
        })
    }

    /// Makes dense elements at least `needed` long; returns them. The object must have dense or no elements.
    pub fn grow_elements(&self, obj: Ref, needed: u32) -> Ref {
        let old = self.elements(obj);
        let old_cap = if old.is_null() { 0 } else { self.len(old) };
        if needed <= old_cap {
            return old;
        }
        let cap = needed.max(old_cap.saturating_add(old_cap / 2).saturating_add(4));
        let grown = self.alloc_words(Kind::Words, cap);
        if old_cap > 0 {
            crate::heap::cage::copy(self.base(), old.0 + CELL_DATA, grown.0 + CELL_DATA, 8 * old_cap as usize);
        }
        for i in old_cap..cap {
            self.init_word(grown, i, Value::HOLE);
        }
        self.put(obj, OBJ_ELEMENTS, grown);
        grown
    }

    /// Writes element `index` as a plain data element (all attributes), extending or turning sparse as fits. Does not
    /// touch an array's length.
    pub fn put_element(&self, obj: Ref, index: u32, v: Value) {
        let elements = self.elements(obj);
        let cap = if elements.is_null() { 0 } else { self.len(elements) };
        if elements.is_null() || self.kind(elements) == Kind::Words {
            if index < cap {
                return self.put_word(elements, index, v);
            }
            if fits_dense(index, cap) {
                let grown = self.grow_elements(obj, index + 1);
                return self.put_word(grown, index, v);
            }
            self.make_sparse(obj);
        }
        self.sparse_put(obj, index, v, attr::ALL);
    }

    /// Writes element `index` with attributes (turning sparse for unusual ones).
    pub fn put_element_attrs(&self, obj: Ref, index: u32, v: Value, attrs: u32) {
        let elements = self.elements(obj);
        let dense = elements.is_null() || self.kind(elements) == Kind::Words;
        if dense && attrs == attr::ALL {
            return self.put_element(obj, index, v);
        }
        if dense {
            self.make_sparse(obj);
        }
        self.sparse_put(obj, index, v, attrs);
    }

    /// Removes element `index`.
    pub fn remove_element(&self, obj: Ref, index: u32) {
        let elements = self.elements(obj);
        if elements.is_null() {
            return;
        }
        if self.kind(elements) == Kind::Words {
            if index < self.len(elements) {
                self.put_word(elements, index, Value::HOLE);
            }
        } else if let Some(at) = self.sparse_find(elements, index) {
            self.put(at, 8, Value::HOLE);
        }
    }

    /// Turns dense elements into sparse ones.
    pub fn make_sparse(&self, obj: Ref) {
        let dense = self.elements(obj);
        let cap = if dense.is_null() { 0 } else { self.len(dense) };
        let live = (0..cap).filter(|&i| !self.word(dense, i).is_hole()).count() as u32;
        let sparse = self.new_sparse((2 * live).next_power_of_two().max(16));
        self.put(obj, OBJ_ELEMENTS, sparse);
        for i in 0..cap {
            let v = self.word(dense, i);
            if !v.is_hole() {
                self.sparse_put(obj, i, v, attr::ALL);
            }
        }
    }

    fn new_sparse(&self, cap: u32) -> Ref {
        let cell = self.alloc(Kind::Sparse, 16 + 16 * cap);
        self.init::<u64>(cell, CELL_LEN, u64::from(cap));
        for i in 0..cap {
            let at = Ref(cell.0 + 16 + 16 * i);
            self.init::<u64>(at, 0, u64::from(SPARSE_EMPTY));
            self.init(at, 8, Value::HOLE);
        }
        cell
    }

    fn sparse_find(&self, cell: Ref, index: u32) -> Option<Ref> {
        let mask = self.len(cell) - 1;
        let mut h = index.wrapping_mul(0x9E37_79B1) >> 5 & mask;
        loop {
            let at = Ref(cell.0 + 16 + 16 * h);
            let found: u32 = self.load(at, 0);
            if found == index {
                return Some(at);
            }
            if found == SPARSE_EMPTY {
                return None;
            }
            h = (h + 1) & mask;
        }
    }

    fn sparse_put(&self, obj: Ref, index: u32, v: Value, attrs: u32) {
        let mut cell = self.elements(obj);
        if let Some(at) = self.sparse_find(cell, index) {
            self.put(at, 4, attrs);
            return self.put(at, 8, v);
        }
        let used: u32 = self.load(cell, 12);
        if 2 * (used + 1) > self.len(cell) {
            let live = self.sparse_indices(cell).len() as u32;
            let grown = self.new_sparse((4 * (live + 1)).next_power_of_two().max(16));
            self.put(obj, OBJ_ELEMENTS, grown);
            for i in 0..self.len(cell) {
                let at = Ref(cell.0 + 16 + 16 * i);
                let old: Value = self.load(at, 8);
                if !old.is_hole() {
                    self.sparse_put(obj, self.load(at, 0), old, self.load(at, 4));
                }
            }
            cell = grown;
        }
        let mask = self.len(cell) - 1;
        let mut h = index.wrapping_mul(0x9E37_79B1) >> 5 & mask;
        while self.load::<u32>(Ref(cell.0 + 16 + 16 * h), 0) != SPARSE_EMPTY {
            h = (h + 1) & mask;
        }
        let at = Ref(cell.0 + 16 + 16 * h);
        self.put(at, 0, index);
        self.put(at, 4, attrs);
        self.put(at, 8, v);
        let used: u32 = self.load(cell, 12);
        self.put::<u32>(cell, 12, used + 1);
    }

    fn sparse_indices(&self, cell: Ref) -> Vec<u32> {
        (0..self.len(cell))
            .map(|i| Ref(cell.0 + 16 + 16 * i))
            .filter(|&at| !self.load::<Value>(at, 8).is_hole())
            .map(|at| self.load(at, 0))
            .collect()
    }

    /// Indices of own elements, ascending.
    pub fn element_indices(&self, obj: Ref) -> Vec<u32> {
        let elements = self.elements(obj);
        if elements.is_null() {
            return Vec::new();
        }
        if self.kind(elements) == Kind::Words {
            return (0..self.len(elements)).filter(|&i| !self.word(elements, i).is_hole()).collect();
        }
        let mut indices = self.sparse_indices(elements);
        indices.sort_unstable();
        indices
    }

    /// The dense elements of an array without unusual attributes, if that is what it has: (elements, length). Every
    /// index below the length is inside the cell; holes possible.
    #[inline]
    pub fn dense_array(&self, v: Value) -> Option<(Ref, u32)> {
        if !self.is_kind(v, Kind::Array) {
            return None;
        }
        let array = v.as_ref();
        let elements = self.elements(array);
        let len = self.array_len(array);
        if elements.is_null() {
            return (len == 0).then_some((Ref::NULL, 0));
        }
        (self.kind(elements) == Kind::Words && len <= self.len(elements)).then_some((elements, len))
    }
}
