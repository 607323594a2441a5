//! The seam to a native compiler: what it is given, what it gives back, where code is published.
//!
//! Machine code is compiled from the immutable [`Module`], never from a live cage, and shared by every runtime of an image: a
//! row of the image's [`CodeTable`] is its function's entry, published with one release store.
use crate::bytecode::module::{FunctionId, Module};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

/// Compiles functions of a module to machine code.
pub trait NativeCompiler: Send + Sync {
    /// The code of one function, or why there is none; the function then stays interpreted.
    fn compile(&self, module: &Module, function: FunctionId) -> Result<NativeCode, Refusal>;
}

/// Machine code in executable memory, alive as long as this value.
pub struct NativeCode {
    /// Address of the first instruction.
    pub entry: usize,
    /// Bytes.
    pub bytes: usize,
    /// Keeps the memory.
    pub memory: Box<dyn Send + Sync>,
}

/// Why a function was not compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// This build has no code generator for the machine.
    NoBackend,
    /// Code memory is at its limit.
    Full,
}

/// Entries and tier-up counters of an image's functions, by function id.
#[derive(Debug)]
pub struct CodeTable {
    rows: Box<[Row]>,
}

#[derive(Debug, Default)]
struct Row {
    /// 0: interpreted.
    entry: AtomicUsize,
    calls: AtomicU32,
}

impl CodeTable {
    /// A table for a module: everything interpreted, nothing counted.
    pub fn new(module: &Module) -> CodeTable {
        CodeTable { rows: module.functions.iter().map(|_| Row::default()).collect() }
    }

    /// Adds to a function's count and returns the sum.
    pub fn count(&self, function: FunctionId, calls: u32) -> u32 {
        self.rows
            .get(function as usize)
            .map_or(0, |row| row.calls.fetch_add(calls, Ordering::Relaxed).wrapping_add(calls))
    }

    /// Publishes a function's code.
    pub fn publish(&self, function: FunctionId, code: &NativeCode) {
        if let Some(row) = self.rows.get(function as usize) {
            row.entry.store(code.entry, Ordering::Release);
        }
    }

    /// The published entry of a function, if any.
    pub fn entry(&self, function: FunctionId) -> Option<usize> {
        self.rows.get(function as usize).map(|row| row.entry.load(Ordering::Acquire)).filter(|&entry| entry != 0)
    }

    /// How many functions have code.
    pub fn compiled(&self) -> usize {
        self.rows.iter().filter(|row| row.entry.load(Ordering::Relaxed) != 0).count()
    }
}
