//! TypeScript enums and namespaces: objects filled where they stand.
use std::borrow::Cow;

use oxc_ast::ast::*;
use oxc_span::GetSpan;

use super::function::Reg;
use super::known::{Known, number_text};
use super::lower::*;
use super::scope::{BindId, NONE};
use super::typescript;
use crate::bytecode::op::emit;

impl<'a, 'm> Lower<'a, 'm> {
    /// `ns` = the object a variable holds, made if it holds none (declarations of one name merge). In a namespace that was
    /// opened before, the object may be one of its exports.
    fn merged_object(&mut self, bind: BindId, name: &'a str, pos: u32) -> Reg {
        let reg = self.f.alloc();
        self.read(bind, name, false, pos, reg);
        let end = self.f.label();
        self.f.jump_on(emit::JTrue, reg, end);
        let known = self.f.label();
        if let Some(outer) = self.analysis().find_str(self.scope, "%ns") {
            let mark = self.f.top();
            let object = self.f.alloc();
            self.read(outer, "", false, pos, object);
            let k = self.k(name);
            self.f.at(pos);
            emit::GetField(&mut self.f.code, reg, object, k, 0);
            self.f.site();
            self.f.release(mark);
            self.f.jump_on(emit::JTrue, reg, known);
        }
        emit::NewObject(&mut self.f.code, reg);
        self.f.bind(known);
        self.initialise(bind, name, reg, pos);
        self.f.bind(end);
        reg
    }

    fn keep_namespace_object(&mut self, object: Reg, pos: u32) {
        if let Some(bind) = self.analysis().find_str(self.scope, "%ns") {
            self.initialise(bind, "", object, pos);
        }
    }

    pub fn enumeration(&mut self, e: &'a TSEnumDeclaration<'a>) {
        if e.declare {
            return;
        }
        let mark = self.f.top();
        let name = e.id.name.as_str();
        let bind = self.bind_of(&e.id);
        let object = self.merged_object(bind, name, e.span.start);
        let entered = self.enter_scope(&e.body.scope_id);
        let scope = self.scope;
        self.enum_scopes.insert(bind, scope);
        self.keep_namespace_object(object, e.span.start);
        let mut next = Some(0.0);
        for member in &e.body.members {
            let mark = self.f.top();
            let Some(key) = typescript::enum_member_name(member) else { continue };
            let value = self.f.alloc();
            let known = match &member.initializer {
                Some(init) => self.enum_known(scope, init),
                None => next.map(Known::Number),
            };
            next = match &known {
                Some(Known::Number(n)) => Some(n + 1.0),
                _ => None,
            };
            match (&known, &member.initializer) {
                (Some(known), _) => {
                    self.enum_values.insert((scope, key), known.clone());
                    self.load_known(value, known);
                }
                (None, Some(init)) => self.expr_to(init, value),
                (None, None) => self.error(member.span, "this enum member needs an initializer"),
            }
            let k = self.k(key);
            self.f.at(member.span.start);
            emit::PutField(&mut self.f.code, object, k, value, 0);
            self.f.site();
            if !matches!(known, Some(Known::Str(_))) {
                self.reverse_mapping(object, value, &known, k, member.initializer.as_ref());
            }
            self.f.release(mark);
        }
        self.leave_scope(entered);
        self.f.release(mark);
    }

    /// `E[E.A] = "A"` for numeric members.
    fn reverse_mapping(
        &mut self,
        object: Reg,
        value: Reg,
        known: &Option<Known<'a>>,
        k: u32,
        init: Option<&'a Expression<'a>>,
    ) {
        let name = self.f.alloc();
        let skip = self.f.label();
        if known.is_none() {
            // Computed: a string has no reverse mapping.
            let kind = self.f.alloc();
            let string = self.f.alloc();
            emit::TypeOf(&mut self.f.code, kind, value);
            let k = self.k("string");
            emit::LoadK(&mut self.f.code, string, k);
            let at = emit::JStrictEq(&mut self.f.code, kind, string, 0);
            self.f.to(at, skip);
        }
        emit::LoadK(&mut self.f.code, name, k);
        if let Some(init) = init {
            self.f.at(init.span().start);
        }
        emit::PutElem(&mut self.f.code, object, value, name, 0);
        self.f.site();
        self.f.bind(skip);
    }

