//! The JavaScript tests under `tests/js`, each run five ways in this process: from source, from a sealed image (twice, with
//! a reset between), under stress (every run followed by a check of the whole heap, a reset, an overwritten arena and
//! a byte-for-byte comparison with the image), the same with a collection at every poll, and as requests whose state stays
//! (every run followed by a check of the whole heap).
//!
//! A `.js` file is the body of a sloppy function: it may `return` a promise, and may `await` if it needs to. An `.mjs`,
//! `.ts`, `.jsx` or `.tsx` file is a module that may import others. Files that begin with `_` are no tests. `JS_TEST=part/of/path` selects files.
use lockgate_engine::builtins::{CLASSES, ClassSpec, Embedding, Name, NativeTable, Row, RowKind};
use lockgate_engine::call::Args;
use lockgate_engine::compile::{FsLoader, Goal, Loader, Options, SourceFile};
use lockgate_engine::engine::{Program, print};
use lockgate_engine::heap::space::HeapMode;
use lockgate_engine::image::{Fault, Image, Runtime, Stage};
use lockgate_engine::limits::{Isolation, Limits};
use lockgate_engine::link;
use lockgate_engine::realm::Intrinsic;
use lockgate_engine::runtime::{Rt, StdConsole};
use lockgate_engine::value::{JsResult, Value};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const PRELUDE: &str = include_str!("js/_assert.js");
/// What a test may be written in.
const EXTENSIONS: [&str; 5] = ["js", "mjs", "ts", "jsx", "tsx"];
/// How a module imports the prelude, on its first line.
const PRELUDE_IMPORT: &str = "import '/prelude'; ";

static EMBEDDING: Embedding = TESTS;
const TESTS: Embedding =
    Embedding { name: "tests", classes: &[&GLOBALS], install: |_| Ok(()), before_seal: |_| Ok(()) };
static GLOBALS: ClassSpec = ClassSpec::globals(&[Row::method("print", 0, print)]);

/// The same natives, each counted when it is called.
static OBSERVED: Embedding = Embedding { name: "observed", ..TESTS };
/// One entry for every row of [`OBSERVED`], true once it was called.
static CALLED: Mutex<Vec<bool>> = Mutex::new(Vec::new());

#[test]
fn from_source() {
    run_all("source", |test| test.run_from_source(&EMBEDDING));
}

/// Every native of every table is called by some test: a row without a case fails here. The tests must also pass without the
/// shortcuts that the engine takes when it recognises its own functions.
#[test]
fn every_row_has_a_case() {
    let table = NativeTable::observe(&OBSERVED, observed);
    CALLED.lock().unwrap().resize(table.len(), false);
    let whole = std::env::var("JS_TEST").is_err();
    run_all("observed", |test| test.run_from_source(&OBSERVED));
    let called = CALLED.lock().unwrap();
    let rows = row_names(&OBSERVED);
    assert_eq!(rows.len(), called.len(), "the names follow the table");
    let missing: Vec<_> = rows.iter().zip(called.iter()).filter(|(_, called)| !**called).map(|(row, _)| row).collect();
    assert!(missing.is_empty() || !whole, "{} rows without a case: {missing:#?}", missing.len());
}

fn observed(rt: &mut Rt, args: Args) -> JsResult {
    let id = args.native_id(rt);
    CALLED.lock().unwrap()[id as usize] = true;
    NativeTable::of(&EMBEDDING).function(id)(rt, args)
}

/// What a table's functions are called in a report, in the order of their numbers.
fn row_names(embedding: &Embedding) -> Vec<String> {
    let mut names = Vec::new();
    for class in CLASSES.iter().flat_map(|family| family.iter()).chain(embedding.classes) {
        if class.constructor.is_some() {
            names.push(class.name.to_string());
        }
        let holder =
            if class.slot == Intrinsic::None { format!("{:?}", class.proto_slot) } else { class.name.to_string() };
        let statics = class.statics.iter().map(|row| (row, holder.clone()));
        let methods = class.methods.iter().map(|row| (row, format!("{holder}.prototype")));
        for (at, (row, holder)) in statics.chain(methods).enumerate() {
            let (Name::Str(name) | Name::Sym(_, name)) = row.name;
            match row.kind {
                RowKind::Method(..) | RowKind::IntrinsicMethod(..) => names.push(format!("{holder}.{name}")),
                RowKind::Hidden(..) => names.push(format!("{holder}: the closure in row {at}")),
                RowKind::Accessor(_, set) => {
                    names.push(format!("get {holder}.{name}"));
                    names.extend(set.map(|_| format!("set {holder}.{name}")));
                }
                RowKind::Data(_) | RowKind::Alias(_) => {}
            }
        }
    }
    names
}

