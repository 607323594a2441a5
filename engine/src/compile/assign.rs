//! Assignment and update expressions; member references.
use oxc_ast::ast::*;
use oxc_span::{GetSpan, Span};

use super::function::Reg;
use super::known::is_index;
use super::lower::*;
use super::pattern::{Init, Pat};
use super::scope::Special;
use crate::bytecode::op::emit;

/// An evaluated member reference: base and key are in registers.
#[derive(Debug, Clone, Copy)]
pub(super) enum MemberRef {
    Name { object: Reg, k: u32 },
    Elem { object: Reg, key: Reg },
    Private { object: Reg, name: Reg },
    Super { func: Reg, this: Reg, key: Reg },
}

impl<'a, 'm> Lower<'a, 'm> {
    /// An assignment; its value goes to `dst` if it is wanted.
    pub fn assignment(&mut self, a: &'a AssignmentExpression<'a>, dst: Option<Reg>) {
        let mark = self.f.top();
        match assignment_target(&a.left) {
            Target::Identifier(ident) => self.assign_identifier(a, ident, dst),
            Target::Member(member) => self.assign_member(a, member, dst),
            Target::Pattern(pattern) => {
                let value = self.expr(&a.right);
                let value = self.keep(value);
                self.bind_pattern(Pat::Target(pattern), value, Init::Assign, a.span.start);
                if let Some(dst) = dst {
                    self.mov(dst, value);
                }
            }
            Target::Invalid(span) => self.unsupported(span, "this assignment target"),
        }
        self.f.release(mark);
    }

    /// A register that no variable's assignment can change.
    pub fn keep(&mut self, reg: Reg) -> Reg {
        if !self.f.is_named(reg) {
            return reg;
        }
        let copy = self.f.alloc();
        self.mov(copy, reg);
        copy
    }

    /// `dst` itself as scratch, unless a variable lives there.
    fn scratch(&mut self, dst: Option<Reg>) -> Reg {
        match dst {
            Some(reg) if !self.f.is_named(reg) => reg,
            _ => self.f.alloc(),
        }
    }

    fn assign_identifier(
        &mut self,
        a: &'a AssignmentExpression<'a>,
        ident: &'a IdentifierReference<'a>,
        dst: Option<Reg>,
    ) {
        let (bind, check) = self.reference(ident);
        let name = ident.name.as_str();
        let pos = ident.span.start;
        let plain = self.plain_local(bind, check);
        // (f) = function () {}: the parentheses keep the name away.
        let hint = Some(name).filter(|_| a.span.start == pos);
        if a.operator == AssignmentOperator::Assign {
            let value = match (plain, dst) {
                (Some(reg), None) if self.writes_once(&a.right) => {
                    return self.named_expr_to(&a.right, hint, reg);
                }
                (None, None) => self.named_expr(&a.right, hint),
                _ => {
                    let value = self.scratch(dst);
                    self.named_expr_to(&a.right, hint, value);
                    value
                }
            };
            self.assign(bind, name, check, value, pos);
            if let Some(dst) = dst {
                self.mov(dst, value);
            }
            return;
        }
        if let Some(operator) = a.operator.to_logical_operator() {
            let end = self.f.label();
            let value = match (plain, dst) {
                (Some(reg), None) => reg,
                _ => {
                    let value = self.scratch(dst);
                    self.read(bind, name, check, pos, value);
                    value
                }
            };
            self.short_circuit(operator, value, end);
            let mark = self.f.top();
            let straight = plain == Some(value) && self.writes_once(&a.right);
            let target = if self.f.is_named(value) && !straight { self.f.alloc() } else { value };
            self.named_expr_to(&a.right, hint, target);
            self.assign(bind, name, false, target, pos);
            self.f.release(mark);
            self.f.bind(end);
            if let Some(dst) = dst {
                self.mov(dst, value);
            }
            return;
        }
        let Some(operator) = a.operator.to_binary_operator() else { return };
        let (left, target) = match plain {
            Some(reg) if self.written_in(bind, a.right.span()) => {
                let copy = self.f.alloc();
                self.mov(copy, reg);
                (copy, reg)
            }
            Some(reg) => (reg, reg),
            None => {
                let value = self.scratch(dst);
                self.read(bind, name, check, pos, value);
                (value, value)
            }
        };
        self.compound(a, operator, target, left);
        if plain.is_none() {
            self.assign(bind, name, false, target, pos);
        }
        if let Some(dst) = dst {
            self.mov(dst, target);
        }
    }

