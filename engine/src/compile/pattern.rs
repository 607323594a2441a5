//! Destructuring: binding patterns and assignment patterns, lowered by one walk.
use oxc_ast::ast::*;
use oxc_span::{GetSpan, Span};

use super::assign::{MemberRef, Target, assignment_target, member_pos, simple_target};
use super::control::Control;
use super::function::Reg;
use super::known::has_effects;
use super::literal::Key;
use super::lower::*;
use super::scope::BindKind;
use crate::bytecode::op::emit;

/// A pattern or a single target.
#[derive(Clone, Copy)]
pub(super) enum Pat<'a> {
    Binding(&'a BindingPattern<'a>),
    Target(&'a AssignmentTarget<'a>),
    Maybe(&'a AssignmentTargetMaybeDefault<'a>),
    /// Shorthand property of an assignment pattern.
    Shorthand(&'a AssignmentTargetPropertyIdentifier<'a>),
}

/// Whether names get their first value or are assigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Init {
    Declare,
    Assign,
}

/// A pattern taken apart.
enum Shape<'a> {
    Name(&'a BindingIdentifier<'a>),
    Reference(&'a IdentifierReference<'a>),
    Member(&'a MemberExpression<'a>),
    Object(Vec<(PropKey<'a>, Pat<'a>, Span)>, Option<Pat<'a>>),
    Array(Vec<Option<Pat<'a>>>, Option<Pat<'a>>),
    Invalid(Span),
}

#[derive(Clone, Copy)]
enum PropKey<'a> {
    Key(&'a PropertyKey<'a>, bool),
    Name(&'a str),
}

/// Splits off a default value.
fn split<'a>(pat: Pat<'a>) -> (Pat<'a>, Option<&'a Expression<'a>>) {
    match pat {
        Pat::Binding(BindingPattern::AssignmentPattern(p)) => (Pat::Binding(&p.left), Some(&p.right)),
        Pat::Maybe(AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(p)) => {
            (Pat::Target(&p.binding), Some(&p.init))
        }
        Pat::Maybe(other) => match other.as_assignment_target() {
            Some(target) => (Pat::Target(target), None),
            None => (pat, None),
        },
        Pat::Shorthand(p) => (pat, p.init.as_ref()),
        _ => (pat, None),
    }
}

fn shape<'a>(pat: Pat<'a>) -> Shape<'a> {
    match pat {
        Pat::Binding(BindingPattern::BindingIdentifier(ident)) => Shape::Name(ident),
        Pat::Binding(BindingPattern::ObjectPattern(o)) => Shape::Object(
            o.properties.iter().map(|p| (PropKey::Key(&p.key, p.computed), Pat::Binding(&p.value), p.span)).collect(),
            o.rest.as_ref().map(|r| Pat::Binding(&r.argument)),
        ),
        Pat::Binding(BindingPattern::ArrayPattern(a)) => Shape::Array(
            a.elements.iter().map(|e| e.as_ref().map(Pat::Binding)).collect(),
            a.rest.as_ref().map(|r| Pat::Binding(&r.argument)),
        ),
        Pat::Binding(BindingPattern::AssignmentPattern(p)) => shape(Pat::Binding(&p.left)),
        Pat::Shorthand(p) => Shape::Reference(&p.binding),
        Pat::Maybe(_) => match split(pat).0 {
            Pat::Maybe(other) => Shape::Invalid(other.span()),
            inner => shape(inner),
        },
        Pat::Target(target) => match target {
            AssignmentTarget::ObjectAssignmentTarget(o) => Shape::Object(
                o.properties
                    .iter()
                    .map(|p| match p {
                        AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(p) => {
                            (PropKey::Name(p.binding.name.as_str()), Pat::Shorthand(p), p.span)
                        }
                        AssignmentTargetProperty::AssignmentTargetPropertyProperty(p) => {
                            (PropKey::Key(&p.name, p.computed), Pat::Maybe(&p.binding), p.span)
                        }
                    })
                    .collect(),
                o.rest.as_ref().map(|r| Pat::Target(&r.target)),
            ),
            AssignmentTarget::ArrayAssignmentTarget(a) => Shape::Array(
                a.elements.iter().map(|e| e.as_ref().map(Pat::Maybe)).collect(),
                a.rest.as_ref().map(|r| Pat::Target(&r.target)),
            ),
            other => match other.as_simple_assignment_target().map(simple_target) {
                Some(Target::Identifier(ident)) => Shape::Reference(ident),
                Some(Target::Member(member)) => Shape::Member(member),
                _ => Shape::Invalid(other.span()),
            },
        },
    }
}

