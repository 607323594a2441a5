//! Code that no compiler emits: refused by the verifier with a reason, or ended by an exception.
use lockgate_engine::builtins::spec::BARE;
use lockgate_engine::bytecode::module::{Const, FnFlags, Handler, Module};
use lockgate_engine::bytecode::op::emit;
use lockgate_engine::bytecode::verify::verify;
use lockgate_engine::compile::{Goal, NoLoader, Options, SourceFile};
use lockgate_engine::engine::Program;
use lockgate_engine::image::{FaultKind, Image, Runtime, Stage};
use lockgate_engine::limits::Limits;
use lockgate_engine::link;
use std::sync::Arc;

/// Registers of the body.
const REGISTERS: u16 = 24;

/// A module with one slot whose body is the code that `write` emits; its constant 0 is a name, 1 a function.
fn module(flags: u32, write: fn(&mut Vec<u8>)) -> Module {
    let entry = SourceFile { name: "test.js".into(), text: "let x = 1; export const f = () => x;".into() };
    let program = Program::compile(entry, &Options::new(Goal::Module), &mut NoLoader).expect("the test compiles");
    let mut module = Module::clone(program.module());
    let body = module.units[0].body;
    let other = (0..module.functions.len() as u32).find(|&f| f != body).expect("the arrow function");
    let start = module.code.len();
    write(&mut module.code);
    let code_len = (module.code.len() - start) as u32;
    module.max_registers = module.max_registers.max(REGISTERS);
    let function = &mut module.functions[body as usize];
    (function.code_start, function.code_len, function.registers) = (start as u32, code_len, REGISTERS);
    function.constants = vec![Const::Str(0), Const::Function(other)];
    (function.sites, function.flags) = (1, FnFlags(function.flags.0 | flags));
    function.handlers.clear();
    function.positions.clear();
    module
}

fn refused(flags: u32, reason: &str, write: fn(&mut Vec<u8>)) {
    let found = verify(&module(flags, write)).err().map(|e| e.to_string()).unwrap_or_default();
    assert!(found.contains(reason), "expected '{reason}', found '{found}'");
}

/// The verifier accepts it, and running it throws.
fn throws(message: &str, write: fn(&mut Vec<u8>)) {
    let module = Arc::new(module(0, write));
    assert_eq!(verify(&module), Ok(()), "{message}");
    let image = Image::boot(Arc::clone(&module), &BARE, &Limits::default(), Stage::Linked, |_| {}).expect("links");
    let mut runtime = Runtime::from_image(&Arc::new(image), &Limits::default()).expect("a cage");
    let fault = runtime.enter(|rt| link::run_bodies(rt, &module)).expect_err(message);
    assert_eq!((fault.kind, fault.text.as_str()), (FaultKind::Exception, message));
}

#[test]
fn scopes_are_followed() {
    refused(0, "not a scope", |code| {
        emit::LoadI(code, 7, 4096);
        emit::GetScope(code, 8, 7, 0, 0);
        emit::Return(code, 8);
    });
    refused(0, "no such slot of the scope", |code| {
        emit::LoadEnv(code, 7);
        emit::GetScope(code, 8, 7, 0, 2);
        emit::Return(code, 8);
    });
    refused(0, "not a scope", |code| {
        emit::LoadEnv(code, 7);
        emit::GetScope(code, 8, 7, 1, 0);
        emit::Return(code, 8);
    });
    refused(0, "src: register r7 does not hold what is needed", |code| {
        emit::LoadEnv(code, 7);
        emit::Return(code, 7);
    });
    refused(0, "closures over different scopes", |code| {
        emit::LoadEnv(code, 7);
        emit::NewScope(code, 8, 7, 1);
        emit::Closure(code, 9, 1, 7);
        emit::Closure(code, 9, 1, 8);
        emit::Return(code, 9);
    });
}

#[test]
fn paths_that_meet_are_merged() {
    refused(0, "not a scope", |code| {
        emit::LoadEnv(code, 7);
        emit::JTrue(code, 6, 7 + 7);
        emit::LoadI(code, 7, 0);
        emit::GetScope(code, 8, 7, 0, 0);
        emit::Return(code, 8);
    });
    // A back-edge: the second time round the register holds something else.
    refused(0, "not a scope", |code| {
        emit::LoadEnv(code, 7);
        let head = emit::GetScope(code, 8, 7, 0, 0);
        emit::LoadI(code, 7, 0);
        let jump = code.len();
        emit::Loop(code, (head as i64 - jump as i64) as i32);
    });
}

