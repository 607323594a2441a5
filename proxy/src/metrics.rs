//! What the gateway counts. One row per metric; handles that requests touch are resolved once per configuration.
use crate::failure::FailureKind;
use crate::script::Scripts;
use lockgate_filters::counters::{Counters, Retirement};
use lockgate_filters::fault::FaultKind;
use lockgate_filters::{pool, tally};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

macro_rules! metrics {
    ($($field:ident: $type:ty, $name:literal, $help:literal;)+) => {
        /// All metrics of the process.
        #[derive(Debug)]
        pub struct Metrics {
            $(#[doc = $help] pub $field: $type,)+
            registry: Registry,
            /// Held while values counted elsewhere are read into their rows.
            reading: Mutex<()>,
        }

        /// Every row as (name, type, help), for the reference page.
        pub const ROWS: &[(&str, &str, &str)] = &[$(($name, stringify!($type), $help),)+];

        impl Metrics {
            /// Fresh metrics under the prefix `lockgate_`.
            pub fn new() -> Self {
                let mut registry = Registry::with_prefix("lockgate");
                $(
                    let $field = <$type as Fresh>::fresh();
                    registry.register($name, $help, $field.clone());
                )+
                Self { $($field,)+ registry, reading: Mutex::default() }
            }
        }
    };
}

metrics! {
    requests: Family<RouteAndClass, Counter>, "requests", "Finished requests by route and status class";
    request_seconds: LatencyFamily, "request_seconds", "Time from the request's head to its last byte, by route";
    failures: Family<Reason, Counter>, "failures", "Failed requests by reason";
    upstream_errors: Family<UpstreamAndReason, Counter>, "upstream_errors", "Failed attempts at an origin by upstream and reason";
    static_cache_hits: Counter, "static_cache_hits", "Static files answered from memory";
    static_cache_misses: Counter, "static_cache_misses", "Static files read from the file system";
    static_cache_bytes: Gauge, "static_cache_bytes", "Bytes of static files kept in memory";
    connections: Counter, "connections", "Accepted client connections";
    connections_open: Gauge, "connections_open", "Client connections open now";
    connections_refused: Counter, "connections_refused", "Client connections closed because `max_connections` were open";
    accept_errors: Counter, "accept_errors", "Failed accepts, mostly for want of file descriptors";
    reloads: Family<Outcome, Counter>, "reloads", "Reloads of the configuration by outcome";
    config_version: Gauge, "config_version", "Version of the live configuration; 1 is that of the start";
    scripts_made: Counter, "scripts_made", "Scripts compiled, booted and sealed; a reload takes over those that did not change";
    image_cache_hits: Counter, "image_cache_hits", "Scripts read from `image_cache` in place of compiling";
    image_cache_misses: Counter, "image_cache_misses", "Scripts that `image_cache` had not, or not whole or up to date";
    access_log_dropped: Counter, "access_log_dropped", "Access log lines lost because the log could not keep up or could not be written";
    resident_bytes: Gauge, "process_resident_memory_bytes", "Resident memory of the process";
    virtual_bytes: Gauge, "process_virtual_memory_bytes", "Virtual memory of the process; reserved cages count here";
    open_fds: Gauge, "process_open_fds", "Open file descriptors";
    workers: Gauge, "workers", "Worker threads";
    runtimes_cap: Gauge, "runtimes_cap", "Most script runtimes of the process";
    runtimes_live: Gauge, "runtimes_live", "Script runtimes that exist";
    runtimes_in_use: Gauge, "runtimes_in_use", "Script runtimes lent to requests";
    runtimes_waiting: Gauge, "runtimes_waiting", "Requests waiting for a script runtime";
    runtimes_held_back: Gauge, "runtimes_held_back", "Requests waiting because their script runs `concurrency` others";
    runtimes_max_exec_us: Gauge, "runtimes_max_exec_us", "Microseconds that the longest hook of a script computed";
    runtimes_exhausted: Counter, "runtimes_exhausted", "Requests that found no free script runtime";
    runtimes_leases: Counter, "runtimes_leases", "Script runtimes lent so far";
    runtimes_wait_us: Counter, "runtimes_wait_us", "Microseconds that requests waited for a script runtime";
    runtimes_exec_us: Counter, "runtimes_exec_us", "Microseconds that scripts computed";
    breaker_trips: Counter, "breaker_trips", "Times that a script's circuit breaker opened";
    breaker_refused: Counter, "breaker_refused", "Requests turned away by an open circuit breaker";
    runtimes_reclaimed: Counter, "runtimes_reclaimed", "Idle runtimes dropped so that another worker could have one";
    subrequests_refused: Counter, "subrequests_refused", "Fetches of scripts beyond `limits.subrequests`";
    runtimes_resets: Counter, "runtimes_resets", "Script runtimes reset after a request";
    runtimes_clones: Counter, "runtimes_clones", "Script runtimes cloned from an image";
    script_calls: Family<ScriptAndHook, Counter>, "script_calls", "Hooks called, by script and hook";
    script_cpu_seconds: Family<ScriptLabel, Seconds>, "script_cpu_seconds", "Time that scripts computed: thread time from the first millisecond tick in a step on where `limits.cpu` holds, else the clock while they ran";
    script_longest_seconds: Family<ScriptLabel, LongestSeconds>, "script_longest_seconds", "The most time that one hook of one request computed, by script";
    script_wall_seconds: Family<ScriptLabel, Seconds>, "script_wall_seconds", "Time from hooks' calls to the ends of their last steps, waiting included, by script";
    script_allocated_bytes: Family<ScriptLabel, Counter>, "script_allocated_bytes", "Bytes that requests took in their arenas, by script";
    script_slices: Family<ScriptLabel, Counter>, "script_slices", "Slices that ended before their step did, by script";
    script_waits: Family<ScriptLabel, Counter>, "script_waits", "Requests that waited in line for a runtime and got one, by script";
    script_wait_seconds: Family<ScriptLabel, Seconds>, "script_wait_seconds", "Time that they waited, by script";
    script_faults: Family<ScriptAndReason, Counter>, "script_faults", "Steps that failed, by script and kind";
    script_collections: Family<ScriptLabel, Counter>, "script_collections", "Collections of a script's heap while it ran";
    script_collected_bytes: Family<ScriptLabel, Counter>, "script_collected_bytes", "Bytes that collections of a script's heap freed";
    script_collection_us: Family<ScriptLabel, Counter>, "script_collection_us", "Microseconds that collections of a script's heap took";
    script_runtimes_retired: Family<ScriptAndReason, Counter>, "script_runtimes_retired", "Runtimes of `isolation: worker` replaced by fresh ones, by script and reason";
    script_survivors_bytes: Family<ScriptLabel, Gauge>, "script_survivors_bytes", "Bytes that survived the last collection of a script's heap";
}

/// Latency histograms by route.
pub type LatencyFamily = Family<RouteLabel, Histogram, fn() -> Histogram>;

/// Labels of a request count.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RouteAndClass {
    /// The route's pattern, `-` for none.
    pub route: String,
    /// `1xx` … `5xx`.
    pub class: &'static str,
}

