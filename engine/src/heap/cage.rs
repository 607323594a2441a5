//! The cage as an address range: reservations, mappings, and raw access at `base + u32 offset + small immediate`.
//!
//! `[guard | ctx | null page | image … ‖ VM stack | arena → ‖ reserve | guard]`: up to eight cages side by side in one
//! reservation; inside a cage the image mapping (private copy of the image) and one read-write mapping (VM stack and
//! arena); the rest is PROT_NONE and one run with the next cage's guard.
#![allow(unsafe_code, reason = "the address of raw memory: mappings and access at base + offset")]

use super::layout::{CAGE_BYTES, CTX_BYTES, GUARD_BYTES, PAGE};
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::Mutex;

/// Plain words that may be read from and written to the cage: every bit pattern is valid.
pub trait Word: Copy {}
impl Word for u8 {}
impl Word for u16 {}
impl Word for u32 {}
impl Word for u64 {}
impl Word for i8 {}
impl Word for i16 {}
impl Word for i32 {}
impl Word for i64 {}
impl Word for f32 {}
impl Word for f64 {}
impl Word for crate::value::Value {}
impl Word for crate::value::Ref {}

/// One cage of a reservation. Dropping it gives its memory back and its address range to the next [`Cage::reserve`].
pub struct Cage {
    base: *mut u8,
}

/// Rounds up to a page.
pub const fn page_up(n: u64) -> u64 {
    (n + PAGE as u64 - 1) & !(PAGE as u64 - 1)
}

/// Most cages alive in the process: three mappings each must stay below the kernel's usual 65,530.
pub const MAX_CAGES: usize = 20_000;
/// Cages of one reservation (valgrind refuses inaccessible mappings beyond 60 GiB).
const SIDE_BY_SIDE: usize = 8;
/// Memory that one page of a page table covers. Contexts begin on such a boundary, so that context, image and stack of a
/// small program share a page table.
const TABLE_SPAN: u64 = 2 << 20;
/// From one cage base to the next: the guard between them serves both.
const STRIDE: u64 = CAGE_BYTES + TABLE_SPAN;
const _: () = assert!(TABLE_SPAN >= GUARD_BYTES + CTX_BYTES as u64);

/// Address ranges of cages: bases not in use, and how many were ever reserved. Ranges are reused, never unmapped, so
/// that the address space does not fragment.
struct Ranges {
    free: Vec<usize>,
    reserved: usize,
}

static RANGES: Mutex<Ranges> = Mutex::new(Ranges { free: Vec::new(), reserved: 0 });

impl Ranges {
    /// Reserves as many cages side by side as the address space allows, up to [`SIDE_BY_SIDE`].
    fn grow(&mut self) -> io::Result<()> {
        let mut count = SIDE_BY_SIDE;
        loop {
            let bytes = (count as u64 * STRIDE + 2 * TABLE_SPAN) as usize;
            // SAFETY: a fresh anonymous PROT_NONE mapping at an address the kernel chooses aliases nothing.
            let start = unsafe {
                libc::mmap(
                    std::ptr::null_mut(),
                    bytes,
                    libc::PROT_NONE,
                    libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                    -1,
                    0,
                )
            };
            if start != libc::MAP_FAILED {
                // SAFETY: the range was mapped just now. Huge pages would make a first touch cost 2 MiB; refusal is harmless.
                unsafe { libc::madvise(start, bytes, libc::MADV_NOHUGEPAGE) };
                let first = (start as usize).next_multiple_of(TABLE_SPAN as usize) + TABLE_SPAN as usize + CTX_BYTES;
                self.free.extend((0..count).rev().map(|i| first + i * STRIDE as usize));
                self.reserved += count;
                return Ok(());
            }
            if count == 1 {
                return Err(io::Error::last_os_error());
            }
            count /= 2;
        }
    }
}

impl Cage {
    /// Takes a range of address space; nothing is accessible yet.
    pub fn reserve() -> io::Result<Cage> {
        let mut ranges = RANGES.lock().unwrap_or_else(|e| e.into_inner());
        if ranges.free.is_empty() {
            if ranges.reserved >= MAX_CAGES {
                return Err(io::Error::other(format!("{MAX_CAGES} runtimes are alive, the most of one process")));
            }
            ranges.grow()?;
        }
        let base = ranges.free.pop().ok_or_else(|| io::Error::other("no cage could be reserved"))?;
        Ok(Cage { base: std::ptr::with_exposed_provenance_mut(base) })
    }

