//! `image_cache`: what a start or reload compiled, the next one reads.
use crate::harness::{Dir, Gateway};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Draws once, when it is booted: the number tells one image from another.
const CODE: &str = "import { word } from './word'; const born = Math.random();
  export default (request, env) => new Response([word, env.NAME, born].join(' '));";

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort_unstable();
    files
}

fn yaml(sources: &Dir, cache: &str, name: &str) -> String {
    format!(
        "image_cache: {cache}\nroutes: [{{ match: {{ path: \"/*\" }}, handler: {{ script: {}, env: {{ NAME: {name} }} }} }}]",
        sources.path().join("hello.js").display()
    )
}

/// What the gateway's scripts took: (hits, misses, compiled).
fn counts(gateway: &Gateway) -> (f64, f64, f64) {
    let count = |name: &str| gateway.metric(&format!("lockgate_{name}_total"));
    (count("image_cache_hits"), count("image_cache_misses"), count("scripts_made"))
}

const HIT: (f64, f64, f64) = (1.0, 0.0, 0.0);
const MISS: (f64, f64, f64) = (0.0, 1.0, 1.0);

#[test]
fn the_next_start_and_reload_read_what_one_compiled() {
    let sources = Dir::new();
    sources.write("hello.js", CODE);
    sources.write("word.js", "export const word = 'one';");
    let cache = sources.path().join("cache");
    let yaml = |name: &str| yaml(&sources, &cache.display().to_string(), name);
    let first = Gateway::start(&yaml("a"));
    let answer = first.get("/").text();
    assert!(answer.starts_with("one a 0."), "{answer}");
    assert_eq!(counts(&first), MISS);
    let kept = files(&cache);
    assert_eq!(kept.len(), 1, "{kept:?}");
    for (path, mode) in [(&cache, 0o700), (&kept[0], 0o600)] {
        assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, mode, "{path:?}");
    }
    let second = Gateway::start(&yaml("a"));
    assert_eq!((counts(&second), second.get("/").text()), (HIT, answer.clone()));

    // The environment is a part of the image; what the live configuration has needs no cache.
    second.reload(&yaml("b"));
    assert!(second.get("/").text().starts_with("one b 0."));
    assert_eq!((counts(&second), files(&cache).len()), ((1.0, 1.0, 1.0), 2));
    second.reload(&yaml("a"));
    assert_eq!((counts(&second), second.get("/").text()), ((2.0, 1.0, 1.0), answer.clone()));
    second.reload(&yaml("a"));
    assert_eq!(counts(&second), (2.0, 1.0, 1.0));

    // So is what it imports: the same entry of another import is stale, and its image takes the place.
    sources.write("word.js", "export const word = 'two';");
    second.reload(&yaml("a"));
    assert!(second.get("/").text().starts_with("two a 0."));
    assert_eq!(counts(&second), (2.0, 2.0, 2.0));
    assert!(second.stderr().contains("refused, compiling: stale: './word' of "), "{}", second.stderr());
    let third = Gateway::start(&yaml("a"));
    assert_eq!((counts(&third), third.get("/").text()), (HIT, second.get("/").text()));
    assert!(!third.stderr().contains("warning"), "{}", third.stderr());
    // And the entry itself, by the name of the file.
    sources.write("hello.js", CODE.replace("' '", "'+'"));
    third.reload(&yaml("a"));
    assert!(third.get("/").text().starts_with("two+a+0."));
    assert_eq!((counts(&third), files(&cache).len()), ((1.0, 1.0, 1.0), 3));
}

