//! Lockgate's configuration: one YAML file, read into spanned nodes, checked row by row, turned into a [`model::Config`].
//!
//! Shape of the public API: text in, either a checked [`model::Config`] or *all* mistakes of the file at once, each with
//! `file:line:col`, what is allowed there and a hint. No I/O but reading the files that the YAML names.
//!
//! The way of a file: [`load`] reads bytes, `source` refuses what is not text, `yaml` turns events into nodes, `check`
//! holds the nodes against the rows of the settings table. The same rows make [`json_schema`] and [`settings_reference`].
#![forbid(unsafe_code)]

mod check;
mod explain;
pub mod model;
mod node;
mod problem;
mod reference;
mod report;
mod rows;
mod schema;
mod settings;
mod source;
mod suggest;
mod syntax;
mod units;
mod yaml;

use std::path::Path;

pub use explain::explain;
pub use reference::settings_reference;
pub use report::{Mistake, Place, Report};
pub use schema::json_schema;

/// Reads and checks the configuration in the file at `path`. Paths inside it are relative to the file's directory.
///
/// # Errors
/// All mistakes of the file, or the reason why it cannot be read.
pub fn load(path: &Path) -> Result<model::Config, Report> {
    let name = path.display().to_string();
    let text = source::read(path, &name)?;
    parse(&text, &name, path.parent().unwrap_or(Path::new("")))
}

/// Checks a configuration in memory. `file_name` is only for reports; paths in the text are relative to `base_dir`,
/// which may itself be relative to the current directory.
///
/// # Errors
/// All mistakes of the text.
///
/// ```
/// let text = "version: 1\nlisteners: [{ address: 127.0.0.1 }]\nroutes: []\n";
/// let report = lockgate_conf::parse(text, "lockgate.yaml", std::path::Path::new(".")).unwrap_err();
/// assert_eq!(report.mistakes().len(), 2);
/// assert!(report.to_string().starts_with("lockgate.yaml:2:24: '127.0.0.1' is not an address to listen on"));
/// ```
pub fn parse(text: &str, file_name: &str, base_dir: &Path) -> Result<model::Config, Report> {
    let source = source::Source::new(text, file_name)?;
    let tree = yaml::read(&source).map_err(|mistake| Report::new(&source, vec![*mistake]))?;
    check::config(&tree, base_dir).map_err(|mistakes| Report::new(&source, mistakes))
}
