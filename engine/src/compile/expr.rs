//! Expressions: into any register, into a given one, or for their effects.
use oxc_ast::ast::*;
use oxc_span::{GetSpan, Span};

use super::function::Reg;
use super::lower::*;
use super::scope::{BindKind, NONE, Special};
use crate::bytecode::op::emit;

impl<'a, 'm> Lower<'a, 'm> {
    /// Evaluates into some register: a variable's own where that needs no copy, else a new temporary.
    pub fn expr(&mut self, e: &'a Expression<'a>) -> Reg {
        match e.get_inner_expression() {
            Expression::Identifier(ident) => {
                let (bind, check) = self.reference(ident);
                if let Some(reg) = self.local(bind) {
                    if check {
                        self.check_tdz(reg, ident.name.as_str(), ident.span.start);
                    }
                    return reg;
                }
            }
            Expression::ThisExpression(this) => return self.this(this.span.start),
            Expression::NewTarget(_) => return self.new_target(),
            _ => {}
        }
        let reg = self.f.alloc();
        self.expr_to(e, reg);
        reg
    }

    /// Evaluates an operand that must keep its value while the source in `later` is evaluated. `scratch` may be used
    /// for it unless a variable lives there.
    pub fn operand(&mut self, e: &'a Expression<'a>, later: Span, scratch: Option<Reg>) -> Reg {
        if let Expression::Identifier(ident) = e.get_inner_expression() {
            let (bind, _) = self.reference(ident);
            if self.local(bind).is_some() {
                let reg = self.expr(e);
                if !self.written_in(bind, later) {
                    return reg;
                }
                let copy = self.f.alloc();
                self.mov(copy, reg);
                return copy;
            }
        }
        match scratch {
            Some(reg)
                if !self.f.is_named(reg) && !matches!(e.get_inner_expression(), Expression::ThisExpression(_)) =>
            {
                self.expr_to(e, reg);
                reg
            }
            _ => self.expr(e),
        }
    }

    /// Whether the variable is assigned within the span.
    pub fn written_in(&self, bind: u32, span: Span) -> bool {
        self.binding(bind).writes.iter().any(|&w| span.start <= w && w < span.end)
    }

    /// Evaluates for the effects only.
    pub fn effect(&mut self, e: &'a Expression<'a>) {
        let mark = self.f.top();
        match e.get_inner_expression() {
            Expression::AssignmentExpression(a) => self.assignment(a, None),
            Expression::UpdateExpression(u) => self.update(u, None),
            Expression::SequenceExpression(s) => s.expressions.iter().for_each(|e| self.effect(e)),
            Expression::UnaryExpression(u) if u.operator == UnaryOperator::Void => self.effect(&u.argument),
            Expression::LogicalExpression(l) => {
                let end = self.f.label();
                self.logical_jump(l.operator, &l.left, end);
                self.effect(&l.right);
                self.f.bind(end);
            }
            Expression::ConditionalExpression(c) => {
                let (other, end) = (self.f.label(), self.f.label());
                self.jump_if(&c.test, false, other);
                self.effect(&c.consequent);
                self.f.jump(end);
                self.f.bind(other);
                self.effect(&c.alternate);
                self.f.bind(end);
            }
            Expression::StringLiteral(_)
            | Expression::NumericLiteral(_)
            | Expression::BooleanLiteral(_)
            | Expression::NullLiteral(_)
            | Expression::FunctionExpression(_)
            | Expression::ArrowFunctionExpression(_) => {
                // Nothing happens; functions would only be made and dropped.
            }
            _ => {
                self.expr(e);
            }
        }
        self.f.release(mark);
    }

    /// Evaluates an anonymous function under a name, anything else as it is.
    pub fn named_expr_to(&mut self, e: &'a Expression<'a>, name: Option<&'a str>, dst: Reg) {
        let Some(name) = name else { return self.expr_to(e, dst) };
        match e.get_inner_expression() {
            Expression::ArrowFunctionExpression(arrow) => self.arrow_closure(arrow, name, dst),
            Expression::FunctionExpression(function) if function.id.is_none() => {
                self.function_closure(function, name, dst);
            }
            Expression::ClassExpression(class) if class.id.is_none() => self.class(class, name, NONE, dst),
            _ => self.expr_to(e, dst),
        }
    }

    pub fn named_expr(&mut self, e: &'a Expression<'a>, name: Option<&'a str>) -> Reg {
        if name.is_some() && super::known::is_anonymous_function(e) {
            let reg = self.f.alloc();
            self.named_expr_to(e, name, reg);
            return reg;
        }
        self.expr(e)
    }

