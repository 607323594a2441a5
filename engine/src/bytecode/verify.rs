//! Checks a module before anything runs it. Every fact the interpreter and the JIT take for granted is checked here; no
//! input makes it panic.
use std::fmt;

use super::disasm::{Instruction, decode};
use super::module::{Const, ExportTarget, Function, Module};
use super::op::{Effect, Kind, Op};
use super::ops::FRAME_HEADER;
use crate::regexp;

/// Why a module was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyError {
    /// Function, if the fault is inside one.
    pub function: Option<u32>,
    /// Offset in its code.
    pub at: u32,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.function {
            Some(function) => write!(f, "function {function}, offset {}: {}", self.at, self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

impl std::error::Error for VerifyError {}

/// Checks a whole module.
pub fn verify(module: &Module) -> Result<(), VerifyError> {
    verify_units(module).map_err(|reason| VerifyError { function: None, at: 0, reason })?;
    for (id, function) in module.functions.iter().enumerate() {
        Checker { module, function }.check().map_err(|(at, reason)| VerifyError {
            function: Some(id as u32),
            at,
            reason,
        })?;
    }
    super::flow::check(module)
}

fn ensure(holds: bool, reason: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(reason()) }
}

fn verify_units(module: &Module) -> Result<(), String> {
    ensure(!module.units.is_empty(), || "no units".into())?;
    ensure(module.units.len() < u16::MAX as usize, || "too many units".into())?;
    let functions = module.functions.len();
    for (index, unit) in module.units.iter().enumerate() {
        let bad = |what: &str| format!("unit {index}: {what}");
        ensure((unit.body as usize) < functions, || bad("no such body function"))?;
        ensure(unit.scope_slots <= u16::MAX as u32, || bad("too many slots"))?;
        for &(name, target) in &unit.exports {
            ensure((name as usize) < module.strings.len(), || bad("no such export name"))?;
            let exists = match target {
                ExportTarget::Namespace(unit) => (unit as usize) < module.units.len(),
                ExportTarget::Binding { unit, slot } => {
                    module.units.get(unit as usize).is_some_and(|u| slot < u.scope_slots)
                }
            };
            ensure(exists, || bad("an export leads nowhere"))?;
        }
        for &(slot, function) in &unit.hoisted {
            ensure(slot < unit.scope_slots && (function as usize) < functions, || bad("bad hoisted function"))?;
        }
        for &request in &unit.requests {
            ensure((request as usize) < module.units.len(), || bad("a request leads nowhere"))?;
        }
    }
    Ok(())
}

struct Checker<'m> {
    module: &'m Module,
    function: &'m Function,
}

type Fault = (u32, String);

