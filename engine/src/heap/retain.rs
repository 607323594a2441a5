//! `isolation: worker`: what a request leaves to the next one in its runtime.
//!
//! Writes to the image stay. What they reach of the arena stays where it is; the rest is free again: at once if nothing of
//! the request was stored where it can be found, else by a collection. Cards of the image that refer to the arena stay
//! dirty between requests, so that they are roots of every collection. What was left is *old* below `arena_start`: stores
//! to it are seen by the barrier.
use super::barrier::CARD_SHIFT;
use super::layout::*;
use super::mark::cell_starts;
use crate::runtime::Rt;
use crate::value::{Ref, Value};
use std::ops::Range;

/// What requests left in a runtime.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Retained {
    /// Bytes of the arena.
    pub bytes: u32,
    /// Shapes made by adding a property or for a prototype.
    pub shapes: u32,
    /// Property names.
    pub atoms: u32,
}

impl Rt {
    /// Ends a request whose frames are gone and whose jobs are dropped.
    pub(crate) fn retain(&mut self) -> Retained {
        let escaped = self.has_escaped();
        let space = &self.host().space;
        if !escaped {
            let retained = space.retained();
            self.forget_request();
            return retained;
        }
        space.next_job();
        self.forget_old_cards();
        self.collect();
        let (atoms, shapes) = (self.retain_atoms(), self.retain_transitions());
        let caches = &self.host().arena_caches;
        caches.borrow_mut().sort_unstable();
        caches.borrow_mut().dedup();
        let bytes = self.open_space_for_request();
        self.find_old_starts();
        let retained = Retained { bytes, shapes, atoms };
        self.host().space.set_retained(retained);
        retained
    }

    /// Whether a cell that outlives the request refers to one that was born in it; or that cannot be told quickly.
    fn has_escaped(&self) -> bool {
        let (ctx, space) = (self.ctx(), &self.host().space);
        let young = match space.young(ctx.alloc_ptr.get()) {
            Some(young) => young,
            None if space.retained().bytes == 0 => ctx.arena_floor.get()..u32::MAX,
            None => return true,
        };
        let mut found = false;
        let mut look = |r: Ref| found |= young.contains(&r.0);
        let mutable = &ctx.mutable;
        [&mutable.symbol_registry, &mutable.console, &mutable.template_objects]
            .iter()
            .for_each(|root| look(root.get()));
        self.clean_cards(&mut look);
        self.clean_old_cards(&mut look);
        if space.retained().bytes > 0 {
            // What was left above the region that the request began in.
            self.walk_cells(ctx.alloc_limit.get(), space.top(), |cell| self.cell_references(cell, &mut look));
        }
        if cfg!(debug_assertions) && !found {
            self.check_old_cells(&young);
        }
        found
    }

    /// Calls `look` with every reference of cells on dirty cards. Cards that refer to nothing in the arena are clean again.
    fn clean_cards(&self, mut look: impl FnMut(Ref)) {
        let start = self.ctx().arena_floor.get();
        let starts = self.host().space.starts.borrow();
        let starts = starts.get_or_init(|| cell_starts(self));
        // The end of the last cell that was looked at, and whether it refers to the arena.
        let (mut followed, mut refers) = (0, false);
        self.retain_dirty_cards(0..self.ctx().realm.image_end.get(), |card| {
            let end = card + (1 << CARD_SHIFT);
            let mut any = followed > card && refers;
            let first = starts.get((card >> CARD_SHIFT) as usize).map_or(card, |&start| start.max(followed));
            if first < end {
                followed = self.walk_cells(first, end, |cell| {
                    refers = false;
                    self.cell_references(cell, |r| {
                        refers |= r.0 >= start;
                        look(r);
                    });
                    any |= refers;
                });
            }
            any
        });
    }

    /// Calls `look` with every reference of old cells that this request wrote to. Their cards are clean again.
    fn clean_old_cards(&self, mut look: impl FnMut(Ref)) {
        let ctx = self.ctx();
        let (floor, start) = (ctx.arena_floor.get(), ctx.arena_start.get());
        let starts = self.host().space.old_starts.borrow();
        let mut followed = 0;
        self.retain_dirty_cards(floor..start, |card| {
            let end = (card + (1 << CARD_SHIFT)).min(start);
            let first = starts.get(((card - floor) >> CARD_SHIFT) as usize).map_or(card, |&at| at.max(followed));
            if first < end {
                followed = self.walk_cells(first, end, |cell| self.cell_references(cell, &mut look));
            }
            false
        });
    }

