//! Marking: which cells of the arena are reachable.
//!
//! One bit for every 8 bytes of the arena; all bits of a marked cell are set, so the bitmap is also the map of what is
//! free. Cells below the arena are not marked: they live as long as the image, and those that may refer to the arena are on
//! dirty cards, which are roots.
use super::barrier::CARD_SHIFT;
use super::layout::*;
use crate::builtins::collections::{Registration, table};
use crate::runtime::Rt;
use crate::value::{Ref, Value};
use std::collections::HashMap;

/// What a collection knows of the arena. Its memory is kept between collections.
#[derive(Debug, Default)]
pub struct Marker {
    /// First byte of the arena.
    start: u32,
    live: Vec<u64>,
    /// Marked cells whose references were not followed yet.
    open: Vec<Ref>,
    /// Values of weak maps by the key that keeps them alive, for keys that nothing else has reached yet.
    ephemerons: HashMap<Ref, Vec<Value>>,
    /// Cells whose references do not keep all they refer to alive.
    pub(super) weak_tables: Vec<Ref>,
    pub(super) weak_refs: Vec<Ref>,
    pub(super) registries: Vec<Ref>,
}

impl Marker {
    /// Nothing of `[start, top)` is marked.
    pub(super) fn begin(&mut self, start: u32, top: u32) {
        self.start = start;
        self.live.clear();
        self.live.resize(((top - start) as usize / 8).div_ceil(64), 0);
        for list in [&mut self.open, &mut self.weak_tables, &mut self.weak_refs, &mut self.registries] {
            list.clear();
        }
        self.ephemerons.clear();
    }

    /// Whether a collection left memory to be used by the next.
    pub(super) fn has_memory(&self) -> bool {
        self.live.capacity() > 0
    }

    /// One bit a granule of 8 bytes, from the arena's start on.
    pub(super) fn live(&self) -> &[u64] {
        &self.live
    }

    /// Whether a cell was reached, or lies below the arena.
    pub(super) fn is_live(&self, cell: Ref) -> bool {
        if cell.0 < self.start {
            return true;
        }
        let i = (cell.0 - self.start) as usize / 8;
        self.live[i / 64] >> (i % 64) & 1 != 0
    }

    /// Whether a value is no reference, or one to a live cell.
    pub(super) fn is_live_value(&self, v: Value) -> bool {
        !v.is_ref() || self.is_live(v.as_ref())
    }

    /// Marks a cell without following its references.
    fn mark_only(&mut self, rt: &Rt, cell: Ref) {
        self.mark_bits(rt, cell);
    }

    /// Marks a cell, to be followed later.
    fn mark(&mut self, rt: &Rt, cell: Ref) {
        if self.mark_bits(rt, cell) {
            self.open.push(cell);
        }
    }

    /// Whether it was unmarked.
    fn mark_bits(&mut self, rt: &Rt, cell: Ref) -> bool {
        if self.is_live(cell) {
            return false;
        }
        let first = (cell.0 - self.start) as usize / 8;
        let end = first + rt.cell_size(cell) as usize / 8;
        debug_assert!(rt.kind(cell) != Kind::Free && end <= 64 * self.live.len(), "{:#x} is no cell", cell.0);
        let (low, high) = (u64::MAX << (first % 64), u64::MAX >> (63 - (end - 1) % 64));
        let (from, to) = (first / 64, (end - 1) / 64);
        if from == to {
            self.live[from] |= low & high;
        } else {
            self.live[from] |= low;
            self.live[from + 1..to].fill(u64::MAX);
            self.live[to] |= high;
        }
        true
    }

    fn mark_value(&mut self, rt: &Rt, v: Value) {
        if v.is_ref() {
            self.mark(rt, v.as_ref());
        }
    }

    /// Marks all that the roots reach.
    pub(super) fn mark_all(&mut self, rt: &Rt) {
        self.mark_context(rt);
        self.mark_stack(rt);
        self.mark_dirty_cards(rt);
        let (mut seen, mut lineages) = (0, false);
        loop {
            self.follow(rt);
            if let Some(&table) = self.weak_tables.get(seen) {
                seen += 1;
                self.mark_ephemerons(rt, table);
            } else if lineages {
                return;
            } else {
                lineages = true;
                self.mark_lineages(rt);
            }
        }
    }

    /// The shapes that live ones were derived from: objects made the same way later find the way there again.
    fn mark_lineages(&mut self, rt: &Rt) {
        let ctx = rt.ctx();
        let tables = [ctx.mutable.local_transitions.get(), ctx.retained_transitions.get()];
        let edges = || tables.into_iter().flat_map(|table| rt.edges_of(table));
        let parents: HashMap<u32, u32> = edges().map(|[parent, _, _, child]| (child, parent)).collect();
        let live: Vec<u32> = edges().filter(|edge| self.is_live(Ref(edge[3]))).map(|edge| edge[0]).collect();
        for parent in live {
            let mut next = Some(&parent);
            while let Some(&shape) = next.filter(|&&shape| !self.is_live(Ref(shape))) {
                self.mark(rt, Ref(shape));
                next = parents.get(&shape);
            }
        }
    }

