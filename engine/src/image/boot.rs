//! Booting: a cage whose low part is the heap and whose VM stack stands high, with the builtins of an embedding in it.
//!
//! The builtins are booted from their tables once per process and embedding; later boots copy the bytes. While booting,
//! `arena_start` is 0, so nothing goes through the barrier, and atoms and transitions are the context's own tables.
use super::mapping::{Body, page_up_u32};
use crate::builtins::{Embedding, NativeTable, spec};
use crate::bytecode::module::Module;
use crate::heap::cage::{self, Cage};
use crate::heap::layout::{CTX_BYTES, NULL_PAGE};
use crate::limits::Limits;
use crate::native::CodeTable;
use crate::runtime::{HostState, Rt};
use crate::value::Value;
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

/// Where the VM stack of a booting cage begins.
const BOOT_STACK: u32 = (3 << 30) + (1 << 20);
/// Most bytes of a heap that grows below that stack.
const MAX_BOOT_HEAP: u32 = 2 << 30;

/// Bytes that every boot writes: the builtins of the language alone.
const BUILTINS_BYTES: u32 = 192 << 10;

/// A booted realm as bytes.
struct Builtins {
    context: [u8; CTX_BYTES],
    /// From the null page on.
    cells: Vec<u8>,
    proto_epoch: u32,
}

/// Booted realms by embedding (address of its table).
static BUILTINS: Mutex<Option<HashMap<usize, Arc<Builtins>>>> = Mutex::new(None);

fn key(embedding: &'static Embedding) -> usize {
    std::ptr::from_ref(embedding) as usize
}

/// A cage with the builtins of an embedding, ready to link a module into. `keep`: later boots start from a copy of what
/// this one makes of the tables (a process that boots once has no use for one).
pub fn boot_cage(
    embedding: &'static Embedding,
    module: Arc<Module>,
    limits: &Limits,
    keep: bool,
) -> Result<Body, BootFailure> {
    let known = BUILTINS
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .as_ref()
        .and_then(|all| all.get(&key(embedding)).cloned());
    let used = known.as_ref().map_or(NULL_PAGE, |b| b.cells.len() as u32);
    let heap_end = page_up_u32(used + (4 << 20) + limits.heap.min(MAX_BOOT_HEAP));
    let stack_end = page_up_u32(BOOT_STACK + limits.stack.min(256 << 20));
    let cage = Cage::reserve()?;
    cage.map_zeroed(-(CTX_BYTES as i64), u64::from(heap_end))?;
    cage.map_zeroed(i64::from(BOOT_STACK), u64::from(stack_end))?;
    cage.populate(-(CTX_BYTES as i64), u64::from(used.max(BUILTINS_BYTES)));
    let mut body = Body::new(cage, HostState::new(NativeTable::of(embedding), CodeTable::new(module)), None);
    let ctx = body.rt_shared().ctx();
    ctx.alloc_ptr.set(NULL_PAGE);
    ctx.alloc_limit.set(heap_end);
    bind_stack(body.rt_shared(), BOOT_STACK, stack_end);
    bind_step(body.rt_shared(), limits);
    match known {
        Some(builtins) => {
            body.load_context(&builtins.context);
            cage::copy_in(body.cage().base(), 0, &builtins.cells);
            let ctx = body.rt_shared().ctx();
            ctx.alloc_ptr.set(builtins.cells.len() as u32);
            ctx.proto_epoch.set(builtins.proto_epoch);
        }
        None => {
            boot_realm(body.rt(), embedding).map_err(BootFailure::Thrown)?;
            if keep {
                remember(&body, embedding);
            }
        }
    }
    Ok(body)
}

/// Why there is no cage with builtins.
#[derive(Debug)]
pub enum BootFailure {
    /// No memory or address space.
    Io(io::Error),
    /// The tables of the embedding threw: its own mistake.
    Thrown(String),
}

impl From<io::Error> for BootFailure {
    fn from(e: io::Error) -> BootFailure {
        BootFailure::Io(e)
    }
}

fn boot_realm(rt: &mut Rt, embedding: &'static Embedding) -> Result<(), String> {
    rt.begin_step();
    let mutable = &rt.ctx().mutable;
    mutable.embedding.iter().for_each(|slot| slot.set(Value::UNDEFINED));
    rt.ctx().realm.hash_seed.set(super::random::seeds()[1] as u32);
    spec::boot(rt, embedding).map_err(|_thrown| {
        let v = rt.take_exception();
        rt.describe_thrown(v)
    })
}

fn remember(body: &Body, embedding: &'static Embedding) {
    let ctx = body.rt_shared().ctx();
    let cells = cage::with_bytes(body.cage().base(), 0, ctx.alloc_ptr.get() as usize, <[u8]>::to_vec);
    let builtins = Builtins { context: body.context_bytes(), cells, proto_epoch: ctx.proto_epoch.get() };
    let mut all = BUILTINS.lock().unwrap_or_else(PoisonError::into_inner);
    all.get_or_insert_default().insert(key(embedding), Arc::new(builtins));
}

/// Binds the VM stack.
pub(super) fn bind_stack(rt: &Rt, start: u32, end: u32) {
    let ctx = rt.ctx();
    ctx.stack_base.set(start);
    ctx.vm_limit.set(end - crate::call::STACK_MARGIN);
    ctx.vm_sp.set(start);
}

/// State of a step that has not begun: no frame, nothing thrown, full fuel, fresh random numbers.
#[inline]
pub(super) fn bind_step(rt: &Rt, limits: &Limits) {
    let ctx = rt.ctx();
    ctx.fp.set(0);
    ctx.pc.set(0);
    ctx.vm_sp.set(ctx.stack_base.get());
    ctx.exception.set(Value::UNDEFINED);
    ctx.terminating.set(false);
    rt.start_fuel(limits.fuel);
    ctx.random.set(super::random::UNSEEDED);
    rt.host().termination.set(None);
    rt.start_budget(limits.cpu);
}
