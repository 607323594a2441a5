//! What scripts share: isolation, heap and limits, as `defaults`, handlers and filters write them.
use std::time::Duration;

use crate::check::Check;
use crate::check::section::Fields;
use crate::model::{HeapMode, Isolation, Limits};
use crate::node::Value;
use crate::report::{Mistake, Place};
use crate::rows;
use crate::settings::{Fallback, Section, count_of, duration_of, size_of};
use crate::units::{self, show_size};

/// Whom the limits are for: a filter stands in the way of someone else's answer and gets less time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Handler,
    Filter,
}

/// The settings that are written in one place, and where.
#[derive(Debug, Clone, Default)]
pub(crate) struct ScriptSettings {
    isolation: Option<Isolation>,
    heap_mode: Option<HeapMode>,
    concurrency: Option<u32>,
    cpu: Option<Option<Duration>>,
    wall: Option<Duration>,
    heap: Option<(u64, Place)>,
    body: Option<(u64, Place)>,
    stack: Option<u64>,
    subrequests: Option<u32>,
    concurrent_subrequests: Option<u32>,
    boot: Option<Duration>,
    retained: Option<u64>,
    retained_shapes: Option<u64>,
    retained_names: Option<u64>,
}

impl ScriptSettings {
    /// Reads `isolation`, `heap` and `limits` of a section that has them.
    pub(crate) fn read(check: &mut Check, fields: &Fields<'_>) -> Self {
        let isolation = check.written_choice(fields, "isolation").map(isolation_of);
        let heap_mode = heap_mode(check, fields);
        let concurrency = check.written_integer(fields, "concurrency").map(|most| most as u32);
        let mut settings = Self { isolation, heap_mode, concurrency, ..Self::default() };
        let setting = fields.setting_of("limits");
        let limits = fields.node("limits").and_then(|node| check.section(node, Section::Limits, &setting));
        if let Some(limits) = limits {
            let place_of = |key| limits.entry(key).map_or(limits.place, |entry| entry.value.place);
            settings.cpu = check.written_duration(&limits, "cpu");
            settings.wall = check.written_duration(&limits, "wall").flatten();
            settings.heap = check.written_size(&limits, "heap").map(|heap| (heap, place_of("heap")));
            settings.body = check.written_size(&limits, "body").map(|body| (body, place_of("body")));
            settings.stack = check.written_size(&limits, "stack");
            settings.subrequests = check.written_integer(&limits, "subrequests").map(|count| count as u32);
            settings.concurrent_subrequests =
                check.written_integer(&limits, "concurrent_subrequests").map(|count| count as u32);
            settings.boot = check.written_duration(&limits, "boot").flatten();
            settings.retained = check.written_size(&limits, "retained");
            settings.retained_shapes = check.written_integer(&limits, "retained_shapes");
            settings.retained_names = check.written_integer(&limits, "retained_names");
        }
        settings.body_fits_heap(check, &setting);
        settings
    }

    /// Reads a script's own settings on top of `self`, the defaults.
    pub(crate) fn refined(&self, check: &mut Check, fields: &Fields<'_>) -> Self {
        let own = Self::read(check, fields);
        let refined = Self {
            isolation: own.isolation.or(self.isolation),
            heap_mode: own.heap_mode.or(self.heap_mode),
            concurrency: own.concurrency.or(self.concurrency),
            cpu: own.cpu.or(self.cpu),
            wall: own.wall.or(self.wall),
            heap: own.heap.or(self.heap),
            body: own.body.or(self.body),
            stack: own.stack.or(self.stack),
            subrequests: own.subrequests.or(self.subrequests),
            concurrent_subrequests: own.concurrent_subrequests.or(self.concurrent_subrequests),
            boot: own.boot.or(self.boot),
            retained: own.retained.or(self.retained),
            retained_shapes: own.retained_shapes.or(self.retained_shapes),
            retained_names: own.retained_names.or(self.retained_names),
        };
        // A pair that was written in one place has been checked there.
        if own.heap.is_some() != own.body.is_some() {
            refined.body_fits_heap(check, &fields.setting_of("limits"));
        }
        refined
    }

