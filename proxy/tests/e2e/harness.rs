//! The real binary, small origins and raw HTTP clients, all bounded in time.
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Nothing in these tests may take longer.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A port that nobody listens on and that no other caller of this process gets. It lies below the range the kernel takes
/// ports of its own from (32,768 up), so neither a `bind` to port 0 nor an outgoing connection takes it before its user does.
pub fn free_port() -> u16 {
    const FIRST: u32 = 10_000;
    const COUNT: u32 = 22_000;
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        // Processes that run side by side start at places of their own.
        let number = NEXT.fetch_add(1, Ordering::Relaxed).wrapping_add(std::process::id().wrapping_mul(131));
        let port = u16::try_from(FIRST + number % COUNT).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// A directory of one test, removed at its end.
pub struct Dir(PathBuf);

impl Dir {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("lockgate-e2e-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        Self(dir)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A running gateway with its directory; killed at the end of the test.
pub struct Gateway {
    pub dir: Dir,
    pub address: SocketAddr,
    pub admin: SocketAddr,
    child: Child,
}

impl Gateway {
    /// Starts a gateway of `yaml`, which lacks only version, listener and admin.
    pub fn start(yaml: &str) -> Self {
        Self::start_in(Dir::new(), yaml)
    }

    /// The same, with files already in `dir`.
    pub fn start_in(dir: Dir, yaml: &str) -> Self {
        Self::start_with(dir, yaml, &[])
    }

    /// The same with variables of the environment.
    pub fn start_with(dir: Dir, yaml: &str, environment: &[(&str, &str)]) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let admin = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let mut gateway = Self { child: spawn(&dir, address, admin, yaml, environment), dir, address, admin };
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(gateway.admin).is_err() {
            if let Some(status) = gateway.child.try_wait().unwrap() {
                panic!("the gateway ended with {status}: {}", gateway.stderr());
            }
            assert!(Instant::now() < deadline, "the gateway does not start: {}", gateway.stderr());
            std::thread::sleep(Duration::from_millis(5));
        }
        gateway
    }

    /// Puts another configuration in place of the file.
    pub fn rewrite(&self, yaml: &str) {
        self.dir.write("lockgate.yaml", whole(self.address, self.admin, yaml));
    }

    /// Puts another configuration in place of the file and has it loaded; waits until the gateway said what it did.
    pub fn reload(&self, yaml: &str) {
        self.rewrite(yaml);
        let before = self.reload_reports();
        self.signal("HUP");
        self.wait_for("the reload", || self.reload_reports() > before);
    }

    fn reload_reports(&self) -> usize {
        let stderr = self.stderr();
        stderr.matches("lockgate: reloaded").count() + stderr.matches("lockgate: reload refused").count()
    }

    pub fn wait_for(&self, what: &str, mut done: impl FnMut() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !done() {
            assert!(Instant::now() < deadline, "{what} does not happen: {}", self.stderr());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn signal(&self, name: &str) {
        let kill = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(kill.unwrap().success());
    }

    /// Waits for the end of the process.
    pub fn wait(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "the gateway does not end: {}", self.stderr());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    pub fn stderr(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("stderr")).unwrap_or_default()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn client(&self) -> Client {
        Client::connect(self.address)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.request("GET", path, &[], "")
    }

    /// One request on a connection of its own.
    pub fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.client().request(method, path, headers, body)
    }

    pub fn metrics(&self) -> String {
        Client::connect(self.admin).request("GET", "/metrics", &[], "").text()
    }

    /// Waits until a series has this value: requests are counted after their last byte left.
    pub fn expect_metric(&self, series: &str, value: f64) {
        self.wait_for(&format!("{series} {value}"), || self.metric(series) == value);
    }

    /// The series of a script's file; `further` are its other labels, each behind a comma.
    pub fn script_series(&self, name: &str, file: &str, further: &str) -> String {
        format!("lockgate_script_{name}{{script=\"{}\"{further}}}", self.dir.path().join(file).display())
    }

    /// The value of a series, 0 when there is none.
    pub fn metric(&self, series: &str) -> f64 {
        let metrics = self.metrics();
        let line = metrics.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        line.map_or(0.0, |value| value.parse().unwrap())
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn whole(address: SocketAddr, admin: SocketAddr, yaml: &str) -> String {
    format!("version: 1\nlisteners: [{{ address: \"{address}\" }}]\nadmin: {{ address: \"{admin}\" }}\n{yaml}\n")
}

fn spawn(dir: &Dir, address: SocketAddr, admin: SocketAddr, yaml: &str, environment: &[(&str, &str)]) -> Child {
    let config = dir.write("lockgate.yaml", whole(address, admin, yaml));
    let out = |name: &str| Stdio::from(std::fs::File::create(dir.path().join(name)).unwrap());
    Command::new(binary())
        .args(["run", "--config"])
        .arg(config)
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .stdout(out("stdout"))
        .stderr(out("stderr"))
        .spawn()
        .unwrap()
}

pub fn binary() -> &'static str {
    env!("CARGO_BIN_EXE_lockgate")
}

/// A response as received.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A raw HTTP/1.1 connection.
pub struct Client {
    reader: BufReader<TcpStream>,
}

impl Client {
    pub fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { reader: BufReader::new(stream) }
    }

    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.reader.get_mut().write_all(bytes.as_ref()).unwrap();
    }

    pub fn request(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            head += "host: test.example\r\n";
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() {
            head += &format!("content-length: {}\r\n", body.len());
        }
        self.send(head + "\r\n" + body);
        self.answer(method == "HEAD")
    }

    /// Reads one response; `silent` when it answers HEAD.
    pub fn answer(&mut self, silent: bool) -> Answer {
        self.try_answer(silent).expect("a response")
    }

    /// Reads one response, or `None` when the connection ends first.
    pub fn try_answer(&mut self, silent: bool) -> Option<Answer> {
        let status_line = self.line()?;
        let status = status_line.split(' ').nth(1)?.parse().ok()?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':')?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut answer = Answer { status, headers, body: Vec::new() };
        if silent || status == 304 || status == 204 || status < 200 {
            return Some(answer);
        }
        if let Some(length) = answer.header("content-length").map(|length| length.parse::<usize>().unwrap()) {
            answer.body = vec![0; length];
            self.reader.read_exact(&mut answer.body).ok()?;
        } else if answer.header("transfer-encoding") == Some("chunked") {
            loop {
                let length = usize::from_str_radix(&self.line()?, 16).ok()?;
                let start = answer.body.len();
                answer.body.resize(start + length, 0);
                self.reader.read_exact(&mut answer.body[start..]).ok()?;
                self.line()?;
                if length == 0 {
                    break;
                }
            }
        } else {
            self.reader.read_to_end(&mut answer.body).ok()?;
        }
        Some(answer)
    }

    /// Reads so many bytes.
    pub fn take(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.reader.read_exact(&mut bytes).unwrap();
        bytes
    }

    /// Whether the gateway closed the connection in order.
    pub fn is_closed(&mut self) -> bool {
        matches!(self.reader.fill_buf(), Ok([]))
    }

    pub fn stream(&self) -> &TcpStream {
        self.reader.get_ref()
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.reader.read_line(&mut line).ok()?;
        (read > 0).then(|| line.trim_end().to_owned())
    }
}

/// What an origin received.
#[derive(Debug, Clone)]
pub struct Received {
    pub method: String,
    pub target: String,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

/// A small origin: one thread a connection, keep-alive, answers made by a function. Ends with the test.
pub struct Origin {
    pub address: SocketAddr,
    pub received: Arc<Mutex<Vec<Received>>>,
    stop: Arc<AtomicBool>,
}

impl Origin {
    /// An origin whose function writes whole responses.
    pub fn start(respond: impl Fn(&Received, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let (log, stopped, respond) = (Arc::clone(&received), Arc::clone(&stop), Arc::new(respond));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let (log, respond) = (Arc::clone(&log), Arc::clone(&respond));
                std::thread::spawn(move || connection(stream, &log, &*respond));
            }
        });
        Self { address, received, stop }
    }

    /// An origin that says what it was asked.
    pub fn echo() -> Self {
        Self::start(|request, stream| {
            let text = format!("{} {} {}", request.method, request.target, String::from_utf8_lossy(&request.body));
            ok(stream, &text);
        })
    }

    pub fn last(&self) -> Received {
        self.received.lock().unwrap().last().cloned().expect("a request at the origin")
    }

    pub fn count(&self) -> usize {
        self.received.lock().unwrap().len()
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

/// Writes a 200 with a body.
pub fn ok(stream: &mut TcpStream, body: &str) {
    let _ = write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nx-origin: yes\r\n\r\n{body}", body.len());
}

fn connection(stream: TcpStream, log: &Mutex<Vec<Received>>, respond: &dyn Fn(&Received, &mut TcpStream)) {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut writer = stream.try_clone().unwrap();
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let mut words = line.split(' ').map(str::to_owned);
        let (method, target) = (words.next().unwrap(), words.next().unwrap_or_default());
        let mut headers = HashMap::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            match line.trim_end().split_once(':') {
                Some((name, value)) => headers.insert(name.to_ascii_lowercase(), value.trim().to_owned()),
                None => break,
            };
        }
        let mut body = Vec::new();
        if let Some(length) = headers.get("content-length") {
            body = vec![0; length.parse().unwrap()];
            if reader.read_exact(&mut body).is_err() {
                return;
            }
        } else if headers.contains_key("transfer-encoding") {
            loop {
                let mut size = String::new();
                if reader.read_line(&mut size).unwrap_or(0) == 0 {
                    return;
                }
                let size = usize::from_str_radix(size.trim(), 16).unwrap();
                let mut chunk = vec![0; size + 2];
                if reader.read_exact(&mut chunk).is_err() {
                    return;
                }
                body.extend_from_slice(&chunk[..size]);
                if size == 0 {
                    break;
                }
            }
        }
        let request = Received { method, target, headers, body };
        log.lock().unwrap().push(request.clone());
        respond(&request, &mut writer);
    }
}
