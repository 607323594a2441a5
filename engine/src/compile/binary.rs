//! Binary operators and conditions.
use oxc_ast::ast::*;
use oxc_span::GetSpan;

use super::function::{Label, Reg};
use super::known::Known;
use super::lower::*;
use crate::bytecode::op::emit;

type Compare = fn(&mut Vec<u8>, Reg, Reg, i32) -> usize;
type CompareI = fn(&mut Vec<u8>, Reg, i32, i32) -> usize;

impl<'a, 'm> Lower<'a, 'm> {
    pub fn binary(&mut self, e: &'a Expression<'a>, b: &'a BinaryExpression<'a>, dst: Reg) {
        if let Some(known) = self.known(e) {
            return self.load_known(dst, &known);
        }
        if b.operator == BinaryOperator::Addition && self.concat_chain(b, dst) {
            return;
        }
        if self.binary_immediate(b, dst) {
            return;
        }
        let left = self.operand(&b.left, b.right.span(), Some(dst));
        let right = self.expr(&b.right);
        self.f.at(b.span.start);
        self.emit_binary(b.operator, dst, left, right);
    }

    pub fn emit_binary(&mut self, operator: BinaryOperator, dst: Reg, a: Reg, b: Reg) {
        let code = &mut self.f.code;
        match operator {
            BinaryOperator::Addition => emit::Add(code, dst, a, b),
            BinaryOperator::Subtraction => emit::Sub(code, dst, a, b),
            BinaryOperator::Multiplication => emit::Mul(code, dst, a, b),
            BinaryOperator::Division => emit::Div(code, dst, a, b),
            BinaryOperator::Remainder => emit::Mod(code, dst, a, b),
            BinaryOperator::Exponential => emit::Exp(code, dst, a, b),
            BinaryOperator::ShiftLeft => emit::Shl(code, dst, a, b),
            BinaryOperator::ShiftRight => emit::Shr(code, dst, a, b),
            BinaryOperator::ShiftRightZeroFill => emit::UShr(code, dst, a, b),
            BinaryOperator::BitwiseAnd => emit::BitAnd(code, dst, a, b),
            BinaryOperator::BitwiseOR => emit::BitOr(code, dst, a, b),
            BinaryOperator::BitwiseXOR => emit::BitXor(code, dst, a, b),
            BinaryOperator::LessThan => emit::Lt(code, dst, a, b),
            BinaryOperator::LessEqualThan => emit::Le(code, dst, a, b),
            BinaryOperator::GreaterThan => emit::Gt(code, dst, a, b),
            BinaryOperator::GreaterEqualThan => emit::Ge(code, dst, a, b),
            BinaryOperator::Equality => emit::Eq(code, dst, a, b),
            BinaryOperator::Inequality => emit::Ne(code, dst, a, b),
            BinaryOperator::StrictEquality => emit::StrictEq(code, dst, a, b),
            BinaryOperator::StrictInequality => emit::StrictNe(code, dst, a, b),
            BinaryOperator::In => emit::In(code, dst, a, b),
            BinaryOperator::Instanceof => emit::InstanceOf(code, dst, a, b),
        };
    }

    /// With an int32 literal on the right (or on the left of a product).
    fn binary_immediate(&mut self, b: &'a BinaryExpression<'a>, dst: Reg) -> bool {
        if let Some(imm) = self.known(&b.right).and_then(|k| k.int())
            && immediate_fits(b.operator, imm)
        {
            let left = self.operand(&b.left, b.right.span(), Some(dst));
            self.f.at(b.span.start);
            return self.emit_immediate(b.operator, dst, left, imm);
        }
        if b.operator == BinaryOperator::Multiplication
            && let Some(imm) = self.known(&b.left).and_then(|k| k.int())
        {
            let right = self.operand(&b.right, b.left.span(), Some(dst));
            self.f.at(b.span.start);
            return self.emit_immediate(b.operator, dst, right, imm);
        }
        false
    }

