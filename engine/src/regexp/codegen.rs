//! From the pattern tree to a program.
//!
//! What the matcher need not try is decided here, from what may come next ([`First`]): a loop
//! whose characters cannot begin the rest of the pattern never gives any back, and an alternative
//! that the next unit decides leaves no choice behind.

use std::collections::HashMap;

use super::SyntaxError;
use super::charset::{CharSet, MAX_UNIT};
use super::ir::{self, First, Kind, Look, Node, Pattern, Repeat, first, is_surrogate, push_units};
use super::program::{
    BACKREF_BACK, BACKREF_IGNORE_CASE, CharKind, Filter, GroupName, Header, MAX_REGISTERS, MAX_WORDS, NONE, Op,
    Program, STEP_BACK, WORD_FOLDED, WORD_NEGATED, encode_class,
};
use super::unicode;

/// Units of one `Literal`; longer ones are split, so that matching one is a bounded step.
const MAX_LITERAL: usize = 1_024;
/// Alternatives of one disjunction whose first units are compared with each other.
const MAX_COMPARED_ALTERNATIVES: usize = 64;

/// Makes a program of a pattern.
///
/// # Errors
/// The program would be too large.
pub(super) fn generate(pattern: &Pattern) -> Result<Program, SyntaxError> {
    let mut generator = Generator {
        by_code_point: pattern.flags.by_code_point(),
        code: Vec::new(),
        pool: Vec::new(),
        classes: HashMap::new(),
        pool_refs: Vec::new(),
        next_register: 2 * pattern.captures,
    };
    generator.node(&pattern.root, &Rest { first: First::any(), accepts: true }, Direction::Forward)?;
    generator.emit(Op::Match, 0, &[])?;
    let filter = generator.filter(&pattern.root);
    let names_at = generator.pool.len() as u32;
    for (group, name) in &pattern.names {
        generator.pool.extend(GroupName::encode(*group, name));
    }
    generator.finish(pattern, filter, names_at)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Forward,
    /// In lookbehind: parts are matched from the last to the first.
    Backward,
}

/// What is known of the pattern after a part.
struct Rest {
    first: First,
    /// Nothing can fail after the part.
    accepts: bool,
}

impl Rest {
    fn unknown() -> Rest {
        Rest { first: First::any(), accepts: false }
    }
}

/// Filter, offset into the pool, length.
type FilterParts = (Filter, u32, u32);

/// Where an operand refers to the pool, by an offset that is not final yet.
enum PoolRef {
    Inline(usize),
    Word(usize),
}

struct Generator {
    by_code_point: bool,
    /// Instructions; offsets of targets are those of the program.
    code: Vec<u32>,
    pool: Vec<u32>,
    classes: HashMap<CharSet, u32>,
    pool_refs: Vec<PoolRef>,
    next_register: u32,
}

/// A test of a single character.
struct Single {
    kind: CharKind,
    arg: u32,
}

impl Generator {
    fn finish(mut self, pattern: &Pattern, filter: FilterParts, names_at: u32) -> Result<Program, SyntaxError> {
        let pool_at = (Header::LEN + self.code.len()) as u32;
        if pool_at as usize + self.pool.len() > MAX_WORDS || self.next_register > MAX_REGISTERS {
            return Err(too_large());
        }
        for pool_ref in &self.pool_refs {
            match *pool_ref {
                PoolRef::Inline(at) => self.code[at] += pool_at << 8,
                PoolRef::Word(at) => self.code[at] += pool_at,
            }
        }
        let header = Header {
            flags: u32::from(pattern.flags.bits()),
            captures: pattern.captures,
            registers: self.next_register,
            min_len: pattern.root.min_len,
            code_at: Header::LEN as u32,
            pool_at,
            filter: filter.0 as u32,
            filter_at: pool_at + filter.1,
            filter_len: filter.2,
            names_at: pool_at + names_at,
            names: pattern.names.len() as u32,
            ..Header::default()
        };
        Ok(Program::assemble(header, &self.code, &self.pool))
    }

