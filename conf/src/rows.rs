//! The settings table: one row for each setting. The reader takes allowed keys, ranges and defaults from here, and
//! the JSON Schema and the settings reference are made from it. To add a setting, add its row first.
use crate::settings::{Fallback, Format, Kind, Row, Section};

use Fallback::{Described, PerUse, Required, Text};
use Section::{
    AccessLog, Admin, Defaults, Filter, Handler, HeaderOps, Headers, Limits, Listener, Match, Root, Route, Runtimes,
    Static, StaticCache, Timeouts, Upstream,
};

/// Sections in the order in which the reference tells them.
pub(crate) const SECTIONS: [Section; 17] = [
    Root,
    Listener,
    Admin,
    Runtimes,
    AccessLog,
    StaticCache,
    Defaults,
    Limits,
    Upstream,
    Timeouts,
    Route,
    Match,
    Handler,
    Filter,
    Headers,
    HeaderOps,
    Static,
];

/// Methods a route can be limited to: RFC 9110, PATCH, WebDAV's and the caches' own.
pub(crate) const METHODS: &[&str] = &[
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "QUERY",
    "PROPFIND",
    "PROPPATCH",
    "MKCOL",
    "COPY",
    "MOVE",
    "LOCK",
    "UNLOCK",
    "REPORT",
    "SEARCH",
    "PURGE",
];

/// What a script's file name may end in; the last one is an image made by `lockgate build`.
pub(crate) const SCRIPT_EXTENSIONS: &[&str] = &["js", "mjs", "ts", "tsx", "jsx", "image"];

const SCRIPTS: &[Section] = &[Handler, Filter];
const SCRIPTS_AND_DEFAULTS: &[Section] = &[Defaults, Handler, Filter];

