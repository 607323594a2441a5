//! Golden reports. Each `bytecode/*.{js,ts,tsx}` compiles, verifies, and lists as its `.txt` says; each `wrong/*` is refused
//! with the report in its `.txt`. `BLESS=1` rewrites them. A file that begins with `// script` is no module.
use std::path::{Path, PathBuf};

use lockgate_engine::bytecode::module::Module;
use lockgate_engine::bytecode::{disasm, verify};
use lockgate_engine::compile::{Diagnostics, FsLoader, Goal, Options, SourceFile, compile};

fn compile_file(path: &Path) -> Result<Module, Diagnostics> {
    let text = std::fs::read_to_string(path).unwrap();
    let goal = if text.starts_with("// script") { Goal::Script } else { Goal::Module };
    let name = path.to_string_lossy().into_owned();
    let options = Options { keep_source: false, ..Options::new(goal) };
    compile(SourceFile { name, text }, &options, &mut FsLoader)
}

fn sources(folder: &str) -> Vec<PathBuf> {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e != "txt"));
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

fn check_folder(folder: &str, report: impl Fn(&Path) -> String) {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for path in sources(folder) {
        let got = report(&path).replace(&format!("{folder}/"), "");
        let golden = path.with_extension("txt");
        if bless {
            std::fs::write(&golden, got).unwrap();
        } else if std::fs::read_to_string(&golden).unwrap_or_default() != got {
            wrong.push(format!("--- {}\n{got}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "reports differ (BLESS=1 accepts):\n{}", wrong.join("\n"));
}

#[test]
fn listings_are_as_blessed() {
    check_folder("tests/bytecode", |path| {
        let module = compile_file(path).unwrap_or_else(|errors| panic!("{}: {errors}", path.display()));
        if let Err(error) = verify::verify(&module) {
            panic!("{}: {error}\n{}", path.display(), disasm::disassemble(&module));
        }
        disasm::disassemble(&module)
    });
}

#[test]
fn wrong_programs_are_refused_with_reasons() {
    check_folder("tests/wrong", |path| match compile_file(path) {
        Ok(_) => panic!("{} was accepted", path.display()),
        Err(errors) => format!("{errors}\n"),
    });
}

/// Damaged code is refused or at least decodable: neither the verifier nor the listing panics.
#[test]
fn damaged_code_never_panics() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for path in sources("tests/bytecode") {
        let module = compile_file(&path).unwrap();
        for _ in 0..400 {
            let mut damaged = module.clone();
            for _ in 0..=random(3) {
                let at = random(damaged.code.len());
                damaged.code[at] = random(256) as u8;
            }
            let function = random(damaged.functions.len());
            match random(6) {
                0 => damaged.functions[function].registers = random(300) as u16,
                1 => damaged.functions[function].code_len = random(u32::MAX as usize) as u32,
                2 => damaged.functions[function].constants.truncate(random(4)),
                3 => damaged.functions[function].sites = random(4) as u32,
                4 => damaged.strings.truncate(random(8)),
                _ => damaged.units[0].body = random(1_000) as u32,
            }
            let _ = verify::verify(&damaged);
            let _ = disasm::disassemble(&damaged);
        }
    }
}
