//! Why a script did not answer.
use lockgate_engine::errors::Position;
use lockgate_engine::image;
use lockgate_engine::limits::Termination;
use std::fmt;

/// What kind of end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// An exception nothing caught, or a result of the wrong kind.
    Threw,
    /// CPU time or fuel.
    Deadline,
    /// Heap bytes.
    Memory,
    /// Its promise cannot settle any more.
    NeverSettles,
    /// Ended from outside.
    Cancelled,
    /// An engine error.
    Engine,
}

impl FaultKind {
    /// All kinds, as [`crate::pool::Stats::faults`] counts them.
    pub const ALL: [FaultKind; 6] = [
        FaultKind::Threw,
        FaultKind::Deadline,
        FaultKind::Memory,
        FaultKind::NeverSettles,
        FaultKind::Cancelled,
        FaultKind::Engine,
    ];

    /// Name in metrics.
    pub fn text(self) -> &'static str {
        match self {
            FaultKind::Threw => "threw",
            FaultKind::Deadline => "deadline",
            FaultKind::Memory => "memory",
            FaultKind::NeverSettles => "never_settles",
            FaultKind::Cancelled => "cancelled",
            FaultKind::Engine => "engine",
        }
    }
}

/// A failed step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What kind of end.
    pub kind: FaultKind,
    /// `Name: message`, or the limit.
    pub text: String,
    /// Where, innermost first.
    pub positions: Vec<Position>,
}

impl Fault {
    /// A fault without a place.
    pub fn plain(kind: FaultKind, text: impl Into<String>) -> Fault {
        Fault { kind, text: text.into(), positions: Vec::new() }
    }
}

impl From<image::Fault> for Fault {
    fn from(fault: image::Fault) -> Fault {
        let kind = match fault.kind {
            image::FaultKind::Exception => FaultKind::Threw,
            image::FaultKind::Terminated(Termination::Cpu | Termination::Fuel) => FaultKind::Deadline,
            image::FaultKind::Terminated(Termination::Memory) => FaultKind::Memory,
            image::FaultKind::Terminated(Termination::Cancelled) => FaultKind::Cancelled,
            image::FaultKind::Panic => FaultKind::Engine,
        };
        Fault { kind, text: fault.text, positions: fault.positions }
    }
}

impl fmt::Display for Fault {
    /// One line, for logs: the text and the innermost position.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        match self.positions.first() {
            Some(at) => write!(f, " ({}:{}:{})", at.file, at.line, at.column),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Fault {}
