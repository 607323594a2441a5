//! Where allocation goes on: bump allocation inside *regions*, which are the free tail of the arena or, after a collection,
//! holes between survivors.
//!
//! `alloc_ptr` and `alloc_limit` of the context are the region in use. [`HeapMode::Arena`] has one region, the whole arena.
//! [`HeapMode::Hybrid`] hands out regions up to a budget; a spent budget asks for a collection at the next poll and lets
//! the allocation go on.
use super::layout::HEADER;
use super::retain::Retained;
use crate::limits::{Isolation, Limits};
use crate::runtime::Rt;
use crate::value::Ref;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How the memory of requests is managed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum HeapMode {
    /// Never collects: a request that allocates more than the heap limit ends.
    #[default]
    Arena,
    /// Collected in flight when a request passes its budget; a request that stays below it pays nothing.
    Hybrid,
}

impl HeapMode {
    /// The mode of a setting's text.
    pub fn from_name(name: &str) -> Option<HeapMode> {
        match name {
            "arena" => Some(HeapMode::Arena),
            "hybrid" => Some(HeapMode::Hybrid),
            _ => None,
        }
    }
}

/// What collections of a runtime did since it was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Collections {
    /// How many.
    pub count: u64,
    /// Bytes of all cells they freed.
    pub freed: u64,
    /// Bytes that survived the last one.
    pub live: u32,
    /// Time of all of them.
    pub pause_total: Duration,
    /// Time of the longest.
    pub pause_max: Duration,
}

/// For every card of an image, the start of the cell that its first byte belongs to. Found at the first collection of any
/// runtime of the image.
pub type CellStarts = Arc<OnceLock<Box<[u32]>>>;

/// Bytes a runtime allocates before its first collection, and at least between two of them (less if the heap is small).
const NURSERY: u32 = 8 << 20;
/// Between two collections a heap may grow by this many times what survived the last one.
const GROWTH: u32 = 4;
/// Bytes handed out at a time once the budget is spent and no poll has come yet (less if the heap is small).
const OVERDRAFT: u32 = 1 << 20;
/// Smaller holes are left alone until the next collection; larger cells are placed one by one.
const MIN_HOLE: u32 = 512;
/// The same where most of what is free lies in smaller holes.
const MIN_HOLE_IN_PIECES: u32 = 32;
/// Least bytes of a hole that a request may begin in.
const FIRST_HOLE: u32 = 64 << 10;
/// Most bytes that are left above such a hole.
const MOST_ABOVE: u32 = 64 << 10;
/// Holes looked at for a cell while there is fresh memory.
const SEARCH: usize = 32;

/// Allocation state of one runtime that is not in the context, because only slow paths need it.
#[derive(Debug, Default)]
pub struct Space {
    mode: Cell<HeapMode>,
    isolation: Cell<Isolation>,
    stress: Cell<bool>,
    /// The arena.
    start: Cell<u32>,
    end: Cell<u32>,
    /// Start of the region that the request began in.
    first: Cell<u32>,
    /// What earlier requests left.
    retained: Cell<Retained>,
    /// First byte that no region contained since the last reset.
    top: Cell<u32>,
    /// The highest `top` that a collection lowered since the last reset.
    peak: Cell<u32>,
    /// Whether the region in use ends at `top`.
    at_top: Cell<bool>,
    /// Whether the request went beyond its first region, or was collected.
    went_on: Cell<bool>,
    /// Free ranges below `top`, highest first.
    holes: RefCell<Vec<Range<u32>>>,
    /// Those below `arena_start`, where stores go through the barrier: used when nothing else is left.
    low_holes: RefCell<Vec<Range<u32>>>,
    /// For every card of the arena below `arena_start`, the start of the cell that its first byte belongs to.
    pub(super) old_starts: RefCell<Vec<u32>>,
    /// Bytes that may still be handed out before a collection is asked for.
    budget: Cell<u32>,
    requested: Cell<bool>,
    /// Bytes of regions handed out since the last reset.
    granted: Cell<u64>,
    /// Number of the running job: targets of weak references seen in it stay alive until it ends.
    job: Cell<u32>,
    pub(super) starts: RefCell<CellStarts>,
    /// Under stress, how often a poll was met, by a hash of the call stack.
    pub(super) polls: RefCell<HashMap<u64, u32>>,
    pub(super) marker: RefCell<super::mark::Marker>,
    pub(super) collections: Cell<Collections>,
}

