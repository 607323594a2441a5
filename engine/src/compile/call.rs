//! Calls, `new`, members, optional chains, tagged templates.
use oxc_ast::ast::*;
use oxc_span::{GetSpan, Span};

use super::function::Reg;
use super::lower::*;
use super::scope::{NONE, Special};
use crate::bytecode::op::emit;
use crate::bytecode::ops::{FRAME_HEADER, REG_CALLEE, REG_THIS};

/// Offsets in a call window.
const CALLEE: Reg = REG_CALLEE;
const THIS: Reg = REG_THIS;
const ARGS: Reg = FRAME_HEADER;

impl<'a, 'm> Lower<'a, 'm> {
    // ---- members

    /// The object of a member expression; leaves the chain when `optional` and it is nullish.
    pub fn chain_object(&mut self, object: &'a Expression<'a>, optional: bool) -> Reg {
        let reg = self.expr(object);
        if optional {
            self.leave_chain(reg);
        }
        reg
    }

    fn leave_chain(&mut self, reg: Reg) {
        if let Some(&exit) = self.chain.last() {
            self.f.jump_on(emit::JNullish, reg, exit);
        }
    }

    pub fn static_member(&mut self, m: &'a StaticMemberExpression<'a>, dst: Reg) {
        let pos = m.property.span.start;
        if matches!(m.object, Expression::Super(_)) {
            let this = self.this(m.span.start);
            let key = self.f.alloc();
            let k = self.k(m.property.name.as_str());
            emit::LoadK(&mut self.f.code, key, k);
            let func = self.special(Special::Callee);
            self.f.at(pos);
            emit::GetSuper(&mut self.f.code, dst, func, this, key);
            return;
        }
        if self.namespace_member(m, dst) {
            return;
        }
        let object = self.object_operand(&m.object, dst, m.optional);
        let k = self.k(m.property.name.as_str());
        self.f.at(pos);
        emit::GetField(&mut self.f.code, dst, object, k, 0);
        self.f.site();
    }

    /// A base object, in `dst` where that saves a register: long chains then need one.
    fn object_operand(&mut self, object: &'a Expression<'a>, dst: Reg, optional: bool) -> Reg {
        let nowhere = Span::new(0, 0);
        let scratch = Some(dst).filter(|_| !optional || !self.f.is_named(dst));
        let reg = self.operand(object, nowhere, scratch);
        if optional {
            self.leave_chain(reg);
        }
        reg
    }

    /// `ns.name` of `import * as ns`, `E.A` of an enum: known at compile time.
    fn namespace_member(&mut self, m: &'a StaticMemberExpression<'a>, dst: Reg) -> bool {
        let Expression::Identifier(ident) = m.object.get_inner_expression() else { return false };
        let (bind, _) = self.reference(ident);
        if bind == NONE {
            return false;
        }
        let Some(&target) = self.unit.resolved.get(&bind) else { return false };
        let crate::bytecode::module::ExportTarget::Namespace(unit) = target else { return false };
        let Some(exported) = self.exports.find(unit, m.property.name.as_str()) else { return false };
        let k = self.k(m.property.name.as_str());
        self.f.at(m.property.span.start);
        match exported {
            crate::bytecode::module::ExportTarget::Binding { unit, slot } => {
                emit::GetModule(&mut self.f.code, dst, unit as u16, slot as u16, k);
            }
            crate::bytecode::module::ExportTarget::Namespace(unit) => {
                emit::ModuleNamespace(&mut self.f.code, dst, unit as u16);
            }
        }
        true
    }

