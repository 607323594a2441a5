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

fn all_sources() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for krate in ["conf", "engine", "jit", "filters", "proxy", "benches", "xtask"] {
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

#[test]
fn unsafe_has_an_address() {
    let addresses = [
        "engine/src/heap/cage.rs",
        "engine/src/heap/barrier.rs",
        "engine/src/runtime.rs",
        "engine/src/limits.rs",
        "engine/src/interp/mod.rs",
        "engine/src/bytecode/op.rs",
        "engine/src/image/mapping.rs",
        "proxy/src/stream.rs",
    ];
    let mut found = Vec::new();
    for (name, text) in all_sources() {
        let code = text.lines().filter(|l| !l.trim_start().starts_with("//"));
        if code.clone().any(|l| l.contains("unsafe {") || l.contains("unsafe fn") || l.contains("unsafe impl")) {
            assert!(addresses.contains(&name.as_str()), "{name} has unsafe code; it is not in the list");
            assert!(text.contains("SAFETY"), "{name} has unsafe code without a SAFETY line");
            found.push(name);
        }
    }
    for address in addresses {
        assert!(found.iter().any(|f| f == address), "{address} has no unsafe code any more: take it off the list");
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
