//! The access log: one logfmt line a request, written by a thread of its own.
//!
//! A request appends its line to a shared buffer and goes on. When the destination is slow or full, lines are dropped
//! and counted; a request never waits and never fails for its log line.
use crate::metrics::Metrics;
use lockgate_conf::model::AccessLog as Destination;
use std::fmt::{self, Write as _};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

/// Bytes of lines that may wait for the writer.
const BUFFER_LIMIT: usize = 4 << 20;
/// Lines of this long are written together.
const BATCH_TIME: Duration = Duration::from_millis(20);
/// At most one complaint on standard error in this time.
const COMPLAINT_INTERVAL: Duration = Duration::from_secs(60);

/// What the log says about a request.
#[derive(Debug)]
pub struct Line<'a> {
    /// When its head arrived.
    pub time: SystemTime,
    /// The client's address.
    pub client: Option<SocketAddr>,
    /// Request method.
    pub method: &'a str,
    /// Request target as received.
    pub target: &'a [u8],
    /// Response status; 499 for a client that left before.
    pub status: u16,
    /// Response body bytes sent.
    pub bytes: usize,
    /// From the head to the last byte.
    pub took: Duration,
    /// Name of the route.
    pub route: &'a str,
    /// `name host:port` of the origin, empty for none.
    pub upstream: &'a str,
    /// The request's id.
    pub request_id: &'a str,
    /// Why it failed, [`crate::failure::FailureKind::reason`].
    pub error: Option<&'a str>,
    /// More about the failure.
    pub detail: Option<&'a str>,
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "time={} client=", Timestamp(self.time))?;
        match self.client {
            Some(client) => write!(f, "{client}")?,
            None => f.write_char('-')?,
        }
        write!(
            f,
            " method={} target={} status={} bytes={} us={} route={} upstream={} id={}",
            Quoted(self.method.as_bytes()),
            Quoted(self.target),
            self.status,
            self.bytes,
            self.took.as_micros(),
            Quoted(self.route.as_bytes()),
            Quoted(self.upstream.as_bytes()),
            self.request_id,
        )?;
        if let Some(error) = self.error {
            write!(f, " error={error}")?;
        }
        if let Some(detail) = self.detail {
            write!(f, " detail={}", Quoted(detail.as_bytes()))?;
        }
        f.write_char('\n')
    }
}

/// A value of logfmt: quoted when it holds more than plain characters, `-` when it is empty; no byte can break the line.
pub(crate) struct Quoted<'a>(pub(crate) &'a [u8]);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_char('-');
        }
        let plain = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'=' | b'\\');
        if self.0.iter().all(plain) {
            return f.write_str(std::str::from_utf8(self.0).unwrap_or("-"));
        }
        f.write_char('"')?;
        for chunk in self.0.utf8_chunks() {
            for character in chunk.valid().chars() {
                match character {
                    '"' | '\\' => write!(f, "\\{character}")?,
                    _ if character.is_control() => write!(f, "\\u{{{:x}}}", u32::from(character))?,
                    _ => f.write_char(character)?,
                }
            }
            for byte in chunk.invalid() {
                write!(f, "\\x{byte:02x}")?;
            }
        }
        f.write_char('"')
    }
}

/// RFC 3339 in UTC with milliseconds.
struct Timestamp(SystemTime);

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let since_epoch = self.0.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let (days, second) = (since_epoch.as_secs() / 86_400, since_epoch.as_secs() % 86_400);
        let (year, month, day) = civil_from_days(days);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let millis = since_epoch.subsec_millis();
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
    }
}

