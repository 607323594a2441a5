//! Scripts: compiled or read from an image file, booted with their environment, sealed.
use crate::breaker::Breaker;
use crate::counters::{Counters, Retirement};
use crate::embedding::EMBEDDING;
use crate::host::{self, Hooks, slots};
use crate::kept::{self, Keeper, Key};
use crate::sources::{Recorder, Sources};
use crate::tally::Tally;
use crate::web::context;
use lockgate_engine::bytecode::module::{JsStr, Module};
use lockgate_engine::compile::{self, Compiled, FsLoader, Loader, NoLoader, Options, SourceFile, Statistics};
use lockgate_engine::heap::retain::Retained;
use lockgate_engine::image::{Envelope, FaultKind, Image, Runtime};
use lockgate_engine::limits::{Limits, Termination};
use lockgate_engine::link;
use lockgate_engine::runtime::ConsoleSink;
use lockgate_engine::source_map;
use lockgate_engine::value::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Names a script in the process; never used twice.
pub type ScriptKey = u64;

/// A script in its environment, ready to be cloned.
pub struct Script {
    /// Its key.
    pub key: ScriptKey,
    /// How it is called in logs.
    pub name: String,
    /// The sealed heap.
    pub image: Arc<Image>,
    /// Bounds of one request.
    pub limits: Limits,
    /// Most fetches of one request.
    pub subrequests: u32,
    /// Most of them at a time; the others wait their turn.
    pub concurrent_subrequests: u32,
    /// Turns of requests, if only so many may run it at a time.
    pub turns: Option<Arc<Semaphore>>,
    /// Whether requests may wait for a runtime of it.
    pub breaker: Breaker,
    /// Bounds of what its requests leave in a runtime.
    pub caps: Caps,
    /// What it can be asked.
    pub hooks: Hooks,
    /// What is counted for it.
    pub counters: Arc<Counters>,
    /// What it costs.
    pub tally: Arc<Tally>,
    /// What compiling it took; `None` for one that came as an image.
    pub compiled: Option<Statistics>,
    sources: Sources,
}

impl std::fmt::Debug for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Script").field("key", &self.key).field("name", &self.name).finish_non_exhaustive()
    }
}

/// What a script is given.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The `env` object.
    pub env: BTreeMap<String, String>,
    /// Bounds of one request.
    pub limits: Limits,
    /// Most fetches of one request.
    pub subrequests: u32,
    /// Most of them at a time.
    pub concurrent_subrequests: u32,
    /// CPU time that the top level may take.
    pub boot: Duration,
    /// Most requests that run it at a time, over all threads.
    pub concurrency: Option<u32>,
    /// Bounds of what its requests leave in a runtime.
    pub caps: Caps,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            env: BTreeMap::new(),
            limits: Limits::default(),
            subrequests: 50,
            concurrent_subrequests: 6,
            boot: Duration::from_millis(500),
            concurrency: None,
            caps: Caps::default(),
        }
    }
}

/// What a runtime may keep from request to request (`isolation: worker`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caps {
    /// Bytes, what cannot be used between them included.
    pub bytes: u64,
    /// Shapes of objects.
    pub shapes: u32,
    /// Names of properties.
    pub names: u32,
}

impl Default for Caps {
    fn default() -> Caps {
        Caps { bytes: 16 << 20, shapes: 10_000, names: 50_000 }
    }
}

impl Caps {
    /// The first cap that a runtime passed.
    pub fn passed(&self, kept: &Retained) -> Option<Retirement> {
        if u64::from(kept.bytes) > self.bytes {
            Some(Retirement::Bytes)
        } else if kept.shapes > self.shapes {
            Some(Retirement::Shapes)
        } else {
            (kept.atoms > self.names).then_some(Retirement::Names)
        }
    }
}

impl Script {
    /// Makes a script of a source file or an image file ready. Blocks.
    ///
    /// # Errors
    /// The report for the operator.
    pub fn open(path: &Path, settings: &Settings) -> Result<Script, String> {
        Script::open_kept(path, settings, None)
    }

