//! The heap: cells in the cage, bump allocation, the write barrier.
pub mod barrier;
pub mod cage;
pub mod collect;
pub mod ctx;
pub mod layout;
mod mark;
pub mod retain;
pub mod space;
pub mod walk;
mod weak;

use crate::runtime::Rt;
use crate::value::{Ref, Value};
use cage::Word;
use layout::*;

impl Rt {
    /// Reads a word of a cell.
    #[inline(always)]
    pub fn load<T: Word>(&self, cell: Ref, off: u32) -> T {
        cage::load(self.base(), cell.0, off)
    }

    /// Writes a word without barrier: for cells just allocated, the VM stack and feedback.
    #[inline(always)]
    pub fn init<T: Word>(&self, cell: Ref, off: u32, word: T) {
        cage::store(self.base(), cell.0, off, word);
    }

    /// Writes a word of a cell that may lie below the arena.
    #[inline(always)]
    pub fn put<T: Word>(&self, cell: Ref, off: u32, word: T) {
        if cell.0 < self.ctx().arena_start.get() {
            self.mark_card(cell.0 + off);
        }
        cage::store(self.base(), cell.0, off, word);
    }

    /// Kind of a cell.
    #[inline(always)]
    pub fn kind(&self, cell: Ref) -> Kind {
        Kind::from_byte(self.load::<u8>(cell, CELL_KIND))
    }

    /// Flags byte of a cell.
    #[inline(always)]
    pub fn cell_flags(&self, cell: Ref) -> u8 {
        self.load::<u8>(cell, CELL_FLAGS)
    }

    /// Sets bits of the flags byte.
    #[inline]
    pub fn set_cell_flags(&self, cell: Ref, bits: u8) {
        self.put::<u8>(cell, CELL_FLAGS, self.cell_flags(cell) | bits);
    }

    /// Length word of a sized cell.
    #[inline(always)]
    pub fn len(&self, cell: Ref) -> u32 {
        self.load::<u32>(cell, CELL_LEN)
    }

    /// Whether the region in use has room for a cell of `bytes`. OPTIMIZATION: hot constructors ask first and leave the rest to
    /// a cold copy of themselves, so that nothing has to survive a call in them.
    #[inline(always)]
    pub fn has_room(&self, bytes: u32) -> bool {
        let ctx = self.ctx();
        let end = u64::from(ctx.alloc_ptr.get()) + ((u64::from(bytes) + 7) & !7);
        end <= u64::from(ctx.alloc_limit.get())
    }

    /// Allocates `bytes` (rounded up to 8) with a header. The rest is uninitialised: the caller writes every word.
    /// Over the heap limit the request ends (see [`crate::limits::out_of_memory`]).
    #[inline(always)]
    pub fn alloc(&self, kind: Kind, bytes: u32) -> Ref {
        let ctx = self.ctx();
        let mut at = ctx.alloc_ptr.get();
        if self.has_room(bytes) {
            ctx.alloc_ptr.set((at + bytes + 7) & !7);
        } else {
            at = self.refill(bytes);
        }
        let cell = Ref(at);
        self.init::<u64>(cell, 0, (kind as u64) << 32);
        cell
    }

    /// Allocates a sized cell of `len` words of 8 bytes, `len` in its header, data uninitialised.
    #[inline]
    pub fn alloc_words(&self, kind: Kind, len: u32) -> Ref {
        let bytes = 16 + 8 * u64::from(len);
        if bytes > CAGE_BYTES / 2 {
            crate::limits::out_of_memory(self);
        }
        let cell = self.alloc(kind, bytes as u32);
        self.init::<u64>(cell, CELL_LEN, u64::from(len));
        cell
    }

    /// The same, every word `fill`.
    #[inline]
    pub fn alloc_words_filled(&self, kind: Kind, len: u32, fill: Value) -> Ref {
        let cell = self.alloc_words(kind, len);
        for i in 0..len {
            self.init(Ref(cell.0 + 8 * i), CELL_DATA, fill);
        }
        cell
    }

    /// Allocates a Bytes cell of `len` zero bytes.
    pub fn alloc_bytes(&self, len: u32) -> Ref {
        let bytes = 16 + u64::from(len);
        if bytes > CAGE_BYTES / 2 {
            crate::limits::out_of_memory(self);
        }
        let cell = self.alloc(Kind::Bytes, bytes as u32);
        self.init::<u64>(cell, CELL_LEN, u64::from(len));
        cage::with_bytes_mut(self.base(), cell.0 + CELL_DATA, len as usize, |data| data.fill(0));
        cell
    }

    /// Word `i` of a sized cell of words.
    #[inline(always)]
    pub fn word(&self, cell: Ref, i: u32) -> Value {
        self.load(Ref(cell.0.wrapping_add(8 * i)), CELL_DATA)
    }

    /// Writes word `i` of a sized cell of words, with barrier.
    #[inline(always)]
    pub fn put_word(&self, cell: Ref, i: u32, v: Value) {
        self.put(Ref(cell.0.wrapping_add(8 * i)), CELL_DATA, v);
    }

    /// Writes word `i` of a fresh cell of words.
    #[inline(always)]
    pub fn init_word(&self, cell: Ref, i: u32, v: Value) {
        self.init(Ref(cell.0.wrapping_add(8 * i)), CELL_DATA, v);
    }

    /// Whether a cell was born after sealing.
    #[inline(always)]
    pub fn in_arena(&self, cell: Ref) -> bool {
        cell.0 >= self.ctx().arena_floor.get()
    }

    /// Runs `f` over the data bytes of a Bytes cell from `from`.
    pub fn with_bytes<R>(&self, cell: Ref, from: u32, len: u32, f: impl FnOnce(&[u8]) -> R) -> R {
        cage::with_bytes(self.base(), cell.0 + CELL_DATA + from, len as usize, f)
    }

    /// Copies data bytes of one Bytes cell into a fresh one.
    pub fn copy_data(&self, from: Ref, at: u32, to: Ref, to_at: u32, len: u32) {
        cage::copy(self.base(), from.0 + CELL_DATA + at, to.0 + CELL_DATA + to_at, len as usize);
    }

    /// Runs `f` over writable data bytes of a Bytes cell from `from`, marking their cards.
    pub fn with_bytes_mut<R>(&self, cell: Ref, from: u32, len: u32, f: impl FnOnce(&mut [u8]) -> R) -> R {
        self.mark_range(cell.0 + CELL_DATA + from, len);
        cage::with_bytes_mut(self.base(), cell.0 + CELL_DATA + from, len as usize, f)
    }
}
