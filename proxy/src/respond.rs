//! Answers that do not come from an origin: files, scripts, failures.
use crate::failure::{Failure, FailureKind, is_late};
use crate::fields;
use crate::request::RequestState;
use crate::request_id::RequestId;
use crate::script;
use crate::static_files::FileBody;
use bytes::Bytes;
use http::response::Parts;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use pingora_core::Result;
use pingora_http::ResponseHeader;
use pingora_proxy::Session;
use std::time::Duration;

/// The header that carries the request id.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Room for the fields of most answers.
const USUAL_FIELDS: usize = 8;

/// A request body up to this size is read to its end before the answer, so that the connection lives on.
const DRAINED_BYTES: usize = 64 << 10;
const DRAIN_TIME: Duration = Duration::from_secs(1);

/// An answer.
#[derive(Debug)]
pub struct Response {
    /// Status and headers; `content-length` is set from the body when it is sent.
    pub head: Box<Parts>,
    /// The body. Not sent for HEAD, though its length is.
    pub body: Body,
}

/// A response body.
#[derive(Debug)]
pub enum Body {
    /// None at all, and no `content-length`: 204, 304.
    None,
    /// Bytes in memory.
    Bytes(Bytes),
    /// A part of a file, read while it is sent.
    File(FileBody),
}

impl Response {
    /// A response with this status and body.
    pub fn new(status: StatusCode, body: Body) -> Self {
        let mut head = fields::no_response();
        head.status = status;
        head.headers.reserve(USUAL_FIELDS);
        Self { head: Box::new(head), body }
    }

    /// What a client is told of a failure: status and request id, as text for browsers, else as JSON.
    pub fn failure(failure: &Failure, session: &Session, request: &RequestState) -> Self {
        let status = failure.status();
        let accepts = session.get_header_bytes(header::ACCEPT);
        let text = accepts.windows(9).any(|window| window == b"text/html");
        let body = if text {
            format!("{} {}\nrequest id: {}\n", status.as_u16(), words(failure.kind), request.id)
        } else {
            failure_json(failure.kind, &request.id)
        };
        let mut response = Self::new(status, Body::Bytes(body.into()));
        let media_type = if text { "text/plain; charset=utf-8" } else { "application/json" };
        let fields = &mut response.head.headers;
        fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        fields.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if failure.kind == FailureKind::ScriptQueue {
            fields.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// What a program is told of a failure.
pub fn failure_json(kind: FailureKind, id: &RequestId) -> String {
    format!("{{\"error\":\"{}\",\"status\":{},\"request_id\":\"{id}\"}}\n", words(kind), kind.status())
}

/// The status of a failure in words.
pub fn words(kind: FailureKind) -> &'static str {
    StatusCode::from_u16(kind.status()).ok().and_then(|status| status.canonical_reason()).unwrap_or("Error")
}

/// Sends `response` and finishes the exchange; the connection lives on if the request was read to its end.
pub async fn send(session: &mut Session, request: &RequestState, response: Response) -> Result<()> {
    let Response { mut head, body } = response;
    let length = match &body {
        Body::None => None,
        Body::Bytes(bytes) => Some(HeaderValue::from(bytes.len())),
        Body::File(file) => Some(HeaderValue::from(file.len())),
    };
    head.headers.insert(REQUEST_ID, request.id.value());
    length.map(|length| head.headers.insert(header::CONTENT_LENGTH, length));
    let head = Box::new(ResponseHeader::from(*head));
    if !session.is_body_done() {
        // Boxed, as other rare ways of a request: its future would have room for this one, and is copied whole.
        Box::pin(settle_request_body(session)).await;
    }
    let silent = session.req_header().method == Method::HEAD;
    match body {
        Body::Bytes(bytes) if !silent && !bytes.is_empty() => {
            session.write_response_header(head, false).await?;
            session.write_response_body(Some(bytes), true).await
        }
        Body::File(file) if !silent && !file.is_empty() => {
            session.write_response_header(head, false).await?;
            Box::pin(send_file(session, file)).await
        }
        Body::None | Body::Bytes(_) | Body::File(_) => {
            session.write_response_header(head, true).await?;
            session.write_response_body(None, true).await
        }
    }
}

async fn send_file(session: &mut Session, mut file: FileBody) -> Result<()> {
    while let Some(chunk) = file
        .next()
        .await
        .map_err(|error| pingora_core::Error::because(pingora_core::ErrorType::FileReadError, "static file", error))?
    {
        session.write_response_body(Some(chunk), file.is_empty()).await?;
    }
    Ok(())
}

/// Reads what is left of a small request body. With a larger one, or one that the client only sends when asked to
/// (`Expect: 100-continue`), the connection ends after the answer.
async fn settle_request_body(session: &mut Session) {
    let expected = session.get_header_bytes(header::CONTENT_LENGTH);
    let expected = std::str::from_utf8(expected).ok().and_then(|length| length.parse().ok()).unwrap_or(0);
    let waits = session.get_header(header::EXPECT).is_some();
    let drained = !waits && expected <= DRAINED_BYTES && {
        let drain = async {
            let mut left = DRAINED_BYTES;
            while let Ok(Some(chunk)) = session.read_request_body().await {
                match left.checked_sub(chunk.len()) {
                    Some(rest) => left = rest,
                    None => break,
                }
            }
        };
        tokio::time::timeout(DRAIN_TIME, drain).await.is_ok() && session.is_body_done()
    };
    if !drained {
        session.set_keepalive(None);
        if let Some(socket) = script::client_socket(session) {
            socket.expect_unread_request();
        }
    }
}

/// The failure behind an error while answering: of the file, or of the client.
pub fn send_failure(error: &pingora_core::Error) -> Failure {
    match error.etype() {
        pingora_core::ErrorType::FileReadError => Failure::because(FailureKind::FileUnreadable, error),
        _ if is_late(error) => Failure::because(FailureKind::ClientTimeout, error),
        _ => Failure::because(FailureKind::ClientGone, error),
    }
}
