//! Images: sealed heaps, and the runtimes cloned from them.
//!
//! ```text
//! mapping.rs   sealed files, card tables, the pair of cage and host state   (the unsafe part)
//! boot.rs      a cage with the builtins in it
//! seal.rs      a booted heap → Image
//! runtime.rs   Runtime: clone, enter, reset, trim, invariant
//! bytes.rs     Image ↔ bytes
//! ```
mod boot;
mod bytes;
mod codec;
mod mapping;
pub(crate) mod random;
mod retain;
mod runtime;
mod seal;

pub use boot::BootFailure;
pub use bytes::{Envelope, ImageError, build_id};
pub use runtime::{Fault, FaultKind, Runtime};

use crate::builtins::Embedding;
use crate::bytecode::module::Module;
use crate::heap::space::CellStarts;
use crate::limits::Limits;
use crate::link;
use crate::native::CodeTable;
use mapping::{KEPT_CONTEXT, Pristine};
use std::fmt;
use std::io;
use std::ops::Range;
use std::sync::Arc;

/// A sealed heap: builtins, the evaluated top level of a module, shapes, atoms, feedback. Immutable and shared; runtimes
/// are copy-on-write clones of it.
pub struct Image {
    /// The program, and the machine code that its runtimes share.
    code: Arc<CodeTable>,
    embedding: &'static Embedding,
    pristine: Pristine,
    /// End of the last cell.
    cells_end: u32,
    /// The same, rounded up to a page.
    image_end: u32,
    cell_starts: CellStarts,
    feedback: Range<u32>,
    proto_epoch: u32,
    /// Bytes of the VM stack of every runtime: with it, where the arena starts.
    stack: u32,
}

/// Why an image could not be made.
#[derive(Debug)]
pub enum BootError {
    /// The top level threw or was ended.
    Fault(Fault),
    /// What the top level left cannot be sealed.
    Seal(SealError),
    /// No memory, or builtins that do not boot.
    Boot(BootFailure),
}

/// Why a heap could not be sealed.
#[derive(Debug)]
pub enum SealError {
    /// Something is still going on.
    Refused(String),
    /// The heap is not well-formed: an engine error.
    Corrupt(String),
    /// No memory file.
    Io(io::Error),
}

impl From<io::Error> for SealError {
    fn from(e: io::Error) -> SealError {
        SealError::Io(e)
    }
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SealError::Refused(why) => write!(f, "cannot be sealed: {why}"),
            SealError::Corrupt(why) => write!(f, "heap is not well-formed: {why}"),
            SealError::Io(e) => write!(f, "no memory for the image: {e}"),
        }
    }
}

impl fmt::Display for BootError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BootError::Fault(fault) => fault.fmt(f),
            BootError::Seal(e) => e.fmt(f),
            BootError::Boot(BootFailure::Io(e)) => write!(f, "no memory for a cage: {e}"),
            BootError::Boot(BootFailure::Thrown(text)) => write!(f, "builtins do not boot: {text}"),
        }
    }
}

impl std::error::Error for SealError {}
impl std::error::Error for BootError {}

/// How far a module is taken before its heap is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Templates, scopes and namespaces exist; no body has run.
    Linked,
    /// All bodies have run.
    Evaluated,
}

impl Image {
    /// Boots a module in a fresh cage and seals what its top level made. `setup` sees the runtime before the first body runs
    /// (console, state of the embedding).
    pub fn boot(
        module: Arc<Module>,
        embedding: &'static Embedding,
        limits: &Limits,
        stage: Stage,
        setup: impl FnOnce(&mut crate::runtime::Rt),
    ) -> Result<Image, BootError> {
        let mut runtime = Runtime::boot(embedding, Arc::clone(&module), limits, true).map_err(BootError::Boot)?;
        let booted = runtime.enter(|rt| {
            setup(rt);
            link::link(rt, &module)?;
            if stage == Stage::Evaluated { link::run_bodies(rt, &module) } else { Ok(()) }
        });
        booted.map_err(BootError::Fault)?;
        runtime.seal(embedding, limits).map_err(BootError::Seal)
    }

    /// The program.
    pub fn module(&self) -> &Arc<Module> {
        self.code.module()
    }

    /// Its functions' machine code and what was counted for it.
    pub fn code(&self) -> &Arc<CodeTable> {
        &self.code
    }

    /// The embedding it was booted with.
    pub fn embedding(&self) -> &'static Embedding {
        self.embedding
    }

    /// Bytes of the image: what a runtime shares with all others until it writes.
    pub fn bytes(&self) -> usize {
        self.pristine.bytes().len()
    }

    /// First byte of the arena of its runtimes.
    pub fn arena_start(&self) -> u32 {
        self.image_end + self.stack
    }
}

/// Bytes of the VM stack these limits ask for.
fn stack_bytes(limits: &Limits) -> u32 {
    mapping::page_up_u32(limits.stack.clamp(2 * crate::call::STACK_MARGIN, 256 << 20))
}
