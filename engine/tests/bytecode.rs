//! Golden listings: each `bytecode/*.{js,ts,tsx}` compiles, verifies, and lists as its `.txt` says. `BLESS=1` rewrites them.
use std::path::{Path, PathBuf};

use lockgate_engine::bytecode::{disasm, verify};
use lockgate_engine::compile::{FsLoader, Goal, Options, SourceFile, compile};

fn listing(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let goal = if text.starts_with("// script") { Goal::Script } else { Goal::Module };
    let name = path.to_string_lossy().into_owned();
    let mut options = Options::new(goal);
    options.keep_source = false;
    match compile(SourceFile { name, text }, &options, &mut FsLoader) {
        Ok(module) => {
            if let Err(error) = verify::verify(&module) {
                return format!("NOT VERIFIED: {error}\n{}", disasm::disassemble(&module));
            }
            disasm::disassemble(&module)
        }
        Err(errors) => format!("{errors}\n"),
    }
}

#[test]
fn listings_are_as_blessed() {
    let folder = PathBuf::from("tests/bytecode");
    let bless = std::env::var_os("BLESS").is_some();
    let mut paths: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e != "txt"));
    paths.sort();
    let mut wrong = Vec::new();
    for path in paths {
        let got = listing(&path).replace("tests/bytecode/", "");
        assert!(!got.starts_with("NOT VERIFIED"), "{}: {got}", path.display());
        let golden = path.with_extension("txt");
        if bless {
            std::fs::write(&golden, got).unwrap();
        } else if std::fs::read_to_string(&golden).unwrap_or_default() != got {
            wrong.push(format!("--- {}\n{got}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "listings differ (BLESS=1 accepts):\n{}", wrong.join("\n"));
}
