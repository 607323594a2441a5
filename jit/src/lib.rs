//! The baseline compiler: the engine's [`NativeCompiler`]. No code generator is in this build yet, so it names no machine and is
//! never asked; `--jit` is accepted everywhere and `exec --stats` says `compiled: 0`.
#![forbid(unsafe_code)]

use lockgate_engine::bytecode::module::{FunctionId, Module};
use lockgate_engine::native::{NativeCode, NativeCompiler, Refusal};

/// The baseline compiler.
#[derive(Debug, Default)]
pub struct Baseline;

/// The process's.
pub static BASELINE: Baseline = Baseline;

impl NativeCompiler for Baseline {
    fn machine(&self) -> Option<&'static str> {
        None
    }

    fn compile(&self, _module: &Module, _function: FunctionId) -> Result<NativeCode, Refusal> {
        Err(Refusal::Unsupported)
    }
}
