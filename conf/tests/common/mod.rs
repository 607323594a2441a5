//! Golden files: compared, or written anew with `BLESS=1`.
use std::fs;
use std::path::{Path, PathBuf};

/// Compares `found` with the file at `path`; with `BLESS=1` the file is written instead.
pub fn golden(path: &Path, found: &str) -> Result<(), String> {
    if std::env::var_os("BLESS").is_some_and(|bless| bless == "1") {
        return fs::write(path, found).map_err(|error| format!("{}: {error}", path.display()));
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    if expected == found {
        return Ok(());
    }
    let same = expected.lines().zip(found.lines()).take_while(|(a, b)| a == b).count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("(end)").to_owned();
    Err(format!(
        "{}:{} is stale (BLESS=1 writes it anew)\n  expected: {}\n  found:    {}",
        path.display(),
        same + 1,
        line(&expected),
        line(found),
    ))
}

/// The YAML files of a directory, in order.
#[allow(dead_code)] // Not every test that compares golden files walks a directory.
pub fn yaml_files(dir: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).expect("the directory of test files is part of the crate");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    files
}
