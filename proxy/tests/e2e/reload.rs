//! SIGHUP.
use crate::harness::{Answer, Client, Dir, Gateway, Origin, free_port, ok};
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

/// Writes the scripts of a version: a handler, and a filter of which both hooks tell the version.
fn write_scripts(dir: &Dir, number: usize) {
    dir.write("handler.js", format!("export default () => new Response('{number}')"));
    dir.write(
        "filter.js",
        format!(
            "export function onRequest(request) {{ request.headers.set('x-in', '{number}'); }}
             export function onResponse(response) {{ response.headers.set('x-out', '{number}'); }}"
        ),
    );
}

/// The configuration of a version: every route tells it in a header, one exists in this version only.
fn scripted(number: usize, origin: &Origin) -> String {
    let tell = format!("{{ headers: {{ response: {{ set: {{ x-version: \"{number}\" }} }} }} }}");
    format!(
        "upstreams: {{ o: {{ servers: [\"{}\"] }} }}\nroutes:\n\
         - {{ match: {{ path: /js }}, handler: handler.js, filters: [{tell}] }}\n\
         - {{ match: {{ path: /up }}, upstream: o, filters: [{tell}, {{ script: filter.js }}] }}\n\
         - {{ match: {{ path: /file/* }}, static: {{ dir: . }}, filters: [{tell}] }}\n\
         - {{ match: {{ path: /only-{number} }}, upstream: o }}",
        origin.address
    )
}

/// The version that an answer is of, which is one throughout.
fn version_of(path: &str, answer: &Answer) -> usize {
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    let version = answer.header("x-version").unwrap();
    match path {
        "/js" => assert_eq!(answer.text(), version),
        "/up" => assert_eq!((answer.text().as_str(), answer.header("x-out")), (version, Some(version))),
        _ => assert_eq!(answer.text(), "a file"),
    }
    version.parse().unwrap()
}

/// Sets a flag at the end of its scope.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// `cargo xtask soak` in small.
#[test]
fn under_load_no_request_fails_and_every_answer_is_of_a_live_version() {
    const RELOADS: usize = 20;
    let origin = Origin::start(|request, stream| ok(stream, &request.headers["x-in"]));
    let dir = Dir::new();
    dir.write("a.txt", "a file");
    write_scripts(&dir, 0);
    let gateway = Gateway::start_in(dir, &scripted(0, &origin));
    let (stop, served) = (AtomicBool::new(false), AtomicUsize::new(0));
    let (written, live) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for (path, keep_alive) in [("/js", true), ("/up", true), ("/file/a.txt", true), ("/js", false)] {
            let (gateway, stop, served, written, live) = (&gateway, &stop, &served, &written, &live);
            scope.spawn(move || {
                let mut client = gateway.client();
                while !stop.load(Ordering::SeqCst) {
                    if !keep_alive {
                        client = gateway.client();
                    }
                    let oldest = live.load(Ordering::SeqCst);
                    let answer = client.request("GET", path, &[], "");
                    let newest = written.load(Ordering::SeqCst);
                    let version = version_of(path, &answer);
                    assert!((oldest..=newest).contains(&version), "{path}: {oldest} <= {version} <= {newest}");
                    served.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        // Also when a reload fails: the scope waits for its threads.
        let _stop = Stop(&stop);
        for number in 1..=RELOADS {
            written.store(number, Ordering::SeqCst);
            write_scripts(&gateway.dir, number);
            gateway.reload(&scripted(number, &origin));
            live.store(number, Ordering::SeqCst);
        }
        gateway.wait_for("the load", || served.load(Ordering::Relaxed) > RELOADS);
    });
    gateway.expect_metric("lockgate_reloads_total{outcome=\"ok\"}", RELOADS as f64);
    gateway.expect_metric("lockgate_config_version", RELOADS as f64 + 1.0);
    let metrics = gateway.metrics();
    assert!(metrics.contains("/only-20") && !metrics.contains("/only-19"));
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
