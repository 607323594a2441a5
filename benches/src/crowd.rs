//! A crowd: ten thousand requests that await a slow origin at once, over a reload; then more requests than runtimes may be.
//!
//! `cargo run --release -p lockgate-benches --bin crowd`. Each waiting request takes two descriptors of the gateway, its client's and
//! its origin's; where the limit of descriptors is too low, as many as fit.
#![forbid(unsafe_code)]
use lockgate_benches::binaries;
use lockgate_benches::server::{Server, free_port};
use rustix::process::{Resource, getrlimit};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

const CROWD: usize = 10_000;
/// Descriptors of the gateway that are nobody's request.
const OTHERS: usize = 100;
/// Most memory of the gateway. An image's page that a thousand runtimes map is resident once, though the process's resident size
/// counts it a thousand times.
const BAR: u64 = 1_200_000_000;
/// Runtimes in the second part, and requests beyond them.
const CAP: usize = 1000;
const BEYOND: usize = 200;
/// Nothing may take longer.
const PATIENCE: Duration = Duration::from_secs(120);

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let measured = runtime.map_err(|error| error.to_string()).and_then(|runtime| runtime.block_on(run()));
    match measured {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("crowd: {why}");
            ExitCode::from(2)
        }
    }
}

async fn run() -> Result<bool, String> {
    let binaries = binaries::build()?;
    let scratch = std::env::temp_dir().join(format!("crowd-{}", std::process::id()));
    std::fs::create_dir_all(&scratch).map_err(|error| format!("{}: {error}", scratch.display()))?;
    let descriptors = getrlimit(Resource::Nofile).current.map_or(usize::MAX, |limit| limit as usize);
    let crowd = CROWD.min((descriptors - OTHERS) / 2);
    let first = Part { runtimes: CROWD + 100, requests: crowd, reloads: true };
    let second = Part { runtimes: CAP, requests: CAP + BEYOND, reloads: false };
    let mut met = true;
    for part in [first, second] {
        let seen = part.run(&binaries.lockgate, &scratch).await?;
        let refused = part.requests.saturating_sub(part.runtimes);
        println!(
            "{} requests, {} runtimes at most: {} answered, {} refused, {} failed; {:.1} s until all waited; {} MB of memory while all wait, {} KB each",
            part.requests,
            part.runtimes,
            seen.answered,
            seen.refused,
            seen.failed.len(),
            seen.gathered.as_secs_f64(),
            seen.memory / 1_000_000,
            seen.memory / 1000 / seen.answered.max(1) as u64,
        );
        seen.failed.iter().take(3).for_each(|why| println!("  {why}"));
        met &= seen.failed.is_empty() && seen.refused == refused && seen.memory <= BAR;
    }
    // A directory of our own that stays behind is only clutter.
    let _ = std::fs::remove_dir_all(&scratch);
    if crowd < CROWD {
        println!("{crowd}, not {CROWD}: a process has {descriptors} descriptors here");
    }
    Ok(met)
}

/// A gateway, and how many ask it.
struct Part {
    runtimes: usize,
    requests: usize,
    /// Reloads it while all wait.
    reloads: bool,
}

#[derive(Default)]
struct Seen {
    answered: usize,
    refused: usize,
    failed: Vec<String>,
    gathered: Duration,
    memory: u64,
}

