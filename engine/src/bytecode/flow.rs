//! What registers hold, followed along every path: the half of the verifier that looks across instructions.
//!
//! The interpreter reads scopes without asking what they are, and a scope, a raw word of a call window or the end of a chain
//! of scopes must never be taken for a JavaScript value. So each register has a [`Type`] at each instruction, and the
//! environment of a function is the one chain of scopes that all its closures are made over. Types are merged where paths
//! meet and only ever lose knowledge, so a few passes over the code reach a fixed point.
use super::disasm::{Instruction, decode};
use super::module::{Const, FnFlags, Function, Module};
use super::op::{Effect, Kind, Op};
use super::ops::{FRAME_HEADER, REG_CALLEE, REG_NEW_TARGET, REG_THIS};
use super::verify::VerifyError;

/// What a register holds: one of the constants below, or [`SCOPE`] plus the number of a chain of scopes.
type Type = u32;

/// Nothing that may be read.
const JUNK: Type = 0;
/// Any JavaScript value.
const VALUE: Type = 1;
/// The value undefined, which also stands for no scope.
const NOTHING: Type = 2;
/// An array that the code made itself.
const ARRAY: Type = 3;
/// In word 0, which no operand names: the frame stands on the stack, or has moved to the heap.
const ON_STACK: Type = 4;
const ON_HEAP: Type = 5;
/// The first chain of scopes.
const SCOPE: Type = 6;

/// Types of the registers of a frame.
type State = Vec<Type>;
type Checked = Result<(), String>;

fn is_value(t: Type) -> bool {
    matches!(t, VALUE | NOTHING | ARRAY)
}

fn merge(a: Type, b: Type) -> Type {
    if a == b {
        a
    } else if is_value(a) && is_value(b) {
        VALUE
    } else {
        JUNK
    }
}

/// Merges `from` into `into`; whether that lost knowledge.
fn merge_all(into: &mut State, from: &State) -> bool {
    let mut changed = false;
    for (a, &b) in into.iter_mut().zip(from) {
        let merged = merge(*a, b);
        changed |= merged != *a;
        *a = merged;
    }
    changed
}

/// Checks every function that can run. The module has passed the checks of single instructions.
pub(super) fn check(module: &Module) -> Result<(), VerifyError> {
    let mut program =
        Program { module, scopes: Vec::new(), environments: vec![None; module.functions.len()], waiting: Vec::new() };
    for (number, unit) in module.units.iter().enumerate() {
        let scope = program.module_scope(number);
        for function in unit.hoisted.iter().map(|h| h.1).chain([unit.body]) {
            let closed = program.close_over(function, scope);
            closed.map_err(|reason| VerifyError { function: Some(function), at: 0, reason })?;
        }
    }
    while let Some(function) = program.waiting.pop() {
        let checked = program.check_function(function);
        checked.map_err(|(at, reason)| VerifyError { function: Some(function), at, reason })?;
    }
    Ok(())
}

struct Program<'m> {
    module: &'m Module,
    /// Chains of scopes: slots of the innermost, and the chain around it ([`NOTHING`] if none).
    scopes: Vec<(u32, Type)>,
    /// Of each function: what its closures are made over, once one was seen.
    environments: Vec<Option<Type>>,
    /// Functions whose environment is known and whose code was not looked at.
    waiting: Vec<u32>,
}

