//! Runs a program over an input: finds candidates with the filter, then matches by backtracking.
//!
//! Programs may come from damaged memory, so every access is checked: a malformed program fails to
//! match, whatever its words are. Work is counted in steps; every [`POLL_INTERVAL`] steps the
//! caller's poll decides whether to go on, so a match always ends.

use std::ops::Range;

use super::Flags;
use super::program::{
    BACKREF_BACK, BACKREF_IGNORE_CASE, CLASS_HEADER, CharKind, Filter, Header, NONE, Op, STEP_BACK, WORD_FOLDED,
    WORD_NEGATED,
};
use super::unicode::{self, CaseRule};

/// Steps between two polls.
const POLL_INTERVAL: u32 = 4_096;
/// Units scanned in a tight loop that count as one step.
const UNITS_PER_STEP: usize = 16;
/// Units scanned between two looks at the step count.
const SCAN_CHUNK: usize = UNITS_PER_STEP * 256;
/// The most words of the backtrack stack: 8 MiB.
const MAX_STACK_WORDS: usize = 8 << 20 >> 2;
/// A capture register of a group that has not matched.
pub const UNSET: u32 = u32::MAX;

/// The string to match, in either representation of the heap.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// One byte per unit, U+0000 to U+00FF.
    Latin1(&'a [u8]),
    /// UTF-16 units; lone surrogates are allowed.
    Utf16(&'a [u16]),
}

/// How a match ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// [`Scratch::captures`] holds the groups.
    Match,
    /// No match; or the program is malformed, or the input longer than 2³² − 2 units.
    NoMatch,
    /// The poll asked to stop.
    Interrupted,
    /// The backtrack stack has reached its limit.
    TooDeep,
}

/// Working memory of [`exec`], to be reused: once warm, matching does not allocate.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Captures in pairs, then loop registers.
    registers: Vec<u32>,
    /// See `Record`.
    stack: Vec<u32>,
    /// Capture registers of the last match.
    captures: usize,
}

impl Scratch {
    /// Start and end of each group of the last match in units, two words per group beginning with
    /// the whole match; both are [`UNSET`] for a group that took no part. Empty if the last
    /// [`exec`] did not match.
    pub fn captures(&self) -> &[u32] {
        self.registers.get(..self.captures).unwrap_or(&[])
    }

    /// Words allocated.
    #[cfg(test)]
    pub(super) fn capacities(&self) -> (usize, usize) {
        (self.registers.capacity(), self.stack.capacity())
    }
}

/// Matches a program against `input` from `start` on; with the sticky flag only at `start`.
///
/// `poll` is asked about every 4,096 steps, in scanning loops too, and ends the match by returning
/// true. With `u` or `v` a `start` within a surrogate pair counts as the start of the pair.
///
/// Sources: ECMA-262 `22.2.7.2 RegExpBuiltinExec` and `22.2.2 Pattern Semantics`.
pub fn exec(
    code: &[u32],
    input: Input<'_>,
    start: usize,
    scratch: &mut Scratch,
    poll: &mut dyn FnMut() -> bool,
) -> Outcome {
    scratch.captures = 0;
    let Ok(header) = Header::read(code) else { return Outcome::NoMatch };
    let found = match input {
        Input::Latin1(units) => search(code, &header, units, start, scratch, poll),
        Input::Utf16(units) => search(code, &header, units, start, scratch, poll),
    };
    match found {
        Ok(true) => {
            scratch.captures = 2 * header.captures as usize;
            // A group that was entered but not left took no part.
            for group in scratch.registers[..scratch.captures].chunks_exact_mut(2) {
                if group[0] == UNSET || group[1] == UNSET {
                    group.fill(UNSET);
                }
            }
            Outcome::Match
        }
        Ok(false) | Err(Stop::Malformed) => Outcome::NoMatch,
        Err(Stop::Interrupted) => Outcome::Interrupted,
        Err(Stop::TooDeep) => Outcome::TooDeep,
    }
}

/// Why a match ended early.
#[derive(Clone, Copy, Debug)]
enum Stop {
    Interrupted,
    TooDeep,
    Malformed,
}

/// A unit of the input.
trait Unit: Copy + PartialEq {
    /// Whether surrogates can occur.
    const WIDE: bool;

    fn code(self) -> u32;

    /// The first position of `unit`.
    fn find(units: &[Self], unit: u32) -> Option<usize>;

    /// The first position of one of three bytes, for Latin-1.
    fn find_any(units: &[Self], bytes: [u8; 3]) -> Option<Option<usize>>;

    /// The first position of a line terminator.
    fn find_line_end(units: &[Self]) -> Option<usize>;
}

impl Unit for u8 {
    const WIDE: bool = false;

