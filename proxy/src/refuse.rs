//! Answers to what never became a request: no head, a broken one, a late one, or a connection too many.
use crate::access_log::Line;
use crate::failure::FailureKind;
use crate::request::{Shared, UNROUTED};
use crate::request_id::RequestId;
use crate::respond;
use crate::stream::ClientSocket;
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime};

/// How long a client may take to take its refusal.
const PATIENCE: Duration = Duration::from_secs(1);

/// Answers, counts and logs. The connection is closed by the caller.
pub async fn refuse(shared: &Shared, socket: &ClientSocket, client: SocketAddr, kind: FailureKind) {
    let started = Instant::now();
    let id = RequestId::next();
    let (head, body) = text(kind, &id);
    let sent = tokio::time::timeout(PATIENCE, socket.answer(format!("{head}{body}").as_bytes())).await;
    let bytes = if matches!(sent, Ok(Ok(()))) { body.len() } else { 0 };
    let took = started.elapsed();
    shared.unrouted.finished(kind.status(), took);
    shared.metrics.failed(kind);
    shared.log.write(&Line {
        time: SystemTime::now(),
        client: Some(client),
        method: "",
        target: b"",
        status: kind.status(),
        bytes,
        took,
        route: UNROUTED,
        upstream: "",
        request_id: id.as_str(),
        error: Some(kind.reason()),
        detail: None,
    });
}

/// Head and body of the answer.
fn text(kind: FailureKind, id: &RequestId) -> (String, String) {
    let body = respond::failure_json(kind, id);
    let more = match kind {
        FailureKind::TooManyConnections => "retry-after: 1\r\n",
        // The only method that Pingora refuses itself is CONNECT, which no route takes.
        FailureKind::MethodNotAllowed => "allow: \r\n",
        _ => "",
    };
    let head = format!(
        "HTTP/1.1 {} {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\ncache-control: no-store\r\n{more}\
         {}: {id}\r\ndate: {}\r\nconnection: close\r\n\r\n",
        kind.status(),
        respond::words(kind),
        body.len(),
        respond::REQUEST_ID,
        httpdate::fmt_http_date(SystemTime::now()),
    );
    (head, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_a_whole_response() {
        let id = RequestId::next();
        let (head, body) = text(FailureKind::ClientTimeout, &id);
        assert!(head.starts_with("HTTP/1.1 408 Request Timeout\r\n") && head.ends_with("connection: close\r\n\r\n"));
        assert!(head.contains(&format!("content-length: {}\r\nc", body.len())));
        assert_eq!(body, format!("{{\"error\":\"Request Timeout\",\"status\":408,\"request_id\":\"{id}\"}}\n"));
    }
}
