//! The settings table as Markdown.
use std::fmt::Write;

use crate::rows::{self, SECTIONS};
use crate::settings::{Fallback, Kind, Row, Section};

const HEAD: &str = "\
# Settings

A configuration is one YAML file. Every mistake in it is reported with its line, and a key that is not on this page is a
mistake. Paths are relative to the file. Durations are whole numbers with `ms`, `s`, `m` or `h`; sizes are whole numbers
with `KiB`, `MiB`, `GiB` (or `k`, `m`, `g` for the same), or bytes without a unit. YAML anchors and aliases work; tags and
merge keys do not.

<!-- Made from the table in conf/src/rows.rs: BLESS=1 cargo test -p lockgate-conf -->
";

/// The reference of all settings, in Markdown: the text of `conf/docs/settings.md`.
#[must_use]
pub fn settings_reference() -> String {
    let mut text = HEAD.to_owned();
    for section in SECTIONS {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n## {}\n\n", section.title());
        if section != Section::Root {
            let _ = write!(text, "{}\n\n", written_under(section));
        }
        text.push_str("| key | allowed | default | meaning |\n|---|---|---|---|\n");
        for row in rows::of(section) {
            let _ = writeln!(text, "{}", line(row));
        }
    }
    text
}

fn written_under(section: Section) -> String {
    let paths: Vec<String> = rows::paths_to(section).iter().map(|path| format!("`{path}`")).collect();
    format!("Under {}.", paths.join(", "))
}

fn line(row: &Row) -> String {
    let default = match row.fallback {
        Fallback::Required => "must be written".to_owned(),
        _ => row.fallback.words(),
    };
    let allowed = match (row.kind, row.kind.opens()) {
        (Kind::Sections(..) | Kind::Named(..) | Kind::Section(_), Some(section))
        | (Kind::SectionOrWord(section, _) | Kind::SectionOrText(section, _), _) => {
            format!("{}: [{}](#{})", row.kind.allowed(), section.title(), anchor(section))
        }
        _ => row.kind.allowed(),
    };
    // Bars would end the cell.
    format!("| `{}` | {} | {} | {} |", row.key, allowed.replace('|', "\\|"), default.replace('|', "\\|"), row.doc)
}

/// The heading's anchor as Markdown renderers make it.
fn anchor(section: Section) -> String {
    section.title().to_lowercase().replace(' ', "-")
}
