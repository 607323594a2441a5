//! `image_cache`: a directory of scripts made ready, read at the next start or reload in place of compiling. Nothing that goes
//! wrong with it keeps a gateway from starting.
use crate::{build, whole_file};
use lockgate_filters::kept::{Keeper, Key};
use std::fs::{self, DirBuilder, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Most bytes of all files together; beyond them those go that were not used for the longest time. Told in the reference.
const MAX_BYTES: u64 = 256 << 20;
/// An unfinished file of this age is left from a process that was killed.
const ABANDONED: Duration = Duration::from_secs(60 * 60);
/// An image holds the script's environment: it is nobody else's to read.
const MODE: u32 = 0o600;
const ENDING: &str = ".image";
/// Root may change any file anyway.
const ROOT: u32 = 0;

/// The directory during one load of a configuration.
#[derive(Debug)]
pub struct ImageCache {
    dir: PathBuf,
    /// Scripts that needed no compiling.
    pub hits: u64,
    /// Scripts that did.
    pub misses: u64,
    has_written: bool,
    /// After the first failure nothing more is written: one warning tells all.
    cannot_write: bool,
}

impl ImageCache {
    /// Opens the directory or makes it; `None` after a warning if it is of no use.
    pub fn open(dir: &Path) -> Option<Self> {
        match usable(dir) {
            Ok(()) => Some(Self { dir: dir.to_owned(), hits: 0, misses: 0, has_written: false, cannot_write: false }),
            Err(why) => {
                warn(dir, &format!("not used: {why}"));
                None
            }
        }
    }

    /// Keeps the directory within its bound, if anything was written.
    pub fn finish(&self) {
        if self.has_written
            && let Err(error) = trim(&self.dir, MAX_BYTES)
        {
            warn(&self.dir, &format!("cannot be kept small: {error}"));
        }
    }

    fn file(&self, key: &Key) -> PathBuf {
        self.dir.join(format!("{key}{ENDING}"))
    }
}

impl Keeper for ImageCache {
    fn build(&self) -> &str {
        build::VERSION
    }

    fn find(&mut self, key: &Key) -> Option<Vec<u8>> {
        match read(&self.file(key)) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                self.misses += 1;
                if error.kind() != io::ErrorKind::NotFound {
                    warn(&self.file(key), &format!("refused, compiling: {error}"));
                }
                None
            }
        }
    }

    fn used(&mut self, key: &Key) {
        self.hits += 1;
        // Only the order in which files go depends on it, and in a directory that cannot be written none does.
        let _ = File::open(self.file(key)).and_then(|file| file.set_modified(SystemTime::now()));
    }

    fn refused(&mut self, key: &Key, why: &str) {
        self.misses += 1;
        warn(&self.file(key), &format!("refused, compiling: {why}"));
    }

    fn keep(&mut self, key: &Key, bytes: Result<Vec<u8>, String>) {
        if self.cannot_write {
            return;
        }
        let file = self.file(key);
        let write = |bytes: Vec<u8>| {
            whole_file::write(&file, MODE, |out| out.write_all(&bytes)).map_err(|error| error.to_string())
        };
        match bytes.and_then(write) {
            Ok(()) => self.has_written = true,
            Err(why) => {
                self.cannot_write = true;
                warn(&file, &format!("cannot be written, compiling again at the next start: {why}"));
            }
        }
    }
}

fn warn(path: &Path, what: &str) {
    eprintln!("lockgate: warning: image_cache: {}: {what}", path.display());
}

/// Makes sure of a directory that nobody else writes to: an image is trusted as the binary is.
fn usable(dir: &Path) -> Result<(), String> {
    let found = match fs::metadata(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            DirBuilder::new().mode(0o700).create(dir).and_then(|()| fs::metadata(dir))
        }
        found => found,
    };
    let found = found.map_err(|error| error.to_string())?;
    if !found.is_dir() {
        return Err("not a directory".into());
    }
    // Who runs this process, by the owner of its entry (proc(5)).
    let own = fs::metadata("/proc/self").map_err(|error| format!("/proc/self: {error}"))?.uid();
    writable_by_others(found.uid(), found.mode(), own).map_or(Ok(()), Err)
}

