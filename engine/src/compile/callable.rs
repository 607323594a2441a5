//! Function bodies: prologue (environment, arguments, parameters, hoisting), body, return.
use oxc_ast::ast::*;
use oxc_span::GetSpan;

use super::function::{FnBuilder, MAX_REGISTERS, Reg};
use super::lower::*;
use super::pattern::{Init, Pat};
use super::scope::*;
use super::{walk, walk_declare};
use crate::bytecode::module::{FnFlags, Function as Code, FunctionId};
use crate::bytecode::op::emit;
use crate::bytecode::ops::{FRAME_HEADER, REG_CALLEE, REG_NEW_TARGET, REG_THIS};

impl<'a, 'm> Lower<'a, 'm> {
    /// Lowers the unit's body and every function in it; returns the body's id and the hoisted functions of the module
    /// scope.
    pub fn lower_unit(&mut self) -> (FunctionId, Vec<(u32, FunctionId)>) {
        let id = self.out.functions.len() as FunctionId;
        self.out.functions.push(Code::default());
        let program = self.unit.program;
        self.start(0, 0, 0);
        let has_tla = self.fn_info().has_await;
        self.flags.is_async = has_tla;
        if has_tla {
            emit::AsyncEnter(&mut self.f.code);
        }
        let scope_reg = self.f.alloc();
        emit::LoadModuleScope(&mut self.f.code, scope_reg, self.unit_index);
        self.heaps.push((0, scope_reg));
        let this = self.fn_info().special[Special::This as usize];
        if this != NONE {
            self.initialise(this, "", REG_THIS, 0);
        }
        if !self.unit.is_module {
            self.declare_globals();
        }
        self.place_bindings(0);
        let hoisted = self.hoist_unit_functions();
        self.statements(&program.body);
        let result = self.f.alloc();
        self.load_undefined(result);
        emit::Return(&mut self.f.code, result);
        let mut flags = FnFlags::UNIT_BODY;
        if self.fn_info().strict {
            flags |= FnFlags::STRICT;
        }
        if has_tla {
            flags |= FnFlags::ASYNC;
        }
        let name = self.out.strings.add("");
        let code = Code { name, flags, span: (0, self.unit.source.len() as u32), ..Code::default() };
        self.finish(id, code, program.span);
        while let Some(pending) = self.queue.pop() {
            self.lower_function(pending);
        }
        (id, hoisted)
    }

    fn start(&mut self, func: FnId, scope: ScopeId, params: u32) {
        self.f = FnBuilder::new(params);
        self.func = func;
        self.scope = scope;
        self.heaps.clear();
        self.set_env(None);
        self.control.clear();
        self.chain.clear();
        self.pending_labels.clear();
        self.flags = LowerFlags::default();
        self.ctor_class = None;
    }

    fn finish(&mut self, id: FunctionId, mut code: Code, span: oxc_span::Span) {
        let builder = std::mem::take(&mut self.f);
        if builder.overflow {
            self.error(span, format!("this function needs more than {MAX_REGISTERS} registers"));
        }
        code.unit = self.unit_index as u32;
        builder.finish(&mut code, &mut self.out.code);
        self.out.functions[id as usize] = code;
    }

    /// Script-level vars and functions become properties of the global object.
    fn declare_globals(&mut self) {
        let mark = self.f.top();
        let none = self.f.alloc();
        self.load_undefined(none);
        for &bind in &self.analysis().scopes[0].bindings {
            if self.analysis().is_global_var(bind) && self.binding(bind).kind == BindKind::Var {
                let k = self.k(self.binding(bind).name);
                emit::DeclGlobal(&mut self.f.code, k, none, 0);
            }
        }
        self.f.release(mark);
    }

