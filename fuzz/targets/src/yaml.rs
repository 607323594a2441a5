//! Bytes of a configuration file: a checked model, or mistakes that each have a place.
use lockgate_conf::{Report, load, parse};
use std::path::{Path, PathBuf};

/// Where relative paths of the input lead: files for handlers and static routes exist there.
const BASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../conf/tests/right");

/// Reads and checks a configuration.
///
/// # Panics
/// A finding.
pub fn run(data: &[u8]) {
    let result = match std::str::from_utf8(data) {
        Ok(text) => parse(text, "input.yaml", Path::new(BASE)).map(|_| ()),
        Err(_) => load_bytes(data),
    };
    if let Err(report) = result {
        check_report(&report, &String::from_utf8_lossy(data));
    }
}

/// Text that is not UTF-8 is noticed where the file is read.
fn load_bytes(data: &[u8]) -> Result<(), Report> {
    let file = Scrap(std::env::temp_dir().join(format!("lockgate-fuzz-{}.yaml", std::process::id())));
    std::fs::write(&file.0, data).expect("a writable temporary directory");
    load(&file.0).map(|_| ())
}

/// A file that goes with its owner.
struct Scrap(PathBuf);

impl Drop for Scrap {
    fn drop(&mut self) {
        // What is left behind in a temporary directory harms nothing.
        let _ = std::fs::remove_file(&self.0);
    }
}

fn check_report(report: &Report, text: &str) {
    assert!(!report.mistakes().is_empty(), "refused without a reason");
    let lines: Vec<&str> = text.strip_prefix('\u{feff}').unwrap_or(text).split(['\n', '\r']).collect();
    for mistake in report.mistakes() {
        assert!(!mistake.message.is_empty());
        match mistake.place {
            Some(place) => {
                assert!(place.column >= 1 && place.length >= 1, "{mistake:?}");
                assert!((1..=lines.len()).contains(&(place.line as usize)), "{mistake:?}");
            }
            // An empty file, a foreign encoding, a file that is too large: the file as a whole, and nothing else is said.
            None => assert!(report.mistakes().len() == 1, "{mistake:?}"),
        }
    }
    assert!(!report.to_string().is_empty() && report.to_json().is_object());
}
