//! nginx behind the gateway, curl before it.
use crate::harness::{Dir, Gateway, Origin};
use crate::peers::{Nginx, curl};
use std::io::{Read, Write};

const SIZE: usize = 20 << 20;

fn nginx(more: &str) -> Nginx {
    let dir = Dir::new();
    dir.write("www/a.txt", "alpha");
    dir.write("www/big.bin", pattern());
    dir.write("www/chunked/page.html", "<p><!--#echo var=\"request_method\" --></p>");
    Nginx::start(
        dir,
        &format!(
            "location /chunked/ {{ ssi on; }}
             location /upload {{ proxy_pass http://$server_addr:$server_port/sink; }}
             location /small {{ client_max_body_size 1k; proxy_pass http://$server_addr:$server_port/sink; }}
             location /sink {{ return 200 $content_length; }}
             location /cut {{ return 444; }}
             location /close/ {{ keepalive_timeout 0; alias www/; }}
             {more}"
        ),
    )
}

/// Bytes of which no two stretches are alike.
fn pattern() -> Vec<u8> {
    let mut state = 1_u32;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..SIZE).map(next).collect()
}

fn gateway(nginx: &Nginx) -> Gateway {
    Gateway::start(&format!(
        "upstreams: {{ o: {{ servers: [\"{}\"] }} }}\naccess_log: {{ file: access.log }}\n\
         routes: [{{ match: {{ path: \"/*\" }}, upstream: o }}]",
        nginx.address
    ))
}

#[test]
fn one_connection_to_the_origin_serves_all_kinds_of_answers() {
    let nginx = nginx("");
    let gateway = gateway(&nginx);
    let mut client = gateway.client();
    let first = client.request("GET", "/a.txt", &[], "");
    let etag = first.header("etag").unwrap().to_owned();
    assert_eq!((first.status, first.text().as_str()), (200, "alpha"));
    for _ in 0..3 {
        let same = client.request("GET", "/a.txt", &[("if-none-match", &etag)], "");
        assert_eq!((same.status, same.header("etag"), same.header("content-length")), (304, Some(etag.as_str()), None));
        let head = client.request("HEAD", "/a.txt", &[], "");
        assert_eq!((head.status, head.header("content-length")), (200, Some("5")));
        let page = client.request("GET", "/chunked/page.html", &[], "");
        assert_eq!((page.text().as_str(), page.header("transfer-encoding")), ("<p>GET</p>", Some("chunked")));
        let part = client.request("GET", "/big.bin", &[("range", "bytes=7-9")], "");
        assert_eq!((part.status, part.body.as_slice()), (206, &pattern()[7..10]));
        assert_eq!(client.request("POST", "/upload", &[], "12345").text(), "5");
        assert_eq!(client.request("GET", "/none", &[], "").status, 404);
        assert_eq!(client.request("DELETE", "/a.txt", &[], "").status, 405);
    }
    gateway.wait_for("the origin's log", || nginx.seen().len() == 1 + 3 * 8);
    let seen = nginx.seen();
    // Of the upload, nginx sees its own request for the sink too.
    let connections: std::collections::BTreeSet<_> = seen
        .iter()
        .filter(|line| !line.contains("/sink"))
        .filter_map(|line| line.split("connection=").nth(1))
        .collect();
    assert_eq!(connections.len(), 1, "{seen:?}");
}

#[test]
fn large_bodies_pass_whole_in_both_directions() {
    let nginx = nginx("");
    let gateway = gateway(&nginx);
    let big = gateway.get("/big.bin");
    assert!(big.status == 200 && big.body == pattern());
    let file = nginx.dir.path().join("www/big.bin");
    let upload = format!("@{}", file.display());
    let url = gateway.url("/upload");
    assert_eq!(curl(&["--data-binary", &upload, &url]), SIZE.to_string());
    // curl asks whether to go on, waits for 100, and sends in chunks: nginx counts what came.
    let chunked = ["-H", "transfer-encoding: chunked", "-H", "expect: 100-continue", "--expect100-timeout", "20"];
    let sent = curl(&[&chunked[..], &["-v", "--stderr", "-", "--data-binary", &upload, &url]].concat());
    assert!(sent.contains("HTTP/1.1 100 Continue") && sent.contains("HTTP/1.1 200 OK"), "{sent}");
    assert!(sent.contains(&format!("\n{SIZE}")), "{sent}");
    let out = gateway.dir.path().join("out");
    curl(&["-o", &out.display().to_string(), &gateway.url("/big.bin")]);
    assert!(std::fs::read(out).unwrap() == pattern());
}

#[test]
fn an_origin_that_answers_early_or_not_at_all() {
    let nginx = nginx("");
    let gateway = gateway(&nginx);
    assert_eq!(gateway.get("/cut").status, 502);
    let code = |arguments: &[&str]| curl(&[&["-o", "/dev/null", "-w", "%{http_code}"], arguments].concat());
    // The origin refuses by the length alone, before the body came: with a question before it, and without.
    let upload = format!("@{}", nginx.dir.path().join("www/big.bin").display());
    let url = gateway.url("/small");
    assert_eq!(code(&["-H", "expect: 100-continue", "--data-binary", &upload, &url]), "413");
    assert_eq!(code(&["-H", "expect:", "--data-binary", &upload, &url]), "413");
    // One that closes after each answer.
    let mut client = gateway.client();
    for _ in 0..3 {
        assert_eq!(client.request("GET", "/close/a.txt", &[], "").text(), "alpha");
    }
    assert_eq!(client.request("GET", "/a.txt", &[], "").text(), "alpha");
}

#[test]
fn curl_keeps_its_connection_and_speaks_old_http() {
    let nginx = nginx("");
    let gateway = gateway(&nginx);
    let url = gateway.url("/a.txt");
    let opened = curl(&["-o", "/dev/null", "-o", "/dev/null", "-w", "%{num_connects} ", &url, &url]);
    assert_eq!(opened, "1 0 ", "connections opened for each of two requests");
    assert_eq!(curl(&["--http1.0", &url]), "alpha");
    assert!(curl(&["--head", &url]).contains("ength: 5"));
    assert_eq!(curl(&["--http1.0", &gateway.url("/chunked/page.html")]), "<p>GET</p>");
    assert_eq!(curl(&["-o", "/dev/null", "-w", "%{http_code}", "-X", "OPTIONS", &url]), "405");
}

#[test]
fn a_web_socket_passes_through_both() {
    // Says each byte back, with the case changed.
    let origin = Origin::start(|request, stream| {
        assert_eq!(request.headers["upgrade"], "websocket");
        let _ = write!(stream, "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
        let mut byte = [0];
        while stream.read(&mut byte).is_ok_and(|read| read == 1) {
            let _ = stream.write_all(&[byte[0] ^ 0x20]);
        }
    });
    let nginx = nginx(&format!(
        "location /ws {{ proxy_pass http://{}; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; \
         proxy_set_header Connection upgrade; }}",
        origin.address
    ));
    let gateway = gateway(&nginx);
    let mut client = gateway.client();
    client.send("GET /ws HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
    let answer = client.answer(true);
    assert_eq!((answer.status, answer.header("upgrade")), (101, Some("websocket")));
    for round in ["ping", "PONG", "again"] {
        client.send(round);
        let back: Vec<u8> = round.bytes().map(|byte| byte ^ 0x20).collect();
        assert_eq!(client.take(round.len()), back);
    }
    drop(client);
    gateway.expect_metric("lockgate_connections_open", 0.0);
}
