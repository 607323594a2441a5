//! The engine from outside, in four steps: [`Program::compile`], [`Program::image`], [`Runtime::from_image`],
//! [`Runtime::enter`]. [`execute`] is the short way of a script that runs once.
use crate::builtins::Embedding;
use crate::bytecode::module::Module;
use crate::call::Args;
use crate::compile::{self, Compiled, Diagnostics, Loader, Options, SourceFile};
use crate::heap::space::{Collections, HeapMode};
use crate::image::{BootError, Fault, Image, Runtime, Stage};
use crate::limits::Limits;
use crate::link;
use crate::native;
use crate::runtime::{ConsoleSink, Rt};
use crate::value::{JsResult, Value};
use std::sync::Arc;

/// A compiled program: verified bytecode of a script and everything it imports.
#[derive(Debug, Clone)]
pub struct Program {
    module: Arc<Module>,
    statistics: compile::Statistics,
    warnings: Vec<String>,
}

impl Program {
    /// Compiles an entry file; `loader` finds what it imports. All errors come back together.
    pub fn compile(entry: SourceFile, options: &Options, loader: &mut dyn Loader) -> Result<Program, Diagnostics> {
        let Compiled { module, statistics, warnings } = compile::compile_measured(entry, options, loader)?;
        Ok(Program { module: Arc::new(module), statistics, warnings })
    }

    /// What compiling it took.
    pub fn statistics(&self) -> compile::Statistics {
        self.statistics
    }

    /// What its author should know although nothing is refused.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// The compiled module.
    pub fn module(&self) -> &Arc<Module> {
        &self.module
    }

    /// Runs the top level in a cage with the builtins of an embedding and seals what it made.
    pub fn image(&self, embedding: &'static Embedding, limits: &Limits) -> Result<Arc<Image>, BootError> {
        Image::boot(Arc::clone(&self.module), embedding, limits, Stage::Evaluated, |_| {}).map(Arc::new)
    }
}

/// How [`execute`] runs a program.
#[derive(Debug, Clone, Default)]
pub struct Execution {
    /// What it may use.
    pub limits: Limits,
    /// Run in a clone of a sealed image, then reset, overwrite the arena and check that the image is as it was.
    pub stress: bool,
}

/// What became of an execution.
#[derive(Debug)]
pub enum Executed {
    /// It ran to its end.
    Done(Statistics),
    /// It ended with a fault.
    Fault(Fault, Statistics),
}

/// Counters of an execution (`--stats`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Bytes allocated, builtins left out when run from an image.
    pub allocated: u64,
    /// Cards of the image written (stress only).
    pub dirty_cards: usize,
    /// Functions that ran much, and their machine code.
    pub code: native::Statistics,
    /// What collections in flight did.
    pub collections: Collections,
}

/// Runs a program once: its bodies, then its jobs. Nothing is sealed unless `stress` asks for it or the heap is collected,
/// which only clones of an image do. The error is one of the engine or the machine, not of the script.
pub fn execute(
    program: &Program,
    embedding: &'static Embedding,
    execution: &Execution,
    console: Box<dyn ConsoleSink>,
) -> Result<Executed, BootError> {
    let module = Arc::clone(&program.module);
    let limits = &execution.limits;
    let sealed = execution.stress || limits.heap_mode != HeapMode::Arena;
    let mut runtime = if sealed {
        let image = Image::boot(Arc::clone(&module), embedding, limits, Stage::Linked, |_| {})?;
        let image = Arc::new(image);
        Runtime::from_image(&image, limits).map_err(|e| BootError::Boot(e.into()))?
    } else {
        Runtime::boot(embedding, Arc::clone(&module), limits, false).map_err(BootError::Boot)?
    };
    let before = runtime.allocated();
    let result = runtime.enter(|rt| {
        rt.host().console.replace(console);
        if !sealed {
            link::link(rt, &module)?;
        }
        link::run_bodies(rt, &module)
    });
    let statistics = Statistics {
        allocated: runtime.allocated() - before,
        dirty_cards: runtime.dirty_cards(),
        code: runtime.handle().host().code.statistics(),
        collections: runtime.collections(),
    };
    if execution.stress && !runtime.is_poisoned() {
        runtime.reset();
        runtime.poison_arena();
        runtime.check_invariant().map_err(|why| BootError::Seal(crate::image::SealError::Corrupt(why)))?;
    }
    Ok(match result {
        Ok(()) => Executed::Done(statistics),
        Err(fault) => Executed::Fault(fault, statistics),
    })
}

impl Runtime {
    /// Calls an exported function of the entry (or a method of an exported object, as `default.fetch`) and drains the jobs; a
    /// promise it returns must have settled by then. The result is described by `read`, which runs no script.
    pub fn call_export<R>(
        &mut self,
        path: &str,
        arguments: impl FnOnce(&mut Rt) -> Vec<Value>,
        read: impl FnOnce(&mut Rt, Value) -> R,
    ) -> Result<R, Fault> {
        let (name, method) = path.split_once('.').map_or((path, None), |(name, method)| (name, Some(method)));
        let exported = self.export(name);
        self.enter(|rt| {
            let Some(mut f) = exported else {
                return Err(rt.throw_type(&format!("the module does not export '{name}'")));
            };
            let mut this = Value::UNDEFINED;
            if let Some(method) = method {
                let key = rt.key_of_string(rt.intern_str(method));
                (this, f) = (f, rt.get(f, key)?);
            }
            let arguments = arguments(rt);
            let result = rt.call(f, this, &arguments)?;
            let result = link::settle(rt, result, path)?;
            Ok(read(rt, result))
        })
    }
}

/// `print(…values)`: their string conversions, separated by blanks, as one line of the console. For embeddings that offer it.
pub fn print(rt: &mut Rt, args: Args) -> JsResult {
    let mut line = String::new();
    for i in 0..args.len() {
        let v = args.get(rt, i);
        let text = if v.is_symbol() { rt.describe_value(v) } else { rt.to_str(v).map(|s| rt.to_text(s))? };
        if i > 0 {
            line.push(' ');
        }
        line.push_str(&text);
    }
    rt.host().console.borrow_mut().line("print", &line);
    Ok(Value::UNDEFINED)
}
