//! The client's connection as Pingora sees it: a TCP stream with a small write buffer.
//!
//! Reads go straight to the socket: Pingora reads heads and bodies into buffers of its own. Writes are coalesced, so
//! that a head and a small body leave in one segment; larger bodies leave with the buffered head in one vectored write.
//! The socket itself is shared ([`ClientSocket`]): whoever answers can wait for the client to leave while another part
//! holds the stream, and the accept loop can close it without destroying a response that is still on its way.
use crate::alarm::Alarm;
use crate::head::HeadWatch;
use async_trait::async_trait;
use http::HeaderValue;
use once_cell::sync::OnceCell;
use pingora_core::protocols::raw_connect::ProxyDigest;
use pingora_core::protocols::{
    GetProxyDigest, GetSocketDigest, GetTimingDigest, Peek, Shutdown, SocketDigest, Ssl, TimingDigest, UniqueID,
};
use socket2::SockRef;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::os::fd::AsRawFd;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

/// Bytes of a response held back until a flush; more than this leaves at once.
const COALESCED: usize = 4 << 10;

/// The socket of one client connection.
#[derive(Debug)]
pub struct ClientSocket {
    tcp: TcpStream,
    client: SocketAddr,
    /// The client's address for `x-forwarded-for`, once asked for.
    forwarded: OnceCell<HeaderValue>,
    /// Set when an answer left before the request was read to its end.
    unread_request: AtomicBool,
    head: HeadWatch,
}

impl ClientSocket {
    /// Resolves when the client closed its side of the connection or reset it.
    ///
    /// Cancel-safe, takes nothing off the socket. A client that half-closes counts as gone, as it does for Pingora
    /// while it proxies.
    pub async fn closed(&self) {
        let mut probe = [0];
        loop {
            match self.tcp.peek(&mut probe).await {
                Ok(0) | Err(_) => return,
                // Bytes of a next, pipelined request wait in the socket; readiness alone tells of a close behind them.
                Ok(_) => match self.tcp.ready(Interest::READABLE).await {
                    Ok(ready) if !ready.is_read_closed() => tokio::time::sleep(PIPELINED_CLOSE_POLL).await,
                    _ => return,
                },
            }
        }
    }

