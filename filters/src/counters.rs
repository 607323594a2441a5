//! What is counted for each script, by its name: scripts of one file share their counters, and a reload goes on with them.
use lockgate_engine::heap::space::Collections;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

/// Why a runtime was not given to another request (`isolation: worker`): one is cloned in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retirement {
    /// It kept too many bytes.
    Bytes,
    /// It kept too many shapes of objects.
    Shapes,
    /// It kept too many names of properties.
    Names,
    /// Its request was ended before it came to its end.
    Unfinished,
}

impl Retirement {
    /// All reasons, as [`Counters::retired`] counts them.
    pub const ALL: [Retirement; 4] = [Retirement::Bytes, Retirement::Shapes, Retirement::Names, Retirement::Unfinished];

    /// Name in metrics.
    pub fn text(self) -> &'static str {
        match self {
            Retirement::Bytes => "bytes",
            Retirement::Shapes => "shapes",
            Retirement::Names => "names",
            Retirement::Unfinished => "unfinished",
        }
    }
}

/// Counters of one script. The gateway reads them for its metrics.
#[derive(Debug, Default)]
pub struct Counters {
    /// Collections of its runtimes' heaps.
    pub collections: AtomicU64,
    /// Bytes that these freed.
    pub collected_bytes: AtomicU64,
    /// Microseconds that they took.
    pub collection_us: AtomicU64,
    /// Bytes that survived the last one.
    pub survivors: AtomicU64,
    /// Runtimes retired, in the order of [`Retirement::ALL`].
    pub retired: [AtomicU64; Retirement::ALL.len()],
}

static ALL: Mutex<BTreeMap<String, Arc<Counters>>> = Mutex::new(BTreeMap::new());

impl Counters {
    /// The counters of a script's name.
    pub fn of(name: &str) -> Arc<Counters> {
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(name.to_owned()).or_default())
    }

    /// Calls `f` with every script's name and counters, and forgets those of scripts that are gone.
    pub fn each(mut f: impl FnMut(&str, &Counters)) {
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, counters| Arc::strong_count(counters) > 1);
        all.iter().for_each(|(name, counters)| f(name, counters));
    }

    /// Adds what the collections of one lease did.
    pub(crate) fn collected(&self, did: &Collections) {
        if did.count > 0 {
            self.collections.fetch_add(did.count, Relaxed);
            self.collected_bytes.fetch_add(did.freed, Relaxed);
            self.collection_us.fetch_add(did.pause_total.as_micros() as u64, Relaxed);
            self.survivors.store(u64::from(did.live), Relaxed);
        }
    }
}
