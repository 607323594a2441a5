//! The scripts of a configuration, made ready.
use super::ScriptId;
use lockgate_conf::model::{self, Action, Config, Filter};
use lockgate_engine::limits::Limits;
use lockgate_filters::host::Convention;
use lockgate_filters::pool;
use lockgate_filters::script::{Script, Settings};
use lockgate_filters::tally::Tally;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The scripts of a configuration, compiled, booted and sealed.
#[derive(Debug, Default)]
pub struct Scripts {
    all: Vec<Arc<Script>>,
    /// How many of them were made for this configuration; the others were taken over.
    made: usize,
    warm: usize,
}

impl Scripts {
    /// Compiles and seals every script of `config`, but for those that the configuration before has just so. Blocks; runs
    /// off the workers' threads.
    ///
    /// # Errors
    /// A report for each script that is refused.
    pub fn load(config: &Config, before: Option<(&Config, &Scripts)>) -> Result<Self, Vec<String>> {
        let mut all = Vec::new();
        let mut made = 0;
        let mut mistakes = Vec::new();
        for script in &config.scripts {
            if let Some(kept) = before.and_then(|(config, scripts)| scripts.unchanged(config, script)) {
                all.push(kept);
                continue;
            }
            match open(script) {
                Ok(script) => all.push(Arc::new(script)),
                Err(report) => mistakes.push(report),
            }
            made += 1;
        }
        if mistakes.is_empty() {
            mistakes = misused(config, &all);
        }
        if mistakes.is_empty() { Ok(Self { all, made, warm: config.runtimes.warm }) } else { Err(mistakes) }
    }

    /// The script that was made of these sources and settings; `config` is what these scripts were loaded for.
    fn unchanged(&self, config: &Config, script: &model::Script) -> Option<Arc<Script>> {
        let at = config.scripts.iter().position(|known| known == script)?;
        let known = self.all.get(at)?;
        (crate::builtin::source(&script.path).is_some() || known.is_current(&script.path)).then(|| Arc::clone(known))
    }

    /// How many scripts had to be made, not taken over.
    pub fn made(&self) -> usize {
        self.made
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

fn open(script: &model::Script) -> Result<Script, String> {
    match crate::builtin::source(&script.path) {
        Some(text) => Script::of_text(&script.path.to_string_lossy(), text, &settings(script)),
        None => Script::open(&script.path, &settings(script)),
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
            ..Limits::default()
        },
        subrequests: limits.subrequests,
        concurrent_subrequests: limits.concurrent_subrequests,
        boot: limits.boot,
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
