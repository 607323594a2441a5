//! The gate: Pingora's `ProxyHttp` over a live configuration.
use crate::access_log::Line;
use crate::complaint;
use crate::failure::{Failure, FailureKind};
use crate::fields::{self, Taken};
use crate::path;
use crate::replacement::{self, Replacement};
use crate::request::{RequestState, Shared, UNROUTED};
use crate::respond::{self, REQUEST_ID, Response};
use crate::route::{self, Lookup, RouteId};
use crate::script::{self, Exchange, Verdict};
use crate::snapshot::{Action, Filter, Route};
use crate::trust;
use crate::upstream::Upstream;
use async_trait::async_trait;
use bytes::Bytes;
use http::header::Entry;
use http::response::Parts;
use http::{HeaderName, HeaderValue, Method, header};
use pingora_core::modules::http::HttpModules;
use pingora_core::protocols::l4::socket::SocketAddr as PeerAddr;
use pingora_core::upstreams::peer::HttpPeer;
use pingora_core::{Error, ErrorType, OrErr, Result};
use pingora_http::{RequestHeader, ResponseHeader};
use pingora_proxy::{FailToProxy, ProxyHttp, ProxyWarnLogContext, Session};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// The gate of one worker.
#[derive(Debug)]
pub struct Gate {
    shared: Arc<Shared>,
    /// Whether its proxy knows whom to trust.
    has_authorities: bool,
}

impl Gate {
    /// A gate over the shared state.
    pub fn new(shared: Arc<Shared>) -> Self {
        Self { shared, has_authorities: true }
    }

    /// The same for a proxy that was made for configurations without TLS: origins that speak it bring the authorities along.
    pub fn without_authorities(shared: Arc<Shared>) -> Self {
        Self { shared, has_authorities: false }
    }
}

impl Gate {
    /// Finds the route of a request.
    fn route(&self, session: &Session, request: &RequestState) -> Result<RouteId, Refusal> {
        let head = session.req_header();
        if head.method == Method::CONNECT {
            return Err(Refusal { failure: FailureKind::MethodNotAllowed.into(), allow: Some(String::new()) });
        }
        let table = &request.snapshot.table;
        let host = match head.uri.authority() {
            _ if !table.names_hosts() => &[],
            Some(authority) => authority.as_str().as_bytes(),
            None => session.get_header_bytes(header::HOST),
        };
        let path = path::canonical(path::of_target(head.raw_path()));
        match table.lookup(host, &path, head.method.as_str()) {
            Lookup::Found(route) => Ok(route),
            Lookup::Method(allow) => Err(Refusal { failure: FailureKind::MethodNotAllowed.into(), allow: Some(allow) }),
            Lookup::None => Err(Refusal { failure: FailureKind::NoRoute.into(), allow: None }),
        }
    }

    /// Runs the route's filters on the way in. A response means: stop here.
    async fn enter(&self, session: &mut Session, request: &mut RequestState) -> Result<Option<Response>, Failure> {
        let snapshot = Arc::clone(&request.snapshot);
        let Some(route) = request.route.and_then(|route| snapshot.routes.get(route)) else { return Ok(None) };
        for filter in &route.filters {
            request.entered += 1;
            match filter {
                Filter::Headers(edits) => {
                    let edited = edits.request.apply_to_request(session.req_header_mut());
                    edited.map_err(|error| Failure::because(FailureKind::Internal, error))?;
                }
                Filter::Script(script) => {
                    if let Verdict::Respond(response) =
                        script::on_request(Exchange { session, request }, *script).await?
                    {
                        return Ok(Some(response));
                    }
                }
            }
        }
        Ok(None)
    }

    /// Runs the entered filters on the way back over the head of a response; a script may put another in its place.
    async fn leave(
        &self,
        session: &mut Session,
        request: &mut RequestState,
        head: &mut Parts,
    ) -> Result<Option<Response>, Failure> {
        let snapshot = Arc::clone(&request.snapshot);
        let Some(route) = request.route.and_then(|route| snapshot.routes.get(route)) else { return Ok(None) };
        let mut instead: Option<Response> = None;
        for filter in route.filters[..request.entered].iter().rev() {
            let head = instead.as_mut().map_or(&mut *head, |response| &mut *response.head);
            match filter {
                Filter::Headers(edits) => {
                    let edited = edits.response.apply_to_response(head);
                    edited.map_err(|error| Failure::because(FailureKind::Internal, error))?;
                }
                Filter::Script(script) => {
                    if let Some(response) = script::on_response(Exchange { session, request }, *script, head).await? {
                        instead = Some(response);
                    }
                }
            }
        }
        Ok(instead)
    }

