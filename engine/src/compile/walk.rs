//! Builds the [`Analysis`] of a unit: one walk over its tree. The ids it assigns are written into the tree's own cells
//! (`scope_id`, `symbol_id`, `reference_id`), where the lowering finds them.
use std::cell::Cell;

use oxc_allocator::Allocator;
use oxc_ast::ast::*;
use oxc_ast_visit::{VisitJs, walk_js};
use oxc_span::{GetSpan, Span};
use oxc_syntax::reference::ReferenceId;
use oxc_syntax::scope::{ScopeFlags, ScopeId as OxcScopeId};
use oxc_syntax::symbol::SymbolId;

use super::scope::*;
use super::typescript;

/// Analyses a parsed unit.
pub(super) fn analyse<'a>(program: &Program<'a>, is_module: bool, arena: &'a Allocator) -> Analysis<'a> {
    let strict = is_module || program.has_use_strict_directive();
    let mut walk = Walk {
        analysis: Analysis { is_module, ..Analysis::default() },
        arena,
        scope: 0,
        func: 0,
        strict,
        head: false,
        fn_kind: FnKind::Normal,
        if_body: false,
        straight: false,
        annex_b: Vec::new(),
    };
    walk.analysis.functions.push(FnInfo {
        parent: NONE,
        kind: FnKind::Unit,
        strict,
        params_scope: 0,
        body_scope: 0,
        create_pos: 0,
        needs_env: true,
        uses_this: false,
        arguments: NONE,
        special: [NONE; 3],
        has_await: false,
        has_try: false,
        uses_super: false,
    });
    walk.analysis.add_scope(NONE, 0, ScopeKind::Unit, 0);
    for statement in &program.body {
        walk.visit_statement(statement);
    }
    walk.finish_annex_b();
    let exports: Vec<&str> = program
        .body
        .iter()
        .filter_map(|s| if let Statement::ExportNamedDeclaration(e) = s { Some(e) } else { None })
        .flat_map(|e| e.specifiers.iter().map(|s| s.local.name().as_str()))
        .collect();
    for name in exports {
        if let Some(bind) = walk.analysis.find_str(0, name) {
            walk.analysis.bindings[bind as usize].exported = true;
        }
    }
    walk.analysis.resolve();
    walk.analysis
}

/// The name of the binding behind `export default <expression>` and unnamed default declarations.
pub(super) const DEFAULT: &str = "*default*";

struct Walk<'a> {
    analysis: Analysis<'a>,
    arena: &'a Allocator,
    scope: ScopeId,
    func: FnId,
    strict: bool,
    head: bool,
    /// What the next function expression is (method, accessor, constructor).
    fn_kind: FnKind,
    /// The next function declaration is the body of an `if` (annex B.3.4).
    if_body: bool,
    /// The next variable declaration is evaluated first thing in its statement, which the body holds directly.
    straight: bool,
    /// (name, block binding, block scope, var scope)
    annex_b: Vec<(&'a str, BindId, ScopeId, ScopeId)>,
}

impl<'a> Walk<'a> {
    fn enter(&mut self, kind: ScopeKind, start: u32, cell: &Cell<Option<OxcScopeId>>) -> ScopeId {
        let saved = self.scope;
        self.scope = self.analysis.add_scope(saved, self.func, kind, start);
        cell.set(Some(OxcScopeId::from_usize(self.scope as usize)));
        saved
    }

    fn declare(&mut self, ident: &BindingIdentifier<'a>, scope: ScopeId, kind: BindKind, init_pos: u32) -> BindId {
        let bind = self.analysis.declare(scope, ident.name.as_str(), kind, init_pos);
        ident.symbol_id.set(Some(SymbolId::from_usize(bind as usize)));
        bind
    }

    fn hidden(&mut self, name: &str) -> BindId {
        let name = self.arena.alloc_str(name);
        let bind = self.analysis.declare(self.scope, name, BindKind::Hidden, 0);
        self.analysis.bindings[bind as usize].captured = true;
        bind
    }

