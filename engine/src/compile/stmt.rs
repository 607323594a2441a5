//! Statements and declarations.
use oxc_ast::ast::*;
use oxc_span::GetSpan;

use super::control::Control;
use super::function::Reg;
use super::lower::*;
use super::pattern::{Init, Pat};
use super::scope::{FnKind, NONE};
use super::walk;
use crate::bytecode::op::emit;

impl<'a, 'm> Lower<'a, 'm> {
    /// Statements in order, up to one that never completes.
    pub fn statements(&mut self, statements: &'a [Statement<'a>]) -> bool {
        for statement in statements {
            self.statement(statement);
            if matches!(
                statement,
                Statement::ReturnStatement(_)
                    | Statement::ThrowStatement(_)
                    | Statement::BreakStatement(_)
                    | Statement::ContinueStatement(_)
            ) {
                return true;
            }
        }
        false
    }

    pub fn block(&mut self, block: &'a BlockStatement<'a>) {
        let entered = self.enter_scope(&block.scope_id);
        self.hoist_functions(&block.body);
        self.statements(&block.body);
        self.leave_scope(entered);
    }

    pub fn statement(&mut self, statement: &'a Statement<'a>) {
        let mark = self.f.top();
        match statement {
            Statement::BlockStatement(b) => self.block(b),
            Statement::BreakStatement(b) => self.break_statement(b.label.as_ref().map(|l| l.name.as_str())),
            Statement::ContinueStatement(c) => self.continue_statement(c.label.as_ref().map(|l| l.name.as_str())),
            Statement::DebuggerStatement(_) => {
                emit::Debugger(&mut self.f.code);
            }
            Statement::EmptyStatement(_) => {}
            Statement::ExpressionStatement(e) => {
                self.effect(&e.expression);
                self.note_super_call(&e.expression);
            }
            Statement::IfStatement(i) => self.if_statement(i),
            Statement::DoWhileStatement(d) => self.do_while(d),
            Statement::WhileStatement(w) => self.while_statement(w),
            Statement::ForStatement(f) => self.for_statement(f),
            Statement::ForInStatement(f) => self.for_in(f),
            Statement::ForOfStatement(f) => self.for_of(f),
            Statement::LabeledStatement(l) => self.labeled(l),
            Statement::ReturnStatement(r) => self.return_statement(r),
            Statement::SwitchStatement(s) => self.switch(s),
            Statement::ThrowStatement(t) => {
                let value = self.expr(&t.argument);
                self.f.at(t.span.start);
                emit::Throw(&mut self.f.code, value);
                self.f.end();
            }
            Statement::TryStatement(t) => self.try_statement(t),
            Statement::WithStatement(w) => self.unsupported(w.span, "the with statement"),
            Statement::VariableDeclaration(_)
            | Statement::FunctionDeclaration(_)
            | Statement::ClassDeclaration(_)
            | Statement::TSTypeAliasDeclaration(_)
            | Statement::TSInterfaceDeclaration(_)
            | Statement::TSEnumDeclaration(_)
            | Statement::TSExternalModuleDeclaration(_)
            | Statement::TSNamespaceDeclaration(_)
            | Statement::TSGlobalDeclaration(_)
            | Statement::TSImportEqualsDeclaration(_) => {
                if let Some(declaration) = statement.as_declaration() {
                    self.declaration(declaration);
                }
            }
            Statement::ImportDeclaration(_)
            | Statement::ExportAllDeclaration(_)
            | Statement::ExportNamedDeclaration(_)
            | Statement::ExportFromDeclaration(_)
            | Statement::TSNamespaceExportDeclaration(_) => {}
            Statement::ExportDeclaration(e) => self.declaration(&e.declaration),
            Statement::ExportDefaultDeclaration(e) => self.export_default(e),
            Statement::TSExportAssignment(e) => self.unsupported(e.span, "export ="),
        }
        self.f.release(mark);
    }

    pub fn declaration(&mut self, declaration: &'a Declaration<'a>) {
        match declaration {
            Declaration::VariableDeclaration(v) => self.variables(v),
            Declaration::FunctionDeclaration(f) => self.function_statement(f),
            Declaration::ClassDeclaration(c) => {
                if !c.declare
                    && let Some(ident) = &c.id
                {
                    let bind = self.bind_of(ident);
                    let dst = self.local(bind).unwrap_or_else(|| self.f.alloc());
                    self.class(c, ident.name.as_str(), bind, dst);
                }
            }
            Declaration::TSEnumDeclaration(e) => self.enumeration(e),
            Declaration::TSNamespaceDeclaration(n) => self.namespace(n),
            Declaration::TSImportEqualsDeclaration(i) => {
                if !i.import_kind.is_type() {
                    self.unsupported(i.span, "import … = …");
                }
            }
            Declaration::TSTypeAliasDeclaration(_)
            | Declaration::TSInterfaceDeclaration(_)
            | Declaration::TSExternalModuleDeclaration(_)
            | Declaration::TSGlobalDeclaration(_) => {}
        }
    }

    /// Declarations are made at their block's entry; here annex B copies them to the function's variable.
    fn function_statement(&mut self, f: &'a Function<'a>) {
        let Some(ident) = &f.id else { return };
        let bind = self.bind_of(ident);
        let Some(&var) = self.analysis().annex_b.get(&bind) else { return };
        let name = ident.name.as_str();
        let reg = match self.local(bind) {
            Some(reg) => reg,
            None => {
                let reg = self.f.alloc();
                self.read(bind, name, false, f.span.start, reg);
                reg
            }
        };
        self.initialise(var, name, reg, f.span.start);
    }

    fn export_default(&mut self, e: &'a ExportDefaultDeclaration<'a>) {
        let name = walk::DEFAULT;
        match &e.declaration {
            ExportDefaultDeclarationKind::FunctionDeclaration(_)
            | ExportDefaultDeclarationKind::TSInterfaceDeclaration(_) => {}
            ExportDefaultDeclarationKind::ClassDeclaration(c) => {
                let (bind, name) = match &c.id {
                    Some(ident) => (self.bind_of(ident), ident.name.as_str()),
                    None => (self.analysis().find_str(0, name).unwrap_or(NONE), "default"),
                };
                let dst = self.f.alloc();
                self.class(c, name, bind, dst);
            }
            other => {
                let value = self.named_expr(other.to_expression(), Some("default"));
                if let Some(bind) = self.analysis().find_str(0, name) {
                    self.initialise(bind, name, value, e.span.start);
                }
            }
        }
    }

    pub fn variables(&mut self, v: &'a VariableDeclaration<'a>) {
        if v.declare {
            return;
        }
        if v.kind.is_using() {
            return self.unsupported(v.span, "a using declaration");
        }
        for declarator in &v.declarations {
            let mark = self.f.top();
            self.declarator(v.kind, declarator);
            self.f.release(mark);
        }
    }

    fn declarator(&mut self, kind: VariableDeclarationKind, d: &'a VariableDeclarator<'a>) {
        let BindingPattern::BindingIdentifier(ident) = &d.id else {
            if let Some(init) = &d.init {
                let value = self.expr(init);
                self.bind_pattern(Pat::Binding(&d.id), value, Init::Declare, d.span.start);
            }
            return;
        };
        let bind = self.bind_of(ident);
        let name = ident.name.as_str();
        let Some(init) = &d.init else {
            if !kind.is_var() {
                let reg = self.local(bind).unwrap_or_else(|| self.f.alloc());
                self.load_undefined(reg);
                self.initialise(bind, name, reg, d.span.start);
            }
            return;
        };
        let fresh = !kind.is_var() && !self.binding(bind).early;
        match self.local(bind) {
            Some(reg) if fresh || self.writes_once(init) && kind.is_var() => {
                self.named_expr_to(init, Some(name), reg);
            }
            _ => {
                let value = self.named_expr(init, Some(name));
                self.initialise(bind, name, value, ident.span.start);
            }
        }
    }

    fn if_statement(&mut self, i: &'a IfStatement<'a>) {
        if i.alternate.is_none()
            && let Some(label) = self.plain_jump(&i.consequent)
        {
            return self.jump_if(&i.test, true, label);
        }
        let (other, end) = (self.f.label(), self.f.label());
        self.jump_if(&i.test, false, other);
        self.branch(&i.consequent);
        match &i.alternate {
            Some(alternate) => {
                self.f.jump(end);
                self.f.bind(other);
                self.branch(alternate);
            }
            None => self.f.bind(other),
        }
        self.f.bind(end);
    }

    /// A branch of an `if`: sloppy mode allows a bare function declaration there (annex B.3.4).
    fn branch(&mut self, statement: &'a Statement<'a>) {
        if let Statement::FunctionDeclaration(f) = statement
            && let Some(ident) = &f.id
        {
            let mark = self.f.top();
            let reg = self.f.alloc();
            self.function_closure(f, ident.name.as_str(), reg);
            let bind = self.bind_of(ident);
            self.initialise(bind, ident.name.as_str(), reg, f.span.start);
            return self.f.release(mark);
        }
        self.statement(statement);
    }

    fn labeled(&mut self, l: &'a LabeledStatement<'a>) {
        let name = l.label.name.as_str();
        let mut body = &l.body;
        while let Statement::LabeledStatement(inner) = body {
            body = &inner.body;
        }
        if body.is_iteration_statement() {
            self.pending_labels.push(name);
            self.statement(&l.body);
            return;
        }
        let end = self.f.label();
        self.control.push(Control::Target { labels: vec![name], break_: Some(end), continue_: None, plain: false });
        self.statement(&l.body);
        self.control.pop();
        self.f.bind(end);
    }

    /// Where a lone `break` or `continue` goes, when nothing has to be closed on the way.
    fn plain_jump(&self, statement: &'a Statement<'a>) -> Option<super::function::Label> {
        let (depth, target) = match statement {
            Statement::BlockStatement(b) if b.body.len() == 1 => return self.plain_jump(&b.body[0]),
            Statement::BreakStatement(b) => self.break_target(b.label.as_ref().map(|l| l.name.as_str()))?,
            Statement::ContinueStatement(c) => self.continue_target(c.label.as_ref().map(|l| l.name.as_str()))?,
            _ => return None,
        };
        let open = &self.control[depth..];
        open.iter().all(|c| matches!(c, Control::Target { .. })).then_some(target)
    }

    fn return_statement(&mut self, r: &'a ReturnStatement<'a>) {
        if let Some(argument) = &r.argument
            && let Expression::ConditionalExpression(c) = argument.get_inner_expression()
            && self.control.iter().all(|c| matches!(c, Control::Target { .. }))
            && !self.flags.is_async
        {
            // Each branch returns by itself.
            let other = self.f.label();
            self.jump_if(&c.test, false, other);
            self.return_expression(&c.consequent);
            self.f.bind(other);
            return self.return_expression(&c.alternate);
        }
        let value = match &r.argument {
            Some(argument) => self.expr(argument),
            None => {
                let reg = self.f.alloc();
                self.load_undefined(reg);
                reg
            }
        };
        self.f.at(r.argument.as_ref().map_or(r.span.start, |a| a.span().start));
        let value = if r.argument.is_some() { self.await_in_async_generator(value) } else { value };
        self.return_value(value);
    }

    fn return_expression(&mut self, e: &'a Expression<'a>) {
        let mark = self.f.top();
        let value = self.expr(e);
        self.f.at(e.span().start);
        self.return_value(value);
        self.f.release(mark);
    }

    /// `return x` and a return sent to `yield` await in async generators.
    pub fn await_in_async_generator(&mut self, value: Reg) -> Reg {
        if !(self.flags.is_async && self.flags.is_generator) {
            return value;
        }
        let awaited = self.f.alloc();
        emit::Await(&mut self.f.code, awaited, value);
        awaited
    }

    /// After `super(…);` in straight line, `this` needs no more checks.
    fn note_super_call(&mut self, e: &'a Expression<'a>) {
        let bare = self.control.is_empty() && self.scope == self.fn_info().body_scope;
        if bare && self.fn_info().kind == FnKind::DerivedCtor && e.is_super_call_expression() {
            self.flags.this_bound = true;
        }
    }

    fn switch(&mut self, s: &'a SwitchStatement<'a>) {
        let value = self.expr(&s.discriminant);
        let value = self.keep_if_written(value, &s.discriminant, s.span);
        let entered = self.enter_scope(&s.scope_id);
        for case in &s.cases {
            self.hoist_functions(&case.consequent);
        }
        let end = self.f.label();
        let labels: Vec<_> = s.cases.iter().map(|_| self.f.label()).collect();
        let mut default = end;
        for (case, &label) in s.cases.iter().zip(&labels) {
            let Some(test) = &case.test else {
                default = label;
                continue;
            };
            let mark = self.f.top();
            if let Some(imm) = self.known(test).and_then(|k| k.int()) {
                let at = emit::JEqI(&mut self.f.code, value, imm, 0);
                self.f.to(at, label);
            } else {
                let test = self.expr(test);
                let at = emit::JStrictEq(&mut self.f.code, value, test, 0);
                self.f.to(at, label);
            }
            self.f.release(mark);
        }
        self.f.jump(default);
        self.control.push(Control::Target { labels: Vec::new(), break_: Some(end), continue_: None, plain: true });
        for (case, &label) in s.cases.iter().zip(&labels) {
            self.f.bind(label);
            self.statements(&case.consequent);
        }
        self.control.pop();
        self.f.bind(end);
        self.leave_scope(entered);
    }

    /// A copy of a variable that the source in `span` assigns.
    fn keep_if_written(&mut self, reg: Reg, e: &'a Expression<'a>, span: oxc_span::Span) -> Reg {
        if let Expression::Identifier(ident) = e.get_inner_expression() {
            let (bind, _) = self.reference(ident);
            if bind != NONE && self.local(bind) == Some(reg) && self.written_in(bind, span) {
                return self.keep(reg);
            }
        }
        reg
    }
}