    /// The cage base: offset 0.
    pub fn base(&self) -> *mut u8 {
        self.base
    }

    /// Makes `[from, to)` read-write memory, zero where untouched (offsets from base, page multiples; `from` may be
    /// −CTX_BYTES to include the context).
    pub fn map_zeroed(&self, from: i64, to: u64) -> io::Result<()> {
        assert!(from >= -(CTX_BYTES as i64) && to <= CAGE_BYTES && from < to as i64, "mapping outside the cage");
        // SAFETY: [from, to) was checked to lie inside this cage's own reservation, whose untouched pages read as zero.
        let result = unsafe {
            libc::mprotect(
                self.base.offset(from as isize).cast(),
                (to as i64 - from) as usize,
                libc::PROT_READ | libc::PROT_WRITE,
            )
        };
        if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    }

    /// Has the kernel give `[from, to)` its memory now, at once instead of page by page; for what is about to be written
    /// (offsets as in [`Cage::map_zeroed`], which came before).
    pub fn populate(&self, from: i64, to: u64) {
        assert!(from >= -(CTX_BYTES as i64) && to <= CAGE_BYTES && from < to as i64, "range outside the cage");
        // SAFETY: inside this cage's read-write mapping; populating changes no byte, and a refusal (an older kernel) no behaviour.
        unsafe {
            let start = self.base.offset(from as isize).cast();
            libc::madvise(start, (to as i64 - from) as usize, libc::MADV_POPULATE_WRITE);
        }
    }

