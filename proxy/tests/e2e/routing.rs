//! Which route answers.
use crate::harness::{Gateway, Origin};

#[test]
fn the_table() {
    let origin = Origin::echo();
    let rows = [
        ("a", "", "/*", ""),
        ("b", "", "/a/*", ""),
        ("c", "", "/a/:x", ""),
        ("d", "", "/a/b", ""),
        ("e", "shop.example", "/a/*", ""),
        ("f", "\"*.example\"", "/a/b", ""),
        ("g", "", "/only", "[GET, PUT]"),
        ("h", "", "/u/:id/*", ""),
    ];
    let routes: Vec<_> = rows
        .iter()
        .map(|(name, host, path, methods)| {
            let host = if host.is_empty() { String::new() } else { format!(", host: {host}") };
            let methods = if methods.is_empty() { String::new() } else { format!(", methods: {methods}") };
            format!(
                "  - {{ match: {{ path: \"{path}\"{host}{methods} }}, upstream: o, \
                 filters: [{{ headers: {{ response: {{ set: {{ x-route: {name} }} }} }} }}] }}"
            )
        })
        .collect();
    let gateway = Gateway::start(&format!(
        "upstreams: {{ o: {{ servers: [\"{}\"] }} }}\nroutes:\n{}",
        origin.address,
        routes.join("\n")
    ));
    let mut client = gateway.client();
    for (host, path, expected) in [
        ("x", "/", "a"),
        ("x", "/a", "a"),
        ("x", "/a/", "b"),
        ("x", "/a/z", "c"),
        ("x", "/a/b", "d"),
        ("x", "/a/%62", "d"),
        ("x", "/q/../a/b", "d"),
        ("x", "/q/%2e%2e/a/b", "d"),
        ("x", "/a%2Fb", "a"),
        ("x", "/a%5Cb", "a"),
        ("x", "/a/b%2Fc", "c"),
        ("x", "/a/b/c", "b"),
        ("x", "/a/b?/a/z", "d"),
        ("SHOP.example:8080", "/a/b", "e"),
        ("www.example", "/a/b", "f"),
        ("www.example", "/a/z", "c"),
        ("x", "/only", "g"),
        ("x", "/u/7/files/x", "h"),
    ] {
        let answer = client.request("GET", path, &[("host", host)], "");
        assert_eq!(answer.header("x-route"), Some(expected), "{host} {path}");
    }
    // A method that the closer route does not take is left to the wider one.
    assert_eq!(client.request("POST", "/only", &[], "").header("x-route"), Some("a"));
    client.send("GET http://shop.example/a/x HTTP/1.1\r\nhost: shop.example\r\n\r\n");
    assert_eq!(client.answer(false).header("x-route"), Some("e"));
}

#[test]
fn no_route_and_no_method() {
    let gateway = Gateway::start("routes: [{ match: { path: \"/x/*\", methods: [GET, PUT] }, static: { dir: . } }]");
    let answer = gateway.get("/y");
    assert_eq!(answer.status, 404);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let answer = gateway.request("DELETE", "/x/y", &[], "");
    assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, HEAD, PUT")));
    gateway.expect_metric("lockgate_requests_total{route=\"-\",class=\"4xx\"}", 2.0);
}
