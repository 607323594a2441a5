//! The function being emitted: code, registers, labels, constants, cache sites, handlers, positions.
use super::hash::FastMap;
use crate::bytecode::module::{Const, Function, Handler, StringId};
use crate::bytecode::op::{Op, emit};
use crate::bytecode::ops::FRAME_HEADER;

/// A register.
pub(super) type Reg = u16;
/// Most registers a function may use.
pub(super) const MAX_REGISTERS: u32 = 65_000;

/// A jump target, bound at most once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Label(u32);

const UNBOUND: u32 = u32::MAX;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum ConstKey {
    Number(u64),
    Str(StringId),
    BigInt(StringId),
}

/// A guarded stretch of code; see [`FnBuilder::open_region`].
#[derive(Debug)]
pub(super) struct Region {
    start: u32,
    ranges: Vec<(u32, u32)>,
}

/// Collects one function.
#[derive(Debug, Default)]
pub(super) struct FnBuilder {
    pub code: Vec<u8>,
    /// Where the last instruction that does not fall through ended, and where code was last entered by a jump.
    ended: usize,
    entered: usize,
    labels: Vec<u32>,
    /// (instruction start, label): the J operand is the instruction's last four bytes.
    jumps: Vec<(u32, Label)>,
    top: u32,
    max: u32,
    /// Registers that are named variables.
    named: Vec<bool>,
    pub overflow: bool,
    constants: Vec<Const>,
    constant_index: FastMap<ConstKey, u32>,
    sites: u32,
    site_patches: Vec<u32>,
    handlers: Vec<Handler>,
    positions: Vec<(u32, u32)>,
}

impl FnBuilder {
    pub fn new(params: u32) -> Self {
        let top = FRAME_HEADER as u32 + params;
        Self { top, max: top, ..Self::default() }
    }

    // ---- registers

    /// The next free register.
    pub fn top(&self) -> u32 {
        self.top
    }

    /// Frees every register from `top` on.
    pub fn release(&mut self, top: u32) {
        self.top = top;
    }

    /// Takes the next register.
    pub fn alloc(&mut self) -> Reg {
        self.alloc_block(1)
    }

    /// Takes `n` consecutive registers.
    pub fn alloc_block(&mut self, n: u32) -> Reg {
        let first = self.top;
        if first + n > MAX_REGISTERS {
            self.overflow = true;
            return 0;
        }
        self.top += n;
        self.max = self.max.max(self.top);
        for reg in first..first + n {
            self.set_named(reg as Reg, false);
        }
        first as Reg
    }

    /// Marks a register as a variable's home (or not).
    pub fn set_named(&mut self, reg: Reg, named: bool) {
        let reg = reg as usize;
        if reg >= self.named.len() {
            if !named {
                return;
            }
            self.named.resize(reg + 1, false);
        }
        self.named[reg] = named;
    }

    /// Whether a variable lives there: it must not be used as scratch.
    pub fn is_named(&self, reg: Reg) -> bool {
        reg < FRAME_HEADER || self.named.get(reg as usize).copied().unwrap_or(false)
    }

    // ---- constants

    pub fn string(&mut self, id: StringId) -> u32 {
        self.keyed(ConstKey::Str(id), Const::Str(id))
    }

    pub fn number(&mut self, value: f64) -> u32 {
        self.keyed(ConstKey::Number(value.to_bits()), Const::Number(value))
    }

    pub fn bigint(&mut self, id: StringId) -> u32 {
        self.keyed(ConstKey::BigInt(id), Const::BigInt(id))
    }

    fn keyed(&mut self, key: ConstKey, value: Const) -> u32 {
        if let Some(&k) = self.constant_index.get(&key) {
            return k;
        }
        let k = self.constant(value);
        self.constant_index.insert(key, k);
        k
    }

    /// Adds a constant as it is.
    pub fn constant(&mut self, value: Const) -> u32 {
        self.constants.push(value);
        self.constants.len() as u32 - 1
    }

    // ---- positions and sites

    /// The next instructions come from this source offset.
    pub fn at(&mut self, pos: u32) {
        let here = self.code.len() as u32;
        match self.positions.last_mut() {
            Some(last) if last.1 == pos => {}
            Some(last) if last.0 == here => last.1 = pos,
            _ => self.positions.push((here, pos)),
        }
    }

