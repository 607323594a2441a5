//! A mapping of the file held against the rows of its section: unknown, missing and empty keys.
use crate::check::Check;
use crate::node::{Entry, Node, Value};
use crate::report::{Mistake, Place};
use crate::rows;
use crate::settings::{Fallback, Kind, Row, Section};
use crate::suggest::nearest;
use crate::units::shorten;

/// Most names listed in one message.
const MAX_LISTED: usize = 20;

/// The keys of one mapping, all of them known.
pub(crate) struct Fields<'n> {
    pub(crate) section: Section,
    /// Its place in the file as in `routes[0].match`; empty for the root.
    pub(crate) setting: String,
    pub(crate) place: Place,
    entries: &'n [Entry],
    /// Keys that unknown ones were probably meant to be: they are not reported missing as well.
    misspelt: Vec<&'static str>,
}

impl<'n> Fields<'n> {
    /// The row of a key of this section.
    pub(crate) fn row(&self, key: &str) -> &'static Row {
        rows::row_of(self.section, key)
    }

    /// The entry of a key, if it is written. Asking for a key without a row is a bug of this crate.
    pub(crate) fn entry(&self, key: &str) -> Option<&'n Entry> {
        let key = self.row(key).key;
        self.entries.iter().find(|entry| &*entry.key == key)
    }

    /// The node of a key, if it is written with a value; an empty one has been noted already.
    pub(crate) fn node(&self, key: &str) -> Option<&'n Node> {
        self.entry(key).map(|entry| &entry.value).filter(|node| !matches!(node.value, Value::Null))
    }

    /// Whether nothing at all is written, not even an unknown key.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether the key is written, if perhaps wrongly.
    pub(crate) fn attempts(&self, key: &str) -> bool {
        self.entry(key).is_some() || self.misspelt.contains(&key)
    }

    /// `routes[0].match.path` for `path`.
    pub(crate) fn setting_of(&self, key: &str) -> String {
        join(&self.setting, key)
    }
}

/// A path into the file, one key longer.
pub(crate) fn join(setting: &str, key: &str) -> String {
    if setting.is_empty() { key.to_owned() } else { format!("{setting}.{key}") }
}

impl Check {
    /// Opens a mapping as a section: notes what is not a mapping, unknown keys, keys without a value, missing keys.
    pub(crate) fn section<'n>(&mut self, node: &'n Node, section: Section, setting: &str) -> Option<Fields<'n>> {
        let Value::Map(entries) = &node.value else {
            self.note(not_a_mapping(node, section, setting));
            return None;
        };
        let mut fields =
            Fields { section, setting: setting.to_owned(), place: node.place, entries, misspelt: Vec::new() };
        for entry in entries.iter() {
            if !rows::of(section).any(|row| row.key == &*entry.key) {
                let keys = rows::of(section).map(|row| row.key);
                let near = if self.is_full() { None } else { nearest(&entry.key, keys) };
                self.note(unknown_key(entry, section, setting, near));
                fields.misspelt.extend(near);
            } else if matches!(entry.value.value, Value::Null) {
                let row = fields.row(&entry.key);
                let mistake =
                    Mistake::at(entry.value.place, fields.setting_of(row.key), format!("'{}' has no value", row.key));
                self.note(mistake.allowed(allowed(row)).hint(empty_hint(row)));
            }
        }
        for row in rows::of(section).filter(|row| matches!(row.fallback, Fallback::Required)) {
            if !fields.attempts(row.key) {
                self.note(missing_key(row, &fields));
            }
        }
        Some(fields)
    }
}

fn not_a_mapping(node: &Node, section: Section, setting: &str) -> Mistake {
    let called = if setting.is_empty() { "the file".to_owned() } else { format!("'{setting}'") };
    let mistake = Mistake::at(node.place, setting, format!("{called} is {}, not a mapping", node.kind_name()));
    let mistake = mistake.allowed(mapping(section));
    match (&node.value, section.main_key()) {
        (Value::Scalar { text, .. }, Some(key)) => {
            let text = shorten(text);
            let value =
                if matches!(rows::row_of(section, key).kind, Kind::Texts(..)) { format!("[{text}]") } else { text };
            mistake.hint(format!("did you mean '{{ {key}: {value} }}'?"))
        }
        (Value::List(_), _) if !setting.is_empty() => {
            mistake.hint("only one is possible here: remove the '-' or the brackets")
        }
        _ => mistake.hint("write 'key: value', each on its own line"),
    }
}

