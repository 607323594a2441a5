//! The context: one page just below the cage base. Scripts cannot name it (references are unsigned offsets from base).
//!
//! Its first part, [`Mutable`], is part of the sealed image and rolled back with it; the rest is bound to host memory at lease.
use super::layout::CTX_BYTES;
use crate::realm::{Intrinsic, Realm};
use crate::value::{Ref, Value};
use std::cell::Cell;

/// Everything the running code reaches at negative offsets from base.
#[repr(C)]
pub struct Ctx {
    /// State that JavaScript can change: part of the image, restored by a reset.
    pub mutable: Mutable,
    /// References fixed at boot.
    pub realm: Realm,

    // ---- bound at clone
    /// A store to a cell below it goes through the barrier: the first byte of the arena, or of what is free of it behind what
    /// earlier requests left (`isolation: worker`).
    pub arena_start: Cell<u32>,
    /// First byte of the arena: no cell from here on is part of the image.
    pub arena_floor: Cell<u32>,
    /// Atoms that survived earlier requests (`isolation: worker`): a table as [`Mutable::local_atoms`] is, or null.
    pub retained_atoms: Cell<Ref>,
    /// The same of shape transitions.
    pub retained_transitions: Cell<Ref>,
    /// Next free byte.
    pub alloc_ptr: Cell<u32>,
    /// First byte an allocation may not pass.
    pub alloc_limit: Cell<u32>,
    /// First byte of the VM stack.
    pub stack_base: Cell<u32>,
    /// First byte a frame may not pass.
    pub vm_limit: Cell<u32>,
    /// One byte a card of the image; null while booting.
    pub cards: Cell<*mut u8>,
    /// One byte for 64 cards.
    pub card_summary: Cell<*mut u8>,

    // ---- the running step
    /// Top of the VM stack: first free byte.
    pub vm_sp: Cell<u32>,
    /// Current frame.
    pub fp: Cell<u32>,
    /// Bytecode offset of the running instruction, stored before anything that can throw.
    pub pc: Cell<u32>,
    /// Native stack address below which no native recursion may start.
    pub native_limit: Cell<usize>,
    /// The worker's interrupt word; see [`crate::limits`].
    pub interrupt: Cell<*const std::sync::atomic::AtomicU32>,
    /// The pending exception.
    pub exception: Cell<Value>,
    /// The exception is an uncatchable end of the request.
    pub terminating: Cell<bool>,
    /// Prototype epoch: bumped by every structural change of an object that serves as a prototype; never rolled back.
    pub proto_epoch: Cell<u32>,
    /// Value of `proto_epoch` when the request began.
    pub proto_epoch_at_lease: Cell<u32>,
    /// Back-edges and calls until the next sample, or until the request's fuel is spent; below 0 the slow path is due.
    pub fuel: Cell<i64>,
    /// xorshift128+ state of Math.random; unseeded until a lease first asks.
    pub random: Cell<[u64; 2]>,
    /// Bytecode of the module.
    pub code: Cell<*const u8>,
    /// Host side of this runtime.
    pub host: Cell<*mut crate::runtime::HostState>,
    /// Head of the list of cache words that refer to arena cells (word offsets kept in host memory).
    pub arena_caches: Cell<u32>,
}

/// The part of the context that scripts change and a reset restores.
#[repr(C)]
#[derive(Clone)]
pub struct Mutable {
    /// Atoms interned since sealing.
    pub local_atoms: Cell<Ref>,
    /// Shape transitions made since sealing.
    pub local_transitions: Cell<Ref>,
    /// Job queue storage (Words cell), head and count.
    pub jobs: Cell<Ref>,
    /// Index of the first job.
    pub jobs_head: Cell<u32>,
    /// Jobs queued.
    pub jobs_count: Cell<u32>,
    /// `Symbol.for` registry: an object without prototype, or null.
    pub symbol_registry: Cell<Ref>,
    /// Promises rejected without a handler: an Array or null.
    pub unhandled: Cell<Ref>,
    /// Keys and shapes that `JSON.parse` has met: a Words cell or null.
    pub json_cache: Cell<Ref>,
    /// Counters, timers and indentation of `console`: a Words cell or null.
    pub console: Cell<Ref>,
    /// Next symbol/object identity number.
    pub next_identity: Cell<u32>,
    /// Template objects, one per (function, constant): Words cell or null.
    pub template_objects: Cell<Ref>,
    /// Embedding's own slots (timers table, pending operations, current exchange).
    pub embedding: [Cell<Value>; 8],
}

const _: () = assert!(std::mem::size_of::<Ctx>() <= CTX_BYTES);

impl Ctx {
    /// The object of an intrinsic.
    #[inline(always)]
    pub fn intrinsic(&self, which: Intrinsic) -> Ref {
        self.realm.intrinsics[which as usize].get()
    }
}
