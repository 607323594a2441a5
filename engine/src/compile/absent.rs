//! What stands for the compiler in a build without it: its names, and a refusal. Images run as they do anywhere.
mod diagnostics;
mod loader;
mod source;

pub use diagnostics::{Diagnostic, Diagnostics};
pub use loader::{FsLoader, Loader, MapLoader, NoLoader};
pub use source::{Goal, Options, SourceFile};

use crate::bytecode::module::Module;

/// Refuses every program.
///
/// # Errors
/// Always.
pub fn compile(entry: SourceFile, _options: &Options, _loader: &mut dyn Loader) -> Result<Module, Diagnostics> {
    let refusal = Diagnostic::of_file(&entry.name, "this build has no compiler, it runs images only");
    Err(Diagnostics(vec![refusal.hint("make one with a whole build: lockgate build FILE -o IMAGE")]))
}
