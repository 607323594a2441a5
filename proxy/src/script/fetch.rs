//! `fetch` over Pingora's client: pooled connections per worker, HTTP and HTTPS, redirects, bounds.
use crate::trust;
use http::{HeaderName, HeaderValue, Method, header};
use lockgate_filters::ops::{FetchRequest, FetchResponse, Redirect};
use pingora_core::connectors::ConnectorOptions;
use pingora_core::connectors::http::Connector;
use pingora_core::protocols::http::client::HttpSession;
use pingora_core::upstreams::peer::{HttpPeer, Peer};
use pingora_http::RequestHeader;
use std::cell::OnceCell;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// Longest silence of an origin; the script's wall time bounds the whole.
const READ: Duration = Duration::from_secs(30);
/// Largest response body.
const MAX_BODY: usize = 16 << 20;
/// Most redirects followed.
const MAX_REDIRECTS: usize = 20;
/// How long an idle connection is kept.
const POOL_IDLE: Duration = Duration::from_secs(60);
/// Most idle connections, per worker and scheme.
const IDLE: usize = 128;

thread_local! {
    static PLAIN: OnceCell<Arc<Connector>> = const { OnceCell::new() };
    static TRUSTING: OnceCell<Arc<Connector>> = const { OnceCell::new() };
}

/// The connections of this worker, those over TLS by themselves: they belong to its reactor.
fn connector(url: &Url) -> Arc<Connector> {
    let (connector, ca_file) = match url.scheme() {
        "https" => (&TRUSTING, None),
        _ => (&PLAIN, Some(trust::NOBODY.to_owned())),
    };
    let new = || Arc::new(Connector::new(Some(ConnectorOptions { ca_file, ..ConnectorOptions::new(IDLE) })));
    connector.with(|connector| Arc::clone(connector.get_or_init(new)))
}

/// Carries out a fetch; the error says why it failed.
pub async fn fetch(mut request: FetchRequest) -> Result<FetchResponse, String> {
    let mut redirects = 0;
    loop {
        let mut response = exchange(&request).await?;
        let location = matches!(response.status, 301 | 302 | 303 | 307 | 308)
            .then(|| response.headers.iter().find(|(name, _)| name == "location"))
            .flatten()
            .and_then(|(_, value)| std::str::from_utf8(value).ok())
            .map(str::to_owned);
        match (location, request.redirect) {
            (None, _) | (Some(_), Redirect::Manual) => {
                response.redirected = redirects > 0;
                return Ok(response);
            }
            (Some(_), Redirect::Error) => return Err("the answer is a redirect, and redirect is 'error'".into()),
            (Some(location), Redirect::Follow) => {
                redirects += 1;
                if redirects > MAX_REDIRECTS {
                    return Err(format!("more than {MAX_REDIRECTS} redirects"));
                }
                follow(&mut request, &location, response.status)?;
            }
        }
    }
}

/// Fetch 4.4 HTTP-redirect fetch.
fn follow(request: &mut FetchRequest, location: &str, status: u16) -> Result<(), String> {
    let next = request.url.join(location).map_err(|error| format!("redirect to '{location}': {error}"))?;
    if !matches!(next.scheme(), "http" | "https") {
        return Err(format!("redirect to '{location}': only http and https are followed"));
    }
    let changes = status == 303 && !matches!(request.method.as_str(), "GET" | "HEAD")
        || matches!(status, 301 | 302) && request.method == "POST";
    if changes {
        request.method = "GET".into();
        request.body = None;
        request.headers.retain(|(name, _)| !name.starts_with("content-"));
    }
    if next.origin() != request.url.origin() {
        request
            .headers
            .retain(|(name, _)| !matches!(name.as_str(), "authorization" | "cookie" | "proxy-authorization"));
    }
    request.url = next;
    Ok(())
}

/// A peer for each address of the host, in the resolver's order.
async fn peers(url: &Url) -> Result<Vec<HttpPeer>, String> {
    let host = url.host_str().ok_or("the URL has no host")?;
    let port = url.port_or_known_default().ok_or("the URL has no port")?;
    let tls = url.scheme() == "https";
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let addresses = tokio::net::lookup_host((bare, port)).await.map_err(|error| format!("{host}: {error}"))?;
    Ok(addresses.map(|address| peer(address, if tls { Some(bare) } else { None })).collect())
}

