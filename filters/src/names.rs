//! Strings that the web classes mention often: interned when the image is booted, found by number.
use lockgate_engine::heap::layout::Kind;
use lockgate_engine::runtime::Rt;
use lockgate_engine::value::{Ref, Value};

macro_rules! names {
    ($($name:ident = $text:expr,)*) => {
        /// A string of the embedding.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u32)]
        #[allow(missing_docs, reason = "the text beside each is its documentation")]
        pub enum Name { $($name),* }

        const TEXTS: &[&str] = &[$($text),*];
    };
}

names! {
    // Methods.
    Get = "GET", Head = "HEAD", Post = "POST", Put = "PUT", Delete = "DELETE", Options = "OPTIONS", Patch = "PATCH",
    // Header names: those of the seed's list and a few more.
    ContentType = "content-type", ContentLength = "content-length", Accept = "accept", Host = "host",
    UserAgent = "user-agent", Authorization = "authorization", CacheControl = "cache-control", Connection = "connection",
    AcceptEncoding = "accept-encoding", Cookie = "cookie", XForwardedFor = "x-forwarded-for",
    XRequestId = "x-request-id", ContentEncoding = "content-encoding", TransferEncoding = "transfer-encoding",
    IfModifiedSince = "if-modified-since", IfNoneMatch = "if-none-match", Etag = "etag", LastModified = "last-modified",
    Vary = "vary", Origin = "origin", AllowOrigin = "access-control-allow-origin",
    AllowMethods = "access-control-allow-methods", AllowHeaders = "access-control-allow-headers",
    AllowCredentials = "access-control-allow-credentials", MaxAge = "access-control-max-age", Expires = "expires",
    Pragma = "pragma", SetCookie = "set-cookie", Location = "location", XForwardedProto = "x-forwarded-proto",
    AcceptLanguage = "accept-language", Referer = "referer", Range = "range", Server = "server", Date = "date",
    // Content types.
    Json = "application/json", PlainText = "text/plain; charset=utf-8", Html = "text/html; charset=utf-8",
    BodyText = "text/plain;charset=UTF-8", Form = "application/x-www-form-urlencoded;charset=UTF-8",
    // Words.
    Status = "status", StatusText = "statusText", Headers = "headers", Body = "body", Method = "method", Url = "url",
    Signal = "signal", Redirect = "redirect", Params = "params", Fetch = "fetch", Handler = "handler",
    OnRequest = "onRequest", OnResponse = "onResponse", OnLog = "onLog", Tag = "tag", Props = "props",
    Children = "children", Ok = "ok", Fatal = "fatal", IgnoreBom = "ignoreBOM", Stream = "stream", Reason = "reason",
    InnerHtml = "dangerouslySetInnerHTML", RawHtml = "__html", Type = "type", Once = "once", Aborted = "aborted",
    HandleEvent = "handleEvent", OnAbort = "onabort", Bubbles = "bubbles", Cancelable = "cancelable",
    DefaultType = "default", Basic = "basic", Error = "error", Read = "read", Written = "written", Base = "base",
    Ok200 = "OK", Path = "path", Detail = "detail",
}

/// Words of the embedding's table behind the names: shapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum ShapeOf {
    /// Responses with the intrinsic prototype.
    Response,
    /// Headers.
    Headers,
    /// Requests.
    Request,
    /// The seed's request: method, url, path, headers, body, params.
    SeedRequest,
    /// The seed's headers: a plain object that answers `get()`.
    SeedHeaders,
    /// JSX nodes: tag, props, children.
    Node,
    /// The fragment marker.
    Fragment,
    /// Contexts.
    Context,
}

const SHAPES: u32 = 8;

/// Makes the table: names interned, shape words empty.
pub fn install(rt: &Rt) {
    let table = rt.alloc_words_filled(Kind::Words, TEXTS.len() as u32 + SHAPES, Value::UNDEFINED);
    for (i, text) in TEXTS.iter().enumerate() {
        rt.init_word(table, i as u32, Value::string(rt.intern_str(text)));
    }
    rt.ctx().realm.embedding.set(table);
}

/// The atom of a name.
#[inline]
pub fn atom(rt: &Rt, name: Name) -> Ref {
    rt.word(rt.ctx().realm.embedding.get(), name as u32).as_ref()
}

/// The same as a value.
#[inline]
pub fn word(rt: &Rt, name: Name) -> Value {
    rt.word(rt.ctx().realm.embedding.get(), name as u32)
}

/// A prepared shape.
#[inline]
pub fn shape(rt: &Rt, which: ShapeOf) -> Ref {
    rt.word(rt.ctx().realm.embedding.get(), TEXTS.len() as u32 + which as u32).as_ref()
}

/// Keeps a prepared shape (or marker object).
pub fn set_shape(rt: &Rt, which: ShapeOf, v: Value) {
    rt.put_word(rt.ctx().realm.embedding.get(), TEXTS.len() as u32 + which as u32, v);
}

/// The value of a prepared word.
pub fn prepared(rt: &Rt, which: ShapeOf) -> Value {
    rt.word(rt.ctx().realm.embedding.get(), TEXTS.len() as u32 + which as u32)
}
