//! `lockgate explain`: what holds, written out. Nothing is started.
use super::{Exit, ExplainArgs};

/// Prints the configuration with every default in its place.
pub fn explain(args: &ExplainArgs) -> Result<(), Exit> {
    let config = lockgate_conf::load(&args.file).map_err(|report| Exit::refused(report.to_string()))?;
    print!("{}", lockgate_conf::explain(&config));
    Ok(())
}
