//! Scopes, bindings and references of one unit: which variable every identifier means, which variables are captured by
//! inner functions (they live in heap scopes), and which uses need a TDZ check.
use super::hash::FastMap;

/// Index of a [`Scope`].
pub(super) type ScopeId = u32;
/// Index of a [`Binding`].
pub(super) type BindId = u32;
/// Index of a [`FnInfo`].
pub(super) type FnId = u32;
/// No binding: a global.
pub(super) const NONE: u32 = u32::MAX;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BindKind {
    Var,
    Param,
    Function,
    Let,
    Const,
    Class,
    /// The class's own name inside its body.
    ClassInner,
    Import,
    /// A named function expression's own name.
    FnName,
    Catch,
    Arguments,
    /// `#name`.
    Private,
    /// Compiler's own: computed field keys, private methods, namespace objects.
    Hidden,
    /// `this`, `new.target` or the running function, captured by arrows.
    Special,
    EnumMember,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScopeKind {
    Unit,
    /// Holds only the name of a named function expression.
    FnName,
    Params,
    Body,
    Block,
    Loop,
    Switch,
    Catch,
    Class,
    Static,
    Enum,
    Namespace,
}

#[derive(Debug)]
pub(super) struct Scope {
    pub parent: ScopeId,
    pub func: FnId,
    pub kind: ScopeKind,
    pub bindings: Vec<BindId>,
    names: Vec<(u32, BindId)>,
    map: Option<FastMap<u32, BindId>>,
    /// Slots of the heap scope made at entry; 0 = none.
    pub heap_slots: u32,
    /// Source offset where it begins.
    pub start: u32,
    /// Class scopes: the field initializer's and the static initializer's functions.
    pub class_fns: [FnId; 2],
    /// A class with a heritage.
    pub derived: bool,
}

#[derive(Debug)]
pub(super) struct Binding<'a> {
    pub name: &'a str,
    pub kind: BindKind,
    pub scope: ScopeId,
    /// Lives in a heap scope.
    pub captured: bool,
    /// Some use may come before the initialisation: the register or slot starts as TDZ.
    pub early: bool,
    /// Source offsets of assignments other than the declaration's own.
    pub writes: Vec<u32>,
    /// Uses as a value.
    pub reads: u32,
    /// Initialised after this source offset.
    pub init_pos: u32,
    /// A `var` whose first mention, by source offset, is a declaration with a value in straight line: where that ends.
    pub first_value: u32,
    /// Slot in the heap scope, when captured.
    pub slot: u32,
    /// Exported from a TypeScript namespace: a property of its object.
    pub ns_export: bool,
    /// Exported from the module: always in its scope.
    pub exported: bool,
    /// ClassInner of a declaration: the outer binding.
    pub outer: BindId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FnKind {
    Unit,
    Normal,
    Arrow,
    Method,
    Getter,
    Setter,
    Ctor,
    DerivedCtor,
    FieldInit,
}

#[derive(Debug)]
pub(super) struct FnInfo {
    pub parent: FnId,
    pub kind: FnKind,
    pub strict: bool,
    pub params_scope: ScopeId,
    pub body_scope: ScopeId,
    /// Source offset from which it can exist: its own start, or its block's if hoisted.
    pub create_pos: u32,
    /// Reads its environment or makes closures.
    pub needs_env: bool,
    pub uses_this: bool,
    pub arguments: BindId,
    /// Captured `this`, `new.target`, callee.
    pub special: [BindId; 3],
    /// Contains `await` outside inner functions.
    pub has_await: bool,
    pub has_try: bool,
    /// Uses `super`, itself or in arrows: needs a home object.
    pub uses_super: bool,
}

/// What a captured special means; index into [`FnInfo::special`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Special {
    This = 0,
    NewTarget = 1,
    Callee = 2,
}

#[derive(Debug)]
pub(super) struct Ref {
    pub name: u32,
    pub scope: ScopeId,
    pub pos: u32,
    pub binding: BindId,
    pub write: bool,
    /// In a class's heritage or computed key.
    pub head: bool,
    /// Needs a TDZ check.
    pub check: bool,
}

/// Everything known about the names of one unit.
#[derive(Debug, Default)]
pub(super) struct Analysis<'a> {
    pub scopes: Vec<Scope>,
    pub bindings: Vec<Binding<'a>>,
    pub functions: Vec<FnInfo>,
    pub refs: Vec<Ref>,
    pub names: FastMap<&'a str, u32>,
    pub is_module: bool,
    /// Block function binding → the var binding it is copied to when its declaration is evaluated (annex B.3.3).
    pub annex_b: FastMap<BindId, BindId>,
    /// Literal specifiers of `import()`.
    pub dynamic_imports: Vec<&'a str>,
}