/// Label of a latency histogram.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RouteLabel {
    /// The route's pattern, `-` for none.
    pub route: String,
}

/// Label of a failure count.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Reason {
    /// [`FailureKind::reason`].
    pub reason: &'static str,
}

/// Labels of an upstream error.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct UpstreamAndReason {
    /// The upstream's name.
    pub upstream: String,
    /// [`FailureKind::reason`].
    pub reason: &'static str,
}

/// A count of seconds.
pub type Seconds = Counter<f64, AtomicU64>;
/// The largest of many seconds.
pub type LongestSeconds = Gauge<f64, AtomicU64>;

/// Label of what a script costs; scripts of one name share a series.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct ScriptLabel {
    /// The script's name.
    pub script: String,
}

/// Labels of a count of calls.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct ScriptAndHook {
    /// The script's name.
    pub script: String,
    /// Its name as scripts export it.
    pub hook: &'static str,
}

/// Labels of what is counted by script and reason.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct ScriptAndReason {
    /// The script's name.
    pub script: String,
    /// [`FaultKind::text`] or [`Retirement::text`].
    pub reason: &'static str,
}

/// Label of a reload count.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Outcome {
    /// `ok` or `refused`.
    pub outcome: &'static str,
}

const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The handles of one route.
#[derive(Debug, Clone)]
pub struct RouteMetrics {
    classes: [Counter; 5],
    seconds: Histogram,
}