    /// What the route itself answers; `None`: an origin does.
    async fn act(&self, session: &mut Session, request: &mut RequestState) -> Result<Option<Response>, Failure> {
        if request.upstream_override.is_some() {
            return Ok(None);
        }
        let snapshot = Arc::clone(&request.snapshot);
        let Some(route) = request.route.and_then(|route| snapshot.routes.get(route)) else { return Ok(None) };
        match &route.action {
            Action::Upstream(_) => Ok(None),
            Action::Handler(script) => script::handle(Exchange { session, request }, *script).await.map(Some),
            Action::Static(files) => {
                let head = session.req_header();
                let full = path::canonical(path::of_target(head.raw_path()));
                let relative = if files.strip { route::behind_prefix(&route.path, &full) } else { &full };
                Box::pin(files.respond(head, relative, &full, &self.shared.files, &self.shared.metrics)).await.map(Some)
            }
        }
    }

    /// Sends an answer of our own through the filters.
    async fn answer(&self, session: &mut Session, request: &mut RequestState, mut response: Response) -> Result<()> {
        match self.leave(session, request, &mut response.head).await {
            Ok(None) => {}
            Ok(Some(instead)) => response = instead,
            Err(failure) => {
                response = Response::failure(&failure, session, request);
                request.fail(failure);
            }
        }
        let sent = respond::send(session, request, response).await;
        if let Err(error) = &sent {
            request.fail(respond::send_failure(error));
        }
        sent
    }

    /// Tells the client of a failure. Native header filters still see it; scripts, which may be its cause, do not.
    async fn refuse(&self, session: &mut Session, request: &mut RequestState, refusal: Refusal) -> Result<()> {
        let mut response = Response::failure(&refusal.failure, session, request);
        request.fail(refusal.failure);
        if let Some(allow) = refusal.allow {
            let allow = HeaderValue::try_from(allow).or_err(ErrorType::InternalError, "methods of a route")?;
            response.head.headers.insert(header::ALLOW, allow);
        }
        if let Some(route) = request.matched() {
            for filter in route.filters[..request.entered].iter().rev() {
                if let Filter::Headers(edits) = filter {
                    edits.response.apply_to_response(&mut response.head)?;
                }
            }
        }
        respond::send(session, request, response).await
    }

    /// Sends a response in place of one without a body, after Pingora ended its exchange with the origin.
    async fn detour(&self, session: &mut Session, request: &mut RequestState, response: Response) -> FailToProxy {
        let error_code = response.head.status.as_u16();
        // Pingora closes the connection after an exchange that was ended; the answer says so.
        session.set_keepalive(None);
        if let Err(error) = respond::send(session, request, response).await {
            request.fail(respond::send_failure(&error));
        }
        FailToProxy { error_code, can_reuse_downstream: false }
    }

    fn upstream<'a>(&self, request: &'a RequestState) -> Option<(usize, &'a Upstream)> {
        let id = match (request.upstream_override, &request.matched()?.action) {
            (Some(id), _) => id,
            (None, Action::Upstream(id)) => *id,
            (None, _) => return None,
        };
        Some((id, request.snapshot.upstreams.get(id)?))
    }

    /// Whether an address of the upstream is left to try.
    fn may_try_again(&self, request: &RequestState) -> bool {
        self.upstream(request).is_some_and(|(_, upstream)| request.attempts < upstream.attempts())
    }

    fn count_upstream_failure(&self, request: &RequestState, kind: FailureKind) {
        if let Some((_, upstream)) = self.upstream(request) {
            self.shared.metrics.upstream_failed(&upstream.name, kind);
        }
    }
}

/// A failure with what a client may do about it.
struct Refusal {
    failure: Failure,
    allow: Option<String>,
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        let allow = (failure.kind == FailureKind::MethodNotAllowed).then(|| "GET, HEAD".to_owned());
        Self { failure, allow }
    }
}

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
/// How many fields a request gets on its way to an origin, and room for what a response usually gets on its way back.
const ADDED_FIELDS: usize = 3;

#[async_trait]
impl ProxyHttp for Gate {
    /// Boxed: Pingora's futures of a request move it about and are copied whole.
    type CTX = Box<RequestState>;

    fn new_ctx(&self) -> Box<RequestState> {
        Box::new(RequestState::new(self.shared.snapshot.load_full()))
    }

    /// None: the default adds a compression module that every request would pay for.
    fn init_downstream_modules(&self, _modules: &mut HttpModules) {}

