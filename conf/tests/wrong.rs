//! Wrong files and what is said about them: `tests/wrong/NN-name.yaml` beside `NN-name.expected`.
mod common;

use std::path::Path;

use common::{golden, yaml_files};
use lockgate_conf::load;

#[test]
fn every_wrong_file_has_its_report() {
    let files = yaml_files("tests/wrong");
    assert!(files.len() >= 35, "only {} wrong files", files.len());
    let mut stale = Vec::new();
    for file in &files {
        match load(file) {
            Ok(_) => stale.push(format!("{} was accepted", file.display())),
            Err(report) => stale.extend(golden(&file.with_extension("expected"), &report.to_string()).err()),
        }
    }
    assert!(stale.is_empty(), "{}", stale.join("\n"));
}

#[test]
fn every_mistake_is_placed_and_explained() {
    for file in yaml_files("tests/wrong") {
        let Err(report) = load(&file) else { continue };
        assert_eq!(report.file(), file.display().to_string());
        assert!(!report.mistakes().is_empty());
        for mistake in report.mistakes() {
            let what = format!("{}: {}", file.display(), mistake.message);
            assert!(mistake.allowed.is_some() || mistake.hint.is_some(), "{what}: neither what is allowed nor a hint");
            if let Some(place) = mistake.place {
                assert!(place.line >= 1 && place.column >= 1 && place.length >= 1, "{what}: {place:?}");
            }
        }
    }
}

#[test]
fn no_expected_report_without_its_file() {
    for entry in std::fs::read_dir("tests/wrong").unwrap() {
        let path = entry.unwrap().path();
        assert!(path.with_extension("yaml").exists(), "{} has no YAML file", path.display());
    }
}

#[test]
fn the_report_as_json() {
    let report = load(Path::new("tests/wrong/32-admin-public.yaml")).unwrap_err();
    let found = format!("{}\n", serde_json::to_string_pretty(&report.to_json()).unwrap());
    golden(Path::new("tests/report.json"), &found).unwrap();
}
