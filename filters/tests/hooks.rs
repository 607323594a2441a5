//! Hooks, operations and errors without a gateway.
mod common;
use common::*;
use lockgate_filters::fault::FaultKind;
use lockgate_filters::host::Phase;
use lockgate_filters::ops::{FetchResponse, HostError, HostOp, HostValue};
use lockgate_filters::pool::{Reply, Step};
use lockgate_filters::script::{Script, Settings};

fn no_world(_: HostOp) -> lockgate_filters::ops::Outcome {
    Ok(HostValue::Unit)
}

#[test]
fn one_runtime_and_one_state_from_first_to_last_hook() {
    let script = script(
        "filter.js",
        "export function onRequest(request, ctx) { ctx.state.n = 1; request.headers.set('X-New', 'a'); request.url = '/other?z'; request.upstream = 'known'; }
         export async function onResponse(response, ctx) { await null; response.headers.set('x-n', String(++ctx.state.n)); response.status = 201; }
         export function onLog(ctx) { if (ctx.state.n !== 2) throw new Error('state is ' + ctx.state.n); }",
    );
    let mut view = Exchange::new("GET", "/");
    let mut lease = lease(&script);
    assert_eq!(run(&mut lease, Phase::OnRequest, &mut view, &mut no_world), Ok(Reply::Continue));
    assert_eq!((view.target.as_str(), view.upstream.as_deref()), ("/other?z", Some("known")));
    assert_eq!(run(&mut lease, Phase::OnResponse, &mut view, &mut no_world), Ok(Reply::Continue));
    assert_eq!(view.response_status, 201);
    assert!(view.response_headers.contains(&("x-n".into(), "2".into())));
    assert_eq!(run(&mut lease, Phase::OnLog, &mut view, &mut no_world), Ok(Reply::Continue));
}

