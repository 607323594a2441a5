//! `slow_log`: one line for a script that computed for long, with its stack.
use crate::harness::{Dir, Gateway};

/// Computes for as many turns as it is asked, two calls deep.
const SLOW: &str = "function inner(end) {
  let n = 0;
  while (n < end) n++;
  return n;
}
function outer(n) { return inner(n); }
export default { fetch(request) { return new Response(String(outer(Number(new URL(request.url).searchParams.get('n'))))); } };
";
const ROUTE: &str = "routes: [{ match: { path: /slow }, handler: { script: slow.js, limits: { cpu: 30s } } }]";

fn slow_lines(gateway: &Gateway) -> Vec<String> {
    gateway.stderr().lines().filter(|line| line.starts_with("lockgate: slow: ")).map(str::to_owned).collect()
}

/// The value of a key in a line.
fn value<'a>(line: &'a str, key: &str) -> &'a str {
    let (_, rest) = line.split_once(&format!(" {key}=")).unwrap_or_else(|| panic!("no {key} in {line}"));
    match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().unwrap_or_default(),
        None => rest.split(' ').next().unwrap_or_default(),
    }
}

#[test]
fn a_slow_script_is_told_with_its_stack() {
    let dir = Dir::new();
    dir.write("slow.js", SLOW);
    let gateway = Gateway::start_in(dir, &format!("{ROUTE}\nslow_log: 5ms"));
    // As many turns as it takes to be slow on this machine.
    let mut turns = 1_000_000_u64;
    let mut id = String::new();
    gateway.wait_for("a slow request", || {
        let answer = gateway.get(&format!("/slow?n={turns}"));
        assert_eq!(answer.text(), turns.to_string());
        id = answer.header("x-request-id").unwrap().to_owned();
        turns *= 4;
        slow_lines(&gateway).iter().any(|line| line.contains("inner"))
    });
    let lines = slow_lines(&gateway);
    let line = lines.last().unwrap();
    let script = gateway.dir.path().join("slow.js").display().to_string();
    assert_eq!((value(line, "id"), value(line, "route"), value(line, "script")), (&*id, "/slow", &*script));
    assert_eq!(value(line, "hook"), "handler");
    let number = |key| value(line, key).parse::<u64>().unwrap();
    assert!(number("cpu_us") > 5_000 && number("wall_us") >= number("cpu_us"), "{line}");
    let stack = value(line, "stack");
    assert!(stack.starts_with(&format!("inner ({script}:3:")), "{line}");
    let callers = [format!(" < outer ({script}:6:"), format!(" < fetch ({script}:7:")];
    assert!(callers.iter().all(|caller| stack.contains(caller)), "{line}");
}

#[test]
fn a_slow_script_that_fails_is_told_too() {
    let dir = Dir::new();
    dir.write("slow.js", "export default { fetch() { for (;;); } }");
    let route = "routes: [{ match: { path: /slow }, handler: { script: slow.js, limits: { cpu: 30ms } } }]";
    let gateway = Gateway::start_in(dir, &format!("{route}\nslow_log: 10ms"));
    assert_eq!(gateway.get("/slow").status, 504);
    gateway.wait_for("the line", || !slow_lines(&gateway).is_empty());
    assert!(value(&slow_lines(&gateway)[0], "stack").contains("slow.js:1:"));
}

#[test]
fn what_is_not_slow_is_not_told() {
    let dir = Dir::new();
    dir.write("slow.js", SLOW);
    let gateway = Gateway::start_in(dir, ROUTE);
    assert_eq!(gateway.get("/slow?n=3000000").text(), "3000000");
    assert!(slow_lines(&gateway).is_empty(), "{}", gateway.stderr());
    gateway.reload(&format!("{ROUTE}\nslow_log: 10m"));
    assert_eq!(gateway.get("/slow?n=3000000").text(), "3000000");
    assert!(slow_lines(&gateway).is_empty(), "{}", gateway.stderr());
}