impl Part {
    async fn run(&self, lockgate: &Path, scratch: &Path) -> Result<Seen, String> {
        let origin = Origin::start().await?;
        let port = free_port()?;
        self.write(scratch, port, origin.port, "first")?;
        let mut command = Command::new(lockgate);
        command.args(["run", "--config", "crowd.yaml"]).current_dir(scratch);
        let server = Server::start(command, port)?;
        let mut clients = JoinSet::new();
        let start = Instant::now();
        for _ in 0..self.requests {
            clients.spawn(async move {
                tokio::time::timeout(PATIENCE, ask(port)).await.unwrap_or_else(|_| Err("no answer".into()))
            });
            // Connections in an even stream, not all in one burst.
            tokio::task::yield_now().await;
        }
        let waiting = self.requests.min(self.runtimes);
        while origin.waiting.load(Relaxed) < waiting {
            if start.elapsed() > PATIENCE {
                return Err(format!("{} of {waiting} requests reached the origin", origin.waiting.load(Relaxed)));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let mut seen = Seen { gathered: start.elapsed(), ..Seen::default() };
        if self.reloads {
            self.write(scratch, port, origin.port, "second")?;
            server.reload();
        }
        // Those beyond the runtimes are refused while the others wait; a reload takes its time, too.
        tokio::time::sleep(Duration::from_secs(3)).await;
        seen.memory = server.memory()?;
        origin.release();
        while let Some(ended) = clients.join_next().await {
            match ended.map_err(|error| error.to_string())? {
                Ok(200) => seen.answered += 1,
                Ok(503) => seen.refused += 1,
                Ok(status) => seen.failed.push(format!("status {status}")),
                Err(why) => seen.failed.push(why),
            }
        }
        server.end()?;
        Ok(seen)
    }

    fn write(&self, scratch: &Path, port: u16, origin: u16, word: &str) -> Result<(), String> {
        let yaml = format!(
            "version: 1\nlisteners: [{{ address: 127.0.0.1:{port} }}]\nmax_connections: 100000\n\
             runtimes: {{ max: {}, warm: 8, queue_timeout: 1s, trip_after: 0 }}\n\
             defaults: {{ limits: {{ wall: 10m }} }}\nroutes:\n\
             - {{ match: {{ path: /wait }}, handler: wait.js }}\n- {{ match: {{ path: / }}, handler: root.js }}\n",
            self.runtimes
        );
        let wait = format!(
            "export default {{ async fetch(request) {{ const r = await fetch('http://127.0.0.1:{origin}/slow'); \
             return new Response(await r.text()); }} }}; // {word}\n"
        );
        let root = "export default () => new Response('up');".to_owned();
        for (name, text) in [("crowd.yaml", yaml), ("wait.js", wait), ("root.js", root)] {
            std::fs::write(scratch.join(name), text).map_err(|error| format!("{name}: {error}"))?;
        }
        Ok(())
    }
}

/// One request on a connection of its own; its status.
async fn ask(port: u16) -> Result<u16, String> {
    let fail = |error: std::io::Error| error.to_string();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.map_err(fail)?;
    stream.write_all(b"GET /wait HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.map_err(fail)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.map_err(fail)?;
    let text = String::from_utf8_lossy(&answer);
    let status = text.get(9..12).and_then(|status| status.parse().ok()).ok_or("no status")?;
    if status == 200 && !text.ends_with("\r\n\r\nat last") {
        return Err(format!("answered {text}"));
    }
    Ok(status)
}

/// An origin that answers all at once, when it is told to.
struct Origin {
    port: u16,
    waiting: Arc<AtomicUsize>,
    go: watch::Sender<bool>,
}

impl Origin {
    async fn start() -> Result<Origin, String> {
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|error| error.to_string())?;
        let port = listener.local_addr().map_err(|error| error.to_string())?.port();
        let waiting = Arc::new(AtomicUsize::new(0));
        let (go, wait) = watch::channel(false);
        let count = Arc::clone(&waiting);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&count), wait.clone()));
            }
        });
        Ok(Origin { port, waiting, go })
    }

    fn release(&self) {
        // Whoever waits has a receiver.
        let _ = self.go.send(true);
    }
}

async fn answer(mut stream: TcpStream, waiting: Arc<AtomicUsize>, mut go: watch::Receiver<bool>) {
    let mut head = [0; 4096];
    if !matches!(stream.read(&mut head).await, Ok(1..)) {
        return;
    }
    waiting.fetch_add(1, Relaxed);
    if go.wait_for(|go| *go).await.is_ok() {
        // The gateway may have given up.
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nat last").await;
    }
}
