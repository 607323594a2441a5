//! The one place where the compiler meets the regular-expression compiler.
use crate::regexp::{PatternText, compile, parse_flags};

/// The matcher's words for a pattern, or what is wrong with it.
pub(super) fn compile_regexp(pattern: &str, flags: &str) -> Result<Vec<u32>, String> {
    let refused = |e: crate::regexp::SyntaxError| format!("Invalid regular expression: /{pattern}/{flags}: {e}");
    let flags = parse_flags(flags).map_err(refused)?;
    Ok(compile(&PatternText::Utf8(pattern), flags).map_err(refused)?.into_words())
}
