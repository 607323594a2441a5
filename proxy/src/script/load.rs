//! The scripts of a configuration, made ready.
use super::ScriptId;
use super::image_cache::ImageCache;
use crate::builtin;
use lockgate_conf::model::{self, Action, Config, Filter};
use lockgate_engine::heap::space::HeapMode;
use lockgate_engine::limits::{Isolation, Limits};
use lockgate_filters::host::Convention;
use lockgate_filters::kept::Keeper;
use lockgate_filters::pool;
use lockgate_filters::script::{Caps, Script, Settings};
use lockgate_filters::tally::Tally;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The scripts of a configuration, compiled, booted and sealed.
#[derive(Debug, Default)]
pub struct Scripts {
    all: Vec<Arc<Script>>,
    loaded: Loaded,
    warm: usize,
}

/// Where the scripts of a configuration came from, but for those that were taken over.
#[derive(Debug, Default, Clone, Copy)]
pub struct Loaded {
    /// Compiled, or read from an image file.
    pub made: u64,
    /// Found in the image cache.
    pub cache_hits: u64,
    /// Looked for there, and compiled.
    pub cache_misses: u64,
}

impl Scripts {
    /// Compiles and seals every script of `config`, but for those that the configuration before has just so. Blocks; runs
    /// off the workers' threads.
    ///
    /// # Errors
    /// A report for each script that is refused.
    pub fn load(config: &Config, before: Option<(&Config, &Scripts)>) -> Result<Self, Vec<String>> {
        let mut all = Vec::new();
        let mut loaded = Loaded::default();
        let mut cache = config.image_cache.as_deref().and_then(ImageCache::open);
        let mut mistakes = Vec::new();
        for script in &config.scripts {
            if let Some(kept) = before.and_then(|(config, scripts)| scripts.unchanged(config, script)) {
                all.push(kept);
                continue;
            }
            match open(script, cache.as_mut()) {
                Ok(script) => all.push(Arc::new(script)),
                Err(report) => mistakes.push(report),
            }
            loaded.made += 1;
        }
        if let Some(cache) = cache {
            cache.finish();
            loaded = Loaded { made: loaded.made - cache.hits, cache_hits: cache.hits, cache_misses: cache.misses };
        }
        if mistakes.is_empty() {
            mistakes = misused(config, &all);
        }
        if mistakes.is_empty() { Ok(Self { all, loaded, warm: config.runtimes.warm }) } else { Err(mistakes) }
    }

    /// The script that was made of these sources and settings; `config` is what these scripts were loaded for.
    fn unchanged(&self, config: &Config, script: &model::Script) -> Option<Arc<Script>> {
        let at = config.scripts.iter().position(|known| known == script)?;
        let known = self.all.get(at)?;
        (builtin::is_one(&script.path) || known.is_current(&script.path)).then(|| Arc::clone(known))
    }

    /// Where they came from.
    pub fn loaded(&self) -> Loaded {
        self.loaded
    }

    /// A script by its number.
    pub fn get(&self, script: ScriptId) -> Option<&Arc<Script>> {
        self.all.get(script)
    }

    /// What each of them costs, by name: scripts of one file in several settings are counted together.
    pub fn tallies(&self) -> impl Iterator<Item = &Arc<Tally>> {
        self.all.iter().map(|script| (script.name.as_str(), &script.tally)).collect::<BTreeMap<_, _>>().into_values()
    }

    /// Keeps runtimes ready on this worker's thread: its part of `runtimes.warm` for each script.
    pub fn warm(&self, workers: usize) {
        pool::warm(&self.all, self.warm.div_ceil(workers.max(1)));
    }
}

fn open(script: &model::Script, cache: Option<&mut ImageCache>) -> Result<Script, String> {
    let (name, settings) = (script.path.to_string_lossy(), settings(script));
    if let Some(image) = builtin::image(&script.path) {
        return Script::of_image_bytes(&name, &image?, &settings);
    }
    match builtin::source(&script.path) {
        Some(text) => Script::of_text(&name, text, &settings),
        None => Script::open_kept(&script.path, &settings, cache.map(|cache| cache as &mut dyn Keeper)),
    }
}

/// What the host is told of a script.
pub fn settings(script: &model::Script) -> Settings {
    let limits = &script.limits;
    Settings {
        env: script.env.clone(),
        limits: Limits {
            heap: u32::try_from(limits.heap).unwrap_or(u32::MAX),
            stack: u32::try_from(limits.stack).unwrap_or(u32::MAX),
            cpu: limits.cpu,
            heap_mode: match script.heap {
                model::HeapMode::Arena => HeapMode::Arena,
                model::HeapMode::Hybrid => HeapMode::Hybrid,
            },
            isolation: match script.isolation {
                model::Isolation::Request => Isolation::Request,
                model::Isolation::Worker => Isolation::Worker,
            },
            gc_stress: false,
            fuel: None,
        },
        subrequests: limits.subrequests,
        concurrent_subrequests: limits.concurrent_subrequests,
        boot: limits.boot,
        concurrency: script.concurrency,
        caps: Caps { bytes: limits.retained, shapes: limits.retained_shapes, names: limits.retained_names },
    }
}

/// Scripts that lack what their place asks of them.
fn misused(config: &Config, scripts: &[Arc<Script>]) -> Vec<String> {
    let mut mistakes = Vec::new();
    for route in &config.routes {
        if let Action::Handler(id) = route.action
            && let Some(script) = scripts.get(id).filter(|script| script.hooks.handler == Convention::None)
        {
            mistakes.push(format!(
                "route '{}': {} has no handler; write `export default {{ fetch(request) {{ … }} }}`",
                route.name, script.name
            ));
        }
        for filter in &route.filters {
            if let Filter::Script(id) = filter
                && let Some(script) = scripts.get(*id)
                && !(script.hooks.on_request || script.hooks.on_response || script.hooks.on_log)
            {
                mistakes.push(format!(
                    "route '{}': {} is no filter; export onRequest, onResponse or onLog",
                    route.name, script.name
                ));
            }
        }
    }
    mistakes
}
