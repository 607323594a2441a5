//! A script that computes for long shares its worker.
use crate::harness::{Dir, Gateway};

const HOGS: usize = 8;

#[test]
fn endless_loops_delay_neighbours_by_slices_and_end_when_their_clients_leave() {
    let dir = Dir::new();
    dir.write("hog.js", "export default { fetch() { for (;;); } }");
    dir.write("quick.js", "export default { fetch() { return new Response('quick'); } }");
    let gateway = Gateway::start_in(
        dir,
        "workers: 2\nroutes:\n  \
         - { match: { path: /hog }, handler: { script: hog.js, limits: { cpu: 60s, wall: 60s } } }\n  \
         - { match: { path: /quick }, handler: { script: quick.js } }\n",
    );
    let mut hogs = Vec::new();
    for _ in 0..HOGS {
        let mut client = gateway.client();
        client.send("GET /hog HTTP/1.1\r\nhost: test.example\r\n\r\n");
        hogs.push(client);
    }
    gateway.expect_metric("lockgate_runtimes_in_use", HOGS as f64);
    // New connections, so that both workers are asked.
    for _ in 0..40 {
        assert_eq!(gateway.get("/quick").text(), "quick");
    }
    gateway.expect_metric("lockgate_runtimes_in_use", HOGS as f64);
    let slices = gateway.script_series("slices_total", "hog.js", "");
    gateway.wait_for("forty slices", || gateway.metric(&slices) >= 40.0);
    drop(hogs);
    gateway.expect_metric("lockgate_runtimes_in_use", 0.0);
}
