//! The write barrier: a store below the arena marks one byte per 128-byte card and one summary byte per 64 cards.
#![allow(unsafe_code, reason = "the card table is host memory reached through the context")]
use crate::runtime::Rt;

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
        if at >= ctx.realm.image_end.get() {
            // The VM stack, between image and arena: nothing of it is restored.
            return;
        }
        // SAFETY: the tables have a byte for every card and every 64 cards of the image (made with its mapping, as long as
        // `realm.image_end`, which nothing writes after sealing), and `at` lies in it.
        unsafe {
            *cards.add((at >> CARD_SHIFT) as usize) = 1;
            *ctx.card_summary.get().add((at >> SUMMARY_SHIFT) as usize) = 1;
        }
    }

    /// Calls `f` with the offset of every dirty card, in order; they stay dirty.
    pub fn dirty_cards(&self, mut f: impl FnMut(u32)) {
        let ctx = self.ctx();
        let (cards, summary) = (ctx.cards.get(), ctx.card_summary.get());
        if cards.is_null() {
            return;
        }
        let last = (ctx.realm.image_end.get() - 1) >> CARD_SHIFT;
        for group in 0..=(last >> (SUMMARY_SHIFT - CARD_SHIFT)) {
            // SAFETY: as in `mark_card`: there is a summary byte for every 64 cards of the image.
            if unsafe { *summary.add(group as usize) } == 0 {
                continue;
            }
            let first = group << (SUMMARY_SHIFT - CARD_SHIFT);
            for card in first..=(first + 63).min(last) {
                // SAFETY: as in `mark_card`: there is a byte for every card of the image.
                if unsafe { *cards.add(card as usize) } != 0 {
                    f(card << CARD_SHIFT);
                }
            }
        }
    }

    /// Calls `f` with the offset of every dirty card, in order; those it returns false for are clean again.
    pub fn retain_dirty_cards(&self, mut f: impl FnMut(u32) -> bool) {
        let cards = self.ctx().cards.get();
        self.dirty_cards(|card| {
            if !f(card) {
                // SAFETY: as in `mark_card`: `dirty_cards` gives cards of the image, and calls for one that has a table.
                unsafe { *cards.add((card >> CARD_SHIFT) as usize) = 0 };
            }
        });
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
