//! Workers: one thread each, with its own reactor, listeners, Pingora proxy and pool of origin connections.
//!
//! A connection stays on the thread that accepted it from its first byte to its last, so nothing of it is ever woken
//! from elsewhere and no burst on one worker delays the sockets of another.
use crate::failure::FailureKind;
use crate::head::HeadWatch;
use crate::pace::Pace;
use crate::proxies::Proxies;
use crate::refuse::refuse;
use crate::request::Shared;
use crate::stream::ClientStream;
use lockgate_filters::pool;
use pingora::apps::HttpServerApp;
use pingora::protocols::http::ServerSession;
use socket2::{Domain, Protocol, Socket, Type};
use std::collections::HashMap;
use std::io;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};

/// Connections the kernel holds for a listener until they are accepted.
const BACKLOG: i32 = 4096;
/// Pause after a failed accept, mostly for want of file descriptors: some may be free then.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);
/// How long a connection accepted while the worker shuts down may take to send its request.
const LAST_REQUEST_TIME: Duration = Duration::from_millis(250);
/// Connections over the limit that are told so at a time; those beyond are closed without a word.
const MAX_REFUSALS: usize = 256;
/// Threads for file reads, per worker.
const FILE_THREADS: usize = 8;

/// What a worker is told.
#[derive(Debug)]
pub enum Command {
    /// Accept on this listener of the address.
    Listen(SocketAddr, StdListener),
    /// Stop accepting on the address.
    Unlisten(SocketAddr),
    /// Be ready for the live configuration: whom its origins are held against, runtimes of its scripts, and no others.
    Follow,
    /// Stop accepting, finish what is in flight, end.
    Shutdown,
}

/// A running worker.
#[derive(Debug)]
pub struct Worker {
    commands: mpsc::UnboundedSender<Command>,
    thread: JoinHandle<()>,
}

impl Worker {
    /// Starts worker number `index`.
    ///
    /// # Errors
    /// No thread or no reactor can be had.
    pub fn start(index: usize, shared: Arc<Shared>) -> io::Result<Self> {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(FILE_THREADS).build()?;
        let (commands, inbox) = mpsc::unbounded_channel();
        let thread = std::thread::Builder::new()
            .name(format!("worker-{index}"))
            .spawn(move || runtime.block_on(work(shared, inbox)))?;
        Ok(Self { commands, thread })
    }

    /// Tells the worker.
    pub fn tell(&self, command: Command) {
        // A worker only stops listening to commands when it ends.
        let _ = self.commands.send(command);
    }

    /// Whether it ended.
    pub fn is_finished(&self) -> bool {
        self.thread.is_finished()
    }
}

/// Binds one listener of `address` for each of `workers` workers; the kernel spreads connections over them. Port 0
/// takes a free one. Returns the address that was bound.
///
/// # Errors
/// The address is in use, also by another process that would share it, or not ours.
pub fn bind(address: SocketAddr, workers: usize) -> Result<(SocketAddr, Vec<StdListener>), String> {
    let explain = |error: io::Error| match error.kind() {
        io::ErrorKind::AddrInUse => format!("cannot listen on {address}: the port is in use by another process"),
        io::ErrorKind::AddrNotAvailable => format!("cannot listen on {address}: no interface has this address"),
        io::ErrorKind::PermissionDenied => {
            format!("cannot listen on {address}: no permission (ports below 1024 need CAP_NET_BIND_SERVICE)")
        }
        _ => format!("cannot listen on {address}: {error}"),
    };
    if address.port() != 0 {
        // With SO_REUSEPORT two processes of one user would silently share the port; without it the second one fails. This
        // socket never listens: whoever connected to it would be reset.
        socket(address, false).map_err(explain)?;
    }
    let first = listener(address).map_err(explain)?;
    let bound = first.local_addr().map_err(explain)?;
    let mut listeners = vec![first];
    for _ in 1..workers {
        listeners.push(listener(bound).map_err(explain)?);
    }
    Ok((bound, listeners))
}

fn listener(address: SocketAddr) -> io::Result<StdListener> {
    let socket = socket(address, true)?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

fn socket(address: SocketAddr, shared: bool) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(shared)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    Ok(socket)
}

/// What the tasks of one worker share.
struct Local {
    proxies: Proxies,
    shared: Arc<Shared>,
    pace: Arc<Pace>,
    shutdown: watch::Receiver<bool>,
}

