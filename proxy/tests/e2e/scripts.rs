//! Scripts over real sockets: conventions, filters, fetch, timers, waitUntil, images, reload.
use crate::harness::{Dir, Gateway, Origin, binary, ok};
use std::process::Command;

/// A gateway whose every path one script answers.
pub fn handler(script: &str) -> Gateway {
    handler_with(script, "")
}

/// The same with more keys of `handler:` and of the file.
pub fn handler_with(script: &str, limits: &str) -> Gateway {
    let dir = Dir::new();
    dir.write("handler.js", script);
    Gateway::start_in(
        dir,
        &format!(
            "access_log: stdout\nroutes: [{{ match: {{ path: \"/*\" }}, handler: {{ script: handler.js{limits} }} }}]"
        ),
    )
}

#[test]
fn three_conventions() {
    for script in [
        "export default { fetch(request, env, ctx) { return new Response(request.method + ' ' + new URL(request.url).pathname); } }",
        "export default function (request) { return new Response(request.method + ' ' + new URL(request.url).pathname); }",
        "function handler(request) { return request.method + ' ' + request.url; }",
    ] {
        let gateway = handler(script);
        let answer = gateway.get("/a/b");
        assert_eq!((answer.status, answer.text().as_str()), (200, "GET /a/b"), "{script}");
    }
}

#[test]
fn request_and_response() {
    let gateway = handler(
        "export default { async fetch(request, env, ctx) {
           const url = new URL(request.url);
           if (url.pathname === '/none') return new Response(null, { status: 204 });
           if (url.pathname === '/redirect') return Response.redirect('/elsewhere', 307);
           if (url.pathname === '/cookies') { const r = new Response('c'); r.headers.append('set-cookie', 'a=1'); r.headers.append('set-cookie', 'b=2'); return r; }
           if (url.pathname === '/bytes') return new Response(new Uint8Array([104, 105]));
           const body = await request.json();
           return Response.json({ sum: body.a + body.b, type: request.headers.get('content-type'), host: url.host, client: ctx.client }, { status: 201, headers: { 'X-Made': 'yes' } });
         } }",
    );
    let answer = gateway.request("POST", "/sum", &[("content-type", "application/json")], r#"{"a":1,"b":2}"#);
    assert_eq!((answer.status, answer.header("x-made")), (201, Some("yes")));
    assert_eq!(answer.text(), r#"{"sum":3,"type":"application/json","host":"test.example","client":"127.0.0.1"}"#);
    assert_eq!(gateway.get("/none").status, 204);
    let redirect = gateway.get("/redirect");
    assert_eq!((redirect.status, redirect.header("location")), (307, Some("/elsewhere")));
    let cookies = gateway.get("/cookies");
    assert_eq!(cookies.headers.iter().filter(|(name, _)| name == "set-cookie").count(), 2);
    assert_eq!(gateway.get("/bytes").text(), "hi");
    let head = gateway.request("HEAD", "/bytes", &[], "");
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, Some("2"), 0));
}