    #[inline(always)]
    fn code(self) -> u32 {
        u32::from(self)
    }

    #[inline]
    fn find(units: &[u8], unit: u32) -> Option<usize> {
        memchr::memchr(u8::try_from(unit).ok()?, units)
    }

    #[inline]
    fn find_any(units: &[u8], [a, b, c]: [u8; 3]) -> Option<Option<usize>> {
        Some(if b == c { memchr::memchr2(a, b, units) } else { memchr::memchr3(a, b, c, units) })
    }

    #[inline]
    fn find_line_end(units: &[u8]) -> Option<usize> {
        memchr::memchr2(b'\n', b'\r', units)
    }
}

impl Unit for u16 {
    const WIDE: bool = true;

    #[inline(always)]
    fn code(self) -> u32 {
        u32::from(self)
    }

    #[inline]
    fn find(units: &[u16], unit: u32) -> Option<usize> {
        let unit = u16::try_from(unit).ok()?;
        // Whole blocks first: the compiler compares a block at once.
        let (blocks, _) = units.as_chunks::<16>();
        let block = blocks.iter().position(|block| block.iter().fold(false, |any, &u| any | (u == unit)));
        let from = block.unwrap_or(blocks.len()) * 16;
        units[from..].iter().position(|&u| u == unit).map(|at| from + at)
    }

    #[inline]
    fn find_any(_: &[u16], _: [u8; 3]) -> Option<Option<usize>> {
        None
    }

    #[inline]
    fn find_line_end(units: &[u16]) -> Option<usize> {
        units.iter().position(|&u| unicode::is_line_terminator(u32::from(u)))
    }
}

fn search<U: Unit>(
    code: &[u32],
    header: &Header,
    input: &[U],
    start: usize,
    scratch: &mut Scratch,
    poll: &mut dyn FnMut() -> bool,
) -> Result<bool, Stop> {
    if start > input.len() || input.len() >= UNSET as usize {
        return Ok(false);
    }
    scratch.stack.clear();
    scratch.registers.clear();
    scratch.registers.resize(header.registers as usize, UNSET);
    let flags = header.flags();
    let mut matcher = Matcher {
        code,
        input,
        registers: &mut scratch.registers,
        stack: &mut scratch.stack,
        captures: 2 * header.captures as usize,
        by_code_point: U::WIDE && flags.by_code_point(),
        fold: flags.by_code_point(),
        fuel: POLL_INTERVAL,
        poll,
    };
    let mut at = start;
    if matcher.by_code_point && matcher.splits_pair(at) {
        at -= 1;
    }
    if flags.contains(Flags::STICKY) {
        return matcher.attempt(header, at);
    }
    if header.filter() == Filter::Start {
        return if at == 0 { matcher.attempt(header, 0) } else { Ok(false) };
    }
    loop {
        let Some(candidate) = matcher.candidate(header, at)? else { return Ok(false) };
        if input.len() - candidate < header.min_len as usize {
            return Ok(false);
        }
        if matcher.attempt(header, candidate)? {
            return Ok(true);
        }
        matcher.spend(1)?;
        at = candidate + 1;
        if matcher.by_code_point && matcher.splits_pair(at) {
            at += 1;
        }
        if at > input.len() {
            return Ok(false);
        }
    }
}

/// What is on the backtrack stack, told apart by the low two bits of its last word. The payload
/// is the rest of that word.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
enum Record {
    /// `[position]`: go on there at the instruction in the payload.
    Choice,
    /// `[value]`: put it back into the register in the payload.
    Undo,
    /// `[least, position]`: the `Greedy` loop in the payload has matched up to the position and
    /// may give back down to the least.
    Greedy,
    /// `[position, iterations left]`: the `Lazy` loop in the payload may match on.
    Lazy,
}

impl Record {
    #[inline(always)]
    fn word(self, payload: usize) -> u32 {
        (payload as u32) << 2 | self as u32
    }

    #[inline(always)]
    fn of(word: u32) -> (Record, usize) {
        let record = match word & 3 {
            0 => Record::Choice,
            1 => Record::Undo,
            2 => Record::Greedy,
            _ => Record::Lazy,
        };
        (record, (word >> 2) as usize)
    }
}

struct Matcher<'a, U> {
    code: &'a [u32],
    input: &'a [U],
    registers: &'a mut Vec<u32>,
    stack: &'a mut Vec<u32>,
    /// Capture registers.
    captures: usize,
    /// Surrogate pairs are one character.
    by_code_point: bool,
    /// Case is ignored by folding, not by the upper-case rule.
    fold: bool,
    /// Steps until the next poll.
    fuel: u32,
    poll: &'a mut dyn FnMut() -> bool,
}

