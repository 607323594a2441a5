//! Runs a program over an input: finds candidates with the filter and tries them.
//!
//! Programs may come from damaged memory, so every access is checked: a malformed program fails to
//! match, whatever its words are. Work is counted in steps; every [`POLL_INTERVAL`] steps the
//! caller's poll decides whether to go on, so a match always ends.

use super::Flags;
use super::input::{Class, Input, Unit};
use super::program::{Filter, Header};

/// Steps between two polls.
const POLL_INTERVAL: u32 = 4_096;
/// Units scanned in a tight loop that count as one step.
pub(super) const UNITS_PER_STEP: usize = 16;
/// Units scanned between two looks at the step count.
pub(super) const SCAN_CHUNK: usize = UNITS_PER_STEP * 256;
/// A capture register of a group that has not matched.
pub const UNSET: u32 = u32::MAX;

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
    /// Records of the backtracker.
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
/// true. Counting begins anew with each call, so a loop over matches polls on its own. With `u` or `v` a `start` within a surrogate pair counts as the start of the pair.
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
pub(super) enum Stop {
    Interrupted,
    TooDeep,
    Malformed,
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
    // Every attempt resets the captures; loops set their registers before they read them.
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

/// A match in progress.
pub(super) struct Matcher<'a, U> {
    pub(super) code: &'a [u32],
    pub(super) input: &'a [U],
    pub(super) registers: &'a mut Vec<u32>,
    pub(super) stack: &'a mut Vec<u32>,
    /// Capture registers.
    pub(super) captures: usize,
    /// Surrogate pairs are one character.
    pub(super) by_code_point: bool,
    /// Case is ignored by folding, not by the upper-case rule.
    pub(super) fold: bool,
    /// Steps until the next poll.
    pub(super) fuel: u32,
    pub(super) poll: &'a mut dyn FnMut() -> bool,
}

impl<U: Unit> Matcher<'_, U> {
    /// Counts steps and polls when it is time.
    #[inline(always)]
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), Stop> {
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
    pub(super) fn unit(&self, at: usize) -> Option<u32> {
        self.input.get(at).map(|unit| unit.code())
    }

    /// Operand words after the instruction at `at`.
    #[inline(always)]
    pub(super) fn operands<const N: usize>(&self, at: usize) -> Result<[u32; N], Stop> {
        self.code.get(at + 1..).and_then(|words| words.first_chunk()).copied().ok_or(Stop::Malformed)
    }

    /// Whether `at` lies between the halves of a surrogate pair.
    pub(super) fn splits_pair(&self, at: usize) -> bool {
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
                            let class = Class::at(self.code, filter_at).ok_or(Stop::Malformed)?;
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
}