impl Checker<'_> {
    fn check(&self) -> Result<(), Fault> {
        let function = self.function;
        let header = |reason: &str| Err((0, reason.to_string()));
        if function.registers < FRAME_HEADER || function.registers > self.module.max_registers {
            return header("register count out of range");
        }
        if function.params as u32 + FRAME_HEADER as u32 > function.registers as u32 {
            return header("parameters beyond the registers");
        }
        if function.name as usize >= self.module.strings.len() || function.unit as usize >= self.module.units.len() {
            return header("bad name or unit");
        }
        let start = function.code_start as usize;
        let Some(code) = start.checked_add(function.code_len as usize).and_then(|end| self.module.code.get(start..end))
        else {
            return header("code outside of the module");
        };
        self.check_constants()?;
        // Which offsets begin an instruction.
        let mut starts = vec![false; code.len()];
        let mut last = None;
        for decoded in decode(code) {
            let instruction = decoded.map_err(|at| (at as u32, "cannot be decoded".to_string()))?;
            starts[instruction.at] = true;
            last = Some(instruction.op);
        }
        let ends = last.is_some_and(|op| op.effects().contains(&Effect::ends));
        if !ends {
            return header("code does not end");
        }
        for decoded in decode(code) {
            let instruction = decoded.map_err(|at| (at as u32, "cannot be decoded".to_string()))?;
            self.check_instruction(&instruction, &starts).map_err(|reason| (instruction.at as u32, reason))?;
        }
        for handler in &function.handlers {
            let on_boundary = |at: u32| starts.get(at as usize).copied().unwrap_or(false);
            let end_fits = on_boundary(handler.end) || handler.end as usize == code.len();
            let sane = handler.start < handler.end
                && on_boundary(handler.start)
                && end_fits
                && on_boundary(handler.target)
                // Backward, code that throws again and again would never poll.
                && handler.target >= handler.end
                && (FRAME_HEADER..function.registers).contains(&handler.register);
            if !sane {
                return Err((handler.start, "bad handler".into()));
            }
        }
        if !function.positions.windows(2).all(|w| w[0].0 <= w[1].0) {
            return header("positions out of order");
        }
        Ok(())
    }

    fn check_constants(&self) -> Result<(), Fault> {
        let string = |&id: &u32| (id as usize) < self.module.strings.len();
        for (index, constant) in self.function.constants.iter().enumerate() {
            let fits = match constant {
                Const::Number(_) => true,
                Const::Str(id) => string(id),
                Const::BigInt(id) => self.module.strings.get(*id as usize).is_some_and(|s| is_digits(&s.to_text())),
                Const::Function(id) => (*id as usize) < self.module.functions.len(),
                Const::Shape(keys) => keys.iter().all(string),
                Const::RegExp { source, flags, program } => string(source) && self.is_regexp(*flags, program),
                Const::Template { cooked, raw } => {
                    cooked.len() == raw.len() && raw.iter().all(string) && cooked.iter().flatten().all(string)
                }
            };
            if !fits {
                return Err((0, format!("constant {index} refers to nothing")));
            }
        }
        Ok(())
    }

    /// A program of the matcher, and the letters of the flags that it was compiled with.
    fn is_regexp(&self, flags: u32, program: &[u32]) -> bool {
        let letters = self.module.strings.get(flags as usize).map(|s| s.to_text());
        let flags = letters.and_then(|letters| regexp::parse_flags(&letters).ok());
        regexp::verify(program).is_ok() && flags == Some(regexp::flags(program))
    }

    fn check_instruction(&self, instruction: &Instruction<'_>, starts: &[bool]) -> Result<(), String> {
        let function = self.function;
        let registers = function.registers as i64;
        for (name, kind, value) in instruction.operands() {
            match kind {
                Kind::W | Kind::R => {
                    let addressable = value >= FRAME_HEADER as i64 || matches!(value, 2 | 5 | 6);
                    ensure(addressable && value < registers, || format!("{name}: register r{value} out of range"))?;
                }
                Kind::B => {
                    let count = block_length(instruction, function);
                    ensure(value + count <= registers && (value >= FRAME_HEADER as i64 || count == 0), || {
                        format!("{name}: registers r{value}…+{count} out of range")
                    })?;
                }
                Kind::K => {
                    let constant = function.constants.get(value as usize);
                    ensure(constant.is_some_and(|c| kind_fits(instruction.op, c)), || {
                        format!("{name}: constant {value} is missing or of the wrong kind")
                    })?;
                }
                Kind::S => {
                    let site = value - function.constants.len() as i64;
                    ensure(site >= 0 && site % 2 == 0 && site / 2 < function.sites as i64, || {
                        format!("{name}: no cache site at {value}")
                    })?;
                }
                Kind::J => {
                    let target = instruction.at as i64 + value;
                    let lands = usize::try_from(target).ok().and_then(|t| starts.get(t)).copied().unwrap_or(false);
                    ensure(lands, || format!("{name}: jump to {target}, inside of an instruction or outside"))?;
                    let polls = matches!(instruction.op, Op::Loop | Op::LoopLt);
                    ensure(value > 0 || polls, || format!("{name}: jump back to {target} without a poll"))?;
                }
                Kind::N | Kind::I | Kind::F => {}
            }
        }
        self.check_meaning(instruction)
    }

    /// Counts, units, slots and flags.
    fn check_meaning(&self, instruction: &Instruction<'_>) -> Result<(), String> {
        let units = self.module.units.len() as i64;
        let module = instruction.operand("module");
        match instruction.op {
            Op::LoadS => ensure(instruction.operand("which") <= 5, || "no such singleton".into()),
            Op::ThrowError => ensure(instruction.operand("kind") <= 4, || "no such error kind".into()),
            Op::GetModule => {
                let unit = self.module.units.get(module as usize);
                ensure(unit.is_some_and(|u| instruction.operand("slot") < u.scope_slots as i64), || {
                    "no such module binding".into()
                })
            }
            Op::ModuleNamespace | Op::LoadModuleScope | Op::ImportMeta => {
                ensure(module < units, || "no such unit".into())
            }
            Op::DynImport => ensure(module < units || module == u16::MAX as i64, || "no such unit".into()),
            Op::ModI => ensure(instruction.operand("imm") > 0, || "modulus must be positive".into()),
            Op::ConcatAdd => ensure(instruction.operand("n") >= 2, || "a concatenation of fewer than two".into()),
            Op::NewScope => ensure(instruction.operand("n") > 0, || "an empty scope".into()),
            Op::AddPrivate => ensure(instruction.operand("flags") <= 3, || "no such private element".into()),
            Op::DefMethod => ensure(instruction.operand("flags") & 3 <= 2, || "no such method kind".into()),
            Op::SetFnName => ensure(instruction.operand("prefix") <= 2, || "no such prefix".into()),
            Op::IterForward => ensure(matches!(instruction.operand("which"), 1 | 2), || "no such forwarding".into()),
            _ => Ok(()),
        }
    }
}

/// Registers a block operand covers.
fn block_length(instruction: &Instruction<'_>, function: &Function) -> i64 {
    let header = FRAME_HEADER as i64;
    match instruction.op {
        Op::Call | Op::CallU | Op::New | Op::SuperCall => header + instruction.operand("argc"),
        Op::CallSpread | Op::NewSpread | Op::SuperCallSpread => header + 1,
        Op::Concat | Op::ConcatAdd | Op::NewArray | Op::CopyProps => instruction.operand("n"),
        Op::NewLiteral => match function.constants.get(instruction.operand("k") as usize) {
            Some(Const::Shape(keys)) => keys.len() as i64,
            _ => 0,
        },
        Op::DefClass => 2,
        // Iteration blocks.
        _ => 3,
    }
}

fn kind_fits(op: Op, constant: &Const) -> bool {
    match op {
        Op::LoadK => matches!(constant, Const::Number(_) | Const::Str(_) | Const::BigInt(_)),
        Op::NewLiteral => matches!(constant, Const::Shape(_)),
        Op::NewRegExp => matches!(constant, Const::RegExp { .. }),
        Op::TemplateObject => matches!(constant, Const::Template { .. }),
        Op::Closure | Op::DefClass => matches!(constant, Const::Function(_)),
        // All others are names.
        _ => matches!(constant, Const::Str(_)),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}