    /// The instruction just emitted ends in an `S` operand: gives it a new site.
    pub fn site(&mut self) {
        let at = self.code.len() as u32 - 4;
        let site = self.sites;
        self.sites += 1;
        self.code[at as usize..].copy_from_slice(&site.to_le_bytes());
        self.site_patches.push(at);
    }

    // ---- labels

    pub fn label(&mut self) -> Label {
        self.labels.push(UNBOUND);
        Label(self.labels.len() as u32 - 1)
    }

    /// A label bound here.
    pub fn here(&mut self) -> Label {
        let label = self.label();
        self.bind(label);
        label
    }

    pub fn bind(&mut self, label: Label) {
        self.entered = self.code.len() + 1;
        self.labels[label.0 as usize] = self.code.len() as u32;
    }

    /// The instruction at `start`, just emitted, jumps to `label`.
    pub fn to(&mut self, start: usize, label: Label) {
        self.jumps.push((start as u32, label));
    }

    pub fn jump(&mut self, label: Label) {
        if self.is_dead() {
            return;
        }
        let at = emit::Jump(&mut self.code, 0);
        self.to(at, label);
        self.end();
    }

    pub fn loop_to(&mut self, label: Label) {
        let at = emit::Loop(&mut self.code, 0);
        self.to(at, label);
        self.end();
    }

    /// The instruction just emitted does not fall through.
    pub fn end(&mut self) {
        self.ended = self.code.len() + 1;
    }

    /// Nothing can reach this point.
    pub fn is_dead(&self) -> bool {
        self.ended == self.code.len() + 1 && self.entered != self.ended
    }

    /// Emits `op a, label` of a one-register jump.
    pub fn jump_on(&mut self, op: fn(&mut Vec<u8>, Reg, i32) -> usize, reg: Reg, label: Label) {
        let at = op(&mut self.code, reg, 0);
        self.to(at, label);
    }

    // ---- guarded regions

    /// Starts a stretch whose exceptions go to one handler.
    pub fn open_region(&mut self) -> Region {
        Region { start: self.code.len() as u32, ranges: Vec::new() }
    }

    /// Leaves code out of the region from here to [`Self::resume_region`].
    pub fn suspend_region(&mut self, region: &mut Region) {
        let here = self.code.len() as u32;
        if region.start != UNBOUND && region.start < here {
            region.ranges.push((region.start, here));
        }
        region.start = UNBOUND;
    }

    pub fn resume_region(&mut self, region: &mut Region) {
        region.start = self.code.len() as u32;
    }

    /// Ends the region; its handler begins here and receives the exception in `register`.
    pub fn close_region(&mut self, mut region: Region, register: Reg) {
        self.suspend_region(&mut region);
        let target = self.code.len() as u32;
        self.entered = self.code.len() + 1;
        for (start, end) in region.ranges {
            self.handlers.push(Handler { start, end, target, register });
        }
    }

    // ---- the end

    /// Resolves jumps and sites, and fills `function` in; its code is appended to `code`.
    pub fn finish(mut self, function: &mut Function, code: &mut Vec<u8>) {
        for &(start, label) in &self.jumps {
            let target = self.labels[label.0 as usize];
            debug_assert_ne!(target, UNBOUND, "label bound");
            let op = Op::from_byte(self.code[start as usize]).map_or(5, Op::len);
            let at = start as usize + op - 4;
            let delta = target as i32 - start as i32;
            self.code[at..at + 4].copy_from_slice(&delta.to_le_bytes());
        }
        let constants = self.constants.len() as u32;
        for (site, &at) in self.site_patches.iter().enumerate() {
            let word = constants + 2 * site as u32;
            self.code[at as usize..at as usize + 4].copy_from_slice(&word.to_le_bytes());
        }
        function.code_start = code.len() as u32;
        function.code_len = self.code.len() as u32;
        code.extend_from_slice(&self.code);
        function.registers = self.max.max(FRAME_HEADER as u32) as u16;
        function.constants = self.constants;
        function.sites = self.sites;
        function.handlers = self.handlers;
        function.positions = self.positions;
    }
}