impl Program<'_> {
    /// The type of a scope; equal chains have equal types.
    fn scope(&mut self, slots: u32, parent: Type) -> Type {
        let known = self.scopes.iter().position(|&scope| scope == (slots, parent));
        let number = known.unwrap_or_else(|| {
            self.scopes.push((slots, parent));
            self.scopes.len() - 1
        });
        SCOPE + number as Type
    }

    fn module_scope(&mut self, unit: usize) -> Type {
        self.scope(self.module.units[unit].scope_slots, NOTHING)
    }

    /// Slots and parent of a scope.
    fn scope_of(&self, t: Type) -> Result<(u32, Type), String> {
        let number = t.checked_sub(SCOPE).ok_or("not a scope")?;
        self.scopes.get(number as usize).copied().ok_or_else(|| "not a scope".to_string())
    }

    /// A closure of `function` is made over `scope`.
    fn close_over(&mut self, function: u32, scope: Type) -> Checked {
        if scope != NOTHING {
            self.scope_of(scope)?;
        }
        let environment = &mut self.environments[function as usize];
        match *environment {
            None => {
                *environment = Some(scope);
                self.waiting.push(function);
                Ok(())
            }
            Some(known) if known == scope => Ok(()),
            Some(_) => Err(format!("function {function} has closures over different scopes")),
        }
    }

    fn check_function(&mut self, id: u32) -> Result<(), (u32, String)> {
        let function = &self.module.functions[id as usize];
        let start = function.code_start as usize;
        let code = &self.module.code[start..start + function.code_len as usize];
        let mut entry = vec![NOTHING; usize::from(function.registers)];
        entry[..usize::from(FRAME_HEADER)].fill(JUNK);
        entry[0] = ON_STACK;
        for register in [REG_CALLEE, REG_NEW_TARGET, REG_THIS] {
            entry[usize::from(register)] = VALUE;
        }
        entry[usize::from(FRAME_HEADER)..usize::from(FRAME_HEADER + function.params)].fill(VALUE);
        let environment = self.environments[id as usize].unwrap_or(NOTHING);
        let mut walk = Walk {
            program: self,
            function,
            environment,
            state: entry.clone(),
            joins: vec![None; code.len()],
            at: 0,
            again: false,
        };
        walk.find_joins(code);
        loop {
            walk.again = false;
            walk.state.clone_from(&entry);
            walk.pass(code)?;
            if !walk.again {
                return Ok(());
            }
        }
    }
}

/// One function's code being followed.
struct Walk<'p, 'm> {
    program: &'p mut Program<'m>,
    function: &'p Function,
    environment: Type,
    /// Before the instruction at `at`; empty where no path has led yet.
    state: State,
    /// At offsets where paths meet: what is known there (empty: no path yet). `None` at all others.
    joins: Vec<Option<State>>,
    at: usize,
    /// A join that was passed already has changed.
    again: bool,
}

impl Walk<'_, '_> {
    fn find_joins(&mut self, code: &[u8]) {
        for handler in &self.function.handlers {
            self.joins[handler.target as usize] = Some(State::new());
        }
        for instruction in decode(code).flatten().filter(|i| i.op.effects().contains(&Effect::jumps)) {
            self.joins[target(&instruction)] = Some(State::new());
        }
    }

    fn pass(&mut self, code: &[u8]) -> Result<(), (u32, String)> {
        // Handlers learn of single writes; of everything when a path enters their range.
        let mut entered = true;
        for instruction in decode(code).flatten() {
            self.at = instruction.at;
            if let Some(known) = &mut self.joins[self.at] {
                if known.is_empty() {
                    known.clone_from(&self.state);
                } else if !self.state.is_empty() {
                    merge_all(known, &self.state);
                }
                self.state.clone_from(known);
                entered = true;
            }
            if self.state.is_empty() {
                continue;
            }
            if entered || self.function.handlers.iter().any(|h| h.start as usize == self.at) {
                self.reach_handlers();
                entered = false;
            }
            self.step(&instruction).map_err(|reason| (self.at as u32, reason))?;
            if instruction.op.effects().contains(&Effect::ends) {
                self.state.clear();
                entered = true;
            }
        }
        Ok(())
    }

    /// A path leads from here to `to`.
    fn reach(&mut self, to: usize, state: &State) {
        let Some(known) = &mut self.joins[to] else { return };
        let changed = if known.is_empty() {
            known.clone_from(state);
            true
        } else {
            merge_all(known, state)
        };
        self.again |= changed && to <= self.at;
    }

