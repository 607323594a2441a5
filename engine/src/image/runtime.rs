//! Runtimes: clones of an image (or a cage that is still booting), entered for a step at a time and reset after a request.
use super::boot::{self, BootFailure, bind_stack, bind_step};
use super::mapping::{Body, CardTable, Pristine};
use super::{Image, SealError, seal};
use crate::builtins::{Embedding, NativeTable};
use crate::bytecode::module::Module;
use crate::errors::Position;
use crate::heap::barrier::CARD_SHIFT;
use crate::heap::cage::{self, Cage};
use crate::heap::layout::{CAGE_BYTES, CTX_BYTES, FB_WORDS, GUARD_BYTES, NULL_PAGE, PAGE, TPL_FEEDBACK};
use crate::heap::space::{Collections, HeapMode};
use crate::limits::{Isolation, Limits, Termination};
use crate::link;
use crate::runtime::{HostState, Rt};
use crate::value::{JsResult, Ref, Value};
use std::any::Any;
use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Arena and stack bytes that stay with a runtime when it is trimmed.
pub(super) const KEPT_ARENA: u32 = 256 << 10;
const KEPT_STACK: u32 = 64 << 10;
/// Bytes of a page of the stack that tell whether it was written: more than a frame's zeroes in a row.
const STACK_PROBE: u32 = 128;

/// A runtime: cage, context and host state. One thread at a time uses it.
pub struct Runtime {
    pub(super) body: Body,
    /// None while booting.
    pub(super) image: Option<Arc<Image>>,
    pub(super) limits: Limits,
    /// Highest arena byte written since the arena was last trimmed.
    pub(super) high_water: u32,
    /// Under `isolation: worker`, about how many bytes of it requests wrote since then.
    pub(super) touched: u64,
    native_limit: Option<usize>,
    poisoned: bool,
}

impl Runtime {
    /// A runtime that is not cloned: the builtins of an embedding in a cage of its own. `keep`: see [`boot::boot_cage`].
    pub fn boot(
        embedding: &'static Embedding,
        module: Arc<Module>,
        limits: &Limits,
        keep: bool,
    ) -> Result<Runtime, BootFailure> {
        let body = boot::boot_cage(embedding, module, limits, keep)?;
        let ctx = body.rt_shared().ctx();
        ctx.code.set(body.rt_shared().host().module.borrow().code.as_ptr());
        Ok(Runtime {
            body,
            image: None,
            limits: limits.clone(),
            high_water: 0,
            touched: 0,
            native_limit: None,
            poisoned: false,
        })
    }

    /// A clone of an image: three mappings, no page of it touched but the context.
    pub fn from_image(image: &Arc<Image>, limits: &Limits) -> io::Result<Runtime> {
        let arena_start = image.arena_start();
        let most = (CAGE_BYTES - GUARD_BYTES) as u32;
        let arena_end = arena_start.saturating_add(super::mapping::page_up_u32(limits.heap.min(most))).min(most);
        if arena_end <= arena_start {
            return Err(io::Error::other("the image leaves no room for an arena"));
        }
        let cage = Cage::reserve()?;
        image.pristine.map_into(&cage)?;
        cage.map_zeroed(i64::from(image.image_end), u64::from(arena_end))?;
        let host = HostState::new(NativeTable::of(image.embedding), Arc::clone(&image.code));
        let carded = if limits.isolation == Isolation::Worker { arena_end } else { image.image_end };
        let body = Body::new(cage, host, Some(CardTable::new(carded)));
        let rt = body.rt_shared();
        let ctx = rt.ctx();
        ctx.arena_start.set(arena_start);
        ctx.arena_floor.set(arena_start);
        rt.host().space.bind(limits, arena_start..arena_end, &image.cell_starts);
        rt.begin_space();
        ctx.code.set(image.module().code.as_ptr());
        ctx.proto_epoch.set(image.proto_epoch);
        ctx.proto_epoch_at_lease.set(image.proto_epoch);
        bind_stack(rt, image.image_end, arena_start);
        bind_step(rt, limits);
        Ok(Runtime {
            body,
            image: Some(Arc::clone(image)),
            limits: limits.clone(),
            high_water: arena_start,
            touched: 0,
            native_limit: None,
            poisoned: false,
        })
    }

