//! Builds the [`Analysis`] of a unit: one walk over its tree. The ids it assigns are written into the tree's own cells
//! (`scope_id`, `symbol_id`, `reference_id`), where the lowering finds them.

use oxc_allocator::Allocator;
use oxc_ast::ast::*;
use oxc_ast_visit::{VisitJs, walk_js};
use oxc_span::GetSpan;
use oxc_syntax::reference::ReferenceId;
use oxc_syntax::scope::{ScopeFlags, ScopeId as OxcScopeId};

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

/// What leaving a function restores: scope, function, strictness, class head.
pub(super) type Saved = (ScopeId, FnId, bool, bool);

/// State of the walk.
pub(super) struct Walk<'a> {
    pub analysis: Analysis<'a>,
    pub arena: &'a Allocator,
    pub scope: ScopeId,
    pub func: FnId,
    pub strict: bool,
    pub head: bool,
    /// What the next function expression is (method, accessor, constructor).
    pub fn_kind: FnKind,
    /// The next function declaration is the body of an `if` (annex B.3.4).
    pub if_body: bool,
    /// The next variable declaration is evaluated first thing in its statement, which the body holds directly.
    pub straight: bool,
    /// (name, block binding, block scope, var scope)
    pub annex_b: Vec<(&'a str, BindId, ScopeId, ScopeId)>,
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
        self.class(it);
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