impl<'a, 'm> Lower<'a, 'm> {
    /// The register of a plain name that nobody can see before it is initialised: values go straight there.
    pub fn direct_target(&mut self, pat: &Pat<'a>) -> Option<Reg> {
        let Pat::Binding(BindingPattern::BindingIdentifier(ident)) = pat else { return None };
        let bind = self.bind_of(ident);
        let binding = self.binding(bind);
        let fresh = matches!(binding.kind, BindKind::Let | BindKind::Const | BindKind::Param | BindKind::Catch);
        self.local(bind).filter(|_| fresh && !binding.early)
    }

    /// Takes `value` apart into the pattern's targets.
    pub fn bind_pattern(&mut self, pat: Pat<'a>, value: Reg, init: Init, pos: u32) {
        let mark = self.f.top();
        match shape(pat) {
            Shape::Name(ident) => {
                let bind = self.bind_of(ident);
                self.initialise(bind, ident.name.as_str(), value, ident.span.start);
            }
            Shape::Reference(ident) => {
                let (bind, check) = self.reference(ident);
                self.assign(bind, ident.name.as_str(), check, value, ident.span.start);
            }
            Shape::Member(member) => {
                let reference = self.member_ref(member, Span::new(0, 0), false);
                self.member_put(reference, value, member_pos(member));
            }
            Shape::Object(properties, rest) => self.object_pattern(properties, rest, value, init, pos),
            Shape::Array(elements, rest) => self.array_pattern(elements, rest, value, init, pos),
            Shape::Invalid(span) => self.unsupported(span, "this assignment target"),
        }
        self.f.release(mark);
    }

    fn object_pattern(
        &mut self,
        properties: Vec<(PropKey<'a>, Pat<'a>, Span)>,
        rest: Option<Pat<'a>>,
        value: Reg,
        init: Init,
        pos: u32,
    ) {
        let calm = init == Init::Declare
            && properties.iter().all(|p| self.is_calm(p.0, p.1))
            && rest.is_none_or(|r| self.is_calm(PropKey::Name(""), r));
        let source = if calm { value } else { self.keep(value) };
        let early_key = properties.first().is_none_or(|p| matches!(p.0, PropKey::Key(_, true)));
        if early_key {
            self.f.at(pos);
            emit::RequireObj(&mut self.f.code, source);
        }
        let count = properties.len();
        // Keys already taken, for the rest.
        let keys = if rest.is_some() { self.f.alloc_block(count as u32) } else { 0 };
        for (i, (key, pat, span)) in properties.into_iter().enumerate() {
            let mark = self.f.top();
            let (target, default) = split(pat);
            let key = match key {
                PropKey::Name(name) => Key::Name(name, self.out.name(name)),
                PropKey::Key(key, computed) => self.property_key(key, computed),
            };
            let computed = match &key {
                Key::Name(..) if rest.is_none() => None,
                key => {
                    let reg = if rest.is_some() { keys + i as Reg } else { self.f.alloc() };
                    self.load_key(key, reg);
                    Some(reg)
                }
            };
            let prepared = self.prepare(target, init);
            let reg = self.direct_target(&target).unwrap_or_else(|| self.f.alloc());
            self.f.at(span.start);
            match (&key, computed) {
                (Key::Name(_, id), _) => {
                    let k = self.f.string(*id);
                    emit::GetField(&mut self.f.code, reg, source, k, 0);
                    self.f.site();
                }
                (_, Some(key)) => {
                    emit::GetElem(&mut self.f.code, reg, source, key, 0);
                    self.f.site();
                }
                _ => {}
            }
            self.default_value(pat, default, reg);
            self.store(target, prepared, reg, init, span.start);
            self.f.release(mark);
        }
        if let Some(rest) = rest {
            let prepared = self.prepare(rest, init);
            let reg = self.f.alloc();
            emit::NewObject(&mut self.f.code, reg);
            self.f.at(pos);
            emit::CopyProps(&mut self.f.code, reg, source, keys, count as u16);
            self.store(rest, prepared, reg, init, pos);
        }
    }

