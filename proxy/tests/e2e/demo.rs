//! The built-in demo, whole.
use crate::harness::{Client, Dir, PATIENCE, binary, free_port};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

struct Demo {
    address: SocketAddr,
    child: Child,
    dir: Dir,
}

impl Demo {
    fn start() -> Demo {
        let dir = Dir::new();
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let stderr = std::fs::File::create(dir.path().join("stderr")).unwrap();
        let child = Command::new(binary())
            .current_dir(dir.path())
            .env("LOCKGATE_DEMO_ADDRESS", address.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(stderr)
            .spawn()
            .unwrap();
        let demo = Demo { address, child, dir };
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(address).is_err() {
            assert!(Instant::now() < deadline, "the demo does not start: {}", demo.stderr());
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        demo
    }

    fn stderr(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("stderr")).unwrap_or_default()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn every_route() {
    let demo = Demo::start();
    let mut client = Client::connect(demo.address);
    let page = client.request("GET", "/", &[("user-agent", "a <b>")], "");
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, Some("text/html; charset=utf-8")),
        "{}",
        demo.stderr()
    );
    let text = page.text();
    for part in
        ["<!doctype html>", "<title>Lockgate</title>", "a &lt;b&gt;", "<svg class=\"mark\"", "/api/greet/J%C3%BCrgen"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    for _ in 0..3 {
        let health = client.request("GET", "/api/health", &[], "");
        assert_eq!((health.status, health.header("content-type")), (200, Some("application/json")));
        assert!(health.text().starts_with(r#"{"status":"ok","#), "{}", health.text());
        // Nothing survives a request, counters included.
        assert!(health.text().contains(r#""answered":1"#), "{}", health.text());
    }
    let echo = client.request("POST", "/api/echo?q=1", &[("x-test", "yes")], "hello").text();
    for part in [r#""method":"POST""#, "/api/echo?q=1", r#""x-test":"yes""#, r#""body":"hello""#] {
        assert!(echo.contains(part), "{part} in {echo}");
    }
    let greet = client.request("GET", "/api/greet/J%C3%BCrgen", &[], "").text();
    assert!(greet.contains("Hello, Jürgen!"), "{greet}");
    assert_eq!(client.request("GET", "/api/none", &[], "").status, 404);
    let origin = client.request("GET", "/origin/hello?x=1", &[("user-agent", "tester")], "");
    assert_eq!(origin.status, 200, "{} {}", origin.text(), demo.stderr());
    assert_eq!((origin.header("x-filtered-by"), origin.header("x-origin-secret")), (Some("lockgate"), None));
    assert!(origin.text().contains(r#""path":"/hello?x=1","visitor":"tester""#), "{}", origin.text());
    assert_eq!(client.request("GET", "/origin/x?deny", &[], "").status, 403);
    let stderr = demo.stderr();
    assert!(stderr.contains("built-in demo") && stderr.contains("/api/greet/J%C3%BCrgen"), "{stderr}");
}