    fn short_circuit(&mut self, operator: LogicalOperator, value: Reg, end: super::function::Label) {
        let jump = match operator {
            LogicalOperator::And => emit::JFalse,
            LogicalOperator::Or => emit::JTrue,
            LogicalOperator::Coalesce => emit::JNotNullish,
        };
        self.f.jump_on(jump, value, end);
    }

    /// `dst` = `left` operator right side.
    fn compound(&mut self, a: &'a AssignmentExpression<'a>, operator: BinaryOperator, dst: Reg, left: Reg) {
        let mark = self.f.top();
        if let Some(imm) = self.known(&a.right).and_then(|k| k.int()) {
            self.f.at(a.span.start);
            if self.emit_immediate(operator, dst, left, imm) {
                return;
            }
        }
        let right = self.expr(&a.right);
        self.f.at(a.span.start);
        self.emit_binary(operator, dst, left, right);
        self.f.release(mark);
    }

    fn assign_member(&mut self, a: &'a AssignmentExpression<'a>, member: &'a MemberExpression<'a>, dst: Option<Reg>) {
        let pos = member_pos(member);
        if a.operator == AssignmentOperator::Assign {
            let reference = self.member_ref(member, a.right.span(), false);
            let value = match dst {
                None => self.expr(&a.right),
                Some(_) => {
                    let value = self.scratch(dst);
                    self.expr_to(&a.right, value);
                    value
                }
            };
            self.member_put(reference, value, pos);
            if let Some(dst) = dst {
                self.mov(dst, value);
            }
            return;
        }
        let reference = self.member_ref(member, a.right.span(), true);
        let value = self.scratch(dst);
        self.member_get(reference, value, pos);
        if let Some(operator) = a.operator.to_logical_operator() {
            let end = self.f.label();
            self.short_circuit(operator, value, end);
            self.expr_to(&a.right, value);
            self.member_put(reference, value, pos);
            self.f.bind(end);
        } else if let Some(operator) = a.operator.to_binary_operator() {
            self.compound(a, operator, value, value);
            self.member_put(reference, value, pos);
        }
        if let Some(dst) = dst {
            self.mov(dst, value);
        }
    }

    // ---- update

    pub fn update(&mut self, u: &'a UpdateExpression<'a>, dst: Option<Reg>) {
        let mark = self.f.top();
        match simple_target(&u.argument) {
            Target::Identifier(ident) => self.update_identifier(u, ident, dst),
            Target::Member(member) => {
                let reference = self.member_ref(member, Span::new(u.span.end, u.span.end), true);
                let pos = member_pos(member);
                let old = self.scratch(dst.filter(|_| !u.prefix));
                self.member_get(reference, old, pos);
                let new = self.step(u, old, dst);
                self.member_put(reference, new, pos);
                if let Some(dst) = dst {
                    self.mov(dst, if u.prefix { new } else { old });
                }
            }
            Target::Pattern(_) => {}
            Target::Invalid(span) => self.unsupported(span, "this update target"),
        }
        self.f.release(mark);
    }

    /// The stepped value of `old`, which becomes numeric when it is the result.
    fn step(&mut self, u: &'a UpdateExpression<'a>, old: Reg, dst: Option<Reg>) -> Reg {
        let mut new = old;
        if !u.prefix && dst.is_some() {
            self.f.at(u.span.start);
            emit::ToNumeric(&mut self.f.code, old, old);
            new = self.f.alloc();
        }
        self.emit_step(u, new, old);
        new
    }

