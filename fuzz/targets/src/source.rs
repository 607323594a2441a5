//! Any text is compiled; what compiles is run twice in a clone of its image, with a reset between.
//!
//! A first line `//script`, `//jsx`, `//ts` or `//tsx` selects the language; without one the text is a module of JavaScript.
use crate::run;
use lockgate_engine::builtins::spec::BARE;
use lockgate_engine::compile::{Diagnostics, Goal, NoLoader, Options, SourceFile};
use lockgate_engine::engine::Program;
use lockgate_engine::image::{BootError, FaultKind, Image, Runtime, Stage};
use std::sync::Arc;

/// Compiles and runs a program.
///
/// # Panics
/// A finding.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match compile(text) {
        Ok(program) => run_twice(&program, !tells_time_or_chance(text)),
        Err(diagnostics) => check_diagnostics(&diagnostics, text),
    }
}

fn compile(text: &str) -> Result<Program, Diagnostics> {
    let (name, goal) = match text.lines().next() {
        Some("//script") => ("input.js", Goal::Script),
        Some("//jsx") => ("input.jsx", Goal::Module),
        Some("//ts") => ("input.ts", Goal::Module),
        Some("//tsx") => ("input.tsx", Goal::Module),
        _ => ("input.js", Goal::Module),
    };
    let entry = SourceFile { name: name.to_string(), text: text.to_string() };
    Program::compile(entry, &Options::new(goal), &mut NoLoader)
}

/// Every error has a place in the text, and none is the compiler's own.
fn check_diagnostics(diagnostics: &Diagnostics, text: &str) {
    assert!(!diagnostics.0.is_empty(), "refused without a reason");
    let lines = text.split('\n').count() as u32;
    for diagnostic in &diagnostics.0 {
        assert!(!diagnostic.message.contains("please report"), "{diagnostic:?}");
        assert!(
            (1..=lines).contains(&diagnostic.line) && diagnostic.col >= 1 && diagnostic.width >= 1,
            "{diagnostic:?}"
        );
    }
    assert!(!diagnostics.to_string().is_empty());
}

/// Whether two runs of the text may differ by right: clocks and random numbers.
fn tells_time_or_chance(text: &str) -> bool {
    ["Date", "random", "now", "time", "performance"].iter().any(|word| text.contains(word))
}

/// Runs a program in a fresh clone, resets it, checks the image byte for byte, and runs it again.
fn run_twice(program: &Program, repeatable: bool) {
    let limits = run::limits();
    let image = match Image::boot(Arc::clone(program.module()), &BARE, &limits, Stage::Linked, |_| {}) {
        Ok(image) => Arc::new(image),
        // A BigInt literal too large, a module too large for the heap.
        Err(BootError::Fault(fault)) if fault.kind != FaultKind::Panic => return,
        Err(e) => panic!("{e}"),
    };
    let mut runtime = Runtime::from_image(&image, &limits).expect("a cage");
    let first = run::bodies(&mut runtime);
    if runtime.is_poisoned() {
        return;
    }
    let in_order = runtime.verify();
    assert_eq!(in_order, Ok(()), "the heap after the first run");
    runtime.reset();
    runtime.poison_arena();
    let restored = runtime.check_invariant();
    assert_eq!(restored, Ok(()), "the image after a reset");
    let second = run::bodies(&mut runtime);
    if repeatable && !first.ended_anywhere() && !second.ended_anywhere() {
        assert_eq!(first, second, "a fresh runtime (left) and the same one reset (right)");
    }
}
