//! Routes that answer the same requests: same host, same shape of path, a method in common.
use std::collections::HashMap;

use crate::check::Check;
use crate::model::{HostPattern, PathPattern, Segment};
use crate::report::{Mistake, Place};

/// The routes seen so far, by what they answer.
#[derive(Default)]
pub(crate) struct Claims {
    by_shape: HashMap<String, Shape>,
}

/// The claims on one host and shape of path.
#[derive(Default)]
struct Shape {
    /// The first route for all methods.
    all: Option<Claim>,
    /// The first route of any kind.
    any: Option<Claim>,
    /// The first route of each method.
    methods: HashMap<String, Claim>,
}

#[derive(Clone)]
struct Claim {
    path: String,
    line: u32,
}

impl Claims {
    /// Notes a mistake if an earlier route answers some of the same requests.
    pub(crate) fn claim(
        &mut self,
        check: &mut Check,
        place: Place,
        setting: &str,
        written: &str,
        (host, path, methods): (Option<&HostPattern>, &PathPattern, &[String]),
    ) {
        let shape = self.by_shape.entry(shape(host, path)).or_default();
        let claim = Claim { path: written.to_owned(), line: place.line };
        let earlier = match methods {
            [] => shape.any.clone(),
            _ => shape.all.clone().or_else(|| methods.iter().find_map(|method| shape.methods.get(method).cloned())),
        };
        if let Some(earlier) = earlier {
            let has_all = shape.all.as_ref().is_some_and(|all| all.line == earlier.line);
            let is_theirs =
                |method: &&String| shape.methods.get(*method).is_some_and(|theirs| theirs.line == earlier.line);
            let shared: Vec<&str> = methods.iter().filter(is_theirs).map(String::as_str).collect();
            let shared = if has_all { " for all methods".to_owned() } else { format!(" for {}", shared.join(", ")) };
            check.note(mistake(&claim, &earlier, place, setting, if methods.is_empty() { "" } else { &shared }));
        }
        shape.any.get_or_insert_with(|| claim.clone());
        if methods.is_empty() {
            shape.all.get_or_insert_with(|| claim.clone());
        }
        for method in methods {
            shape.methods.entry(method.clone()).or_insert_with(|| claim.clone());
        }
    }
}

fn mistake(claim: &Claim, earlier: &Claim, place: Place, setting: &str, shared: &str) -> Mistake {
    let Claim { path, line } = earlier;
    let message = if *path == claim.path {
        format!("route '{path}' is already declared at line {line}{shared}")
    } else {
        format!("route '{}' answers the same requests as '{path}' at line {line}{shared}", claim.path)
    };
    Mistake::at(place, setting, message).hint("remove one, or give them different hosts, paths or methods")
}

/// Host and path without the names of parameters: what two routes have in common when neither comes before the other.
fn shape(host: Option<&HostPattern>, path: &PathPattern) -> String {
    let mut shape = match host {
        None => String::new(),
        Some(HostPattern::Exact(host)) => host.clone(),
        Some(HostPattern::Suffix(suffix)) => format!("*{suffix}"),
    };
    match path {
        PathPattern::Exact(path) => shape.push_str(path),
        PathPattern::Prefix(path) => {
            shape.push_str(path);
            shape.push('*');
        }
        PathPattern::Params { segments, tail } => {
            for segment in segments {
                shape.push('/');
                // A literal can hold no '{': the two cannot be confused.
                shape.push_str(match segment {
                    Segment::Literal(literal) => literal,
                    Segment::Param(_) => "{}",
                });
            }
            shape.push_str(if *tail { "/*" } else { "" });
        }
    }
    shape
}