    fn filter(&mut self, root: &Node) -> FilterParts {
        if root.anchored() {
            return (Filter::Start, 0, 0);
        }
        let mut prefix = Vec::new();
        root.literal_prefix(self.by_code_point, &mut prefix);
        prefix.truncate(MAX_LITERAL);
        if !prefix.is_empty() {
            let at = self.pool.len() as u32;
            self.pool.extend_from_slice(&prefix);
            return (Filter::Literal, at, prefix.len() as u32);
        }
        let first = first(root, &First::any());
        if !first.needs_unit() || first.units.len() > MAX_UNIT {
            return (Filter::Everywhere, 0, 0);
        }
        let latin1: Vec<u32> = first.units.iter().take_while(|&unit| unit < 256).take(4).collect();
        let bytes = match latin1[..] {
            [a] => 1 << 24 | a << 16 | a << 8 | a,
            [a, b] => 1 << 24 | b << 16 | b << 8 | a,
            [a, b, c] => 1 << 24 | c << 16 | b << 8 | a,
            _ => 0,
        };
        (Filter::Set, self.class(&first.units), bytes)
    }

    /// The offset of the next instruction.
    fn here(&self) -> u32 {
        (Header::LEN + self.code.len()) as u32
    }

    /// Appends an instruction; returns its index in `code`.
    fn emit(&mut self, op: Op, inline: u32, operands: &[u32]) -> Result<usize, SyntaxError> {
        let at = self.code.len();
        if Header::LEN + at + self.pool.len() + operands.len() >= MAX_WORDS || self.next_register > MAX_REGISTERS {
            return Err(too_large());
        }
        self.code.push(op.encode(inline));
        self.code.extend_from_slice(operands);
        Ok(at)
    }

    /// Makes the target of the instruction at `at` the next instruction. The target is the inline
    /// operand or the last operand word.
    fn patch(&mut self, at: usize) {
        let target = self.here();
        let op = Op::decode(self.code[at]);
        let len = op.map_or(1, Op::fixed_len);
        if len == 1 {
            self.code[at] |= target << 8;
        } else {
            self.code[at + len - 1] = target;
        }
    }

    /// The offset of a class in the pool.
    fn class(&mut self, set: &CharSet) -> u32 {
        if let Some(&at) = self.classes.get(set) {
            return at;
        }
        let at = self.pool.len() as u32;
        self.pool.extend(encode_class(set));
        self.classes.insert(set.clone(), at);
        at
    }

    fn registers(&mut self, count: u32) -> u32 {
        let first = self.next_register;
        self.next_register += count;
        first
    }

    fn node(&mut self, node: &Node, rest: &Rest, direction: Direction) -> Result<(), SyntaxError> {
        match &node.kind {
            Kind::Empty => {}
            Kind::Char(_) | Kind::Set(_) => self.characters(std::slice::from_ref(node), direction)?,
            Kind::Seq(items) => self.sequence(items, rest, direction)?,
            Kind::Alt(nodes) => self.alternatives(nodes, rest, direction)?,
            Kind::Capture(group, body) => {
                let (open, close) = match direction {
                    Direction::Forward => (2 * group, 2 * group + 1),
                    Direction::Backward => (2 * group + 1, 2 * group),
                };
                self.emit(Op::Save, open, &[])?;
                self.node(body, rest, direction)?;
                self.emit(Op::Save, close, &[])?;
            }
            Kind::Repeat(repeat) => self.repeat(repeat, rest, direction)?,
            Kind::Look(look) => self.look(look)?,
            Kind::BackRef { groups, ignore_case } => {
                let case = if *ignore_case { BACKREF_IGNORE_CASE } else { 0 };
                let back = if direction == Direction::Backward { BACKREF_BACK } else { 0 };
                self.emit(Op::BackRef, groups.len() as u32, &[&[case | back], &groups[..]].concat())?;
            }
            Kind::Start { multiline } => {
                self.emit(if *multiline { Op::LineStart } else { Op::Start }, 0, &[])?;
            }
            Kind::End { multiline } => {
                self.emit(if *multiline { Op::LineEnd } else { Op::End }, 0, &[])?;
            }
            Kind::Word { negated, folded } => {
                let negated = if *negated { WORD_NEGATED } else { 0 };
                let folded = if *folded { WORD_FOLDED } else { 0 };
                self.emit(Op::Word, negated | folded, &[])?;
            }
        }
        Ok(())
    }

