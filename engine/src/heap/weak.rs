//! What a collection does to those who refer to dead cells without keeping them alive: weak collections and references,
//! the tables of atoms and of shape transitions, inline caches.
use super::mark::Marker;
use crate::builtins::collections::{Registration, table};
use crate::job::{self, JobKind};
use crate::runtime::Rt;
use crate::value::{Ref, Value};

impl Rt {
    /// Takes dead cells out of everything that refers to them weakly. Returns the finalization registries whose targets died.
    pub(super) fn clear_weak(&self, marker: &Marker) -> Vec<Ref> {
        for &weak_ref in &marker.weak_refs {
            if !marker.is_live_value(self.internal(weak_ref, 0)) {
                self.set_internal(weak_ref, 0, Value::UNDEFINED);
            }
        }
        for &table in &marker.weak_tables {
            table::retain(self, table, |key| marker.is_live_value(key));
        }
        self.drop_dead_atoms(|atom| marker.is_live(atom));
        self.drop_dead_transitions(|cell| marker.is_live(cell));
        self.drop_dead_caches(marker);
        let died = |&registry: &Ref| Registration::forget(self, registry, |v| marker.is_live_value(v));
        marker.registries.iter().copied().filter(died).collect()
    }

    /// Queues the jobs that call the callbacks of registries.
    pub(super) fn queue_cleanups(&self, registries: Vec<Ref>) {
        for registry in registries {
            job::enqueue(self, JobKind::Cleanup, Value::object(registry), Value::UNDEFINED, Value::UNDEFINED);
        }
    }

    /// Whether a cache entry is one of the megamorphic table: its second word is a name, that of others a place.
    pub(super) fn is_megamorphic(&self, at: u32) -> bool {
        let table = self.ctx().realm.megamorphic.get();
        table != 0 && at >= table && at < table + 16 * crate::link::MEGAMORPHIC_ENTRIES
    }

    /// Cache entries that name a dead shape, holder or name are emptied, as a reset empties them.
    fn drop_dead_caches(&self, marker: &Marker) {
        let start = self.ctx().arena_floor.get();
        self.host().arena_caches.borrow_mut().retain(|&at| {
            let (first, second): (Ref, Ref) = (self.load(Ref(at), 0), self.load(Ref(at), 4));
            let name = if self.is_megamorphic(at) { second } else { Ref::NULL };
            let live = marker.is_live(first) && marker.is_live(name);
            if !live {
                crate::link::clear_record(self, at);
            }
            live && (first.0 >= start || name.0 >= start)
        });
    }
}
