//! Fair slices: a step runs on a stack of its own, so that a script that computes for long stops in the middle, lets its thread
//! serve others, and goes on where it was.
//!
//! A slice ends at the first poll after a tick ([`crate::limits::TICK`]). A suspended script is resumed or ended
//! ([`Suspended::end`]), never just dropped: what stands on its stack is unwound.
#![allow(unsafe_code, reason = "the context reaches the yielder of the stack it runs on")]

use crate::errors::Position;
use crate::image::{Fault, FaultKind, Runtime};
use crate::limits::{Interrupt, NATIVE_RESERVE, Termination, thread_cpu_time};
use crate::runtime::Rt;
use crate::value::JsResult;
use corosensei::stack::{DefaultStack, Stack};
use corosensei::{Coroutine, CoroutineResult};
use std::cell::RefCell;
use std::io;
use std::ptr::NonNull;

/// Bytes of a stack: address space, not memory, until they are touched.
const STACK: usize = 2 << 20;
/// Stacks a thread keeps for the next step.
const SPARE_STACKS: usize = 8;

/// What a suspended script is told.
#[derive(Debug, Clone, Copy)]
enum Resume {
    GoOn,
    /// Says where it stands and stays suspended.
    Look,
    /// Ends as if its client had left; it cannot catch that.
    End,
}

/// What a script hands out when it is suspended: where it stands, if it was asked.
type Stand = Vec<Position>;
type Yielder = corosensei::Yielder<Resume, Stand>;
type Ended<R> = (Box<Runtime>, Result<R, Fault>);

/// The yielder of the stack that a runtime runs on, for as long as it runs there.
#[derive(Debug, Clone, Copy)]
pub struct Seat(NonNull<Yielder>);

thread_local!(static SPARE: RefCell<Vec<DefaultStack>> = const { RefCell::new(Vec::new()) });

/// What a slice came to.
pub enum Sliced<R: 'static> {
    /// The step is over; here is the runtime.
    Ended(Box<Runtime>, Result<R, Fault>),
    /// Its slice is over, the step is not.
    Suspended(Suspended<R>),
}

/// A step in the middle.
pub struct Suspended<R: 'static>(Option<Coroutine<Resume, Stand, Ended<R>>>);

/// [`Runtime::enter`] on a stack of this thread's pool, up to the end of the first slice.
pub fn run<R: 'static>(mut runtime: Box<Runtime>, f: impl FnOnce(&mut Rt) -> JsResult<R> + 'static) -> Sliced<R> {
    Interrupt::start_ticker();
    let stack = match take_stack() {
        Ok(stack) => stack,
        Err(error) => {
            let kind = FaultKind::Terminated(Termination::Memory);
            let fault = Fault { kind, text: format!("no memory for a stack: {error}"), positions: Vec::new() };
            return Sliced::Ended(runtime, Err(fault));
        }
    };
    // The stack's limit includes its guard page, which is smaller than the reserve.
    runtime.set_native_limit(Some(stack.limit().get() + NATIVE_RESERVE));
    let coroutine = Coroutine::with_stack(stack, move |yielder: &Yielder, _| {
        let seat = Seat(NonNull::from(yielder));
        runtime.handle().host().seat.set(Some(seat));
        let result = runtime.enter(f);
        runtime.handle().host().seat.set(None);
        runtime.set_native_limit(None);
        (runtime, result)
    });
    go_on(coroutine)
}

fn go_on<R: 'static>(mut coroutine: Coroutine<Resume, Stand, Ended<R>>) -> Sliced<R> {
    match coroutine.resume(Resume::GoOn) {
        CoroutineResult::Yield(_) => Sliced::Suspended(Suspended(Some(coroutine))),
        CoroutineResult::Return((runtime, result)) => {
            give_stack(coroutine.into_stack());
            Sliced::Ended(runtime, result)
        }
    }
}

impl<R> Suspended<R> {
    /// The next slice, on the thread of the first.
    pub fn resume(mut self) -> Sliced<R> {
        match self.0.take() {
            Some(coroutine) => go_on(coroutine),
            None => unreachable!("only `resume`, `end` and `drop` empty it, and each is the last"),
        }
    }

    /// Where it stands: its frames, innermost first.
    pub fn stack(&mut self) -> Vec<Position> {
        match self.0.as_mut().map(|coroutine| coroutine.resume(Resume::Look)) {
            Some(CoroutineResult::Yield(stand)) => stand,
            Some(CoroutineResult::Return(_)) => unreachable!("`end_slice` suspends again after it has looked"),
            None => Vec::new(),
        }
    }

    /// Ends the step and gives the runtime back.
    pub fn end(mut self) -> Option<Box<Runtime>> {
        self.unwind()
    }

    fn unwind(&mut self) -> Option<Box<Runtime>> {
        let mut coroutine = self.0.take()?;
        loop {
            // A script that is being ended does not stop for a slice again: every further poll refuses.
            if let CoroutineResult::Return((runtime, _)) = coroutine.resume(Resume::End) {
                give_stack(coroutine.into_stack());
                return Some(runtime);
            }
        }
    }
}

impl<R> Drop for Suspended<R> {
    fn drop(&mut self) {
        self.unwind();
    }
}

impl Rt {
    /// Ends the slice at a poll, if this step runs in slices; returns in the next one.
    pub(crate) fn end_slice(&self) -> Result<(), Termination> {
        let Some(seat) = self.host().seat.get() else { return Ok(()) };
        let native_limit = self.ctx().native_limit.get();
        self.end_step();
        // SAFETY: `run` sets the seat on the stack that this call stands on and takes it away before that stack's function
        // returns, so the yielder is that function's own and alive.
        let yielder = unsafe { seat.0.as_ref() };
        let mut resume = yielder.suspend(Stand::new());
        while matches!(resume, Resume::Look) {
            resume = yielder.suspend(self.running_positions());
        }
        self.begin_step();
        self.ctx().native_limit.set(native_limit);
        self.continue_budget();
        match resume {
            Resume::GoOn | Resume::Look => Ok(()),
            Resume::End => Err(Termination::Cancelled),
        }
    }

    /// The deadline of a slice that begins: unlike a first slice its start is known exactly.
    fn continue_budget(&self) {
        let budget = &self.host().budget;
        if let Some(remaining) = budget.remaining.get() {
            budget.deadline.set(Some(thread_cpu_time() + remaining));
        }
    }
}

fn take_stack() -> io::Result<DefaultStack> {
    match SPARE.with_borrow_mut(Vec::pop) {
        Some(stack) => Ok(stack),
        None => DefaultStack::new(STACK),
    }
}

fn give_stack(stack: DefaultStack) {
    // At the end of a thread there is nowhere to keep it.
    let _ = SPARE.try_with(|spare| {
        let mut spare = spare.borrow_mut();
        if spare.len() < SPARE_STACKS {
            spare.push(stack);
        }
    });
}