    fn sequence(&mut self, items: &[Node], rest: &Rest, direction: Direction) -> Result<(), SyntaxError> {
        if direction == Direction::Backward {
            return items.iter().rev().try_for_each(|item| self.node(item, &Rest::unknown(), direction));
        }
        // What follows each item, from the last to the first.
        let mut firsts = vec![rest.first.clone()];
        for item in items[1..].iter().rev() {
            let next = first(item, &firsts[firsts.len() - 1]);
            firsts.push(next);
        }
        let mut at = 0;
        while at < items.len() {
            let run = items[at..].iter().take_while(|item| matches!(item.kind, Kind::Char(_) | Kind::Set(_))).count();
            if run > 0 {
                self.characters(&items[at..at + run], direction)?;
                firsts.truncate(firsts.len() - run);
                at += run;
                continue;
            }
            let first = firsts.pop().unwrap_or_else(First::any);
            let accepts = rest.accepts && at + 1 == items.len();
            self.node(&items[at], &Rest { first, accepts }, direction)?;
            at += 1;
        }
        Ok(())
    }

    /// Characters and sets in a row; runs that units alone decide are fused.
    fn characters(&mut self, items: &[Node], direction: Direction) -> Result<(), SyntaxError> {
        if direction == Direction::Backward {
            return items.iter().rev().try_for_each(|item| self.step(item, direction));
        }
        let mut units: Vec<u32> = Vec::new();
        for item in items {
            if !self.masked_units(item, &mut units) {
                self.literal(&units)?;
                units.clear();
                self.step(item, direction)?;
            }
        }
        self.literal(&units)
    }

    /// Appends `item` as units with masks, if it can be one.
    fn masked_units(&self, item: &Node, units: &mut Vec<u32>) -> bool {
        match &item.kind {
            Kind::Char(cp) if !(self.by_code_point && is_surrogate(*cp)) => {
                push_units(*cp, units);
                true
            }
            Kind::Set(set) => match masked(set) {
                Some(unit) => {
                    units.push(unit);
                    true
                }
                None => false,
            },
            _ => false,
        }
    }

    /// A run of units with masks.
    fn literal(&mut self, units: &[u32]) -> Result<(), SyntaxError> {
        for units in units.chunks(MAX_LITERAL) {
            let plain = units.iter().all(|&unit| unit <= MAX_UNIT);
            match *units {
                [unit] if plain => self.emit(Op::Char, unit, &[])?,
                [unit] => self.emit(Op::Step, CharKind::Masked as u32, &[unit])?,
                _ if plain => self.emit(Op::Literal, units.len() as u32, units)?,
                _ => self.emit(Op::LiteralMasked, units.len() as u32, units)?,
            };
        }
        Ok(())
    }

    /// One character.
    fn step(&mut self, item: &Node, direction: Direction) -> Result<(), SyntaxError> {
        if let Kind::Char(cp @ 0x1_0000..) = item.kind {
            let mut units = Vec::new();
            push_units(cp, &mut units);
            let back = if direction == Direction::Backward { STEP_BACK } else { 0 };
            if direction == Direction::Backward {
                units.reverse();
            }
            for unit in units {
                self.emit(Op::Step, CharKind::Char as u32 | back, &[unit])?;
            }
            return Ok(());
        }
        let Some(single) = self.single(item) else {
            // The empty set.
            self.emit(Op::Fail, 0, &[])?;
            return Ok(());
        };
        if direction == Direction::Forward {
            match single.kind {
                CharKind::Char => {
                    self.emit(Op::Char, single.arg, &[])?;
                    return Ok(());
                }
                CharKind::Set => {
                    let at = self.emit(Op::Set, single.arg, &[])?;
                    self.pool_refs.push(PoolRef::Inline(at));
                    return Ok(());
                }
                _ => {}
            }
        }
        let back = if direction == Direction::Backward { STEP_BACK } else { 0 };
        let at = self.emit(Op::Step, single.kind as u32 | back, &[single.arg])?;
        self.refer_arg(&single, at + 1);
        Ok(())
    }

    fn refer_arg(&mut self, single: &Single, at: usize) {
        if matches!(single.kind, CharKind::Set | CharKind::CodePointSet) {
            self.pool_refs.push(PoolRef::Word(at));
        }
    }