    /// Constant enum expressions: literals, earlier members, operators, templates.
    fn enum_known(&self, scope: u32, e: &Expression<'a>) -> Option<Known<'a>> {
        match e.get_inner_expression() {
            Expression::Identifier(ident) => {
                self.enum_values.get(&(scope, ident.name.as_str())).cloned().or_else(|| self.known(e))
            }
            Expression::StaticMemberExpression(m) => {
                let Expression::Identifier(ident) = &m.object else { return None };
                let name = m.property.name.as_str();
                let own = self.analysis().lookup(scope, ident.name.as_str());
                self.enum_member_of(own, name)
            }
            Expression::UnaryExpression(u) => {
                let Known::Number(n) = self.enum_known(scope, &u.argument)? else { return None };
                match u.operator {
                    UnaryOperator::UnaryNegation => Some(Known::Number(-n)),
                    UnaryOperator::UnaryPlus => Some(Known::Number(n)),
                    UnaryOperator::BitwiseNot => Some(Known::Number(!(n as i64 as i32) as f64)),
                    _ => None,
                }
            }
            Expression::BinaryExpression(b) => {
                let left = self.enum_known(scope, &b.left)?;
                let right = self.enum_known(scope, &b.right)?;
                super::known::fold_binary(b.operator, &left, &right)
            }
            Expression::TemplateLiteral(t) => {
                let mut text = String::new();
                for (i, quasi) in t.quasis.iter().enumerate() {
                    text.push_str(quasi.value.cooked?.as_str());
                    if let Some(expression) = t.expressions.get(i) {
                        match self.enum_known(scope, expression)? {
                            Known::Str(s) => text.push_str(&s),
                            Known::Number(n) => text.push_str(&number_text(n)),
                            _ => return None,
                        }
                    }
                }
                Some(Known::Str(Cow::Owned(text)))
            }
            _ => self.known(e),
        }
    }

    /// A member of an enum declared earlier in this unit.
    fn enum_member_of(&self, bind: BindId, name: &str) -> Option<Known<'a>> {
        if bind == NONE {
            return None;
        }
        let scope = *self.enum_scopes.get(&bind)?;
        self.enum_values.iter().find(|(k, _)| k.0 == scope && k.1 == name).map(|(_, v)| v.clone())
    }

    pub fn namespace(&mut self, n: &'a TSNamespaceDeclaration<'a>) {
        if n.declare || !typescript::has_values(&n.body) {
            return;
        }
        let mark = self.f.top();
        let name = n.id.name.as_str();
        let bind = self.bind_of(&n.id);
        let object = self.merged_object(bind, name, n.span.start);
        let entered = self.enter_scope(&n.scope_id);
        self.keep_namespace_object(object, n.span.start);
        match &n.body {
            TSNamespaceDeclarationBody::TSNamespaceDeclaration(inner) => {
                self.namespace(inner);
                let bind = self.bind_of(&inner.id);
                self.export_from_namespace(inner.id.name.as_str(), bind, inner.span.start);
            }
            TSNamespaceDeclarationBody::TSModuleBlock(block) => {
                self.hoist_functions(&block.body);
                // Functions are there from the start.
                for statement in &block.body {
                    if let Statement::ExportDeclaration(e) = statement
                        && let Declaration::FunctionDeclaration(f) = &e.declaration
                        && let Some(ident) = &f.id
                        && f.body.is_some()
                    {
                        let bind = self.bind_of(ident);
                        self.export_from_namespace(ident.name.as_str(), bind, f.span.start);
                    }
                }
                for statement in &block.body {
                    self.statement(statement);
                    let Statement::ExportDeclaration(e) = statement else { continue };
                    if matches!(
                        e.declaration,
                        Declaration::ClassDeclaration(_)
                            | Declaration::TSEnumDeclaration(_)
                            | Declaration::TSNamespaceDeclaration(_)
                    ) {
                        for name in typescript::declared_names(&e.declaration) {
                            if let Some(bind) = self.analysis().find_str(self.scope, name) {
                                self.export_from_namespace(name, bind, e.span.start);
                            }
                        }
                    }
                }
            }
        }
        self.leave_scope(entered);
        self.f.release(mark);
    }

    /// Sets a property of the namespace being lowered to a variable's value.
    fn export_from_namespace(&mut self, name: &'a str, bind: BindId, pos: u32) {
        let mark = self.f.top();
        let value = self.f.alloc();
        self.read(bind, name, false, pos, value);
        if let Some(ns) = self.analysis().find_str(self.scope, "%ns") {
            let object = self.f.alloc();
            self.read(ns, "", false, pos, object);
            let k = self.k(name);
            self.f.at(pos);
            emit::PutField(&mut self.f.code, object, k, value, 0);
            self.f.site();
        }
        self.f.release(mark);
    }
}