#[test]
fn call_windows_are_gone_after_the_call() {
    refused(0, "does not hold what is needed", |code| {
        emit::CallU(code, 8, 10, 1);
        emit::Return(code, 12);
    });
    refused(0, "the frame's header is written", |code| {
        emit::LoadI(code, 2, 1);
        emit::Return(code, 7);
    });
    refused(0, "does not hold what is needed", |code| {
        emit::LoadI(code, 17, 1);
        emit::CallSpread(code, 7, 10);
        emit::Return(code, 7);
    });
}

#[test]
fn frames_suspend_only_where_they_can() {
    refused(0, "cannot suspend here", |code| {
        emit::Await(code, 7, 8);
        emit::Return(code, 7);
    });
    refused(FnFlags::ASYNC.0, "the frame cannot move to the heap here", |code| {
        emit::AsyncEnter(code);
        emit::AsyncEnter(code);
        emit::Return(code, 7);
    });
    refused(0, "the function does not keep its arguments", |code| {
        emit::CreateRest(code, 7, 0);
        emit::Return(code, 7);
    });
}

#[test]
fn operands_of_the_wrong_kind_are_exceptions() {
    throws("TypeError: Malformed code: an object expected", |code| {
        emit::DefField(code, 7, 0, 7, 2);
        emit::Return(code, 7);
    });
    throws("TypeError: Malformed code: a closure expected", |code| {
        emit::SetHome(code, 7, 7);
        emit::Return(code, 7);
    });
    throws("TypeError: Malformed code: a private name expected", |code| {
        emit::NewObject(code, 8);
        emit::GetPrivate(code, 7, 8, 7);
        emit::Return(code, 7);
    });
    throws("TypeError: Malformed code: an enumerator expected", |code| {
        let at = code.len();
        emit::ForInNext(code, 7, 8, 0);
        let end = code.len();
        let jump = ((end - at) as i32).to_le_bytes();
        code[end - 4..end].copy_from_slice(&jump);
        emit::Return(code, 7);
    });
    throws("TypeError: Malformed code: an array expected", |code| {
        emit::LoadI(code, 8, 0);
        emit::IterStep(code, 9, 7);
        emit::Return(code, 7);
    });
}

#[test]
fn every_loop_polls() {
    refused(0, "jump back to 0 without a poll", |code| {
        emit::Jump(code, 0);
    });
    let mut module = module(0, |code| {
        emit::Throw(code, 6);
        emit::Return(code, 7);
    });
    let body = module.units[0].body as usize;
    module.functions[body].handlers = vec![Handler { start: 0, end: 3, target: 3, register: 7 }];
    assert_eq!(verify(&module), Ok(()));
    module.functions[body].handlers[0].target = 0;
    assert_eq!(verify(&module).expect_err("a handler that throws to itself").reason, "bad handler");
}

#[test]
fn handlers_see_every_state_of_their_range() {
    let mut module = module(0, |code| {
        emit::LoadEnv(code, 7);
        emit::LoadI(code, 8, 1);
        emit::Throw(code, 8);
        emit::GetScope(code, 9, 7, 0, 0);
        emit::Return(code, 9);
    });
    let body = module.units[0].body as usize;
    module.functions[body].handlers = vec![Handler { start: 3, end: 13, target: 13, register: 10 }];
    assert_eq!(verify(&module), Ok(()));
    module.functions[body].handlers[0].start = 0;
    assert_eq!(verify(&module).expect_err("no scope yet when LoadEnv throws").reason, "not a scope");
}

#[test]
fn literals_of_regular_expressions_are_whole() {
    let entry = SourceFile { name: "test.js".into(), text: "export const re = /a/g;".into() };
    let program = Program::compile(entry, &Options::new(Goal::Module), &mut NoLoader).expect("the test compiles");
    let constant = |module: &Module| {
        let all = module
            .functions
            .iter()
            .enumerate()
            .flat_map(|(f, function)| (0..function.constants.len()).map(move |c| (f, c)));
        all.into_iter()
            .find(|&(f, c)| matches!(module.functions[f].constants[c], Const::RegExp { .. }))
            .expect("the literal")
    };
    let (f, c) = constant(program.module());
    for change in 0..2 {
        let mut module = Module::clone(program.module());
        assert_eq!(verify(&module), Ok(()));
        if let Const::RegExp { source, flags, program } = &mut module.functions[f].constants[c] {
            // The letters of another string, or a program cut short.
            if change == 0 { *flags = *source } else { program.truncate(8) }
        }
        assert!(verify(&module).is_err(), "change {change}");
    }
}
