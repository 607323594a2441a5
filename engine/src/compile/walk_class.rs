//! Classes in the scope analysis: their scope, private names, and the functions that run fields.
use oxc_ast::ast::*;
use oxc_ast_visit::VisitJs;
use oxc_span::Span;
use oxc_syntax::scope::ScopeFlags;
use oxc_syntax::symbol::SymbolId;

use super::scope::*;
use super::walk::{Saved, Walk};

impl<'a> Walk<'a> {
    pub fn class(&mut self, it: &Class<'a>) {
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
    fn enter_initializer(&mut self, class: ScopeId, is_static: bool, span: Span) -> Saved {
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
