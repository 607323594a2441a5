//! Fairness: how long `/api/health` takes while an endless loop runs on each worker, on another route.
//!
//! `cargo run --release -p lockgate-benches --bin fair`: five rounds, each quiet first, then beside the loops; the 99th percentiles.
#![forbid(unsafe_code)]
use lockgate_benches::binaries::{self, Binaries};
use lockgate_benches::client::Client;
use lockgate_benches::median;
use lockgate_benches::server::{Server, free_port};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;
/// Clients that ask `/api/health`, and how often each does.
const CLIENTS: usize = 4;
const REQUESTS: usize = 500;
/// Pause of a client between two requests: the loops are to run meanwhile.
const PAUSE: Duration = Duration::from_millis(3);
/// What the loops may add.
const BAR: Duration = Duration::from_millis(5);
/// A worker runs a loop if its thread used this share of the time.
const BUSY: f64 = 0.3;
const LOOK: Duration = Duration::from_millis(300);

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("fair: {why}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<bool, String> {
    let scratch = std::env::temp_dir().join(format!("fair-{}", std::process::id()));
    std::fs::create_dir_all(&scratch).map_err(|error| format!("{}: {error}", scratch.display()))?;
    let measured = measure(&binaries::build()?, &scratch);
    // A directory of our own that stays behind is only clutter.
    let _ = std::fs::remove_dir_all(&scratch);
    measured
}

fn measure(binaries: &Binaries, scratch: &Path) -> Result<bool, String> {
    let port = free_port()?;
    let files = [
        ("health.js", "export default () => Response.json({ status: 'ok' });".to_owned()),
        ("loop.js", "export default { fetch() { for (;;); } };".to_owned()),
        (
            "fair.yaml",
            format!(
                "version: 1\nlisteners: [{{ address: 127.0.0.1:{port} }}]\ndefaults: {{ limits: {{ cpu: off, wall: 1h }} }}\nroutes:\n\
                 - {{ match: {{ path: /api/health }}, handler: health.js }}\n- {{ match: {{ path: /loop }}, handler: loop.js }}\n"
            ),
        ),
    ];
    for (name, text) in &files {
        std::fs::write(scratch.join(name), text).map_err(|error| format!("{name}: {error}"))?;
    }
    let mut command = Command::new(&binaries.lockgate);
    command.args(["run", "--config", "fair.yaml"]).current_dir(scratch);
    let server = Server::start(command, port)?;
    let mut added = Vec::new();
    println!("round  quiet p99  with loops p99  added, us");
    for round in 1..=ROUNDS {
        let quiet = percentile(port)?;
        let loops = occupy(&server, port)?;
        let busy = percentile(port)?;
        drop(loops);
        let more = busy.saturating_sub(quiet);
        println!("{round:>5} {:>10} {:>15} {:>6}", quiet.as_micros(), busy.as_micros(), more.as_micros());
        added.push(more.as_secs_f64());
    }
    server.end()?;
    let median = Duration::from_secs_f64(median(added));
    println!("median: {} us added, bar {} us", median.as_micros(), BAR.as_micros());
    Ok(median <= BAR)
}

/// The 99th percentile of all clients' requests.
fn percentile(port: u16) -> Result<Duration, String> {
    let ask = || {
        let mut client = Client::connect(port, "/api/health").map_err(|error| error.to_string())?;
        let mut times = Vec::with_capacity(REQUESTS);
        for _ in 0..REQUESTS {
            std::thread::sleep(PAUSE);
            let start = Instant::now();
            let (head, _) = client.ask().map_err(|error| error.to_string())?;
            times.push(start.elapsed());
            if !head.starts_with("HTTP/1.1 200 ") {
                return Err(format!("/api/health answered {head}"));
            }
        }
        Ok(times)
    };
    let mut all = Vec::new();
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(ask)).collect();
        for client in clients {
            all.extend(client.join().map_err(|_| "a client panicked")??);
        }
        Ok::<(), String>(())
    })?;
    all.sort_unstable();
    Ok(all[all.len() * 99 / 100])
}

/// Endless loops, one on each worker: a connection goes to whichever worker the kernel picks, so those that meet a busy one are
/// given up. They end with the connections.
fn occupy(server: &Server, port: u16) -> Result<Vec<Client>, String> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let mut loops = Vec::new();
    // What ran before is to end first.
    while server.busy_threads("worker-", LOOK, BUSY)? > 0 {}
    for _ in 0..1000 {
        if loops.len() == workers {
            return Ok(loops);
        }
        let mut client = Client::connect(port, "/loop").map_err(|error| error.to_string())?;
        client.send().map_err(|error| error.to_string())?;
        // With a second loop on one worker the number of busy ones stays.
        let busy = server.busy_threads("worker-", LOOK, BUSY)?;
        if busy > loops.len() {
            loops.push(client);
        }
    }
    Err("no loop reaches the last worker".to_owned())
}