impl<'a> Analysis<'a> {
    pub fn intern(&mut self, name: &'a str) -> u32 {
        let next = self.names.len() as u32;
        *self.names.entry(name).or_insert(next)
    }

    pub fn add_scope(&mut self, parent: ScopeId, func: FnId, kind: ScopeKind, start: u32) -> ScopeId {
        self.scopes.push(Scope {
            parent,
            func,
            kind,
            bindings: Vec::new(),
            names: Vec::new(),
            map: None,
            heap_slots: 0,
            start,
            class_fns: [NONE; 2],
            derived: false,
        });
        self.scopes.len() as u32 - 1
    }

    /// Binding of `name` in this very scope.
    pub fn find(&self, scope: ScopeId, name: u32) -> Option<BindId> {
        let scope = &self.scopes[scope as usize];
        match &scope.map {
            Some(map) => map.get(&name).copied(),
            None => scope.names.iter().find(|n| n.0 == name).map(|n| n.1),
        }
    }

    /// Binding of `name` in this very scope.
    pub fn find_str(&self, scope: ScopeId, name: &str) -> Option<BindId> {
        self.find(scope, *self.names.get(name)?)
    }

    /// Binding of `name` visible from `scope`; NONE = global.
    pub fn lookup(&self, mut scope: ScopeId, name: &str) -> BindId {
        let Some(&name) = self.names.get(name) else { return NONE };
        while scope != NONE {
            if let Some(bind) = self.find(scope, name) {
                return bind;
            }
            scope = self.scopes[scope as usize].parent;
        }
        NONE
    }

    /// Adds a binding, or finds the one that is there.
    pub fn declare(&mut self, scope: ScopeId, name: &'a str, kind: BindKind, init_pos: u32) -> BindId {
        let id = self.intern(name);
        if let Some(bind) = self.find(scope, id) {
            let binding = &mut self.bindings[bind as usize];
            if kind == BindKind::Function && matches!(binding.kind, BindKind::Var | BindKind::Arguments) {
                binding.kind = kind;
            }
            if kind == BindKind::Param {
                binding.init_pos = init_pos;
            }
            return bind;
        }
        let bind = self.bindings.len() as u32;
        self.bindings.push(Binding {
            name,
            kind,
            scope,
            captured: false,
            early: false,
            writes: Vec::new(),
            reads: 0,
            init_pos,
            first_value: 0,
            slot: 0,
            ns_export: false,
            exported: false,
            outer: NONE,
        });
        let entry = &mut self.scopes[scope as usize];
        entry.bindings.push(bind);
        entry.names.push((id, bind));
        match &mut entry.map {
            Some(map) => {
                map.insert(id, bind);
            }
            None if entry.names.len() > 12 => entry.map = Some(entry.names.iter().copied().collect()),
            None => {}
        }
        bind
    }

    pub fn fn_of(&self, scope: ScopeId) -> FnId {
        self.scopes[scope as usize].func
    }

    /// The nearest function that has its own `this`.
    pub fn this_owner(&self, mut func: FnId) -> FnId {
        while self.functions[func as usize].kind == FnKind::Arrow {
            func = self.functions[func as usize].parent;
        }
        func
    }

    /// Notes that `from` reads the environment of `owner`.
    pub fn mark_env(&mut self, from: FnId, owner: FnId) {
        let mut func = from;
        while func != owner && func != NONE {
            self.functions[func as usize].needs_env = true;
            func = self.functions[func as usize].parent;
        }
    }

    /// The scope whose heap scope holds the captured bindings of `scope`: a function's own name and its body share the
    /// parameters' one.
    pub fn heap_home(&self, scope: ScopeId) -> ScopeId {
        let s = &self.scopes[scope as usize];
        match s.kind {
            ScopeKind::Body | ScopeKind::FnName => self.functions[s.func as usize].params_scope,
            _ => scope,
        }
    }

    /// Script-level var or function: a property of the global object.
    pub fn is_global_var(&self, bind: BindId) -> bool {
        let b = &self.bindings[bind as usize];
        !self.is_module
            && self.scopes[b.scope as usize].kind == ScopeKind::Unit
            && matches!(b.kind, BindKind::Var | BindKind::Function)
    }

