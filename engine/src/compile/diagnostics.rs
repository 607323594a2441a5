//! Compile errors with their places: all of a program's, reported together.
use std::fmt;

/// One error of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Source file as named by the loader.
    pub file: String,
    /// Line, from 1; 0 when it is about the whole file.
    pub line: u32,
    /// Column in characters, from 1.
    pub col: u32,
    /// What is wrong.
    pub message: String,
    /// What to do about it, if known.
    pub hint: Option<String>,
    /// Text of the line.
    pub source_line: String,
    /// Characters under the caret, at least 1.
    pub width: u32,
}

/// All errors of a program, in source order; never empty when returned as an error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostic {
    /// An error at bytes `start..end` of `text`.
    pub fn at(file: &str, text: &str, start: u32, end: u32, message: impl Into<String>) -> Self {
        let start = floor_char(text, start as usize);
        let end = floor_char(text, end as usize).max(start);
        let line_start = text[..start].rfind('\n').map_or(0, |i| i + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |i| start + i);
        let line = text[..start].bytes().filter(|&b| b == b'\n').count() as u32 + 1;
        let col = text[line_start..start].chars().count() as u32 + 1;
        let width = text[start..end.min(line_end).max(start)].chars().count().max(1) as u32;
        Self {
            file: file.to_string(),
            line,
            col,
            message: message.into(),
            hint: None,
            source_line: text[line_start..line_end].trim_end_matches('\r').to_string(),
            width,
        }
    }

    /// An error that has no place in the file.
    pub fn of_file(file: &str, message: impl Into<String>) -> Self {
        Self { line: 0, col: 0, ..Self::at(file, "", 0, 0, message) }
    }

    /// The same with a hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

fn floor_char(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            write!(f, "{}: {}", self.file, self.message)?;
            return self.hint.iter().try_for_each(|hint| write!(f, "\n  hint: {hint}"));
        }
        writeln!(f, "{}:{}:{}: SyntaxError: {}", self.file, self.line, self.col, self.message)?;
        // A minified line is cut to a window around the caret.
        let skip = (self.col as usize).saturating_sub(80);
        let shown: String = self.source_line.chars().skip(skip).take(160).collect();
        let pad: String =
            shown.chars().take(self.col as usize - 1 - skip).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let width = (self.width as usize).min(shown.chars().count().saturating_sub(pad.chars().count()).max(1));
        writeln!(f, "  {shown}")?;
        write!(f, "  {pad}{}", "^".repeat(width))?;
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, diagnostic) in self.0.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            diagnostic.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}
