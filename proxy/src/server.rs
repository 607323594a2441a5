//! The process: workers, admin listener, signals, from start to the last request.
use crate::access_log::{AccessLog, Writer};
use crate::admin::Admin;
use crate::metrics::Metrics;
use crate::reload::{Live, Load};
use crate::request::Shared;
use crate::snapshot::Snapshot;
use crate::trust;
use crate::worker::{self, Command, Worker};
use lockgate_conf::model::Config;
use lockgate_engine::native::{self, Policy};
use lockgate_filters::pool;
use pingora_timeout::fast_timeout::set_fast_timeout_to_tokio_threshold;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// How often the names of origins are looked up again.
const NAME_REFRESH: Duration = Duration::from_secs(30);
/// How long the end of the process waits for the access log's destination.
const LOG_PATIENCE: Duration = Duration::from_secs(2);

/// A gateway that is about to run.
#[derive(Debug)]
pub struct Server {
    live: Live,
    log: Writer,
    signals: Signals,
    runtime: tokio::runtime::Runtime,
}

impl Server {
    /// Makes `config` live: compiles it, binds its sockets, starts its workers.
    ///
    /// # Errors
    /// What stands in the way, for the operator; nothing is left running.
    pub fn start(config: Config) -> Result<Self, String> {
        trust::check()?;
        // Whatever was installed before stays.
        native::install(&lockgate_jit::BASELINE, Policy::Lazy);
        let count = config.workers.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
        let metrics = Arc::new(Metrics::new());
        metrics.workers.set(count as i64);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| format!("no reactor: {error}"))?;
        let entered = runtime.enter();
        // Before anything listens: whoever sees an open port may already send signals.
        let signals = Signals::receive().map_err(|error| format!("signals: {error}"))?;
        // Timeouts on each worker's own reactor. Pingora's shared ones are cheap only while many fall due in the same 10 ms,
        // and need a thread that wakes a hundred times a second.
        set_fast_timeout_to_tokio_threshold(Some(Duration::ZERO));
        pool::configure(config.runtimes.max, config.runtimes.queue * count);
        let snapshot = Snapshot::new(config, 1, &metrics, None).map_err(|mistakes| mistakes.join("\n"))?;
        let config = &snapshot.config;
        let mut bound = Vec::new();
        for listener in &config.listeners {
            bound.push((listener.address, worker::bind(listener.address, count)?));
        }
        let admin = config.admin.map(|address| worker::bind(address, 1).map(|bound| (address, bound))).transpose()?;
        let (log, writer) = AccessLog::start(&config.access_log, Arc::clone(&metrics))
            .map_err(|error| format!("access_log: {error}"))?;
        let shared = Arc::new(Shared::new(Arc::clone(&snapshot), metrics, log));
        let workers: Vec<_> = (0..count)
            .map(|index| Worker::start(index, Arc::clone(&shared)))
            .collect::<Result<_, _>>()
            .map_err(|error| format!("no worker thread: {error}"))?;
        let mut listening = HashMap::new();
        for (address, (actual, sockets)) in bound {
            for (worker, socket) in workers.iter().zip(sockets) {
                worker.tell(Command::Listen(address, socket));
            }
            listening.insert(address, actual);
        }
        let admin = match admin {
            None => None,
            Some((address, (actual, mut sockets))) => {
                let admin = Admin::start(actual, sockets.remove(0), Arc::clone(&shared));
                Some((address, admin.map_err(|error| format!("admin {address}: {error}"))?))
            }
        };
        drop(entered);
        Ok(Self { live: Live { shared, workers, listening, admin }, log: writer, signals, runtime })
    }

    /// The addresses that clients connect to.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        let mut addresses: Vec<_> = self.live.listening.values().copied().collect();
        addresses.sort_unstable();
        addresses
    }

    /// The admin address.
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.live.admin.as_ref().map(|(_, admin)| admin.address)
    }

    /// Serves until SIGTERM or SIGINT, then finishes what is in flight within the grace period; a second one ends the
    /// process at once. SIGHUP reloads with `load`.
    pub fn run(self, load: Option<Load>) {
        let Self { mut live, log, mut signals, runtime } = self;
        runtime.block_on(async {
            serve(&mut live, load.as_ref(), &mut signals).await;
            shut_down(live, &mut signals.end).await;
        });
        log.finish(LOG_PATIENCE);
        // Threads that still read files or look names up do not hold up the end.
        runtime.shutdown_background();
    }
}

/// What the process is told from outside.
#[derive(Debug)]
struct Signals {
    reload: Signal,
    end: End,
}

impl Signals {
    fn receive() -> std::io::Result<Self> {
        let end = End { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? };
        Ok(Self { reload: signal(SignalKind::hangup())?, end })
    }
}

/// The signals that end the process.
#[derive(Debug)]
struct End {
    terminate: Signal,
    interrupt: Signal,
}

impl End {
    /// The next of them, as the exit status that a shell gives to it.
    async fn next(&mut self) -> i32 {
        tokio::select! {
            _ = self.terminate.recv() => 128 + 15,
            _ = self.interrupt.recv() => 128 + 2,
        }
    }
}

async fn serve(live: &mut Live, load: Option<&Load>, signals: &mut Signals) {
    let mut refresh = tokio::time::interval(NAME_REFRESH);
    refresh.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    refresh.tick().await;
    loop {
        tokio::select! {
            _ = signals.end.next() => return,
            _ = refresh.tick() => {
                let snapshot = live.shared.snapshot.load_full();
                tokio::task::spawn_blocking(move || snapshot.upstreams.iter().for_each(|upstream| upstream.refresh()));
            }
            _ = signals.reload.recv() => match load {
                None => eprintln!("lockgate: SIGHUP: there is no configuration file to reload"),
                Some(load) => match live.reload(load).await {
                    Ok(version) => eprintln!("lockgate: reloaded, version {version} is live"),
                    Err(report) => {
                        let version = live.shared.snapshot.load().version;
                        eprintln!("lockgate: reload refused, version {version} stays live:\n{report}");
                    }
                },
            },
        }
    }
}

async fn shut_down(live: Live, end: &mut End) {
    let grace = live.shared.snapshot.load().config.shutdown_grace;
    eprintln!("lockgate: shutting down, at most {} s for requests in flight", grace.as_secs());
    live.workers.iter().for_each(|worker| worker.tell(Command::Shutdown));
    let deadline = Instant::now() + grace;
    let finished = async {
        while !live.workers.iter().all(Worker::is_finished) && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        () = finished => {}
        status = end.next() => std::process::exit(status),
    }
    let open = live.shared.metrics.connections_open.get();
    if open > 0 {
        eprintln!("lockgate: the grace period is over, {open} connections are cut");
    }
}