/// A peer, with TLS for this name if there is one.
fn peer(address: SocketAddr, name: Option<&str>) -> HttpPeer {
    let mut peer = HttpPeer::new(address, name.is_some(), name.unwrap_or_default().to_owned());
    peer.options.connection_timeout = Some(CONNECT);
    peer.options.total_connection_timeout = Some(CONNECT);
    peer.options.read_timeout = Some(READ);
    peer.options.write_timeout = Some(READ);
    peer.options.idle_timeout = Some(POOL_IDLE);
    peer
}

/// A connection to the first address that gives one, an idle one if there is.
async fn connect(connector: &Connector, url: &Url) -> Result<(HttpSession, HttpPeer), String> {
    let mut why = format!("{url}: the host has no address");
    for peer in peers(url).await? {
        match connector.get_http_session(&peer).await {
            Ok((session, _reused)) => return Ok((session, peer)),
            Err(error) => why = format!("{url}: {error}"),
        }
    }
    Err(why)
}

fn head(request: &FetchRequest) -> Result<RequestHeader, String> {
    let url = &request.url;
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let method = Method::from_bytes(request.method.as_bytes()).map_err(|error| error.to_string())?;
    let mut head = RequestHeader::build(method, target.as_bytes(), Some(request.headers.len() + 4))
        .map_err(|error| error.to_string())?;
    let put = |head: &mut RequestHeader, name: HeaderName, value: &[u8]| {
        let value = HeaderValue::from_bytes(value).map_err(|error| error.to_string())?;
        head.append_header(name, value).map(|_| ()).map_err(|error| error.to_string())
    };
    let host = match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (host, _) => host.unwrap_or("").to_owned(),
    };
    put(&mut head, header::HOST, host.as_bytes())?;
    for (name, value) in &request.headers {
        if matches!(
            name.as_str(),
            "host" | "connection" | "content-length" | "transfer-encoding" | "keep-alive" | "upgrade"
        ) {
            continue;
        }
        put(&mut head, HeaderName::from_bytes(name.as_bytes()).map_err(|error| error.to_string())?, value)?;
    }
    if !head.headers.contains_key(header::USER_AGENT) {
        put(&mut head, header::USER_AGENT, b"lockgate")?;
    }
    if !head.headers.contains_key(header::ACCEPT) {
        put(&mut head, header::ACCEPT, b"*/*")?;
    }
    let length = request.body.as_ref().map_or(0, bytes::Bytes::len);
    if request.body.is_some() || matches!(request.method.as_str(), "POST" | "PUT" | "PATCH") {
        put(&mut head, header::CONTENT_LENGTH, length.to_string().as_bytes())?;
    }
    Ok(head)
}

/// One request and its answer.
async fn exchange(request: &FetchRequest) -> Result<FetchResponse, String> {
    let head = head(request)?;
    let connector = connector(&request.url);
    let (mut session, peer) = connect(&connector, &request.url).await?;
    session.set_read_timeout(Some(READ));
    session.set_write_timeout(Some(READ));
    let outcome = talk(&mut session, request, head).await;
    match outcome {
        Ok(response) => {
            connector.release_http_session(session, &peer, peer.idle_timeout()).await;
            Ok(response)
        }
        Err(why) => {
            session.shutdown().await;
            Err(format!("{}: {why}", request.url))
        }
    }
}

async fn talk(session: &mut HttpSession, request: &FetchRequest, head: RequestHeader) -> Result<FetchResponse, String> {
    let text = |error: Box<pingora_core::Error>| error.to_string();
    session.write_request_header(Box::new(head)).await.map_err(text)?;
    if let Some(body) = request.body.clone().filter(|body| !body.is_empty()) {
        session.write_request_body(body, true).await.map_err(text)?;
    }
    session.finish_request_body().await.map_err(text)?;
    loop {
        session.read_response_header().await.map_err(text)?;
        if session.response_header().is_some_and(|head| !head.status.is_informational()) {
            break;
        }
    }
    let head = session.response_header().ok_or("no answer")?;
    let status = head.status.as_u16();
    let headers = head.headers.iter().map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()));
    let headers = headers.collect();
    let mut body = Vec::new();
    while let Some(chunk) = session.read_response_body().await.map_err(text)? {
        if body.len() + chunk.len() > MAX_BODY {
            return Err(format!("the answer is larger than {MAX_BODY} bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(FetchResponse { status, headers, body: body.into(), url: request.url.to_string(), redirected: false })
}
