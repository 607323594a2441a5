//! A program in every way that the engine can run it: all must log the same.
use crate::program::Program as Random;
use lockgate_engine::builtins::spec::BARE;
use lockgate_engine::compile::{Goal, NoLoader, Options, SourceFile};
use lockgate_engine::engine::Program;
use lockgate_engine::heap::space::HeapMode;
use lockgate_engine::image::{FaultKind, Image, Runtime};
use lockgate_engine::limits::{Isolation, Limits};
use std::sync::Arc;
use std::time::Duration;

/// What the ways call: the program, and, once its jobs are done, its log.
const EXPORTS: &str = "export { main }; export const result = () => log.join('\\n');\n";

fn limits() -> Limits {
    Limits { heap: 64 << 20, cpu: Some(Duration::from_secs(20)), ..Limits::default() }
}

/// The log of a program, the same in every way.
///
/// # Errors
/// What one way did differently.
///
/// # Panics
/// The engine does.
pub fn run(program: &Random) -> Result<String, String> {
    let entry = SourceFile { name: "random.js".into(), text: program.text() + EXPORTS };
    let compiled = Program::compile(entry, &Options::new(Goal::Module), &mut NoLoader);
    let compiled = compiled.map_err(|errors| format!("does not compile:\n{errors}"))?;
    let image = compiled.image(&BARE, &limits()).map_err(|error| format!("does not boot: {error}"))?;
    let mut runtime = clone(&image, &limits());
    let first = log(&mut runtime)?;
    let same = |way: &str, other: String| {
        if other == first { Ok(()) } else { Err(format!("{way}:\n{}", difference(&first, &other))) }
    };
    runtime.reset();
    runtime.poison_arena();
    runtime.check_invariant().map_err(|why| format!("after a reset: {why}"))?;
    same("the same runtime after a reset", log(&mut runtime)?)?;
    runtime.reset();
    let warmed = runtime.warmed_image().map_err(|error| format!("warmed: {error}"))?;
    same("an image with warm caches", log(&mut clone(&Arc::new(warmed), &limits()))?)?;
    let bytes = image.to_bytes().map_err(|error| format!("as bytes: {error}"))?;
    let read = Image::from_bytes(&bytes, &BARE).map_err(|error| format!("from bytes: {error}"))?;
    same("an image from bytes", log(&mut clone(&Arc::new(read), &limits()))?)?;
    let collected = Limits { heap_mode: HeapMode::Hybrid, gc_stress: true, ..limits() };
    same("collected at every poll", log(&mut clone(&image, &collected))?)?;
    let kept = Limits { isolation: Isolation::Worker, heap_mode: HeapMode::Hybrid, ..limits() };
    same("a runtime that keeps its state", log(&mut clone(&image, &kept))?)?;
    Ok(first)
}

fn clone(image: &Arc<Image>, limits: &Limits) -> Runtime {
    Runtime::from_image(image, limits).expect("a cage")
}

fn log(runtime: &mut Runtime) -> Result<String, String> {
    let ran = runtime.call_export("main", |_| Vec::new(), |_, _| ());
    let result = ran.and_then(|()| runtime.call_export("result", |_| Vec::new(), |rt, v| rt.to_text(v.as_ref())));
    result.map_err(|fault| {
        assert_ne!(fault.kind, FaultKind::Panic, "{fault}");
        format!("ended: {fault}")
    })
}

/// The first line that differs, of both.
pub fn difference(left: &str, right: &str) -> String {
    let (mut left, mut right) = (left.lines(), right.lines());
    loop {
        match (left.next(), right.next()) {
            (Some(a), Some(b)) if a == b => {}
            (None, None) => return "no line differs".into(),
            (a, b) => return format!("  {}\n  {}", a.unwrap_or("(nothing)"), b.unwrap_or("(nothing)")),
        }
    }
}
