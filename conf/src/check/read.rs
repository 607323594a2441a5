//! Values by the kind of their row: each function notes what is wrong and gives the value only when it is right.
//! `written_*` gives what stands in the file, the plain name falls back on the row's default.
use std::time::Duration;

use crate::check::Check;
use crate::check::section::{Fields, join};
use crate::node::{Entry, Node, Value};
use crate::problem::Problem;
use crate::report::Mistake;
use crate::settings::{Fallback, Kind, Row, duration_of, size_of};
use crate::suggest::did_you_mean;
use crate::units::{self, shorten, show_duration, show_size};

/// One text of the file with its node and its path in the file.
pub(crate) struct Text<'n> {
    pub(crate) node: &'n Node,
    pub(crate) setting: String,
    pub(crate) text: &'n str,
}

impl Check {
    /// The single value of a node; a list or mapping is noted.
    pub(crate) fn scalar<'n>(&mut self, node: &'n Node, setting: &str, allowed: &str) -> Option<(&'n str, bool)> {
        match &node.value {
            Value::Scalar { text, quoted } => Some((text, *quoted)),
            Value::Null => None,
            Value::List(_) | Value::Map(_) => {
                let message = format!("'{setting}' is {}, not a single value", node.kind_name());
                self.note(Mistake::at(node.place, setting, message).allowed(allowed));
                None
            }
        }
    }

    pub(crate) fn written_integer(&mut self, fields: &Fields<'_>, key: &str) -> Option<u64> {
        let row = fields.row(key);
        let Kind::Integer { min, max } = row.kind else { return wrong_kind(row) };
        let (node, setting) = (fields.node(key)?, fields.setting_of(key));
        let (text, quoted) = self.scalar(node, &setting, &row.kind.allowed())?;
        let number = match text.parse::<u64>() {
            _ if quoted => Err(Problem::new(format!("'{}' is a text in quotes, not a number", shorten(text)))
                .hint("write it without quotes")),
            // `parse` takes a leading '+', YAML's numbers of other bases stay text: only digits are a number here.
            Ok(number) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                in_range(number, min, max, |n| n.to_string())
            }
            _ => {
                let problem = Problem::new(format!("'{}' is not a whole number", shorten(text)));
                let digits = text.replace(['_', ',', '\''], "");
                let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
                Err(if is_number { problem.hint(format!("write {}", shorten(&digits))) } else { problem })
            }
        };
        self.ok(node, &setting, number, &row.kind.allowed())
    }

    pub(crate) fn integer(&mut self, fields: &Fields<'_>, key: &str) -> Option<u64> {
        match fields.entry(key) {
            Some(_) => self.written_integer(fields, key),
            None => default_text(fields.row(key)).parse().ok(),
        }
    }

    /// A duration; `Some(None)` is the word `off`, where the row has it.
    pub(crate) fn written_duration(&mut self, fields: &Fields<'_>, key: &str) -> Option<Option<Duration>> {
        let row = fields.row(key);
        let Kind::Duration { min, max, off } = row.kind else { return wrong_kind(row) };
        let (node, setting) = (fields.node(key)?, fields.setting_of(key));
        let (text, _) = self.scalar(node, &setting, &row.kind.allowed())?;
        let duration = match text {
            "off" if off => Ok(None),
            "off" | "none" | "unlimited" if !off => {
                Err(Problem::new(format!("'{setting}' cannot be '{text}'")).hint(format!("the longest is {max}")))
            }
            _ => units::duration(text)
                .and_then(|duration| in_range(duration, duration_of(min), duration_of(max), |d| show_duration(*d)))
                .map(Some),
        };
        self.ok(node, &setting, duration, &row.kind.allowed())
    }

    /// A duration of a row without `off`.
    pub(crate) fn duration(&mut self, fields: &Fields<'_>, key: &str) -> Option<Duration> {
        match fields.entry(key) {
            Some(_) => self.written_duration(fields, key).flatten(),
            None => Some(duration_of(default_text(fields.row(key)))),
        }
    }

    pub(crate) fn written_size(&mut self, fields: &Fields<'_>, key: &str) -> Option<u64> {
        let row = fields.row(key);
        let Kind::Size { min, max } = row.kind else { return wrong_kind(row) };
        let (node, setting) = (fields.node(key)?, fields.setting_of(key));
        let (text, _) = self.scalar(node, &setting, &row.kind.allowed())?;
        let size = units::size(text).and_then(|size| in_range(size, size_of(min), size_of(max), |s| show_size(*s)));
        self.ok(node, &setting, size, &row.kind.allowed())
    }

    pub(crate) fn size(&mut self, fields: &Fields<'_>, key: &str) -> Option<u64> {
        match fields.entry(key) {
            Some(_) => self.written_size(fields, key),
            None => Some(size_of(default_text(fields.row(key)))),
        }
    }

    pub(crate) fn boolean(&mut self, fields: &Fields<'_>, key: &str) -> Option<bool> {
        let row = fields.row(key);
        if fields.entry(key).is_none() {
            return Some(default_text(row) == "true");
        }
        let (node, setting) = (fields.node(key)?, fields.setting_of(key));
        let (text, quoted) = self.scalar(node, &setting, &row.kind.allowed())?;
        let problem = |hint: &str| Err(Problem::new(format!("'{}' is not true or false", shorten(text))).hint(hint));
        let value = match text {
            "true" if !quoted => Ok(true),
            "false" if !quoted => Ok(false),
            "true" | "false" => problem("write it without quotes"),
            _ => match text.to_ascii_lowercase().as_str() {
                "yes" | "on" | "true" | "y" | "1" => problem("write true"),
                "no" | "off" | "false" | "n" | "0" => problem("write false"),
                _ => problem("write true or false"),
            },
        };
        self.ok(node, &setting, value, &row.kind.allowed())
    }

    /// One of the row's words, as the row spells it.
    pub(crate) fn written_choice(&mut self, fields: &Fields<'_>, key: &str) -> Option<&'static str> {
        let row = fields.row(key);
        let (now, later) = match row.kind {
            Kind::Choice { now, later } => (now, later),
            Kind::SectionOrWord(_, now) => (now, [].as_slice()),
            _ => return wrong_kind(row),
        };
        let (node, setting) = (fields.node(key)?, fields.setting_of(key));
        let (text, _) = self.scalar(node, &setting, &row.kind.allowed())?;
        let known = now.iter().find(|word| **word == text).copied();
        let choice = known.ok_or_else(|| {
            if later.contains(&text) {
                let default = default_text(row);
                return Problem::new(format!("'{key}: {text}' is not available yet in this version"))
                    .hint(format!("write '{key}: {default}', or leave '{key}' out"));
            }
            let mut problem = Problem::new(format!("'{setting}' cannot be '{}'", shorten(text)));
            problem.hint = did_you_mean(text, now.iter().copied());
            problem
        });
        self.ok(node, &setting, choice, &row.kind.allowed())
    }

    /// One text; what it means is the caller's to check.
    pub(crate) fn text<'n>(&mut self, fields: &Fields<'n>, key: &str) -> Option<Text<'n>> {
        let (node, setting) = (fields.node(key)?, fields.setting_of(key));
        let (text, _) = self.scalar(node, &setting, &fields.row(key).kind.allowed())?;
        Some(Text { node, setting, text })
    }

    /// The texts of a list.
    pub(crate) fn texts<'n>(&mut self, fields: &Fields<'n>, key: &str) -> Option<Vec<Text<'n>>> {
        let row = fields.row(key);
        let Kind::Texts(format, max) = row.kind else { return wrong_kind(row) };
        let items = self.items(fields.node(key)?, &fields.setting_of(key), row, max)?;
        let texts = items.into_iter().filter_map(|(node, setting)| {
            if matches!(node.value, Value::Null) {
                self.note(
                    Mistake::at(node.place, &*setting, format!("'{setting}' is empty")).allowed(format.allowed()),
                );
            }
            let (text, _) = self.scalar(node, &setting, format.allowed())?;
            Some(Text { node, setting, text })
        });
        Some(texts.collect())
    }

    /// The names and texts of a mapping.
    pub(crate) fn text_map<'n>(&mut self, fields: &Fields<'n>, key: &str) -> Option<Vec<(&'n Entry, Text<'n>)>> {
        let row = fields.row(key);
        let Kind::TextMap(_, value, max) = row.kind else { return wrong_kind(row) };
        let entries = self.entries(fields.node(key)?, &fields.setting_of(key), row, max)?;
        let texts = entries.into_iter().filter_map(|(entry, setting)| {
            let node = &entry.value;
            if matches!(node.value, Value::Null) {
                let mistake = Mistake::at(node.place, &*setting, format!("'{}' has no value", shorten(&entry.key)));
                self.note(mistake.allowed(value.allowed()).hint("an empty text is written \"\""));
            }
            let (text, _) = self.scalar(node, &setting, value.allowed())?;
            Some((entry, Text { node, setting, text }))
        });
        Some(texts.collect())
    }

    /// The items of a list that a row bounds, each with its path in the file.
    pub(crate) fn items<'n>(
        &mut self,
        node: &'n Node,
        setting: &str,
        row: &Row,
        max: usize,
    ) -> Option<Vec<(&'n Node, String)>> {
        let mistake = match &node.value {
            Value::List(items) if (1..=max).contains(&items.len()) => {
                let numbered = items.iter().enumerate();
                return Some(numbered.map(|(index, item)| (item, format!("{setting}[{index}]"))).collect());
            }
            Value::List(items) if items.is_empty() => {
                Mistake::at(node.place, setting, format!("'{setting}' is an empty list"))
            }
            Value::List(items) => {
                Mistake::at(node.place, setting, format!("'{setting}' has {} items, more than {max}", items.len()))
            }
            _ => {
                let mistake =
                    Mistake::at(node.place, setting, format!("'{setting}' is {}, not a list", node.kind_name()));
                match &node.value {
                    Value::Scalar { text, .. } => match row.kind.opens() {
                        None => mistake.hint(format!("did you mean '[{}]'?", shorten(text))),
                        Some(section) => match section.main_key() {
                            Some(key) => mistake.hint(format!("did you mean '[{{ {key}: {} }}]'?", shorten(text))),
                            None => mistake.hint("begin each item with '- '"),
                        },
                    },
                    _ => mistake.hint("begin each item with '- '"),
                }
            }
        };
        self.note(mistake.allowed(row.kind.allowed()));
        None
    }

    /// The entries of a mapping with names of the user's choice, each with its path in the file.
    pub(crate) fn entries<'n>(
        &mut self,
        node: &'n Node,
        setting: &str,
        row: &Row,
        max: usize,
    ) -> Option<Vec<(&'n Entry, String)>> {
        let mistake = match &node.value {
            Value::Map(entries) if entries.len() <= max => {
                return Some(entries.iter().map(|entry| (entry, join(setting, &shorten(&entry.key)))).collect());
            }
            Value::Map(entries) => {
                Mistake::at(node.place, setting, format!("'{setting}' has {} entries, more than {max}", entries.len()))
            }
            _ => Mistake::at(node.place, setting, format!("'{setting}' is {}, not a mapping", node.kind_name()))
                .hint("write 'name: value', each on its own line and indented deeper than its key"),
        };
        self.note(mistake.allowed(row.kind.allowed()));
        None
    }
}

/// The text that stands for a key that is not written.
pub(crate) fn default_text(row: &Row) -> &'static str {
    match row.fallback {
        Fallback::Text(text) => text,
        Fallback::Required | Fallback::PerUse { .. } | Fallback::Described(_) => wrong_kind(row),
    }
}

/// A reader and its row disagree: a bug of this crate, found by the first test that reads the setting.
fn wrong_kind<T>(row: &Row) -> T {
    panic!("the row of '{}' is {:?}, {:?}, which its reader does not expect", row.key, row.kind, row.fallback)
}

fn in_range<T: PartialOrd>(value: T, min: T, max: T, show: impl Fn(&T) -> String) -> Result<T, Problem> {
    if value < min {
        return Err(Problem::new(format!("{} is below the least allowed, {}", show(&value), show(&min))));
    }
    if value > max {
        return Err(Problem::new(format!("{} is above the most allowed, {}", show(&value), show(&max))));
    }
    Ok(value)
}
