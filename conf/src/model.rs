//! The checked model: what the gateway works with after the check. Names are resolved to indices, units to numbers,
//! paths to absolute paths; nothing here is looked up by string per request.
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::check::{ScriptSettings, Use};
use crate::rows::row_of;
use crate::settings::{Fallback, Section, count_of, duration_of};

/// A whole, checked configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Where clients connect. Never empty.
    pub listeners: Vec<Listener>,
    /// The admin listener (`/metrics`, health); loopback only.
    pub admin: Option<SocketAddr>,
    /// Worker threads; `None`: one per core.
    pub workers: Option<usize>,
    /// The pool of runtimes, process-wide.
    pub runtimes: Runtimes,
    /// Where finished requests are written.
    pub access_log: AccessLog,
    /// A hook that computes for longer is written to standard error; `None`: none is (default).
    pub slow_log: Option<Duration>,
    /// The static file cache.
    pub static_cache: StaticCache,
    /// Where compiled and sealed scripts are kept from one start to the next.
    pub image_cache: Option<PathBuf>,
    /// How long a graceful shutdown waits for requests in flight.
    pub shutdown_grace: Duration,
    /// Downstream keep-alive: idle time after which a client connection is closed.
    pub keep_alive: Duration,
    /// Longest time for a request's head, from its first byte (default 10 s).
    pub head_timeout: Duration,
    /// A client that takes no byte of its answer for so long is given up (default 60 s).
    pub write_timeout: Duration,
    /// Most client connections open at a time, process-wide (default 10,000).
    pub max_connections: usize,
    /// Named groups of origins.
    pub upstreams: Vec<Upstream>,
    /// Distinct scripts, each with its environment and limits: a route names one by index.
    pub scripts: Vec<Script>,
    /// Routes in file order. Matching: host before path; exact, then param, then prefix.
    pub routes: Vec<Route>,
}

/// One listening address.
#[derive(Debug, Clone, PartialEq)]
pub struct Listener {
    /// IP and port.
    pub address: SocketAddr,
}

/// `runtimes:`, the pool of script runtimes.
#[derive(Debug, Clone, PartialEq)]
pub struct Runtimes {
    /// Most runtimes in the process (default 1,000).
    pub max: usize,
    /// Kept warm per script over all workers (default max(8, 2 × cores)).
    pub warm: usize,
    /// Most requests waiting for a runtime, per worker (default 1,024).
    pub queue: usize,
    /// Longest wait for a runtime before 503 (default 1 s).
    pub queue_timeout: Duration,
    /// Requests of a script in a row that wait in vain before its circuit breaker opens (default 10); 0: never.
    pub trip_after: u32,
    /// How long it stays open (default 1 s).
    pub trip_pause: Duration,
}

impl Default for Runtimes {
    /// What holds where nothing is written.
    fn default() -> Runtimes {
        let text = |key| match row_of(Section::Runtimes, key).fallback {
            Fallback::Text(text) => text,
            _ => panic!("the row of '{key}' has no default text"),
        };
        let max = count_of(text("max")) as usize;
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Runtimes {
            max,
            warm: (2 * cores).max(8).min(max),
            queue: count_of(text("queue")) as usize,
            queue_timeout: duration_of(text("queue_timeout")),
            trip_after: count_of(text("trip_after")),
            trip_pause: duration_of(text("trip_pause")),
        }
    }
}

/// `access_log:`
#[derive(Debug, Clone, PartialEq)]
pub enum AccessLog {
    /// No log.
    Off,
    /// One line a request on standard output.
    Stdout,
    /// One line a request appended to a file.
    File(PathBuf),
}

/// `static_cache:`, memory for small static files.
#[derive(Debug, Clone, PartialEq)]
pub struct StaticCache {
    /// Bytes in all (default 2 MiB).
    pub max_bytes: u64,
    /// Largest file kept (default 128 KiB).
    pub max_file: u64,
}

/// `upstreams.NAME`
#[derive(Debug, Clone, PartialEq)]
pub struct Upstream {
    /// Its name in the file; scripts route by it.
    pub name: String,
    /// Origins, tried round-robin. Never empty.
    pub servers: Vec<Server>,
    /// Longest TCP connect (default 1 s).
    pub connect_timeout: Duration,
    /// Longest silence while reading a response (default 30 s).
    pub read_timeout: Duration,
}

/// One origin of an upstream.
#[derive(Debug, Clone, PartialEq)]
pub struct Server {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// `https://` in the file.
    pub tls: bool,
}

/// A script in its environment: the unit that is compiled, sealed and pooled.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Script {
    /// Absolute path of a `.js .mjs .ts .tsx .jsx` source or of an image.
    pub path: PathBuf,
    /// The `env` object, frozen.
    pub env: BTreeMap<String, String>,
    /// What survives a request.
    pub isolation: Isolation,
    /// How memory is managed.
    pub heap: HeapMode,
    /// Most requests that run it at a time; `None`: no limit of its own.
    pub concurrency: Option<u32>,
    /// Bounds of one request.
    pub limits: Limits,
}