impl<U: Unit> Matcher<'_, U> {
    /// Counts steps and polls when it is time.
    #[inline(always)]
    fn spend(&mut self, steps: usize) -> Result<(), Stop> {
        if (self.fuel as usize) > steps {
            self.fuel -= steps as u32;
            return Ok(());
        }
        self.poll()
    }

    #[cold]
    fn poll(&mut self) -> Result<(), Stop> {
        self.fuel = POLL_INTERVAL;
        if (self.poll)() { Err(Stop::Interrupted) } else { Ok(()) }
    }

    #[inline(always)]
    fn unit(&self, at: usize) -> Option<u32> {
        self.input.get(at).map(|unit| unit.code())
    }

    /// Operand words after the instruction at `at`.
    #[inline(always)]
    fn operands<const N: usize>(&self, at: usize) -> Result<[u32; N], Stop> {
        self.code.get(at + 1..).and_then(|words| words.first_chunk()).copied().ok_or(Stop::Malformed)
    }

    /// Whether `at` lies between the halves of a surrogate pair.
    fn splits_pair(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        matches!((self.unit(before), self.unit(at)), (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)))
    }

    /// The first position from `at` on where the filter admits a match.
    fn candidate(&mut self, header: &Header, at: usize) -> Result<Option<usize>, Stop> {
        let filter_at = header.filter_at as usize;
        match header.filter() {
            Filter::Everywhere | Filter::Start => Ok(Some(at)),
            Filter::Literal => {
                let end = filter_at.saturating_add(header.filter_len as usize);
                let literal = self.code.get(filter_at..end).ok_or(Stop::Malformed)?;
                self.find_literal(literal, at)
            }
            Filter::Set => {
                let [a, b, c, usable] = header.filter_len.to_le_bytes();
                let mut from = at;
                while from < self.input.len() {
                    let to = self.input.len().min(from + SCAN_CHUNK);
                    let chunk = &self.input[from..to];
                    let found = match if usable != 0 { U::find_any(chunk, [a, b, c]) } else { None } {
                        Some(found) => found,
                        None => {
                            let class = Class::at(self.code, filter_at)?;
                            chunk.iter().position(|unit| class.has(unit.code()))
                        }
                    };
                    if let Some(found) = found {
                        self.spend(found / UNITS_PER_STEP)?;
                        return Ok(Some(from + found));
                    }
                    self.spend(chunk.len() / UNITS_PER_STEP)?;
                    from = to;
                }
                Ok(None)
            }
        }
    }

    fn find_literal(&mut self, literal: &[u32], at: usize) -> Result<Option<usize>, Stop> {
        let (&first, others) = literal.split_first().ok_or(Stop::Malformed)?;
        let mut from = at;
        while let Some(last) = self.input.len().checked_sub(literal.len())
            && from <= last
        {
            let to = (last + 1).min(from + SCAN_CHUNK);
            let Some(found) = U::find(&self.input[from..to], first) else {
                self.spend((to - from) / UNITS_PER_STEP)?;
                from = to;
                continue;
            };
            self.spend(1 + found / UNITS_PER_STEP)?;
            from += found;
            let tail = &self.input[from + 1..from + literal.len()];
            if tail.iter().zip(others).all(|(unit, &wanted)| unit.code() == wanted) {
                return Ok(Some(from));
            }
            from += 1;
        }
        Ok(None)
    }

    /// Matches at `start` only.
    fn attempt(&mut self, header: &Header, start: usize) -> Result<bool, Stop> {
        self.stack.clear();
        self.registers[..self.captures].fill(UNSET);
        let Some(end) = self.run(header.code_at as usize, start)? else { return Ok(false) };
        self.registers[0] = start as u32;
        self.registers[1] = end as u32;
        Ok(true)
    }

    /// The interpreter loop: the end of the match that starts at `position`.
    fn run(&mut self, code_at: usize, position: usize) -> Result<Option<usize>, Stop> {
        let (mut pc, mut position) = (code_at, position);
        loop {
            let word = *self.code.get(pc).ok_or(Stop::Malformed)?;
            let inline = word >> 8;
            let op = Op::decode(word).ok_or(Stop::Malformed)?;
            // Each arm goes on with the loop where it succeeds, and falls out of the match where it
            // fails.
            match op {
                Op::Fail => {}
                Op::Match => return Ok(Some(position)),
                Op::Jump => {
                    self.spend(1)?;
                    pc = inline as usize;
                    continue;
                }
                Op::Split => {
                    self.push([position as u32, Record::Choice.word(inline as usize)])?;
                    pc += Op::Split.fixed_len();
                    continue;
                }
                Op::SplitLazy => {
                    self.spend(1)?;
                    self.push([position as u32, Record::Choice.word(pc + Op::SplitLazy.fixed_len())])?;
                    pc = inline as usize;
                    continue;
                }
                Op::PeekChar => {
                    let [target] = self.operands(pc)?;
                    if self.unit(position) == Some(inline) {
                        pc += Op::PeekChar.fixed_len();
                    } else {
                        self.spend(1)?;
                        pc = target as usize;
                    }
                    continue;
                }
                Op::PeekSet => {
                    let [target] = self.operands(pc)?;
                    if self.unit_in_class(position, inline)? {
                        pc += Op::PeekSet.fixed_len();
                    } else {
                        self.spend(1)?;
                        pc = target as usize;
                    }
                    continue;
                }
                Op::Char => {
                    if self.unit(position) == Some(inline) {
                        position += 1;
                        pc += Op::Char.fixed_len();
                        continue;
                    }
                }
                Op::Set => {
                    if self.unit_in_class(position, inline)? {
                        position += 1;
                        pc += Op::Set.fixed_len();
                        continue;
                    }
                }
                Op::Literal => {
                    let len = inline as usize;
                    let literal = self.code.get(pc + 1..pc + 1 + len).ok_or(Stop::Malformed)?;
                    if let Some(units) = self.input.get(position..position + len)
                        && units.iter().zip(literal).all(|(unit, &wanted)| unit.code() == wanted)
                    {
                        position += len;
                        pc += Op::Literal.fixed_len() + len;
                        continue;
                    }
                }
                Op::LiteralMasked => {
                    let len = inline as usize;
                    let literal = self.code.get(pc + 1..pc + 1 + len).ok_or(Stop::Malformed)?;
                    if let Some(units) = self.input.get(position..position + len)
                        && units.iter().zip(literal).all(|(unit, &wanted)| is_masked(unit.code(), wanted))
                    {
                        position += len;
                        pc += Op::LiteralMasked.fixed_len() + len;
                        continue;
                    }
                }
                Op::Step => {
                    let [arg] = self.operands(pc)?;
                    if let Some(next) = self.step(inline, arg, position)? {
                        position = next;
                        pc += Op::Step.fixed_len();
                        continue;
                    }
                }
                Op::Run => {
                    let [arg, min, max] = self.operands(pc)?;
                    let (end, count) = self.scan(inline, arg, position, max)?;
                    if count >= min {
                        position = end;
                        pc += Op::Run.fixed_len();
                        continue;
                    }
                }
                Op::Greedy => {
                    if let Some(next) = self.greedy(pc, inline, position)? {
                        position = next;
                        pc += Op::Greedy.fixed_len();
                        continue;
                    }
                }
                Op::Lazy => {
                    if let Some(next) = self.lazy(pc, inline, position)? {
                        position = next;
                        pc += Op::Lazy.fixed_len();
                        continue;
                    }
                }
                Op::Save => {
                    self.set_register(inline as usize, position as u32)?;
                    pc += Op::Save.fixed_len();
                    continue;
                }
                Op::ResetCaptures => {
                    let [end] = self.operands(pc)?;
                    for register in 2 * inline as usize..(2 * end as usize).min(self.captures) {
                        if self.register(register)? != UNSET {
                            self.set_register(register, UNSET)?;
                        }
                    }
                    self.spend(end.saturating_sub(inline) as usize / UNITS_PER_STEP)?;
                    pc += Op::ResetCaptures.fixed_len();
                    continue;
                }
                Op::SetZero => {
                    self.set_register(inline as usize, 0)?;
                    pc += Op::SetZero.fixed_len();
                    continue;
                }
                Op::SetPosition => {
                    self.set_register(inline as usize, position as u32)?;
                    pc += Op::SetPosition.fixed_len();
                    continue;
                }
                Op::EmptyCheck => {
                    if self.register(inline as usize)? != position as u32 {
                        pc += Op::EmptyCheck.fixed_len();
                        continue;
                    }
                }
                Op::EmptyCheckCounted => {
                    let [counter, min] = self.operands(pc)?;
                    if self.register(inline as usize)? != position as u32 || self.register(counter as usize)? < min {
                        pc += Op::EmptyCheckCounted.fixed_len();
                        continue;
                    }
                }
                Op::Loop => {
                    let [min, max, exit] = self.operands(pc)?;
                    self.spend(1)?;
                    let count = self.register(inline as usize)?;
                    if count >= max {
                        pc = exit as usize;
                        continue;
                    }
                    if count >= min {
                        self.push([position as u32, Record::Choice.word(exit as usize)])?;
                    }
                    pc += Op::Loop.fixed_len();
                    continue;
                }
                Op::LoopLazy => {
                    let [min, max, exit] = self.operands(pc)?;
                    self.spend(1)?;
                    let count = self.register(inline as usize)?;
                    if count >= max {
                        pc = exit as usize;
                        continue;
                    }
                    if count >= min {
                        self.push([position as u32, Record::Choice.word(pc + Op::LoopLazy.fixed_len())])?;
                        pc = exit as usize;
                        continue;
                    }
                    pc += Op::LoopLazy.fixed_len();
                    continue;
                }
                Op::Next => {
                    let [target] = self.operands(pc)?;
                    self.spend(1)?;
                    let count = self.register(inline as usize)?;
                    // One below `UNSET`: a bound above that is never reached.
                    self.set_register(inline as usize, count.saturating_add(1).min(UNSET - 1))?;
                    pc = target as usize;
                    continue;
                }
                Op::Start => {
                    if position == 0 {
                        pc += Op::Start.fixed_len();
                        continue;
                    }
                }
                Op::LineStart => {
                    if position == 0 || self.unit(position - 1).is_some_and(unicode::is_line_terminator) {
                        pc += Op::LineStart.fixed_len();
                        continue;
                    }
                }
                Op::End => {
                    if position == self.input.len() {
                        pc += Op::End.fixed_len();
                        continue;
                    }
                }
                Op::LineEnd => {
                    if self.unit(position).is_none_or(unicode::is_line_terminator) {
                        pc += Op::LineEnd.fixed_len();
                        continue;
                    }
                }
                Op::Word => {
                    if self.is_word_boundary(position, inline & WORD_FOLDED != 0) != (inline & WORD_NEGATED != 0) {
                        pc += Op::Word.fixed_len();
                        continue;
                    }
                }
                Op::BackRef => {
                    if let Some(next) = self.back_reference(pc, inline as usize, position)? {
                        position = next;
                        pc += Op::BackRef.fixed_len() + inline as usize;
                        continue;
                    }
                }
                Op::LookEnter => {
                    // No undo: a lookaround is entered anew before its registers are read again.
                    *self.register_mut(inline as usize)? = position as u32;
                    *self.register_mut(inline as usize + 1)? = self.stack.len() as u32;
                    pc += Op::LookEnter.fixed_len();
                    continue;
                }
                Op::LookLeave => {
                    let [first, end] = self.operands(pc)?;
                    position = self.register(inline as usize)? as usize;
                    let height = self.register(inline as usize + 1)?;
                    self.leave_look(height, first, end)?;
                    pc += Op::LookLeave.fixed_len();
                    continue;
                }
                Op::NotEnter => {
                    let [target] = self.operands(pc)?;
                    *self.register_mut(inline as usize)? = self.stack.len() as u32;
                    self.push([position as u32, Record::Choice.word(target as usize)])?;
                    pc += Op::NotEnter.fixed_len();
                    continue;
                }
                Op::NotLeave => {
                    let [first, end] = self.operands(pc)?;
                    let height = self.register(inline as usize)? as usize;
                    self.stack.truncate(height);
                    let groups = 2 * first as usize..(2 * end as usize).min(self.captures);
                    self.registers.get_mut(groups).unwrap_or(&mut []).fill(UNSET);
                }
            }
            self.spend(1)?;
            match self.backtrack()? {
                Some((to, at)) => (pc, position) = (to, at),
                None => return Ok(None),
            }
        }
    }

    /// Ends a positive lookaround: its choices are dropped, its captures stay until the match
    /// backtracks past it. Groups inside were unset when it was entered, as enclosing loops reset
    /// them, so that is what they go back to.
    fn leave_look(&mut self, height: u32, first: u32, end: u32) -> Result<(), Stop> {
        self.stack.truncate(height as usize);
        if self.stack.is_empty() {
            return Ok(());
        }
        for register in 2 * first as usize..(2 * end as usize).min(self.captures) {
            if self.register(register)? != UNSET {
                self.push([UNSET, Record::Undo.word(register)])?;
            }
        }
        self.spend(end.saturating_sub(first) as usize / UNITS_PER_STEP)
    }

    #[inline(always)]
    fn push<const N: usize>(&mut self, words: [u32; N]) -> Result<(), Stop> {
        if self.stack.len() > MAX_STACK_WORDS - N {
            return Err(Stop::TooDeep);
        }
        self.stack.extend_from_slice(&words);
        Ok(())
    }

    #[inline(always)]
    fn register(&self, register: usize) -> Result<u32, Stop> {
        self.registers.get(register).copied().ok_or(Stop::Malformed)
    }

    #[inline(always)]
    fn register_mut(&mut self, register: usize) -> Result<&mut u32, Stop> {
        self.registers.get_mut(register).ok_or(Stop::Malformed)
    }

    /// Sets a register so that backtracking restores it.
    #[inline(always)]
    fn set_register(&mut self, register: usize, value: u32) -> Result<(), Stop> {
        let old = std::mem::replace(self.register_mut(register)?, value);
        // OPTIMIZATION: with no choice to go back to, nobody sees the old value.
        if self.stack.is_empty() { Ok(()) } else { self.push([old, Record::Undo.word(register)]) }
    }

    /// Undoes up to the last choice; instruction and position to go on at, `None` if there are none.
    #[inline]
    fn backtrack(&mut self) -> Result<Option<(usize, usize)>, Stop> {
        while let Some(word) = self.stack.pop() {
            let (record, payload) = Record::of(word);
            let top = self.stack.pop().ok_or(Stop::Malformed)?;
            match record {
                Record::Choice => return Ok(Some((payload, top as usize))),
                Record::Undo => *self.register_mut(payload)? = top,
                Record::Greedy => {
                    let least = self.stack.pop().ok_or(Stop::Malformed)?;
                    if let Some(position) = self.give_back(payload, least, top)? {
                        return Ok(Some((payload + Op::Greedy.fixed_len(), position)));
                    }
                }
                Record::Lazy => {
                    let position = self.stack.pop().ok_or(Stop::Malformed)?;
                    if let Some(position) = self.take_more(payload, position as usize, top)? {
                        return Ok(Some((payload + Op::Lazy.fixed_len(), position)));
                    }
                }
            }
        }
        Ok(None)
    }

    /// First entry of a `Greedy` loop at `pc`.
    #[inline]
    fn greedy(&mut self, pc: usize, kind: u32, position: usize) -> Result<Option<usize>, Stop> {
        let [arg, min, max, _] = self.operands(pc)?;
        let mut least = position;
        if min > 0 {
            let (end, count) = self.scan(kind, arg, position, min)?;
            if count < min {
                return Ok(None);
            }
            least = end;
        }
        let (end, _) = self.scan(kind, arg, least, if max == NONE { NONE } else { max.saturating_sub(min) })?;
        if end > least {
            self.push([least as u32, end as u32, Record::Greedy.word(pc)])?;
        }
        Ok(Some(end))
    }

    /// The next shorter match of a `Greedy` loop; keeps its record if there are more.
    #[inline]
    fn give_back(&mut self, pc: usize, least: u32, position: u32) -> Result<Option<usize>, Stop> {
        let [_, _, _, next] = self.operands(pc)?;
        let by_pair = self.by_code_point
            && self.code.get(pc).is_some_and(|word| word >> 8 & 0xFF == CharKind::CodePointSet as u32);
        let (least, from) = (least as usize, (position as usize).min(self.input.len()));
        let mut at = from;
        while at > least {
            at -= 1;
            if by_pair && at > least && self.splits_pair(at) {
                at -= 1;
            }
            if next == NONE || self.unit(at) == Some(next) {
                if at > least {
                    self.push([least as u32, at as u32, Record::Greedy.word(pc)])?;
                }
                self.spend((from - at) / UNITS_PER_STEP)?;
                return Ok(Some(at));
            }
        }
        self.spend((from - at) / UNITS_PER_STEP)?;
        Ok(None)
    }

    /// First entry of a `Lazy` loop at `pc`.
    fn lazy(&mut self, pc: usize, kind: u32, position: usize) -> Result<Option<usize>, Stop> {
        let [arg, min, max, next] = self.operands(pc)?;
        let (least, count) = if min > 0 { self.scan(kind, arg, position, min)? } else { (position, 0) };
        if count < min {
            return Ok(None);
        }
        let left = if max == NONE { NONE } else { max.saturating_sub(min) };
        if next != NONE && self.unit(least) != Some(next) {
            return self.take_more(pc, least, left);
        }
        self.push([least as u32, left, Record::Lazy.word(pc)])?;
        Ok(Some(least))
    }

    /// The next longer match of a `Lazy` loop; keeps its record for more.
    fn take_more(&mut self, pc: usize, position: usize, left: u32) -> Result<Option<usize>, Stop> {
        let [arg, _, _, next] = self.operands(pc)?;
        let kind = *self.code.get(pc).ok_or(Stop::Malformed)? >> 8 & 0xFF;
        let (mut at, mut left) = (position, left);
        loop {
            if left == 0 {
                return Ok(None);
            }
            let Some(after) = self.step(kind, arg, at)? else { return Ok(None) };
            // A step that stays in place can only come from a damaged program.
            if after <= at {
                return Err(Stop::Malformed);
            }
            at = after;
            left -= u32::from(left != NONE);
            if next == NONE || self.unit(at) == Some(next) {
                self.push([at as u32, left, Record::Lazy.word(pc)])?;
                return Ok(Some(at));
            }
            self.spend(1)?;
        }
    }

    #[inline(always)]
    fn unit_in_class(&self, at: usize, class: u32) -> Result<bool, Stop> {
        match self.unit(at) {
            Some(unit) => Ok(Class::at(self.code, class as usize)?.has(unit)),
            None => Ok(false),
        }
    }

    /// The position after one character at `at` that passes the test, or before it, backwards.
    #[inline]
    fn step(&self, inline: u32, arg: u32, at: usize) -> Result<Option<usize>, Stop> {
        let kind = CharKind::decode(inline).ok_or(Stop::Malformed)?;
        let back = inline & STEP_BACK != 0;
        let unit_at = if back { at.checked_sub(1) } else { Some(at) };
        let Some((unit_at, unit)) = unit_at.and_then(|at| Some((at, self.unit(at)?))) else { return Ok(None) };
        let passes = match kind {
            CharKind::Char => unit == arg,
            CharKind::Masked => is_masked(unit, arg),
            CharKind::NotChar => unit != arg,
            CharKind::NotLineEnd => !unicode::is_line_terminator(unit),
            CharKind::All => true,
            CharKind::Set => Class::at(self.code, arg as usize)?.has(unit),
            CharKind::CodePointSet => {
                let (character, units) = if back { self.code_point_before(at) } else { self.code_point(at) };
                let class = Class::at(self.code, arg as usize)?;
                let next = if back { at.checked_sub(units) } else { Some(at + units) };
                return Ok(next.filter(|_| class.has(character)));
            }
        };
        Ok(passes.then_some(if back { unit_at } else { at + 1 }))
    }

    /// The code point at `at` and its number of units; `at` is within the input.
    #[inline(always)]
    fn code_point(&self, at: usize) -> (u32, usize) {
        let unit = self.unit(at).unwrap_or(0);
        if U::WIDE && self.by_code_point && self.splits_pair(at + 1) {
            return (pair(unit, self.unit(at + 1).unwrap_or(0)), 2);
        }
        (unit, 1)
    }

    /// The code point that ends at `at` and its number of units.
    fn code_point_before(&self, at: usize) -> (u32, usize) {
        let unit = self.unit(at.wrapping_sub(1)).unwrap_or(0);
        if self.by_code_point && at >= 2 && self.splits_pair(at - 1) {
            return (pair(self.unit(at - 2).unwrap_or(0), unit), 2);
        }
        (unit, 1)
    }

    /// Matches as many characters as possible, at most `max`: the end and their number.
    #[inline]
    fn scan(&mut self, kind: u32, arg: u32, from: usize, max: u32) -> Result<(usize, u32), Stop> {
        let kind = CharKind::decode(kind).ok_or(Stop::Malformed)?;
        if kind == CharKind::CodePointSet && self.by_code_point {
            return self.scan_code_points(arg, from, max);
        }
        let end = self.input.len().min(from.saturating_add(max as usize));
        let mut at = from;
        while at < end {
            let to = end.min(at + SCAN_CHUNK);
            let matched = self.scan_chunk(kind, arg, &self.input[at..to])?;
            self.spend(matched / UNITS_PER_STEP)?;
            at += matched;
            if at < to {
                break;
            }
        }
        Ok((at, (at - from) as u32))
    }

    /// Units at the start of `chunk` that pass the test.
    #[inline(always)]
    fn scan_chunk(&self, kind: CharKind, arg: u32, chunk: &[U]) -> Result<usize, Stop> {
        let stop = match kind {
            CharKind::Char => chunk.iter().position(|unit| unit.code() != arg),
            CharKind::Masked => chunk.iter().position(|unit| !is_masked(unit.code(), arg)),
            CharKind::NotChar => U::find(chunk, arg),
            CharKind::NotLineEnd => U::find_line_end(chunk),
            CharKind::All => None,
            CharKind::Set | CharKind::CodePointSet => {
                let class = Class::at(self.code, arg as usize)?;
                chunk.iter().position(|unit| !class.has(unit.code()))
            }
        };
        Ok(stop.unwrap_or(chunk.len()))
    }

    fn scan_code_points(&mut self, class: u32, from: usize, max: u32) -> Result<(usize, u32), Stop> {
        let class = Class::at(self.code, class as usize)?;
        let (mut at, mut count) = (from, 0);
        while count < max && at < self.input.len() {
            let (character, units) = self.code_point(at);
            if !class.has(character) {
                break;
            }
            at += units;
            count += 1;
            if count as usize % SCAN_CHUNK == 0 {
                self.spend(SCAN_CHUNK / UNITS_PER_STEP)?;
            }
        }
        Ok((at, count))
    }

    fn is_word_boundary(&self, at: usize, folded: bool) -> bool {
        let word =
            |at: Option<usize>| at.and_then(|at| self.unit(at)).is_some_and(|unit| unicode::is_word(unit, folded));
        word(at.checked_sub(1)) != word(Some(at))
    }

    /// `22.2.2.7.2 BackreferenceMatcher`: the position after (or, backwards, before) what the
    /// first of the groups that took part has matched; the same position if none did.
    fn back_reference(&mut self, pc: usize, count: usize, position: usize) -> Result<Option<usize>, Stop> {
        let [flags] = self.operands(pc)?;
        let groups_at = pc + Op::BackRef.fixed_len();
        let groups = self.code.get(groups_at..groups_at + count).ok_or(Stop::Malformed)?;
        let captured = |&group: &u32| {
            let at = 2 * group as usize;
            let (&start, &end) = (self.registers.get(at)?, self.registers.get(at + 1)?);
            (start != UNSET && end != UNSET).then_some(start as usize..end as usize)
        };
        let Some(captured) = groups.iter().find_map(captured) else { return Ok(Some(position)) };
        if captured.start > captured.end || captured.end > self.input.len() {
            return Err(Stop::Malformed);
        }
        self.spend(captured.len() / UNITS_PER_STEP)?;
        let back = flags & BACKREF_BACK != 0;
        if flags & BACKREF_IGNORE_CASE != 0 {
            return Ok(self.back_reference_ignoring_case(captured, position, back));
        }
        let (start, end) = if back {
            let Some(start) = position.checked_sub(captured.len()) else { return Ok(None) };
            (start, position)
        } else {
            (position, position + captured.len())
        };
        let Some(found) = self.input.get(start..end) else { return Ok(None) };
        // Half a pair is no character.
        let whole = !self.by_code_point || !self.splits_pair(start) && !self.splits_pair(end);
        let next = if back { start } else { end };
        Ok((whole && *found == self.input[captured]).then_some(next))
    }

    /// Compares character by character, as case variants may differ in their number of units.
    fn back_reference_ignoring_case(&self, captured: Range<usize>, position: usize, back: bool) -> Option<usize> {
        let rule = if self.fold { CaseRule::Fold } else { CaseRule::Upper };
        let same = |x: u32, y: u32| x == y || unicode::canonicalize(rule, x) == unicode::canonicalize(rule, y);
        let (mut from, mut at) = (if back { captured.end } else { captured.start }, position);
        while if back { from > captured.start } else { from < captured.end } {
            if at == if back { 0 } else { self.input.len() } {
                return None;
            }
            let read = |at| if back { self.code_point_before(at) } else { self.code_point(at) };
            let ((wanted, wanted_units), (found, found_units)) = (read(from), read(at));
            if !same(wanted, found) {
                return None;
            }
            (from, at) = if back {
                (from.saturating_sub(wanted_units), at.checked_sub(found_units)?)
            } else {
                (from + wanted_units, at + found_units)
            };
        }
        Some(at)
    }
}

