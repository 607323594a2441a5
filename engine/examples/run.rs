//! Runs a script file.
use lockgate_engine::builtins::spec::{BARE};
use lockgate_engine::compile::*;
use lockgate_engine::limits::Limits;
use lockgate_engine::image::Runtime;
use lockgate_engine::link;
use std::sync::Arc;
fn main() {
    let file = std::env::args().nth(1).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let module = std::env::args().any(|a| a == "--module");
    let goal = if module { Goal::Module } else { Goal::Script };
    let module = match compile(SourceFile { name: file.clone(), text }, &Options::new(goal), &mut FsLoader::default()) {
        Ok(m) => m, Err(d) => { eprintln!("{d}"); std::process::exit(1) } };
    if let Err(e) = lockgate_engine::bytecode::verify::verify(&module) { eprintln!("verify: {e:?}"); }
    if std::env::args().any(|a| a == "--dis") { print!("{}", lockgate_engine::bytecode::disasm::disassemble(&module)); }
    let module = Arc::new(module);
    let mut rt = match Runtime::boot(&BARE, module.clone(), &Limits::default(), false) { Ok(r) => r, Err(e) => panic!("{e:?}") };
    let r = rt.enter(|rt| { *rt.host().console.borrow_mut() = Box::new(lockgate_engine::runtime::StdConsole); link::link(rt, &module)?; link::run_bodies(rt, &module)?; lockgate_engine::job::run_all(rt)?; 
      if let Some(v) = link::global_value(rt, "result") { println!("result = {}", rt.describe_thrown(v)); } Ok(()) });
    if let Err(f) = r { eprintln!("{f}"); std::process::exit(1) }
}
