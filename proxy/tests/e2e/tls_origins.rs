//! Origins over TLS, for routes and for `fetch`: whom the gateway trusts, and what it says of the others.
use crate::harness::{Client, Dir, Gateway};
use crate::peers::{Nginx, certificates};
use std::path::Path;

fn origin() -> Nginx {
    let dir = Dir::new();
    certificates(&dir, "trusted");
    dir.write("www/a.txt", "secret alpha");
    Nginx::start(dir, "location /scheme { return 200 $scheme; }")
}

/// A gateway that trusts the authority in this file only.
fn gateway(nginx: &Nginx, authority: &Path) -> Gateway {
    let dir = Dir::new();
    let port = nginx.tls.port();
    dir.write(
        "handler.js",
        "export default { async fetch(request, env) {
           try { const answer = await fetch(env.URL + new URL(request.url).pathname.slice(6)); return new Response(await answer.text()); }
           catch (error) { return new Response(`${error.name}: ${error.message}`, { status: 500 }); }
         } }",
    );
    let yaml = format!(
        "upstreams: {{ o: {{ servers: [\"https://localhost:{port}\"] }} }}\naccess_log: {{ file: access.log }}\nroutes:\n\
         - {{ match: {{ path: \"/*\" }}, upstream: o }}\n\
         - {{ match: {{ path: \"/fetch/*\" }}, handler: {{ script: handler.js, env: {{ URL: \"https://localhost:{port}\" }} }} }}\n\
         - {{ match: {{ path: \"/other/*\" }}, handler: {{ script: handler.js, env: {{ URL: \"https://127.0.0.1:{port}\" }} }} }}"
    );
    Gateway::start_with(dir, &yaml, &[("SSL_CERT_FILE", authority.to_str().unwrap())])
}

#[test]
fn an_origin_of_a_trusted_authority() {
    let nginx = origin();
    let gateway = gateway(&nginx, &nginx.dir.path().join("trusted.pem"));
    let mut client = gateway.client();
    for _ in 0..3 {
        assert_eq!(client.request("GET", "/a.txt", &[], "").text(), "secret alpha", "{}", gateway.stderr());
        assert_eq!(client.request("GET", "/fetch/a.txt", &[], "").text(), "secret alpha");
        assert_eq!(client.request("GET", "/fetch/scheme", &[], "").text(), "https");
    }
    let connections: std::collections::BTreeSet<_> =
        nginx.seen().iter().filter_map(|line| line.split("connection=").nth(1).map(str::to_owned)).collect();
    assert_eq!(connections.len(), 2, "one of the route, one of fetch, each kept: {:?}", nginx.seen());
    // The certificate is not for this name.
    let other = client.request("GET", "/other/a.txt", &[], "");
    assert_eq!(other.status, 500);
    assert!(other.text().starts_with("TypeError: ") && other.text().contains("not valid for name"), "{}", other.text());
}

#[test]
fn an_origin_of_an_unknown_authority() {
    let nginx = origin();
    let strangers = Dir::new();
    certificates(&strangers, "stranger");
    let gateway = gateway(&nginx, &strangers.path().join("stranger.pem"));
    assert_eq!(gateway.get("/a.txt").status, 502);
    gateway.expect_metric("lockgate_failures_total{reason=\"upstream_tls\"}", 1.0);
    let answer = gateway.get("/fetch/a.txt");
    assert_eq!(answer.status, 500);
    assert!(answer.text().starts_with("TypeError: ") && answer.text().contains("UnknownIssuer"), "{}", answer.text());
    assert!(nginx.seen().is_empty(), "{:?}", nginx.seen());
}

/// A gateway without TLS whose client waits on a connection while a reload brings an origin that speaks it.
fn reloaded(nginx: &Nginx, authority: &Path) -> (Gateway, Client) {
    let upstream = |scheme: &str, port: u16| {
        format!(
            "upstreams: {{ o: {{ servers: [\"{scheme}://localhost:{port}\"] }} }}\nroutes: [{{ match: {{ path: \"/*\" }}, upstream: o }}]"
        )
    };
    let plain = upstream("http", nginx.address.port());
    let gateway = Gateway::start_with(Dir::new(), &plain, &[("SSL_CERT_FILE", authority.to_str().unwrap())]);
    let mut client = gateway.client();
    assert_eq!(client.request("GET", "/scheme", &[], "").text(), "http");
    gateway.reload(&upstream("https", nginx.tls.port()));
    (gateway, client)
}

#[test]
fn a_reload_brings_an_origin_of_a_trusted_authority() {
    let nginx = origin();
    let (gateway, mut waiting) = reloaded(&nginx, &nginx.dir.path().join("trusted.pem"));
    for _ in 0..3 {
        assert_eq!(waiting.request("GET", "/scheme", &[], "").text(), "https", "{}", gateway.stderr());
        assert_eq!(gateway.get("/scheme").text(), "https", "{}", gateway.stderr());
    }
}

#[test]
fn a_reload_brings_an_origin_of_an_unknown_authority() {
    let nginx = origin();
    let strangers = Dir::new();
    certificates(&strangers, "stranger");
    let (gateway, mut waiting) = reloaded(&nginx, &strangers.path().join("stranger.pem"));
    assert_eq!(waiting.request("GET", "/scheme", &[], "").status, 502);
    assert_eq!(gateway.get("/scheme").status, 502);
    gateway.expect_metric("lockgate_failures_total{reason=\"upstream_tls\"}", 2.0);
}

#[test]
fn authorities_that_cannot_be_read_are_named_at_the_start() {
    let dir = Dir::new();
    dir.write("handler.js", "export default () => new Response('x')");
    dir.write(
        "lockgate.yaml",
        "version: 1\nlisteners: [{ address: \"127.0.0.1:0\" }]\nroutes: [{ match: { path: \"/*\" }, handler: handler.js }]\n",
    );
    let mut command = std::process::Command::new(crate::harness::binary());
    let output = command.env("SSL_CERT_FILE", "no/such/file.pem").current_dir(dir.path()).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(78), "{stderr}");
    assert!(stderr.contains("SSL_CERT_FILE") && stderr.contains("no/such/file.pem"), "{stderr}");
}