    fn mark_context(&mut self, rt: &Rt) {
        let ctx = rt.ctx();
        self.mark_value(rt, ctx.exception.get());
        let mutable = &ctx.mutable;
        for r in [&mutable.jobs, &mutable.symbol_registry, &mutable.unhandled, &mutable.json_cache, &mutable.console] {
            self.mark(rt, r.get());
        }
        self.mark(rt, mutable.template_objects.get());
        mutable.embedding.iter().for_each(|slot| self.mark_value(rt, slot.get()));
        // Tables of what exists: they keep nothing alive (see `weak.rs`).
        self.mark_only(rt, mutable.local_atoms.get());
        self.mark_only(rt, mutable.local_transitions.get());
        self.mark_only(rt, ctx.retained_atoms.get());
        self.mark_only(rt, ctx.retained_transitions.get());
    }

    /// Every word of the VM stack is a value, a frame's linkage (which no tag resembles) or left from an earlier frame, and
    /// then refers to cells that were alive at the last collection: above the top the stack is zeroed.
    fn mark_stack(&mut self, rt: &Rt) {
        let ctx = rt.ctx();
        for at in (ctx.stack_base.get()..ctx.vm_sp.get()).step_by(8) {
            self.mark_value(rt, rt.load(Ref(at), 0));
        }
        let mut fp = ctx.fp.get();
        while fp != 0 {
            if fp >= self.start {
                // The frame of a running generator or async function.
                self.mark(rt, Ref(fp - CELL_DATA));
            }
            self.mark(rt, rt.load(Ref(fp), FRAME_ALL_ARGS));
            fp = rt.load(Ref(fp), FRAME_CALLER);
        }
    }

    /// The cells of the image that were written since the last reset.
    fn mark_dirty_cards(&mut self, rt: &Rt) {
        let starts = rt.host().space.starts.borrow();
        let starts = starts.get_or_init(|| cell_starts(rt));
        let mut followed = 0;
        rt.dirty_cards(|card| {
            let first = starts.get((card >> CARD_SHIFT) as usize).map_or(card, |&start| start.max(followed));
            if first < card + (1 << CARD_SHIFT) {
                followed = rt.walk_cells(first, card + (1 << CARD_SHIFT), |cell| self.follow_cell(rt, cell));
            }
        });
    }

    fn follow(&mut self, rt: &Rt) {
        while let Some(cell) = self.open.pop() {
            if !self.ephemerons.is_empty()
                && let Some(values) = self.ephemerons.remove(&cell)
            {
                values.into_iter().for_each(|v| self.mark_value(rt, v));
            }
            self.follow_cell(rt, cell);
        }
    }

    fn follow_cell(&mut self, rt: &Rt, cell: Ref) {
        let kind = rt.kind(cell);
        match kind {
            Kind::WeakMap | Kind::WeakSet => {
                self.weak_tables.push(cell);
                table::cells(rt, cell).for_each(|part| self.mark_only(rt, part));
            }
            Kind::WeakRef => {
                self.weak_refs.push(cell);
                if rt.internal(cell, 1) == Value::uint(rt.host().space.job()) {
                    self.mark_value(rt, rt.internal(cell, 0));
                }
            }
            Kind::FinalizationRegistry => {
                self.registries.push(cell);
                [0, 1].into_iter().for_each(|i| self.mark_value(rt, rt.internal(cell, i)));
                Registration::cells(rt, cell).for_each(|part| self.mark_only(rt, part));
                Registration::all(rt, cell).for_each(|r| self.mark_value(rt, r.held));
            }
            _ => return rt.cell_references(cell, |r| self.mark(rt, r)),
        }
        rt.object_references(cell, kind.internal_words(), |r| self.mark(rt, r));
    }

    /// What a key of a weak map keeps alive: marked now if the key is, else when it is reached.
    fn mark_ephemerons(&mut self, rt: &Rt, map: Ref) {
        if rt.kind(map) != Kind::WeakMap {
            return;
        }
        for entry in 0..table::used_entries(rt, map) {
            let (key, v) = (table::key_at(rt, map, entry), table::value_at(rt, map, entry));
            if self.is_live_value(key) {
                self.mark_value(rt, v);
            } else if v.is_ref() {
                self.ephemerons.entry(key.as_ref()).or_default().push(v);
            }
        }
    }
}

/// For every card of the image the start of the cell that its first byte belongs to.
pub(super) fn cell_starts(rt: &Rt) -> Box<[u32]> {
    let end = rt.ctx().realm.image_end.get();
    let mut starts = vec![NULL_PAGE; (end >> CARD_SHIFT) as usize];
    let mut next = NULL_PAGE >> CARD_SHIFT;
    rt.walk_cells(NULL_PAGE, end, |cell| {
        let last = (cell.0 + rt.cell_size(cell) - 1) >> CARD_SHIFT;
        while next <= last && next < end >> CARD_SHIFT {
            starts[next as usize] = cell.0;
            next += 1;
        }
    });
    starts.into()
}