    fn emit_step(&mut self, u: &UpdateExpression<'a>, dst: Reg, src: Reg) {
        self.f.at(u.span.start);
        match u.operator {
            UpdateOperator::Increment => emit::Inc(&mut self.f.code, dst, src),
            UpdateOperator::Decrement => emit::Dec(&mut self.f.code, dst, src),
        };
    }

    fn update_identifier(&mut self, u: &'a UpdateExpression<'a>, ident: &'a IdentifierReference<'a>, dst: Option<Reg>) {
        let (bind, check) = self.reference(ident);
        let name = ident.name.as_str();
        let pos = ident.span.start;
        if let Some(reg) = self.plain_local(bind, check) {
            match dst {
                Some(dst) if !u.prefix => {
                    let old = self.scratch(Some(dst));
                    self.f.at(u.span.start);
                    emit::ToNumeric(&mut self.f.code, old, reg);
                    self.emit_step(u, reg, old);
                    self.mov(dst, old);
                }
                _ => {
                    self.emit_step(u, reg, reg);
                    if let Some(dst) = dst {
                        self.mov(dst, reg);
                    }
                }
            }
            return;
        }
        let old = self.scratch(dst.filter(|_| !u.prefix));
        self.read(bind, name, check, pos, old);
        let new = self.step(u, old, dst);
        self.assign(bind, name, false, new, pos);
        if let Some(dst) = dst {
            self.mov(dst, if u.prefix { new } else { old });
        }
    }

    // ---- member references

    /// Evaluates base and key. `twice`: the key is used for a read and a write, so it is converted once here.
    pub fn member_ref(&mut self, member: &'a MemberExpression<'a>, later: Span, twice: bool) -> MemberRef {
        if matches!(member.object(), Expression::Super(_)) {
            let this = self.this(member.span().start);
            let key = self.super_key(member);
            let func = self.special(Special::Callee);
            return MemberRef::Super { func, this, key };
        }
        match member {
            MemberExpression::StaticMemberExpression(m) => {
                let object = self.operand(&m.object, later, None);
                MemberRef::Name { object, k: self.k(m.property.name.as_str()) }
            }
            MemberExpression::PrivateFieldExpression(m) => {
                let object = self.operand(&m.object, later, None);
                MemberRef::Private { object, name: self.private_name(&m.field) }
            }
            MemberExpression::ComputedMemberExpression(m) => {
                let object = self.operand(&m.object, super::known::span_to(m.expression.span(), later), None);
                if let Some(k) = self.constant_name(&m.expression) {
                    return MemberRef::Name { object, k };
                }
                let mut key = self.operand(&m.expression, later, None);
                if twice && !self.is_numeric(&m.expression) {
                    let converted = if self.f.is_named(key) { self.f.alloc() } else { key };
                    self.f.at(m.expression.span().start);
                    emit::ToKeyOf(&mut self.f.code, converted, object, key);
                    key = converted;
                }
                MemberRef::Elem { object, key }
            }
        }
    }

    /// Certainly a number: its conversion to a key has no effects.
    fn is_numeric(&self, e: &Expression<'a>) -> bool {
        match e.get_inner_expression() {
            Expression::NumericLiteral(_) | Expression::StringLiteral(_) | Expression::UpdateExpression(_) => true,
            Expression::BinaryExpression(b) => !matches!(b.operator, BinaryOperator::Addition),
            _ => false,
        }
    }

    /// Constant index of a literal string key that is no array index.
    pub fn constant_name(&mut self, e: &'a Expression<'a>) -> Option<u32> {
        match e.get_inner_expression() {
            Expression::StringLiteral(s) if !is_index(s.value.as_str()) => {
                let id = self.string_id(s.value.as_str(), s.lone_surrogates);
                Some(self.f.string(id))
            }
            _ => None,
        }
    }

