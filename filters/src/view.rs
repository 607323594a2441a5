//! How scripts see the request in a gateway's hands: read when asked, written through at once.
//!
//! The view is bound for the length of a step and never kept across one; between steps a script holds nothing of it.
use lockgate_engine::runtime::Rt;
use lockgate_engine::value::JsResult;
use scoped_tls_hkt::scoped_thread_local;
use std::net::IpAddr;

/// Which of the two heads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Head {
    /// The client's request.
    Request,
    /// The response on its way to the client (`onResponse`, `onLog`).
    Response,
}

/// A request (and later its response) in a gateway's hands.
pub trait HostView {
    /// Method as received or rewritten.
    fn method(&self) -> &str;
    /// Path and query as received or rewritten.
    fn target(&self) -> &[u8];
    /// `http` or `https`.
    fn scheme(&self) -> &str;
    /// Host and port the client asked for; empty if it named none.
    fn authority(&self) -> &[u8];
    /// The client's address.
    fn client(&self) -> Option<IpAddr>;
    /// The route's parameters in pattern order, still percent-encoded.
    fn params(&self, each: &mut dyn FnMut(&str, &[u8]));
    /// The request's body, read to its end before a handler starts; `None`: the request has none.
    fn body(&self) -> Option<&[u8]>;
    /// Every value of a header; `name` is lower case.
    fn header(&self, head: Head, name: &str, each: &mut dyn FnMut(&[u8]));
    /// All headers in order; names in any case.
    fn headers(&self, head: Head, each: &mut dyn FnMut(&[u8], &[u8]));
    /// Puts one value in place of all.
    ///
    /// # Errors
    /// Why the gateway will not.
    fn set_header(&mut self, head: Head, name: &str, value: &[u8]) -> Result<(), &'static str>;
    /// Adds a value.
    ///
    /// # Errors
    /// Why the gateway will not.
    fn append_header(&mut self, head: Head, name: &str, value: &[u8]) -> Result<(), &'static str>;
    /// Removes all values.
    fn remove_header(&mut self, head: Head, name: &str);
    /// Rewrites the method.
    ///
    /// # Errors
    /// It is no method.
    fn set_method(&mut self, method: &str) -> Result<(), &'static str>;
    /// Rewrites path and query.
    ///
    /// # Errors
    /// It is no target.
    fn set_target(&mut self, target: &str) -> Result<(), &'static str>;
    /// Chooses the upstream; false: there is none of this name.
    fn set_upstream(&mut self, name: &str) -> bool;
    /// Status of the response.
    fn status(&self) -> u16;
    /// Changes the status of the response.
    fn set_status(&mut self, status: u16);
    /// An answer begins: its status. Its headers follow by [`HostView::reply_header`].
    fn begin_reply(&mut self, status: u16);
    /// One header of the answer; name and value were checked, the name is lower case.
    fn reply_header(&mut self, name: &[u8], value: &[u8]);
}

scoped_thread_local!(static mut VIEW: for<'a> &'a mut (dyn HostView + 'a));

/// Runs `f` with `view` as the current request.
pub fn bind<R>(view: &mut dyn HostView, f: impl FnOnce() -> R) -> R {
    VIEW.set(view, f)
}

/// Runs `f` on the current request, if there is one.
pub fn try_with<R>(f: impl FnOnce(&mut dyn HostView) -> R) -> Option<R> {
    VIEW.is_set().then(|| VIEW.with(f))
}

/// Runs `f` on the current request. TypeError outside of one (while an image boots, in `exec`).
pub fn with<R>(rt: &mut Rt, f: impl FnOnce(&mut dyn HostView) -> R) -> JsResult<R> {
    try_with(f).ok_or_else(|| rt.throw_type("there is no request here"))
}