    async fn request_filter(&self, session: &mut Session, request: &mut Box<RequestState>) -> Result<bool> {
        if let Some(socket) = script::client_socket(session) {
            socket.head().whole();
            socket.head().set_longest_silence(request.snapshot.config.keep_alive);
        }
        let routed = self.route(session, request);
        let answered = match routed {
            Err(refusal) => Err(refusal),
            Ok(route) => {
                request.route = Some(route);
                match self.enter(session, request).await {
                    Ok(None) => self.act(session, request).await.map_err(Refusal::from),
                    entered => entered.map_err(Refusal::from),
                }
            }
        };
        match answered {
            Ok(None) => return Ok(false),
            Ok(Some(response)) => self.answer(session, request, response).await?,
            // Boxed: rare, and the future of every request would have room for it.
            Err(refusal) => Box::pin(self.refuse(session, request, refusal)).await?,
        }
        Ok(true)
    }

    async fn upstream_peer(&self, _session: &mut Session, request: &mut Box<RequestState>) -> Result<Box<HttpPeer>> {
        let Some((id, upstream)) = self.upstream(request) else {
            return Error::e_explain(ErrorType::InternalError, "the route has no upstream");
        };
        let turn = if request.attempts == 0 { upstream.take_turn() } else { request.turn + 1 };
        let found = upstream.peer(turn);
        request.attempts += 1;
        request.turn = turn;
        match found {
            Ok((server, mut peer)) => {
                request.upstream = Some((id, server));
                if !self.has_authorities && peer.is_tls() {
                    // Read before the configuration went live. Without any, the origin's certificate is refused.
                    peer.options.ca = trust::authorities().ok();
                }
                Ok(peer)
            }
            Err((server, failure)) => {
                let mut error = Error::explain(ErrorType::ConnectNoRoute, failure.to_string());
                error.set_retry(self.may_try_again(request));
                self.count_upstream_failure(request, failure.kind);
                request.upstream = Some((id, server));
                request.failure = Some(failure);
                Err(error.into_up())
            }
        }
    }

    fn fail_to_connect(
        &self,
        _session: &mut Session,
        _peer: &HttpPeer,
        request: &mut Box<RequestState>,
        mut error: Box<Error>,
    ) -> Box<Error> {
        let failure = Failure::from_pingora(&error);
        self.count_upstream_failure(request, failure.kind);
        error.set_retry(self.may_try_again(request));
        request.failure = Some(failure);
        error
    }

    /// A request that was on its way is not repeated, but for one case that Pingora recognises: an idempotent request
    /// on a pooled connection that the origin had closed meanwhile.
    fn error_while_proxy(
        &self,
        _peer: &HttpPeer,
        session: &mut Session,
        mut error: Box<Error>,
        request: &mut Box<RequestState>,
        client_reused: bool,
    ) -> Box<Error> {
        if request.failure.is_some() || matches!(request.replacement, Some(Replacement::Response(_))) {
            // The response filter ended the exchange and said why; the origin did well.
            error.set_retry(false);
            return error;
        }
        let failure = Failure::from_pingora(&error);
        if failure.kind.source() == crate::failure::Source::Upstream {
            self.count_upstream_failure(request, failure.kind);
        }
        request.failure = Some(failure);
        if session.req_header().method.is_idempotent() && !session.as_ref().retry_buffer_truncated() {
            error.retry.decide_reuse(client_reused);
        } else {
            error.set_retry(false);
        }
        error
    }

    async fn upstream_request_filter(
        &self,
        session: &mut Session,
        head: &mut RequestHeader,
        request: &mut Box<RequestState>,
    ) -> Result<()> {
        let client = script::client_socket(session);
        fields::of_request(head, |fields| {
            fields.reserve(ADDED_FIELDS);
            fields.insert(REQUEST_ID, request.id.value());
            fields.insert(FORWARDED_PROTO, HeaderValue::from_static("http"));
            let Some(client) = client else { return };
            match fields.entry(FORWARDED_FOR) {
                Entry::Vacant(place) => {
                    place.insert(client.forwarded().clone());
                }
                Entry::Occupied(mut chain) => {
                    let longer = client.forwarded_after(chain.get());
                    chain.insert(longer.unwrap_or_else(|| client.forwarded().clone()));
                }
            }
        });
        // Errors of attempts that were followed by a good one are counted, not logged.
        request.failure = None;
        Ok(())
    }

    async fn response_filter(
        &self,
        session: &mut Session,
        head: &mut ResponseHeader,
        request: &mut Box<RequestState>,
    ) -> Result<()> {
        if head.status.is_informational() && head.status.as_u16() != 101 {
            return Ok(());
        }
        let mut taken = Taken::from(head);
        taken.parts.headers.reserve(ADDED_FIELDS);
        let left = self.leave(session, request, &mut taken.parts).await;
        if let Ok(Some(instead)) = left {
            request.replacement = Some(replacement::put(session, &mut taken, instead));
        } else if let Err(failure) = left {
            let error = Error::explain(ErrorType::InternalError, failure.to_string());
            request.failure = Some(failure);
            return Err(error);
        }
        if matches!(request.replacement, Some(Replacement::Response(_))) {
            return Error::e_explain(ErrorType::InternalError, "a response in place of one without a body");
        }
        taken.parts.headers.insert(REQUEST_ID, request.id.value());
        taken.put_back(head);
        Ok(())
    }