    /// The client's address as `x-forwarded-for` names it.
    pub fn forwarded(&self) -> &HeaderValue {
        self.forwarded.get_or_init(|| {
            let text = self.client.ip().to_string();
            // Digits, letters, dots and colons are visible characters.
            HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("unknown"))
        })
    }

    /// The same behind the proxies that the client came through; None: what they said is not text.
    pub fn forwarded_after(&self, chain: &HeaderValue) -> Option<HeaderValue> {
        let chain = chain.to_str().ok()?;
        HeaderValue::try_from(format!("{chain}, {}", self.client.ip())).ok()
    }

    /// Notes that an answer was sent although request bytes may still arrive: closing must wait for the client.
    pub fn expect_unread_request(&self) {
        self.unread_request.store(true, Ordering::Relaxed);
    }

    /// How far the head of the next request is.
    pub fn head(&self) -> &HeadWatch {
        &self.head
    }

    /// Writes an answer of the accept loop, after Pingora gave the connection up.
    ///
    /// # Errors
    /// The client does not take it, or is gone.
    pub async fn answer(&self, mut bytes: &[u8]) -> io::Result<()> {
        self.expect_unread_request();
        while !bytes.is_empty() {
            self.tcp.writable().await?;
            match self.tcp.try_write(bytes) {
                Ok(written) => bytes = &bytes[written..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Waits until the first bytes are there.
    pub async fn readable(&self) -> io::Result<()> {
        self.tcp.readable().await
    }

    /// Closes so that the client still gets what was written: a reset for unread bytes would destroy it. Reads on for
    /// a bounded time and size (RFC 9112 §9.6).
    pub async fn close(&self) {
        let pending = matches!(self.discard(), Ok(1..)) || self.unread_request.load(Ordering::Relaxed);
        if !pending || SockRef::from(&self.tcp).shutdown(std::net::Shutdown::Write).is_err() {
            return;
        }
        let drain = async {
            let mut discarded = 0;
            while discarded < LINGER_BYTES && self.tcp.readable().await.is_ok() {
                match self.discard() {
                    Ok(0) => break,
                    Ok(read) => discarded += read,
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    Err(_) => break,
                }
            }
        };
        // Past the deadline the connection is dropped whatever the client still sends.
        let _ = tokio::time::timeout(LINGER_TIME, drain).await;
    }

    fn discard(&self) -> io::Result<usize> {
        let mut sink = [0; 16 << 10];
        self.tcp.try_read(&mut sink)
    }
}

const PIPELINED_CLOSE_POLL: Duration = Duration::from_millis(100);
const LINGER_TIME: Duration = Duration::from_secs(2);
const LINGER_BYTES: usize = 4 << 20;

/// A buffered client connection, given to Pingora as its downstream `Stream`.
#[derive(Debug)]
pub struct ClientStream {
    socket: Arc<ClientSocket>,
    /// Written by Pingora, not yet by us; `sent` bytes of it already left.
    pending: Vec<u8>,
    sent: usize,
    /// When the head that is on its way is late; known when it did not come in one piece.
    head_due: Option<Instant>,
    /// When the silence before the next bytes of a head has lasted too long; known once they are waited for.
    silent_until: Option<Instant>,
    /// Wakes the reader at the first of both.
    alarm: Alarm,
    patience: Duration,
    /// When a client that takes no byte is given up; made when its socket is full.
    write_due: Option<Pin<Box<Sleep>>>,
    digest: Arc<SocketDigest>,
}

impl ClientStream {
    /// Wraps an accepted connection whose client may take no byte of its answer for `patience`. Small answers leave at once: Nagle's algorithm is off.
    pub fn new(tcp: TcpStream, client: SocketAddr, head: HeadWatch, patience: Duration) -> Self {
        // A socket that refuses the option still works, a little slower.
        let _ = tcp.set_nodelay(true);
        let mut digest = SocketDigest::from_raw_fd(tcp.as_raw_fd());
        digest.peer_addr = OnceCell::with_value(Some(client.into()));
        let socket = Arc::new(ClientSocket {
            tcp,
            client,
            forwarded: OnceCell::new(),
            unread_request: AtomicBool::new(false),
            head,
        });
        Self {
            socket,
            pending: Vec::new(),
            sent: 0,
            head_due: None,
            silent_until: None,
            alarm: Alarm::default(),
            patience,
            write_due: None,
            digest: Arc::new(digest),
        }
    }

    /// The shared socket.
    pub fn socket(&self) -> &Arc<ClientSocket> {
        &self.socket
    }

    /// Whether the head that began to come is not whole in its time.
    fn is_head_late(&mut self) -> bool {
        let head = &self.socket.head;
        head.has_begun() && {
            let now = Instant::now();
            now >= *self.head_due.get_or_insert_with(|| now + head.limit())
        }
    }

    /// Ready when a head, or its next bytes, are waited for in vain.
    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let head = &self.socket.head;
        let Some(longest) = head.longest_silence() else { return Poll::Pending };
        let silent_until = *self.silent_until.get_or_insert_with(|| Instant::now() + longest);
        let head_due = self.head_due.filter(|_| head.has_begun());
        ready!(self.alarm.poll(head_due.map_or(silent_until, |due| due.min(silent_until)), cx));
        // An idle connection ends as if its client had closed it.
        Poll::Ready(if head.has_begun() { Err(self.late_head()) } else { Ok(()) })
    }

    fn late_head(&self) -> io::Error {
        self.socket.head.note_late();
        io::ErrorKind::TimedOut.into()
    }

    /// Waits for room in the socket, for a bounded time.
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Poll::Ready(room) = self.socket.tcp.poll_write_ready(cx) {
            self.write_due = None;
            return Poll::Ready(room);
        }
        let due = self.write_due.get_or_insert_with(|| Box::pin(tokio::time::sleep(self.patience)));
        ready!(due.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn poll_pending(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.sent < self.pending.len() {
            ready!(self.poll_room(cx))?;
            match self.socket.tcp.try_write(&self.pending[self.sent..]) {
                Ok(0) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Ok(written) => self.sent += written,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        self.pending.clear();
        self.sent = 0;
        Poll::Ready(Ok(()))
    }

    /// Sends what is pending and `data` in one call; returns how much of `data` left.
    fn poll_write_through(&mut self, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.poll_room(cx))?;
            let pending = &self.pending[self.sent..];
            let written = match self.socket.tcp.try_write_vectored(&[IoSlice::new(pending), IoSlice::new(data)]) {
                Ok(0) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Ok(written) => written,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
                Err(error) => return Poll::Ready(Err(error)),
            };
            if written > pending.len() || (written == pending.len() && data.is_empty()) {
                let of_data = written - pending.len();
                self.pending.clear();
                self.sent = 0;
                return Poll::Ready(Ok(of_data));
            }
            self.sent += written;
        }
    }
}

impl AsyncRead for ClientStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.is_head_late() {
            return Poll::Ready(Err(self.late_head()));
        }
        let this = &mut *self;
        let tcp = &this.socket.tcp;
        loop {
            match tcp.poll_read_ready(cx) {
                Poll::Ready(readiness) => readiness?,
                Poll::Pending => return this.poll_silence(cx),
            }
            let room = buf.remaining();
            let mut read = None;
            // OPTIMIZATION: a short read has emptied the socket. Reporting it as `WouldBlock` clears the readiness, so
            // that the next read waits at once instead of asking the kernel first.
            let outcome = tcp.try_io(Interest::READABLE, || {
                // SAFETY: `recv` only writes to the buffer, and never uninitialised bytes.
                let received = SockRef::from(tcp).recv(unsafe { buf.unfilled_mut() })?;
                read = Some(received);
                if received < room && received > 0 { Err(io::ErrorKind::WouldBlock.into()) } else { Ok(()) }
            });
            match (read, outcome) {
                (Some(received), _) => {
                    // SAFETY: `recv` initialised the first `received` bytes of the unfilled part.
                    unsafe { buf.assume_init(received) };
                    buf.advance(received);
                    this.silent_until = None;
                    if this.socket.head.received(received) {
                        this.head_due = None;
                    }
                    return Poll::Ready(Ok(()));
                }
                (None, Err(error)) if error.kind() == io::ErrorKind::WouldBlock => {}
                (None, outcome) => return Poll::Ready(outcome),
            }
        }
    }
}

impl AsyncWrite for ClientStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        if self.socket.head.is_refusal(data) {
            return Poll::Ready(Ok(data.len()));
        }
        if self.pending.len() + data.len() <= COALESCED {
            self.pending.extend_from_slice(data);
            return Poll::Ready(Ok(data.len()));
        }
        self.poll_write_through(cx, data)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_pending(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_pending(cx))?;
        if self.socket.head.has_begun() {
            // The accept loop answers before it closes.
            return Poll::Ready(Ok(()));
        }
        Poll::Ready(SockRef::from(&self.socket.tcp).shutdown(std::net::Shutdown::Write))
    }
}

