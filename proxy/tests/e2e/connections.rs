//! Keep-alive, pipelining, unread bodies, clients that leave.
use crate::harness::{Gateway, Origin, PATIENCE, ok};
use std::io::Read;
use std::time::{Duration, Instant};

fn files() -> Gateway {
    let gateway = Gateway::start("routes: [{ match: { path: \"/*\" }, static: { dir: . } }]\nkeep_alive: 20s");
    gateway.dir.write("a.txt", "alpha");
    gateway.dir.write("b.txt", "beta");
    gateway.dir.write("big.bin", vec![b'x'; 1 << 20]);
    gateway
}

#[test]
fn a_connection_serves_many_requests() {
    let gateway = files();
    let mut client = gateway.client();
    for _ in 0..50 {
        let answer = client.request("GET", "/a.txt", &[], "");
        assert_eq!((answer.status, answer.text().as_str()), (200, "alpha"));
        assert_eq!(answer.header("connection"), Some("keep-alive"));
        assert_eq!(client.request("GET", "/none", &[], "").status, 404);
    }
    gateway.expect_metric("lockgate_connections_total", 1.0);
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let gateway = files();
    let mut client = gateway.client();
    let mut wire = String::new();
    for round in 0..40 {
        let path = ["/a.txt", "/b.txt", "/none", "/big.bin"][round % 4];
        wire += &format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
    }
    client.send(wire);
    for round in 0..40 {
        let answer = client.answer(false);
        match round % 4 {
            0 => assert_eq!(answer.text(), "alpha"),
            1 => assert_eq!(answer.text(), "beta"),
            2 => assert_eq!(answer.status, 404),
            _ => assert_eq!(answer.body.len(), 1 << 20),
        }
    }
}

#[test]
fn pipelined_requests_reach_the_origin() {
    let origin = Origin::echo();
    let gateway = Gateway::start(&format!(
        "upstreams: {{ o: {{ servers: [\"{}\"] }} }}\nroutes: [{{ match: {{ path: \"/*\" }}, upstream: o }}]",
        origin.address
    ));
    let mut client = gateway.client();
    client.send(
        "POST /1 HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\noneGET /2 HTTP/1.1\r\nhost: x\r\n\r\n\
         POST /3 HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\nthree\r\n0\r\n\r\nGET /4 HTTP/1.1\r\nhost: x\r\n\r\n",
    );
    for expected in ["POST /1 one", "GET /2 ", "POST /3 three", "GET /4 "] {
        assert_eq!(client.answer(false).text(), expected);
    }
}

#[test]
fn http_1_0_and_connection_close_end_the_connection() {
    let gateway = files();
    for head in ["GET /a.txt HTTP/1.0\r\n\r\n", "GET /a.txt HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"] {
        let mut client = gateway.client();
        client.send(head);
        let answer = client.answer(false);
        assert_eq!((answer.text().as_str(), answer.header("connection")), ("alpha", Some("close")));
        assert!(client.is_closed());
    }
}

#[test]
fn an_idle_connection_is_closed() {
    let gateway = Gateway::start("routes: [{ match: { path: \"/*\" }, static: { dir: . } }]\nkeep_alive: 2s");
    gateway.dir.write("a.txt", "alpha");
    let mut client = gateway.client();
    assert_eq!(client.request("GET", "/a.txt", &[], "").status, 200);
    let idle = Instant::now();
    assert!(client.is_closed());
    assert!((Duration::from_secs(1)..PATIENCE).contains(&idle.elapsed()), "{:?}", idle.elapsed());
}

#[test]
fn a_small_unread_body_is_skipped_and_the_connection_lives() {
    let gateway = files();
    let mut client = gateway.client();
    let body = "GET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n".repeat(20);
    assert_eq!(client.request("POST", "/a.txt", &[], &body).status, 405);
    assert_eq!(client.request("GET", "/a.txt", &[], "").text(), "alpha");
    client.send("POST /a.txt HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n");
    assert_eq!(client.answer(false).status, 405);
    assert_eq!(client.request("GET", "/b.txt", &[], "").text(), "beta");
}

