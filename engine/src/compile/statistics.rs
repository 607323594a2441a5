//! What a compilation made and took.
use crate::bytecode::module::Module;
use crate::bytecode::verify;
use std::fmt;
use std::time::{Duration, Instant};

/// A compiled program with what making it took.
#[derive(Debug)]
pub struct Compiled {
    /// The program.
    pub module: Module,
    /// Sizes and times.
    pub statistics: Statistics,
    /// What the author should know although nothing is refused: source maps that cannot be used.
    pub warnings: Vec<String>,
}

/// Sizes and times of a compilation. Bytecode is emitted while the syntax tree is lowered: both are one time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Statistics {
    /// The entry and what it imports.
    pub files: usize,
    /// Their text.
    pub source_bytes: usize,
    /// Functions, bodies of files among them.
    pub functions: usize,
    /// Their bytecode.
    pub code_bytes: usize,
    /// Parsing.
    pub parse: Duration,
    /// Early errors and the analysis of scopes.
    pub analyse: Duration,
    /// Lowering to bytecode.
    pub lower: Duration,
    /// Verifying the bytecode, which a release build does only when an image is written; `None`: not measured.
    pub verify: Option<Duration>,
}

impl Statistics {
    /// The same with the time that verifying `module` takes.
    ///
    /// # Errors
    /// The compiler made bytecode that the verifier refuses: an engine error.
    pub fn verified(self, module: &Module) -> Result<Statistics, String> {
        let started = Instant::now();
        verify::verify(module).map_err(|why| why.to_string())?;
        Ok(Statistics { verify: Some(started.elapsed()), ..self })
    }
}

impl fmt::Display for Statistics {
    /// One line a figure.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "source: {} bytes in {} files", self.source_bytes, self.files)?;
        writeln!(f, "bytecode: {} bytes in {} functions", self.code_bytes, self.functions)?;
        writeln!(f, "parse: {:?}", self.parse)?;
        writeln!(f, "analyse: {:?}", self.analyse)?;
        write!(f, "lower: {:?}", self.lower)?;
        match self.verify {
            Some(time) => write!(f, "\nverify: {time:?}"),
            None => Ok(()),
        }
    }
}
