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
    pattern: Box<[u16]>,
    flags: Flags,
    words: Box<[u32]>,
}

/// The programs, by hash of pattern and flags.
#[derive(Default)]
pub struct ProgramCache {
    entries: Vec<Option<Entry>>,
}

impl ProgramCache {
    fn index(pattern: Units<'_>, flags: Flags) -> usize {
        crate::string::hash_units(pattern.iter(), u32::from(flags.bits())) as usize % ENTRIES
    }

    /// The words of a program seen before.
    pub fn get(&self, pattern: Units<'_>, flags: Flags) -> Option<&[u32]> {
        if pattern.len() > MAX_PATTERN {
            return None;
        }
        let entry = self.entries.get(ProgramCache::index(pattern, flags))?.as_ref()?;
        let same = entry.flags == flags
            && entry.pattern.len() == pattern.len()
            && pattern.iter().zip(&entry.pattern).all(|(a, &b)| a == b);
        same.then_some(&entry.words)
    }

    /// Keeps a program in place of the one that has its entry.
    pub fn put(&mut self, pattern: Units<'_>, flags: Flags, words: &[u32]) {
        if pattern.len() > MAX_PATTERN || words.len() > MAX_PROGRAM {
            return;
        }
        if self.entries.is_empty() {
            self.entries.resize_with(ENTRIES, || None);
        }
        let entry = Entry { pattern: pattern.iter().collect(), flags, words: words.into() };
        self.entries[ProgramCache::index(pattern, flags)] = Some(entry);
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