#[test]
fn a_large_unread_body_ends_the_connection_after_the_answer() {
    let gateway = files();
    let mut client = gateway.client();
    client.send("POST /a.txt HTTP/1.1\r\nhost: x\r\ncontent-length: 3000000\r\n\r\n");
    client.send(vec![b'x'; 3_000_000]);
    let answer = client.answer(false);
    assert_eq!((answer.status, answer.header("connection")), (405, Some("close")));
    assert!(client.is_closed());
}

#[test]
fn a_client_that_waits_for_100_continue_gets_its_answer_at_once() {
    let gateway = files();
    // Waiting for the body takes the gateway a second, in every attempt; a busy machine is not busy in all of them.
    let at_once = (0..20).any(|_| {
        let mut client = gateway.client();
        let started = Instant::now();
        client.send("POST /a.txt HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\nexpect: 100-continue\r\n\r\n");
        let answer = client.answer(false);
        assert_eq!((answer.status, answer.header("connection")), (405, Some("close")));
        started.elapsed() < Duration::from_millis(900)
    });
    assert!(at_once);
}

#[test]
fn malformed_requests_are_refused() {
    let gateway = files();
    for wire in [
        "GARBAGE\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: x\r\nbad header: 1\r\n\r\n",
    ] {
        let mut client = gateway.client();
        client.send(wire);
        assert_eq!(client.answer(false).status, 400, "{wire}");
    }
    let mut client = gateway.client();
    client.send("CONNECT x:1 HTTP/1.1\r\nhost: x:1\r\n\r\n");
    assert_eq!(client.answer(false).status, 405);
    assert_eq!(gateway.get("/a.txt").text(), "alpha");
}

#[test]
fn a_client_that_leaves_is_noticed_while_the_origin_works() {
    let origin = Origin::start(|_, stream| {
        std::thread::sleep(4 * PATIENCE);
        ok(stream, "late");
    });
    let gateway = Gateway::start(&format!(
        "upstreams: {{ o: {{ servers: [\"{}\"] }} }}\nroutes: [{{ match: {{ path: \"/*\" }}, upstream: o }}]\n\
         access_log: {{ file: access.log }}",
        origin.address
    ));
    let mut client = gateway.client();
    client.send("GET /slow HTTP/1.1\r\nhost: x\r\n\r\n");
    gateway.wait_for("the request at the origin", || origin.count() == 1);
    drop(client);
    let log = gateway.dir.path().join("access.log");
    gateway.wait_for("the log line", || std::fs::read_to_string(&log).is_ok_and(|log| log.contains("client_gone")));
    assert!(std::fs::read_to_string(&log).unwrap().contains("status=499"));
}

#[test]
fn a_client_that_takes_nothing_is_given_up() {
    let gateway = Gateway::start(
        "routes: [{ match: { path: \"/*\" }, static: { dir: . } }]\nwrite_timeout: 3s\naccess_log: { file: access.log }",
    );
    // More than the sockets of both sides hold.
    std::fs::File::create(gateway.dir.path().join("huge.bin")).unwrap().set_len(256 << 20).unwrap();
    let mut client = gateway.client();
    client.send("GET /huge.bin HTTP/1.1\r\nhost: x\r\n\r\n");
    gateway.expect_metric("lockgate_failures_total{reason=\"client_timeout\"}", 1.0);
    gateway.expect_metric("lockgate_connections_open", 0.0);
    // One that takes five seconds in all, but takes, gets it whole.
    let mut client = gateway.client();
    client.send("GET /huge.bin HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    let mut piece = vec![0; 16 << 20];
    let mut all = 0;
    while let Ok(read @ 1..) = client.stream().read(&mut piece) {
        all += read;
        std::thread::sleep(Duration::from_micros(read as u64 / 50));
    }
    assert!(all > 256 << 20, "{all}");
}

#[test]
fn a_slow_reader_gets_a_large_file_whole() {
    let gateway = files();
    gateway.dir.write("huge.bin", vec![b'y'; 9_000_001]);
    let mut client = gateway.client();
    client.send("GET /huge.bin HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    std::thread::sleep(Duration::from_millis(300));
    let mut all = Vec::new();
    client.stream().read_to_end(&mut all).unwrap();
    assert!(all.len() > 9_000_001 && all.iter().rev().take(9_000_001).all(|&byte| byte == b'y'));
}