impl Space {
    /// Binds the space to an arena.
    pub fn bind(&self, limits: &Limits, arena: Range<u32>, starts: &CellStarts) {
        self.mode.set(limits.heap_mode);
        self.isolation.set(limits.isolation);
        self.stress.set(limits.gc_stress && self.collects());
        self.start.set(arena.start);
        self.end.set(arena.end);
        self.starts.replace(Arc::clone(starts));
    }

    /// Whether this runtime collects in flight.
    #[inline]
    pub fn collects(&self) -> bool {
        self.mode.get() != HeapMode::Arena
    }

    /// Whether allocation goes on in regions: what collections left free.
    fn has_regions(&self) -> bool {
        self.collects() || self.isolation.get() == Isolation::Worker
    }

    /// Whether polls collect without need.
    pub fn is_stressed(&self) -> bool {
        self.stress.get()
    }

    /// Whether polls of running JavaScript must ask for a collection.
    pub fn wants_collection(&self) -> bool {
        self.requested.get() || self.stress.get()
    }

    /// Whether the budget is spent.
    pub(super) fn is_requested(&self) -> bool {
        self.requested.get()
    }

    /// What collections did.
    pub fn collections(&self) -> Collections {
        self.collections.get()
    }

    /// The same, counted from now on.
    pub fn take_collections(&self) -> Collections {
        self.collections.take()
    }

    /// Number of the running job.
    pub fn job(&self) -> u32 {
        self.job.get()
    }

    /// Another job begins: what weak references of the last one kept alive is free to go.
    pub fn next_job(&self) {
        self.job.set(self.job.get().wrapping_add(1) & 0x7FFF_FFFF);
    }

    /// Gives the host memory of collections back.
    pub fn trim(&self) {
        if self.marker.borrow().has_memory() {
            self.marker.take();
            self.polls.take();
        }
    }

    /// What earlier requests left.
    pub fn retained(&self) -> Retained {
        self.retained.get()
    }

    pub(super) fn set_retained(&self, retained: Retained) {
        self.retained.set(retained);
    }

    /// Where all that the request allocated lies, if it never left its first region.
    pub(super) fn young(&self, alloc_ptr: u32) -> Option<Range<u32>> {
        (!self.went_on.get()).then(|| self.first.get()..alloc_ptr)
    }

    /// The highest byte that was in use before a collection.
    pub(crate) fn take_peak(&self) -> u32 {
        self.peak.take()
    }

    /// First byte that no region contained.
    pub(super) fn top(&self) -> u32 {
        self.top.get()
    }

    /// The rest of the region in use, the holes, and what is free up to `used`, ascending.
    pub(super) fn free_ranges(&self, region: Range<u32>, used: u32) -> Vec<Range<u32>> {
        let mut free = [self.holes.borrow().as_slice(), self.low_holes.borrow().as_slice()].concat();
        if self.at_top.get() {
            free.push(region.start..used.max(region.start));
        } else {
            free.push(region);
            free.push(self.top.get()..used.max(self.top.get()));
        }
        free.sort_unstable_by_key(|range| range.start);
        free
    }

    fn capacity(&self) -> u32 {
        self.end.get() - self.start.get()
    }

    /// What may be allocated after a collection that left `live` bytes and `room` to allocate in. Part of the room is kept
    /// for what is allocated between a spent budget and the next poll.
    fn budget_after(&self, live: u32, room: u32) -> u32 {
        if !self.collects() {
            return room;
        }
        let wanted = live.saturating_mul(GROWTH).max(NURSERY).min(room / 8 * 5);
        wanted.max(self.capacity() / 16).min(room / 8 * 7)
    }

    /// Bytes of a region that is opened without budget.
    fn overdraft(&self) -> u32 {
        OVERDRAFT.min(self.capacity() / 32)
    }
}

