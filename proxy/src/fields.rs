//! The fields of a head, changed together.
//!
//! Pingora remembers how each name was spelt: a second map beside the fields, and for every edit a copy of the name in
//! each. The gateway gives that up with the first field it changes: names then leave as they are usually spelt
//! (`Content-Type`) or in lower case, as HTTP/2 has them. An edit costs a third of Pingora's own.
use http::HeaderMap;
use http::response::Parts;
use pingora_http::{RequestHeader, ResponseHeader};
use std::mem;

/// Changes the fields of a request.
pub fn of_request<R>(head: &mut RequestHeader, change: impl FnOnce(&mut HeaderMap) -> R) -> R {
    let of_uri = head.uri.path_and_query().map_or(&b""[..], |target| target.as_str().as_bytes());
    // Targets in other than origin form are kept beside the URI.
    let target = (of_uri != head.raw_path()).then(|| head.raw_path().to_owned());
    let empty = http::Request::new(()).into_parts().0;
    let mut parts = http::request::Parts::from(mem::replace(head, empty.into()));
    let result = change(&mut parts.headers);
    *head = parts.into();
    if let Some(target) = target {
        // It was accepted before.
        let _ = head.set_raw_path(&target);
    }
    result
}

/// A response's head out of Pingora's hands, to be changed and put back.
#[derive(Debug)]
pub struct Taken {
    /// Status and fields.
    pub parts: Parts,
    /// A reason phrase that is not the usual one of the status.
    reason: Option<String>,
}

impl Taken {
    /// Takes a head; an empty one stays.
    pub fn from(head: &mut ResponseHeader) -> Self {
        let usual = head.get_reason_phrase() == head.status.canonical_reason();
        let reason = if usual { None } else { head.get_reason_phrase().map(str::to_owned) };
        Self { parts: mem::replace(head, no_response().into()).into(), reason }
    }

    /// Puts another head in its place.
    pub fn replace(&mut self, parts: Parts) {
        *self = Self { parts, reason: None };
    }

    /// Puts it back.
    pub fn put_back(self, head: &mut ResponseHeader) {
        *head = self.parts.into();
        if self.reason.is_some() {
            // Any text is accepted.
            let _ = head.set_reason_phrase(self.reason.as_deref());
        }
    }
}

/// The head of a response with status 200 and no field.
pub fn no_response() -> Parts {
    http::Response::new(()).into_parts().0
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn all_of_a_request_but_its_spelling_stays() {
        for target in [&b"/a?b=1"[..], b"http://h.example/a?b", b"*", b"/\xff"] {
            let mut head = RequestHeader::build("GET", target, None).unwrap();
            head.append_header("X-Kept", "1").unwrap();
            let kept = of_request(&mut head, |fields| {
                fields.insert("x-new", HeaderValue::from_static("2"));
                fields.contains_key("x-kept")
            });
            assert!(kept && !head.has_case());
            assert_eq!((head.method.as_str(), head.raw_path()), ("GET", target));
            let mut wire = Vec::new();
            head.header_to_h1_wire(&mut wire);
            assert_eq!(String::from_utf8_lossy(&wire), "x-kept: 1\r\nx-new: 2\r\n");
        }
    }

    #[test]
    fn all_of_a_response_but_its_spelling_stays() {
        for reason in [None, Some("Fine"), Some("OK")] {
            let mut head = ResponseHeader::build(200, None).unwrap();
            head.set_reason_phrase(reason).unwrap();
            head.append_header("CONTENT-TYPE", "a/b").unwrap();
            let mut taken = Taken::from(&mut head);
            taken.parts.headers.insert("x-new", HeaderValue::from_static("2"));
            taken.put_back(&mut head);
            assert_eq!((head.status.as_u16(), head.get_reason_phrase()), (200, reason.or(Some("OK"))));
            let mut wire = Vec::new();
            head.header_to_h1_wire(&mut wire);
            assert_eq!(String::from_utf8_lossy(&wire), "Content-Type: a/b\r\nx-new: 2\r\n");
        }
    }
    #[test]
    fn another_head_has_not_the_reason_of_the_first() {
        let mut head = ResponseHeader::build(200, None).unwrap();
        head.set_reason_phrase(Some("Fine")).unwrap();
        let mut taken = Taken::from(&mut head);
        taken.replace(no_response());
        taken.put_back(&mut head);
        assert_eq!(head.get_reason_phrase(), Some("OK"));
    }
}