    /// Maps the first `bytes` of `file` privately (copy-on-write) so that its first byte is the first byte of the context.
    pub fn map_image(&self, file: &OwnedFd, bytes: u64) -> io::Result<()> {
        let length = page_up(bytes);
        assert!(length > CTX_BYTES as u64 && length <= CAGE_BYTES, "image larger than the cage");
        // SAFETY: the range begins at this cage's context and was checked to end inside the cage, so MAP_FIXED replaces
        // only our own pages.
        let got = unsafe {
            libc::mmap(
                self.base.sub(CTX_BYTES).cast(),
                length as usize,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_FIXED | libc::MAP_NORESERVE,
                file.as_raw_fd(),
                0,
            )
        };
        if got == libc::MAP_FAILED { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    /// Gives the pages of `[from, to)` back to the kernel; they read as zero afterwards.
    pub fn discard(&self, from: u64, to: u64) {
        assert!(from <= to && to <= CAGE_BYTES, "range outside the cage");
        if from == to {
            return;
        }
        // SAFETY: inside this cage's read-write anonymous mapping (callers pass arena bounds); contents are dead.
        unsafe { libc::madvise(self.base.add(from as usize).cast(), (to - from) as usize, libc::MADV_DONTNEED) };
    }
}

impl Drop for Cage {
    fn drop(&mut self) {
        // SAFETY: the context and the cage are this cage's own range; nothing refers into it once its owner is gone.
        // MAP_FIXED drops whatever was mapped and leaves the range as it was reserved.
        let got = unsafe {
            let start = self.base.sub(CTX_BYTES).cast();
            let bytes = CTX_BYTES + CAGE_BYTES as usize;
            let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE | libc::MAP_FIXED;
            let got = libc::mmap(start, bytes, libc::PROT_NONE, flags, -1, 0);
            libc::madvise(start, bytes, libc::MADV_NOHUGEPAGE);
            got
        };
        // A range that could not be cleared is not used again.
        if got != libc::MAP_FAILED {
            RANGES.lock().unwrap_or_else(|e| e.into_inner()).free.push(self.base.expose_provenance());
        }
    }
}

/// Reads a word at `base + at + off`.
#[inline(always)]
pub(crate) fn load<T: Word>(base: *mut u8, at: u32, off: u32) -> T {
    debug_assert!(u64::from(off) < GUARD_BYTES);
    // SAFETY: `base` is the base of a live cage (only `Rt` makes one); base + u32 + off < 1 MiB stays inside the
    // reservation and its guard. An unmapped page faults, which ends the process rather than corrupting it.
    unsafe { base.add(at as usize + off as usize).cast::<T>().read_unaligned() }
}

/// Writes a word at `base + at + off`.
#[inline(always)]
pub(crate) fn store<T: Word>(base: *mut u8, at: u32, off: u32, word: T) {
    debug_assert!(u64::from(off) < GUARD_BYTES);
    // SAFETY: as in `load`.
    unsafe { base.add(at as usize + off as usize).cast::<T>().write_unaligned(word) }
}

/// Runs `f` over `len` bytes at offset `at`. `f` cannot run JavaScript (it has no runtime), so nothing else touches them.
#[inline]
pub(crate) fn with_bytes<R>(base: *mut u8, at: u32, len: usize, f: impl FnOnce(&[u8]) -> R) -> R {
    assert!(at as u64 + len as u64 <= CAGE_BYTES, "bytes outside the cage");
    // SAFETY: in the cage by the assertion; u8 has no invalid patterns; the closure holds no runtime to write through.
    f(unsafe { std::slice::from_raw_parts(base.add(at as usize), len) })
}

/// The same over 16-bit units; `at` is 8-aligned like every cell's data plus an even offset.
#[inline]
pub(crate) fn with_units<R>(base: *mut u8, at: u32, len: usize, f: impl FnOnce(&[u16]) -> R) -> R {
    assert!(at as u64 + 2 * len as u64 <= CAGE_BYTES && at.is_multiple_of(2), "units outside the cage");
    // SAFETY: in the cage and aligned by the assertion; no invalid patterns; no writer during the closure.
    f(unsafe { std::slice::from_raw_parts(base.add(at as usize).cast::<u16>(), len) })
}

/// The same over 32-bit words.
#[inline]
pub(crate) fn with_words<R>(base: *mut u8, at: u32, len: usize, f: impl FnOnce(&[u32]) -> R) -> R {
    assert!(at as u64 + 4 * len as u64 <= CAGE_BYTES && at.is_multiple_of(4), "words outside the cage");
    // SAFETY: in the cage and aligned by the assertion; no invalid patterns; no writer during the closure.
    f(unsafe { std::slice::from_raw_parts(base.add(at as usize).cast::<u32>(), len) })
}

/// Runs `f` over `len` writable bytes at offset `at`. The caller has marked the range if it lies below the arena.
#[inline]
pub(crate) fn with_bytes_mut<R>(base: *mut u8, at: u32, len: usize, f: impl FnOnce(&mut [u8]) -> R) -> R {
    assert!(at as u64 + len as u64 <= CAGE_BYTES, "bytes outside the cage");
    // SAFETY: in the cage by the assertion; the closure holds no runtime, so this is the only access while it runs.
    f(unsafe { std::slice::from_raw_parts_mut(base.add(at as usize), len) })
}

/// The same over writable 16-bit units.
#[inline]
pub(crate) fn with_units_mut<R>(base: *mut u8, at: u32, len: usize, f: impl FnOnce(&mut [u16]) -> R) -> R {
    assert!(at as u64 + 2 * len as u64 <= CAGE_BYTES && at.is_multiple_of(2), "units outside the cage");
    // SAFETY: in the cage and aligned by the assertion; the closure holds no runtime.
    f(unsafe { std::slice::from_raw_parts_mut(base.add(at as usize).cast::<u16>(), len) })
}

/// Copies `len` bytes inside the cage; ranges may overlap.
#[inline]
pub(crate) fn copy(base: *mut u8, from: u32, to: u32, len: usize) {
    assert!(from as u64 + len as u64 <= CAGE_BYTES && to as u64 + len as u64 <= CAGE_BYTES, "copy outside the cage");
    // SAFETY: both ranges are in the cage by the assertion; `ptr::copy` allows overlap.
    unsafe { std::ptr::copy(base.add(from as usize), base.add(to as usize), len) }
}

/// Copies host bytes into the cage.
#[inline]
pub(crate) fn copy_in(base: *mut u8, at: u32, bytes: &[u8]) {
    with_bytes_mut(base, at, bytes.len(), |target| target.copy_from_slice(bytes));
}
