//! From nodes to the model: every setting is held against its row, names are resolved, and every mistake is noted while
//! the check goes on. A file per noun; [`read`] knows the kinds of values, the others know what settings mean together.
mod files;
mod gateway;
mod headers;
mod host;
mod limits;
mod overlap;
mod path;
mod read;
mod route;
mod script;
mod section;
mod server;
mod upstream;

use std::path::{Path, PathBuf};

pub(crate) use limits::{ScriptSettings, Use};

use crate::model::Config;
use crate::node::Node;
use crate::problem::Problem;
use crate::report::{MAX_KEPT, Mistake, Place};
use crate::yaml::Tree;

/// Checks a whole tree.
pub(crate) fn config(tree: &Tree, base_dir: &Path) -> Result<Config, Vec<Mistake>> {
    let mut check = Check::new(base_dir);
    for mistake in &tree.mistakes {
        check.note(mistake.clone());
    }
    let Some(root) = &tree.root else {
        check.note(Mistake::whole_file("is empty").hint(format!("the smallest configuration is:\n{SMALLEST}")));
        return Err(check.mistakes);
    };
    let config = gateway::read(&mut check, root);
    match config {
        Some(config) if check.mistakes.is_empty() => Ok(config),
        _ => Err(check.mistakes),
    }
}

/// Shown to someone who has nothing yet.
const SMALLEST: &str = "\
version: 1
listeners: [{ address: 127.0.0.1:8080 }]
routes: [{ match: { path: /* }, handler: hello.ts }]";

/// The state of one check.
pub(crate) struct Check {
    base_dir: PathBuf,
    mistakes: Vec<Mistake>,
}

impl Check {
    fn new(base_dir: &Path) -> Self {
        let here = if base_dir.as_os_str().is_empty() { Path::new(".") } else { base_dir };
        // Fails only when the current directory is gone; then the relative path is as good.
        let base_dir = std::path::absolute(here).unwrap_or_else(|_| here.to_owned());
        Self { base_dir, mistakes: Vec::new() }
    }

    /// Notes a mistake; the check goes on.
    fn note(&mut self, mistake: Mistake) {
        if !self.is_full() {
            self.mistakes.push(mistake);
        }
    }

    /// Whether further mistakes are dropped, so that looking for their hints is wasted.
    fn is_full(&self) -> bool {
        self.mistakes.len() >= MAX_KEPT
    }

    fn note_problem(&mut self, place: Place, setting: &str, problem: Problem, allowed: String) {
        self.note(Mistake::at(place, setting, problem.message).maybe_hint(problem.hint).allowed(allowed));
    }

    /// `value` if it is none of the mistakes.
    fn ok<T>(&mut self, node: &Node, setting: &str, value: Result<T, Problem>, allowed: &str) -> Option<T> {
        value.map_err(|problem| self.note_problem(node.place, setting, problem, allowed.to_owned())).ok()
    }
}