    pub fn emit_immediate(&mut self, operator: BinaryOperator, dst: Reg, a: Reg, imm: i32) -> bool {
        if !immediate_fits(operator, imm) {
            return false;
        }
        let code = &mut self.f.code;
        match operator {
            BinaryOperator::Addition => emit::AddI(code, dst, a, imm),
            BinaryOperator::Subtraction => emit::SubI(code, dst, a, imm),
            BinaryOperator::Multiplication => emit::MulI(code, dst, a, imm),
            BinaryOperator::Remainder => emit::ModI(code, dst, a, imm),
            BinaryOperator::BitwiseAnd => emit::BitAndI(code, dst, a, imm),
            BinaryOperator::BitwiseOR => emit::BitOrI(code, dst, a, imm),
            BinaryOperator::ShiftLeft => emit::ShlI(code, dst, a, imm),
            BinaryOperator::ShiftRight => emit::ShrI(code, dst, a, imm),
            BinaryOperator::ShiftRightZeroFill => emit::UShrI(code, dst, a, imm),
            _ => return false,
        };
        true
    }

    // ---- conditions

    /// Evaluates the left side of `&&`, `||` or `??`, and jumps to `end` when the right side is not wanted.
    pub fn logical_jump(&mut self, operator: LogicalOperator, left: &'a Expression<'a>, end: Label) {
        match operator {
            LogicalOperator::And => self.jump_if(left, false, end),
            LogicalOperator::Or => self.jump_if(left, true, end),
            LogicalOperator::Coalesce => {
                let mark = self.f.top();
                let value = self.expr(left);
                self.f.jump_on(emit::JNotNullish, value, end);
                self.f.release(mark);
            }
        }
    }

    /// Jumps to `label` when ToBoolean of the expression is `sense`.
    pub fn jump_if(&mut self, e: &'a Expression<'a>, sense: bool, label: Label) {
        if let Some(known) = self.known(e) {
            if known.truthy() == sense {
                self.f.jump(label);
            }
            return;
        }
        let mark = self.f.top();
        match e.get_inner_expression() {
            Expression::UnaryExpression(u) if u.operator == UnaryOperator::LogicalNot => {
                self.jump_if(&u.argument, !sense, label);
            }
            Expression::LogicalExpression(l) if l.operator != LogicalOperator::Coalesce => {
                // `a && b` is false as soon as a is; `a || b` true as soon as a is.
                let decides = l.operator == LogicalOperator::Or;
                if decides == sense {
                    self.jump_if(&l.left, sense, label);
                    self.jump_if(&l.right, sense, label);
                } else {
                    let skip = self.f.label();
                    self.jump_if(&l.left, decides, skip);
                    self.jump_if(&l.right, sense, label);
                    self.f.bind(skip);
                }
            }
            Expression::BinaryExpression(b) if is_comparison(b.operator) => self.compare_jump(b, sense, label),
            Expression::SequenceExpression(s) => {
                if let Some((last, first)) = s.expressions.split_last() {
                    first.iter().for_each(|e| self.effect(e));
                    self.jump_if(last, sense, label);
                }
            }
            _ => {
                let value = self.expr(e);
                self.f.jump_on(if sense { emit::JTrue } else { emit::JFalse }, value, label);
            }
        }
        self.f.release(mark);
    }

    fn compare_jump(&mut self, b: &'a BinaryExpression<'a>, sense: bool, label: Label) {
        if is_equality(b.operator) && self.equality_jump(b, sense, label) {
            return;
        }
        if let Some(imm) = self.known(&b.right).and_then(|k| k.int())
            && let Some(op) = compare_immediate(b.operator, sense)
        {
            let left = self.expr(&b.left);
            self.f.at(b.span.start);
            let at = op(&mut self.f.code, left, imm, 0);
            return self.f.to(at, label);
        }
        let left = self.operand(&b.left, b.right.span(), None);
        let right = self.expr(&b.right);
        self.f.at(b.span.start);
        let at = compare(b.operator, sense)(&mut self.f.code, left, right, 0);
        self.f.to(at, label);
    }

