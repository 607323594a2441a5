//! Leaving code early: break, continue and return through `finally` blocks, iterators and guarded regions.
use oxc_ast::ast::*;

use super::function::{Label, Reg, Region};
use super::lower::*;
use super::scope::{NONE, Special};
use crate::bytecode::op::emit;
use crate::bytecode::ops::REG_THIS;

/// What encloses the statement being lowered.
#[derive(Debug)]
pub(super) enum Control<'a> {
    /// Somewhere `break` or `continue` goes.
    Target { labels: Vec<&'a str>, break_: Option<Label>, continue_: Option<Label>, plain: bool },
    /// An open iterator, closed on the way out.
    Iter { base: Reg, is_async: bool, region: Region },
    /// A `try` with a `catch`.
    Guard { region: Region },
    /// A `try` with a `finally`: `kind` says how it was entered, `value` holds an exception or a result.
    Finally { kind: Reg, value: Reg, label: Label, exits: Vec<Exit>, region: Region },
}

/// How control leaves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Exit {
    Return,
    Jump { label: Label, depth: usize },
}

/// Completion kinds of a `finally` block.
const NORMAL: i32 = 0;
const THROW: i32 = 1;
const FIRST_EXIT: i32 = 2;

impl<'a, 'm> Lower<'a, 'm> {
    /// Emits the way out from here: closes iterators, enters the innermost `finally`.
    pub fn leave(&mut self, exit: Exit, value: Reg) {
        let depth = if let Exit::Jump { depth, .. } = exit { depth } else { 0 };
        let mut suspended = Vec::new();
        let mut entered_finally = false;
        let mut i = self.control.len();
        while i > depth && !entered_finally {
            i -= 1;
            let close = match &mut self.control[i] {
                Control::Target { .. } => continue,
                Control::Guard { region } => {
                    self.f.suspend_region(region);
                    None
                }
                Control::Iter { base, is_async, region } => {
                    self.f.suspend_region(region);
                    Some((*base, *is_async))
                }
                Control::Finally { kind, value: slot, label, exits, region } => {
                    self.f.suspend_region(region);
                    let n = exits.iter().position(|e| *e == exit).unwrap_or_else(|| {
                        exits.push(exit);
                        exits.len() - 1
                    });
                    if exit == Exit::Return && *slot != value {
                        emit::Mov(&mut self.f.code, *slot, value);
                    }
                    emit::LoadI(&mut self.f.code, *kind, FIRST_EXIT + n as i32);
                    self.f.jump(*label);
                    entered_finally = true;
                    None
                }
            };
            suspended.push(i);
            if let Some((base, is_async)) = close {
                self.close_iterator(base, is_async);
            }
        }
        if !entered_finally {
            match exit {
                Exit::Return => self.emit_return(value),
                Exit::Jump { label, .. } => self.f.jump(label),
            }
        }
        for i in suspended {
            match &mut self.control[i] {
                Control::Target { .. } => {}
                Control::Guard { region } | Control::Iter { region, .. } | Control::Finally { region, .. } => {
                    self.f.resume_region(region);
                }
            }
        }
    }

    fn close_iterator(&mut self, base: Reg, is_async: bool) {
        if !is_async {
            emit::IterClose(&mut self.f.code, base);
            return;
        }
        let mark = self.f.top();
        let result = self.f.alloc();
        let done = self.f.label();
        emit::IterCallReturn(&mut self.f.code, result, base);
        self.f.jump_on(emit::JUndef, result, done);
        emit::Await(&mut self.f.code, result, result);
        emit::ChkIterResult(&mut self.f.code, result);
        self.f.bind(done);
        self.f.release(mark);
    }

    fn emit_return(&mut self, value: Reg) {
        if !self.flags.derived {
            emit::Return(&mut self.f.code, value);
            return self.f.end();
        }
        let mark = self.f.top();
        let captured = self.fn_info().special[Special::This as usize];
        let mut this = REG_THIS;
        if captured != NONE {
            this = self.f.alloc();
            self.read(captured, "", false, 0, this);
        }
        emit::ReturnCtor(&mut self.f.code, value, this);
        self.f.end();
        self.f.release(mark);
    }

    /// Returns a value through everything open.
    pub fn return_value(&mut self, value: Reg) {
        // A finally block must not change what is returned.
        let mark = self.f.top();
        let value =
            if self.control.iter().any(|c| !matches!(c, Control::Target { .. })) { self.keep(value) } else { value };
        self.leave(Exit::Return, value);
        self.f.release(mark);
    }

    /// (depth, label) that `break` leads to.
    pub fn break_target(&self, label: Option<&str>) -> Option<(usize, Label)> {
        self.control.iter().enumerate().rev().find_map(|(i, c)| match c {
            Control::Target { labels, break_: Some(target), plain, .. } => {
                let matches = label.map_or(*plain, |l| labels.contains(&l));
                matches.then_some((i, *target))
            }
            _ => None,
        })
    }