    fn reference(&mut self, name: &'a str, pos: u32, write: bool) -> u32 {
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

    fn write_reference(&mut self, ident: &IdentifierReference<'a>) {
        let id = self.reference(ident.name.as_str(), ident.span.start, true);
        ident.reference_id.set(Some(ReferenceId::from_usize(id as usize)));
    }

    fn private_reference(&mut self, ident: &PrivateIdentifier<'a>) {
        let name = self.private_name(ident.name.as_str());
        self.reference(name, ident.span.start, false);
    }

    fn private_name(&self, name: &str) -> &'a str {
        self.arena.alloc_concat_strs_array(["#", name])
    }

    /// Uses `this`, `new.target` or the running function of the nearest function that has them.
    fn special(&mut self, special: Special) {
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

    fn var_scope(&self) -> ScopeId {
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
    fn declare_var(&mut self, ident: &BindingIdentifier<'a>) -> BindId {
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

    fn declare_pattern(&mut self, pattern: &BindingPattern<'a>, scope: ScopeId, kind: BindKind, init_pos: u32) {
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

    fn declare_variables(&mut self, declaration: &VariableDeclaration<'a>, init_pos: Option<u32>) {
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
    fn enter_function(
        &mut self,
        kind: FnKind,
        strict: bool,
        span: Span,
        create_pos: u32,
    ) -> (ScopeId, FnId, bool, bool) {
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

    fn leave_function(&mut self, saved: (ScopeId, FnId, bool, bool)) {
        (self.scope, self.func, self.strict, self.head) = saved;
    }

    fn parameters(&mut self, params: &FormalParameters<'a>) {
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

    fn body_statements(&mut self, statements: &[Statement<'a>]) {
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

    fn note_first_value(&mut self, declarator: &VariableDeclarator<'a>) {
        let BindingPattern::BindingIdentifier(ident) = &declarator.id else { return };
        let Some(id) = ident.symbol_id.get() else { return };
        let binding = &mut self.analysis.bindings[id.index()];
        if binding.kind == BindKind::Var && binding.first_value == 0 {
            binding.first_value = declarator.span.end;
        }
    }

    fn finish_annex_b(&mut self) {
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

    fn class_element(&mut self, element: &ClassElement<'a>, class: ScopeId, span: Span) {
        match element {
            ClassElement::MethodDefinition(method) => {
                if method.value.body.is_none() {
                    return;
                }
                self.element_key(&method.key, method.computed, None);
                self.fn_kind = match method.kind {
                    MethodDefinitionKind::Constructor => self.fn_kind_of_class(class),
                    MethodDefinitionKind::Get => FnKind::Getter,
                    MethodDefinitionKind::Set => FnKind::Setter,
                    MethodDefinitionKind::Method => FnKind::Method,
                };
                let saved = std::mem::replace(&mut self.head, false);
                self.visit_function(&method.value, ScopeFlags::Function);
                self.head = saved;
            }
            ClassElement::PropertyDefinition(property) => {
                if property.declare || property.r#type == PropertyDefinitionType::TSAbstractPropertyDefinition {
                    return;
                }
                self.element_key(&property.key, property.computed, Some(property.span.start));
                let saved = self.enter_initializer(class, property.r#static, span);
                if let Some(value) = &property.value {
                    self.visit_expression(value);
                }
                self.leave_function(saved);
            }
            ClassElement::StaticBlock(block) => {
                let saved = self.enter_initializer(class, true, span);
                self.enter(ScopeKind::Static, block.span.start, &block.scope_id);
                for statement in &block.body {
                    self.visit_statement(statement);
                }
                self.leave_function(saved);
            }
            ClassElement::AccessorProperty(_) | ClassElement::TSIndexSignature(_) => {}
        }
    }

    fn element_key(&mut self, key: &PropertyKey<'a>, computed: bool, field_at: Option<u32>) {
        if !computed {
            return;
        }
        let saved = std::mem::replace(&mut self.head, true);
        self.visit_property_key(key);
        self.head = saved;
        if let Some(at) = field_at {
            self.hidden(&format!("%key{at}"));
        }
    }

    fn fn_kind_of_class(&self, class: ScopeId) -> FnKind {
        if self.analysis.scopes[class as usize].derived { FnKind::DerivedCtor } else { FnKind::Ctor }
    }

    /// Enters the function that runs field initialisers (or static elements), made at the first one.
    fn enter_initializer(&mut self, class: ScopeId, is_static: bool, span: Span) -> (ScopeId, FnId, bool, bool) {
        let known = self.analysis.scopes[class as usize].class_fns[is_static as usize];
        if known != NONE {
            let saved = (self.scope, self.func, self.strict, self.head);
            self.func = known;
            self.scope = self.analysis.functions[known as usize].params_scope;
            self.head = false;
            return saved;
        }
        let saved = self.enter_function(FnKind::FieldInit, true, span, span.start);
        self.analysis.scopes[class as usize].class_fns[is_static as usize] = self.func;
        saved
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
    fn pattern(p: &BindingPattern) -> bool {
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

impl<'a> VisitJs<'a> for Walk<'a> {
    fn visit_identifier_reference(&mut self, it: &IdentifierReference<'a>) {
        let id = self.reference(it.name.as_str(), it.span.start, false);
        it.reference_id.set(Some(ReferenceId::from_usize(id as usize)));
    }

    fn visit_simple_assignment_target(&mut self, it: &SimpleAssignmentTarget<'a>) {
        let inner = match it {
            SimpleAssignmentTarget::AssignmentTargetIdentifier(ident) => return self.write_reference(ident),
            SimpleAssignmentTarget::TSAsExpression(e) => &e.expression,
            SimpleAssignmentTarget::TSSatisfiesExpression(e) => &e.expression,
            SimpleAssignmentTarget::TSNonNullExpression(e) => &e.expression,
            SimpleAssignmentTarget::TSTypeAssertion(e) => &e.expression,
            _ => return walk_js::walk_simple_assignment_target(self, it),
        };
        match inner.get_inner_expression() {
            Expression::Identifier(ident) => self.write_reference(ident),
            other => self.visit_expression(other),
        }
    }

    fn visit_assignment_target_property_identifier(&mut self, it: &AssignmentTargetPropertyIdentifier<'a>) {
        self.write_reference(&it.binding);
        if let Some(init) = &it.init {
            self.visit_expression(init);
        }
    }

    fn visit_this_expression(&mut self, _it: &ThisExpression) {
        self.special(Special::This);
    }

    fn visit_new_target(&mut self, _it: &NewTarget) {
        self.special(Special::NewTarget);
    }

    fn visit_super(&mut self, _it: &Super) {
        let owner = self.analysis.this_owner(self.func);
        self.analysis.functions[owner as usize].uses_super = true;
        self.special(Special::Callee);
        self.special(Special::This);
        self.special(Special::NewTarget);
    }

    fn visit_private_field_expression(&mut self, it: &PrivateFieldExpression<'a>) {
        self.visit_expression(&it.object);
        self.private_reference(&it.field);
    }

    fn visit_private_in_expression(&mut self, it: &PrivateInExpression<'a>) {
        self.private_reference(&it.left);
        self.visit_expression(&it.right);
    }

    fn visit_await_expression(&mut self, it: &AwaitExpression<'a>) {
        self.analysis.functions[self.func as usize].has_await = true;
        self.visit_expression(&it.argument);
    }

    fn visit_import_expression(&mut self, it: &ImportExpression<'a>) {
        if let Expression::StringLiteral(specifier) = &it.source {
            self.analysis.dynamic_imports.push(specifier.value.as_str());
        }
        walk_js::walk_import_expression(self, it);
    }

    fn visit_object_property(&mut self, it: &ObjectProperty<'a>) {
        if it.computed {
            self.visit_property_key(&it.key);
        }
        if it.method || it.kind != PropertyKind::Init {
            self.fn_kind = match it.kind {
                PropertyKind::Get => FnKind::Getter,
                PropertyKind::Set => FnKind::Setter,
                PropertyKind::Init => FnKind::Method,
            };
        }
        self.visit_expression(&it.value);
    }

    fn visit_binding_property(&mut self, it: &BindingProperty<'a>) {
        if it.computed {
            self.visit_property_key(&it.key);
        }
        self.visit_binding_pattern(&it.value);
    }

    fn visit_assignment_target_property_property(&mut self, it: &AssignmentTargetPropertyProperty<'a>) {
        if it.computed {
            self.visit_property_key(&it.name);
        }
        self.visit_assignment_target_maybe_default(&it.binding);
    }

    fn visit_variable_declaration(&mut self, it: &VariableDeclaration<'a>) {
        if it.declare {
            return;
        }
        self.declare_variables(it, None);
        let straight = std::mem::take(&mut self.straight) && it.kind.is_var();
        for declarator in &it.declarations {
            if straight && declarator.init.is_some() {
                self.note_first_value(declarator);
            }
            self.visit_binding_pattern(&declarator.id);
            if let Some(init) = &declarator.init {
                self.visit_expression(init);
            }
        }
    }

    fn visit_function(&mut self, it: &Function<'a>, _flags: ScopeFlags) {
        let kind = std::mem::replace(&mut self.fn_kind, FnKind::Normal);
        let Some(body) = &it.body else { return };
        if it.declare {
            return;
        }
        let mut create_pos = it.span.start;
        let declaration = it.r#type == FunctionType::FunctionDeclaration;
        if declaration {
            let if_body = std::mem::take(&mut self.if_body);
            if !if_body {
                create_pos = self.analysis.scopes[self.scope as usize].start;
            }
            if let Some(ident) = it.id.as_ref().filter(|_| if_body) {
                // A variable of the function, set when the statement runs.
                self.declare_var(ident);
            } else if let Some(ident) = &it.id {
                let bind = self.declare(ident, self.scope, BindKind::Function, 0);
                let home = self.var_scope();
                if self.scope != home && !self.strict && !it.r#async && !it.generator {
                    self.annex_b.push((ident.name.as_str(), bind, self.scope, home));
                }
            }
        }
        let outer = (self.scope, self.func);
        let named = !declaration && it.id.is_some();
        if named {
            // The name's scope lies between; it belongs to the function itself.
            self.scope = self.analysis.add_scope(outer.0, outer.1, ScopeKind::FnName, it.span.start);
        }
        let name_scope = self.scope;
        let saved = self.enter_function(kind, body.has_use_strict_directive(), it.span, create_pos);
        it.scope_id.set(Some(OxcScopeId::from_usize(self.scope as usize)));
        if let Some(ident) = it.id.as_ref().filter(|_| named) {
            self.analysis.scopes[name_scope as usize].func = self.func;
            self.declare(ident, name_scope, BindKind::FnName, 0);
        }
        self.parameters(&it.params);
        self.body_statements(&body.statements);
        self.leave_function(saved);
        (self.scope, self.func) = outer;
    }

    fn visit_arrow_function_expression(&mut self, it: &ArrowFunctionExpression<'a>) {
        let saved = self.enter_function(FnKind::Arrow, it.has_use_strict_directive(), it.span, it.span.start);
        it.scope_id.set(Some(OxcScopeId::from_usize(self.scope as usize)));
        self.parameters(&it.params);
        match &it.body {
            ArrowFunctionBody::FunctionBody(body) => {
                self.body_statements(&body.statements);
            }
            body => self.visit_expression(body.to_expression()),
        }
        self.leave_function(saved);
    }

    fn visit_class(&mut self, it: &Class<'a>) {
        if it.declare {
            return;
        }
        let mut outer = NONE;
        if it.r#type == ClassType::ClassDeclaration
            && let Some(ident) = &it.id
        {
            outer = self.declare(ident, self.scope, BindKind::Class, it.span.end);
        }
        let saved = (self.scope, self.strict, self.head);
        self.enter(ScopeKind::Class, it.span.start, &it.scope_id);
        let class = self.scope;
        self.strict = true;
        if let Some(ident) = &it.id {
            let inner = self.analysis.declare(class, ident.name.as_str(), BindKind::ClassInner, 0);
            self.analysis.bindings[inner as usize].outer = outer;
            if outer == NONE {
                ident.symbol_id.set(Some(SymbolId::from_usize(inner as usize)));
            }
        }
        self.analysis.functions[self.func as usize].needs_env = true;
        if let Some(heritage) = &it.heritage {
            self.head = true;
            self.visit_expression(&heritage.expression);
            self.head = saved.2;
            self.analysis.scopes[class as usize].derived = true;
        }
        for element in &it.body.body {
            let Some(PropertyKey::PrivateIdentifier(key)) = element.property_key() else { continue };
            let name = self.private_name(key.name.as_str());
            let bind = self.analysis.declare(class, name, BindKind::Private, 0);
            self.analysis.bindings[bind as usize].captured = true;
            if let ClassElement::MethodDefinition(method) = element
                && !method.r#static
            {
                self.hidden(&format!("%{:?}{}", method.kind, key.name));
                // Private methods are added to instances by the field initialiser.
                let saved = self.enter_initializer(class, false, it.span);
                self.leave_function(saved);
            }
        }
        for element in &it.body.body {
            self.class_element(element, class, it.span);
        }
        (self.scope, self.strict, self.head) = saved;
    }

    fn visit_block_statement(&mut self, it: &BlockStatement<'a>) {
        let saved = self.enter(ScopeKind::Block, it.span.start, &it.scope_id);
        for statement in &it.body {
            self.visit_statement(statement);
        }
        self.scope = saved;
    }

    fn visit_if_statement(&mut self, it: &IfStatement<'a>) {
        self.visit_expression(&it.test);
        for branch in std::iter::once(&it.consequent).chain(&it.alternate) {
            self.if_body = matches!(branch, Statement::FunctionDeclaration(_));
            self.visit_statement(branch);
        }
    }

    fn visit_for_statement(&mut self, it: &ForStatement<'a>) {
        let saved = self.enter(ScopeKind::Loop, it.span.start, &it.scope_id);
        walk_js::walk_for_statement(self, it);
        self.scope = saved;
    }

    fn visit_for_in_statement(&mut self, it: &ForInStatement<'a>) {
        let saved = self.enter(ScopeKind::Loop, it.span.start, &it.scope_id);
        self.for_left(&it.left, it.right.span().end);
        self.visit_expression(&it.right);
        self.visit_statement(&it.body);
        self.scope = saved;
    }

    fn visit_for_of_statement(&mut self, it: &ForOfStatement<'a>) {
        let saved = self.enter(ScopeKind::Loop, it.span.start, &it.scope_id);
        if it.r#await {
            self.analysis.functions[self.func as usize].has_await = true;
        }
        self.for_left(&it.left, it.right.span().end);
        self.visit_expression(&it.right);
        self.visit_statement(&it.body);
        self.scope = saved;
    }

    fn visit_switch_statement(&mut self, it: &SwitchStatement<'a>) {
        self.visit_expression(&it.discriminant);
        let saved = self.enter(ScopeKind::Switch, it.span.start, &it.scope_id);
        for case in &it.cases {
            self.visit_switch_case(case);
        }
        self.scope = saved;
    }

    fn visit_try_statement(&mut self, it: &TryStatement<'a>) {
        self.analysis.functions[self.func as usize].has_try = true;
        walk_js::walk_try_statement(self, it);
    }

    fn visit_catch_clause(&mut self, it: &CatchClause<'a>) {
        let saved = self.enter(ScopeKind::Catch, it.span.start, &it.scope_id);
        if let Some(param) = &it.param {
            let (kind, init_pos) = match param.pattern {
                BindingPattern::BindingIdentifier(_) => (BindKind::Catch, 0),
                _ => (BindKind::Let, param.span.end),
            };
            self.declare_pattern(&param.pattern, self.scope, kind, init_pos);
            self.visit_binding_pattern(&param.pattern);
        }
        self.visit_block_statement(&it.body);
        self.scope = saved;
    }

    fn visit_export_default_declaration(&mut self, it: &ExportDefaultDeclaration<'a>) {
        let named = match &it.declaration {
            ExportDefaultDeclarationKind::FunctionDeclaration(f) => f.id.as_ref(),
            ExportDefaultDeclarationKind::ClassDeclaration(c) => c.id.as_ref(),
            ExportDefaultDeclarationKind::TSInterfaceDeclaration(_) => return,
            _ => None,
        };
        walk_js::walk_export_default_declaration(self, it);
        let bind = match named {
            Some(ident) => self.analysis.find_str(0, ident.name.as_str()),
            None => {
                let kind = match &it.declaration {
                    ExportDefaultDeclarationKind::FunctionDeclaration(_) => BindKind::Function,
                    _ => BindKind::Const,
                };
                Some(self.analysis.declare(0, DEFAULT, kind, it.span.end))
            }
        };
        if let Some(bind) = bind {
            self.analysis.bindings[bind as usize].exported = true;
        }
    }

    fn visit_export_declaration(&mut self, it: &ExportDeclaration<'a>) {
        walk_js::walk_export_declaration(self, it);
        let scope = self.scope;
        let namespace = self.analysis.scopes[scope as usize].kind == ScopeKind::Namespace;
        for ident in typescript::declared_names(&it.declaration) {
            if let Some(bind) = self.analysis.find_str(scope, ident) {
                if !namespace {
                    self.analysis.bindings[bind as usize].exported = true;
                } else if matches!(it.declaration, Declaration::VariableDeclaration(_)) {
                    self.analysis.bindings[bind as usize].ns_export = true;
                }
            }
        }
    }

    fn visit_export_named_declaration(&mut self, _it: &ExportNamedDeclaration<'a>) {}
    fn visit_export_from_declaration(&mut self, _it: &ExportFromDeclaration<'a>) {}
    fn visit_export_all_declaration(&mut self, _it: &ExportAllDeclaration<'a>) {}

    fn visit_import_declaration(&mut self, it: &ImportDeclaration<'a>) {
        if it.import_kind.is_type() {
            return;
        }
        for specifier in it.specifiers.iter().flatten() {
            if let ImportDeclarationSpecifier::ImportSpecifier(s) = specifier
                && s.import_kind.is_type()
            {
                continue;
            }
            self.declare(specifier.local(), 0, BindKind::Import, 0);
        }
    }

    fn visit_jsx_element(&mut self, it: &JSXElement<'a>) {
        self.reference("h", it.span.start, false);
        walk_js::walk_jsx_element(self, it);
    }

    fn visit_jsx_fragment(&mut self, it: &JSXFragment<'a>) {
        self.reference("h", it.span.start, false);
        self.reference("Fragment", it.span.start, false);
        walk_js::walk_jsx_fragment(self, it);
    }

    fn visit_jsx_closing_element(&mut self, _it: &JSXClosingElement<'a>) {}

    fn visit_ts_enum_declaration(&mut self, it: &TSEnumDeclaration<'a>) {
        if it.declare {
            return;
        }
        self.declare(&it.id, self.scope, BindKind::Var, 0);
        let saved = self.enter(ScopeKind::Enum, it.span.start, &it.body.scope_id);
        self.hidden("%ns");
        for member in &it.body.members {
            if let Some(name) = typescript::enum_member_name(member) {
                self.analysis.declare(self.scope, name, BindKind::EnumMember, 0);
            }
        }
        for member in &it.body.members {
            if let Some(initializer) = &member.initializer {
                self.visit_expression(initializer);
            }
        }
        self.scope = saved;
    }

    fn visit_ts_namespace_declaration(&mut self, it: &TSNamespaceDeclaration<'a>) {
        if it.declare || !typescript::has_values(&it.body) {
            return;
        }
        self.declare(&it.id, self.scope, BindKind::Var, 0);
        let saved = self.enter(ScopeKind::Namespace, it.span.start, &it.scope_id);
        self.hidden("%ns");
        match &it.body {
            TSNamespaceDeclarationBody::TSNamespaceDeclaration(inner) => self.visit_ts_namespace_declaration(inner),
            TSNamespaceDeclarationBody::TSModuleBlock(block) => {
                for statement in &block.body {
                    self.visit_statement(statement);
                }
            }
        }
        self.scope = saved;
    }

    fn visit_ts_external_module_declaration(&mut self, _it: &TSExternalModuleDeclaration<'a>) {}
    fn visit_ts_global_declaration(&mut self, _it: &TSGlobalDeclaration<'a>) {}
    fn visit_ts_import_equals_declaration(&mut self, _it: &TSImportEqualsDeclaration<'a>) {}
}

impl<'a> Walk<'a> {
    fn for_left(&mut self, left: &ForStatementLeft<'a>, init_pos: u32) {
        match left {
            ForStatementLeft::VariableDeclaration(declaration) => {
                self.declare_variables(declaration, Some(init_pos));
                for declarator in &declaration.declarations {
                    self.visit_binding_pattern(&declarator.id);
                    if let Some(init) = &declarator.init {
                        self.visit_expression(init);
                    }
                }
            }
            other => self.visit_assignment_target(other.to_assignment_target()),
        }
    }
}