#[async_trait]
impl Shutdown for ClientStream {
    async fn shutdown(&mut self) {
        // The client may be gone already; there is nobody to tell.
        let _ = tokio::io::AsyncWriteExt::shutdown(self).await;
    }
}

impl UniqueID for ClientStream {
    fn id(&self) -> i32 {
        self.socket.tcp.as_raw_fd()
    }
}

impl Ssl for ClientStream {}

#[async_trait]
impl Peek for ClientStream {}

impl GetTimingDigest for ClientStream {
    fn get_timing_digest(&self) -> Vec<Option<TimingDigest>> {
        Vec::new()
    }
}

impl GetProxyDigest for ClientStream {
    fn get_proxy_digest(&self) -> Option<Arc<ProxyDigest>> {
        None
    }
}

impl GetSocketDigest for ClientStream {
    fn get_socket_digest(&self) -> Option<Arc<SocketDigest>> {
        Some(Arc::clone(&self.digest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    async fn pair() -> (TcpStream, ClientStream) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (tcp, address) = listener.accept().await.unwrap();
        (client, ClientStream::new(tcp, address, HeadWatch::off(), Duration::from_secs(60)))
    }

    #[tokio::test]
    async fn small_writes_wait_for_the_flush_and_order_is_kept() {
        let (mut client, mut stream) = pair().await;
        stream.write_all(b"head ").await.unwrap();
        let mut byte = [0; 1];
        assert!(tokio::time::timeout(Duration::from_millis(50), client.read(&mut byte)).await.is_err());
        let body = vec![b'x'; 3 << 20];
        let reader = tokio::spawn(async move {
            let mut all = vec![0; 5 + (3 << 20) + 4];
            client.read_exact(&mut all).await.unwrap();
            (client, all)
        });
        stream.write_all(&body).await.unwrap();
        stream.write_all(b"tail").await.unwrap();
        stream.flush().await.unwrap();
        let (_client, all) = reader.await.unwrap();
        assert!(all.starts_with(b"head xxx") && all.ends_with(b"xxxtail"));
    }

    async fn watched_pair() -> (TcpStream, ClientStream) {
        let (client, mut stream) = pair().await;
        let head = HeadWatch::new(Duration::from_secs(600), Duration::from_millis(200));
        Arc::get_mut(&mut stream.socket).unwrap().head = head;
        (client, stream)
    }

    #[tokio::test]
    async fn an_idle_client_is_given_up_as_if_it_had_left() {
        let (_client, mut stream) = watched_pair().await;
        assert_eq!(stream.read(&mut [0; 16]).await.unwrap(), 0);
        assert_eq!(stream.socket.head.failure(), None);
    }

    #[tokio::test]
    async fn a_client_that_falls_silent_amid_a_head_is_late() {
        let (mut client, mut stream) = watched_pair().await;
        stream.silent_until = Some(Instant::now() + Duration::from_secs(600));
        client.write_all(b"GET").await.unwrap();
        assert_eq!(stream.read(&mut [0; 16]).await.unwrap(), 3);
        // The silence counts from these bytes.
        assert_eq!(stream.silent_until, None);
        assert_eq!(stream.read(&mut [0; 16]).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(stream.socket.head.failure(), Some(crate::failure::FailureKind::ClientTimeout));
    }

    #[tokio::test]
    async fn reads_and_notices_a_client_that_leaves() {
        let (mut client, mut stream) = pair().await;
        let socket = Arc::clone(stream.socket());
        client.write_all(b"hello").await.unwrap();
        let mut five = [0; 16];
        assert_eq!(stream.read(&mut five).await.unwrap(), 5);
        assert!(tokio::time::timeout(Duration::from_millis(50), socket.closed()).await.is_err());
        client.write_all(b"next").await.unwrap();
        assert!(tokio::time::timeout(Duration::from_millis(250), socket.closed()).await.is_err());
        drop(client);
        tokio::time::timeout(Duration::from_secs(20), socket.closed()).await.unwrap();
        assert_eq!(stream.read(&mut five).await.unwrap(), 4);
        assert_eq!(stream.read(&mut five).await.unwrap(), 0);
    }
}