    pub fn break_statement(&mut self, label: Option<&str>) {
        if let Some((depth, label)) = self.break_target(label) {
            self.leave(Exit::Jump { label, depth: depth + 1 }, 0);
        }
    }

    /// (depth, label) that `continue` leads to.
    pub fn continue_target(&self, label: Option<&str>) -> Option<(usize, Label)> {
        self.control.iter().enumerate().rev().find_map(|(i, c)| match c {
            Control::Target { labels, continue_: Some(target), .. } => {
                let matches = label.is_none_or(|l| labels.contains(&l));
                matches.then_some((i, *target))
            }
            _ => None,
        })
    }

    pub fn continue_statement(&mut self, label: Option<&str>) {
        if let Some((depth, label)) = self.continue_target(label) {
            self.leave(Exit::Jump { label, depth: depth + 1 }, 0);
        }
    }

    /// Ends the guarded part of an iteration: closes it normally if asked to, and emits the handler that closes it
    /// quietly when something throws.
    pub fn close_iteration_region(&mut self, pos: u32, close: bool) {
        let Some(Control::Iter { base, is_async, mut region }) = self.control.pop() else { return };
        let mark = self.f.top();
        let exception = self.f.alloc();
        let end = self.f.label();
        self.f.suspend_region(&mut region);
        if close {
            self.f.at(pos);
            self.close_iterator(base, is_async);
            self.f.jump(end);
        }
        self.f.close_region(region, exception);
        if is_async {
            let ignored = self.f.alloc();
            let guard = self.f.open_region();
            emit::IterCallReturn(&mut self.f.code, ignored, base);
            let skip = self.f.label();
            self.f.jump_on(emit::JUndef, ignored, skip);
            emit::Await(&mut self.f.code, ignored, ignored);
            self.f.bind(skip);
            self.f.close_region(guard, ignored);
        } else {
            emit::IterCloseQuiet(&mut self.f.code, base);
        }
        emit::Throw(&mut self.f.code, exception);
        self.f.end();
        self.f.bind(end);
        self.f.release(mark);
    }

    // ---- try

    pub fn try_statement(&mut self, t: &'a TryStatement<'a>) {
        let mark = self.f.top();
        match &t.finalizer {
            Some(finalizer) => self.try_finally(t, finalizer),
            None => self.try_catch(t),
        }
        self.f.release(mark);
    }

    fn try_catch(&mut self, t: &'a TryStatement<'a>) {
        let Some(handler) = &t.handler else { return self.block(&t.block) };
        let exception = self.f.alloc();
        let end = self.f.label();
        let region = self.f.open_region();
        self.control.push(Control::Guard { region });
        self.block(&t.block);
        let Some(Control::Guard { mut region }) = self.control.pop() else { return };
        self.f.suspend_region(&mut region);
        self.f.jump(end);
        self.f.close_region(region, exception);
        let entered = self.enter_scope(&handler.scope_id);
        if let Some(param) = &handler.param {
            let pat = super::pattern::Pat::Binding(&param.pattern);
            self.bind_pattern(pat, exception, super::pattern::Init::Declare, param.span.start);
        }
        self.block(&handler.body);
        self.leave_scope(entered);
        self.f.bind(end);
    }

    fn try_finally(&mut self, t: &'a TryStatement<'a>, finalizer: &'a BlockStatement<'a>) {
        let kind = self.f.alloc();
        let value = self.f.alloc();
        // Only `kind` says whether it holds anything; the verifier, which does not relate the two, wants a value on every path.
        self.load_undefined(value);
        let label = self.f.label();
        let region = self.f.open_region();
        self.control.push(Control::Finally { kind, value, label, exits: Vec::new(), region });
        self.try_catch(t);
        let Some(Control::Finally { exits, mut region, .. }) = self.control.pop() else { return };
        self.f.suspend_region(&mut region);
        if !self.f.is_dead() {
            emit::LoadI(&mut self.f.code, kind, NORMAL);
            self.f.jump(label);
        }
        self.f.close_region(region, value);
        emit::LoadI(&mut self.f.code, kind, THROW);
        self.f.bind(label);
        self.block(finalizer);
        let end = self.f.label();
        let at = emit::JEqI(&mut self.f.code, kind, NORMAL, 0);
        self.f.to(at, end);
        for (n, exit) in exits.into_iter().enumerate() {
            let next = self.f.label();
            let at = emit::JNeI(&mut self.f.code, kind, FIRST_EXIT + n as i32, 0);
            self.f.to(at, next);
            self.leave(exit, value);
            self.f.bind(next);
        }
        emit::Throw(&mut self.f.code, value);
        self.f.end();
        self.f.bind(end);
    }
}
