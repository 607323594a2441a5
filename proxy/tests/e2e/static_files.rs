//! `static` routes.
use crate::harness::{Dir, Gateway};
use std::os::unix::fs::symlink;
use std::process::Command;

fn gateway() -> Gateway {
    let dir = Dir::new();
    dir.write("public/index.html", "<h1>home</h1>");
    dir.write("public/docs/index.html", "docs");
    dir.write("public/a b/ü.txt", "umlaut");
    dir.write("public/style.css", "body {}");
    dir.write("public/.env", "SECRET");
    dir.write("public/.git/config", "SECRET");
    dir.write("public/data.bin", (0..=255).cycle().take(400_000).collect::<Vec<u8>>());
    dir.write("secret.txt", "SECRET");
    dir.write("outside/file.txt", "SECRET");
    let public = dir.path().join("public");
    symlink("../secret.txt", public.join("link-out")).unwrap();
    symlink(dir.path().join("secret.txt"), public.join("link-absolute")).unwrap();
    symlink("../outside", public.join("dir-out")).unwrap();
    symlink("style.css", public.join("link-in.css")).unwrap();
    Gateway::start_in(
        dir,
        "routes:\n  - { match: { path: \"/assets/*\" }, static: { dir: public } }\n  \
         - { match: { path: \"/public/*\" }, static: { dir: ., strip: false } }\n  \
         - { match: { path: \"/v/:version/*\" }, static: { dir: public } }\n",
    )
}

