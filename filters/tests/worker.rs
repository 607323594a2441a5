//! `isolation: worker`: what stays in a runtime, what ends with its request, and when a runtime is replaced.
mod common;
use common::*;
use lockgate_engine::heap::space::HeapMode;
use lockgate_engine::limits::{Isolation, Limits};
use lockgate_filters::counters::{Counters, Retirement};
use lockgate_filters::host::Phase;
use lockgate_filters::ops::{HostOp, HostValue, Outcome};
use lockgate_filters::pool::{Reply, STATS};
use lockgate_filters::script::{Caps, Script, Settings};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

fn world(_: HostOp) -> Outcome {
    Ok(HostValue::Unit)
}

fn worker(name: &str, text: &str, stress: bool, caps: Caps) -> Arc<Script> {
    let limits = Limits {
        heap_mode: HeapMode::Hybrid,
        isolation: Isolation::Worker,
        gc_stress: stress,
        cpu: Some(std::time::Duration::from_secs(20)),
        ..Limits::default()
    };
    let settings = Settings { limits, caps, ..Settings::default() };
    Arc::new(Script::of_text(name, text, &settings).unwrap_or_else(|report| panic!("{report}")))
}

/// The answers of `paths`, asked one after the other of one runtime; a fault is its text.
fn answers(script: &Arc<Script>, paths: &[&str]) -> Vec<String> {
    let ask = |path: &&str| {
        let mut view = Exchange::new("POST", path).body(path);
        match run(&mut lease(script), Phase::Handler, &mut view, &mut world) {
            Ok(Reply::Answer(body)) => text(body),
            other => format!("{other:?}"),
        }
    };
    let answers = paths.iter().map(ask).collect();
    assert_eq!(STATS.broken.load(Relaxed), 0);
    answers
}

fn retired(name: &str) -> [u64; 4] {
    Counters::of(name).retired.each_ref().map(|count| count.load(Relaxed))
}

#[test]
fn state_stays_and_requests_are_apart() {
    let text = "let n = 0, first = null; const seen = new Map(), log = [];
        export default async (request, env, ctx) => {
          first ??= { request, ctx, headers: request.headers, params: ctx.params, text: await request.text(), made: new Response('kept'), url: new URL(request.url) };
          const asked = new URL(request.url).pathname; seen.set(asked, { n: ++n });
          setTimeout(() => log.push('late'), 1000); queueMicrotask(() => log.push('job'));
          const tries = ['request.url', 'request.headers.get(\"host\")', 'headers.get(\"host\")', 'ctx.state', 'ctx.waitUntil(1)', 'new Request(request)', 'new Headers(headers)', 'request.clone()'];
          const of = { 'request.url': f => f.request.url, 'request.headers.get(\"host\")': f => f.request.headers.get('host'), 'headers.get(\"host\")': f => f.headers.get('host'), 'ctx.state': f => f.ctx.state, 'ctx.waitUntil(1)': f => f.ctx.waitUntil(1), 'new Request(request)': f => new Request(f.request), 'new Headers(headers)': f => new Headers(f.headers), 'request.clone()': f => f.request.clone() };
          const failed = tries.filter(t => { try { of[t](first); return false; } catch (e) { return e instanceof TypeError; } });
          return Response.json([n, [...seen.keys()], first.text, await first.made.clone().text(), first.url.pathname, log, failed.length === tries.length, failed.length]); }";
    for stress in [false, true] {
        let script = worker("state.js", text, stress, Caps::default());
        let answers = answers(&script, &["/a", "/b", "/c"]);
        // The URL of the first request was read while it was there: its object has it, as it has what it was made of.
        let expected = [
            r#"[1,["/a"],"/a","kept","/a",["job"],false,1]"#,
            r#"[2,["/a","/b"],"/a","kept","/a",["job","job"],true,8]"#,
            r#"[3,["/a","/b","/c"],"/a","kept","/a",["job","job","job"],true,8]"#,
        ];
        assert_eq!(answers, expected, "stress {stress}");
        assert_eq!(retired("state.js"), [0; 4]);
    }
}