    /// Function declarations of the unit: module ones are left to the linker, others are made first thing.
    fn hoist_unit_functions(&mut self) -> Vec<(u32, FunctionId)> {
        let program = self.unit.program;
        let mut hoisted = Vec::new();
        let mut last: Vec<(BindId, &'a Function<'a>)> = Vec::new();
        for statement in &program.body {
            if let Some(function) = declared_function(statement) {
                let bind = match &function.id {
                    Some(ident) => self.bind_of(ident),
                    None => self.analysis().find_str(0, walk::DEFAULT).unwrap_or(NONE),
                };
                last.retain(|l| l.0 != bind);
                last.push((bind, function));
            }
        }
        for (bind, function) in last {
            let name = function.id.as_ref().map_or("default", |i| i.name.as_str());
            let name = self.out.name(name);
            let func = self.fn_of_node(&function.scope_id);
            let id = self.add_function(FnNode::Function(function), name, func);
            let binding = self.binding(bind);
            if binding.captured && self.unit.is_module {
                hoisted.push((binding.slot, id));
                continue;
            }
            let mark = self.f.top();
            let reg = self.local(bind).unwrap_or_else(|| self.f.alloc());
            self.make_closure(reg, id);
            if self.analysis().is_global_var(bind) {
                let k = self.k(binding.name);
                self.f.at(function.span.start);
                emit::DeclGlobal(&mut self.f.code, k, reg, 1);
            } else {
                self.initialise(bind, binding.name, reg, function.span.start);
            }
            self.f.release(mark);
        }
        hoisted
    }

