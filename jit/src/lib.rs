//! The baseline compiler: the engine's [`NativeCompiler`]. No code generator is in this build yet, so every function is refused
//! and stays interpreted; `--jit` is accepted everywhere and `exec --stats` says `compiled: 0`.
#![forbid(unsafe_code)]

use lockgate_engine::bytecode::module::{FunctionId, Module};
use lockgate_engine::native::{NativeCode, NativeCompiler, Refusal};

/// When functions are compiled (`--jit`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// Never.
    Off,
    /// After a number of calls.
    #[default]
    Lazy,
    /// Before the first call.
    Eager,
}

impl std::fmt::Display for Policy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Policy::Off => "off",
            Policy::Lazy => "lazy",
            Policy::Eager => "eager",
        })
    }
}

impl std::str::FromStr for Policy {
    type Err = String;

    fn from_str(text: &str) -> Result<Policy, String> {
        match text {
            "off" => Ok(Policy::Off),
            "lazy" => Ok(Policy::Lazy),
            "eager" => Ok(Policy::Eager),
            other => Err(format!("'{other}' is no JIT policy; allowed: off, lazy, eager")),
        }
    }
}

/// The baseline compiler.
#[derive(Debug, Default)]
pub struct Baseline;

impl NativeCompiler for Baseline {
    fn compile(&self, _module: &Module, _function: FunctionId) -> Result<NativeCode, Refusal> {
        Err(Refusal::NoBackend)
    }
}