impl Rt {
    /// An empty arena again, of a runtime that collects: the first region begins at its start. Returns the highest byte that
    /// was in use. A request that stayed in its first region pays for nothing but that pointer.
    pub fn reset_space(&self) -> u32 {
        let (ctx, space) = (self.ctx(), &self.host().space);
        if !space.went_on.replace(false) {
            return ctx.alloc_ptr.replace(space.first.get());
        }
        let used = self.arena_top().max(space.peak.take());
        space.holes.borrow_mut().clear();
        space.low_holes.borrow_mut().clear();
        space.requested.set(false);
        space.granted.set(0);
        self.open_first_region();
        used
    }

    /// Begins the life of a runtime: its arena is empty.
    pub fn begin_space(&self) {
        let (ctx, space) = (self.ctx(), &self.host().space);
        space.first.set(space.start.get());
        if space.has_regions() {
            return self.open_first_region();
        }
        ctx.alloc_ptr.set(space.start.get());
        ctx.alloc_limit.set(space.end.get());
    }

    fn open_first_region(&self) {
        let space = &self.host().space;
        space.top.set(space.start.get());
        space.budget.set(space.budget_after(0, space.capacity()));
        self.open_at_top(space.budget.get());
        space.first.set(space.start.get());
    }

    /// After a collection between requests: opens the region that the next one begins in, and lets the barrier see stores to
    /// all that was left below it. Returns the bytes that cannot be used.
    pub(super) fn open_space_for_request(&self) -> u32 {
        let (ctx, space) = (self.ctx(), &self.host().space);
        let rest = (!space.at_top.get()).then(|| ctx.alloc_ptr.get()..ctx.alloc_limit.get());
        self.close_region();
        self.use_low_holes();
        let mut holes = space.holes.take();
        holes.extend(rest.filter(|rest| rest.end - rest.start >= MIN_HOLE));
        holes.sort_unstable_by_key(|hole| std::cmp::Reverse(hole.start));
        let free = holes.iter().map(|hole| hole.end - hole.start).sum::<u32>();
        let room = free + space.end.get() - space.top.get();
        space.granted.set(0);
        space.budget.set(space.budget_after(space.capacity() - room, room));
        match first_hole(&holes, space.top.get()) {
            Some(i) => {
                space.low_holes.replace(holes.split_off(i + 1));
                let hole = holes.pop().unwrap_or_default();
                self.open_region(hole);
            }
            None => {
                space.low_holes.replace(std::mem::take(&mut holes));
                self.open_at_top(space.budget.get());
            }
        }
        space.holes.replace(holes);
        let first = ctx.alloc_ptr.get();
        space.first.set(first);
        ctx.arena_start.set(first);
        space.went_on.set(false);
        space.requested.set(false);
        space.capacity() - room
    }

    /// Bytes of the regions handed out since the last reset, less what is left of the one in use.
    pub fn allocated_bytes(&self) -> u64 {
        let (ctx, space) = (self.ctx(), &self.host().space);
        if space.has_regions() {
            space.granted.get() - u64::from(ctx.alloc_limit.get() - ctx.alloc_ptr.get())
        } else {
            u64::from(ctx.alloc_ptr.get() - ctx.arena_start.get().max(super::layout::NULL_PAGE))
        }
    }

    /// Bytes no cell can be larger than: those of the whole heap.
    pub fn heap_capacity(&self) -> u32 {
        let (ctx, space) = (self.ctx(), &self.host().space);
        if space.has_regions() {
            space.capacity()
        } else {
            ctx.alloc_limit.get() - ctx.arena_start.get().min(ctx.alloc_limit.get())
        }
    }

    /// Bytes that certainly cannot be exceeded by what is allocated next: the free rest of the arena, or all of it where a
    /// collection may free it first.
    pub fn heap_room(&self) -> u32 {
        let (ctx, space) = (self.ctx(), &self.host().space);
        if space.has_regions() { space.capacity() } else { ctx.alloc_limit.get().saturating_sub(ctx.alloc_ptr.get()) }
    }

