//! A checked configuration written out: every setting with the value that holds, whether it was written or not. The text is a
//! configuration itself, of the same meaning.
use std::fmt::Write;
use std::path::Path;

use crate::check::Use;
use crate::model::{
    AccessLog, Action, Config, Filter, HeaderOps, HostPattern, PathPattern, Route, Script, Segment, Upstream,
};
use crate::rows;
use crate::settings::{Fallback, Section};
use crate::units::{show_duration, show_size};

/// The configuration as YAML, each setting with the value that holds; `# default` stands behind those that are so anyway.
#[must_use]
pub fn explain(config: &Config) -> String {
    let mut page = Page { text: String::new(), depth: 0 };
    page.root(config);
    page.text
}

/// The text so far.
struct Page {
    text: String,
    depth: usize,
}

impl Page {
    /// A setting with its value; `used_as` where the default depends on it.
    fn set(&mut self, section: Section, key: &str, value: &str, used_as: Option<Use>) {
        let default = match (rows::row_of(section, key).fallback, used_as) {
            (Fallback::Text(text), _) => Some(text),
            (Fallback::PerUse { handler, .. }, Some(Use::Handler)) => Some(handler),
            (Fallback::PerUse { filter, .. }, Some(Use::Filter)) => Some(filter),
            _ => None,
        };
        let note = if default == Some(value) { " # default" } else { "" };
        self.line(&format!("{key}: {value}{note}"));
    }

    fn line(&mut self, line: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{}{line}", "  ".repeat(self.depth));
    }

    /// A key and what stands under it.
    fn under(&mut self, key: &str, write: impl FnOnce(&mut Page)) {
        self.line(&format!("{key}:"));
        self.depth += 1;
        write(self);
        self.depth -= 1;
    }

    /// An item of a list, whose first line the dash goes to.
    fn item(&mut self, write: impl FnOnce(&mut Page)) {
        let start = self.text.len() + 2 * self.depth;
        self.depth += 1;
        write(self);
        self.depth -= 1;
        if self.text.len() > start {
            self.text.replace_range(start..start + 1, "-");
        }
    }

    fn root(&mut self, config: &Config) {
        let duration = |page: &mut Page, key, value| page.set(Section::Root, key, &show_duration(value), None);
        self.line("version: 1");
        self.under("listeners", |page| {
            for listener in &config.listeners {
                page.item(|page| page.line(&format!("address: {}", quote(&listener.address.to_string()))));
            }
        });
        match config.admin {
            Some(address) => {
                self.under("admin", |page| page.line(&format!("address: {}", quote(&address.to_string()))))
            }
            None => self.line("# admin: no admin listener"),
        }
        match config.workers {
            Some(workers) => self.line(&format!("workers: {workers}")),
            None => self.line("# workers: one per core"),
        }
        self.under("runtimes", |page| {
            let runtimes = &config.runtimes;
            page.set(Section::Runtimes, "max", &runtimes.max.to_string(), None);
            page.set(Section::Runtimes, "warm", &runtimes.warm.to_string(), None);
            page.set(Section::Runtimes, "queue", &runtimes.queue.to_string(), None);
            page.set(Section::Runtimes, "queue_timeout", &show_duration(runtimes.queue_timeout), None);
            page.set(Section::Runtimes, "trip_after", &runtimes.trip_after.to_string(), None);
            page.set(Section::Runtimes, "trip_pause", &show_duration(runtimes.trip_pause), None);
        });
        match &config.access_log {
            AccessLog::Off => self.set(Section::Root, "access_log", "off", None),
            AccessLog::Stdout => self.set(Section::Root, "access_log", "stdout", None),
            AccessLog::File(file) => self.under("access_log", |page| page.line(&format!("file: {}", path(file)))),
        }
        match config.slow_log {
            Some(threshold) => duration(self, "slow_log", threshold),
            None => self.line("# slow_log: off"),
        }
        self.under("static_cache", |page| {
            page.set(Section::StaticCache, "max_bytes", &show_size(config.static_cache.max_bytes), None);
            page.set(Section::StaticCache, "max_file", &show_size(config.static_cache.max_file), None);
        });
        match &config.image_cache {
            Some(dir) => self.line(&format!("image_cache: {}", path(dir))),
            None => self.line("# image_cache: no cache"),
        }
        duration(self, "shutdown_grace", config.shutdown_grace);
        duration(self, "keep_alive", config.keep_alive);
        duration(self, "head_timeout", config.head_timeout);
        duration(self, "write_timeout", config.write_timeout);
        self.set(Section::Root, "max_connections", &config.max_connections.to_string(), None);
        if !config.upstreams.is_empty() {
            self.under("upstreams", |page| config.upstreams.iter().for_each(|upstream| page.upstream(upstream)));
        }
        self.under("routes", |page| {
            for route in &config.routes {
                page.item(|page| page.route(config, route));
            }
        });
    }

