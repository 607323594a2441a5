//! A runtime: a cage, its context, and the host memory that belongs to it. [`Rt`] is the handle that running code holds.
#![allow(unsafe_code, reason = "turns the cage base into the context reference and reaches host state through it")]

use crate::builtins::NativeTable;
use crate::bytecode::module::Module;
use crate::heap::ctx::Ctx;
use crate::heap::layout::CTX_BYTES;
use crate::limits::Termination;
use crate::native::CodeTable;
use crate::string::StrBuf;
use crate::value::{Ref, Value};
use std::cell::{Cell, RefCell};
use std::sync::Arc;

/// The handle to a runtime. Operations that cannot run JavaScript take it shared, those that can take it mutably.
///
/// Values are plain words. A value that must be used after running JavaScript is kept in a scratch slot ([`Rt::root`]),
/// because a collection at a poll may move cells; slots, frames and cage objects are the exact roots.
pub struct Rt {
    base: *mut u8,
}

/// Host memory of one runtime: nothing a script can name.
pub struct HostState {
    /// The program.
    pub module: RefCell<Arc<Module>>,
    /// Its functions' machine code, shared with the other runtimes of the image.
    pub code: Arc<CodeTable>,
    /// Native functions by id.
    pub natives: &'static NativeTable,
    /// Where `console` and `print` write.
    pub console: RefCell<Box<dyn ConsoleSink>>,
    /// Why the request is being ended.
    pub termination: Cell<Option<Termination>>,
    /// Fuel of the request beyond what the context counts down; `None`: unlimited.
    pub fuel: Cell<Option<u64>>,
    /// CPU budget of the current step.
    pub budget: crate::limits::Budget,
    /// The stack of its own that it runs on, if the running step may be suspended.
    pub seat: Cell<Option<crate::slice::Seat>>,
    /// Backtracking state of the regexp matcher.
    pub regexp: RefCell<crate::regexp::Scratch>,
    /// Programs of patterns compiled at run time.
    pub regexp_programs: RefCell<crate::builtins::regexp::ProgramCache>,
    /// Word offsets of caches that hold references into the arena.
    pub arena_caches: RefCell<Vec<u32>>,
    /// Where the arena's allocation goes on, and its collector.
    pub space: crate::heap::space::Space,
    /// Anything the embedding keeps per runtime (operation queues, the current exchange).
    pub embedding: RefCell<Option<Box<dyn std::any::Any>>>,
    str_bufs: RefCell<Vec<StrBuf>>,
    ref_stacks: RefCell<Vec<Vec<Ref>>>,
}

/// Receives what scripts print.
pub trait ConsoleSink {
    /// One line of `level` ("log", "error", "warn", "info", "debug", "print").
    fn line(&mut self, level: &str, text: &str);
}

/// Drops everything.
pub struct NoConsole;

impl ConsoleSink for NoConsole {
    fn line(&mut self, _level: &str, _text: &str) {}
}

/// Writes to standard output and error.
pub struct StdConsole;

impl ConsoleSink for StdConsole {
    fn line(&mut self, level: &str, text: &str) {
        use std::io::Write;
        // A closed pipe is not the script's error.
        let _ = match level {
            "error" | "warn" => writeln!(std::io::stderr().lock(), "{text}"),
            _ => writeln!(std::io::stdout().lock(), "{text}"),
        };
    }
}

impl HostState {
    /// Fresh host state.
    pub fn new(natives: &'static NativeTable, code: Arc<CodeTable>) -> HostState {
        HostState {
            module: RefCell::new(Arc::clone(code.module())),
            code,
            natives,
            console: RefCell::new(Box::new(NoConsole)),
            termination: Cell::new(None),
            fuel: Cell::new(None),
            budget: crate::limits::Budget::default(),
            seat: Cell::new(None),
            regexp: RefCell::new(crate::regexp::Scratch::default()),
            regexp_programs: RefCell::default(),
            arena_caches: RefCell::new(Vec::new()),
            space: crate::heap::space::Space::default(),
            embedding: RefCell::new(None),
            str_bufs: RefCell::new(Vec::new()),
            ref_stacks: RefCell::new(Vec::new()),
        }
    }

    /// A spare string buffer.
    pub fn take_str_buf(&self) -> StrBuf {
        self.str_bufs.borrow_mut().pop().unwrap_or_default()
    }