/// Why a directory of this owner and mode may be changed by others than the user `own`.
fn writable_by_others(owner: u32, mode: u32, own: u32) -> Option<String> {
    if owner != own && owner != ROOT {
        return Some(format!("it belongs to another user ({owner}), and an image is trusted as the binary is"));
    }
    (mode & 0o022 != 0)
        .then(|| "others may write to it, and an image is trusted as the binary is; chmod go-w helps".into())
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path)?;
    // No file of ours is larger.
    if file.metadata()?.len() > MAX_BYTES {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    file.take(MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A file of the cache.
struct Entry {
    used: SystemTime,
    bytes: u64,
    path: PathBuf,
}

/// Removes files, the longest unused first, until all have no more than `max` bytes; and those that were abandoned.
fn trim(dir: &Path, max: u64) -> io::Result<()> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| is_ours(name)) else { continue };
        let Ok(found) = entry.metadata() else { continue };
        if !found.is_file() {
            continue;
        }
        let used = found.modified()?;
        let is_unfinished = name.ends_with(whole_file::UNFINISHED);
        if is_unfinished && used.elapsed().is_ok_and(|age| age > ABANDONED) {
            remove(&entry.path())?;
        } else if !is_unfinished {
            entries.push(Entry { used, bytes: found.len(), path: entry.path() });
        }
    }
    entries.sort_by_key(|entry| entry.used);
    let mut total: u64 = entries.iter().map(|entry| entry.bytes).sum();
    for entry in entries {
        if total <= max {
            break;
        }
        remove(&entry.path)?;
        total -= entry.bytes;
    }
    Ok(())
}

/// Whether a file is one that a cache made: other files of the directory are let alone.
fn is_ours(name: &str) -> bool {
    let ending = name.trim_start_matches(|c: char| c.is_ascii_hexdigit());
    name.len() - ending.len() == 64
        && (ending == ENDING || ending.starts_with(ENDING) && ending.ends_with(whole_file::UNFINISHED))
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        // Another gateway was faster.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_trusted_that_its_user_or_root_alone_writes_to() {
        for (owner, mode, is_trusted) in
            [(7, 0o40700, true), (ROOT, 0o40755, true), (8, 0o40700, false), (7, 0o40720, false), (7, 0o41777, false)]
        {
            assert_eq!(writable_by_others(owner, mode, 7).is_none(), is_trusted, "{owner} {mode:o}");
        }
    }

    #[test]
    fn the_longest_unused_go_first_and_what_is_not_ours_stays() {
        let dir = std::env::temp_dir().join(format!("lockgate-image-cache-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let now = SystemTime::now();
        let put = |name: &str, bytes: u64, hours: u64| {
            let file = File::create(dir.join(name)).unwrap();
            file.set_len(bytes).unwrap();
            file.set_modified(now - Duration::from_secs(hours * 3600)).unwrap();
        };
        let [a, b, c] = ["a", "b", "c"].map(|digit| format!("{}{ENDING}", digit.repeat(64)));
        put(&a, 10, 1);
        put(&b, 10, 3);
        put(&c, 10, 2);
        put("notes.image", 100, 9);
        put(&format!("{a}.17.new"), 10, 2);
        put(&format!("{b}.18.new"), 10, 0);
        let names = || {
            let mut names: Vec<_> =
                fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.sort_unstable();
            names
        };
        trim(&dir, 30).unwrap();
        assert_eq!(names(), [a.clone(), b.clone(), format!("{b}.18.new"), c.clone(), "notes.image".into()]);
        trim(&dir, 29).unwrap();
        assert_eq!(names(), [a.clone(), format!("{b}.18.new"), c, "notes.image".into()]);
        trim(&dir, 10).unwrap();
        assert_eq!(names(), [a, format!("{b}.18.new"), "notes.image".into()]);
        trim(&dir, 0).unwrap();
        assert_eq!(names(), [format!("{b}.18.new"), "notes.image".into()]);
        fs::remove_dir_all(&dir).unwrap();
    }
}
