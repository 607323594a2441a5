//! What a script was made of: by this a start or reload tells whether there is anything to compile.
use lockgate_engine::compile::{FsLoader, Loader, SourceFile};
use lockgate_engine::image::{Envelope, ImageError};
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
    /// Of the text of an entry that imports nothing.
    pub fn of_entry(text: &[u8]) -> Self {
        Self { entry: Sha256::digest(text).into(), imports: Vec::new() }
    }

    /// Of an image file whose digest has been held against its bytes: it is not computed again.
    pub fn of_image(envelope: &Envelope<'_>) -> Self {
        Self { entry: envelope.digest, imports: Vec::new() }
    }

    /// Whether the entry at `path` has the same bytes and all imports still mean the same. Reads them all.
    pub fn are_unchanged(&self, path: &Path) -> bool {
        let entry = std::fs::read(path).ok().and_then(|bytes| fingerprint(&bytes));
        entry == Some(self.entry) && self.changed_import().is_none()
    }

    /// The first import that means something else by now. Reads them all.
    pub(crate) fn changed_import(&self) -> Option<String> {
        let changed = self.imports.iter().find(|import| {
            let file = FsLoader.load(&import.specifier, &import.referrer);
            !file.is_ok_and(|file| Import::new(&import.specifier, &import.referrer, &file) == **import)
        })?;
        Some(format!("'{}' of {}", changed.specifier, changed.referrer))
    }

    /// As bytes, behind others.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.entry);
        for import in &self.imports {
            for text in [&import.specifier, &import.referrer, &import.name] {
                out.extend_from_slice(&(text.len() as u32).to_le_bytes());
                out.extend_from_slice(text.as_bytes());
            }
            out.extend_from_slice(&import.text);
        }
    }

    /// From all of their bytes.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let (entry, mut rest) = bytes.split_first_chunk()?;
        let mut imports = Vec::new();
        while !rest.is_empty() {
            let mut text = || {
                let (length, behind) = rest.split_first_chunk()?;
                let (text, behind) = behind.split_at_checked(u32::from_le_bytes(*length) as usize)?;
                rest = behind;
                String::from_utf8(text.to_vec()).ok()
            };
            let (specifier, referrer, name) = (text()?, text()?, text()?);
            let (text, behind) = rest.split_first_chunk()?;
            rest = behind;
            imports.push(Import { specifier, referrer, name, text: *text });
        }
        Some(Self { entry: *entry, imports })
    }
}

/// What tells an entry from all others; nothing does for a damaged image.
fn fingerprint(bytes: &[u8]) -> Option<Fingerprint> {
    match Envelope::open(bytes) {
        Ok(envelope) => envelope.verify().is_ok().then_some(envelope.digest),
        Err(ImageError::NotAnImage) => Some(Sha256::digest(bytes).into()),
        Err(_) => None,
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
