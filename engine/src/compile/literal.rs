//! Literals: object and array literals, templates, regular expressions.
use std::borrow::Cow;

use oxc_ast::ast::*;
use oxc_span::{GetSpan, Span};

use super::function::Reg;
use super::known::{Known, has_effects, is_anonymous_function, is_index, is_primitive, is_string, number_text};
use super::lower::*;
use super::regexp_seam::compile_regexp;
use crate::bytecode::module::{Const, StringId};
use crate::bytecode::op::emit;

/// A property key known at compile time.
pub(super) enum Key<'a> {
    Name(&'a str, StringId),
    Index(u32),
    /// Has to be evaluated.
    Computed(&'a Expression<'a>),
    Private,
}

/// Longest literal made in one go.
const MAX_SHAPE: usize = 60;
const MAX_ELEMENTS: usize = 64;

impl<'a, 'm> Lower<'a, 'm> {
    // ---- keys

    pub fn property_key(&mut self, key: &'a PropertyKey<'a>, computed: bool) -> Key<'a> {
        match key {
            PropertyKey::StaticIdentifier(name) => Key::Name(name.name.as_str(), self.out.name(name.name.as_str())),
            PropertyKey::PrivateIdentifier(_) => Key::Private,
            other => {
                let expression = other.to_expression();
                match expression {
                    Expression::StringLiteral(s) => {
                        let text = s.value.as_str();
                        if is_index(text) {
                            return Key::Index(text.parse().unwrap_or(0));
                        }
                        Key::Name(text, self.string_id(text, s.lone_surrogates))
                    }
                    Expression::NumericLiteral(n) if is_index(&number_text(n.value)) => Key::Index(n.value as u32),
                    Expression::BigIntLiteral(n) if !computed => {
                        let text = n.value.as_str();
                        if is_index(text) {
                            return Key::Index(text.parse().unwrap_or(0));
                        }
                        Key::Name(text, self.out.name(text))
                    }
                    _ => Key::Computed(expression),
                }
            }
        }
    }

    /// The key as a value in `dst`.
    pub fn load_key(&mut self, key: &Key<'a>, dst: Reg) {
        match key {
            Key::Name(_, id) => self.load_str(dst, *id),
            Key::Index(index) => self.load_number(dst, *index as f64),
            Key::Computed(expression) if matches!(self.known(expression), Some(Known::Str(_))) => {
                self.expr_to(expression, dst);
            }
            Key::Computed(expression) => {
                let reg = self.expr(expression);
                self.f.at(expression.span().start);
                emit::ToKey(&mut self.f.code, dst, reg);
            }
            Key::Private => {}
        }
    }

    // ---- object literals

    pub fn object_literal(&mut self, object: &'a ObjectExpression<'a>, dst: Reg) {
        let prefix = self.simple_prefix(object);
        let mark = self.f.top();
        let rest = &object.properties[prefix.len()..];
        let target = if rest.is_empty() || !self.f.is_named(dst) { dst } else { self.f.alloc() };
        if prefix.is_empty() {
            emit::NewObject(&mut self.f.code, target);
        } else {
            let inner = self.f.top();
            let base = self.f.alloc_block(prefix.len() as u32);
            for (i, property) in object.properties[..prefix.len()].iter().enumerate() {
                if let ObjectPropertyKind::ObjectProperty(p) = property {
                    let name = if let PropertyKey::StaticIdentifier(n) = &p.key {
                        Some(n.name.as_str())
                    } else if let PropertyKey::StringLiteral(s) = &p.key {
                        Some(s.value.as_str())
                    } else {
                        None
                    };
                    if p.method {
                        self.method_starts.insert(p.value.span().start, p.span.start);
                    }
                    self.named_expr_to(&p.value, name, base + i as Reg);
                }
            }
            let k = self.f.constant(Const::Shape(prefix));
            emit::NewLiteral(&mut self.f.code, target, k, base);
            self.f.release(inner);
        }
        for property in rest {
            let inner = self.f.top();
            self.late_property(property, target);
            self.f.release(inner);
        }
        self.mov(dst, target);
        self.f.release(mark);
    }

    /// Keys of the leading properties that a shape can hold.
    fn simple_prefix(&mut self, object: &'a ObjectExpression<'a>) -> Vec<StringId> {
        let mut keys: Vec<StringId> = Vec::new();
        for property in object.properties.iter().take(MAX_SHAPE) {
            let ObjectPropertyKind::ObjectProperty(p) = property else { break };
            if p.kind != PropertyKind::Init || p.computed {
                break;
            }
            if p.method
                && let Expression::FunctionExpression(f) = &p.value
                && self.analysis().functions[self.fn_of_node(&f.scope_id) as usize].uses_super
            {
                break;
            }
            match self.property_key(&p.key, false) {
                Key::Name(name, id) if (p.shorthand || p.method || name != "__proto__") && !keys.contains(&id) => {
                    keys.push(id);
                }
                _ => break,
            }
        }
        keys
    }

    fn late_property(&mut self, property: &'a ObjectPropertyKind<'a>, object: Reg) {
        let p = match property {
            ObjectPropertyKind::SpreadProperty(spread) => {
                let source = self.expr(&spread.argument);
                self.f.at(spread.span.start);
                emit::CopyProps(&mut self.f.code, object, source, 0, 0);
                return;
            }
            ObjectPropertyKind::ObjectProperty(p) => p,
        };
        let key = self.property_key(&p.key, p.computed);
        if p.method || p.kind != PropertyKind::Init {
            let key_reg = self.f.alloc();
            self.load_key(&key, key_reg);
            let func = self.f.alloc();
            let name = if let Key::Name(name, _) = key { name } else { "" };
            if let Expression::FunctionExpression(function) = &p.value {
                self.method_starts.insert(function.span.start, p.span.start);
                self.function_closure(function, name, func);
            }
            let flags = match p.kind {
                PropertyKind::Init => 0,
                PropertyKind::Get => 1,
                PropertyKind::Set => 2,
            };
            self.f.at(p.span.start);
            emit::DefMethod(&mut self.f.code, object, key_reg, func, flags | 4);
            return;
        }
        match key {
            Key::Name("__proto__", _) if !p.shorthand && !p.computed => {
                let value = self.expr(&p.value);
                emit::SetProtoLit(&mut self.f.code, object, value);
            }
            Key::Name(name, id) => {
                let value = self.named_expr(&p.value, Some(name));
                let k = self.f.string(id);
                self.f.at(p.span.start);
                emit::DefField(&mut self.f.code, object, k, value, 0);
                self.f.site();
            }
            key => {
                let key_reg = self.f.alloc();
                self.load_key(&key, key_reg);
                let anonymous = is_anonymous_function(&p.value);
                let value = self.expr(&p.value);
                if anonymous {
                    emit::SetFnName(&mut self.f.code, value, key_reg, 0);
                }
                self.f.at(p.span.start);
                emit::DefElem(&mut self.f.code, object, key_reg, value);
            }
        }
    }

    // ---- array literals

    pub fn array_literal(&mut self, elements: &'a [ArrayExpressionElement<'a>], dst: Reg) {
        let plain = |e: &ArrayExpressionElement| {
            !matches!(e, ArrayExpressionElement::SpreadElement(_) | ArrayExpressionElement::Elision(_))
        };
        let prefix = elements.iter().take(MAX_ELEMENTS).take_while(|e| plain(e)).count();
        let mark = self.f.top();
        let rest = &elements[prefix..];
        let target = if rest.is_empty() || !self.f.is_named(dst) { dst } else { self.f.alloc() };
        let inner = self.f.top();
        let base = self.f.alloc_block(prefix as u32);
        for (i, element) in elements[..prefix].iter().enumerate() {
            self.expr_to(element.to_expression(), base + i as Reg);
        }
        emit::NewArray(&mut self.f.code, target, base, prefix as u16);
        self.f.release(inner);
        for element in rest {
            let inner = self.f.top();
            match element {
                ArrayExpressionElement::SpreadElement(spread) => {
                    let value = self.expr(&spread.argument);
                    self.f.at(spread.argument.span().start);
                    emit::ArraySpread(&mut self.f.code, target, value);
                }
                ArrayExpressionElement::Elision(_) => {
                    let hole = self.f.alloc();
                    self.load_s(hole, HOLE);
                    emit::ArrayPush(&mut self.f.code, target, hole);
                }
                other => {
                    let value = self.expr(other.to_expression());
                    emit::ArrayPush(&mut self.f.code, target, value);
                }
            }
            self.f.release(inner);
        }
        self.mov(dst, target);
        self.f.release(mark);
    }

    // ---- templates

    pub fn template(&mut self, template: &'a TemplateLiteral<'a>, dst: Reg) {
        let mark = self.f.top();
        let mut parts: Vec<Part<'a>> = Vec::new();
        for (i, quasi) in template.quasis.iter().enumerate() {
            if let Some(cooked) = quasi.value.cooked.filter(|c| !c.is_empty()) {
                parts.push(Part::Text(cooked.as_str(), quasi.lone_surrogates));
            }
            if let Some(expression) = template.expressions.get(i) {
                parts.push(Part::Value(expression));
            }
        }
        if let [Part::Value(only)] = parts[..] {
            let value = self.expr(only);
            self.f.at(only.span().start);
            emit::ToStr(&mut self.f.code, dst, value);
            self.f.release(mark);
            return;
        }
        let base = self.f.alloc_block(parts.len() as u32);
        let later = effects_after(&parts);
        for (i, part) in parts.iter().enumerate() {
            let reg = base + i as Reg;
            match part {
                Part::Text(text, lone) => {
                    let id = self.string_id(text, *lone);
                    self.load_str(reg, id);
                }
                Part::Value(expression) if later[i] && !is_primitive(expression) => {
                    let value = self.operand(expression, Span::new(0, 0), Some(reg));
                    self.f.at(expression.span().start);
                    emit::ToStr(&mut self.f.code, reg, value);
                }
                Part::Value(expression) => self.expr_to(expression, reg),
            }
        }
        self.f.at(template.span.start);
        emit::Concat(&mut self.f.code, dst, base, parts.len() as u16);
        self.f.release(mark);
    }

    /// `'a' + x + 'b' + …`: one concatenation instead of a chain, when a string is known to come early.
    pub fn concat_chain(&mut self, e: &'a BinaryExpression<'a>, dst: Reg) -> bool {
        let mut operands: Vec<&'a Expression<'a>> = vec![&e.right];
        let mut left = &e.left;
        while let Expression::BinaryExpression(b) = left.get_inner_expression()
            && b.operator == BinaryOperator::Addition
        {
            operands.push(&b.right);
            left = &b.left;
        }
        operands.push(left);
        operands.reverse();
        let Some(first) = operands.iter().position(|o| is_string(o)) else { return false };
        // Everything before the operand that precedes the first string is plain addition.
        let start = first.max(1) - 1;
        if operands.len() - start < 3 || operands.len() > 4_000 {
            return false;
        }
        let mark = self.f.top();
        let mut parts: Vec<Part<'a>> = Vec::new();
        let mut known: Vec<Option<Known<'a>>> = Vec::new();
        for operand in &operands[start..] {
            let value = self.known(operand);
            if let (Some(Some(Known::Str(last))), Some(value)) = (known.last_mut(), &value) {
                *last = Cow::Owned(format!("{last}{}", value.text()));
                continue;
            }
            parts.push(Part::Value(operand));
            known.push(value);
        }
        if let [Some(only)] = &known[..] {
            self.load_known(dst, only);
            return true;
        }
        let later = effects_after(&parts);
        let base = self.f.alloc_block(parts.len() as u32);
        for (i, part) in parts.iter().enumerate() {
            let Part::Value(operand) = part else { continue };
            let reg = base + i as Reg;
            if i == 0 && start > 0 {
                self.addition_prefix(&operands[..=start], reg);
                continue;
            } else if let Some(value) = &known[i] {
                self.load_known(reg, value);
                continue;
            } else if later[i] && !is_primitive(operand) {
                let value = self.operand(operand, Span::new(0, 0), Some(reg));
                self.f.at(operand.span().start);
                emit::ToPrim(&mut self.f.code, reg, value);
            } else {
                self.expr_to(operand, reg);
            }
        }
        self.f.at(e.span.start);
        emit::ConcatAdd(&mut self.f.code, dst, base, parts.len() as u16);
        self.f.release(mark);
        true
    }

    fn addition_prefix(&mut self, operands: &[&'a Expression<'a>], dst: Reg) {
        self.expr_to(operands[0], dst);
        for operand in &operands[1..] {
            let mark = self.f.top();
            let right = self.expr(operand);
            self.f.at(operand.span().start);
            emit::Add(&mut self.f.code, dst, dst, right);
            self.f.release(mark);
        }
    }

    pub fn template_constant(&mut self, template: &'a TemplateLiteral<'a>) -> u32 {
        let mut cooked = Vec::new();
        let mut raw = Vec::new();
        for quasi in &template.quasis {
            let text = quasi.value.cooked.map(|c| c.as_str());
            cooked.push(text.map(|t| self.string_id(t, quasi.lone_surrogates)));
            raw.push(self.out.name(quasi.value.raw.as_str()));
        }
        self.f.constant(Const::Template { cooked, raw })
    }

    // ---- regular expressions

    pub fn regexp(&mut self, literal: &'a RegExpLiteral<'a>, dst: Reg) {
        let pattern = literal.regex.pattern.text.as_str();
        let flags = literal.regex.flags.to_string();
        match compile_regexp(pattern, &flags) {
            Ok(program) => {
                let source = self.out.name(pattern);
                let flags = self.out.strings.add(&flags);
                let k = self.f.constant(Const::RegExp { source, flags, program });
                emit::NewRegExp(&mut self.f.code, dst, k);
            }
            Err(message) => self.error(literal.span, message),
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Part<'a> {
    Text(&'a str, bool),
    Value(&'a Expression<'a>),
}

/// For each part, whether a later one may run code that could change what its conversion gives.
fn effects_after(parts: &[Part]) -> Vec<bool> {
    let mut later = vec![false; parts.len()];
    let mut seen = false;
    for (i, part) in parts.iter().enumerate().rev() {
        later[i] = seen;
        if let Part::Value(e) = part {
            seen |= has_effects(e);
        }
    }
    later
}
