//! The web classes: each row is an expression and its JSON (or its error).
mod common;
use common::*;

fn eval(expression: &str) -> String {
    let script = script(
        "eval.js",
        &format!(
            "export default {{ async fetch(request, env, ctx) {{
               let v; try {{ v = await ({expression}); }} catch (e) {{ return new Response(e.name + ': ' + e.message); }}
               return Response.json(v === undefined ? 'undefined' : v); }} }}"
        ),
    );
    let mut view = Exchange::new("POST", "/a/b?c=d&e=f").body(r#"{"k":[1,2]}"#);
    view.params = vec![("name".into(), "J%C3%BCrgen".into())];
    answer(&script, &mut view).unwrap_or_else(|fault| format!("fault {fault}"))
}

fn check(rows: &[(&str, &str)]) {
    for (expression, expected) in rows {
        assert_eq!(eval(expression), *expected, "{expression}");
    }
}

#[test]
fn headers() {
    check(&[
        ("[...new Headers({ B: '2', a: '1' })]", r#"[["a","1"],["b","2"]]"#),
        ("[...new Headers([['x', '1'], ['X', '2']])]", r#"[["x","1, 2"]]"#),
        (
            "(() => { const h = new Headers(); h.append('set-cookie', 'a'); h.append('set-cookie', 'b'); return [h.getSetCookie(), h.get('set-cookie'), [...h].length]; })()",
            r#"[["a","b"],"a, b",2]"#,
        ),
        (
            "(() => { const h = new Headers({ a: '1', b: '2' }); h.set('A', ' 3 '); h.delete('b'); return [h.get('a'), h.has('b'), h.get('b')]; })()",
            r#"["3",false,null]"#,
        ),
        ("[[...new Headers({ a: 1 }).keys()], [...new Headers({ a: 1 }).values()]]", r#"[["a"],["1"]]"#),
        (
            "(() => { const seen = []; new Headers({ a: 1 }).forEach(function (v, k, h) { seen.push(v, k, h instanceof Headers); }); return seen; })()",
            r#"["1","a",true]"#,
        ),
        ("new Headers({ 'a b': '1' })", "TypeError: 'a b' is not a valid header name"),
        ("new Headers({ a: 'x\\ny' })", "TypeError: 'x\\ny' is not a valid header value"),
        ("new Headers({ a: 'ä' }).get('a')", "\"ä\""),
        ("Headers({})", "TypeError: Class constructor Headers cannot be invoked without 'new'"),
        ("request.headers.set('a', 'b')", "TypeError: the headers of a request can only be changed in onRequest"),
        ("[request.headers.get('X-TEST'), request.headers.has('nope')]", r#"["1",false]"#),
        ("Object.prototype.toString.call(new Headers())", "\"[object Headers]\""),
    ]);
}

#[test]
fn responses() {
    check(
        &[
            (
                "[new Response().status, new Response().ok, new Response().statusText, new Response().body]",
                "[200,true,\"OK\",null]",
            ),
            ("new Response('x', { status: 404, statusText: 'Nope' }).statusText", "\"Nope\""),
            (
                "[...Response.json({ a: 1 }, { status: 201, headers: { 'x-a': 'b' } }).headers]",
                r#"[["content-type","application/json"],["x-a","b"]]"#,
            ),
            (
                "[...Response.json(1, { headers: { 'content-type': 'application/problem+json' } }).headers]",
                r#"[["content-type","application/problem+json"]]"#,
            ),
            ("Response.json({ a: [1, 'x', null] }).text()", r#""{\"a\":[1,\"x\",null]}""#),
            ("Response.json(undefined)", "TypeError: undefined has no JSON form"),
            ("Response.text('t').headers.get('content-type')", "\"text/plain; charset=utf-8\""),
            ("Response.html('t').headers.get('content-type')", "\"text/html; charset=utf-8\""),
            ("(r => [r.status, r.headers.get('location')])(Response.redirect('/x'))", r#"[302,"/x"]"#),
            ("Response.redirect('/x', 200)", "RangeError: 200 is no redirect status: 301, 302, 303, 307, 308"),
            ("[Response.error().type, Response.error().status]", r#"["error",0]"#),
            ("new Response('x', { status: 1000 })", "RangeError: status 1000 is outside 200 to 599"),
            ("new Response('x', { status: 204 })", "TypeError: a response of status 204 has no body"),
            (
                "(async () => { const r = new Response('x'); const c = r.clone(); await r.text(); return [r.bodyUsed, c.bodyUsed, await c.text()]; })()",
                r#"[true,false,"x"]"#,
            ),
            (
                "(async () => { const r = new Response('x'); await r.text(); return r.text(); })()",
                "TypeError: the body of this Response was already read",
            ),
            ("new Response(new Uint8Array([72, 105])).text()", "\"Hi\""),
            ("new Response('äöü').arrayBuffer().then(b => b.byteLength)", "6"),
            ("new Response('ä').bytes().then(b => [...b])", "[195,164]"),
            ("new Response(new URLSearchParams({ a: 'b c' })).text()", "\"a=b+c\""),
            ("new Response('{').json()", "SyntaxError"),
        ][..19],
    );
    assert!(eval("new Response('{').json()").starts_with("SyntaxError"));
}

#[test]
fn requests() {
    check(&[
        ("[request.method, request.url, request.bodyUsed]", r#"["POST","http://example.com/a/b?c=d&e=f",false]"#),
        ("request.json()", r#"{"k":[1,2]}"#),
        (
            "(async () => { await request.text(); return request.text(); })()",
            "TypeError: the body of this Request was already read",
        ),
        ("[ctx.params.name, request.params.name]", r#"["Jürgen","Jürgen"]"#),
        ("ctx.client", "\"192.0.2.1\""),
        (
            "(r => [r.method, r.url, r.headers.get('a')])(new Request('http://x.test', { method: 'put', headers: { a: 'b' } }))",
            r#"["PUT","http://x.test/","b"]"#,
        ),
        ("new Request('http://x.test', { method: 'POST', body: 'b' }).text()", "\"b\""),
        ("new Request('http://x.test', { body: 'b' })", "TypeError: a GET or HEAD request has no body"),
        ("new Request(request).text()", r#""{\"k\":[1,2]}""#),
        ("request.url = '/x'", "TypeError: the url of a request can only be changed in onRequest"),
        ("request instanceof Request", "true"),
    ]);
}

#[test]
fn urls() {
    check(&[
        (
            "(u => [u.protocol, u.host, u.port, u.pathname, u.search, u.hash, u.origin])(new URL('https://u:p@h.test:8443/a?b=c#d'))",
            r##"["https:","h.test:8443","8443","/a","?b=c","#d","https://h.test:8443"]"##,
        ),
        ("new URL('../x?y', 'http://h/a/b/c').href", "\"http://h/a/x?y\""),
        ("new URL('nope')", "TypeError: 'nope' is not a URL: relative URL without a base"),
        ("[URL.canParse('x:'), URL.canParse('x'), URL.parse('x')]", "[true,false,null]"),
        (
            "(() => { const u = new URL('http://h/?a=1'); u.searchParams.append('b', '2 3'); u.searchParams.delete('a'); u.pathname = '/ü'; return u.href; })()",
            "\"http://h/%C3%BC?b=2+3\"",
        ),
        (
            "(() => { const u = new URL('http://h/?a=1'); const p = u.searchParams; u.search = '?z=9'; return p.get('z'); })()",
            "\"9\"",
        ),
        ("String(new URL('http://h'))", "\"http://h/\""),
        ("JSON.stringify({ u: new URL('http://h') })", r#""{\"u\":\"http://h/\"}""#),
        ("[...new URLSearchParams('?a=1&b=2&a=3')]", r#"[["a","1"],["b","2"],["a","3"]]"#),
        (
            "(p => [p.getAll('a'), p.has('a', '3'), p.has('a', '4'), p.size])(new URLSearchParams('a=1&a=3'))",
            r#"[["1","3"],true,false,2]"#,
        ),
        (
            "(() => { const p = new URLSearchParams([['b', 1], ['a', 2], ['b', 3]]); p.set('b', 'x'); p.sort(); return p.toString(); })()",
            "\"a=2&b=x\"",
        ),
        ("new URLSearchParams({ q: 'ä&=' }).toString()", "\"q=%C3%A4%26%3D\""),
    ]);
}

#[test]
fn encodings_and_random() {
    check(&[
        ("[...new TextEncoder().encode('aä€')]", "[97,195,164,226,130,172]"),
        ("new TextDecoder().decode(new Uint8Array([0xEF, 0xBB, 0xBF, 97]))", "\"a\""),
        ("new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array([0xEF, 0xBB, 0xBF, 97])).length", "2"),
        (
            "new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([0xFF]))",
            "TypeError: the bytes are not utf-8",
        ),
        ("new TextDecoder('latin1').decode(new Uint8Array([0xE4]))", "\"ä\""),
        ("new TextDecoder('utf-16le').decode(new Uint8Array([0x61, 0, 0xE4, 0]))", "\"aä\""),
        (
            "(d => d.decode(new Uint8Array([0xE2, 0x82]), { stream: true }) + d.decode(new Uint8Array([0xAC])))(new TextDecoder())",
            "\"€\"",
        ),
        (
            "(a => { const r = new TextEncoder().encodeInto('aä€', a); return [r.read, r.written, ...a]; })(new Uint8Array(4))",
            "[2,3,97,195,164,0]",
        ),
        ("[btoa('hello'), atob('aGVsbG8='), atob(' aGk '), btoa('')]", r#"["aGVsbG8=","hello","hi",""]"#),
        ("btoa('€')", "InvalidCharacterError: btoa: the text has characters beyond Latin-1"),
        ("atob('a')", "InvalidCharacterError: atob: the text is not base64"),
        ("/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID())", "true"),
        ("crypto.getRandomValues(new Uint8Array(64)).some(b => b !== 0)", "true"),
        ("crypto.getRandomValues(new Float64Array(1))", "TypeError: getRandomValues needs an integer typed array"),
        (
            "crypto.getRandomValues(new Uint8Array(70000))",
            "QuotaExceededError: getRandomValues gives at most 65536 bytes at a time",
        ),
    ]);
}

#[test]
fn events_and_signals() {
    check(&[
        (
            "(() => { const c = new AbortController(); const seen = []; c.signal.addEventListener('abort', e => seen.push(e.type)); c.signal.onabort = () => seen.push('on'); c.abort(); return [c.signal.aborted, c.signal.reason.name, seen]; })()",
            r#"[true,"AbortError",["abort","on"]]"#,
        ),
        ("AbortSignal.abort('why').throwIfAborted()", "undefined: undefined"),
        ("[AbortSignal.any([AbortSignal.abort('x')]).reason, new AbortController().signal.aborted]", r#"["x",false]"#),
        ("new AbortSignal()", "TypeError: Illegal constructor: signals come from an AbortController"),
        (
            "(() => { const t = new EventTarget(); const seen = []; const f = e => seen.push(e.type); t.addEventListener('x', f); t.addEventListener('x', f); t.addEventListener('x', () => seen.push('once'), { once: true }); t.dispatchEvent(new Event('x')); t.removeEventListener('x', f); t.dispatchEvent(new Event('x')); return seen; })()",
            r#"["x","once"]"#,
        ),
        (
            "(e => [e.name, e.message, e.code, e instanceof Error])(new DOMException('m', 'AbortError'))",
            r#"["AbortError","m",20,true]"#,
        ),
        ("fetch('http://x.test', { signal: AbortSignal.abort() })", "AbortError: The operation was aborted"),
        ("fetch('ftp://x.test')", "TypeError: fetch knows http and https, not ftp"),
        ("setTimeout('code')", "TypeError: a timer needs a function, not a string"),
    ]);
}

#[test]
fn jsx() {
    check(&[
        (
            "renderToString(h('p', { className: 'a', hidden: true, title: '\"<', onclick: () => 1, n: 1 }, 'x < y & z', 1.5, null, false))",
            r#""<p class=\"a\" hidden title=\"&quot;&lt;\" n=\"1\">x &lt; y &amp; z1.5</p>""#,
        ),
        ("renderToString(h(Fragment, null, h('br'), [h('b', null, 'x'), ['y']]))", r#""<br /><b>x</b>y""#),
        (
            "renderToString(h(({ name, children }) => h('i', null, name, children), { name: 'n' }, 'c'))",
            r#""<i>nc</i>""#,
        ),
        ("renderToString(h('script', null, 'a < b && c'))", r#""<script>a < b && c</script>""#),
        ("renderToString(h('script', null, '</script>'))", "TypeError: the text of <script> contains '</script'"),
        (
            "renderToString(h('div', { dangerouslySetInnerHTML: { __html: '<b>' }, style: { backgroundColor: 'red', top: 1 } }))",
            r#""<div style=\"background-color:red;top:1\"><b></div>""#,
        ),
        ("renderToString(h('a b'))", "TypeError: 'a b' is not a tag name"),
        ("renderToString(h('a', { 'x y': 1 }))", "TypeError: 'x y' is not an attribute name"),
        ("renderToString({})", "TypeError: an object cannot be rendered: it is no JSX node"),
    ]);
}

/// Natives that a script interrupts: conversions, getters and iterators of its own run between their steps, and make garbage.
#[test]
fn scripts_in_the_middle_of_natives() {
    let slow = "text => ({ toString() { for (let i = 0; i < 9; i++) ({ i, text: text + i }); return text.slice(0, 1) + text.slice(1); } })";
    let rows = [
        ("[...new Request(S('http://x.test/a')).headers]", "[]"),
        (
            "(r => [r.url, r.method, r.redirect, [...r.headers]])(new Request(S('http://x.test/a'), { get method() { return 'p' + 'ut'; }, headers: [[S('a'), S('1')], [S('b'), S('2')]], redirect: S('error') + '', get body() { return S('text'); } }))",
            r#"["http://x.test/a","PUT","error",[["a","1"],["b","2"],["content-type","text/plain;charset=UTF-8"]]]"#,
        ),
        ("[...new Request(new Request('http://x.test', { headers: { a: S('b') } })).headers]", r#"[["a","b"]]"#),
        (
            "(h => { h.set(S('x'), S('1')); h.append(S('x'), S('2')); return [h.get(S('X')), h.has(S('x')), [...h.entries()]]; })(new Headers())",
            r#"["1, 2",true,[["x","1, 2"]]]"#,
        ),
        (
            "[...new Headers({ get a() { return S('1') + '0'; }, get b() { return S('2'); } })]",
            r#"[["a","10"],["b","2"]]"#,
        ),
        (
            "[...new Headers((function* () { yield [S('a'), S('1')]; yield (function* () {}, [S('b'), S('2')]); })())]",
            r#"[["a","1"],["b","2"]]"#,
        ),
        (
            "(r => [r.status, r.statusText, [...r.headers]])(new Response(S('body'), { get status() { return { valueOf: () => 201 }; }, get statusText() { return S('Made'); }, get headers() { return { a: S('b') }; } }))",
            r#"[201,"Made",[["a","b"],["content-type","text/plain;charset=UTF-8"]]]"#,
        ),
        (
            "Response.json({ toJSON() { return { a: S('x') + '', b: [S('y') + ''] }; } }, { get headers() { return { c: S('d') }; } }).text()",
            r#""{\"a\":\"x\",\"b\":[\"y\"]}""#,
        ),
        (
            "(r => [r.status, r.headers.get('location')])(Response.redirect(S('/x'), { valueOf() { return [301][0]; } }))",
            r#"[301,"/x"]"#,
        ),
        ("new Response(new Response(S('x')).body).text()", "\"x\""),
        ("new URL(S('b?c'), S('http://h.test/a/')).href", "\"http://h.test/a/b?c\""),
        (
            "(u => { u.pathname = S('/p'); u.searchParams.append(S('k'), S('v')); u.hash = S('h'); return u.href; })(new URL('http://h.test'))",
            "\"http://h.test/p?k=v#h\"",
        ),
        (
            "(p => { p.append(S('a'), S('1')); p.set(S('b'), S('2')); p.delete(S('c'), S('3')); return [p.toString(), p.has(S('a'), S('1')), p.getAll(S('a'))]; })(new URLSearchParams([[S('c'), S('3')], [S('c'), S('4')]]))",
            r#"["c=4&a=1&b=2",true,["1"]]"#,
        ),
        (
            "(() => { const seen = []; new URLSearchParams('a=1&b=2').forEach((v, k) => { S(v) + ''; seen.push(k + v); }); return seen; })()",
            r#"["a1","b2"]"#,
        ),
        ("(e => [e.message, e.name, e.code])(new DOMException(S('m'), S('AbortError')))", r#"["m","AbortError",20]"#),
        (
            "(() => { const c = new AbortController(), seen = []; c.signal.addEventListener(S('abort'), () => seen.push('first')); c.signal.addEventListener('abort', { get handleEvent() { S('x') + ''; return () => seen.push('second'); } }); Object.defineProperty(c.signal, 'onabort', { get() { S('y') + ''; return () => seen.push('on'); } }); c.abort(); return seen; })()",
            r#"["first","second","on"]"#,
        ),
        (
            "(() => { const c = new AbortController(), seen = []; const any = AbortSignal.any((function* () { yield c.signal; S('z') + ''; yield new AbortController().signal; })()); any.addEventListener('abort', () => seen.push(any.reason)); c.abort(S('why') + ''); return seen; })()",
            r#"["why"]"#,
        ),
        (
            "(() => { const t = new EventTarget(), seen = []; t.addEventListener(S('x'), e => seen.push(e.type + e.cancelable), { get once() { return S('1') + ''; } }); t.dispatchEvent(new Event(S('x'), { get cancelable() { return S('1') + ''; } })); t.removeEventListener(S('x'), null); return seen; })()",
            r#"["xtrue"]"#,
        ),
        (
            "renderToString(h('div', { dangerouslySetInnerHTML: { __html: S('<b>') }, title: S('t'), style: { color: S('red'), top: S('1px') } }))",
            r#""<div title=\"t\" style=\"color:red;top:1px\"><b></div>""#,
        ),
        (
            "renderToString({ get tag() { return S('p') + ''; }, get props() { return { id: S('i') }; }, get children() { return [S('c') + '', h(({ children }) => [S('d') + '', children], null, h('i'))]; } })",
            r#""<p id=\"i\">cd<i></i></p>""#,
        ),
        (
            "(d => d.decode(new TextEncoder().encode(S('aé')), { get stream() { S('x') + ''; return false; } }))(new TextDecoder(S('utf-8'), { get fatal() { return S('x') + ''; }, get ignoreBOM() { return S('') + ''; } }))",
            "\"aé\"",
        ),
        ("(a => [new TextEncoder().encodeInto(S('ab'), a).written, ...a])(new Uint8Array(3))", "[2,97,98,0]"),
        ("[btoa(S('hi')), atob(S('aGk='))]", r#"["aGk=","hi"]"#),
        (
            "structuredClone({ get a() { return new Map([[{ k: S('k') + '' }, [S('v') + '']]]); }, b: new Date(0), c: [new Uint8Array(2), new Set(['x'])] }, undefined).a.keys().next().value",
            r#"{"k":"k"}"#,
        ),
        (
            "new Promise(done => queueMicrotask(() => { const kept = S('q') + ''; queueMicrotask(() => done(kept)); }))",
            "\"q\"",
        ),
    ];
    let wrong: Vec<_> = rows
        .iter()
        .map(|(expression, expected)| (expression, expected, eval(&format!("(S => ({expression}))({slow})"))))
        .filter(|(_, expected, answer)| answer != *expected)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
