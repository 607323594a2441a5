//! `routes:`, what answers which requests.
use crate::check::Check;
use crate::check::limits::Use;
use crate::check::overlap::Claims;
use crate::check::read::Text;
use crate::check::script::Scripts;
use crate::check::section::Fields;
use crate::check::upstream::Upstreams;
use crate::check::{headers, host, path};
use crate::model::{Action, Filter, HostPattern, PathPattern, Route, StaticDir};
use crate::node::{Node, Value};
use crate::problem::Problem;
use crate::report::Mistake;
use crate::rows::METHODS;
use crate::settings::{Format, Kind, Section};
use crate::suggest::did_you_mean;
use crate::units::shorten;

/// The keys of which a route has exactly one.
const ACTIONS: [&str; 3] = ["handler", "upstream", "static"];

/// Reads `routes`. Those with mistakes are left out; the mistakes are noted.
pub(crate) fn read(check: &mut Check, fields: &Fields<'_>, upstreams: &Upstreams, scripts: &mut Scripts) -> Vec<Route> {
    let row = fields.row("routes");
    let Kind::Sections(section, max) = row.kind else { return Vec::new() };
    let items = fields.node("routes").and_then(|node| check.items(node, "routes", row, max)).unwrap_or_default();
    let mut claims = Claims::default();
    let routes = items.into_iter().filter_map(|(item, setting)| {
        let fields = check.section(item, section, &setting)?;
        let matched =
            fields.node("match").and_then(|node| matched(check, node, &fields.setting_of("match"), &mut claims));
        let filters = filters(check, &fields, scripts);
        let action = action(check, &fields, matched.as_ref(), upstreams, scripts);
        let Matched { name, host, path, methods } = matched?;
        Some(Route { name, host, path, methods, filters, action: action? })
    });
    routes.collect()
}

/// `match:`, checked.
struct Matched {
    name: String,
    host: Option<HostPattern>,
    path: PathPattern,
    methods: Vec<String>,
}

fn matched(check: &mut Check, node: &Node, setting: &str, claims: &mut Claims) -> Option<Matched> {
    let fields = check.section(node, Section::Match, setting)?;
    let written = check.text(&fields, "path");
    let path = written
        .as_ref()
        .and_then(|text| check.ok(text.node, &text.setting, path::pattern(text.text), Format::Path.allowed()));
    let host = check.text(&fields, "host");
    let has_host = fields.entry("host").is_some();
    let host =
        host.and_then(|text| check.ok(text.node, &text.setting, host::pattern(text.text), Format::Host.allowed()));
    let methods = methods(check, &fields);
    let (written, path) = (written?, path?);
    if has_host && host.is_none() {
        return None;
    }
    let methods = methods?;
    claims.claim(check, written.node.place, &written.setting, written.text, (host.as_ref(), &path, &methods));
    Some(Matched { name: written.text.to_owned(), host, path, methods })
}

/// The methods, empty for all; `None` if what is written holds a mistake.
fn methods(check: &mut Check, fields: &Fields<'_>) -> Option<Vec<String>> {
    if fields.entry("methods").is_none() {
        return Some(Vec::new());
    }
    let mut methods: Vec<String> = Vec::new();
    let mut right = true;
    for Text { node, setting, text } in check.texts(fields, "methods")? {
        let method = match method(text) {
            Ok(method) if methods.contains(&method) => {
                Err(Problem::new(format!("method {method} is listed twice")).hint("remove one of the two"))
            }
            other => other,
        };
        match check.ok(node, &setting, method, &METHODS.join(", ")) {
            Some(method) => methods.push(method),
            None => right = false,
        }
    }
    (right && !methods.is_empty()).then_some(methods)
}

fn method(text: &str) -> Result<String, Problem> {
    if METHODS.contains(&text) {
        return Ok(text.to_owned());
    }
    let upper = text.to_ascii_uppercase();
    let problem = Problem::new(format!("unknown method '{}'", shorten(text)));
    Err(match upper.as_str() {
        "*" | "ANY" | "ALL" => problem.hint("leave 'methods' out to match every method"),
        "CONNECT" => problem.hint("the gateway is no forward proxy: CONNECT reaches no route"),
        _ if METHODS.contains(&upper.as_str()) => problem.hint(format!("methods are upper case: write {upper}")),
        _ => Problem { hint: did_you_mean(&upper, METHODS.iter().copied()), ..problem },
    })
}

fn filters(check: &mut Check, fields: &Fields<'_>, scripts: &mut Scripts) -> Vec<Filter> {
    let row = fields.row("filters");
    let Kind::Sections(section, max) = row.kind else { return Vec::new() };
    let setting = fields.setting_of("filters");
    let items = fields.node("filters").and_then(|node| check.items(node, &setting, row, max)).unwrap_or_default();
    items.into_iter().filter_map(|(item, setting)| filter(check, item, section, &setting, scripts)).collect()
}