    /// Function declarations of a block or body, made at its entry.
    pub fn hoist_functions(&mut self, statements: &'a [Statement<'a>]) {
        for statement in statements {
            let Some(function) = declared_function(statement) else { continue };
            let Some(ident) = &function.id else { continue };
            let bind = self.bind_of(ident);
            let mark = self.f.top();
            let reg = self.local(bind).unwrap_or_else(|| self.f.alloc());
            self.function_closure(function, ident.name.as_str(), reg);
            self.initialise(bind, ident.name.as_str(), reg, function.span.start);
            self.f.release(mark);
        }
    }

    pub fn fn_of_node(&self, cell: &std::cell::Cell<Option<oxc_syntax::scope::ScopeId>>) -> FnId {
        cell.get().map_or(0, |s| self.analysis().fn_of(s.index() as u32))
    }

    /// `dst` = closure of a queued function.
    pub fn make_closure(&mut self, dst: Reg, id: FunctionId) {
        let mark = self.f.top();
        let env = self.env_reg();
        let k = self.f.constant(crate::bytecode::module::Const::Function(id));
        emit::Closure(&mut self.f.code, dst, k, env);
        self.f.release(mark);
    }

    pub fn function_closure(&mut self, function: &'a Function<'a>, name: &'a str, dst: Reg) {
        let name = self.out.name(name);
        let func = self.fn_of_node(&function.scope_id);
        let id = self.add_function(FnNode::Function(function), name, func);
        self.make_closure(dst, id);
    }

    fn lower_function(&mut self, pending: Pending<'a>) {
        let Pending { id, node, name, func } = pending;
        match node {
            FnNode::Function(function) => self.lower_plain(id, name, func, function, None),
            FnNode::Ctor(function, class) => self.lower_plain(id, name, func, function, Some(class)),
            FnNode::Arrow(arrow) => self.lower_arrow(id, name, func, arrow),
            FnNode::DefaultCtor(class) => self.lower_default_ctor(id, name, func, class),
            FnNode::FieldInit(class) => self.lower_initializer(id, name, func, class, false),
            FnNode::StaticInit(class) => self.lower_initializer(id, name, func, class, true),
        }
    }

    fn base_flags(&self) -> FnFlags {
        let info = self.fn_info();
        let mut flags = FnFlags::HAS_SOURCE;
        if info.strict {
            flags |= FnFlags::STRICT;
        } else if info.uses_this && info.kind != FnKind::Arrow {
            flags |= FnFlags::SLOPPY_THIS;
        }
        flags = match info.kind {
            FnKind::Arrow => flags | FnFlags::ARROW,
            FnKind::Method => flags | FnFlags::METHOD,
            FnKind::Getter | FnKind::Setter => flags | FnFlags::METHOD | FnFlags::ACCESSOR,
            FnKind::Ctor => flags | FnFlags::CLASS_CTOR,
            FnKind::DerivedCtor => flags | FnFlags::CLASS_CTOR | FnFlags::DERIVED,
            FnKind::FieldInit => flags | FnFlags::METHOD | FnFlags::FIELD_INIT,
            FnKind::Normal | FnKind::Unit => flags,
        };
        if self.flags.is_async {
            flags |= FnFlags::ASYNC;
        }
        if self.flags.is_generator {
            flags |= FnFlags::GENERATOR;
        }
        flags
    }

    /// Environment, heap scope and captured specials.
    fn enter_frame(&mut self) {
        if self.flags.is_async && !self.flags.is_generator {
            emit::AsyncEnter(&mut self.f.code);
        }
        let info = self.fn_info();
        if info.needs_env {
            let env = self.f.alloc();
            self.f.set_named(env, true);
            emit::LoadEnv(&mut self.f.code, env);
            self.set_env(Some(env));
        }
        if let Some(reg) = self.push_heap(info.params_scope) {
            self.f.set_named(reg, true);
        }
        let specials = [REG_THIS, REG_NEW_TARGET, REG_CALLEE];
        for (i, reg) in specials.into_iter().enumerate() {
            let bind = info.special[i];
            // A derived constructor's `this` stays TDZ until super().
            if bind != NONE && !(i == 0 && info.kind == FnKind::DerivedCtor) {
                self.initialise(bind, "", reg, 0);
            }
        }
        let outer = self.analysis().scopes[info.params_scope as usize].parent;
        if outer != NONE && self.analysis().scopes[outer as usize].kind == ScopeKind::FnName {
            for &bind in &self.analysis().scopes[outer as usize].bindings {
                if self.binding(bind).captured {
                    self.initialise(bind, "", REG_CALLEE, 0);
                }
            }
        }
    }

    fn lower_plain(
        &mut self,
        id: FunctionId,
        name: u32,
        func: FnId,
        function: &'a Function<'a>,
        class: Option<&'a Class<'a>>,
    ) {
        let params = function.params.items.len() as u32;
        let scope = self.analysis().functions[func as usize].params_scope;
        self.start(func, scope, params);
        self.ctor_class = class;
        let kind = self.fn_info().kind;
        self.flags.is_async = function.r#async;
        self.flags.is_generator = function.generator;
        self.flags.ctor = matches!(kind, FnKind::Ctor | FnKind::DerivedCtor);
        self.flags.derived = kind == FnKind::DerivedCtor;
        self.enter_frame();
        let Some(body) = &function.body else { return };
        let keeps_args = self.parameters(&function.params, &body.statements);
        if kind == FnKind::Ctor {
            self.run_fields(function.span.start);
            self.parameter_properties(&function.params);
        }
        self.function_body(&body.statements);
        let span = function.span;
        self.end_function(span.end.saturating_sub(1));
        let mut flags = self.base_flags();
        if keeps_args {
            flags |= FnFlags::KEEPS_ARGS;
        }
        let span = class.map_or(span, |c| c.span);
        let code = Code {
            name,
            params: params as u16,
            length: expected_arguments(&function.params),
            flags,
            span: (self.method_starts.get(&span.start).copied().unwrap_or(span.start), span.end),
            instance_slots: self.instance_slots(class, &body.statements),
            ..Code::default()
        };
        self.finish(id, code, span);
    }

    fn lower_arrow(&mut self, id: FunctionId, name: u32, func: FnId, arrow: &'a ArrowFunctionExpression<'a>) {
        let params = arrow.params.items.len() as u32;
        let scope = self.analysis().functions[func as usize].params_scope;
        self.start(func, scope, params);
        self.flags.is_async = arrow.r#async;
        self.enter_frame();
        let keeps_args = match &arrow.body {
            ArrowFunctionBody::FunctionBody(body) => {
                let keeps_args = self.parameters(&arrow.params, &body.statements);
                self.function_body(&body.statements);
                self.end_function(arrow.span.end.saturating_sub(1));
                keeps_args
            }
            body => {
                let keeps_args = self.parameters(&arrow.params, &[]);
                let expression = body.to_expression();
                let value = self.expr(expression);
                self.f.at(expression.span().start);
                emit::Return(&mut self.f.code, value);
                keeps_args
            }
        };
        let mut flags = self.base_flags();
        if keeps_args {
            flags |= FnFlags::KEEPS_ARGS;
        }
        let code = Code {
            name,
            params: params as u16,
            length: expected_arguments(&arrow.params),
            flags,
            span: (arrow.span.start, arrow.span.end),
            ..Code::default()
        };
        self.finish(id, code, arrow.span);
    }

    fn lower_default_ctor(&mut self, id: FunctionId, name: u32, func: FnId, class: &'a Class<'a>) {
        // It has no scopes of its own; `func` is the function around the class.
        self.start(func, self.analysis().functions[func as usize].params_scope, 0);
        self.ctor_class = Some(class);
        let mut flags = FnFlags::HAS_SOURCE | FnFlags::STRICT | FnFlags::CLASS_CTOR;
        let pos = class.span.start;
        if class.heritage.is_some() {
            flags = flags | FnFlags::DERIVED | FnFlags::KEEPS_ARGS;
            let base = self.f.alloc_block(FRAME_HEADER as u32 + 1);
            emit::CreateRest(&mut self.f.code, base + FRAME_HEADER, 0);
            self.f.at(pos);
            emit::SuperCallSpread(&mut self.f.code, REG_THIS, base, REG_CALLEE, REG_NEW_TARGET);
        }
        self.run_fields(pos);
        emit::Return(&mut self.f.code, REG_THIS);
        let code = Code {
            name,
            flags,
            span: (class.span.start, class.span.end),
            instance_slots: self.instance_slots(Some(class), &[]),
            ..Code::default()
        };
        self.finish(id, code, class.span);
    }

    fn lower_initializer(&mut self, id: FunctionId, name: u32, func: FnId, class: &'a Class<'a>, is_static: bool) {
        let scope = self.analysis().functions[func as usize].params_scope;
        self.start(func, scope, 0);
        self.enter_frame();
        self.class_initializer(class, is_static);
        self.end_function(class.span.start);
        let flags = self.base_flags();
        let code = Code { name, flags, span: (class.span.start, class.span.end), ..Code::default() };
        self.finish(id, code, class.span);
    }

    /// The implicit return at the end of a body.
    fn end_function(&mut self, pos: u32) {
        if self.f.is_dead() {
            return;
        }
        self.f.at(pos);
        if self.flags.derived {
            let mark = self.f.top();
            let this = self.this(pos);
            emit::Return(&mut self.f.code, this);
            self.f.release(mark);
        } else if self.flags.ctor {
            emit::Return(&mut self.f.code, REG_THIS);
        } else {
            let reg = self.f.alloc();
            self.load_undefined(reg);
            emit::Return(&mut self.f.code, reg);
        }
    }

    /// Initialises arguments, parameters and the body's variables; true when the call must keep its arguments.
    fn parameters(&mut self, params: &'a FormalParameters<'a>, body: &'a [Statement<'a>]) -> bool {
        let info = self.fn_info();
        let scope = info.params_scope;
        let simple = walk_declare::is_simple(params);
        let mut keeps_args = false;
        // Plain parameters live where the caller put them.
        for (i, item) in params.items.iter().enumerate() {
            if let BindingPattern::BindingIdentifier(ident) = &item.pattern {
                let bind = self.bind_of(ident);
                let binding = self.binding(bind);
                if !binding.captured && !binding.early {
                    self.set_home(bind, FRAME_HEADER + i as Reg);
                }
            }
        }
        self.place_bindings(scope);
        for &bind in &self.analysis().scopes[scope as usize].bindings {
            let binding = self.binding(bind);
            if binding.kind == BindKind::Param
                && binding.early
                && let Some(reg) = self.local(bind)
            {
                self.load_s(reg, TDZ);
            }
        }
        if info.arguments != NONE && self.binding(info.arguments).kind == BindKind::Arguments {
            keeps_args = true;
            let mark = self.f.top();
            let reg = self.local(info.arguments).unwrap_or_else(|| self.f.alloc());
            emit::CreateArguments(&mut self.f.code, reg);
            self.initialise(info.arguments, "arguments", reg, 0);
            self.f.release(mark);
        }
        for (i, item) in params.items.iter().enumerate() {
            if !item.decorators.is_empty() {
                self.unsupported(item.span, "a parameter decorator");
            }
            let reg = FRAME_HEADER + i as Reg;
            if simple && self.duplicate_later(params, i) {
                continue;
            }
            self.parameter(item, reg);
        }
        if let Some(rest) = &params.rest {
            keeps_args = true;
            let mark = self.f.top();
            let target = Pat::Binding(&rest.rest.argument);
            let reg = self.direct_target(&target).unwrap_or_else(|| self.f.alloc());
            emit::CreateRest(&mut self.f.code, reg, params.items.len() as u16);
            self.bind_pattern(target, reg, Init::Declare, rest.span.start);
            self.f.release(mark);
        }
        if info.body_scope != scope {
            self.scope = info.body_scope;
            self.place_bindings(info.body_scope);
            self.copy_parameters(info.body_scope, scope);
        }
        self.hoist_functions(body);
        if self.flags.is_generator {
            self.f.at(params.span.start);
            emit::CreateGenerator(&mut self.f.code);
        }
        keeps_args
    }

    /// Sloppy `function (a, a)`: the last one wins.
    fn duplicate_later(&self, params: &FormalParameters<'a>, i: usize) -> bool {
        if self.fn_info().strict {
            return false;
        }
        let name = |p: &FormalParameter<'a>| p.pattern.get_identifier_name();
        let this = name(&params.items[i]);
        this.is_some() && params.items[i + 1..].iter().any(|p| name(p) == this)
    }

    fn parameter(&mut self, item: &'a FormalParameter<'a>, reg: Reg) {
        let mark = self.f.top();
        if let Some(initializer) = &item.initializer {
            let given = self.f.label();
            self.f.jump_on(emit::JNotUndef, reg, given);
            self.named_expr_to(initializer, item.pattern.get_identifier_name().map(|i| i.as_str()), reg);
            self.f.bind(given);
        }
        self.bind_pattern(Pat::Binding(&item.pattern), reg, Init::Declare, item.span.start);
        self.f.release(mark);
    }

    /// Body variables named as parameters start with their values.
    fn copy_parameters(&mut self, body: ScopeId, params: ScopeId) {
        for &bind in &self.analysis().scopes[body as usize].bindings {
            let binding = self.binding(bind);
            if !matches!(binding.kind, BindKind::Var) {
                continue;
            }
            if let Some(param) = self.analysis().find_str(params, binding.name) {
                let mark = self.f.top();
                let reg = self.f.alloc();
                self.read(param, binding.name, false, 0, reg);
                self.initialise(bind, binding.name, reg, 0);
                self.f.release(mark);
            }
        }
    }

    fn function_body(&mut self, body: &'a [Statement<'a>]) {
        self.statements(body);
    }

    /// TypeScript parameter properties: `constructor(private x) {}`.
    pub fn parameter_properties(&mut self, params: &'a FormalParameters<'a>) {
        self.parameter_properties_on(params, REG_THIS);
    }

    pub fn parameter_properties_on(&mut self, params: &'a FormalParameters<'a>, this: Reg) {
        for item in &params.items {
            if item.accessibility.is_none() && !item.readonly && !item.r#override {
                continue;
            }
            let BindingPattern::BindingIdentifier(ident) = &item.pattern else { continue };
            let mark = self.f.top();
            let bind = self.bind_of(ident);
            let value = match self.local(bind) {
                Some(reg) => reg,
                None => {
                    let reg = self.f.alloc();
                    self.read(bind, ident.name.as_str(), false, item.span.start, reg);
                    reg
                }
            };
            let k = self.k(ident.name.as_str());
            self.f.at(item.span.start);
            emit::PutField(&mut self.f.code, this, k, value, 0);
            self.f.site();
            self.f.release(mark);
        }
    }

    /// Own properties an instance will probably get.
    fn instance_slots(&self, class: Option<&'a Class<'a>>, body: &'a [Statement<'a>]) -> u8 {
        let mut names: Vec<&str> = Vec::new();
        let mut count = 0usize;
        for element in class.iter().flat_map(|c| &c.body.body) {
            if let ClassElement::PropertyDefinition(p) = element {
                count += usize::from(!p.r#static && !p.declare);
            }
        }
        for statement in body {
            let Statement::ExpressionStatement(s) = statement else { continue };
            let Expression::AssignmentExpression(a) = &s.expression else { continue };
            if let AssignmentTarget::StaticMemberExpression(m) = &a.left
                && matches!(m.object, Expression::ThisExpression(_))
                && !names.contains(&m.property.name.as_str())
            {
                names.push(m.property.name.as_str());
            }
        }
        (count + names.len()).min(64) as u8
    }
}

/// The function a statement declares at its block's entry.
pub(super) fn declared_function<'a>(statement: &'a Statement<'a>) -> Option<&'a Function<'a>> {
    let function = match statement {
        Statement::FunctionDeclaration(f) => f,
        Statement::LabeledStatement(l) => return declared_function(&l.body),
        Statement::ExportDeclaration(e) => match &e.declaration {
            Declaration::FunctionDeclaration(f) => f,
            _ => return None,
        },
        Statement::ExportDefaultDeclaration(e) => match &e.declaration {
            ExportDefaultDeclarationKind::FunctionDeclaration(f) => f,
            _ => return None,
        },
        _ => return None,
    };
    (function.body.is_some() && !function.declare).then_some(function)
}

/// `length`: parameters before the first default or rest.
fn expected_arguments(params: &FormalParameters) -> u16 {
    params
        .items
        .iter()
        .position(|i| i.initializer.is_some() || matches!(i.pattern, BindingPattern::AssignmentPattern(_)))
        .unwrap_or(params.items.len()) as u16
}
