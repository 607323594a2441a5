//! Every setting and every flag is used by a test or an example: what nobody tries breaks unnoticed.
use clap::CommandFactory;
use lockgate_proxy::cli::Cli;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn read(dir: &Path, endings: &[&str], all: &mut String) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        if path.is_dir() {
            read(&path, endings, all);
        } else if endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
            all.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// The end-to-end tests and the examples' configurations, all of which run.
fn corpus() -> String {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = String::new();
    read(&here.join("tests/e2e"), &[".rs"], &mut all);
    read(&here.join("../examples"), &[".yaml"], &mut all);
    // As the gateway reads it: a key follows a line break, not the letter of its escape.
    all.replace("\\n", "\n")
}

/// Whether a value written in a configuration can be one of this property; `{` also begins an argument of `format!`.
fn fits(property: &Value, value: &str) -> bool {
    let begins_with_digit = |value: &str| value.starts_with(|first: char| first.is_ascii_digit() || first == '{');
    if let Some(words) = property["enum"].as_array() {
        return words.iter().filter_map(Value::as_str).any(|word| value.starts_with(word));
    }
    if let Some(kinds) = property["anyOf"].as_array() {
        return kinds.iter().any(|kind| fits(kind, value));
    }
    match property["type"].as_str() {
        Some("boolean") => value.starts_with("true") || value.starts_with("false"),
        Some("integer") => begins_with_digit(value),
        Some("string")
            if property["pattern"]
                .as_str()
                .is_some_and(|pattern| pattern.trim_matches(['^', '(']).starts_with("[0-9]")) =>
        {
            begins_with_digit(value)
        }
        _ => true,
    }
}

#[test]
fn every_setting_is_used() {
    let schema = lockgate_conf::json_schema();
    let corpus = corpus();
    let mut properties: BTreeMap<String, &Value> = BTreeMap::new();
    let root = "Root".to_owned();
    for (section, object) in schema["$defs"].as_object().unwrap().iter().chain([(&root, &schema)]) {
        for (key, property) in object["properties"].as_object().unwrap() {
            properties.insert(format!("{section}.{key}"), property);
        }
    }
    assert!(properties.len() > 45);
    let unused: Vec<&String> = properties
        .iter()
        .filter(|(name, property)| {
            let key = format!("{}: ", name.rsplit('.').next().unwrap());
            let values = corpus.match_indices(&key).filter(|(at, _)| {
                let before = corpus[..*at].chars().next_back();
                before.is_none_or(|before| !before.is_alphanumeric() && before != '_' && before != '-')
            });
            // A key may also open a section on the lines below it.
            let opens = corpus.contains(&format!("{}\n", key.trim_end()));
            !opens && !values.into_iter().any(|(at, key)| fits(property, &corpus[at + key.len()..]))
        })
        .map(|(name, _)| name)
        .collect();
    assert!(unused.is_empty(), "no end-to-end test and no example sets {unused:?}");
}

#[test]
fn every_flag_is_used() {
    let corpus = corpus();
    let mut unused = Vec::new();
    let mut count = 0;
    let mut root = Cli::command();
    root.build();
    for command in std::iter::once(&root).chain(root.get_subcommands()) {
        let spellings = command.get_arguments().flat_map(|argument| {
            let long = argument.get_long().map(|long| format!("--{long}"));
            long.into_iter().chain(argument.get_short().map(|short| format!("-{short}")))
        });
        for flag in spellings {
            count += 1;
            if !corpus.contains(&format!("\"{flag}\"")) && !corpus.contains(&format!("\"{flag}=")) {
                unused.push(format!("{} {flag}", command.get_name()));
            }
        }
        let name = command.get_name();
        assert!(name == "lockgate" || corpus.contains(&format!("\"{name}\"")), "no test runs '{name}'");
    }
    assert!(count > 20);
    assert!(unused.is_empty(), "no end-to-end test uses {unused:?}");
}
