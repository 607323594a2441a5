//! Lowering of one unit: its state, names and constants. The themes are in the sibling files.
use oxc_ast::ast::*;
use oxc_span::Span;

use super::control::Control;
use super::diagnostics::Diagnostic;
use super::function::{FnBuilder, Label, Reg};
use super::hash::FastMap;
use super::link::UnitData;
use super::scope::*;
use crate::bytecode::module::{ExportTarget, Function as Code, FunctionId, JsStr, StringId, StringTable};
use crate::bytecode::op::emit;
use crate::bytecode::ops::{REG_CALLEE, REG_NEW_TARGET, REG_THIS};

/// `value::Singleton` numbers of `LoadS`.
pub(super) const UNDEFINED: u8 = 0;
pub(super) const NULL: u8 = 1;
pub(super) const FALSE: u8 = 2;
pub(super) const TRUE: u8 = 3;
pub(super) const HOLE: u8 = 4;
pub(super) const TDZ: u8 = 5;

/// Module number of an `import()` that is not linked.
pub(super) const NOT_LINKED: u16 = u16::MAX;

/// Most errors of the lowering reported.
const MAX_ERRORS: usize = 100;

pub(super) const NO_REG: Reg = Reg::MAX;

/// What all units of a program share while they are lowered.
#[derive(Default)]
pub(super) struct Output<'a> {
    pub functions: Vec<Code>,
    pub code: Vec<u8>,
    pub strings: StringTable,
    names: FastMap<&'a str, StringId>,
    pub errors: Vec<Diagnostic>,
}

impl<'a> Output<'a> {
    /// Id of a string that lives as long as the tree.
    pub fn name(&mut self, name: &'a str) -> StringId {
        if let Some(&id) = self.names.get(name) {
            return id;
        }
        let id = self.strings.add(name);
        self.names.insert(name, id);
        id
    }
}

/// A function waiting to be lowered.
pub(super) struct Pending<'a> {
    pub id: FunctionId,
    pub node: FnNode<'a>,
    pub name: StringId,
    /// Innermost class around it, for its private names and fields.
    pub func: FnId,
}

#[derive(Clone, Copy)]
pub(super) enum FnNode<'a> {
    Function(&'a Function<'a>),
    /// A constructor with its class.
    Ctor(&'a Function<'a>, &'a Class<'a>),
    Arrow(&'a ArrowFunctionExpression<'a>),
    /// Class without a written constructor.
    DefaultCtor(&'a Class<'a>),
    FieldInit(&'a Class<'a>),
    StaticInit(&'a Class<'a>),
}

/// The lowering of one unit.
pub(super) struct Lower<'a, 'm> {
    pub out: &'m mut Output<'a>,
    pub unit: &'m UnitData<'a>,
    pub unit_index: u16,
    pub f: FnBuilder,
    pub func: FnId,
    pub scope: ScopeId,
    pub homes: Vec<Reg>,
    /// Heap scopes entered in this function.
    pub heaps: Vec<(ScopeId, Reg)>,
    pub env: Reg,
    pub control: Vec<Control<'a>>,
    pub pending_labels: Vec<&'a str>,
    pub chain: Vec<Label>,
    pub queue: Vec<Pending<'a>>,
    pub flags: LowerFlags,
    /// Class whose constructor is being lowered.
    pub ctor_class: Option<&'a Class<'a>>,
    /// Enum constants known at compile time.
    pub enum_values: FastMap<(u32, &'a str), super::known::Known<'a>>,
    /// Scope of the enum that a variable holds.
    pub enum_scopes: FastMap<BindId, ScopeId>,
    pub exports: &'m Exports<'a>,
    /// Where methods begin (their keys and modifiers), by where their functions do.
    pub method_starts: FastMap<u32, u32>,
}

/// Exports of every unit, sorted by name.
pub(super) struct Exports<'a>(pub Vec<Vec<(&'a str, ExportTarget)>>);

impl Exports<'_> {
    pub fn find(&self, unit: u32, name: &str) -> Option<ExportTarget> {
        let exports = self.0.get(unit as usize)?;
        exports.binary_search_by(|e| e.0.cmp(name)).ok().map(|i| exports[i].1)
    }
}

/// Facts about the function being lowered.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LowerFlags {
    pub is_async: bool,
    pub is_generator: bool,
    pub derived: bool,
    pub ctor: bool,
    /// `super()` was called in straight line before this point.
    pub this_bound: bool,
}