#[test]
fn filters_on_both_ways() {
    let origin = Origin::echo();
    let other = Origin::start(|_, stream| ok(stream, "other"));
    let dir = Dir::new();
    dir.write(
        "filter.js",
        "export async function onRequest(request, ctx) {
           const url = new URL(request.url);
           if (url.pathname === '/deny') return new Response('no', { status: 403 });
           if (url.pathname === '/other') request.upstream = 'other';
           if (url.pathname === '/rewrite') { request.url = '/new?x=1'; request.method = 'PUT'; }
           if (url.pathname === '/body') return new Response(await request.text());
           await new Promise(resolve => setTimeout(resolve, 1));
           request.headers.set('x-in', 'a'); request.headers.append('x-in', 'b'); request.headers.delete('x-gone');
           ctx.state.path = url.pathname;
         }
         export function onResponse(response, ctx) {
           if (ctx.state.path === '/replace') return new Response('instead', { status: 418 });
           response.headers.set('x-out', `${ctx.state.path} ${response.status} ${response.headers.get('x-origin')}`);
           if (ctx.state.path === '/status') response.status = 299;
         }
         export function onLog(ctx) { console.log('logged ' + ctx.state.path); }",
    );
    let gateway = Gateway::start_in(
        dir,
        &format!(
            "upstreams: {{ o: {{ servers: [\"{}\"] }}, other: {{ servers: [\"{}\"] }} }}\naccess_log: stdout\n\
             routes: [{{ match: {{ path: \"/*\" }}, filters: [{{ script: filter.js }}], upstream: o }}]",
            origin.address, other.address
        ),
    );
    let answer = gateway.request("GET", "/plain", &[("x-gone", "1")], "");
    assert_eq!((answer.status, answer.text().as_str()), (200, "GET /plain "), "{}", gateway.stderr());
    assert_eq!(answer.header("x-out"), Some("/plain 200 yes"));
    let received = origin.last();
    assert!(!received.headers.contains_key("x-gone") && received.headers.contains_key("x-in"));
    assert_eq!(gateway.get("/deny").status, 403);
    assert_eq!(gateway.get("/other").text(), "other");
    assert_eq!(gateway.get("/rewrite").text(), "PUT /new?x=1 ");
    let replaced = gateway.get("/replace");
    assert_eq!((replaced.status, replaced.text().as_str()), (418, "instead"));
    assert_eq!(gateway.get("/status").status, 299);
    assert_eq!(gateway.request("POST", "/body", &[], "x").status, 500);
    // The log has the request as the client sent it.
    gateway.wait_for("the log line", || {
        let log = std::fs::read_to_string(gateway.dir.path().join("stdout")).unwrap();
        log.contains("method=GET target=/rewrite status=200") && !log.contains("/new?x=1")
    });
    gateway.wait_for("the log hook", || gateway.stderr().contains("logged /plain"));
}

