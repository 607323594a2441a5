//! Loops. A loop whose condition is a plain `a < b` repeats it at the bottom, fused with the back-edge; the others test at
//! the top and jump back with `Loop`.
use oxc_ast::ast::*;
use oxc_span::{GetSpan, Span};

use super::control::Control;
use super::function::{Label, Reg};
use super::lower::*;
use super::pattern::{Init, Pat};
use crate::bytecode::op::emit;

impl<'a, 'm> Lower<'a, 'm> {
    fn push_target(&mut self, labels: Vec<&'a str>, break_: Option<Label>, continue_: Option<Label>) {
        let plain = break_.is_some();
        self.control.push(Control::Target { labels, break_, continue_, plain });
    }

    fn body(&mut self, body: &'a Statement<'a>) {
        self.statement(body);
    }

    /// `a < b` whose operands are cheap to evaluate again: the right side is a register where it is a literal.
    fn fused(&mut self, test: Option<&'a Expression<'a>>) -> Option<Fused<'a>> {
        let Some(Expression::BinaryExpression(b)) = test.map(|t| t.get_inner_expression()) else { return None };
        if b.operator != BinaryOperator::LessThan || !is_cheap(&b.left) || self.known(&b.left).is_some() {
            return None;
        }
        if let Some(known) = self.known(&b.right) {
            let reg = self.f.alloc();
            self.load_known(reg, &known);
            return Some(Fused { test: b, right: Some(reg) });
        }
        is_cheap(&b.right).then_some(Fused { test: b, right: None })
    }

    /// The back-edge of a fused loop.
    fn loop_lt(&mut self, fused: &Fused<'a>, body: Label) {
        let mark = self.f.top();
        let left = self.expr(&fused.test.left);
        let right = match fused.right {
            Some(reg) => reg,
            None => self.expr(&fused.test.right),
        };
        self.f.at(fused.test.span.start);
        let at = emit::LoopLt(&mut self.f.code, left, right, 0);
        self.f.to(at, body);
        self.f.release(mark);
    }

    pub fn while_statement(&mut self, w: &'a WhileStatement<'a>) {
        let labels = std::mem::take(&mut self.pending_labels);
        self.conditional_loop(labels, Some(&w.test), None, &w.body, None);
    }

    fn conditional_loop(
        &mut self,
        labels: Vec<&'a str>,
        test: Option<&'a Expression<'a>>,
        update: Option<&'a Expression<'a>>,
        body: &'a Statement<'a>,
        heap: Option<Reg>,
    ) {
        let mark = self.f.top();
        let fused = self.fused(test);
        let exit = self.f.label();
        let next = self.f.label();
        let top = self.f.here();
        if let Some(test) = test {
            self.jump_if(test, false, exit);
        }
        let start = self.f.here();
        self.push_target(labels, Some(exit), Some(next));
        self.body(body);
        self.control.pop();
        self.f.bind(next);
        if let Some(heap) = heap {
            emit::CopyScope(&mut self.f.code, heap, heap);
        }
        if let Some(update) = update {
            self.effect(update);
        }
        match &fused {
            Some(fused) => self.loop_lt(fused, start),
            None => self.f.loop_to(top),
        }
        self.f.bind(exit);
        self.f.release(mark);
    }

    pub fn do_while(&mut self, d: &'a DoWhileStatement<'a>) {
        let labels = std::mem::take(&mut self.pending_labels);
        let mark = self.f.top();
        let fused = self.fused(Some(&d.test));
        let exit = self.f.label();
        let next = self.f.label();
        let start = self.f.here();
        self.push_target(labels, Some(exit), Some(next));
        self.body(&d.body);
        self.control.pop();
        self.f.bind(next);
        match &fused {
            Some(fused) => self.loop_lt(fused, start),
            None => {
                self.jump_if(&d.test, false, exit);
                self.f.loop_to(start);
            }
        }
        self.f.bind(exit);
        self.f.release(mark);
    }

    pub fn for_statement(&mut self, f: &'a ForStatement<'a>) {
        let labels = std::mem::take(&mut self.pending_labels);
        let heaps = self.heaps.len();
        let entered = self.enter_scope(&f.scope_id);
        let heap = self.heaps.get(heaps).map(|h| h.1);
        match &f.init {
            None => {}
            Some(ForStatementInit::VariableDeclaration(v)) => {
                self.variables(v);
                if let Some(heap) = heap {
                    // Closures made by the initialisers keep the first bindings.
                    emit::CopyScope(&mut self.f.code, heap, heap);
                }
            }
            Some(other) => self.effect(other.to_expression()),
        }
        self.conditional_loop(labels, f.test.as_ref(), f.update.as_ref(), &f.body, heap);
        self.leave_scope(entered);
    }

    /// The expression looped over needs the loop's scope: it uses a binding before it has a value, or makes a function, whose
    /// environment has the loop's heap scope in it.
    fn needs_scope(&self, scope: u32, right: Span) -> bool {
        let analysis = self.analysis();
        let loop_scope = &analysis.scopes[scope as usize];
        let makes_functions = || analysis.functions.iter().any(|f| (right.start..right.end).contains(&f.create_pos));
        loop_scope.bindings.iter().any(|&b| self.binding(b).early) || loop_scope.heap_slots > 0 && makes_functions()
    }

    /// The expression looped over, evaluated where the loop's own variables are in their dead zone.
    fn iterated(&mut self, scope: u32, right: &'a Expression<'a>) -> Reg {
        if !self.needs_scope(scope, right.span()) {
            return self.expr(right);
        }
        let reg = self.f.alloc();
        let entered = self.enter_scope_id(scope);
        self.expr_to(right, reg);
        self.leave_scope(entered);
        reg
    }

    /// Where a step can put its value at once.
    fn loop_variable(&mut self, left: &'a ForStatementLeft<'a>) -> Option<Reg> {
        match left {
            ForStatementLeft::VariableDeclaration(v) => {
                let pat = Pat::Binding(&v.declarations.first()?.id);
                self.direct_target(&pat)
            }
            _ => None,
        }
    }

    fn bind_loop_variable(&mut self, left: &'a ForStatementLeft<'a>, value: Reg) {
        let pos = left.span().start;
        match left {
            ForStatementLeft::VariableDeclaration(v) => {
                if v.kind.is_using() {
                    self.unsupported(v.span, "a using declaration");
                }
                if let Some(declarator) = v.declarations.first() {
                    self.bind_pattern(Pat::Binding(&declarator.id), value, Init::Declare, pos);
                }
            }
            other => self.bind_pattern(Pat::Target(other.to_assignment_target()), value, Init::Assign, pos),
        }
    }

    pub fn for_in(&mut self, f: &'a ForInStatement<'a>) {
        let labels = std::mem::take(&mut self.pending_labels);
        let mark = self.f.top();
        let scope = f.scope_id.get().map_or(self.scope, |s| s.index() as u32);
        if let ForStatementLeft::VariableDeclaration(v) = &f.left
            && let Some(d) = v.declarations.first()
            && let (Some(init), BindingPattern::BindingIdentifier(ident)) = (&d.init, &d.id)
        {
            // Annex B.3.5: for (var a = 1 in b).
            let value = self.expr(init);
            let bind = self.bind_of(ident);
            self.initialise(bind, ident.name.as_str(), value, ident.span.start);
        }
        let source = self.iterated(scope, &f.right);
        let object = if self.f.is_named(source) { self.f.alloc() } else { source };
        self.f.at(f.right.span().start);
        emit::ForInPrep(&mut self.f.code, object, source);
        let exit = self.f.label();
        let top = self.f.here();
        let entered = self.enter_scope_id(scope);
        let value = self.loop_variable(&f.left).unwrap_or_else(|| self.f.alloc());
        let at = emit::ForInNext(&mut self.f.code, value, object, 0);
        self.f.to(at, exit);
        let next = self.f.label();
        self.push_target(labels, Some(exit), Some(next));
        self.bind_loop_variable(&f.left, value);
        self.body(&f.body);
        self.control.pop();
        self.leave_scope(entered);
        self.f.bind(next);
        self.f.loop_to(top);
        self.f.bind(exit);
        self.f.release(mark);
    }

    pub fn for_of(&mut self, f: &'a ForOfStatement<'a>) {
        let labels = std::mem::take(&mut self.pending_labels);
        let mark = self.f.top();
        let scope = f.scope_id.get().map_or(self.scope, |s| s.index() as u32);
        let pos = f.right.span().start;
        let source = self.iterated(scope, &f.right);
        let base = self.f.alloc_block(3);
        self.f.at(pos);
        if f.r#await {
            emit::GetAsyncIter(&mut self.f.code, base, source);
        } else {
            emit::GetIter(&mut self.f.code, base, source);
        }
        let (exit, next) = (self.f.label(), self.f.label());
        self.push_target(labels.clone(), Some(exit), None);
        let top = self.f.here();
        let entered = self.enter_scope_id(scope);
        let value = self.loop_variable(&f.left).unwrap_or_else(|| self.f.alloc());
        self.f.at(pos);
        if f.r#await {
            let result = self.f.alloc();
            self.load_undefined(result);
            emit::IterCallNext(&mut self.f.code, result, base, result);
            emit::Await(&mut self.f.code, result, result);
            let at = emit::IterUnwrap(&mut self.f.code, value, result, base, 0);
            self.f.to(at, exit);
        } else {
            let at = emit::IterNext(&mut self.f.code, value, base, 0);
            self.f.to(at, exit);
        }
        let region = self.f.open_region();
        self.control.push(Control::Iter { base, is_async: f.r#await, region });
        self.push_target(labels, None, Some(next));
        self.bind_loop_variable(&f.left, value);
        self.body(&f.body);
        self.control.pop();
        self.f.bind(next);
        self.leave_scope(entered);
        // The back-edge is outside of the guarded region.
        if let Some(Control::Iter { region, .. }) = self.control.last_mut() {
            self.f.suspend_region(region);
        }
        self.f.loop_to(top);
        self.close_iteration_region(pos, false);
        self.control.pop();
        self.f.bind(exit);
        self.f.release(mark);
    }
}

/// A loop condition kept for the bottom of the loop.
struct Fused<'a> {
    test: &'a BinaryExpression<'a>,
    right: Option<Reg>,
}

/// A variable, or a plain property of one: evaluated twice in the code, once an iteration.
fn is_cheap(e: &Expression) -> bool {
    match e.get_inner_expression() {
        Expression::Identifier(_) | Expression::ThisExpression(_) => true,
        Expression::StaticMemberExpression(m) => {
            !m.optional
                && matches!(m.object.get_inner_expression(), Expression::Identifier(_) | Expression::ThisExpression(_))
        }
        _ => false,
    }
}