impl<'a, 'm> Lower<'a, 'm> {
    pub fn new(out: &'m mut Output<'a>, unit: &'m UnitData<'a>, unit_index: u16, exports: &'m Exports<'a>) -> Self {
        Self {
            homes: vec![NO_REG; unit.analysis.bindings.len()],
            out,
            unit,
            unit_index,
            f: FnBuilder::new(0),
            func: 0,
            scope: 0,
            heaps: Vec::new(),
            env: NO_REG,
            control: Vec::new(),
            pending_labels: Vec::new(),
            chain: Vec::new(),
            queue: Vec::new(),
            method_starts: FastMap::default(),
            flags: LowerFlags::default(),
            ctor_class: None,
            enum_values: FastMap::default(),
            enum_scopes: FastMap::default(),
            exports,
        }
    }

    pub fn analysis(&self) -> &'m Analysis<'a> {
        &self.unit.analysis
    }

    pub fn binding(&self, bind: BindId) -> &'m Binding<'a> {
        &self.unit.analysis.bindings[bind as usize]
    }

    pub fn fn_info(&self) -> &'m FnInfo {
        &self.unit.analysis.functions[self.func as usize]
    }

    /// Adds a compile error.
    pub fn error(&mut self, span: Span, message: impl Into<String>) {
        if self.out.errors.len() >= MAX_ERRORS {
            return;
        }
        let unit = self.unit;
        self.out.errors.push(Diagnostic::at(&unit.name, unit.source, span.start, span.end, message));
    }

    /// Refuses a construct.
    pub fn unsupported(&mut self, span: Span, construct: &str) {
        self.error(span, format!("{construct} is not supported yet"));
    }

    // ---- constants

    /// Constant index of a string.
    pub fn k(&mut self, text: &'a str) -> u32 {
        let id = self.out.name(text);
        self.f.string(id)
    }

    /// Constant index of a string made here.
    pub fn k_owned(&mut self, text: &str) -> u32 {
        let id = self.out.strings.add(text);
        self.f.string(id)
    }

    pub fn load_str(&mut self, dst: Reg, id: StringId) {
        let k = self.f.string(id);
        emit::LoadK(&mut self.f.code, dst, k);
    }

    pub fn load_s(&mut self, dst: Reg, which: u8) {
        emit::LoadS(&mut self.f.code, dst, which);
    }

    pub fn load_undefined(&mut self, dst: Reg) {
        self.load_s(dst, UNDEFINED);
    }

    pub fn load_number(&mut self, dst: Reg, value: f64) {
        let int = value as i32;
        if int as f64 == value && !(int == 0 && value.is_sign_negative()) {
            emit::LoadI(&mut self.f.code, dst, int);
        } else {
            let k = self.f.number(value);
            emit::LoadK(&mut self.f.code, dst, k);
        }
    }

    pub fn mov(&mut self, dst: Reg, src: Reg) {
        if dst != src {
            emit::Mov(&mut self.f.code, dst, src);
        }
    }

    /// Id of a string literal, whose lone surrogates oxc spells as U+FFFD and four hex digits.
    pub fn string_id(&mut self, value: &'a str, lone_surrogates: bool) -> StringId {
        if !lone_surrogates {
            return self.out.name(value);
        }
        let mut units = Vec::new();
        let mut rest = value;
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            if c == '\u{FFFD}'
                && let Some(unit) = rest.get(..4).and_then(|hex| u16::from_str_radix(hex, 16).ok())
            {
                units.push(unit);
                rest = &rest[4..];
            } else {
                units.extend_from_slice(c.encode_utf16(&mut [0; 2]));
            }
        }
        self.out.strings.add_str(JsStr::from_units(&units))
    }

    // ---- scopes

    pub fn has_heap(&self, scope: ScopeId) -> bool {
        let s = &self.analysis().scopes[scope as usize];
        match s.kind {
            ScopeKind::Unit => true,
            ScopeKind::Body | ScopeKind::FnName => false,
            _ => s.heap_slots > 0,
        }
    }

    /// Register of the innermost heap scope here (the callee's environment outside of any).
    pub fn env_reg(&mut self) -> Reg {
        if let Some(&(_, reg)) = self.heaps.last() {
            return reg;
        }
        if self.env != NO_REG {
            return self.env;
        }
        let reg = self.f.alloc();
        emit::LoadEnv(&mut self.f.code, reg);
        reg
    }

    pub fn set_env(&mut self, reg: Option<Reg>) {
        self.env = reg.unwrap_or(NO_REG);
    }

    /// Makes the heap scope of `scope` if it has one.
    pub fn push_heap(&mut self, scope: ScopeId) -> Option<Reg> {
        let slots = self.analysis().scopes[scope as usize].heap_slots;
        if slots == 0 {
            return None;
        }
        let parent = self.env_reg();
        let reg = self.f.alloc();
        emit::NewScope(&mut self.f.code, reg, parent, slots as u16);
        self.heaps.push((scope, reg));
        Some(reg)
    }

    /// Gives the register variables of a scope their homes, and TDZ or undefined where a use may come first.
    pub fn place_bindings(&mut self, scope: ScopeId) {
        for &bind in &self.analysis().scopes[scope as usize].bindings {
            let binding = self.binding(bind);
            if matches!(binding.kind, BindKind::Import | BindKind::EnumMember | BindKind::Special)
                || binding.ns_export
                || self.analysis().is_global_var(bind)
            {
                continue;
            }
            if !binding.captured && self.homes_is_free(bind, scope) {
                let reg = self.f.alloc();
                self.set_home(bind, reg);
            }
            match binding.kind {
                BindKind::Var if binding.first_value != 0 && !binding.captured => {}
                BindKind::Var => {
                    let mark = self.f.top();
                    let undefined = self.f.alloc();
                    if let Some(reg) = self.local(bind) {
                        self.load_undefined(reg);
                    } else {
                        self.load_undefined(undefined);
                        self.initialise(bind, binding.name, undefined, 0);
                    }
                    self.f.release(mark);
                }
                BindKind::Let | BindKind::Const | BindKind::Class | BindKind::ClassInner if binding.early => {
                    if let Some(reg) = self.local(bind) {
                        self.load_s(reg, TDZ);
                    }
                }
                _ => {}
            }
        }
    }

    /// Parameters already have homes.
    fn homes_is_free(&self, bind: BindId, scope: ScopeId) -> bool {
        let params = self.fn_info().params_scope;
        !(scope == params && matches!(self.binding(bind).kind, BindKind::Param) && self.homes[bind as usize] != NO_REG)
    }

    /// Enters a block-like scope: heap scope, homes, hoisted functions are the caller's.
    pub fn enter_scope(&mut self, id: &std::cell::Cell<Option<oxc_syntax::scope::ScopeId>>) -> Entered {
        let scope = id.get().map_or(self.scope, |s| s.index() as u32);
        self.enter_scope_id(scope)
    }

    pub fn enter_scope_id(&mut self, scope: ScopeId) -> Entered {
        let entered = Entered { scope: self.scope, top: self.f.top(), heaps: self.heaps.len() };
        self.scope = scope;
        self.push_heap(scope);
        self.place_bindings(scope);
        entered
    }

    pub fn leave_scope(&mut self, entered: Entered) {
        self.scope = entered.scope;
        self.heaps.truncate(entered.heaps);
        self.f.release(entered.top);
    }

    // ---- references

    /// (binding, needs check) of a reference.
    pub fn reference(&self, ident: &IdentifierReference<'a>) -> (BindId, bool) {
        match ident.reference_id.get() {
            Some(id) => {
                let r = &self.analysis().refs[id.index()];
                (r.binding, r.check)
            }
            None => (NONE, false),
        }
    }

    pub fn bind_of(&self, ident: &BindingIdentifier<'a>) -> BindId {
        ident.symbol_id.get().map_or(NONE, |s| s.index() as u32)
    }

    /// Register or slot of `this` of the nearest function that has one, into a register.
    pub fn this(&mut self, pos: u32) -> Reg {
        let owner = self.analysis().this_owner(self.func);
        let info = &self.analysis().functions[owner as usize];
        if info.kind == FnKind::Unit && self.analysis().is_module {
            let reg = self.f.alloc();
            self.load_undefined(reg);
            return reg;
        }
        let derived = info.kind == FnKind::DerivedCtor;
        let captured = info.special[Special::This as usize];
        let reg = if captured != NONE && (owner != self.func || (derived && !self.flags.this_bound)) {
            let reg = self.f.alloc();
            self.read(captured, "this", false, pos, reg);
            reg
        } else {
            REG_THIS
        };
        if derived && !(owner == self.func && self.flags.this_bound) {
            self.f.at(pos);
            emit::ChkThis(&mut self.f.code, reg);
        }
        reg
    }

    /// Register of `new.target` or of the running function of the nearest function that is no arrow.
    pub fn special(&mut self, special: Special) -> Reg {
        let owner = self.analysis().this_owner(self.func);
        if owner == self.func {
            return if special == Special::Callee { REG_CALLEE } else { REG_NEW_TARGET };
        }
        let bind = self.analysis().functions[owner as usize].special[special as usize];
        let reg = self.f.alloc();
        if bind == NONE {
            self.load_undefined(reg);
        } else {
            self.read(bind, "", false, 0, reg);
        }
        reg
    }

    /// Reserves a function id and queues its lowering.
    pub fn add_function(&mut self, node: FnNode<'a>, name: StringId, func: FnId) -> FunctionId {
        let id = self.out.functions.len() as FunctionId;
        self.out.functions.push(Code::default());
        self.queue.push(Pending { id, node, name, func });
        id
    }
}

/// What [`Lower::leave_scope`] restores.
#[derive(Debug)]
pub(super) struct Entered {
    scope: ScopeId,
    top: u32,
    heaps: usize,
}
