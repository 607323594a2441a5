//! The native `headers` filter: names and values checked and converted once, applied without a script.
use crate::fields;
use http::response::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use lockgate_conf::model;
use pingora_core::{ErrorType, OrErr, Result};
use pingora_http::RequestHeader;

const TOO_MANY: &str = "too many headers";

/// Edits of requests and responses.
#[derive(Debug, Default)]
pub struct HeaderEdits {
    /// On the way in.
    pub request: HeaderOps,
    /// On the way back.
    pub response: HeaderOps,
}

/// Edits of one header block, in this order: remove, set, add.
#[derive(Debug, Default)]
pub struct HeaderOps {
    remove: Vec<HeaderName>,
    set: Vec<(HeaderName, HeaderValue)>,
    add: Vec<(HeaderName, HeaderValue)>,
}

impl HeaderEdits {
    /// Converts the checked model.
    ///
    /// # Errors
    /// A name or value that is no HTTP header.
    pub fn new(edits: &model::HeaderEdits) -> Result<Self, String> {
        Ok(Self { request: HeaderOps::new(&edits.request)?, response: HeaderOps::new(&edits.response)? })
    }
}

impl HeaderOps {
    fn new(ops: &model::HeaderOps) -> Result<Self, String> {
        let pairs = |pairs: &[(String, String)]| {
            pairs.iter().map(|(header, text)| Ok((name(header)?, value(header, text)?))).collect::<Result<_, String>>()
        };
        let remove = ops.remove.iter().map(|header| name(header)).collect::<Result<_, _>>()?;
        Ok(Self { remove, set: pairs(&ops.set)?, add: pairs(&ops.add)? })
    }

    /// Edits a request.
    pub fn apply_to_request(&self, head: &mut RequestHeader) -> Result<()> {
        fields::of_request(head, |fields| self.apply(fields))
    }

    /// Edits a response.
    pub fn apply_to_response(&self, head: &mut Parts) -> Result<()> {
        self.apply(&mut head.headers)
    }

    fn apply(&self, fields: &mut HeaderMap) -> Result<()> {
        self.remove.iter().for_each(|name| drop(fields.remove(name)));
        for (name, value) in &self.set {
            fields.try_insert(name.clone(), value.clone()).or_err(ErrorType::InvalidHTTPHeader, TOO_MANY)?;
        }
        for (name, value) in &self.add {
            fields.try_append(name.clone(), value.clone()).or_err(ErrorType::InvalidHTTPHeader, TOO_MANY)?;
        }
        Ok(())
    }
}

fn name(text: &str) -> Result<HeaderName, String> {
    HeaderName::from_bytes(text.as_bytes()).map_err(|_| format!("headers: '{text}' is no header name"))
}

fn value(header: &str, text: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_str(text).map_err(|_| format!("headers: the value of '{header}' is no header value"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remove_then_set_then_add() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let ops = HeaderOps::new(&model::HeaderOps {
            remove: vec!["server".into(), "x-gone".into()],
            set: vec![pair("server", "lockgate"), pair("x-one", "1")],
            add: vec![pair("x-one", "2")],
        })
        .unwrap();
        let mut head = fields::no_response();
        head.headers.append("server", HeaderValue::from_static("origin"));
        head.headers.append("x-one", HeaderValue::from_static("0"));
        ops.apply_to_response(&mut head).unwrap();
        assert_eq!(head.headers.get_all("server").iter().collect::<Vec<_>>(), ["lockgate"]);
        assert_eq!(head.headers.get_all("x-one").iter().collect::<Vec<_>>(), ["1", "2"]);
        assert!(HeaderOps::new(&model::HeaderOps { remove: vec!["a b".into()], ..Default::default() }).is_err());
    }
}
