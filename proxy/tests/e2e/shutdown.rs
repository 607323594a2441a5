//! SIGTERM, SIGINT.
use crate::harness::{Gateway, Origin, ok};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Longer than any test waits.
const WORK: Duration = Duration::from_secs(90);

/// A gateway before an origin that works for so long on each request.
fn slow(grace: &str, work: Duration) -> (Origin, Gateway) {
    let origin = Origin::start(move |_, stream| {
        std::thread::sleep(work);
        ok(stream, "done");
    });
    let gateway = Gateway::start(&format!(
        "upstreams: {{ o: {{ servers: [\"{}\"] }} }}\nroutes: [{{ match: {{ path: \"/*\" }}, upstream: o }}]\n\
         shutdown_grace: {grace}",
        origin.address
    ));
    (origin, gateway)
}

#[test]
fn requests_in_flight_finish() {
    let (origin, mut gateway) = slow("60s", Duration::from_secs(1));
    let mut idle = gateway.client();
    assert_eq!(idle.request("GET", "/", &[], "").status, 200);
    let mut busy = gateway.client();
    busy.send("GET /busy HTTP/1.1\r\nhost: x\r\n\r\n");
    gateway.wait_for("the request at the origin", || origin.count() == 2);
    gateway.signal("TERM");
    assert!(idle.is_closed());
    gateway.wait_for("closed listeners", || TcpStream::connect(gateway.address).is_err());
    let answer = busy.answer(false);
    assert_eq!((answer.status, answer.text().as_str()), (200, "done"));
    assert!(gateway.wait().success());
    assert!(!gateway.stderr().contains("the grace period is over"));
}

#[test]
fn the_grace_period_ends() {
    let (origin, mut gateway) = slow("1s", WORK);
    let mut busy = gateway.client();
    busy.send("GET /busy HTTP/1.1\r\nhost: x\r\n\r\n");
    gateway.wait_for("the request at the origin", || origin.count() == 1);
    let started = Instant::now();
    gateway.signal("INT");
    assert!(gateway.wait().success());
    assert!((Duration::from_millis(900)..WORK).contains(&started.elapsed()));
    assert!(gateway.stderr().contains("the grace period is over, 1 connections are cut"));
}

#[test]
fn a_second_signal_ends_at_once() {
    let (origin, mut gateway) = slow("60s", WORK);
    let mut busy = gateway.client();
    busy.send("GET /busy HTTP/1.1\r\nhost: x\r\n\r\n");
    gateway.wait_for("the request at the origin", || origin.count() == 1);
    gateway.signal("TERM");
    gateway.wait_for("the first signal", || gateway.stderr().contains("shutting down"));
    gateway.signal("TERM");
    // Within the harness's patience, which is shorter than the grace period.
    assert_eq!(gateway.wait().code(), Some(143));
}

#[test]
fn an_idle_gateway_ends_at_once() {
    let (_origin, mut gateway) = slow("60s", Duration::ZERO);
    gateway.signal("TERM");
    assert!(gateway.wait().success());
}
