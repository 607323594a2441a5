//! `upstream` routes and the `headers` filter.
use crate::harness::{Gateway, Origin, free_port, ok};
use std::io::Write;
use std::time::{Duration, Instant};

fn behind(servers: &[String], more: &str) -> Gateway {
    behind_slow(servers, more, "20s")
}

/// The same with so much patience for a silent origin.
fn behind_slow(servers: &[String], more: &str, read: &str) -> Gateway {
    let servers: Vec<_> = servers.iter().map(|server| format!("\"{server}\"")).collect();
    Gateway::start(&format!(
        "upstreams: {{ o: {{ servers: [{}], timeouts: {{ connect: 10s, read: {read} }} }} }}\n\
         access_log: {{ file: access.log }}\n\
         routes: [{{ match: {{ path: \"/*\" }}, upstream: o{more} }}]",
        servers.join(", ")
    ))
}

fn log(gateway: &Gateway) -> String {
    std::fs::read_to_string(gateway.dir.path().join("access.log")).unwrap_or_default()
}

#[test]
fn bodies_pass_in_both_directions() {
    let origin = Origin::start(|request, stream| {
        let _ = write!(stream, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        for chunk in request.body.chunks(70_000) {
            let _ = write!(stream, "{:x}\r\n", chunk.len());
            let _ = stream.write_all(chunk);
            let _ = stream.write_all(b"\r\n");
        }
        let _ = stream.write_all(b"0\r\n\r\n");
    });
    let gateway = behind(&[origin.address.to_string()], "");
    let body: String = (0..100_000).map(|number| format!("{number:05} ")).collect();
    let mut client = gateway.client();
    assert_eq!(client.request("POST", "/up", &[], &body).text(), body);
    let mut wire = b"POST /chunked HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for chunk in body.as_bytes().chunks(9_999) {
        wire.extend(format!("{:x}\r\n", chunk.len()).bytes());
        wire.extend(chunk);
        wire.extend(b"\r\n");
    }
    wire.extend(b"0\r\n\r\n");
    client.send(wire);
    assert_eq!(client.answer(false).text(), body);
    assert_eq!(origin.last().body, body.as_bytes());
}

#[test]
fn the_origin_gets_the_target_as_received_and_who_asked() {
    let origin = Origin::echo();
    let gateway = behind(&[origin.address.to_string()], "");
    let target = "/a/./b/../%7Euser/%2e%2E/c%2Fd?x=%20&y";
    let answer = gateway.request("GET", target, &[("host", "shop.example"), ("x-forwarded-for", "10.0.0.1")], "");
    let received = origin.last();
    assert_eq!((received.target.as_str(), received.headers["host"].as_str()), (target, "shop.example"));
    assert_eq!(received.headers["x-forwarded-for"], "10.0.0.1, 127.0.0.1");
    assert_eq!(received.headers["x-forwarded-proto"], "http");
    assert_eq!(Some(received.headers["x-request-id"].as_str()), answer.header("x-request-id"));
    assert_eq!(answer.header("x-origin"), Some("yes"));
}

#[test]
fn connections_to_the_origin_are_reused_and_origins_take_turns() {
    let (one, two) = (Origin::echo(), Origin::echo());
    let gateway = behind(&[one.address.to_string(), two.address.to_string()], "");
    for _ in 0..10 {
        assert_eq!(gateway.get("/").status, 200);
    }
    assert_eq!((one.count(), two.count()), (5, 5));
}

#[test]
fn a_dead_origin_is_502_with_its_reason_in_the_log() {
    let gateway = behind(&[format!("127.0.0.1:{}", free_port())], "");
    let answer = gateway.request("POST", "/x", &[("accept", "application/json")], "body");
    let id = answer.header("x-request-id").unwrap().to_owned();
    assert_eq!(answer.status, 502);
    assert_eq!(answer.text(), format!("{{\"error\":\"Bad Gateway\",\"status\":502,\"request_id\":\"{id}\"}}\n"));
    gateway.wait_for("the log line", || log(&gateway).contains(&id));
    let log = log(&gateway);
    assert!(
        log.contains("status=502") && log.contains("error=upstream_refused") && log.contains("upstream=\"o 127"),
        "{log}"
    );
    gateway.expect_metric("lockgate_upstream_errors_total{upstream=\"o\",reason=\"upstream_refused\"}", 1.0);
    let page = gateway.request("GET", "/x", &[("accept", "text/html,*/*")], "");
    assert!(page.text().starts_with("502 Bad Gateway\nrequest id: "));
}

