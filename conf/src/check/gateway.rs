//! The top of the file: what concerns the gateway as a whole.
use std::net::SocketAddr;

use crate::check::Check;
use crate::check::limits::ScriptSettings;
use crate::check::read::Text;
use crate::check::route;
use crate::check::script::Scripts;
use crate::check::section::Fields;
use crate::check::upstream::{self, Upstreams};
use crate::model::{AccessLog, Config, Listener, Runtimes, StaticCache};
use crate::node::{Node, Value};
use crate::problem::Problem;
use crate::report::Mistake;
use crate::settings::{Format, Kind, Section};
use crate::units::{shorten, show_size};

/// Reads the whole file; `None` only with a mistake noted.
pub(crate) fn read(check: &mut Check, root: &Node) -> Option<Config> {
    let fields = check.section(root, Section::Root, "")?;
    version(check, &fields);
    let listeners = listeners(check, &fields);
    let admin = admin(check, &fields, &listeners);
    let workers = check.written_integer(&fields, "workers").map(|workers| workers as usize);
    let runtimes = runtimes(check, &fields);
    let access_log = access_log(check, &fields);
    let slow_log = check.written_duration(&fields, "slow_log").flatten();
    let static_cache = static_cache(check, &fields);
    let image_cache = check.text(&fields, "image_cache").and_then(|text| check.cache_directory(&text));
    let shutdown_grace = check.duration(&fields, "shutdown_grace");
    let keep_alive = check.duration(&fields, "keep_alive");
    let head_timeout = check.duration(&fields, "head_timeout");
    let write_timeout = check.duration(&fields, "write_timeout");
    let max_connections = check.integer(&fields, "max_connections").map(|max| max as usize);
    let defaults = match fields.node("defaults").and_then(|node| check.section(node, Section::Defaults, "defaults")) {
        Some(defaults) => ScriptSettings::read(check, &defaults),
        None => ScriptSettings::default(),
    };
    let upstreams = upstream::read(check, &fields);
    let mut scripts = Scripts::new(defaults);
    let routes = route::read(check, &fields, &upstreams, &mut scripts);
    let Upstreams { upstreams, .. } = upstreams;
    Some(Config {
        listeners: listeners.into_iter().map(|(address, _)| Listener { address }).collect(),
        admin,
        workers,
        runtimes: runtimes?,
        access_log: access_log?,
        slow_log,
        static_cache: static_cache?,
        image_cache,
        shutdown_grace: shutdown_grace?,
        keep_alive: keep_alive?,
        head_timeout: head_timeout?,
        write_timeout: write_timeout?,
        max_connections: max_connections?,
        upstreams,
        scripts: scripts.into_vec(),
        routes,
    })
}

fn version(check: &mut Check, fields: &Fields<'_>) {
    let Some(Text { node, setting, text }) = check.text(fields, "version") else { return };
    if text.len() < 10 && text != "1" && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        let mistake = Mistake::at(node.place, setting, format!("version {text} is unknown to this Lockgate"));
        check.note(mistake.allowed("1").hint("this is the version of the file's shape, not of the gateway: write 1"));
        return;
    }
    check.written_integer(fields, "version");
}

/// The addresses with the lines they stand on.
fn listeners(check: &mut Check, fields: &Fields<'_>) -> Vec<(SocketAddr, u32)> {
    let mut listeners: Vec<(SocketAddr, u32)> = Vec::new();
    let row = fields.row("listeners");
    let Kind::Sections(section, max) = row.kind else { return listeners };
    let items = fields.node("listeners").and_then(|node| check.items(node, "listeners", row, max));
    for (item, setting) in items.unwrap_or_default() {
        let Some(listener) = check.section(item, section, &setting) else { continue };
        let Some(text) = check.text(&listener, "address") else { continue };
        let Some(address) = check.ok(text.node, &text.setting, address(text.text), Format::Address.allowed()) else {
            continue;
        };
        match listeners.iter().find(|(other, _)| overlaps(*other, address)) {
            Some((other, line)) => check.note(taken(&text, address, *other, *line)),
            None => listeners.push((address, text.node.place.line)),
        }
    }
    listeners
}

fn admin(check: &mut Check, fields: &Fields<'_>, listeners: &[(SocketAddr, u32)]) -> Option<SocketAddr> {
    let admin = check.section(fields.node("admin")?, Section::Admin, "admin")?;
    let text = check.text(&admin, "address")?;
    let address = address(text.text).and_then(|address| {
        if address.ip().is_loopback() {
            return Ok(address);
        }
        Err(Problem::new(format!(
            "the admin listener cannot be reachable from outside: {} is no loopback address",
            address.ip()
        ))
        .hint(format!("write 127.0.0.1:{}", address.port())))
    });
    let address = check.ok(text.node, &text.setting, address, Format::Loopback.allowed())?;
    if let Some((other, line)) = listeners.iter().find(|(other, _)| overlaps(*other, address)) {
        check.note(taken(&text, address, *other, *line));
    }
    Some(address)
}

fn taken(text: &Text<'_>, address: SocketAddr, other: SocketAddr, line: u32) -> Mistake {
    let message = if address == other {
        format!("{address} is already taken by the listener at line {line}")
    } else {
        format!("{address} collides with the listener {other} at line {line}")
    };
    Mistake::at(text.node.place, text.setting.as_str(), message).hint("give one of them another port")
}

