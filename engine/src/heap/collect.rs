//! Collection in flight: at a poll of running JavaScript, what nothing reaches becomes free memory.
//!
//! Roots are exact: the VM stack (frames and scratch slots), frames of running generators, the context, and the image's
//! dirty cards. Survivors stay where they are: the frame of a running async function is a cell that the dispatch loop and
//! native callers point into, and identity hashes and property tables go by address. Free memory is found in the mark
//! bitmap, so a collection costs what survives, not what was allocated.
use super::cage;
use super::layout::*;
use super::mark::Marker;
use crate::runtime::Rt;
use crate::value::Ref;
use std::ops::Range;
use std::time::Instant;

/// What freed memory is overwritten with under stress.
const POISON: u8 = 0xDB;
/// Under stress every poll collects until it was met this often with the same call stack, from then on whenever the number
/// is a power of two: loops would take hours.
const STRESS_FULL: u32 = 16;
/// Frames that tell call stacks apart.
const STRESS_FRAMES: usize = 6;

impl Rt {
    /// Frees what nothing reaches. Only at polls of running JavaScript: values in locals of natives are no roots.
    pub fn collect(&mut self) {
        let begun = Instant::now();
        let host = self.host();
        let (start, top) = (self.ctx().arena_floor.get(), self.close_space());
        let mut marker = host.space.marker.take();
        marker.begin(start, top);
        marker.mark_all(self);
        let cleanups = self.clear_weak(&marker);
        let (holes, end) = free_ranges(marker.live(), start);
        let freed = holes.iter().map(|hole| hole.end - hole.start).sum::<u32>();
        self.free(&holes, end..top);
        let live = end - start - freed;
        self.open_space(holes, end, live);
        self.clear_dead_stack();
        if cfg!(debug_assertions) {
            self.verify_arena(&marker);
        }
        host.space.marker.replace(marker);
        self.count_collection(begun, top - start - live, live);
        self.queue_cleanups(cleanups);
    }

    /// Whether the poll that runs must collect.
    pub fn collection_is_due(&self) -> bool {
        let space = &self.host().space;
        space.is_requested() || (space.is_stressed() && self.stress_is_due())
    }

    /// A poll that exists under stress only.
    pub fn collect_under_stress(&mut self) {
        if self.stress_is_due() {
            self.collect();
        }
    }

    fn stress_is_due(&self) -> bool {
        let ctx = self.ctx();
        let (mut stack, mut fp) = (u64::from(ctx.pc.get()), ctx.fp.get());
        for _ in 0..STRESS_FRAMES {
            if fp == 0 {
                break;
            }
            let back: u32 = self.load(Ref(fp), FRAME_RETURN);
            stack = (stack ^ u64::from(back)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23);
            fp = self.load(Ref(fp), FRAME_CALLER);
        }
        let mut polls = self.host().space.polls.borrow_mut();
        let met = polls.entry(stack).or_default();
        *met += 1;
        *met <= STRESS_FULL || met.is_power_of_two()
    }

    fn count_collection(&self, begun: Instant, freed: u32, live: u32) {
        let counters = &self.host().space.collections;
        let mut now = counters.get();
        let pause = begun.elapsed();
        now.count += 1;
        now.freed += u64::from(freed);
        now.live = live;
        now.pause_total += pause;
        now.pause_max = now.pause_max.max(pause);
        counters.set(now);
    }

    /// Makes each hole one free cell; under stress their bytes, and those of the free tail, are overwritten.
    fn free(&self, holes: &[Range<u32>], tail: Range<u32>) {
        if self.host().space.is_stressed() {
            holes.iter().chain([&tail]).for_each(|hole| self.poison(hole.clone()));
        }
        for hole in holes {
            self.fill_free(hole.start, hole.end);
        }
    }

    /// Overwrites freed memory, so that whatever still refers to it shows.
    pub(super) fn poison(&self, freed: Range<u32>) {
        let len = (freed.end - freed.start) as usize;
        cage::with_bytes_mut(self.base(), freed.start, len, |bytes| bytes.fill(POISON));
    }

    /// Zeroes the stack above its top: what a later frame finds in a temporary that it has not written must not refer to
    /// cells freed now. Stacks are written without gaps, so the first page of zeroes is the end of what was used.
    fn clear_dead_stack(&self) {
        let mut at = self.ctx().vm_sp.get();
        let end = self.ctx().vm_limit.get() + crate::call::STACK_MARGIN;
        while at < end {
            let next = ((at | (PAGE - 1)) + 1).min(end);
            let used = cage::with_bytes_mut(self.base(), at, (next - at) as usize, |bytes| {
                let used = next - at < PAGE || bytes.iter().any(|&b| b != 0);
                if used {
                    bytes.fill(0);
                }
                used
            });
            if !used {
                return;
            }
            at = next;
        }
    }

    /// Every live cell refers to live cells only, and the arena parses.
    fn verify_arena(&self, marker: &Marker) {
        let start = self.ctx().arena_floor.get();
        self.walk_cells(start, self.arena_top(), |cell| {
            let kind = self.kind(cell);
            assert!(
                kind == Kind::Free || marker.is_live(cell),
                "{kind:?} {:#x} was not reached, but not freed",
                cell.0
            );
            self.cell_references(cell, |r| {
                assert!(
                    marker.is_live(r) && self.kind(r) != Kind::Free,
                    "{kind:?} {:#x} refers to {:#x}, which was freed",
                    cell.0,
                    r.0
                );
            });
        });
    }
}

/// The unmarked ranges between marked cells, ascending, and the end of the last marked cell.
fn free_ranges(live: &[u64], start: u32) -> (Vec<Range<u32>>, u32) {
    let at = |granule: usize| start + 8 * granule as u32;
    let mut holes = Vec::new();
    // First granule of the hole being measured.
    let mut hole: Option<usize> = None;
    for (i, &word) in live.iter().enumerate() {
        let mut bit = 0;
        while bit < 64 {
            let rest = word >> bit;
            match hole {
                None => {
                    bit += (!rest).trailing_zeros() as usize;
                    if bit < 64 {
                        hole = Some(64 * i + bit);
                    }
                }
                Some(_) if rest == 0 => break,
                Some(first) => {
                    bit += rest.trailing_zeros() as usize;
                    holes.push(at(first)..at(64 * i + bit));
                    hole = None;
                }
            }
        }
    }
    let end = at(hole.unwrap_or(64 * live.len()));
    (holes, end)
}

#[cfg(test)]
mod tests {
    use super::free_ranges;

    fn check(live: &[u64], start: u32, holes: &[(u32, u32)], end: u32) {
        let (found, found_end) = free_ranges(live, start);
        let found: Vec<(u32, u32)> = found.iter().map(|hole| (hole.start, hole.end)).collect();
        assert_eq!((found.as_slice(), found_end), (holes, end));
    }

    #[test]
    fn holes_are_what_no_bit_covers() {
        check(&[], 64, &[], 64);
        check(&[0, 0], 0, &[], 0);
        check(&[u64::MAX], 0, &[], 512);
        check(&[0b1_1001], 0, &[(8, 24)], 40);
        check(&[1, 1 << 63], 8, &[(16, 8 + 8 * 127)], 8 + 8 * 128);
        check(&[!1, u64::MAX, 1], 0, &[(0, 8)], 8 * 129);
        check(&[u64::MAX, 0, 1], 0, &[(512, 1024)], 1032);
    }
}
