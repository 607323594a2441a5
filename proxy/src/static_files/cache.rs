//! Memory for small static files: least recently used ones leave first.
use bytes::Bytes;
use lru::LruCache;
use std::sync::{Mutex, PoisonError};

/// What tells one version of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// Modification time in nanoseconds since 1970.
    pub modified_ns: i128,
    /// Length in bytes.
    pub size: u64,
}

/// The cache, shared by all workers.
#[derive(Debug)]
pub struct FileCache {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    files: LruCache<Box<[u8]>, (Version, Bytes)>,
    bytes: u64,
    max_bytes: u64,
    max_file: u64,
}

impl FileCache {
    /// An empty cache of `max_bytes` in all and `max_file` a file.
    pub fn new(max_bytes: u64, max_file: u64) -> Self {
        Self { state: Mutex::new(State { files: LruCache::unbounded(), bytes: 0, max_bytes, max_file }) }
    }

    /// Takes new bounds over; what no longer fits leaves.
    pub fn resize(&self, max_bytes: u64, max_file: u64) {
        self.with(|state| {
            state.max_bytes = max_bytes;
            state.max_file = max_file;
            state.shrink();
        });
    }

    /// Whether a file of this size may be kept.
    pub fn admits(&self, size: u64) -> bool {
        self.with(|state| size <= state.max_file && size <= state.max_bytes)
    }

    /// The bytes of `path` if they are of this version.
    pub fn get(&self, path: &[u8], version: Version) -> Option<Bytes> {
        self.with(|state| {
            let (known, bytes) = state.files.get(path)?;
            (*known == version).then(|| bytes.clone())
        })
    }

    /// Keeps the bytes of `path` in place of an older version; returns the bytes kept in all.
    pub fn put(&self, path: &[u8], version: Version, bytes: Bytes) -> u64 {
        self.with(|state| {
            state.bytes += bytes.len() as u64;
            if let Some((_, old)) = state.files.put(path.into(), (version, bytes)) {
                state.bytes -= old.len() as u64;
            }
            state.shrink();
            state.bytes
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        // No step of the work above can panic half way.
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    fn shrink(&mut self) {
        while self.bytes > self.max_bytes {
            let Some((_, (_, bytes))) = self.files.pop_lru() else { return };
            self.bytes -= bytes.len() as u64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_recent_within_its_bounds() {
        let cache = FileCache::new(10, 6);
        let version = Version { modified_ns: 1, size: 4 };
        assert!(cache.admits(6) && !cache.admits(7));
        cache.put(b"/a", version, Bytes::from_static(b"aaaa"));
        cache.put(b"/b", version, Bytes::from_static(b"bbbb"));
        assert!(cache.get(b"/a", version).is_some());
        assert_eq!(cache.put(b"/c", version, Bytes::from_static(b"cccc")), 8);
        assert!(cache.get(b"/b", version).is_none(), "the least recently used one left");
        assert!(cache.get(b"/a", Version { modified_ns: 2, size: 4 }).is_none(), "another version");
        assert_eq!(cache.put(b"/a", Version { modified_ns: 2, size: 1 }, Bytes::from_static(b"x")), 5);
        cache.resize(1, 1);
        assert!(cache.get(b"/c", version).is_none());
    }
}
