//! Positions in the files that a script was made of.
use crate::harness::{Dir, Gateway, binary};
use std::process::{Command, Output};

/// `src/page.ts` as a bundler leaves it: its line 12, column 9 is line 2, column 3 here, its line 20, column 5 is line 4, column 3.
const BUNDLE: &str = "export default { fetch(request) {
  if (new URL(request.url).searchParams.has('fail')) throw new TypeError('on purpose');
  const end = Number(new URL(request.url).searchParams.get('n'));
  for (let n = 0; n < end; n++);
  return new Response('done'); } };
";
const MAP: &str = r#"{"version":3,"sources":["../src/page.ts"],"names":[],"mappings":";EAWQ;;EAQJ"}"#;
const ROUTE: &str = "slow_log: 5ms
routes: [{ match: { path: /page }, handler: { script: dist/page.js, limits: { cpu: 30s } } }]";

fn bundle(dir: &Dir, comment: &str, map: &str) {
    dir.write("dist/page.js", format!("{BUNDLE}//# sourceMappingURL={comment}\n"));
    dir.write("dist/page.js.map", map);
}

fn run(dir: &Dir, arguments: &[&str]) -> Output {
    Command::new(binary()).args(arguments).current_dir(dir.path()).output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn errors_and_slow_scripts_are_placed_in_the_original() {
    let dir = Dir::new();
    bundle(&dir, "page.js.map", MAP);
    let gateway = Gateway::start_in(dir, ROUTE);
    assert_eq!(gateway.get("/page?fail").status, 500);
    let original = gateway.dir.path().join("src/page.ts").display().to_string();
    gateway.wait_for("the error", || gateway.stderr().contains(&format!("on purpose ({original}:12:9)")));
    let mut turns = 1_000_000_u64;
    gateway.wait_for("the slow line", || {
        assert_eq!(gateway.get(&format!("/page?n={turns}")).text(), "done");
        turns *= 4;
        gateway.stderr().contains(&format!("fetch ({original}:20:5)"))
    });
    // The map is a part of the script: another map is another script.
    gateway.dir.write("dist/page.js.map", MAP.replace("src/page.ts", "src/other.ts"));
    gateway.reload(ROUTE);
    assert_eq!(gateway.get("/page?fail").status, 500);
    gateway.wait_for("the other name", || gateway.stderr().contains("src/other.ts:12:9)"));
}

#[test]
fn an_image_carries_the_map() {
    let dir = Dir::new();
    bundle(&dir, "page.js.map", MAP);
    let built = run(&dir, &["build", "dist/page.js", "-o", "dist/page.image"]);
    assert!(built.status.success(), "{}", stderr(&built));
    std::fs::remove_file(dir.path().join("dist/page.js.map")).unwrap();
    std::fs::remove_file(dir.path().join("dist/page.js")).unwrap();
    let gateway = Gateway::start_in(dir, "routes: [{ match: { path: /page }, handler: dist/page.image }]");
    assert_eq!(gateway.get("/page?fail").status, 500);
    gateway.wait_for("the error", || gateway.stderr().contains("(src/page.ts:12:9)"));
}

#[test]
fn a_handler_of_the_top_level_keeps_its_map() {
    let dir = Dir::new();
    dir.write("dist/page.js.map", MAP);
    dir.write(
        "dist/page.js",
        "function handler() {\n  throw new Error('on purpose'); }\n//# sourceMappingURL=page.js.map",
    );
    let gateway = Gateway::start_in(dir, "routes: [{ match: { path: /page }, handler: dist/page.js }]");
    assert_eq!(gateway.get("/page").status, 500);
    gateway.wait_for("the error", || gateway.stderr().contains("src/page.ts:12:9)"));
}

#[test]
fn a_broken_map_is_a_warning() {
    let dir = Dir::new();
    bundle(&dir, "page.js.map", "{}");
    let checked = run(&dir, &["check", "dist/page.js"]);
    let warning = "source map 'page.js.map' is not used: JSON parsing error: missing field";
    assert!(checked.status.success() && stderr(&checked).contains(warning), "{}", stderr(&checked));
    bundle(&dir, "gone.map", "");
    let checked = run(&dir, &["check", "dist/page.js"]);
    let warning = "source map 'gone.map' is not used: cannot find './gone.map'";
    assert!(checked.status.success() && stderr(&checked).contains(warning), "{}", stderr(&checked));
    let gateway = Gateway::start_in(dir, "routes: [{ match: { path: /page }, handler: dist/page.js }]");
    assert!(gateway.stderr().contains(warning), "{}", gateway.stderr());
    assert_eq!(gateway.get("/page?fail").status, 500);
    gateway.wait_for("the error", || gateway.stderr().contains("dist/page.js:2:"));
}

#[test]
fn exec_places_errors_in_the_original() {
    let dir = Dir::new();
    dir.write("dist/run.js.map", MAP);
    dir.write("dist/run.js", "let a;\n  throw new Error('on purpose');\n//# sourceMappingURL=run.js.map");
    let ended = run(&dir, &["exec", "dist/run.js"]);
    assert_eq!(ended.status.code(), Some(1));
    assert!(stderr(&ended).contains("src/page.ts:12:9"), "{}", stderr(&ended));
    dir.write("dist/run.js", "print('runs');\n//# sourceMappingURL=https://example.org/run.js.map");
    let warned = run(&dir, &["exec", "dist/run.js"]);
    assert!(warned.status.success() && stderr(&warned).contains("no file beside the script"), "{}", stderr(&warned));
}

#[test]
fn what_compiling_took() {
    let dir = Dir::new();
    dir.write("a.js", "import { b } from './b.js';\nexport default () => new Response(b());");
    dir.write("b.js", "export function b() { return 'b'; }");
    let expected =
        ["source: ", " bytes in 2 files\nbytecode: ", " functions\nparse: ", "\nanalyse: ", "\nlower: ", "\nverify: "];
    let checked = run(&dir, &["check", "--stats", "a.js"]);
    let text = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(checked.status.success() && expected.iter().all(|part| text.contains(part)), "{text}");
    dir.write("c.mjs", "import { b } from './b.js';\nprint(b());");
    let executed = run(&dir, &["exec", "--stats", "c.mjs"]);
    let text = stderr(&executed);
    assert!(executed.status.success() && expected.iter().all(|part| text.contains(part)), "{text}");
}
