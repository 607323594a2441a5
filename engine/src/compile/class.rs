//! Classes: constructor, methods, fields, private names, static elements.
use oxc_ast::ast::*;
use oxc_span::GetSpan;

use super::function::Reg;
use super::known::is_anonymous_function;
use super::literal::Key;
use super::lower::*;
use super::scope::{BindId, BindKind, NONE};
use crate::bytecode::module::{Const, FunctionId};
use crate::bytecode::op::emit;
use crate::bytecode::ops::{FRAME_HEADER, REG_CALLEE, REG_THIS};

/// Flags of `AddPrivate`.
const FIELD: u8 = 0;
const GETTER: u8 = 1;
const SETTER: u8 = 2;
const METHOD: u8 = 3;

impl<'a, 'm> Lower<'a, 'm> {
    /// Evaluates a class into `dst`; `outer` is the binding of a class declaration.
    pub fn class(&mut self, class: &'a Class<'a>, name: &'a str, outer: BindId, dst: Reg) {
        for decorator in &class.decorators {
            self.unsupported(decorator.span, "a decorator");
        }
        let entered = self.enter_scope(&class.scope_id);
        let scope = self.scope;
        for &bind in &self.analysis().scopes[scope as usize].bindings {
            if self.binding(bind).kind == BindKind::Private {
                let mark = self.f.top();
                let reg = self.f.alloc();
                let k = self.k(self.binding(bind).name);
                emit::NewPrivate(&mut self.f.code, reg, k);
                self.initialise(bind, "", reg, class.span.start);
                self.f.release(mark);
            }
        }
        let heritage = self.f.alloc();
        match &class.heritage {
            Some(clause) => self.expr_to(&clause.expression, heritage),
            None => self.load_s(heritage, TDZ),
        }
        let base = self.f.alloc_block(2);
        let constructor = self.class_constructor(class, name);
        let k = self.f.constant(Const::Function(constructor));
        let env = self.env_reg();
        self.f.at(class.heritage.as_ref().map_or(class.span.start, |h| h.expression.span().start));
        emit::DefClass(&mut self.f.code, base, k, heritage, env);
        for element in &class.body.body {
            let mark = self.f.top();
            self.class_element(element, base);
            self.f.release(mark);
        }
        if let Some(ident) = &class.id
            && let Some(inner) = self.analysis().find_str(scope, ident.name.as_str())
            && self.binding(inner).reads > 0
        {
            self.initialise(inner, ident.name.as_str(), base, class.span.start);
        }
        if outer != NONE {
            self.initialise(outer, name, base, class.span.start);
        }
        let [fields, statics] = self.analysis().scopes[scope as usize].class_fns;
        if fields != NONE {
            let mark = self.f.top();
            let func = self.f.alloc();
            let id = self.initializer_function(FnNode::FieldInit(class), fields, "<instance_members_initializer>");
            self.make_closure(func, id);
            emit::SetHome(&mut self.f.code, func, base + 1);
            emit::SetFields(&mut self.f.code, base, func);
            self.f.release(mark);
        }
        if statics != NONE {
            let mark = self.f.top();
            let window = self.f.alloc_block(FRAME_HEADER as u32);
            let id = self.initializer_function(FnNode::StaticInit(class), statics, "<static_initializer>");
            self.make_closure(window + REG_CALLEE, id);
            emit::SetHome(&mut self.f.code, window + REG_CALLEE, base);
            self.mov(window + REG_THIS, base);
            self.f.at(class.span.start);
            emit::Call(&mut self.f.code, window, window, 0);
            self.f.release(mark);
        }
        // The scope's registers end here; the result is moved out first.
        if outer == NONE || self.local(outer) != Some(dst) {
            self.mov(dst, base);
        }
        self.leave_scope(entered);
    }

    fn initializer_function(&mut self, node: FnNode<'a>, func: u32, name: &'a str) -> FunctionId {
        let name = self.out.name(name);
        self.add_function(node, name, func)
    }

    fn class_constructor(&mut self, class: &'a Class<'a>, name: &'a str) -> FunctionId {
        let name = self.out.name(name);
        for element in &class.body.body {
            if let ClassElement::MethodDefinition(m) = element
                && m.kind == MethodDefinitionKind::Constructor
                && m.value.body.is_some()
            {
                let func = self.fn_of_node(&m.value.scope_id);
                return self.add_function(FnNode::Ctor(&m.value, class), name, func);
            }
        }
        self.add_function(FnNode::DefaultCtor(class), name, self.func)
    }

