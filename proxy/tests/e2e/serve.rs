//! `lockgate serve`: a gateway from flags.
use crate::harness::{Client, Dir, PATIENCE, binary, free_port};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running `serve`; killed at the end of the test.
pub struct Serve {
    pub dir: Dir,
    pub address: SocketAddr,
    child: Child,
}

impl Serve {
    /// Starts `serve` with `arguments` and a port, given with `port`'s spelling of the flag.
    pub fn start(dir: Dir, port: &str, arguments: &[&str]) -> Self {
        Self::start_binary(dir, Path::new(binary()), &[&["serve"], arguments].concat(), port)
    }

    /// The same with another binary and the command among the arguments.
    pub fn start_binary(dir: Dir, binary: &Path, arguments: &[&str], port: &str) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let out = |name: &str| Stdio::from(std::fs::File::create(dir.path().join(name)).unwrap());
        let child = Command::new(binary)
            .args(arguments)
            .args([port, &address.port().to_string()])
            .current_dir(dir.path())
            .stdin(Stdio::null())
            .stdout(out("stdout"))
            .stderr(out("stderr"))
            .spawn()
            .unwrap();
        let mut serve = Self { dir, address, child };
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(address).is_err() {
            let gone = serve.child.try_wait().unwrap();
            assert!(Instant::now() < deadline && gone.is_none(), "serve does not start: {}", serve.said("stderr"));
            std::thread::sleep(Duration::from_millis(10));
        }
        serve
    }

    pub fn said(&self, stream: &str) -> String {
        std::fs::read_to_string(self.dir.path().join(stream)).unwrap_or_default()
    }

    /// Ends the gateway in order, so that its log is written.
    pub fn stop(&mut self) {
        Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        let deadline = Instant::now() + PATIENCE;
        while self.child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < deadline, "serve does not end: {}", self.said("stderr"));
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const CODE: &str = "export default (request) => new URL(request.url).pathname === '/grow'
  ? new Response('x'.repeat(3 << 20).split('').length) : Response.json({ ok: 1 })";

#[test]
fn flags_in_both_spellings() {
    let short = ["-e", "-h", "-n", "-m", "-q"];
    let long = ["--eval", "--host", "--runtimes", "--memory", "--quiet"];
    for (port, [eval, host, runtimes, memory, quiet]) in [("-p", short), ("--port", long)] {
        let dir = Dir::new();
        dir.write("public/a.txt", "a file");
        let flags = [eval, CODE, host, "127.0.0.1", runtimes, "2", memory, "1m", "--cors", "--static", "public", quiet];
        let mut serve = Serve::start(dir, port, &flags);
        let mut client = Client::connect(serve.address);
        let answer = client.request("GET", "/", &[], "");
        assert_eq!((answer.text().as_str(), answer.header("access-control-allow-origin")), (r#"{"ok":1}"#, Some("*")));
        assert_eq!(client.request("GET", "/static/a.txt", &[], "").text(), "a file");
        assert_eq!(client.request("GET", "/grow", &[], "").status, 500, "over the memory of -m");
        assert_eq!(client.request("GET", "/", &[], "").status, 200);
        drop(client);
        serve.stop();
        assert_eq!(serve.said("stdout"), "", "-q writes no access log");
    }
}

#[test]
fn a_file_with_the_defaults_of_the_flags() {
    let dir = Dir::new();
    dir.write("hello.js", CODE);
    let mut serve = Serve::start(dir, "-p", &["hello.js"]);
    let mut client = Client::connect(serve.address);
    let answer = client.request("GET", "/hello", &[], "");
    assert_eq!((answer.text().as_str(), answer.header("access-control-allow-origin")), (r#"{"ok":1}"#, None));
    assert_eq!(client.request("GET", "/static/hello.js", &[], "").text(), r#"{"ok":1}"#);
    drop(client);
    serve.stop();
    assert_eq!(serve.said("stdout").matches("target=/hello status=200").count(), 1, "{}", serve.said("stdout"));
}

#[test]
fn both_heap_modes() {
    let code = "export default () => { let n = 0; for (let i = 0; i < 40000; i++) n += { i, list: [i] }.list.length; return Response.json(n); }";
    for (mode, status) in [("arena", 500), ("hybrid", 200)] {
        let mut serve = Serve::start(Dir::new(), "-p", &["-e", code, "-m", "2m", "--heap-mode", mode]);
        assert_eq!(Client::connect(serve.address).request("GET", "/", &[], "").status, status, "{mode}");
        serve.stop();
    }
}
