//! Walking the heap cell by cell: sizes, references, and the verifier that checks a heap about to be sealed.
//!
//! Cells stand one after the other without gaps (free memory is a cell, a free word one of 8 bytes), and a header says
//! enough to find the next one.
use super::layout::*;
use crate::object::SPARSE_EMPTY;
use crate::runtime::Rt;
use crate::value::{Ref, Value};
use std::ops::Range;

impl Rt {
    /// Bytes a cell takes, padding included.
    pub fn cell_size(&self, cell: Ref) -> u32 {
        let len = u64::from(self.len(cell));
        let kind = self.kind(cell);
        let bytes = match kind {
            // The only header whose first word is a size: 0 is a free word.
            Kind::Free => u64::from(self.load::<u32>(cell, CELL_SHAPE).max(HEADER)),
            Kind::Str8 | Kind::Bytes => u64::from(CELL_DATA) + len,
            Kind::Str16 => u64::from(CELL_DATA) + 2 * len,
            Kind::Rope | Kind::Slice | Kind::Symbol | Kind::Accessor => 24,
            Kind::BigInt | Kind::Words | Kind::Scope | Kind::Feedback => u64::from(CELL_DATA) + 8 * len,
            Kind::Shape => u64::from(SHAPE_BYTES),
            Kind::PropTable => crate::shape::table_bytes(self.len(cell)),
            Kind::Sparse | Kind::Table => u64::from(CELL_DATA) + 16 * len,
            Kind::Template => u64::from(TPL_BYTES),
            _ => {
                let inline = self.load::<u16>(cell, CELL_INLINE);
                u64::from(OBJ_INTERNAL) + 8 * (u64::from(kind.internal_words()) + u64::from(inline))
            }
        };
        bytes.next_multiple_of(8).min(CAGE_BYTES / 2) as u32
    }

    /// Calls `f` for every cell of `[from, to)`, in order. Stops at the end of the last cell that begins before `to`.
    pub fn walk_cells(&self, from: u32, to: u32, mut f: impl FnMut(Ref)) -> u32 {
        let mut at = from;
        while at < to {
            let cell = Ref(at);
            // The size first: `f` may turn the cell into another of the same size.
            let next = at.saturating_add(self.cell_size(cell));
            f(cell);
            at = next;
        }
        at
    }

    /// Calls `f` with every reference a cell holds; null ones are left out. Words that are no values are told by their
    /// missing tag. Cache sites of feedback vectors are not references.
    pub fn cell_references(&self, cell: Ref, mut f: impl FnMut(Ref)) {
        let kind = self.kind(cell);
        let mut raw = |at: u32| {
            let r: Ref = self.load(cell, at);
            if !r.is_null() {
                f(r);
            }
        };
        match kind {
            Kind::Free | Kind::BigInt | Kind::Bytes | Kind::Feedback => {}
            Kind::Str8 | Kind::Str16 => raw(crate::string::STR_ATOM_REF),
            Kind::Rope => {
                raw(12);
                raw(16);
            }
            Kind::Slice => raw(12),
            Kind::Shape => {
                raw(SHAPE_PROTO);
                raw(SHAPE_TABLE);
            }
            Kind::PropTable => {
                let used: u32 = self.load(cell, 12);
                self.raw_column(cell, used.min(self.len(cell)), 8, f);
            }
            Kind::Template => {
                raw(TPL_FEEDBACK);
                raw(TPL_NAME);
            }
            Kind::Table => {
                for column in [0, 4, 12] {
                    self.raw_column(Ref(cell.0 + column), self.len(cell), 16, &mut f);
                }
            }
            Kind::Symbol => self.value_words(cell, 16, 1, f),
            Kind::Accessor => self.value_words(cell, 8, 2, f),
            Kind::Words => self.value_words(cell, CELL_DATA, self.len(cell), f),
            Kind::Scope => {
                raw(SCOPE_PARENT);
                self.value_words(cell, SCOPE_SLOTS, self.len(cell), f);
            }
            Kind::Sparse => {
                for i in 0..self.len(cell) {
                    let at = Ref(cell.0 + 16 * i);
                    if self.load::<u32>(at, CELL_DATA) != SPARSE_EMPTY {
                        self.value_words(at, CELL_DATA + 8, 1, &mut f);
                    }
                }
            }
            Kind::Function => {
                [FUNC_TEMPLATE, FUNC_ENV, FUNC_HOME, FUNC_INSTANCE_SHAPE].into_iter().for_each(&mut raw);
                self.object_references(cell, 2, f);
            }
            Kind::Native => self.object_references(cell, 2, f),
            Kind::Generator | Kind::AsyncGenerator | Kind::AsyncFrame => {
                let frame = self.internal(cell, crate::interp::HEAP_FRAME);
                if frame.is_ref() {
                    // The one reference of a frame that is no value.
                    let all: Ref = self.load(frame.as_ref(), CELL_DATA + FRAME_ALL_ARGS);
                    if !all.is_null() {
                        f(all);
                    }
                }
                self.object_references(cell, 0, f);
            }
            _ => self.object_references(cell, 0, f),
        }
    }

