//! The seam to the script host: everything the gate knows about scripts is in this file.
//!
//! The gate calls [`handle`], [`on_request`], [`on_response`] and [`on_log`] with an [`Exchange`]; the host's lease of a
//! request lives in [`Lease`], which the gate drops with the request's state, so that a request that ends early (client
//! gone, upstream dead, panic) gives its runtime back. A call that waits for host operations selects on
//! [`Exchange::client_closed`], so that nobody's work goes on for nobody.
use crate::failure::{Failure, FailureKind};
use crate::request::RequestState;
use crate::respond::Response;
use crate::stream::{ClientSocket, ClientStream};
use lockgate_conf::model::{Config, Filter};
use pingora_http::ResponseHeader;
use pingora_proxy::Session;
use std::sync::Arc;

/// Whether this build runs scripts.
pub const AVAILABLE: bool = false;

/// What an operator is told until it does.
pub const MISSING: &str = "lockgate: this build has no script host: handlers, script filters and images do not run yet";

/// Index of a script in the configuration.
pub type ScriptId = usize;

/// The scripts of a configuration, compiled, booted and sealed.
#[derive(Debug, Default)]
pub struct Scripts {}

impl Scripts {
    /// Compiles and seals every script of `config`. Blocks; runs off the workers' threads.
    ///
    /// # Errors
    /// A report for each script that is refused.
    pub fn load(config: &Config) -> Result<Self, Vec<String>> {
        let filtered =
            config.routes.iter().filter(|route| route.filters.iter().any(|filter| matches!(filter, Filter::Script(_))));
        let mistakes: Vec<_> = filtered
            .map(|route| format!("route '{}': script filters need the script host, which this build lacks", route.name))
            .collect();
        if mistakes.is_empty() { Ok(Self {}) } else { Err(mistakes) }
    }
}

/// The runtimes that a request holds: one for each script it met, from the first hook to the last.
#[derive(Debug, Default)]
pub struct Lease {}

/// A request in a script's hands.
pub struct Exchange<'a> {
    /// Pingora's session: head and body of the request.
    pub session: &'a mut Session,
    /// The gate's state of the request: snapshot, route, parameters, lease.
    pub request: &'a mut RequestState,
}

impl Exchange<'_> {
    /// The client's socket, when the connection came through our accept loop. `closed().await` on it resolves when the
    /// client leaves; it borrows nothing of the exchange.
    pub fn client_socket(&self) -> Option<Arc<ClientSocket>> {
        client_socket(self.session)
    }

    /// Resolves when the client leaves; never on a connection that did not come through our accept loop.
    pub fn client_closed(&self) -> impl Future<Output = ()> + Send + 'static {
        let socket = self.client_socket();
        async move {
            match socket {
                Some(socket) => socket.closed().await,
                None => std::future::pending().await,
            }
        }
    }
}

/// The socket behind a session.
pub fn client_socket(session: &Session) -> Option<Arc<ClientSocket>> {
    let stream = session.stream()?;
    (**stream).as_any().downcast_ref::<ClientStream>().map(|stream| Arc::clone(stream.socket()))
}

/// What `onRequest` decided.
#[derive(Debug)]
pub enum Verdict {
    /// Go on with the next filter.
    Continue,
    /// This is the answer.
    Respond(Response),
}

/// Runs the handler of `script`.
///
/// # Errors
/// The script failed, or no runtime was free.
pub async fn handle(exchange: Exchange<'_>, script: ScriptId) -> Result<Response, Failure> {
    let _ = (exchange, script);
    Err(FailureKind::ScriptHostMissing.into())
}

/// Runs `onRequest` of `script`.
///
/// # Errors
/// The script failed, or no runtime was free.
pub async fn on_request(exchange: Exchange<'_>, script: ScriptId) -> Result<Verdict, Failure> {
    let _ = (exchange, script);
    Err(FailureKind::ScriptHostMissing.into())
}

/// Runs `onResponse` of `script` over the head of a response; a returned response takes its place.
///
/// # Errors
/// The script failed.
pub async fn on_response(
    exchange: Exchange<'_>,
    script: ScriptId,
    head: &mut ResponseHeader,
) -> Result<Option<Response>, Failure> {
    let _ = (exchange, script, head);
    Err(FailureKind::ScriptHostMissing.into())
}

/// Runs `onLog` of `script`, after the response left.
pub async fn on_log(exchange: Exchange<'_>, script: ScriptId) {
    let _ = (exchange, script);
}
