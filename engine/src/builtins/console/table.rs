//! `console.table`: rows and columns in a box.
use super::inspect::inspect;
use super::leaf;
use crate::heap::layout::Kind;
use crate::object::Key;
use crate::runtime::Rt;
use crate::shape::attr;
use crate::value::{Ref, Value};

/// A row: its index, its cells by column, and the value of a row that is no object.
type TableRow = (String, Vec<(String, String)>, Option<String>);

/// Rows and columns shown.
const MAX_ROWS: usize = 500;
const MAX_COLUMNS: usize = 30;

/// The table of an object's own properties; `None` if it is no object.
pub fn table(rt: &Rt, data: Value, only: Value) -> Option<String> {
    let data = data.to_obj().filter(|&obj| rt.kind(obj) != Kind::Proxy)?;
    let mut columns: Vec<String> = Vec::new();
    let wanted: Option<Vec<String>> = rt.dense_array(only).map(|(elements, len)| {
        (0..len.min(MAX_COLUMNS as u32)).map(|i| rt.describe_value(rt.word(elements, i))).collect()
    });
    if let Some(wanted) = &wanted {
        columns.clone_from(wanted);
    }
    let mut rows: Vec<TableRow> = Vec::new();
    for (key, v) in plain_properties(rt, data).into_iter().take(MAX_ROWS) {
        let Some(row) = v.to_obj().filter(|_| !rt.is_callable(v)) else {
            rows.push((key, Vec::new(), Some(inspect(rt, v, 0))));
            continue;
        };
        let mut cells = Vec::new();
        for (name, v) in plain_properties(rt, row) {
            if !columns.contains(&name) {
                if wanted.is_some() || columns.len() == MAX_COLUMNS {
                    continue;
                }
                columns.push(name.clone());
            }
            cells.push((name, inspect(rt, v, 0)));
        }
        rows.push((key, cells, None));
    }
    let mut head = vec!["(index)".to_string()];
    head.extend(columns.iter().cloned());
    let values = rows.iter().any(|row| row.2.is_some());
    if values {
        head.push("Values".to_string());
    }
    let mut lines = vec![head];
    for (key, cells, value) in rows {
        let mut line = vec![key];
        for column in &columns {
            line.push(cells.iter().find(|(name, _)| name == column).map(|(_, text)| text.clone()).unwrap_or_default());
        }
        if values {
            line.push(value.unwrap_or_default());
        }
        lines.push(line);
    }
    Some(draw(&lines))
}

/// Own enumerable data properties with their keys as text.
fn plain_properties(rt: &Rt, obj: Ref) -> Vec<(String, Value)> {
    let mut keys = Vec::new();
    if rt.kind(obj) != Kind::Proxy {
        rt.own_keys_plain(obj, &mut keys);
    }
    let data = |key: Key| rt.get_own_plain(obj, key).filter(|prop| prop.attrs & attr::E != 0 && !prop.is_accessor());
    keys.into_iter()
        .filter(|&key| !rt.key_is_symbol(key))
        .filter_map(|key| Some((leaf_text(rt, key), data(key)?.value)))
        .take(MAX_ROWS)
        .collect()
}

fn leaf_text(rt: &Rt, key: Key) -> String {
    match key {
        Key::Index(i) => i.to_string(),
        Key::Name(_) => {
            let text = leaf::key(rt, key);
            if text.starts_with('\'') { rt.key_text(key) } else { text }
        }
    }
}

fn draw(lines: &[Vec<String>]) -> String {
    let width = |text: &str| text.chars().count();
    let columns = lines[0].len();
    let widths: Vec<usize> =
        (0..columns).map(|i| lines.iter().map(|line| width(&line[i])).max().unwrap_or(0) + 2).collect();
    let rule = |left: &str, middle: &str, right: &str| {
        let bars: Vec<String> = widths.iter().map(|&w| "─".repeat(w)).collect();
        format!("{left}{}{right}", bars.join(middle))
    };
    let mut out = vec![rule("┌", "┬", "┐")];
    for (i, line) in lines.iter().enumerate() {
        let cells: Vec<String> =
            line.iter().zip(&widths).map(|(text, &w)| format!(" {text}{}", " ".repeat(w - 1 - width(text)))).collect();
        out.push(format!("│{}│", cells.join("│")));
        if i == 0 {
            out.push(rule("├", "┼", "┤"));
        }
    }
    out.push(rule("└", "┴", "┘"));
    out.join("\n")
}
