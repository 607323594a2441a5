//! `isolation: worker` through the gateway: state that stays, memory that does not grow.
use crate::harness::{Dir, Gateway};

/// One worker with one runtime, so that every request meets the same state.
fn one_runtime(script: &str, settings: &str) -> Gateway {
    let dir = Dir::new();
    dir.write("handler.js", script);
    let yaml = format!(
        "workers: 1
runtimes: {{ max: 1, warm: 1 }}
routes: [{{ match: {{ path: /* }}, handler: {{ script: handler.js, isolation: worker{settings} }} }}]"
    );
    Gateway::start_in(dir, &yaml)
}

fn retired(gateway: &Gateway, reason: &str) -> f64 {
    let script = gateway.dir.path().join("handler.js");
    gateway.metric(&format!(
        "lockgate_script_runtimes_retired_total{{script=\"{}\",reason=\"{reason}\"}}",
        script.display()
    ))
}

/// Resident memory of the process, in bytes.
fn resident(gateway: &Gateway) -> f64 {
    gateway.metric("lockgate_process_resident_memory_bytes")
}

#[test]
fn a_map_that_is_filled_and_dropped_keeps_memory_flat() {
    let script = "let map = new Map(), n = 0; export default { fetch(request) {
        if (n++ % 2) map.clear(); else map = new Map();
        for (let i = 0; i < 200; i++) map.set(request.url + n + '/' + i, { i, n });
        return new Response(map.size + ' of ' + n); } }";
    for heap in ["arena", "hybrid"] {
        let gateway = one_runtime(script, &format!(", heap: {heap}"));
        let mut client = gateway.client();
        let mut ask = |n: u32| {
            let answer = client.request("GET", &format!("/{n}"), &[], "");
            assert_eq!(answer.text(), format!("200 of {n}"), "{}", gateway.stderr());
        };
        (1..=300).for_each(&mut ask);
        let before = resident(&gateway);
        (301..=2500).for_each(&mut ask);
        let after = resident(&gateway);
        assert!(after < before + 3e6, "{heap}: {before} bytes became {after}");
        assert!(!gateway.stderr().contains("was not as it should be"), "{}", gateway.stderr());
    }
}

#[test]
fn a_large_request_leaves_little_behind() {
    let script = "let kept = [], n = 0; export default { fetch(request) {
        n++; if (new URL(request.url).pathname !== '/large') return new Response(n + ' ' + kept.length);
        const all = []; for (let i = 0; i < 300000; i++) all.push({ i, list: [i] });
        kept.push(all[all.length - 1]); return new Response('large ' + all.length); } }";
    for heap in ["arena", "hybrid"] {
        let gateway = one_runtime(script, &format!(", heap: {heap}, limits: {{ cpu: 20s, heap: 96MiB }}"));
        assert_eq!(gateway.get("/small").text(), "1 0");
        let before = resident(&gateway);
        assert_eq!(gateway.get("/large").text(), "large 300000");
        // Of the more than 50 MB it took; what marking them took stays with the allocator.
        gateway.wait_for("the memory", || resident(&gateway) < before + 16e6);
        assert_eq!(gateway.get("/small").text(), "3 1", "{}", gateway.stderr());
    }
}

#[test]
fn who_keeps_too_much_begins_anew() {
    let script = "const kept = []; export default { fetch(request) {
        kept.push(new Uint8Array(200000)); return new Response(String(kept.length)); } }";
    let gateway = one_runtime(script, ", limits: { retained: 1MiB }");
    let counts: Vec<u32> = (0..20).map(|_| gateway.get("/").text().parse().expect("a count")).collect();
    let most = *counts.iter().max().expect("answers");
    assert!((4..=7).contains(&most) && counts.iter().filter(|&&count| count == 1).count() >= 3, "{counts:?}");
    gateway.wait_for("replaced runtimes", || retired(&gateway, "bytes") >= 2.0);
}

#[test]
fn a_client_that_leaves_takes_the_runtime_along() {
    let script = "let n = 0; export default { async fetch(request) {
        n++; if (new URL(request.url).pathname === '/wait') await new Promise(done => setTimeout(done, 60000));
        return new Response(String(n)); } }";
    let gateway = one_runtime(script, ", limits: { wall: 10m }");
    assert_eq!(gateway.get("/").text(), "1");
    {
        let mut client = gateway.client();
        client.send("GET /wait HTTP/1.1\r\nhost: x\r\n\r\n");
        gateway.expect_metric("lockgate_runtimes_in_use", 1.0);
    }
    gateway.expect_metric("lockgate_runtimes_in_use", 0.0);
    assert_eq!(gateway.get("/").text(), "1");
    gateway.wait_for("a replaced runtime", || retired(&gateway, "unfinished") == 1.0);
}
