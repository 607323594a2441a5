//! The text of one configuration file, cut into lines, and the checks that come before any YAML: size, encoding,
//! characters that have no place in a text file.
use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::report::{Mistake, Place, Report};

/// Largest file read. A gateway with 10,000 routes stays far below it.
pub(crate) const MAX_FILE_BYTES: usize = 1 << 20;

/// A configuration's text under the name that reports use for it.
pub(crate) struct Source<'t> {
    pub(crate) name: String,
    pub(crate) text: &'t str,
    lines: Vec<&'t str>,
}

impl<'t> Source<'t> {
    /// Takes `text` after the size and character checks.
    pub(crate) fn new(text: &'t str, name: &str) -> Result<Self, Report> {
        if text.len() > MAX_FILE_BYTES {
            return Err(too_large(name));
        }
        // Editors on some systems write a byte order mark; columns are counted without it.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let source = Self { name: name.to_owned(), text, lines: lines(text) };
        let mistakes = source.control_characters();
        if mistakes.is_empty() { Ok(source) } else { Err(Report::new(&source, mistakes)) }
    }

    /// Line `number`, counted from 1, without its line break.
    pub(crate) fn line(&self, number: u32) -> Option<&'t str> {
        self.lines.get((number as usize).checked_sub(1)?).copied()
    }

    /// `place`, or the end of the text if it lies beyond the last line.
    pub(crate) fn inside(&self, place: Place) -> Place {
        match self.lines.last() {
            Some(last) if place.line as usize > self.lines.len() => {
                Place { line: self.lines.len() as u32, column: last.chars().count() as u32 + 1, length: 1 }
            }
            _ => place,
        }
    }

    /// Characters on which YAML and terminals disagree. Escapes in double quotes (`"\e"`) are not affected.
    fn control_characters(&self) -> Vec<Mistake> {
        let mut mistakes = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            let found = line.chars().enumerate().find(|(_, c)| c.is_control() && !matches!(c, '\t' | '\u{85}'));
            if let Some((column, c)) = found {
                let place = Place { line: index as u32 + 1, column: column as u32 + 1, length: 1 };
                let mistake = Mistake::at(place, "", format!("control character U+{:04X} in the text", c as u32));
                mistakes.push(
                    mistake.hint("remove it; inside double quotes it can be written as an escape, like \"\\x1b\""),
                );
            }
        }
        mistakes
    }
}

/// Reads `path` as UTF-8, never more than [`MAX_FILE_BYTES`].
pub(crate) fn read(path: &Path, name: &str) -> Result<String, Report> {
    let unreadable = |error: std::io::Error| {
        let hint = match error.kind() {
            std::io::ErrorKind::NotFound => "`lockgate check FILE` and `lockgate run --config FILE` name another",
            std::io::ErrorKind::PermissionDenied => "give the gateway's user the right to read it",
            _ => "the configuration must be a readable regular file",
        };
        // Only the kind: the system's own wording differs between platforms.
        Report::of_file(name, Mistake::whole_file(format!("cannot be read: {}", error.kind())).hint(hint))
    };
    let file = File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.is_dir() {
        let mistake = Mistake::whole_file("is a directory").hint("name the YAML file inside it");
        return Err(Report::of_file(name, mistake));
    }
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > MAX_FILE_BYTES {
        return Err(too_large(name));
    }
    String::from_utf8(bytes).map_err(|error| not_utf8(name, error.as_bytes(), error.utf8_error().valid_up_to()))
}

fn too_large(name: &str) -> Report {
    let mistake = Mistake::whole_file("is larger than 1 MiB, the most a configuration may have");
    Report::of_file(name, mistake.hint("is this the right file?"))
}

fn not_utf8(name: &str, bytes: &[u8], valid_up_to: usize) -> Report {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let mistake = Mistake::whole_file("is UTF-16, and a configuration is UTF-8");
        return Report::of_file(name, mistake.hint("save it again with the encoding UTF-8"));
    }
    let valid = String::from_utf8_lossy(&bytes[..valid_up_to]);
    let before = lines(&valid);
    let last = before.last().map_or(0, |line| line.chars().count());
    let place = Place { line: before.len() as u32, column: last as u32 + 1, length: 1 };
    let rest = String::from_utf8_lossy(&bytes[valid_up_to..]);
    let line = format!("{}{}", before.last().unwrap_or(&""), rest.lines().next().unwrap_or_default());
    let mistake = Mistake::at(place, "", format!("byte 0x{:02x} is not UTF-8", bytes[valid_up_to])).source(line);
    Report::of_file(name, mistake.hint("save the file again with the encoding UTF-8"))
}

/// Lines as YAML counts them: a break is `\n`, `\r\n` or a lone `\r`. There is always at least one line.
fn lines(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let mut lines = Vec::new();
    let mut start = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let is_break = match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        if is_break {
            let line = &text[start..at];
            lines.push(line.strip_suffix('\r').unwrap_or(line));
            start = at + 1;
        }
    }
    lines.push(&text[start..]);
    lines
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn every_kind_of_line_break_is_one() {
        assert_eq!(lines("a\nb\r\nc\rd"), ["a", "b", "c", "d"]);
        assert_eq!(lines(""), [""]);
        assert_eq!(lines("a\n"), ["a", ""]);
    }
}