    /// References of an object, internal words before `from` left out.
    pub(super) fn object_references(&self, cell: Ref, from: u32, mut f: impl FnMut(Ref)) {
        for at in [CELL_SHAPE, OBJ_SLOTS, OBJ_ELEMENTS] {
            let r: Ref = self.load(cell, at);
            if !r.is_null() {
                f(r);
            }
        }
        let words = self.kind(cell).internal_words() + u32::from(self.load::<u16>(cell, CELL_INLINE));
        self.value_words(cell, OBJ_INTERNAL + 8 * from, words - from, f);
    }

    /// u32 references of `n` rows of `stride` bytes from the data of a cell.
    fn raw_column(&self, cell: Ref, n: u32, stride: u32, mut f: impl FnMut(Ref)) {
        for i in 0..n {
            let r: Ref = self.load(Ref(cell.0 + stride * i), CELL_DATA);
            if !r.is_null() {
                f(r);
            }
        }
    }

    fn value_words(&self, cell: Ref, from: u32, n: u32, mut f: impl FnMut(Ref)) {
        for i in 0..n {
            let v: Value = self.load(Ref(cell.0 + 8 * i), from);
            if v.is_ref() {
                f(v.as_ref());
            }
        }
    }

    /// Checks that the cells of each range follow one another without gap, and that each reference in them is the start of a
    /// cell in one of the ranges. An error says which cell is wrong.
    pub fn verify_cells(&self, ranges: &[Range<u32>]) -> Result<(), String> {
        let last = ranges.iter().map(|range| range.end).max().unwrap_or(0);
        let mut starts = vec![0u64; last as usize / 512 + 1];
        let bit = |at: u32| ((at / 512) as usize, 1u64 << (at / 8 % 64));
        for range in ranges {
            let mut last = Ref(range.start);
            let end = self.walk_cells(range.start, range.end, |cell| {
                if self.kind(cell) != Kind::Free {
                    let (word, mask) = bit(cell.0);
                    starts[word] |= mask;
                }
                last = cell;
            });
            if end != range.end {
                let kind = self.kind(last);
                return Err(format!("cell {:#x} ({kind:?}) ends at {end:#x}, not at {:#x}", last.0, range.end));
            }
        }
        let is_cell = |r: Ref| {
            let (word, mask) = bit(r.0);
            r.0.is_multiple_of(8) && starts.get(word).is_some_and(|word| word & mask != 0)
        };
        let mut wrong = None;
        for range in ranges {
            self.walk_cells(range.start, range.end, |cell| {
                if wrong.is_none() {
                    self.cell_references(cell, |r| {
                        if wrong.is_none() && !is_cell(r) {
                            wrong = Some((cell, r));
                        }
                    });
                }
            });
        }
        match wrong {
            None => Ok(()),
            Some((cell, r)) => {
                Err(format!("cell {:#x} ({:?}) refers to {:#x}, which is no cell", cell.0, self.kind(cell), r.0))
            }
        }
    }

    /// The cell that contains an offset, found by walking from `from`.
    pub fn cell_containing(&self, from: u32, at: u32) -> Ref {
        let mut found = Ref(from);
        self.walk_cells(from, at + 1, |cell| found = cell);
        found
    }
}