/// All settings.
#[rustfmt::skip] // One line a row: a table is read down its columns.
pub(crate) static ROWS: &[Row] = &[
    row(&[Root], "version", Kind::Integer { min: 1, max: 1 }, Required, "The shape of this file. Always 1."),
    row(&[Root], "listeners", Kind::Sections(Listener, 64), Required, "Where clients connect."),
    row(&[Root], "admin", Kind::Section(Admin), Described("no admin listener"), "Metrics and health, for this machine only."),
    row(&[Root], "workers", Kind::Integer { min: 1, max: 1024 }, Described("one per core"), "Worker threads. Each has its own listeners, connections and runtimes."),
    row(&[Root], "runtimes", Kind::Section(Runtimes), Described("the defaults of its keys"), "The pool of script runtimes."),
    row(&[Root], "access_log", Kind::SectionOrWord(AccessLog, &["off", "stdout"]), Text("off"), "Where one line is written for each finished request."),
    row(&[Root], "slow_log", Kind::Duration { min: "1ms", max: "10m", off: true }, Described("off"), "A script that computes for longer than this in one hook is told in a line on standard error: request, route, script, hook, times, and the script's stack if it was suspended beyond it. At most ten lines a second."),
    row(&[Root], "static_cache", Kind::Section(StaticCache), Described("the defaults of its keys"), "Memory for small static files."),
    row(&[Root], "image_cache", Kind::Text(Format::CacheDirectory), Described("no cache"), "Keeps compiled and booted scripts: the next start or reload reads them if neither source, imports, `env`, memory nor the gateway changed. What a top level drew or printed is then not drawn or printed again. At most 256 MiB, beyond which those go that were not used for the longest time. Only the gateway may write to it."),
    row(&[Root], "shutdown_grace", Kind::Duration { min: "0s", max: "1h", off: false }, Text("30s"), "How long a graceful shutdown waits for requests in flight."),
    row(&[Root], "keep_alive", Kind::Duration { min: "1s", max: "1h", off: false }, Text("60s"), "A client connection that is idle for so long is closed."),
    row(&[Root], "head_timeout", Kind::Duration { min: "100ms", max: "10m", off: false }, Text("10s"), "Longest time from the first byte of a request's head to its last, however steadily it drips. Beyond it the answer is 408. Holds for connections accepted from then on."),
    row(&[Root], "write_timeout", Kind::Duration { min: "100ms", max: "1h", off: false }, Text("60s"), "A client that takes no byte of its answer for so long is given up. Holds for connections accepted from then on."),
    row(&[Root], "max_connections", Kind::Integer { min: 1, max: 1_000_000 }, Text("10000"), "Most client connections open at a time, over all workers. The next one is answered 503 and closed."),
    row(&[Root], "defaults", Kind::Section(Defaults), Described("the defaults of its keys"), "What holds for every handler and filter that does not say otherwise."),
    row(&[Root], "upstreams", Kind::Named(Upstream, 1000), Described("none"), "Groups of origins. Routes and scripts use them by name."),
    row(&[Root], "routes", Kind::Sections(Route, 10_000), Required, "What answers which requests. Their order has no meaning: host comes before path, and an exact path before one with parameters before a prefix."),
    //
    row(&[Listener], "address", Kind::Text(Format::Address), Required, "IP address and port. Port 0 takes a free one."),
    row(&[Admin], "address", Kind::Text(Format::Loopback), Required, "IP address and port of `/metrics` and health, on the loopback interface."),
    //
    row(&[Runtimes], "max", Kind::Integer { min: 1, max: 100_000 }, Text("1000"), "Most runtimes in the process."),
    row(&[Runtimes], "warm", Kind::Integer { min: 0, max: 100_000 }, Described("max(8, 2 × cores), at most `max`"), "Runtimes kept warm for each script, over all workers. Not above `max`."),
    row(&[Runtimes], "queue", Kind::Integer { min: 0, max: 1_000_000 }, Text("1024"), "Most requests that wait for a runtime, per worker. The next one is answered 503."),
    row(&[Runtimes], "queue_timeout", Kind::Duration { min: "1ms", max: "10m", off: false }, Text("1s"), "Longest wait for a runtime. After it the answer is 503."),
    row(&[Runtimes], "trip_after", Kind::Integer { min: 0, max: 1_000_000 }, Text("10"), "So many requests of a script that wait in vain, one after the other, open its circuit breaker: those that would have to wait are answered 503 at once. 0: never."),
    row(&[Runtimes], "trip_pause", Kind::Duration { min: "10ms", max: "10m", off: false }, Text("1s"), "How long a circuit breaker stays open. Then one request is sent ahead: if it gets a runtime in time, the others may wait again."),
    //
    row(&[AccessLog], "file", Kind::Text(Format::LogFile), Required, "The file that lines are appended to."),
    row(&[StaticCache], "max_bytes", Kind::Size { min: "0", max: "64GiB" }, Text("2MiB"), "Memory for all cached files. 0 turns the cache off."),
    row(&[StaticCache], "max_file", Kind::Size { min: "0", max: "1GiB" }, Text("128KiB"), "Largest file kept in memory. Not above `max_bytes`, which lowers its default."),
    //
    row(&[Handler], "script", Kind::Text(Format::ScriptFile), Required, "The script that answers. `handler: FILE` is short for `handler: { script: FILE }`."),
    row(&[Filter], "script", Kind::Text(Format::ScriptFile), Described("none"), "A script with `onRequest`, `onResponse` or `onLog`. A filter has exactly one of `script` and `headers`."),
    row(SCRIPTS, "env", Kind::TextMap(Format::EnvName, Format::EnvValue, 256), Described("empty"), "The script's `env` object. Numbers and words arrive as the text written here."),
    row(SCRIPTS_AND_DEFAULTS, "isolation", Kind::Choice { now: &["request", "worker"], later: &[] }, Text("request"), "What survives a request. `request`: nothing that was made in it. `worker`: what the script's own variables refer to, in one of several runtimes: a cache, not a place to keep things."),
    row(SCRIPTS_AND_DEFAULTS, "heap", Kind::Choice { now: &["hybrid", "arena"], later: &["generational"] }, Text("hybrid"), "How a script's memory is managed. `hybrid`: taken in order, freed all at once after the request; what a long request no longer needs is freed while it runs, so that `limits.heap` bounds what it holds, not what it makes. `arena`: nothing is freed while it runs."),
    row(SCRIPTS_AND_DEFAULTS, "concurrency", Kind::Integer { min: 1, max: 100_000 }, Described("no limit but `runtimes.max`"), "Most requests that run the script at a time, over all workers. The others wait as for a runtime."),
    row(SCRIPTS_AND_DEFAULTS, "limits", Kind::Section(Limits), Described("those of `defaults`, then the defaults of its keys"), "Bounds of one request."),
    //
    row(&[Limits], "cpu", Kind::Duration { min: "1ms", max: "10m", off: true }, PerUse { handler: "50ms", filter: "10ms" }, "Time on the processor. Beyond it the answer is 504."),
    row(&[Limits], "wall", Kind::Duration { min: "1ms", max: "1h", off: false }, Text("30s"), "Time by the clock, waiting included. Beyond it the answer is 504."),
    row(&[Limits], "heap", Kind::Size { min: "1MiB", max: "2GiB" }, Text("64MiB"), "Memory that a request may take, the script's own image not counted. Beyond it the answer is 500."),
    row(&[Limits], "body", Kind::Size { min: "0", max: "1GiB" }, Text("1MiB"), "Largest request body that a handler accepts. Beyond it the answer is 413. Not above `heap`."),
    row(&[Limits], "stack", Kind::Size { min: "64KiB", max: "64MiB" }, Text("1MiB"), "Stack of the script. Beyond it the script sees a RangeError."),
    row(&[Limits], "subrequests", Kind::Integer { min: 0, max: 1_000_000 }, Text("50"), "Most `fetch`es of one request. The next one is a TypeError."),
    row(&[Limits], "concurrent_subrequests", Kind::Integer { min: 1, max: 1000 }, Text("6"), "Most of them at a time. The others wait their turn."),
    row(&[Limits], "boot", Kind::Duration { min: "1ms", max: "10m", off: false }, Text("500ms"), "Time on the processor that the script's top level may take, once, when it is loaded. Beyond it the script is refused."),
    row(&[Limits], "retained", Kind::Size { min: "64KiB", max: "2GiB" }, Text("16MiB"), "With `isolation: worker`, memory that a runtime keeps between requests. Beyond it the runtime is replaced by a fresh one."),
    row(&[Limits], "retained_shapes", Kind::Integer { min: 100, max: 10_000_000 }, Text("10000"), "With `isolation: worker`, shapes of objects that a runtime keeps. Beyond it the runtime is replaced."),
    row(&[Limits], "retained_names", Kind::Integer { min: 100, max: 10_000_000 }, Text("50000"), "With `isolation: worker`, names of properties that a runtime keeps. Beyond it the runtime is replaced."),
    //
    row(&[Upstream], "servers", Kind::Texts(Format::Server, 256), Required, "Origins, used in turn. `https://` means port 443 and TLS, `http://` and a bare name mean none; a bare name needs its port. Certificates are held against the system's authorities, or those that the environment names in `SSL_CERT_FILE` and `SSL_CERT_DIR`."),
    row(&[Upstream], "timeouts", Kind::Section(Timeouts), Described("the defaults of its keys"), "How long the gateway waits for an origin."),
    row(&[Timeouts], "connect", Kind::Duration { min: "1ms", max: "5m", off: false }, Text("1s"), "Longest TCP connect."),
    row(&[Timeouts], "read", Kind::Duration { min: "1ms", max: "1h", off: false }, Text("30s"), "Longest silence while a response is read."),
    //
    row(&[Route], "match", Kind::Section(Match), Required, "Which requests the route takes."),
    row(&[Route], "filters", Kind::Sections(Filter, 32), Described("none"), "What happens to the request on the way in, in this order, and to the response on the way back, in reverse."),
    row(&[Route], "handler", Kind::SectionOrText(Handler, Format::ScriptFile), Described("none"), "A script that answers. A route has exactly one of `handler`, `upstream` and `static`."),
    row(&[Route], "upstream", Kind::Text(Format::UpstreamName), Described("none"), "The upstream that answers, by its name under `upstreams`."),
    row(&[Route], "static", Kind::Section(Static), Described("none"), "A directory of files that answers."),
    //
    row(&[Match], "path", Kind::Text(Format::Path), Required, "`/a/b`: this path. `/a/:name`: any one segment in that place, given to scripts. `/a/*`: all that begins so."),
    row(&[Match], "host", Kind::Text(Format::Host), Described("all hosts"), "The request's host without its port. `*.example.com` means any subdomain."),
    row(&[Match], "methods", Kind::Texts(Format::Method, 32), Described("all methods"), "The methods the route is limited to."),
    //
    row(&[Filter], "headers", Kind::Section(Headers), Described("none"), "Header edits without a script."),
    //
    row(&[Headers], "request", Kind::Section(HeaderOps), Described("none"), "Edits of the request on its way to the origin or handler."),
    row(&[Headers], "response", Kind::Section(HeaderOps), Described("none"), "Edits of the response on its way to the client."),
    row(&[HeaderOps], "remove", Kind::Texts(Format::HeaderName, 256), Described("none"), "Headers taken out, before `set` and `add`."),
    row(&[HeaderOps], "set", Kind::TextMap(Format::HeaderName, Format::HeaderValue, 256), Described("none"), "Headers given this one value, whatever they had."),
    row(&[HeaderOps], "add", Kind::TextMap(Format::HeaderName, Format::HeaderValue, 256), Described("none"), "Headers added beside those of the same name."),
    //
    row(&[Static], "dir", Kind::Text(Format::Directory), Required, "The directory."),
    row(&[Static], "strip", Kind::Bool, Text("true"), "Whether the matched prefix is taken off the path before the file is looked up."),
];

