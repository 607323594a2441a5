//! `lockgate check`: every mistake of a configuration or script, nothing started.
use super::{CheckArgs, Exit, Format};
use crate::metrics::Metrics;
use crate::snapshot::Snapshot;
use lockgate_filters::host::Convention;
use lockgate_filters::script::{Script, Settings};
use serde_json::{Value, json};
use std::path::Path;

/// A refusal in both forms.
struct Refusal {
    text: String,
    json: Value,
}

impl Refusal {
    /// A mistake that has no place in the file.
    fn plain(file: &Path, messages: &[String]) -> Self {
        let mistakes: Vec<_> = messages.iter().map(|message| json!({ "message": message })).collect();
        Self {
            text: messages.join("\n"),
            json: json!({ "file": file.to_string_lossy(), "mistakes": mistakes, "more": 0 }),
        }
    }
}

/// Checks a file and reports.
pub fn check(args: &CheckArgs) -> Result<(), Exit> {
    let file = &args.file;
    let result = if is_configuration(file) { configuration(file, args.stats) } else { script(file, args.stats) };
    match (result, args.format) {
        (Ok(summary), Format::Text) => println!("{}: {summary}", file.display()),
        (Ok(_), Format::Json) => println!("{}", json!({ "file": file.to_string_lossy(), "mistakes": [], "more": 0 })),
        (Err(refusal), Format::Text) => return Err(Exit::refused(refusal.text)),
        (Err(refusal), Format::Json) => {
            println!("{}", refusal.json);
            return Err(Exit::refused(""));
        }
    }
    Ok(())
}

fn is_configuration(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

fn script(file: &Path, stats: bool) -> Result<String, Refusal> {
    let script = Script::open(file, &Settings::default()).map_err(|report| Refusal::plain(file, &[report]))?;
    let hooks = script.hooks;
    let all = [
        (hooks.handler != Convention::None, "handler"),
        (hooks.on_request, "onRequest"),
        (hooks.on_response, "onResponse"),
        (hooks.on_log, "onLog"),
    ];
    let found: Vec<_> = all.into_iter().filter(|(there, _)| *there).map(|(_, name)| name).collect();
    let measured = if stats { format!("\n{}", measured(&script)?) } else { String::new() };
    Ok(format!("ok: {}{measured}", found.join(", ")))
}

/// What compiling a script took, a line a figure.
fn measured(script: &Script) -> Result<String, Refusal> {
    let Some(statistics) = script.compiled else { return Ok("an image: nothing was compiled".to_owned()) };
    let verified = statistics.verified(script.image.module());
    verified.map(|statistics| statistics.to_string()).map_err(|why| Refusal::plain(Path::new(&script.name), &[why]))
}

fn configuration(file: &Path, stats: bool) -> Result<String, Refusal> {
    let mut config =
        lockgate_conf::load(file).map_err(|report| Refusal { text: report.to_string(), json: report.to_json() })?;
    // Every script is compiled, and nothing is written.
    config.image_cache = None;
    let snapshot =
        Snapshot::new(config, 1, &Metrics::new(), None).map_err(|mistakes| Refusal::plain(file, &mistakes))?;
    let config = &snapshot.config;
    let mut costs = String::new();
    for script in (0..config.scripts.len()).filter_map(|script| snapshot.scripts.get(script)).filter(|_| stats) {
        costs += &format!("\n{}:\n{}", script.name, measured(script)?);
    }
    Ok(format!(
        "ok: {} listeners, {} routes, {} upstreams, {} scripts{costs}",
        config.listeners.len(),
        config.routes.len(),
        config.upstreams.len(),
        config.scripts.len()
    ))
}
