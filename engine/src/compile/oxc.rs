//! What is ours in the words of oxc, and the other way round.
use super::diagnostics::Diagnostic;
use super::source::Goal;
use oxc_diagnostics::OxcDiagnostic;
use oxc_span::SourceType;

/// The language of a file by its name.
pub(super) fn source_type(name: &str, goal: Goal) -> SourceType {
    let extension = name.rsplit('/').next().unwrap_or(name).rsplit('.').next().unwrap_or("");
    let base = match extension {
        "ts" | "mts" | "cts" => SourceType::ts(),
        "tsx" => SourceType::tsx(),
        "jsx" => SourceType::jsx(),
        _ => SourceType::mjs(),
    };
    match goal {
        Goal::Module => base.with_module(true),
        Goal::Script => base.with_script(true),
    }
}

/// An error of oxc's in a file of this text.
pub(super) fn diagnostic(file: &str, text: &str, error: &OxcDiagnostic) -> Diagnostic {
    // Of several places the last is the offence; the others say what it clashes with.
    let label = error.labels.iter().max_by_key(|l| l.offset());
    let (start, len) = label.map_or((0, 0), |l| (l.offset(), l.len()));
    let mut message = error.message.to_string();
    if let Some(text) = label.and_then(|l| l.label()).filter(|t| !t.ends_with(" expected")) {
        message.truncate(message.trim_end_matches('.').len());
        message.push_str(": ");
        message.push_str(text);
    }
    let mut diagnostic = Diagnostic::at(file, text, start, start + len, message);
    diagnostic.hint = error.help.as_ref().map(|h| h.to_string());
    diagnostic
}