fn filter(check: &mut Check, item: &Node, section: Section, setting: &str, scripts: &mut Scripts) -> Option<Filter> {
    let fields = check.section(item, section, setting)?;
    match (fields.entry("script"), fields.entry("headers")) {
        (Some(_), None) => scripts.read(check, &fields, Use::Filter).map(Filter::Script),
        (None, Some(_)) => {
            for key in ["env", "isolation", "heap", "limits"] {
                if let Some(entry) = fields.entry(key) {
                    let message = format!("'{key}' concerns scripts, and this filter has none");
                    let mistake = Mistake::at(entry.key_place, fields.setting_of(key), message);
                    check.note(mistake.hint(format!("remove '{key}', or move it to the filter that has the script")));
                }
            }
            let edits =
                fields.node("headers").and_then(|node| headers::read(check, node, &fields.setting_of("headers")));
            edits.map(Filter::Headers)
        }
        (None, None) if fields.attempts("script") || fields.attempts("headers") => None,
        (None, None) => {
            let mistake = Mistake::at(item.place, setting, format!("'{setting}' has neither 'script' nor 'headers'"));
            check.note(mistake.allowed("script, headers").hint("a filter is either a script or header edits"));
            None
        }
        (Some(script), Some(headers)) => {
            let later = if headers.key_place > script.key_place { headers } else { script };
            let mistake = Mistake::at(later.key_place, setting, format!("'{setting}' has both 'script' and 'headers'"));
            check.note(mistake.hint("make two filters of it: their order is then clear"));
            // Both halves are still read, for their own mistakes.
            scripts.read(check, &fields, Use::Filter);
            fields.node("headers").and_then(|node| headers::read(check, node, &fields.setting_of("headers")));
            None
        }
    }
}

fn action(
    check: &mut Check,
    fields: &Fields<'_>,
    matched: Option<&Matched>,
    upstreams: &Upstreams,
    scripts: &mut Scripts,
) -> Option<Action> {
    let written: Vec<_> = ACTIONS.iter().filter_map(|key| fields.entry(key)).collect();
    if !ACTIONS.iter().any(|key| fields.attempts(key)) {
        let mistake = Mistake::at(
            fields.place,
            fields.setting.as_str(),
            format!("'{}' has nothing that answers", fields.setting),
        );
        check.note(mistake.allowed("exactly one of handler, upstream, static").hint(match fields.entry("filters") {
            Some(_) => "filters stand before an answer: add 'upstream: NAME', for example",
            None => "add 'handler: FILE', 'upstream: NAME' or 'static: { dir: DIR }'",
        }));
    }
    let first = written.iter().min_by_key(|entry| entry.key_place);
    for entry in written.iter().filter(|entry| first.is_some_and(|first| first.key != entry.key)) {
        let first = first.map_or("", |first| &*first.key);
        let message = format!("'{}' beside '{first}': a route has one answer", entry.key);
        let mistake = Mistake::at(entry.key_place, fields.setting_of(&entry.key), message);
        check.note(mistake.allowed("exactly one of handler, upstream, static").hint("remove one, or make two routes"));
    }
    let handler = handler(check, fields, scripts).map(Action::Handler);
    let upstream = check.text(fields, "upstream");
    let upstream = upstream.and_then(|text| upstreams.resolve(check, &text)).map(Action::Upstream);
    let files = static_dir(check, fields, matched).map(Action::Static);
    handler.or(upstream).or(files)
}

fn handler(check: &mut Check, fields: &Fields<'_>, scripts: &mut Scripts) -> Option<usize> {
    let (node, setting) = (fields.node("handler")?, fields.setting_of("handler"));
    match &node.value {
        Value::Scalar { text, .. } => scripts.read_short(check, &Text { node, setting, text }, Use::Handler),
        _ => {
            let section = check.section(node, Section::Handler, &setting)?;
            scripts.read(check, &section, Use::Handler)
        }
    }
}

fn static_dir(check: &mut Check, fields: &Fields<'_>, matched: Option<&Matched>) -> Option<StaticDir> {
    let node = fields.node("static")?;
    let files = check.section(node, Section::Static, &fields.setting_of("static"))?;
    let dir = check.text(&files, "dir").and_then(|text| check.directory(&text));
    let strip = check.boolean(&files, "strip");
    if let (Some(Matched { name, path: PathPattern::Exact(path), .. }), Some(true)) = (matched, strip)
        && !path.ends_with('/')
    {
        let message = format!("path '{name}' matches nothing below it, so none of the files can be reached");
        let mistake = Mistake::at(node.place, fields.setting_of("static"), message);
        check.note(mistake.hint(format!("write 'path: {name}/*', or 'strip: false' to serve the one file '{name}'")));
    }
    Some(StaticDir { dir: dir?, strip: strip? })
}
