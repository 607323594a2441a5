//! What is wrong with a file: every mistake with its place, what is allowed there, and a hint.
use std::fmt;

use serde_json::{Value, json};

use crate::source::Source;

/// Most mistakes a report shows; the rest is only counted.
const MAX_SHOWN: usize = 100;
/// Most mistakes kept while checking, so that a hostile file cannot grow the report without end.
pub(crate) const MAX_KEPT: usize = 1_000;
/// Most characters of a source line that are shown.
const MAX_LINE: usize = 120;

/// A position in the file, in characters, counted from 1, as editors do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Characters concerned, at least 1, all on that line.
    pub length: u32,
}

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where it is; `None`: the file as a whole.
    pub place: Option<Place>,
    /// The setting concerned, as in `routes[2].match.path`; empty when there is none.
    pub setting: String,
    /// What is wrong.
    pub message: String,
    /// What may stand there.
    pub allowed: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// The source line, without its line break.
    pub source: Option<String>,
}

impl Mistake {
    pub(crate) fn at(place: Place, setting: impl Into<String>, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { place: Some(place), setting: setting.into(), message, allowed: None, hint: None, source: None }
    }

    pub(crate) fn whole_file(message: impl Into<String>) -> Self {
        let message = message.into();
        Self { place: None, setting: String::new(), message, allowed: None, hint: None, source: None }
    }

    pub(crate) fn allowed(mut self, allowed: impl Into<String>) -> Self {
        self.allowed = Some(allowed.into());
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A source line that [`Report::new`] cannot find by itself.
    pub(crate) fn source(mut self, line: impl Into<String>) -> Self {
        self.source = Some(line.into());
        self
    }

    pub(crate) fn maybe_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint.or(self.hint);
        self
    }
}

/// All mistakes of one file, in the order of their places. Never empty.
///
/// `Display` is the text for a terminal, [`Report::to_json`] the form for tools.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    file: String,
    mistakes: Vec<Mistake>,
    more: usize,
}

impl Report {
    pub(crate) fn new(source: &Source, mut mistakes: Vec<Mistake>) -> Self {
        // The parser places what it misses at the end on the line after, which a file without a last line break does not have.
        for place in mistakes.iter_mut().filter_map(|mistake| mistake.place.as_mut()) {
            *place = source.inside(*place);
        }
        mistakes.sort_by(|a, b| (a.place, &a.message).cmp(&(b.place, &b.message)));
        // An alias is read once per use; its mistakes are still only one each.
        mistakes.dedup_by(|a, b| a.place == b.place && a.message == b.message);
        let more = mistakes.len().saturating_sub(MAX_SHOWN);
        mistakes.truncate(MAX_SHOWN);
        for mistake in &mut mistakes {
            mistake.source = mistake.place.and_then(|place| source.line(place.line)).map(str::to_owned);
        }
        Self { file: source.name.clone(), mistakes, more }
    }

    pub(crate) fn of_file(file: &str, mistake: Mistake) -> Self {
        Self { file: file.to_owned(), mistakes: vec![mistake], more: 0 }
    }

    /// The file's name as the caller gave it.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The mistakes, by place; at most 100.
    #[must_use]
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }

    /// How many mistakes the file has beyond [`Report::mistakes`].
    #[must_use]
    pub fn more(&self) -> usize {
        self.more
    }

    /// `{"file", "mistakes": [{"line", "column", "length", "setting", "message", "allowed", "hint", "source"}], "more"}`;
    /// what is absent is `null`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mistakes: Vec<Value> = self.mistakes.iter().map(mistake_json).collect();
        json!({ "file": self.file, "mistakes": mistakes, "more": self.more })
    }
}

fn mistake_json(mistake: &Mistake) -> Value {
    json!({
        "line": mistake.place.map(|place| place.line),
        "column": mistake.place.map(|place| place.column),
        "length": mistake.place.map(|place| place.length),
        "setting": if mistake.setting.is_empty() { Value::Null } else { Value::from(mistake.setting.as_str()) },
        "message": mistake.message,
        "allowed": mistake.allowed,
        "hint": mistake.hint,
        "source": mistake.source,
    })
}

impl std::error::Error for Report {}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for mistake in &self.mistakes {
            write_mistake(f, &self.file, mistake)?;
            writeln!(f)?;
        }
        match self.mistakes.len() + self.more {
            1 => writeln!(f, "1 mistake in {}", self.file),
            total if self.more == 0 => writeln!(f, "{total} mistakes in {}", self.file),
            total if total < MAX_KEPT => {
                writeln!(f, "{total} mistakes in {}, the first {} shown", self.file, self.mistakes.len())
            }
            total => writeln!(f, "at least {total} mistakes in {}, the first {} shown", self.file, self.mistakes.len()),
        }
    }
}

fn write_mistake(f: &mut fmt::Formatter<'_>, file: &str, mistake: &Mistake) -> fmt::Result {
    let mut margin = 1;
    match mistake.place {
        None => writeln!(f, "{file}: {}", printable(&mistake.message))?,
        Some(place) => {
            writeln!(f, "{file}:{}:{}: {}", place.line, place.column, printable(&mistake.message))?;
            margin = place.line.to_string().len();
            if let Some(source) = &mistake.source {
                let (line, indent, carets) = excerpt(source, place);
                writeln!(f, "{:margin$} |", "")?;
                writeln!(f, "{} | {line}", place.line)?;
                writeln!(f, "{:margin$} | {}{}", "", " ".repeat(indent), "^".repeat(carets))?;
            }
        }
    }
    if let Some(allowed) = &mistake.allowed {
        writeln!(f, "{:margin$} = allowed: {}", "", printable(allowed))?;
    }
    if let Some(hint) = &mistake.hint {
        let mut lines = hint.lines();
        writeln!(f, "{:margin$} = hint: {}", "", printable(lines.next().unwrap_or_default()))?;
        for line in lines {
            writeln!(f, "{:margin$}   {}", "", printable(line))?;
        }
    }
    Ok(())
}

/// The part of a source line around `place` that fits a terminal, the spaces before the carets, and their number.
fn excerpt(source: &str, place: Place) -> (String, usize, usize) {
    // One character on screen for one in the file, so that the carets stand where they should.
    let chars: Vec<char> = source.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let column = (place.column as usize - 1).min(chars.len());
    let start = if chars.len() <= MAX_LINE { 0 } else { column.saturating_sub(MAX_LINE / 2) };
    let end = chars.len().min(start + MAX_LINE);
    let mut line = String::new();
    let lead = if start > 0 { "… " } else { "" };
    line.push_str(lead);
    line.extend(&chars[start..end]);
    if end < chars.len() {
        line.push_str(" …");
    }
    let indent = lead.chars().count() + column - start;
    let carets = (place.length as usize).clamp(1, (end - column).max(1));
    (line.trim_end().to_owned(), indent, carets)
}

/// Text from the file may hold escape sequences; a terminal must not obey them.
fn printable(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}
