//! Memory behind images and runtimes: the sealed file with its read-only mapping, card tables, and the pair of a cage and
//! its host state that running code is entered through.
#![allow(unsafe_code, reason = "maps image files, writes the context page, owns what the context points at")]

use crate::heap::barrier::{CARD_SHIFT, SUMMARY_SHIFT};
use crate::heap::cage::{Cage, page_up};
use crate::heap::ctx::{Ctx, Mutable};
use crate::heap::layout::{CTX_BYTES, PAGE};
use crate::runtime::{HostState, Rt};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// Bytes of the context that are part of an image: what follows [`Ctx::realm`] is bound at clone.
pub const KEPT_CONTEXT: usize = std::mem::offset_of!(Ctx, realm) + std::mem::size_of::<crate::realm::Realm>();

/// The bytes of a sealed image: an anonymous file that can no longer change, and a read-only mapping of it.
pub struct Pristine {
    file: OwnedFd,
    start: *const u8,
    bytes: usize,
}

// SAFETY: the mapping is read-only and the file behind it sealed against writing; both may be used from any thread.
unsafe impl Send for Pristine {}
// SAFETY: as above.
unsafe impl Sync for Pristine {}

impl Pristine {
    /// Seals `parts`, one after the other, into a file of their length rounded up to a page.
    pub fn seal(parts: &[&[u8]]) -> io::Result<Pristine> {
        // SAFETY: a C string literal; the descriptor is ours alone.
        let file = unsafe {
            let fd = libc::memfd_create(c"lockgate-image".as_ptr(), libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING);
            if fd < 0 {
                return Err(io::Error::last_os_error());
            }
            OwnedFd::from_raw_fd(fd)
        };
        let mut writer = File::from(file);
        for part in parts {
            writer.write_all(part)?;
        }
        let bytes = page_up(parts.iter().map(|part| part.len() as u64).sum());
        writer.set_len(bytes)?;
        let file = OwnedFd::from(writer);
        let seals = libc::F_SEAL_SHRINK | libc::F_SEAL_GROW | libc::F_SEAL_WRITE | libc::F_SEAL_SEAL;
        // SAFETY: plain system calls on our descriptor; the mapping is fresh and read-only.
        let start = unsafe {
            if libc::fcntl(file.as_raw_fd(), libc::F_ADD_SEALS, seals) != 0 {
                return Err(io::Error::last_os_error());
            }
            libc::mmap(std::ptr::null_mut(), bytes as usize, libc::PROT_READ, libc::MAP_SHARED, file.as_raw_fd(), 0)
        };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        Ok(Pristine { file, start: start.cast_const().cast(), bytes: bytes as usize })
    }

    /// The sealed bytes: context page, null page, cells.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: mapped for as long as `self` lives, never written (the file is sealed).
        unsafe { std::slice::from_raw_parts(self.start, self.bytes) }
    }

    /// The sealed bytes from the cage base on: `at` is an offset from base.
    #[inline]
    pub fn cells(&self, at: u32, len: usize) -> &[u8] {
        &self.bytes()[CTX_BYTES + at as usize..CTX_BYTES + at as usize + len]
    }

    /// Maps the file copy-on-write into a cage, context page first.
    pub fn map_into(&self, cage: &Cage) -> io::Result<()> {
        cage.map_image(&self.file, self.bytes as u64)
    }
}

impl Drop for Pristine {
    fn drop(&mut self) {
        // SAFETY: our own mapping; the slices handed out borrowed `self`.
        unsafe { libc::munmap(self.start.cast_mut().cast(), self.bytes) };
    }
}

/// One byte for every card of the image and one for every 64 cards, reached from the context by the barrier.
pub struct CardTable {
    cards: Vec<Cell<u64>>,
    summary: Vec<Cell<u64>>,
}

impl CardTable {
    /// Tables for an image that ends at this offset from the cage base.
    pub fn new(image_end: u32) -> CardTable {
        let words = |shift: u32| {
            let bytes = (image_end as usize >> shift) + 1;
            // One summary byte stands for eight words of cards: the tables end together.
            let words = bytes.next_multiple_of(64) / 8;
            vec![0u64; words].into_iter().map(Cell::new).collect::<Vec<Cell<u64>>>()
        };
        CardTable { cards: words(CARD_SHIFT), summary: words(SUMMARY_SHIFT) }
    }

