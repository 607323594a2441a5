//! One keep-alive connection that asks and reads answers with a `content-length`.
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Nothing a benchmark waits for may take longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client connection.
#[derive(Debug)]
pub struct Client {
    stream: TcpStream,
    request: Vec<u8>,
    answer: Vec<u8>,
}

impl Client {
    /// Connects to a port of this machine; every request will be a GET of `path`.
    ///
    /// # Errors
    /// Nobody listens.
    pub fn connect(port: u16, path: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: lockgate-benches\r\nAccept: */*\r\n\r\n"
        );
        Ok(Self { stream, request: request.into_bytes(), answer: Vec::new() })
    }

    /// Asks without waiting for an answer.
    ///
    /// # Errors
    /// The connection failed.
    pub fn send(&mut self) -> io::Result<()> {
        self.stream.write_all(&self.request)
    }

    /// Asks once; head and body of the answer.
    ///
    /// # Errors
    /// The connection failed or the answer has no `content-length`.
    pub fn ask(&mut self) -> io::Result<(&str, &[u8])> {
        self.stream.write_all(&self.request)?;
        self.answer.clear();
        let (head, end) = loop {
            if let Some(head) = find(&self.answer, b"\r\n\r\n") {
                let text = std::str::from_utf8(&self.answer[..head]).map_err(io::Error::other)?;
                break (head, head + 4 + content_length(text)?);
            }
            self.read_more()?;
        };
        while self.answer.len() < end {
            self.read_more()?;
        }
        let text = std::str::from_utf8(&self.answer[..head]).map_err(io::Error::other)?;
        Ok((text, &self.answer[head + 4..end]))
    }

    fn read_more(&mut self) -> io::Result<()> {
        let mut piece = [0; 4096];
        match self.stream.read(&mut piece)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                self.answer.extend_from_slice(&piece[..read]);
                Ok(())
            }
        }
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn content_length(head: &str) -> io::Result<usize> {
    let named = |line: &str| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    };
    head.lines().find_map(named).ok_or_else(|| io::Error::other("an answer without content-length"))
}
