//! What scripts cost: on `/metrics` and in `lockgate stats`.
use crate::harness::{Dir, Gateway, binary, free_port};
use std::process::{Command, Output};

const COMPUTES: &str = "export default { async fetch(request, env, ctx) {
  const end = Date.now() + 30;
  while (Date.now() < end);
  await new Promise(resolve => setTimeout(resolve, 60));
  return new Response('computed'); } }";
const ANSWERS: &str = "export default () => new Response('x'.repeat(1000))";
const THROWS: &str = "export default () => { throw new Error('on purpose'); }";
const FILTERS: &str = "export function onRequest(request) { request.headers.set('a', 'b'); }
export function onResponse(response) { response.headers.set('a', 'b'); }
export function onLog() {}";
const ROUTES: &str = "workers: 2
runtimes: { max: 100, warm: 2 }
routes:
  - { match: { path: /computes }, handler: computes.js, filters: [{ script: filters.js }] }
  - { match: { path: /answers }, handler: answers.js }
  - { match: { path: /throws }, handler: throws.js }";

fn gateway() -> Gateway {
    let dir = Dir::new();
    for (name, text) in
        [("computes.js", COMPUTES), ("answers.js", ANSWERS), ("throws.js", THROWS), ("filters.js", FILTERS)]
    {
        dir.write(name, text);
    }
    Gateway::start_in(dir, ROUTES)
}

/// Asks for what each script can do; `times` answers.
fn use_it(gateway: &Gateway, times: usize) {
    assert_eq!(gateway.get("/computes").text(), "computed");
    assert_eq!(gateway.get("/throws").status, 500);
    let mut client = gateway.client();
    for _ in 0..times {
        assert_eq!(client.request("GET", "/answers", &[], "").status, 200);
    }
    gateway.expect_metric("lockgate_runtimes_in_use", 0.0);
}

#[test]
fn each_script_has_its_costs() {
    let gateway = gateway();
    use_it(&gateway, 20);
    let value = |name: &str, file: &str, further: &str| gateway.metric(&gateway.script_series(name, file, further));
    for (file, hook, calls) in [
        ("computes.js", "handler", 1.0),
        ("answers.js", "handler", 20.0),
        ("throws.js", "handler", 1.0),
        ("filters.js", "handler", 0.0),
        ("filters.js", "onRequest", 1.0),
        ("filters.js", "onResponse", 1.0),
        ("filters.js", "onLog", 1.0),
    ] {
        let seen = value("calls_total", file, &format!(",hook=\"{hook}\""));
        assert_eq!(seen, calls, "{hook} of {file}");
    }
    // It computes for 30 ms by a clock of whole milliseconds, in slices, of which a busy machine may give it few; and waits
    // for 60 ms more.
    let (cpu, wall) = (value("cpu_seconds_total", "computes.js", ""), value("wall_seconds_total", "computes.js", ""));
    assert!(cpu > 0.0 && wall >= 0.085 && wall >= cpu + 0.05, "{cpu} s of CPU in {wall} s");
    assert!(value("longest_seconds", "computes.js", "") > 0.0);
    assert!(value("slices_total", "computes.js", "") >= 1.0);
    let (bytes, cheap) =
        (value("allocated_bytes_total", "answers.js", ""), value("cpu_seconds_total", "answers.js", ""));
    assert!((20.0 * 1000.0..20.0 * 10_000.0).contains(&bytes), "{bytes} bytes");
    assert!(cheap > 0.0 && value("longest_seconds", "answers.js", "") <= cheap);
    assert_eq!(value("faults_total", "throws.js", ",reason=\"threw\""), 1.0);
    assert_eq!(value("faults_total", "throws.js", ",reason=\"memory\""), 0.0);
    assert_eq!(value("faults_total", "answers.js", ",reason=\"threw\""), 0.0);
}

