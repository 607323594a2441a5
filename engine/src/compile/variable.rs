//! Variables: where each lives, and reading, initialising and assigning them with the checks of their kinds.
use super::function::Reg;
use super::lower::*;
use super::scope::*;
use crate::bytecode::module::ExportTarget;
use crate::bytecode::op::emit;
use crate::bytecode::ops::REG_CALLEE;

/// Where a variable lives, seen from the current function.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    Reg(Reg),
    Slot {
        scope: Reg,
        depth: u16,
        idx: u16,
    },
    Import(ExportTarget),
    Global,
    /// Property of the TypeScript namespace object held by the binding.
    NsMember(BindId),
    EnumMember(ScopeId),
}

impl<'a, 'm> Lower<'a, 'm> {
    fn slot_of(&mut self, bind: BindId) -> Place {
        let binding = self.binding(bind);
        let home = self.analysis().heap_home(binding.scope);
        let idx = binding.slot as u16;
        if let Some(&(_, scope)) = self.heaps.iter().rev().find(|h| h.0 == home) {
            return Place::Slot { scope, depth: 0, idx };
        }
        let scopes = &self.analysis().scopes;
        let mut depth = 0u16;
        let mut scope = scopes[self.fn_info().params_scope as usize].parent;
        while scope != home && scope != NONE {
            depth += u16::from(self.has_heap(scope));
            scope = scopes[scope as usize].parent;
        }
        let scope = if self.env != NO_REG {
            self.env
        } else {
            let reg = self.f.alloc();
            emit::LoadEnv(&mut self.f.code, reg);
            reg
        };
        Place::Slot { scope, depth, idx }
    }

    pub fn place(&mut self, bind: BindId) -> Place {
        if bind == NONE || self.analysis().is_global_var(bind) {
            return Place::Global;
        }
        let binding = self.binding(bind);
        if binding.kind == BindKind::Import {
            return match self.unit.resolved.get(&bind) {
                Some(&target) => Place::Import(target),
                None => Place::Global,
            };
        }
        if binding.ns_export {
            let ns = self.analysis().find_str(binding.scope, "%ns").unwrap_or(NONE);
            return Place::NsMember(ns);
        }
        if binding.kind == BindKind::EnumMember {
            return Place::EnumMember(binding.scope);
        }
        if binding.captured {
            return self.slot_of(bind);
        }
        if binding.kind == BindKind::FnName {
            return Place::Reg(REG_CALLEE);
        }
        Place::Reg(self.homes[bind as usize])
    }

    /// The register of a variable that lives in one.
    pub fn local(&self, bind: BindId) -> Option<Reg> {
        if bind == NONE {
            return None;
        }
        let binding = self.binding(bind);
        let elsewhere = binding.captured
            || binding.ns_export
            || matches!(binding.kind, BindKind::Import | BindKind::EnumMember)
            || self.analysis().is_global_var(bind);
        if elsewhere {
            return None;
        }
        if binding.kind == BindKind::FnName {
            return Some(REG_CALLEE);
        }
        Some(self.homes[bind as usize]).filter(|&r| r != NO_REG)
    }

    pub fn set_home(&mut self, bind: BindId, reg: Reg) {
        self.homes[bind as usize] = reg;
        self.f.set_named(reg, true);
    }

