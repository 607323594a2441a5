//! How imports find their files.
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use super::source::SourceFile;

/// Extensions tried, in order, when a specifier names no existing file.
const EXTENSIONS: [&str; 5] = ["ts", "tsx", "js", "mjs", "jsx"];

/// Resolves and reads imports; an error becomes a diagnostic at the import's position. Two specifiers that resolve to
/// the same file must give the same [`SourceFile::name`].
pub trait Loader: Send {
    /// The file that `specifier` means when imported by the file named `referrer`.
    fn load(&mut self, specifier: &str, referrer: &str) -> Result<SourceFile, String>;
}

/// Refuses every import.
#[derive(Debug, Default)]
pub struct NoLoader;

impl Loader for NoLoader {
    fn load(&mut self, specifier: &str, _referrer: &str) -> Result<SourceFile, String> {
        Err(format!("cannot import '{specifier}': imports are not available here"))
    }
}

/// Reads relative imports from the file system.
#[derive(Debug, Default)]
pub struct FsLoader;

impl Loader for FsLoader {
    fn load(&mut self, specifier: &str, referrer: &str) -> Result<SourceFile, String> {
        let path = candidate_base(specifier, referrer)?;
        for candidate in candidates(&path) {
            if candidate.is_file() {
                let text = std::fs::read_to_string(&candidate)
                    .map_err(|e| format!("cannot read '{}': {e}", candidate.display()))?;
                return Ok(SourceFile { name: candidate.to_string_lossy().into_owned(), text });
            }
        }
        Err(format!("cannot find '{specifier}' (looked for {}, and with .ts .tsx .js .mjs .jsx)", path.display()))
    }
}

/// Files held in memory, by path; resolves as [`FsLoader`] does.
#[derive(Debug, Default, Clone)]
pub struct MapLoader {
    /// Path → text.
    pub files: HashMap<String, String>,
}

impl Loader for MapLoader {
    fn load(&mut self, specifier: &str, referrer: &str) -> Result<SourceFile, String> {
        let path = candidate_base(specifier, referrer)?;
        for candidate in candidates(&path) {
            let name = candidate.to_string_lossy();
            if let Some(text) = self.files.get(name.as_ref()) {
                return Ok(SourceFile { name: name.into_owned(), text: text.clone() });
            }
        }
        Err(format!("cannot find '{specifier}'"))
    }
}

fn candidate_base(specifier: &str, referrer: &str) -> Result<PathBuf, String> {
    let relative = specifier.starts_with("./") || specifier.starts_with("../") || specifier == "." || specifier == "..";
    if !relative && !specifier.starts_with('/') {
        return Err(format!(
            "cannot import '{specifier}': only relative imports ('./…', '../…') are resolved, there is no package lookup"
        ));
    }
    let directory = Path::new(referrer).parent().unwrap_or(Path::new(""));
    Ok(normalize(&directory.join(specifier)))
}

fn candidates(path: &Path) -> Vec<PathBuf> {
    let mut all = vec![path.to_path_buf()];
    for extension in EXTENSIONS {
        let mut name = path.as_os_str().to_os_string();
        name.push(".");
        name.push(extension);
        all.push(PathBuf::from(name));
    }
    // TypeScript writes './a.js' for the file a.ts.
    if let Some(extension @ ("js" | "jsx" | "mjs")) = path.extension().and_then(|e| e.to_str()) {
        let replacement = if extension == "jsx" { &["tsx"][..] } else { &["ts", "tsx"][..] };
        all.extend(replacement.iter().map(|e| path.with_extension(e)));
    }
    all.extend(EXTENSIONS.iter().map(|e| path.join(format!("index.{e}"))));
    all
}

/// Removes `.` and resolves `..` textually, so that one file has one name.
fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            other => out.push(other.as_os_str()),
        }
    }
    out
}