impl RouteMetrics {
    /// Counts a finished request.
    pub fn finished(&self, status: u16, took: Duration) {
        let class = usize::from(status / 100).clamp(1, 5) - 1;
        self.classes[class].inc();
        self.seconds.observe(took.as_secs_f64());
    }
}

impl Metrics {
    /// The handles of the route called `name`; the same name gives the same series.
    pub fn route(&self, name: &str) -> RouteMetrics {
        RouteMetrics {
            classes: CLASSES
                .map(|class| self.requests.get_or_create_owned(&RouteAndClass { route: name.to_owned(), class })),
            seconds: self.request_seconds.get_or_create_owned(&RouteLabel { route: name.to_owned() }),
        }
    }

    /// Forgets the series of a route that is no longer configured.
    pub fn forget_route(&self, name: &str) {
        for class in CLASSES {
            self.requests.remove(&RouteAndClass { route: name.to_owned(), class });
        }
        self.request_seconds.remove(&RouteLabel { route: name.to_owned() });
    }

    /// Counts a failed request.
    pub fn failed(&self, kind: FailureKind) {
        self.failures.get_or_create(&Reason { reason: kind.reason() }).inc();
    }

    /// Counts a failed attempt at an origin.
    pub fn upstream_failed(&self, upstream: &str, kind: FailureKind) {
        self.upstream_errors
            .get_or_create(&UpstreamAndReason { upstream: upstream.to_owned(), reason: kind.reason() })
            .inc();
    }

