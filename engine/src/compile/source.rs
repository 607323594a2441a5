//! Source files and the settings of a compilation.

/// One source file. Its name decides the language: `.js`, `.mjs`, `.jsx`, `.ts`, `.tsx`.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path, as shown in errors and as imports resolve against it.
    pub name: String,
    /// Text.
    pub text: String,
}

/// What the entry is parsed as. Imported files are always modules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Goal {
    /// ES module: strict, own scope.
    #[default]
    Module,
    /// Script: sloppy unless it says otherwise; its vars and functions are globals.
    Script,
}

/// Settings of a compilation.
#[derive(Debug, Clone)]
pub struct Options {
    /// What the entry is.
    pub goal: Goal,
    /// Deepest nesting of brackets and operators accepted.
    pub max_nesting: u32,
    /// Keep the sources in the module (stacks and error reports show lines; `toString` shows text).
    pub keep_source: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { goal: Goal::Module, max_nesting: 1_000, keep_source: true }
    }
}

impl Options {
    /// The defaults for a goal.
    pub fn new(goal: Goal) -> Self {
        Self { goal, ..Self::default() }
    }
}
