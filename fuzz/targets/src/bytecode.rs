//! Modules with changed bytes: the verifier refuses them, or they run to an end under limits.
//!
//! Input: a byte that chooses one of [`PROGRAMS`], then edits of the module it compiles to.
use crate::{edits, run};
use lockgate_engine::builtins::spec::BARE;
use lockgate_engine::bytecode::module::Module;
use lockgate_engine::bytecode::verify::verify;
use lockgate_engine::compile::{Goal, NoLoader, Options, SourceFile};
use lockgate_engine::engine::Program;
use lockgate_engine::image::{BootError, FaultKind, Image, Runtime, Stage};
use std::sync::{Arc, OnceLock};

/// What is edited: between them these use nearly every opcode, and each compiles to a few hundred bytes.
pub const PROGRAMS: [&str; 8] = [
    "let a = 1, b = 2.5; for (let i = 0; i < 3; i++) { a = a * b + i % 2; b ||= a; } console.log(a, b >>> 1, typeof a);",
    "function f(x, ...rest) { let n = x; return () => n++ + rest.length; } const g = f(1, 2); console.log(g(), g());",
    "class A { #p = 1; static s = 2; get p() { return this.#p; } has(o) { return #p in o; } }
     class B extends A { constructor() { super(); this.q = super.p; } } console.log(new B().q, A.s, new A().has({}));",
    "const { a, ...rest } = { a: 1, b: [1, 2, 3] }; const [x, ...y] = rest.b; console.log([...y, x], `${a}`, { a, x });",
    "function* g() { const r = yield 1; try { yield* [r]; } finally { yield 3; } } console.log([...g()]);",
    "async function f() { for await (const x of [1, Promise.resolve(2)]) console.log(x); } await f();
     const later = async function* () { yield 1; }; for await (const x of later()) console.log(x);",
    "for (const k in { a: 1, b: 2 }) { try { if (k === 'b') throw k; } catch (e) { console.log(e); } finally { delete {}.k; } }
     switch (3) { case 3: console.log(/a(b)/g.exec('ab')); }",
    "var o = { m(v) { return arguments.length + v; }, get x() { return 1n; }, ['c' + 1]: 2 };
     console.log(o.m(...[1, 2]), o?.x, new Array(...[3]), String.raw`a${1}`, o instanceof Object);",
];

/// Verifies and runs an edited module.
///
/// # Panics
/// A finding.
pub fn run(data: &[u8]) {
    let Some((&which, rest)) = data.split_first() else { return };
    let original = &originals()[usize::from(which) % PROGRAMS.len()];
    let Some(module) = Module::from_bytes(&edits::apply(original, rest)) else { return };
    match verify(&module) {
        Ok(()) => run_module(Arc::new(module)),
        Err(error) => assert!(!error.to_string().is_empty(), "refused without a reason"),
    }
}

/// Bytes of the modules of [`PROGRAMS`].
fn originals() -> &'static [Vec<u8>] {
    static ORIGINALS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    ORIGINALS.get_or_init(|| PROGRAMS.iter().map(|text| module_of(text).to_bytes()).collect())
}

/// The module of a program of this crate.
pub(crate) fn module_of(text: &str) -> Arc<Module> {
    let entry = SourceFile { name: "program.js".to_string(), text: text.to_string() };
    let options = Options { keep_source: false, ..Options::new(Goal::Module) };
    let program = Program::compile(entry, &options, &mut NoLoader).unwrap_or_else(|e| panic!("{e}"));
    Arc::clone(program.module())
}

fn run_module(module: Arc<Module>) {
    let limits = run::limits();
    match Image::boot(module, &BARE, &limits, Stage::Linked, |_| {}) {
        Ok(image) => {
            let mut runtime = Runtime::from_image(&Arc::new(image), &limits).expect("a cage");
            run::bodies(&mut runtime);
        }
        // A heap that is too small for the constants.
        Err(BootError::Fault(fault)) if fault.kind != FaultKind::Panic => {}
        Err(e) => panic!("{e}"),
    }
}