    /// Calls `f` with every dirty card (offset from base, the cards' size is `1 << CARD_SHIFT`) and cleans it.
    #[inline]
    pub fn drain(&self, mut f: impl FnMut(u32)) {
        for (i, word) in self.summary.iter().enumerate() {
            let mut bits = word.get();
            if bits == 0 {
                continue;
            }
            word.set(0);
            while bits != 0 {
                let byte = bits.trailing_zeros() / 8;
                bits &= !(0xFF << (8 * byte));
                self.drain_group(8 * i as u32 + byte, &mut f);
            }
        }
    }

    fn drain_group(&self, group: u32, f: &mut impl FnMut(u32)) {
        for i in 0..8 {
            let Some(word) = self.cards.get((8 * group + i) as usize) else { return };
            let mut bits = word.get();
            if bits == 0 {
                continue;
            }
            word.set(0);
            while bits != 0 {
                let byte = bits.trailing_zeros() / 8;
                bits &= !(0xFF << (8 * byte));
                f((64 * group + 8 * i + byte) << CARD_SHIFT);
            }
        }
    }

    /// How many cards are dirty.
    pub fn dirty(&self) -> usize {
        self.cards.iter().flat_map(|word| word.get().to_le_bytes()).filter(|&byte| byte != 0).count()
    }
}

/// A cage, the host state its context points at, and the card table of its image: what a runtime consists of.
pub struct Body {
    rt: Rt,
    host: *mut HostState,
    cards: Option<CardTable>,
    cage: Cage,
}

impl Body {
    /// Binds host state (and the cards of a sealed image) to a cage whose context page is mapped.
    pub fn new(cage: Cage, host: HostState, cards: Option<CardTable>) -> Body {
        let host = Box::into_raw(Box::new(host));
        // SAFETY: the context page is mapped (callers map before they bind), `host` is live until `drop`, which ends with
        // the cage; the handle stays inside this struct.
        let rt = unsafe { Rt::from_base(cage.base()) };
        let ctx = rt.ctx();
        ctx.host.set(host);
        if let Some(cards) = &cards {
            // The words are cells, so writing bytes of them through these pointers is writing through a shared reference.
            ctx.cards.set(cards.cards.as_ptr().cast_mut().cast());
            ctx.card_summary.set(cards.summary.as_ptr().cast_mut().cast());
        }
        Body { rt, host, cards, cage }
    }

    /// The handle of the runtime.
    #[inline]
    pub fn rt(&mut self) -> &mut Rt {
        &mut self.rt
    }

    /// The handle, shared: for what cannot run JavaScript.
    #[inline]
    pub fn rt_shared(&self) -> &Rt {
        &self.rt
    }

    /// Its cage.
    pub fn cage(&self) -> &Cage {
        &self.cage
    }

    /// Its cards; None while booting.
    pub fn cards(&self) -> Option<&CardTable> {
        self.cards.as_ref()
    }

    /// Puts the part of the context that scripts change back to what the image says.
    #[inline]
    pub fn restore_mutable(&self, pristine: &Pristine) {
        let bytes = &pristine.bytes()[std::mem::offset_of!(Ctx, mutable)..][..std::mem::size_of::<Mutable>()];
        // SAFETY: `mutable` consists of cells, its bytes in the image were written from such a context, and nobody holds
        // a reference into a cell.
        unsafe {
            let target = std::ptr::from_ref(&self.rt.ctx().mutable).cast_mut().cast::<u8>();
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), target, bytes.len());
        }
    }

    /// The context page as an image keeps it: everything that is bound to the host zeroed.
    pub fn context_bytes(&self) -> [u8; CTX_BYTES] {
        let mut page = [0; CTX_BYTES];
        // SAFETY: the context page is mapped and its first KEPT_CONTEXT bytes are cells of plain words (padding of a page that
        // began as zeroes is zero or was copied from such a page).
        unsafe { std::ptr::copy_nonoverlapping(self.cage.base().sub(CTX_BYTES), page.as_mut_ptr(), KEPT_CONTEXT) };
        page
    }

    /// Writes a context page kept by [`Body::context_bytes`] into the cage, host binding excepted.
    pub fn load_context(&self, page: &[u8; CTX_BYTES]) {
        // SAFETY: as in `context_bytes`, the other way round.
        unsafe { std::ptr::copy_nonoverlapping(page.as_ptr(), self.cage.base().sub(CTX_BYTES), KEPT_CONTEXT) };
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        // SAFETY: made by `Box::into_raw` in `new`, dropped once; the handle that reaches it goes with `self`.
        drop(unsafe { Box::from_raw(self.host) });
    }
}

/// Rounds an offset from base up to a page.
pub fn page_up_u32(at: u32) -> u32 {
    at.next_multiple_of(PAGE)
}