#[test]
fn from_a_sealed_image() {
    run_all("image", |test| {
        let image = test.image()?;
        let mut runtime = Runtime::from_image(&image, &limits()).map_err(|e| e.to_string())?;
        for round in 1..=2 {
            test.run(&mut runtime).map_err(|fault| format!("round {round}: {}", test.describe(&fault)))?;
            runtime.reset();
        }
        let image =
            Image::from_bytes(&image.to_bytes().map_err(|e| e.to_string())?, &EMBEDDING).map_err(|e| e.to_string())?;
        let mut runtime = Runtime::from_image(&Arc::new(image), &limits()).map_err(|e| e.to_string())?;
        test.run(&mut runtime).map_err(|fault| format!("from bytes: {}", test.describe(&fault)))
    });
}

#[test]
fn under_stress() {
    run_all("stress", |test| stress(test, &limits()).map(drop));
}

#[test]
fn collected_at_every_poll() {
    let limits = Limits { heap_mode: HeapMode::Hybrid, gc_stress: true, ..limits() };
    run_all("collected", |test| match stress(test, &limits)?.collections().count {
        0 => Err("nothing was collected".to_string()),
        _ => Ok(()),
    });
}

#[test]
fn with_state_that_stays() {
    for (heap_mode, gc_stress) in [(HeapMode::Arena, false), (HeapMode::Hybrid, true)] {
        let limits = Limits { heap_mode, gc_stress, isolation: Isolation::Worker, ..limits() };
        run_all("worker", |test| {
            let mut runtime = Runtime::from_image(&test.image()?, &limits).map_err(|e| e.to_string())?;
            for round in 1..=2 {
                // A test that met its own leavings may fail; the heap must be sound all the same.
                let outcome = test.run(&mut runtime);
                if round == 1 {
                    outcome.map_err(|fault| test.describe(&fault))?;
                }
                if runtime.is_poisoned() || runtime.was_ended() {
                    return Err(format!("ended in round {round}"));
                }
                runtime.verify().map_err(|why| format!("heap after round {round}: {why}"))?;
                runtime.end_request();
                runtime.trim();
                runtime.verify().map_err(|why| format!("what stays after round {round}: {why}"))?;
            }
            Ok(())
        });
    }
}

/// Three rounds in one runtime, each followed by a check of the whole heap, a reset and a check of the image.
fn stress(test: &Test, limits: &Limits) -> Result<Runtime, String> {
    let image = test.image()?;
    let mut runtime = Runtime::from_image(&image, limits).map_err(|e| e.to_string())?;
    for round in 1..=3 {
        test.run(&mut runtime).map_err(|fault| format!("round {round}: {}", test.describe(&fault)))?;
        runtime.verify().map_err(|why| format!("heap after round {round}: {why}"))?;
        runtime.reset();
        runtime.poison_arena();
        runtime.check_invariant().map_err(|why| format!("reset after round {round}: {why}"))?;
        runtime.verify().map_err(|why| format!("image after round {round}: {why}"))?;
    }
    Ok(runtime)
}

fn limits() -> Limits {
    Limits { cpu: Some(Duration::from_secs(60)), heap: 256 << 20, ..Limits::default() }
}

/// One compiled test.
struct Test {
    program: Program,
    name: String,
    is_module: bool,
    /// Lines before the first of the test's own text.
    offset: u32,
}

impl Test {
    fn compile(path: &Path, name: &str) -> Result<Test, String> {
        let text = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
        let file = path.to_string_lossy().into_owned();
        if path.extension().is_some_and(|e| e != "js") {
            let text = format!("{PRELUDE_IMPORT}{text}");
            let entry = SourceFile { name: file, text };
            let program =
                Program::compile(entry, &Options::new(Goal::Module), &mut TestLoader).map_err(|e| e.to_string())?;
            return Ok(Test { program, name: name.to_string(), is_module: true, offset: 0 });
        }
        let offset = PRELUDE.lines().count() as u32 + 1;
        let compile = |keyword: &str| {
            let text = format!("{PRELUDE}\n{keyword} run() {{\n{text}\n}}");
            let entry = SourceFile { name: file.clone(), text };
            Program::compile(entry, &Options::new(Goal::Script), &mut FsLoader)
        };
        // A body that names `await` is asynchronous, unless only a sloppy function may be written so.
        let program = match text.contains("await").then(|| compile("async function")) {
            Some(Ok(program)) => Ok(program),
            _ => compile("function"),
        };
        let program = program.map_err(|diagnostics| {
            let mut report = String::new();
            for d in &diagnostics.0 {
                let _ = write!(report, "{}:{}: {} ", d.line.saturating_sub(offset + 1), d.col, d.message);
            }
            report
        })?;
        Ok(Test { program, name: name.to_string(), is_module: false, offset: offset + 1 })
    }