    fn class_element(&mut self, element: &'a ClassElement<'a>, base: Reg) {
        match element {
            ClassElement::MethodDefinition(m) => {
                for decorator in &m.decorators {
                    self.unsupported(decorator.span, "a decorator");
                }
                if m.kind != MethodDefinitionKind::Constructor && m.value.body.is_some() {
                    self.method(m, base);
                }
            }
            ClassElement::PropertyDefinition(p) => {
                for decorator in &p.decorators {
                    self.unsupported(decorator.span, "a decorator");
                }
                if p.computed && !p.declare && p.r#type != PropertyDefinitionType::TSAbstractPropertyDefinition {
                    // The key is evaluated now, once; the initialiser reads it.
                    let key = self.property_key(&p.key, true);
                    let reg = self.f.alloc();
                    self.load_key(&key, reg);
                    if let Some(bind) = self.computed_key(p) {
                        self.initialise(bind, "", reg, p.span.start);
                    }
                }
            }
            ClassElement::AccessorProperty(p) => self.unsupported(p.span, "an auto-accessor field"),
            ClassElement::StaticBlock(_) | ClassElement::TSIndexSignature(_) => {}
        }
    }

    fn computed_key(&self, p: &PropertyDefinition<'a>) -> Option<BindId> {
        Some(self.analysis().lookup(self.scope, &format!("%key{}", p.span.start))).filter(|&b| b != NONE)
    }

    /// Where the text of a method begins: `static` and what stands between it and the rest is no part of it.
    fn method_start(&self, m: &MethodDefinition<'a>) -> u32 {
        let text = &self.unit.source[m.span.start as usize..m.value.span.start as usize];
        let Some(at) = text.find("static").filter(|_| m.r#static) else { return m.span.start };
        let mut rest = text[at + "static".len()..].trim_start();
        while let Some(end) = match rest.get(..2) {
            Some("/*") => rest[2..].find("*/").map(|i| i + 4),
            Some("//") => rest.find(['\n', '\r', '\u{2028}', '\u{2029}']),
            _ => None,
        } {
            rest = rest[end..].trim_start();
        }
        m.value.span.start - rest.len() as u32
    }

    fn method(&mut self, m: &'a MethodDefinition<'a>, base: Reg) {
        let home = if m.r#static { base } else { base + 1 };
        let start = self.method_start(m);
        self.method_starts.insert(m.value.span.start, start);
        let func = self.f.alloc();
        let PropertyKey::PrivateIdentifier(private) = &m.key else {
            let key = self.property_key(&m.key, m.computed);
            let key_reg = self.f.alloc();
            self.load_key(&key, key_reg);
            let name = if let Key::Name(name, _) = key { name } else { "" };
            self.function_closure(&m.value, name, func);
            let flags = match m.kind {
                MethodDefinitionKind::Get => 1,
                MethodDefinitionKind::Set => 2,
                _ => 0,
            };
            self.f.at(m.key.span().start);
            emit::DefMethod(&mut self.f.code, home, key_reg, func, flags);
            return;
        };
        let (prefix, flags) = match m.kind {
            MethodDefinitionKind::Get => ("get #", GETTER),
            MethodDefinitionKind::Set => ("set #", SETTER),
            _ => ("#", METHOD),
        };
        let name = self.out.strings.add(&format!("{prefix}{}", private.name));
        let function = self.fn_of_node(&m.value.scope_id);
        let id = self.add_function(FnNode::Function(&m.value), name, function);
        self.make_closure(func, id);
        emit::SetHome(&mut self.f.code, func, home);
        if m.r#static {
            let name = self.private_name(private);
            self.f.at(m.span.start);
            emit::AddPrivate(&mut self.f.code, base, name, func, flags);
        } else {
            let bind = self.analysis().lookup(self.scope, &format!("%{:?}{}", m.kind, private.name));
            self.initialise(bind, "", func, m.span.start);
        }
    }

    /// Body of the function that runs instance fields, or static fields and blocks.
    pub fn class_initializer(&mut self, class: &'a Class<'a>, is_static: bool) {
        if !is_static {
            for element in &class.body.body {
                let ClassElement::MethodDefinition(m) = element else { continue };
                let PropertyKey::PrivateIdentifier(private) = &m.key else { continue };
                if m.r#static || m.value.body.is_none() {
                    continue;
                }
                let mark = self.f.top();
                let func = self.f.alloc();
                let bind = self.analysis().lookup(self.scope, &format!("%{:?}{}", m.kind, private.name));
                self.read(bind, "", false, m.span.start, func);
                let name = self.private_name(private);
                let flags = match m.kind {
                    MethodDefinitionKind::Get => GETTER,
                    MethodDefinitionKind::Set => SETTER,
                    _ => METHOD,
                };
                self.f.at(m.span.start);
                emit::AddPrivate(&mut self.f.code, REG_THIS, name, func, flags);
                self.f.release(mark);
            }
        }
        for element in &class.body.body {
            let mark = self.f.top();
            match element {
                ClassElement::PropertyDefinition(p)
                    if p.r#static == is_static
                        && !p.declare
                        && p.r#type != PropertyDefinitionType::TSAbstractPropertyDefinition =>
                {
                    self.field(p);
                }
                ClassElement::StaticBlock(block) if is_static => {
                    let entered = self.enter_scope(&block.scope_id);
                    self.hoist_functions(&block.body);
                    self.statements(&block.body);
                    self.leave_scope(entered);
                }
                _ => {}
            }
            self.f.release(mark);
        }
    }

    fn field(&mut self, p: &'a PropertyDefinition<'a>) {
        let value = self.f.alloc();
        if let PropertyKey::PrivateIdentifier(private) = &p.key {
            let bind = self.analysis().lookup(self.scope, &format!("#{}", private.name));
            let name = if bind == NONE { "" } else { self.binding(bind).name };
            self.field_value(p, Some(name), value);
            let name = self.private_name(private);
            self.f.at(p.span.start);
            emit::AddPrivate(&mut self.f.code, REG_THIS, name, value, FIELD);
            return;
        }
        let key = self.property_key(&p.key, p.computed);
        if let Key::Name(name, id) = key
            && !p.computed
        {
            self.field_value(p, Some(name), value);
            let k = self.f.string(id);
            self.f.at(p.span.start);
            emit::DefField(&mut self.f.code, REG_THIS, k, value, 0);
            self.f.site();
            return;
        }
        let key_reg = self.f.alloc();
        match self.computed_key(p).filter(|_| p.computed) {
            Some(bind) => self.read(bind, "", false, p.span.start, key_reg),
            None => self.load_key(&key, key_reg),
        }
        self.field_value(p, None, value);
        if p.value.as_ref().is_some_and(is_anonymous_function) {
            emit::SetFnName(&mut self.f.code, value, key_reg, 0);
        }
        self.f.at(p.span.start);
        emit::DefElem(&mut self.f.code, REG_THIS, key_reg, value);
    }

    fn field_value(&mut self, p: &'a PropertyDefinition<'a>, name: Option<&'a str>, dst: Reg) {
        match &p.value {
            Some(value) => self.named_expr_to(value, name, dst),
            None => self.load_undefined(dst),
        }
    }

    // ---- constructors

    /// Runs the fields of the class whose constructor this is.
    pub fn run_fields(&mut self, pos: u32) {
        self.run_fields_of(REG_CALLEE, REG_THIS, pos);
    }

    /// Runs the fields of `func` on `this`; in arrows nothing is known of the class, so it is always asked.
    pub fn run_fields_of(&mut self, func: Reg, this: Reg, pos: u32) {
        let has_fields = self.ctor_class.is_none_or(|class| {
            class.scope_id.get().is_some_and(|s| self.analysis().scopes[s.index()].class_fns[0] != NONE)
        });
        if has_fields {
            self.f.at(pos);
            emit::RunFields(&mut self.f.code, func, this);
        }
    }

    /// Parameters of the derived constructor being lowered, when they declare properties.
    pub fn derived_params(&self) -> Option<&'a FormalParameters<'a>> {
        let class = self.ctor_class.filter(|_| self.flags.derived)?;
        class.body.body.iter().find_map(|e| match e {
            ClassElement::MethodDefinition(m)
                if m.kind == MethodDefinitionKind::Constructor && m.value.body.is_some() =>
            {
                Some(&*m.value.params)
            }
            _ => None,
        })
    }
}
