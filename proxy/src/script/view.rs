//! A request of Pingora as scripts see it.
use super::names;
use crate::fields;
use crate::path;
use crate::request::RequestState;
use bytes::Bytes;
use http::response::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use lockgate_filters::view::{Head, HostView};
use pingora_core::protocols::l4::socket::SocketAddr as PeerAddr;
use pingora_http::RequestHeader;
use pingora_proxy::Session;
use std::net::IpAddr;

/// Session, state and, on the way back, the response's head.
pub struct View<'a> {
    session: &'a mut Session,
    request: &'a mut RequestState,
    body: Option<Bytes>,
    response: Option<&'a mut Parts>,
    reply: Option<Box<Parts>>,
}

impl<'a> View<'a> {
    /// A view for one hook.
    pub fn new(
        session: &'a mut Session,
        request: &'a mut RequestState,
        body: Option<Bytes>,
        response: Option<&'a mut Parts>,
    ) -> Self {
        Self { session, request, body, response, reply: None }
    }

    /// The head of the answer, if there is one.
    pub fn into_reply(self) -> Option<Box<Parts>> {
        self.reply
    }

    /// Changes the fields of a head.
    fn edit<R>(&mut self, head: Head, change: impl FnOnce(&mut HeaderMap) -> R) -> Result<R, &'static str> {
        match (head, &mut self.response) {
            (Head::Request, _) => Ok(fields::of_request(self.session.req_header_mut(), |fields| {
                // Grows once for this one and for what the gateway adds.
                fields.reserve(USUAL_FIELDS);
                change(fields)
            })),
            (Head::Response, Some(head)) => Ok(change(&mut head.headers)),
            (Head::Response, None) => Err(NO_RESPONSE),
        }
    }

    fn head(&self) -> &RequestHeader {
        self.session.req_header()
    }
}

/// Room for the fields that most scripts set, and what the gateway adds.
const USUAL_FIELDS: usize = 6;

/// Headers that say how a message is framed on its connection: the gateway's own.
fn is_framing(name: &str) -> bool {
    matches!(name, "connection" | "content-length" | "keep-alive" | "transfer-encoding" | "upgrade" | "te" | "trailer")
}

const FRAMING: &str = "the gateway itself sets it";
const NO_RESPONSE: &str = "there is no response yet";
const TOO_MANY: &str = "too many headers";

fn pair(name: &str, value: &[u8]) -> Result<(HeaderName, HeaderValue), &'static str> {
    if is_framing(name) {
        return Err(FRAMING);
    }
    let name = names::header_name(name).ok_or("not a header name")?;
    let value = HeaderValue::from_bytes(value).map_err(|_| "not a header value")?;
    Ok((name, value))
}

impl HostView for View<'_> {
    fn method(&self) -> &str {
        self.head().method.as_str()
    }

    fn target(&self) -> &[u8] {
        let raw = self.head().raw_path();
        // Of an absolute form only path and query: the authority is its own.
        match raw.first() {
            Some(b'/') | None => raw,
            _ => self.head().uri.path_and_query().map_or(b"/", |target| target.as_str().as_bytes()),
        }
    }

    fn scheme(&self) -> &str {
        "http"
    }

    fn authority(&self) -> &[u8] {
        match self.head().uri.authority() {
            Some(authority) => authority.as_str().as_bytes(),
            None => self.session.get_header_bytes(header::HOST),
        }
    }

    fn client(&self) -> Option<IpAddr> {
        match self.session.client_addr() {
            Some(PeerAddr::Inet(client)) => Some(client.ip()),
            _ => None,
        }
    }

    fn params(&self, each: &mut dyn FnMut(&str, &[u8])) {
        let canonical = path::canonical(path::of_target(self.head().raw_path()));
        self.request.params(&canonical).for_each(|(name, value)| each(name, value));
    }

    fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
    }

    fn header(&self, head: Head, name: &str, each: &mut dyn FnMut(&[u8])) {
        let headers = match head {
            Head::Request => Some(&self.head().headers),
            Head::Response => self.response.as_deref().map(|head| &head.headers),
        };
        if let Some(headers) = headers {
            headers.get_all(name).iter().for_each(|value| each(value.as_bytes()));
        }
    }

    fn headers(&self, head: Head, each: &mut dyn FnMut(&[u8], &[u8])) {
        let headers = match head {
            Head::Request => Some(&self.head().headers),
            Head::Response => self.response.as_deref().map(|head| &head.headers),
        };
        if let Some(headers) = headers {
            headers.iter().for_each(|(name, value)| each(name.as_str().as_bytes(), value.as_bytes()));
        }
    }

    fn set_header(&mut self, head: Head, name: &str, value: &[u8]) -> Result<(), &'static str> {
        let (name, value) = pair(name, value)?;
        self.edit(head, |fields| fields.try_insert(name, value).map(drop).map_err(|_| TOO_MANY))?
    }

    fn append_header(&mut self, head: Head, name: &str, value: &[u8]) -> Result<(), &'static str> {
        let (name, value) = pair(name, value)?;
        self.edit(head, |fields| fields.try_append(name, value).map(drop).map_err(|_| TOO_MANY))?
    }

    fn remove_header(&mut self, head: Head, name: &str) {
        if is_framing(name) {
            return;
        }
        // Without a response there is nothing to remove.
        let _ = self.edit(head, |fields| fields.remove(name));
    }

    fn set_method(&mut self, method: &str) -> Result<(), &'static str> {
        let method = Method::from_bytes(method.as_bytes()).map_err(|_| "not a method")?;
        self.request.keep_received(self.session.req_header());
        self.session.req_header_mut().set_method(method);
        Ok(())
    }

    fn set_target(&mut self, target: &str) -> Result<(), &'static str> {
        let uri = target.parse().map_err(|_| "not a path and query")?;
        self.request.keep_received(self.session.req_header());
        self.session.req_header_mut().set_uri(uri);
        Ok(())
    }

    fn set_upstream(&mut self, name: &str) -> bool {
        let found = self.request.snapshot.upstreams.iter().position(|upstream| upstream.name == name);
        if found.is_some() {
            self.request.upstream_override = found;
        }
        found.is_some()
    }

    fn status(&self) -> u16 {
        self.response.as_deref().map_or(0, |head| head.status.as_u16())
    }

    fn set_status(&mut self, status: u16) {
        if let Some(head) = self.response.as_mut() {
            // Scripts give 200 to 599 only, all of which are statuses.
            head.status = StatusCode::from_u16(status).unwrap_or(head.status);
        }
    }

    fn begin_reply(&mut self, status: u16) {
        let Ok(status) = StatusCode::from_u16(status) else { return };
        let mut parts = fields::no_response();
        parts.status = status;
        parts.headers.reserve(USUAL_FIELDS);
        self.reply = Some(Box::new(parts));
    }

    fn reply_header(&mut self, name: &[u8], value: &[u8]) {
        let Some(reply) = &mut self.reply else { return };
        let name = match name {
            b"content-type" => Some(header::CONTENT_TYPE),
            name => match std::str::from_utf8(name) {
                Ok(name) if !is_framing(name) => names::header_name(name),
                _ => return,
            },
        };
        let value = match value {
            b"application/json" => Ok(HeaderValue::from_static("application/json")),
            b"text/html; charset=utf-8" => Ok(HeaderValue::from_static("text/html; charset=utf-8")),
            value => HeaderValue::from_bytes(value),
        };
        if let (Some(name), Ok(value)) = (name, value) {
            // More headers than a response can have are dropped.
            let _ = reply.headers.try_append(name, value);
        }
    }
}
