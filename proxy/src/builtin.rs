//! Scripts that are not files: those of the demo, the code of `serve -e`, the image in the binary.
use crate::embedded::Binary;
use std::path::Path;
use std::sync::OnceLock;

/// Paths of the demo's scripts begin with this.
pub const PREFIX: &str = "builtin:";
/// Path of the code given on the command line.
pub const EVAL: &str = "builtin:eval.tsx";
/// Path of the image in the binary.
pub const EMBEDDED: &str = "builtin:embedded";

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

/// Whether a script is not a file.
pub fn is_one(path: &Path) -> bool {
    path.to_str().is_some_and(|path| path.starts_with(PREFIX))
}

/// The bytes of the image in the binary, or why there are none.
pub fn image(path: &Path) -> Option<Result<Vec<u8>, String>> {
    let read = || Binary::running().map_err(|error| error.to_string())?.image();
    (path == Path::new(EMBEDDED)).then(|| read().map_err(|why| format!("{EMBEDDED}: {why}")))
}

/// The text of a script that is not a file.
pub fn source(path: &Path) -> Option<&'static str> {
    let path = path.to_str()?;
    if path == EVAL {
        return CODE.get().map(String::as_str);
    }
    DEMO.iter().find(|(name, _)| *name == path).map(|(_, text)| *text)
}