    /// Reads a variable into `dst`.
    pub fn read(&mut self, bind: BindId, name: &'a str, check: bool, pos: u32, dst: Reg) {
        match self.place(bind) {
            Place::Reg(reg) => {
                if check {
                    self.check_tdz(reg, name, pos);
                }
                self.mov(dst, reg);
            }
            Place::Slot { scope, depth, idx } => {
                if check {
                    let k = self.k(name);
                    self.f.at(pos);
                    emit::GetScopeChk(&mut self.f.code, dst, scope, depth, idx, k);
                } else {
                    emit::GetScope(&mut self.f.code, dst, scope, depth, idx);
                }
            }
            Place::Import(ExportTarget::Binding { unit, slot }) => {
                let k = self.k(name);
                self.f.at(pos);
                emit::GetModule(&mut self.f.code, dst, unit as u16, slot as u16, k);
            }
            Place::Import(ExportTarget::Namespace(unit)) => {
                emit::ModuleNamespace(&mut self.f.code, dst, unit as u16);
            }
            Place::Global => {
                let k = self.k(name);
                self.f.at(pos);
                emit::GetGlobal(&mut self.f.code, dst, k, 0);
                self.f.site();
            }
            Place::NsMember(ns) => self.read_ns_member(ns, name, pos, dst),
            Place::EnumMember(scope) => {
                if let Some(known) = self.enum_values.get(&(scope, name)).cloned() {
                    self.load_known(dst, &known);
                } else {
                    let ns = self.analysis().find_str(scope, "%ns").unwrap_or(NONE);
                    self.read_ns_member(ns, name, pos, dst);
                }
            }
        }
    }

    fn read_ns_member(&mut self, ns: BindId, name: &'a str, pos: u32, dst: Reg) {
        let mark = self.f.top();
        let object = self.f.alloc();
        self.read(ns, "%ns", false, pos, object);
        let k = self.k(name);
        self.f.at(pos);
        emit::GetField(&mut self.f.code, dst, object, k, 0);
        self.f.site();
        self.f.release(mark);
    }

    pub fn check_tdz(&mut self, reg: Reg, name: &'a str, pos: u32) {
        let k = self.k(name);
        self.f.at(pos);
        emit::ChkTdz(&mut self.f.code, reg, k);
    }

    /// Gives a variable its first value.
    pub fn initialise(&mut self, bind: BindId, name: &'a str, src: Reg, pos: u32) {
        match self.place(bind) {
            Place::Reg(reg) => self.mov(reg, src),
            Place::Slot { scope, depth, idx } => {
                emit::PutScope(&mut self.f.code, scope, depth, idx, src);
            }
            Place::Global => {
                let k = self.k(name);
                self.f.at(pos);
                emit::PutGlobal(&mut self.f.code, k, src, 0);
                self.f.site();
            }
            Place::NsMember(ns) => {
                let mark = self.f.top();
                let object = self.f.alloc();
                self.read(ns, "%ns", false, pos, object);
                let k = self.k(name);
                self.f.at(pos);
                emit::PutField(&mut self.f.code, object, k, src, 0);
                self.f.site();
                self.f.release(mark);
            }
            Place::Import(_) | Place::EnumMember(_) => {}
        }
    }

    /// Assigns a variable, with the checks of its kind.
    pub fn assign(&mut self, bind: BindId, name: &'a str, check: bool, src: Reg, pos: u32) {
        if bind != NONE && !self.assignable(bind, name, check, pos) {
            return;
        }
        if check {
            match self.place(bind) {
                Place::Reg(reg) => self.check_tdz(reg, name, pos),
                Place::Slot { scope, depth, idx } => {
                    let k = self.k(name);
                    self.f.at(pos);
                    emit::PutScopeChk(&mut self.f.code, scope, depth, idx, src, k);
                    return;
                }
                _ => {}
            }
        }
        self.initialise(bind, name, src, pos);
    }

    /// False when an assignment throws or is ignored; emits what it takes.
    pub fn assignable(&mut self, bind: BindId, name: &'a str, check: bool, pos: u32) -> bool {
        match self.binding(bind).kind {
            BindKind::Const | BindKind::ClassInner | BindKind::Import | BindKind::EnumMember => {
                if check {
                    let mark = self.f.top();
                    let scratch = self.f.alloc();
                    self.read(bind, name, true, pos, scratch);
                    self.f.release(mark);
                }
                let k = self.k(name);
                self.f.at(pos);
                emit::ThrowConst(&mut self.f.code, k);
                false
            }
            BindKind::FnName => {
                if self.fn_info().strict {
                    let k = self.k(name);
                    self.f.at(pos);
                    emit::ThrowConst(&mut self.f.code, k);
                }
                false
            }
            _ => true,
        }
    }
}
