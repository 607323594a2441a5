//! The seam to a native compiler: when it is asked, what it is given, what it gives back, where code is published.
//!
//! Machine code is compiled from the immutable [`Module`], never from a live cage, and shared by every runtime of an image: a
//! row of the image's [`CodeTable`] is its function's entry, published with one release store. What runs much is found by
//! sampling: every [`SAMPLE`] calls and back-edges of a runtime count one for the function that makes the last of them
//! (`Rt::refuel`), so that counting costs the interpreter nothing beside the fuel it counts anyway.
use crate::bytecode::module::{FunctionId, Module};
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Calls and back-edges of a runtime between two samples. A prime: loops whose calls divide it would always show the same function.
pub const SAMPLE: i64 = 251;
/// Samples that make a function hot.
pub const HOT: u32 = 4;

/// Compiles functions of a module to machine code.
pub trait NativeCompiler: Send + Sync {
    /// The machine that it makes code for; `None`: it makes none, and is never asked.
    fn machine(&self) -> Option<&'static str>;

    /// The code of one function, or why there is none; the function then stays interpreted.
    fn compile(&self, module: &Module, function: FunctionId) -> Result<NativeCode, Refusal>;
}

/// Machine code in executable memory, alive as long as this value.
pub struct NativeCode {
    /// Address of the first instruction.
    pub entry: usize,
    /// Bytes.
    pub bytes: usize,
    /// Keeps the memory.
    pub memory: Box<dyn Send + Sync>,
}

/// Why a function was not compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The function has an instruction that the compiler does not know.
    Unsupported,
    /// Code memory is at its limit.
    Full,
}

/// When functions are compiled (`--jit`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// Never.
    Off,
    /// When they are hot, in the background.
    #[default]
    Lazy,
    /// Before the first call.
    Eager,
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Policy::Off => "off",
            Policy::Lazy => "lazy",
            Policy::Eager => "eager",
        })
    }
}

impl std::str::FromStr for Policy {
    type Err = String;

    fn from_str(text: &str) -> Result<Policy, String> {
        match text {
            "off" => Ok(Policy::Off),
            "lazy" => Ok(Policy::Lazy),
            "eager" => Ok(Policy::Eager),
            other => Err(format!("'{other}' is no JIT policy; allowed: off, lazy, eager")),
        }
    }
}

/// The compiler of the process: code memory and the thread that fills it are the process's.
struct Installed {
    compiler: &'static dyn NativeCompiler,
    policy: Policy,
    /// To the background thread, from the first hot function on.
    queue: OnceLock<Option<Sender<Hot>>>,
}

/// A function that is to be compiled.
struct Hot {
    table: Arc<CodeTable>,
    function: FunctionId,
}

static INSTALLED: OnceLock<Installed> = OnceLock::new();

/// Sets the compiler and policy of this process, before its first program; without it everything is interpreted. Whether they
/// were set: only the first call does.
pub fn install(compiler: &'static dyn NativeCompiler, policy: Policy) -> bool {
    INSTALLED.set(Installed { compiler, policy, queue: OnceLock::new() }).is_ok()
}

/// The installed compiler, if it is to be asked under `policy`.
fn compiler_under(policy: Policy) -> Option<&'static Installed> {
    INSTALLED.get().filter(|installed| installed.policy == policy && installed.compiler.machine().is_some())
}

impl Installed {
    /// Has a function compiled in the background. Without a thread for it, it stays interpreted.
    fn ask(&'static self, hot: Hot) {
        let queue = self.queue.get_or_init(|| {
            let (sender, inbox) = channel::<Hot>();
            let work = move || inbox.iter().for_each(|hot| hot.table.compile(self.compiler, hot.function));
            std::thread::Builder::new().name("compiler".into()).spawn(work).ok().map(|_| sender)
        });
        if let Some(queue) = queue {
            // The thread ends with the process.
            let _ = queue.send(hot);
        }
    }
}

/// Entries and samples of an image's functions, by function id.
pub struct CodeTable {
    module: Arc<Module>,
    /// Addresses of code; 0: interpreted.
    entries: Box<[AtomicUsize]>,
    counters: Box<[Counter]>,
    /// Keeps published code.
    codes: Mutex<Vec<NativeCode>>,
}

#[derive(Debug, Default)]
struct Counter {
    samples: AtomicU32,
    refused: AtomicBool,
}

impl CodeTable {
    /// A table for a module: nothing counted, nothing compiled unless the policy is [`Policy::Eager`].
    pub fn new(module: Arc<Module>) -> Arc<CodeTable> {
        let functions = module.functions.len();
        let table = Arc::new(CodeTable {
            module,
            entries: (0..functions).map(|_| AtomicUsize::new(0)).collect(),
            counters: (0..functions).map(|_| Counter::default()).collect(),
            codes: Mutex::default(),
        });
        if let Some(installed) = compiler_under(Policy::Eager) {
            (0..functions).for_each(|function| table.compile(installed.compiler, function as FunctionId));
        }
        table
    }

    /// Counts a sample; the one that makes the function hot has it compiled.
    pub fn sample(self: &Arc<Self>, function: FunctionId) {
        let Some(counter) = self.counters.get(function as usize) else { return };
        // Wraps after 10^12 calls: then it is hot once more, and compiled again.
        if counter.samples.fetch_add(1, Ordering::Relaxed) + 1 == HOT
            && let Some(installed) = compiler_under(Policy::Lazy)
        {
            installed.ask(Hot { table: Arc::clone(self), function });
        }
    }

    /// Compiles a function and publishes its code, or notes that there is none.
    fn compile(&self, compiler: &dyn NativeCompiler, function: FunctionId) {
        match compiler.compile(&self.module, function) {
            Ok(code) => {
                let entry = code.entry;
                self.codes.lock().unwrap_or_else(PoisonError::into_inner).push(code);
                self.entries[function as usize].store(entry, Ordering::Release);
            }
            Err(Refusal::Unsupported | Refusal::Full) => {
                self.counters[function as usize].refused.store(true, Ordering::Relaxed);
            }
        }
    }

    /// The published entry of a function, if any.
    pub fn entry(&self, function: FunctionId) -> Option<usize> {
        self.entries.get(function as usize).map(|entry| entry.load(Ordering::Acquire)).filter(|&entry| entry != 0)
    }

    /// The program.
    pub fn module(&self) -> &Arc<Module> {
        &self.module
    }

    /// What was counted and compiled so far.
    pub fn statistics(&self) -> Statistics {
        let hot = |counter: &&Counter| counter.samples.load(Ordering::Relaxed) >= HOT;
        Statistics {
            hot: self.counters.iter().filter(hot).count(),
            compiled: self.entries.iter().filter(|entry| entry.load(Ordering::Relaxed) != 0).count(),
            refused: self.counters.iter().filter(|counter| counter.refused.load(Ordering::Relaxed)).count(),
            bytes: self.codes.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|code| code.bytes).sum(),
        }
    }
}

/// Functions of a [`CodeTable`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Functions with at least [`HOT`] samples.
    pub hot: usize,
    /// Those with machine code.
    pub compiled: usize,
    /// Those that the compiler has none for.
    pub refused: usize,
    /// Bytes of machine code.
    pub bytes: usize,
}
