//! The seam to the script host: everything the gate knows about scripts is in this folder.
//!
//! The gate calls [`handle`], [`on_request`], [`on_response`] and [`on_log`] with an [`Exchange`]; the runtimes of a
//! request live in [`Lease`], which the gate drops with the request's state, so that a request that ends early (client
//! gone, upstream dead, panic) gives its runtimes back. What waits for host operations also waits for the client to
//! leave and for the script's wall time, so that nobody's work goes on for nobody.
mod drive;
mod fetch;
mod image_cache;
mod load;
mod names;
mod slow;
mod view;

use crate::failure::{Failure, FailureKind};
use crate::request::RequestState;
use crate::respond::{Body, Response};
use crate::snapshot::Snapshot;
use crate::stream::{ClientSocket, ClientStream};
use bytes::{Bytes, BytesMut};
use drive::Driver;
use http::header;
use http::response::Parts;
use lockgate_conf::model::Runtimes;
use lockgate_filters::breaker::Trip;
use lockgate_filters::fault::{Fault, FaultKind};
use lockgate_filters::host::Phase;
use lockgate_filters::pool::{self, NoLease, Reply};
use lockgate_filters::script::Script;
use pingora_proxy::Session;
use slow::Slow;
use std::sync::Arc;
use std::time::{Duration, Instant};
use view::View;

pub use load::Scripts;

/// Index of a script in the configuration.
pub type ScriptId = usize;

/// The runtimes that a request holds: one for each script it met, from the first hook to the last.
#[derive(Debug, Default)]
pub struct Lease {
    /// Those of the first scripts: few requests meet more.
    first: [Option<Held>; 2],
    further: Vec<Held>,
}

impl Lease {
    fn put(&mut self, held: Held) {
        match self.first.iter_mut().find(|place| place.is_none()) {
            Some(place) => *place = Some(held),
            None => self.further.push(held),
        }
    }

    fn take(&mut self, script: ScriptId) -> Option<Held> {
        let is_wanted = |held: &Held| held.script == script;
        match self.first.iter_mut().find(|place| place.as_ref().is_some_and(is_wanted)) {
            Some(place) => place.take(),
            None => self.further.iter().position(is_wanted).map(|at| self.further.swap_remove(at)),
        }
    }

    fn take_all(&mut self) -> impl Iterator<Item = Held> {
        self.first.iter_mut().filter_map(Option::take).chain(self.further.drain(..))
    }
}

/// One of them, with its operations under way.
#[derive(Debug)]
struct Held {
    script: ScriptId,
    lease: pool::Lease,
    driver: Option<Box<Driver>>,
}

/// A request in a script's hands.
pub struct Exchange<'a> {
    /// Pingora's session: head and body of the request.
    pub session: &'a mut Session,
    /// The gate's state of the request: snapshot, route, parameters, lease.
    pub request: &'a mut RequestState,
}

impl Exchange<'_> {
    /// Resolves when the client leaves; never on a connection that did not come through our accept loop. It borrows
    /// nothing of the exchange.
    pub fn client_closed(&self) -> impl Future<Output = ()> + Send + 'static {
        let socket = client_socket(self.session).map(Arc::clone);
        async move {
            match socket {
                Some(socket) => socket.closed().await,
                None => std::future::pending().await,
            }
        }
    }
}

/// The socket behind a session; `None` on a connection that did not come through our accept loop.
pub fn client_socket(session: &Session) -> Option<&Arc<ClientSocket>> {
    let stream = session.stream()?;
    (**stream).as_any().downcast_ref::<ClientStream>().map(ClientStream::socket)
}

/// What `onRequest` decided.
#[derive(Debug)]
pub enum Verdict {
    /// Go on with the next filter.
    Continue,
    /// This is the answer.
    Respond(Response),
}

/// What a hook said, with the head of its answer.
enum Said {
    Nothing,
    Answer(Response),
}

/// Runs the handler of `script`.
///
/// # Errors
/// The script failed, or no runtime was free.
pub async fn handle(mut exchange: Exchange<'_>, script: ScriptId) -> Result<Response, Failure> {
    let limit = exchange.request.snapshot.config.scripts.get(script).map_or(0, |script| script.limits.body);
    let body = if exchange.session.is_body_empty() {
        None
    } else {
        // The body is part of the script's time: a client that lets it drip holds nothing for longer.
        let wall = held_wall(&exchange.request.snapshot, script, exchange.request.started);
        let read = Box::pin(tokio::time::timeout_at(wall, read_body(exchange.session, limit))).await;
        read.map_err(|_| Failure::because(FailureKind::ClientTimeout, "no whole body within the wall time"))??
    };
    match run(&mut exchange, script, Phase::Handler, body, None).await? {
        Said::Answer(response) => Ok(response),
        Said::Nothing => Err(Failure::because(FailureKind::ScriptThrew, "the handler gave no answer")),
    }
}

