//! What is known of an expression without running it: constant values, effects, certain types.
use std::borrow::Cow;

use oxc_ast::ast::*;
use oxc_span::Span;

use super::function::Reg;
use super::lower::*;
use super::scope::NONE;
use crate::bytecode::op::emit;

/// Deepest expression folded: longer chains are rare, and each level is looked at once more by the next.
const FOLD_DEPTH: u32 = 32;

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

    pub fn text(&self) -> Cow<'_, str> {
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
pub(super) fn is_string(e: &Expression) -> bool {
    match e.get_inner_expression() {
        Expression::StringLiteral(_) | Expression::TemplateLiteral(_) => true,
        Expression::UnaryExpression(u) => u.operator == UnaryOperator::Typeof,
        _ => false,
    }
}

/// Certainly a primitive that is no Symbol.
pub(super) fn is_primitive(e: &Expression) -> bool {
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

pub(super) fn to_int32(n: f64) -> i32 {
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
