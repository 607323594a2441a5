//! Scripts that are not files: those of the demo, and the code of `serve -e`.
use std::path::Path;
use std::sync::OnceLock;

/// Paths of the demo's scripts begin with this.
pub const PREFIX: &str = "builtin:";
/// Path of the code given on the command line.
pub const EVAL: &str = "builtin:eval.tsx";

const DEMO: &[(&str, &str)] = &[
    ("builtin:page.tsx", include_str!("demo/page.tsx")),
    ("builtin:api.ts", include_str!("demo/api.ts")),
    ("builtin:health.ts", include_str!("demo/health.ts")),
    ("builtin:origin.ts", include_str!("demo/origin.ts")),
    ("builtin:request-filter.ts", include_str!("demo/request-filter.ts")),
    ("builtin:response-filter.ts", include_str!("demo/response-filter.ts")),
];

static CODE: OnceLock<String> = OnceLock::new();

/// Makes code of the command line the text of [`EVAL`].
pub fn set_eval(code: &str) {
    CODE.get_or_init(|| code.to_owned());
}

/// The text of a script that is not a file.
pub fn source(path: &Path) -> Option<&'static str> {
    let path = path.to_str()?;
    if path == EVAL {
        return CODE.get().map(String::as_str);
    }
    DEMO.iter().find(|(name, _)| *name == path).map(|(_, text)| *text)
}