    /// Gives a buffer back, cleared.
    pub fn give_str_buf(&self, buf: StrBuf) {
        let mut spares = self.str_bufs.borrow_mut();
        if spares.len() < 8 {
            spares.push(buf);
        }
    }

    /// A spare stack of references for native walks that run no JavaScript.
    pub fn take_ref_stack(&self) -> Vec<Ref> {
        self.ref_stacks.borrow_mut().pop().unwrap_or_default()
    }

    /// Gives a stack back.
    pub fn give_ref_stack(&self, mut stack: Vec<Ref>) {
        stack.clear();
        stack.shrink_to(1 << 16);
        let mut spares = self.ref_stacks.borrow_mut();
        if spares.len() < 4 {
            spares.push(stack);
        }
    }
}

impl Rt {
    /// A handle to the runtime whose cage has this base.
    ///
    /// # Safety
    /// `base` is the base of a live cage whose context page is mapped and whose `host` pointer is bound; the handle does
    /// not outlive either, and only one thread uses them at a time.
    pub unsafe fn from_base(base: *mut u8) -> Rt {
        Rt { base }
    }

    /// The cage base.
    #[inline(always)]
    pub fn base(&self) -> *mut u8 {
        self.base
    }

    /// The context.
    #[inline(always)]
    pub fn ctx(&self) -> &Ctx {
        // SAFETY: `from_base` promises a mapped context page CTX_BYTES below base; Ctx fits it (asserted in ctx.rs), is
        // aligned (page), valid for any bytes it can hold, and all its fields are cells, so shared access is enough.
        unsafe { &*self.base.sub(CTX_BYTES).cast::<Ctx>() }
    }

    /// Host state of this runtime.
    #[inline(always)]
    pub fn host(&self) -> &HostState {
        // SAFETY: bound before the handle is made (`from_base`), and dropped only with the runtime that owns both.
        unsafe { &*self.ctx().host.get() }
    }

    // ---- scratch slots: the native part of the exact roots

    /// Keeps a value alive (and current) while JavaScript runs; the slot lasts until the native returns.
    #[inline]
    pub fn root(&mut self, v: Value) -> Slot {
        let ctx = self.ctx();
        let at = ctx.vm_sp.get();
        // Natives are entered with at least STACK_MARGIN bytes left (see `call`), so slots need no check of their own
        // until they have used those up.
        if at + 8 > ctx.vm_limit.get() + crate::call::STACK_MARGIN {
            crate::limits::out_of_memory(self);
        }
        self.init(Ref(at), 0, v);
        ctx.vm_sp.set(at + 8);
        Slot(at)
    }

    /// Value of a slot.
    #[inline(always)]
    pub fn slot_value(&self, slot: Slot) -> Value {
        self.load(Ref(slot.0), 0)
    }

    /// Overwrites a slot.
    #[inline(always)]
    pub fn set_slot_value(&mut self, slot: Slot, v: Value) {
        self.init(Ref(slot.0), 0, v);
    }

    /// Marks the top of the scratch slots; [`Rt::release_roots`] drops those made since (loops).
    pub fn roots_mark(&self) -> u32 {
        self.ctx().vm_sp.get()
    }

    /// Runs `f` and drops the slots it made.
    #[inline]
    pub fn scoped<R>(&mut self, f: impl FnOnce(&mut Rt) -> R) -> R {
        let mark = self.roots_mark();
        let result = f(self);
        self.release_roots(mark);
        result
    }

    /// Drops slots made since the mark.
    pub fn release_roots(&mut self, mark: u32) {
        self.ctx().vm_sp.set(mark);
    }
}

/// A scratch slot on the VM stack.
#[derive(Debug, Clone, Copy)]
pub struct Slot(u32);

impl Slot {
    /// Its value.
    #[inline(always)]
    pub fn get(self, rt: &Rt) -> Value {
        rt.slot_value(self)
    }

    /// Its value as an object reference.
    #[inline(always)]
    pub fn obj(self, rt: &Rt) -> Ref {
        rt.slot_value(self).as_ref()
    }

    /// Its place on the VM stack; [`Rt::release_roots`] of it drops this slot and all later ones.
    pub fn offset(self) -> u32 {
        self.0
    }

    /// Overwrites it.
    #[inline(always)]
    pub fn set(self, rt: &mut Rt, v: Value) {
        rt.set_slot_value(self, v);
    }
}
