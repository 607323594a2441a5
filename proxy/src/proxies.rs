//! Pingora's proxies of one worker, each with its pool of connections to origins.
use crate::gate::Gate;
use crate::request::Shared;
use crate::trust;
use pingora::apps::HttpServerApp;
use pingora::server::configuration::ServerConf;
use pingora_proxy::{HttpProxy, http_proxy};
use std::sync::{Arc, OnceLock};

/// Idle connections kept to the origins, per worker.
const ORIGIN_POOL: usize = 256;

/// One proxy until a configuration has an origin that speaks TLS, from then on another one, which knows whom to trust.
pub struct Proxies {
    shared: Arc<Shared>,
    plain: Arc<HttpProxy<Gate>>,
    trusting: OnceLock<Arc<HttpProxy<Gate>>>,
}

impl Proxies {
    /// What the live configuration needs.
    pub fn new(shared: Arc<Shared>) -> Self {
        let plain = proxy(Gate::without_authorities(Arc::clone(&shared)), Some(trust::NOBODY));
        let proxies = Self { shared, plain, trusting: OnceLock::new() };
        proxies.follow();
        proxies
    }

    /// Follows a reload.
    pub fn follow(&self) {
        if self.shared.snapshot.load().speaks_tls() {
            self.trusting.get_or_init(|| proxy(Gate::new(Arc::clone(&self.shared)), None));
        }
    }

    /// The proxy of the next request. One that began to wait for its request before a reload stays with it.
    pub fn current(&self) -> &Arc<HttpProxy<Gate>> {
        self.trusting.get().unwrap_or(&self.plain)
    }

    /// Ends connections that wait for a request.
    pub async fn shut_down(&self) {
        self.plain.http_cleanup().await;
        if let Some(trusting) = self.trusting.get() {
            trusting.http_cleanup().await;
        }
    }
}

fn proxy(gate: Gate, authorities: Option<&str>) -> Arc<HttpProxy<Gate>> {
    let conf = ServerConf {
        threads: 1,
        upstream_keepalive_pool_size: ORIGIN_POOL,
        ca_file: authorities.map(str::to_owned),
        ..ServerConf::default()
    };
    Arc::new(http_proxy(&Arc::new(conf), gate))
}