#[test]
fn fetch_and_timers() {
    let origin = Origin::start(|request, stream| match request.target.as_str() {
        "/moved" => {
            use std::io::Write;
            let _ = write!(stream, "HTTP/1.1 302 Found\r\nlocation: /there\r\ncontent-length: 0\r\n\r\n");
        }
        _ => ok(stream, &format!("{} {} {}", request.method, request.target, String::from_utf8_lossy(&request.body))),
    });
    let dir = Dir::new();
    dir.write(
        "handler.js",
        format!(
            "const ORIGIN = 'http://{}';
             export default {{ async fetch(request, env, ctx) {{
               const path = new URL(request.url).pathname;
               if (path === '/one') {{ const r = await fetch(ORIGIN + '/a'); return Response.json([r.status, r.ok, r.url === ORIGIN + '/a', r.headers.get('x-origin'), await r.text()]); }}
               if (path === '/post') return await fetch(ORIGIN + '/p', {{ method: 'POST', body: 'data' }});
               if (path === '/moved') {{ const r = await fetch(ORIGIN + '/moved'); return Response.json([r.redirected, await r.text()]); }}
               if (path === '/manual') return Response.json((await fetch(ORIGIN + '/moved', {{ redirect: 'manual' }})).status);
               if (path === '/many') {{ const all = await Promise.all(Array.from({{ length: 12 }}, (_, i) => fetch(ORIGIN + '/' + i).then(r => r.text()))); return Response.json(all.length); }}
               if (path === '/toomany') {{ for (let i = 0; i < 51; i++) await fetch(ORIGIN + '/'); return new Response('?'); }}
               if (path === '/dead') {{ try {{ await fetch('http://127.0.0.1:1/'); return new Response('?'); }} catch (e) {{ return new Response(e.name); }} }}
               if (path === '/abort') {{ const c = new AbortController(); setTimeout(() => c.abort(), 5); try {{ await fetch('http://127.0.0.1:1/', {{ signal: c.signal }}); }} catch (e) {{ return new Response('caught'); }} }}
               if (path === '/timers') {{ let n = 0; const id = setInterval(() => n++, 2); await new Promise(r => setTimeout(r, 60, 1)); clearInterval(id); return Response.json(n > 3); }}
               if (path === '/wait') {{ ctx.waitUntil((async () => {{ await new Promise(r => setTimeout(r, 30)); await fetch(ORIGIN + '/later'); }})()); return new Response('now'); }}
               return new Response('none', {{ status: 404 }});
             }} }}",
            origin.address
        ),
    );
    let gateway = Gateway::start_in(dir, "routes: [{ match: { path: \"/*\" }, handler: { script: handler.js } }]");
    assert_eq!(gateway.get("/one").text(), r#"[200,true,true,"yes","GET /a "]"#, "{}", gateway.stderr());
    assert_eq!(gateway.get("/post").text(), "POST /p data");
    assert_eq!(gateway.get("/moved").text(), r#"[true,"GET /there "]"#);
    assert_eq!(gateway.get("/manual").text(), "302");
    assert_eq!(gateway.get("/many").text(), "12");
    assert_eq!(gateway.get("/toomany").status, 500);
    assert_eq!(gateway.get("/dead").text(), "TypeError");
    assert_eq!(gateway.get("/abort").text(), "caught");
    assert_eq!(gateway.get("/timers").text(), "true");
    let before = origin.count();
    assert_eq!(gateway.get("/wait").text(), "now");
    gateway.wait_for("what waitUntil keeps", || origin.count() > before && origin.last().target == "/later");
    gateway.expect_metric("lockgate_runtimes_in_use", 0.0);
}

#[test]
fn subrequests_and_the_top_level_have_limits() {
    let origin = Origin::start(|_, stream| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        ok(stream, "here")
    });
    let dir = Dir::new();
    dir.write(
        "handler.js",
        format!(
            "export default {{ async fetch(request) {{
               const many = Number(new URL(request.url).pathname.slice(1));
               const start = performance.now();
               const all = await Promise.allSettled(Array.from({{ length: many }}, () => fetch('http://{}/')));
               return Response.json([all.filter((one) => one.status === 'fulfilled').length,
                 String(all.at(-1).reason ?? ''), performance.now() - start >= 20 * Math.min(many, 3)]);
             }} }}",
            origin.address
        ),
    );
    dir.write(
        "slow.js",
        "const end = performance.now() + 10_000; while (performance.now() < end); export default () => 'late';",
    );
    let limits = "limits: { subrequests: 3, concurrent_subrequests: 1, wall: 20s }";
    let route = format!("{{ match: {{ path: \"/*\" }}, handler: {{ script: handler.js, {limits} }} }}");
    let gateway = Gateway::start_in(dir, &format!("routes: [{route}]"));
    // One at a time: each is over before the next begins.
    assert_eq!(gateway.get("/3").text(), r#"[3,"",true]"#, "{}", gateway.stderr());
    let refused = "TypeError: more than 3 subrequests of one request (limits.subrequests)";
    assert_eq!(gateway.get("/5").text(), format!(r#"[3,"{refused}",true]"#));
    gateway.expect_metric("lockgate_subrequests_refused_total", 2.0);
    gateway.reload(&format!(
        "routes: [{route}, {{ match: {{ path: /slow }}, handler: {{ script: slow.js, limits: {{ boot: 20ms }} }} }}]"
    ));
    assert!(
        gateway.stderr().contains("slow.js: the top level took more than 20ms of CPU time (limits.boot)"),
        "{}",
        gateway.stderr()
    );
    assert_eq!(gateway.get("/1").text(), r#"[1,"",true]"#);
}

#[test]
fn env_params_and_modules() {
    let dir = Dir::new();
    dir.write("lib/greet.ts", "export const greet = (name: string, word: string): string => `${word}, ${name}!`;");
    dir.write(
        "hello.ts",
        "import { greet } from './lib/greet';
         export default { fetch(request: Request, env: any, ctx: any) { 'use strict';
           let frozen = false; try { env.WORD = 'x'; } catch { frozen = true; }
           return new Response(greet(ctx.params.name, env.WORD) + ' ' + frozen); } };",
    );
    let gateway = Gateway::start_in(
        dir,
        "routes: [{ match: { path: \"/hello/:name\" }, handler: { script: hello.ts, env: { WORD: Servus } } }]",
    );
    assert_eq!(gateway.get("/hello/J%C3%BCrgen").text(), "Servus, Jürgen! true", "{}", gateway.stderr());
}

#[test]
fn reload_swaps_scripts_and_keeps_the_old_on_errors() {
    let yaml = "routes: [{ match: { path: \"/*\" }, handler: { script: handler.js } }]";
    let gateway = handler("export default () => new Response('one')");
    assert_eq!(gateway.get("/").text(), "one");
    gateway.dir.write("handler.js", "export default () => new Response('two')");
    assert_eq!(gateway.get("/").text(), "one");
    gateway.reload(yaml);
    assert_eq!(gateway.get("/").text(), "two");
    gateway.dir.write("handler.js", "export default () => new Response('three'");
    gateway.reload(yaml);
    assert_eq!(gateway.get("/").text(), "two");
    assert!(gateway.stderr().contains("handler.js:1:"), "{}", gateway.stderr());
}

#[test]
fn a_reload_makes_only_what_changed() {
    let dir = Dir::new();
    dir.write("lib/word.ts", "export const word = 'one';");
    dir.write("a.js", "import { word } from './lib/word'; export default () => new Response(word);");
    dir.write(
        "b.js",
        "export default { fetch(request, env) { return new Response(`${env.WORD} ${Math.random()}`); } }",
    );
    let yaml = |word: &str| {
        format!(
            "routes: [{{ match: {{ path: /a }}, handler: a.js }}, \
             {{ match: {{ path: /b }}, handler: {{ script: b.js, env: {{ WORD: {word} }} }} }}]"
        )
    };
    let gateway = Gateway::start_in(dir, &yaml("x"));
    let expect = |made: f64, a: &str, b: &str| {
        assert_eq!((gateway.metric("lockgate_scripts_made_total"), gateway.get("/a").text().as_str()), (made, a));
        assert!(gateway.get("/b").text().starts_with(b));
    };
    expect(2.0, "one", "x ");
    gateway.reload(&yaml("x"));
    expect(2.0, "one", "x ");
    // A file that an import finds; then one that it finds before that.
    gateway.dir.write("lib/word.ts", "export const word = 'two';");
    gateway.reload(&yaml("x"));
    expect(3.0, "two", "x ");
    gateway.dir.write("lib/word", "export const word = 'three';");
    gateway.reload(&yaml("x"));
    expect(4.0, "three", "x ");
    // Another environment is another script.
    gateway.reload(&yaml("y"));
    expect(5.0, "three", "y ");
    // A refused reload takes nothing along.
    gateway.dir.write("a.js", "export default () => new Response(");
    gateway.reload(&yaml("y"));
    expect(5.0, "three", "y ");
    gateway.dir.write("a.js", "import { word } from './lib/word'; export default () => new Response(word);");
    gateway.reload(&yaml("y"));
    expect(5.0, "three", "y ");
}

#[test]
fn an_image_carries_its_own_environment() {
    let dir = Dir::new();
    dir.write("hello.ts", "export default () => new Response('hello')");
    let build =
        Command::new(binary()).args(["build", "hello.ts", "-o", "hello.image"]).current_dir(dir.path()).output();
    assert!(build.unwrap().status.success());
    let yaml = "routes: [{ match: { path: \"/*\" }, handler: { script: hello.image } }]";
    let gateway = Gateway::start_in(dir, yaml);
    gateway.reload(&yaml.replace(" } }]", ", env: { WORD: x } } }]"));
    assert!(
        gateway.stderr().contains(
            "hello.image: an image carries its own environment: build it again with the source to change env"
        ),
        "{}",
        gateway.stderr()
    );
    assert_eq!(gateway.get("/").text(), "hello");
}

#[test]
fn a_client_that_leaves_gives_the_runtime_back() {
    let gateway = handler_with(
        "export default async () => { await new Promise(r => setTimeout(r, 80000)); return new Response('late'); }",
        ", limits: { wall: 10m }",
    );
    {
        let mut client = gateway.client();
        client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
        gateway.expect_metric("lockgate_runtimes_in_use", 1.0);
    }
    gateway.expect_metric("lockgate_runtimes_in_use", 0.0);
}

#[test]
fn images_and_serve() {
    let dir = Dir::new();
    dir.write(
        "hello.tsx",
        "function handler(request) { return Response.html(renderToString(<b title='x'>{request.url}</b>)); }",
    );
    let lockgate =
        |arguments: &[&str]| Command::new(binary()).args(arguments).current_dir(dir.path()).output().unwrap();
    let built = lockgate(&["build", "hello.tsx", "-o", "hello.image"]);
    assert!(built.status.success(), "{built:?}");
    let again = lockgate(&["build", "hello.tsx", "--output", "again.image"]);
    assert!(again.status.success(), "{again:?}");
    let checked = lockgate(&["check", "hello.image"]);
    assert!(checked.status.success(), "{checked:?}");
    let gateway_dir = Dir::new();
    std::fs::copy(dir.path().join("hello.image"), gateway_dir.path().join("hello.image")).unwrap();
    let yaml = "routes: [{ match: { path: \"/*\" }, handler: { script: hello.image } }]";
    let gateway = Gateway::start_in(gateway_dir, yaml);
    assert_eq!(gateway.get("/x?a&b").text(), "<b title=\"x\">/x?a&amp;b</b>");
    let mut damaged = std::fs::read(dir.path().join("hello.image")).unwrap();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    dir.write("damaged.image", &damaged);
    let refused = lockgate(&["check", "damaged.image"]);
    assert_eq!(refused.status.code(), Some(78), "{refused:?}");
    // The same image is the same script; a damaged one takes no place.
    for (image, reloads) in [(None, "ok"), (Some(damaged), "refused")] {
        image.into_iter().for_each(|image| drop(gateway.dir.write("hello.image", image)));
        gateway.reload(yaml);
        gateway.expect_metric(&format!("lockgate_reloads_total{{outcome=\"{reloads}\"}}"), 1.0);
        assert_eq!(gateway.metric("lockgate_scripts_made_total"), 1.0);
        assert_eq!(gateway.get("/x").text(), "<b title=\"x\">/x</b>");
    }
}

#[test]
fn exec_prints_and_exits() {
    let dir = Dir::new();
    dir.write("ok.js", "var x = 20; print('sum', x + 22);");
    dir.write("module.js", "import { a } from './a.js'; print(a, typeof this);");
    dir.write("a.js", "export const a = 1;");
    dir.write("throws.js", "function f() { throw new RangeError('too far'); }\nf();");
    dir.write("loops.js", "for (;;) {}");
    dir.write("grows.js", "let s = 'x'.repeat(1000); const all = []; for (;;) all.push(s + all.length);");
    dir.write(
        "churns.js",
        "let last; for (let i = 0; i < 400000; i++) last = { i, text: 'number ' + i }; print(last.text);",
    );
    dir.write("wrong.js", "let = ;");
    let exec = |arguments: &[&str]| {
        let output = Command::new(binary()).arg("exec").args(arguments).current_dir(dir.path()).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    assert_eq!(exec(&["ok.js"]), (Some(0), "sum 42\n".into(), String::new()));
    assert_eq!(exec(&["--module", "module.js"]).1, "1 undefined\n");
    let (status, _, stderr) = exec(&["throws.js"]);
    assert_eq!(status, Some(1));
    assert!(stderr.starts_with("RangeError: too far\n") && stderr.contains("throws.js:1:"), "{stderr}");
    for jit in ["off", "lazy", "eager"] {
        let (status, _, stderr) = exec(&["loops.js", &format!("--jit={jit}"), "--stats", "--fuel", "100000"]);
        assert!(status == Some(1) && stderr.contains(&format!("jit: {jit} (no code generator")), "{stderr}");
        assert!(stderr.contains("hot functions: 1\ncompiled: 0\n"), "{stderr}");
    }
    assert_eq!(exec(&["ok.js", "--gc-stress"]).0, Some(0));
    assert_eq!(exec(&["loops.js", "--fuel", "100000"]).0, Some(1));
    assert_eq!(exec(&["grows.js", "--heap", "4m"]).0, Some(1));
    assert_eq!(exec(&["churns.js", "--heap", "16m"]).0, Some(1));
    let (status, stdout, stderr) = exec(&["churns.js", "--heap", "16m", "--heap-mode", "hybrid", "--stats"]);
    assert_eq!((status, stdout.as_str()), (Some(0), "number 399999\n"), "{stderr}");
    assert!(stderr.contains("collections: ") && !stderr.contains("collections: 0"), "{stderr}");
    assert_eq!(exec(&["ok.js", "--gc-stress", "--heap-mode", "hybrid"]).1, "sum 42\n");
    assert_eq!(exec(&["ok.js", "--heap-mode", "generational"]).0, Some(2));
    assert_eq!(exec(&["wrong.js"]).0, Some(1));
}

#[test]
fn each_of_many_filters_keeps_its_state_for_the_way_back() {
    let origin = Origin::start(|_, stream| ok(stream, "plain"));
    let dir = Dir::new();
    let names = ["a", "b", "c", "d"];
    for name in names {
        let script = "export function onRequest(request, ctx) { ctx.state.drawn = Math.random(); ctx.state.name = 'NAME'; }
             export function onResponse(response, ctx) { response.headers.append('x-kept', ctx.state.name + ctx.state.drawn); }";
        dir.write(&format!("{name}.js"), script.replace("NAME", name));
    }
    let filters = names.map(|name| format!("{{ script: {name}.js }}")).join(", ");
    let gateway = Gateway::start_in(
        dir,
        &format!(
            "upstreams: {{ o: {{ servers: [\"{}\"] }} }}\nroutes: [{{ match: {{ path: \"/*\" }}, filters: [{filters}], upstream: o }}]",
            origin.address
        ),
    );
    let mut client = gateway.client();
    let mut drawn = std::collections::HashSet::new();
    for _ in 0..3 {
        let answer = client.request("GET", "/", &[], "");
        let kept: Vec<_> = answer.headers.iter().filter(|(name, _)| name == "x-kept").map(|(_, kept)| kept).collect();
        assert_eq!(kept.iter().map(|kept| &kept[..1]).collect::<Vec<_>>(), ["d", "c", "b", "a"], "{answer:?}");
        drawn.extend(kept.iter().map(|kept| kept[1..].to_owned()));
    }
    // No request draws what another did.
    assert_eq!(drawn.len(), 12, "{drawn:?}");
}

#[test]
fn a_collected_heap_bounds_what_a_request_holds() {
    let script = "export default { fetch(request) {
        let kept = []; const more = new URL(request.url).pathname === '/keep';
        for (let i = 0; i < 300000; i++) { const o = { i, text: 'number ' + i }; if (more || i % 1000 === 0) kept.push(o); }
        return new Response(kept.length + ' ' + kept[7].text); } }";
    let limits = ", limits: { cpu: 20s, heap: 8MiB }";
    let collected = handler_with(script, &format!(", heap: hybrid{limits}"));
    for _ in 0..3 {
        assert_eq!(collected.get("/").text(), "300 number 7000", "{}", collected.stderr());
    }
    assert_eq!(collected.get("/keep").status, 500);
    let metric = |name: &str| {
        let script = format!("{{script=\"{}\"}}", collected.dir.path().join("handler.js").display());
        collected.metric(&format!("lockgate_script_{name}{script}"))
    };
    // What a lease did is counted when it is over, which may be after the answer.
    collected.wait_for("six collections", || metric("collections_total") >= 6.0);
    assert!(metric("collected_bytes_total") > 20e6);
    assert!(metric("collection_us_total") > 0.0 && metric("survivors_bytes") > 10e3);
    assert!(!collected.stderr().contains("was not as it should be"), "{}", collected.stderr());
    let arena = handler_with(script, &format!(", heap: arena{limits}"));
    assert_eq!(arena.get("/").status, 500);
}
