//! Upstreams: groups of origins, taken in turn.
use crate::failure::{Failure, FailureKind};
use arc_swap::ArcSwap;
use lockgate_conf::model;
use pingora_core::upstreams::peer::HttpPeer;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// How long an idle connection to an origin is kept.
const POOL_IDLE: Duration = Duration::from_secs(60);

/// A group of origins.
#[derive(Debug)]
pub struct Upstream {
    /// Its name in the configuration.
    pub name: String,
    servers: Vec<Server>,
    turn: AtomicUsize,
    connect_timeout: Duration,
    read_timeout: Duration,
}

/// One origin.
#[derive(Debug)]
struct Server {
    /// `name host:port`, for the log.
    label: String,
    host: String,
    port: u16,
    tls: bool,
    /// One address for a literal, those of the last good answer for a name.
    addresses: ArcSwap<Vec<SocketAddr>>,
}

/// Index of an origin in its upstream.
pub type ServerId = usize;

impl Upstream {
    /// An upstream of the configuration; names are looked up once here, see [`Self::refresh`].
    pub fn new(upstream: &model::Upstream) -> Self {
        let server = |server: &model::Server| {
            let server = Server {
                label: format!("{} {}:{}", upstream.name, server.host, server.port),
                host: server.host.clone(),
                port: server.port,
                tls: server.tls,
                addresses: ArcSwap::default(),
            };
            server.resolve();
            server
        };
        Self {
            name: upstream.name.clone(),
            servers: upstream.servers.iter().map(server).collect(),
            turn: AtomicUsize::new(0),
            connect_timeout: upstream.connect_timeout,
            read_timeout: upstream.read_timeout,
        }
    }

    /// Attempts worth making: one for each address of each origin.
    pub fn attempts(&self) -> usize {
        let most = self.servers.iter().map(|server| server.addresses.load().len().max(1)).max();
        self.servers.len() * most.unwrap_or(1)
    }

    /// The next turn. A request takes one and counts on from it, so that its attempts meet every address.
    pub fn take_turn(&self) -> usize {
        self.turn.fetch_add(1, Ordering::Relaxed)
    }

    /// What the log calls an origin.
    pub fn label(&self, server: ServerId) -> &str {
        self.servers.get(server).map_or("", |server| &server.label)
    }

    /// The origin of a turn, as a peer of Pingora.
    ///
    /// # Errors
    /// Its name has no address.
    pub fn peer(&self, turn: usize) -> Result<(ServerId, Box<HttpPeer>), (ServerId, Failure)> {
        let id = turn % self.servers.len();
        let server = &self.servers[id];
        let addresses = server.addresses.load();
        let Some(&address) = addresses.get(turn / self.servers.len() % addresses.len().max(1)) else {
            return Err((id, Failure::because(FailureKind::UpstreamUnresolved, &server.host)));
        };
        let sni = if server.tls { server.host.clone() } else { String::new() };
        let mut peer = HttpPeer::new(address, server.tls, sni);
        let options = &mut peer.options;
        options.connection_timeout = Some(self.connect_timeout);
        options.total_connection_timeout = Some(self.connect_timeout);
        options.read_timeout = Some(self.read_timeout);
        options.write_timeout = Some(self.read_timeout);
        options.idle_timeout = Some(POOL_IDLE);
        Ok((id, Box::new(peer)))
    }

    /// Looks the names of origins up again; blocks. A name that cannot be looked up keeps its addresses.
    pub fn refresh(&self) {
        self.servers.iter().filter(|server| server.host.parse::<IpAddr>().is_err()).for_each(Server::resolve);
    }
}

impl Server {
    fn resolve(&self) {
        let literal = self.host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let addresses: Vec<_> = match literal {
            Ok(ip) => vec![SocketAddr::new(ip, self.port)],
            Err(_) => (self.host.as_str(), self.port).to_socket_addrs().map(Iterator::collect).unwrap_or_default(),
        };
        if !addresses.is_empty() {
            self.addresses.store(Arc::new(addresses));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pingora_core::upstreams::peer::Peer;

    fn upstream(hosts: &[&str]) -> Upstream {
        let server = |&host: &&str| model::Server { host: host.into(), port: 9000, tls: false };
        Upstream::new(&model::Upstream {
            name: "api".into(),
            servers: hosts.iter().map(server).collect(),
            connect_timeout: Duration::from_secs(1),
            read_timeout: Duration::from_secs(1),
        })
    }

    #[test]
    fn takes_turns() {
        let upstream = upstream(&["127.0.0.1", "127.0.0.2", "[::1]"]);
        let labels: Vec<_> =
            (0..4).map(|_| upstream.label(upstream.peer(upstream.take_turn()).unwrap().0).to_owned()).collect();
        assert_eq!(labels, ["api 127.0.0.1:9000", "api 127.0.0.2:9000", "api [::1]:9000", "api 127.0.0.1:9000"]);
    }

    #[test]
    fn attempts_meet_every_address_of_every_origin() {
        let upstream = upstream(&["127.0.0.1", "no-such-host.invalid", "127.0.0.2"]);
        let addresses =
            |first: u8| (0..3).map(|last| SocketAddr::from(([127, 0, first, last], 9000))).collect::<Vec<_>>();
        upstream.servers[1].addresses.store(Arc::new(addresses(1)));
        upstream.servers[2].addresses.store(Arc::new(addresses(2)[..2].into()));
        let first = upstream.take_turn();
        let mut met: Vec<_> = (0..upstream.attempts())
            .map(|attempt| upstream.peer(first + attempt).unwrap().1.address().to_string())
            .collect();
        met.sort_unstable();
        met.dedup();
        assert_eq!(met.len(), 1 + 3 + 2, "{met:?}");
    }

    #[test]
    fn a_name_without_address_is_a_failure() {
        let (_, failure) = upstream(&["no-such-host.invalid"]).peer(0).unwrap_err();
        assert_eq!(failure.kind, FailureKind::UpstreamUnresolved);
    }
}
