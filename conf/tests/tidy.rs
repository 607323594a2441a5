//! What no compiler checks: arrows between crates, where `unsafe` lives, that exceptions carry reasons, that the container
//! files name what exists.
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace").to_path_buf()
}

fn sources(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

/// The members of the workspace.
const CRATES: [&str; 9] = ["conf", "engine", "jit", "filters", "proxy", "benches", "fuzz", "fuzz/targets", "xtask"];

fn all_sources() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for krate in CRATES {
        sources(&root().join(krate).join("src"), &mut files);
    }
    let root = root();
    let name = |path: &Path| path.strip_prefix(&root).expect("below the root").to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read_to_string(path).expect("readable source"))).collect()
}

#[test]
fn arrows_point_one_way() {
    let allowed: &[(&str, &[&str])] = &[
        ("conf", &[]),
        ("engine", &[]),
        ("jit", &["engine"]),
        ("filters", &["engine"]),
        ("proxy", &["conf", "engine", "filters", "jit"]),
        ("fuzz", &["fuzz"]),
        ("fuzz/targets", &["conf", "engine"]),
    ];
    for (krate, may) in allowed {
        let manifest = fs::read_to_string(root().join(krate).join("Cargo.toml")).expect("a manifest");
        for line in manifest.lines() {
            let Some(rest) = line.strip_prefix("lockgate-") else { continue };
            let to: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
            assert!(may.contains(&to.as_str()), "new arrow: {krate} → {to}");
        }
    }
}

#[test]
fn one_place_names_each_foreign_thing() {
    // Benchmarks name them too: they are what is measured against.
    for (name, text) in all_sources().into_iter().filter(|(name, _)| !name.starts_with("benches/")) {
        let names = |word: &str| text.lines().any(|l| !l.trim_start().starts_with("//") && l.contains(word));
        if names("oxc_parser::") || names("oxc_semantic::") {
            assert!(name.starts_with("engine/src/compile/"), "{name} names the parser");
        }
        if names("oxc_regular_expression::") {
            assert!(name.starts_with("engine/src/regexp/"), "{name} names the pattern parser");
        }
        if names("pingora") {
            assert!(name.starts_with("proxy/"), "{name} names Pingora");
        }
    }
}

/// The files that may hold unsafe code: heap, frames, mappings, the system's interfaces, and one allocator that counts.
const UNSAFE_ADDRESSES: [&str; 10] = [
    "engine/src/heap/cage.rs",
    "engine/src/heap/barrier.rs",
    "engine/src/runtime.rs",
    "engine/src/limits.rs",
    "engine/src/slice.rs",
    "engine/src/interp/mod.rs",
    "engine/src/bytecode/op.rs",
    "engine/src/image/mapping.rs",
    "filters/tests/allocations.rs",
    "proxy/src/stream.rs",
];

/// Every source of the workspace: sources, tests, benches and examples of every crate.
fn every_source() -> Vec<(String, String)> {
    let root = root();
    let mut files = Vec::new();
    for krate in CRATES {
        for part in ["src", "tests", "benches", "examples"] {
            sources(&root.join(krate).join(part), &mut files);
        }
    }
    let name = |path: &Path| path.strip_prefix(&root).expect("below the root").to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read_to_string(path).expect("readable source"))).collect()
}

/// A line without its comment and without what stands in its string literals.
fn code_of(line: &str) -> String {
    let mut code = String::new();
    let mut chars = line.chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' if quoted => drop(chars.next()),
            '"' => quoted = !quoted,
            '\'' if !quoted && chars.peek() == Some(&'"') => drop(chars.next()),
            '/' if !quoted && chars.peek() == Some(&'/') => break,
            c if !quoted => code.push(c),
            _ => {}
        }
    }
    code
}

/// How often a line of code has a word.
fn count_of(word: &str, code: &str) -> usize {
    code.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|found| *found == word).count()
}

/// Whether the comments and attributes directly above a line have one that begins with `mark`.
fn marked_above(lines: &[&str], at: usize, mark: &str) -> bool {
    lines[..at]
        .iter()
        .rev()
        .map(|line| line.trim_start())
        .take_while(|line| line.starts_with("//") || line.starts_with("#["))
        .any(|line| line.trim_start_matches('/').trim_start().starts_with(mark))
}

/// What is wrong with the unsafe code of a file: blocks, implementations and functions without their lines.
fn unjustified(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut wrong = Vec::new();
    let mut in_unsafe_impl = false;
    for (at, line) in lines.iter().enumerate() {
        let code = code_of(line);
        // A method of an unsafe trait has the trait's contract, which the SAFETY line of the implementation is about.
        in_unsafe_impl = code.contains("unsafe impl") || in_unsafe_impl && !line.starts_with('}');
        let justified = if code.contains("unsafe fn") {
            in_unsafe_impl || marked_above(&lines, at, "# Safety")
        } else {
            line.contains("// SAFETY:") || marked_above(&lines, at, "SAFETY:")
        };
        match count_of("unsafe", &code) {
            0 => {}
            1 if justified => {}
            1 => wrong.push(format!("line {}: {}", at + 1, line.trim())),
            _ => wrong.push(format!("line {}: two on one line: {}", at + 1, line.trim())),
        }
    }
    wrong
}

