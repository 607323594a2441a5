//! Matching of characters: single ones, runs of them, words and back references.

use std::ops::Range;

use super::input::{Class, Unit, is_masked, pair};
use super::matcher::{Matcher, SCAN_CHUNK, Stop, UNITS_PER_STEP, UNSET};
use super::program::{BACKREF_BACK, BACKREF_IGNORE_CASE, CharKind, Op, STEP_BACK};
use super::unicode::{self, CaseRule};

impl<'a, U: Unit> Matcher<'a, U> {
    #[inline(always)]
    fn class(&self, at: u32) -> Result<Class<'a>, Stop> {
        Class::at(self.code, at as usize).ok_or(Stop::Malformed)
    }

    #[inline(always)]
    pub(super) fn unit_in_class(&self, at: usize, class: u32) -> Result<bool, Stop> {
        match self.unit(at) {
            Some(unit) => Ok(self.class(class)?.has(unit)),
            None => Ok(false),
        }
    }

    /// The position after one character at `at` that passes the test, or before it, backwards.
    #[inline]
    pub(super) fn step(&self, inline: u32, arg: u32, at: usize) -> Result<Option<usize>, Stop> {
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
            CharKind::Set => self.class(arg)?.has(unit),
            CharKind::CodePointSet => {
                let (character, units) = if back { self.code_point_before(at) } else { self.code_point(at) };
                let class = self.class(arg)?;
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
    pub(super) fn scan(&mut self, kind: u32, arg: u32, from: usize, max: u32) -> Result<(usize, u32), Stop> {
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
                let class = self.class(arg)?;
                chunk.iter().position(|unit| !class.has(unit.code()))
            }
        };
        Ok(stop.unwrap_or(chunk.len()))
    }

    fn scan_code_points(&mut self, class: u32, from: usize, max: u32) -> Result<(usize, u32), Stop> {
        let class = self.class(class)?;
        let (mut at, mut count) = (from, 0);
        while count < max && at < self.input.len() {
            let (character, units) = self.code_point(at);
            if !class.has(character) {
                break;
            }
            at += units;
            count += 1;
            if (count as usize).is_multiple_of(SCAN_CHUNK) {
                self.spend(SCAN_CHUNK / UNITS_PER_STEP)?;
            }
        }
        Ok((at, count))
    }

    pub(super) fn is_word_boundary(&self, at: usize, folded: bool) -> bool {
        let word =
            |at: Option<usize>| at.and_then(|at| self.unit(at)).is_some_and(|unit| unicode::is_word(unit, folded));
        word(at.checked_sub(1)) != word(Some(at))
    }

    /// `22.2.2.7.2 BackreferenceMatcher`: the position after (or, backwards, before) what the
    /// first of the groups that took part has matched; the same position if none did.
    pub(super) fn back_reference(&mut self, pc: usize, count: usize, position: usize) -> Result<Option<usize>, Stop> {
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
