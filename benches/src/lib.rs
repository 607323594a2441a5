//! What the benches share.
#![forbid(unsafe_code)]
pub mod binaries;
pub mod client;
pub mod contenders;
pub mod generated;
pub mod server;

use lockgate_engine::heap::space::HeapMode;
use std::path::Path;

/// `[--rounds N] [--heap MODE] [NAME…]`: how many rounds, how our runtimes manage memory, and the names of scripts.
pub fn arguments(mut rounds: usize) -> (usize, HeapMode, Vec<String>) {
    let (mut heap, mut names) = (HeapMode::Hybrid, Vec::new());
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--rounds" => rounds = args.next().and_then(|n| n.parse().ok()).unwrap_or(rounds),
            "--heap" => heap = args.next().and_then(|mode| HeapMode::from_name(&mode)).unwrap_or(heap),
            name => names.push(name.to_string()),
        }
    }
    (rounds, heap, names)
}

/// Name and source of the scripts in benches/scripts, sorted; only those of `names` unless it is empty.
pub fn scripts(names: &[String]) -> Vec<(String, String)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts");
    let mut files: Vec<_> =
        std::fs::read_dir(&dir).expect("benches/scripts").filter_map(|e| Some(e.ok()?.path())).collect();
    files.sort();
    let named = files.into_iter().map(|file| {
        let name = file.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        (name, std::fs::read_to_string(&file).expect("a readable script"))
    });
    named.filter(|(name, _)| names.is_empty() || names.contains(name)).collect()
}

/// The geometric mean.
pub fn geomean(set: &[f64]) -> f64 {
    (set.iter().map(|r| r.ln()).sum::<f64>() / set.len().max(1) as f64).exp()
}

/// The middle one.
pub fn median(mut set: Vec<f64>) -> f64 {
    set.sort_by(f64::total_cmp);
    set.get(set.len() / 2).copied().unwrap_or(f64::NAN)
}
