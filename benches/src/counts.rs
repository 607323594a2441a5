//! User-space instructions of a request, by callgrind: the gateway against Pingora without it, for an answer of a script
//! and for a proxied request between two script filters.
//!
//! `cargo run --release -p lockgate-benches --bin counts` (needs `valgrind`). `--keep DIR` leaves callgrind's files there;
//! `--defaults 'heap: arena'` (or other keys of `defaults`) measures other settings than the usual ones.
#![forbid(unsafe_code)]
use lockgate_benches::binaries::{self, Binaries};
use lockgate_benches::server::{Server, free_port};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Requests of the two runs whose difference is counted: start and end of the process cancel out.
const FEW: u64 = 1_000;
const MANY: u64 = 2_000;

const ANSWER: &str = include_str!("health.json");

const HEALTH: &str = r#"let answered = 0;
export default {
  fetch() {
    return Response.json({ status: "ok", engine: "lockgate", isolation: "request", answered: ++answered });
  },
};
"#;
const ON_REQUEST: &str = "export function onRequest(request) { request.headers.set('x-visitor', 'someone'); }\n";
const ON_RESPONSE: &str =
    "export function onResponse(response) { response.headers.set('x-filtered-by', 'lockgate'); }\n";

/// One comparison.
struct Comparison {
    what: &'static str,
    path: &'static str,
    bare: &'static str,
    /// Most times the instructions of the bare server.
    bar: f64,
}

const COMPARISONS: [Comparison; 2] = [
    Comparison { what: "answer of a script", path: "/api/health", bare: "constant", bar: 1.5 },
    Comparison { what: "proxied, two script filters", path: "/origin/x", bare: "proxy", bar: 1.25 },
];

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("counts: {why}");
            ExitCode::from(2)
        }
    }
}

/// Measures all; whether every bar is met.
fn run() -> Result<bool, String> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| words.iter().position(|word| word == name).and_then(|at| words.get(at + 1));
    let keep = option("--keep").map(PathBuf::from);
    let defaults = option("--defaults").map(|keys| format!("{keys}, ")).unwrap_or_default();
    let scratch = keep.clone().unwrap_or_else(|| std::env::temp_dir().join(format!("counts-{}", std::process::id())));
    std::fs::create_dir_all(&scratch).map_err(|error| format!("{}: {error}", scratch.display()))?;
    let measured = measure(&binaries::build()?, &scratch, &defaults);
    if keep.is_none() {
        // A directory of our own that stays behind is only clutter.
        let _ = std::fs::remove_dir_all(&scratch);
    }
    measured
}

fn measure(binaries: &Binaries, scratch: &Path, defaults: &str) -> Result<bool, String> {
    let origin_port = free_port()?;
    let mut origin = Command::new(&binaries.bare);
    origin.args(["constant", &origin_port.to_string()]);
    let origin = Server::start(origin, origin_port)?;
    println!("{:<28} {:>10} {:>10} {:>7} {:>6}", "instructions per request", "lockgate", "bare", "ratio", "bar");
    let mut met = true;
    for Comparison { what, path, bare, bar } in COMPARISONS {
        let gateway = per_request(scratch, &format!("lockgate-{bare}"), path, |port| {
            let config = write_config(scratch, [port, origin_port], defaults)?;
            Ok((binaries.lockgate.clone(), vec!["run".into(), "--config".into(), config]))
        })?;
        let pingora = per_request(scratch, &format!("bare-{bare}"), path, |port| {
            let mut words = vec![bare.to_owned(), port.to_string()];
            words.extend((bare == "proxy").then(|| origin_port.to_string()));
            Ok((binaries.bare.clone(), words))
        })?;
        let ratio = gateway as f64 / pingora as f64;
        met &= ratio <= bar;
        println!("{what:<28} {gateway:>10} {pingora:>10} {ratio:>7.3} {bar:>6.2}");
    }
    origin.end()?;
    Ok(met)
}

/// Instructions a further request costs the server that `command` names for a port.
fn per_request(
    scratch: &Path,
    name: &str,
    path: &str,
    command: impl Fn(u16) -> Result<(PathBuf, Vec<String>), String>,
) -> Result<u64, String> {
    let count = |requests: u64| {
        let port = free_port()?;
        let (program, words) = command(port)?;
        let out = scratch.join(format!("{name}-{requests}.callgrind"));
        let mut callgrind = Command::new("valgrind");
        callgrind.args(["--tool=callgrind", "--quiet"]);
        callgrind.arg(format!("--callgrind-out-file={}", out.display())).arg(program).args(words);
        let server = Server::start(callgrind, port)?;
        drive(&server, path, requests)?;
        server.end()?;
        total(&out)
    };
    let (few, many) = (count(FEW)?, count(MANY)?);
    Ok(many.saturating_sub(few) / (MANY - FEW))
}

/// Asks over one connection; every answer is checked.
fn drive(server: &Server, path: &str, requests: u64) -> Result<(), String> {
    let mut client = server.client(path)?;
    for _ in 0..requests {
        let (head, body) = client.ask().map_err(|error| format!("{path}: {error}"))?;
        if !head.starts_with("HTTP/1.1 200 ") || body != ANSWER.as_bytes() {
            return Err(format!("{path} answered {head}\n{}", String::from_utf8_lossy(body)));
        }
    }
    Ok(())
}

/// The instructions of a finished run (callgrind format: `totals: COUNT`, `summary: COUNT` in older versions).
fn total(out: &Path) -> Result<u64, String> {
    let text = std::fs::read_to_string(out).map_err(|error| format!("{}: {error}", out.display()))?;
    let count = |line: &str| {
        let count = line.strip_prefix("totals:").or_else(|| line.strip_prefix("summary:"))?;
        count.trim().parse().ok()
    };
    text.lines().rev().find_map(count).ok_or_else(|| format!("{}: no total", out.display()))
}

/// A gateway with one worker and few runtimes: valgrind has little address space for cages.
fn write_config(scratch: &Path, [port, origin]: [u16; 2], defaults: &str) -> Result<String, String> {
    let yaml = format!(
        "version: 1
listeners:
  - address: 127.0.0.1:{port}
workers: 1
runtimes: {{ max: 8, warm: 1 }}
access_log: off
defaults: {{ {defaults}limits: {{ cpu: off }} }}
upstreams:
  origin: {{ servers: [\"127.0.0.1:{origin}\"] }}
routes:
  - match: {{ path: /api/health }}
    handler: {{ script: health.js }}
  - match: {{ path: /origin/* }}
    filters: [{{ script: on-request.js }}, {{ script: on-response.js }}]
    upstream: origin
"
    );
    let files = [
        ("counts.yaml", &*yaml),
        ("health.js", HEALTH),
        ("on-request.js", ON_REQUEST),
        ("on-response.js", ON_RESPONSE),
    ];
    for (name, text) in files {
        let file = scratch.join(name);
        std::fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(scratch.join("counts.yaml").display().to_string())
}
