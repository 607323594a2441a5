//! The release binary under a generated configuration.
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Nothing that the gateway is asked may take longer.
const PATIENCE: Duration = Duration::from_secs(60);
/// Descriptors are settled when their number stays for so long.
const SETTLED: Duration = Duration::from_secs(3);

/// The gateway and its directory; both are gone when this is dropped.
pub struct Gateway {
    pub address: SocketAddr,
    origin: SocketAddr,
    dir: PathBuf,
    child: Child,
    /// What it says on standard error.
    said: Receiver<String>,
}

impl Gateway {
    /// Starts the release binary beside this one with version 0.
    pub fn start(origin: SocketAddr) -> Result<Self, String> {
        let binary = std::env::current_exe().map_err(|error| error.to_string())?.with_file_name("lockgate");
        if !binary.exists() {
            return Err(format!("{} is not there: run `cargo build --release` first", binary.display()));
        }
        let dir = std::env::temp_dir().join(format!("lockgate-soak-{}", std::process::id()));
        std::fs::create_dir_all(dir.join("public")).map_err(|error| error.to_string())?;
        let address = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
        let address = address.map_err(|error| error.to_string())?;
        write_version(&dir, address, origin, 0).map_err(|error| error.to_string())?;
        let mut child = Command::new(binary)
            .args(["run", "--config", "lockgate.yaml"])
            .current_dir(&dir)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let (tell, said) = channel();
        let stderr = child.stderr.take().ok_or("no standard error")?;
        std::thread::spawn(move || {
            BufReader::new(stderr).lines().map_while(Result::ok).try_for_each(|line| tell.send(line))
        });
        let gateway = Self { address, origin, dir, child, said };
        gateway.wait_for(&format!("on http://{address}"))?;
        Ok(gateway)
    }

    /// Puts a version in place of the one before and waits until it is live.
    pub fn reload(&mut self, version: u64) -> Result<(), String> {
        write_version(&self.dir, self.address, self.origin, version).map_err(|error| error.to_string())?;
        let sent = Command::new("kill").args(["-HUP", &self.child.id().to_string()]).status();
        if !sent.is_ok_and(|status| status.success()) {
            return Err("the gateway is gone".into());
        }
        self.wait_for("lockgate: reloaded")
    }

    fn wait_for(&self, words: &str) -> Result<(), String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let line = self.said.recv_timeout(deadline.saturating_duration_since(Instant::now()));
            let line = line.map_err(|_| format!("the gateway did not say '{words}'"))?;
            if line.contains(words) {
                return Ok(());
            }
            // Everything else it says is a complaint, but for where its listeners are.
            if !line.contains("on http://") {
                return Err(format!("the gateway says: {line}"));
            }
        }
    }

    /// Resident memory (proc(5), statm).
    pub fn resident_bytes(&self) -> Result<u64, String> {
        let statm = std::fs::read_to_string(format!("/proc/{}/statm", self.child.id()));
        let statm = statm.map_err(|error| format!("the gateway's memory: {error}"))?;
        let pages: Option<u64> = statm.split_ascii_whitespace().nth(1).and_then(|pages| pages.parse().ok());
        Ok(pages.ok_or("statm without a resident size")? * 4096)
    }

    /// Open descriptors, once their number stays, or at once when it is the expected one.
    pub fn settled_descriptors(&self, expected: Option<usize>) -> Result<usize, String> {
        let deadline = Instant::now() + PATIENCE;
        let (mut count, mut since) = (self.descriptors()?, Instant::now());
        loop {
            std::thread::sleep(Duration::from_millis(50));
            let now = self.descriptors()?;
            if now != count {
                (count, since) = (now, Instant::now());
            }
            let settled = since.elapsed() >= SETTLED;
            if expected == Some(now) || (settled && expected.is_none()) || Instant::now() >= deadline {
                return Ok(now);
            }
        }
    }

    fn descriptors(&self) -> Result<usize, String> {
        let open = std::fs::read_dir(format!("/proc/{}/fd", self.child.id()));
        Ok(open.map_err(|error| format!("the gateway's descriptors: {error}"))?.count())
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// Writes YAML, scripts and file of a version. Each route tells the version in a header, its own answer tells it again.
fn write_version(dir: &Path, address: SocketAddr, origin: SocketAddr, version: u64) -> std::io::Result<()> {
    let tell = format!("{{ headers: {{ response: {{ set: {{ x-version: \"{version}\" }} }} }} }}");
    let yaml = format!(
        "version: 1
listeners: [{{ address: \"{address}\" }}]
upstreams: {{ origin: {{ servers: [\"{origin}\"] }} }}
routes:
  - {{ match: {{ path: /js }}, handler: handler.js, filters: [{tell}] }}
  - {{ match: {{ path: /up }}, upstream: origin, filters: [{tell}, {{ script: filter.js }}] }}
  - {{ match: {{ path: /file/* }}, static: {{ dir: public }}, filters: [{tell}] }}
  - {{ match: {{ path: /only-{version} }}, handler: handler.js }}
"
    );
    let filter = format!(
        "export function onRequest(request) {{ request.headers.set('x-in', '{version}'); }}
export function onResponse(response) {{ response.headers.set('x-out', '{version}'); }}
"
    );
    let handler = format!("export default {{ fetch(request) {{ return new Response('{version}'); }} }};\n");
    let files = [
        ("lockgate.yaml", yaml),
        ("filter.js", filter),
        ("handler.js", handler),
        ("public/a.txt", version.to_string()),
    ];
    files.iter().try_for_each(|(name, text)| {
        // Renamed into place: a file is served while it is written anew.
        let beside = dir.join("new");
        std::fs::write(&beside, text)?;
        std::fs::rename(beside, dir.join(name))
    })
}