    pub(crate) fn isolation(&self) -> Isolation {
        self.isolation.unwrap_or_else(|| isolation_of(default_of("isolation")))
    }

    pub(crate) fn heap_mode(&self) -> HeapMode {
        self.heap_mode.unwrap_or_else(|| heap_mode_of(default_of("heap")))
    }

    pub(crate) fn concurrency(&self) -> Option<u32> {
        self.concurrency
    }

    /// The limits with the defaults of the table in the gaps.
    pub(crate) fn limits(&self, used_as: Use) -> Limits {
        let text = |key| default_text(key, used_as);
        Limits {
            cpu: self.cpu.unwrap_or_else(|| Some(duration_of(text("cpu")))),
            wall: self.wall.unwrap_or_else(|| duration_of(text("wall"))),
            heap: self.heap.map_or_else(|| size_of(text("heap")), |(heap, _)| heap),
            body: self.body.map_or_else(|| size_of(text("body")), |(body, _)| body),
            stack: self.stack.unwrap_or_else(|| size_of(text("stack"))),
            subrequests: self.subrequests.unwrap_or_else(|| count_of(text("subrequests"))),
            concurrent_subrequests: self
                .concurrent_subrequests
                .unwrap_or_else(|| count_of(text("concurrent_subrequests"))),
            boot: self.boot.unwrap_or_else(|| duration_of(text("boot"))),
            retained: self.retained.unwrap_or_else(|| size_of(text("retained"))),
            retained_shapes: self.retained_shapes.map_or_else(|| count_of(text("retained_shapes")), saturated),
            retained_names: self.retained_names.map_or_else(|| count_of(text("retained_names")), saturated),
        }
    }

    /// A body larger than the heap could be accepted but never read.
    fn body_fits_heap(&self, check: &mut Check, setting: &str) {
        let Limits { heap, body, .. } = self.limits(Use::Handler);
        if body <= heap {
            return;
        }
        let Some((_, place)) = self.body.or(self.heap) else { return };
        let message = format!("a body of {} does not fit into a heap of {}", show_size(body), show_size(heap));
        let mistake = Mistake::at(place, format!("{setting}.body"), message);
        check.note(mistake.hint("raise 'heap', or lower 'body'"));
    }
}

/// `heap` is a mode, `limits.heap` a size: whoever mixes them up is told so.
fn heap_mode(check: &mut Check, fields: &Fields<'_>) -> Option<HeapMode> {
    if let Some(node) = fields.node("heap")
        && let Value::Scalar { text, .. } = &node.value
        && units::size(text).is_ok()
    {
        let mistake =
            Mistake::at(node.place, fields.setting_of("heap"), format!("'heap' is a mode, not the size {text}"));
        let allowed = fields.row("heap").kind.allowed();
        check.note(mistake.allowed(allowed).hint(format!("the size is a limit: 'limits: {{ heap: {text} }}'")));
        return None;
    }
    check.written_choice(fields, "heap").map(heap_mode_of)
}

fn isolation_of(word: &str) -> Isolation {
    if word == "worker" { Isolation::Worker } else { Isolation::Request }
}

fn saturated(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The default of a word that `defaults` may have.
fn default_of(key: &str) -> &'static str {
    match rows::row_of(Section::Defaults, key).fallback {
        Fallback::Text(word) => word,
        _ => panic!("the row of '{key}' has no default text"),
    }
}

fn heap_mode_of(word: &str) -> HeapMode {
    if word == "hybrid" { HeapMode::Hybrid } else { HeapMode::Arena }
}

fn default_text(key: &str, used_as: Use) -> &'static str {
    match (rows::row_of(Section::Limits, key).fallback, used_as) {
        (Fallback::Text(text), _) => text,
        (Fallback::PerUse { handler, .. }, Use::Handler) => handler,
        (Fallback::PerUse { filter, .. }, Use::Filter) => filter,
        (Fallback::Required | Fallback::Described(_), _) => panic!("the row of limit '{key}' has no default text"),
    }
}