    /// The same; a source that `keeper` has made ready is not compiled again.
    ///
    /// # Errors
    /// The report for the operator.
    pub fn open_kept(path: &Path, settings: &Settings, keeper: Option<&mut dyn Keeper>) -> Result<Script, String> {
        let name = path.to_string_lossy();
        let bytes = std::fs::read(path).map_err(|error| format!("{name}: {error}"))?;
        if bytes.starts_with(Envelope::MAGIC) {
            return Script::of_image_bytes(&name, &bytes, settings);
        }
        let text = String::from_utf8(bytes).map_err(|_| format!("{name}: neither an image nor UTF-8 text"))?;
        let Some(keeper) = keeper else { return Script::compile(&name, text, settings, &mut FsLoader) };
        let key = Key::new(keeper.build(), &name, &text, settings);
        if let Some(bytes) = keeper.find(&key) {
            let kept = kept::read(&key, &bytes)
                .and_then(|(image, sources)| Script::of_image(name.to_string(), Arc::new(image), settings, sources));
            match kept {
                Ok(script) => {
                    keeper.used(&key);
                    return Ok(script);
                }
                Err(why) => keeper.refused(&key, &why),
            }
        }
        let script = Script::compile(&name, text, settings, &mut FsLoader)?;
        keeper.keep(&key, script.to_bytes().map(|image| kept::write(&key, &script.sources, &image)));
        Ok(script)
    }

    /// Makes a script of the bytes of an image ready.
    ///
    /// # Errors
    /// The report for the operator.
    pub fn of_image_bytes(name: &str, bytes: &[u8], settings: &Settings) -> Result<Script, String> {
        let envelope = Envelope::open(bytes).map_err(|error| format!("{name}: {error}"))?;
        let image = envelope.image(&EMBEDDING).map_err(|error| format!("{name}: {error}"))?;
        if !settings.env.is_empty() {
            return Err(format!(
                "{name}: an image carries its own environment: build it again with the source to change env"
            ));
        }
        Script::of_image(name.to_owned(), Arc::new(image), settings, Sources::of_image(&envelope))
    }

    /// Makes a script of text ready; it imports nothing.
    ///
    /// # Errors
    /// The report for the operator.
    pub fn of_text(name: &str, text: &str, settings: &Settings) -> Result<Script, String> {
        Script::compile(name, text.to_owned(), settings, &mut NoLoader)
    }

    /// Compiles, boots and seals.
    ///
    /// # Errors
    /// The report for the operator.
    pub fn compile(name: &str, text: String, settings: &Settings, loader: &mut dyn Loader) -> Result<Script, String> {
        let mut loader = Recorder::new(&text, loader);
        let source = |text: String| SourceFile { name: name.to_owned(), text };
        let mut compiled = compile::compile_measured(source(text.clone()), &Options::default(), &mut loader)
            .map_err(|errors| errors.to_string())?;
        if is_seed_form(&compiled.module) {
            // The seed's handler is a plain function of the top level: exporting it keeps it reachable. At the end of the
            // text, so that no position moves.
            let map = source_map::comment_of(&text).unwrap_or_default();
            let text = text + SEED_EXPORT + &map;
            if let Ok(exported) = compile::compile_measured(source(text), &Options::default(), &mut loader) {
                compiled = Compiled { warnings: compiled.warnings, ..exported };
            }
        }
        let Compiled { module, statistics, warnings } = compiled;
        warnings.iter().for_each(|warning| LogConsole::new(name).line("warn", warning));
        let image = seal(name, Arc::new(module), settings).map_err(|error| format!("{name}: {error}"))?;
        let script = Script::of_image(name.to_owned(), Arc::new(image), settings, loader.finish())?;
        Ok(Script { compiled: Some(statistics), ..script })
    }

    /// Whether [`Script::open`] of this file would make the same script again: neither it nor an import changed.
    pub fn is_current(&self, path: &Path) -> bool {
        self.sources.are_unchanged(path)
    }

