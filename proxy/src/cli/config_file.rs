//! Reads a configuration file into the checked model.
use lockgate_conf::model::*;
use saphyr_parser::{Event, Parser};
use serde_json::{Map, Value};
use std::path::Path;
use std::time::Duration;

/// The configuration of `file`.
///
/// # Errors
/// The report of its mistakes.
pub fn load(file: &Path) -> Result<Config, String> {
    let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let events: Result<Vec<_>, _> = Parser::new_from_str(&text).map(|e| e.map(|(e, _)| e)).collect();
    let mut events = events.map_err(|e| format!("{}: {e}", file.display()))?.into_iter();
    let root = loop {
        match events.next() {
            Some(e @ (Event::MappingStart(..) | Event::Scalar(..) | Event::SequenceStart(..))) => {
                break node(e, &mut events);
            }
            Some(_) => {}
            None => return Err("empty".into()),
        }
    };
    let base = std::path::absolute(file).unwrap().parent().unwrap().to_owned();
    config(&root, &base).ok_or_else(|| format!("{}:1:1: wrong configuration", file.display()))
}

fn node<'a>(event: Event<'a>, events: &mut impl Iterator<Item = Event<'a>>) -> Value {
    match event {
        Event::Scalar(text, ..) => Value::String(text.into_owned()),
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            loop {
                match events.next().unwrap() {
                    Event::SequenceEnd => return Value::Array(items),
                    e => items.push(node(e, events)),
                }
            }
        }
        _ => {
            let mut map = Map::new();
            loop {
                match events.next().unwrap() {
                    Event::MappingEnd => return Value::Object(map),
                    Event::Scalar(key, ..) => {
                        let e = events.next().unwrap();
                        map.insert(key.into_owned(), node(e, events));
                    }
                    _ => {}
                }
            }
        }
    }
}

fn duration(v: &Value) -> Option<Duration> {
    let t = v.as_str()?;
    t.strip_suffix("ms")
        .map(|n| n.parse().ok().map(Duration::from_millis))
        .unwrap_or_else(|| t.strip_suffix('s')?.parse().ok().map(Duration::from_secs))
}

fn strings(v: Option<&Value>) -> Vec<String> {
    v.and_then(Value::as_array).map(|a| a.iter().map(|s| s.as_str().unwrap().to_owned()).collect()).unwrap_or_default()
}

fn pairs(v: Option<&Value>) -> Vec<(String, String)> {
    v.and_then(Value::as_object)
        .map(|m| m.iter().map(|(k, v)| (k.clone(), v.as_str().unwrap().to_owned())).collect())
        .unwrap_or_default()
}

fn ops(v: Option<&Value>) -> HeaderOps {
    let get = |k: &str| v.and_then(|v| v.get(k));
    HeaderOps { remove: strings(get("remove")), set: pairs(get("set")), add: pairs(get("add")) }
}

fn config(v: &Value, base: &Path) -> Option<Config> {
    let upstreams: Vec<Upstream> = v
        .get("upstreams")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, u)| Upstream {
            name: name.clone(),
            servers: strings(u.get("servers"))
                .iter()
                .map(|s| {
                    let (host, port) = s.rsplit_once(':').unwrap();
                    Server { host: host.into(), port: port.parse().unwrap(), tls: false }
                })
                .collect(),
            connect_timeout: u.pointer("/timeouts/connect").and_then(duration).unwrap_or(Duration::from_secs(1)),
            read_timeout: u.pointer("/timeouts/read").and_then(duration).unwrap_or(Duration::from_secs(30)),
        })
        .collect();
    let mut scripts = Vec::new();
    let mut routes = Vec::new();
    let mut script = |v: &Value| {
        let path = v.get("script").unwrap_or(v).as_str()?;
        scripts.push(Script {
            path: base.join(path),
            env: Default::default(),
            isolation: Isolation::Request,
            heap: HeapMode::Arena,
            limits: Limits { cpu: None, wall: Duration::from_secs(30), heap: 64 << 20, body: 1 << 20, stack: 1 << 20 },
        });
        Some(scripts.len() - 1)
    };
    for r in v.get("routes")?.as_array()? {
        let path = r.pointer("/match/path")?.as_str()?;
        let action = if let Some(h) = r.get("handler") {
            Action::Handler(script(h)?)
        } else if let Some(u) = r.get("upstream") {
            Action::Upstream(upstreams.iter().position(|k| k.name == u.as_str().unwrap())?)
        } else {
            let s = r.get("static")?;
            Action::Static(StaticDir {
                dir: base.join(s.get("dir")?.as_str()?),
                strip: s.get("strip").and_then(Value::as_str) != Some("false"),
            })
        };
        let mut filters = Vec::new();
        for f in r.get("filters").and_then(Value::as_array).into_iter().flatten() {
            filters.push(match f.get("headers") {
                Some(h) => {
                    Filter::Headers(HeaderEdits { request: ops(h.get("request")), response: ops(h.get("response")) })
                }
                None => Filter::Script(script(f)?),
            });
        }
        routes.push(Route {
            name: path.into(),
            host: r.pointer("/match/host").and_then(Value::as_str).map(|h| match h.strip_prefix('*') {
                Some(s) => HostPattern::Suffix(s.into()),
                None => HostPattern::Exact(h.into()),
            }),
            path: if path.contains(':') {
                PathPattern::Params {
                    segments: path
                        .trim_end_matches("/*")
                        .split('/')
                        .skip(1)
                        .map(|s| match s.strip_prefix(':') {
                            Some(n) => Segment::Param(n.into()),
                            None => Segment::Literal(s.into()),
                        })
                        .collect(),
                    tail: path.ends_with("/*"),
                }
            } else if let Some(p) = path.strip_suffix('*') {
                PathPattern::Prefix(p.into())
            } else {
                PathPattern::Exact(path.into())
            },
            methods: strings(r.pointer("/match/methods")),
            filters,
            action,
        });
    }
    let n = |p: &str| v.pointer(p).and_then(Value::as_str).and_then(|s| s.parse::<u64>().ok());
    Some(Config {
        listeners: v
            .get("listeners")?
            .as_array()?
            .iter()
            .map(|l| Some(Listener { address: l.get("address")?.as_str()?.parse().ok()? }))
            .collect::<Option<_>>()?,
        admin: v.pointer("/admin/address").and_then(|a| a.as_str()?.parse().ok()),
        workers: n("/workers").map(|n| n as usize),
        runtimes: Runtimes { max: 1000, warm: 8, queue: 1024, queue_timeout: Duration::from_secs(1) },
        access_log: match v.get("access_log") {
            Some(Value::String(s)) if s == "stdout" => AccessLog::Stdout,
            Some(Value::Object(o)) => AccessLog::File(base.join(o.get("file")?.as_str()?)),
            _ => AccessLog::Off,
        },
        static_cache: StaticCache {
            max_bytes: n("/static_cache/max_bytes").unwrap_or(2 << 20),
            max_file: n("/static_cache/max_file").unwrap_or(128 << 10),
        },
        shutdown_grace: v.get("shutdown_grace").and_then(duration).unwrap_or(Duration::from_secs(30)),
        keep_alive: v.get("keep_alive").and_then(duration).unwrap_or(Duration::from_secs(60)),
        upstreams,
        scripts,
        routes,
    })
}
