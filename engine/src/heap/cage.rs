//! The cage as an address range: reservations, mappings, and raw access at `base + u32 offset + small immediate`.
//!
//! `[guard | ctx | null page | image … ‖ VM stack | arena → ‖ reserve | guard]`: one reservation a cage, inside it the
//! image mapping (private copy of the image) and one read-write mapping (VM stack and arena); the rest is PROT_NONE.
#![allow(unsafe_code, reason = "the address of raw memory: mappings and access at base + offset")]

use super::layout::{CAGE_BYTES, CTX_BYTES, GUARD_BYTES, PAGE};
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};

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

/// One reserved cage. Dropping it unmaps everything.
pub struct Cage {
    start: *mut u8,
    bytes: usize,
    base: *mut u8,
}

/// Rounds up to a page.
pub const fn page_up(n: u64) -> u64 {
    (n + PAGE as u64 - 1) & !(PAGE as u64 - 1)
}

impl Cage {
    /// Reserves address space; nothing is accessible yet.
    pub fn reserve() -> io::Result<Cage> {
        let bytes = (2 * GUARD_BYTES + CAGE_BYTES) as usize;
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
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let start = start.cast::<u8>();
        // SAFETY: GUARD_BYTES is inside the mapping just made.
        let base = unsafe { start.add(GUARD_BYTES as usize) };
        Ok(Cage { start, bytes, base })
    }

    /// The cage base: offset 0.
    pub fn base(&self) -> *mut u8 {
        self.base
    }

    /// Maps fresh zeroed read-write memory over `[from, to)` (offsets from base, page multiples; `from` may be
    /// −CTX_BYTES to include the context).
    pub fn map_zeroed(&self, from: i64, to: u64) -> io::Result<()> {
        self.map(from, to, None, 0)
    }

    /// Maps `file` privately (copy-on-write) so that its first byte is the first byte of the context.
    pub fn map_image(&self, file: &OwnedFd, bytes: u64) -> io::Result<()> {
        self.map(-(CTX_BYTES as i64), page_up(bytes) - CTX_BYTES as u64, Some(file), 0)
    }

    fn map(&self, from: i64, to: u64, file: Option<&OwnedFd>, offset: i64) -> io::Result<()> {
        assert!(from >= -(CTX_BYTES as i64) && to <= CAGE_BYTES && from < to as i64, "mapping outside the cage");
        let (flags, fd) = match file {
            Some(file) => (0, file.as_raw_fd()),
            None => (libc::MAP_ANONYMOUS, -1),
        };
        let length = (to as i64 - from) as usize;
        // SAFETY: [from, to) was checked to lie inside this cage's own reservation, so MAP_FIXED replaces only our PROT_NONE pages.
        let got = unsafe {
            libc::mmap(
                self.base.offset(from as isize).cast(),
                length,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_FIXED | libc::MAP_NORESERVE | flags,
                fd,
                offset,
            )
        };
        if got == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the range was mapped just now. Huge pages would make a runtime's first touch cost 2 MiB; refusal is harmless.
        unsafe { libc::madvise(got, length, libc::MADV_NOHUGEPAGE) };
        Ok(())
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
        // SAFETY: start/bytes are the reservation made in `reserve`; no reference into the cage outlives its owner.
        unsafe { libc::munmap(self.start.cast(), self.bytes) };
    }
}

/// Reads a word at `base + at + off`.
#[inline(always)]
pub fn load<T: Word>(base: *mut u8, at: u32, off: u32) -> T {
    debug_assert!(u64::from(off) < GUARD_BYTES);
    // SAFETY: `base` is the base of a live cage (only `Rt` makes one); base + u32 + off < 1 MiB stays inside the
    // reservation and its guard. An unmapped page faults, which ends the process rather than corrupting it.
    unsafe { base.add(at as usize + off as usize).cast::<T>().read_unaligned() }
}