    /// Resolves every reference and places every captured binding.
    pub fn resolve(&mut self) {
        let arguments = self.names.get("arguments").copied().unwrap_or(NONE);
        let mut deferred = Vec::new();
        for i in 0..self.refs.len() {
            let (name, from) = (self.refs[i].name, self.refs[i].scope);
            let bind = self.resolve_name(name, from, arguments);
            self.refs[i].binding = bind;
            if bind == NONE {
                continue;
            }
            if self.bindings[bind as usize].kind == BindKind::ClassInner && !self.refs[i].write {
                deferred.push(i);
            } else {
                self.use_binding(i);
            }
        }
        for i in deferred {
            let inner = self.refs[i].binding;
            let outer = self.bindings[inner as usize].outer;
            if outer != NONE && self.bindings[outer as usize].writes.is_empty() && !self.is_global_var(outer) {
                self.refs[i].binding = outer;
            }
            self.use_binding(i);
        }
        for bind in 0..self.bindings.len() {
            let binding = &self.bindings[bind];
            let placed = binding.captured || binding.exported;
            if !placed || binding.kind == BindKind::Import || self.is_global_var(bind as u32) || binding.ns_export {
                continue;
            }
            let home = self.heap_home(binding.scope);
            self.bindings[bind].captured = true;
            self.bindings[bind].slot = self.scopes[home as usize].heap_slots;
            self.scopes[home as usize].heap_slots += 1;
        }
    }

    fn resolve_name(&mut self, name: u32, from: ScopeId, arguments: u32) -> BindId {
        let mut scope = from;
        while scope != NONE {
            if let Some(bind) = self.find(scope, name) {
                return bind;
            }
            let s = &self.scopes[scope as usize];
            if name == arguments && s.kind == ScopeKind::Params {
                let func = s.func;
                if !matches!(self.functions[func as usize].kind, FnKind::Arrow | FnKind::Unit | FnKind::FieldInit) {
                    let bind = self.declare(scope, "arguments", BindKind::Arguments, 0);
                    self.functions[func as usize].arguments = bind;
                    return bind;
                }
            }
            scope = self.scopes[scope as usize].parent;
        }
        NONE
    }

    fn use_binding(&mut self, i: usize) {
        let Ref { scope, pos, binding: bind, write, head, .. } = self.refs[i];
        let from = self.fn_of(scope);
        let owner_scope = self.bindings[bind as usize].scope;
        let owner = self.fn_of(owner_scope);
        let check = self.needs_check(bind, from, owner, owner_scope, pos, scope, head);
        self.refs[i].check = check;
        let global = self.is_global_var(bind);
        let binding = &mut self.bindings[bind as usize];
        if pos < binding.first_value {
            binding.first_value = 0;
        }
        binding.early |= check;
        if write {
            binding.writes.push(pos);
        } else {
            binding.reads += 1;
        }
        if from != owner && !global {
            // A namespace's exports are read through its object, which is what gets captured.
            if binding.ns_export {
                let ns = self.find_str(owner_scope, "%ns").unwrap_or(bind);
                self.bindings[ns as usize].captured = true;
            } else {
                binding.captured = true;
            }
            self.mark_env(from, owner);
        }
    }

    #[allow(clippy::too_many_arguments, reason = "one fact each, used once")]
    fn needs_check(
        &self,
        bind: BindId,
        from: FnId,
        owner: FnId,
        owner_scope: ScopeId,
        pos: u32,
        ref_scope: ScopeId,
        head: bool,
    ) -> bool {
        let binding = &self.bindings[bind as usize];
        match binding.kind {
            BindKind::ClassInner => return head,
            BindKind::Let | BindKind::Const | BindKind::Catch | BindKind::Param => {}
            BindKind::Class => {
                // Inside its own class body the name is bound before any method can run.
                if self.inside_class_of(bind, ref_scope) {
                    return head;
                }
            }
            _ => return false,
        }
        if self.scopes[owner_scope as usize].kind == ScopeKind::Switch {
            return true;
        }
        if from == owner {
            return pos < binding.init_pos;
        }
        let mut func = from;
        while self.functions[func as usize].parent != owner {
            func = self.functions[func as usize].parent;
        }
        self.functions[func as usize].create_pos < binding.init_pos
    }

    fn inside_class_of(&self, bind: BindId, mut scope: ScopeId) -> bool {
        let home = self.bindings[bind as usize].scope;
        while scope != home && scope != NONE {
            let s = &self.scopes[scope as usize];
            if s.kind == ScopeKind::Class
                && s.bindings.first().is_some_and(|&inner| {
                    let inner = &self.bindings[inner as usize];
                    inner.kind == BindKind::ClassInner && inner.outer == bind
                })
            {
                return true;
            }
            scope = s.parent;
        }
        false
    }
}