    /// End of the last cell of the arena. What is left of a region in a hole becomes a free cell, so that the arena parses.
    pub fn arena_top(&self) -> u32 {
        let (ctx, space) = (self.ctx(), &self.host().space);
        if !space.has_regions() || space.at_top.get() {
            return ctx.alloc_ptr.get();
        }
        self.fill_free(ctx.alloc_ptr.get(), ctx.alloc_limit.get());
        space.top.get()
    }

    /// Makes `[from, to)` one free cell.
    pub(super) fn fill_free(&self, from: u32, to: u32) {
        if from < to {
            self.init::<u64>(Ref(from), 0, u64::from(to - from));
        }
    }

    /// Room for a cell that the region in use has no room for: its offset. Never collects. Ends the request over the limit.
    #[cold]
    #[inline(never)]
    pub(super) fn refill(&self, bytes: u32) -> u32 {
        let space = &self.host().space;
        let bytes = (u64::from(bytes) + 7) & !7;
        if !space.has_regions() || bytes > u64::from(space.capacity()) {
            crate::limits::out_of_memory(self);
        }
        let bytes = bytes as u32;
        space.went_on.set(true);
        if space.budget.get() == 0 {
            self.request_collection();
        }
        if bytes > MIN_HOLE {
            return self.place(bytes);
        }
        self.close_region();
        if !self.open_hole(bytes, SEARCH) {
            let wanted = space.budget.get().max(space.overdraft()).min(space.end.get() - space.top.get());
            if wanted >= bytes {
                self.open_at_top(wanted);
            } else {
                self.request_collection();
                self.use_low_holes();
                if !self.open_hole(bytes, usize::MAX) {
                    crate::limits::out_of_memory(self);
                }
            }
        }
        self.bump(bytes)
    }

    fn use_low_holes(&self) {
        let space = &self.host().space;
        space.holes.borrow_mut().append(&mut space.low_holes.borrow_mut());
    }

    /// Makes a hole that is large enough the region in use.
    fn open_hole(&self, bytes: u32, search: usize) -> bool {
        let mut holes = self.host().space.holes.borrow_mut();
        let Some(i) = find_hole(&holes, bytes, search) else { return false };
        self.open_region(holes.remove(i));
        true
    }

    fn open_region(&self, hole: Range<u32>) {
        self.charge(hole.end - hole.start);
        self.ctx().alloc_ptr.set(hole.start);
        self.ctx().alloc_limit.set(hole.end);
    }

    fn request_collection(&self) {
        let space = &self.host().space;
        if space.collects() && !space.requested.replace(true) {
            self.raise_interrupt();
        }
    }

    fn bump(&self, bytes: u32) -> u32 {
        let at = self.ctx().alloc_ptr.get();
        self.ctx().alloc_ptr.set(at + bytes);
        at
    }

    /// Places a large cell: in a hole that the search meets, else in fresh memory, else in any hole that fits.
    fn place(&self, bytes: u32) -> u32 {
        let space = &self.host().space;
        if let Some(at) = self.place_in_hole(bytes, SEARCH) {
            return at;
        }
        if space.at_top.get() {
            // The region in use ends at the top: it grows by what the cell needs.
            let (start, more) = (self.ctx().alloc_ptr.get(), bytes.max(space.overdraft()));
            let end = u64::from(start) + u64::from(bytes);
            if end <= u64::from(space.end.get()) {
                let grown = (u64::from(start) + u64::from(more)).min(u64::from(space.end.get())) as u32;
                self.charge(grown - space.top.get());
                space.top.set(grown);
                self.ctx().alloc_limit.set(grown);
                return self.bump(bytes);
            }
        } else if bytes <= space.end.get() - space.top.get() {
            let at = space.top.get();
            self.charge(bytes);
            space.top.set(at + bytes);
            return at;
        }
        // Little is left, or in pieces.
        self.request_collection();
        self.use_low_holes();
        self.place_in_hole(bytes, usize::MAX).unwrap_or_else(|| crate::limits::out_of_memory(self))
    }

