//! Files and directories that the configuration names: where they are, and whether they exist.
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::check::Check;
use crate::check::read::Text;
use crate::problem::Problem;
use crate::rows::SCRIPT_EXTENSIONS;
use crate::settings::Format;
use crate::suggest::nearest;
use crate::units::shorten;

/// Most directory entries looked at for a hint.
const MAX_NEIGHBOURS: usize = 1_000;

impl Check {
    /// An existing file that can be a script.
    pub(crate) fn script_file(&mut self, text: &Text<'_>) -> Option<PathBuf> {
        let path = self.absolute(text, Format::ScriptFile)?;
        let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
        let checked = if path.is_dir() {
            Err(Problem::new(format!("'{}' is a directory, not a script", shorten(text.text)))
                .hint("name the file inside it"))
        } else if !path.exists() {
            let hint = (!self.is_full()).then(|| neighbour(text.text, &path)).flatten();
            Err(Problem { hint, ..missing("script", text.text, &self.base_dir) })
        } else if !SCRIPT_EXTENSIONS.contains(&extension) {
            Err(Problem::new(format!("'{}' does not look like a script", shorten(text.text)))
                .hint(format!("its name would end in .{}", SCRIPT_EXTENSIONS.join(", ."))))
        } else if !path.is_file() {
            Err(Problem::new(format!("'{}' is not a regular file", shorten(text.text))))
        } else {
            Ok(path)
        };
        self.ok(text.node, &text.setting, checked, Format::ScriptFile.allowed())
    }

    /// An existing directory.
    pub(crate) fn directory(&mut self, text: &Text<'_>) -> Option<PathBuf> {
        let path = self.absolute(text, Format::Directory)?;
        let checked = if path.is_dir() {
            Ok(path)
        } else if path.exists() {
            Err(Problem::new(format!("'{}' is a file, not a directory", shorten(text.text)))
                .hint("name the directory it is in"))
        } else {
            let hint = (!self.is_full()).then(|| neighbour(text.text, &path)).flatten();
            Err(Problem { hint, ..missing("directory", text.text, &self.base_dir) })
        };
        self.ok(text.node, &text.setting, checked, Format::Directory.allowed())
    }

    /// A directory that exists or can be made.
    pub(crate) fn cache_directory(&mut self, text: &Text<'_>) -> Option<PathBuf> {
        let path = self.absolute(text, Format::CacheDirectory)?;
        let parent = path.parent().unwrap_or(Path::new("/"));
        let checked = if path.exists() && !path.is_dir() {
            Err(Problem::new(format!("'{}' is a file, not a directory", shorten(text.text))))
        } else if !parent.is_dir() {
            Err(Problem::new(format!("the directory around '{}' does not exist", shorten(text.text)))
                .hint("make it first"))
        } else {
            Ok(path)
        };
        self.ok(text.node, &text.setting, checked, Format::CacheDirectory.allowed())
    }

    /// A file that exists or can be made.
    pub(crate) fn log_file(&mut self, text: &Text<'_>) -> Option<PathBuf> {
        let path = self.absolute(text, Format::LogFile)?;
        let parent = path.parent().unwrap_or(Path::new("/"));
        let checked = if path.is_dir() {
            Err(Problem::new(format!("'{}' is a directory, not a file", shorten(text.text)))
                .hint("name a file inside it"))
        } else if !parent.is_dir() {
            Err(Problem::new(format!("the directory of '{}' does not exist", shorten(text.text)))
                .hint("make the directory first"))
        } else {
            Ok(path)
        };
        self.ok(text.node, &text.setting, checked, Format::LogFile.allowed())
    }

    /// The path from the file's directory. `..` is left to the system: only it knows the links on the way.
    fn absolute(&mut self, text: &Text<'_>, format: Format) -> Option<PathBuf> {
        let written = text.text;
        let checked = if written.is_empty() {
            Err(Problem::new("the path is empty"))
        } else if written.contains(char::is_control) || written.len() > 4_096 {
            Err(Problem::new("no path has control characters or more than 4096 bytes"))
        } else if written.contains("://") {
            Err(Problem::new(format!("'{}' is a URL, not a path", shorten(written)))
                .hint("only local files can be named"))
        } else {
            let path = self.base_dir.join(written.strip_prefix("./").unwrap_or(written));
            Ok(std::path::absolute(&path).unwrap_or(path))
        };
        self.ok(text.node, &text.setting, checked, format.allowed())
    }
}

fn missing(what: &str, written: &str, base_dir: &Path) -> Problem {
    let shown = shorten(written);
    match Path::new(written).is_absolute() {
        true => Problem::new(format!("{what} '{shown}' does not exist")),
        false => Problem::new(format!("{what} '{shown}' does not exist, seen from {}", display_dir(base_dir))),
    }
}

/// The directory as the user may know it: relative to where the command runs, if it is below.
fn display_dir(dir: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    match dir.strip_prefix(&here) {
        Ok(below) if below.as_os_str().is_empty() => "the current directory".to_owned(),
        Ok(below) => format!("'{}'", below.display()),
        Err(_) => format!("'{}'", dir.display()),
    }
}

/// A hint: the file of a similar name in the same directory, or the part of the path that does not exist.
fn neighbour(written: &str, path: &Path) -> Option<String> {
    let (parent, name) = (path.parent()?, path.file_name()?.to_str()?);
    let Ok(entries) = fs::read_dir(parent) else {
        let lost = path.ancestors().skip(1).take_while(|ancestor| !ancestor.exists()).last()?;
        let lost = lost.file_name()?.to_str()?;
        return Some(format!("the directory '{lost}' does not exist either"));
    };
    let mut names: Vec<String> =
        entries.take(MAX_NEIGHBOURS).filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    // The system's order is not the same everywhere.
    names.sort_unstable();
    let stem = Path::new(name).file_stem()?.to_str()?;
    let same_stem = || names.iter().find(|other| Path::new(other).file_stem().and_then(OsStr::to_str) == Some(stem));
    let found = same_stem().map(String::as_str).or_else(|| nearest(name, names.iter().map(String::as_str)))?;
    Some(format!("did you mean '{}{found}'?", written.strip_suffix(name).unwrap_or_default()))
}
