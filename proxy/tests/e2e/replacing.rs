//! `onResponse` that returns a response of its own, before every kind of origin response.
use crate::harness::{Dir, Gateway, Origin, Received, ok};
use std::io::Write;
use std::net::TcpStream;

/// Origin responses by path, with and without a body.
fn respond(request: &Received, stream: &mut TcpStream) {
    let path = request.target.split('?').next().unwrap_or_default();
    let wire: &[u8] = match path {
        _ if request.method == "HEAD" => b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n",
        "/none" => b"HTTP/1.1 204 No Content\r\n\r\n",
        "/same" => b"HTTP/1.1 304 Not Modified\r\netag: \"1\"\r\n\r\n",
        "/empty" => b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        "/chunks" => b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n",
        "/big" => return ok(stream, &"x".repeat(1 << 20)),
        _ => return ok(stream, "plain"),
    };
    let _ = stream.write_all(wire);
}

const FILTER: &str = "
export function onRequest(request, ctx) { ctx.state.how = new URL(request.url).searchParams.get('how'); }
export function onResponse(response, ctx) {
  switch (ctx.state.how) {
    case 'text': return new Response('instead of ' + response.status, { status: 418, headers: { 'x-made': 'yes' } });
    case 'none': return new Response(null, { status: 204, headers: { 'x-made': 'yes' } });
    case 'blank': return new Response('', { headers: { 'x-made': 'yes' } });
    case 'throw': throw new Error('on the way back');
    case 'loop': for (;;);
  }
}";

fn gateway(origin: &Origin) -> Gateway {
    let dir = Dir::new();
    dir.write("filter.js", FILTER);
    Gateway::start_in(
        dir,
        &format!(
            "upstreams: {{ o: {{ servers: [\"{}\"] }} }}\naccess_log: {{ file: access.log }}\n\
             routes: [{{ match: {{ path: \"/*\" }}, filters: [{{ headers: {{ response: {{ set: {{ x-outer: seen }} }} }} }}, \
             {{ script: filter.js, limits: {{ cpu: 50ms }} }}], upstream: o }}]",
            origin.address
        ),
    )
}

const PATHS: [&str; 6] = ["/plain", "/none", "/same", "/empty", "/chunks", "/big"];

#[test]
fn a_response_takes_the_place_of_any_other() {
    let origin = Origin::start(respond);
    let gateway = gateway(&origin);
    let mut client = gateway.client();
    for (how, status, length) in [("text", 418, Some("14")), ("none", 204, None), ("blank", 200, Some("0"))] {
        for path in PATHS {
            for method in ["GET", "HEAD"] {
                let what = format!("{method} {path}?how={how}");
                let answer = client.request(method, &format!("{path}?how={how}"), &[("if-none-match", "\"1\"")], "");
                assert_eq!((answer.status, answer.header("x-made")), (status, Some("yes")), "{what}: {answer:?}");
                assert_eq!(answer.header("x-outer"), Some("seen"), "{what}: {answer:?}");
                assert_eq!(
                    (answer.header("content-length"), answer.header("etag")),
                    (length, None),
                    "{what}: {answer:?}"
                );
                assert!(answer.header("x-request-id").is_some(), "{what}: {answer:?}");
                if how == "text" && method == "GET" {
                    assert!(answer.text().starts_with("instead of "), "{what}: {answer:?}");
                } else {
                    assert!(answer.body.is_empty(), "{what}: {answer:?}");
                }
                if answer.header("connection") == Some("close") {
                    assert!(client.is_closed(), "{what}");
                    client = gateway.client();
                }
            }
        }
    }
    assert_eq!(client.request("GET", "/plain", &[], "").text(), "plain");
    assert_eq!(client.request("GET", "/chunks", &[], "").text(), "onetwo");
    assert!(!gateway.metrics().contains("lockgate_failures_total{"), "{}", gateway.metrics());
    assert!(!gateway.metrics().contains("lockgate_upstream_errors_total{"), "{}", gateway.metrics());
    gateway.expect_metric("lockgate_runtimes_in_use", 0.0);
    let log = std::fs::read_to_string(gateway.dir.path().join("access.log")).unwrap_or_default();
    assert!(!log.contains("error="), "{log}");
}

#[test]
fn a_hook_that_fails_on_the_way_back_is_called_by_its_name() {
    let origin = Origin::start(respond);
    let gateway = gateway(&origin);
    for (how, status, reason) in [("throw", 500, "script_threw"), ("loop", 504, "script_deadline")] {
        for path in PATHS {
            let answer = gateway.get(&format!("{path}?how={how}"));
            assert_eq!((answer.status, answer.header("x-outer")), (status, Some("seen")), "{path}: {answer:?}");
        }
        gateway.expect_metric(&format!("lockgate_failures_total{{reason=\"{reason}\"}}"), PATHS.len() as f64);
    }
    gateway.wait_for("the log", || {
        let log = std::fs::read_to_string(gateway.dir.path().join("access.log")).unwrap_or_default();
        log.matches("error=script_threw").count() == PATHS.len() && log.contains("filter.js:")
    });
    assert!(!gateway.metrics().contains("lockgate_upstream_errors_total{"), "{}", gateway.metrics());
}
