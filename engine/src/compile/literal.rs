//! Literals: constants known at compile time, object and array literals, templates, regular expressions.
use std::borrow::Cow;

use oxc_ast::ast::*;
use oxc_span::{GetSpan, Span};

use super::function::Reg;
use super::lower::*;
use super::regexp_seam::compile_regexp;
use super::scope::NONE;
use crate::bytecode::module::{Const, StringId};
use crate::bytecode::op::emit;

/// A value known at compile time.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Known<'a> {
    Number(f64),
    Str(Cow<'a, str>),
    Bool(bool),
    Null,
    Undefined,
}

impl Known<'_> {
    pub fn truthy(&self) -> bool {
        match self {
            Known::Number(n) => *n != 0.0 && !n.is_nan(),
            Known::Str(s) => !s.is_empty(),
            Known::Bool(b) => *b,
            Known::Null | Known::Undefined => false,
        }
    }

    /// The int32 it is, for immediate operands.
    pub fn int(&self) -> Option<i32> {
        match self {
            Known::Number(n) if *n as i32 as f64 == *n && !(*n == 0.0 && n.is_sign_negative()) => Some(*n as i32),
            _ => None,
        }
    }

    fn text(&self) -> Cow<'_, str> {
        match self {
            Known::Number(n) => Cow::Owned(number_text(*n)),
            Known::Str(s) => Cow::Borrowed(s),
            Known::Bool(true) => "true".into(),
            Known::Bool(false) => "false".into(),
            Known::Null => "null".into(),
            Known::Undefined => "undefined".into(),
        }
    }
}

/// Number::toString.
pub(super) fn number_text(value: f64) -> String {
    ryu_js::Buffer::new().format(value).to_string()
}

/// Whether a string is an array index, and so not a name in a shape.
pub(super) fn is_index(key: &str) -> bool {
    let digits = !key.is_empty() && key.bytes().all(|b| b.is_ascii_digit());
    digits
        && (key == "0" || !key.starts_with('0'))
        && key.len() <= 10
        && key.parse::<u32>().is_ok_and(|n| n != u32::MAX)
}

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
const FOLD_DEPTH: u32 = 32;