fn unknown_key(entry: &Entry, section: Section, setting: &str, near: Option<&str>) -> Mistake {
    let key = &*entry.key;
    let inside = if setting.is_empty() { "at the top of the file".to_owned() } else { format!("in '{setting}'") };
    let mistake =
        Mistake::at(entry.key_place, join(setting, &shorten(key)), format!("unknown key '{}' {inside}", shorten(key)));
    let near = near.map(|near| format!("did you mean '{near}'?"));
    mistake.allowed(keys(section)).maybe_hint(near.or_else(|| elsewhere(key, section)))
}

/// Where a key that is unknown here would be right: below this section if it is there, else anywhere.
fn elsewhere(key: &str, section: Section) -> Option<String> {
    let has_key = |row: &&Row| row.kind.opens().is_some_and(|opened| rows::of(opened).any(|inner| inner.key == key));
    let below: Vec<String> = rows::of(section).filter(has_key).map(|row| format!("'{}'", row.key)).collect();
    if !below.is_empty() {
        return Some(format!("'{key}' belongs under {}", below.join(" or ")));
    }
    let owners = rows::ROWS.iter().filter(|row| row.key == key).flat_map(|row| row.sections);
    let paths: Vec<String> = owners.flat_map(|owner| rows::paths_to(*owner)).collect();
    match paths.as_slice() {
        [] => None,
        [root, ..] if root.is_empty() => Some(format!("'{key}' belongs at the top of the file")),
        [one] => Some(format!("'{key}' belongs under '{one}'")),
        [one, other, ..] => Some(format!("'{key}' belongs under '{one}' or '{other}'")),
    }
}

fn missing_key(row: &Row, fields: &Fields<'_>) -> Mistake {
    let inside = if fields.setting.is_empty() { String::new() } else { format!(" in '{}'", fields.setting) };
    let mistake = Mistake::at(fields.place, fields.setting_of(row.key), format!("'{}' is missing{inside}", row.key));
    let hint = match row.key {
        "version" => "begin the file with 'version: 1'",
        "listeners" => "say where clients connect, like 'listeners: [{ address: 127.0.0.1:8080 }]'",
        "routes" => "say what answers, like 'routes: [{ match: { path: /* }, handler: hello.ts }]'",
        "path" => "a route for every path has 'path: /*'",
        _ => return mistake.allowed(allowed(row)),
    };
    mistake.allowed(allowed(row)).hint(hint)
}

fn empty_hint(row: &Row) -> String {
    match row.fallback {
        Fallback::Required => "write a value, indented deeper than its key if it stands below it".to_owned(),
        _ => "write a value, or remove the key to have the default".to_owned(),
    }
}

/// What is allowed, with the keys of a mapping.
fn allowed(row: &Row) -> String {
    match row.kind {
        Kind::Section(section) => mapping(section),
        kind => kind.allowed(),
    }
}

fn mapping(section: Section) -> String {
    let plural = if rows::of(section).count() == 1 { "" } else { "s" };
    format!("a mapping with the key{plural} {}", keys(section))
}

fn keys(section: Section) -> String {
    rows::of(section).map(|row| row.key).collect::<Vec<_>>().join(", ")
}

/// Names of the user's own, as a list that fits a line or two.
pub(crate) fn listed<'s>(names: impl ExactSizeIterator<Item = &'s str>) -> String {
    let rest = names.len().saturating_sub(MAX_LISTED);
    let mut text = names.take(MAX_LISTED).collect::<Vec<_>>().join(", ");
    if rest > 0 {
        text.push_str(&format!(" and {rest} more"));
    }
    text
}
