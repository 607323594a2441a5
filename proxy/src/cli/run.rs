//! `lockgate run`: the gateway of a configuration file, or the demo.
use super::{Exit, RunArgs, demo};
use crate::reload::Load;
use crate::server::Server;
use lockgate_conf::model::Config;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The configuration that is run when none is named.
const DEFAULT_FILE: &str = "lockgate.yaml";

/// Runs the gateway until it is told to end.
pub fn run(args: &RunArgs) -> Result<(), Exit> {
    let default = Path::new(DEFAULT_FILE);
    match args.config.clone().or_else(|| default.exists().then(|| default.to_owned())) {
        Some(file) => {
            let config = lockgate_conf::load(&file).map_err(|report| Exit::refused(report.to_string()))?;
            serve(config, &file.display().to_string(), Some(reload(file)), None)
        }
        None => {
            eprintln!("lockgate: no --config and no ./{DEFAULT_FILE}: running the built-in demo");
            serve(demo::config().map_err(Exit::refused)?, "the built-in demo", None, Some(demo::to_try))
        }
    }
}

/// What to try, given an address.
pub type ToTry = fn(SocketAddr) -> String;

/// Starts a gateway, says where it is, and runs it.
pub fn serve(config: Config, source: &str, load: Option<Load>, to_try: Option<ToTry>) -> Result<(), Exit> {
    let server = Server::start(config).map_err(|report| Exit::refused(format!("lockgate: {source}: {report}")))?;
    for address in server.addresses() {
        eprintln!("lockgate: {source} on http://{address}");
    }
    if let Some(address) = server.admin_address() {
        eprintln!("lockgate: metrics on http://{address}/metrics");
    }
    if let (Some(to_try), Some(address)) = (to_try, server.addresses().first()) {
        eprintln!("{}", to_try(*address));
    }
    server.run(load);
    Ok(())
}

fn reload(file: PathBuf) -> Load {
    Arc::new(move || lockgate_conf::load(&file).map_err(|report| report.to_string()))
}
