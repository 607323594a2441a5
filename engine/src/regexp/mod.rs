//! Regular expressions.
/// Reused memory of the matcher.
#[derive(Debug, Default)]
pub struct Scratch;