    /// Whatever this instruction does, it may throw with the registers as they are.
    fn reach_handlers(&mut self) {
        let (function, at) = (self.function, self.at as u32);
        for handler in function.handlers.iter().filter(|h| (h.start..h.end).contains(&at)) {
            let mut state = self.state.clone();
            state[usize::from(handler.register)] = VALUE;
            self.reach(handler.target as usize, &state);
        }
    }

    fn write(&mut self, register: usize, t: Type) {
        if std::mem::replace(&mut self.state[register], t) == t {
            return;
        }
        let (function, at) = (self.function, self.at as u32);
        for handler in function.handlers.iter().filter(|h| (h.start..h.end).contains(&at)) {
            if register == usize::from(handler.register) {
                continue;
            }
            let to = handler.target as usize;
            if let Some(known) = self.joins[to].as_mut().filter(|known| !known.is_empty()) {
                let merged = merge(known[register], t);
                let changed = std::mem::replace(&mut known[register], merged) != merged;
                self.again |= changed && to <= self.at;
            }
        }
    }

    fn step(&mut self, i: &Instruction<'_>) -> Checked {
        self.check_frame(i.op)?;
        let register = |name: &str| i.operand(name) as usize;
        match i.op {
            Op::Mov => return self.write_dst(i, self.state[register("src")]),
            Op::LoadS => return self.write_dst(i, if i.operand("which") == 0 { NOTHING } else { VALUE }),
            Op::LoadEnv => return self.write_dst(i, self.environment),
            Op::NewScope => {
                let parent = self.state[register("parent")];
                if parent != NOTHING {
                    self.program.scope_of(parent)?;
                }
                let scope = self.program.scope(i.operand("n") as u32, parent);
                return self.write_dst(i, scope);
            }
            Op::CopyScope => {
                let scope = self.state[register("src")];
                self.program.scope_of(scope)?;
                return self.write_dst(i, scope);
            }
            Op::LoadModuleScope => {
                let scope = self.program.module_scope(register("module"));
                return self.write_dst(i, scope);
            }
            Op::GetScope | Op::GetScopeChk | Op::PutScope | Op::PutScopeChk => self.check_slot(i)?,
            Op::Closure | Op::DefClass => {
                if let Some(&Const::Function(function)) = self.function.constants.get(register("k")) {
                    self.program.close_over(function, self.state[register("scope")])?;
                }
            }
            _ => {}
        }
        self.check_reads(i)?;
        if matches!(i.op, Op::IterNext | Op::ForInNext) {
            // Done: nothing is written.
            let state = self.state.clone();
            self.reach(target(i), &state);
        }
        self.write_results(i)?;
        if i.op.effects().contains(&Effect::jumps) && !matches!(i.op, Op::IterNext | Op::ForInNext) {
            let state = std::mem::take(&mut self.state);
            self.reach(target(i), &state);
            self.state = state;
        }
        Ok(())
    }

    /// The slot of an access to the chain of scopes exists.
    fn check_slot(&self, i: &Instruction<'_>) -> Checked {
        let mut scope = self.state[i.operand("scope") as usize];
        for _ in 0..i.operand("depth") {
            scope = self.program.scope_of(scope)?.1;
        }
        let (slots, _) = self.program.scope_of(scope)?;
        ensure(i.operand("idx") < i64::from(slots), "no such slot of the scope")
    }

    /// Generators and async functions move their frame to the heap once, and suspend only there.
    fn check_frame(&mut self, op: Op) -> Checked {
        let has = |flag| self.function.flags.has(flag);
        match op {
            Op::CreateGenerator | Op::AsyncEnter => {
                let generator = has(FnFlags::GENERATOR);
                let kind = if op == Op::CreateGenerator { generator } else { has(FnFlags::ASYNC) && !generator };
                ensure(kind && self.state[0] == ON_STACK, "the frame cannot move to the heap here")?;
                self.write(0, ON_HEAP);
                Ok(())
            }
            Op::Yield | Op::YieldStar => {
                ensure(has(FnFlags::GENERATOR) && self.state[0] == ON_HEAP, "cannot suspend here")
            }
            Op::Await => ensure(has(FnFlags::ASYNC) && self.state[0] == ON_HEAP, "cannot suspend here"),
            Op::CreateArguments | Op::CreateRest => {
                ensure(has(FnFlags::KEEPS_ARGS), "the function does not keep its arguments")
            }
            _ => Ok(()),
        }
    }

