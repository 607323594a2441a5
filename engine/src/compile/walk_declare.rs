//! The scope analysis's own steps: declaring, referring, entering functions, annex B.
use std::cell::Cell;

use oxc_ast::ast::*;
use oxc_ast_visit::VisitJs;
use oxc_span::Span;
use oxc_syntax::reference::ReferenceId;
use oxc_syntax::scope::ScopeId as OxcScopeId;
use oxc_syntax::symbol::SymbolId;

use super::scope::*;
use super::walk::{Saved, Walk};

impl<'a> Walk<'a> {
    pub fn enter(&mut self, kind: ScopeKind, start: u32, cell: &Cell<Option<OxcScopeId>>) -> ScopeId {
        let saved = self.scope;
        self.scope = self.analysis.add_scope(saved, self.func, kind, start);
        cell.set(Some(OxcScopeId::from_usize(self.scope as usize)));
        saved
    }

    pub fn declare(&mut self, ident: &BindingIdentifier<'a>, scope: ScopeId, kind: BindKind, init_pos: u32) -> BindId {
        let bind = self.analysis.declare(scope, ident.name.as_str(), kind, init_pos);
        ident.symbol_id.set(Some(SymbolId::from_usize(bind as usize)));
        bind
    }

    pub fn hidden(&mut self, name: &str) -> BindId {
        let name = self.arena.alloc_str(name);
        let bind = self.analysis.declare(self.scope, name, BindKind::Hidden, 0);
        self.analysis.bindings[bind as usize].captured = true;
        bind
    }

    pub fn reference(&mut self, name: &'a str, pos: u32, write: bool) -> u32 {
        let name = self.analysis.intern(name);
        self.analysis.refs.push(Ref {
            name,
            scope: self.scope,
            pos,
            binding: NONE,
            write,
            head: self.head,
            check: false,
        });
        self.analysis.refs.len() as u32 - 1
    }

    pub fn write_reference(&mut self, ident: &IdentifierReference<'a>) {
        let id = self.reference(ident.name.as_str(), ident.span.start, true);
        ident.reference_id.set(Some(ReferenceId::from_usize(id as usize)));
    }

    pub fn private_reference(&mut self, ident: &PrivateIdentifier<'a>) {
        let name = self.private_name(ident.name.as_str());
        self.reference(name, ident.span.start, false);
    }