/// The Gregorian date of a day since 1970-01-01 (years counted from March, eras of 400 years).
fn civil_from_days(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

/// The log of the process; clones share one writer.
#[derive(Debug, Clone)]
pub struct AccessLog {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// No destination: asked by every request, without the lock.
    off: AtomicBool,
    /// Lines wait, the destination changed, or the log ends.
    wake: Condvar,
    metrics: Arc<Metrics>,
}

#[derive(Debug, Default)]
struct State {
    lines: Vec<u8>,
    /// Where in `lines` a destination takes over from the one before; `None` is no log.
    switches: Vec<(usize, Option<Output>)>,
    closed: bool,
}

/// Where lines go.
#[derive(Debug)]
enum Output {
    Stdout,
    File(File),
}

impl Output {
    fn open(destination: &Destination) -> io::Result<Option<Self>> {
        Ok(match destination {
            Destination::Off => None,
            Destination::Stdout => Some(Self::Stdout),
            Destination::File(path) => Some(Self::File(OpenOptions::new().create(true).append(true).open(path)?)),
        })
    }

    fn write_all(&mut self, lines: &[u8]) -> io::Result<()> {
        match self {
            Self::Stdout => {
                let mut stdout = io::stdout().lock();
                stdout.write_all(lines)?;
                stdout.flush()
            }
            Self::File(file) => file.write_all(lines),
        }
    }
}

impl AccessLog {
    /// Opens the destination and starts the writer.
    ///
    /// # Errors
    /// The file cannot be opened, or no thread can be started.
    pub fn start(destination: &Destination, metrics: Arc<Metrics>) -> io::Result<(Self, Writer)> {
        let output = Output::open(destination)?;
        let off = AtomicBool::new(output.is_none());
        let shared = Arc::new(Shared { state: Mutex::default(), off, wake: Condvar::new(), metrics });
        let log = Self { shared: Arc::clone(&shared) };
        let thread = std::thread::Builder::new().name("access-log".into()).spawn(move || shared.write(output))?;
        Ok((log.clone(), Writer { log, thread }))
    }

    /// Appends a line, or counts it as dropped. Never blocks on I/O.
    pub fn write(&self, line: &Line<'_>) {
        if self.is_off() {
            return;
        }
        let mut state = self.shared.lock();
        if state.lines.len() >= BUFFER_LIMIT {
            drop(state);
            self.shared.metrics.access_log_dropped.inc();
            return;
        }
        let first = state.lines.is_empty();
        let start = state.lines.len();
        if write!(&mut state.lines, "{line}").is_err() {
            state.lines.truncate(start);
        }
        drop(state);
        if first {
            self.shared.wake.notify_one();
        }
    }

    /// Whether lines are written at all.
    pub fn is_off(&self) -> bool {
        self.shared.off.load(Ordering::Relaxed)
    }

    /// Opens `destination`, anew also when it is the same file, so that a rotated log starts a new file. Lines from now
    /// on go there, those before to where they were meant to go.
    ///
    /// # Errors
    /// The file cannot be opened; the log goes on as before.
    pub fn reopen(&self, destination: &Destination) -> io::Result<()> {
        let output = Output::open(destination)?;
        let mut state = self.shared.lock();
        self.shared.off.store(output.is_none(), Ordering::Relaxed);
        let from = state.lines.len();
        state.switches.push((from, output));
        drop(state);
        self.shared.wake.notify_one();
        Ok(())
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while a line was formatted leaves at worst a torn line.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, mut output: Option<Output>) {
        let mut lines = Vec::new();
        let mut complaints = Complaints::default();
        loop {
            let mut state = self.lock();
            while state.lines.is_empty() && !state.closed && state.switches.is_empty() {
                state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            let closed = state.closed;
            if !closed && state.switches.is_empty() {
                // Lets a batch gather, so that the writer costs little under load.
                drop(state);
                std::thread::sleep(BATCH_TIME);
                state = self.lock();
            }
            std::mem::swap(&mut lines, &mut state.lines);
            let switches = std::mem::take(&mut state.switches);
            drop(state);
            let mut written = 0;
            for (from, next) in switches {
                self.put(&mut output, &lines[written..from], &mut complaints);
                output = next;
                written = from;
            }
            self.put(&mut output, &lines[written..], &mut complaints);
            lines.clear();
            lines.shrink_to(64 << 10);
            if closed {
                return;
            }
        }
    }

    /// Writes lines, or counts them as dropped.
    fn put(&self, output: &mut Option<Output>, lines: &[u8], complaints: &mut Complaints) {
        if lines.is_empty() {
            return;
        }
        if let Some(output) = output
            && let Err(error) = output.write_all(lines)
        {
            let count = lines.iter().filter(|byte| **byte == b'\n').count();
            self.metrics.access_log_dropped.inc_by(count as u64);
            complaints.say(&error);
        }
    }
}

/// Complaints about the destination on standard error, one at a time.
#[derive(Default)]
struct Complaints {
    last: Option<std::time::Instant>,
}

impl Complaints {
    fn say(&mut self, error: &io::Error) {
        if self.last.is_none_or(|at| at.elapsed() > COMPLAINT_INTERVAL) {
            self.last = Some(std::time::Instant::now());
            // Standard error may be as full as the log.
            let _ = writeln!(io::stderr(), "lockgate: access log: {error}; lines are dropped and counted");
        }
    }
}

/// The writer thread; finishing it writes what is still buffered.
#[derive(Debug)]
pub struct Writer {
    log: AccessLog,
    thread: JoinHandle<()>,
}

impl Writer {
    /// Writes the rest, for at most `patience`: a blocked destination does not hold up the end of the process.
    pub fn finish(self, patience: Duration) {
        self.log.shared.lock().closed = true;
        self.log.shared.wake.notify_one();
        let deadline = std::time::Instant::now() + patience;
        while !self.thread.is_finished() && std::time::Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line<'a>(target: &'a [u8], detail: Option<&'a str>) -> Line<'a> {
        Line {
            time: SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_225_153_042),
            client: Some("127.0.0.1:5000".parse().unwrap()),
            method: "GET",
            target,
            status: 502,
            bytes: 12,
            took: Duration::from_micros(77),
            route: "/api/*",
            upstream: "",
            request_id: "0123",
            error: Some("upstream_refused"),
            detail,
        }
    }

    #[test]
    fn one_line_whatever_the_request_says() {
        let text = line(b"/a?b=\"c\"\n\xff", Some("no\tway")).to_string();
        assert_eq!(
            text,
            "time=2026-11-21T01:39:13.042Z client=127.0.0.1:5000 method=GET target=\"/a?b=\\\"c\\\"\\u{a}\\xff\" \
             status=502 bytes=12 us=77 route=/api/* upstream=- id=0123 error=upstream_refused detail=\"no\\u{9}way\"\n"
        );
    }

    #[test]
    fn dates() {
        for (days, date) in [(0, (1970, 1, 1)), (59, (1970, 3, 1)), (11_016, (2000, 2, 29)), (20_777, (2026, 11, 20))] {
            assert_eq!(civil_from_days(days), date);
        }
    }

    #[test]
    fn a_full_disk_costs_lines_and_nothing_else() {
        let metrics = Arc::new(Metrics::new());
        let full = Destination::File("/dev/full".into());
        let Ok((log, writer)) = AccessLog::start(&full, Arc::clone(&metrics)) else { return };
        for _ in 0..10 {
            log.write(&line(b"/", None));
        }
        writer.finish(Duration::from_secs(60));
        assert_eq!(metrics.access_log_dropped.get(), 10);
    }

    #[test]
    fn rotation() {
        let dir = std::env::temp_dir().join(format!("lockgate-log-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let path = dir.join("access.log");
        let destination = Destination::File(path.clone());
        let (log, writer) = AccessLog::start(&destination, Arc::new(Metrics::new())).unwrap();
        log.write(&line(b"/one", None));
        std::fs::rename(&path, dir.join("access.log.1")).unwrap();
        log.reopen(&destination).unwrap();
        log.write(&line(b"/two", None));
        std::fs::rename(&path, dir.join("access.log.2")).unwrap();
        log.reopen(&destination).unwrap();
        log.write(&line(b"/three", None));
        log.reopen(&Destination::Off).unwrap();
        log.write(&line(b"/four", None));
        writer.finish(Duration::from_secs(60));
        for (name, target) in [("access.log.1", "/one"), ("access.log.2", "/two"), ("access.log", "/three")] {
            let lines = std::fs::read_to_string(dir.join(name)).unwrap();
            assert!(lines.lines().count() == 1 && lines.contains(target), "{name}: {lines}");
        }
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
