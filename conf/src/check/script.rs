//! Scripts of handlers and filters: file, environment, limits; the same script in the same settings is one.
use std::collections::{BTreeMap, HashMap};

use crate::check::Check;
use crate::check::limits::{ScriptSettings, Use};
use crate::check::read::Text;
use crate::check::section::Fields;
use crate::model::Script;
use crate::problem::Problem;
use crate::settings::Format;
use crate::units::shorten;

/// Longest value of `env`, in bytes: it is sealed into every image.
const MAX_ENV_VALUE: usize = 64 << 10;

/// The distinct scripts of a file.
pub(crate) struct Scripts {
    defaults: ScriptSettings,
    scripts: Vec<Script>,
    index: HashMap<Script, usize>,
}

impl Scripts {
    pub(crate) fn new(defaults: ScriptSettings) -> Self {
        Self { defaults, scripts: Vec::new(), index: HashMap::new() }
    }

    pub(crate) fn into_vec(self) -> Vec<Script> {
        self.scripts
    }

    /// Reads a section with `script`, `env` and script settings; its index if all is right.
    pub(crate) fn read(&mut self, check: &mut Check, fields: &Fields<'_>, used_as: Use) -> Option<usize> {
        let text = check.text(fields, "script");
        let path = text.and_then(|text| check.script_file(&text));
        let env = env(check, fields);
        let settings = self.defaults.clone().refined(check, fields);
        Some(self.add(Script {
            path: path?,
            env,
            isolation: settings.isolation(),
            heap: settings.heap_mode(),
            concurrency: settings.concurrency(),
            limits: settings.limits(used_as),
        }))
    }

    /// The short form: only a file.
    pub(crate) fn read_short(&mut self, check: &mut Check, text: &Text<'_>, used_as: Use) -> Option<usize> {
        let path = check.script_file(text)?;
        let settings = &self.defaults;
        let (isolation, heap, limits) = (settings.isolation(), settings.heap_mode(), settings.limits(used_as));
        let concurrency = settings.concurrency();
        Some(self.add(Script { path, env: BTreeMap::new(), isolation, heap, concurrency, limits }))
    }

    fn add(&mut self, script: Script) -> usize {
        *self.index.entry(script).or_insert_with_key(|script| {
            self.scripts.push(script.clone());
            self.scripts.len() - 1
        })
    }
}

fn env(check: &mut Check, fields: &Fields<'_>) -> BTreeMap<String, String> {
    let mut env = BTreeMap::new();
    for (entry, text) in check.text_map(fields, "env").unwrap_or_default() {
        if let Err(problem) = env_name(&entry.key) {
            check.note_problem(entry.key_place, &text.setting, problem, Format::EnvName.allowed().to_owned());
        } else if text.text.len() > MAX_ENV_VALUE {
            let problem = Problem::new(format!("the value of '{}' is longer than 64 KiB", entry.key))
                .hint("import large texts from a module beside the script");
            check.note_problem(text.node.place, &text.setting, problem, Format::EnvValue.allowed().to_owned());
        } else {
            env.insert(entry.key.to_string(), text.text.to_owned());
        }
    }
    env
}

fn env_name(name: &str) -> Result<(), Problem> {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    if name.is_empty() || name.len() > 256 || !name.bytes().all(known) {
        return Err(Problem::new(format!("'{}' is not a name for an environment value", shorten(name))));
    }
    Ok(())
}