    pub fn private_name(&self, name: &str) -> &'a str {
        self.arena.alloc_concat_strs_array(["#", name])
    }

    /// Uses `this`, `new.target` or the running function of the nearest function that has them.
    pub fn special(&mut self, special: Special) {
        let owner = self.analysis.this_owner(self.func);
        let info = &mut self.analysis.functions[owner as usize];
        if special == Special::This {
            info.uses_this = true;
        }
        if owner == self.func {
            return;
        }
        let kind = info.kind;
        if kind == FnKind::Unit && (self.analysis.is_module || special != Special::This) {
            return;
        }
        if info.special[special as usize] == NONE {
            let scope = info.params_scope;
            let name = ["%this", "%new.target", "%callee"][special as usize];
            let bind = self.analysis.declare(scope, name, BindKind::Special, 0);
            self.analysis.bindings[bind as usize].captured = true;
            self.analysis.functions[owner as usize].special[special as usize] = bind;
        }
        self.analysis.mark_env(self.func, owner);
    }

    pub fn var_scope(&self) -> ScopeId {
        let mut scope = self.scope;
        loop {
            let s = &self.analysis.scopes[scope as usize];
            match s.kind {
                ScopeKind::Unit | ScopeKind::Static | ScopeKind::Namespace | ScopeKind::Body => return scope,
                ScopeKind::Params => return self.analysis.functions[s.func as usize].body_scope,
                _ => scope = s.parent,
            }
        }
    }

    /// Declares a `var`, and finds the binding its initialiser assigns: a catch parameter of the same name comes first.
    pub fn declare_var(&mut self, ident: &BindingIdentifier<'a>) -> BindId {
        let name = ident.name.as_str();
        let home = self.var_scope();
        let func = self.analysis.fn_of(home);
        let kind = if name == "arguments"
            && !matches!(self.analysis.functions[func as usize].kind, FnKind::Arrow | FnKind::Unit | FnKind::FieldInit)
            && self.analysis.find_str(self.analysis.functions[func as usize].params_scope, name).is_none()
        {
            BindKind::Arguments
        } else {
            BindKind::Var
        };
        let bind = self.declare(ident, home, kind, 0);
        if kind == BindKind::Arguments {
            self.analysis.functions[func as usize].arguments = bind;
        }
        let mut scope = self.scope;
        while scope != home {
            if self.analysis.scopes[scope as usize].kind == ScopeKind::Catch
                && let Some(catch) = self.analysis.find_str(scope, name)
            {
                ident.symbol_id.set(Some(SymbolId::from_usize(catch as usize)));
                break;
            }
            scope = self.analysis.scopes[scope as usize].parent;
        }
        bind
    }

    pub fn declare_pattern(&mut self, pattern: &BindingPattern<'a>, scope: ScopeId, kind: BindKind, init_pos: u32) {
        match pattern {
            BindingPattern::BindingIdentifier(ident) => {
                if kind == BindKind::Var {
                    self.declare_var(ident);
                } else {
                    self.declare(ident, scope, kind, init_pos);
                }
            }
            BindingPattern::ObjectPattern(object) => {
                for property in &object.properties {
                    self.declare_pattern(&property.value, scope, kind, init_pos);
                }
                if let Some(rest) = &object.rest {
                    self.declare_pattern(&rest.argument, scope, kind, init_pos);
                }
            }
            BindingPattern::ArrayPattern(array) => {
                for element in array.elements.iter().flatten() {
                    self.declare_pattern(element, scope, kind, init_pos);
                }
                if let Some(rest) = &array.rest {
                    self.declare_pattern(&rest.argument, scope, kind, init_pos);
                }
            }
            BindingPattern::AssignmentPattern(assignment) => {
                self.declare_pattern(&assignment.left, scope, kind, init_pos);
            }
        }
    }

    pub fn declare_variables(&mut self, declaration: &VariableDeclaration<'a>, init_pos: Option<u32>) {
        let kind = match declaration.kind {
            VariableDeclarationKind::Var => BindKind::Var,
            VariableDeclarationKind::Let => BindKind::Let,
            _ => BindKind::Const,
        };
        for declarator in &declaration.declarations {
            let init_pos = init_pos.unwrap_or(declarator.span.end);
            self.declare_pattern(&declarator.id, self.scope, kind, init_pos);
        }
    }

    /// Starts a function; returns what to restore.
    pub fn enter_function(&mut self, kind: FnKind, strict: bool, span: Span, create_pos: u32) -> Saved {
        let saved = (self.scope, self.func, self.strict, self.head);
        let func = self.analysis.functions.len() as u32;
        self.analysis.functions[self.func as usize].needs_env = true;
        let params_scope = self.analysis.add_scope(self.scope, func, ScopeKind::Params, span.start);
        self.strict |= strict;
        self.analysis.functions.push(FnInfo {
            parent: self.func,
            kind,
            strict: self.strict,
            params_scope,
            body_scope: params_scope,
            create_pos,
            needs_env: kind == FnKind::FieldInit,
            uses_this: false,
            arguments: NONE,
            special: [NONE; 3],
            has_await: false,
            has_try: false,
            uses_super: false,
        });
        self.func = func;
        self.scope = params_scope;
        self.head = false;
        saved
    }

    pub fn leave_function(&mut self, saved: Saved) {
        (self.scope, self.func, self.strict, self.head) = saved;
    }

    pub fn parameters(&mut self, params: &FormalParameters<'a>) {
        let scope = self.scope;
        let simple = is_simple(params);
        for item in &params.items {
            let init_pos = if simple { 0 } else { item.span.end };
            self.declare_pattern(&item.pattern, scope, BindKind::Param, init_pos);
        }
        if let Some(rest) = &params.rest {
            self.declare_pattern(&rest.rest.argument, scope, BindKind::Param, rest.span.end);
        }
        for item in &params.items {
            self.visit_binding_pattern(&item.pattern);
            if let Some(initializer) = &item.initializer {
                self.visit_expression(initializer);
            }
        }
        if let Some(rest) = &params.rest {
            self.visit_binding_pattern(&rest.rest.argument);
        }
        if has_expressions(params) {
            let body = self.analysis.add_scope(scope, self.func, ScopeKind::Body, params.span.end);
            self.analysis.functions[self.func as usize].body_scope = body;
            self.scope = body;
        }
    }

    pub fn body_statements(&mut self, statements: &[Statement<'a>]) {
        for statement in statements {
            self.straight = match statement {
                Statement::VariableDeclaration(_) => true,
                Statement::ForStatement(f) => matches!(f.init, Some(ForStatementInit::VariableDeclaration(_))),
                _ => false,
            };
            self.visit_statement(statement);
        }
        self.straight = false;
    }

    pub fn note_first_value(&mut self, declarator: &VariableDeclarator<'a>) {
        let BindingPattern::BindingIdentifier(ident) = &declarator.id else { return };
        let Some(id) = ident.symbol_id.get() else { return };
        let binding = &mut self.analysis.bindings[id.index()];
        if binding.kind == BindKind::Var && binding.first_value == 0 {
            binding.first_value = declarator.span.end;
        }
    }

    pub fn finish_annex_b(&mut self) {
        for (name, block_bind, block, home) in std::mem::take(&mut self.annex_b) {
            let mut scope = self.analysis.scopes[block as usize].parent;
            let mut allowed = true;
            while scope != home && scope != NONE {
                if let Some(bind) = self.analysis.find_str(scope, name) {
                    let binding = &self.analysis.bindings[bind as usize];
                    let simple_catch = binding.kind == BindKind::Catch;
                    allowed &= simple_catch || binding.kind == BindKind::Var;
                }
                scope = self.analysis.scopes[scope as usize].parent;
            }
            let func = self.analysis.fn_of(home);
            let params = self.analysis.functions[func as usize].params_scope;
            for scope in [home, params] {
                if let Some(bind) = self.analysis.find_str(scope, name) {
                    allowed &= matches!(
                        self.analysis.bindings[bind as usize].kind,
                        BindKind::Var | BindKind::Function | BindKind::Arguments | BindKind::FnName
                    );
                }
            }
            if allowed {
                let var = self.analysis.declare(home, name, BindKind::Var, 0);
                self.analysis.annex_b.insert(block_bind, var);
            }
        }
    }
}

/// Only plain identifiers.
pub(super) fn is_simple(params: &FormalParameters) -> bool {
    params.rest.is_none()
        && params
            .items
            .iter()
            .all(|i| i.initializer.is_none() && matches!(i.pattern, BindingPattern::BindingIdentifier(_)))
}

/// Some default value or computed key: parameters and body have separate variables.
pub(super) fn has_expressions(params: &FormalParameters) -> bool {
    pub fn pattern(p: &BindingPattern) -> bool {
        match p {
            BindingPattern::BindingIdentifier(_) => false,
            BindingPattern::AssignmentPattern(_) => true,
            BindingPattern::ObjectPattern(o) => {
                o.properties.iter().any(|p| p.computed || pattern(&p.value))
                    || o.rest.as_ref().is_some_and(|r| pattern(&r.argument))
            }
            BindingPattern::ArrayPattern(a) => {
                a.elements.iter().flatten().any(pattern) || a.rest.as_ref().is_some_and(|r| pattern(&r.argument))
            }
        }
    }
    params.items.iter().any(|i| i.initializer.is_some() || pattern(&i.pattern))
        || params.rest.as_ref().is_some_and(|r| pattern(&r.rest.argument))
}