#[test]
fn what_is_damaged_or_foreign_is_refused_and_rebuilt() {
    let sources = Dir::new();
    sources.write("hello.js", CODE);
    sources.write("word.js", "export const word = 'one';");
    let cache = sources.path().join("cache");
    let yaml = |name: &str| yaml(&sources, "../cache", name).replace("../cache", &cache.display().to_string());
    let gateway = Gateway::start(&yaml("a"));
    let own = files(&cache).remove(0);
    gateway.reload(&yaml("b"));
    let foreign = files(&cache).into_iter().find(|file| *file != own).unwrap();
    let whole = std::fs::read(&own).unwrap();
    let flipped = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    };
    let cases = [
        ("magic", flipped(0), "damaged: it is no kept script"),
        ("digest of the head", flipped(8), "damaged: the digest of its head does not match"),
        ("length of the head", flipped(43), "damaged: it is cut short"),
        ("head", flipped(50), "damaged: the digest of its head does not match"),
        ("image", flipped(whole.len() - 1000), "the image is damaged: its digest does not match"),
        ("end", whole[..whole.len() - 1].to_vec(), "the image is cut short"),
        ("nothing", Vec::new(), "damaged: it is no kept script"),
        ("another script's", std::fs::read(foreign).unwrap(), "foreign: it was made of another script"),
    ];
    for (what, bytes, why) in cases {
        std::fs::write(&own, bytes).unwrap();
        let gateway = Gateway::start(&yaml("a"));
        assert_eq!(counts(&gateway), MISS, "{what}");
        let refusal = format!("lockgate: warning: image_cache: {}: refused, compiling: ", own.display());
        let stderr = gateway.stderr();
        assert!(stderr.contains(&refusal) && stderr.contains(why), "{what}: {stderr}");
        let answer = gateway.get("/").text();
        assert!(answer.starts_with("one a 0."), "{what}: {answer}");
        let next = Gateway::start(&yaml("a"));
        assert_eq!((counts(&next), next.get("/").text()), (HIT, answer), "{what}");
    }
}

#[test]
fn a_directory_of_no_use_costs_a_warning() {
    let sources = Dir::new();
    sources.write("hello.js", CODE);
    sources.write("word.js", "export const word = 'one';");
    let open = sources.path().join("open");
    std::fs::create_dir(&open).unwrap();
    std::fs::set_permissions(&open, PermissionsExt::from_mode(0o777)).unwrap();
    // Nobody makes a directory in /proc, not even root.
    for (cache, why) in [("/proc/lockgate", "not used: "), (open.to_str().unwrap(), "others may write to it")] {
        let gateway = Gateway::start(&yaml(&sources, cache, "a"));
        assert!(gateway.get("/").text().starts_with("one a "));
        assert!(
            gateway.stderr().contains(&format!("lockgate: warning: image_cache: {cache}: ")),
            "{}",
            gateway.stderr()
        );
        assert!(gateway.stderr().contains(why), "{}", gateway.stderr());
        assert_eq!(counts(&gateway), (0.0, 0.0, 1.0));
    }
    assert_eq!(files(&open), [] as [PathBuf; 0]);

    // A file that cannot be written: a directory has its name.
    let cache = sources.path().join("cache");
    let yaml = yaml(&sources, &cache.display().to_string(), "a");
    drop(Gateway::start(&yaml));
    let taken = files(&cache).remove(0);
    std::fs::remove_file(&taken).unwrap();
    std::fs::create_dir(&taken).unwrap();
    let gateway = Gateway::start(&yaml);
    assert!(gateway.get("/").text().starts_with("one a "));
    assert_eq!(counts(&gateway), MISS);
    assert!(
        gateway.stderr().contains("cannot be written, compiling again at the next start: "),
        "{}",
        gateway.stderr()
    );
    assert_eq!(files(&cache), [taken], "no remains of the attempt");
}

#[test]
fn the_longest_unused_go_when_all_are_more_than_256_mib() {
    let sources = Dir::new();
    sources.write("hello.js", CODE);
    sources.write("word.js", "export const word = 'one';");
    let cache = sources.path().join("cache");
    std::fs::DirBuilder::new().mode(0o700).create(&cache).unwrap();
    // Files without blocks: they take no room.
    let put = |name: &str, hours: u64| {
        let file = std::fs::File::create(cache.join(name)).unwrap();
        file.set_len(200 << 20).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(hours * 3600)).unwrap();
        cache.join(name)
    };
    let older = put(&format!("{}.image", "a".repeat(64)), 3);
    let newer = put(&format!("{}.image", "b".repeat(64)), 2);
    let notes = put("notes.txt", 4);
    let gateway = Gateway::start(&yaml(&sources, &cache.display().to_string(), "a"));
    assert_eq!(counts(&gateway), MISS);
    let left = files(&cache);
    assert!(!left.contains(&older) && left.contains(&newer) && left.contains(&notes) && left.len() == 3, "{left:?}");
}
