//! The built-in demo: what `lockgate` runs without a configuration.
use crate::script;
use lockgate_conf::model::Config;

/// Printed when the demo is up.
pub const TO_TRY: &str = "\
try:
  curl http://127.0.0.1:8080/                     a page rendered on the server
  curl http://127.0.0.1:8080/api/health
  curl -d hello http://127.0.0.1:8080/api/echo
  curl http://127.0.0.1:8080/api/greet/J%C3%BCrgen
  curl -i http://127.0.0.1:8080/origin/           an origin behind a request filter and a response filter";

/// The demo's configuration.
///
/// # Errors
/// Its scripts cannot run.
pub fn config() -> Result<Config, String> {
    Err(format!("the built-in demo is made of scripts: {}", script::MISSING))
}