    pub fn arrow_closure(&mut self, arrow: &'a ArrowFunctionExpression<'a>, name: &'a str, dst: Reg) {
        let name = self.out.name(name);
        let func = self.fn_of_node(&arrow.scope_id);
        let id = self.add_function(FnNode::Arrow(arrow), name, func);
        self.make_closure(dst, id);
    }

    /// Evaluates into `dst`. When a variable lives there it is written last, once, except by the kinds that
    /// [`Self::writes_once`] rules out: callers assigning variables ask it first.
    pub fn expr_to(&mut self, e: &'a Expression<'a>, dst: Reg) {
        let mark = self.f.top();
        match e.get_inner_expression() {
            Expression::BooleanLiteral(b) => self.load_s(dst, if b.value { TRUE } else { FALSE }),
            Expression::NullLiteral(_) => self.load_s(dst, NULL),
            Expression::NumericLiteral(n) => self.load_number(dst, n.value),
            Expression::BigIntLiteral(n) => {
                let id = self.out.name(n.value.as_str());
                let k = self.f.bigint(id);
                emit::LoadK(&mut self.f.code, dst, k);
            }
            Expression::RegExpLiteral(r) => self.regexp(r, dst),
            Expression::StringLiteral(s) => {
                let id = self.string_id(s.value.as_str(), s.lone_surrogates);
                self.load_str(dst, id);
            }
            Expression::TemplateLiteral(t) => match t.expressions.is_empty() {
                true => {
                    let quasi = t.quasis.first();
                    let text = quasi.and_then(|q| q.value.cooked).map_or("", |c| c.as_str());
                    let id = self.string_id(text, quasi.is_some_and(|q| q.lone_surrogates));
                    self.load_str(dst, id);
                }
                false => self.template(t, dst),
            },
            Expression::Identifier(ident) => self.identifier(ident, dst),
            Expression::ThisExpression(this) => {
                let reg = self.this(this.span.start);
                self.mov(dst, reg);
            }
            Expression::Super(s) => self.unsupported(s.span, "this use of super"),
            Expression::ArrayExpression(a) => self.array_literal(&a.elements, dst),
            Expression::ObjectExpression(o) => self.object_literal(o, dst),
            Expression::ArrowFunctionExpression(a) => self.arrow_closure(a, "", dst),
            Expression::FunctionExpression(f) => {
                let name = f.id.as_ref().map_or("", |i| i.name.as_str());
                self.function_closure(f, name, dst);
            }
            Expression::ClassExpression(c) => {
                let name = c.id.as_ref().map_or("", |i| i.name.as_str());
                self.class(c, name, NONE, dst);
            }
            Expression::AssignmentExpression(a) => self.assignment(a, Some(dst)),
            Expression::UpdateExpression(u) => self.update(u, Some(dst)),
            Expression::AwaitExpression(a) => {
                let value = self.expr(&a.argument);
                self.f.at(a.span.start);
                emit::Await(&mut self.f.code, dst, value);
            }
            Expression::YieldExpression(y) => self.yield_expression(y, dst),
            Expression::BinaryExpression(b) => self.binary(e, b, dst),
            Expression::UnaryExpression(u) => self.unary(e, u, dst),
            Expression::LogicalExpression(l) => self.logical(l, dst),
            Expression::ConditionalExpression(c) => {
                let (other, end) = (self.f.label(), self.f.label());
                self.jump_if(&c.test, false, other);
                self.expr_to(&c.consequent, dst);
                self.f.jump(end);
                self.f.bind(other);
                self.expr_to(&c.alternate, dst);
                self.f.bind(end);
            }
            Expression::SequenceExpression(s) => {
                if let Some((last, first)) = s.expressions.split_last() {
                    first.iter().for_each(|e| self.effect(e));
                    self.expr_to(last, dst);
                }
            }
            Expression::CallExpression(c) => self.call(c, dst),
            Expression::NewExpression(n) => self.new_expression(n, dst),
            Expression::ChainExpression(c) => self.chain_expression(c, dst),
            Expression::StaticMemberExpression(m) => self.static_member(m, dst),
            Expression::ComputedMemberExpression(m) => self.computed_member(m, dst),
            Expression::PrivateFieldExpression(m) => self.private_member(m, dst),
            Expression::PrivateInExpression(p) => {
                let object = self.expr(&p.right);
                let name = self.private_name(&p.left);
                self.f.at(p.span.start);
                emit::HasPrivate(&mut self.f.code, dst, object, name);
            }
            Expression::TaggedTemplateExpression(t) => self.tagged_template(t, dst),
            Expression::ImportExpression(i) => self.import_call(i, dst),
            Expression::ImportMeta(_) => {
                emit::ImportMeta(&mut self.f.code, dst, self.unit_index);
            }
            Expression::NewTarget(_) => {
                let reg = self.new_target();
                self.mov(dst, reg);
            }
            Expression::JSXElement(j) => self.jsx_element(j, dst),
            Expression::JSXFragment(j) => self.jsx_fragment(j, dst),
            Expression::V8IntrinsicExpression(v) => self.unsupported(v.span, "a %-intrinsic"),
            Expression::ParenthesizedExpression(_)
            | Expression::TSAsExpression(_)
            | Expression::TSSatisfiesExpression(_)
            | Expression::TSTypeAssertion(_)
            | Expression::TSNonNullExpression(_)
            | Expression::TSInstantiationExpression(_) => {
                // get_inner_expression has removed them.
            }
        }
        self.f.release(mark);
    }