    /// Everything an instruction reads is a value (or the array, or the scope, that it needs).
    fn check_reads(&self, i: &Instruction<'_>) -> Checked {
        for (name, kind, register) in i.operands().filter(|o| o.1 == Kind::R) {
            debug_assert_eq!(kind, Kind::R);
            let t = self.state[register as usize];
            let fits = match (i.op, name) {
                (_, "scope") | (Op::NewScope, "parent") => true,
                (Op::ArrayPush | Op::ArraySpread, "arr") => t == ARRAY,
                _ => is_value(t),
            };
            ensure(fits, &format!("{name}: register r{register} does not hold what is needed"))?;
        }
        let Some(base) = i.operands().find(|o| o.1 == Kind::B).map(|o| o.2 as usize) else { return Ok(()) };
        let values = |from: usize, n: usize| self.state[base + from..base + from + n].iter().all(|&t| is_value(t));
        let count = |name: &str| i.operand(name) as usize;
        let fits = match i.op {
            Op::Call => values(2, 1) && values(6, 1 + count("argc")),
            Op::CallU | Op::New => values(2, 1) && values(7, count("argc")),
            Op::SuperCall => values(7, count("argc")),
            Op::CallSpread => values(2, 1) && values(6, 1) && self.state[base + 7] == ARRAY,
            Op::NewSpread => values(2, 1) && self.state[base + 7] == ARRAY,
            Op::SuperCallSpread => self.state[base + 7] == ARRAY,
            Op::Concat | Op::ConcatAdd | Op::NewArray | Op::CopyProps => values(0, count("n")),
            Op::NewLiteral => match self.function.constants.get(count("k")) {
                Some(Const::Shape(keys)) => values(0, keys.len()),
                _ => false,
            },
            Op::GetIter | Op::GetAsyncIter | Op::DefClass => true,
            // Iteration blocks.
            _ => values(0, 3),
        };
        ensure(fits, "a register of the block does not hold what is needed")
    }

    fn write_results(&mut self, i: &Instruction<'_>) -> Checked {
        if let Some(base) = i.operands().find(|o| o.1 == Kind::B).map(|o| o.2 as usize) {
            let block = match i.op {
                Op::Call | Op::CallU | Op::New | Op::SuperCall => {
                    // The callee's frame stands there.
                    (base..self.state.len()).for_each(|register| self.write(register, JUNK));
                    0..0
                }
                Op::GetIter | Op::GetAsyncIter => base..base + 3,
                Op::DefClass => base..base + 2,
                _ => 0..0,
            };
            block.for_each(|register| self.write(register, VALUE));
        }
        let made = if matches!(i.op, Op::NewArray | Op::CreateRest) { ARRAY } else { VALUE };
        let written: Vec<usize> = i.operands().filter(|o| o.1 == Kind::W).map(|o| o.2 as usize).collect();
        written.into_iter().try_for_each(|register| self.write_named(register, made))
    }

    fn write_dst(&mut self, i: &Instruction<'_>, t: Type) -> Checked {
        self.write_named(i.operand("dst") as usize, t)
    }

    /// A write to a register that an operand names: of the header only `this` changes, to a value.
    fn write_named(&mut self, register: usize, t: Type) -> Checked {
        let header = register < usize::from(FRAME_HEADER);
        ensure(!header || (register == usize::from(REG_THIS) && is_value(t)), "the frame's header is written")?;
        self.write(register, t);
        Ok(())
    }
}

fn target(i: &Instruction<'_>) -> usize {
    (i.at as i64 + i.operand("to")) as usize
}

fn ensure(holds: bool, reason: &str) -> Checked {
    if holds { Ok(()) } else { Err(reason.to_string()) }
}