/// Writes a word at `base + at + off`.
#[inline(always)]
pub fn store<T: Word>(base: *mut u8, at: u32, off: u32, word: T) {
    debug_assert!(u64::from(off) < GUARD_BYTES);
    // SAFETY: as in `load`.
    unsafe { base.add(at as usize + off as usize).cast::<T>().write_unaligned(word) }
}

/// Runs `f` over `len` bytes at offset `at`. `f` cannot run JavaScript (it has no runtime), so nothing else touches them.
#[inline]
pub fn with_bytes<R>(base: *mut u8, at: u32, len: usize, f: impl FnOnce(&[u8]) -> R) -> R {
    assert!(at as u64 + len as u64 <= CAGE_BYTES, "bytes outside the cage");
    // SAFETY: in the cage by the assertion; u8 has no invalid patterns; the closure holds no runtime to write through.
    f(unsafe { std::slice::from_raw_parts(base.add(at as usize), len) })
}

/// The same over 16-bit units; `at` is 8-aligned like every cell's data plus an even offset.
#[inline]
pub fn with_units<R>(base: *mut u8, at: u32, len: usize, f: impl FnOnce(&[u16]) -> R) -> R {
    assert!(at as u64 + 2 * len as u64 <= CAGE_BYTES && at.is_multiple_of(2), "units outside the cage");
    // SAFETY: in the cage and aligned by the assertion; no invalid patterns; no writer during the closure.
    f(unsafe { std::slice::from_raw_parts(base.add(at as usize).cast::<u16>(), len) })
}

/// The same over 32-bit words.
#[inline]
pub fn with_words<R>(base: *mut u8, at: u32, len: usize, f: impl FnOnce(&[u32]) -> R) -> R {
    assert!(at as u64 + 4 * len as u64 <= CAGE_BYTES && at.is_multiple_of(4), "words outside the cage");
    // SAFETY: in the cage and aligned by the assertion; no invalid patterns; no writer during the closure.
    f(unsafe { std::slice::from_raw_parts(base.add(at as usize).cast::<u32>(), len) })
}

/// Runs `f` over `len` writable bytes at offset `at`. The caller has marked the range if it lies below the arena.
#[inline]
pub fn with_bytes_mut<R>(base: *mut u8, at: u32, len: usize, f: impl FnOnce(&mut [u8]) -> R) -> R {
    assert!(at as u64 + len as u64 <= CAGE_BYTES, "bytes outside the cage");
    // SAFETY: in the cage by the assertion; the closure holds no runtime, so this is the only access while it runs.
    f(unsafe { std::slice::from_raw_parts_mut(base.add(at as usize), len) })
}

/// The same over writable 16-bit units.
#[inline]
pub fn with_units_mut<R>(base: *mut u8, at: u32, len: usize, f: impl FnOnce(&mut [u16]) -> R) -> R {
    assert!(at as u64 + 2 * len as u64 <= CAGE_BYTES && at.is_multiple_of(2), "units outside the cage");
    // SAFETY: in the cage and aligned by the assertion; the closure holds no runtime.
    f(unsafe { std::slice::from_raw_parts_mut(base.add(at as usize).cast::<u16>(), len) })
}

/// Copies `len` bytes inside the cage; ranges may overlap.
#[inline]
pub fn copy(base: *mut u8, from: u32, to: u32, len: usize) {
    assert!(from as u64 + len as u64 <= CAGE_BYTES && to as u64 + len as u64 <= CAGE_BYTES, "copy outside the cage");
    // SAFETY: both ranges are in the cage by the assertion; `ptr::copy` allows overlap.
    unsafe { std::ptr::copy(base.add(from as usize), base.add(to as usize), len) }
}

/// Copies host bytes into the cage.
#[inline]
pub fn copy_in(base: *mut u8, at: u32, bytes: &[u8]) {
    with_bytes_mut(base, at, bytes.len(), |target| target.copy_from_slice(bytes));
}