#[test]
fn unsafe_has_an_address_and_a_reason() {
    let mut found = Vec::new();
    for (name, text) in every_source() {
        if text.lines().map(|line| count_of("unsafe", &code_of(line))).sum::<usize>() == 0 {
            continue;
        }
        assert!(UNSAFE_ADDRESSES.contains(&name.as_str()), "{name} has unsafe code; it is not in the list");
        let wrong = unjustified(&text);
        assert!(wrong.is_empty(), "{name}: unsafe code without its own SAFETY line:\n{}", wrong.join("\n"));
        found.push(name);
    }
    for address in UNSAFE_ADDRESSES {
        assert!(found.iter().any(|f| f == address), "{address} has no unsafe code any more: take it off the list");
    }
}

/// The scan itself: what it must see, and what it must not take for code.
#[test]
fn the_scan_sees_what_is_unsafe() {
    let wrong = |text: &str| unjustified(text).len();
    assert_eq!(wrong("fn f() {\n    unsafe { g() }\n}"), 1);
    assert_eq!(wrong("// SAFETY: because\nunsafe { g() }"), 0);
    assert_eq!(wrong("// SAFETY: because\n// it is\n#[rustfmt::skip]\nunsafe { g() }"), 0);
    assert_eq!(wrong("// SAFETY: because\nlet a = 1;\nunsafe { g() }"), 1, "not directly above");
    assert_eq!(wrong("// SAFETY: both\nunsafe { g() }; unsafe { g() }"), 1, "a line each");
    assert_eq!(wrong("// SAFETY: because\nlet x = unsafe {\n    g()\n};\nunsafe impl Send for X {}"), 1);
    assert_eq!(wrong("/// # Safety\n/// The caller checks.\npub unsafe fn f() {}"), 0);
    assert_eq!(wrong("// SAFETY: no contract\npub unsafe fn f() {}"), 1);
    assert_eq!(wrong("// SAFETY: hands on\nunsafe impl A for B {\n    unsafe fn f() {}\n}\nunsafe fn g() {}"), 1);
    assert_eq!(wrong("let s = \"unsafe {\"; // unsafe { }\n#![deny(unsafe_code)]"), 0);
}

#[test]
fn crates_without_an_address_forbid_unsafe_code() {
    let holds = |part: &str| UNSAFE_ADDRESSES.iter().any(|address| address.starts_with(part));
    for (name, text) in all_sources() {
        let Some((krate, file)) = name.split_once("/src/") else { continue };
        if file != "lib.rs" && !text.contains("\nfn main() ") {
            continue;
        }
        // A crate with addresses denies it, so that only those files can allow it.
        let level = if file == "lib.rs" && holds(&format!("{krate}/src/")) { "deny" } else { "forbid" };
        let attribute = format!("#![{level}(unsafe_code)]");
        assert!(text.contains(&attribute), "{name} lacks {attribute}");
    }
    for (name, text) in every_source() {
        if UNSAFE_ADDRESSES.contains(&name.as_str()) {
            continue;
        }
        let code: Vec<String> = text.lines().map(code_of).collect();
        for (at, line) in code.iter().enumerate().filter(|(_, line)| count_of("unsafe_code", line) > 0) {
            let stricter = line.starts_with("#![forbid(") || line.starts_with("#![deny(");
            let module = code.get(at + 1).and_then(|next| next.trim().trim_start_matches("pub ").strip_prefix("mod "));
            let listed = module.is_some_and(|module| {
                let file = Path::new(&name).with_file_name(format!("{}.rs", module.trim_end_matches(';')));
                UNSAFE_ADDRESSES.iter().any(|address| Path::new(address) == file)
            });
            assert!(stricter || listed, "{name} allows unsafe code; it is not in the list: {line}");
        }
    }
}

#[test]
fn exceptions_carry_reasons() {
    for (name, text) in all_sources() {
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            if line.trim_start().starts_with("#[allow(") || line.trim_start().starts_with("#![allow(") {
                let mut whole = line.to_string();
                while !whole.contains(")]") {
                    match lines.next() {
                        Some(next) => whole.push_str(next),
                        None => break,
                    }
                }
                assert!(whole.contains("reason"), "{name}: an allow without a reason: {}", line.trim());
            }
            assert!(!line.contains("#[ignore]"), "{name}: an ignored test without a reason");
        }
    }
}

#[test]
fn container_files_name_what_exists() {
    let root = root();
    let compose = fs::read_to_string(root.join("docker-compose.yml")).expect("docker-compose.yml");
    let mut mounts = 0;
    for line in compose.lines() {
        if let Some(path) = line.trim().strip_prefix("- ./") {
            let path = path.split(':').next().unwrap_or_default();
            assert!(root.join(path).exists(), "docker-compose.yml mounts {path}, which does not exist");
            mounts += 1;
        }
    }
    assert!(mounts >= 2, "docker-compose.yml mounts the configuration and the Prometheus file");
    let config = lockgate_conf::load(&root.join("examples/docker/lockgate.yaml")).unwrap_or_else(|e| panic!("{e}"));
    let port = config.listeners[0].address.port();
    let dockerfile = fs::read_to_string(root.join("Dockerfile")).expect("Dockerfile");
    assert!(dockerfile.contains(&format!("EXPOSE {port}")), "the Dockerfile exposes the example's port {port}");
    let origin = config.upstreams[0].servers[0].port;
    assert!(compose.contains(&format!("127.0.0.1:{origin}:")), "the origin's port {origin} is published");
    let admin = config.admin.expect("an admin listener");
    let prometheus = fs::read_to_string(root.join("examples/docker/prometheus.yml")).expect("prometheus.yml");
    assert!(prometheus.contains(&admin.to_string()), "Prometheus scrapes {admin}");
}