#[inline(always)]
fn pair(lead: u32, trail: u32) -> u32 {
    ((lead & 0x3FF) << 10 | trail & 0x3FF) + 0x1_0000
}

/// Whether `unit` is the unit in the low half of `arg` after setting the bit in the high half.
#[inline(always)]
fn is_masked(unit: u32, arg: u32) -> bool {
    unit | arg >> 16 == arg & 0xFFFF
}

/// A class of a program.
#[derive(Clone, Copy)]
struct Class<'a> {
    latin1: &'a [u32; 8],
    /// Ascending pairs of first and last, from 256 on.
    ranges: &'a [[u32; 2]],
}

impl<'a> Class<'a> {
    #[inline(always)]
    fn at(code: &'a [u32], at: usize) -> Result<Class<'a>, Stop> {
        let words = code.get(at..).ok_or(Stop::Malformed)?;
        let (head, rest) = words.split_first_chunk::<CLASS_HEADER>().ok_or(Stop::Malformed)?;
        let (latin1, &[count]) = head
            .split_first_chunk::<8>()
            .and_then(|(bits, count)| Some((bits, count.first_chunk()?)))
            .ok_or(Stop::Malformed)?;
        let ranges = rest.as_chunks::<2>().0.get(..count as usize).ok_or(Stop::Malformed)?;
        Ok(Class { latin1, ranges })
    }

    #[inline(always)]
    fn has(self, ch: u32) -> bool {
        if ch < 256 {
            return self.latin1[(ch >> 5) as usize] >> (ch & 31) & 1 != 0;
        }
        self.has_wide(ch)
    }

    fn has_wide(self, ch: u32) -> bool {
        let at = self.ranges.partition_point(|&[_, last]| last < ch);
        self.ranges.get(at).is_some_and(|&[first, _]| first <= ch)
    }
}
