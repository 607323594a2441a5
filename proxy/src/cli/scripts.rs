//! `lockgate build` and `lockgate exec`: scripts without the gateway.
use super::{BuildArgs, ExecArgs, Exit, SCRIPT_FAILED};
use crate::embedded::Binary;
use crate::whole_file;
use lockgate_engine::builtins::spec::{ClassSpec, Embedding, Row};
use lockgate_engine::call::Args;
use lockgate_engine::compile::{FsLoader, Goal, Options, SourceFile};
use lockgate_engine::engine::{Executed, Execution, Program, Statistics, execute};
use lockgate_engine::image::BootError;
use lockgate_engine::limits::Limits;
use lockgate_engine::native::{self, NativeCompiler};
use lockgate_engine::runtime::{Rt, StdConsole};
use lockgate_engine::value::{JsResult, Value};
use lockgate_filters::script::{Script, Settings};
use std::io::Write;

/// Writes an image.
pub fn build(args: &BuildArgs) -> Result<(), Exit> {
    let script = Script::open(&args.file, &Settings::default()).map_err(Exit::refused)?;
    let bytes = script.to_bytes().map_err(|why| Exit::refused(format!("lockgate: {why}")))?;
    let written =
        write(&bytes, args).map_err(|error| Exit::refused(format!("lockgate: {}: {error}", args.output.display())))?;
    println!("{}: {written} bytes", args.output.display());
    Ok(())
}

/// Everyone may read an image file, whom the umask lets.
const IMAGE_MODE: u32 = 0o666;

/// Writes an image to a file of its own, or into a copy of this binary; returns the bytes of the file.
fn write(image: &[u8], args: &BuildArgs) -> std::io::Result<u64> {
    if args.embed {
        return Binary::running()?.write_with(image, &args.output);
    }
    whole_file::write(&args.output, IMAGE_MODE, |file| file.write_all(image))?;
    Ok(image.len() as u64)
}

/// The world of `exec`: the language and `print`.
static PLAIN: Embedding = Embedding {
    name: "exec",
    classes: &[&ClassSpec::globals(&[Row::method("print", 1, print)])],
    install: |_| Ok(()),
    before_seal: |_| Ok(()),
};

/// `print(…values)`: one line on standard output.
fn print(rt: &mut Rt, args: Args) -> JsResult {
    let mut line = String::new();
    for i in 0..args.len() {
        let v = args.get(rt, i);
        let text = rt.to_str(v)?;
        if i > 0 {
            line.push(' ');
        }
        line.push_str(&rt.to_text(text));
    }
    rt.host().console.borrow_mut().line("print", &line);
    Ok(Value::UNDEFINED)
}

/// Heap of `exec` without `--heap`.
const HEAP: u32 = 1 << 30;
/// VM stack of `exec`.
const STACK: u32 = 2 << 20;

/// Runs a script.
pub fn exec(args: &ExecArgs) -> Result<(), Exit> {
    let shown = args.file.display();
    let text =
        std::fs::read_to_string(&args.file).map_err(|error| Exit::refused(format!("lockgate: {shown}: {error}")))?;
    let is_module = args.module || args.file.extension().is_some_and(|extension| extension == "mjs");
    let goal = if is_module { Goal::Module } else { Goal::Script };
    let source = SourceFile { name: args.file.to_string_lossy().into_owned(), text };
    let program = Program::compile(source, &Options::new(goal), &mut FsLoader)
        .map_err(|errors| Exit { status: SCRIPT_FAILED, report: errors.to_string() })?;
    program.warnings().iter().for_each(|warning| eprintln!("lockgate: warning: {warning}"));
    if args.stats {
        let refused = |why| Exit::refused(format!("lockgate: {shown}: {why}"));
        eprintln!("{}", program.statistics().verified(program.module()).map_err(refused)?);
    }
    let heap = args.heap.map_or(HEAP, |bytes| u32::try_from(bytes).unwrap_or(u32::MAX));
    let limits = Limits {
        heap,
        stack: STACK,
        fuel: args.fuel,
        heap_mode: args.heap_mode,
        gc_stress: args.gc_stress,
        ..Limits::default()
    };
    native::install(&lockgate_jit::BASELINE, args.jit);
    let execution = Execution { limits, stress: args.gc_stress };
    let executed = execute(&program, &PLAIN, &execution, Box::new(StdConsole)).map_err(|error| match error {
        BootError::Fault(fault) => Exit { status: SCRIPT_FAILED, report: fault.to_string() },
        error => Exit { status: SCRIPT_FAILED, report: format!("lockgate: {shown}: {error}") },
    })?;
    match executed {
        Executed::Done(statistics) => {
            report(args, &statistics);
            Ok(())
        }
        Executed::Fault(fault, statistics) => {
            report(args, &statistics);
            Err(Exit { status: SCRIPT_FAILED, report: fault.to_string() })
        }
    }
}

fn report(args: &ExecArgs, statistics: &Statistics) {
    if args.stats {
        let machine = lockgate_jit::BASELINE.machine().unwrap_or("no code generator for this machine in this build");
        eprintln!("jit: {} ({machine})", args.jit);
        let code = &statistics.code;
        eprintln!("hot functions: {}", code.hot);
        eprintln!("compiled: {}", code.compiled);
        eprintln!("allocated: {}", statistics.allocated);
        eprintln!("dirty cards: {}", statistics.dirty_cards);
        let collections = &statistics.collections;
        eprintln!("collections: {}", collections.count);
        eprintln!("freed: {}", collections.freed);
        eprintln!("survivors: {}", collections.live);
        eprintln!("pauses: {:?}, longest {:?}", collections.pause_total, collections.pause_max);
    }
}