/// `isolation:`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Isolation {
    /// Nothing born in a request survives it.
    Request,
    /// What the script's own state refers to survives, in this runtime.
    Worker,
}

impl Isolation {
    /// As written.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Isolation::Request => "request",
            Isolation::Worker => "worker",
        }
    }
}

/// `heap:`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HeapMode {
    /// A bump arena, reset in O(1), never collected.
    Arena,
    /// The same, and collected when a request has used up its budget.
    Hybrid,
}

impl HeapMode {
    /// As written.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            HeapMode::Arena => "arena",
            HeapMode::Hybrid => "hybrid",
        }
    }
}

/// `limits:` of one script; every one has a default and a counter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Limits {
    /// CPU time of one request (default 50 ms handler, 10 ms filter; `None`: off).
    pub cpu: Option<Duration>,
    /// Wall time of one request (default 30 s).
    pub wall: Duration,
    /// Arena bytes of one request (default 64 MiB).
    pub heap: u64,
    /// Request body bytes a handler accepts (default 1 MiB).
    pub body: u64,
    /// VM stack bytes (default 1 MiB).
    pub stack: u64,
    /// Fetches of one request (default 50).
    pub subrequests: u32,
    /// Fetches of one request at a time (default 6).
    pub concurrent_subrequests: u32,
    /// CPU time of the top level, when the script is loaded (default 500 ms).
    pub boot: Duration,
    /// Bytes that a runtime keeps between requests (default 16 MiB); this and the next two are of `isolation: worker`.
    pub retained: u64,
    /// Shapes of objects that it keeps (default 10,000).
    pub retained_shapes: u32,
    /// Names of properties that it keeps (default 50,000).
    pub retained_names: u32,
}

impl Script {
    /// A handler whose file is all that was written.
    #[must_use]
    pub fn handler(path: PathBuf) -> Script {
        let usual = ScriptSettings::default();
        let (isolation, heap, limits) = (usual.isolation(), usual.heap_mode(), usual.limits(Use::Handler));
        Script { path, env: BTreeMap::new(), isolation, heap, concurrency: None, limits }
    }
}

/// One route.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// How the route is called in logs and metrics: its pattern as written.
    pub name: String,
    /// Host it is limited to; `*.example.com` matches any one subdomain label or more.
    pub host: Option<HostPattern>,
    /// Path pattern.
    pub path: PathPattern,
    /// Methods it is limited to; empty: all.
    pub methods: Vec<String>,
    /// Filters, in order on the way in, reversed on the way back.
    pub filters: Vec<Filter>,
    /// What answers.
    pub action: Action,
}

/// `match.host`
#[derive(Debug, Clone, PartialEq)]
pub enum HostPattern {
    /// One host name, lower case, without port.
    Exact(String),
    /// `*.suffix`, kept as `.suffix`.
    Suffix(String),
}

/// `match.path`
#[derive(Debug, Clone, PartialEq)]
pub enum PathPattern {
    /// `/a/b`
    Exact(String),
    /// `/a/*`: the part before `*`, ending in `/` (`/*` is `/`).
    Prefix(String),
    /// `/hello/:name`, `/a/:b/c`, and with a tail `/:a/*`.
    Params {
        /// Segments in order.
        segments: Vec<Segment>,
        /// Ends in `/*`.
        tail: bool,
    },
}

/// One segment of a pattern with parameters.
#[derive(Debug, Clone, PartialEq)]
pub enum Segment {
    /// These very bytes.
    Literal(String),
    /// `:name`
    Param(String),
}

/// What answers a route.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// A script's handler; index into [`Config::scripts`].
    Handler(usize),
    /// An upstream; index into [`Config::upstreams`].
    Upstream(usize),
    /// Files of a directory.
    Static(StaticDir),
}

/// `static:`
#[derive(Debug, Clone, PartialEq)]
pub struct StaticDir {
    /// Absolute directory.
    pub dir: PathBuf,
    /// Whether the matched prefix is taken off the path (default true).
    pub strip: bool,
}

/// One filter of a route.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// A script with `onRequest` / `onResponse` / `onLog`; index into [`Config::scripts`].
    Script(usize),
    /// Header edits without a script.
    Headers(HeaderEdits),
}

/// `headers:` filter.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HeaderEdits {
    /// On the way in.
    pub request: HeaderOps,
    /// On the way back.
    pub response: HeaderOps,
}

/// Edits of one header block, done in this order: remove, set, add. Names are lower case and checked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HeaderOps {
    /// Names removed.
    pub remove: Vec<String>,
    /// Replaced or set.
    pub set: Vec<(String, String)>,
    /// Appended.
    pub add: Vec<(String, String)>,
}