    /// Runs `f` in this runtime on this thread. What it throws, the end of the request and a panic come back as a fault; after
    /// a panic or exhausted memory the runtime is poisoned and must be dropped.
    pub fn enter<R>(&mut self, f: impl FnOnce(&mut Rt) -> JsResult<R>) -> Result<R, Fault> {
        if self.poisoned {
            return Err(Fault::panic("the runtime is poisoned".to_string()));
        }
        let rt = self.body.rt();
        rt.begin_step();
        rt.host().space.next_job();
        if let Some(limit) = self.native_limit {
            rt.ctx().native_limit.set(limit);
        }
        let result = catch_unwind(AssertUnwindSafe(|| {
            let result = f(rt);
            if rt.is_terminating() {
                return Err(Fault::terminated(rt));
            }
            result.map_err(|_thrown| Fault::exception(rt))
        }));
        self.body.rt().end_step();
        result.unwrap_or_else(|payload| {
            self.poisoned = true;
            Err(Fault::of_panic(payload))
        })
    }

    /// The stack limit of code entered from now on, for a host that runs it on a stack other than the thread's own.
    pub fn set_native_limit(&mut self, limit: Option<usize>) {
        self.native_limit = limit;
    }

    /// The handle without entering, for what cannot run JavaScript (console, embedding state, counters).
    pub fn handle(&mut self) -> &mut Rt {
        self.body.rt()
    }

    /// Whether it ended in a state that cannot be reset.
    pub fn is_poisoned(&self) -> bool {
        self.poisoned
    }

    /// The image it is a clone of; None while booting.
    pub fn image(&self) -> Option<&Arc<Image>> {
        self.image.as_ref()
    }

    /// Limits that hold from the next reset on (those of heap and stack are of the runtime, and stay).
    pub fn set_limits(&mut self, limits: &Limits) {
        self.limits = Limits {
            heap: self.limits.heap,
            stack: self.limits.stack,
            heap_mode: self.limits.heap_mode,
            isolation: self.limits.isolation,
            gc_stress: self.limits.gc_stress,
            ..limits.clone()
        };
    }

    /// Bytes allocated in the arena (or the booting heap) since the last reset.
    pub fn allocated(&self) -> u64 {
        self.body.rt_shared().allocated_bytes()
    }

    /// What collections in flight did since the runtime was made.
    pub fn collections(&self) -> Collections {
        self.body.rt_shared().host().space.collections()
    }

    /// The same, counted from now on.
    pub fn take_collections(&self) -> Collections {
        self.body.rt_shared().host().space.take_collections()
    }

    /// Cards of the image written since the last reset.
    pub fn dirty_cards(&self) -> usize {
        self.body.cards().map_or(0, CardTable::dirty)
    }

    /// Back to the sealed state: the arena is empty, every dirty card of the image is copied back, caches hold nothing of
    /// the request. Takes no time for what the request allocated.
    pub fn reset(&mut self) {
        let Some(image) = &self.image else { return };
        let rt = self.body.rt_shared();
        let ctx = rt.ctx();
        let used = match self.limits.heap_mode {
            // All that its space knows is in the context, which is at hand; the rest is cold after a large request.
            HeapMode::Arena => ctx.alloc_ptr.replace(ctx.arena_start.get()),
            HeapMode::Hybrid => rt.reset_space(),
        };
        self.high_water = self.high_water.max(used);
        self.body.restore_mutable(&image.pristine);
        if let Some(cards) = self.body.cards() {
            let base = self.body.cage().base();
            cards.drain(|card| {
                if !image.feedback.contains(&card) {
                    cage::copy_in(base, card, image.pristine.cells(card, 1 << CARD_SHIFT));
                }
            });
        }
        for at in rt.host().arena_caches.borrow_mut().drain(..) {
            link::clear_record(rt, at);
        }
        if ctx.proto_epoch.get() != ctx.proto_epoch_at_lease.get() {
            let next = ctx.proto_epoch.get().wrapping_add(1);
            ctx.proto_epoch.set(next);
            ctx.proto_epoch_at_lease.set(next);
        }
        bind_step(rt, &self.limits);
    }

