//! The end of a request: what its runtime keeps, and what goes back to the kernel.
use super::boot::bind_step;
use super::mapping::page_up_u32;
use super::runtime::{KEPT_ARENA, Runtime};
use crate::heap::retain::Retained;
use crate::limits::Isolation;

impl Runtime {
    /// Ends a request under `isolation: worker`: what it wrote to the script's own state stays, with all that this reaches;
    /// jobs and operations end with it, the rest of the arena is free again. Takes time for what was retained only if the
    /// request left something, or earlier ones did.
    ///
    /// Not for a runtime that was ended in the middle of a step: what its script was changing is half changed.
    pub fn end_request(&mut self) -> Retained {
        let Some(image) = &self.image else { return Retained::default() };
        debug_assert!(self.limits.isolation == Isolation::Worker, "other runtimes are reset");
        let rt = self.body.rt_shared();
        rt.keep_state(|| self.body.restore_mutable(&image.pristine));
        bind_step(rt, &self.limits);
        let (allocated, used) = (rt.allocated_bytes(), rt.arena_top());
        let collections = rt.host().space.collections().count;
        let retained = self.body.rt().retain();
        let space = &self.body.rt_shared().host().space;
        self.high_water = self.high_water.max(used).max(space.take_peak());
        // Requests begin in the same memory until a collection finds them another place.
        let moved = space.collections().count != collections;
        self.touched = if moved { self.touched + allocated } else { self.touched.max(allocated) };
        retained
    }

    /// Whether the request was ended in the middle of a step.
    pub fn was_ended(&self) -> bool {
        self.body.rt_shared().host().termination.get().is_some()
    }

    /// Gives free memory of the arena beyond a small working set back.
    pub(super) fn trim_arena(&mut self) {
        let rt = self.body.rt_shared();
        let cage = self.body.cage();
        if self.limits.isolation == Isolation::Worker {
            if self.touched <= u64::from(KEPT_ARENA) {
                return;
            }
            self.touched = 0;
            for spare in rt.spare_memory(KEPT_ARENA, page_up_u32(self.high_water)) {
                cage.discard(u64::from(spare.start), u64::from(spare.end));
            }
            self.high_water = rt.arena_top() + KEPT_ARENA;
            return;
        }
        let kept = rt.ctx().arena_start.get() + KEPT_ARENA;
        if self.high_water > kept {
            cage.discard(u64::from(kept), u64::from(page_up_u32(self.high_water)));
            self.high_water = kept;
        }
    }
}