    fn place_in_hole(&self, bytes: u32, search: usize) -> Option<u32> {
        let mut holes = self.host().space.holes.borrow_mut();
        let i = find_hole(&holes, bytes, search)?;
        let at = holes[i].start;
        holes[i].start += bytes;
        if holes[i].end - holes[i].start < MIN_HOLE {
            let rest = holes.remove(i);
            self.fill_free(rest.start, rest.end);
        } else {
            self.fill_free(holes[i].start, holes[i].end);
        }
        drop(holes);
        self.charge(bytes);
        Some(at)
    }

    /// Takes bytes from the budget.
    fn charge(&self, bytes: u32) {
        let space = &self.host().space;
        space.granted.set(space.granted.get() + u64::from(bytes));
        let left = space.budget.get().saturating_sub(bytes);
        space.budget.set(left);
    }

    /// Leaves the region in use, its rest one free cell (or given back to the top).
    fn close_region(&self) {
        let (ctx, space) = (self.ctx(), &self.host().space);
        if space.at_top.replace(false) {
            space.granted.set(space.granted.get() - u64::from(ctx.alloc_limit.get() - ctx.alloc_ptr.get()));
            space.top.set(ctx.alloc_ptr.get());
        } else {
            self.fill_free(ctx.alloc_ptr.get(), ctx.alloc_limit.get());
        }
        ctx.alloc_limit.set(ctx.alloc_ptr.get());
    }

    fn open_at_top(&self, bytes: u32) {
        let (ctx, space) = (self.ctx(), &self.host().space);
        let (top, end) = (space.top.get(), space.end.get());
        let bytes = bytes.min(end - top) & !(HEADER - 1);
        self.charge(bytes);
        ctx.alloc_ptr.set(top);
        ctx.alloc_limit.set(top + bytes);
        space.top.set(top + bytes);
        space.at_top.set(true);
    }

    /// Begins to sweep: no region is in use, nothing is free. Returns the end of the last cell.
    pub(super) fn close_space(&self) -> u32 {
        self.close_region();
        let space = &self.host().space;
        space.went_on.set(true);
        space.holes.borrow_mut().clear();
        space.low_holes.borrow_mut().clear();
        space.peak.set(space.peak.get().max(space.top.get()));
        space.top.get()
    }

    /// Goes on with the holes a collection found (ascending) and the free tail from `top`.
    pub(super) fn open_space(&self, holes: Vec<Range<u32>>, top: u32, live: u32) {
        let space = &self.host().space;
        let tail = space.end.get() - top;
        let mut holes = holes;
        let usable =
            |least| holes.iter().map(|hole| hole.end - hole.start).filter(|&bytes| bytes >= least).sum::<u32>();
        let in_pieces = usable(MIN_HOLE) + tail < usable(0) / 2;
        let least = if in_pieces { MIN_HOLE_IN_PIECES } else { MIN_HOLE };
        let room = usable(least) + tail;
        holes.retain(|hole| hole.end - hole.start >= least);
        holes.reverse();
        space.holes.replace(holes);
        space.top.set(top);
        space.requested.set(false);
        space.budget.set(space.budget_after(live, room));
        // The next allocation opens a region.
        self.ctx().alloc_ptr.set(top);
        self.ctx().alloc_limit.set(top);
        space.at_top.set(true);
    }
}

/// The last of these holes that has room, `search` of them looked at.
fn find_hole(holes: &[Range<u32>], bytes: u32, search: usize) -> Option<usize> {
    let first = holes.len().saturating_sub(search);
    holes[first..].iter().rposition(|hole| hole.end - hole.start >= bytes).map(|i| first + i)
}

/// The lowest hole that a request may begin in, so that little of what was left lies above it: that is looked through at
/// the end of every request. Holes are sorted, the highest first.
fn first_hole(holes: &[Range<u32>], top: u32) -> Option<usize> {
    let (mut free, mut found) = (0, None);
    for (i, hole) in holes.iter().enumerate() {
        if top - hole.end - free > MOST_ABOVE {
            break;
        }
        free += hole.end - hole.start;
        if hole.end - hole.start >= FIRST_HOLE {
            found = Some(i);
        }
    }
    found
}