    /// The test for one character; `None` if the node is not one, or is the empty set.
    fn single(&mut self, node: &Node) -> Option<Single> {
        match &node.kind {
            Kind::Char(cp) if *cp <= MAX_UNIT && !(self.by_code_point && is_surrogate(*cp)) => {
                Some(Single { kind: CharKind::Char, arg: *cp })
            }
            Kind::Char(cp) => Some(Single { kind: CharKind::CodePointSet, arg: self.class(&CharSet::single(*cp)) }),
            Kind::Set(set) if set.is_empty() => None,
            Kind::Set(set) => Some(self.single_of_set(set)),
            _ => None,
        }
    }

    fn single_of_set(&mut self, set: &CharSet) -> Single {
        if let Some(arg) = masked(set) {
            return Single { kind: CharKind::Masked, arg };
        }
        if self.by_code_point {
            // Without surrogates and supplementary code points, units decide.
            let by_unit = set.leading_units() == *set && set.is_disjoint(&CharSet::range(0xD800, 0xDFFF));
            let kind = if by_unit { CharKind::Set } else { CharKind::CodePointSet };
            return Single { kind, arg: self.class(set) };
        }
        let others = set.complement(MAX_UNIT);
        match others.ranges() {
            [] => Single { kind: CharKind::All, arg: 0 },
            [(lo, hi)] if lo == hi => Single { kind: CharKind::NotChar, arg: *lo },
            _ if others == unicode::line_terminators() => Single { kind: CharKind::NotLineEnd, arg: 0 },
            _ => Single { kind: CharKind::Set, arg: self.class(set) },
        }
    }

    fn alternatives(&mut self, nodes: &[Node], rest: &Rest, direction: Direction) -> Result<(), SyntaxError> {
        let forward = direction == Direction::Forward;
        let firsts: Vec<First> =
            nodes.iter().map(|node| if forward { first(node, &rest.first) } else { First::any() }).collect();
        // What the alternatives after each one may begin with, from the last to the first.
        let mut later = vec![First::default()];
        if nodes.len() <= MAX_COMPARED_ALTERNATIVES {
            for first in firsts[1..].iter().rev() {
                later.push(later[later.len() - 1].union(first));
            }
        }
        let mut ends = Vec::new();
        for (i, (node, first)) in nodes.iter().zip(&firsts).enumerate() {
            let last = i + 1 == nodes.len();
            let mut skips = Vec::new();
            if !last {
                let later =
                    if nodes.len() <= MAX_COMPARED_ALTERNATIVES { &later[nodes.len() - 1 - i] } else { &First::any() };
                let guarded = self.guard(first, &mut skips)?;
                if !(guarded && later.excludes(&first.units)) {
                    skips.push(self.emit(Op::Split, 0, &[])?);
                }
            }
            self.node(node, rest, direction)?;
            if !last {
                ends.push(self.emit(Op::Jump, 0, &[])?);
            }
            skips.into_iter().for_each(|at| self.patch(at));
        }
        ends.into_iter().for_each(|at| self.patch(at));
        Ok(())
    }

    /// Tests for one of the units that `first` needs, and skips if there is none. `false` if
    /// `first` does not need one.
    fn guard(&mut self, first: &First, skips: &mut Vec<usize>) -> Result<bool, SyntaxError> {
        if !first.needs_unit() {
            return Ok(false);
        }
        let skip = match first.units.ranges() {
            [(lo, hi)] if lo == hi => self.emit(Op::PeekChar, *lo, &[0])?,
            _ => {
                let class = self.class(&first.units);
                let at = self.emit(Op::PeekSet, class, &[0])?;
                self.pool_refs.push(PoolRef::Inline(at));
                at
            }
        };
        skips.push(skip);
        Ok(true)
    }

    fn look(&mut self, look: &Look) -> Result<(), SyntaxError> {
        if self.peek_look(look)? {
            return Ok(());
        }
        let direction = if look.behind { Direction::Backward } else { Direction::Forward };
        let within = Rest { first: First::any(), accepts: true };
        let groups = [look.captures.start, look.captures.end];
        if look.negated {
            let height = self.registers(1);
            let enter = self.emit(Op::NotEnter, height, &[0])?;
            self.node(&look.body, &within, direction)?;
            self.emit(Op::NotLeave, height, &groups)?;
            self.patch(enter);
        } else {
            let saved = self.registers(2);
            self.emit(Op::LookEnter, saved, &[])?;
            self.node(&look.body, &within, direction)?;
            self.emit(Op::LookLeave, saved, &groups)?;
        }
        Ok(())
    }

