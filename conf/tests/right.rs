//! Right files and what they mean: `tests/right/NN-name.yaml` beside the model in `NN-name.expected`.
mod common;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use common::{golden, yaml_files};
use lockgate_conf::model::{AccessLog, Action, Config, Filter, Script};
use lockgate_conf::{explain, json_schema, load, parse};

fn right(file: &str) -> Config {
    load(Path::new(file)).unwrap_or_else(|report| panic!("{report}"))
}

#[test]
fn every_right_file_has_its_model() {
    let here = std::env::current_dir().unwrap().display().to_string();
    let mut stale = Vec::new();
    for file in yaml_files("tests/right") {
        let mut config = right(&file.display().to_string());
        // The default depends on the machine's cores; it has a test of its own.
        if !std::fs::read_to_string(&file).unwrap().contains("warm:") {
            config.runtimes.warm = 0;
        }
        let model = format!("{config:#?}\n").replace(&here, "CONF");
        stale.extend(golden(&file.with_extension("expected"), &model).err());
    }
    assert!(stale.is_empty(), "{}", stale.join("\n"));
}

#[test]
fn every_key_is_in_the_file_of_every_key() {
    let text = std::fs::read_to_string("tests/right/02-every-key.yaml").unwrap();
    let schema = json_schema();
    let sections = schema["$defs"].as_object().unwrap().values().chain([&schema]);
    let keys: BTreeSet<&String> =
        sections.flat_map(|section| section["properties"].as_object().unwrap().keys()).collect();
    assert!(keys.len() > 40);
    for key in keys {
        assert!(text.contains(&format!("{key}:")), "'{key}' is not in 02-every-key.yaml");
    }
}

#[test]
fn defaults_are_those_of_the_reference() {
    let config = right("tests/right/01-smallest.yaml");
    let cores = std::thread::available_parallelism().unwrap().get();
    assert_eq!(config.runtimes.warm, (2 * cores).max(8));
    assert_eq!((config.runtimes.max, config.runtimes.queue), (1_000, 1_024));
    assert_eq!(config.runtimes.queue_timeout, Duration::from_secs(1));
    assert_eq!((config.head_timeout, config.write_timeout), (Duration::from_secs(10), Duration::from_secs(60)));
    assert_eq!(config.max_connections, 10_000);
    assert_eq!((config.static_cache.max_bytes, config.static_cache.max_file), (2 << 20, 128 << 10));
    assert_eq!((config.admin, config.workers, &config.access_log), (None, None, &AccessLog::Off));
    let limits = &config.scripts[0].limits;
    assert_eq!((limits.cpu, limits.wall), (Some(Duration::from_millis(50)), Duration::from_secs(30)));
    assert_eq!((limits.heap, limits.body, limits.stack), (64 << 20, 1 << 20, 1 << 20));
    assert_eq!((limits.subrequests, limits.concurrent_subrequests), (50, 6));
    assert_eq!(limits.boot, Duration::from_millis(500));
    assert_eq!(config.scripts[0], Script::handler(config.scripts[0].path.clone()));
}

#[test]
fn what_explain_writes_means_the_same() {
    for file in yaml_files("tests/right") {
        let config = right(&file.display().to_string());
        let text = explain(&config);
        let again = parse(&text, "explained.yaml", Path::new("."));
        let mut again = again.unwrap_or_else(|report| panic!("{report}\n{text}"));
        // A route is named by its pattern as written; here that is the pattern as matched.
        for (route, original) in again.routes.iter_mut().zip(&config.routes) {
            route.name.clone_from(&original.name);
        }
        assert_eq!(again, config, "{text}");
    }
    let text = explain(&right("tests/right/02-every-key.yaml"));
    let schema = json_schema();
    let sections = schema["$defs"].as_object().unwrap().iter().filter(|(name, _)| *name != "Defaults");
    let keys = sections.flat_map(|(_, section)| section["properties"].as_object().unwrap().keys());
    for key in keys {
        assert!(text.contains(&format!("{key}:")), "'{key}' is not in\n{text}");
    }
    let smallest = explain(&right("tests/right/01-smallest.yaml"));
    assert!(smallest.contains("cpu: 50ms # default\n") && smallest.contains("concurrent_subrequests: 6 # default\n"));
}

#[test]
fn the_same_script_in_the_same_settings_is_one() {
    let config = right("tests/right/03-defaults-and-sharing.yaml");
    let handlers: Vec<usize> = config.routes.iter().filter_map(|route| handler(&route.action)).collect();
    assert_eq!(handlers, [0, 0, 0, 1]);
    let filters: Vec<usize> = config.routes.iter().flat_map(|route| route.filters.iter().filter_map(script)).collect();
    assert_eq!(filters, [2, 0], "a filter has less time than a handler, unless it says otherwise");
    assert!(config.scripts.iter().all(|script: &Script| script.limits.wall == Duration::from_secs(3)));
    assert_eq!(config.scripts[2].limits.cpu, Some(Duration::from_millis(10)));
    assert_eq!(config.static_cache.max_file, 64 << 10, "a smaller cache lowers the default of its files");
}

fn handler(action: &Action) -> Option<usize> {
    match action {
        Action::Handler(index) => Some(*index),
        Action::Upstream(_) | Action::Static(_) => None,
    }
}

fn script(filter: &Filter) -> Option<usize> {
    match filter {
        Filter::Script(index) => Some(*index),
        Filter::Headers(_) => None,
    }
}
