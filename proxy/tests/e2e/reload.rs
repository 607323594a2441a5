//! SIGHUP.
use crate::harness::{Client, Gateway, Origin, free_port};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

fn version(number: usize, origin: &Origin) -> String {
    format!(
        "upstreams: {{ o: {{ servers: [\"{}\"] }} }}\nroutes:\n  - {{ match: {{ path: \"/*\" }}, upstream: o, \
         filters: [{{ headers: {{ response: {{ set: {{ x-version: \"{number}\" }} }} }} }}] }}\n  \
         - {{ match: {{ path: \"/only-{number}\" }}, upstream: o }}",
        origin.address
    )
}

#[test]
fn under_load_no_request_fails_and_every_answer_is_of_a_live_version() {
    let origin = Origin::echo();
    let gateway = Gateway::start(&version(0, &origin));
    let (stop, served) = (AtomicBool::new(false), AtomicUsize::new(0));
    let (asked, live) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for keep_alive in [true, true, false] {
            let (gateway, stop, served, asked, live) = (&gateway, &stop, &served, &asked, &live);
            scope.spawn(move || {
                let mut client = gateway.client();
                while !stop.load(Ordering::SeqCst) {
                    if !keep_alive {
                        client = gateway.client();
                    }
                    let oldest = live.load(Ordering::SeqCst);
                    let answer = client.request("GET", "/x", &[], "");
                    let newest = asked.load(Ordering::SeqCst);
                    assert_eq!(answer.status, 200);
                    let version: usize = answer.header("x-version").unwrap().parse().unwrap();
                    assert!((oldest..=newest).contains(&version), "{oldest} <= {version} <= {newest}");
                    served.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for number in 1..=40 {
            asked.store(number, Ordering::SeqCst);
            gateway.reload(&version(number, &origin));
            live.store(number, Ordering::SeqCst);
        }
        stop.store(true, Ordering::SeqCst);
    });
    assert!(served.load(Ordering::Relaxed) > 40);
    gateway.expect_metric("lockgate_reloads_total{outcome=\"ok\"}", 40.0);
    gateway.expect_metric("lockgate_config_version", 41.0);
    let metrics = gateway.metrics();
    assert!(metrics.contains("/only-40") && !metrics.contains("/only-39"));
}

#[test]
fn a_wrong_configuration_leaves_the_live_one() {
    let origin = Origin::echo();
    let gateway = Gateway::start(&version(1, &origin));
    for wrong in ["routes: [", "routes: [{ match: { path: /x }, static: { dir: no/such/dir } }]", "workers: 7"] {
        let yaml =
            if wrong.starts_with("workers") { format!("{wrong}\n{}", version(2, &origin)) } else { wrong.into() };
        gateway.reload(&yaml);
        assert_eq!(gateway.get("/").header("x-version"), Some("1"), "{wrong}");
    }
    assert!(gateway.stderr().contains("reload refused, version 1 stays live"));
    gateway.expect_metric("lockgate_reloads_total{outcome=\"refused\"}", 3.0);
    gateway.reload(&version(2, &origin));
    assert_eq!(gateway.get("/").header("x-version"), Some("2"));
}

#[test]
fn listeners_come_and_go() {
    let origin = Origin::echo();
    let mut gateway = Gateway::start(&version(1, &origin));
    let more = free_port();
    let file = gateway.dir.path().join("lockgate.yaml");
    let one = std::fs::read_to_string(&file).unwrap();
    let line = format!("listeners: [{{ address: \"{}\" }}]", gateway.address);
    let two = one.replace(
        &line,
        &format!("listeners: [{{ address: \"{}\" }}, {{ address: \"127.0.0.1:{more}\" }}]", gateway.address),
    );
    let only = one.replace(&line, &format!("listeners: [{{ address: \"127.0.0.1:{more}\" }}]"));
    let extra = ([127, 0, 0, 1], more).into();
    let mut kept = gateway.client();
    for (yaml, first, second) in [(&two, true, true), (&only, false, true), (&one, true, false)] {
        std::fs::write(&file, yaml).unwrap();
        gateway.signal("HUP");
        gateway.wait_for("the switch", || {
            TcpStream::connect(gateway.address).is_ok() == first && TcpStream::connect(extra).is_ok() == second
        });
        if second {
            assert_eq!(Client::connect(extra).request("GET", "/", &[], "").status, 200);
        }
        assert_eq!(kept.request("GET", "/", &[], "").status, 200);
    }
    // A port that another process holds: refused as a whole.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    std::fs::write(&file, one.replace(&line, &format!("listeners: [{{ address: \"{address}\" }}]"))).unwrap();
    gateway.signal("HUP");
    gateway.wait_for("the report", || {
        gateway.stderr().contains(&format!("cannot listen on {address}: the port is in use"))
    });
    assert_eq!(gateway.get("/").status, 200);
    assert!(gateway.is_running());
}
