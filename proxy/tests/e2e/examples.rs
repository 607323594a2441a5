//! Every folder of `examples/`: its configuration, its scripts, its exchange.
use crate::harness::{Client, Dir, PATIENCE, binary, free_port};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// One request and what is expected.
#[derive(Debug, Default)]
struct Exchange {
    line: String,
    headers: Vec<(String, String)>,
    body: String,
    status: u16,
    expected: Vec<(String, String)>,
    absent: Vec<String>,
    text: Option<String>,
}

fn parse(text: &str) -> Vec<Exchange> {
    let header = |line: &str| {
        let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("a header: {line}"));
        (name.trim().to_owned(), value.trim().to_owned())
    };
    let mut all = Vec::new();
    for block in text.split("\n\n").filter(|block| !block.trim().is_empty()) {
        let mut exchange = Exchange::default();
        let mut in_body = false;
        for line in block.lines() {
            let (mark, rest) = line.split_at(1);
            let rest = rest.strip_prefix(' ').unwrap_or(rest);
            match mark {
                ">" if exchange.line.is_empty() => exchange.line = rest.to_owned(),
                ">" if in_body => exchange.body.push_str(rest),
                ">" if rest.is_empty() => in_body = true,
                ">" => exchange.headers.push(header(rest)),
                "<" if exchange.status == 0 => exchange.status = rest.parse().expect("a status"),
                "<" => exchange.expected.push(header(rest)),
                "!" => exchange.absent.push(rest.to_owned()),
                "=" => exchange.text.get_or_insert_default().push_str(rest),
                _ => panic!("what is '{line}'?"),
            }
        }
        all.push(exchange);
    }
    all
}

fn copy(from: &Path, to: &Path, rename: &dyn Fn(String) -> String) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name), rename);
        } else {
            std::fs::write(to.join(name), rename(std::fs::read_to_string(&path).unwrap())).unwrap();
        }
    }
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A configuration in which every script that does not say otherwise has this heap.
fn with_heap(yaml: String, heap: &str) -> String {
    let others = ["arena", "hybrid"].iter().fold(yaml, |yaml, mode| yaml.replace(&format!("heap: {mode}, "), ""));
    match others.contains("defaults: {") {
        true => others.replace("defaults: {", &format!("defaults: {{ heap: {heap},")),
        false => others.replace("\nroutes:", &format!("\ndefaults: {{ heap: {heap} }}\nroutes:")),
    }
}

fn run(name: &str) {
    for heap in ["arena", "hybrid"] {
        run_in(name, heap);
    }
}

fn run_in(name: &str, heap: &str) {
    let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../examples").join(name);
    let dir = Dir::new();
    let (port, admin) = (free_port(), free_port());
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    copy(&source, dir.path(), &|text| {
        let text = text
            .replace("127.0.0.1:8080", &address.to_string())
            .replace("127.0.0.1:9900", &format!("127.0.0.1:{admin}"));
        if text.contains("\nlisteners:") { with_heap(text, heap) } else { text }
    });
    let out = |name: &str| Stdio::from(std::fs::File::create(dir.path().join(name)).unwrap());
    let child = Command::new(binary())
        .args(["run", "--config"])
        .arg(dir.path().join("lockgate.yaml"))
        .stdin(Stdio::null())
        .stdout(out("stdout"))
        .stderr(out("stderr"))
        .spawn()
        .unwrap();
    let mut running = Running(child);
    let stderr = || std::fs::read_to_string(dir.path().join("stderr")).unwrap_or_default();
    let deadline = Instant::now() + PATIENCE;
    while TcpStream::connect(address).is_err() {
        assert!(running.0.try_wait().unwrap().is_none(), "{name}: {}", stderr());
        assert!(Instant::now() < deadline, "{name} does not start: {}", stderr());
        std::thread::sleep(Duration::from_millis(10));
    }
    let exchanges = parse(&std::fs::read_to_string(source.join("expected.txt")).unwrap());
    assert!(!exchanges.is_empty(), "{name} has no exchange");
    for exchange in exchanges {
        let (method, path) = exchange.line.split_once(' ').expect("method and path");
        let headers: Vec<_> = exchange.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = Client::connect(address).request(method, path, &headers, &exchange.body);
        let what = format!("{name}, {heap}: {}: {}\n{}", exchange.line, answer.text(), stderr());
        assert_eq!(answer.status, exchange.status, "{what}");
        for expected in &exchange.expected {
            assert!(answer.headers.contains(expected), "{expected:?} in {:?}\n{what}", answer.headers);
        }
        for absent in &exchange.absent {
            assert_eq!(answer.header(absent), None, "{what}");
        }
        if let Some(text) = &exchange.text {
            assert_eq!(answer.text().trim_end(), text.trim_end(), "{what}");
        }
    }
}

macro_rules! examples {
    ($($test:ident: $name:literal,)+) => {
        const NAMES: &[&str] = &[$($name),+];
        $(#[test] fn $test() { run($name); })+
    };
}

examples! {
    after_the_answer: "after-the-answer",
    auth_filter: "auth-filter",
    choose_upstream: "choose-upstream",
    compose: "compose",
    default_function: "default-function",
    function_handler: "function-handler",
    header_edits: "header-edits",
    hello: "hello",
    hosts: "hosts",
    json_api: "json-api",
    kept_state: "kept-state",
    limits: "limits",
    reused_template: "reused-template",
    rewrite: "rewrite",
    static_site: "static-site",
    timers: "timers",
    tsx_page: "tsx-page",
    two_filters: "two-filters",
    typescript: "typescript",
}

#[test]
fn every_folder_is_run() {
    let folders = std::fs::read_dir(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../examples")).unwrap();
    let mut found: Vec<_> = folders
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("expected.txt").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    found.sort();
    assert_eq!(found, NAMES);
    assert!(found.len() >= 15);
}
