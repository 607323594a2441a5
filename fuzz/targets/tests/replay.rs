//! Every input of the committed corpus through its target: what fuzzing reached once stays reached, and a finding that was
//! fixed stays fixed.
use lockgate_fuzz_targets::TARGETS;
use std::path::Path;

/// Most bytes of all inputs together.
const MAX_CORPUS: u64 = 300 << 10;

#[test]
fn the_corpus_has_no_finding() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
    let mut bytes = 0;
    let mut findings = Vec::new();
    for (name, run) in TARGETS {
        let mut inputs: Vec<_> = std::fs::read_dir(root.join(name))
            .expect("a corpus")
            .map(|entry| entry.expect("an input").path())
            .collect();
        inputs.sort();
        assert!(inputs.len() >= 10, "the corpus of {name} has only {} inputs", inputs.len());
        for path in inputs {
            let data = std::fs::read(&path).expect("an input");
            bytes += data.len() as u64;
            if std::panic::catch_unwind(|| run(&data)).is_err() {
                findings.push(path);
            }
        }
    }
    assert!(findings.is_empty(), "{findings:#?}");
    assert!(bytes <= MAX_CORPUS, "the corpus has {bytes} bytes: `cargo xtask fuzz TARGET --merge` makes it smaller");
}