    pub fn super_key(&mut self, member: &'a MemberExpression<'a>) -> Reg {
        let key = self.f.alloc();
        match member {
            MemberExpression::StaticMemberExpression(m) => {
                let k = self.k(m.property.name.as_str());
                emit::LoadK(&mut self.f.code, key, k);
            }
            MemberExpression::ComputedMemberExpression(m) => self.expr_to(&m.expression, key),
            MemberExpression::PrivateFieldExpression(m) => self.unsupported(m.span, "a private name of super"),
        }
        key
    }

    pub fn member_get(&mut self, reference: MemberRef, dst: Reg, pos: u32) {
        self.f.at(pos);
        match reference {
            MemberRef::Name { object, k } => {
                emit::GetField(&mut self.f.code, dst, object, k, 0);
                self.f.site();
            }
            MemberRef::Elem { object, key } => {
                emit::GetElem(&mut self.f.code, dst, object, key, 0);
                self.f.site();
            }
            MemberRef::Private { object, name } => {
                emit::GetPrivate(&mut self.f.code, dst, object, name);
            }
            MemberRef::Super { func, this, key } => {
                emit::GetSuper(&mut self.f.code, dst, func, this, key);
            }
        }
    }

    pub fn member_put(&mut self, reference: MemberRef, src: Reg, pos: u32) {
        self.f.at(pos);
        match reference {
            MemberRef::Name { object, k } => {
                emit::PutField(&mut self.f.code, object, k, src, 0);
                self.f.site();
            }
            MemberRef::Elem { object, key } => {
                emit::PutElem(&mut self.f.code, object, key, src, 0);
                self.f.site();
            }
            MemberRef::Private { object, name } => {
                emit::PutPrivate(&mut self.f.code, object, name, src);
            }
            MemberRef::Super { func, this, key } => {
                emit::PutSuper(&mut self.f.code, func, this, key, src);
            }
        }
    }
}

/// What an assignment assigns to, TypeScript's wrappers removed.
pub(super) enum Target<'a> {
    Identifier(&'a IdentifierReference<'a>),
    Member(&'a MemberExpression<'a>),
    Pattern(&'a AssignmentTarget<'a>),
    Invalid(Span),
}

pub(super) fn assignment_target<'a>(target: &'a AssignmentTarget<'a>) -> Target<'a> {
    match target.as_simple_assignment_target() {
        Some(simple) => simple_target(simple),
        None => Target::Pattern(target),
    }
}

pub(super) fn simple_target<'a>(target: &'a SimpleAssignmentTarget<'a>) -> Target<'a> {
    let inner = match target {
        SimpleAssignmentTarget::AssignmentTargetIdentifier(ident) => return Target::Identifier(ident),
        SimpleAssignmentTarget::TSAsExpression(e) => &e.expression,
        SimpleAssignmentTarget::TSSatisfiesExpression(e) => &e.expression,
        SimpleAssignmentTarget::TSNonNullExpression(e) => &e.expression,
        SimpleAssignmentTarget::TSTypeAssertion(e) => &e.expression,
        other => return Target::Member(other.to_member_expression()),
    };
    match inner.get_inner_expression() {
        Expression::Identifier(ident) => Target::Identifier(ident),
        other => match other.as_member_expression() {
            Some(member) => Target::Member(member),
            None => Target::Invalid(other.span()),
        },
    }
}

/// Where errors about a member point: its property.
pub(super) fn member_pos(member: &MemberExpression) -> u32 {
    match member {
        MemberExpression::StaticMemberExpression(m) => m.property.span.start,
        MemberExpression::ComputedMemberExpression(m) => m.expression.span().start,
        MemberExpression::PrivateFieldExpression(m) => m.field.span.start,
    }
}