    /// Boots, links and runs without an image.
    fn run_from_source(&self, embedding: &'static Embedding) -> Result<(), String> {
        let module = Arc::clone(self.program.module());
        let mut runtime =
            Runtime::boot(embedding, Arc::clone(&module), &limits(), true).map_err(|e| format!("{e:?}"))?;
        runtime.enter(|rt| link::link(rt, &module)).map_err(|fault| self.describe(&fault))?;
        runtime.enter(|rt| self.evaluate(rt)).map_err(|fault| self.describe(&fault))?;
        runtime.enter(|rt| self.call(rt)).map_err(|fault| self.describe(&fault))
    }

    /// An image of the prelude and the test, before the test has run.
    fn image(&self) -> Result<Arc<Image>, String> {
        let stage = if self.is_module { Stage::Linked } else { Stage::Evaluated };
        Image::boot(Arc::clone(self.program.module()), &EMBEDDING, &limits(), stage, |_| {})
            .map(Arc::new)
            .map_err(|e| e.to_string())
    }

    /// Runs the top level: of a script only the prelude.
    fn evaluate(&self, rt: &mut Rt) -> JsResult<()> {
        rt.host().console.replace(Box::new(StdConsole));
        link::run_bodies(rt, self.program.module())
    }

    /// Calls `run` of a script.
    fn call(&self, rt: &mut Rt) -> JsResult<()> {
        if self.is_module {
            return Ok(());
        }
        let run = link::global_value(rt, "run").unwrap_or(Value::UNDEFINED);
        let result = rt.call(run, Value::UNDEFINED, &[])?;
        link::settle(rt, result, "the test").map(|_| ())
    }

    /// Runs the test in a clone of its image.
    fn run(&self, runtime: &mut Runtime) -> Result<(), Fault> {
        runtime.enter(|rt| if self.is_module { self.evaluate(rt) } else { self.call(rt) })
    }

    /// A fault at its place in the test.
    fn describe(&self, fault: &Fault) -> String {
        let mut report = fault.text.clone();
        for position in &fault.positions {
            if position.line > self.offset && !position.file.ends_with("prelude") {
                let line = position.line - self.offset;
                let _ = write!(report, "\n        at {}:{line}:{}", self.name, position.column);
            }
        }
        report
    }
}

/// The file system, and the prelude under a name of its own.
struct TestLoader;

impl Loader for TestLoader {
    fn load(&mut self, specifier: &str, referrer: &str) -> Result<SourceFile, String> {
        if specifier == "/prelude" {
            let text = format!("{PRELUDE}\nglobalThis.assert = assert;");
            return Ok(SourceFile { name: "/prelude".to_string(), text });
        }
        FsLoader.load(specifier, referrer)
    }
}

/// Runs every test file in one way; panics with the list of those that fail.
fn run_all(way: &str, run: impl Fn(&Test) -> Result<(), String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/js");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let wanted = std::env::var("JS_TEST").unwrap_or_default();
    let (mut count, mut failures) = (0, Vec::new());
    for path in files {
        let name = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().into_owned();
        if !name.contains(&wanted) {
            continue;
        }
        count += 1;
        // A panic of the engine outside `enter` is a failure of this file, not of the harness.
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            Test::compile(&path, &name).and_then(|test| run(&test))
        }));
        if let Err(why) = outcome.unwrap_or_else(|_| Err("the engine panicked".to_string())) {
            failures.push(format!("  {name} ({way}): {why}"));
        }
    }
    assert!(failures.is_empty(), "{} of {count} files failed:\n{}", failures.len(), failures.join("\n"));
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).expect("the test directory").flatten() {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('_');
        if path.is_dir() {
            collect(&path, files);
        } else if !hidden && path.extension().and_then(|e| e.to_str()).is_some_and(|e| EXTENSIONS.contains(&e)) {
            files.push(path);
        }
    }
}