/// Runs `onRequest` of `script`.
///
/// # Errors
/// The script failed, or no runtime was free.
pub async fn on_request(mut exchange: Exchange<'_>, script: ScriptId) -> Result<Verdict, Failure> {
    if !exchange.request.snapshot.scripts.get(script).is_some_and(|script| script.hooks.on_request) {
        return Ok(Verdict::Continue);
    }
    match run(&mut exchange, script, Phase::OnRequest, None, None).await? {
        Said::Answer(response) => Ok(Verdict::Respond(response)),
        Said::Nothing => Ok(Verdict::Continue),
    }
}

/// Runs `onResponse` of `script` over the head of a response; a returned response takes its place.
///
/// # Errors
/// The script failed.
pub async fn on_response(
    mut exchange: Exchange<'_>,
    script: ScriptId,
    head: &mut Parts,
) -> Result<Option<Response>, Failure> {
    if !exchange.request.snapshot.scripts.get(script).is_some_and(|script| script.hooks.on_response) {
        return Ok(None);
    }
    match run(&mut exchange, script, Phase::OnResponse, None, Some(head)).await? {
        Said::Answer(response) => Ok(Some(response)),
        Said::Nothing => Ok(None),
    }
}

/// Runs `onLog` of `script`, after the response left. What it throws is written to standard error.
pub async fn on_log(mut exchange: Exchange<'_>, script: ScriptId) {
    if exchange.request.snapshot.scripts.get(script).is_some_and(|script| script.hooks.on_log) {
        let mut head = exchange.session.response_written().map(|head| head.as_owned_parts());
        if let Err(failure) = Box::pin(run(&mut exchange, script, Phase::OnLog, None, head.as_mut())).await {
            eprintln!("lockgate: onLog: {failure}");
        }
    }
}

/// The request is over: runtimes go back, but for those that `waitUntil` keeps.
pub fn finish(request: &mut RequestState) {
    for mut held in request.lease.take_all() {
        if let Some(driver) = held.driver.take()
            && held.lease.is_busy()
        {
            let wall = held_wall(&request.snapshot, held.script, request.started);
            tokio::spawn(drive::finish_alone(held.lease, driver, wall));
        }
    }
}

fn held_wall(snapshot: &Snapshot, script: ScriptId, started: std::time::Instant) -> tokio::time::Instant {
    tokio::time::Instant::from_std(started + wall_limit(snapshot, script))
}

fn wall_limit(snapshot: &Snapshot, script: ScriptId) -> Duration {
    snapshot.config.scripts.get(script).map_or(Duration::from_secs(30), |script| script.limits.wall)
}

/// Runs a hook to its end.
async fn run(
    exchange: &mut Exchange<'_>,
    script: ScriptId,
    phase: Phase,
    body: Option<Bytes>,
    response: Option<&mut Parts>,
) -> Result<Said, Failure> {
    let mut held = take(exchange, script).await?;
    let (started, limit) = (exchange.request.started, wall_limit(&exchange.request.snapshot, script));
    let wall = || tokio::time::Instant::from_std(started + limit);
    let gone = client_socket(exchange.session).map(Arc::clone);
    let mut slow = exchange.request.snapshot.config.slow_log.map(Slow::new);
    let mut view = View::new(exchange.session, exchange.request, body, response);
    let reply = drive::run(&mut held.lease, &mut held.driver, phase, &mut view, gone, wall, &mut slow).await;
    let head = view.into_reply();
    if let Some(slow) = slow {
        slow.report(exchange.request, &held.lease, phase);
    }
    match reply {
        Ok(reply) => {
            keep(exchange.request, held);
            match (reply, head) {
                (Reply::Answer(body), Some(head)) => Ok(Said::Answer(answer(head, body))),
                (Reply::Answer(_), None) => Err(FailureKind::Internal.into()),
                (Reply::Continue, _) => Ok(Said::Nothing),
            }
        }
        Err(failure) => Err(failure),
    }
}