#[test]
fn a_runtime_that_keeps_too_much_is_replaced() {
    let body = |grow: &str| {
        format!(
            "let n = 0; const kept = []; export default (request) => {{ n++; const at = request.url; {grow} return new Response(String(n)); }}"
        )
    };
    for (name, grow, caps, why) in [
        (
            "bytes.js",
            "kept.push(new Uint8Array(100000));",
            Caps { bytes: 450_000, ..Caps::default() },
            Retirement::Bytes,
        ),
        (
            "shapes.js",
            "for (let i = 0; i < 30; i++) kept.push({ ['a' + i]: 1, ['b' + n]: 2 });",
            Caps { shapes: 150, ..Caps::default() },
            Retirement::Shapes,
        ),
        (
            "names.js",
            "const o = Object.create(null); for (let i = 0; i < 30; i++) o['name ' + n + i] = 1; kept.push(o);",
            Caps { names: 140, shapes: 100_000, ..Caps::default() },
            Retirement::Names,
        ),
    ] {
        let script = worker(name, &body(grow), false, caps);
        let answers = answers(&script, &["/"; 12]);
        let counts: Vec<u32> = answers.iter().map(|n| n.parse().expect("a count")).collect();
        let most = *counts.iter().max().expect("answers");
        assert!((3..=9).contains(&most), "{name}: {counts:?}");
        // A fresh runtime begins to count anew and goes as far.
        assert!(counts.windows(2).all(|pair| pair[1] == if pair[0] == most { 1 } else { pair[0] + 1 }), "{counts:?}");
        let mut expected = [0; 4];
        expected[why as usize] = (12 / most).into();
        assert_eq!(retired(name), expected, "{name}");
    }
}

#[test]
fn a_request_that_does_not_come_to_its_end_takes_its_runtime_along() {
    let text = "let n = 0, never; export default async (request) => { n++; const path = new URL(request.url).pathname;
          if (path === '/never') await (never = new Promise(() => {}));
          if (path === '/throw') throw new Error('on purpose');
          return new Response(n + ' ' + typeof never); }";
    let script = worker("unfinished.js", text, false, Caps::default());
    let answers = answers(&script, &["/", "/throw", "/", "/never", "/"]);
    assert_eq!(
        (answers[0].as_str(), answers[2].as_str(), answers[4].as_str()),
        ("1 undefined", "3 undefined", "1 undefined")
    );
    assert!(answers[1].contains("on purpose") && answers[3].contains("never settles"), "{answers:?}");
    assert_eq!(retired("unfinished.js")[Retirement::Unfinished as usize], 1);
}

#[test]
fn filters_keep_their_state_and_no_view() {
    let text = "let n = 0; const kept = [];
        export function onRequest(request, ctx) { ctx.state.n = ++n; kept.push(request, request.headers); request.headers.set('x-n', String(n)); }
        export function onResponse(response, ctx) { kept.push(response, response.headers, response.clone()); response.headers.set('x-n', String(ctx.state.n));
          const old = kept.filter(k => { try { (k.get ?? (() => k.url)).call(k, 'x-n'); k.status; return false; } catch { return true; } }); response.headers.set('x-old', String(old.length)); }
        export default () => new Response('');";
    let script = worker("filter.js", text, false, Caps::default());
    for (n, old) in [("1", "0"), ("2", "4"), ("3", "8")] {
        let mut lease = lease(&script);
        let mut view = Exchange::new("GET", "/");
        assert_eq!(run(&mut lease, Phase::OnRequest, &mut view, &mut world), Ok(Reply::Continue));
        assert_eq!(run(&mut lease, Phase::OnResponse, &mut view, &mut world), Ok(Reply::Continue));
        let header = |name: &str| view.response_headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
        assert_eq!((header("x-n").as_deref(), header("x-old").as_deref()), (Some(n), Some(old)));
    }
    assert_eq!(STATS.broken.load(Relaxed), 0);
}
