//! Programs of patterns compiled at run time, kept per runtime: handlers tend to build the same expressions again for
//! every request. Direct-mapped and bounded; entries are host memory that scripts cannot name.
use crate::regexp::Flags;
use crate::string::Units;

/// Programs kept.
const ENTRIES: usize = 32;
/// Longest pattern kept, in units.
const MAX_PATTERN: usize = 256;
/// Longest program kept, in words.
const MAX_PROGRAM: usize = 4096;

struct Entry {
    hash: u32,
    pattern: Box<[u16]>,
    flags: Flags,
    words: Box<[u32]>,
}

/// The programs, the oldest to be replaced next.
#[derive(Default)]
pub struct ProgramCache {
    entries: Vec<Entry>,
    oldest: usize,
}

impl ProgramCache {
    fn hash(pattern: Units<'_>, flags: Flags) -> u32 {
        crate::string::hash_units(pattern.iter(), u32::from(flags.bits()))
    }

    /// The words of a program seen before.
    pub fn get(&self, pattern: Units<'_>, flags: Flags) -> Option<&[u32]> {
        if pattern.len() > MAX_PATTERN || self.entries.is_empty() {
            return None;
        }
        let hash = ProgramCache::hash(pattern, flags);
        let same = |entry: &&Entry| {
            entry.hash == hash
                && entry.flags == flags
                && entry.pattern.len() == pattern.len()
                && pattern.iter().zip(&entry.pattern).all(|(a, &b)| a == b)
        };
        self.entries.iter().find(same).map(|entry| &*entry.words)
    }

    /// Keeps a program that [`ProgramCache::get`] did not find.
    pub fn put(&mut self, pattern: Units<'_>, flags: Flags, words: &[u32]) {
        if pattern.len() > MAX_PATTERN || words.len() > MAX_PROGRAM {
            return;
        }
        let hash = ProgramCache::hash(pattern, flags);
        let entry = Entry { hash, pattern: pattern.iter().collect(), flags, words: words.into() };
        if self.entries.len() < ENTRIES {
            self.entries.push(entry);
        } else {
            self.entries[self.oldest] = entry;
            self.oldest = (self.oldest + 1) % ENTRIES;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_fits() {
        let mut cache = ProgramCache::default();
        let flags = Flags::GLOBAL;
        assert!(cache.get(Units::Latin1(b"a+"), flags).is_none());
        cache.put(Units::Latin1(b"a+"), flags, &[1, 2]);
        assert_eq!(cache.get(Units::Utf16(&[97, 43]), flags), Some(&[1, 2][..]));
        assert!(cache.get(Units::Latin1(b"a+"), Flags::default()).is_none());
        cache.put(Units::Latin1(&[b'x'; 300]), flags, &[1]);
        assert!(cache.get(Units::Latin1(&[b'x'; 300]), flags).is_none());
    }
}