    pub fn computed_member(&mut self, m: &'a ComputedMemberExpression<'a>, dst: Reg) {
        let pos = m.expression.span().start;
        if matches!(m.object, Expression::Super(_)) {
            let this = self.this(m.span.start);
            let key = self.f.alloc();
            self.expr_to(&m.expression, key);
            let func = self.special(Special::Callee);
            self.f.at(pos);
            emit::GetSuper(&mut self.f.code, dst, func, this, key);
            return;
        }
        if let Some(k) = self.constant_name(&m.expression) {
            let object = self.object_operand(&m.object, dst, m.optional);
            self.f.at(pos);
            emit::GetField(&mut self.f.code, dst, object, k, 0);
            return self.f.site();
        }
        let object = self.operand(&m.object, m.expression.span(), Some(dst));
        if m.optional {
            self.leave_chain(object);
        }
        let key = self.expr(&m.expression);
        self.f.at(pos);
        emit::GetElem(&mut self.f.code, dst, object, key, 0);
        self.f.site();
    }

    pub fn private_member(&mut self, m: &'a PrivateFieldExpression<'a>, dst: Reg) {
        let object = self.chain_object(&m.object, m.optional);
        let name = self.private_name(&m.field);
        self.f.at(m.field.span.start);
        emit::GetPrivate(&mut self.f.code, dst, object, name);
    }

    /// A private name into a register.
    pub fn private_name(&mut self, name: &PrivateIdentifier<'a>) -> Reg {
        let reg = self.f.alloc();
        let bind = self.analysis().lookup(self.scope, &format!("#{}", name.name));
        if bind == NONE {
            self.error(name.span, format!("Private name '#{}' is not defined", name.name));
            return reg;
        }
        self.read(bind, "", false, name.span.start, reg);
        reg
    }

    pub fn chain_expression(&mut self, c: &'a ChainExpression<'a>, dst: Reg) {
        let (exit, end) = (self.f.label(), self.f.label());
        self.chain.push(exit);
        self.chain_element(&c.expression, dst);
        self.chain.pop();
        self.f.jump(end);
        self.f.bind(exit);
        self.load_undefined(dst);
        self.f.bind(end);
    }

    fn chain_element(&mut self, element: &'a ChainElement<'a>, dst: Reg) {
        match element {
            ChainElement::CallExpression(c) => self.call(c, dst),
            ChainElement::StaticMemberExpression(m) => self.static_member(m, dst),
            ChainElement::ComputedMemberExpression(m) => self.computed_member(m, dst),
            ChainElement::PrivateFieldExpression(m) => self.private_member(m, dst),
            ChainElement::TSNonNullExpression(e) => self.expr_to(&e.expression, dst),
        }
    }

    // ---- calls

    pub fn call(&mut self, c: &'a CallExpression<'a>, dst: Reg) {
        let callee = c.callee.get_inner_expression();
        if let Expression::Super(_) = callee {
            return self.super_call(c, dst);
        }
        if self.is_global(callee, "eval") && !c.optional {
            return self.unsupported(c.span, "a direct eval() call");
        }
        let spread = c.arguments.iter().any(|a| a.is_spread());
        let argc = if spread { 1 } else { c.arguments.len() };
        let ready = self.inner_call(callee);
        let base = self.f.alloc_block(ARGS as u32 + argc as u32);
        let method = match ready {
            Ready::Callee => {
                if spread {
                    self.load_undefined(base + THIS);
                }
                spread
            }
            ready => self.callee(callee, base, spread, ready == Ready::This),
        };
        let pos = call_pos(callee);
        if c.optional {
            self.leave_chain(base + CALLEE);
        }
        self.arguments(&c.arguments, base, spread);
        self.f.at(pos);
        match (spread, method) {
            (true, _) => emit::CallSpread(&mut self.f.code, dst, base),
            (false, true) => emit::Call(&mut self.f.code, dst, base, argc as u16),
            (false, false) => emit::CallU(&mut self.f.code, dst, base, argc as u16),
        };
    }

    /// A call whose result is the callee or its `this` is made before the window is taken, so that a chain of calls
    /// uses one window: a call writes its result last.
    fn inner_call(&mut self, callee: &'a Expression<'a>) -> Ready {
        let base = self.f.top().min(super::function::MAX_REGISTERS) as Reg;
        let (inner, to, ready) = match callee {
            Expression::CallExpression(inner) => (inner, base + CALLEE, Ready::Callee),
            other => match other.as_member_expression().map(|m| m.object().get_inner_expression()) {
                Some(Expression::CallExpression(inner)) => (inner, base + THIS, Ready::This),
                _ => return Ready::Nothing,
            },
        };
        if matches!(inner.callee.get_inner_expression(), Expression::Super(_)) {
            return Ready::Nothing;
        }
        let mark = self.f.top();
        self.call(inner, to);
        self.f.release(mark);
        ready
    }