    /// Nothing in this part of a pattern can change a variable that exists already.
    fn is_calm(&self, key: PropKey<'a>, pat: Pat<'a>) -> bool {
        let (target, default) = split(pat);
        let named = match target {
            Pat::Binding(BindingPattern::BindingIdentifier(ident)) => {
                let bind = self.bind_of(ident);
                self.local(bind).is_none() || matches!(self.binding(bind).kind, BindKind::Let | BindKind::Const)
            }
            _ => false,
        };
        named && !matches!(key, PropKey::Key(_, true)) && default.is_none_or(|d| !has_effects(d))
    }

    fn default_value(&mut self, pat: Pat<'a>, default: Option<&'a Expression<'a>>, reg: Reg) {
        let Some(default) = default else { return };
        let given = self.f.label();
        self.f.jump_on(emit::JNotUndef, reg, given);
        let name = match shape_name(pat) {
            Some(name) if super::known::is_anonymous_function(default) => Some(name),
            _ => None,
        };
        self.named_expr_to(default, name, reg);
        self.f.bind(given);
    }

    /// Assignment targets that are members are evaluated before their value.
    fn prepare(&mut self, pat: Pat<'a>, init: Init) -> Option<MemberRef> {
        if init == Init::Declare {
            return None;
        }
        let Pat::Target(target) = pat else { return None };
        match assignment_target(target) {
            Target::Member(member) => {
                let end = target.span().end;
                Some(self.member_ref(member, Span::new(end, u32::MAX), false))
            }
            _ => None,
        }
    }

    fn store(&mut self, pat: Pat<'a>, prepared: Option<MemberRef>, value: Reg, init: Init, pos: u32) {
        match prepared {
            Some(reference) => self.member_put(reference, value, pos),
            None => self.bind_pattern(pat, value, init, pos),
        }
    }

    fn array_pattern(
        &mut self,
        elements: Vec<Option<Pat<'a>>>,
        rest: Option<Pat<'a>>,
        value: Reg,
        init: Init,
        pos: u32,
    ) {
        let base = self.f.alloc_block(3);
        self.f.at(pos);
        emit::GetIter(&mut self.f.code, base, value);
        // Steps that fail mark the iterator done; only other code needs the handler that closes it.
        let guarded =
            elements.iter().flatten().chain(&rest).any(|&p| split(p).1.is_some() || self.direct_target(&p).is_none());
        if guarded {
            let region = self.f.open_region();
            self.control.push(Control::Iter { base, is_async: false, region });
        }
        for element in elements {
            let mark = self.f.top();
            let Some(pat) = element else {
                let skipped = self.f.alloc();
                self.f.at(pos);
                emit::IterStep(&mut self.f.code, skipped, base);
                self.f.release(mark);
                continue;
            };
            let (target, default) = split(pat);
            let prepared = self.prepare(target, init);
            let reg = self.direct_target(&target).unwrap_or_else(|| self.f.alloc());
            self.f.at(pos);
            emit::IterStep(&mut self.f.code, reg, base);
            self.default_value(pat, default, reg);
            self.store(target, prepared, reg, init, pos);
            self.f.release(mark);
        }
        if let Some(rest) = rest {
            let mark = self.f.top();
            let prepared = self.prepare(rest, init);
            let reg = self.direct_target(&rest).unwrap_or_else(|| self.f.alloc());
            self.f.at(pos);
            emit::IterRest(&mut self.f.code, reg, base);
            self.store(rest, prepared, reg, init, pos);
            self.f.release(mark);
        }
        if guarded {
            self.close_iteration_region(pos, true);
        } else {
            self.f.at(pos);
            emit::IterClose(&mut self.f.code, base);
        }
    }
}

/// The name a pattern gives to an anonymous function that is its default value: none if its target is in parentheses.
fn shape_name<'a>(pat: Pat<'a>) -> Option<&'a str> {
    if let Pat::Maybe(AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(p)) = pat
        && p.span.start != p.binding.span().start
    {
        return None;
    }
    match shape(pat) {
        Shape::Name(ident) => Some(ident.name.as_str()),
        Shape::Reference(ident) => Some(ident.name.as_str()),
        _ => None,
    }
}
