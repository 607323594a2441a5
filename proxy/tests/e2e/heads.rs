//! What never becomes a request: late heads, broken heads, connections too many. Told, counted, logged.
use crate::harness::{Answer, Client, Gateway};
use std::io::Write;
use std::time::Duration;

fn gateway(settings: &str) -> Gateway {
    Gateway::start(&format!(
        "routes: [{{ match: {{ path: \"/*\" }}, static: {{ dir: . }} }}]\naccess_log: {{ file: access.log }}\n{settings}"
    ))
}

/// The answer names its request, ends the connection, and stands in the log.
fn is_told_and_logged(gateway: &Gateway, client: &mut Client, answer: &Answer, status: u16, reason: &str) {
    assert_eq!((answer.status, answer.header("connection")), (status, Some("close")), "{answer:?}");
    let id = answer.header("x-request-id").expect("a request id");
    assert!(answer.text().contains(id) && answer.header("date").is_some(), "{answer:?}");
    assert!(client.is_closed());
    let log = gateway.dir.path().join("access.log");
    let line = format!("method=- target=- status={status} bytes={} ", answer.body.len());
    gateway.wait_for("the log line", || {
        let log = std::fs::read_to_string(&log).unwrap_or_default();
        log.lines().any(|text| text.contains(&line) && text.ends_with(&format!("id={id} error={reason}")))
    });
}

#[test]
fn a_head_that_drips_is_408() {
    let gateway = gateway("head_timeout: 500ms");
    let mut client = gateway.client();
    // Whole heads on the same connection start the time anew.
    assert_eq!(client.request("GET", "/lockgate.yaml", &[], "").status, 200);
    let mut drip = client.stream().try_clone().unwrap();
    let dripping = std::thread::spawn(move || {
        let _ = drip.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-a: ");
        for _ in 0..600 {
            if drip.write_all(b"a").is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    let answer = client.answer(false);
    is_told_and_logged(&gateway, &mut client, &answer, 408, "client_timeout");
    drop(client);
    dripping.join().unwrap();
    gateway.expect_metric("lockgate_failures_total{reason=\"client_timeout\"}", 1.0);
    gateway.expect_metric("lockgate_requests_total{route=\"-\",class=\"4xx\"}", 1.0);
}

#[test]
fn a_head_that_stops_is_408_at_the_keep_alive_time() {
    let gateway = gateway("keep_alive: 1s\nhead_timeout: 10m");
    let mut client = gateway.client();
    client.send("GET / HTTP/1.1\r\nhost:");
    let answer = client.answer(false);
    is_told_and_logged(&gateway, &mut client, &answer, 408, "client_timeout");
}

#[test]
fn a_head_in_pieces_is_served() {
    let gateway = gateway("head_timeout: 10m");
    let mut client = gateway.client();
    for piece in ["GET /lockgate", ".yaml HTTP/1.1\r\nho", "st: x\r", "\n\r\n"] {
        client.send(piece);
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(client.answer(false).status, 200);
    assert_eq!(client.request("GET", "/lockgate.yaml", &[], "").status, 200);
}

#[test]
fn a_broken_head_is_answered_by_the_gateway_itself() {
    let gateway = gateway("");
    for (wire, status, reason) in [
        ("GARBAGE\r\n\r\n", 400, "bad_request"),
        ("\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}", 400, "bad_request"),
        ("GET / HTTP/1.1\r\nhost: x\r\nbad header: 1\r\n\r\n", 400, "bad_request"),
        ("CONNECT x:1 HTTP/1.1\r\nhost: x:1\r\n\r\n", 405, "method_not_allowed"),
    ] {
        let mut client = gateway.client();
        client.send(wire);
        let answer = client.answer(false);
        is_told_and_logged(&gateway, &mut client, &answer, status, reason);
    }
    // One that follows a good request, in the same segment.
    let mut client = gateway.client();
    client.send("GET /lockgate.yaml HTTP/1.1\r\nhost: x\r\n\r\nGARBAGE\r\n\r\n");
    assert_eq!(client.answer(false).status, 200);
    assert_eq!(client.answer(false).status, 400);
    gateway.expect_metric("lockgate_failures_total{reason=\"bad_request\"}", 4.0);
}

#[test]
fn a_client_that_leaves_amid_its_head_is_no_failure() {
    let gateway = gateway("");
    let mut client = gateway.client();
    client.send("GET / HTTP/1.1\r\n");
    drop(client);
    gateway.expect_metric("lockgate_connections_total", 1.0);
    gateway.expect_metric("lockgate_connections_open", 0.0);
    assert!(!gateway.metrics().contains("lockgate_failures_total{"), "{}", gateway.metrics());
}

#[test]
fn a_connection_too_many_is_503() {
    let gateway = gateway("max_connections: 2");
    let mut kept = [gateway.client(), gateway.client()];
    for client in &mut kept {
        assert_eq!(client.request("GET", "/lockgate.yaml", &[], "").status, 200);
    }
    let mut third = gateway.client();
    third.send("GET /lockgate.yaml HTTP/1.1\r\nhost: x\r\n\r\n");
    let answer = third.answer(false);
    assert_eq!(answer.header("retry-after"), Some("1"));
    is_told_and_logged(&gateway, &mut third, &answer, 503, "connection_limit");
    drop(third);
    gateway.expect_metric("lockgate_connections_refused_total", 1.0);
    gateway.expect_metric("lockgate_failures_total{reason=\"connection_limit\"}", 1.0);
    let [first, mut second] = kept;
    drop(first);
    gateway.expect_metric("lockgate_connections_open", 1.0);
    assert_eq!(gateway.get("/lockgate.yaml").status, 200);
    // A reload moves the limit for connections to come.
    gateway.reload("routes: [{ match: { path: \"/*\" }, static: { dir: . } }]\nmax_connections: 1");
    gateway.expect_metric("lockgate_connections_open", 1.0);
    assert_eq!(gateway.get("/lockgate.yaml").status, 503);
    assert_eq!(second.request("GET", "/lockgate.yaml", &[], "").status, 200);
}
