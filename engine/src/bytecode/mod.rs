//! Bytecode: the opcode table and everything that expands from it, and the compiled module.
#[macro_use]
mod flags;
pub mod disasm;
mod flow;
pub mod module;
pub mod op;
#[macro_use]
pub mod ops;
pub mod verify;
