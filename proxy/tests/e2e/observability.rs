//! Access log, metrics, health.
use crate::harness::{Client, Dir, Gateway};
use std::path::Path;

#[test]
fn one_line_a_request() {
    let gateway =
        Gateway::start("routes: [{ match: { path: \"/f/*\" }, static: { dir: . } }]\naccess_log: { file: access.log }");
    gateway.dir.write("a.txt", "alpha");
    let mut client = gateway.client();
    let id = client.request("GET", "/f/a.txt?q=x", &[], "").header("x-request-id").unwrap().to_owned();
    client.request("GET", "/none", &[], "");
    let path = gateway.dir.path().join("access.log");
    let read = || std::fs::read_to_string(&path).unwrap_or_default();
    gateway.wait_for("two lines", || read().lines().count() == 2);
    let log = read();
    let lines: Vec<_> = log.lines().collect();
    assert!(lines[0].starts_with("time=20") && lines[0].contains(" client=127.0.0.1:"), "{log}");
    let middle = "method=GET target=\"/f/a.txt?q=x\" status=200 bytes=5 us=";
    assert!(lines[0].contains(middle) && lines[0].contains(" route=/f/* upstream=- id="), "{log}");
    assert!(lines[0].ends_with(&id), "{log}");
    assert!(lines[1].contains("target=/none status=404") && lines[1].ends_with("error=no_route"), "{log}");
    // Rotated: the next reload opens the file anew.
    std::fs::rename(&path, gateway.dir.path().join("access.log.1")).unwrap();
    gateway.reload("routes: [{ match: { path: \"/f/*\" }, static: { dir: . } }]\naccess_log: { file: access.log }");
    gateway.get("/f/a.txt");
    gateway.wait_for("a line in the new file", || read().lines().count() == 1);
}

#[test]
fn a_full_disk_costs_no_request() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let gateway =
        Gateway::start("routes: [{ match: { path: \"/*\" }, static: { dir: . } }]\naccess_log: { file: /dev/full }");
    let mut client = gateway.client();
    for _ in 0..20 {
        assert_eq!(client.request("GET", "/lockgate.yaml", &[], "").status, 200);
    }
    gateway.wait_for("the count", || gateway.metric("lockgate_access_log_dropped_total") == 20.0);
    assert_eq!(gateway.get("/lockgate.yaml").status, 200);
}

#[test]
fn metrics_and_health() {
    let gateway = Gateway::start("routes: [{ match: { path: \"/*\" }, static: { dir: . } }]");
    gateway.get("/lockgate.yaml");
    gateway.get("/none");
    // A request is counted after its last byte left.
    gateway.wait_for("the counts", || gateway.metric("lockgate_request_seconds_count{route=\"/*\"}") == 2.0);
    let metrics = gateway.metrics();
    for expected in [
        "# TYPE lockgate_requests counter",
        "# HELP lockgate_request_seconds ",
        "lockgate_requests_total{route=\"/*\",class=\"2xx\"} 1",
        "lockgate_requests_total{route=\"/*\",class=\"4xx\"} 1",
        "lockgate_request_seconds_count{route=\"/*\"} 2",
        "lockgate_failures_total{reason=\"no_file\"} 1",
        "lockgate_config_version 1",
    ] {
        assert!(metrics.contains(expected), "{expected} in:\n{metrics}");
    }
    assert!(gateway.metric("lockgate_process_resident_memory_bytes") > 1e6);
    assert!(gateway.metric("lockgate_process_open_fds") > 5.0);
    let mut admin = Client::connect(gateway.admin);
    assert_eq!(admin.request("GET", "/healthz", &[], "").text(), "{\"status\":\"ok\",\"config_version\":1}\n");
    assert_eq!(admin.request("GET", "/", &[], "").status, 404);
    assert_eq!(admin.request("POST", "/metrics", &[], "x").status, 405);
    assert_eq!(admin.request("HEAD", "/healthz", &[], "").status, 200);
}

#[test]
fn without_a_log_a_script_still_does_not_fail_in_silence() {
    let dir = Dir::new();
    dir.write("handler.js", "export default () => {\n  throw new TypeError('on purpose'); }");
    let gateway = Gateway::start_in(dir, "routes: [{ match: { path: /a }, handler: handler.js }]");
    let answer = gateway.get("/a");
    let id = answer.header("x-request-id").unwrap();
    assert_eq!(answer.status, 500);
    gateway.wait_for("the line", || gateway.stderr().contains(&format!("[request {id}]")));
    let stderr = gateway.stderr();
    assert!(stderr.contains("lockgate: /a: script_threw: ") && stderr.contains("handler.js:2:"), "{stderr}");
    // What a client did wrong is no news.
    assert_eq!(gateway.get("/none").status, 404);
    gateway.expect_metric("lockgate_failures_total{reason=\"no_route\"}", 1.0);
    assert!(!gateway.stderr().contains("no_route"), "{}", gateway.stderr());
}

#[test]
fn no_log_is_no_log() {
    let gateway = Gateway::start("routes: [{ match: { path: \"/*\" }, static: { dir: . } }]\naccess_log: off");
    assert_eq!(gateway.get("/lockgate.yaml").status, 200);
    assert_eq!(std::fs::read_to_string(gateway.dir.path().join("stdout")).unwrap(), "");
}
