//! `lockgate check`: every mistake of a configuration or script, nothing started.
use super::{CheckArgs, Exit, Format, config_file};
use crate::metrics::Metrics;
use crate::script;
use crate::snapshot::Snapshot;
use std::path::Path;

/// Checks a file and reports.
pub fn check(args: &CheckArgs) -> Result<(), Exit> {
    let result = if is_configuration(&args.file) { configuration(&args.file) } else { Err(script::MISSING.to_owned()) };
    let file = args.file.display();
    match (result, args.format) {
        (Ok(summary), Format::Text) => println!("{file}: {summary}"),
        (Ok(_), Format::Json) => println!("{}", serde_json::json!({ "ok": true, "mistakes": [] })),
        (Err(report), Format::Text) => return Err(Exit::refused(report)),
        (Err(report), Format::Json) => {
            println!("{}", serde_json::json!({ "ok": false, "report": report }));
            return Err(Exit::refused(""));
        }
    }
    Ok(())
}

fn is_configuration(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

fn configuration(file: &Path) -> Result<String, String> {
    let config = config_file::load(file)?;
    let snapshot = Snapshot::new(config, 1, &Metrics::new()).map_err(|mistakes| mistakes.join("\n"))?;
    let Snapshot { config, .. } = &*snapshot;
    Ok(format!(
        "ok: {} listeners, {} routes, {} upstreams, {} scripts",
        config.listeners.len(),
        config.routes.len(),
        config.upstreams.len(),
        config.scripts.len()
    ))
}