    /// All metrics in the OpenMetrics text format, which Prometheus reads, with a series for each of these scripts.
    pub fn encode(&self, scripts: &Scripts) -> String {
        let _one_reader = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        self.read_process();
        self.read_pool();
        self.read_scripts(scripts);
        let mut text = String::with_capacity(16 << 10);
        // Writing to a String does not fail.
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.registry);
        text
    }

    /// What the pool of runtimes counts itself, without a handle of ours on the request path.
    fn read_pool(&self) {
        let pool = &pool::STATS;
        for (gauge, value) in [
            (&self.runtimes_cap, &pool.cap),
            (&self.runtimes_live, &pool.live),
            (&self.runtimes_in_use, &pool.in_use),
            (&self.runtimes_waiting, &pool.waiting),
            (&self.runtimes_held_back, &pool.held_back),
        ] {
            gauge.set(value.load(Ordering::Relaxed) as i64);
        }
        let (cpu, longest) = tally::Tally::of_all();
        self.runtimes_max_exec_us.set(longest.as_micros() as i64);
        set(&self.runtimes_exec_us, cpu.as_micros() as u64);
        for (counter, value) in [
            (&self.runtimes_exhausted, &pool.exhausted),
            (&self.runtimes_leases, &pool.leases),
            (&self.runtimes_wait_us, &pool.wait_us),
            (&self.breaker_trips, &pool.breaker_trips),
            (&self.breaker_refused, &pool.breaker_refused),
            (&self.runtimes_reclaimed, &pool.reclaimed),
            (&self.subrequests_refused, &pool.subrequests_refused),
            (&self.runtimes_resets, &pool.resets),
            (&self.runtimes_clones, &pool.clones),
        ] {
            set(counter, value.load(Ordering::Relaxed));
        }
    }

    /// What the threads counted for each script. The series of others are gone: a reload took them away.
    fn read_scripts(&self, scripts: &Scripts) {
        self.script_calls.clear();
        self.script_faults.clear();
        let seconds = [&self.script_cpu_seconds, &self.script_wall_seconds, &self.script_wait_seconds];
        let counters = [&self.script_allocated_bytes, &self.script_slices, &self.script_waits];
        seconds.iter().for_each(|family| family.clear());
        counters.iter().for_each(|family| family.clear());
        self.script_longest_seconds.clear();
        for tally in scripts.tallies() {
            let (totals, script) = (tally.totals(), tally.name());
            for ((_, hook), calls) in tally::HOOKS.into_iter().zip(totals.calls) {
                let labels = ScriptAndHook { script: script.to_owned(), hook };
                set(&self.script_calls.get_or_create_owned(&labels), calls);
            }
            for (kind, faults) in FaultKind::ALL.into_iter().zip(totals.faults) {
                let labels = ScriptAndReason { script: script.to_owned(), reason: kind.text() };
                set(&self.script_faults.get_or_create_owned(&labels), faults);
            }
            let label = ScriptLabel { script: script.to_owned() };
            for (family, time) in seconds.iter().zip([totals.cpu, totals.wall, totals.wait]) {
                let counter = family.get_or_create_owned(&label);
                counter.inner().store(time.as_secs_f64().to_bits(), Ordering::Relaxed);
            }
            for (family, count) in counters.iter().zip([totals.allocated, totals.slices, totals.waits]) {
                set(&family.get_or_create_owned(&label), count);
            }
            self.script_longest_seconds.get_or_create_owned(&label).set(totals.longest.as_secs_f64());
        }
        self.read_heaps();
    }

    /// What became of the scripts' heaps, as far as anything did.
    fn read_heaps(&self) {
        let families = [&self.script_collections, &self.script_collected_bytes, &self.script_collection_us];
        families.iter().for_each(|family| family.clear());
        self.script_survivors_bytes.clear();
        self.script_runtimes_retired.clear();
        let read = |value: &AtomicU64| value.load(Ordering::Relaxed);
        Counters::each(|name, counters| {
            let script = || name.to_owned();
            if read(&counters.collections) > 0 {
                let label = ScriptLabel { script: script() };
                let values = [&counters.collections, &counters.collected_bytes, &counters.collection_us];
                for (family, value) in families.iter().zip(values) {
                    family.get_or_create_owned(&label).inner().store(read(value), Ordering::Relaxed);
                }
                self.script_survivors_bytes.get_or_create_owned(&label).set(read(&counters.survivors) as i64);
            }
            for (why, count) in Retirement::ALL.iter().zip(&counters.retired).filter(|(_, count)| read(count) > 0) {
                let label = ScriptAndReason { script: script(), reason: why.text() };
                self.script_runtimes_retired.get_or_create_owned(&label).inner().store(read(count), Ordering::Relaxed);
            }
        });
    }

    /// Memory and file descriptors, read when asked for (proc(5)).
    fn read_process(&self) {
        let page = rustix::param::page_size() as i64;
        if let Ok(statm) = std::fs::read_to_string("/proc/self/statm") {
            let mut pages = statm.split_ascii_whitespace().map_while(|field| field.parse::<i64>().ok());
            self.virtual_bytes.set(pages.next().unwrap_or(0) * page);
            self.resident_bytes.set(pages.next().unwrap_or(0) * page);
        }
        if let Ok(fds) = std::fs::read_dir("/proc/self/fd") {
            // The directory being read is one of them.
            self.open_fds.set(fds.count() as i64 - 1);
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows what was counted elsewhere.
fn set(counter: &Counter, value: u64) {
    counter.inner().store(value, Ordering::Relaxed);
}

/// Metrics that are made without arguments, and the one that has buckets.
trait Fresh {
    fn fresh() -> Self;
}

impl<N, A: Default> Fresh for Counter<N, A> {
    fn fresh() -> Self {
        Self::default()
    }
}

impl<N, A: Default> Fresh for Gauge<N, A> {
    fn fresh() -> Self {
        Self::default()
    }
}

impl<S: Clone + std::hash::Hash + Eq, M: Fresh + Default> Fresh for Family<S, M> {
    fn fresh() -> Self {
        Self::default()
    }
}

impl Fresh for LatencyFamily {
    fn fresh() -> Self {
        // 100 µs to 26 s, each four times the one before.
        Self::new_with_constructor(|| Histogram::new(exponential_buckets(0.0001, 4.0, 10)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_series() {
        let metrics = Metrics::new();
        metrics.route("/api/*").finished(204, Duration::from_micros(150));
        metrics.failed(FailureKind::UpstreamRefused);
        let text = metrics.encode(&Scripts::default());
        for expected in [
            "lockgate_requests_total{route=\"/api/*\",class=\"2xx\"} 1",
            "lockgate_request_seconds_count{route=\"/api/*\"} 1",
            "lockgate_failures_total{reason=\"upstream_refused\"} 1",
            "lockgate_process_resident_memory_bytes",
        ] {
            assert!(text.contains(expected), "{expected} in:\n{text}");
        }
        metrics.forget_route("/api/*");
        assert!(!metrics.encode(&Scripts::default()).contains("/api/*"));
        let mut names: Vec<_> = ROWS.iter().map(|row| row.0).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ROWS.len());
    }
}
