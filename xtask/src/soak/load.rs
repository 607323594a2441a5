//! Clients that ask without pause and hold every answer against the versions that were live meanwhile.
use super::Versions;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What is asked, a connection each.
const PATHS: [&str; 6] = ["/js", "/js", "/up", "/up", "/file/a.txt", "/file/a.txt"];
/// An answer that takes longer is a failed request.
const PATIENCE: Duration = Duration::from_secs(30);
/// The load ends after so many violations: one is enough to fail, a few help to understand.
const MAX_VIOLATIONS: usize = 10;

/// What the clients saw.
#[derive(Debug, Default)]
pub struct Tally {
    /// Good answers by path.
    pub answers: BTreeMap<&'static str, u64>,
    /// Requests that failed, and answers of a version that was not live.
    pub violations: Vec<String>,
}

/// Clients at work.
pub struct Load<'a> {
    address: SocketAddr,
    versions: &'a Versions,
    stop: AtomicBool,
    tally: Mutex<Tally>,
}

impl<'a> Load<'a> {
    /// Runs the clients for as long as `work` takes.
    ///
    /// # Errors
    /// What `work` says.
    pub fn start(
        address: SocketAddr,
        versions: &'a Versions,
        work: impl FnOnce(&Load<'a>) -> Result<(), String>,
    ) -> Result<Tally, String> {
        let load = Load { address, versions, stop: AtomicBool::new(false), tally: Mutex::default() };
        let worked = std::thread::scope(|scope| {
            for path in PATHS {
                let load = &load;
                scope.spawn(move || load.ask(path));
            }
            let worked = work(&load);
            load.stop.store(true, Ordering::SeqCst);
            worked
        });
        worked.map(|()| load.tally.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether something went wrong already.
    pub fn has_violations(&self) -> bool {
        !self.tally.lock().unwrap_or_else(PoisonError::into_inner).violations.is_empty()
    }

    /// One client: a connection, requests on it one after the other.
    fn ask(&self, path: &'static str) {
        let mut good = 0;
        let mut client = None;
        while !self.stop.load(Ordering::SeqCst) {
            match self.ask_once(path, &mut client) {
                Ok(()) => good += 1,
                Err(violation) => {
                    client = None;
                    let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
                    tally.violations.push(format!("{path}: {violation}"));
                    if tally.violations.len() >= MAX_VIOLATIONS {
                        break;
                    }
                }
            }
        }
        *self.tally.lock().unwrap_or_else(PoisonError::into_inner).answers.entry(path).or_default() += good;
    }

    fn ask_once(&self, path: &str, client: &mut Option<Client>) -> Result<(), String> {
        let open = match client {
            Some(open) => open,
            None => client.insert(Client::connect(self.address)?),
        };
        let oldest = self.versions.live.load(Ordering::SeqCst);
        let answer = open.get(path)?;
        let newest = self.versions.written.load(Ordering::SeqCst);
        let version = version_of(path, &answer)?;
        if (oldest..=newest).contains(&version) {
            return Ok(());
        }
        Err(format!("version {version} answered; live were {oldest} to {newest}"))
    }
}

/// The version of an answer. Configuration and scripts are swapped together, so all that it tells must agree; a file is
/// served as it is on disk, which is that version or the next.
fn version_of(path: &str, answer: &Answer) -> Result<u64, String> {
    let told = |value: Option<&str>| {
        let value = value.ok_or_else(|| format!("no version in {answer:?}"))?;
        value.parse::<u64>().map_err(|_| format!("'{value}' is no version"))
    };
    if answer.status != 200 {
        return Err(format!("{answer:?}"));
    }
    let route = told(answer.header("x-version"))?;
    let body = told(Some(&answer.body))?;
    let agrees = match path {
        "/js" => body == route,
        "/up" => body == route && told(answer.header("x-out"))? == route,
        _ => body == route || body == route + 1,
    };
    if agrees { Ok(route) } else { Err(format!("parts of several versions: {answer:?}")) }
}

/// The route that only `version` has is there, that of the version before is gone.
pub fn check_routes(address: SocketAddr, version: u64) -> Result<(), String> {
    let mut client = Client::connect(address)?;
    for (number, expected) in [(version, 200), (version - 1, 404)] {
        let status = client.get(&format!("/only-{number}"))?.status;
        if status != expected {
            return Err(format!("/only-{number} is {status} in version {version}"));
        }
    }
    Ok(())
}

/// A response as received.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A keep-alive connection.
struct Client {
    reader: BufReader<TcpStream>,
}

impl Client {
    fn connect(address: SocketAddr) -> Result<Self, String> {
        let open = || {
            let stream = TcpStream::connect(address)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            stream.set_write_timeout(Some(PATIENCE))?;
            stream.set_nodelay(true)?;
            Ok(Self { reader: BufReader::new(stream) })
        };
        open().map_err(|error: std::io::Error| format!("no connection: {error}"))
    }

    fn get(&mut self, path: &str) -> Result<Answer, String> {
        let head = format!("GET {path} HTTP/1.1\r\nhost: soak.example\r\n\r\n");
        self.reader.get_mut().write_all(head.as_bytes()).map_err(|error| format!("request not sent: {error}"))?;
        self.answer().map_err(|error| format!("no answer: {error}"))
    }

    /// Reads a response with a length or in chunks.
    fn answer(&mut self) -> std::io::Result<Answer> {
        let status = self.line()?.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let mut answer = Answer { status, headers: Vec::new(), body: String::new() };
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            answer.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut body = Vec::new();
        match answer.header("content-length").and_then(|length| length.parse().ok()) {
            Some(length) => self.read(length, &mut body)?,
            None => loop {
                let size = usize::from_str_radix(&self.line()?, 16).map_err(std::io::Error::other)?;
                self.read(size, &mut body)?;
                self.line()?;
                if size == 0 {
                    break;
                }
            },
        }
        answer.body = String::from_utf8_lossy(&body).into_owned();
        Ok(answer)
    }

    fn read(&mut self, count: usize, body: &mut Vec<u8>) -> std::io::Result<()> {
        let start = body.len();
        body.resize(start + count, 0);
        self.reader.read_exact(&mut body[start..])
    }

    fn line(&mut self) -> std::io::Result<String> {
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }
}
