//! Interning: property keys are atoms, so that key equality is reference equality.
//!
//! Tables of one form: the image's, never written after sealing, the request's own, in the arena and gone with it, and that
//! of what earlier requests left (`isolation: worker`). A table is a Words cell of u32 string references with open addressing; its length is a power of two.
use super::{STR_ATOM, STR_ATOM_REF, STR_INDEX, Units};
use crate::heap::layout::*;
use crate::object::Key;
use crate::runtime::Rt;
use crate::value::{Ref, Value};
use std::cell::Cell;

/// Entries of a first table.
const MIN_TABLE: u32 = 64;

/// Hash of units, the same for both widths; never 0.
pub fn hash_units(units: impl Iterator<Item = u16>, seed: u32) -> u32 {
    let mut h = seed as u64 ^ 0x9E37_79B9_7F4A_7C15;
    for unit in units {
        h = (h ^ unit as u64).wrapping_mul(0x2127_599B_F432_5C37);
        h ^= h >> 29;
    }
    ((h ^ (h >> 32)) as u32).max(1)
}

/// The array index that these units spell canonically, if any (0 to 2³² − 2).
pub fn parse_index(units: Units<'_>) -> Option<u32> {
    let len = units.len();
    if len == 0 || len > 10 {
        return None;
    }
    let first = units.at(0);
    if first == b'0' as u16 {
        return (len == 1).then_some(0);
    }
    let mut n: u64 = 0;
    for unit in units.iter() {
        let digit = unit.wrapping_sub(b'0' as u16);
        if digit > 9 {
            return None;
        }
        n = n * 10 + digit as u64;
    }
    (n < u32::MAX as u64).then_some(n as u32)
}

impl Rt {
    /// Hash of a string, computed once.
    pub fn str_hash(&self, s: Ref) -> u32 {
        let known: u32 = self.load(s, CELL_SHAPE);
        if known != 0 {
            return known;
        }
        let seed = self.ctx().realm.hash_seed.get();
        let hash = self.with_units(s, |u| match u {
            Units::Latin1(b) => hash_units(b.iter().map(|&b| b as u16), seed),
            Units::Utf16(w) => hash_units(w.iter().copied(), seed),
        });
        self.put(s, CELL_SHAPE, hash);
        hash
    }

    /// The atom with the units of `s`.
    pub fn intern(&self, s: Ref) -> Ref {
        if self.cell_flags(s) & STR_ATOM != 0 && self.kind(s) != Kind::Rope {
            return s;
        }
        let flat_kind = matches!(self.kind(s), Kind::Str8 | Kind::Str16);
        if flat_kind {
            let known: u32 = self.load(s, STR_ATOM_REF);
            if known != 0 {
                return Ref(known);
            }
        }
        let hash = self.str_hash(s);
        let image = self.ctx().realm.atoms.get();
        if let Some(atom) = self.probe(image, hash, s) {
            self.remember_atom(s, atom, flat_kind);
            return atom;
        }
        for table in [self.ctx().mutable.local_atoms.get(), self.ctx().retained_atoms.get()] {
            if let Some(atom) = self.probe(table, hash, s) {
                self.remember_atom(s, atom, flat_kind);
                return atom;
            }
        }
        let atom = self.make_atom(s);
        self.remember_atom(s, atom, flat_kind && atom != s);
        self.add_atom(atom, hash);
        atom
    }

    /// The atom of Rust text.
    pub fn intern_str(&self, text: &str) -> Ref {
        self.intern(self.new_str(text))
    }

    fn remember_atom(&self, s: Ref, atom: Ref, flat: bool) {
        if flat && s != atom {
            self.put(s, STR_ATOM_REF, atom.0);
        }
    }

    /// A slice would pin its parent and a rope is no atom: both are copied; a flat string becomes the atom itself.
    fn make_atom(&self, s: Ref) -> Ref {
        let atom = match self.kind(s) {
            Kind::Str8 | Kind::Str16 => s,
            _ => {
                let len = self.len(s);
                let wide = self.is_wide(s);
                let s = self.flatten(s);
                let cell = if wide { self.alloc_str16(len) } else { self.alloc_str8(len) };
                self.copy_units(s, 0, len, cell, 0);
                self.init::<u32>(cell, CELL_SHAPE, self.str_hash(s));
                cell
            }
        };
        self.str_hash(atom);
        let index = self.with_units(atom, parse_index).is_some();
        self.put::<u8>(atom, CELL_FLAGS, STR_ATOM | if index { STR_INDEX } else { 0 });
        atom
    }