    /// Gives memory beyond a small working set back to the kernel, if requests took more. Call it after a reset, off the
    /// request path.
    pub fn trim(&mut self) {
        if self.image.is_none() {
            return;
        }
        self.body.rt_shared().host().space.trim();
        self.trim_arena();
        let (ctx, cage) = (self.body.rt_shared().ctx(), self.body.cage());
        // Deep recursion shows at the end of the first page that is not kept: stacks are written from below without gaps.
        let stack = ctx.stack_base.get() + KEPT_STACK;
        let end = stack + PAGE - STACK_PROBE;
        if cage::with_words(cage.base(), end, STACK_PROBE as usize / 4, |end| {
            end.iter().fold(0, |all, &word| all | word) != 0
        }) {
            cage.discard(u64::from(stack), u64::from(ctx.arena_floor.get()));
        }
    }

    /// Overwrites the arena used so far with a pattern, so that whatever still refers to it shows. Call it after a reset.
    pub fn poison_arena(&mut self) {
        let ctx = self.body.rt_shared().ctx();
        let start = ctx.arena_start.get();
        if self.high_water > start {
            cage::with_bytes_mut(self.body.cage().base(), start, (self.high_water - start) as usize, |b| b.fill(0xDB));
        }
    }

    /// Whether every cell of image and arena is well-formed and refers to cells only. An error names the first that is not.
    pub fn verify(&self) -> Result<(), String> {
        let rt = self.body.rt_shared();
        let ctx = rt.ctx();
        match &self.image {
            None => rt.verify_cells(std::slice::from_ref(&(NULL_PAGE..ctx.alloc_ptr.get()))),
            Some(image) => {
                rt.verify_cells(&[NULL_PAGE..image.cells_end, ctx.arena_floor.get()..rt.arena_top()])?;
                rt.verify_remembered()
            }
        }
    }

    /// Whether the image part, feedback aside, is byte for byte what was sealed: the state every reset must restore. An
    /// error names the first difference.
    pub fn check_invariant(&self) -> Result<(), String> {
        let Some(image) = &self.image else { return Ok(()) };
        if self.body.context_bytes() != image.pristine.bytes()[..CTX_BYTES] {
            return Err("the context differs from the sealed one".to_string());
        }
        let rt = self.body.rt_shared();
        for range in [0..image.feedback.start, image.feedback.end..image.image_end] {
            let sealed = image.pristine.cells(range.start, range.len());
            let at = cage::with_bytes(rt.base(), range.start, range.len(), |now| {
                if now == sealed { None } else { now.iter().zip(sealed).position(|(a, b)| a != b) }
            });
            if let Some(at) = at {
                let at = range.start + at as u32;
                let cell = rt.cell_containing(NULL_PAGE, at);
                return Err(format!("byte {at:#x} differs from the sealed one, in {:?} {:#x}", rt.kind(cell), cell.0));
            }
        }
        self.check_caches(image)
    }

    /// Whether no cache entry refers to the arena.
    fn check_caches(&self, image: &Image) -> Result<(), String> {
        let rt = self.body.rt_shared();
        let start = rt.ctx().arena_start.get();
        let check = |at: u32, what: &str| {
            let r: u32 = rt.load(Ref(at), 0);
            if r >= start { Err(format!("{what} at {at:#x} holds arena reference {r:#x}")) } else { Ok(()) }
        };
        for (id, function) in image.module().functions.iter().enumerate() {
            let feedback: Ref = rt.load(link::template_of(rt, id as u32), TPL_FEEDBACK);
            let first = feedback.0 + FB_WORDS + 8 * function.constants.len() as u32;
            (0..function.sites).try_for_each(|site| check(first + 16 * site, "a cache site"))?;
        }
        let realm = &rt.ctx().realm;
        let (pool, table) = (realm.cache_pool.get(), realm.megamorphic.get());
        let used: u32 = if pool == 0 { 0 } else { rt.load(Ref(pool), 4) };
        (0..used).try_for_each(|i| check(pool + 16 + 16 * i, "a pool entry"))?;
        let entries = if table == 0 { 0 } else { link::MEGAMORPHIC_ENTRIES };
        (0..entries).try_for_each(|i| {
            // Only an entry that still has its shape can be found.
            let at = table + 16 * i;
            check(at, "a megamorphic entry")?;
            if rt.load::<u32>(Ref(at), 0) == 0 { Ok(()) } else { check(at + 4, "a megamorphic name") }
        })
    }

