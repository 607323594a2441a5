//! Everything that can go wrong with a request: what the client is told, how the log and the counters call it.
use http::StatusCode;
use pingora::{Error, ErrorSource, ErrorType};
use std::fmt;

/// Who has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The request cannot be served as it is.
    Client,
    /// An origin is dead, slow or broken.
    Upstream,
    /// A script of the configuration.
    Script,
    /// Lockgate itself or its machine.
    Gateway,
}

macro_rules! failures {
    ($($(#[$doc:meta])+ $kind:ident: $status:literal, $reason:literal, $source:ident;)+) => {
        /// The kinds of failure: one row each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum FailureKind { $($(#[$doc])+ $kind,)+ }

        impl FailureKind {
            /// All kinds, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$kind,)+];

            /// What the client is told; 499 stands in the log for a client that did not wait.
            pub const fn status(self) -> u16 {
                match self { $(Self::$kind => $status,)+ }
            }

            /// The name in log and metrics.
            pub const fn reason(self) -> &'static str {
                match self { $(Self::$kind => $reason,)+ }
            }

            /// Who has to act.
            pub const fn source(self) -> Source {
                match self { $(Self::$kind => Source::$source,)+ }
            }
        }
    };
}

failures! {
    /// The request is malformed.
    BadRequest: 400, "bad_request", Client;
    /// No route matches host and path.
    NoRoute: 404, "no_route", Client;
    /// No such file, or one that is not served (outside the directory, hidden, not a file).
    NoFile: 404, "no_file", Client;
    /// The path matches routes, the method none of them.
    MethodNotAllowed: 405, "method_not_allowed", Client;
    /// The request body is larger than the route accepts.
    BodyTooLarge: 413, "body_too_large", Client;
    /// None of the asked ranges lies in the file.
    RangeNotSatisfiable: 416, "range_not_satisfiable", Client;
    /// The client left before its answer was complete.
    ClientGone: 499, "client_gone", Client;
    /// The client was too slow to send its request or take its answer.
    ClientTimeout: 408, "client_timeout", Client;
    /// The origin refused the connection.
    UpstreamRefused: 502, "upstream_refused", Upstream;
    /// The origin cannot be reached.
    UpstreamUnreachable: 502, "upstream_unreachable", Upstream;
    /// The origin's host name has no address.
    UpstreamUnresolved: 502, "upstream_unresolved", Upstream;
    /// No TLS with the origin.
    UpstreamTls: 502, "upstream_tls", Upstream;
    /// The origin closed the connection before its response was complete.
    UpstreamClosed: 502, "upstream_closed", Upstream;
    /// The origin's response is not HTTP.
    UpstreamInvalid: 502, "upstream_invalid", Upstream;
    /// The origin did not accept the connection in time.
    UpstreamConnectTimeout: 504, "upstream_connect_timeout", Upstream;
    /// The origin was silent for too long.
    UpstreamReadTimeout: 504, "upstream_read_timeout", Upstream;
    /// The origin did not take the request in time.
    UpstreamWriteTimeout: 504, "upstream_write_timeout", Upstream;
    /// The script threw.
    ScriptThrew: 500, "script_threw", Script;
    /// The script ran over its memory limit.
    ScriptMemory: 500, "script_memory", Script;
    /// The script ran over its CPU time.
    ScriptDeadline: 504, "script_deadline", Script;
    /// The script did not answer within its wall time.
    ScriptWall: 504, "script_wall", Script;
    /// No runtime was free in time.
    ScriptQueue: 503, "script_queue", Script;
    /// As many client connections are open as may be.
    TooManyConnections: 503, "connection_limit", Gateway;
    /// A file could not be read.
    FileUnreadable: 500, "file_unreadable", Gateway;
    /// A fault of the gateway.
    Internal: 500, "internal", Gateway;
}

/// A failed request.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What happened.
    pub kind: FailureKind,
    /// More for the log; never shown to the client.
    pub detail: Option<String>,
}

impl Failure {
    /// A failure with what the log should say beyond the kind.
    pub fn because(kind: FailureKind, detail: impl fmt::Display) -> Self {
        Self { kind, detail: Some(detail.to_string()) }
    }

    /// Classifies an error of Pingora.
    pub fn from_pingora(error: &Error) -> Self {
        use FailureKind as K;
        let kind = match (error.esource(), error.etype()) {
            (_, ErrorType::ConnectTimedout | ErrorType::TLSHandshakeTimedout) => K::UpstreamConnectTimeout,
            (_, ErrorType::ConnectRefused) => K::UpstreamRefused,
            (
                _,
                ErrorType::ConnectNoRoute | ErrorType::ConnectError | ErrorType::BindError | ErrorType::SocketError,
            ) => K::UpstreamUnreachable,
            (_, ErrorType::TLSHandshakeFailure | ErrorType::InvalidCert | ErrorType::HandshakeError) => K::UpstreamTls,
            (ErrorSource::Upstream, ErrorType::ReadTimedout) => K::UpstreamReadTimeout,
            (ErrorSource::Upstream, ErrorType::WriteTimedout) => K::UpstreamWriteTimeout,
            (ErrorSource::Upstream, ErrorType::ReadError | ErrorType::WriteError | ErrorType::ConnectionClosed) => {
                K::UpstreamClosed
            }
            (ErrorSource::Upstream, _) => K::UpstreamInvalid,
            (ErrorSource::Downstream, ErrorType::WriteError) if is_late(error) => K::ClientTimeout,
            (ErrorSource::Downstream, ErrorType::ReadError | ErrorType::WriteError | ErrorType::ConnectionClosed) => {
                K::ClientGone
            }
            (ErrorSource::Downstream, ErrorType::ReadTimedout | ErrorType::WriteTimedout) => K::ClientTimeout,
            (ErrorSource::Downstream, _) => K::BadRequest,
            _ => K::Internal,
        };
        Self::because(kind, error)
    }

    /// Whether a script or the gateway is at fault, so that somebody has to mend something here.
    pub fn is_ours(&self) -> bool {
        matches!(self.kind.source(), Source::Script | Source::Gateway)
    }

    /// The status the client gets.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Whether the socket itself gave up waiting.
pub fn is_late(error: &Error) -> bool {
    let cause = error.root_cause().downcast_ref::<std::io::Error>();
    cause.is_some_and(|cause| cause.kind() == std::io::ErrorKind::TimedOut)
}

impl From<FailureKind> for Failure {
    fn from(kind: FailureKind) -> Self {
        Self { kind, detail: None }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.detail {
            Some(detail) => write!(f, "{}: {detail}", self.kind.reason()),
            None => f.write_str(self.kind.reason()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_unique_and_statuses_are_errors() {
        let mut reasons: Vec<_> = FailureKind::ALL.iter().map(|kind| kind.reason()).collect();
        reasons.sort_unstable();
        reasons.dedup();
        assert_eq!(reasons.len(), FailureKind::ALL.len());
        assert!(FailureKind::ALL.iter().all(|kind| (400..600).contains(&kind.status())));
    }
}
