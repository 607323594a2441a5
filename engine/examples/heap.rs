//! Runs a script in one heap mode and says what it cost: `heap FILE arena|hybrid MIB`.
use lockgate_engine::builtins::spec::BARE;
use lockgate_engine::compile::{FsLoader, Goal, Options, SourceFile};
use lockgate_engine::engine::{Executed, Execution, Program, execute};
use lockgate_engine::heap::space::HeapMode;
use lockgate_engine::limits::Limits;
use lockgate_engine::runtime::StdConsole;
use std::time::Instant;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, mode, mebibytes] = arguments.as_slice() else { panic!("heap FILE arena|hybrid MIB") };
    let text = std::fs::read_to_string(file).expect("a readable file");
    let source = SourceFile { name: file.clone(), text };
    let program = Program::compile(source, &Options::new(Goal::Script), &mut FsLoader).expect("it compiles");
    let limits = Limits {
        heap: mebibytes.parse::<u32>().expect("a number of MiB") << 20,
        heap_mode: HeapMode::from_name(mode).expect("arena or hybrid"),
        ..Limits::default()
    };
    let begun = Instant::now();
    let outcome = execute(&program, &BARE, &Execution { limits, stress: false }, Box::new(StdConsole));
    let time = begun.elapsed();
    let (fault, statistics) = match outcome.expect("the engine boots") {
        Executed::Done(statistics) => (None, statistics),
        Executed::Fault(fault, statistics) => (Some(fault), statistics),
    };
    println!("{time:?} {statistics:?} {fault:?} {}", peak_resident());
}

/// The kernel's line of the most memory this process had resident.
fn peak_resident() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default().to_string()
}
