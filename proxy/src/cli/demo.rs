//! The built-in demo: what `lockgate` runs without a configuration.
use lockgate_conf::model::{
    AccessLog, Action, Config, Filter, HostPattern, Listener, PathPattern, Route, Runtimes, Script, Segment, Server,
    StaticCache, Upstream,
};
use std::net::SocketAddr;
use std::time::Duration;

/// Where the demo listens.
const ADDRESS: &str = "127.0.0.1:8080";
/// Names another address.
const ADDRESS_VARIABLE: &str = "LOCKGATE_DEMO_ADDRESS";

/// Printed when the demo is up on `address`.
pub fn to_try(address: SocketAddr) -> String {
    format!(
        "\
try:
  curl http://{address}/                     a page rendered on the server
  curl http://{address}/api/health
  curl -d hello http://{address}/api/echo
  curl http://{address}/api/greet/J%C3%BCrgen
  curl -i http://{address}/origin/           an origin behind a request filter and a response filter"
    )
}

/// Scripts of the demo by number.
const SCRIPTS: [&str; 6] = ["page.tsx", "api.ts", "origin.ts", "request-filter.ts", "response-filter.ts", "health.ts"];
const PAGE: usize = 0;
const API: usize = 1;
const ORIGIN: usize = 2;
const REQUEST_FILTER: usize = 3;
const RESPONSE_FILTER: usize = 4;
const HEALTH: usize = 5;

/// The demo's configuration. Its origin is a route of the same gateway, under a host name of its own.
///
/// # Errors
/// The address to listen on is none.
pub fn config() -> Result<Config, String> {
    let address = std::env::var(ADDRESS_VARIABLE).unwrap_or_else(|_| ADDRESS.to_owned());
    let address: SocketAddr =
        address.parse().map_err(|_| format!("{ADDRESS_VARIABLE}={address}: not an address such as {ADDRESS}"))?;
    let route = |name: &str, host: Option<&str>, path: PathPattern, filters: Vec<Filter>, action: Action| Route {
        name: name.into(),
        host: host.map(|host| HostPattern::Exact(host.into())),
        path,
        methods: Vec::new(),
        filters,
        action,
    };
    let greet = PathPattern::Params {
        segments: vec![Segment::Literal("api".into()), Segment::Literal("greet".into()), Segment::Param("name".into())],
        tail: false,
    };
    let filters = vec![Filter::Script(REQUEST_FILTER), Filter::Script(RESPONSE_FILTER)];
    Ok(Config {
        listeners: vec![Listener { address }],
        admin: None,
        workers: None,
        runtimes: Runtimes::default(),
        access_log: AccessLog::Stdout,
        slow_log: None,
        static_cache: StaticCache { max_bytes: 2 << 20, max_file: 128 << 10 },
        image_cache: None,
        shutdown_grace: Duration::from_secs(10),
        keep_alive: Duration::from_secs(60),
        head_timeout: Duration::from_secs(10),
        write_timeout: Duration::from_secs(60),
        max_connections: 10_000,
        upstreams: vec![Upstream {
            name: "origin".into(),
            servers: vec![Server { host: address.ip().to_string(), port: address.port(), tls: false }],
            connect_timeout: Duration::from_secs(1),
            read_timeout: Duration::from_secs(5),
        }],
        scripts: SCRIPTS.map(script).into(),
        routes: vec![
            route(
                "origin.demo/*",
                Some("origin.demo"),
                PathPattern::Prefix("/".into()),
                vec![],
                Action::Handler(ORIGIN),
            ),
            route("/api/greet/:name", None, greet, vec![], Action::Handler(API)),
            route("/api/health", None, PathPattern::Exact("/api/health".into()), vec![], Action::Handler(HEALTH)),
            route("/api/*", None, PathPattern::Prefix("/api/".into()), vec![], Action::Handler(API)),
            route("/origin/*", None, PathPattern::Prefix("/origin/".into()), filters, Action::Upstream(0)),
            route("/", None, PathPattern::Exact("/".into()), vec![], Action::Handler(PAGE)),
        ],
    })
}

fn script(name: &str) -> Script {
    Script::handler(format!("{}{name}", crate::builtin::PREFIX).into())
}
