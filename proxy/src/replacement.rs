//! What `onResponse` gives instead of an origin's response.
use crate::fields::Taken;
use crate::respond::{Body, Response};
use bytes::Bytes;
use http::{HeaderValue, Method, header};
use pingora_proxy::Session;

/// How it reaches the client.
#[derive(Debug)]
pub enum Replacement {
    /// Its head took the place of the origin's; its body goes where the origin's pieces are dropped.
    Body(Bytes),
    /// The origin's response has no body that this one's could be put in place of: Pingora's exchange ends, and the whole
    /// response takes the way of a failure.
    Response(Box<Response>),
    /// Such a response, on its way.
    Sent,
}

/// Puts `instead` in place of the origin's response, whose `head` has come.
pub fn put(session: &Session, taken: &mut Taken, instead: Response) -> Replacement {
    let head = &mut taken.parts;
    let is_head = session.req_header().method == Method::HEAD;
    let length = head.headers.get(header::CONTENT_LENGTH);
    let is_bare = matches!(head.status.as_u16(), 204 | 304) || length.is_some_and(|length| length == "0");
    let bytes = match &instead.body {
        Body::Bytes(bytes) => Some(bytes.clone()),
        Body::None | Body::File(_) => None,
    };
    if is_bare && !is_head && bytes.as_ref().is_some_and(|bytes| !bytes.is_empty()) {
        return Replacement::Response(Box::new(instead));
    }
    taken.replace(*instead.head);
    if let Some(bytes) = &bytes {
        taken.parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    }
    Replacement::Body(bytes.unwrap_or_default())
}
