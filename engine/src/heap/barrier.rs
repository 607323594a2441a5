//! The write barrier: a store below the arena marks one byte per 128-byte card and one summary byte per 64 cards.
#![allow(unsafe_code, reason = "the card table is host memory reached through the context")]
use crate::runtime::Rt;
use std::ops::Range;

/// log2 of the bytes of a card.
pub const CARD_SHIFT: u32 = 7;
/// log2 of the bytes a summary byte covers.
pub const SUMMARY_SHIFT: u32 = CARD_SHIFT + 6;

impl Rt {
    /// Marks the card of a byte below the arena. While booting (no card table yet) nothing is marked.
    #[cold]
    #[inline(never)]
    pub fn mark_card(&self, at: u32) {
        let ctx = self.ctx();
        let cards = ctx.cards.get();
        if cards.is_null() {
            return;
        }
        if at >= ctx.realm.image_end.get() && at < ctx.arena_floor.get() {
            // The VM stack, between image and arena: nothing of it is restored.
            return;
        }
        // SAFETY: the tables have a byte for every card and every 64 cards of the image, and where `arena_start` can rise
        // above `arena_floor`, of the arena (made with their mappings, whose ends nothing changes); `at` lies in one of them:
        // it is below `arena_start`.
        unsafe {
            *cards.add((at >> CARD_SHIFT) as usize) = 1;
            *ctx.card_summary.get().add((at >> SUMMARY_SHIFT) as usize) = 1;
        }
    }

    /// Calls `f` with the offset of every dirty card of the image, in order; they stay dirty.
    pub fn dirty_cards(&self, mut f: impl FnMut(u32)) {
        self.retain_dirty_cards(0..self.ctx().realm.image_end.get(), |card| {
            f(card);
            true
        });
    }

    /// Calls `f` with the offset of every dirty card of a part of the image, or of the arena below `arena_start`, in order;
    /// those it returns false for are clean again.
    pub fn retain_dirty_cards(&self, part: Range<u32>, mut f: impl FnMut(u32) -> bool) {
        let ctx = self.ctx();
        let (cards, summary) = (ctx.cards.get(), ctx.card_summary.get());
        if cards.is_null() || part.is_empty() {
            return;
        }
        let (from, last) = (part.start >> CARD_SHIFT, (part.end - 1) >> CARD_SHIFT);
        for group in from >> (SUMMARY_SHIFT - CARD_SHIFT)..=last >> (SUMMARY_SHIFT - CARD_SHIFT) {
            // SAFETY: as in `mark_card`: there is a summary byte for every 64 cards of image and carded arena.
            if unsafe { *summary.add(group as usize) } == 0 {
                continue;
            }
            let first = group << (SUMMARY_SHIFT - CARD_SHIFT);
            for card in first.max(from)..=(first + 63).min(last) {
                // SAFETY: as in `mark_card`: there is a byte for every card of image and carded arena.
                unsafe {
                    if *cards.add(card as usize) != 0 && !f(card << CARD_SHIFT) {
                        *cards.add(card as usize) = 0;
                    }
                }
            }
        }
    }

    /// Marks the cards of a range (bulk writes, generator frames).
    #[inline]
    pub fn mark_range(&self, at: u32, len: u32) {
        if at < self.ctx().arena_start.get() && len > 0 {
            let last = (at + len - 1) >> CARD_SHIFT;
            for card in (at >> CARD_SHIFT)..=last {
                self.mark_card(card << CARD_SHIFT);
            }
        }
    }
}
