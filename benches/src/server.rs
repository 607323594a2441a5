//! A server process under measurement.
use crate::client::Client;
use rustix::process::{Pid, Signal, kill_process};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

/// How long a server may take to answer or to end; callgrind slows a start by about fifty.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running server; ended with the value.
#[derive(Debug)]
pub struct Server {
    child: Child,
    port: u16,
}

impl Server {
    /// Starts `command`, which will listen on `port`.
    ///
    /// # Errors
    /// It does not start.
    pub fn spawn(mut command: Command, port: u16) -> Result<Self, String> {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        child.map(|child| Self { child, port }).map_err(|error| format!("{command:?}: {error}"))
    }

    /// The same, and waits until it answers: a port that is open may be a probe that is closed again.
    ///
    /// # Errors
    /// It does not start, or does not answer in time.
    pub fn start(command: Command, port: u16) -> Result<Self, String> {
        let shown = format!("{command:?}");
        let mut server = Self::spawn(command, port)?;
        let deadline = Instant::now() + PATIENCE;
        while Client::connect(port, "/").and_then(|mut client| client.ask().map(drop)).is_err() {
            if let Ok(Some(status)) = server.child.try_wait() {
                return Err(format!("{shown} ended with {status}"));
            }
            if Instant::now() > deadline {
                return Err(format!("{shown} does not answer"));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(server)
    }

    /// A connection to it.
    ///
    /// # Errors
    /// It does not accept.
    pub fn client(&self, path: &str) -> Result<Client, String> {
        Client::connect(self.port, path).map_err(|error| format!("port {}: {error}", self.port))
    }

    /// Tells it to read its configuration again.
    pub fn reload(&self) {
        self.signal(Signal::HUP);
    }

    /// Memory that is this process's: its share of resident pages, each page of an image divided by those that map it, and its
    /// page tables; bytes (proc(5), smaps_rollup and status).
    ///
    /// # Errors
    /// It is gone.
    pub fn memory(&self) -> Result<u64, String> {
        let field = |file: &str, name: &str| {
            let text =
                std::fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).map_err(|e| e.to_string())?;
            let kib = text.lines().find_map(|line| line.strip_prefix(name)?.trim().strip_suffix(" kB")?.parse().ok());
            kib.map(|kib: u64| kib * 1024).ok_or_else(|| format!("{file} without {name}"))
        };
        Ok(field("smaps_rollup", "Pss:")? + field("status", "VmPTE:")?)
    }

    /// How many of its threads whose name begins so used more than `share` of the time that this looks (proc(5), stat).
    ///
    /// # Errors
    /// It is gone.
    pub fn busy_threads(&self, name: &str, look: Duration, share: f64) -> Result<usize, String> {
        let before = self.cpu_of_threads(name)?;
        std::thread::sleep(look);
        let after = self.cpu_of_threads(name)?;
        Ok(before.iter().zip(&after).filter(|(before, after)| **after - **before > look.as_secs_f64() * share).count())
    }

    /// Seconds of CPU time of its threads, in the order of their ids.
    fn cpu_of_threads(&self, name: &str) -> Result<Vec<f64>, String> {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).map_err(|error| error.to_string())?;
        let mut threads: Vec<_> = tasks.filter_map(|task| Some(task.ok()?.path())).collect();
        threads.sort();
        let seconds = |path: &std::path::PathBuf| {
            let stat = std::fs::read_to_string(path.join("stat")).ok()?;
            let (head, fields) = stat.rsplit_once(')')?;
            let ticks = |at: usize| fields.split_ascii_whitespace().nth(at)?.parse::<f64>().ok();
            // utime and stime, in hundredths of a second.
            head.split_once('(')?.1.starts_with(name).then_some((ticks(11)? + ticks(12)?) / 100.0)
        };
        Ok(threads.iter().filter_map(seconds).collect())
    }

    /// Asks it to end and waits until it did.
    ///
    /// # Errors
    /// It does not end in time.
    pub fn end(mut self) -> Result<(), String> {
        self.terminate();
        let deadline = Instant::now() + PATIENCE;
        while matches!(self.child.try_wait(), Ok(None)) {
            if Instant::now() > deadline {
                return Err("a server does not end".to_owned());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if let Some(pid) = pid {
            // It may have ended by itself; whoever waits for it sees that.
            let _ = kill_process(pid, signal);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            // Ended between the two calls, or ends now; either way it is waited for.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// A port that nobody listens on, above the range that the kernel takes ports of its own from (to 60,999).
///
/// # Errors
/// There is none.
pub fn free_port() -> Result<u16, String> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    const FIRST: u16 = 61_000;
    const COUNT: u16 = 4_500;
    // Processes that run side by side start at places of their own.
    let place = (std::process::id() % u32::from(COUNT)) as u16;
    let candidates = (0..COUNT).map(|_| FIRST + (place + NEXT.fetch_add(1, Ordering::Relaxed) % COUNT) % COUNT);
    let mut free = candidates.filter(|&port| TcpListener::bind(("127.0.0.1", port)).is_ok());
    free.next().ok_or_else(|| "no free port".to_owned())
}