    fn of_image(name: String, image: Arc<Image>, settings: &Settings, sources: Sources) -> Result<Script, String> {
        static KEYS: AtomicU64 = AtomicU64::new(1);
        let mut runtime =
            Runtime::from_image(&image, &settings.limits).map_err(|error| format!("{name}: no memory: {error}"))?;
        let hooks = host::hooks(runtime.handle());
        if !hooks.any() {
            return Err(format!(
                "{name}: the script exports no handler and no hook; write `export default {{ fetch(request) {{ … }} }}`, \
                 `export default function (request) {{ … }}`, `function handler(request) {{ … }}`, or export onRequest, \
                 onResponse or onLog"
            ));
        }
        let key = KEYS.fetch_add(1, Ordering::Relaxed);
        let Settings { limits, caps, subrequests, concurrent_subrequests, .. } = settings.clone();
        let counters = Counters::of(&name);
        let turns = settings.concurrency.map(|most| Arc::new(Semaphore::new(most as usize)));
        let tally = Tally::of(&name);
        Ok(Script {
            key,
            name,
            image,
            limits,
            caps,
            subrequests,
            concurrent_subrequests,
            turns,
            breaker: Breaker::default(),
            hooks,
            counters,
            tally,
            compiled: None,
            sources,
        })
    }

    /// The image as bytes for a file.
    ///
    /// # Errors
    /// The compiler made bytecode that the verifier refuses: an engine error.
    pub fn to_bytes(&self) -> Result<Vec<u8>, String> {
        self.image
            .to_bytes()
            .map_err(|why| format!("{}: the bytecode is not valid: {why}: please report this script", self.name))
    }
}

/// Boots a module, finds its hooks, and seals the heap.
fn seal(name: &str, module: Arc<Module>, settings: &Settings) -> Result<Image, String> {
    let limits = Limits { cpu: Some(settings.boot), ..settings.limits.clone() };
    let mut runtime = Runtime::boot(&EMBEDDING, Arc::clone(&module), &limits, true)
        .map_err(|error| format!("no runtime: {error:?}"))?;
    *runtime.handle().host().console.borrow_mut() = Box::new(LogConsole::new(name));
    let booted = runtime.enter(|rt| {
        let env = settings.env.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let env = context::frozen_env(rt, env)?;
        host::set_slot(rt, slots::ENV, Value::object(env));
        link::link(rt, &module)?;
        link::run_bodies(rt, &module)?;
        host::discover(rt, &module)
    });
    booted.map_err(|fault| match fault.kind {
        FaultKind::Terminated(Termination::Cpu) => {
            format!("the top level took more than {:?} of CPU time (limits.boot)", settings.boot)
        }
        _ => fault.to_string(),
    })?;
    runtime.seal(&EMBEDDING, &settings.limits).map_err(|error| error.to_string())
}

/// What makes the seed's handler visible.
const SEED_EXPORT: &str = "\n;export { handler };";

/// Whether the entry exports no handler but has a function of this name.
fn is_seed_form(module: &Module) -> bool {
    let Some(entry) = module.units.last() else { return false };
    let text = |id: u32| module.strings.get(id as usize).map(JsStr::to_text).unwrap_or_default();
    let exported = entry.exports.iter().any(|(name, _)| matches!(text(*name).as_str(), "default" | "handler"));
    let unit = module.units.len() as u32 - 1;
    !exported && module.functions.iter().any(|f| f.unit == unit && text(f.name) == "handler")
}

/// What scripts print goes to standard error, with the script's name.
pub struct LogConsole {
    name: String,
}

impl LogConsole {
    /// The console of a script.
    pub fn new(name: &str) -> LogConsole {
        let name = Path::new(name).file_name().map_or(name.into(), |name| name.to_string_lossy());
        LogConsole { name: name.into_owned() }
    }
}

impl ConsoleSink for LogConsole {
    fn line(&mut self, level: &str, text: &str) {
        use std::io::Write;
        // A closed standard error is not the script's error.
        let _ = writeln!(std::io::stderr().lock(), "{} {level}: {text}", self.name);
    }
}