    /// Evaluates callee and `this` into the window; false when `this` is undefined and left to the call.
    fn callee(&mut self, callee: &'a Expression<'a>, base: Reg, needs_this: bool, has_this: bool) -> bool {
        match callee {
            Expression::ChainExpression(c) => {
                // (a?.b)(): the parentheses end the chain but keep its `this`.
                let (exit, end) = (self.f.label(), self.f.label());
                self.chain.push(exit);
                let method = match &c.expression {
                    ChainElement::CallExpression(call) => {
                        self.call(call, base + CALLEE);
                        false
                    }
                    ChainElement::TSNonNullExpression(e) => {
                        self.callee(e.expression.get_inner_expression(), base, true, false)
                    }
                    member => self.member_callee(member.to_member_expression(), base, false),
                };
                if !method {
                    self.load_undefined(base + THIS);
                }
                self.chain.pop();
                self.f.jump(end);
                self.f.bind(exit);
                self.load_undefined(base + CALLEE);
                self.load_undefined(base + THIS);
                self.f.bind(end);
                true
            }
            other => match other.as_member_expression() {
                Some(member) => self.member_callee(member, base, has_this),
                None => {
                    self.expr_to(other, base + CALLEE);
                    if needs_this {
                        self.load_undefined(base + THIS);
                    }
                    needs_this
                }
            },
        }
    }

    fn member_callee(&mut self, member: &'a MemberExpression<'a>, base: Reg, has_this: bool) -> bool {
        let mark = self.f.top();
        let (callee, this) = (base + CALLEE, base + THIS);
        if matches!(member.object(), Expression::Super(_)) {
            let reference = self.member_ref(member, Span::new(0, 0), false);
            self.member_get(reference, callee, super::assign::member_pos(member));
            let reg = self.this(member.span().start);
            self.mov(this, reg);
            self.f.release(mark);
            return true;
        }
        if let MemberExpression::StaticMemberExpression(m) = member
            && self.namespace_member(m, callee)
        {
            // Methods of a namespace object would get it as `this`.
            let reg = self.expr(&m.object);
            self.mov(this, reg);
            self.f.release(mark);
            return true;
        }
        if !has_this {
            self.expr_to(member.object(), this);
        }
        if member.optional() {
            self.leave_chain(this);
        }
        match member {
            MemberExpression::StaticMemberExpression(m) => {
                let k = self.k(m.property.name.as_str());
                self.f.at(m.property.span.start);
                emit::GetField(&mut self.f.code, callee, this, k, 0);
                self.f.site();
            }
            MemberExpression::ComputedMemberExpression(m) => {
                let pos = m.expression.span().start;
                if let Some(k) = self.constant_name(&m.expression) {
                    self.f.at(pos);
                    emit::GetField(&mut self.f.code, callee, this, k, 0);
                } else {
                    let key = self.expr(&m.expression);
                    self.f.at(pos);
                    emit::GetElem(&mut self.f.code, callee, this, key, 0);
                }
                self.f.site();
            }
            MemberExpression::PrivateFieldExpression(m) => {
                let name = self.private_name(&m.field);
                self.f.at(m.field.span.start);
                emit::GetPrivate(&mut self.f.code, callee, this, name);
            }
        }
        self.f.release(mark);
        true
    }

