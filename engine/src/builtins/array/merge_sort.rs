//! A stable merge sort of the words of a cell that takes what is already in order as it is (after Peters's Timsort, without
//! galloping). Every word stays in a cell while the comparator runs, so that a collection meanwhile finds it.
use super::access::{copy_words, poll_at};
use crate::heap::layout::*;
use crate::runtime::{Rt, Slot};
use crate::value::{JsResult, Value};

/// Shorter natural runs are extended to this length by insertion.
const MIN_RUN: u32 = 8;
/// Pending runs: their lengths grow like the Fibonacci numbers from [`MIN_RUN`].
const MAX_PENDING: usize = 48;

/// Sorts the first `len` words of the cell in a slot; `behind(a, b)` tells whether a must come after b. In bounds and
/// finite for inconsistent comparators too.
pub fn merge_sort(
    rt: &mut Rt,
    words: Slot,
    len: u32,
    mut behind: impl FnMut(&mut Rt, Value, Value) -> JsResult<bool>,
) -> JsResult<()> {
    let mut sorter = Sorter { words, spare: None, pending: [(0, 0); MAX_PENDING], count: 0, behind: &mut behind };
    let mut start = 0;
    while start < len {
        let natural = sorter.natural_run(rt, start, len)?;
        let end = natural.max((start + MIN_RUN).min(len));
        sorter.insert(rt, start, natural, end)?;
        sorter.pending[sorter.count] = (start, end - start);
        sorter.count += 1;
        start = end;
        if start < len {
            sorter.settle(rt, len, false)?;
        }
    }
    sorter.settle(rt, len, true)
}

struct Sorter<'a, F> {
    words: Slot,
    /// A cell as long as the words, once needed.
    spare: Option<Slot>,
    /// Start and length of sorted runs still to be merged, side by side.
    pending: [(u32, u32); MAX_PENDING],
    count: usize,
    behind: &'a mut F,
}

impl<F: FnMut(&mut Rt, Value, Value) -> JsResult<bool>> Sorter<'_, F> {
    /// Whether word `i` must come after word `j`.
    #[inline]
    fn behind(&mut self, rt: &mut Rt, i: u32, j: u32) -> JsResult<bool> {
        let cell = self.words.obj(rt);
        let (a, b) = (rt.word(cell, i), rt.word(cell, j));
        (self.behind)(rt, a, b)
    }

    /// End of the run that starts at `start`; a strictly descending one is turned round.
    fn natural_run(&mut self, rt: &mut Rt, start: u32, len: u32) -> JsResult<u32> {
        let mut end = start + 1;
        if end == len {
            return Ok(end);
        }
        let descends = self.behind(rt, start, end)?;
        end += 1;
        while end < len && self.behind(rt, end - 1, end)? == descends {
            end += 1;
            poll_at(rt, u64::from(end))?;
        }
        if descends {
            let cell = self.words.obj(rt);
            for i in 0..(end - start) / 2 {
                let (low, high) = (start + i, end - 1 - i);
                let (a, b) = (rt.word(cell, low), rt.word(cell, high));
                rt.put_word(cell, low, b);
                rt.put_word(cell, high, a);
            }
        }
        Ok(end)
    }

    /// Inserts words `[sorted, end)` into the run `[start, sorted)`.
    fn insert(&mut self, rt: &mut Rt, start: u32, sorted: u32, end: u32) -> JsResult<()> {
        for i in sorted..end {
            let (mut low, mut high) = (start, i);
            while low < high {
                let middle = low + (high - low) / 2;
                if self.behind(rt, middle, i)? {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            let cell = self.words.obj(rt);
            let v = rt.word(cell, i);
            copy_words(rt, cell, low, cell, low + 1, i - low);
            rt.put_word(cell, low, v);
        }
        Ok(())
    }

    /// Merges pending runs until each is longer than the next two together, or (at the end) until one is left.
    fn settle(&mut self, rt: &mut Rt, len: u32, all: bool) -> JsResult<()> {
        while self.count > 1 {
            let n = self.count;
            let run = |back: usize| if back <= n { self.pending[n - back].1 } else { u32::MAX };
            let crowded = |back: usize| back <= n && run(back) <= run(back - 1).saturating_add(run(back - 2));
            let at = if all || crowded(3) || crowded(4) {
                if n > 2 && run(3) < run(1) { n - 3 } else { n - 2 }
            } else if run(2) <= run(1) {
                n - 2
            } else {
                break;
            };
            let (start, left) = self.pending[at];
            let right = self.pending[at + 1].1;
            self.merge(rt, start, start + left, start + left + right, len)?;
            self.pending[at].1 = left + right;
            self.pending.copy_within(at + 2..n, at + 1);
            self.count -= 1;
        }
        Ok(())
    }

    /// Merges the runs `[start, middle)` and `[middle, end)`: the left one moves to the spare cell first.
    fn merge(&mut self, rt: &mut Rt, start: u32, middle: u32, end: u32, len: u32) -> JsResult<()> {
        if !self.behind(rt, middle - 1, middle)? {
            return Ok(());
        }
        let spare = match self.spare {
            Some(spare) => spare,
            None => {
                let cell = rt.alloc_words_filled(Kind::Words, len, Value::UNDEFINED);
                *self.spare.insert(rt.root(Value::internal(cell)))
            }
        };
        let left_len = middle - start;
        copy_words(rt, self.words.obj(rt), start, spare.obj(rt), 0, left_len);
        let (mut left, mut right, mut at) = (0, middle, start);
        while left < left_len && right < end {
            let (a, b) = (rt.word(spare.obj(rt), left), rt.word(self.words.obj(rt), right));
            let take_right = (self.behind)(rt, a, b)?;
            let (cell, other) = (self.words.obj(rt), spare.obj(rt));
            if take_right {
                rt.put_word(cell, at, rt.word(cell, right));
                right += 1;
            } else {
                rt.put_word(cell, at, rt.word(other, left));
                left += 1;
            }
            at += 1;
            poll_at(rt, u64::from(at))?;
        }
        copy_words(rt, spare.obj(rt), left, self.words.obj(rt), at, left_len - left);
        Ok(())
    }
}