    fn new_target(&mut self) -> Reg {
        self.special(Special::NewTarget)
    }

    fn identifier(&mut self, ident: &'a IdentifierReference<'a>, dst: Reg) {
        let (bind, check) = self.reference(ident);
        let name = ident.name.as_str();
        if bind == NONE {
            match name {
                "undefined" => return self.load_undefined(dst),
                "NaN" => return self.load_number(dst, f64::NAN),
                "Infinity" => return self.load_number(dst, f64::INFINITY),
                _ => {}
            }
        }
        self.read(bind, name, check, ident.span.start, dst);
    }

    /// Whether [`Self::expr_to`] writes its destination only as its very last step, so that a variable may be given.
    pub fn writes_once(&self, e: &Expression<'a>) -> bool {
        match e.get_inner_expression() {
            Expression::LogicalExpression(_)
            | Expression::AssignmentExpression(_)
            | Expression::UpdateExpression(_)
            | Expression::YieldExpression(_)
            | Expression::ChainExpression(_)
            | Expression::ClassExpression(_) => false,
            Expression::SequenceExpression(s) => s.expressions.last().is_some_and(|e| self.writes_once(e)),
            Expression::ConditionalExpression(c) => self.writes_once(&c.consequent) && self.writes_once(&c.alternate),
            _ => true,
        }
    }

    // ---- unary and logical

    fn unary(&mut self, e: &'a Expression<'a>, u: &'a UnaryExpression<'a>, dst: Reg) {
        if let Some(known) = self.known(e) {
            return self.load_known(dst, &known);
        }
        match u.operator {
            UnaryOperator::Typeof => {
                if let Expression::Identifier(ident) = u.argument.get_inner_expression()
                    && self.reference(ident).0 == NONE
                {
                    let k = self.k(ident.name.as_str());
                    self.f.at(ident.span.start);
                    emit::GetGlobalOrUndef(&mut self.f.code, dst, k, 0);
                    self.f.site();
                    emit::TypeOf(&mut self.f.code, dst, dst);
                    return;
                }
                let value = self.expr(&u.argument);
                emit::TypeOf(&mut self.f.code, dst, value);
            }
            UnaryOperator::Void => {
                self.effect(&u.argument);
                self.load_undefined(dst);
            }
            UnaryOperator::Delete => self.delete(&u.argument, u.span, dst),
            UnaryOperator::LogicalNot => {
                let value = self.expr(&u.argument);
                emit::Not(&mut self.f.code, dst, value);
            }
            UnaryOperator::UnaryNegation | UnaryOperator::UnaryPlus | UnaryOperator::BitwiseNot => {
                let value = self.expr(&u.argument);
                self.f.at(u.span.start);
                match u.operator {
                    UnaryOperator::UnaryNegation => emit::Neg(&mut self.f.code, dst, value),
                    UnaryOperator::UnaryPlus => emit::ToNumber(&mut self.f.code, dst, value),
                    _ => emit::BitNot(&mut self.f.code, dst, value),
                };
            }
        }
    }

    fn logical(&mut self, l: &'a LogicalExpression<'a>, dst: Reg) {
        // The result passes through `dst` before the end, so a variable gets it by a copy.
        let end = self.f.label();
        self.expr_to(&l.left, dst);
        match l.operator {
            LogicalOperator::And => self.f.jump_on(emit::JFalse, dst, end),
            LogicalOperator::Or => self.f.jump_on(emit::JTrue, dst, end),
            LogicalOperator::Coalesce => self.f.jump_on(emit::JNotNullish, dst, end),
        }
        self.expr_to(&l.right, dst);
        self.f.bind(end);
    }

