//! `lockgate build` and `lockgate exec`: scripts without the gateway.
use super::{BuildArgs, ExecArgs, Exit};
use crate::script;

/// Writes an image.
pub fn build(args: &BuildArgs) -> Result<(), Exit> {
    let _ = args;
    Err(Exit::refused(script::MISSING))
}

/// Runs a script.
pub fn exec(args: &ExecArgs) -> Result<(), Exit> {
    let _ = args;
    Err(Exit::refused(script::MISSING))
}
