//! What a script was made of: by this a reload tells whether there is anything to compile.
use lockgate_engine::compile::{FsLoader, Loader, SourceFile};
use sha2::{Digest, Sha256};
use std::path::Path;

type Fingerprint = [u8; 32];

/// The bytes of the entry, and what each import meant.
#[derive(Debug, Default)]
pub struct Sources {
    entry: Fingerprint,
    imports: Vec<Import>,
}

/// One import as it was resolved.
#[derive(Debug, PartialEq, Eq)]
struct Import {
    specifier: String,
    referrer: String,
    /// The file found.
    name: String,
    text: Fingerprint,
}

impl Sources {
    /// Of an entry that imports nothing.
    pub fn of_entry(bytes: &[u8]) -> Self {
        Self { entry: Sha256::digest(bytes).into(), imports: Vec::new() }
    }

    /// Whether the entry at `path` has the same bytes and all imports still mean the same. Reads them all.
    pub fn are_unchanged(&self, path: &Path) -> bool {
        let entry = std::fs::read(path).map(|bytes| Fingerprint::from(Sha256::digest(bytes)));
        entry.is_ok_and(|entry| entry == self.entry)
            && self.imports.iter().all(|import| {
                let file = FsLoader.load(&import.specifier, &import.referrer);
                file.is_ok_and(|file| Import::new(&import.specifier, &import.referrer, &file) == *import)
            })
    }
}

impl Import {
    fn new(specifier: &str, referrer: &str, file: &SourceFile) -> Self {
        Self {
            specifier: specifier.to_owned(),
            referrer: referrer.to_owned(),
            name: file.name.clone(),
            text: Sha256::digest(file.text.as_bytes()).into(),
        }
    }
}

/// A loader that notes what passes.
pub(crate) struct Recorder<'a> {
    loader: &'a mut dyn Loader,
    sources: Sources,
}

impl<'a> Recorder<'a> {
    /// Notes what `loader` finds for an entry of this text.
    pub(crate) fn new(entry: &str, loader: &'a mut dyn Loader) -> Self {
        Self { loader, sources: Sources::of_entry(entry.as_bytes()) }
    }

    /// What was noted.
    pub(crate) fn finish(self) -> Sources {
        self.sources
    }
}

impl Loader for Recorder<'_> {
    fn load(&mut self, specifier: &str, referrer: &str) -> Result<SourceFile, String> {
        let file = self.loader.load(specifier, referrer)?;
        let import = Import::new(specifier, referrer, &file);
        if !self.sources.imports.contains(&import) {
            self.sources.imports.push(import);
        }
        Ok(file)
    }
}
