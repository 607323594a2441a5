//! Runs one file: `cargo run -p lockgate-engine --example run -- [--module] [--gc-stress] [--stats] [--dis] FILE`.
//!
//! `.mjs`, `.ts` and `.tsx` are modules, others sloppy scripts unless `--module` is given. `print` and `console` write to
//! standard output; `--dis` writes the bytecode there first. An uncaught error is shown as `Name: message` with its stack; the exit status is then 1.
use lockgate_engine::builtins::{ClassSpec, Embedding, Row};
use lockgate_engine::bytecode::disasm::disassemble;
use lockgate_engine::compile::{FsLoader, Goal, Options, SourceFile};
use lockgate_engine::engine::{Executed, Execution, Program, execute, print};
use lockgate_engine::runtime::StdConsole;
use std::process::ExitCode;

static EMBEDDING: Embedding =
    Embedding { name: "run", classes: &[&GLOBALS], install: |_| Ok(()), before_seal: |_| Ok(()) };
static GLOBALS: ClassSpec = ClassSpec::globals(&[Row::method("print", 0, print)]);

fn main() -> ExitCode {
    let (mut module, mut stats, mut dis, mut execution, mut file) = (false, false, false, Execution::default(), None);
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--module" => module = true,
            "--gc-stress" => execution.stress = true,
            "--stats" => stats = true,
            "--dis" => dis = true,
            _ => file = Some(argument),
        }
    }
    let Some(file) = file else {
        eprintln!("usage: run [--module] [--gc-stress] [--stats] [--dis] FILE");
        return ExitCode::from(2);
    };
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(e) => {
            eprintln!("{file}: {e}");
            return ExitCode::from(2);
        }
    };
    module |= [".mjs", ".ts", ".tsx"].iter().any(|end| file.ends_with(end));
    let options = Options::new(if module { Goal::Module } else { Goal::Script });
    let program = match Program::compile(SourceFile { name: file, text }, &options, &mut FsLoader) {
        Ok(program) => program,
        Err(diagnostics) => {
            eprint!("{diagnostics}");
            return ExitCode::from(78);
        }
    };
    if dis {
        print!("{}", disassemble(program.module()));
    }
    match execute(&program, &EMBEDDING, &execution, Box::new(StdConsole)) {
        Ok(Executed::Done(statistics)) => {
            if stats {
                eprintln!("{statistics:?}");
            }
            ExitCode::SUCCESS
        }
        Ok(Executed::Fault(fault, _)) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
        Err(e) => {
            eprintln!("{e}");
            ExitCode::FAILURE
        }
    }
}