async fn work(shared: Arc<Shared>, mut commands: mpsc::UnboundedReceiver<Command>) {
    let (shutdown, watch) = watch::channel(false);
    let pace = Arc::<Pace>::default();
    let proxies = Proxies::new(Arc::clone(&shared));
    let local = Arc::new(Local { proxies, shared, pace: Arc::clone(&pace), shutdown: watch });
    tokio::spawn(async move { pace.run().await });
    tokio::spawn(pool::attend());
    // Every connection holds a clone; the channel ends with the last one.
    let (alive, mut all_done) = mpsc::channel::<()>(1);
    warm(&local.shared);
    let mut listening: HashMap<SocketAddr, (watch::Sender<()>, tokio::task::JoinHandle<()>)> = HashMap::new();
    while let Some(command) = commands.recv().await {
        match command {
            Command::Listen(address, listener) => {
                let Ok(listener) = TcpListener::from_std(listener) else { continue };
                let (stop, stopped) = watch::channel(());
                let task = tokio::spawn(accept(listener, stopped, Arc::clone(&local), alive.clone()));
                listening.insert(address, (stop, task));
            }
            Command::Follow => {
                local.proxies.follow();
                warm(&local.shared);
            }
            Command::Unlisten(address) => drop(listening.remove(&address)),
            Command::Shutdown => break,
        }
    }
    // Nobody waits for these flags any more when sending fails.
    let _ = shutdown.send(true);
    let accepting: Vec<_> = listening.drain().map(|(_, (_stop, task))| task).collect();
    for task in accepting {
        let _ = task.await;
    }
    local.proxies.shut_down().await;
    drop(alive);
    while all_done.recv().await.is_some() {}
}

/// Clones runtimes before requests need them, off the request path.
fn warm(shared: &Shared) {
    let workers = usize::try_from(shared.metrics.workers.get()).unwrap_or(1);
    shared.snapshot.load().scripts.warm(workers);
}

/// Accepts until told to stop, then takes what the kernel had already accepted for this listener: these clients
/// believe that they are connected.
async fn accept(listener: TcpListener, mut stopped: watch::Receiver<()>, local: Arc<Local>, alive: mpsc::Sender<()>) {
    let serve = |tcp: TcpStream, client: SocketAddr| {
        let (local, alive) = (Arc::clone(&local), alive.clone());
        tokio::spawn(async move {
            let metrics = Arc::clone(&local.shared.metrics);
            metrics.connections.inc();
            let open = metrics.connections_open.inc() + 1;
            let _open = Defer(|| {
                metrics.connections_open.dec();
            });
            let _pace = local.pace.hold();
            serve_connection(&local, tcp, client, open).await;
            drop(alive);
        });
    };
    loop {
        tokio::select! {
            biased;
            _ = stopped.changed() => break,
            accepted = listener.accept() => match accepted {
                Ok((tcp, client)) => serve(tcp, client),
                Err(error) if is_of_connection(&error) => {}
                Err(_) => {
                    local.shared.metrics.accept_errors.inc();
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    let Ok(listener) = listener.into_std() else { return };
    while let Ok((tcp, client)) = listener.accept() {
        if tcp.set_nonblocking(true).is_ok()
            && let Ok(tcp) = TcpStream::from_std(tcp)
        {
            serve(tcp, client);
        }
    }
}

/// An error of the connection that was to be accepted, not of the listener (accept(2)).
fn is_of_connection(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset)
}

/// Serves one client connection to its end. Every connection of every listener comes through here; with it, `open` of
/// them are open.
async fn serve_connection(local: &Local, tcp: TcpStream, client: SocketAddr, open: i64) {
    let (keep_alive, head_timeout, write_timeout, max_connections) = {
        let snapshot = local.shared.snapshot.load();
        let config = &snapshot.config;
        (config.keep_alive, config.head_timeout, config.write_timeout, config.max_connections)
    };
    let stream = ClientStream::new(tcp, client, HeadWatch::new(head_timeout, keep_alive), write_timeout);
    let socket = Arc::clone(stream.socket());
    let beyond = usize::try_from(open).unwrap_or(0).saturating_sub(max_connections);
    if beyond > 0 {
        local.shared.metrics.connections_refused.inc();
        if beyond <= MAX_REFUSALS {
            refuse(&local.shared, &socket, client, FailureKind::TooManyConnections).await;
            socket.close().await;
        }
        return;
    }
    if *local.shutdown.borrow() {
        // Pingora asks only once for the request of a connection that it meets while shutting down.
        let _ = tokio::time::timeout(LAST_REQUEST_TIME, socket.readable()).await;
    }
    let mut session = ServerSession::new_http1(Box::new(stream));
    // Without an end: the stream itself bounds silences.
    session.set_keepalive(Some(0));
    session.set_pipelining_enabled(true);
    while let Some(reused) = local.proxies.current().process_new_http(session, &local.shutdown).await {
        socket.head().awaited();
        let (stream, settings) = reused.consume();
        session = ServerSession::new_http1(stream);
        if let Some(settings) = settings {
            settings.apply_to_session(&mut session);
        }
    }
    if let Some(kind) = socket.head().failure().filter(|_| !*local.shutdown.borrow()) {
        refuse(&local.shared, &socket, client, kind).await;
    }
    socket.close().await;
}

/// Runs a closure at the end of a scope, also when it unwinds.
struct Defer<F: FnMut()>(F);

impl<F: FnMut()> Drop for Defer<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