    fn delete(&mut self, argument: &'a Expression<'a>, span: Span, dst: Reg) {
        match argument.get_inner_expression() {
            Expression::StaticMemberExpression(m) => {
                if matches!(m.object, Expression::Super(_)) {
                    return self.delete_super(span);
                }
                let object = self.chain_object(&m.object, m.optional);
                let key = self.f.alloc();
                let k = self.k(m.property.name.as_str());
                emit::LoadK(&mut self.f.code, key, k);
                self.f.at(span.start);
                emit::Delete(&mut self.f.code, dst, object, key);
            }
            Expression::ComputedMemberExpression(m) => {
                if matches!(m.object, Expression::Super(_)) {
                    return self.delete_super(span);
                }
                let object = match m.optional {
                    true => self.chain_object(&m.object, true),
                    false => self.operand(&m.object, m.expression.span(), None),
                };
                let key = self.expr(&m.expression);
                self.f.at(span.start);
                emit::Delete(&mut self.f.code, dst, object, key);
            }
            Expression::ChainExpression(c) => {
                let (exit, end) = (self.f.label(), self.f.label());
                self.chain.push(exit);
                match &c.expression {
                    ChainElement::StaticMemberExpression(m) => {
                        let object = self.chain_object(&m.object, m.optional);
                        let key = self.f.alloc();
                        let k = self.k(m.property.name.as_str());
                        emit::LoadK(&mut self.f.code, key, k);
                        self.f.at(span.start);
                        emit::Delete(&mut self.f.code, dst, object, key);
                    }
                    ChainElement::ComputedMemberExpression(m) => {
                        let object = self.chain_object(&m.object, m.optional);
                        let key = self.expr(&m.expression);
                        self.f.at(span.start);
                        emit::Delete(&mut self.f.code, dst, object, key);
                    }
                    _ => self.unsupported(span, "delete of this expression"),
                }
                self.chain.pop();
                self.f.jump(end);
                self.f.bind(exit);
                self.load_s(dst, TRUE);
                self.f.bind(end);
            }
            Expression::Identifier(ident) => {
                let (bind, _) = self.reference(ident);
                if bind != NONE {
                    return self.load_s(dst, FALSE);
                }
                let object = self.f.alloc();
                let k = self.k("globalThis");
                emit::GetGlobal(&mut self.f.code, object, k, 0);
                self.f.site();
                let key = self.f.alloc();
                let k = self.k(ident.name.as_str());
                emit::LoadK(&mut self.f.code, key, k);
                self.f.at(span.start);
                emit::Delete(&mut self.f.code, dst, object, key);
            }
            other => {
                self.effect(other);
                self.load_s(dst, TRUE);
            }
        }
    }

    fn delete_super(&mut self, span: Span) {
        let mark = self.f.top();
        self.this(span.start);
        let k = self.k("Unsupported reference to 'super'");
        self.f.at(span.start);
        emit::ThrowError(&mut self.f.code, 2, k);
        self.f.release(mark);
    }

    /// `import(specifier)`.
    fn import_call(&mut self, i: &'a ImportExpression<'a>, dst: Reg) {
        if i.phase.is_some() {
            return self.unsupported(i.span, "an import phase");
        }
        let module = match &i.source {
            Expression::StringLiteral(s) => {
                self.unit.dynamic.get(s.value.as_str()).map_or(NOT_LINKED, |&unit| unit as u16)
            }
            _ => NOT_LINKED,
        };
        let specifier = self.expr(&i.source);
        if let Some(options) = &i.options {
            self.unsupported(options.span(), "the second argument of import()");
        }
        self.f.at(i.span.start);
        emit::DynImport(&mut self.f.code, dst, specifier, module);
    }

    /// Whether an identifier is an untouched global of that name.
    pub fn is_global(&self, e: &Expression<'a>, name: &str) -> bool {
        match e.get_inner_expression() {
            Expression::Identifier(ident) => ident.name == name && self.reference(ident).0 == NONE,
            _ => false,
        }
    }

    /// Whether a variable can be assigned without checks: its register may be computed into.
    pub fn plain_local(&self, bind: u32, check: bool) -> Option<Reg> {
        if check {
            return None;
        }
        let reg = self.local(bind)?;
        let kind = self.binding(bind).kind;
        let plain = matches!(
            kind,
            BindKind::Var
                | BindKind::Let
                | BindKind::Param
                | BindKind::Function
                | BindKind::Catch
                | BindKind::Class
                | BindKind::Arguments
        );
        plain.then_some(reg)
    }
}