const fn row(
    sections: &'static [Section],
    key: &'static str,
    kind: Kind,
    fallback: Fallback,
    doc: &'static str,
) -> Row {
    Row { sections, key, kind, fallback, doc }
}

/// The rows of a section, in table order.
pub(crate) fn of(section: Section) -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(move |row| row.sections.contains(&section))
}

/// The row of a key. Asking for a key without a row is a bug of this crate, found by the first test that reads the section.
pub(crate) fn row_of(section: Section, key: &str) -> &'static Row {
    of(section).find(|row| row.key == key).unwrap_or_else(|| panic!("no row for '{key}' in {section:?}"))
}

/// Every way from the root to a section, as in `routes[].handler.limits`; the root's own is empty.
pub(crate) fn paths_to(section: Section) -> Vec<String> {
    if section == Root {
        return vec![String::new()];
    }
    let mut paths = Vec::new();
    for row in ROWS.iter().filter(|row| row.kind.opens() == Some(section)) {
        for owner in row.sections {
            for prefix in paths_to(*owner) {
                let dot = if prefix.is_empty() { "" } else { "." };
                let suffix = match row.kind {
                    Kind::Sections(..) => "[]",
                    Kind::Named(..) => ".NAME",
                    _ => "",
                };
                paths.push(format!("{prefix}{dot}{}{suffix}", row.key));
            }
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::{ROWS, SECTIONS, of, paths_to};
    use crate::settings::{Fallback, Kind, duration_of, size_of};
    use crate::units;

    #[test]
    fn every_row_is_sound() {
        for row in ROWS {
            assert!(row.doc.ends_with('.'), "{}: a doc is sentences", row.key);
            let texts: Vec<&str> = match row.fallback {
                Fallback::Text(text) => vec![text],
                Fallback::PerUse { handler, filter } => vec![handler, filter],
                Fallback::Required | Fallback::Described(_) => vec![],
            };
            for text in texts {
                match row.kind {
                    Kind::Integer { min, max } => assert!((min..=max).contains(&text.parse().unwrap()), "{}", row.key),
                    Kind::Duration { min, max, .. } => {
                        let range = duration_of(min)..=duration_of(max);
                        assert!(range.contains(&units::duration(text).unwrap()), "{}", row.key);
                    }
                    Kind::Size { min, max } => {
                        assert!((size_of(min)..=size_of(max)).contains(&units::size(text).unwrap()), "{}", row.key);
                    }
                    Kind::Choice { now, .. } | Kind::SectionOrWord(_, now) => {
                        assert!(now.contains(&text), "{}", row.key)
                    }
                    Kind::Bool => assert!(["true", "false"].contains(&text)),
                    _ => panic!("{}: a default text for a kind that reads none", row.key),
                }
            }
        }
    }

    #[test]
    fn every_section_has_rows_once_and_a_way_to_it() {
        for section in SECTIONS {
            let mut keys: Vec<&str> = of(section).map(|row| row.key).collect();
            assert!(!keys.is_empty() && !paths_to(section).is_empty(), "{section:?}");
            keys.sort_unstable();
            assert!(keys.windows(2).all(|pair| pair[0] != pair[1]), "{section:?} has a key twice");
        }
    }
}