    fn arguments(&mut self, arguments: &'a [Argument<'a>], base: Reg, spread: bool) {
        if spread {
            return self.spread_arguments(arguments, base + ARGS);
        }
        for (i, argument) in arguments.iter().enumerate() {
            self.expr_to(argument.to_expression(), base + ARGS + i as Reg);
        }
    }

    /// All arguments as one array.
    fn spread_arguments(&mut self, arguments: &'a [Argument<'a>], array: Reg) {
        emit::NewArray(&mut self.f.code, array, array, 0);
        for argument in arguments {
            let mark = self.f.top();
            match argument {
                Argument::SpreadElement(spread) => {
                    let value = self.expr(&spread.argument);
                    self.f.at(spread.argument.span().start);
                    emit::ArraySpread(&mut self.f.code, array, value);
                }
                other => {
                    let value = self.expr(other.to_expression());
                    emit::ArrayPush(&mut self.f.code, array, value);
                }
            }
            self.f.release(mark);
        }
    }

    pub fn new_expression(&mut self, n: &'a NewExpression<'a>, dst: Reg) {
        let spread = n.arguments.iter().any(|a| a.is_spread());
        let argc = if spread { 1 } else { n.arguments.len() };
        let base = self.f.alloc_block(ARGS as u32 + argc as u32);
        self.expr_to(&n.callee, base + CALLEE);
        self.arguments(&n.arguments, base, spread);
        self.f.at(n.span.start);
        if spread {
            emit::NewSpread(&mut self.f.code, dst, base);
        } else {
            emit::New(&mut self.f.code, dst, base, argc as u16);
        }
    }

    fn super_call(&mut self, c: &'a CallExpression<'a>, dst: Reg) {
        let spread = c.arguments.iter().any(|a| a.is_spread());
        let argc = if spread { 1 } else { c.arguments.len() };
        let func = self.special(Special::Callee);
        let new_target = self.special(Special::NewTarget);
        let base = self.f.alloc_block(ARGS as u32 + argc as u32);
        self.arguments(&c.arguments, base, spread);
        let result = if self.f.is_named(dst) { base } else { dst };
        self.f.at(c.span.start);
        if spread {
            emit::SuperCallSpread(&mut self.f.code, result, base, func, new_target);
        } else {
            emit::SuperCall(&mut self.f.code, result, base, argc as u16, func, new_target);
        }
        // Binds `this`, which arrows share through its scope.
        let owner = self.analysis().this_owner(self.func);
        let captured = self.analysis().functions[owner as usize].special[Special::This as usize];
        let bound = match captured {
            NONE => REG_THIS,
            _ => {
                let reg = self.f.alloc();
                self.read(captured, "", false, c.span.start, reg);
                reg
            }
        };
        self.f.at(c.span.start);
        emit::ChkSuper(&mut self.f.code, bound);
        if captured != NONE {
            self.initialise(captured, "", result, c.span.start);
        }
        if owner == self.func {
            self.mov(REG_THIS, result);
        }
        self.run_fields_of(func, result, c.span.start);
        self.mov(dst, result);
        if owner == self.func {
            let params = self.derived_params();
            if let Some(params) = params {
                self.parameter_properties_on(params, result);
            }
        }
    }

    pub fn tagged_template(&mut self, t: &'a TaggedTemplateExpression<'a>, dst: Reg) {
        let argc = t.quasi.expressions.len() + 1;
        let base = self.f.alloc_block(ARGS as u32 + argc as u32);
        let method = self.callee(t.tag.get_inner_expression(), base, false, false);
        let k = self.template_constant(&t.quasi);
        emit::TemplateObject(&mut self.f.code, base + ARGS, k);
        for (i, expression) in t.quasi.expressions.iter().enumerate() {
            self.expr_to(expression, base + ARGS + 1 + i as Reg);
        }
        self.f.at(call_pos(&t.tag));
        if method {
            emit::Call(&mut self.f.code, dst, base, argc as u16);
        } else {
            emit::CallU(&mut self.f.code, dst, base, argc as u16);
        }
    }
}

/// What of a call window is there before its callee is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ready {
    Nothing,
    Callee,
    This,
}

/// Where errors about a call point: the called property or the callee.
fn call_pos(callee: &Expression) -> u32 {
    match callee.as_member_expression() {
        Some(member) => super::assign::member_pos(member),
        None => callee.span().start,
    }
}