    /// Puts the body of a replaced response in place of the origin's, whose pieces are dropped.
    fn response_body_filter(
        &self,
        _session: &mut Session,
        body: &mut Option<Bytes>,
        end_of_stream: bool,
        request: &mut Box<RequestState>,
    ) -> Result<Option<Duration>> {
        if let Some(Replacement::Body(replacement)) = &mut request.replacement {
            *body = end_of_stream.then(|| std::mem::take(replacement));
        }
        Ok(None)
    }

    async fn fail_to_proxy(
        &self,
        session: &mut Session,
        error: &Error,
        request: &mut Box<RequestState>,
    ) -> FailToProxy {
        if let Some(Replacement::Response(response)) = request.replacement.take() {
            request.replacement = Some(Replacement::Sent);
            return self.detour(session, request, *response).await;
        }
        let failure = request.failure.take().unwrap_or_else(|| Failure::from_pingora(error));
        let error_code = failure.kind.status();
        let unreachable = matches!(failure.kind, FailureKind::ClientGone);
        // Pingora closes the connection after a failed exchange; the answer says so.
        session.set_keepalive(None);
        if unreachable || session.response_written().is_some() {
            request.fail(failure);
        } else if let Err(error) = self.refuse(session, request, failure.into()).await {
            request.fail(respond::send_failure(&error));
        }
        FailToProxy { error_code, can_reuse_downstream: false }
    }

    fn suppress_error_log(&self, _session: &Session, _request: &Box<RequestState>, _error: &Error) -> bool {
        true
    }

    fn suppress_proxy_warn_log(
        &self,
        _session: &Session,
        _request: &Box<RequestState>,
        _error: &Error,
        _context: ProxyWarnLogContext,
    ) -> bool {
        true
    }

    async fn logging(&self, session: &mut Session, error: Option<&Error>, request: &mut Box<RequestState>) {
        if let Some(error) = error
            && !matches!(request.replacement, Some(Replacement::Sent))
        {
            request.fail(Failure::from_pingora(error));
        }
        let snapshot = Arc::clone(&request.snapshot);
        let route = request.route.and_then(|route| snapshot.routes.get(route));
        for filter in route.map_or(&[][..], |route| &route.filters[..request.entered]) {
            if let Filter::Script(script) = filter {
                script::on_log(Exchange { session, request }, *script).await;
            }
        }
        script::finish(request);
        self.finish(session, request, route);
    }
}

impl Gate {
    /// Counts and logs a finished request.
    fn finish(&self, session: &Session, request: &RequestState, route: Option<&Route>) {
        let took = request.started.elapsed();
        let failure = request.failure.as_ref();
        let status = match (session.response_written(), failure) {
            (Some(head), _) => head.status.as_u16(),
            (None, Some(failure)) => failure.kind.status(),
            (None, None) => FailureKind::ClientGone.status(),
        };
        let metrics = &self.shared.metrics;
        route.map_or(&self.shared.unrouted, |route| &route.metrics).finished(status, took);
        if let Some(failure) = failure {
            metrics.failed(failure.kind);
        }
        if self.shared.log.is_off() {
            if let Some(failure) = failure.filter(|failure| failure.is_ours()) {
                complaint::say(route.map_or(UNROUTED, |route| &route.name), failure, &request.id);
            }
            return;
        }
        let head = session.req_header();
        let (method, target) = match &request.received {
            Some(received) => (&received.0, received.1.as_slice()),
            None => (&head.method, head.raw_path()),
        };
        let upstream =
            request.upstream.and_then(|(id, server)| Some(request.snapshot.upstreams.get(id)?.label(server)));
        let client = match session.client_addr() {
            Some(PeerAddr::Inet(client)) => Some(*client),
            _ => None,
        };
        self.shared.log.write(&Line {
            time: SystemTime::now() - took,
            client,
            method: method.as_str(),
            target,
            status,
            bytes: session.body_bytes_sent(),
            took,
            route: route.map_or(UNROUTED, |route| &route.name),
            upstream: upstream.unwrap_or_default(),
            request_id: request.id.as_str(),
            error: failure.map(|failure| failure.kind.reason()),
            detail: failure.and_then(|failure| failure.detail.as_deref()),
        });
    }
}
