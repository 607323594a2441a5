//! Text listing of a module, for tests and for people.
use std::fmt::Write;

use super::module::{Const, ExportTarget, Function, Module};
use super::op::{Kind, Op};

/// One decoded instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instruction<'a> {
    /// Offset from the function's start.
    pub at: usize,
    /// Opcode.
    pub op: Op,
    bytes: &'a [u8],
}

impl Instruction<'_> {
    /// Operand values in table order, sign-extended where signed.
    pub fn operands(&self) -> impl Iterator<Item = (&'static str, Kind, i64)> + '_ {
        let mut at = 1;
        self.op.operands().iter().map(move |&(name, kind)| {
            let raw = &self.bytes[at..at + kind.size()];
            at += kind.size();
            let value = match *raw {
                [a] => a as i64,
                [a, b] => u16::from_le_bytes([a, b]) as i64,
                [a, b, c, d] if matches!(kind, Kind::I | Kind::J) => i32::from_le_bytes([a, b, c, d]) as i64,
                [a, b, c, d] => u32::from_le_bytes([a, b, c, d]) as i64,
                _ => 0,
            };
            (name, kind, value)
        })
    }

    /// The operand of that name; 0 if there is none.
    pub fn operand(&self, name: &str) -> i64 {
        self.operands().find(|o| o.0 == name).map_or(0, |o| o.2)
    }
}

/// Decodes code from the start; stops with the offset of what cannot be decoded.
pub fn decode(code: &[u8]) -> impl Iterator<Item = Result<Instruction<'_>, usize>> {
    let mut at = 0;
    let mut broken = false;
    std::iter::from_fn(move || {
        if broken || at >= code.len() {
            return None;
        }
        let decoded = Op::from_byte(code[at])
            .and_then(|op| code.get(at..at + op.len()).map(|bytes| Instruction { at, op, bytes }))
            .ok_or(at);
        match &decoded {
            Ok(instruction) => at += instruction.op.len(),
            Err(_) => broken = true,
        }
        Some(decoded)
    })
}

/// Lists a whole module.
pub fn disassemble(module: &Module) -> String {
    let mut out = String::new();
    for (index, unit) in module.units.iter().enumerate() {
        let _ = write!(out, "unit {index} {} body=f{} slots={}", unit.name, unit.body, unit.scope_slots);
        if !unit.is_module {
            out.push_str(" script");
        }
        if unit.has_tla {
            out.push_str(" await");
        }
        if unit.lazy {
            out.push_str(" lazy");
        }
        if !unit.requests.is_empty() {
            let _ = write!(out, " requests={:?}", unit.requests);
        }
        out.push('\n');
        for &(slot, function) in &unit.hoisted {
            let _ = writeln!(out, "  hoisted slot {slot} = f{function}");
        }
        for &(name, target) in &unit.exports {
            let name = text(module, name);
            let _ = match target {
                ExportTarget::Binding { unit, slot } => writeln!(out, "  export {name} = unit {unit} slot {slot}"),
                ExportTarget::Namespace(unit) => writeln!(out, "  export {name} = namespace of unit {unit}"),
            };
        }
    }
    for (id, function) in module.functions.iter().enumerate() {
        out.push('\n');
        list_function(module, id, function, &mut out);
    }
    out
}

fn list_function(module: &Module, id: usize, function: &Function, out: &mut String) {
    let _ = writeln!(
        out,
        "f{id} {} registers={} params={} length={} flags={:#x} sites={}",
        text(module, function.name),
        function.registers,
        function.params,
        function.length,
        function.flags.0,
        function.sites
    );
    let start = function.code_start as usize;
    let code = module.code.get(start..start + function.code_len as usize).unwrap_or(&[]);
    for decoded in decode(code) {
        let instruction = match decoded {
            Ok(instruction) => instruction,
            Err(at) => {
                let _ = writeln!(out, "  {at:5} ???");
                break;
            }
        };
        let _ = write!(out, "  {:5} {:14}", instruction.at, instruction.op.name());
        for (i, (_, kind, value)) in instruction.operands().enumerate() {
            out.push_str(if i == 0 { " " } else { ", " });
            let _ = match kind {
                Kind::W | Kind::R | Kind::B => write!(out, "r{value}"),
                Kind::N | Kind::I | Kind::F => write!(out, "{value}"),
                Kind::J => write!(out, "→{}", instruction.at as i64 + value),
                Kind::S => write!(out, "ic{}", (value - function.constants.len() as i64) / 2),
                Kind::K => write!(out, "{}", constant(module, function, value as usize)),
            };
        }
        out.push('\n');
    }
    for handler in &function.handlers {
        let _ =
            writeln!(out, "  handler {}..{} → {} in r{}", handler.start, handler.end, handler.target, handler.register);
    }
}

fn text(module: &Module, id: u32) -> String {
    module.strings.get(id as usize).map_or_else(|| format!("?{id}"), |s| format!("{:?}", s.to_text()))
}

fn constant(module: &Module, function: &Function, index: usize) -> String {
    match function.constants.get(index) {
        None => format!("?{index}"),
        Some(Const::Number(n)) => format!("{n:?}"),
        Some(Const::Str(s)) => text(module, *s),
        Some(Const::BigInt(s)) => format!("{}n", text(module, *s)),
        Some(Const::Function(f)) => format!("f{f}"),
        Some(Const::Shape(keys)) => {
            let keys: Vec<String> = keys.iter().map(|&k| text(module, k)).collect();
            format!("{{{}}}", keys.join(" "))
        }
        Some(Const::RegExp { source, flags, .. }) => {
            format!("regexp {} {}", text(module, *source), text(module, *flags))
        }
        Some(Const::Template { raw, .. }) => {
            let raw: Vec<String> = raw.iter().map(|&k| text(module, k)).collect();
            format!("template {}", raw.join(" "))
        }
    }
}