    /// OPTIMIZATION: a lookahead for one unit is a peek.
    fn peek_look(&mut self, look: &Look) -> Result<bool, SyntaxError> {
        let units = match &look.body.kind {
            Kind::Char(cp) => CharSet::single(*cp),
            Kind::Set(set) => set.clone(),
            _ => return Ok(false),
        };
        // Surrogates with `u` are more than one unit.
        if look.behind || self.by_code_point && units.leading_units().contains(0xD800) {
            return Ok(false);
        }
        let mut skips = Vec::new();
        self.guard(&First { units, end: false, any: false }, &mut skips)?;
        if look.negated {
            self.emit(Op::Fail, 0, &[])?;
            skips.into_iter().for_each(|at| self.patch(at));
        } else {
            let end = self.emit(Op::Jump, 0, &[])?;
            skips.into_iter().for_each(|at| self.patch(at));
            self.emit(Op::Fail, 0, &[])?;
            self.patch(end);
        }
        Ok(true)
    }

    fn repeat(&mut self, repeat: &Repeat, rest: &Rest, direction: Direction) -> Result<(), SyntaxError> {
        if direction == Direction::Forward
            && let Some(single) = self.single(&repeat.body)
        {
            return self.repeat_single(repeat, &single, rest);
        }
        let nullable = repeat.body.nullable();
        match (repeat.min, repeat.max) {
            (0, 1) => self.optional(repeat, rest, direction),
            (0, NONE) => self.star(repeat, rest, direction),
            (1, NONE) if !nullable => self.plus(repeat, rest, direction),
            _ => self.counted(repeat, rest, direction),
        }
    }

    fn repeat_single(&mut self, repeat: &Repeat, single: &Single, rest: &Rest) -> Result<(), SyntaxError> {
        let units = match &repeat.body.kind {
            Kind::Char(cp) => CharSet::single(*cp).leading_units(),
            Kind::Set(set) => set.leading_units(),
            _ => CharSet::new(),
        };
        let (min, mut max) = (repeat.min, repeat.max);
        if !repeat.greedy && rest.accepts {
            max = min;
        }
        // Nothing to give back: the rest cannot begin with what the loop matches, or cannot fail.
        let final_at_once = min == max || rest.first.excludes(&units) || rest.accepts;
        let op = match (final_at_once, repeat.greedy) {
            (true, _) => Op::Run,
            (false, true) => Op::Greedy,
            (false, false) => Op::Lazy,
        };
        let next = match rest.first.units.ranges() {
            [(lo, hi)] if lo == hi && rest.first.needs_unit() => *lo,
            _ => NONE,
        };
        let operands = [single.arg, min, max, next];
        let used = if op == Op::Run { 3 } else { 4 };
        let at = self.emit(op, single.kind as u32, &operands[..used])?;
        self.refer_arg(single, at + 1);
        Ok(())
    }

    /// How an iteration is entered: whether the next unit alone decides, and the tests for it.
    fn entry(
        &mut self,
        repeat: &Repeat,
        rest: &Rest,
        direction: Direction,
        skips: &mut Vec<usize>,
    ) -> Result<bool, SyntaxError> {
        if direction == Direction::Backward {
            return Ok(false);
        }
        let body = first(&repeat.body, &rest.first);
        Ok(self.guard(&body, skips)? && rest.first.excludes(&body.units))
    }

    /// The choice between another iteration and the exit; to be patched to the exit.
    fn choice(&mut self, repeat: &Repeat, skips: &mut Vec<usize>) -> Result<(), SyntaxError> {
        let op = if repeat.greedy { Op::Split } else { Op::SplitLazy };
        skips.push(self.emit(op, 0, &[])?);
        Ok(())
    }

    /// What follows an iteration: another one or the rest.
    fn rest_of_iteration(repeat: &Repeat, rest: &Rest, direction: Direction) -> Rest {
        match direction {
            Direction::Forward => Rest { first: first(&repeat.body, &rest.first).union(&rest.first), accepts: false },
            Direction::Backward => Rest::unknown(),
        }
    }

