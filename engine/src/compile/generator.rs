//! `yield` and `yield*`.
use oxc_ast::ast::*;

use super::function::Reg;
use super::lower::*;
use crate::bytecode::op::emit;

/// Resumption modes of `Yield` and `YieldStar`.
const NEXT: i32 = 0;
const THROW: i32 = 1;
const RETURN: i32 = 2;

impl<'a, 'm> Lower<'a, 'm> {
    pub fn yield_expression(&mut self, y: &'a YieldExpression<'a>, dst: Reg) {
        if y.delegate {
            return self.yield_star(y, dst);
        }
        let mark = self.f.top();
        let value = match &y.argument {
            Some(argument) => self.expr(argument),
            None => {
                let reg = self.f.alloc();
                self.load_undefined(reg);
                reg
            }
        };
        self.f.at(y.span.start);
        let value = self.await_in_async_generator(value);
        let sent = if self.f.is_named(dst) { self.f.alloc() } else { dst };
        let mode = self.f.alloc();
        emit::Yield(&mut self.f.code, sent, mode, value);
        let next = self.f.label();
        let at = emit::JEqI(&mut self.f.code, mode, NEXT, 0);
        self.f.to(at, next);
        let returned = self.await_in_async_generator(sent);
        self.return_value(returned);
        self.f.bind(next);
        self.mov(dst, sent);
        self.f.release(mark);
    }

    /// 15.5.5 Runtime Semantics: Evaluation, `yield*`.
    fn yield_star(&mut self, y: &'a YieldExpression<'a>, dst: Reg) {
        let is_async = self.flags.is_async;
        let mark = self.f.top();
        let Some(argument) = &y.argument else { return };
        let source = self.expr(argument);
        let base = self.f.alloc_block(3);
        self.f.at(y.span.start);
        if is_async {
            emit::GetAsyncIter(&mut self.f.code, base, source);
        } else {
            emit::GetIter(&mut self.f.code, base, source);
        }
        let received = self.f.alloc();
        let mode = self.f.alloc();
        let result = self.f.alloc();
        let flag = self.f.alloc();
        let (top, got, suspend) = (self.f.label(), self.f.label(), self.f.label());
        let (throwing, returning, end) = (self.f.label(), self.f.label(), self.f.label());
        self.load_undefined(received);
        self.f.bind(top);
        emit::IterCallNext(&mut self.f.code, result, base, received);
        self.f.bind(got);
        if is_async {
            emit::Await(&mut self.f.code, result, result);
        }
        emit::ChkIterResult(&mut self.f.code, result);
        self.result_field("done", flag, result);
        self.f.jump_on(emit::JTrue, flag, end);
        self.f.bind(suspend);
        if is_async {
            self.result_field("value", result, result);
        }
        emit::YieldStar(&mut self.f.code, received, mode, result);
        if is_async {
            // A return sent to an async generator awaits its value; a rejection is thrown into the inner one.
            self.await_received(received, mode);
        }
        let at = emit::JEqI(&mut self.f.code, mode, RETURN, 0);
        self.f.to(at, returning);
        let at = emit::JEqI(&mut self.f.code, mode, THROW, 0);
        self.f.to(at, throwing);
        self.f.loop_to(top);

        self.f.bind(throwing);
        emit::IterForward(&mut self.f.code, result, base, received, THROW as u8);
        self.f.loop_to(got);

        self.f.bind(returning);
        emit::IterForward(&mut self.f.code, result, base, received, RETURN as u8);
        let (absent, present) = (self.f.label(), self.f.label());
        self.load_s(flag, TDZ);
        let at = emit::JStrictNe(&mut self.f.code, result, flag, 0);
        self.f.to(at, present);
        self.f.bind(absent);
        let value = match is_async {
            true => self.await_in_async_generator(received),
            false => received,
        };
        self.return_value(value);
        self.f.bind(present);
        if is_async {
            emit::Await(&mut self.f.code, result, result);
        }
        emit::ChkIterResult(&mut self.f.code, result);
        self.result_field("done", flag, result);
        let returned = self.f.label();
        self.f.jump_on(emit::JTrue, flag, returned);
        self.f.loop_to(suspend);
        self.f.bind(returned);
        self.result_field("value", result, result);
        self.return_value(result);

        self.f.bind(end);
        self.result_field("value", dst, result);
        self.f.release(mark);
    }

    fn await_received(&mut self, received: Reg, mode: Reg) {
        let mark = self.f.top();
        let skip = self.f.label();
        let at = emit::JNeI(&mut self.f.code, mode, RETURN, 0);
        self.f.to(at, skip);
        let region = self.f.open_region();
        emit::Await(&mut self.f.code, received, received);
        let mut region = region;
        self.f.suspend_region(&mut region);
        self.f.jump(skip);
        self.f.close_region(region, received);
        emit::LoadI(&mut self.f.code, mode, THROW);
        self.f.bind(skip);
        self.f.release(mark);
    }

    fn result_field(&mut self, name: &'a str, dst: Reg, result: Reg) {
        let k = self.k(name);
        emit::GetField(&mut self.f.code, dst, result, k, 0);
        self.f.site();
    }
}