#[test]
fn files_and_their_headers() {
    let gateway = gateway();
    let answer = gateway.get("/assets/style.css");
    assert_eq!((answer.status, answer.text().as_str()), (200, "body {}"));
    assert_eq!(answer.header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(answer.header("accept-ranges"), Some("bytes"));
    assert!(answer.header("etag").is_some() && answer.header("last-modified").is_some());
    assert_eq!(answer.header("x-request-id").map(str::len), Some(16));
    assert_eq!(gateway.get("/assets/").text(), "<h1>home</h1>");
    assert_eq!(gateway.get("/assets/docs/").text(), "docs");
    assert_eq!(gateway.get("/assets/a%20b/%C3%BC.txt").text(), "umlaut");
    assert_eq!(gateway.get("/public/style.css").text(), "body {}");
    assert_eq!(gateway.get("/v/7/style.css?x=1").text(), "body {}");
    assert_eq!(gateway.get("/assets/link-in.css").text(), "body {}");
    let redirect = gateway.get("/assets/docs?q=1");
    assert_eq!((redirect.status, redirect.header("location")), (301, Some("/assets/docs/?q=1")));
}

#[test]
fn nothing_outside_and_nothing_hidden() {
    let gateway = gateway();
    for path in [
        "/assets/../secret.txt",
        "/assets/%2e%2e/secret.txt",
        "/assets/..%2fsecret.txt",
        "/assets/%2e%2e%2fsecret.txt",
        "/assets/..%5csecret.txt",
        "/assets/docs/../../secret.txt",
        "/assets//../secret.txt",
        "/assets//etc/passwd",
        "/assets/%2fetc/passwd",
        "/assets/link-out",
        "/assets/link-absolute",
        "/assets/dir-out/file.txt",
        "/assets/.env",
        "/assets/%2eenv",
        "/assets/.git/config",
        "/assets/style.css%00",
        "/assets/style.css/",
        "/assets/style.css/x",
        "/assets/none",
        "/public/../../etc/passwd",
        "/assets/docs/./../../../../../../etc/passwd",
        "/assets",
    ] {
        let answer = gateway.get(path);
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
        assert!(!answer.text().contains("SECRET") && !answer.text().contains("root:"), "{path}");
    }
}

#[test]
fn conditional_requests() {
    let gateway = gateway();
    let first = gateway.get("/assets/style.css");
    let (etag, modified) = (first.header("etag").unwrap(), first.header("last-modified").unwrap());
    let mut client = gateway.client();
    for header in [("if-none-match", etag), ("if-modified-since", modified)] {
        let answer = client.request("GET", "/assets/style.css", &[header], "");
        assert_eq!((answer.status, answer.header("etag")), (304, Some(etag)));
        assert_eq!(answer.header("content-length"), None);
    }
    let stale = client.request("GET", "/assets/style.css", &[("if-none-match", "\"old\"")], "");
    assert_eq!(stale.status, 200);
    gateway.dir.write("public/style.css", "body { color: red }");
    let changed = client.request("GET", "/assets/style.css", &[("if-none-match", etag)], "");
    assert_eq!((changed.status, changed.text().as_str()), (200, "body { color: red }"));
}

#[test]
fn head_and_other_methods() {
    let gateway = gateway();
    let mut client = gateway.client();
    let head = client.request("HEAD", "/assets/style.css", &[], "");
    assert_eq!((head.status, head.header("content-length")), (200, Some("7")));
    let refused = client.request("DELETE", "/assets/style.css", &[], "");
    assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, HEAD")));
    assert_eq!(client.request("GET", "/assets/style.css", &[], "").text(), "body {}");
    let head = client.request("HEAD", "/assets/none", &[], "");
    assert_eq!(head.status, 404);
    assert_eq!(client.request("HEAD", "/assets/data.bin", &[], "").header("content-length"), Some("400000"));
}

#[test]
fn ranges() {
    let gateway = gateway();
    let mut client = gateway.client();
    for (path, size) in [("/assets/style.css", 7), ("/assets/data.bin", 400_000)] {
        let part = client.request("GET", path, &[("range", "bytes=1-3")], "");
        assert_eq!((part.status, part.body.len()), (206, 3));
        assert_eq!(part.header("content-range"), Some(format!("bytes 1-3/{size}").as_str()));
        let beyond = client.request("GET", path, &[("range", "bytes=500000-")], "");
        assert_eq!((beyond.status, beyond.header("content-range")), (416, Some(format!("bytes */{size}").as_str())));
    }
    let tail = client.request("GET", "/assets/data.bin", &[("range", "bytes=-2")], "");
    assert_eq!(tail.body, [126, 127]);
}

#[test]
fn small_files_come_from_memory_until_they_change() {
    let gateway = gateway();
    for _ in 0..3 {
        assert_eq!(gateway.get("/assets/style.css").text(), "body {}");
        assert_eq!(gateway.get("/assets/data.bin").body.len(), 400_000);
    }
    gateway.expect_metric("lockgate_static_cache_misses_total", 1.0);
    gateway.expect_metric("lockgate_static_cache_hits_total", 2.0);
    gateway.expect_metric("lockgate_static_cache_bytes", 7.0);
    gateway.dir.write("public/style.css", "changed");
    assert_eq!(gateway.get("/assets/style.css").text(), "changed");
}

#[test]
fn the_cache_keeps_to_its_bounds() {
    let kept = |cache: &str| {
        let dir = Dir::new();
        dir.write("three.txt", "x".repeat(3 << 10));
        dir.write("five.txt", "x".repeat(5 << 10));
        let routes = "routes: [{ match: { path: \"/*\" }, static: { dir: . } }]";
        let gateway = Gateway::start_in(dir, &format!("static_cache: {cache}\n{routes}"));
        for _ in 0..2 {
            assert_eq!(gateway.get("/three.txt").body.len(), 3 << 10);
            assert_eq!(gateway.get("/five.txt").body.len(), 5 << 10);
        }
        gateway.metric("lockgate_static_cache_bytes") / 1024.0
    };
    assert_eq!(kept("{ max_bytes: 8KiB, max_file: 8KiB }"), 8.0);
    assert_eq!(kept("{ max_bytes: 8KiB, max_file: 4KiB }"), 3.0);
    assert_eq!(kept("{ max_bytes: 5KiB }"), 5.0);
    assert_eq!(kept("{ max_bytes: 0 }"), 0.0);
}

#[test]
fn curl_agrees() {
    let gateway = gateway();
    let curl = |arguments: &[&str]| {
        let output = Command::new("curl").args(["-sS", "--max-time", "10", "--path-as-is"]).args(arguments).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let url = gateway.url("/assets/style.css");
    assert_eq!(curl(&[&url]), "body {}");
    assert!(curl(&["-I", &url]).starts_with("HTTP/1.1 200 OK\r\n"));
    assert_eq!(curl(&["-r", "0-3", &url]), "body");
    let code = curl(&["-o", "/dev/null", "-w", "%{http_code}", &gateway.url("/assets/../secret.txt")]);
    assert_eq!(code, "404");
}
