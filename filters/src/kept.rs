//! Scripts made ready, kept from one start to the next: what a script was made of, and its image.
//!
//! `magic 8 | SHA-256 of the head | length of the head u32 | head: key, sources | image`. The digests guard against damage, not
//! against forgery, as those of images do.
use crate::embedding::EMBEDDING;
use crate::script::Settings;
use crate::sources::Sources;
use lockgate_engine::image::{Envelope, Image, build_id};
use lockgate_engine::limits::Limits;
use sha2::{Digest, Sha256};
use std::fmt;
use std::time::Duration;

const MAGIC: &[u8; 8] = b"LKGTKPT\0";

/// Where kept scripts are. Nothing that goes wrong there keeps a script from being compiled.
pub trait Keeper {
    /// The build of the gateway: each keeps its own.
    fn build(&self) -> &str;
    /// What was kept under this key.
    fn find(&mut self, key: &Key) -> Option<Vec<u8>>;
    /// It was as good as the source.
    fn used(&mut self, key: &Key);
    /// It was not: why.
    fn refused(&mut self, key: &Key, why: &str);
    /// Keeps it, unless it has no form as bytes: why.
    fn keep(&mut self, key: &Key, bytes: Result<Vec<u8>, String>);
}

/// What a kept script is found by: the build, the entry's name and text, and every setting that its image depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// The key of an entry for a gateway of this build.
    pub fn new(build: &str, name: &str, text: &str, settings: &Settings) -> Self {
        // Bounds of a request are no part of the image; whatever else is set may be.
        let settings = Settings {
            limits: Limits { cpu: None, fuel: None, ..settings.limits.clone() },
            subrequests: 0,
            concurrent_subrequests: 0,
            boot: Duration::ZERO,
            ..settings.clone()
        };
        let mut hash = Sha256::new();
        for part in [build, &build_id(&EMBEDDING), name, text, &format!("{settings:?}")] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

/// In hexadecimal digits.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A script as bytes, of its parts.
pub(crate) fn write(key: &Key, sources: &Sources, image: &[u8]) -> Vec<u8> {
    let mut head = key.0.to_vec();
    sources.write(&mut head);
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&Sha256::digest(&head));
    bytes.extend_from_slice(&(head.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&head);
    bytes.extend_from_slice(image);
    bytes
}

/// Its parts, if they are whole and what the script was made of is still the same. `key` was made of the entry as it is.
///
/// # Errors
/// Why it has to be made anew.
pub(crate) fn read(key: &Key, bytes: &[u8]) -> Result<(Image, Sources), String> {
    let damaged = |what: &str| format!("damaged: {what}");
    let body = bytes.strip_prefix(MAGIC).ok_or_else(|| damaged("it is no kept script"))?;
    let (digest, body) = body.split_at_checked(32).ok_or_else(|| damaged("it is cut short"))?;
    let (length, body) = body.split_first_chunk().ok_or_else(|| damaged("it is cut short"))?;
    let length = u32::from_le_bytes(*length) as usize;
    let (head, image) = body.split_at_checked(length).ok_or_else(|| damaged("it is cut short"))?;
    if Sha256::digest(head).as_slice() != digest {
        return Err(damaged("the digest of its head does not match"));
    }
    let sources = head.strip_prefix(&key.0).ok_or("foreign: it was made of another script")?;
    let sources = Sources::read(sources).ok_or_else(|| damaged("its head is not readable"))?;
    if let Some(import) = sources.changed_import() {
        return Err(format!("stale: {import} has changed"));
    }
    let image =
        Envelope::open(image).and_then(|envelope| envelope.image(&EMBEDDING)).map_err(|error| error.to_string())?;
    Ok((image, sources))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Script;

    const TEXT: &str = "export default () => new Response('hello')";

    #[test]
    fn the_key_is_of_what_the_image_depends_on() {
        let usual = Settings::default();
        let key = Key::new("build", "a.js", TEXT, &usual);
        let bounds = Settings {
            limits: Limits { cpu: Some(Duration::from_secs(1)), fuel: Some(1), ..usual.limits.clone() },
            subrequests: 1,
            concurrent_subrequests: 1,
            boot: Duration::from_secs(1),
            ..usual.clone()
        };
        assert_eq!(Key::new("build", "a.js", TEXT, &bounds), key);
        let env = Settings { env: [("A".to_owned(), "1".to_owned())].into(), ..usual.clone() };
        let stack = Settings { limits: Limits { stack: 1 << 20, ..usual.limits.clone() }, ..usual.clone() };
        for other in [
            Key::new("other", "a.js", TEXT, &usual),
            Key::new("build", "b.js", TEXT, &usual),
            Key::new("build", "a.js", "", &usual),
            Key::new("build", "a.js", TEXT, &env),
            Key::new("build", "a.js", TEXT, &stack),
        ] {
            assert_ne!(other, key);
        }
        assert_eq!(key.to_string().len(), 64);
    }

    #[test]
    fn one_that_is_cut_is_refused() {
        let settings = Settings::default();
        let script = Script::of_text("a.js", TEXT, &settings).unwrap();
        let key = Key::new("build", "a.js", TEXT, &settings);
        let bytes = write(&key, &Sources::of_entry(TEXT.as_bytes()), &script.to_bytes().unwrap());
        assert!(read(&key, &bytes).is_ok());
        for end in (0..256).chain((256..bytes.len()).step_by(64)) {
            assert!(read(&key, &bytes[..end]).is_err(), "cut at {end}");
        }
    }
}
