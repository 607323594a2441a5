//! Files that are not meant well, or not whole: always an answer, in bounded time, never a panic.
use std::path::Path;
use std::time::{Duration, Instant};

use lockgate_conf::{load, parse};

fn report(text: &str) -> String {
    parse(text, "hostile.yaml", Path::new("tests/right"))
        .map_or_else(|report| report.to_string(), |_| "right".to_owned())
}

#[test]
fn files_that_cannot_be_read() {
    let absent = load(Path::new("tests/absent.yaml")).unwrap_err().to_string();
    assert!(absent.starts_with("tests/absent.yaml: cannot be read: "), "{absent}");
    let directory = load(Path::new("tests/right")).unwrap_err().to_string();
    assert!(directory.starts_with("tests/right: is a directory"), "{directory}");
}

#[test]
fn a_file_that_is_too_large() {
    let text = "# more\n".repeat(160_000);
    assert!(report(&text).starts_with("hostile.yaml: is larger than 1 MiB"));
    let path = std::env::temp_dir().join(format!("lockgate-conf-large-{}.yaml", std::process::id()));
    std::fs::write(&path, text).unwrap();
    let found = load(&path).unwrap_err().to_string();
    std::fs::remove_file(&path).unwrap();
    assert!(found.contains("is larger than 1 MiB"), "{found}");
}

#[test]
fn line_breaks_and_byte_order_marks_of_other_systems() {
    let text = std::fs::read_to_string("tests/right/02-every-key.yaml").unwrap();
    assert_eq!(report(&text.replace('\n', "\r\n")), "right");
    assert_eq!(report(&format!("\u{feff}{text}")), "right");
    let wrong = text.replace("workers: 3", "workers: 0");
    let unix = report(&wrong);
    assert!(unix.starts_with("hostile.yaml:7:10: 0 is below"), "{unix}");
    assert_eq!(report(&wrong.replace('\n', "\r\n")), unix);
    assert_eq!(report(&format!("\u{feff}{wrong}")), unix);
}

#[test]
fn a_mistake_at_the_end_stands_in_the_file() {
    for text in ["{", "version: 1\n? ", "a: [1,\n  2", "a: {\n  b,"] {
        let report = parse(text, "hostile.yaml", Path::new("tests/right")).unwrap_err();
        for mistake in report.mistakes() {
            let line = mistake.place.map_or(0, |place| place.line as usize);
            assert!((1..=text.lines().count()).contains(&line), "{text:?}: {mistake:?}");
        }
    }
}

#[test]
fn every_beginning_of_a_file_has_an_answer() {
    let text = std::fs::read_to_string("tests/right/02-every-key.yaml").unwrap();
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        report(&text[..end]);
    }
}

#[test]
fn changed_files_have_an_answer() {
    let files = ["tests/right/02-every-key.yaml", "tests/right/05-yaml.yaml", "tests/wrong/58-headers.yaml"];
    let marks = [
        '{', '}', '[', ']', ':', '-', '"', '\'', '*', '&', '|', '>', '#', '\n', ' ', '\t', '!', '%', 'é', '0', '\u{1}',
        '~',
    ];
    // A fixed generator (Knuth's MMIX constants): the same changes in every run.
    let mut state: u64 = 1;
    let mut next = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % bound
    };
    for file in files {
        let text: Vec<char> = std::fs::read_to_string(file).unwrap().chars().collect();
        for _ in 0..400 {
            let mut changed = text.clone();
            for _ in 0..1 + next(4) {
                let at = next(changed.len());
                match next(3) {
                    0 => changed[at] = marks[next(marks.len())],
                    1 => changed.insert(at, marks[next(marks.len())]),
                    _ => drop(changed.drain(at..(at + 1 + next(8)).min(changed.len()))),
                }
            }
            report(&changed.into_iter().collect::<String>());
        }
    }
}

#[test]
fn large_files_take_bounded_time() {
    let head = "version: 1\nlisteners: [{ address: 127.0.0.1:8080 }]\n";
    let many = |line: fn(usize) -> String, count: usize| (0..count).map(line).collect::<String>();
    let files = [
        "[".repeat(1_000_000),
        "{".repeat(1_000_000),
        "- ".repeat(500_000),
        "? ".repeat(500_000),
        "a: ".repeat(300_000),
        "a".repeat(1_000_000),
        "&a ".repeat(300_000),
        "\"".to_owned() + &"\\n".repeat(500_000),
        "x\n".repeat(500_000),
        "!a ".repeat(300_000),
        format!("a: [{}]", "1,".repeat(500_000)),
        format!("a: [{}]", "[],".repeat(300_000)),
        format!("{head}{}", many(|index| format!("key{index}: 1\n"), 60_000)),
        format!(
            "{head}routes:\n{}",
            many(|index| format!("- {{match: {{path: /{index}}}, upstream: a{index}}}\n"), 10_000)
        ),
        format!(
            "{head}routes:\n{}",
            many(|index| format!("- {{match: {{path: /{index}}}, handler: a/{index}.ts}}\n"), 10_000)
        ),
        format!("{head}upstreams:\n{}", many(|index| format!("  a{index}: {{servers: [a:{index}]}}\n"), 20_000)),
        format!("{head}routes:\n{}", many(|_| "- {match: {path: /a}, handler: ../site/hello.ts}\n".to_owned(), 10_000)),
    ];
    for text in files {
        let start = Instant::now();
        let found = report(&text);
        let beginning: String = text.chars().take(80).collect();
        assert_ne!(found, "right", "{beginning}");
        // Generous: what this catches is quadratic, and takes minutes.
        assert!(start.elapsed() < Duration::from_secs(120), "{:?} for {beginning}", start.elapsed());
        println!("{:?} {beginning:.40}", start.elapsed());
    }
}
