//! Reload: a new configuration takes the place of the live one as a whole, or not at all.
use crate::access_log::AccessLog;
use crate::admin::Admin;
use crate::metrics::Outcome;
use crate::request::Shared;
use crate::snapshot::Snapshot;
use crate::worker::{self, Command, Worker};
use lockgate_conf::model::Config;
use lockgate_filters::pool;
use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

/// Reads and checks the configuration again; an error is the report for the operator.
pub type Load = Arc<dyn Fn() -> Result<Config, String> + Send + Sync>;

/// What reloading changes.
#[derive(Debug)]
pub struct Live {
    /// What requests see.
    pub shared: Arc<Shared>,
    /// The workers.
    pub workers: Vec<Worker>,
    /// Listening addresses as configured, each with the one bound.
    pub listening: HashMap<SocketAddr, SocketAddr>,
    /// The admin listener, with its address as configured.
    pub admin: Option<(SocketAddr, Admin)>,
}

/// Sockets bound for a configuration that is not live yet.
struct Bound {
    listeners: Vec<(SocketAddr, SocketAddr, Vec<TcpListener>)>,
    admin: Option<(SocketAddr, SocketAddr, TcpListener)>,
}

impl Live {
    /// Loads, checks and swaps. Requests in flight end under the version they began with.
    ///
    /// # Errors
    /// The report; the live version is untouched.
    pub async fn reload(&mut self, load: &Load) -> Result<u64, String> {
        let result = self.try_reload(load).await;
        let outcome = if result.is_ok() { "ok" } else { "refused" };
        self.shared.metrics.reloads.get_or_create(&Outcome { outcome }).inc();
        result
    }

    async fn try_reload(&mut self, load: &Load) -> Result<u64, String> {
        let old = self.shared.snapshot.load_full();
        let before = Arc::clone(&old);
        let (load, metrics, version) = (Arc::clone(load), Arc::clone(&self.shared.metrics), old.version + 1);
        let prepared = tokio::task::spawn_blocking(move || {
            Snapshot::new(load()?, version, &metrics, Some(&before)).map_err(|mistakes| mistakes.join("\n"))
        });
        let new = prepared.await.map_err(|error| format!("the check failed: {error}"))??;
        if new.config.workers != old.config.workers {
            return Err("'workers' cannot change while running: restart to change it".into());
        }
        let bound = self.bind(&new.config)?;
        self.reopen_log(&self.shared.log, &new.config)?;
        let bounds = &new.config.static_cache;
        self.shared.files.resize(bounds.max_bytes, bounds.max_file);
        self.shared.snapshot.store(Arc::clone(&new));
        self.shared.metrics.config_version.set(new.version as i64);
        self.switch_sockets(&new.config, bound)?;
        let runtimes = &new.config.runtimes;
        pool::configure(runtimes.max, runtimes.queue * self.workers.len().max(1));
        self.workers.iter().for_each(|worker| worker.tell(Command::Follow));
        let gone = old.routes.iter().filter(|route| new.routes.iter().all(|kept| kept.name != route.name));
        gone.for_each(|route| self.shared.metrics.forget_route(&route.name));
        Ok(new.version)
    }

    /// Binds what the new configuration adds, before anything changes.
    fn bind(&self, config: &Config) -> Result<Bound, String> {
        let mut listeners = Vec::new();
        for listener in &config.listeners {
            if !self.listening.contains_key(&listener.address) {
                let (bound, sockets) = worker::bind(listener.address, self.workers.len())?;
                listeners.push((listener.address, bound, sockets));
            }
        }
        let current = self.admin.as_ref().map(|(address, _)| *address);
        let admin = match config.admin {
            Some(address) if current != Some(address) => {
                let (bound, mut sockets) = worker::bind(address, 1)?;
                Some((address, bound, sockets.remove(0)))
            }
            _ => None,
        };
        Ok(Bound { listeners, admin })
    }

    fn reopen_log(&self, log: &AccessLog, config: &Config) -> Result<(), String> {
        log.reopen(&config.access_log).map_err(|error| format!("access_log: {error}"))
    }

    fn switch_sockets(&mut self, config: &Config, bound: Bound) -> Result<(), String> {
        for (address, actual, sockets) in bound.listeners {
            for (worker, socket) in self.workers.iter().zip(sockets) {
                worker.tell(Command::Listen(address, socket));
            }
            self.listening.insert(address, actual);
        }
        self.listening.retain(|address, _| {
            let kept = config.listeners.iter().any(|listener| listener.address == *address);
            if !kept {
                self.workers.iter().for_each(|worker| worker.tell(Command::Unlisten(*address)));
            }
            kept
        });
        if config.admin.is_none() {
            self.admin = None;
        }
        if let Some((address, actual, socket)) = bound.admin {
            let admin = Admin::start(actual, socket, Arc::clone(&self.shared));
            self.admin = Some((address, admin.map_err(|error| format!("admin {address}: {error}"))?));
        }
        Ok(())
    }
}