#[test]
fn a_short_circuit_and_wrong_results() {
    let script = script(
        "filter.js",
        "export default { async onRequest(request) {
           const path = new URL(request.url).pathname;
           if (path === '/no') return Response.json({ no: 1 }, { status: 403 });
           if (path === '/text') return 'text';
           if (path === '/body') await request.text();
           if (path === '/up') request.upstream = 'unknown';
         } }",
    );
    let ask = |path: &str| {
        let mut view = Exchange::new("GET", path);
        (run(&mut lease(&script), Phase::OnRequest, &mut view, &mut no_world), view)
    };
    let (reply, view) = ask("/no");
    assert!(matches!(reply, Ok(Reply::Answer(Some(body))) if body == r#"{"no":1}"#) && view.reply_status == 403);
    for (path, message) in [
        ("/text", "TypeError: onRequest returned a string; it must return nothing or a Response"),
        ("/body", "TypeError: the request body cannot be read in a filter"),
        ("/up", "TypeError: there is no upstream 'unknown'"),
    ] {
        let fault = ask(path).0.unwrap_err();
        assert!(fault.text.starts_with(message), "{path}: {fault}");
    }
}

#[test]
fn fetches_resolve_and_reject() {
    let script = script(
        "handler.js",
        "export default async () => {
           const answer = await fetch('https://api.test/x?y=1', { method: 'POST', body: 'b', headers: { 'X-A': '1' } });
           let why; try { await fetch('http://dead.test/'); } catch (e) { why = e.name + ': ' + e.message; }
           return Response.json([answer.status, answer.headers.get('x-b'), answer.redirected, await answer.json(), why]); }",
    );
    let mut view = Exchange::new("GET", "/");
    let mut world = |op: HostOp| match op {
        HostOp::Fetch(request) if request.url.host_str() == Some("api.test") => {
            assert_eq!((request.method.as_str(), request.body.as_deref()), ("POST", Some(&b"b"[..])));
            assert!(request.headers.contains(&("x-a".into(), b"1".to_vec())));
            Ok(HostValue::Response(Box::new(FetchResponse {
                status: 203,
                headers: vec![("X-B".into(), b"2".to_vec())],
                body: r#"{"k":1}"#.into(),
                url: request.url.to_string(),
                redirected: true,
            })))
        }
        _ => Err(HostError("nobody there".into())),
    };
    let reply = run(&mut lease(&script), Phase::Handler, &mut view, &mut world).unwrap();
    let Reply::Answer(body) = reply else { panic!("an answer") };
    assert_eq!(text(body), r#"[203,"2",true,{"k":1},"TypeError: fetch failed: nobody there"]"#);
}

#[test]
fn ends_that_are_faults() {
    for (body, kind, message) in [
        ("throw new RangeError('x')", FaultKind::Threw, "RangeError: x"),
        ("return new Promise(() => {})", FaultKind::NeverSettles, "the promise never settles"),
        ("return 7", FaultKind::Threw, "TypeError: the handler returned a number; it must return a Response"),
        ("return [1]", FaultKind::Threw, "TypeError: the handler returned an array; it must return a Response"),
        (
            "return { status: 200 }",
            FaultKind::Threw,
            "TypeError: the handler returned an object; it must return a Response",
        ),
        ("return Response.error()", FaultKind::Threw, "TypeError: the handler returned Response.error()"),
    ] {
        let script = script("handler.js", &format!("export default () => {{ {body} }}"));
        let fault = answer(&script, &mut Exchange::new("GET", "/")).unwrap_err();
        assert_eq!(fault.kind, kind, "{body}: {fault}");
        assert!(fault.text.starts_with(message), "{body}: {fault}");
    }
    let script = script("handler.js", "export default () => {\n  throw new Error('here');\n}");
    let fault = answer(&script, &mut Exchange::new("GET", "/")).unwrap_err();
    assert_eq!(fault.to_string(), "Error: here (handler.js:2:9)");
}

#[test]
fn scripts_that_cannot_be_loaded() {
    for (text, message) in [
        ("export const a = 1", "the script exports no handler and no hook"),
        ("throw new Error('at the top')", "Error: at the top"),
        ("setTimeout(() => {}, 1); export default () => 1", "timers and fetches need a request"),
        ("export default () => {", "script.js:1:"),
        ("import './nothing.js'; export default () => 1", "cannot import"),
    ] {
        let report = Script::of_text("script.js", text, &Settings::default()).expect_err(text);
        assert!(report.contains(message), "{text}: {report}");
    }
}

#[test]
fn env_is_frozen_and_part_of_the_image() {
    let env = [("A".to_owned(), "1".to_owned())].into();
    let settings = Settings { env, limits: limits(), ..Settings::default() };
    let script = Script::of_text(
        "env.js",
        "export default (request, env) => Response.json([env.A, Object.isFrozen(env)])",
        &settings,
    );
    let script = std::sync::Arc::new(script.unwrap());
    assert_eq!(answer(&script, &mut Exchange::new("GET", "/")).unwrap(), r#"["1",true]"#);
}

#[test]
fn timers_fetches_and_background_work_go_on_from_step_to_step() {
    let script = script(
        "handler.js",
        "const fill = n => { for (let i = 0; i < n; i++) ({ i, text: 'garbage ' + i }); };
         export default async (request, env, ctx) => {
           const seen = [], controller = new AbortController();
           const later = (ms, v) => new Promise(done => setTimeout((a, b) => { fill(20); done(a + b); }, ms, v, '!'));
           let beats = 0; const beat = setInterval(() => { seen.push('beat'); if (++beats === 2) clearInterval(beat); }, 1);
           const lost = fetch('http://slow.test/', { signal: controller.signal }).catch(e => e.name);
           const both = Promise.all(['a', 'b'].map(async n => { const r = await fetch('http://api.test/' + n); fill(20); return (await r.json()).url; }));
           controller.abort();
           seen.push(await later(2, 'x'), await later(1, 'y'));
           seen.push(await lost, ...await both, await new Response(new TextEncoder().encode('é')).text());
           ctx.waitUntil((async () => { const kept = { n: seen.length }; await later(1, 'z'); console.log('kept ' + kept.n); })());
           return Response.json(seen); }",
    );
    let mut view = Exchange::new("GET", "/");
    let mut world = |op: HostOp| match op {
        HostOp::Fetch(request) => Ok(HostValue::Response(Box::new(FetchResponse {
            status: 200,
            headers: vec![("content-type".into(), b"application/json".to_vec())],
            body: format!(r#"{{"url":"{}"}}"#, request.url.path()).into(),
            url: request.url.to_string(),
            redirected: false,
        }))),
        HostOp::Timer(_) => Ok(HostValue::Unit),
    };
    let mut lease = lease(&script);
    let reply = run(&mut lease, Phase::Handler, &mut view, &mut world).unwrap();
    let Reply::Answer(body) = reply else { panic!("an answer") };
    assert_eq!(text(body), r#"["beat","beat","x!","y!","AbortError","/a","/b","é"]"#);
    let (mut asked, mut cancelled) = (Vec::new(), Vec::new());
    lease.take_ops(&mut asked, &mut cancelled);
    assert!(lease.is_busy() && asked.len() == 1, "{asked:?}");
    let mut step = lease.settle_alone(asked[0].0, Ok(HostValue::Unit));
    while step == Step::Yield {
        step = lease.resume_alone();
    }
    assert_eq!(step, Step::Done(Reply::Continue));
    assert!(!lease.is_busy());
}