    /// The same image with what this runtime's caches have learnt, for the runtimes to come: cached shapes, never values.
    /// Call it on a clone that served typical requests and was reset.
    pub fn warmed_image(&self) -> io::Result<Image> {
        let Some(image) = &self.image else { return Err(io::Error::other("a booting runtime has no image yet")) };
        let rt = self.body.rt_shared();
        let (start, end) = (image.feedback.start, image.feedback.end);
        let sealed = |from: u32, to: u32| image.pristine.cells(from, (to - from) as usize);
        let context = &image.pristine.bytes()[..CTX_BYTES];
        let pristine = cage::with_bytes(rt.base(), start, (end - start) as usize, |feedback| {
            Pristine::seal(&[context, sealed(0, start), feedback, sealed(end, image.image_end)])
        })?;
        Ok(Image {
            code: Arc::clone(&image.code),
            embedding: image.embedding,
            pristine,
            cells_end: image.cells_end,
            cell_starts: Arc::clone(&image.cell_starts),
            image_end: image.image_end,
            feedback: image.feedback.clone(),
            proto_epoch: rt.ctx().proto_epoch.get(),
            stack: image.stack,
        })
    }

    /// Seals the heap of a booting runtime.
    pub fn seal(mut self, embedding: &'static Embedding, limits: &Limits) -> Result<Image, SealError> {
        seal::seal(&mut self.body, embedding, limits)
    }

    /// The current value of an export of the entry, if it is initialised.
    pub fn export(&mut self, name: &str) -> Option<Value> {
        let rt = self.body.rt();
        let module = Arc::clone(&rt.host().module.borrow());
        let entry = module.units.len().checked_sub(1)?;
        link::export_value(rt, &module, entry as u32, name)
    }
}

/// What kind of end a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// An exception nothing caught.
    Exception,
    /// A limit, or an end from outside.
    Terminated(Termination),
    /// An engine error: the runtime is poisoned.
    Panic,
}

/// Why a step did not return normally.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What kind of end.
    pub kind: FaultKind,
    /// `Name: message` of the exception, or the limit, or the panic's message.
    pub text: String,
    /// Where, innermost first; empty if unknown.
    pub positions: Vec<Position>,
}

impl Fault {
    fn exception(rt: &mut Rt) -> Fault {
        let v = rt.take_exception();
        Fault { kind: FaultKind::Exception, text: rt.describe_thrown(v), positions: rt.error_positions(v) }
    }

    fn terminated(rt: &Rt) -> Fault {
        let why = rt.host().termination.get().unwrap_or(Termination::Cancelled);
        Fault { kind: FaultKind::Terminated(why), text: why.text().to_string(), positions: Vec::new() }
    }

    fn panic(text: String) -> Fault {
        Fault { kind: FaultKind::Panic, text, positions: Vec::new() }
    }

    fn of_panic(payload: Box<dyn Any + Send>) -> Fault {
        if let Some(&why) = payload.downcast_ref::<Termination>() {
            return Fault { kind: FaultKind::Terminated(why), text: why.text().to_string(), positions: Vec::new() };
        }
        let text = payload.downcast_ref::<&str>().map(|s| (*s).to_string());
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
        Fault::panic(text.unwrap_or_else(|| "engine panic".to_string()))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        for position in &self.positions {
            write!(f, "\n    at ")?;
            if position.function.is_empty() {
                write!(f, "{}:{}:{}", position.file, position.line, position.column)?;
            } else {
                write!(f, "{} ({}:{}:{})", position.function, position.file, position.line, position.column)?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Fault {}
