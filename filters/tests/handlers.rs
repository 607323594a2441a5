//! The three conventions, and what becomes of results.
mod common;
use common::*;

#[test]
fn fetch_convention() {
    let script = script(
        "a.js",
        "export default { fetch(request, env, ctx) { return Response.json({ url: request.url, method: request.method }); } }",
    );
    let mut view = Exchange::new("GET", "/hello?x=1");
    let body = answer(&script, &mut view).unwrap();
    assert_eq!(body, r#"{"url":"http://example.com/hello?x=1","method":"GET"}"#);
    assert_eq!((view.reply_status, view.reply_header("content-type")), (200, Some("application/json")));
}

#[test]
fn seed_convention() {
    let script = script(
        "a.js",
        "function handler(request) { if (request.url === '/s') return 'bare'; return { status: 201, headers: { 'X-A': 'b' }, body: request.method + request.headers.get('X-TEST') + request.headers['x-test'] + request.body }; }",
    );
    let mut view = Exchange::new("POST", "/x").body("äö");
    assert_eq!(answer(&script, &mut view).unwrap(), "POST11äö");
    assert_eq!((view.reply_status, view.reply_header("x-a")), (201, Some("b")));
    assert_eq!(answer(&script, &mut Exchange::new("GET", "/s")).unwrap(), "bare");
}
