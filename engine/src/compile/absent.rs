//! What stands for the compiler in a build without it: its names, and a refusal. Images run as they do anywhere.
mod diagnostics;
mod loader;
mod source;
mod statistics;

pub use diagnostics::{Diagnostic, Diagnostics};
pub use loader::{FsLoader, Loader, MapLoader, NoLoader};
pub use source::{Goal, Options, SourceFile};
pub use statistics::{Compiled, Statistics};

use crate::bytecode::module::Module;

/// Refuses every program.
///
/// # Errors
/// Always.
pub fn compile(entry: SourceFile, options: &Options, loader: &mut dyn Loader) -> Result<Module, Diagnostics> {
    compile_measured(entry, options, loader).map(|compiled| compiled.module)
}

/// Refuses every program.
///
/// # Errors
/// Always.
pub fn compile_measured(entry: SourceFile, _: &Options, _: &mut dyn Loader) -> Result<Compiled, Diagnostics> {
    let refusal = Diagnostic::of_file(&entry.name, "this build has no compiler, it runs images only");
    Err(Diagnostics(vec![refusal.hint("make one with a whole build: lockgate build FILE -o IMAGE")]))
}