    /// The body of a loop with its captures forgotten first.
    fn iteration(&mut self, repeat: &Repeat, rest: &Rest, direction: Direction) -> Result<(), SyntaxError> {
        if !repeat.captures.is_empty() {
            self.emit(Op::ResetCaptures, repeat.captures.start, &[repeat.captures.end])?;
        }
        self.node(&repeat.body, rest, direction)
    }

    fn optional(&mut self, repeat: &Repeat, rest: &Rest, direction: Direction) -> Result<(), SyntaxError> {
        let mut exits = Vec::new();
        if !self.entry(repeat, rest, direction, &mut exits)? {
            self.choice(repeat, &mut exits)?;
        }
        // Groups inside are unset here: an enclosing loop has reset them.
        if repeat.body.nullable() {
            let position = self.registers(1);
            self.emit(Op::SetPosition, position, &[])?;
            self.node(&repeat.body, &Rest { first: rest.first.clone(), accepts: false }, direction)?;
            self.emit(Op::EmptyCheck, position, &[])?;
        } else {
            self.node(&repeat.body, rest, direction)?;
        }
        exits.into_iter().for_each(|at| self.patch(at));
        Ok(())
    }

    fn star(&mut self, repeat: &Repeat, rest: &Rest, direction: Direction) -> Result<(), SyntaxError> {
        let mut exits = Vec::new();
        let head = self.here();
        if !self.entry(repeat, rest, direction, &mut exits)? {
            self.choice(repeat, &mut exits)?;
        }
        let within = Generator::rest_of_iteration(repeat, rest, direction);
        if repeat.body.nullable() {
            let position = self.registers(1);
            self.emit(Op::SetPosition, position, &[])?;
            self.iteration(repeat, &within, direction)?;
            self.emit(Op::EmptyCheck, position, &[])?;
        } else {
            self.iteration(repeat, &within, direction)?;
        }
        self.emit(Op::Jump, head, &[])?;
        exits.into_iter().for_each(|at| self.patch(at));
        Ok(())
    }

    fn plus(&mut self, repeat: &Repeat, rest: &Rest, direction: Direction) -> Result<(), SyntaxError> {
        let mut exits = Vec::new();
        let head = self.here();
        let within = Generator::rest_of_iteration(repeat, rest, direction);
        self.iteration(repeat, &within, direction)?;
        if !self.entry(repeat, rest, direction, &mut exits)? {
            self.choice(repeat, &mut exits)?;
        }
        self.emit(Op::Jump, head, &[])?;
        exits.into_iter().for_each(|at| self.patch(at));
        Ok(())
    }

    fn counted(&mut self, repeat: &Repeat, rest: &Rest, direction: Direction) -> Result<(), SyntaxError> {
        let counter = self.registers(1);
        self.emit(Op::SetZero, counter, &[])?;
        let head = self.here();
        let op = if repeat.greedy { Op::Loop } else { Op::LoopLazy };
        let exit = self.emit(op, counter, &[repeat.min, repeat.max, 0])?;
        let within = Generator::rest_of_iteration(repeat, rest, direction);
        if repeat.body.nullable() {
            let position = self.registers(1);
            self.emit(Op::SetPosition, position, &[])?;
            self.iteration(repeat, &within, direction)?;
            self.emit(Op::EmptyCheckCounted, position, &[counter, repeat.min])?;
        } else {
            self.iteration(repeat, &within, direction)?;
        }
        self.emit(Op::Next, counter, &[head])?;
        self.patch(exit);
        Ok(())
    }
}

/// A set of two units that differ in one bit, as a unit and a mask.
fn masked(set: &CharSet) -> Option<u32> {
    if set.len() != 2 || set.max().is_none_or(|max| max > MAX_UNIT) {
        return None;
    }
    let mut members = set.iter();
    let (a, b) = (members.next()?, members.next()?);
    let mask = a ^ b;
    (mask.is_power_of_two() && !ir::is_surrogate(a) && !ir::is_surrogate(b)).then_some(a | b | mask << 16)
}

fn too_large() -> SyntaxError {
    SyntaxError::new("pattern too large")
}