    fn upstream(&mut self, upstream: &Upstream) {
        self.under(&quote(&upstream.name), |page| {
            page.under("servers", |page| {
                for server in &upstream.servers {
                    let scheme = if server.tls { "https" } else { "http" };
                    let host =
                        if server.host.contains(':') { format!("[{}]", server.host) } else { server.host.clone() };
                    page.line(&format!("- {}", quote(&format!("{scheme}://{host}:{}", server.port))));
                }
            });
            page.under("timeouts", |page| {
                page.set(Section::Timeouts, "connect", &show_duration(upstream.connect_timeout), None);
                page.set(Section::Timeouts, "read", &show_duration(upstream.read_timeout), None);
            });
        });
    }

    fn route(&mut self, config: &Config, route: &Route) {
        self.under("match", |page| {
            match &route.host {
                Some(HostPattern::Exact(host)) => page.line(&format!("host: {}", quote(host))),
                Some(HostPattern::Suffix(suffix)) => page.line(&format!("host: {}", quote(&format!("*{suffix}")))),
                None => {}
            }
            page.line(&format!("path: {}", quote(&pattern(&route.path))));
            if !route.methods.is_empty() {
                page.line(&format!("methods: [{}]", route.methods.join(", ")));
            }
        });
        if !route.filters.is_empty() {
            self.under("filters", |page| {
                for filter in &route.filters {
                    page.item(|page| match filter {
                        Filter::Script(id) => page.script(&config.scripts[*id], Use::Filter),
                        Filter::Headers(edits) => page.under("headers", |page| {
                            page.header_edits("request", &edits.request);
                            page.header_edits("response", &edits.response);
                        }),
                    });
                }
            });
        }
        match &route.action {
            Action::Handler(id) => self.under("handler", |page| page.script(&config.scripts[*id], Use::Handler)),
            Action::Upstream(id) => self.line(&format!("upstream: {}", quote(&config.upstreams[*id].name))),
            Action::Static(files) => self.under("static", |page| {
                page.line(&format!("dir: {}", path(&files.dir)));
                page.set(Section::Static, "strip", &files.strip.to_string(), None);
            }),
        }
    }

    fn header_edits(&mut self, direction: &str, edits: &HeaderOps) {
        if *edits == HeaderOps::default() {
            return;
        }
        self.under(direction, |page| {
            if !edits.remove.is_empty() {
                page.line(&format!(
                    "remove: [{}]",
                    edits.remove.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ")
                ));
            }
            for (key, pairs) in [("set", &edits.set), ("add", &edits.add)] {
                if !pairs.is_empty() {
                    page.under(key, |page| {
                        pairs.iter().for_each(|(name, value)| page.line(&format!("{}: {}", quote(name), quote(value))));
                    });
                }
            }
        });
    }

    fn script(&mut self, script: &Script, used_as: Use) {
        let section = match used_as {
            Use::Handler => Section::Handler,
            Use::Filter => Section::Filter,
        };
        self.line(&format!("script: {}", path(&script.path)));
        if !script.env.is_empty() {
            self.under("env", |page| {
                script.env.iter().for_each(|(name, value)| page.line(&format!("{}: {}", quote(name), quote(value))));
            });
        }
        self.set(section, "isolation", script.isolation.word(), None);
        self.set(section, "heap", script.heap.word(), None);
        match script.concurrency {
            Some(most) => self.line(&format!("concurrency: {most}")),
            None => self.line("# concurrency: no limit but runtimes.max"),
        }
        self.under("limits", |page| {
            let limits = &script.limits;
            let mut set = |key, value: String| page.set(Section::Limits, key, &value, Some(used_as));
            set("cpu", limits.cpu.map_or("off".to_owned(), show_duration));
            set("wall", show_duration(limits.wall));
            set("heap", show_size(limits.heap));
            set("body", show_size(limits.body));
            set("stack", show_size(limits.stack));
            set("subrequests", limits.subrequests.to_string());
            set("concurrent_subrequests", limits.concurrent_subrequests.to_string());
            set("boot", show_duration(limits.boot));
            set("retained", show_size(limits.retained));
            set("retained_shapes", limits.retained_shapes.to_string());
            set("retained_names", limits.retained_names.to_string());
        });
    }
}

fn pattern(path: &PathPattern) -> String {
    match path {
        PathPattern::Exact(path) => path.clone(),
        PathPattern::Prefix(prefix) => format!("{prefix}*"),
        PathPattern::Params { segments, tail } => {
            let mut text = String::new();
            for segment in segments {
                match segment {
                    Segment::Literal(literal) => text.extend(["/", literal]),
                    Segment::Param(name) => text.extend(["/:", name]),
                }
            }
            if *tail { text + "/*" } else { text }
        }
    }
}

fn path(path: &Path) -> String {
    quote(&path.to_string_lossy())
}

/// A text as a quoted scalar: what JSON writes is YAML as well.
fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
