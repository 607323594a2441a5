//! A request on its way: the state that Pingora carries from hook to hook, and what all requests share.
use crate::access_log::AccessLog;
use crate::failure::Failure;
use crate::metrics::{Metrics, RouteMetrics};
use crate::replacement::Replacement;
use crate::request_id::RequestId;
use crate::route::{self, RouteId};
use crate::script::Lease;
use crate::snapshot::{Route, Snapshot};
use crate::static_files::cache::FileCache;
use crate::upstream::ServerId;
use arc_swap::ArcSwap;
use http::Method;
use pingora_http::RequestHeader;
use std::sync::Arc;
use std::time::Instant;

/// What all workers share.
#[derive(Debug)]
pub struct Shared {
    /// The live configuration.
    pub snapshot: ArcSwap<Snapshot>,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// Counters of requests that match no route.
    pub unrouted: RouteMetrics,
    /// The access log.
    pub log: AccessLog,
    /// Memory for static files.
    pub files: Arc<FileCache>,
}

impl Shared {
    /// Shares `snapshot` as the first live configuration.
    pub fn new(snapshot: Arc<Snapshot>, metrics: Arc<Metrics>, log: AccessLog) -> Self {
        let bounds = &snapshot.config.static_cache;
        let files = Arc::new(FileCache::new(bounds.max_bytes, bounds.max_file));
        metrics.config_version.set(snapshot.version as i64);
        Self { unrouted: metrics.route(UNROUTED), snapshot: ArcSwap::new(snapshot), metrics, log, files }
    }
}

/// The route's name in log and metrics when none matches.
pub const UNROUTED: &str = "-";

/// The gate's state of one request.
#[derive(Debug)]
pub struct RequestState {
    /// The configuration that was live when the request began; it answers to the end.
    pub snapshot: Arc<Snapshot>,
    /// Names the request everywhere.
    pub id: RequestId,
    /// The route, once found.
    pub route: Option<RouteId>,
    /// The runtimes the request holds.
    pub lease: Lease,
    /// An upstream that a script chose instead of the route's, by index.
    pub upstream_override: Option<usize>,
    /// Filters entered on the way in; only these see the way back.
    pub(crate) entered: usize,
    /// What a script put in place of the origin's response.
    pub(crate) replacement: Option<Replacement>,
    /// Method and target as received, once a script changed them.
    pub(crate) received: Option<Box<(Method, Vec<u8>)>>,
    /// When its head had been read.
    pub(crate) started: Instant,
    /// The origin of the last attempt: upstream and server.
    pub(crate) upstream: Option<(usize, ServerId)>,
    /// Attempts at origins so far.
    pub(crate) attempts: usize,
    /// The turn of the last of them.
    pub(crate) turn: usize,
    /// Why it failed, if it did.
    pub(crate) failure: Option<Failure>,
}

impl RequestState {
    pub(crate) fn new(snapshot: Arc<Snapshot>) -> Self {
        Self {
            snapshot,
            id: RequestId::next(),
            route: None,
            lease: Lease::default(),
            upstream_override: None,
            entered: 0,
            replacement: None,
            received: None,
            started: Instant::now(),
            upstream: None,
            attempts: 0,
            turn: 0,
            failure: None,
        }
    }

    /// The route's parameters of a request, in pattern order, still encoded.
    pub fn params<'a>(&'a self, canonical_path: &'a [u8]) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        self.matched().into_iter().flat_map(move |route| route::params(&route.path, canonical_path))
    }

    /// The route, once found.
    pub(crate) fn matched(&self) -> Option<&Route> {
        self.snapshot.routes.get(self.route?)
    }

    /// Keeps what was received before the first change of it.
    pub(crate) fn keep_received(&mut self, head: &RequestHeader) {
        self.received.get_or_insert_with(|| Box::new((head.method.clone(), head.raw_path().to_vec())));
    }

    /// Notes the first failure.
    pub(crate) fn fail(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
    }
}
