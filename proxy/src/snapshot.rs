//! A configuration made ready: what a request needs, looked up by index. Immutable, swapped as a whole.
use crate::header_edits::HeaderEdits;
use crate::metrics::{Metrics, RouteMetrics};
use crate::route::RouteTable;
use crate::script::{ScriptId, Scripts};
use crate::static_files::StaticFiles;
use crate::trust;
use crate::upstream::Upstream;
use lockgate_conf::model::{self, Config};
use std::sync::Arc;

/// A live configuration.
#[derive(Debug)]
pub struct Snapshot {
    /// Counts the configurations of this process, from 1.
    pub version: u64,
    /// The checked model it was made from.
    pub config: Config,
    /// Host, path and method to a route.
    pub table: RouteTable,
    /// Routes by [`crate::route::RouteId`].
    pub routes: Vec<Route>,
    /// Upstreams by index.
    pub upstreams: Vec<Upstream>,
    /// Scripts, compiled and sealed.
    pub scripts: Scripts,
}

/// A route made ready.
#[derive(Debug)]
pub struct Route {
    /// Its pattern, for log and metrics.
    pub name: String,
    /// The pattern.
    pub path: model::PathPattern,
    /// Filters in order.
    pub filters: Vec<Filter>,
    /// What answers.
    pub action: Action,
    /// Its counters.
    pub metrics: RouteMetrics,
}

/// One filter.
#[derive(Debug)]
pub enum Filter {
    /// Header edits.
    Headers(HeaderEdits),
    /// A script with hooks.
    Script(ScriptId),
}

/// What answers.
#[derive(Debug)]
pub enum Action {
    /// A script's handler.
    Handler(ScriptId),
    /// An upstream, by index.
    Upstream(usize),
    /// Files.
    Static(StaticFiles),
}

impl Snapshot {
    /// Makes `config` ready: opens directories, compiles and seals scripts that `before` has not, looks names up. May block.
    ///
    /// # Errors
    /// Everything that stands in the way, one line each.
    pub fn new(
        config: Config,
        version: u64,
        metrics: &Metrics,
        before: Option<&Self>,
    ) -> Result<Arc<Self>, Vec<String>> {
        let mut mistakes = Vec::new();
        let known = before.map(|before| (&before.config, &before.scripts));
        let scripts = Scripts::load(&config, known).unwrap_or_else(|mut found| {
            mistakes.append(&mut found);
            Scripts::default()
        });
        let mut routes = Vec::with_capacity(config.routes.len());
        for route in &config.routes {
            match ready(route, metrics) {
                Ok(route) => routes.push(route),
                Err(mistake) => mistakes.push(format!("route '{}': {mistake}", route.name)),
            }
        }
        if before.is_some_and(|before| !before.speaks_tls()) && speaks_tls(&config) {
            mistakes.extend(trust::authorities().err());
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let loaded = scripts.loaded();
        metrics.scripts_made.inc_by(loaded.made);
        metrics.image_cache_hits.inc_by(loaded.cache_hits);
        metrics.image_cache_misses.inc_by(loaded.cache_misses);
        let table = RouteTable::new(&config.routes);
        let upstreams = config.upstreams.iter().map(Upstream::new).collect();
        Ok(Arc::new(Self { version, config, table, routes, upstreams, scripts }))
    }

    /// Whether it has an origin that speaks TLS.
    pub fn speaks_tls(&self) -> bool {
        speaks_tls(&self.config)
    }
}

fn speaks_tls(config: &Config) -> bool {
    config.upstreams.iter().flat_map(|upstream| &upstream.servers).any(|server| server.tls)
}

fn ready(route: &model::Route, metrics: &Metrics) -> Result<Route, String> {
    let filter = |filter: &model::Filter| match filter {
        model::Filter::Headers(edits) => HeaderEdits::new(edits).map(Filter::Headers),
        model::Filter::Script(script) => Ok(Filter::Script(*script)),
    };
    Ok(Route {
        name: route.name.clone(),
        path: route.path.clone(),
        filters: route.filters.iter().map(filter).collect::<Result<_, _>>()?,
        action: match &route.action {
            model::Action::Handler(script) => Action::Handler(*script),
            model::Action::Upstream(upstream) => Action::Upstream(*upstream),
            model::Action::Static(files) => Action::Static(StaticFiles::open(files)?),
        },
        metrics: metrics.route(&route.name),
    })
}
