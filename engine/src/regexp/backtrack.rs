//! The interpreter loop and its backtrack stack.

use super::input::{Unit, is_masked};
use super::matcher::{Matcher, Stop, UNITS_PER_STEP, UNSET};
use super::program::{CharKind, NONE, Op, WORD_FOLDED, WORD_NEGATED};
use super::unicode;

/// The most words of the backtrack stack: 8 MiB.
const MAX_STACK_WORDS: usize = 8 << 20 >> 2;

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

/// Where to go on: instruction and position.
type Place = (usize, usize);

impl<U: Unit> Matcher<'_, U> {
    /// The interpreter loop: the end of the match that starts at `position`.
    pub(super) fn run(&mut self, code_at: usize, position: usize) -> Result<Option<usize>, Stop> {
        let (mut pc, mut position) = (code_at, position);
        loop {
            let word = *self.code.get(pc).ok_or(Stop::Malformed)?;
            let inline = word >> 8;
            let next: Option<Place> = match Op::decode(word).ok_or(Stop::Malformed)? {
                Op::Fail => None,
                Op::Match => return Ok(Some(position)),
                Op::Jump => {
                    self.spend(1)?;
                    Some((inline as usize, position))
                }
                Op::Split => {
                    self.push([position as u32, Record::Choice.word(inline as usize)])?;
                    Some((pc + Op::Split.fixed_len(), position))
                }
                Op::SplitLazy => {
                    self.spend(1)?;
                    self.push([position as u32, Record::Choice.word(pc + Op::SplitLazy.fixed_len())])?;
                    Some((inline as usize, position))
                }
                Op::PeekChar => {
                    let [target] = self.operands(pc)?;
                    if self.unit(position) == Some(inline) {
                        Some((pc + Op::PeekChar.fixed_len(), position))
                    } else {
                        self.spend(1)?;
                        Some((target as usize, position))
                    }
                }
                Op::PeekSet => {
                    let [target] = self.operands(pc)?;
                    if self.unit_in_class(position, inline)? {
                        Some((pc + Op::PeekSet.fixed_len(), position))
                    } else {
                        self.spend(1)?;
                        Some((target as usize, position))
                    }
                }
                Op::Char => (self.unit(position) == Some(inline)).then(|| (pc + Op::Char.fixed_len(), position + 1)),
                Op::Set => self.unit_in_class(position, inline)?.then(|| (pc + Op::Set.fixed_len(), position + 1)),
                Op::Literal => self.literal(pc, inline, position, |unit, wanted| unit == wanted)?,
                Op::LiteralMasked => self.literal(pc, inline, position, is_masked)?,
                Op::Step => {
                    let [arg] = self.operands(pc)?;
                    self.step(inline, arg, position)?.map(|end| (pc + Op::Step.fixed_len(), end))
                }
                Op::Run => {
                    let [arg, min, max] = self.operands(pc)?;
                    let (end, count) = self.scan(inline, arg, position, max)?;
                    (count >= min).then(|| (pc + Op::Run.fixed_len(), end))
                }
                Op::Greedy => self.greedy(pc, inline, position)?.map(|end| (pc + Op::Greedy.fixed_len(), end)),
                Op::Lazy => self.lazy(pc, inline, position)?.map(|end| (pc + Op::Lazy.fixed_len(), end)),
                Op::Save => {
                    self.set_register(inline as usize, position as u32)?;
                    Some((pc + Op::Save.fixed_len(), position))
                }
                Op::ResetCaptures => {
                    let [end] = self.operands(pc)?;
                    self.reset_captures(inline, end)?;
                    Some((pc + Op::ResetCaptures.fixed_len(), position))
                }
                Op::SetZero => {
                    self.set_register(inline as usize, 0)?;
                    Some((pc + Op::SetZero.fixed_len(), position))
                }
                Op::SetPosition => {
                    self.set_register(inline as usize, position as u32)?;
                    Some((pc + Op::SetPosition.fixed_len(), position))
                }
                Op::EmptyCheck => {
                    let empty = self.register(inline)? == position as u32;
                    (!empty).then(|| (pc + Op::EmptyCheck.fixed_len(), position))
                }
                Op::EmptyCheckCounted => {
                    let [counter, min] = self.operands(pc)?;
                    let empty = self.register(inline)? == position as u32 && self.register(counter)? >= min;
                    (!empty).then(|| (pc + Op::EmptyCheckCounted.fixed_len(), position))
                }
                Op::Loop => Some((self.loop_head(pc, inline, position)?, position)),
                Op::LoopLazy => Some((self.lazy_loop_head(pc, inline, position)?, position)),
                Op::Next => {
                    let [target] = self.operands(pc)?;
                    self.spend(1)?;
                    let count = self.register(inline)?;
                    // At most one below `UNSET`: a greater bound is never reached.
                    self.set_register(inline as usize, count.saturating_add(1).min(UNSET - 1))?;
                    Some((target as usize, position))
                }
                Op::Start => (position == 0).then(|| (pc + Op::Start.fixed_len(), position)),
                Op::LineStart => {
                    let before = position.checked_sub(1).and_then(|before| self.unit(before));
                    let holds = before.is_none_or(unicode::is_line_terminator);
                    holds.then(|| (pc + Op::LineStart.fixed_len(), position))
                }
                Op::End => (position == self.input.len()).then(|| (pc + Op::End.fixed_len(), position)),
                Op::LineEnd => {
                    let holds = self.unit(position).is_none_or(unicode::is_line_terminator);
                    holds.then(|| (pc + Op::LineEnd.fixed_len(), position))
                }
                Op::Word => {
                    let boundary = self.is_word_boundary(position, inline & WORD_FOLDED != 0);
                    let holds = boundary != (inline & WORD_NEGATED != 0);
                    holds.then(|| (pc + Op::Word.fixed_len(), position))
                }
                Op::BackRef => {
                    let len = Op::BackRef.fixed_len() + inline as usize;
                    self.back_reference(pc, inline as usize, position)?.map(|end| (pc + len, end))
                }
                Op::LookEnter => {
                    // No undo: a lookaround is entered anew before its registers are read again.
                    *self.register_mut(inline as usize)? = position as u32;
                    *self.register_mut(inline as usize + 1)? = self.stack.len() as u32;
                    Some((pc + Op::LookEnter.fixed_len(), position))
                }
                Op::LookLeave => {
                    let entered_at = self.leave_look(pc, inline)?;
                    Some((pc + Op::LookLeave.fixed_len(), entered_at))
                }
                Op::NotEnter => {
                    let [target] = self.operands(pc)?;
                    *self.register_mut(inline as usize)? = self.stack.len() as u32;
                    self.push([position as u32, Record::Choice.word(target as usize)])?;
                    Some((pc + Op::NotEnter.fixed_len(), position))
                }
                Op::NotLeave => {
                    self.leave_not(pc, inline)?;
                    None
                }
            };
            (pc, position) = match next {
                Some(place) => place,
                None => {
                    self.spend(1)?;
                    match self.backtrack()? {
                        Some(place) => place,
                        None => return Ok(None),
                    }
                }
            };
        }
    }

    #[inline(always)]
    fn literal(
        &self,
        pc: usize,
        len: u32,
        position: usize,
        matches: impl Fn(u32, u32) -> bool,
    ) -> Result<Option<Place>, Stop> {
        let len = len as usize;
        let wanted = self.code.get(pc + 1..pc + 1 + len).ok_or(Stop::Malformed)?;
        let Some(found) = self.input.get(position..position + len) else { return Ok(None) };
        let equal = found.iter().zip(wanted).all(|(unit, &wanted)| matches(unit.code(), wanted));
        Ok(equal.then_some((pc + 1 + len, position + len)))
    }

    /// Where a counted loop goes: to an iteration or to its exit.
    #[inline]
    fn loop_head(&mut self, pc: usize, counter: u32, position: usize) -> Result<usize, Stop> {
        let [min, max, exit] = self.operands(pc)?;
        self.spend(1)?;
        let count = self.register(counter)?;
        if count >= max {
            return Ok(exit as usize);
        }
        if count >= min {
            self.push([position as u32, Record::Choice.word(exit as usize)])?;
        }
        Ok(pc + Op::Loop.fixed_len())
    }

    fn lazy_loop_head(&mut self, pc: usize, counter: u32, position: usize) -> Result<usize, Stop> {
        let [min, max, exit] = self.operands(pc)?;
        self.spend(1)?;
        let (count, iteration) = (self.register(counter)?, pc + Op::LoopLazy.fixed_len());
        if count < min {
            return Ok(iteration);
        }
        if count < max {
            self.push([position as u32, Record::Choice.word(iteration)])?;
        }
        Ok(exit as usize)
    }

    fn reset_captures(&mut self, first: u32, end: u32) -> Result<(), Stop> {
        for register in self.captures_of(first, end) {
            if self.registers.get(register) != Some(&UNSET) {
                self.set_register(register, UNSET)?;
            }
        }
        self.spend(end.saturating_sub(first) as usize / UNITS_PER_STEP)
    }

    /// The registers of groups, from the first up to but not including the last.
    fn captures_of(&self, first: u32, end: u32) -> std::ops::Range<usize> {
        2 * first as usize..(2 * end as usize).min(self.captures)
    }

    /// Ends a positive lookaround: its choices are dropped, its captures stay until the match
    /// backtracks past it. Groups inside were unset when it was entered, as enclosing loops reset
    /// them, so that is what they go back to. The position where it was entered.
    fn leave_look(&mut self, pc: usize, saved: u32) -> Result<usize, Stop> {
        let [first, end] = self.operands(pc)?;
        let (entered_at, height) = (self.register(saved)?, self.register(saved.saturating_add(1))?);
        self.stack.truncate(height as usize);
        if !self.stack.is_empty() {
            for register in self.captures_of(first, end) {
                if self.registers.get(register) != Some(&UNSET) {
                    self.push([UNSET, Record::Undo.word(register)])?;
                }
            }
            self.spend(end.saturating_sub(first) as usize / UNITS_PER_STEP)?;
        }
        Ok(entered_at as usize)
    }

    /// Ends a negative lookaround that has matched: all of it is dropped, with the choice to go on
    /// after it.
    fn leave_not(&mut self, pc: usize, saved: u32) -> Result<(), Stop> {
        let [first, end] = self.operands(pc)?;
        let height = self.register(saved)?;
        self.stack.truncate(height as usize);
        let groups = self.captures_of(first, end);
        self.registers.get_mut(groups).unwrap_or(&mut []).fill(UNSET);
        Ok(())
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
    fn register(&self, register: u32) -> Result<u32, Stop> {
        self.registers.get(register as usize).copied().ok_or(Stop::Malformed)
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
    fn backtrack(&mut self) -> Result<Option<Place>, Stop> {
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
}