#[test]
fn a_reload_keeps_the_counts_of_a_name_and_forgets_names_that_are_gone() {
    let gateway = gateway();
    use_it(&gateway, 3);
    let calls = gateway.script_series("calls_total", "answers.js", ",hook=\"handler\"");
    assert_eq!(gateway.metric(&calls), 3.0);
    gateway.dir.write("answers.js", "export default () => new Response('another')");
    gateway.reload("workers: 2\nroutes: [{ match: { path: /answers }, handler: answers.js }]");
    assert_eq!(gateway.get("/answers").text(), "another");
    gateway.expect_metric(&calls, 4.0);
    let metrics = gateway.metrics();
    for gone in ["computes.js", "throws.js", "filters.js"] {
        assert!(!metrics.contains(gone), "{gone} in {metrics}");
    }
}

#[test]
fn a_request_that_waits_in_line_counts() {
    let dir = Dir::new();
    dir.write(
        "slow.js",
        "export default () => new Promise(resolve => setTimeout(() => resolve(new Response('slow')), 300))",
    );
    let gateway = Gateway::start_in(
        dir,
        "runtimes: { max: 1, queue_timeout: 20s }\nworkers: 1\nroutes: [{ match: { path: /slow }, handler: slow.js }]",
    );
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| assert_eq!(gateway.get("/slow").text(), "slow"));
        }
    });
    let waits = gateway.metric(&gateway.script_series("waits_total", "slow.js", ""));
    let time = gateway.metric(&gateway.script_series("wait_seconds_total", "slow.js", ""));
    assert!(waits >= 1.0 && time > 0.0, "{waits} waits of {time} s");
    assert_eq!(waits, gateway.metric("lockgate_runtimes_exhausted_total"));
}

fn stats(arguments: &[&str], directory: &Dir) -> Output {
    Command::new(binary()).arg("stats").args(arguments).current_dir(directory.path()).output().unwrap()
}

#[test]
fn stats_of_a_running_gateway() {
    let gateway = gateway();
    use_it(&gateway, 5);
    gateway.expect_metric("lockgate_request_seconds_count{route=\"/answers\"}", 5.0);
    let elsewhere = Dir::new();
    let named = stats(&["--admin", &gateway.admin.to_string()], &elsewhere);
    let text = String::from_utf8(named.stdout).unwrap();
    assert!(named.status.success() && named.stderr.is_empty(), "{text}");
    // The columns of a script's row, from its calls on.
    let row = |of: &str| -> Vec<String> {
        let line = text.lines().find(|line| line.contains(of)).unwrap_or_else(|| panic!("{of} in {text}"));
        line.split_whitespace().skip(1).map(str::to_owned).collect()
    };
    assert_eq!(row("answers.js")[0], "5");
    assert_eq!(row("throws.js").last().unwrap(), "threw=1");
    assert_eq!(row("/answers ")[..3], ["5", "0", "5"]);
    let pool = text.lines().last().unwrap();
    let expected = ["pool: in_use=0/100 live=", " exhausted=0 avg_wait_us=0 max_exec_us="];
    assert!(expected.iter().all(|part| pool.contains(part)), "{pool}");
    // Beside its configuration it needs no address.
    let beside = stats(&[], &gateway.dir);
    assert!(beside.status.success() && String::from_utf8(beside.stdout).unwrap().contains("answers.js"));
}

#[test]
fn stats_of_nothing_says_why() {
    let dir = Dir::new();
    let refused = stats(&["--admin", &format!("127.0.0.1:{}", free_port())], &dir);
    let text = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(text.contains("Connection refused"), "{text}");
    let unnamed = stats(&[], &dir);
    assert_eq!(unnamed.status.code(), Some(1));
    assert!(String::from_utf8(unnamed.stderr).unwrap().contains("--admin 127.0.0.1:9090"));
    // Something else that speaks HTTP.
    let gateway = gateway();
    let wrong = stats(&["--admin", &gateway.address.to_string()], &dir);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("404"));
}