#[test]
fn the_next_origin_is_tried_when_one_is_dead() {
    let origin = Origin::echo();
    let gateway = behind(&[format!("127.0.0.1:{}", free_port()), origin.address.to_string()], "");
    for _ in 0..6 {
        assert_eq!(gateway.request("POST", "/x", &[], "body").text(), "POST /x body");
    }
    gateway.expect_metric("lockgate_failures_total{reason=\"upstream_refused\"}", 0.0);
    assert!(gateway.metric("lockgate_upstream_errors_total{upstream=\"o\",reason=\"upstream_refused\"}") >= 3.0);
}

/// When the slow origin answers: long after the gateway's time.
const LATE: Duration = Duration::from_secs(15);

#[test]
fn a_slow_origin_is_504_and_is_not_asked_twice() {
    let slow = || {
        Origin::start(|_, stream| {
            std::thread::sleep(LATE);
            ok(stream, "late");
        })
    };
    let (one, two) = (slow(), slow());
    let gateway = behind_slow(&[one.address.to_string(), two.address.to_string()], "", "500ms");
    let started = Instant::now();
    assert_eq!(gateway.get("/slow").status, 504);
    assert!((Duration::from_millis(400)..LATE).contains(&started.elapsed()));
    assert_eq!(one.count() + two.count(), 1);
    gateway.wait_for("the log line", || log(&gateway).contains("error=upstream_read_timeout"));
}

#[test]
fn an_origin_that_breaks_off_is_502_before_its_head_and_a_cut_after() {
    let origin = Origin::start(|request, stream| {
        if request.target == "/half" {
            let _ = write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf");
        } else if request.target == "/junk" {
            let _ = write!(stream, "SSH-2.0-OpenSSH\r\n\r\n");
        }
        let _ = stream.shutdown(std::net::Shutdown::Both);
    });
    let gateway = behind(&[origin.address.to_string()], "");
    assert_eq!(gateway.get("/none").status, 502);
    assert_eq!(gateway.get("/junk").status, 502);
    let mut client = gateway.client();
    client.send("GET /half HTTP/1.1\r\nhost: x\r\n\r\n");
    assert!(client.try_answer(false).is_none());
    gateway.wait_for("the log lines", || log(&gateway).lines().count() == 3);
    let log = log(&gateway);
    assert_eq!(log.matches("error=upstream_closed").count(), 2, "{log}");
    assert!(log.contains("error=upstream_invalid"), "{log}");
}

#[test]
fn header_edits_on_the_way_in_and_back() {
    let origin = Origin::echo();
    let gateway = behind(
        &[origin.address.to_string()],
        ", filters: [{ headers: { request: { remove: [x-secret], set: { x-team: edge } }, \
         response: { remove: [x-origin], set: { x-frame-options: DENY }, add: { vary: accept } } } }]",
    );
    let answer = gateway.request("GET", "/", &[("x-secret", "1"), ("x-team", "client")], "");
    assert_eq!((answer.header("x-frame-options"), answer.header("x-origin")), (Some("DENY"), None));
    assert_eq!(answer.header("vary"), Some("accept"));
    let received = origin.last();
    assert_eq!((received.headers.get("x-secret"), received.headers["x-team"].as_str()), (None, "edge"));
}

#[test]
fn a_failure_shows_neither_path_nor_cause() {
    let gateway = behind(&["no-such-host.invalid:80".into()], "");
    let answer = gateway.get("/");
    assert_eq!(answer.status, 502);
    assert!(!answer.text().contains("invalid"));
    gateway
        .wait_for("the log line", || log(&gateway).contains("error=upstream_unresolved detail=no-such-host.invalid"));
}

#[test]
fn a_web_socket_passes() {
    let origin = Origin::start(|_, stream| {
        let _ = write!(
            stream,
            "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nhello"
        );
        let _ = stream.shutdown(std::net::Shutdown::Write);
    });
    let gateway = behind(&[origin.address.to_string()], "");
    let mut client = gateway.client();
    client.send("GET /ws HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
    let answer = client.answer(true);
    assert_eq!(answer.status, 101);
    assert_eq!(client.take(5), b"hello");
}
