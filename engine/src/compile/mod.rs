//! Source text to [`Module`]: oxc parses and checks, the scope analysis resolves names, the lowering emits register
//! bytecode. This is the only part of the engine that names oxc.
//!
//! `link` loads the import graph; `walk`, `walk_declare`, `walk_class` and `scope` analyse each unit; `lower` and its siblings (`variable`, `known`, `literal`, `callable`, `expr`,
//! `binary`, `assign`, `pattern`, `call`, `class`, `stmt`, `loops`, `control`, `generator`, `jsx`, `enumeration`) emit
//! code into a `function::FnBuilder`.
mod assign;
mod binary;
mod call;
mod callable;
mod class;
mod control;
mod diagnostics;
mod enumeration;
mod expr;
mod function;
mod generator;
mod hash;
mod jsx;
mod known;
mod link;
mod literal;
mod loader;
mod loops;
mod lower;
mod nesting;
mod oxc;
mod pattern;
mod regexp_seam;
mod scope;
mod source;
mod statistics;
mod stmt;
mod typescript;
mod variable;
mod walk;
mod walk_class;
mod walk_declare;

pub use diagnostics::{Diagnostic, Diagnostics};
pub use loader::{FsLoader, Loader, MapLoader, NoLoader};
pub use source::{Goal, Options, SourceFile};
pub use statistics::{Compiled, Statistics};

use crate::bytecode::module::{Module, Unit};
use crate::limits::native_stack_left;
use crate::source_map;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// Stack of the thread that parses and lowers: the nesting limits keep every recursion far below it.
const STACK: usize = 256 << 20;
/// A script that needs no more than one part in so many of that stack is compiled on its caller's, if that has as much.
const PARTS: usize = 64;
/// Longest text that is looked at for it: a longer one is worth a thread.
const SMALL: usize = 16 << 10;

/// Compiles a program: the entry and everything it imports. All errors are reported together.
pub fn compile(entry: SourceFile, options: &Options, loader: &mut dyn Loader) -> Result<Module, Diagnostics> {
    compile_measured(entry, options, loader).map(|compiled| compiled.module)
}

/// The same with what it took.
pub fn compile_measured(
    entry: SourceFile,
    options: &Options,
    loader: &mut dyn Loader,
) -> Result<Compiled, Diagnostics> {
    let name = entry.name.clone();
    let failed = |what: &str| {
        let message = format!("the compiler {what}: please report this program");
        Err(Diagnostics(vec![Diagnostic::of_file(&name, message)]))
    };
    let small = is_small(&entry, options);
    let work = move || compile_here(entry, options, loader);
    if small {
        return catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| failed("failed"));
    }
    std::thread::scope(|threads| {
        match std::thread::Builder::new().name("compile".into()).stack_size(STACK).spawn_scoped(threads, work) {
            Ok(thread) => thread.join().unwrap_or_else(|_| failed("failed")),
            Err(_) => failed("could not start its thread"),
        }
    })
}

/// Whether the stack of this thread holds whatever compiling the program takes: one shallow text that imports nothing.
fn is_small(entry: &SourceFile, options: &Options) -> bool {
    options.goal == Goal::Script
        && entry.text.len() <= SMALL
        && !entry.text.contains("import")
        && nesting::is_within(&entry.text, options.max_nesting, PARTS as u32)
        && native_stack_left() >= STACK / PARTS
}

fn compile_here(entry: SourceFile, options: &Options, loader: &mut dyn Loader) -> Result<Compiled, Diagnostics> {
    let arena = oxc_allocator::Allocator::default();
    let mut graph = link::Graph::load(&arena, entry, options, loader);
    if !graph.errors.is_empty() {
        return Err(in_order(graph.errors));
    }
    let lowering = Instant::now();
    let mut warnings = Vec::new();
    let exports = lower::Exports(graph.units.iter_mut().map(|u| std::mem::take(&mut u.exports)).collect());
    let mut out = lower::Output::default();
    let mut units = Vec::with_capacity(graph.units.len());
    for (index, unit) in graph.units.iter().enumerate() {
        let (body, hoisted) = lower::Lower::new(&mut out, unit, index as u16, &exports).lower_unit();
        let unit_exports = exports.0[index].iter().map(|&(name, target)| (out.name(name), target)).collect();
        let mut source = if options.keep_source { unit.source.to_string() } else { String::new() };
        let read = |file: &str| loader.load(file, &unit.name).map(|file| file.text);
        warnings.extend(source_map::settle(&mut source, &unit.name, read).err());
        units.push(Unit {
            name: unit.name.clone(),
            source,
            map: Default::default(),
            body,
            is_module: unit.is_module,
            scope_slots: unit.analysis.scopes[0].heap_slots,
            exports: unit_exports,
            hoisted,
            has_tla: unit.analysis.functions[0].has_await,
            lazy: unit.lazy,
            requests: unit.requests.clone(),
        });
    }
    if !out.errors.is_empty() {
        return Err(in_order(out.errors));
    }
    let lower = lowering.elapsed();
    let max_registers = out.functions.iter().map(|f| f.registers).max().unwrap_or(0);
    let module =
        Module { code: out.code, functions: out.functions, strings: out.strings.finish(), units, max_registers };
    // What the compiler makes must pass as an image, too; every test in a debug build asks.
    #[cfg(debug_assertions)]
    if let Err(why) = crate::bytecode::verify::verify(&module) {
        panic!("the compiler made bytecode that the verifier refuses: {why}");
    }
    let statistics = Statistics {
        files: graph.units.len(),
        source_bytes: graph.units.iter().map(|unit| unit.source.len()).sum(),
        functions: module.functions.len(),
        code_bytes: module.code.len(),
        parse: graph.parse,
        analyse: graph.analyse,
        lower,
        verify: None,
    };
    Ok(Compiled { module, statistics, warnings })
}

fn in_order(mut errors: Vec<Diagnostic>) -> Diagnostics {
    errors.sort_by(|a, b| (&a.file, a.line, a.col).cmp(&(&b.file, b.line, b.col)));
    errors.dedup();
    Diagnostics(errors)
}
