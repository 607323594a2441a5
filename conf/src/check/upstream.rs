//! `upstreams:`, named groups of origins.
use std::collections::HashMap;
use std::time::Duration;

use crate::check::Check;
use crate::check::read::Text;
use crate::check::section::{Fields, listed};
use crate::check::server::server;
use crate::model::{Server, Upstream};
use crate::node::{Entry, Node, Value};
use crate::problem::Problem;
use crate::report::Mistake;
use crate::settings::{Format, Kind, Section};
use crate::suggest::did_you_mean;
use crate::units::shorten;

/// The upstreams of a file, and where each name stands.
#[derive(Default)]
pub(crate) struct Upstreams {
    pub(crate) upstreams: Vec<Upstream>,
    index: HashMap<String, usize>,
}

impl Upstreams {
    /// The index of the upstream that a route names.
    pub(crate) fn resolve(&self, check: &mut Check, text: &Text<'_>) -> Option<usize> {
        if let Some(index) = self.index.get(text.text) {
            return Some(*index);
        }
        let shown = shorten(text.text);
        let mistake = Mistake::at(text.node.place, text.setting.as_str(), format!("unknown upstream '{shown}'"));
        let names = || self.upstreams.iter().map(|upstream| upstream.name.as_str());
        check.note(match self.upstreams.is_empty() {
            true => {
                mistake.hint("the file declares no upstreams: write 'upstreams: { NAME: { servers: [HOST:PORT] } }'")
            }
            false => mistake.allowed(listed(names())).maybe_hint(did_you_mean(text.text, names()).or_else(|| {
                text.text
                    .contains([':', '/'])
                    .then(|| "declare the origin under 'upstreams' and name it here".to_owned())
            })),
        });
        None
    }
}

/// Reads `upstreams`. One with mistakes still counts as declared, so that its routes are not blamed too.
pub(crate) fn read(check: &mut Check, fields: &Fields<'_>) -> Upstreams {
    let mut found = Upstreams::default();
    let row = fields.row("upstreams");
    let Kind::Named(section, max) = row.kind else { return found };
    let entries = fields.node("upstreams").and_then(|node| check.entries(node, "upstreams", row, max));
    for (entry, setting) in entries.unwrap_or_default() {
        name(check, entry, &setting);
        let upstream = one(check, entry, section, &setting);
        found.index.insert(entry.key.to_string(), found.upstreams.len());
        found.upstreams.push(upstream);
    }
    found
}

fn name(check: &mut Check, entry: &Entry, setting: &str) {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if entry.key.is_empty() || entry.key.len() > 64 || !entry.key.bytes().all(known) {
        let problem = Problem::new(format!("'{}' is not a name for an upstream", shorten(&entry.key)));
        let problem = problem.hint("at most 64 characters, without spaces");
        check.note_problem(entry.key_place, setting, problem, Format::UpstreamName.allowed().to_owned());
    }
}

fn one(check: &mut Check, entry: &Entry, section: Section, setting: &str) -> Upstream {
    let name = entry.key.to_string();
    let mut upstream =
        Upstream { name, servers: Vec::new(), connect_timeout: Duration::ZERO, read_timeout: Duration::ZERO };
    let node = &entry.value;
    if matches!(node.value, Value::Null) {
        let mistake = Mistake::at(node.place, setting, format!("upstream '{}' has no servers", shorten(&entry.key)));
        check.note(mistake.hint("write its origins: { servers: [HOST:PORT] }"));
        return upstream;
    }
    let Some(fields) = check.section(node, section, setting) else { return upstream };
    upstream.servers = servers(check, &fields);
    let empty = Node { place: fields.place, value: Value::Map(Vec::new().into()) };
    let timeouts = fields.node("timeouts").unwrap_or(&empty);
    if let Some(timeouts) = check.section(timeouts, Section::Timeouts, &fields.setting_of("timeouts")) {
        upstream.connect_timeout = check.duration(&timeouts, "connect").unwrap_or_default();
        upstream.read_timeout = check.duration(&timeouts, "read").unwrap_or_default();
    }
    upstream
}

fn servers(check: &mut Check, fields: &Fields<'_>) -> Vec<Server> {
    let mut servers: Vec<Server> = Vec::new();
    for text in check.texts(fields, "servers").unwrap_or_default() {
        let Some(server) = check.ok(text.node, &text.setting, server(text.text), Format::Server.allowed()) else {
            continue;
        };
        if servers.contains(&server) {
            let mistake =
                Mistake::at(text.node.place, text.setting, format!("origin '{}' is listed twice", shorten(text.text)));
            check.note(mistake.hint("each origin gets its turn once: remove one"));
        }
        servers.push(server);
    }
    servers
}