fn answer(head: Box<Parts>, body: Option<Bytes>) -> Response {
    let body = match body {
        Some(bytes) => Body::Bytes(bytes),
        None if matches!(head.status.as_u16(), 204 | 304) => Body::None,
        None => Body::Bytes(Bytes::new()),
    };
    Response { head, body }
}

/// Keeps a runtime for the script's later hooks, or for what it does after the answer; else it goes back now.
fn keep(request: &mut RequestState, held: Held) {
    let hooks = held.lease.script().hooks;
    let is_filter = hooks.on_request || hooks.on_response || hooks.on_log;
    if is_filter || held.lease.is_busy() {
        request.lease.put(held);
    }
}

/// The request's runtime of a script: the one it has, or one from the pool.
async fn take(exchange: &mut Exchange<'_>, script: ScriptId) -> Result<Held, Failure> {
    if let Some(held) = exchange.request.lease.take(script) {
        return Ok(held);
    }
    let snapshot = Arc::clone(&exchange.request.snapshot);
    let Some(program) = snapshot.scripts.get(script) else { return Err(FailureKind::Internal.into()) };
    let lease = match pool::try_acquire(program) {
        Some(lease) => lease,
        // Boxed, as in `drive::run`.
        None => Box::pin(wait_in_line(exchange, program, &snapshot.config.runtimes)).await?,
    };
    Ok(Held { script, lease, driver: None })
}

async fn wait_in_line(
    exchange: &Exchange<'_>,
    program: &Arc<Script>,
    settings: &Runtimes,
) -> Result<pool::Lease, Failure> {
    let patience = settings.queue_timeout;
    let trip = Trip { after: settings.trip_after, pause: settings.trip_pause };
    let Some(trial) = program.breaker.attempt(trip, Instant::now()) else {
        return Err(Failure::because(FailureKind::ScriptQueue, "the circuit breaker is open: too many waited in vain"));
    };
    let client_closed = exchange.client_closed();
    let acquired = tokio::select! {
        acquired = tokio::time::timeout(patience, pool::acquire(program)) => acquired,
        () = client_closed => return Err(FailureKind::ClientGone.into()),
    };
    let why = match acquired {
        Ok(Ok(lease)) => {
            trial.succeeded();
            return Ok(lease);
        }
        Ok(Err(NoLease::Fault(fault))) => return Err(failure(&fault)),
        Ok(Err(NoLease::QueueFull)) => "too many requests wait".to_owned(),
        Err(_) => format!("no runtime within {patience:?}"),
    };
    trial.failed(Instant::now());
    Err(Failure::because(FailureKind::ScriptQueue, why))
}

/// How a fault of a script is called in log and counters.
fn failure(fault: &Fault) -> Failure {
    let kind = match fault.kind {
        FaultKind::Threw => FailureKind::ScriptThrew,
        FaultKind::Deadline => FailureKind::ScriptDeadline,
        FaultKind::Memory => FailureKind::ScriptMemory,
        FaultKind::NeverSettles => FailureKind::ScriptWall,
        FaultKind::Cancelled => FailureKind::ClientGone,
        FaultKind::Engine => FailureKind::Internal,
    };
    Failure::because(kind, fault)
}

/// Reads a request's body to its end, up to `limit` bytes.
async fn read_body(session: &mut Session, limit: u64) -> Result<Option<Bytes>, Failure> {
    let too_large = || Failure::because(FailureKind::BodyTooLarge, format!("the body is larger than {limit} bytes"));
    let announced = session.get_header_bytes(header::CONTENT_LENGTH);
    let announced: Option<u64> = std::str::from_utf8(announced).ok().and_then(|text| text.parse().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    if session.get_header(header::EXPECT).is_some() {
        session.write_continue_response().await.map_err(|error| Failure::from_pingora(&error))?;
    }
    let mut all = BytesMut::new();
    loop {
        let chunk = session.read_request_body().await.map_err(|error| Failure::from_pingora(&error.into_down()))?;
        match chunk {
            None => return Ok(Some(all.freeze())),
            Some(chunk) if (all.len() + chunk.len()) as u64 > limit => return Err(too_large()),
            // Most bodies come in one piece.
            Some(chunk) if all.is_empty() && announced == Some(chunk.len() as u64) => {
                if session.is_body_done() {
                    return Ok(Some(chunk));
                }
                all.extend_from_slice(&chunk);
            }
            Some(chunk) => all.extend_from_slice(&chunk),
        }
    }
}