/// Whether two listeners would take connections from each other.
fn overlaps(a: SocketAddr, b: SocketAddr) -> bool {
    let same_ip =
        a.ip() == b.ip() || a.is_ipv4() == b.is_ipv4() && (a.ip().is_unspecified() || b.ip().is_unspecified());
    same_ip && a.port() == b.port() && a.port() != 0
}

fn address(text: &str) -> Result<SocketAddr, Problem> {
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Ok(address);
    }
    let problem = Problem::new(format!("'{}' is not an address to listen on", shorten(text)));
    let bare = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")).unwrap_or(text);
    let bare = bare.trim_end_matches('/');
    let hint = if bare.parse::<std::net::Ipv6Addr>().is_ok() {
        format!("an IPv6 address needs brackets and a port: [{bare}]:8080")
    } else if let Some(port) = bare.strip_prefix(':').or_else(|| bare.strip_prefix("*:")) {
        format!("write 0.0.0.0:{port} for all interfaces, or 127.0.0.1:{port} for this machine only")
    } else if let Some(port) = bare.strip_prefix("localhost:") {
        format!("write 127.0.0.1:{port}")
    } else if bare.len() <= 5 && bare.parse::<u16>().is_ok() {
        format!("write 0.0.0.0:{bare} for all interfaces, or 127.0.0.1:{bare} for this machine only")
    } else if bare.parse::<std::net::Ipv4Addr>().is_ok() {
        format!("the port is missing: {bare}:8080")
    } else if bare != text && bare.parse::<SocketAddr>().is_ok() {
        format!("write {bare}")
    } else if bare.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u32>().is_ok_and(|port| port > 65_535)) {
        "ports go from 0 to 65535".to_owned()
    } else {
        "names are not looked up here: write the interface's IP address".to_owned()
    };
    Err(problem.hint(hint))
}

fn runtimes(check: &mut Check, fields: &Fields<'_>) -> Option<Runtimes> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let warm_default = |max: usize| (2 * cores).max(8).min(max);
    let empty = Node { place: fields.place, value: Value::Map(Vec::new().into()) };
    // Only an absent key has all defaults; an empty one has been noted.
    let node = fields.node("runtimes").unwrap_or(&empty);
    let runtimes = check.section(node, Section::Runtimes, "runtimes")?;
    let max = check.integer(&runtimes, "max").map(|max| max as usize);
    let warm = check.written_integer(&runtimes, "warm").map(|warm| warm as usize);
    let queue = check.integer(&runtimes, "queue").map(|queue| queue as usize);
    let queue_timeout = check.duration(&runtimes, "queue_timeout");
    let trip_after = check.integer(&runtimes, "trip_after").map(|after| after as u32);
    let trip_pause = check.duration(&runtimes, "trip_pause");
    if let (Some(max), Some(warm), Some(entry)) = (max, warm, runtimes.entry("warm"))
        && warm > max
    {
        let mistake = Mistake::at(
            entry.value.place,
            "runtimes.warm",
            format!("{warm} runtimes kept warm are more than 'max', {max}"),
        );
        check.note(mistake.hint(format!("raise 'max', or keep at most {max} warm")));
    }
    let max = max?;
    Some(Runtimes {
        max,
        warm: warm.unwrap_or_else(|| warm_default(max)),
        queue: queue?,
        queue_timeout: queue_timeout?,
        trip_after: trip_after?,
        trip_pause: trip_pause?,
    })
}

fn access_log(check: &mut Check, fields: &Fields<'_>) -> Option<AccessLog> {
    match fields.node("access_log") {
        None => Some(AccessLog::Off),
        Some(node) if matches!(node.value, Value::Map(_)) => {
            let log = check.section(node, Section::AccessLog, "access_log")?;
            let text = check.text(&log, "file")?;
            check.log_file(&text).map(AccessLog::File)
        }
        Some(Node { value: Value::Scalar { text, .. }, place }) if text.contains(['/', '.']) => {
            let mistake = Mistake::at(*place, "access_log", format!("'access_log' cannot be '{}'", shorten(text)));
            let allowed = fields.row("access_log").kind.allowed();
            check.note(mistake.allowed(allowed).hint(format!("did you mean '{{ file: {} }}'?", shorten(text))));
            None
        }
        Some(_) => match check.written_choice(fields, "access_log")? {
            "stdout" => Some(AccessLog::Stdout),
            _ => Some(AccessLog::Off),
        },
    }
}

fn static_cache(check: &mut Check, fields: &Fields<'_>) -> Option<StaticCache> {
    let empty = Node { place: fields.place, value: Value::Map(Vec::new().into()) };
    let node = fields.node("static_cache").unwrap_or(&empty);
    let cache = check.section(node, Section::StaticCache, "static_cache")?;
    let max_bytes = check.size(&cache, "max_bytes");
    let max_file = check.size(&cache, "max_file");
    let (max_bytes, mut max_file) = (max_bytes?, max_file?);
    if max_file > max_bytes {
        match cache.entry("max_file") {
            None => max_file = max_bytes,
            Some(entry) => {
                let message =
                    format!("files of {} do not fit into 'max_bytes', {}", show_size(max_file), show_size(max_bytes));
                let mistake = Mistake::at(entry.value.place, "static_cache.max_file", message);
                check.note(mistake.hint("raise 'max_bytes', or lower 'max_file'"));
            }
        }
    }
    Some(StaticCache { max_bytes, max_file })
}