    /// Comparisons with undefined, null and int32 literals.
    fn equality_jump(&mut self, b: &'a BinaryExpression<'a>, sense: bool, label: Label) -> bool {
        let (value, known) = match (self.known(&b.left), self.known(&b.right)) {
            (_, Some(known)) => (&b.left, known),
            (Some(known), None) => (&b.right, known),
            _ => return false,
        };
        let strict = matches!(b.operator, BinaryOperator::StrictEquality | BinaryOperator::StrictInequality);
        let negated = matches!(b.operator, BinaryOperator::Inequality | BinaryOperator::StrictInequality);
        let equal = sense != negated;
        if strict && let Some(imm) = known.int() {
            let reg = self.expr(value);
            let op = if equal { emit::JEqI } else { emit::JNeI };
            let at = op(&mut self.f.code, reg, imm, 0);
            self.f.to(at, label);
            return true;
        }
        let op = match (&known, strict) {
            (Known::Undefined, true) if equal => emit::JUndef,
            (Known::Undefined, true) => emit::JNotUndef,
            (Known::Undefined | Known::Null, false) if equal => emit::JNullish,
            (Known::Undefined | Known::Null, false) => emit::JNotNullish,
            _ => return false,
        };
        let reg = self.expr(value);
        self.f.jump_on(op, reg, label);
        true
    }
}

fn immediate_fits(operator: BinaryOperator, imm: i32) -> bool {
    match operator {
        BinaryOperator::Addition
        | BinaryOperator::Subtraction
        | BinaryOperator::Multiplication
        | BinaryOperator::BitwiseAnd
        | BinaryOperator::BitwiseOR => true,
        BinaryOperator::Remainder => imm > 0,
        BinaryOperator::ShiftLeft | BinaryOperator::ShiftRight | BinaryOperator::ShiftRightZeroFill => {
            (0..32).contains(&imm)
        }
        _ => false,
    }
}

fn is_equality(operator: BinaryOperator) -> bool {
    matches!(
        operator,
        BinaryOperator::Equality
            | BinaryOperator::Inequality
            | BinaryOperator::StrictEquality
            | BinaryOperator::StrictInequality
    )
}

fn is_comparison(operator: BinaryOperator) -> bool {
    is_equality(operator)
        || matches!(
            operator,
            BinaryOperator::LessThan
                | BinaryOperator::LessEqualThan
                | BinaryOperator::GreaterThan
                | BinaryOperator::GreaterEqualThan
        )
}

fn compare(operator: BinaryOperator, sense: bool) -> Compare {
    match (operator, sense) {
        (BinaryOperator::LessThan, true) => emit::JLt,
        (BinaryOperator::LessThan, false) => emit::JNLt,
        (BinaryOperator::LessEqualThan, true) => emit::JLe,
        (BinaryOperator::LessEqualThan, false) => emit::JNLe,
        (BinaryOperator::GreaterThan, true) => emit::JGt,
        (BinaryOperator::GreaterThan, false) => emit::JNGt,
        (BinaryOperator::GreaterEqualThan, true) => emit::JGe,
        (BinaryOperator::GreaterEqualThan, false) => emit::JNGe,
        (BinaryOperator::Equality, true) | (BinaryOperator::Inequality, false) => emit::JEq,
        (BinaryOperator::Equality, false) | (BinaryOperator::Inequality, true) => emit::JNe,
        (BinaryOperator::StrictEquality, true) | (BinaryOperator::StrictInequality, false) => emit::JStrictEq,
        _ => emit::JStrictNe,
    }
}

fn compare_immediate(operator: BinaryOperator, sense: bool) -> Option<CompareI> {
    Some(match (operator, sense) {
        (BinaryOperator::LessThan, true) => emit::JLtI,
        (BinaryOperator::LessThan, false) => emit::JNLtI,
        (BinaryOperator::LessEqualThan, true) => emit::JLeI,
        (BinaryOperator::LessEqualThan, false) => emit::JNLeI,
        (BinaryOperator::GreaterThan, true) => emit::JGtI,
        (BinaryOperator::GreaterThan, false) => emit::JNGtI,
        (BinaryOperator::GreaterEqualThan, true) => emit::JGeI,
        (BinaryOperator::GreaterEqualThan, false) => emit::JNGeI,
        _ => return None,
    })
}