impl<'a, 'm> Lower<'a, 'm> {
    /// The value of an expression if it is known and free of effects.
    pub fn known(&self, e: &Expression<'a>) -> Option<Known<'a>> {
        self.fold(e, FOLD_DEPTH)
    }

    fn fold(&self, e: &Expression<'a>, depth: u32) -> Option<Known<'a>> {
        let depth = depth.checked_sub(1)?;
        Some(match e.get_inner_expression() {
            Expression::NumericLiteral(n) => Known::Number(n.value),
            Expression::StringLiteral(s) if !s.lone_surrogates => Known::Str(Cow::Borrowed(s.value.as_str())),
            Expression::BooleanLiteral(b) => Known::Bool(b.value),
            Expression::NullLiteral(_) => Known::Null,
            Expression::Identifier(ident) => {
                if self.reference(ident).0 != NONE {
                    return None;
                }
                match ident.name.as_str() {
                    "undefined" => Known::Undefined,
                    "NaN" => Known::Number(f64::NAN),
                    "Infinity" => Known::Number(f64::INFINITY),
                    _ => return None,
                }
            }
            Expression::TemplateLiteral(t) if t.expressions.is_empty() => {
                let quasi = t.quasis.first().filter(|q| !q.lone_surrogates)?;
                Known::Str(Cow::Borrowed(quasi.value.cooked?.as_str()))
            }
            Expression::UnaryExpression(u) => {
                let value = self.fold(&u.argument, depth)?;
                match (u.operator, value) {
                    (UnaryOperator::UnaryNegation, Known::Number(n)) => Known::Number(-n),
                    (UnaryOperator::UnaryPlus, Known::Number(n)) => Known::Number(n),
                    (UnaryOperator::BitwiseNot, Known::Number(n)) => Known::Number(!to_int32(n) as f64),
                    (UnaryOperator::LogicalNot, value) => Known::Bool(!value.truthy()),
                    (UnaryOperator::Void, _) => Known::Undefined,
                    _ => return None,
                }
            }
            Expression::BinaryExpression(b) => {
                let right = self.fold(&b.right, depth)?;
                let left = self.fold(&b.left, depth)?;
                fold_binary(b.operator, &left, &right)?
            }
            _ => return None,
        })
    }

    pub fn load_known(&mut self, dst: Reg, known: &Known<'a>) {
        match known {
            Known::Number(n) => self.load_number(dst, *n),
            Known::Str(s) => {
                let k = match s {
                    Cow::Borrowed(s) => self.k(s),
                    Cow::Owned(s) => self.k_owned(s),
                };
                emit::LoadK(&mut self.f.code, dst, k);
            }
            Known::Bool(b) => self.load_s(dst, if *b { TRUE } else { FALSE }),
            Known::Null => self.load_s(dst, NULL),
            Known::Undefined => self.load_undefined(dst),
        }
    }

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
                    Expression::NumericLiteral(n) if !computed || n.value >= 0.0 => self.number_key(n.value),
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

    fn number_key(&mut self, value: f64) -> Key<'a> {
        let text = number_text(value);
        if is_index(&text) {
            return Key::Index(value as u32);
        }
        // Leaked into the tree's own arena it would be 'a; the name is only needed for shapes, so none is given.
        Key::Name("", self.out.strings.add(&text))
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
                let value = self.named_expr(&p.value, Some(name).filter(|n| !n.is_empty()));
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

/// Calls, assignments and suspensions inside (property reads are taken for harmless).
pub(super) fn has_effects(e: &Expression) -> bool {
    match e.get_inner_expression() {
        Expression::Identifier(_)
        | Expression::ThisExpression(_)
        | Expression::StringLiteral(_)
        | Expression::NumericLiteral(_)
        | Expression::BooleanLiteral(_)
        | Expression::NullLiteral(_)
        | Expression::BigIntLiteral(_)
        | Expression::RegExpLiteral(_)
        | Expression::ArrowFunctionExpression(_)
        | Expression::FunctionExpression(_) => false,
        Expression::StaticMemberExpression(m) => has_effects(&m.object),
        Expression::ComputedMemberExpression(m) => has_effects(&m.object) || has_effects(&m.expression),
        Expression::UnaryExpression(u) => u.operator == UnaryOperator::Delete || has_effects(&u.argument),
        Expression::BinaryExpression(b) => has_effects(&b.right) || has_effects(&b.left),
        Expression::LogicalExpression(l) => has_effects(&l.left) || has_effects(&l.right),
        Expression::ConditionalExpression(c) => {
            has_effects(&c.test) || has_effects(&c.consequent) || has_effects(&c.alternate)
        }
        Expression::TemplateLiteral(t) => t.expressions.iter().any(has_effects),
        _ => true,
    }
}

/// Certainly a string.
fn is_string(e: &Expression) -> bool {
    match e.get_inner_expression() {
        Expression::StringLiteral(_) | Expression::TemplateLiteral(_) => true,
        Expression::UnaryExpression(u) => u.operator == UnaryOperator::Typeof,
        _ => false,
    }
}

/// Certainly a primitive that is no Symbol.
fn is_primitive(e: &Expression) -> bool {
    match e.get_inner_expression() {
        Expression::NumericLiteral(_)
        | Expression::BooleanLiteral(_)
        | Expression::NullLiteral(_)
        | Expression::UpdateExpression(_)
        | Expression::BigIntLiteral(_) => true,
        Expression::UnaryExpression(_) => true,
        Expression::BinaryExpression(b) => !matches!(b.operator, BinaryOperator::Addition),
        Expression::ConditionalExpression(c) => is_primitive(&c.consequent) && is_primitive(&c.alternate),
        other => is_string(other),
    }
}

/// A function or class without a name of its own, which takes that of what it is assigned to.
pub(super) fn is_anonymous_function(e: &Expression) -> bool {
    match e.get_inner_expression() {
        Expression::ArrowFunctionExpression(_) => true,
        Expression::FunctionExpression(f) => f.id.is_none(),
        Expression::ClassExpression(c) => c.id.is_none(),
        _ => false,
    }
}

fn to_int32(n: f64) -> i32 {
    if !n.is_finite() {
        return 0;
    }
    n.trunc().rem_euclid(4_294_967_296.0) as u64 as u32 as i32
}

pub(super) fn fold_binary<'a>(operator: BinaryOperator, left: &Known<'a>, right: &Known<'a>) -> Option<Known<'a>> {
    if operator == BinaryOperator::Addition && (matches!(left, Known::Str(_)) || matches!(right, Known::Str(_))) {
        let joined = format!("{}{}", left.text(), right.text());
        return (joined.len() < 10_000).then_some(Known::Str(Cow::Owned(joined)));
    }
    let (Known::Number(a), Known::Number(b)) = (left, right) else { return None };
    let (a, b) = (*a, *b);
    Some(Known::Number(match operator {
        BinaryOperator::Addition => a + b,
        BinaryOperator::Subtraction => a - b,
        BinaryOperator::Multiplication => a * b,
        BinaryOperator::Division => a / b,
        BinaryOperator::ShiftLeft => to_int32(a).wrapping_shl(to_int32(b) as u32 & 31) as f64,
        BinaryOperator::ShiftRight => (to_int32(a) >> (to_int32(b) as u32 & 31)) as f64,
        BinaryOperator::ShiftRightZeroFill => (to_int32(a) as u32 >> (to_int32(b) as u32 & 31)) as f64,
        BinaryOperator::BitwiseAnd => (to_int32(a) & to_int32(b)) as f64,
        BinaryOperator::BitwiseOR => (to_int32(a) | to_int32(b)) as f64,
        BinaryOperator::BitwiseXOR => (to_int32(a) ^ to_int32(b)) as f64,
        _ => return None,
    }))
}

/// Span of several neighbouring nodes.
pub(super) fn span_to(first: Span, last: Span) -> Span {
    Span::new(first.start, last.end.max(first.end))
}