    fn probe(&self, table: Ref, hash: u32, s: Ref) -> Option<Ref> {
        if table.is_null() {
            return None;
        }
        let mask = self.len(table) - 1;
        let mut i = hash & mask;
        loop {
            let entry = self.word(table, i);
            if entry.is_undefined() {
                return None;
            }
            let atom = entry.as_ref();
            if self.load::<u32>(atom, CELL_SHAPE) == hash && self.str_eq_units(atom, s) {
                return Some(atom);
            }
            i = (i + 1) & mask;
        }
    }

    fn str_eq_units(&self, a: Ref, b: Ref) -> bool {
        a == b || (self.len(a) == self.len(b) && self.with_units(a, |a| self.with_units(b, |b| a.iter().eq(b.iter()))))
    }

    /// Adds to the request's table (while booting: the one that will be sealed).
    fn add_atom(&self, atom: Ref, hash: u32) {
        self.add_atom_to(&self.ctx().mutable.local_atoms, atom, hash);
    }

    /// Adds to a table. The count stands beside the length.
    fn add_atom_to(&self, slot: &Cell<Ref>, atom: Ref, hash: u32) {
        let mut table = slot.get();
        let used = if table.is_null() { 0 } else { self.load::<u32>(table, CELL_LEN + 4) };
        if table.is_null() || 2 * (used + 1) > self.len(table) {
            let bigger = if table.is_null() { MIN_TABLE } else { 2 * self.len(table) };
            let grown = self.alloc_words_filled(Kind::Words, bigger, Value::UNDEFINED);
            self.atoms_of(table).for_each(|entry| self.place_atom(grown, entry, self.load(entry.as_ref(), CELL_SHAPE)));
            self.init::<u32>(grown, CELL_LEN + 4, used);
            slot.set(grown);
            table = grown;
        }
        self.place_atom(table, Value::string(atom), hash);
        self.put::<u32>(table, CELL_LEN + 4, used + 1);
    }

    fn atoms_of(&self, table: Ref) -> impl Iterator<Item = Value> + '_ {
        let len = if table.is_null() { 0 } else { self.len(table) };
        (0..len).map(move |i| self.word(table, i)).filter(|entry| !entry.is_undefined())
    }

    /// Takes the atoms that do not pass out of the tables of the request and of earlier ones.
    pub(crate) fn drop_dead_atoms(&self, live: impl Fn(Ref) -> bool) {
        for table in [self.ctx().mutable.local_atoms.get(), self.ctx().retained_atoms.get()] {
            if table.is_null() {
                continue;
            }
            let kept: Vec<Value> = self.atoms_of(table).filter(|v| live(v.as_ref())).collect();
            if kept.len() as u32 == self.load::<u32>(table, CELL_LEN + 4) {
                continue;
            }
            (0..self.len(table)).for_each(|i| self.init_word(table, i, Value::UNDEFINED));
            kept.iter().for_each(|&v| self.place_atom(table, v, self.load(v.as_ref(), CELL_SHAPE)));
            self.init::<u32>(table, CELL_LEN + 4, kept.len() as u32);
        }
    }

    /// Moves the request's atoms to those of earlier requests: how many there are now.
    pub(crate) fn retain_atoms(&self) -> u32 {
        let ctx = self.ctx();
        let local = ctx.mutable.local_atoms.replace(Ref::NULL);
        for atom in self.atoms_of(local) {
            self.add_atom_to(&ctx.retained_atoms, atom.as_ref(), self.load(atom.as_ref(), CELL_SHAPE));
        }
        let retained = ctx.retained_atoms.get();
        if retained.is_null() { 0 } else { self.load(retained, CELL_LEN + 4) }
    }

    fn place_atom(&self, table: Ref, atom: Value, hash: u32) {
        let mask = self.len(table) - 1;
        let mut i = hash & mask;
        while !self.word(table, i).is_undefined() {
            i = (i + 1) & mask;
        }
        self.put_word(table, i, atom);
    }

    /// The property key of a string: an array index or an atom.
    #[inline]
    pub fn key_of_string(&self, s: Ref) -> Key {
        let flags = self.cell_flags(s);
        if flags & (STR_ATOM | STR_INDEX) == STR_ATOM && self.kind(s) != Kind::Rope {
            return Key::Name(s);
        }
        self.key_of_string_slow(s)
    }

    fn key_of_string_slow(&self, s: Ref) -> Key {
        if self.len(s) <= 10
            && let Some(i) = self.with_units(s, parse_index)
        {
            return Key::Index(i);
        }
        Key::Name(self.intern(s))
    }
}