    fn find_old_starts(&self) {
        let ctx = self.ctx();
        let (floor, start) = (ctx.arena_floor.get(), ctx.arena_start.get());
        let mut starts = self.host().space.old_starts.borrow_mut();
        starts.clear();
        self.walk_cells(floor, start, |cell| {
            let last = (cell.0 + self.cell_size(cell) - 1 - floor) >> CARD_SHIFT;
            let known = starts.len();
            starts.resize(known.max(last as usize + 1), cell.0);
        });
    }

    /// All that survives the collection which follows is old: nothing of it refers to what is younger. Cells may have changed
    /// since their starts were found, if a collection in flight freed some of them.
    fn forget_old_cards(&self) {
        let ctx = self.ctx();
        self.retain_dirty_cards(ctx.arena_floor.get()..ctx.arena_start.get(), |_| false);
    }

    /// No old cell refers to what was born in the request.
    fn check_old_cells(&self, young: &Range<u32>) {
        let ctx = self.ctx();
        self.walk_cells(ctx.arena_floor.get(), ctx.arena_start.get(), |cell| {
            self.cell_references(cell, |r| {
                assert!(!young.contains(&r.0), "{:?} {:#x} was written to unnoticed", self.kind(cell), cell.0);
            });
        });
    }

    /// Nothing refers to what was born in the request: its memory, names, shapes and cache entries are gone.
    fn forget_request(&self) {
        let (ctx, space) = (self.ctx(), &self.host().space);
        ctx.mutable.local_atoms.set(Ref::NULL);
        ctx.mutable.local_transitions.set(Ref::NULL);
        let young = space.young(ctx.alloc_ptr.get()).unwrap_or(ctx.arena_floor.get()..u32::MAX);
        self.host().arena_caches.borrow_mut().retain(|&at| {
            let (first, second): (u32, u32) = (self.load(Ref(at), 0), self.load(Ref(at), 4));
            let gone = young.contains(&first) || (self.is_megamorphic(at) && young.contains(&second));
            if gone {
                crate::link::clear_record(self, at);
            }
            !gone
        });
        if space.is_stressed() {
            self.poison(young.start..ctx.alloc_ptr.get().max(young.start));
        }
        self.reset_space();
    }

    /// Every cell of the image that refers to the arena is on a dirty card. An error names one that is not.
    pub(crate) fn verify_remembered(&self) -> Result<(), String> {
        let ctx = self.ctx();
        let (start, end) = (ctx.arena_floor.get(), ctx.realm.image_end.get());
        let mut dirty = vec![false; (end >> CARD_SHIFT) as usize + 1];
        self.dirty_cards(|card| dirty[(card >> CARD_SHIFT) as usize] = true);
        let mut wrong = Ok(());
        self.walk_cells(NULL_PAGE, end, |cell| {
            let cards = cell.0 >> CARD_SHIFT..=(cell.0 + self.cell_size(cell) - 1) >> CARD_SHIFT;
            let remembered = || cards.clone().any(|card| dirty[card as usize]);
            self.cell_references(cell, |r| {
                if r.0 >= start && !remembered() {
                    wrong = Err(format!("{:?} {:#x} refers to {:#x} unnoticed", self.kind(cell), cell.0, r.0));
                }
            });
        });
        wrong
    }

    /// Free memory of the arena beyond the first `kept` bytes of it, up to `used`.
    pub(crate) fn spare_memory(&self, kept: u32, used: u32) -> Vec<Range<u32>> {
        let (ctx, space) = (self.ctx(), &self.host().space);
        let mut spare = space.free_ranges(ctx.alloc_ptr.get()..ctx.alloc_limit.get(), used);
        let mut left = kept;
        spare.retain_mut(|range| {
            let skipped = left.min(range.end - range.start);
            left -= skipped;
            // The header of the free cell stays.
            range.start = (range.start + skipped + HEADER).next_multiple_of(PAGE);
            range.end &= !(PAGE - 1);
            range.start < range.end
        });
        spare
    }

    /// The part of the context that outlives a request, which the rest was put back around.
    pub(crate) fn keep_state(&self, sealed_again: impl FnOnce()) {
        let mutable = &self.ctx().mutable;
        let kept = mutable.clone();
        sealed_again();
        mutable.local_atoms.set(kept.local_atoms.get());
        mutable.local_transitions.set(kept.local_transitions.get());
        mutable.symbol_registry.set(kept.symbol_registry.get());
        mutable.console.set(kept.console.get());
        mutable.next_identity.set(kept.next_identity.get());
        mutable.template_objects.set(kept.template_objects.get());
        // A cache, and its own cell in the image would remember every name.
        mutable.json_cache.set(Ref::NULL);
        debug_assert!(mutable.jobs.get().is_null() && mutable.unhandled.get().is_null(), "sealing empties them");
        self.ctx().exception.set(Value::UNDEFINED);
    }
}
