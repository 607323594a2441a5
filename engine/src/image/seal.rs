//! Sealing: a booted heap becomes an image.
use super::mapping::{Body, Pristine, page_up_u32};
use super::{Image, SealError};
use crate::builtins::Embedding;
use crate::heap::cage;
use crate::heap::layout::*;
use crate::limits::Limits;
use crate::runtime::Rt;
use crate::value::Ref;
use std::sync::Arc;

/// Seals the heap of a booted cage. Its job queue must be empty, and the embedding must agree.
pub fn seal(body: &mut Body, embedding: &'static Embedding, limits: &Limits) -> Result<Image, SealError> {
    let rt = body.rt();
    if rt.ctx().mutable.jobs_count.get() != 0 {
        return Err(SealError::Refused("jobs are still queued".to_string()));
    }
    (embedding.before_seal)(rt).map_err(SealError::Refused)?;
    prepare(rt);
    let (cells_end, image_end) = (rt.ctx().alloc_ptr.get(), page_up_u32(rt.ctx().alloc_ptr.get()));
    rt.ctx().realm.image_end.set(image_end);
    if cfg!(debug_assertions) {
        rt.verify_cells(std::slice::from_ref(&(NULL_PAGE..cells_end))).map_err(SealError::Corrupt)?;
    }
    let context = body.context_bytes();
    let base = body.cage().base();
    let pristine = cage::with_bytes(base, 0, cells_end as usize, |cells| Pristine::seal(&[&context, cells]))?;
    let rt = body.rt_shared();
    let realm = &rt.ctx().realm;
    let feedback = realm.feedback_start.get()..realm.feedback_end.get();
    Ok(Image {
        code: Arc::clone(&rt.host().code),
        embedding,
        pristine,
        cells_end,
        image_end,
        cell_starts: Arc::default(),
        feedback,
        proto_epoch: rt.ctx().proto_epoch.get(),
        stack: super::stack_bytes(limits),
    })
}

/// Leaves nothing to be made lazily that is cheap to make now: ropes are flattened, strings hashed, tables become the
/// image's own.
fn prepare(rt: &mut Rt) {
    let ctx = rt.ctx();
    let mutable = &ctx.mutable;
    mutable.jobs.set(Ref::NULL);
    mutable.jobs_head.set(0);
    mutable.unhandled.set(Ref::NULL);
    let end = ctx.alloc_ptr.get();
    rt.walk_cells(NULL_PAGE, end, |cell| {
        if rt.kind(cell) == Kind::Rope {
            rt.flatten(cell);
        }
    });
    let end = ctx.alloc_ptr.get();
    rt.walk_cells(NULL_PAGE, end, |cell| {
        if matches!(rt.kind(cell), Kind::Str8 | Kind::Str16 | Kind::Slice) {
            rt.str_hash(cell);
        }
    });
    ctx.realm.atoms.set(mutable.local_atoms.replace(Ref::NULL));
    ctx.realm.transitions.set(mutable.local_transitions.replace(Ref::NULL));
}
